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
    """For return_rate: what *came back* in a month ÷ what was *shipped* in it. Too high after a season.

    The month is the last whole one that is `window_days` old: the newest one that the right reading judges too.
    """
    month = (as_of - pd.Timedelta(days=window_days)).to_period("M") - 1
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


def cover_by_sell_in(sellout_weekly: pd.DataFrame, as_of: pd.Timestamp, weeks_back: int = 4, ahead: int = 4) -> float:
    """For cover_at: `divides_by_sell_in`. Too low when the trade is full."""
    return divides_by_sell_in(sellout_weekly, sellthrough.last_whole_week(as_of) - weeks_back * WEEK, ahead)


def cover_with_promotions(
    sellout_weekly: pd.DataFrame, as_of: pd.Timestamp, weeks_back: int = 4, ahead: int = 4
) -> float:
    """For cover_at: `promo_week_as_base`. Too low."""
    return promo_week_as_base(sellout_weekly, sellthrough.last_whole_week(as_of) - weeks_back * WEEK, ahead)


def other_usage(sellout_weekly: pd.DataFrame, as_of: pd.Timestamp, weeks: int = 13, usage: str = "available") -> float:
    """For sell_through: the other meaning of the word."""
    return sellthrough.sell_through(sellout_weekly, as_of, weeks, "received" if usage == "available" else "available")


def sell_in_for_sell_out(
    sellout_weekly: pd.DataFrame, as_of: pd.Timestamp, weeks: int = 13, usage: str = "available"
) -> float:
    """For sell_through: what was shipped in taken for what was sold on."""
    shipped = sellout_weekly.assign(units=sellout_weekly["received_units"])
    return sellthrough.sell_through(shipped, as_of, weeks, usage)
