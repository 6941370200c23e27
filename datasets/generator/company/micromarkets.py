"""PT32 and PT45: what the next euro brings in each micromarket, and what a new customer costs and is worth.

A micromarket's response to its budget is ceiling × (1 − e^(−budget ÷ scale)): the ceiling goes with its potential, and
1.1 times its fair share of the company's budget brings 67 % of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from generator import plan
from generator.company.calendar import SALES_PERCENT, months, quarter_of
from generator.dice import shares
from generator.money import days
from generator.world import World

BUDGET_EUR, FIVE_YEAR_CEILING_EUR, SLOPE = 2_400_000, 14_000_000, 1.1
YEAR_REVENUE_EUR = 30_000_000


class Micromarket(NamedTuple):
    """Per cent of the budget and of the potential, and what a customer leaves a year and how many stay."""

    budget: int
    potential: int
    margin_eur: int
    retention: float


MICROMARKETS = (
    Micromarket(9, 24, 3_900, 0.83),
    Micromarket(12, 23, 3_760, 0.82),
    Micromarket(13, 19, 3_590, 0.81),
    Micromarket(16, 11, 3_200, 0.76),
    Micromarket(15, 8, 3_080, 0.75),
    Micromarket(15, 7, 2_990, 0.73),
    Micromarket(11, 4, 2_420, 0.68),
    Micromarket(9, 4, 2_360, 0.66),
)
# Share of potential and of budget, and the penetration, by segment: (potential, budget, percent off the mean).
SEGMENTS = {
    "small_offices": (0.38, 0.44, 3),
    "large_offices": (0.27, 0.20, -4),
    "public_sector": (0.20, 0.09, -7),
    "shops_and_cafes": (0.15, 0.27, 6),
}
PENETRATION = (11, 14, 17, 33, 38, 41, 44, 36)  # per cent, by micromarket
# Of 1,000 of a cell's territory goal, what the segment managers ask for; and what its accounts add up to.
SEGMENT_ASKS = {"small_offices": 980, "large_offices": 1310, "public_sector": 1420, "shops_and_cafes": 890}
ACCOUNTS_HOLD = {"small_offices": 1010, "large_offices": 1120, "public_sector": 1230, "shops_and_cafes": 860}
GOAL_YEAR = "2026"

# PT45. Winning customers costs what the profit and loss calls marketing and selling; by function and kind, in shares.
COST_SHARES = {
    "marketing": {"salaries": 0.62, "tools": 0.38},  # of what is left after media
    "sales": {"salaries": 0.78, "travel": 0.15, "tools": 0.07},
}
FIRST_COST_MONTH, COST_MONTHS = "2023-07", 33
FIRST_CUSTOMER_MONTH, CUSTOMER_MONTHS, LAG_MONTHS = "2024-05", 24, 3
MONTH_WEIGHTS = (11, 10, 9, 7, 11, 12, 10, 7, 9, 9, 11, 11)  # of new customers, May to April
COST_MONTH_WEIGHTS = {1: 9, 2: 10, 3: 12, 4: 11, 5: 10, 6: 10, 7: 9, 8: 8, 9: 12, 10: 12, 11: 10, 12: 8}


def make(world: World) -> dict[str, dict[str, Any]]:
    """`micromarkets`, `micromarket_segments`, `costs` and `new_customers`."""
    costs = _costs(world.truth, world.made["profit_and_loss"])
    return {
        "micromarkets": _micromarkets(),
        "micromarket_segments": _segments(world.truth, world.made["targets"]),
        "costs": costs,
        "new_customers": _new_customers(world, costs),
    }


def _micromarkets() -> dict[str, list]:
    """One row a micromarket."""
    rows = list(zip(plan.MICROMARKETS, MICROMARKETS, SALES_PERCENT, strict=True))
    return {
        "micromarket_id": [f"M{number + 1}" for number in range(len(rows))],
        "micromarket": [name for name, _, _ in rows],
        "budget_eur": [here.budget * BUDGET_EUR // 100 for _, here, _ in rows],
        "sales_eur": [percent * YEAR_REVENUE_EUR // 100 for _, _, percent in rows],
        "potential_share": [here.potential / 100 for _, here, _ in rows],
        "ceiling_eur": [here.potential * FIVE_YEAR_CEILING_EUR // 100 for _, here, _ in rows],
        "scale_eur": [round(here.potential * BUDGET_EUR / 100 / SLOPE) for _, here, _ in rows],
        "margin_eur": [here.margin_eur for _, here, _ in rows],
        "retention": [here.retention for _, here, _ in rows],
    }


def _segments(truth: Mapping[str, float], targets: Mapping[str, list]) -> dict[str, list]:
    """One row a micromarket and segment. Territory goals are the year's targets; segment goals promise more."""
    goals = [0] * len(MICROMARKETS)
    for territory, quarter, eur in zip(targets["territory_id"], targets["quarter"], targets["target_eur"], strict=True):
        if quarter.startswith(GOAL_YEAR):
            goals[plan.TERRITORIES.index(territory) // 3] += eur
    total = round(sum(goals) * (1 + truth["pt32_goals_differ"]) / 100)
    cells = [(number, segment) for number in range(len(MICROMARKETS)) for segment in SEGMENTS]
    potential = [part for part, _, _ in SEGMENTS.values()]
    budget = [part for _, part, _ in SEGMENTS.values()]
    territory_goals = [part * 100 for goal in goals for part in shares(goal // 100, potential)]
    asked = shares(total, [goal * SEGMENT_ASKS[name] for goal, (_, name) in zip(territory_goals, cells, strict=True)])
    return {
        "micromarket_id": [f"M{number + 1}" for number, _ in cells],
        "segment": [segment for _, segment in cells],
        "potential_eur": [
            part * 1000
            for here in MICROMARKETS
            for part in shares(here.potential * FIVE_YEAR_CEILING_EUR // 100_000, potential)
        ],
        "penetration": [(PENETRATION[number] + SEGMENTS[segment][2]) / 100 for number, segment in cells],
        "budget_eur": [
            part * 1000 for here in MICROMARKETS for part in shares(here.budget * BUDGET_EUR // 100_000, budget)
        ],
        "territory_goal_eur": territory_goals,
        "segment_goal_eur": [part * 100 for part in asked],
        "account_goal_eur": [
            round(goal * ACCOUNTS_HOLD[name] / 100_000) * 100
            for goal, (_, name) in zip(territory_goals, cells, strict=True)
        ],
    }


def _costs(truth: Mapping[str, float], profit_and_loss: Mapping[str, list]) -> dict[str, list]:
    """Marketing and selling of the profit and loss by month, function and kind; media are the truth's share of all."""
    media = truth["pt45_media_only"] / truth["pt45_fully_loaded"]
    lines = {
        (quarter, line): eur
        for quarter, line, eur in zip(*(profit_and_loss[name] for name in ("quarter", "line", "eur")), strict=True)
    }
    table: dict[str, list] = {name: [] for name in ("month", "function", "kind", "eur")}
    for start in range(0, COST_MONTHS, 3):
        quarter = months(FIRST_COST_MONTH, COST_MONTHS)[start : start + 3]
        weights = [COST_MONTH_WEIGHTS[int(month[5:7])] for month in quarter]
        marketing = lines[quarter_of(quarter[0]), "marketing"]
        selling = lines[quarter_of(quarter[0]), "selling"]
        bought = round((marketing + selling) * media)
        for place, month in enumerate(quarter):
            for function, kind, eur in (
                ("marketing", "media", shares(bought, weights)[place]),
                *_split("marketing", shares(marketing - bought, [1, 1, 1])[place]),
                *_split("sales", shares(selling, [1, 1, 1])[place]),
            ):
                for name, value in zip(table, (month, function, kind, eur), strict=True):
                    table[name].append(value)
    return table


def _split(function: str, eur: int) -> list[tuple[str, str, int]]:
    kinds = COST_SHARES[function]
    return [(function, kind, part) for kind, part in zip(kinds, shares(eur, list(kinds.values())), strict=True)]


def _new_customers(world: World, costs: Mapping[str, list]) -> dict[str, list]:
    """Firms won by month: the office line's first contracts, and as many on the packaged line as the truth leaves."""
    when = months(FIRST_CUSTOMER_MONTH, CUSTOMER_MONTHS)
    paid = dict.fromkeys(costs["month"], 0)
    for month, eur in zip(costs["month"], costs["eur"], strict=True):
        paid[month] += eur
    total: list[int] = []
    for year in (when[:12], when[12:]):
        earlier = sum(paid[month] for month in _earlier(year, LAG_MONTHS))
        total += shares(round(earlier / world.truth["pt45_fully_loaded"]), MONTH_WEIGHTS)
    deals = world.made["opportunities"]
    first = (world.column("opportunities", "outcome") == "won") & (
        world.column("opportunities", "purchase_type") == "new_business"
    )
    edges = [days(f"{month}-01") for month in months(FIRST_CUSTOMER_MONTH, CUSTOMER_MONTHS + 1)]
    closed = [day for day, counts in zip(deals["closed_at"], first, strict=True) if counts]
    office = [sum(edges[place] <= day < edges[place + 1] for day in closed) for place in range(len(when))]
    rows = [
        row
        for place, month in enumerate(when)
        for row in ((month, "office", office[place]), (month, "packaged", total[place] - office[place]))
    ]
    return {name: [row[i] for row in rows] for i, name in enumerate(("month", "line", "customers"))}


def _earlier(when: list[str], by: int) -> list[str]:
    """The months that lie `by` months before these."""
    start = int(when[0][:4]) * 12 + int(when[0][5:7]) - 1 - by
    return months(f"{start // 12}-{start % 12 + 1:02d}", len(when))
