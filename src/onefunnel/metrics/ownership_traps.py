"""Wrong ways to find gaps and doubles. Each has the signature of the function that its docstring names."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from onefunnel.metrics import ownership
from onefunnel.metrics.ownership import BEFORE
from onefunnel.metrics.ratio import share


def two_is_safer(steps: Sequence[str]) -> list[str]:
    """For not_exactly_one: only the steps that nobody answers for. Two owners pass as one."""
    return [step for step in steps if not BEFORE[step].accountable]


def responsible_is_accountable(steps: Sequence[str]) -> list[str]:
    """For not_exactly_one: looks at who does the work. A step with a busy hand looks owned."""
    return [step for step in steps if len(BEFORE[step].responsible) != 1]


def both_peoples_hours(time_log: pd.DataFrame) -> float:
    """For double_hours: adds the marketer's hours. Too high: only one of the two can stop."""
    hours = sum(ownership.hours_done_by_both(time_log, function) for function in ("sales", "marketing"))
    return share(hours, ownership.seller_weeks(time_log))


def cost_of_all_hours(time_log: pd.DataFrame, costs: pd.DataFrame) -> float:
    """For double_cost: the hours of both people at a seller's pay. Too high: one of the two goes on."""
    both = sum(ownership.hours_done_by_both(time_log, function) for function in ("sales", "marketing"))
    return share(both, ownership.hours_of(time_log, "sales")) * ownership.pay_of_a_year(costs, "sales")


def least_is_none(tasks: pd.DataFrame, time_log: pd.DataFrame) -> list[str]:
    """For orphans: the three tasks with the fewest hours. What nobody does has no row, so it never shows."""
    return list(time_log.groupby("task_id")["hours"].sum().nsmallest(3).index)
