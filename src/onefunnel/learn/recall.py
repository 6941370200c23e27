"""Questions that come back: three before a lesson (a warm-up), three on a day after the course.

Only questions that their author marked `recall: true` come back, each time in another version. They earn nothing;
that they were done is noted in `recall.json` of the workspace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onefunnel.errors import Problem
from onefunnel.learn import identity, progress
from onefunnel.learn.answers import FILE as ANSWERS
from onefunnel.learn.files import Unreadable, read_json, set_aside, write_json
from onefunnel.learn.progress import Standing
from onefunnel.learn.session import one_line
from onefunnel.learn.world import World

if TYPE_CHECKING:
    from onefunnel.learn.items import Item

FILE, FORMAT, NOTEBOOK = "recall.json", 1, "today.ipynb"
HOW_MANY = 3
FROM_LESSON = 4  # a warm-up needs three lessons before it
AFTER_DAYS = (7, 30, 90)  # spaced practice after the last lesson
CELL = "from onefunnel.learn import open_today\n\nopen_today()"


@dataclass
class Log:
    """What was asked again so far. Written through to the file at each change."""

    workspace: Path
    learner: str
    asked: list[dict[str, Any]]

    @classmethod
    def load(cls, workspace: Path, learner: str) -> Log:
        """Read the workspace's log; one that is damaged or another learner's counts as empty."""
        try:
            content = read_json(workspace / FILE) or {}
        except Unreadable:
            content = {}
        asked = content.get("asked") if content.get("learner") == learner else None
        rows = asked if isinstance(asked, list) else []
        return cls(workspace, learner, [row for row in rows if isinstance(row, dict)])

    def times(self, item: Item) -> int:
        """Return how often a question has come back."""
        return sum(row.get("item") == item.qualified for row in self.asked)

    def done_for(self, occasion: str) -> int:
        """Return how many questions were answered on an occasion (a lesson's name, or a day)."""
        return sum(row.get("for") == occasion for row in self.asked)

    def add(self, item: Item, occasion: str, right: bool) -> None:
        """Note one answered question. Raises Problem if the workspace cannot be written to."""
        moment = datetime.now(UTC).isoformat(timespec="seconds")
        row = {"item": item.qualified, "variant": item.variant, "for": occasion, "at": moment, "right": right}
        try:
            read_json(self.workspace / FILE)
        except Unreadable:
            set_aside(self.workspace / FILE)
        self.asked.append(row)
        write_json(self.workspace / FILE, {"format": FORMAT, "learner": self.learner, "asked": self.asked})


def warm_up(workspace: Path, slug: str, world: World, log: Log) -> list[Item]:
    """Return the three questions before lesson `slug`; none before the fourth lesson, or when they are done.

    One from the last lesson, one from two or three lessons back, one from the oldest skill below mastery.
    """
    begun = [path for path in workspace.glob(f"*/{ANSWERS}") if path.parent.name != slug]
    if len(begun) < FROM_LESSON - 1 or log.done_for(slug) >= HOW_MANY:
        return []  # before anything is scored: this runs whenever a lesson is opened
    found = progress.standings(workspace, world)
    before = [one for one in _latest_first(found.values()) if one.slug != slug]
    if len(before) < FROM_LESSON - 1:
        return []
    weak = [one for one in before[::-1] if _weak_items(one, found)]
    pools = [
        _recallable(before[:1]),
        _recallable(before[1:3]),
        [item for one in weak[:1] for item in _weak_items(one, found)],
        _recallable(before),
    ]
    return _one_of_each(pools, found, log)


def today(workspace: Path, world: World, log: Log) -> list[Item]:
    """Return three questions over all lessons that were begun: skills below mastery first, then the longest unseen."""
    found = progress.standings(workspace, world)
    oldest_first = _latest_first(found.values())[::-1]
    weak = [item for one in oldest_first for item in _weak_items(one, found)]
    return _one_of_each([weak, weak, weak, _recallable(oldest_first)], found, log)


def finished_on(found: Iterable[Standing]) -> date | None:
    """Return the day of the last answer in any lesson, None before the first."""
    moments = [one.last_at for one in found if one.last_at and one.items.kind == "lesson"]
    return max(moments).date() if moments else None


def _latest_first(found: Iterable[Standing]) -> list[Standing]:
    begun = [one for one in found if one.last_at is not None and one.items.kind == "lesson"]
    return sorted(begun, key=lambda one: (one.last_at, one.slug), reverse=True)


def _recallable(lessons: Iterable[Standing]) -> list[Item]:
    return [item for one in lessons for item in one.items.values() if item.recall and item.versions > 1]


def _weak_items(one: Standing, found: dict[str, Standing]) -> list[Item]:
    tried = progress.skills(found)
    return [item for item in _recallable([one]) if not progress.mastered(tried.get(item.skill or ""))]


def _one_of_each(pools: list[list[Item]], found: dict[str, Standing], log: Log) -> list[Item]:
    """Take from each pool in turn the question that came back least often, each once, until there are three."""
    taken: dict[str, Item] = {}
    for pool in [*pools, *pools[-1:] * HOW_MANY]:
        free = [item for item in pool if item.qualified not in taken]
        if free and len(taken) < HOW_MANY:
            item = min(free, key=log.times)
            taken[item.qualified] = _fresh(item, found[item.lesson], log)
    return list(taken.values())


def _fresh(item: Item, one: Standing, log: Log) -> Item:
    """Return the version after the one that was met last."""
    return item.current((one.answers.entry(item).variant + 1 + log.times(item)) % item.versions)


# --- on the page ---------------------------------------------------------------------------------------------------


def draw(items: list[Item], world: World, done: Callable[[Item, bool], None]) -> Any:
    """Return the questions as one widget; `done(item, right)` is called once for each that was answered."""
    import ipywidgets as widgets

    from onefunnel.learn.ask import Context
    from onefunnel.learn.hints import advice
    from onefunnel.learn.scoring import score
    from onefunnel.learn.show import as_html
    from onefunnel.learn.widgets import item_widget

    def question(item: Item) -> list[widgets.Widget]:
        kept: dict[str, Any] = {}
        drawn = item_widget(item, None, kept.update, Context(item, world))
        button = widgets.Button(
            description="Check my answer", button_style="primary", tooltip=f"Check my answer: {item.title}"
        )
        said = widgets.HTML()
        said.add_class("of-verdict")

        def tell(_: object) -> None:
            why = drawn.commit()
            if why:
                said.value = as_html(f"{why} Nothing was judged.", "Not yet:")
                return
            verdict = score(item, kept, world)
            if verdict.status == "unanswered":
                said.value = as_html(verdict.message, "Not yet:")
                return
            right = verdict.status == "right"
            text = verdict.message if right else advice(item, verdict, 2, world)
            said.value = as_html(text, "✔ Right." if right else "Not right.")
            button.disabled = True
            try:
                done(item, right)
            except Problem as problem:
                said.value += as_html(str(problem), "Not noted.")

        button.on_click(tell)
        return [widgets.HTML(as_html(item.prompt, f"{item.title}.")), drawn, button, said]

    return widgets.VBox([part for item in items for part in question(item)])


def show_warm_up(folder: Path, slug: str, world: World) -> None:
    """Draw the warm-up before a lesson, where there is one. Nothing of it may keep the lesson from opening."""
    from IPython.display import display

    from onefunnel.learn.show import say

    workspace = folder.parent
    log = Log.load(workspace, world.book.learner_id)
    items = warm_up(workspace, slug, world, log)
    if items:
        say("Warm-up: three questions from before, with other numbers. Two minutes; nothing is counted.")
        display(draw(items, world, lambda item, right: log.add(item, slug, right)))


@one_line
def open_today() -> None:
    """Show three questions from lessons that were begun, and say when the next three are due."""
    from IPython.display import display

    from onefunnel import data, playbook
    from onefunnel.learn.show import say

    workspace = Path.cwd()
    learner = identity.who(workspace)
    if learner is None:
        raise Problem("this folder does not say whose it is. Start again with: python kit.py learn")
    world, day = World.of(data.load(), playbook.load(), learner), datetime.now(UTC).date()
    log = Log.load(workspace, learner)
    items = today(workspace, world, log)
    say(when(finished_on(progress.standings(workspace, world).values()), day))
    if items:
        display(draw(items, world, lambda item, right: log.add(item, day.isoformat(), right)))
    else:
        say("No question can come back yet: do a lesson first.")


def when(finished: date | None, day: date) -> str:
    """Return one sentence on the days that are due: 7, 30 and 90 days after the last answer."""
    if finished is None:
        return "Three questions, whenever you like."
    passed = (day - finished).days
    coming = next((days for days in AFTER_DAYS if days > passed), None)
    text = f"Your last lesson was {passed} days ago."
    return f"{text} The next three are due on day {coming}." if coming else f"{text} These are the last three."
