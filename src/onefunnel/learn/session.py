"""What `ask`, `check` and `explore` share while one notebook is open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import TYPE_CHECKING, Literal, ParamSpec, TypeVar

from onefunnel.errors import Problem
from onefunnel.learn.errors import OneLine, Stop

if TYPE_CHECKING:
    from onefunnel.learn.answers import Answers, Entry
    from onefunnel.learn.items import Item, Items
    from onefunnel.learn.world import World

P = ParamSpec("P")
R = TypeVar("R")
Event = Literal["kept", "judged"]


@dataclass(frozen=True)
class Session:
    """A lesson's questions, what they are computed from, and what the learner has answered."""

    items: Items
    world: World
    answers: Answers
    #: What to do once an item's answer is kept, by item id: pictures that wait for a prediction.
    waiting: dict[str, list[Callable[[], None]]] = field(default_factory=lambda: defaultdict(list))
    #: What is on the page about an item's answer, by item id and then by who drew it: told whatever happens to it.
    followers: dict[str, dict[str, Callable[[Event], None]]] = field(default_factory=lambda: defaultdict(dict))

    def current(self, item_id: str) -> tuple[Item, Entry]:
        """Return a question in the learner's current version and its entry. Raises Problem for an unknown id."""
        entry = self.answers.entry(self.items[item_id])
        return self.items.asked(item_id, entry.variant, self.world.book.learner_id), entry

    @property
    def is_test(self) -> bool:
        """Whether nothing is said about an answer before the end."""
        return self.items.kind != "lesson"

    def follow(self, item_id: str, who: str, act: Callable[[Event], None]) -> None:
        """Call `act` whenever this item's answer is kept or judged. A cell that is run again replaces itself."""
        self.followers[item_id][who] = act

    def kept(self, item_id: str) -> None:
        """Do what waited for this item's answer, and tell all that follow it."""
        for act in self.waiting.pop(item_id, []):
            act()
        self._tell(item_id, "kept")

    def judged(self, item_id: str, by: str) -> None:
        """Tell all that follow this item's answer that it was judged, but not who judged it."""
        self._tell(item_id, "judged", by)

    def _tell(self, item_id: str, event: Event, by: str = "") -> None:
        for who, act in list(self.followers[item_id].items()):
            if who != by:
                act(event)


def one_line(function: Callable[P, R]) -> Callable[P, R]:
    """Let a cell show a Problem as its message alone, not as a traceback."""

    @wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except OneLine:
            raise
        except Problem as problem:
            raise Stop(str(problem)) from None

    return guarded
