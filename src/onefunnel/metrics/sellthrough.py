"""What was shipped to the trade, what consumers bought, and what came back.

Tables: `sellout_weekly` (one row a shop, product and week: `account_id`, `product_id`, `week` = its Monday, `units`,
`stock_units` at the week's end, `promotion`, and for a wrong reading `received_units`), `shipments` (`account_id`,
`sold_in_on`, `units`, `value_eur`) and `returns` (`account_id`, `sold_in_on` = when the unit had been **shipped**,
`returned_on`, `units`, `value_eur` = credit given). Rates are fractions; nothing to divide by gives NaN.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from onefunnel.metrics.intervals import LEVEL, wilson

WEEK = pd.Timedelta(days=7)

#: Nine in ten returns have come back 14 weeks after shipment; a younger cohort is not judged.
WINDOW_DAYS = 98

#: A door that got fewer units than this is not ranked: one box back would put it on top.
MIN_UNITS = 30
MEASURES = ("units", "value_eur")


def sell_through_of_received(sold: ArrayLike, received: ArrayLike) -> float | np.ndarray:
    """Sold on ÷ **received** in the period, a fraction. May pass 1 when old stock is sold. NaN when nothing came in.

    The usage of fashion and of launches (an empty shelf at the start). Name which of the two you print.
    """
    return _over(sold, received)


def sell_through_of_available(sold: ArrayLike, received: ArrayLike, opening: ArrayLike) -> float | np.ndarray:
    """Sold on ÷ (**opening stock + received**), a fraction from 0 to 1. NaN when there was nothing to sell.

    The usage of running goods. Lower than `sell_through_of_received` as soon as there was stock before.
    """
    return _over(sold, np.asarray(opening, dtype=float) + np.asarray(received, dtype=float))


def weeks_of_cover(sellout_weekly: pd.DataFrame, week: pd.Timestamp, ahead: int = 4, last_year: bool = False) -> float:
    """Stock at the end of `week` ÷ mean weekly sell-out of the next `ahead` weeks, in weeks, all shops together.

    Forward, because stock waits for what will be sold, not for what was. Promotion weeks are left out of the mean, shop
    by shop: they are no normal demand. `last_year=True` takes the same weeks 52 weeks earlier, for a week whose future
    has not come yet. A shop and product without one normal week ahead is left out, stock included. NaN when no shop is
    left or nothing is sold. ValueError when `ahead` is below 1.
    """
    if ahead < 1:
        raise ValueError(f"ahead={ahead} looks at no week. Use 1 or more.")
    start = week - 52 * WEEK if last_year else week
    coming = sellout_weekly["week"].gt(start) & sellout_weekly["week"].le(start + ahead * WEEK)
    normal = sellout_weekly[coming & ~sellout_weekly["promotion"].eq(True)]
    return cover(sellout_weekly, week, normal, "units")


def cover(sellout_weekly: pd.DataFrame, week: pd.Timestamp, base: pd.DataFrame, column: str) -> float:
    """Stock at the end of `week` ÷ the sum over shops and products of the mean of `column` in `base`."""
    keys = ["account_id", "product_id"]
    stock = sellout_weekly[sellout_weekly["week"] == week].groupby(keys)["stock_units"].sum()
    mean = base.groupby(keys)[column].mean()
    both = pd.concat([stock, mean], axis=1, keys=["stock", "mean"]).dropna()
    return float(_over(both["stock"].sum(), both["mean"].sum()))


def return_rate(
    shipments: pd.DataFrame,
    returns: pd.DataFrame,
    as_of: pd.Timestamp,
    window_days: float = WINDOW_DAYS,
    measure: str = "units",
) -> float:
    """Returned so far of what was shipped ÷ shipped, a fraction, for shipments at least `window_days` old.

    A return belongs to the shipment it came from (`sold_in_on`), not to the month in which it came back. Younger
    shipments are left out on both sides: their returns are still on the way. `measure`: "units" or "value_eur" (the
    credit given); print both, dear models may come back more. NaN when nothing is old enough.
    """
    shipped, back = _mature(shipments, returns, as_of, window_days, measure)
    return float(_over(back[measure].sum(), shipped[measure].sum()))


def return_rate_by_cohort(
    shipments: pd.DataFrame, returns: pd.DataFrame, as_of: pd.Timestamp, window_days: float = WINDOW_DAYS
) -> pd.DataFrame:
    """One row a month of shipment, in order, indexed `cohort` (a monthly period).

    Columns: `units`, `units_back`, `rate`, `value_eur`, `value_back_eur`, `value_rate`, `mature` (the month's last day
    is `window_days` old). Rates of a cohort that is not mature are given, but will still grow: draw them apart.
    """
    rows = shipments[shipments["sold_in_on"] <= as_of]
    back = returns[returns["returned_on"] <= as_of]
    table = _sums(rows, back, rows["sold_in_on"].dt.to_period("M"), back["sold_in_on"].dt.to_period("M"))
    table = table.rename_axis("cohort").sort_index()
    ends = pd.PeriodIndex(table.index, freq="M").end_time.normalize()
    return table.assign(mature=np.asarray(ends <= as_of - pd.Timedelta(days=window_days), dtype=bool))


def return_rate_by_door(
    shipments: pd.DataFrame,
    returns: pd.DataFrame,
    as_of: pd.Timestamp,
    window_days: float = WINDOW_DAYS,
    min_units: float = MIN_UNITS,
    level: float = LEVEL,
) -> pd.DataFrame:
    """One row a door (`account_id`) that got at least `min_units` in mature shipments, the worst rate first.

    Columns: `units`, `units_back`, `rate`, `value_eur`, `value_back_eur`, `value_rate`, `low`, `high` (Wilson, of
    `rate`), `share_of_units`, `share_of_back` (of **all** doors, small ones included). Doors below `min_units` are left
    out of the ranking, because two boxes back of five say nothing.
    """
    shipped, back = _mature(shipments, returns, as_of, window_days, "units")
    table = _sums(shipped, back, shipped["account_id"], back["account_id"]).rename_axis("account_id")
    total, total_back = table["units"].sum(), table["units_back"].sum()
    table = table[table["units"] >= min_units]
    bounds = [wilson(min(b, n), n, level) for b, n in zip(table["units_back"], table["units"], strict=True)]
    table = table.assign(
        low=[low for low, _ in bounds],
        high=[high for _, high in bounds],
        share_of_units=_over(table["units"], total),
        share_of_back=_over(table["units_back"], total_back),
    )
    return table.sort_index().sort_values("rate", ascending=False, kind="stable")


def _mature(
    shipments: pd.DataFrame, returns: pd.DataFrame, as_of: pd.Timestamp, window_days: float, measure: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    if measure not in MEASURES:
        raise ValueError(f'measure="{measure}" is unknown. Use one of: {", ".join(MEASURES)}.')
    last = as_of - pd.Timedelta(days=window_days)
    back = returns[(returns["sold_in_on"] <= last) & (returns["returned_on"] <= as_of)]
    return shipments[shipments["sold_in_on"] <= last], back


def _sums(shipped: pd.DataFrame, back: pd.DataFrame, by: pd.Series, back_by: pd.Series) -> pd.DataFrame:
    sent = shipped.groupby(by)[["units", "value_eur"]].sum()
    came = back.groupby(back_by)[["units", "value_eur"]].sum().reindex(sent.index).fillna(0)
    return pd.DataFrame(
        {
            "units": sent["units"],
            "units_back": came["units"],
            "rate": came["units"] / sent["units"].where(sent["units"] != 0),
            "value_eur": sent["value_eur"],
            "value_back_eur": came["value_eur"],
            "value_rate": came["value_eur"] / sent["value_eur"].where(sent["value_eur"] != 0),
        }
    )


def _over(part: ArrayLike, whole: ArrayLike) -> float | np.ndarray:
    whole = np.asarray(whole, dtype=float)
    result = np.asarray(part, dtype=float) / np.where(whole == 0, np.nan, whole)
    return float(result) if result.ndim == 0 else result


def cover_at(sellout_weekly: pd.DataFrame, as_of: pd.Timestamp, weeks_back: int = 4, ahead: int = 4) -> float:
    """`weeks_of_cover` at the end of the week that lies `weeks_back` before the last whole week; in weeks.

    The newest week that can be judged by what was really sold after it is `ahead` weeks back.
    """
    return weeks_of_cover(sellout_weekly, last_whole_week(as_of) - weeks_back * WEEK, ahead)


def sell_through(sellout_weekly: pd.DataFrame, as_of: pd.Timestamp, weeks: int = 13, usage: str = "available") -> float:
    """Units sold on ÷ units there were to sell, in the last `weeks` whole weeks, all shops; a fraction.

    usage="available": ÷ (opening stock + received), from 0 to 1. usage="received": ÷ received, may pass 1. Two usages
    of one word, so name yours. Opening stock is that at the end of the week before. NaN when there was nothing to sell.
    ValueError at another usage.
    """
    if usage not in ("available", "received"):
        raise ValueError(f'usage="{usage}" is unknown. Use "available" or "received".')
    last = last_whole_week(as_of)
    rows = sellout_weekly[sellout_weekly["week"].gt(last - weeks * WEEK) & sellout_weekly["week"].le(last)]
    sold, received = rows["units"].sum(), rows["received_units"].sum()
    if usage == "received":
        return float(sell_through_of_received(sold, received))
    opening = sellout_weekly.loc[sellout_weekly["week"] == last - weeks * WEEK, "stock_units"].sum()
    return float(sell_through_of_available(sold, received, opening))


def last_whole_week(as_of: pd.Timestamp) -> pd.Timestamp:
    """Monday of the last week that was over on the morning of `as_of`."""
    return as_of.normalize() - pd.Timedelta(days=as_of.weekday()) - WEEK
