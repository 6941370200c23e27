"""What step 2 is given, and what comes of it: bytes, so that it may run anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Work:
    """All that a run needs: the sanitized notebooks in order, the files beside them, and whose they are."""

    learner: str
    assignment: str
    notebooks: Mapping[str, bytes]
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Executed:
    """What came of it. `status`: done, timed_out, killed, crashed or needs_box; notebooks only when done.

    `ran`: boxed, unboxed, data (released code only, see `replay`), "" where nothing ran. Memory and CPU are 0 where
    nobody measured.
    """

    status: str
    notebooks: Mapping[str, bytes]
    ran: str
    seconds: float
    slow_cells: int = 0
    peak_bytes: int = 0
    cpu_seconds: float = 0.0
    detail: str = ""


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a submission's files below an empty folder."""
    folder.mkdir(parents=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def run_folder(place: Path, work: Work) -> Path:
    """The folder that code runs in, in the shape that nbgrader runs it in."""
    return place / "autograded" / work.learner / work.assignment
