"""What becomes of planned closing dates: how often they are pushed, and how much of what is due is won in time.

Table `close_date_moves`: one row a change (`opp_id`, `moved_on`, `close_date_before`, `close_date_after`).
`opportunities` holds the date planned last.
"""

from __future__ import annotations

import pandas as pd

from onefunnel.metrics.deals import DECIDED
from onefunnel.metrics.ratio import share

#: Past quarters that the value rate of due deals is read from.
QUARTERS = 10


def planned_on(opportunities: pd.DataFrame, close_date_moves: pd.DataFrame, moment: pd.Timestamp) -> pd.Series:
    """The closing date that was planned at the start of `moment`'s day, one a row of `opportunities`.

    It is the date *before* the first move made since then, or the date of today where none was made.
    """
    since = close_date_moves[close_date_moves["moved_on"] >= moment].sort_values(["opp_id", "moved_on"], kind="stable")
    before = since.groupby("opp_id")["close_date_before"].first()
    then = before.reindex(opportunities["opp_id"]).set_axis(opportunities.index)
    return then.fillna(opportunities["close_date_planned"])


def due_deals(
    opportunities: pd.DataFrame, close_date_moves: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp
) -> pd.DataFrame:
    """Deals that were open on the morning of `start` and planned to close from then to `end`, by the plan of then."""
    was_open = (opportunities["created_at"] <= start) & ~(opportunities["closed_at"] < start)
    planned = planned_on(opportunities, close_date_moves, start)
    return opportunities[was_open & planned.between(start, end)]


def value_rate_of_due(
    opportunities: pd.DataFrame, close_date_moves: pd.DataFrame, as_of: pd.Timestamp, quarters: int = QUARTERS
) -> float:
    """Euros won by the quarter's end ÷ euros due in the rest of it, at the same day of past quarters; a fraction.

    All `quarters` together, each with the dates as they were planned on that day. NaN when nothing was due.
    """
    now = as_of.to_period("Q")
    due_eur = won_eur = 0.0
    for quarter in pd.period_range(now - quarters, now - 1, freq="Q"):
        day, end = quarter.start_time + (as_of - now.start_time), quarter.end_time
        due = due_deals(opportunities, close_date_moves, day, end)
        due_eur += due["amount_eur"].sum()
        won_eur += due.loc[(due["outcome"] == "won") & (due["closed_at"] <= end), "amount_eur"].sum()
    return share(won_eur, due_eur)


def needed_coverage(
    opportunities: pd.DataFrame, close_date_moves: pd.DataFrame, as_of: pd.Timestamp, quarters: int = QUARTERS
) -> float:
    """1 ÷ `value_rate_of_due`: the euros that must be due for each euro still to be won; a ratio.

    Hold `forecast.coverage` against it. Slippage is in it, and so are deals lost. NaN when nothing was due or won.
    """
    return share(1.0, value_rate_of_due(opportunities, close_date_moves, as_of, quarters))


def slippage(opportunities: pd.DataFrame, close_date_moves: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """Euros due in the last whole quarter that had no decision by its end ÷ euros due in it, a fraction.

    Due: open on the quarter's first day with a date within it, as planned on that day. Deals decided late, pushed out
    or simply left past due have slipped; lost ones have not, they were answered. NaN when nothing was due.
    """
    quarter = as_of.to_period("Q") - 1
    due = due_deals(opportunities, close_date_moves, quarter.start_time, quarter.end_time)
    slipped = ~(due["closed_at"] <= quarter.end_time)
    return share(due.loc[slipped, "amount_eur"].sum(), due["amount_eur"].sum())


def pushed_share(opportunities: pd.DataFrame, close_date_moves: pd.DataFrame, pushes: int = 2) -> float:
    """Decided deals whose date was moved **back** at least `pushes` times ÷ decided deals, a fraction.

    Moves to an earlier date are no pushes. Open deals are left out: they may be pushed again. NaN when none is decided.
    """
    rows = opportunities[opportunities["outcome"].isin(DECIDED)]
    return share((pushes_of(rows, close_date_moves) >= pushes).sum(), len(rows))


def pushes_of(opportunities: pd.DataFrame, close_date_moves: pd.DataFrame) -> pd.Series:
    """How often each deal's date was moved to a later one, in the order of the rows."""
    later = close_date_moves[close_date_moves["close_date_after"] > close_date_moves["close_date_before"]]
    return opportunities["opp_id"].map(later.groupby("opp_id").size()).fillna(0).astype(int)
