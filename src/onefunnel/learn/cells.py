"""What a learner wrote into the answer cells of a notebook; nothing is run."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any


def written(notebook: Path) -> tuple[set[str], set[str]]:
    """Return the ids of the answer cells that were changed and of those that still stand as released.

    A notebook that cannot be read counts as changed: it is handed in as it is, and grading will name it.
    """
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        written, untouched = set(), set()
        for cell in cells:
            about = cell["metadata"].get("nbgrader") or {}
            if about.get("solution"):
                tags = [str(tag) for tag in cell["metadata"].get("tags", [])]
                ids = [tag.partition(":")[2] for tag in tags if tag.startswith(("answer:", "written:"))]
                as_released = about.get("checksum") == checksum(cell)
                (untouched if as_released else written).update(ids or [str(about.get("grade_id"))])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {"unreadable"}, set()
    return written, untouched


def checksum(cell: dict[str, Any]) -> str:
    """nbgrader's checksum of a cell (its `utils.compute_checksum`), which it leaves in released answer cells."""
    about = cell["metadata"]["nbgrader"]
    solution, grade = bool(about.get("solution")), bool(about.get("grade"))
    locked = not solution and (grade or bool(about.get("locked")))
    parts = ["".join(cell["source"]), cell["cell_type"], str(grade), str(solution), str(locked), about["grade_id"]]
    if grade:
        parts.append(str(float(about["points"])))
    return hashlib.md5("".join(parts).encode("utf-8"), usedforsecurity=False).hexdigest()
