"""Step 1, trusted: put the released question cells back, with nbgrader's own preprocessors."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import nbformat
from nbconvert.preprocessors import Preprocessor
from nbformat.reader import NotJSONError
from nbgrader.nbgraderformat import MetadataValidator, SchemaTooNewError, SchemaTooOldError
from nbgrader.preprocessors import DeduplicateIds
from traitlets import Bool

from onefunnel.grading.course import Course, as_text
from onefunnel.grading.gradebook import lent_to
from onefunnel.grading.outcomes import Refused
from onefunnel.grading.released import Cell, Released, holds_no_code

MAX_NOTEBOOK_BYTES = 50_000_000


@dataclass(frozen=True)
class Sanitized:
    """A notebook whose locked cells stand as released, what had to be mended, and whether a learner typed code."""

    name: str
    notebook: bytes
    notes: tuple[str, ...]
    holds_code: bool


class ForgetDuplicates(Preprocessor):
    """nbgrader empties the metadata of a duplicated cell and then stops the whole batch over it; forget it instead."""

    enabled = Bool(True)

    def preprocess_cell(self, cell: Any, resources: dict, index: int) -> tuple[Any, dict]:
        """Remove metadata that DeduplicateIds emptied."""
        if cell.metadata.get("nbgrader", None) == {}:
            del cell.metadata["nbgrader"]
        return cell, resources


def sanitize(raw: bytes, name: str, course: Course, released: Released, learner: str) -> Sanitized:
    """Return the notebook as it may be run.

    Raises Refused: unreadable, wrong_lesson (no cell of this lesson), tampered (cells that cannot be put back).
    """
    notebook = read_notebook(raw)
    cells = released.notebooks[name].by_name
    known = {cell.name: cell.max_score is not None for cell in cells.values()}
    upgraded, changed = _upgrade(notebook), _restore_roles(notebook, cells)
    own = {_grade_id(cell) for cell in notebook.cells} - {None}
    if known and not own & set(known):
        raise Refused("wrong_lesson", f"{name}.ipynb holds no cell of this lesson")
    first, before, *_ = course.steps()
    steps = _with_duplicates_forgotten([*first, *before])
    course.warnings.clear()
    try:
        with lent_to([step for step in steps if isinstance(step, type)], released):
            clean = course.convert(steps, notebook, course.resources(learner, released.assignment, name))
    except (SchemaTooOldError, SchemaTooNewError) as error:
        raise Refused("unreadable", f"{name}.ipynb has nbgrader metadata of another version: {error}") from error
    except Exception as error:  # whatever a hostile notebook makes nbgrader's preprocessors raise
        foreign = sorted(own - set(known))
        detail = f"unknown cells {', '.join(foreign)}" if foreign else f"{type(error).__name__}: {error}"
        raise Refused("tampered", f"{name}.ipynb, {detail[:300]}") from error
    # Every cell with a hidden check differs from the released one, so a changed checksum says nothing.
    notes = [line.splitlines()[0][:200] for line in course.warnings if "'checksum'" not in line]
    notes += [f"What cell {name} is for had been changed in its metadata, and was put back." for name in changed]
    if upgraded:
        notes.append("The notebook's nbgrader metadata was of an older version and was brought up to date.")
    restored = {_grade_id(cell) for cell in clean.cells}
    missing = sorted(grade_id for grade_id, graded in known.items() if graded and grade_id not in restored)
    if missing:
        notes.append(f"Deleted question cells, to be looked at by hand: {', '.join(missing)}")
    code = not holds_no_code(clean, released.notebooks[name])
    return Sanitized(name, as_text(clean).encode("utf-8"), tuple(notes), code)


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


def _upgrade(notebook: nbformat.NotebookNode) -> bool:
    """Bring older nbgrader metadata up to date, as `nbgrader update` does. Raises Refused('tampered')."""
    current = MetadataValidator.schema_version
    versions = [cell.metadata["nbgrader"].get("schema_version", 0) for cell in notebook.cells if _settings(cell)]
    if not any(isinstance(version, int) and version < current for version in versions):
        return False
    try:
        MetadataValidator().upgrade_notebook_metadata(notebook)
    except Exception as error:  # nbgrader reads the old metadata without a check
        raise Refused("tampered", f"old nbgrader metadata that cannot be brought up to date: {error!r}") from error
    return True


def _restore_roles(notebook: nbformat.NotebookNode, released: dict[str, Cell]) -> list[str]:
    """Say again which cells carry points and which are answers: nbgrader itself believes the submission there."""
    changed = []
    for cell in notebook.cells:
        known, said = released.get(_grade_id(cell)), _settings(cell)
        if known is None:
            continue
        graded = known.max_score is not None and not known.task
        true = {"grade": graded, "solution": known.solution, "task": known.task}
        if known.max_score is not None and not isinstance(said.get("points"), (int, float)):
            true["points"] = known.max_score
        if any(said.get(name, False) != value for name, value in true.items()):
            said.update(true)
            changed.append(known.name)
    return changed


def _settings(cell: Any) -> dict:
    return cell.metadata.get("nbgrader") or {}


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
