"""Is a pipeline faster than it was, and what does each of its four levers bring a year?

Speed is compared at the same age: deals of today with deals of before, each as far as day so-and-so. The levers are the
factors of `deals.pipeline_velocity`.
"""

from __future__ import annotations

import math

import pandas as pd

from onefunnel.metrics.deals import days_to_close, pipeline_velocity, settled
from onefunnel.metrics.intervals import newcombe

DAY = pd.Timedelta(days=1)
YEAR_DAYS = 365


def closed_by(opportunities: pd.DataFrame, day: float) -> tuple[int, int]:
    """(deals that were won or lost within `day` days of being qualified, all deals)."""
    return int((days_to_close(opportunities) <= day).sum()), len(opportunities)


def change_at_same_age(
    opportunities: pd.DataFrame, as_of: pd.Timestamp, day: float = 60, recent_days: float = 180
) -> tuple[float, float]:
    """Interval (low, high) for the change of the share closed by `day`: recent deals less earlier ones, fractions.

    Only deals at least `day` days old count, so that each had the whole time. Recent: created in the `recent_days`
    before that; earlier: created before those. NaN when a group is empty.
    """
    old_enough = opportunities[opportunities["created_at"] <= as_of - day * DAY]
    recent = old_enough["created_at"] > as_of - (day + recent_days) * DAY
    return newcombe(*closed_by(old_enough[recent], day), *closed_by(old_enough[~recent], day))


def speed_verdict(opportunities: pd.DataFrame, as_of: pd.Timestamp, day: float = 60, recent_days: float = 180) -> str:
    """ "faster", "slower", or "same" where the interval of `change_at_same_age` holds 0; also an option's id.

    ValueError when one of the two groups has no deal: then there is nothing to compare.
    """
    low, high = change_at_same_age(opportunities, as_of, day, recent_days)
    if math.isnan(low):
        raise ValueError("there are no old or no recent deals of that age, so their speed cannot be compared.")
    return "faster" if low > 0 else "slower" if high < 0 else "same"


def typical_days(opportunities: pd.DataFrame, as_of: pd.Timestamp, of: str = "all", how: str = "mean") -> float:
    """Mean or median (`how`) days to close in the settled cohort, of "all" or of the "won". NaN when there is none."""
    rows = settled(opportunities, as_of)
    days = days_to_close(rows[rows["outcome"] == "won"] if of == "won" else rows)
    return float(days.median() if how == "median" else days.mean())


def fullness_change(cycle_change: float, at: float) -> float:
    """How much fuller the pipeline gets when deals take `cycle_change` longer and `at` more flow through, a fraction.

    What stands inside is flow × days (Little's law); 0 means as full as today.
    """
    return (1 + at) * (1 + cycle_change) - 1


def levered_velocity(
    opportunities: pd.DataFrame,
    as_of: pd.Timestamp,
    open_deals: float = 0.0,
    value: float = 0.0,
    win_rate: float = 0.0,
    days: float = 0.0,
) -> float:
    """Pipeline velocity, EUR a day, after a change of each factor by a fraction (0.10 = a tenth more)."""
    factor = (1 + open_deals) * (1 + value) * (1 + win_rate) / (1 + days)
    return pipeline_velocity(opportunities, as_of) * factor


def plan_net(
    opportunities: pd.DataFrame,
    as_of: pd.Timestamp,
    cost_eur: float,
    margin: float,
    open_deals: float = 0.0,
    value: float = 0.0,
    win_rate: float = 0.0,
    days: float = 0.0,
) -> float:
    """What a plan leaves in a year, EUR: added velocity × 365 × contribution margin − what the plan costs."""
    today = pipeline_velocity(opportunities, as_of)
    then = levered_velocity(opportunities, as_of, open_deals, value, win_rate, days)
    return (then - today) * YEAR_DAYS * margin - cost_eur
