"""Answers that are a number: typed, computed by a line of code, slid to, or built from tiles."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from onefunnel.learn import numbers, tiles
from onefunnel.learn.scoring.plain import NotPlain, plain
from onefunnel.learn.scoring.verdict import Verdict, right, unanswered, wrong

if TYPE_CHECKING:
    from onefunnel.learn.items import Item
    from onefunnel.learn.world import World

_BY_CHANCE = "Right on these tables only by chance: on another territory the same formula goes wrong."
_COMPARE = "The number does not fit your tables. Compare each part of your calculation with the worked example."
_SHORT = "Your formula is shorter than the one that is asked for: parts are missing. Which numbers belong in it too?"


def number(item: Item, answer: Mapping[str, Any], world: World) -> Verdict:
    """A number typed into a box."""
    said = answer.get("text")
    if not isinstance(said, str) or not said.strip():
        return unanswered("type a number.")
    readings = numbers.read(said)
    if not readings:
        return unanswered(f"“{said[:40]}” cannot be read as a number. Write it like {_example(item)}.")
    return _judge(item, readings, world, said)


def line(item: Item, code: object, world: World) -> Verdict:
    """A number computed by a line of code."""
    if callable(code):
        return unanswered("you handed over a function. Call it, and hand over the number it gives.")
    try:
        value = plain(code)
    except NotPlain as problem:
        return unanswered(f"the answer should be one number, but {problem}.")
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    readings = numbers.read(value)
    if readings:
        return _judge(item, readings, world, value)
    return unanswered(f"the answer should be one number, but yours is {_kind(value)}.")


def _judge(item: Item, readings: tuple[numbers.Reading, ...], world: World, said: object) -> Verdict:
    value = world.number(item)
    met = [match for match in (numbers.meets(r, value, item.unit, item.decimals) for r in readings) if match]
    shown = world.show(item, value)
    if any(match.how == "exact" for match in met):
        return right(item, shown)
    if any(match.how == "fraction" for match in met):
        typed = isinstance(said, str)
        return right(item, shown, f"(You wrote it as a fraction; as a percentage it is {shown}.)" if typed else "")
    if met:
        return unanswered(f"the digits are right, the percent sign is not. Did you mean {shown}? Write it so.")
    name = _named(item, readings, world)
    if not name and numbers.rounded_too_much(said, value, item.unit, item.decimals):
        return unanswered(f"nearly. Give it with {item.decimals} decimal{'s' * (item.decimals != 1)}.")
    return wrong(item, name, world, _COMPARE)


def _named(item: Item, readings: tuple[numbers.Reading, ...], world: World) -> str | None:
    """Return the misconception whose value was given, written in any way the right value could be."""
    for name, value in world.wrong_numbers(item).items():
        if any(numbers.meets(reading, value, item.unit, item.decimals) for reading in readings):
            return name
    return None


def target(item: Item, answer: Mapping[str, Any], world: World) -> Verdict:
    """A slider's kept position; right within the item's tolerance (or half a step)."""
    said = numbers.as_float(answer.get("value")) / item.slider_scale
    if not math.isfinite(said):
        return unanswered("slide to your answer and keep it.")
    value, reach = world.number(item), target_tolerance(item)
    if abs(said - value) <= reach:
        return right(item, world.show(item, value))
    near = {name: abs(said - other) for name, other in world.wrong_numbers(item).items() if abs(said - other) <= reach}
    return wrong(
        item,
        min(near, key=near.get) if near else None,
        world,
        "The stated outcome does not hold there. Look at the line under the slider.",
    )


def target_tolerance(item: Item) -> float:
    """How far from the exact value a slider may stand, as a raw number."""
    step = float(item.spec["slider"].get("step") or 0) / item.slider_scale
    return max(float(item.spec.get("tolerance") or 0), step / 2) * (1 + 1e-9)


def formula(item: Item, answer: Mapping[str, Any], world: World) -> Verdict:
    """A formula of tiles: right only if it gives the right value on the learner's book and on the second one.

    Where the value is not defined on the second book (a target that is reached already has no coverage), that book
    cannot tell right from wrong, and the first one decides alone.
    """
    said = answer.get("formula")
    if not isinstance(said, list) or not said:
        return unanswered("build your formula from the tiles.")
    try:
        tree = tiles.parse(said, [token["id"] for token in item.spec["tokens"]])
    except tiles.Broken as problem:
        return unanswered(str(problem))
    mine = tiles.evaluate(tree, world.token_values(item))
    if not _same(mine, world.number(item)):
        short = len(said) < len(item.formulas["right"] or ())
        return wrong(item, next(iter(_shown(item, mine, world)), None), world, _SHORT if short else _COMPARE)
    other, expected = tiles.evaluate(tree, world.token_values(item, "second")), world.number(item, "second")
    if not math.isnan(expected) and not _same(other, expected):
        on_both = [name for name in _shown(item, other, world, "second") if name in _shown(item, mine, world)]
        return wrong(item, next(iter(on_both), None), world, _BY_CHANCE)
    return right(item, world.show(item, mine))


def _shown(item: Item, mine: float, world: World, on: str | None = None) -> list[str]:
    """Return the misconceptions that give this value on these tables, by a named wrong formula or wrong value."""
    if math.isnan(mine):
        return []
    values, known = world.token_values(item, on), [token["id"] for token in item.spec["tokens"]]
    named = [(name, tiles.evaluate(tiles.parse(f, known), values)) for name, f in item.formulas["wrong"].items()]
    named += world.wrong_numbers(item, on).items()
    return [name for name, value in named if _same(mine, value)]


def _same(left: float, right_value: float) -> bool:
    """Formulas are computed, not typed: they must agree to nine digits, not just to the shown ones."""
    return (math.isnan(left) and math.isnan(right_value)) or math.isclose(
        left, right_value, rel_tol=1e-9, abs_tol=1e-12
    )


def _example(item: Item) -> str:
    return numbers.show(12.3 / 100 if item.unit == "percent" else 12.3, item.unit, item.decimals)


def _kind(value: object) -> str:
    return {list: "a list of several values", dict: "a table or a dictionary", str: "a text", bool: "a yes/no"}.get(
        type(value), "something else"
    )
