"""Money for offers now or for being known: what each brings, quarter by quarter.

A plan is `{"offers_now": …, "offers_later": …, "brand": …}`, EUR: offers in the first quarter, offers in quarters 2 to
4, and brand advertising in all four. Each part is spent in equal weeks. Tables: those of `brand`.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd

from onefunnel.metrics import brand, budget

WEEKS, QUARTERS = 13, 8
SPENT_IN = {"offers_now": (0, 1), "offers_later": (1, 4), "brand": (0, 4)}  # quarters, the last one excluded
GOAL_QUARTER = 3  # the fourth, counted from 0
LITTLE = 0.2  # of the money: below it the brand gets little
SLACK_EUR = 0.5

#: What is at stake in the lesson, EUR: the money, the extra sales promised for this quarter, and for the fourth one.
TOTAL_EUR, FLOOR_EUR, GOAL_EUR = 100_000.0, 40_000.0, 35_000.0

Plan = Mapping[str, float]


class Effect(NamedTuple):
    """How much of an effect is left after a week (a fraction), and the revenue of a euro in all weeks together, EUR."""

    keeps: float
    brings: float


def offers_effect(media_weekly: pd.DataFrame, experiment: str = brand.EXPERIMENT) -> Effect:
    """What a euro of offers brings, and how fast it fades, from the weeks before the test.

    Least squares of ln revenue on the pressure of offers (`budget.adstock` ÷ the place's mean revenue), with places
    and weeks taken out, at the carry-over (0.30 to 0.95, in steps of 0.01) that fits best. Places start their offers in
    different weeks, so season does not look like an offer. ValueError without weeks before the test.
    Source of the form: Broadbent, Journal of the Market Research Society 21 (1979).
    """
    start = media_weekly.loc[media_weekly["experiment_id"].eq(experiment), "week"].min()
    rows = media_weekly[media_weekly["week"] < start] if pd.notna(start) else media_weekly
    revenue, offers = (
        rows.pivot(index="week", columns="micromarket_id", values=name) for name in ("revenue_eur", "offers_eur")
    )
    if revenue.empty:
        raise ValueError("media_weekly: no week before the test. Offers are read from those.")
    change = _both_ways(np.log(revenue.to_numpy(dtype=float)))
    spend = (offers / revenue.mean()).to_numpy(dtype=float)
    found = []
    for keeps in np.arange(30, 96) / 100:
        pressure = _both_ways(np.column_stack([budget.adstock(place, keeps) for place in spend.T]))
        first_week = (pressure * change).sum() / (pressure**2).sum()
        found.append((float(((change - first_week * pressure) ** 2).sum()), float(keeps), float(first_week)))
    _, keeps, first_week = min(found)
    return Effect(keeps, first_week / (1 - keeps))


def brand_effect(media_weekly: pd.DataFrame, brand_tracker: pd.DataFrame, experiment: str = brand.EXPERIMENT) -> Effect:
    """What a euro for the brand holds when it is kept up (`brand.held_by_a_euro`), and how fast memory fades.

    The test saw memory fade; it did not see it build up. A plan takes the same pace for both.
    """
    keeps = brand.brand_keeps(media_weekly, brand_tracker, experiment)
    return Effect(keeps, brand.held_by_a_euro(media_weekly, experiment))


def by_quarter(plan: Plan, offers: Effect, being_known: Effect) -> np.ndarray:
    """Extra revenue of each of eight quarters, EUR: a week brings `brings` × (1 − `keeps`) × what is felt in it."""
    return sum(_shape(part, offers, being_known) * plan.get(part, 0.0) for part in SPENT_IN)


def _shape(part: str, offers: Effect, being_known: Effect) -> np.ndarray:
    """What one euro of a part brings in each quarter, EUR."""
    effect, (first, end) = being_known if part == "brand" else offers, SPENT_IN[part]
    week = np.arange(WEEKS * QUARTERS)
    spend = ((week >= first * WEEKS) & (week < end * WEEKS)) / (WEEKS * (end - first))
    felt = effect.brings * (1 - effect.keeps) * budget.adstock(spend, effect.keeps)
    return felt.reshape(QUARTERS, WEEKS).sum(axis=1)


def brings(
    media_weekly: pd.DataFrame,
    brand_tracker: pd.DataFrame,
    plan: Plan,
    floor_eur: float = FLOOR_EUR,
    goal_eur: float = GOAL_EUR,
) -> float:
    """Extra revenue of eight quarters, EUR; 0 when a promise is broken: floor of quarter 1, goal of quarter 4."""
    sales = by_quarter(plan, *effects(media_weekly, brand_tracker))
    kept = sales[0] >= floor_eur - SLACK_EUR and sales[GOAL_QUARTER] >= goal_eur - SLACK_EUR
    return float(sales.sum()) if kept else 0.0


def best(
    media_weekly: pd.DataFrame,
    brand_tracker: pd.DataFrame,
    total_eur: float = TOTAL_EUR,
    floor_eur: float = FLOOR_EUR,
    goal_eur: float = GOAL_EUR,
) -> dict[str, float]:
    """The plan of that total that brings most and keeps both promises. ValueError when none can keep them.

    All is linear in the three amounts, so the best plan lies where two of five bounds meet: nothing for one of the
    three, the floor met exactly, the goal met exactly.
    """
    found = effects(media_weekly, brand_tracker)
    shapes = np.column_stack([_shape(part, *found) for part in SPENT_IN])
    rows = np.vstack([np.eye(len(SPENT_IN)), shapes[0], shapes[GOAL_QUARTER]])
    least = np.array([0.0, 0.0, 0.0, floor_eur, goal_eur])
    plans = []
    for pair in combinations(range(len(rows)), 2):
        sides = np.vstack([np.ones(len(SPENT_IN)), rows[list(pair)]])
        if np.linalg.matrix_rank(sides) == len(SPENT_IN):
            amounts = np.linalg.solve(sides, [total_eur, *least[list(pair)]])
            if (rows @ amounts >= least - 1e-6).all():
                plans.append(np.maximum(amounts, 0.0))
    if not plans:
        raise ValueError(f"€{total_eur:,.0f} cannot keep both promises. Lower the floor or the goal.")
    most = max(plans, key=lambda amounts: float((shapes @ amounts).sum()))
    return dict(zip(SPENT_IN, map(float, most), strict=True))


def breaks_floor(
    media_weekly: pd.DataFrame, brand_tracker: pd.DataFrame, plan: Plan, floor_eur: float = FLOOR_EUR
) -> bool:
    """Whether the first quarter stays below its floor: the plan lives for later only."""
    return bool(by_quarter(plan, *effects(media_weekly, brand_tracker))[0] < floor_eur - SLACK_EUR)


def breaks_goal(
    media_weekly: pd.DataFrame, brand_tracker: pd.DataFrame, plan: Plan, goal_eur: float = GOAL_EUR
) -> bool:
    """Whether the fourth quarter misses its goal: the plan lives for now only."""
    return bool(by_quarter(plan, *effects(media_weekly, brand_tracker))[GOAL_QUARTER] < goal_eur - SLACK_EUR)


def little_for_brand(plan: Plan) -> bool:
    """Whether less than a fifth goes to the brand: the offers are only spread over the year."""
    return plan.get("brand", 0.0) < LITTLE * sum(plan.values())


def effects(media_weekly: pd.DataFrame, brand_tracker: pd.DataFrame) -> tuple[Effect, Effect]:
    """`offers_effect` and `brand_effect`."""
    return offers_effect(media_weekly), brand_effect(media_weekly, brand_tracker)


def _both_ways(values: np.ndarray) -> np.ndarray:
    """The values with the mean of each place and of each week taken out."""
    return values - values.mean(axis=0) - values.mean(axis=1, keepdims=True) + values.mean()
