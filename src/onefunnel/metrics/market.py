"""Are we growing, and faster than the market: share of market, margin, price, new accounts, awareness.

Tables: `route_orders` (`account_id`, `ordered_on`, `product_id`, `cases`, `net_eur`), `market_size` (`quarter` such as
"2025-Q1", `category_eur`), `profit_and_loss` (`quarter`, `line`, `eur`), `brand_tracker` (`wave_on`, `asked`, `aware`).
"""

from __future__ import annotations

import pandas as pd

from onefunnel.metrics.ratio import share

DAY = pd.Timedelta(days=1)
YEAR_DAYS = 364  # whole weeks, so that both sides hold the same weekdays

#: An account is new when it has not ordered for two years; a shorter look-back counts those who paused.
LOOK_BACK_DAYS = 730


def market_share(
    route_orders: pd.DataFrame, market_size: pd.DataFrame, as_of: pd.Timestamp, years_back: int = 1
) -> float:
    """Our net revenue ÷ the category's, by **value**, in the calendar year `years_back` before that of `as_of`.

    Whole years, because share has a season. Put the share of volume beside it: a rise of ours may be a rise in price.
    For the company as a whole: the market is not cut to a book of accounts. NaN when the market of a quarter of that
    year is missing.
    """
    year = as_of.year - years_back
    quarters = market_size["quarter"].astype(str).str.replace("-", "", regex=False)
    here = market_size[quarters.str[:4] == str(year)]
    if here["quarter"].nunique() < 4:
        return float("nan")
    return share(revenue_of_year(route_orders, as_of, years_back), here["category_eur"].sum())


def revenue_of_year(route_orders: pd.DataFrame, as_of: pd.Timestamp, years_back: int) -> float:
    """Our net revenue of a calendar year, EUR."""
    rows = route_orders["ordered_on"].dt.year == as_of.year - years_back
    return float(route_orders.loc[rows, "net_eur"].sum())


def market_share_change(route_orders: pd.DataFrame, market_size: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """Share of the last whole calendar year − share of the year before, in **points** (0.01 is one point)."""
    return market_share(route_orders, market_size, as_of, 1) - market_share(route_orders, market_size, as_of, 2)


def gross_margin_growth(profit_and_loss: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """Gross margin (revenue − cost of goods) of the last four whole quarters ÷ that of the four before − 1.

    In euros, so neither volume without margin nor margin without volume moves it alone. NaN when a quarter is missing.
    """
    now = as_of.to_period("Q")
    return share(gross_margin(profit_and_loss, now - 4, 4), gross_margin(profit_and_loss, now - 8, 4)) - 1.0


def gross_margin(profit_and_loss: pd.DataFrame, first: pd.Period, quarters: int) -> float:
    """Revenue − cost of goods of `quarters` from `first` on, EUR; NaN when one of them has no row."""
    wanted = pd.period_range(first, periods=quarters, freq="Q")
    rows = profit_and_loss.assign(quarter=pd.PeriodIndex(profit_and_loss["quarter"].str.replace("-", ""), freq="Q"))
    rows = rows[rows["line"].isin(["revenue", "cost_of_goods"])]
    table = rows.pivot_table(index="quarter", columns="line", values="eur", aggfunc="sum").reindex(wanted)
    return float((table["revenue"] - table["cost_of_goods"]).sum(skipna=False)) if len(rows) else float("nan")


def price_realisation(route_orders: pd.DataFrame, as_of: pd.Timestamp, days: float = 91) -> float:
    """How much more we get for the **same** case than a year ago, a fraction: the price part of growth.

    Σ cases now × net price now ÷ Σ cases now × net price a year ago − 1, over products sold in both spans of `days`.
    This year's cases on both sides take the mix out. NaN when no product was sold in both.
    """
    now, then = (_by_product(route_orders, as_of - back * DAY, days) for back in (0, YEAR_DAYS))
    both = now.merge(then, left_index=True, right_index=True, suffixes=("", "_then"))
    was = (both["cases"] * both["net_eur_then"] / both["cases_then"]).sum()
    return share(both["net_eur"].sum(), was) - 1.0


def _by_product(orders: pd.DataFrame, end: pd.Timestamp, days: float) -> pd.DataFrame:
    sums = between(orders, end, days).groupby("product_id")[["cases", "net_eur"]].sum()
    return sums[sums["cases"] > 0]


def between(orders: pd.DataFrame, end: pd.Timestamp, days: float) -> pd.DataFrame:
    """Orders of the `days` before `end`; the day of `end` itself is not over."""
    return orders[(orders["ordered_on"] >= end - days * DAY) & (orders["ordered_on"] < end)]


def new_accounts(
    orders: pd.DataFrame, as_of: pd.Timestamp, days: float = 91, look_back_days: float = LOOK_BACK_DAYS
) -> float:
    """Accounts that ordered in the last `days` and not once in the `look_back_days` before them; a count.

    NaN when the table does not reach back that far: then a returned account cannot be told from a new one.
    """
    start = as_of - days * DAY
    if not len(orders) or orders["ordered_on"].min() > start - look_back_days * DAY:
        return float("nan")
    before = between(orders, start, look_back_days)["account_id"]
    now = between(orders, as_of, days)["account_id"].drop_duplicates()
    return float((~now.isin(before)).sum())


def aided_awareness(brand_tracker: pd.DataFrame) -> float:
    """People who know the brand when it is named ÷ people asked, in the last wave, all places together; a fraction.

    Aided is more than recall (naming us unasked). NaN without a wave.
    """
    last = brand_tracker[brand_tracker["wave_on"] == brand_tracker["wave_on"].max()]
    return share(last["aware"].sum(), last["asked"].sum())
