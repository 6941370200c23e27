"""A cohort's folder: an ordinary nbgrader course plus `cohort.yml` and `roster.csv`, and the lead's verbs over it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import yaml

from onefunnel.cohort.collect import Taken, collect
from onefunnel.errors import Problem
from onefunnel.grading import saving
from onefunnel.grading.course import Course, open_course
from onefunnel.grading.engine import grade, local_pool
from onefunnel.grading.gradebook import open_gradebook
from onefunnel.grading.outcomes import OUTCOMES
from onefunnel.grading.pool import closing
from onefunnel.grading.record import Record, described, said
from onefunnel.home import home
from onefunnel.learn.identity import normalise

COHORT, ROSTER, CONFIG = "cohort.yml", "roster.csv", "nbgrader_config.py"
ATTEMPTS = ("off", "aggregated", "full")


@dataclass(frozen=True)
class Learner:
    """One row of the roster."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""

    @property
    def name(self) -> str:
        """What people call them; the id where no name is known."""
        return f"{self.first_name} {self.last_name}".strip() or self.id


@dataclass(frozen=True)
class Cohort:
    """A cohort folder and what its two files say. `due` holds moments in UTC."""

    folder: Path
    name: str
    due: dict[str, datetime | None]
    learners: tuple[Learner, ...]
    mastery: float = 0.8
    attempts: str = "aggregated"

    @property
    def lessons(self) -> list[str]:
        """The lessons of the cohort, in the order of cohort.yml."""
        return list(self.due)

    def course(self) -> Course:
        """The folder as a nbgrader course."""
        return open_course(self.folder)

    def release(self, sources: Path | None = None) -> list[str]:
        """Build the lessons, make the learners' versions, put learners and due dates into the gradebook."""
        from onefunnel.lessons.release import release

        slugs = release(self.folder, self.lessons, folder=sources)
        course = self.course()
        with open_gradebook(course.directory.db_url, course.directory.course_id) as gradebook:
            for learner in self.learners:
                about = {"first_name": learner.first_name, "last_name": learner.last_name, "email": learner.email}
                gradebook.update_or_create_student(learner.id, **about)
            for slug, due in self.due.items():
                gradebook.update_or_create_assignment(slug, duedate=due.replace(tzinfo=None) if due else None)
            gradebook.commit()
        return slugs

    def collect(self, files: Iterable[Path], received: datetime | None = None) -> list[Taken]:
        """Take in submission files: unpack the good ones, note the outcome of the others in the gradebook."""
        course = self.course()
        roster = {learner.id for learner in self.learners}
        taken = collect(files, self.folder / "submitted", roster, self.lessons, received)
        with open_gradebook(course.directory.db_url, course.directory.course_id) as gradebook:
            good = {one.learner for one in taken if not one.outcome}
            for one in taken:
                if not one.outcome:
                    saving.forget_outcome(one.learner, "", gradebook)
                elif one.learner not in good:  # a good file of the same learner stands, whatever else came with it
                    row = described(one.learner, "", OUTCOMES[one.outcome])
                    saving.note_outcome(said(row, one.for_learner, one.for_lead), gradebook)
        return taken

    def grade(
        self,
        lessons: Iterable[str] | None = None,
        report: Callable[[int, int, Record], None] | None = None,
        **more: Any,
    ) -> list[Record]:
        """Grade what was collected, lesson by lesson (see `engine.grade`), with one pool for all."""
        wanted, course = list(lessons or self.lessons), self.course()
        records = []
        with closing(local_pool(course, wanted)) as pool:
            for lesson in wanted:
                records += grade(course, lesson, report=report, pool=pool, **more)
        return records


def new_cohort(
    folder: Path,
    name: str,
    due: dict[str, datetime | None],
    roster: Path,
    *,
    mastery: float = 0.8,
    attempts: str = "aggregated",
) -> Cohort:
    """Make a cohort's folder: configuration, cohort.yml and roster.csv. Raises Problem; files that are there are kept.

    The roster is read first, so that a wrong one leaves nothing behind.
    """
    folder = Path(folder).resolve()
    learners = read_roster(roster)
    settings = home().grading / CONFIG
    if not settings.is_file():
        raise Problem(f"{settings} is missing. A cohort is made from a checkout of the kit.")
    folder.mkdir(parents=True, exist_ok=True)
    moments = [{"id": lesson, "due": moment.isoformat() if moment else None} for lesson, moment in due.items()]
    about = {"name": name, "lessons": moments, "mastery": mastery, "attempts": attempts}
    _write_once(folder / COHORT, yaml.safe_dump(about, sort_keys=False, allow_unicode=True))
    _write_once(folder / ROSTER, _roster_text(learners))
    _write_once(folder / CONFIG, settings.read_text(encoding="utf-8") + _OWN_SETTINGS.format(folder.name))
    return open_cohort(folder)


