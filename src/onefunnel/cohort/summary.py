"""What a cohort's gradebook says, gathered for the report: learners, exercises, misconceptions."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Grade

from onefunnel.cohort.course import Cohort, Learner
from onefunnel.cohort.feedback import late, monday_line
from onefunnel.cohort.skills import SkillRow, team_map
from onefunnel.cohort.written import ToRead, to_read
from onefunnel.errors import Problem
from onefunnel.grading.course import Course
from onefunnel.grading.gradebook import SharedGradebook, open_gradebook
from onefunnel.grading.outcomes import OUTCOMES
from onefunnel.grading.record import Record, all_stored
from onefunnel.learn.items import Items, load_items
from onefunnel.learn.world import World
from onefunnel.playbook import Playbook
from onefunnel.playbook import load as load_playbook

FEWEST = 5  # below this many, a share says more about a person than about a question


@dataclass(frozen=True)
class Standing:
    """One learner in one lesson. `points` of `out_of` are decided; `waiting` answers want a person's reading."""

    learner: str
    lesson: str
    outcome: str
    title: str
    sentence: str
    scored: bool
    points: float = 0.0
    out_of: float = 0.0
    waiting: int = 0
    late: str = ""
    monday: str = ""
    page: str = ""

    @property
    def share(self) -> float | None:
        """Points over points decided, None without a score."""
        return self.points / self.out_of if self.scored and self.out_of else None


@dataclass
class Exercise:
    """One counted question over the cohort. Shares are of the learners whose lesson was graded."""

    lesson: str
    id: str
    title: str
    most: float
    answered: int = 0
    right: int = 0
    partly: int = 0
    points: float = 0.0
    waiting: int = 0
    tried: int = 0
    first_try: int = 0
    misconceptions: Counter[str] = field(default_factory=Counter)

    @property
    def share_right(self) -> float | None:
        """Full points, as a share; None before anybody is graded."""
        return self.right / self.answered if self.answered else None

    @property
    def first_share(self) -> float | None:
        """Right at the first try, among those with a log of attempts; None below five of them."""
        return self.first_try / self.tried if self.tried >= FEWEST else None


@dataclass(frozen=True)
class Misconception:
    """A named misconception that was met: how many learners showed it in this exercise, and what to say about it."""

    id: str
    name: str
    lesson: str
    exercise: str
    learners: int
    why: str


@dataclass(frozen=True)
class Summary:
    """Everything the report shows."""

    cohort: Cohort
    titles: dict[str, str]
    standings: dict[str, dict[str, Standing]]
    exercises: list[Exercise]
    misconceptions: list[Misconception]
    strangers: list[Record]
    tests: frozenset[str] = frozenset()  # lessons that are tests before or after the course: counted by nobody
    rubrics: list[ToRead] = field(default_factory=list)
    skills: list[SkillRow] = field(default_factory=list)

    def passed(self, learner: str) -> bool:
        """Whether a learner has mastered every lesson; a test before or after the course does not count."""
        lessons = self.standings[learner].items()
        shares = [standing.share for slug, standing in lessons if slug not in self.tests]
        return all(share is not None and share >= self.cohort.mastery - 1e-9 for share in shares)


