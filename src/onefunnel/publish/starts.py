"""The company's own numbers, which each calculator starts from. Tables in, plain numbers out.

They are called through `metrics.catalogue.call`, so tables that lack something end in a NoFigure that names it. Where
the tables are there but empty, the functions raise it themselves. Rounded as the forms show them.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import pandas as pd

from onefunnel.data.estimators import company
from onefunnel.metrics import levers, mix, pipeline, route, scorecard, total_price, variance
from onefunnel.metrics.catalogue import NoFigure
from onefunnel.metrics.origin import return_by_origin
from onefunnel.publish.calculators import TAKEN

WEEKS = 52

#: Where a calculator starts that no table tells: the change to look at first, and two assumptions.
POINTS = 0.01  # share to win
STOP_EUR = 6.0  # cost of a stop on a route, as in the lesson
CAP = 0.5  # how far the best split may move a budget, as in the metric
MOVED = 0.2  # of both budgets, from brand to offers


def funnel(leads: Any, stage_history: Any, as_of: pd.Timestamp, steps: tuple[str, ...]) -> dict[str, Any]:
    """`steps` (ids) that the tables count, `people` who came in, `rates` between the steps (to a tenth of a point)."""
    reached = pipeline.cohort_counts(leads, stage_history, as_of, steps)
    if not len(reached) or not reached.iloc[0]:
        raise NoFigure(reason="nobody came in early enough to be followed to the end.")
    counts = [int(value) for value in reached]
    rates = [round(after / before if before else 0.0, 3) for before, after in pairwise(counts)]
    return {"steps": list(reached.index), "people": counts[0], "rates": rates}


def waterfall(orders: pd.DataFrame) -> dict[str, Any]:
    """`list_eur` of all orders, and `shares`: what each of `TAKEN` is of it (to a hundredth of a percent)."""
    walk = mix.price_waterfall(orders)
    if not walk["list_eur"] > 0:
        raise NoFigure(reason="no order has a list price.")
    shares = [round(max(0.0, float(-walk[name] / walk["list_eur"])), 4) for name in TAKEN]
    return {"list_eur": round(walk["list_eur"]), "shares": shares}


def routes(outlets: Any, route_orders: Any, territories: Any, as_of: pd.Timestamp) -> dict[str, Any]:
    """All routes together, a month: `category`, `own` cases, `outlets`, `buying` ones, `contribution_eur`,
    `cases` (that a buying outlet takes), `routes`.
    """
    buying = route.buys_from_us(outlets, route_orders, as_of)
    contribution = route.contribution_a_case(route_orders, as_of)
    if not len(buying) or math.isnan(contribution):
        raise NoFigure(reason="no outlet is on a route, or none ordered in the last 12 months.")
    return {
        "category": round(route.category_cases(outlets)),
        "own": round(route.own_cases(outlets, route_orders, as_of)),
        "outlets": len(buying),
        "buying": int(buying.sum()),
        "contribution_eur": round(contribution, 2),
        "cases": round(route.own_cases(outlets, route_orders, as_of) / max(1, int(buying.sum())), 1) or 1.0,
        "routes": max(1, len(territories)),
    }


def origins(leads: Any, opportunities: Any, campaigns: Any, as_of: pd.Timestamp, margin: float) -> list[dict[str, Any]]:
    """One entry an origin, the highest return first: `origin`, `leads`, `won`, `revenue` and `spend` (whole euros)."""
    table = return_by_origin(leads, opportunities, campaigns, as_of, margin)
    if not table["revenue_eur"].sum() > 0:
        raise NoFigure(reason="no sale of a lead from more than a year ago is in them.")
    return [
        {
            "origin": str(name),
            "leads": int(row["leads"]),
            "won": int(row["won"]),
            "revenue": round(row["revenue_eur"]),
            "spend": round(row["spend_eur"]),
        }
        for name, row in table.iterrows()
    ]


def revenue_tree(route_orders: pd.DataFrame, as_of: pd.Timestamp) -> dict[str, Any]:
    """The four factors `before` (12 months up to a year ago) and `after` (the last 12), and `cost_eur` of a case."""
    a_year_ago = as_of - pd.Timedelta(days=levers.DAYS)
    sides = [
        scorecard.revenue_factors(levers.last_year(route_orders, day), money="net_eur") for day in (a_year_ago, as_of)
    ]
    if any(side.isna().any() for side in sides):
        raise NoFigure(reason="they hold no order in the last 12 months, or none in the 12 before.")
    year = levers.last_year(route_orders, as_of)
    return {
        "before": [round(float(value), 2) for value in sides[0]],
        "after": [round(float(value), 2) for value in sides[1]],
        "cost_eur": round(float(year["cost_eur"].sum() / year["cases"].sum()), 2),
    }


def budget(media_weekly: pd.DataFrame, brand_tracker: pd.DataFrame) -> dict[str, Any]:
    """Spend a week, all places together, in the last year before the brand went off the air in some; what it brings.

    `brand_eur`, `offers_eur`, `revenue_eur` a week; `brand_keeps`, `offers_keeps` (left after a week); `brand_return`,
    `offers_return`: revenue of a euro in all its weeks. The brand's follows from the revenue lost where it was
    switched off: lost share ÷ share of the effect that had faded by then × revenue ÷ spend before.
    """
    tables: Any = {"media_weekly": media_weekly, "brand_tracker": brand_tracker}
    off = media_weekly["experiment_id"].eq("EXP-05")
    if not off.any():
        raise NoFigure(reason="nobody switched advertising off anywhere, so nobody knows what it brings.")
    began = media_weekly.loc[off, "week"].min()
    year = media_weekly[media_weekly["week"].between(began - pd.Timedelta(weeks=WEEKS), began, inclusive="left")]
    tested = year[year["micromarket_id"].isin(media_weekly.loc[off, "micromarket_id"])]
    week = year.groupby("week")[["brand_eur", "offers_eur", "revenue_eur"]].sum().mean()
    keeps = company.brand_carry_over(tables)
    faded = 1 - keeps**WEEKS
    lost = -company.brand_off(tables, WEEKS) / faded * tested["revenue_eur"].sum()
    return {
        "brand_eur": round(week["brand_eur"]),
        "offers_eur": round(week["offers_eur"]),
        "revenue_eur": round(week["revenue_eur"]),
        "brand_keeps": round(keeps, 3),
        "offers_keeps": round(company.offers_carry_over(tables), 3),
        "brand_return": round(float(lost / tested["brand_eur"].sum()), 2),
        "offers_return": round(company.offers_return(tables), 2),
    }


def micromarkets(micromarkets: pd.DataFrame) -> list[dict[str, Any]]:
    """One entry a place: `id`, `name`, `budget` (whole euros), `ceiling` and `scale` of its curve."""
    if not micromarkets["budget_eur"].sum() > 0:
        raise NoFigure(reason="no micromarket has a budget.")
    return [
        {
            "id": str(row.micromarket_id),
            "name": str(row.micromarket),
            "budget": round(row.budget_eur),
            "ceiling": float(row.ceiling_eur),
            "scale": float(row.scale_eur),
        }
        for row in micromarkets.itertuples()
    ]


def territories(territories: pd.DataFrame) -> list[str]:
    """Their names, in the order of the table."""
    names = list(dict.fromkeys(str(name) for name in territories["name"].dropna()))
    if not names:
        raise NoFigure(reason="they name no territory.")
    return names


def pay(pay_trial: pd.DataFrame) -> dict[str, Any]:
    """`variable` (EUR, marketing and sales) and [target, actual] of `mqls` and of `margin`, a mean quarter each.

    Target: the year that was paid on margin; actual: the year that was paid on marketing-qualified leads.
    """
    pairs = {
        name: [round(variance.pay_mean(pay_trial, column, year)) for year in ("margin", "mql")]
        for name, column in (("mqls", "mqls"), ("margin", "margin_eur"))
    }
    return {"variable": [variance.VARIABLE_EUR[name] for name in ("marketing", "sales")], **pairs}


def spend_of_buyer(orders: pd.DataFrame) -> float:
    """What the median account paid us in a year, whole euros."""
    spend = total_price.typical_spend(orders)
    if math.isnan(spend):
        raise NoFigure(reason="nobody ordered in the last year.")
    return float(round(spend))
