"""Decisions judged by what they bring: rules (on a hidden book) and allocate (by regret). No taste is graded."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from onefunnel.errors import Problem
from onefunnel.learn import numbers
from onefunnel.learn.scoring.verdict import Verdict, graded, right, unanswered
from onefunnel.metrics.plans import apart

if TYPE_CHECKING:
    from onefunnel.learn.items import Item
    from onefunnel.learn.world import World

ENOUGH = 0.8  # of the possible gain: several plans are right
BANDS = ((0.5, 0.5), (0.0, 0.25))  # (more than this share of the gain, this share of the points)
NEAR = 0.05  # a plan that places less than this share of the money otherwise is the same plan
MOST_ROWS = 4

Rule = list[dict[str, Any]]
Plan = dict[str, float]


class Unfinished(Problem):
    """An answer that cannot be judged yet; the message says what is missing."""


_JUDGED_ON = {"company": "In the whole company", "book": "In your own book"}


# --- rules ---------------------------------------------------------------------------------------------------------


def rules(item: Item, answer: Mapping[str, Any], world: World) -> Verdict:
    """Points by what the rule brings on the hidden book: `full` earns all, half of the way from `none` earns half."""
    try:
        rule = read_rule(item, answer.get("rules"))
    except Unfinished as problem:
        return unanswered(str(problem))
    spec, full = item.spec, float(item.spec["full"])
    value = rule_value(item, rule, world)
    none = float(spec.get("none") or 0)
    share = _banded((value - none) / (full - none), enough=1.0)
    where = _JUDGED_ON.get(spec["value"].get("on"), "On a territory that you have not seen")
    if math.isnan(value):
        said = f"{where}, your rule finds too little to judge it."
    else:
        said = f"{where}: {shown(item, value)} (all points from {written(item, full)})."
    if share == 1:
        return right(item, written(item, value), said)
    name = next((name for name, call in world.wrong_calls(item).items() if _shows(item, call, world, rule=rule)), None)
    name = name or next((name for name, other in item.examples["wrong"].items() if _alike(item, rule, other)), None)
    return _with_reason(item, share, name, world, said)


def read_rule(item: Item, said: object) -> Rule:
    """Return a kept rule in its plain form, categories always as one_of. Raises Unfinished."""
    rows = said if isinstance(said, list) else []
    columns = {column["id"]: column for column in item.spec["columns"]}
    most = min(int(item.spec.get("max_rows") or MOST_ROWS), MOST_ROWS)
    if not rows:
        raise Unfinished("build your rule: choose what the first row looks at.")
    if len(rows) > most:
        raise Unfinished(f"your rule has {len(rows)} rows; {most} are the most. Take one out.")
    return [_condition(place, row, columns) for place, row in enumerate(rows, start=1)]


def _condition(place: int, row: object, columns: Mapping[str, Any]) -> dict[str, Any]:
    row = row if isinstance(row, Mapping) else {}
    name, test, value = row.get("column"), row.get("test"), row.get("value")
    column = columns.get(name) if isinstance(name, str) else None
    if column is None:
        raise Unfinished(f"row {place} looks at nothing yet: choose a fact, or take the row out.")
    if "options" in column:
        known = [option["id"] for option in column["options"]]
        values = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        ticked = [option for option in known if option in values]
        if not ticked:
            raise Unfinished(f"row {place} ({column['text']}) is open: tick at least one.")
        return {"column": name, "test": "one_of", "value": ticked}
    number = numbers.as_float(value)
    if test not in ("at_least", "at_most") or not math.isfinite(number):
        raise Unfinished(f"row {place} ({column['text']}) is open: say at least or at most, and a number.")
    scale = 100.0 if column["range"].get("unit") == "percent" else 1.0
    return {"column": name, "test": test, "value": number / scale}


def rule_value(item: Item, rule: Rule, world: World) -> float:
    """Return what a rule brings on the item's hidden tables; NaN where that cannot be told."""
    spec = item.spec["value"]
    return _run(world, spec, spec.get("on") or "hidden", rule=rule)


