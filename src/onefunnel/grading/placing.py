"""The graded folder: written beside its place, swapped in with the transaction, known again if that was cut short."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from nbgrader import utils

from onefunnel.grading.course import Course


def in_place(course: Course, learner: str, assignment: str) -> bool:
    """Whether the graded folder stands and no swap was cut short."""
    place = course.folder("autograded", learner, assignment)
    return place.is_dir() and not _aside(place).exists()


def stage(place: Path, files: dict[str, bytes]) -> Path:
    """Write the files beside their place, under a name that nbgrader never looks at."""
    staged = place.with_name(f".{place.name}.new")
    _remove(staged)
    staged.mkdir(parents=True)
    for name, content in files.items():
        path = staged / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return staged


class swapped:
    """Swap the staged folder in (None: just take the old one away); put the old one back if the block fails."""

    def __init__(self, staged: Path | None, place: Path) -> None:
        self.staged, self.place, self.aside = staged, place, _aside(place)

    def __enter__(self) -> None:
        _remove(self.aside)
        if self.place.exists():
            self.place.rename(self.aside)
        if self.staged is not None:
            self.staged.rename(self.place)

    def __exit__(self, kind: type | None, *_: Any) -> None:
        if kind is None:
            _remove(self.aside)
            return
        _remove(self.place)
        if self.aside.exists():
            self.aside.rename(self.place)


def _aside(place: Path) -> Path:
    return place.with_name(f".{place.name}.old")


def _remove(folder: Path) -> None:
    if folder.exists():
        utils.rmtree(str(folder)) if folder.is_dir() else folder.unlink()
    shutil.rmtree(folder, ignore_errors=True)


def set_modes(folder: Path, mode: int) -> None:
    """Give every file the course's own permissions."""
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(mode)
