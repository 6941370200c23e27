"""Loads: more is shipped to shops than they sell, before a price rise, say. Then the stock, and the months after.

Table: `sellout_weekly` (`account_id`, `product_id`, `week` = its Monday, `units` sold to consumers, `received_units`,
`stock_units` at the week's end, `promotion`). A week belongs to the month of its Monday.
"""

from __future__ import annotations

import pandas as pd

from onefunnel.metrics import sellthrough
from onefunnel.metrics.ratio import share
from onefunnel.metrics.sellthrough import WEEK

AHEAD = 4
SAME_WEEKDAY = 52 * WEEK
SERIES = ["account_id", "product_id"]


def cover_at(sellout_weekly: pd.DataFrame, week: str, ahead: int = AHEAD) -> float:
    """`sellthrough.weeks_of_cover` at the end of the week that begins on a Monday written as text, "2026-03-30"."""
    return sellthrough.weeks_of_cover(sellout_weekly, pd.Timestamp(week), ahead)


def stock_at(sellout_weekly: pd.DataFrame, week: str, ahead: int = AHEAD) -> float:
    """Units in the shops at the end of the week, of those that have a normal week ahead (as in `cover_at`)."""
    monday = pd.Timestamp(week)
    stock = sellout_weekly[sellout_weekly["week"] == monday].set_index(SERIES)["stock_units"]
    usual = _weeks(sellout_weekly, monday + WEEK, monday + ahead * WEEK, promotions=False).set_index(SERIES)
    return float(stock[stock.index.isin(usual.index)].sum())


def sold_a_week(sellout_weekly: pd.DataFrame, week: str, ahead: int = AHEAD, promotions: bool = False) -> float:
    """Units all shops sell in a mean week of the next `ahead` weeks; `promotions` takes promotion weeks in as well."""
    monday = pd.Timestamp(week)
    coming = _weeks(sellout_weekly, monday + WEEK, monday + ahead * WEEK, promotions)
    return float(coming.groupby(SERIES)["units"].mean().sum())


def shipped_a_week(sellout_weekly: pd.DataFrame, week: str, ahead: int = AHEAD) -> float:
    """Units all shops took in in a mean week of the last `ahead` weeks, this one included."""
    monday = pd.Timestamp(week)
    past = _weeks(sellout_weekly, monday - (ahead - 1) * WEEK, monday, promotions=True)
    return float(past.groupby(SERIES)["received_units"].mean().sum())


def year_on_year(sellout_weekly: pd.DataFrame, column: str, month: str) -> float:
    """`column` ("units" or "received_units") in a month's weeks ÷ the same weeks a year before, − 1. NaN without those.

    The weeks are taken 52 weeks back, so that four weeks meet four.
    """
    now = sellout_weekly["week"].dt.strftime("%Y-%m").eq(month)
    before = (sellout_weekly["week"] + SAME_WEEKDAY).dt.strftime("%Y-%m").eq(month)
    return share(sellout_weekly.loc[now, column].sum(), sellout_weekly.loc[before, column].sum()) - 1


def by_month(sellout_weekly: pd.DataFrame) -> pd.DataFrame:
    """One row a month, in order: `shipped` and `sold` (units), `stock` at the end of its last week."""
    month = sellout_weekly["week"].dt.to_period("M").rename("month")
    sums = sellout_weekly.groupby(month)[["received_units", "units"]].sum()
    last = sellout_weekly.groupby(month)["week"].transform("max")
    stock = sellout_weekly[sellout_weekly["week"] == last].groupby(month)["stock_units"].sum()
    return sums.rename(columns={"received_units": "shipped", "units": "sold"}).assign(stock=stock)


def _weeks(sellout_weekly: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp, promotions: bool) -> pd.DataFrame:
    rows = sellout_weekly[sellout_weekly["week"].between(first, last)]
    return rows if promotions else rows[~rows["promotion"].eq(True)]
