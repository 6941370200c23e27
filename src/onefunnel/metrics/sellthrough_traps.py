"""Wrong ways to read cover and returns. Each has the signature of the metric that its docstring names."""

from __future__ import annotations

import pandas as pd

from onefunnel.metrics import sellthrough
from onefunnel.metrics.ratio import share
from onefunnel.metrics.sellthrough import LEVEL, MIN_UNITS, WEEK, WINDOW_DAYS


def divides_by_sell_in(
    sellout_weekly: pd.DataFrame, week: pd.Timestamp, ahead: int = 4, last_year: bool = False
) -> float:
    """For weeks_of_cover: stock ÷ what was *shipped in* (`received_units`) lately. Too low when the trade is full."""
    past = sellout_weekly["week"].gt(week - ahead * WEEK) & sellout_weekly["week"].le(week)
    return sellthrough.cover(sellout_weekly, week, sellout_weekly[past], "received_units")


def promo_week_as_base(
    sellout_weekly: pd.DataFrame, week: pd.Timestamp, ahead: int = 4, last_year: bool = False
) -> float:
    """For weeks_of_cover: takes promotion weeks for normal demand. Too low."""
    return sellthrough.weeks_of_cover(sellout_weekly.assign(promotion=False), week, ahead, last_year)


def looks_back(sellout_weekly: pd.DataFrame, week: pd.Timestamp, ahead: int = 4, last_year: bool = False) -> float:
    """For weeks_of_cover: divides by the weeks *before*. Wrong wherever demand has a season."""
    past = sellout_weekly["week"].gt(week - ahead * WEEK) & sellout_weekly["week"].le(week)
    normal = sellout_weekly[past & ~sellout_weekly["promotion"].eq(True)]
    return sellthrough.cover(sellout_weekly, week, normal, "units")


def same_month(
    shipments: pd.DataFrame,
    returns: pd.DataFrame,
    as_of: pd.Timestamp,
    window_days: float = WINDOW_DAYS,
    measure: str = "units",
) -> float:
    """For return_rate: what *came back* in the last whole month ÷ what was *shipped* in it. Too high after a season."""
    month = as_of.to_period("M") - 1
    back = returns.loc[returns["returned_on"].dt.to_period("M") == month, measure].sum()
    return share(back, shipments.loc[shipments["sold_in_on"].dt.to_period("M") == month, measure].sum())


def too_young(
    shipments: pd.DataFrame,
    returns: pd.DataFrame,
    as_of: pd.Timestamp,
    window_days: float = WINDOW_DAYS,
    measure: str = "units",
) -> float:
    """For return_rate: counts shipments whose returns are still on the way. Too low."""
    return sellthrough.return_rate(shipments, returns, as_of, 0, measure)


def units_for_value(
    shipments: pd.DataFrame,
    returns: pd.DataFrame,
    as_of: pd.Timestamp,
    window_days: float = WINDOW_DAYS,
    measure: str = "units",
) -> float:
    """For return_rate: gives the other measure, units where the credit was asked for and the other way round."""
    other = "value_eur" if measure == "units" else "units"
    return sellthrough.return_rate(shipments, returns, as_of, window_days, other)


def small_door_noise(
    shipments: pd.DataFrame,
    returns: pd.DataFrame,
    as_of: pd.Timestamp,
    window_days: float = WINDOW_DAYS,
    min_units: float = MIN_UNITS,
    level: float = LEVEL,
) -> pd.DataFrame:
    """For return_rate_by_door: ranks every door, so that the tiny ones stand on top."""
    return sellthrough.return_rate_by_door(shipments, returns, as_of, window_days, 0, level)
