"""Step 1, trusted: put the released question cells back, with nbgrader's own preprocessors."""

from __future__ import annotations

import json
import warnings
from dataclasses import dataclass
from typing import Any

import nbformat
from nbconvert.preprocessors import Preprocessor
from nbformat.reader import NotJSONError
from nbgrader.api import MissingEntry
from nbgrader.nbgraderformat import SchemaTooNewError, SchemaTooOldError
from nbgrader.preprocessors import DeduplicateIds
from traitlets import Bool

from onefunnel.grading.course import Course
from onefunnel.grading.gradebook import SharedGradebook, lent_to
from onefunnel.grading.outcomes import Refused

MAX_NOTEBOOK_BYTES = 50_000_000


@dataclass(frozen=True)
class Sanitized:
    """A notebook whose locked cells stand as released, and what had to be mended."""

    name: str
    notebook: bytes
    notes: tuple[str, ...]


class ForgetDuplicates(Preprocessor):
    """nbgrader empties the metadata of a duplicated cell and then stops the whole batch over it; forget it instead."""

    enabled = Bool(True)

    def preprocess_cell(self, cell: Any, resources: dict, index: int) -> tuple[Any, dict]:
        """Remove metadata that DeduplicateIds emptied."""
        if cell.metadata.get("nbgrader", None) == {}:
            del cell.metadata["nbgrader"]
        return cell, resources


def sanitize(
    raw: bytes, name: str, course: Course, gradebook: SharedGradebook, learner: str, assignment: str
) -> Sanitized:
    """Return the notebook as it may be run.

    Raises Refused: unreadable, wrong_lesson (no cell of this lesson), tampered (cells that cannot be put back).
    """
    notebook = read_notebook(raw)
    known = _known_cells(gradebook, name, assignment)
    own = {_grade_id(cell) for cell in notebook.cells} - {None}
    if known and not own & set(known):
        raise Refused("wrong_lesson", f"{name}.ipynb holds no cell of this lesson")
    first, before, *_ = course.steps()
    steps = _with_duplicates_forgotten([*first, *before])
    course.warnings.clear()
    try:
        with lent_to([step for step in steps if isinstance(step, type)], gradebook):
            text, _ = course.convert(steps, notebook, course.resources(learner, assignment, name))
    except (SchemaTooOldError, SchemaTooNewError) as error:
        raise Refused("unreadable", f"{name}.ipynb has nbgrader metadata of another version: {error}") from error
    except Exception as error:  # whatever a hostile notebook makes nbgrader's preprocessors raise
        foreign = sorted(own - set(known))
        detail = f"unknown cells {', '.join(foreign)}" if foreign else f"{type(error).__name__}: {error}"
        raise Refused("tampered", f"{name}.ipynb, {detail[:300]}") from error
    # Every cell with a hidden check differs from the released one, so a changed checksum says nothing.
    notes = [line.splitlines()[0][:200] for line in course.warnings if "'checksum'" not in line]
    restored = {_grade_id(cell) for cell in nbformat.reads(text, as_version=4).cells}
    missing = sorted(grade_id for grade_id, graded in known.items() if graded and grade_id not in restored)
    if missing:
        notes.append(f"Deleted question cells, to be looked at by hand: {', '.join(missing)}")
    return Sanitized(name, text.encode("utf-8"), tuple(notes))


def read_notebook(raw: bytes) -> nbformat.NotebookNode:
    """Parse a notebook of unknown origin. Raises Refused('unreadable')."""
    if len(raw) > MAX_NOTEBOOK_BYTES:
        raise Refused("unreadable", f"the notebook has {len(raw) // 1_000_000} MB")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # nbformat warns about missing cell ids, which it then adds
            notebook = nbformat.reads(raw.decode("utf-8-sig"), as_version=4)
            _, notebook = nbformat.validator.normalize(notebook)
            nbformat.validate(notebook, relax_add_props=True)
    except RecursionError as error:
        raise Refused("unreadable", "nested too deeply") from error
    except NotJSONError as error:
        raise Refused("unreadable", "the notebook is not whole JSON; perhaps it was cut off on its way") from error
    except Exception as error:  # nbformat raises whatever the malformed JSON leads it to
        raise Refused("unreadable", f"not a notebook ({type(error).__name__})") from error
    for cell in notebook.cells:
        if not isinstance(cell.metadata.get("nbgrader", {}), dict):
            raise Refused("tampered", "a cell's nbgrader metadata is not a table of settings")
    return notebook


def whose_answers(files: dict[str, bytes], learner: str) -> None:
    """Check that the answers kept beside a notebook were given on this learner's book.

    Raises Refused: unreadable (not the JSON that the lessons write), wrong_book. Courses without such a file pass.
    """
    for name in ("answers.json", "learner.json"):
        if name not in files:
            continue
        try:
            content = json.loads(files[name].decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            raise Refused("unreadable", f"{name}: {error}") from error
        if not isinstance(content, dict):
            raise Refused("unreadable", f"{name} is not a table")
        if "learner" not in content and "answers" not in content:
            continue  # somebody else's file of the same name
        owner = content.get("learner")
        worked = name == "learner.json" or bool(content.get("answers"))
        if worked and owner != learner:
            raise Refused("wrong_book", f"worked out as {owner!r}, handed in as {learner!r}")


def _known_cells(gradebook: SharedGradebook, name: str, assignment: str) -> dict[str, bool]:
    """Every cell of the released notebook by id, and whether it carries points."""
    try:
        notebook = gradebook.find_notebook(name, assignment)
    except MissingEntry:
        return {}
    graded = {cell.name for cell in [*notebook.grade_cells, *notebook.task_cells]}
    return {cell.name: cell.name in graded for cell in notebook.source_cells}


def _grade_id(cell: Any) -> str | None:
    found = cell.metadata.get("nbgrader", {}).get("grade_id")
    return found if isinstance(found, str) else None


def _with_duplicates_forgotten(steps: list[Any]) -> list[Any]:
    """Insert our mend right after nbgrader's DeduplicateIds."""
    mended = []
    for step in steps:
        mended.append(step)
        if isinstance(step, type) and issubclass(step, DeduplicateIds):
            mended.append(ForgetDuplicates)
    return mended
