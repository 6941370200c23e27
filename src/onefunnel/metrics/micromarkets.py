"""Micromarkets: where the budget goes, where the potential lies, what the next euro brings, and how plays did.

Tables: `micromarkets` (one row a place: `micromarket_id`, `micromarket`, `budget_eur`, `sales_eur`, `potential_share`,
`ceiling_eur`, `scale_eur`, `margin_eur`, `retention`), `micromarket_segments`, `territories` and `experiments` (one row
an arm, stratum and day of a look). A plan is an amount for each `micromarket_id`, EUR. The response of a place to its
money is that of `budget.response`; contribution is that of five years, EUR.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from onefunnel.metrics import budget, intervals, value
from onefunnel.metrics.ratio import share

DISCOUNT = 0.10  # a year, for what a customer is worth


def by_worth(micromarkets: pd.DataFrame) -> pd.DataFrame:
    """The places with `worth_eur` (lifetime value of a customer at a discount of 10 %), the dearest customers first."""
    worth = value.lifetime_value(micromarkets["margin_eur"], micromarkets["retention"], DISCOUNT)
    return micromarkets.assign(worth_eur=worth).sort_values("worth_eur", ascending=False, ignore_index=True)


def amount_of(micromarkets: pd.DataFrame, column: str, top: int = 0) -> float:
    """Sum of a column over the `top` places with the dearest customers (below 0: the cheapest; 0: all)."""
    rows = by_worth(micromarkets)[column]
    return float((rows.head(top) if top > 0 else rows.tail(-top) if top < 0 else rows).sum())


def how_many(micromarkets: pd.DataFrame, top: int = 0) -> int:
    """How many places that is: all with 0."""
    return abs(top) or len(micromarkets)


def share_of(micromarkets: pd.DataFrame, column: str, top: int) -> float:
    """Their share of that column, a fraction."""
    return share(amount_of(micromarkets, column, top), amount_of(micromarkets, column))


def places(micromarkets: pd.DataFrame, most: float) -> list[dict[str, Any]]:
    """Each place to give money to: `id`, `text`, `start` (today's budget), `min` 0, `max` (`most` × today)."""
    return [
        {
            "id": row.micromarket_id,
            "text": row.micromarket,
            "start": float(row.budget_eur),
            "min": 0.0,
            "max": float(row.budget_eur * most),
        }
        for row in micromarkets.itertuples()
    ]


def budget_now(micromarkets: pd.DataFrame) -> dict[str, float]:
    """Today's budgets as a plan."""
    return _plan(micromarkets, micromarkets["budget_eur"])


def brings(micromarkets: pd.DataFrame, plan: Mapping[str, float]) -> float:
    """Contribution of five years that a plan brings in all places together, EUR."""
    spend = [plan.get(place, 0.0) for place in micromarkets["micromarket_id"]]
    return float(budget.response(spend, *_curves(micromarkets)).sum())


def best(micromarkets: pd.DataFrame, most: float) -> dict[str, float]:
    """The split of today's money that brings most, when no place gets more than `most` × today."""
    now = micromarkets["budget_eur"].to_numpy(dtype=float)
    return _plan(micromarkets, budget.best_allocation(now.sum(), *_curves(micromarkets), 0.0, now * most))


def gain_of_best(micromarkets: pd.DataFrame, most: float) -> float:
    """What the best split brings more than today's, a fraction of today's; NaN when today's brings nothing."""
    return share(brings(micromarkets, best(micromarkets, most)), brings(micromarkets, budget_now(micromarkets))) - 1


def next_euros(micromarkets: pd.DataFrame) -> pd.Series:
    """What one euro more brings in five years, EUR, by micromarket_id."""
    found = budget.marginal_return(micromarkets["budget_eur"], *_curves(micromarkets))
    return pd.Series(found, index=micromarkets["micromarket_id"].to_numpy())


def next_euro_here(territories: pd.DataFrame, micromarkets: pd.DataFrame) -> float:
    """What one euro more brings in the place of the (first) territory, EUR. ValueError for a place without a budget."""
    place = territories["micromarket_id"].head(1).tolist()
    found = next_euros(micromarkets).reindex(place)
    if found.isna().all():
        raise ValueError(f"no budget is known for the micromarket {', '.join(place) or '(no territory given)'}.")
    return float(found.iloc[0])


def adverts_or_seller(territories: pd.DataFrame, micromarkets: pd.DataFrame, seller: float) -> str:
    """The better use of one more euro: "adverts" where it brings more than one for a seller (`seller`, EUR)."""
    return "adverts" if next_euro_here(territories, micromarkets) > seller else "seller"


def why_here(territories: pd.DataFrame, micromarkets: pd.DataFrame, seller: float) -> str:
    """ "above" or "below": the next euro of the budget here against a euro for a seller."""
    return "above" if next_euro_here(territories, micromarkets) > seller else "below"


class Trial(NamedTuple):
    """One count of one play: success rates with and without, their gap and its interval, fractions."""

    treated: float
    control: float
    gap: float
    low: float
    high: float
    n: int


def trial(experiments: pd.DataFrame, experiment: str, stratum: str = "", early: bool = False) -> Trial:
    """A play's test at its planned end (`early`: on the day somebody looked before), strata added up unless named.

    The interval is Newcombe's, of the gap (`intervals.newcombe`). ValueError when there is no such count.
    """
    rows = experiments[experiments["experiment_id"] == experiment]
    rows = rows[(rows["looked_on"] < rows["planned_end"]) == early]
    rows = rows[rows["stratum"] == stratum] if stratum else rows
    if set(rows["arm"]) != {"treated", "control"}:
        raise ValueError(f"experiments: no count of {experiment} {stratum} with both arms. Look at the ids.")
    sums = rows.groupby("arm")[["successes", "n"]].sum()
    (won, treated), (won_without, control) = ((int(a), int(b)) for a, b in (sums.loc["treated"], sums.loc["control"]))
    low, high = intervals.newcombe(won, treated, won_without, control)
    rates = won / treated, won_without / control
    return Trial(*rates, rates[0] - rates[1], low, high, treated + control)


def _curves(micromarkets: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    return tuple(micromarkets[name].to_numpy(dtype=float) for name in ("ceiling_eur", "scale_eur"))


def _plan(micromarkets: pd.DataFrame, amounts: Any) -> dict[str, float]:
    return dict(zip(micromarkets["micromarket_id"], map(float, amounts), strict=True))
