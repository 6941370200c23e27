"""Plain counts of people and deals: the building blocks that learners put together in tile questions.

Each count is one honest number about the tables; whether it belongs into a fraction is the learner's question.
All return whole numbers of people or deals, 0 on empty tables; an unknown step is a ValueError.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from onefunnel.metrics import stages


def entered(
    leads: pd.DataFrame,
    stage_history: pd.DataFrame,
    as_of: pd.Timestamp,
    steps: Sequence[str],
    step: str,
    maturity_days: float,
) -> int:
    """People who entered `step` for the first time at least `maturity_days` before `as_of`."""
    return int((_entries(leads, stage_history, step, steps) <= as_of - pd.Timedelta(days=maturity_days)).sum())


def moved_on(
    leads: pd.DataFrame,
    stage_history: pd.DataFrame,
    as_of: pd.Timestamp,
    steps: Sequence[str],
    from_step: str,
    to_step: str,
    maturity_days: float,
) -> int:
    """Of those whom `entered` counts at `from_step`: people who by `as_of` entered `to_step` or any later step."""
    moves = stages.stage_moves(leads, stage_history, steps, from_step, to_step)
    old = moves[moves["entered_at"] <= as_of - pd.Timedelta(days=maturity_days)]
    return int(old["moved_at"].notna().sum())


def young_entered(
    leads: pd.DataFrame,
    stage_history: pd.DataFrame,
    as_of: pd.Timestamp,
    steps: Sequence[str],
    step: str,
    days: float,
) -> int:
    """People who entered `step` for the first time within the last `days` before `as_of`."""
    return int((_entries(leads, stage_history, step, steps) > as_of - pd.Timedelta(days=days)).sum())


def young_moved_on(
    leads: pd.DataFrame,
    stage_history: pd.DataFrame,
    as_of: pd.Timestamp,
    steps: Sequence[str],
    from_step: str,
    to_step: str,
    days: float,
) -> int:
    """Of those whom `young_entered` counts at `from_step`: people who have moved on so far."""
    moves = stages.stage_moves(leads, stage_history, steps, from_step, to_step)
    young = moves[moves["entered_at"] > as_of - pd.Timedelta(days=days)]
    return int(young["moved_at"].notna().sum())


def entered_last_month(leads: pd.DataFrame, stage_history: pd.DataFrame, as_of: pd.Timestamp, step: str) -> int:
    """People who entered `step` for the first time in the last whole calendar month before `as_of`."""
    journeys = stages.first_entries(leads, stage_history)
    at = journeys.loc[journeys["step_id"] == step, "entered_at"]
    return int((at.dt.to_period("M") == as_of.to_period("M") - 1).sum())


def mql_rows(leads: pd.DataFrame, as_of: pd.Timestamp, maturity_days: float) -> int:
    """Rows of `leads` that became marketing-qualified `maturity_days` or more before `as_of`; a repeat counts twice."""
    return int((leads["mql_at"] <= as_of - pd.Timedelta(days=maturity_days)).sum())


def deals(stage_history: pd.DataFrame) -> int:
    """All opportunities with any history."""
    return int(stage_history["opp_id"].nunique())


def deals_that_skipped(stage_history: pd.DataFrame, steps: Sequence[str], step: str) -> int:
    """Opportunities that have no row for `step` but one for a later step."""
    at_step = stage_history.loc[stage_history["step_id"] == step, "opp_id"]
    past = stages.reached(stage_history, step, steps)
    return int((past & ~past.index.isin(at_step)).sum())


def rows_from(stage_history: pd.DataFrame, steps: Sequence[str], step: str) -> int:
    """Rows for `step` and every later step: a deal that went through three of them stands there three times."""
    later = list(steps)[list(steps).index(step) :]
    return int(stage_history["step_id"].isin(later).sum())


def deals_with(opportunities: pd.DataFrame, outcomes: Sequence[str], purchase_type: str | None = None) -> int:
    """Opportunities with one of these outcomes (won, lost, no_decision, open), of one purchase type or of all."""
    return len(_with_outcome(opportunities, outcomes, purchase_type))


def euros_with(opportunities: pd.DataFrame, outcomes: Sequence[str]) -> float:
    """Sum of the amounts of the opportunities with one of these outcomes, EUR."""
    return float(_with_outcome(opportunities, outcomes, None)["amount_eur"].sum())


def _with_outcome(opportunities: pd.DataFrame, outcomes: Sequence[str], purchase_type: str | None) -> pd.DataFrame:
    rows = opportunities[opportunities["outcome"].isin(list(outcomes))]
    return rows if purchase_type is None else rows[rows["purchase_type"] == purchase_type]


def _entries(leads: pd.DataFrame, stage_history: pd.DataFrame, step: str, steps: Sequence[str]) -> pd.Series:
    """First time each unit entered `step`."""
    if step not in steps:
        raise ValueError(f'unknown step "{step}". The funnel has: {", ".join(steps)}.')
    journeys = stages.first_entries(leads, stage_history)
    return journeys.loc[journeys["step_id"] == step, "entered_at"]
