"""Help in three steps (1 the reason, 2 the worked example's row, 3 the whole solution on T00), then a fresh version."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from onefunnel.errors import Problem
from onefunnel.learn import tiles
from onefunnel.learn.items import COMPUTED

if TYPE_CHECKING:
    from onefunnel.learn.items import Item
    from onefunnel.learn.scoring import Verdict
    from onefunnel.learn.world import World


def patience(item: Item) -> int:
    """Return after how many misses the next version of a question is asked: 2 for choices, 3 for computed answers."""
    return 3 if item.type in COMPUTED else 2


def advice(item: Item, verdict: Verdict, misses: int, world: World) -> str:
    """Return what to say at the learner's `misses`-th miss of this version (1 = the first)."""
    steps = [verdict.message]
    if misses >= 2 and item.spec.get("worked"):
        steps.append(f"In the worked example: {item.spec['worked']}")
    if misses >= 3 and item.type in COMPUTED:
        steps.append(solution_on_demo(item, world))
    return "\n".join(step for step in steps if step)


def solution_on_demo(item: Item, world: World) -> str:
    """Return the full solution on the sample territory T00: formula, then numbers; "" if T00 has too little."""
    value = world.number(item, "demo")
    if math.isnan(value):
        return ""
    result = world.show(item, value)
    formula = item.formulas["right"]
    if not formula or "tokens" not in item.spec:
        return f"On the sample territory T00 the answer is {result}."
    labels = {token["id"]: token["label"] for token in item.spec["tokens"]}
    filled = {name: _plain(number) for name, number in world.token_values(item, "demo").items()}
    try:
        tiles.parse(formula, list(labels))
    except tiles.Broken as problem:
        raise Problem(f"{item.qualified}: the formula in its key cannot be read: {problem}") from None
    return f"On the sample territory T00: {tiles.spell(formula, labels)} = {tiles.spell(formula, filled)} = {result}."


def _plain(number: float) -> str:
    """Write a number inside a formula: 30,000,000 · 894.92 · 0.0525."""
    digits = 2 if abs(number) >= 1 else 4
    text = f"{number:,.{digits}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")
