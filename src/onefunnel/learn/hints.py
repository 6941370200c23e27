"""Help in three steps: the reason, the worked example's row, the whole solution; then a fresh version.

The whole solution is that of the sample territory T00. Where a question uses no territory's table, T00 has the same
answer: then the version that was missed is solved, but only if a fresh one is asked next. What is chosen is told when
the fresh version comes, but for what is right there too.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from onefunnel.errors import Problem
from onefunnel.learn import simulate, tiles
from onefunnel.learn.items import COMPUTED
from onefunnel.learn.numbers import close
from onefunnel.learn.show import as_text

if TYPE_CHECKING:
    from onefunnel.learn.items import Item
    from onefunnel.learn.scoring import Verdict
    from onefunnel.learn.world import World

DECIDED = frozenset({"rules", "allocate"})


def patience(item: Item) -> int:
    """Return after how many misses the next version is asked: 2 for choices, 3 for what is computed or decided."""
    return 3 if item.type in COMPUTED | DECIDED else 2


def advice(item: Item, verdict: Verdict, misses: int, world: World, fresh: Item | None = None) -> str:
    """Return what to say at the learner's `misses`-th miss of this version (1 = the first).

    `fresh` is the version that is asked from now on, where this was the last miss of this one.
    """
    steps = [verdict.message]
    if misses >= 2 and verdict.faults and not fresh:
        steps.append(f"Not right yet: {', '.join(f'“{fault}”' for fault in verdict.faults)}.")
    if misses >= 2 and item.spec.get("worked"):
        steps.append(f"In the worked example: {item.spec['worked']}")
    if misses >= 3 and item.type in COMPUTED:
        steps.append(whole_solution(item, world))
    if fresh and item.type not in COMPUTED:
        steps.append(was_right(item, fresh, world))
    return "\n".join(step for step in steps if step)


def same_everywhere(item: Item, world: World) -> bool:
    """Tell whether the sample territory has this learner's answer, because no territory's table is used."""
    return close(world.number(item, "demo"), world.number(item), item.unit, item.decimals)


def whole_solution(item: Item, world: World) -> str:
    """Return formula and numbers on T00, or of the missed version itself where a fresh one follows; "" if neither."""
    if not same_everywhere(item, world):
        return _solved(item, world, "demo", "On the sample territory T00")
    if item.variant + 1 < item.versions:
        return _solved(item, world, None, "The whole solution")
    return ""


def was_right(item: Item, fresh: Item, world: World) -> str:
    """Return what was right in a version that is not asked again; "" where nothing of it may be told."""
    try:
        before, now = (as_text(one, simulate.unchecked(one, world), world).splitlines() for one in (item, fresh))
    except Problem:  # a company's own tables may hold no right answer
        return ""
    told = [line for line in before if line not in now]
    return f"What was right: {'; '.join(told)}." if told else ""


def _solved(item: Item, world: World, on: str | None, where: str) -> str:
    """Return one sentence with formula, numbers and result; "" if the tables have too little."""
    value = world.number(item, on)
    if math.isnan(value):
        return ""
    result = world.show(item, value)
    formula = item.formulas["right"]
    if not formula or "tokens" not in item.spec:
        return f"{where}: the answer is {result}."
    labels = {token["id"]: token["label"] for token in item.spec["tokens"]}
    filled = {name: _plain(number) for name, number in world.token_values(item, on).items()}
    try:
        tiles.parse(formula, list(labels))
    except tiles.Broken as problem:
        raise Problem(f"{item.qualified}: the formula in its key cannot be read: {problem}") from None
    return f"{where}: {tiles.spell(formula, labels)} = {tiles.spell(formula, filled)} = {result}."


def _plain(number: float) -> str:
    """Write a number inside a formula: 30,000,000 · 894.92 · 0.0525."""
    digits = 2 if abs(number) >= 1 else 4
    text = f"{number:,.{digits}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")
