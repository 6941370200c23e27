"""What a customer costs, what a customer is worth, and what the spend brought that would not have come anyway.

`customer_acquisition_cost` reads two tables: `costs` (`month`, `kind`, `eur`; kinds such as media, tools, salaries) and
`new_customers` (`month`, `customers`). A month is anything pandas reads as one: a period, a date, or "2026-03". The
other functions take numbers, or arrays of one length, and give back the same shape.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from onefunnel.metrics import budget
from onefunnel.metrics.ratio import share

#: When in a year the margin comes in.
PAID = ("start", "end")


def customer_acquisition_cost(
    costs: pd.DataFrame,
    new_customers: pd.DataFrame,
    lag_months: int = 0,
    kinds: Collection[str] | None = None,
    months: int | None = None,
) -> float:
    """Cost of winning ÷ customers won, EUR a customer; the costs are those of `lag_months` earlier.

    `kinds=None` is *fully loaded*: all rows of `costs`. `kinds=("media",)` is media only: print it beside the
    other, never in its place. The lag is one sales cycle: what is spent in March wins in June. Only months that
    stand in both tables after the shift count, so both sides cover the same stretch; `months` keeps the last so
    many of these. A customer is a firm that is new (no order in the 24 months before), whoever found it. NaN when
    nobody was won in these months. ValueError at a negative lag or a kind that does not occur.
    """
    if lag_months < 0:
        raise ValueError(f"a lag of {lag_months} months would count costs after the win. Use 0 or more.")
    unknown = sorted(set(kinds or ()) - set(costs["kind"]))
    if unknown:
        raise ValueError(
            f"costs: no row of kind {', '.join(unknown)}. There are: {', '.join(sorted(set(costs['kind'])))}."
        )
    wins_in = _months(costs["month"]) + lag_months
    won_in = _months(new_customers["month"])
    both = wins_in.intersection(won_in).unique().sort_values()
    both = both if months is None else both[-months:]
    counted = np.ones(len(costs), dtype=bool) if kinds is None else costs["kind"].isin(list(kinds)).to_numpy()
    eur = costs["eur"].to_numpy(dtype=float)[wins_in.isin(both) & counted].sum()
    return share(eur, new_customers["customers"].to_numpy(dtype=float)[won_in.isin(both)].sum())


def micromarket_value(micromarkets: pd.DataFrame, micromarket: str, discount: float, paid: str = "start") -> float:
    """`lifetime_value` of a customer of one micromarket, EUR, from its `margin_eur` (a year) and `retention`.

    Hold it against `customer_acquisition_cost`, fully loaded. ValueError when there is no such micromarket.
    """
    place = budget.one_micromarket(micromarkets, micromarket)
    return float(lifetime_value(place["margin_eur"], place["retention"], discount, paid))


def lifetime_value(
    margin_eur: ArrayLike,
    retention: ArrayLike,
    discount: float,
    paid: str = "start",
    years: int | None = None,
) -> float | np.ndarray:
    """Present value of a customer's margin, EUR. State which of the two formulas you use; they differ by a third.

    m = contribution margin a year (not revenue), r = share of customers who stay another year, d = discount a year.
    paid="start": m + m·r/(1+d) + … = m(1+d) ÷ (1+d−r). paid="end": m·r/(1+d) + m·(r/(1+d))² + … = m·r ÷ (1+d−r): the
    first margin comes after a year, and only from those who stayed. m 3,100, r 0.84, d 0.10: €13,115 and €10,015.
    `years` caps the horizon at that many payments (three to five is honest where no cohort is older); None adds up for
    ever. Read r from a cohort by its start; the customers of today are survivors and overstate it. Acquisition cost is
    not taken off. ValueError at another `paid`, r outside 0 to 1, d below 0, years below 0, or r = 1 and d = 0 without
    `years` (an endless sum).
    Source: Gupta and Lehmann, "Customers as Assets", Journal of Interactive Marketing 17 (2003).
    """
    margin, stay = np.asarray(margin_eur, dtype=float), np.asarray(retention, dtype=float)
    if paid not in PAID:
        raise ValueError(f'paid="{paid}" is unknown. Use "start" or "end" (of the year).')
    if ((stay < 0) | (stay > 1)).any():
        raise ValueError("a retention lies between 0 and 1: the share of customers who stay another year.")
    if discount < 0 or (years is not None and years < 0):
        raise ValueError("discount and years must not be below 0.")
    keep = stay / (1.0 + discount)
    if years is None:
        if (keep >= 1).any():
            raise ValueError("retention 1 at discount 0 adds up without end. Cap the horizon with years=….")
        total = 1.0 / (1.0 - keep)
    else:
        powers = keep[..., np.newaxis] ** np.arange(years)
        total = powers.sum(axis=-1)
    return _like(margin * total * (keep if paid == "end" else 1.0))


def incremental_romi(
    revenue_eur: ArrayLike, margin: float, spend_eur: ArrayLike, incremental_share: ArrayLike = 1.0
) -> float | np.ndarray:
    """(attributed revenue × incremental share × margin − spend) ÷ spend, a fraction; 0 means the money came back once.

    `incremental_share` is what a holdout test says would *not* have come without the spend: 1 − rate without ÷ rate
    with. Search at a share of 0.5 turns +52 % into −24 %. `margin` is the contribution margin, a fraction. It is an
    average over all euros spent: the next euro brings less (`budget.marginal_return`). NaN (not defined, neither
    infinite nor 0) where nothing was spent. Source of the idea: Blake, Nosko and Tadelis, Econometrica 83 (2015).
    """
    spend = np.asarray(spend_eur, dtype=float)
    earned = np.asarray(revenue_eur, dtype=float) * np.asarray(incremental_share, dtype=float) * margin
    return _like((earned - spend) / np.where(spend == 0, np.nan, spend))


def incremental_share(part_with: int, whole_with: int, part_without: int, whole_without: int) -> float:
    """What of the result with the spend would not have come without it: 1 − rate without ÷ rate with, a fraction.

    Below 0 when the group without did better. NaN when a group is empty or nobody bought with the spend. A share from
    small groups is a guess: print `intervals.newcombe` of the two rates beside it.
    """
    return 1.0 - share(share(part_without, whole_without), share(part_with, whole_with))


def _months(values: pd.Series) -> pd.PeriodIndex:
    if isinstance(values.dtype, pd.PeriodDtype):
        return pd.PeriodIndex(values, freq="M")
    return pd.PeriodIndex(pd.DatetimeIndex(pd.to_datetime(values)), freq="M")


def _like(values: np.ndarray) -> float | np.ndarray:
    """A plain number for numbers, an array for arrays."""
    return float(values) if np.ndim(values) == 0 else np.asarray(values)