def summarise(cohort: Cohort, playbook: Playbook | None = None) -> Summary:
    """Read the gradebook and the graded notebooks. Nothing is computed anew: no learner's code runs."""
    course, playbook = cohort.course(), playbook or load_playbook()
    lessons = {slug: _Lesson(course, slug, playbook) for slug in cohort.lessons}
    names = misconception_names(cohort, playbook)
    exercises = {slug: lesson.exercises() for slug, lesson in lessons.items()}
    standings: dict[str, dict[str, Standing]] = {}
    with open_gradebook(course.directory.db_url, course.directory.course_id) as gradebook:
        records = {(one.learner, one.assignment): one for one in all_stored(gradebook)}
        for learner in cohort.learners:
            standings[learner.id] = {}
            for slug, lesson in lessons.items():
                record = records.get((learner.id, slug))
                grades = _grades(gradebook, learner.id, slug) if record and record.scored else []
                standings[learner.id][slug] = _standing(
                    course, learner, slug, record, records.get((learner.id, "")), grades
                )
                if record and record.scored:
                    lesson.count(learner.id, grades, exercises[slug], cohort.attempts != "off")
    known = {learner.id for learner in cohort.learners}
    flat = [exercise for slug in cohort.lessons for exercise in exercises[slug].values()]
    tests = frozenset(slug for slug, lesson in lessons.items() if lesson.items and lesson.items.kind != "lesson")
    return Summary(
        cohort,
        {slug: lesson.title for slug, lesson in lessons.items()},
        standings,
        flat,
        _misconceptions([one for one in flat if one.lesson not in tests], lessons, names),
        [record for (who, _), record in sorted(records.items()) if who not in known],
        tests,
        list(to_read(flat)),
        team_map(cohort, course, playbook),
    )


def misconception_names(cohort: Cohort, playbook: Playbook) -> dict[str, str]:
    """Plain names by id: the metrics' traps, then what the lessons' front matter calls them."""
    from onefunnel.lessons.build import sources
    from onefunnel.lessons.lesson import load

    names = {trap.id: trap.name for metric in playbook.metrics for trap in metric.traps}
    for slug, path in sources().items():
        lesson, _ = load(path, playbook)
        if slug in cohort.lessons and lesson.front is not None:
            names |= lesson.front.misconceptions
    return names


class _Lesson:
    """A lesson in the course: its graded cells, their questions, what each misconception sounds like."""

    def __init__(self, course: Course, slug: str, playbook: Playbook) -> None:
        self.course, self.slug = course, slug
        self.title, self.cells = slug, {}
        source = course.folder("source", ".", slug)
        try:
            self.items: Items | None = load_items(source / f"{slug}.items.json")
            self.title = self.items.title or slug
        except Problem:
            self.items = None  # an ordinary nbgrader lesson, without questions of ours
        for path in sorted(source.glob("*.ipynb")):
            for cell in nbformat.read(path, as_version=4).cells:
                about = cell.metadata.get("nbgrader", {})
                if about.get("grade"):
                    self.cells[about["grade_id"]] = (_exercise_id(cell), float(about["points"]))
        self.why = World(None, None, None, None, playbook).why  # only the playbook has a say in it

    def exercises(self) -> dict[str, Exercise]:
        """Return an empty count for every graded cell, in the order of the notebook."""
        return {
            grade_id: Exercise(self.slug, name, self._title(name), most)
            for grade_id, (name, most) in self.cells.items()
        }

    def _title(self, name: str) -> str:
        if self.items and name in self.items:
            return self.items[name].title
        return "Written answer" if name.startswith("W") else name

    def count(self, learner: str, grades: list[Grade], exercises: dict[str, Exercise], attempts: bool) -> None:
        """Add one learner's graded lesson to the counts."""
        outputs = self._outputs(learner)
        tries = _first_tries(self.course.folder("submitted", learner, self.slug) / "attempts.jsonl") if attempts else {}
        for grade in grades:
            exercise = exercises.get(grade.name)
            if exercise is None:
                continue
            if grade.needs_manual_grade and grade.manual_score is None:
                exercise.waiting += 1
                continue
            score = float(grade.score)
            exercise.answered += 1
            exercise.points += score
            exercise.right += score >= exercise.most - 1e-9
            exercise.partly += 0 < score < exercise.most - 1e-9
            for name in self._shown(exercise.id, outputs.get(grade.name, "")):
                exercise.misconceptions[name] += 1
            first = tries.get(f"{self.slug}/{exercise.id}")
            if first is not None:
                exercise.tried += 1
                exercise.first_try += first

    def _outputs(self, learner: str) -> dict[str, str]:
        """Return what each check said, by cell."""
        said = {}
        for path in sorted(self.course.folder("autograded", learner, self.slug).glob("*.ipynb")):
            for cell in nbformat.read(path, as_version=4).cells:
                grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
                if grade_id in self.cells and cell.cell_type == "code":
                    said[grade_id] = " ".join(_texts(cell))
        return said

    def _shown(self, name: str, said: str) -> Iterator[str]:
        """Yield the misconception that a check named: its reason is what the check said."""
        if not (said and self.items and name in self.items):
            return
        item = self.items[name]
        for version in range(item.versions):
            current = item.current(version)
            for misconception in current.misconceptions:
                why = self.why(misconception, current)
                if why and (_plain(why) in _plain(said)):
                    yield misconception
                    return


