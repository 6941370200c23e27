"""Answers made to order: right ones, and ones that show a named misconception.

Lesson tests, the build-time gates and the sample cohort answer with them, so that no literal answer is kept anywhere.
Every answer made here is scored before it is returned: one that does not do what was asked is a Problem of the item.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import combinations, permutations
from typing import TYPE_CHECKING, Any

from onefunnel.errors import Problem
from onefunnel.learn import numbers
from onefunnel.learn.scoring import choices, outcomes, score

if TYPE_CHECKING:
    from onefunnel.learn.items import Item
    from onefunnel.learn.world import Call, World

Answer = dict[str, Any]


def right_answer(item: Item, world: World) -> Answer:
    """Return an answer that earns all points (without points: one that counts as done). Problem if there is none."""
    answer = unchecked(item, world)
    if score(item, answer, world).status != "right":
        raise Problem(f"{item.qualified}: its own key {answer} is not scored as right. Mend the key or the value.")
    return answer


def unchecked(item: Item, world: World) -> Answer:
    """Return the answer that the item's key names, whether or not it earns all points on this book."""
    return _RIGHT[item.type](item, world)


def wrong_answer(item: Item, misconception: str | None, world: World) -> Answer:
    """Return an answer that shows the misconception (None: any that is wrong). Problem if there is none."""
    for answer in _wrong(item, misconception, world):
        verdict = score(item, answer, world)
        if verdict.status in ("wrong", "partial") and misconception in (None, verdict.misconception):
            return answer
    raise Problem(
        f"{item.qualified}: no answer shows {misconception or 'a mistake'} on the book of {world.book.learner_id}. "
        "Name a wrong value, formula or choice for it, or give the item other numbers."
    )


def right_code(item: Item, world: World) -> float | Callable[..., Any]:
    """Return what the code twin of a number or tiles item should hand over: a number, or a function."""
    if "function" not in item.spec:
        return world.number(item)
    return _function(world.call(item.spec["value"]))


def wrong_code(item: Item, misconception: str, world: World) -> float | Callable[..., Any]:
    """Return a number or function that shows one of the misconceptions named in the item's `wrong`."""
    known = world.wrong_calls(item)
    if misconception not in known:
        raise Problem(f"{item.qualified}: code cannot show {misconception}; it can show {', '.join(known) or 'none'}.")
    return _function(known[misconception]) if "function" in item.spec else world.wrong_numbers(item)[misconception]


def _function(call: Call) -> Callable[..., Any]:
    from onefunnel.metrics import catalogue

    return catalogue.resolve(call.compute)


# --- right ones, a type each ---------------------------------------------------------------------------------------


def _prediction(item: Item, world: World) -> Answer:
    if "slider" in item.spec:
        return {"value": float(item.spec["slider"]["min"])}
    return {"choice": choices.options(item, world)[0][0]}


def _number(item: Item, world: World) -> Answer:
    return {"text": numbers.show(world.number(item), item.unit, item.decimals)}


def _tiles(item: Item, world: World) -> Answer:
    if not item.formulas["right"]:
        raise Problem(f"{item.qualified}: its key holds no formula. Add `solution: {{formula: […]}}`.")
    return {"formula": list(item.formulas["right"])}


def _two_tier(item: Item, world: World) -> Answer:
    return {"parts": {part["id"]: _fitting(item, part, world, True)[0] for part in item.spec["parts"]}}


def _order(item: Item, world: World) -> Answer:
    return _positions(_sequence(item, world))


def _match(item: Item, world: World) -> Answer:
    offered, right = [option for option, _ in choices.options(item, world)], choices.right_rows(item, world)
    found = {row: [o for o in offered if right(row, o)] for row, _ in choices.rows(item, world)}
    if not all(found.values()):
        keyless = ", ".join(row for row, fitting in found.items() if not fitting)
        raise Problem(f"{item.qualified}: no option is right for {keyless} on the book of {world.book.learner_id}.")
    return {"rows": {row: fitting[0] for row, fitting in found.items()}}


def _hotspot(item: Item, world: World) -> Answer:
    return {"picked": choices.right_picks(item, world)}


def _target(item: Item, world: World) -> Answer:
    return {"value": world.number(item) * item.slider_scale}


def _best_worst(item: Item, world: World) -> Answer:
    ranked = sorted((place, option) for option, place in choices.ranks(item, world).items())
    return {"best": ranked[0][1], "worst": ranked[-1][1]}


def _rules(item: Item, world: World) -> Answer:
    return {"rules": item.examples["right"]}


def _allocate(item: Item, world: World) -> Answer:
    return {"plan": outcomes.best_plan(item, world)}


def _matrix(item: Item, world: World) -> Answer:
    first = choices.options(item, world)[0][0]
    return {"rows": {row: first for row, _ in choices.rows(item, world)}}


def _text(item: Item, world: World) -> Answer:
    return {"text": "On Monday I ask one colleague what an accepted lead is.", "self": {}}


_RIGHT: dict[str, Callable[[Item, World], Answer]] = {
    "predict": _prediction,
    "number": _number,
    "tiles": _tiles,
    "two_tier": _two_tier,
    "order": _order,
    "claim": _two_tier,
    "match": _match,
    "sort": _match,
    "matrix": _matrix,
    "hotspot": _hotspot,
    "target": _target,
    "best_worst": _best_worst,
    "rules": _rules,
    "allocate": _allocate,
    "text": _text,
}


