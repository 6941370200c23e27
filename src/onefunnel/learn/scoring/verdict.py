"""What scoring says about an answer."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from onefunnel.learn.items import Item
    from onefunnel.learn.world import World

Status = Literal["right", "partial", "wrong", "unanswered"]


@dataclass(frozen=True)
class Verdict:
    """How good an answer is (`share` of the points, 0 to 1), the named misconception it shows, and a sentence.

    `faults` are the labels of the rows or parts that do not fit, for later tries; never what would fit, so no row or
    part is named that has only two options.
    """

    status: Status
    share: float = 0.0
    misconception: str | None = None
    message: str = ""
    faults: tuple[str, ...] = ()


def unanswered(message: str) -> Verdict:
    """There is nothing to judge yet; the message says what to do."""
    return Verdict("unanswered", 0.0, None, message)


def right(item: Item, shown: str = "", note: str = "") -> Verdict:
    """All points; the item's own closing text, with its value (`shown`) filled in."""
    text = str(item.spec.get("after") or "").replace("{value}", shown)
    return Verdict("right", 1.0, None, " ".join(part for part in (text, note) if part))


def graded(item: Item, share: float, misconception: str | None, world: World, otherwise: str) -> Verdict:
    """The verdict for a share of the points: right, partial or wrong, with the misconception's reason or another."""
    if math.isclose(share, 1.0):
        return right(item)
    reason = world.why(misconception, item) if misconception else ""
    status: Status = "partial" if share > 0 else "wrong"
    return Verdict(status, max(0.0, share), misconception, reason or otherwise)


def wrong(item: Item, misconception: str | None, world: World, otherwise: str) -> Verdict:
    """No points, with the misconception's reason, or `otherwise` for one without a name."""
    return graded(item, 0.0, misconception, world, otherwise)
