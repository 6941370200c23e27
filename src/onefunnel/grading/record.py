"""What became of each submission: the row that we keep beside nbgrader's gradebook, and its reading."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import sqlalchemy as sa
from nbgrader.api import MissingEntry

from onefunnel import __version__
from onefunnel.grading.gradebook import OUTCOME_TABLE, SharedGradebook
from onefunnel.grading.outcomes import Outcome

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
