"""One submission on its way through the four steps, to exactly one record."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader import utils
from nbgrader.api import MissingEntry
from sqlalchemy.exc import DBAPIError

from onefunnel.errors import Problem
from onefunnel.grading import saving
from onefunnel.grading.answers import ANSWERS, ATTEMPTS, LEARNER, only_data, whose_answers
from onefunnel.grading.course import Course, fingerprint, read_files
from onefunnel.grading.gradebook import SharedGradebook
from onefunnel.grading.judge import judge
from onefunnel.grading.outcomes import OUTCOMES, Outcome, Refused
from onefunnel.grading.placing import in_place
from onefunnel.grading.record import ENGINE, Record, described, with_current_score
from onefunnel.grading.released import Released
from onefunnel.grading.sanitize import sanitize
from onefunnel.grading.settings import Limits
from onefunnel.grading.work import Executed, Work

TIMESTAMP = "timestamp.txt"
MOST_BYTES = 250_000_000  # of all files of a submission; they are held in memory


@dataclass
class Batch:
    """What the submissions of one grading run share. `before`: earlier records, by learner."""

    course: Course
    gradebook: SharedGradebook
    released: Released
    support: dict[str, bytes]
    setting: str
    before: dict[str, Record]
    limits: Limits
    forgive_warnings: bool
    told: bool = field(default=False)  # that code runs unboxed


class Submission:
    """`prepare` gives a record, or `work` to run; then `finish` or `failed` gives the record."""

    def __init__(self, batch: Batch, learner: str, folder: Path) -> None:
        self.batch, self.learner, self.folder = batch, learner, folder
        self.assignment = batch.released.assignment
        self.attempts = 0
        self.holds_code = True
        self.work: Work
        self._files: dict[str, bytes] = {}
        self._content = ""
        self._notes: list[str] = []
        self._timestamp: datetime | None = None
        self._seconds = 0.0

    def prepare(self) -> Record | None:
        """Step 1. Returns a record where nothing has to run: graded before, or refused."""
        started = time.monotonic()
        try:
            _not_too_big(self.folder)
            self._files = read_files(self.folder, self.batch.course.directory.ignore)
            self._content = fingerprint(self._files)
            before = self._graded_before()
            if before is not None:
                return before
            self._timestamp = self._handed_in()
            self.work = self._sanitized()
        except Refused as refusal:
            return self._refused(refusal.outcome, refusal.detail)
        except Problem:
            raise  # the lead's to mend: a gradebook that is locked, a configuration that is wrong
        except DBAPIError:
            raise
        except Exception as error:
            return self.failed(error)
        self.batch.gradebook.rollback()  # only read so far: hold no lock while learners' code runs
        self._seconds = time.monotonic() - started
        return None

    def finish(self, executed: Executed) -> Record:
        """Steps 3 and 4."""
        started = time.monotonic()
        used = {name: getattr(executed, name) for name in ("ran", "peak_bytes", "cpu_seconds")}
        used["seconds"] = self._seconds + executed.seconds
        batch = self.batch
        try:
            if executed.status != "done":
                raise Refused(executed.status, f"{executed.detail}; no score was given")
            judged = [
                judge(notebook, name, batch.course, self.learner, self.assignment, batch.forgive_warnings)
                for name, notebook in executed.notebooks.items()
            ]
            slow = executed.slow_cells
            outcome, detail = ("timed_out", f"{slow} of its cells; the rest was graded") if slow else ("graded", "")
            used["seconds"] += time.monotonic() - started
            record = self._described(OUTCOMES[outcome], detail, scored=True, **used)
            kept = {name: content for name, content in self._beside().items() if not name.endswith(".ipynb")}
            return saving.save(record, batch.course, batch.gradebook, judged, kept, self._timestamp)
        except Refused as refusal:
            return self._refused(refusal.outcome, refusal.detail, **used)
        except Problem:
            raise
        except OSError as error:  # a full disk, a folder that is read-only: the next one would fare no better
            raise Problem(
                f"{error.filename or batch.course.root} cannot be written ({error.strerror}). What was graded before "
                "is kept. Make room, then run it again."
            ) from error
        except DBAPIError:
            raise  # the gradebook, not the learner: see `gradebook.open_gradebook`
        except Exception as error:
            return self.failed(error, **used)

    def failed(self, error: Exception, **used: Any) -> Record:
        """Ours, not the learner's: named, and the rest goes on."""
        return self._refused(OUTCOMES["failed"], f"{type(error).__name__}: {str(error)[:300]}", **used)

    def _refused(self, outcome: Outcome, detail: str, **used: Any) -> Record:
        batch = self.batch
        batch.gradebook.rollback()
        record = self._described(outcome, detail, **used)
        return saving.refuse(record, batch.course, batch.gradebook, self._timestamp)

    def _described(self, outcome: Outcome, detail: str, **more: Any) -> Record:
        more |= {"notes": "\n".join(self._notes), "content": self._content, "setting": self.batch.setting}
        return described(self.learner, self.assignment, outcome, detail, **more)

    def _graded_before(self) -> Record | None:
        batch, before = self.batch, self.batch.before.get(self.learner)
        now = (self._content, batch.setting, ENGINE)
        if (
            before is None
            or (before.content, before.setting, before.engine) != now
            or before.outcome in ("failed", "needs_box")
        ):
            return None
        if before.scored and not in_place(batch.course, self.learner, self.assignment):
            return None
        return replace(with_current_score(before, batch.gradebook), reused=True)

    def _sanitized(self) -> Work:
        batch, files = self.batch, self._files
        if not batch.course.autograde.create_student:
            try:
                batch.gradebook.find_student(self.learner)
            except MissingEntry:
                raise Refused("unknown_learner", self.learner) from None
        names = list(batch.released.notebooks)
        present = [name for name in names if f"{name}.ipynb" in files]
        if not present:
            others = sorted(name for name in files if name.endswith(".ipynb")) or ["no notebook"]
            raise Refused("wrong_lesson", f"expected {names[0] if names else '?'}.ipynb, found {', '.join(others)}")
        whose_answers(files, self.learner)
        clean = [sanitize(files[f"{name}.ipynb"], name, batch.course, batch.released, self.learner) for name in present]
        self._notes += [note for one in clean for note in one.notes]
        self.holds_code = any(one.holds_code for one in clean) or not self._is_data(present)
        if not self.holds_code:
            only_data(files)
        beside = self._beside() if self.holds_code else {**_chosen(files, ANSWERS, LEARNER), **batch.support}
        return Work(self.learner, self.assignment, {one.name: one.notebook for one in clean}, beside)

    def _is_data(self, names: list[str]) -> bool:
        """Whether these are lessons of ours, and no other file came with them that released code could stumble over."""
        ours = all(f"{name}.items.json" in self.batch.support for name in names)
        known = {ANSWERS, LEARNER, ATTEMPTS, TIMESTAMP, *self.batch.support, *(f"{name}.ipynb" for name in names)}
        return ours and set(self._files) <= known

    def _beside(self) -> dict[str, bytes]:
        """The submission's files with the released ones laid over them."""
        return {**self._files, **self.batch.support}

    def _handed_in(self) -> datetime | None:
        text = self._files.get(TIMESTAMP, b"").decode("utf-8", errors="replace").strip()
        try:
            return utils.parse_utc(text) if text else None
        except (ValueError, OverflowError):
            self._notes.append(f"{TIMESTAMP} holds no time; the submission counts as in time")
            return None


def _not_too_big(folder: Path) -> None:
    """Look before reading. Raises Refused('unreadable')."""
    total = sum(path.lstat().st_size for path in folder.rglob("*"))
    if total > MOST_BYTES:
        raise Refused("unreadable", f"the files have {total // 1_000_000} MB")


def _chosen(files: dict[str, bytes], *names: str) -> dict[str, bytes]:
    return {name: files[name] for name in names if name in files}
