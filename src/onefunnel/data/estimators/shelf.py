"""Sell-in, sell-out, cover and returns: the planted truths, and their everyday readings.

A week belongs to the month of its Monday. A shipment is mature when it is 14 weeks old at `as_of`.
"""

from __future__ import annotations

import pandas as pd

from onefunnel.data.tables import Tables

YEAR = pd.Timedelta(days=364)  # the same weekday a year before
WEEK = pd.Timedelta(days=7)
RETURN_WINDOW = pd.Timedelta(days=98)
SERIES = ["account_id", "product_id"]


# ---- the load before a price rise (PT23) ------------------------------------------------------------------------


def year_on_year(tables: Tables, column: str, month: str) -> float:
    """Sum of a column over the month's weeks ÷ the same weeks a year before, − 1."""
    weeks = tables["sellout_weekly"]
    return float(
        _in_month(weeks, weeks["week"], month)[column].sum()
        / _in_month(weeks, weeks["week"] + YEAR, month)[column].sum()
        - 1
    )


def cover(tables: Tables, week: str) -> float:
    """Stock at the week's end ÷ mean weekly units of the four weeks after it, promotions left out; all shops."""
    weeks = tables["sellout_weekly"]
    ahead = _four_after(weeks, week)
    return _cover(weeks, week, ahead[~ahead["promotion"]], "units")


def cover_with_promotions(tables: Tables, week: str) -> float:
    """Misread: promotion weeks taken for usual demand."""
    weeks = tables["sellout_weekly"]
    return _cover(weeks, week, _four_after(weeks, week), "units")


def cover_on_sell_in(tables: Tables, week: str) -> float:
    """Misread: stock ÷ mean weekly sell-in of the last four weeks."""
    weeks = tables["sellout_weekly"]
    end = pd.Timestamp(week)
    return _cover(weeks, week, weeks[weeks["week"].between(end - 3 * WEEK, end)], "received_units")


def list_price_change(tables: Tables, day: str) -> float:
    """Mean change of the list prices that have a new row on a day; not a number when none has."""
    prices = tables["list_prices"].sort_values("valid_from")
    before = prices.groupby("product_id")["list_eur"].shift()
    changed = prices["valid_from"].eq(pd.Timestamp(day)) & before.notna()
    return float((prices["list_eur"] / before - 1)[changed].mean())


def _in_month(weeks: pd.DataFrame, when: pd.Series, month: str) -> pd.DataFrame:
    return weeks[when.dt.strftime("%Y-%m") == month]


def _four_after(weeks: pd.DataFrame, week: str) -> pd.DataFrame:
    end = pd.Timestamp(week)
    return weeks[weeks["week"].between(end + WEEK, end + 4 * WEEK)]


def _cover(weeks: pd.DataFrame, week: str, base: pd.DataFrame, column: str) -> float:
    stock = weeks[weeks["week"] == pd.Timestamp(week)].set_index(SERIES)["stock_units"]
    usual = base.groupby(SERIES)[column].mean()
    return float(stock[stock.index.isin(usual.index)].sum() / usual.sum())


# ---- returns of the doors (PT24) -----------------------------------------------------------------------------------


def units_shipped(tables: Tables) -> float:
    """Machines in mature shipments."""
    return float(_mature(tables, "shipments")["units"].sum())


def return_rate(tables: Tables, column: str = "units", has_demonstrator: bool | None = None) -> float:
    """Returned so far ÷ shipped, of mature shipments; of doors with or without a demonstrator if asked."""
    shipped, back = _mature(tables, "shipments"), _mature(tables, "returns")
    if has_demonstrator is not None:
        accounts = tables["accounts"]
        doors = accounts.loc[accounts["has_demonstrator"] == has_demonstrator, "account_id"]
        shipped, back = shipped[shipped["account_id"].isin(doors)], back[back["account_id"].isin(doors)]
    return float(back[column].sum() / shipped[column].sum())


def same_month_rate(tables: Tables, month: str, column: str = "units") -> float:
    """Misread: what came back in a month ÷ what was shipped in it."""
    shipped, back = tables["shipments"], tables["returns"]
    return float(
        _in_month(back, back["returned_on"], month)[column].sum()
        / _in_month(shipped, shipped["sold_in_on"], month)[column].sum()
    )


def rate_of_all_shipments(tables: Tables, column: str = "units") -> float:
    """Misread: shipments counted whose returns are still on the way."""
    return float(tables["returns"][column].sum() / tables["shipments"][column].sum())


def share_of_worst_doors(tables: Tables, doors: int, table: str, min_units: int = 30) -> float:
    """Share of units (shipped or returned) of the doors with the highest return rates among those not tiny."""
    doors_units = _by_door(tables)
    ranked = doors_units[doors_units["shipments"] >= min_units]
    worst = (ranked["returns"] / ranked["shipments"]).nlargest(doors).index
    return float(doors_units.loc[worst, table].sum() / doors_units[table].sum())


def rate_of_worst_doors(tables: Tables, doors: int) -> float:
    """Return rate of those doors together."""
    together = _by_door(tables).sum()
    shares = [share_of_worst_doors(tables, doors, table) for table in ("returns", "shipments")]
    return float(shares[0] * together["returns"] / (shares[1] * together["shipments"]))


def rate_of_other_doors(tables: Tables, doors: int) -> float:
    """Return rate of all doors but those."""
    together = _by_door(tables).sum()
    shares = [1 - share_of_worst_doors(tables, doors, table) for table in ("returns", "shipments")]
    return float(shares[0] * together["returns"] / (shares[1] * together["shipments"]))


def weeks_until_return(tables: Tables, quantile: float = 0.5) -> float:
    """Quantile over returned machines of mature shipments of the weeks from shipment to return."""
    back = _mature(tables, "returns")
    lag = (back["returned_on"] - back["sold_in_on"]) / WEEK
    return float(lag.repeat(back["units"]).quantile(quantile))


def _mature(tables: Tables, table: str) -> pd.DataFrame:
    rows = tables[table]
    return rows[rows["sold_in_on"] <= tables.as_of - RETURN_WINDOW]


def _by_door(tables: Tables) -> pd.DataFrame:
    """Units of mature shipments and their returns, one row a door."""
    units = {name: _mature(tables, name).groupby("account_id")["units"].sum() for name in ("shipments", "returns")}
    return pd.DataFrame(units).fillna(0)