# --- wrong ones: candidates, likeliest first; the caller scores them ------------------------------------------------


def _wrong(item: Item, misconception: str | None, world: World) -> Iterator[Answer]:
    match item.type:
        case "number" | "target":
            yield from _wrong_number(item, misconception, world)
        case "tiles":
            formulas = item.formulas["wrong"]
            yield from ({"formula": list(f)} for name, f in formulas.items() if misconception in (None, name))
            if misconception is None:
                yield from ({"formula": [token["id"], "+", "1"]} for token in item.spec["tokens"])
        case "two_tier" | "claim":
            right = _two_tier(item, world)["parts"]
            for part in item.spec["parts"]:
                yield from ({"parts": {**right, part["id"]: o}} for o in _fitting(item, part, world, False))
        case "order":
            yield from _wrong_order(item, misconception, world)
        case "match" | "sort":
            right = _match(item, world)["rows"]
            for row in right:
                yield from ({"rows": {**right, row: option}} for option, _ in choices.options(item, world))
        case "hotspot":
            yield from _wrong_picks(item, misconception, world)
        case "best_worst":
            options = [option for option, _ in choices.options(item, world)]
            yield from ({"best": best, "worst": worst} for best, worst in permutations(options, 2))
        case "rules":
            written = item.examples["wrong"]
            yield from ({"rules": rule} for name, rule in written.items() if misconception in (None, name))
            yield from ({"rules": rule} for rule in _short_rules(item))
        case "allocate":
            written = outcomes.wrong_plans(item, world)
            yield from ({"plan": plan} for name, plan in written.items() if misconception in (None, name))
            yield from ({"plan": plan} for plan in _lopsided_plans(item, world))


def _wrong_number(item: Item, misconception: str | None, world: World) -> Iterator[Answer]:
    named = world.wrong_numbers(item)
    values = [named[misconception]] if misconception in named else [] if misconception else [*named.values()]
    right = world.number(item)
    off = 7.0 if math.isnan(right) else right * 1.37 + 10 * numbers.tolerance(right, item.unit, item.decimals)
    for value in [*values, off]:
        as_text = {"text": numbers.show(value, item.unit, item.decimals)}
        yield {"value": value * item.slider_scale} if item.type == "target" else as_text


def _wrong_order(item: Item, misconception: str | None, world: World) -> Iterator[Answer]:
    right = _sequence(item, world)
    for first, second in permutations(right, 2):
        if misconception is None or item.named(first, second) == misconception:
            rest = [row for row in right if row != first]
            rest.insert(rest.index(second), first)
            yield _positions(rest)
    yield _positions(right[::-1])


def _wrong_picks(item: Item, misconception: str | None, world: World) -> Iterator[Answer]:
    calls, on = world.wrong_calls(item), (item.spec.get("value") or {}).get("on")
    for name, call in calls.items():
        if misconception in (None, name):
            yield {"picked": [str(one) for one in world.run(call, on)]}
    right = choices.right_picks(item, world)
    for option, _ in choices.options(item, world):
        if option not in right:
            yield {"picked": [*right, option]}
            yield {"picked": [*right[1:], option]}  # where exactly so many are asked for
            yield {"picked": [option]}


def _short_rules(item: Item) -> Iterator[list[dict[str, Any]]]:
    """Yield every rule of one condition, then of two, with numbers at three places of their range."""
    single: list[dict[str, Any]] = []
    for column in item.spec["columns"]:
        if "options" in column:
            single += [{"column": column["id"], "test": "one_of", "value": [one["id"]]} for one in column["options"]]
            continue
        low, high = float(column["range"]["min"]), float(column["range"]["max"])
        for test in ("at_least", "at_most"):
            single += [{"column": column["id"], "test": test, "value": low + (high - low) * k / 4} for k in (1, 2, 3)]
    yield from ([condition] for condition in single)
    yield from (list(pair) for pair in combinations(single, 2) if pair[0]["column"] != pair[1]["column"])


def _lopsided_plans(item: Item, world: World) -> Iterator[dict[str, float]]:
    """Yield plans that fill places in turn, each order once: all in one, nothing for others; then today's."""
    places = outcomes.places(item, world)
    for first in range(len(places)):
        for order in (places[first:] + places[:first], (places[first:] + places[:first])[::-1]):
            plan = {place.id: place.low for place in places}
            left = float(item.spec["total"]) - sum(plan.values())
            for place in order:
                more = min(left, place.high - place.low)
                plan[place.id] += more
                left -= more
            yield plan
    yield {place.id: place.start for place in places}


def _fitting(item: Item, part: dict[str, Any], world: World, right: bool) -> list[str]:
    """Return a part's options that are right (or those that are not)."""
    test = choices.right_option(item, part, world)
    found = [option for option, _ in choices.options(item, world, part["id"]) if test(option) is right]
    if right and not found:
        raise Problem(f"{item.qualified}: no option of part “{part['id']}” is right on this book.")
    return found


def _sequence(item: Item, world: World) -> list[str]:
    """Return an order's rows so that every keyed pair stands right: sorted by how many keyed rows come before each."""
    known, keyed = [row for row, _ in choices.rows(item, world)], set(item.key["pairs"])
    before = {row: sum(item.digest("pair", other, row) in keyed for other in known) for row in known}
    return sorted(known, key=before.__getitem__)


def _positions(sequence: list[str]) -> Answer:
    return {"position": {row: place for place, row in enumerate(sequence, start=1)}}
