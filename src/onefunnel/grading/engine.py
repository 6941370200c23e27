"""Grade an assignment of any nbgrader course: the four steps, one submission after another.

One bad submission never stops the rest: each ends in exactly one outcome of the closed list.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader import utils
from nbgrader.api import MissingEntry

from onefunnel.errors import Problem
from onefunnel.grading import record as records
from onefunnel.grading.course import Course, fingerprint, open_course, read_files
from onefunnel.grading.execute import Executed, Limits, Work, execute
from onefunnel.grading.gradebook import SharedGradebook, open_gradebook
from onefunnel.grading.judge import Judged, judge
from onefunnel.grading.outcomes import OUTCOMES, Refused
from onefunnel.grading.record import Record, described
from onefunnel.grading.sanitize import sanitize, whose_answers

Report = Callable[[int, int, Record], None]


def grade(
    course: Path | str | Course,
    assignment: str,
    learners: Iterable[str] | None = None,
    *,
    force: bool = False,
    limits: Limits | None = None,
    report: Report | None = None,
) -> list[Record]:
    """Grade every submission of an assignment (or only those of `learners`), by learner.

    A submission that was graded before, with the same content, lesson and engine, is not run again unless `force`.
    `report(done, total, record)` is called after each. Raises Problem for a folder that is no course, an assignment
    that was not released, or a gradebook that cannot be written; never for what a submission does.
    """
    course = course if isinstance(course, Course) else open_course(course)
    wanted = None if learners is None else set(learners)
    found = [(who, folder) for who, folder in course.submissions(assignment) if wanted is None or who in wanted]
    if wanted is not None and wanted - {who for who, _ in found}:
        raise Problem(f"No submission of “{assignment}” by {', '.join(sorted(wanted - {who for who, _ in found}))}.")
    graded = []
    with open_gradebook(course.directory.db_url, course.directory.course_id) as gradebook:
        setting = _setting(course, gradebook, assignment)
        for done, (learner, folder) in enumerate(found, start=1):
            one = _Submission(course, gradebook, assignment, learner, folder, setting, limits or Limits())
            graded.append(one.grade(force))
            if report:
                report(done, len(found), graded[-1])
    return graded


def progress_line(done: int, total: int, record: Record) -> None:
    """A `report` for people: one line that rewrites itself on a terminal, nothing elsewhere."""
    if sys.stderr.isatty():
        end = "\n" if done == total else ""
        print(
            f"\r\033[K  {done}/{total} {record.assignment} · {record.learner}: {record.outcome}",
            end=end,
            file=sys.stderr,
            flush=True,
        )


class _Submission:
    """One submission on its way through the four steps."""

    def __init__(
        self,
        course: Course,
        gradebook: SharedGradebook,
        assignment: str,
        learner: str,
        folder: Path,
        setting: str,
        limits: Limits,
    ) -> None:
        self.course, self.gradebook, self.assignment, self.learner = course, gradebook, assignment, learner
        self.folder, self.setting, self.limits = folder, setting, limits
        self.notes: list[str] = []
        self.timestamp: datetime | None = None

    def grade(self, force: bool) -> Record:
        """Return exactly one record, whatever the submission does."""
        started = time.monotonic()
        more: dict[str, Any] = {"setting": self.setting}
        try:
            files = read_files(self.folder, self.course.directory.ignore)
            more["content"] = fingerprint(files)
            before = None if force else self._graded_before(more["content"])
            if before is not None:
                return before
            self.timestamp = self._timestamp(files)
            judged, slow = self._run(files)
            stopped = f"{slow} of its cells; the rest was graded"
            outcome, detail = ("timed_out", stopped) if slow else ("graded", "")
            more |= {"seconds": time.monotonic() - started, "notes": "\n".join(self.notes)}
            record = described(self.learner, self.assignment, OUTCOMES[outcome], detail, scored=True, **more)
            kept = {name: content for name, content in self._beside(files).items() if not name.endswith(".ipynb")}
            return records.save(record, self.course, self.gradebook, judged, kept, self.timestamp)
        except Refused as refusal:
            outcome, detail = refusal.outcome, refusal.detail
        except Problem:
            raise  # the lead's to mend: a gradebook that is locked, a configuration that is wrong
        except Exception as error:  # ours, not the learner's: named, and the rest goes on
            outcome, detail = OUTCOMES["failed"], f"{type(error).__name__}: {str(error)[:300]}"
        self.gradebook.rollback()
        more |= {"seconds": time.monotonic() - started, "notes": "\n".join(self.notes)}
        record = described(self.learner, self.assignment, outcome, detail, **more)
        return records.refuse(record, self.course, self.gradebook, self.timestamp)

    def _graded_before(self, content: str) -> Record | None:
        before = records.stored(self.gradebook, self.learner, self.assignment)
        same = before and (before.content, before.setting, before.engine) == (content, self.setting, records.ENGINE)
        if not same or before.outcome == "failed":
            return None
        if before.scored and not records.in_place(self.course, self.learner, self.assignment):
            return None
        return replace(before, reused=True)

    def _run(self, files: dict[str, bytes]) -> tuple[list[Judged], int]:
        """Steps 1 to 3 over the assignment's notebooks."""
        if not self.course.autograde.create_student:
            try:
                self.gradebook.find_student(self.learner)
            except MissingEntry:
                raise Refused("unknown_learner", self.learner) from None
        names = [notebook.name for notebook in self.gradebook.find_assignment(self.assignment).notebooks]
        present = [name for name in names if f"{name}.ipynb" in files]
        if not present:
            others = sorted(name for name in files if name.endswith(".ipynb")) or ["no notebook"]
            raise Refused("wrong_lesson", f"expected {names[0] if names else '?'}.ipynb, found {', '.join(others)}")
        whose_answers(files, self.learner)
        clean = [
            sanitize(files[f"{name}.ipynb"], name, self.course, self.gradebook, self.learner, self.assignment)
            for name in present
        ]
        self.gradebook.rollback()  # only read so far: hold no lock while learners' code runs
        judged, slow, left = [], 0, self.limits.wall_seconds
        for one in clean:
            self.notes += one.notes
            executed = self._execute(one.name, one.notebook, files, replace(self.limits, wall_seconds=left))
            slow, left = slow + executed.slow_cells, max(1.0, left - executed.seconds)
            judged.append(judge(executed.notebook, one.name, self.course, self.learner, self.assignment))
        return judged, slow

    def _execute(self, name: str, notebook: bytes, files: dict[str, bytes], limits: Limits) -> Executed:
        *_, executor, _, _ = self.course.steps()
        config = self.course.autograde.config
        work = Work(self.learner, self.assignment, name, notebook, self._beside(files), executor, config)
        executed = execute(work, limits)
        if executed.status != "done":
            raise Refused(executed.status, f"{executed.detail}; no score was given")
        return executed

    def _beside(self, files: dict[str, bytes]) -> dict[str, bytes]:
        """The submission's files with the released ones laid over them."""
        return {**files, **self.course.support_files(self.assignment)}

    def _timestamp(self, files: dict[str, bytes]) -> datetime | None:
        text = files.get("timestamp.txt", b"").decode("utf-8", errors="replace").strip()
        try:
            return utils.parse_utc(text) if text else None
        except (ValueError, OverflowError):
            self.notes.append("timestamp.txt holds no time; the submission counts as in time")
            return None


def _setting(course: Course, gradebook: SharedGradebook, assignment: str) -> str:
    """A hash of all that decides a score besides the submission: cells, support files, due date, configuration."""
    try:
        released = gradebook.find_assignment(assignment)
    except MissingEntry:
        raise Problem(f"“{assignment}” was never released in {course.root}. Release it first.") from None
    cells = [
        f"{notebook.name}/{cell.name}/{cell.checksum}"
        for notebook in released.notebooks
        for cell in notebook.source_cells
    ]
    extensions = [f"{one.student_id}/{one.extension}" for one in released.submissions if one.extension]
    parts = [
        *sorted(cells),
        str(released.duedate),
        *sorted(extensions),
        re.sub(r" at 0x[0-9a-f]+", "", str(course.config)),
    ]
    gradebook.rollback()
    return fingerprint(course.support_files(assignment), *parts)
