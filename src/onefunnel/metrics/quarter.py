"""What the quarter of `as_of` will bring: what is won, and what became of deals due on the same day of past quarters.

Tables: `opportunities`, `targets` (`quarter`, `target_eur`, `trials_planned`), `close_date_moves` (`opp_id`,
`moved_on`, `close_date_before`), `trial_slots` (`date`). Money in EUR, rates are fractions.
"""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from onefunnel.metrics.forecast import coverage_parts
from onefunnel.metrics.ratio import share

QUARTERS = 10  # how many past quarters a rate is read from


class Expected(NamedTuple):
    """Euros that the quarter will bring: the middle, and what the worst and the best past quarter would have made."""

    low: float
    middle: float
    high: float


def part(opportunities: pd.DataFrame, targets: pd.DataFrame, as_of: pd.Timestamp, name: str) -> float:
    """One of `coverage_parts`, EUR: target_eur, won_eur, due_eur, past_due_eur or open_eur."""
    return float(coverage_parts(opportunities, targets, as_of)[name])


def part_needed(opportunities: pd.DataFrame, targets: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """The share of the due euros that must be won to make the quarter: 1 ÷ coverage. NaN when nothing is due."""
    parts = coverage_parts(opportunities, targets, as_of)
    return share(parts["target_eur"] - parts["won_eur"], parts["due_eur"])


def due_before(
    opportunities: pd.DataFrame, close_date_moves: pd.DataFrame, as_of: pd.Timestamp, quarters: int = QUARTERS
) -> pd.DataFrame:
    """What was due on the same day of past quarters, and what came of it: one row a quarter, the oldest first.

    Columns: `due_eur` (open on that day, planned as it stood **then** from that day to the quarter's end), `won_eur`
    (of these, won by the quarter's end), `rate` (won ÷ due; NaN when nothing was due). Later moves of a planned date
    are taken back, since they were not known on that day.
    """
    now = as_of.to_period("Q")
    day_of_quarter = as_of - now.start_time
    moves = close_date_moves.sort_values(["opp_id", "moved_on"], kind="stable")
    rows = {}
    for quarter in pd.period_range(now - quarters, now - 1):
        day, end = quarter.start_time + day_of_quarter, quarter.end_time
        stood = (opportunities["created_at"] <= day) & ~(opportunities["closed_at"] < day)
        as_then = moves[moves["moved_on"] >= day].groupby("opp_id")["close_date_before"].first()
        then = pd.Series(as_then.reindex(opportunities["opp_id"]).array, index=opportunities.index)
        planned = then.fillna(opportunities["close_date_planned"])
        due = opportunities[stood & planned.between(day, end)]
        won = due[due["outcome"].eq("won") & (due["closed_at"] <= end)]
        rows[quarter] = (float(due["amount_eur"].sum()), float(won["amount_eur"].sum()))
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["due_eur", "won_eur"])
    return table.assign(rate=table["won_eur"] / table["due_eur"].where(table["due_eur"] != 0))


def due_won_rate(
    opportunities: pd.DataFrame, close_date_moves: pd.DataFrame, as_of: pd.Timestamp, quarters: int = QUARTERS
) -> float:
    """Euros won by the quarter's end ÷ euros due, all quarters of `due_before` together. NaN when none were due."""
    past = due_before(opportunities, close_date_moves, as_of, quarters)
    return share(past["won_eur"].sum(), past["due_eur"].sum())


def coverage_needed(
    opportunities: pd.DataFrame, close_date_moves: pd.DataFrame, as_of: pd.Timestamp, quarters: int = QUARTERS
) -> float:
    """Euros that must be due for each euro still missing: 1 ÷ `due_won_rate`. NaN when nothing due was ever won."""
    return share(1.0, due_won_rate(opportunities, close_date_moves, as_of, quarters))


def expected_eur(
    opportunities: pd.DataFrame,
    targets: pd.DataFrame,
    close_date_moves: pd.DataFrame,
    as_of: pd.Timestamp,
    quarters: int = QUARTERS,
) -> float:
    """Won so far + due × `due_won_rate`, EUR. Deals opened and won within the rest of the quarter are not in it."""
    return expected_range(opportunities, targets, close_date_moves, as_of, quarters).middle


def expected_range(
    opportunities: pd.DataFrame,
    targets: pd.DataFrame,
    close_date_moves: pd.DataFrame,
    as_of: pd.Timestamp,
    quarters: int = QUARTERS,
) -> Expected:
    """`expected_eur` between the rates of the worst and the best past quarter: what happened, no law of chance."""
    parts = coverage_parts(opportunities, targets, as_of)
    past = due_before(opportunities, close_date_moves, as_of, quarters)
    rates = (past["rate"].min(), share(past["won_eur"].sum(), past["due_eur"].sum()), past["rate"].max())
    return Expected(*(float(parts["won_eur"] + parts["due_eur"] * rate) for rate in rates))


def expected_of_target(
    opportunities: pd.DataFrame,
    targets: pd.DataFrame,
    close_date_moves: pd.DataFrame,
    as_of: pd.Timestamp,
    quarters: int = QUARTERS,
) -> float:
    """`expected_eur` ÷ the quarter's target, a fraction. NaN without a target."""
    expected = expected_eur(opportunities, targets, close_date_moves, as_of, quarters)
    return share(expected, part(opportunities, targets, as_of, "target_eur"))


def next_trials(targets: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """Trials that the plan of the quarter after `as_of` counts on."""
    label = targets["quarter"].astype(str).str.replace("-", "", regex=False)
    return float(targets.loc[label == str(as_of.to_period("Q") + 1), "trials_planned"].sum())


def next_slots(trial_slots: pd.DataFrame, as_of: pd.Timestamp) -> int:
    """Trial slots of the quarter after `as_of`, whether booked or free: so many trials can be served."""
    return int((trial_slots["date"].dt.to_period("Q") == as_of.to_period("Q") + 1).sum())


def can_be_served(targets: pd.DataFrame, trial_slots: pd.DataFrame, as_of: pd.Timestamp) -> str:
    """Whether the next quarter's plan has a slot for each trial: "yes" or "no"."""
    return "yes" if next_trials(targets, as_of) <= next_slots(trial_slots, as_of) else "no"
