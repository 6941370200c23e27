"""Scoring: an item, an answer and a world give a verdict. Pure: no files, widgets, clock or working directory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from onefunnel.learn.scoring import choices, computed, functions, open, outcomes
from onefunnel.learn.scoring.verdict import Verdict

if TYPE_CHECKING:
    from onefunnel.learn.items import Item
    from onefunnel.learn.world import World

__all__ = ["Verdict", "score"]

_SCORERS: dict[str, Callable[[Item, Mapping[str, Any], World], Verdict]] = {
    "predict": open.predict,
    "number": computed.number,
    "tiles": computed.formula,
    "two_tier": choices.two_tier,
    "order": choices.order,
    "claim": choices.claim,
    "match": choices.match,
    "sort": choices.match,
    "matrix": open.matrix,
    "hotspot": choices.hotspot,
    "target": computed.target,
    "best_worst": choices.best_worst,
    "rules": outcomes.rules,
    "allocate": outcomes.allocate,
    "text": open.text,
}


def score(item: Item, answer: object, world: World, code: object = None) -> Verdict:
    """Judge one answer of the item's current variant.

    `answer` is what the widget kept, or None: {"choice": id} or {"value": x} (predict), {"text": "26,4 %"} (number),
    {"formula": [tile, …]}, {"parts": {part: option}}, {"position": {row: place}}, {"rows": {row: option}},
    {"picked": [option, …]}, {"value": x} (target), {"best": id, "worst": id}, {"rules": [{column, test, value}, …]},
    {"plan": {row: amount}}, {"text": …, "self": {row: 0 to 3}}.
    `code` is the learner's number or function where the item has a code twin: if either is right, the exercise is
    right. Whatever `answer` and `code` hold, nothing is raised.
    """
    kept = _SCORERS[item.type](item, answer if isinstance(answer, Mapping) else {}, world)
    if code is None or code is ... or item.type not in ("number", "tiles") or kept.status == "right":
        return kept
    written = functions.function(item, code, world) if "function" in item.spec else computed.line(item, code, world)
    # Of two answers that are not right, the code is the one that was just handed to the check.
    return kept if written.status == "unanswered" and kept.status != "unanswered" else written
