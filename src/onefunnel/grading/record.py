"""Step 4, trusted, one writer: one transaction a submission into nbgrader's gradebook, and the files into place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import sqlalchemy as sa
from nbgrader.api import MissingEntry
from nbgrader.preprocessors import SaveAutoGrades

from onefunnel import __version__
from onefunnel.grading.course import Course
from onefunnel.grading.gradebook import OUTCOME_TABLE, SharedGradebook, lent_to
from onefunnel.grading.judge import Judged
from onefunnel.grading.outcomes import Outcome, Refused
from onefunnel.grading.placing import set_modes, stage, swapped

ENGINE = f"onefunnel {__version__}, nbgrader {version('nbgrader')}"


@dataclass(frozen=True)
class Record:
    """What became of one submission.

    `scored` says whether this run gave automatic points; without, earlier ones are gone. `score` is the gradebook's:
    manual points and the late penalty included. `ran`: boxed, unboxed, data (released code only), "" where nothing ran.
    """

    learner: str
    assignment: str
    outcome: str
    scored: bool
    for_learner: str
    for_lead: str
    notes: str = ""
    content: str = ""
    setting: str = ""
    engine: str = ENGINE
    seconds: float = 0.0
    ran: str = ""
    peak_bytes: int = 0
    cpu_seconds: float = 0.0
    recorded_at: str = ""
    score: float | None = None
    max_score: float | None = None
    seconds_late: float = 0.0
    reused: bool = False


def described(
    learner: str, assignment: str, outcome: Outcome, detail: str = "", scored: bool = False, **more: Any
) -> Record:
    """Make a record with the outcome's two sentences."""
    for_learner, for_lead = outcome.sentences(assignment or "your file", detail)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Record(learner, assignment, outcome.id, scored, for_learner, for_lead, recorded_at=now, **more)


def said(record: Record, for_learner: str, for_lead: str) -> Record:
    """Return the record with other sentences, where a file was named before it became a submission."""
    return replace(record, for_learner=for_learner, for_lead=for_lead)


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


def stored(gradebook: SharedGradebook, assignment: str) -> dict[str, Record]:
    """Return what was recorded before for an assignment, by learner, without scores."""
    query = sa.select(OUTCOME_TABLE).where(OUTCOME_TABLE.c.assignment == assignment)
    return {row["learner"]: Record(**row) for row in gradebook.db.execute(query).mappings()}


def with_current_score(record: Record, gradebook: SharedGradebook) -> Record:
    """Return a stored record with today's score, as it is where nbgrader knows no such submission."""
    try:
        return with_score(record, gradebook.find_submission(record.assignment, record.learner))
    except MissingEntry:
        return record


def all_stored(gradebook: SharedGradebook) -> list[Record]:
    """Return every recorded outcome with today's score, by learner and lesson."""
    query = sa.select(OUTCOME_TABLE).order_by(OUTCOME_TABLE.c.learner, OUTCOME_TABLE.c.assignment)
    rows = [Record(**row) for row in gradebook.db.execute(query).mappings()]
    return [with_current_score(record, gradebook) for record in rows]


def points_by_check(gradebook: SharedGradebook, assignment: str) -> dict[str, list[dict[str, Any]]]:
    """Return per learner {notebook, check, score, max_score} of every graded cell, manual points included.

    `score` is None where a person has yet to look.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    try:
        submissions = gradebook.find_assignment(assignment).submissions
    except MissingEntry:
        return found
    for submission in submissions:
        found[submission.student_id] = [
            {
                "notebook": notebook.name,
                "check": grade.name,
                "score": _points(grade),
                "max_score": float(grade.max_score),
            }
            for notebook in sorted(submission.notebooks, key=lambda one: one.name)
            for grade in sorted(notebook.grades, key=lambda one: one.name)
        ]
    return found


def _points(grade: Any) -> float | None:
    """nbgrader's own reading: a person's points before the automatic ones, and extra credit on top."""
    given = grade.manual_score if grade.manual_score is not None else grade.auto_score
    return None if given is None else float(given) + float(grade.extra_credit or 0.0)


def with_score(record: Record, submission: Any) -> Record:
    """Add the gradebook's score (after the late penalty), the most that can be had, and the delay in seconds."""
    penalty = sum(notebook.late_submission_penalty or 0.0 for notebook in submission.notebooks)
    return replace(
        record,
        score=float(submission.score) - penalty,
        max_score=float(submission.max_score),
        seconds_late=float(submission.total_seconds_late),
    )


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
            text, _ = course.convert(steps, notebook, resources)
    except MissingEntry as error:
        raise Refused("tampered", f"{judged.name}.ipynb: {error}") from error
    return text


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
