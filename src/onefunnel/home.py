"""Where the kit's own folders are: a checkout, or the copy that a wheel carries."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Home:
    """The folders of one kit. Nothing here is created or read until somebody asks."""

    root: Path

    @property
    def playbooks(self) -> Path:
        """The truth: YAML and Markdown written by people."""
        return self.root / "playbooks"

    @property
    def datasets(self) -> Path:
        """The sample company's tables."""
        return self.root / "datasets"

    @property
    def notebooks(self) -> Path:
        """The instructor sources of the lessons (a checkout only)."""
        return self.root / "notebooks"

    @property
    def grading(self) -> Path:
        """Rubrics, the nbgrader configuration, the sample roster (a checkout only)."""
        return self.root / "grading"

    @property
    def site(self) -> Path:
        """Hand-written pages and assets of the site (a checkout only)."""
        return self.root / "site"

    @property
    def build(self) -> Path:
        """Everything derived (a checkout only)."""
        return self.root / "build"


def home() -> Home:
    """Return the checkout around this package, or the copy inside an installed wheel."""
    package = Path(__file__).resolve().parent
    checkout = package.parent.parent
    return Home(checkout if (checkout / "playbooks").is_dir() else package / "kit")
