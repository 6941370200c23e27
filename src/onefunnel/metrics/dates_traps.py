"""Wrong ways to read planned dates. Each has the signature of the metric that its docstring names."""

from __future__ import annotations

import pandas as pd

from onefunnel.metrics import dates, deals
from onefunnel.metrics.dates import QUARTERS
from onefunnel.metrics.ratio import share


def one_over_win_rate(
    opportunities: pd.DataFrame, close_date_moves: pd.DataFrame, as_of: pd.Timestamp, quarters: int = QUARTERS
) -> float:
    """For needed_coverage: 1 ÷ win rate of all deals by count. Deals near their date win more often. Too high."""
    return share(1.0, deals.win_rate(opportunities))


def dates_of_today(
    opportunities: pd.DataFrame, close_date_moves: pd.DataFrame, as_of: pd.Timestamp, quarters: int = QUARTERS
) -> float:
    """For needed_coverage: takes the last date of each deal for the one planned then. What was pushed out is forgotten.

    Too low.
    """
    return dates.needed_coverage(opportunities, close_date_moves.iloc[:0], as_of, quarters)


def last_date_only(opportunities: pd.DataFrame, close_date_moves: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """For slippage: reads the dates of today, after the pushes, so the pushed deals were never due. Too low."""
    return dates.slippage(opportunities, close_date_moves.iloc[:0], as_of)


def lost_counts_as_slipped(opportunities: pd.DataFrame, close_date_moves: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """For slippage: everything due that was not won. A no is an answer, and in time. Too high."""
    quarter = as_of.to_period("Q") - 1
    due = dates.due_deals(opportunities, close_date_moves, quarter.start_time, quarter.end_time)
    won = (due["outcome"] == "won") & (due["closed_at"] <= quarter.end_time)
    return share(due.loc[~won, "amount_eur"].sum(), due["amount_eur"].sum())


def moves_per_deal(opportunities: pd.DataFrame, close_date_moves: pd.DataFrame, pushes: int = 2) -> float:
    """For pushed_share: moves ÷ deals, a mean. A few deals pushed ten times look like everybody's habit. Too high."""
    rows = opportunities[opportunities["outcome"].isin(deals.DECIDED)]
    return share(dates.pushes_of(rows, close_date_moves).sum(), len(rows))


def won_deals_only(opportunities: pd.DataFrame, close_date_moves: pd.DataFrame, pushes: int = 2) -> float:
    """For pushed_share: only deals that were won. The often pushed ones are mostly lost. Too low."""
    return dates.pushed_share(opportunities[opportunities["outcome"] == "won"], close_date_moves, pushes)
