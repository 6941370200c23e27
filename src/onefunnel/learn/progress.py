"""How far a learner is: what is answered, what it earned so far, and how well their own judgement fits.

Read from the files of a workspace (a folder a lesson). Everything here is practice: the graded marks come from the
enablement lead.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onefunnel.learn import cells
from onefunnel.learn.answers import ATTEMPTS, SURE, Answers
from onefunnel.learn.items import UNSCORED, Item, Items, load_items
from onefunnel.learn.reading import reading_only
from onefunnel.learn.scoring import score

if TYPE_CHECKING:
    from onefunnel.learn.world import World

MASTERY = 0.8
FEWEST_QUESTIONS, FEWEST_LESSONS = 3, 2  # below that a share of points says nothing about a skill
FEWEST_TRIES = 5  # below that a share says nothing
LONGEST_LOG = 5_000  # lines of a log of attempts that are read


@dataclass(frozen=True)
class Standing:
    """One lesson in a learner's workspace.

    `earned` holds the points so far of each counted question by its id; `handwritten` says of each written answer that
    a person reads whether it is there.
    """

    items: Items
    answers: Answers
    earned: dict[str, float]
    last_at: datetime | None
    handwritten: dict[str, bool] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        """The lesson's name."""
        return self.items.lesson

    @property
    def counted(self) -> list[Item]:
        """The questions with points."""
        return [item for item in self.items.values() if item.points and item.type not in UNSCORED]

    @property
    def open(self) -> list[Item]:
        """The counted questions without an answer."""
        return [item for item in self.counted if item.id not in self.earned]

    @property
    def begun(self) -> bool:
        """Whether anything was answered."""
        return self.last_at is not None or bool(self.earned)

    @property
    def asked(self) -> int:
        """How many answers count: to questions, and written ones."""
        return len(self.counted) + len(self.handwritten)

    @property
    def answered(self) -> int:
        """How many of them are there."""
        return len(self.counted) - len(self.open) + sum(self.handwritten.values())

    @property
    def done(self) -> bool:
        """Whether every answer that counts is there, or the test was ended without."""
        return self.answers.finished(self.slug) or (self.begun and self.answered == self.asked)

    @property
    def minutes_left(self) -> int:
        """The lesson's minutes, less the share that is answered; rounded up."""
        share = self.answered / self.asked if self.asked and self.begun else 0
        return 0 if self.done else math.ceil(self.items.minutes * (1 - share) - 1e-9)

    @property
    def points(self) -> float:
        """The points so far."""
        return sum(self.earned.values())

    @property
    def most(self) -> float:
        """The points that can be earned without a person who grades."""
        return sum(item.points for item in self.counted)


def standings(workspace: Path, world: World) -> dict[str, Standing]:
    """Return where the learner stands in every lesson of a workspace, by its name; what cannot be read is left out."""
    found = {}
    for path in sorted(workspace.glob("*/*.items.json")):
        if path.name != f"{path.parent.name}.items.json":
            continue
        try:
            items = load_items(path)
            found[items.lesson] = standing(path.parent, items, world)
        except Exception:  # foreign, damaged, of another release: opening that lesson says what to do; here it must
            continue  # not take the page of all the others with it
    return found


def standing(folder: Path, items: Items, world: World) -> Standing:
    """Return where the learner stands in one lesson. Raises Problem for another learner's answers."""
    answers = Answers.read(folder, world.book.learner_id)
    passed = {str(one.get("item")) for one in attempts(folder) if one.get("passed") is True}
    earned, moments, given = {}, [], {}
    for first in items.values():
        entry = answers.entry(first)
        if entry.kept_at:
            moments += _moments(entry.kept_at)
        item = items.asked(first.id, entry.variant, world.book.learner_id)
        if item.type in UNSCORED or not item.points:
            continue
        if item.qualified in passed:  # also what only code has answered
            earned[item.id] = item.points
        elif entry.answer is not None:
            earned[item.id] = score(item, entry.answer, world).share * item.points
        elif reading_only(item, world):  # nothing can be answered, so nothing is open
            given[item.id] = item.points
    if earned or moments:
        earned |= given
    written = cells.written(folder / f"{items.lesson}.ipynb")[0] if items.written else set()
    handwritten = {name: name in written for name in items.written}
    return Standing(items, answers, earned, max(moments, default=None), handwritten)


def attempts(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the attempts noted in a lesson's folder; lines that cannot be read are left out."""
    try:
        lines = (folder / ATTEMPTS).read_text(encoding="utf-8", errors="replace").splitlines()[:LONGEST_LOG]
    except OSError:
        return
    for line in lines:
        try:
            noted = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(noted, dict):
            yield noted


def calibration(workspace: Path) -> dict[str, tuple[int, int]]:
    """Return {how sure: (right, of)} over the first try of each question for which the learner said how sure."""
    right, tries, seen = Counter(), Counter(), set()
    for path in sorted(workspace.glob(f"*/{ATTEMPTS}")):
        for one in attempts(path.parent):
            name, sure = str(one.get("item")), one.get("sure")
            if name in seen:
                continue
            seen.add(name)
            if isinstance(sure, str) and sure in SURE:
                tries[sure] += 1
                right[sure] += one.get("passed") is True
    return {sure: (right[sure], tries[sure]) for sure in SURE if tries[sure]}


def skills(found: dict[str, Standing]) -> dict[str, tuple[float, float]]:
    """Return {skill: (points so far, points of the questions answered)}, only of skills that were tried."""
    points: Counter[str] = Counter()
    most: Counter[str] = Counter()
    for one in found.values():
        for item in one.counted:
            if item.skill and item.id in one.earned and one.items.kind == "lesson":
                points[item.skill] += one.earned[item.id]
                most[item.skill] += item.points
    return {skill: (points[skill], most[skill]) for skill in most}


def can(found: dict[str, Standing]) -> set[str]:
    """Return the skills at the level of mastery on enough evidence.

    That is three answered questions from two lessons, or all that the lessons of `found` ask where they ask for less.
    """
    there: dict[str, list[tuple[str, bool]]] = {}  # by skill: (lesson, answered) of each question
    for one in found.values():
        for item in one.counted if one.items.kind == "lesson" else ():
            if item.skill:
                there.setdefault(item.skill, []).append((one.slug, item.id in one.earned))
    reached = set()
    for skill, tried in skills(found).items():
        asked, answered = there[skill], [slug for slug, given in there[skill] if given]
        questions = min(FEWEST_QUESTIONS, len(asked))
        lessons = min(FEWEST_LESSONS, len({slug for slug, _ in asked}))
        if mastered(tried) and len(answered) >= questions and len(set(answered)) >= lessons:
            reached.add(skill)
    return reached


def mastered(tried: tuple[float, float] | None) -> bool:
    """Tell whether a skill stands at the level of mastery."""
    return tried is not None and tried[0] >= MASTERY * tried[1] - 1e-9


def _moments(text: str) -> list[datetime]:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return []
    return [moment] if moment.tzinfo else []
