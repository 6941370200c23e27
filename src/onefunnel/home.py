"""Where the kit's own folders are: a checkout, or the copy that a wheel carries; and which company is in use."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from onefunnel.errors import Problem

PLAYBOOKS, TABLES = "ONEFUNNEL_PLAYBOOKS", "ONEFUNNEL_TABLES"


@dataclass(frozen=True)
class Home:
    """The folders of one kit. Nothing here is created or read until somebody asks."""

    root: Path

    @property
    def playbooks(self) -> Path:
        """The truth: YAML and Markdown written by people; another folder when this run was told so."""
        return Path(os.environ.get(PLAYBOOKS) or self.root / "playbooks")

    @property
    def datasets(self) -> Path:
        """The sample company's tables, their generator and its truths."""
        return self.root / "datasets"

    @property
    def tables(self) -> Path:
        """The tables in use: those this run was told to take, else `data` of company.yml."""
        named = os.environ.get(TABLES)
        return Path(named) if named else tables_of(self.playbooks)

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


def tables_of(playbooks: Path) -> Path:
    """Return the folder that a playbook's company.yml names as `data`, seen from beside the playbook's folder.

    Only that one line is read, because lessons need the tables long before anybody checks a playbook.
    """
    try:
        named = _data_named_in((playbooks / "company.yml").read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        named = _USUAL_DATA  # whoever loads the playbook is told what is wrong with the file
    return playbooks.resolve().parent / named


_USUAL_DATA = "datasets"


@lru_cache(maxsize=4)
def _data_named_in(company: str) -> str:
    import yaml

    try:
        return str(yaml.safe_load(company)["data"])
    except (ValueError, yaml.YAMLError, KeyError, TypeError):
        return _USUAL_DATA


def folders(parser: argparse.ArgumentParser) -> None:
    """Declare --playbooks and --data, which every verb that shows a company takes."""
    parser.add_argument("--playbooks", type=Path, metavar="DIR", help="another company's playbook (default: playbooks)")
    parser.add_argument("--data", type=Path, metavar="DIR", help="its tables (default: `data` of its company.yml)")


def use(playbooks: Path | None = None, tables: Path | None = None) -> None:
    """Take other folders in this run and in all that it starts (notebooks' kernels too). Problem if one is missing."""
    for name, folder in ((PLAYBOOKS, playbooks), (TABLES, tables)):
        if folder is not None:
            if not folder.is_dir():
                raise Problem(f"{folder}: there is no such folder. Check its name.")
            os.environ[name] = str(folder.resolve())
