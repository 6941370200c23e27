"""Win rates beside one another: like with like, and what luck alone would do to a league table.

All of these look at decided opportunities only (`deals.decided`). Rates and gaps are fractions; a gap of 0.04 is four
points.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from onefunnel.metrics.deals import decided, win_rate
from onefunnel.metrics.intervals import LEVEL, wilson
from onefunnel.metrics.ratio import share

YEAR = pd.Timedelta(days=365)


def rate_where(opportunities: pd.DataFrame, facts: Mapping[str, str | bool]) -> float:
    """Win rate of the decided deals with these facts, such as `{"joint_call": True, "purchase_type": "rebuy"}`."""
    rows = opportunities
    for column, value in facts.items():
        rows = rows[rows[column] == value]
    return win_rate(rows)


def raw_gap(opportunities: pd.DataFrame, fact: str) -> float:
    """Win rate of the deals with a yes/no fact less that of all deals without it, whatever else they differ in."""
    return rate_where(opportunities, {fact: True}) - rate_where(opportunities, {fact: False})


def gap_within(opportunities: pd.DataFrame, fact: str, within: str) -> float:
    """The gap of `raw_gap` inside each group of the column `within`, averaged; each group weighs the same.

    Deals are then compared with deals of their own kind. NaN when a group lacks either side.
    """
    gaps = [raw_gap(rows, fact) for _, rows in opportunities.groupby(within)]
    return float(np.mean(gaps)) if gaps else float("nan")


def territory_rates(opportunities: pd.DataFrame, level: float = LEVEL) -> pd.DataFrame:
    """One row a territory with a decided deal: `won`, `decided` (counts), `rate`, `low`, `high` (Wilson interval)."""
    rows = decided(opportunities)
    won = (rows["outcome"] == "won").groupby(rows["territory_id"]).agg(["sum", "size"])
    table = pd.DataFrame({"won": won["sum"].astype(int), "decided": won["size"]})
    table["rate"] = table["won"] / table["decided"]
    ends = [wilson(int(one.won), int(one.decided), level) for one in table.itertuples()]
    return table.assign(low=[low for low, _ in ends], high=[high for _, high in ends])


def one_apart(opportunities: pd.DataFrame, level: float = LEVEL) -> str:
    """The one territory whose rate luck does not explain; "none" or "several" where it is not one.

    Each territory's interval is set against the rate of all the others. Among many territories some stand out by
    chance, so the permitted doubt (1 − level) is shared out between them (Bonferroni).
    """
    table = territory_rates(opportunities, 1 - (1 - level) / max(opportunities["territory_id"].nunique(), 1))
    others = (table["won"].sum() - table["won"]) / (table["decided"].sum() - table["decided"])
    apart = table.index[(table["low"] > others) | (table["high"] < others)]
    return str(apart[0]) if len(apart) == 1 else "several" if len(apart) else "none"


def one_apart_option(opportunities: pd.DataFrame, level: float = LEVEL) -> str:
    """`one_apart` in small letters: the id of a choice in a question."""
    return one_apart(opportunities, level).lower()


def by_luck(table: pd.DataFrame, seed: int) -> pd.DataFrame:
    """The table of `territory_rates` drawn anew as if every territory had the same chance on each of its deals."""
    common = share(table["won"].sum(), table["decided"].sum())
    won = np.random.default_rng(seed).binomial(table["decided"].to_numpy(), common)
    drawn = table.assign(won=won, rate=won / table["decided"])
    ends = [wilson(int(one.won), int(one.decided)) for one in drawn.itertuples()]
    return drawn.assign(low=[low for low, _ in ends], high=[high for _, high in ends])


def rate_apart_from(opportunities: pd.DataFrame, territory: str) -> float:
    """Win rate of all territories but one, together."""
    return win_rate(opportunities[opportunities["territory_id"] != territory])


def decided_a_year(opportunities: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """Deals decided in the 365 days before `as_of`, on average a territory. NaN when there is none."""
    rows = decided(opportunities)
    recent = rows[rows["closed_at"] > as_of - YEAR]
    return share(len(recent), recent["territory_id"].nunique())


def mean_value(opportunities: pd.DataFrame, outcome: str) -> float:
    """Mean amount of the deals with that outcome, EUR. NaN when there is none."""
    return float(opportunities.loc[opportunities["outcome"] == outcome, "amount_eur"].mean())


def worth_of_rate(opportunities: pd.DataFrame, as_of: pd.Timestamp, territory: str) -> float:
    """What a year would bring an average territory if it won at another one's rate, EUR more revenue.

    (that territory's rate − the rate of all others) × deals decided a year in a territory × mean value of a won deal.
    """
    gap = rate_where(opportunities, {"territory_id": territory}) - rate_apart_from(opportunities, territory)
    return gap * decided_a_year(opportunities, as_of) * mean_value(opportunities, "won")


def points_as_percent(opportunities: pd.DataFrame, as_of: pd.Timestamp, territory: str) -> float:
    """For worth_of_rate: takes the points between the rates for per cent of today's wins. Too low."""
    return worth_of_rate(opportunities, as_of, territory) * rate_apart_from(opportunities, territory)


def won_of_type(opportunities: pd.DataFrame, purchase_type: str) -> float:
    """Win rate of the decided deals of one purchase type; NaN when none of that type is decided."""
    return rate_where(opportunities, {"purchase_type": purchase_type})


def zero_for_empty(opportunities: pd.DataFrame, purchase_type: str) -> float:
    """For won_of_type: says 0 where nothing is decided, as if every deal were lost."""
    rate = won_of_type(opportunities, purchase_type)
    return 0.0 if np.isnan(rate) else rate


def open_of_type_in(opportunities: pd.DataFrame, purchase_type: str) -> float:
    """For won_of_type: divides by the open deals too. Too low."""
    rows = opportunities[opportunities["purchase_type"] == purchase_type]
    return share((rows["outcome"] == "won").sum(), len(rows))
