"""How far forecasts missed, and on which side. Sign: **(forecast − actual)**; plus means too much was promised.

Inputs are two lists of one length (months, territories …), EUR or units. A pair with a missing side is left out on both
sides. Table form (`accuracy_table`): `forecasts` with `forecast_eur`, `actual_eur` and the columns to group by, such as
`made_by` or `territory_id`. All results are fractions; they are no ground for pay: what pays is bent, mostly downwards.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from onefunnel.metrics.ratio import share


def mape(forecast: ArrayLike, actual: ArrayLike) -> float:
    """Mean of |forecast − actual| ÷ |actual|: the usual miss of a month, each month alike.

    It punishes promising too much more than too little (at most 100 % for a forecast of 0, without limit above). NaN on
    no pair, and when an actual is 0: that month's percentage does not exist, so use `wape`.
    """
    promised, came = pairs(forecast, actual)
    if not len(came) or (came == 0).any():
        return float("nan")
    return float((np.abs(promised - came) / np.abs(came)).mean())


def wape(forecast: ArrayLike, actual: ArrayLike) -> float:
    """Σ|forecast − actual| ÷ Σ|actual|: the miss of a euro; months of zero are no problem. NaN when all actuals are 0.

    Source: Hyndman and Athanasopoulos, Forecasting: Principles and Practice (percentage errors and their traps).
    """
    promised, came = pairs(forecast, actual)
    return share(np.abs(promised - came).sum(), np.abs(came).sum())


def bias(forecast: ArrayLike, actual: ArrayLike) -> float:
    """Σ(forecast − actual) ÷ Σ|actual|: what is left when misses cancel; plus = promised too much. NaN as `wape`.

    Read it beside `wape`: a bias of 0 with a large miss is luck, not skill. |bias| is never above WAPE.
    """
    promised, came = pairs(forecast, actual)
    return share((promised - came).sum(), np.abs(came).sum())


def accuracy_table(forecasts: pd.DataFrame, by: str | Sequence[str]) -> pd.DataFrame:
    """One row a group, sorted by label: `pairs` (months with both sides), `mape`, `wape`, `bias`.

    Groups without one complete pair are left out. `mape` is NaN in a group with an actual of 0.
    """
    keys = [by] if isinstance(by, str) else list(by)
    rows = forecasts.dropna(subset=["forecast_eur", "actual_eur"])
    miss = rows["forecast_eur"] - rows["actual_eur"]
    size = rows["actual_eur"].abs()
    parts = rows[keys].assign(miss=miss, off=miss.abs(), size=size, percent=miss.abs() / size.where(size != 0))
    groups = parts.groupby(keys)
    sums = groups[["miss", "off", "size"]].sum()
    whole = sums["size"].where(sums["size"] != 0)
    complete = groups["percent"].count() == groups.size()
    return pd.DataFrame(
        {
            "pairs": groups.size(),
            "mape": groups["percent"].mean().where(complete),
            "wape": sums["off"] / whole,
            "bias": sums["miss"] / whole,
        }
    )


def pairs(forecast: ArrayLike, actual: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Both sides as arrays without the incomplete pairs. ValueError when they are not of one length."""
    promised, came = (np.asarray(values, dtype=float).ravel() for values in (forecast, actual))
    if len(promised) != len(came):
        raise ValueError(f"{len(promised)} forecasts and {len(came)} actuals. Give one actual for each forecast.")
    both = ~(np.isnan(promised) | np.isnan(came))
    return promised[both], came[both]


def forecast_miss(forecasts: pd.DataFrame, made_by: str | None = None) -> float:
    """`mape` of the forecasts of one maker (sales, marketing, joint), or of all: the usual miss of a month, a fraction.

    One pair a row; rows without an actual (months to come) are left out. ValueError when nobody of that name forecasts.
    """
    rows = of_maker(forecasts, made_by)
    return mape(rows["forecast_eur"], rows["actual_eur"])


def forecast_bias(forecasts: pd.DataFrame, made_by: str | None = None) -> float:
    """`bias` of the forecasts of one maker, or of all: plus = promised too much; a fraction. As `forecast_miss`."""
    rows = of_maker(forecasts, made_by)
    return bias(rows["forecast_eur"], rows["actual_eur"])


def of_maker(forecasts: pd.DataFrame, made_by: str | None) -> pd.DataFrame:
    """The rows of one maker; all for None."""
    if made_by is None:
        return forecasts
    if made_by not in set(forecasts["made_by"]):
        makers = ", ".join(sorted(forecasts["made_by"].unique()))
        raise ValueError(f'nobody called "{made_by}" makes forecasts. There are: {makers}.')
    return forecasts[forecasts["made_by"] == made_by]
