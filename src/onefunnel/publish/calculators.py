"""What the site's calculators compute, from plain numbers to plain numbers.

Each function calls the metric that the lessons use; nothing is computed anew here. The scripts in
site/assets/javascripts/calculators hold the same functions, and a test runs both on many random inputs. Senseless
inputs are brought to the nearest sensible one, because a form must show something while a person types. None stands
for a number that is not defined. Money is EUR, shares and rates are fractions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, TypedDict

import numpy as np
import pandas as pd

from onefunnel.metrics import budget, levers, mix, roles, route, scorecard, value
from onefunnel.metrics import total_price as price
from onefunnel.metrics.ratio import share

#: What comes off the list price, in the order of the walk, and at last the cost of the goods.
TAKEN = (*mix.ON_INVOICE, *mix.OFF_INVOICE, "cost_eur")

#: What the scripts must know of the rules; it stands in the page, so that no limit is written down twice.
RULES: dict[str, dict[str, Any]] = {
    "rotation": {"weeks_a_quarter": roles.WEEKS_A_QUARTER},
    "role_clarity": {
        "first_time": roles.FIRST_TIME,
        "short_life_months": roles.SHORT_LIFE_MONTHS,
        "long_cycle_days": roles.LONG_CYCLE_DAYS,
        "from": [roles.SHARED_FROM, roles.TIGHT_FROM],
        "labels": roles.LABELS,
    },
    "shared_pay": {"floor": scorecard.PAY_FLOOR, "cap": scorecard.PAY_CAP},
}

_DAY = pd.Timestamp(2000, 1, 3)  # any day: the little tables below hold one row each


class Funnel(TypedDict):
    """Both funnels of the calculator. Shares are fractions; None where a number is not defined."""

    before: list[float]  # people at each door, from those who come in to customers
    after: list[float]
    change: float | None  # customers after ÷ customers before − 1
    people_needed: float | None  # how many would have to come in for the same result at the old rates


def funnel(people: float, rates: Sequence[float], more: float = 0.0, door: int = -1, points: float = 0.0) -> Funnel:
    """Return the people at each door before and after a change.

    `people` come in; at door i the share `rates[i]` goes on. The change: `more` people (a fraction, 0.1 = 10 % more)
    and `points` (a fraction, 0.05 = five points) added to the rate of door number `door` (−1 = none). Rates stay
    between 0 and 1, people at 0 or more. Assumes that the other rates stay as they are.
    """
    people = max(0.0, people)
    old = [_within(rate) for rate in rates]
    new = [_within(rate + points) if index == door else rate for index, rate in enumerate(old)]
    before = _through(people, old)
    after = _through(people * max(0.0, 1 + more), new)
    whole = math.prod(old)
    return {
        "before": before,
        "after": after,
        "change": after[-1] / before[-1] - 1 if before[-1] > 0 else None,
        "people_needed": after[-1] / whole if whole > 0 else None,
    }


def waterfall(list_eur: float, shares: Sequence[float]) -> dict[str, Any]:
    """The walk from list price to margin (`mix.price_waterfall`). `shares`: what each of `TAKEN` is of the list.

    Keys: `walk` (12 amounts in the order of the walk, what comes off is negative), `pocket_price`, `pocket_margin`.
    """
    listed = max(0.0, list_eur)
    taken = {name: [listed * _within(part)] for name, part in zip(TAKEN, shares, strict=True)}
    orders = pd.DataFrame({"list_eur": [listed], **taken})
    return {
        "walk": [float(amount) for amount in mix.price_waterfall(orders)],
        "pocket_price": _known(mix.pocket_price(orders)),
        "pocket_margin": _known(mix.pocket_margin(orders)),
    }


def route_plan(
    points: float, category_cases: float, own_cases: float, cases: float, contribution_eur: float, stop_eur: float
) -> dict[str, float | None]:
    """What points of share ask of a route, a month: new customers (`route.customers_needed`) and what they leave.

    `cases` = what a new customer buys in a month; `contribution_eur` = what a case leaves; one stop a customer.
    """
    points, category, own = max(0.0, points), max(0.0, category_cases), max(0.0, own_cases)
    stop = max(0.0, stop_eur)
    keys = ("exact", "customers", "cases", "earned_eur", "stops_eur", "left_eur", "share_now", "share_then")
    if not cases > 0:
        return dict.fromkeys(keys)
    outlets = pd.DataFrame({"account_id": ["all"], "on_route": [True], "category_cases_month": [category]})
    a_case = {"account_id": ["all"], "ordered_on": [_DAY], "cases": [1.0], "cost_eur": [0.0]}
    orders = pd.DataFrame({**a_case, "net_eur": [contribution_eur]})
    customers = route.customers_needed(outlets, orders, _DAY, points, cases)
    return {
        "exact": _known(route.customers_before_rounding(outlets, orders, _DAY, points, cases)),
        "customers": customers,
        "cases": customers * cases,
        "earned_eur": route.plan_leaves(orders, _DAY, customers, cases, 0.0),
        "stops_eur": customers * stop,
        "left_eur": route.plan_leaves(orders, _DAY, customers, cases, stop),
        "share_now": _known(share(own, category)),
        "share_then": _known(share(own + customers * cases, category)),
    }


def origin_returns(
    margin: float, revenue: Sequence[float], spend: Sequence[float], counts: Sequence[float], unknown: int
) -> dict[str, Any]:
    """Return on the spend of each origin (`value.incremental_romi`), and of all, without and with the unknown.

    `counts` is the share of each origin's revenue that counts: 1 for all that is booked to it. `unknown` is its place
    in the lists (−1: none). Keys: `returns`, `least` (without the unknown), `most` (with it).
    """
    revenue, spend = ([max(0.0, one) for one in amounts] for amounts in (revenue, spend))
    counts = [_within(one) for one in counts]
    known = [place for place in range(len(revenue)) if place != unknown]

    def together(places: Sequence[int]) -> float | None:
        earned = sum(revenue[place] * counts[place] for place in places)
        return _known(float(value.incremental_romi(earned, margin, sum(spend[place] for place in places))))

    each = np.atleast_1d(value.incremental_romi(revenue, margin, spend, counts))
    return {
        "returns": [_known(float(one)) for one in each],
        "least": together(known),
        "most": together(range(len(revenue))),
    }


def revenue_tree(before: Sequence[float], after: Sequence[float], cost_eur: float) -> dict[str, Any]:
    """What each of the four factors did to revenue (`scorecard.revenue_tree`), and what became of the margin.

    `before`, `after`: customers, orders a customer, cases an order, net price a case; `cost_eur`: goods, a case.
    Keys: `effects` (four amounts), `total`, `change` (of revenue, a fraction), `revenue` and `margin` (before, after).
    """
    sides = [dict(zip(scorecard.FACTORS, (max(0.0, one) for one in side), strict=True)) for side in (before, after)]
    years = [_year(side, max(0.0, cost_eur)) for side in sides]
    tree = scorecard.revenue_tree(*sides)
    now = _DAY + pd.Timedelta(days=1)
    moved = [share(sides[1][name], sides[0][name]) - 1 for name in scorecard.FACTORS]
    return {
        "effects": [float(tree[name]) for name in scorecard.FACTORS],
        "total": float(tree["total"]),
        "change": _known(levers.together(moved)),
        "revenue": [levers.revenue(year, now) for year in years],
        "margin": [levers.margin(year, now) for year in years],
    }


def budget_shift(
    brand_eur: float,
    offers_eur: float,
    brand_keeps: float,
    offers_keeps: float,
    brand_return: float,
    offers_return: float,
    moved: float,
    weeks: int,
) -> dict[str, Any]:
    """What moving weekly money from brand to offers does to revenue, week by week (`budget.adstock`).

    `moved` is a share of both budgets together; below 0 it goes the other way; no budget falls below 0. `…_keeps`: the
    share of an effect that is left after a week; `…_return`: revenue that a euro brings in all its weeks. Before the
    change both have run as today for long. Keys: `brand_eur` and `offers_eur` (a week, after), `today_eur` (revenue a
    week that both bring), `weekly` and `summed` (more or less revenue than today, one a week), `brand_half_life` and
    `offers_half_life` (weeks).
    """
    brand, offers = max(0.0, brand_eur), max(0.0, offers_eur)
    moved_eur = min(brand, max(-offers, moved * (brand + offers)))
    parts = (
        (brand, brand - moved_eur, _keeps(brand_keeps), max(0.0, brand_return)),
        (offers, offers + moved_eur, _keeps(offers_keeps), max(0.0, offers_return)),
    )
    weeks = max(0, int(weeks))
    weekly, today_eur = np.zeros(weeks), 0.0
    for now, then, keeps, brings in parts:
        felt = now / (1 - keeps)  # what has piled up after many weeks of today's spend stands before the first new week
        pressure = budget.adstock([felt, *[then] * weeks], keeps)[1:]
        weekly += brings * (1 - keeps) * (pressure - felt)
        today_eur += brings * now
    return {
        "brand_eur": brand - moved_eur,
        "offers_eur": offers + moved_eur,
        "today_eur": today_eur,
        "weekly": weekly.tolist(),
        "summed": np.cumsum(weekly).tolist(),
        "brand_half_life": budget.half_life(parts[0][2]),
        "offers_half_life": budget.half_life(parts[1][2]),
    }


def micromarkets(
    plan: Sequence[float], today: Sequence[float], ceiling: Sequence[float], scale: Sequence[float], cap: float
) -> dict[str, Any]:
    """What a plan of budgets brings, against today's and against the best split of today's money.

    `ceiling` and `scale` are the curve of each place (`budget.response`); `cap` is how far the best split may move a
    budget, a fraction. Keys: `over_eur` (plan − today), `today_eur`, `plan_eur`, `best_eur` (summed response), `gain`
    and `best_gain` (fractions of today's), `next_euro` (of the plan), `best` (EUR a place).
    """
    plan, now = (np.array([max(0.0, one) for one in amounts], dtype=float) for amounts in (plan, today))
    cap = _within(cap)
    best = budget.best_allocation(float(now.sum()), ceiling, scale, now * (1 - cap), now * (1 + cap))
    places = pd.DataFrame({"budget_eur": now, "ceiling_eur": ceiling, "scale_eur": scale})
    return {
        "over_eur": float(plan.sum() - now.sum()),
        **{
            f"{name}_eur": float(budget.response(split, ceiling, scale).sum())
            for name, split in (("today", now), ("plan", plan), ("best", best))
        },
        "gain": _known(budget.gain_of_plan(places, plan)),
        "best_gain": _known(budget.gain_of_plan(places, best)),
        "next_euro": budget.marginal_return(plan, ceiling, scale).tolist(),
        "best": best.tolist(),
    }


def role_clarity(
    purchase_type: str, customised: bool, product_life_months: float, cycle_days: float, key_account: bool
) -> dict[str, Any]:
    """How closely roles must be agreed for one sale: `points`, `label`, and the five `reasons`."""
    sale = {
        "purchase_type": purchase_type,
        "customised": customised,
        "product_life_months": product_life_months,
        "cycle_days": cycle_days,
        "key_account": key_account,
    }
    none_holds = {
        "purchase_type": "rebuy",
        "customised": False,
        "product_life_months": roles.SHORT_LIFE_MONTHS,
        "cycle_days": roles.LONG_CYCLE_DAYS,
        "key_account": False,
    }
    alone = pd.DataFrame([{**none_holds, name: fact} for name, fact in sale.items()])
    return {
        "points": int(roles.clarity_points(pd.DataFrame([sale])).iloc[0]),
        "label": str(roles.role_clarity(pd.DataFrame([sale])).iloc[0]),
        "reasons": [bool(point) for point in roles.clarity_points(alone)],
    }


def shared_pay(
    variable: Sequence[float],
    own: Sequence[Sequence[float]],
    shared: Sequence[float],
    shared_share: float,
    gate_open: bool,
) -> dict[str, Any]:
    """Variable pay of marketing and sales (`scorecard.shared_pay`): `own_eur`, `shared_eur`, `pay_eur`, `reached`.

    Two values each, marketing first. `variable` is what 100 % pays; `own` has each one's [target, actual], `shared`
    those of the number both share; `gate_open`: whether the condition for the shared part is met. `reached` is
    actual ÷ target: marketing's own, sales' own, the shared one.
    """
    measures = ("marketing_own", "sales_own", "shared")
    pairs = [[max(0.0, one) for one in pair] for pair in (*own, shared)]
    results = pd.DataFrame([*pairs, [1.0, float(gate_open)]], columns=["target", "actual"])
    results["measure"] = [*measures, "gate"]
    functions = ["marketing", "sales"]
    plan = pd.DataFrame({"function": functions, "measure": measures[:2], "weight": [1.0, 1.0]})
    variable_eur = {name: max(0.0, eur) for name, eur in zip(functions, variable, strict=True)}
    pay = scorecard.shared_pay(plan, results, variable_eur, "shared", _within(shared_share), ("gate",))
    columns = ("own_eur", "shared_eur", "pay_eur")
    return {
        **{name: [_known(float(pay.loc[who, name])) for who in functions] for name in columns},
        "reached": [_known(share(actual, target)) for target, actual in pairs],
    }


def total_price(ours: Sequence[float], theirs: Sequence[float]) -> dict[str, float]:
    """What two offers cost the buyer a year (`metrics.total_price`), each as its parts in the order of `price.PARTS`.

    Keys: `ours`, `theirs`, `invoice_gap` and `gap` (theirs − ours: on the invoice, and with everything counted).
    """
    offers = [dict(zip(price.PARTS, (max(0.0, one) for one in parts), strict=True)) for parts in (ours, theirs)]
    totals = [price.total_price(parts) for parts in offers]
    return {
        "ours": totals[0],
        "theirs": totals[1],
        "invoice_gap": offers[1]["money"] - offers[0]["money"],
        "gap": totals[1] - totals[0],
    }


def _year(factors: dict[str, float], cost_eur: float) -> pd.DataFrame:
    """A year of orders with these factors, as one row of the table `route_orders`."""
    cases = factors["customers"] * factors["orders_per_customer"] * factors["cases_per_order"]
    return pd.DataFrame(
        {"ordered_on": [_DAY], "net_eur": [cases * factors["price_eur"]], "cost_eur": [cases * cost_eur]}
    )


def _through(people: float, rates: Sequence[float]) -> list[float]:
    counts = [people]
    for rate in rates:
        counts.append(counts[-1] * rate)
    return counts


def _within(part: float) -> float:
    return min(1.0, max(0.0, part))


def _keeps(carry_over: float) -> float:
    return min(0.99, max(0.0, carry_over))


def _known(number: float) -> float | None:
    return number if math.isfinite(number) else None
