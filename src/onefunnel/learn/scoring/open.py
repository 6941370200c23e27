"""Answers without points: a prediction, a written answer."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from onefunnel.learn import numbers
from onefunnel.learn.scoring.choices import options
from onefunnel.learn.scoring.verdict import Verdict, right, unanswered

if TYPE_CHECKING:
    from onefunnel.learn.items import Item
    from onefunnel.learn.world import World


def predict(item: Item, answer: Mapping[str, Any], world: World) -> Verdict:
    """A prediction is done or not done; it is compared with the result at the end of the lesson."""
    if "slider" in item.spec:
        done = math.isfinite(numbers.as_float(answer.get("value")))
    else:
        said = answer.get("choice")
        done = isinstance(said, str) and said in dict(options(item, world))
    return (
        right(item, note="Your prediction is kept.")
        if done
        else unanswered("make your prediction first. It costs nothing.")
    )


def text(item: Item, answer: Mapping[str, Any], world: World) -> Verdict:
    """A written answer is done or not done; a person (or the learner, with the exemplars) judges it."""
    said = answer.get("text")
    if not isinstance(said, str) or not said.strip():
        return unanswered("write your answer and keep it.")
    words, most = len(said.split()), int(item.spec.get("max_words") or 0)
    return right(item, note=f"You wrote {words} words; {most} are the limit." if most and words > most else "")
