"""Answers without points: a prediction, a matrix of one's own view, a written answer."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from onefunnel.learn import numbers
from onefunnel.learn.scoring.choices import chosen_rows, options, rows
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


def matrix(item: Item, answer: Mapping[str, Any], world: World) -> Verdict:
    """A matrix is done when every row has its level; nobody but the learner knows whether it is right."""
    still_open = len(rows(item, world)) - len(chosen_rows(item, answer, world))
    return unanswered(f"{still_open} rows are still open.") if still_open else right(item, note="Your view is kept.")


def text(item: Item, answer: Mapping[str, Any], world: World) -> Verdict:
    """A written answer is done or not done; a person (or the learner, with the exemplars) judges it."""
    said = answer.get("text")
    if not isinstance(said, str) or not said.strip():
        return unanswered("write your answer and keep it.")
    words, most = len(said.split()), int(item.spec.get("max_words") or 0)
    return right(item, note=f"You wrote {words} words; {most} are the limit." if most and words > most else "")