def _standing(
    course: Course, learner: Learner, slug: str, record: Record | None, whole: Record | None, grades: list[Grade]
) -> Standing:
    """Put together one learner's row of one lesson; a file that was refused as a whole speaks for every lesson."""
    record = record or whole
    if record is None:
        outcome = OUTCOMES["not_handed_in"]
        return Standing(learner.id, slug, outcome.id, outcome.title, outcome.sentences(slug)[1], False)
    decided = [grade for grade in grades if not (grade.needs_manual_grade and grade.manual_score is None)]
    penalty = sum(notebook.late_submission_penalty or 0 for notebook in {grade.notebook for grade in grades})
    page = course.folder("feedback", learner.id, slug) / f"{slug}.html"
    return Standing(
        learner.id,
        slug,
        record.outcome,
        OUTCOMES[record.outcome].title,
        " ".join([record.for_lead, *(f"{note}." for note in record.notes.splitlines())]),
        record.scored,
        points=max(0.0, sum(float(grade.score) for grade in decided) - penalty),
        out_of=sum(float(grade.max_score) for grade in decided),
        waiting=len(grades) - len(decided),
        late=late(record.seconds_late) if record.seconds_late else "",
        monday=monday_line(course.folder("submitted", learner.id, slug) / "answers.json") if record.scored else "",
        page=page.relative_to(course.root).as_posix() if page.is_file() and page.is_relative_to(course.root) else "",
    )


def _misconceptions(
    exercises: list[Exercise], lessons: dict[str, _Lesson], names: dict[str, str]
) -> list[Misconception]:
    """List every misconception that was met, the most common first."""
    met = []
    for exercise in exercises:
        lesson = lessons[exercise.lesson]
        for name, learners in exercise.misconceptions.items():
            why = lesson.why(name, lesson.items[exercise.id])
            plain = names.get(name, name.replace("_", " ").capitalize())
            met.append(Misconception(name, plain, exercise.lesson, exercise.title, learners, why))
    return sorted(met, key=lambda one: (-one.learners, one.lesson, one.name))


def _grades(gradebook: SharedGradebook, learner: str, lesson: str) -> list[Grade]:
    submission = gradebook.find_submission(lesson, learner)
    return [grade for notebook in submission.notebooks for grade in notebook.grades]


def _exercise_id(cell: Any) -> str:
    tags = [tag for tag in cell.metadata.get("tags", []) if tag.startswith(("check:", "written:"))]
    return tags[0].partition(":")[2] if tags else cell.metadata["nbgrader"]["grade_id"]


def _texts(cell: Any) -> Iterator[str]:
    for output in cell.outputs:
        if output.output_type == "error":
            yield " ".join(output.traceback)
        elif output.output_type in ("execute_result", "display_data"):
            yield html.unescape(re.sub(r"<[^>]+>", " ", str(output.data.get("text/html", ""))))


def _plain(text: str) -> str:
    """Letters and digits only: markup and line breaks on the way do not matter."""
    return re.sub(r"[\W_]+", " ", html.unescape(text)).strip().casefold()


def _first_tries(path: Path) -> dict[str, bool]:
    """Return whether the first logged attempt at each item passed. Broken lines (a learner's file) are skipped."""
    first: dict[str, bool] = {}
    try:
        lines = path.read_text(encoding="utf-8", errors="replace")[:2_000_000].splitlines()
    except OSError:
        return first
    for line in lines:
        try:
            said = json.loads(line)
            first.setdefault(str(said["item"]), said["passed"] is True)
        except (ValueError, KeyError, TypeError, RecursionError):
            continue
    return first