def rule_brings(item: Item, rule: Rule, world: World) -> list[str]:
    """Return what a rule brings, one text for each of the item's `outcomes`: on the learner's own book, or on the
    company's tables where the rule is judged by them."""
    found, on = [], "company" if item.spec["value"].get("on") == "company" else "book"
    for spec in item.spec.get("outcomes") or ():
        value = _run(world, spec, on, rule=rule)
        found.append(numbers.show(value, spec["unit"], spec.get("decimals")))
    return found


def rule_in_words(item: Item, rule: Rule) -> str:
    """Write a rule for people: "Clientele is office or salon, and cases a month at least 12"."""
    columns, parts = {column["id"]: column for column in item.spec["columns"]}, []
    for condition in rule:
        column, value = columns[condition["column"]], condition["value"]
        if condition["test"] == "one_of":
            texts = {option["id"]: option["text"] for option in column["options"]}
            parts.append(f"{column['text']} is {' or '.join(texts[one] for one in value)}")
        else:
            test = condition["test"].replace("_", " ")
            unit = column["range"].get("unit", "count")
            whole = float(value * (100 if unit == "percent" else 1)).is_integer()
            parts.append(f"{column['text']} {test} {numbers.show(value, unit, 0 if whole else None)}")
    return ", and ".join(parts)


def _alike(item: Item, rule: Rule, written: object) -> bool:
    def plain(conditions: Rule) -> list[str]:
        return sorted(repr(sorted(condition.items())) for condition in conditions)

    return plain(rule) == plain(read_rule(item, written))


# --- allocate ------------------------------------------------------------------------------------------------------


class Place(NamedTuple):
    """One place that gets a part of the total: what it gets today, at least and at most."""

    id: str
    text: str
    start: float
    low: float
    high: float


class Worth(NamedTuple):
    """What a plan brings, beside today's plan and the best one."""

    plan: float
    today: float
    best: float

    @property
    def gain(self) -> float:
        """The share of the possible gain; where today is the best already, 1 for whoever keeps it as good."""
        possible = self.best - self.today
        if possible <= 1e-9 * max(1.0, abs(self.today)):
            return 1.0 if self.plan >= self.today - 1e-9 * max(1.0, abs(self.today)) else 0.0
        return (self.plan - self.today) / possible


def allocate(item: Item, answer: Mapping[str, Any], world: World) -> Verdict:
    """Points by regret: (plan − today) ÷ (best − today). From 0.8 on all points, above 0.5 half, above 0 a quarter."""
    try:
        plan = read_plan(item, answer.get("plan"), world)
    except Unfinished as problem:
        return unanswered(str(problem))
    worth = plan_worth(item, plan, world)
    share = _banded(worth.gain, ENOUGH)
    lost = max(0.0, worth.best - worth.plan)
    said = f"Your plan: {shown(item, worth.plan)}. The best one: {written(item, worth.best)}. "
    said += f"The choice costs {written(item, lost)}." if lost > 1e-6 * abs(worth.best) else "The choice costs nothing."
    if share == 1:
        return right(item, written(item, worth.plan), said)
    name = next((name for name, call in world.wrong_calls(item).items() if _shows(item, call, world, plan=plan)), None)
    name = name or next((m for m, other in wrong_plans(item, world).items() if apart(plan, other) <= NEAR), None)
    return _with_reason(item, share, name, world, said)


def places(item: Item, world: World) -> list[Place]:
    """Return the places of an allocate item, written out or computed."""
    source = item.spec.get("rows_from")
    rows = world.run(world.call(source), source.get("on")) if source else item.spec["rows"]
    total = float(item.spec["total"])
    return [
        Place(
            str(row["id"]),
            str(row["text"]),
            float(row.get("start") or 0),
            float(row.get("min") or 0),
            total if row.get("max") is None else float(row["max"]),
        )
        for row in rows
    ]