_OWN_SETTINGS = """
# --- this cohort ------------------------------------------------------------------------------------------------------
c.CourseDirectory.course_id = {!r}
c.Autograde.create_student = False  # who is graded stands in roster.csv
"""


def open_cohort(folder: Path) -> Cohort:
    """Read a cohort's folder. Raises Problem with file, field and mend."""
    folder = Path(folder).resolve()
    path = folder / COHORT
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Problem(f"{folder} is not a cohort: it has no {COHORT}. Make one with: cohort new") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Problem(f"{path} cannot be read: {error}") from error
    if not isinstance(said, dict):
        raise Problem(f"{path}: write `name:` and `lessons:`.")
    unknown = sorted(map(str, set(said) - {"name", "lessons", "mastery", "attempts"}))
    if unknown:
        raise Problem(f"{path}: unknown field {', '.join(unknown)}. Known: name, lessons, mastery, attempts.")
    name, mastery, attempts = said.get("name"), said.get("mastery", 0.8), said.get("attempts", "aggregated")
    if not isinstance(name, str) or not name.strip():
        raise Problem(f"{path}: name is missing. Write: name: Spring intake")
    if isinstance(mastery, bool) or not isinstance(mastery, int | float) or not 0 < mastery <= 1:
        raise Problem(f"{path}: mastery is {mastery!r}; write a share of the points, such as 0.8.")
    if attempts is False:  # YAML reads a bare `off` so
        attempts = "off"
    if attempts not in ATTEMPTS:
        raise Problem(f"{path}: attempts is {attempts!r}; write one of {', '.join(ATTEMPTS)}.")
    due = dict(_lesson(path, one) for one in said.get("lessons") or [])
    if not due:
        raise Problem(f"{path}: lessons is empty. Write at least one: - id: stages")
    return Cohort(folder, name.strip(), due, tuple(read_roster(folder / ROSTER)), float(mastery), attempts)


def _lesson(path: Path, said: Any) -> tuple[str, datetime | None]:
    """Read one lesson of cohort.yml: its name alone, or `id` and `due` (a day counts to its end, UTC)."""
    said = {"id": said} if isinstance(said, str) else said
    if not isinstance(said, dict) or not isinstance(said.get("id"), str) or set(said) - {"id", "due"}:
        raise Problem(
            f"{path}: a lesson is written as `id: stages` with, if you like, `due: 2026-05-08`; not {said!r}."
        )
    moment = said.get("due")
    if isinstance(moment, str):
        try:
            moment = datetime.fromisoformat(moment)
        except ValueError:
            raise Problem(f"{path}: {said['id']} is due {moment!r}; write a date such as 2026-05-08.") from None
    if isinstance(moment, date) and not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(23, 59, 59))
    if moment is not None and not isinstance(moment, datetime):
        raise Problem(f"{path}: {said['id']} is due {moment!r}; write a date such as 2026-05-08.")
    if moment is not None:
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return said["id"], moment


def read_roster(path: Path) -> list[Learner]:
    """Read a roster: CSV with the columns id, first_name, last_name, email (only id is needed).

    Raises Problem with the line of the first fault.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise Problem(f"{path} is missing. Write one line a learner under: id,first_name,last_name,email") from None
    except UnicodeDecodeError as error:
        raise Problem(f"{path} is not UTF-8 text. Save it again as “CSV UTF-8”.") from error
    first = text.splitlines()[0] if text.strip() else ""
    rows = csv.DictReader(text.splitlines(), delimiter=";" if first.count(";") > first.count(",") else ",")
    if "id" not in (rows.fieldnames or []):
        raise Problem(f"{path}, line 1: there is no column “id”. Begin with: id,first_name,last_name,email")
    learners: list[Learner] = []
    for row in rows:
        values = {name: (row.get(name) or "").strip() for name in ("id", "first_name", "last_name", "email")}
        if not any(values.values()):
            continue
        try:
            values["id"] = normalise(values["id"])
        except Problem as problem:
            raise Problem(f"{path}, line {rows.line_num}: {problem}") from problem
        if values["id"] in {learner.id for learner in learners}:
            raise Problem(f"{path}, line {rows.line_num}: {values['id']} is there twice. Keep one line a learner.")
        learners.append(Learner(**values))
    if not learners:
        raise Problem(f"{path} names nobody. Write one line a learner.")
    return learners


def _roster_text(learners: Iterable[Learner]) -> str:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["id", "first_name", "last_name", "email"])
    rows.writerows([one.id, one.first_name, one.last_name, one.email] for one in learners)
    return text.getvalue()


def _write_once(path: Path, text: str) -> None:
    """Write a file that is not there yet, whole or not at all."""
    if path.exists():
        return
    beside = path.with_name(f".{path.name}.part")
    beside.write_text(text, encoding="utf-8", newline="\n")
    beside.replace(path)
