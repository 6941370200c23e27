"""Step 4, trusted, one writer: one transaction a submission into nbgrader's gradebook, and the files into place."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from nbgrader.api import MissingEntry
from nbgrader.preprocessors import SaveAutoGrades

from onefunnel.grading.course import Course, as_text
from onefunnel.grading.gradebook import OUTCOME_TABLE, SharedGradebook, lent_to
from onefunnel.grading.judge import Judged
from onefunnel.grading.outcomes import Refused
from onefunnel.grading.placing import set_modes, stage, swapped
from onefunnel.grading.record import Record, with_score


class SaveVerdicts(SaveAutoGrades):
    """nbgrader's writer of scores, with the judge's points instead of a reading of its own."""

    verdicts: dict[str, float | None]

    def _add_score(self, cell: Any, resources: dict) -> None:
        grade_id = cell.metadata["nbgrader"]["grade_id"]
        grade = self.gradebook.find_grade(grade_id, self.notebook_id, self.assignment_id, self.student_id)
        grade.auto_score = self.verdicts[grade_id]
        grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None


class _Marks:
    """One submitted notebook's grades and comments, fetched at once: nbgrader asks, and commits, cell by cell."""

    def __init__(self, notebook: Any) -> None:
        self.grades = {grade.name: grade for grade in notebook.grades}
        self.comments = {comment.name: comment for comment in notebook.comments}
        self.db = self

    def __enter__(self) -> _Marks:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def commit(self) -> None:
        """Ours comes later."""

    def find_grade(self, name: str, *_: str) -> Any:
        """As nbgrader's. Raises MissingEntry."""
        return self._of(self.grades, name)

    def find_comment(self, name: str, *_: str) -> Any:
        """As nbgrader's. Raises MissingEntry."""
        return self._of(self.comments, name)

    def _of(self, cells: dict[str, Any], name: str) -> Any:
        if name not in cells:
            raise MissingEntry(f"No such cell: {name}")
        return cells[name]


def save(
    record: Record,
    course: Course,
    gradebook: SharedGradebook,
    judged: list[Judged],
    files: dict[str, bytes],
    timestamp: datetime | None,
) -> Record:
    """Write one graded submission. Returns the record with the gradebook's score.

    Files go first under a temporary name, then into place, then the transaction ends: whoever kills us in between
    leaves a gradebook that does not know this content, so the next run grades it again.
    """
    learner, assignment = record.learner, record.assignment
    place = course.folder("autograded", learner, assignment)
    try:
        submission = _submission(course, gradebook, learner, assignment, timestamp)
        _clear(submission)
        staged = stage(place, files)
        for one in judged:
            text = _save_scores(course, gradebook, record, one, submission)
            (staged / f"{one.name}.ipynb").write_text(text, encoding="utf-8", newline="\n")
        _missing_notebooks_are_zero(submission, {one.name for one in judged})
        set_modes(staged, int(str(course.autograde.permissions), 8))
        gradebook.db.commit()
        record = with_score(record, submission)
        _write_row(gradebook, record)
        with swapped(staged, place):
            gradebook.commit()
    except BaseException:
        gradebook.rollback()
        raise
    return record


def refuse(record: Record, course: Course, gradebook: SharedGradebook, timestamp: datetime | None) -> Record:
    """Write an outcome without a score: earlier automatic points go in the same transaction, manual ones stay."""
    try:
        place = course.folder("autograded", record.learner, record.assignment)
        if _exists(gradebook, record.learner, record.assignment):
            submission = _submission(course, gradebook, record.learner, record.assignment, timestamp)
            _clear(submission)
            gradebook.db.commit()
            record = with_score(record, submission)
        _write_row(gradebook, record)
        with swapped(None, place):
            gradebook.commit()
    except BaseException:
        gradebook.rollback()
        raise
    return record


def note_outcome(record: Record, gradebook: SharedGradebook) -> None:
    """Write a row of ours that touches no score (a file that was refused before it became a submission)."""
    _write_row(gradebook, record)
    gradebook.commit()


def forget_outcome(learner: str, assignment: str, gradebook: SharedGradebook) -> None:
    """Remove a row of ours: the file it was about has been replaced by a good one."""
    table = OUTCOME_TABLE.c
    gradebook.db.execute(sa.delete(OUTCOME_TABLE).where(table.learner == learner, table.assignment == assignment))
    gradebook.commit()


def _exists(gradebook: SharedGradebook, learner: str, assignment: str) -> bool:
    try:
        gradebook.find_student(learner)
        gradebook.find_assignment(assignment)
    except MissingEntry:
        return False
    return True


def _submission(
    course: Course, gradebook: SharedGradebook, learner: str, assignment: str, timestamp: datetime | None
) -> Any:
    if course.autograde.create_student:
        gradebook.update_or_create_student(learner)
    more = {"timestamp": timestamp} if timestamp else {}
    return gradebook.update_or_create_submission(assignment, learner, **more)


def _clear(submission: Any) -> None:
    """Forget the automatic part of an earlier grading: nbgrader would keep it when the new one crashes."""
    for notebook in submission.notebooks:
        notebook.late_submission_penalty = None
        for grade in notebook.grades:
            grade.auto_score = None
            grade.needs_manual_grade = True
        for comment in notebook.comments:
            comment.auto_comment = None


def _save_scores(course: Course, gradebook: SharedGradebook, record: Record, judged: Judged, submission: Any) -> str:
    *_, steps = course.steps()
    resources = course.resources(record.learner, record.assignment, judged.name)
    notebook = judged.notebook
    try:
        if steps[0] is SaveAutoGrades:
            submitted = next(one for one in submission.notebooks if one.name == judged.name)
            writer = SaveVerdicts(parent=course.autograde)
            writer.verdicts = judged.points
            with lent_to([SaveAutoGrades], _Marks(submitted)):
                notebook, resources = writer(notebook, resources)
            gradebook.db.commit()
            steps = steps[1:]
        classes = [step if isinstance(step, type) else type(step) for step in steps]
        with lent_to(classes, gradebook):
            notebook = course.convert(steps, notebook, resources)
    except MissingEntry as error:
        raise Refused("tampered", f"{judged.name}.ipynb: {error}") from error
    return as_text(notebook)


def _missing_notebooks_are_zero(submission: Any, present: set[str]) -> None:
    """A notebook of the assignment that was not handed in earns nothing, as in nbgrader."""
    for notebook in submission.notebooks:
        if notebook.name not in present:
            for grade in notebook.grades:
                grade.auto_score = 0
                grade.needs_manual_grade = False


def _write_row(gradebook: SharedGradebook, record: Record) -> None:
    columns = OUTCOME_TABLE.c
    values = {column.name: getattr(record, column.name) for column in columns}
    here = (columns.learner == record.learner, columns.assignment == record.assignment)
    gradebook.db.execute(sa.delete(OUTCOME_TABLE).where(*here))
    gradebook.db.execute(sa.insert(OUTCOME_TABLE).values(**values))