def read_plan(item: Item, said: object, world: World) -> Plan:
    """Return a kept plan when it is feasible: every amount within its bounds, all adding to the total.

    Raises Unfinished.
    """
    known = said if isinstance(said, Mapping) else {}
    plan, unit = {}, item.unit
    if not known:
        raise Unfinished("share out the total first, and keep your plan.")
    for place in places(item, world):
        amount = numbers.as_float(known.get(place.id, 0.0))
        slack = 1e-9 * max(1.0, abs(place.high))
        if not place.low - slack <= amount <= place.high + slack:
            low, high = numbers.show(place.low, unit, 0), numbers.show(place.high, unit, 0)
            raise Unfinished(f"{place.text} must get {low} to {high}. Change it.")
        plan[place.id] = amount
    left = float(item.spec["total"]) - sum(plan.values())
    if abs(left) > 0.01:
        amount = numbers.show(abs(left), unit, None if abs(left) < 1 else 0)
        raise Unfinished(f"{amount} {'is still to be placed' if left > 0 else 'too much is placed'}. Make it add up.")
    return plan


def plan_worth(item: Item, plan: Plan, world: World) -> Worth:
    """Return what a feasible plan brings, beside today's and the best."""
    today = {place.id: place.start for place in places(item, world)}
    return Worth(*(_plan_value(item, one, world) for one in (plan, today, best_plan(item, world))))


def best_plan(item: Item, world: World) -> Plan:
    """Return the plan that brings most: computed by `best`, or written by the author."""
    spec = item.spec.get("best")
    found = world.run(world.call(spec), spec.get("on")) if spec else item.examples["right"]
    return {str(place): float(amount) for place, amount in found.items()}


def wrong_plans(item: Item, world: World) -> dict[str, Plan]:
    """Return the plans that show a misconception, written or computed."""
    found = {}
    for name, plan in item.examples["wrong"].items():
        known = world.run(world.call(plan), plan.get("on")) if "compute" in plan else plan
        found[name] = {str(place): float(amount) for place, amount in known.items()}
    return found


def _plan_value(item: Item, plan: Plan, world: World) -> float:
    return _run(world, item.spec["value"], item.spec["value"].get("on"), plan=plan)


# --- both ----------------------------------------------------------------------------------------------------------


def shown(item: Item, value: float) -> str:
    """Write what a choice brings with its label: "Contribution a year €12,000.00"."""
    return f"{item.spec['shown']['label']} {written(item, value)}"


def written(item: Item, value: float) -> str:
    """Write what a choice brings, without its label."""
    spec = item.spec["shown"]
    return numbers.show(value, spec["unit"], spec.get("decimals"))


def _run(world: World, spec: Mapping[str, Any], on: str | None, **choice: object) -> float:
    call = world.call(spec)
    try:
        return float(world.run(call._replace(arguments={**call.arguments, **choice}), on))
    except (ValueError, ArithmeticError):  # nothing was picked, or nothing to divide by: the choice brings no number
        return math.nan


def _shows(item: Item, call: Any, world: World, **choice: object) -> bool:
    spec = item.spec["value"]
    on = spec.get("on") or ("hidden" if "rule" in choice else None)
    return bool(world.run(call._replace(arguments={**call.arguments, **choice}), on))


def _banded(gain: float, enough: float) -> float:
    """Return the share of the points for a share of the possible gain; NaN earns nothing."""
    if gain >= enough * (1 - 1e-9):
        return 1.0
    return next((points for more_than, points in BANDS if gain > more_than), 0.0)


def _with_reason(item: Item, share: float, name: str | None, world: World, said: str) -> Verdict:
    found = graded(item, share, name, world, "")
    return Verdict(found.status, found.share, name, " ".join(part for part in (found.message, said) if part))
