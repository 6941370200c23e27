"""Who answers for what: steps without exactly one accountable, tasks done twice, and tasks that nobody does.

Tables: `tasks` (one row a task: `task_id`, `task`, `step_id`) and `time_log` (one row a person's task in a week:
`territory_id`, `week`, `function`, `task_id`, `hours`; a task without hours has no row). Each territory has one seller
and one marketer, so a territory's week is one seller-week.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from onefunnel.metrics import roles
from onefunnel.metrics.ratio import share

FUNCTIONS = ("marketing", "sales", "service")


class Owners(NamedTuple):
    """Functions that answer for a step, and functions that do the work of it."""

    accountable: tuple[str, ...]
    responsible: tuple[str, ...]


#: How the company ran before each step had its one owner.
BEFORE: Mapping[str, Owners] = {
    "unaware": Owners(("marketing",), ("marketing",)),
    "aware": Owners(("marketing",), ("marketing",)),
    "engaged": Owners(("marketing",), ("marketing", "sales")),
    "marketing_qualified": Owners(("marketing",), ("marketing",)),
    "accepted": Owners(("marketing", "sales"), ("sales",)),
    "qualified": Owners(("sales",), ("sales",)),
    "trial": Owners((), ("sales",)),
    "proposal": Owners(("sales",), ("marketing", "sales")),
    "decision": Owners(("sales",), ("sales",)),
    "won": Owners(("sales",), ("sales",)),
    "live": Owners((), ("service",)),
    "renewed": Owners(("sales",), ("sales",)),
}

#: Eight sales to sort. What role_clarity reads, and the words for it.
SALES = pd.DataFrame(
    [
        ("beans_monthly", "The same beans every month, for a canteen", "rebuy", False, 60, 20, False),
        ("cups_reorder", "Paper cups, ordered again by a café", "rebuy", False, 48, 10, False),
        ("big_rebuy", "A €200,000 repeat order of capsules by a hospital group", "rebuy", False, 60, 45, False),
        ("first_machine", "A first machine for a small law firm", "first", False, 60, 90, False),
        ("season_blend", "A summer blend, sold for four months to shops we know", "rebuy", False, 4, 15, False),
        ("slow_tender", "A public tender for machines that they already use", "rebuy", False, 60, 300, False),
        ("branded_corner", "A first coffee corner in the client's own design", "first", True, 12, 120, False),
        ("group_rollout", "A first roll-out at a key account, made to measure", "first", True, 60, 270, True),
    ],
    columns=["id", "text", "purchase_type", "customised", "product_life_months", "cycle_days", "key_account"],
)


def not_exactly_one(steps: Sequence[str]) -> list[str]:
    """Steps that no function, or more than one, answered for before; in the order of the funnel."""
    return [step for step in steps if len(BEFORE[step].accountable) != 1]


def double_hours(time_log: pd.DataFrame) -> float:
    """Hours a week that a seller spends on tasks which the marketer of the same territory does too (mean)."""
    return share(hours_done_by_both(time_log, "sales"), seller_weeks(time_log))


def hours_done_by_both(time_log: pd.DataFrame, function: str) -> float:
    """All hours that one function spent on tasks which both functions do in the same territory."""
    return float(time_log.loc[_by_both(time_log) & (time_log["function"] == function), "hours"].sum())


def hours_of(time_log: pd.DataFrame, function: str) -> float:
    """All hours that one function wrote down."""
    return float(time_log.loc[time_log["function"] == function, "hours"].sum())


def seller_weeks(time_log: pd.DataFrame) -> int:
    """Weeks of sellers in the log: one seller for four weeks are four."""
    return len(time_log[["territory_id", "week"]].drop_duplicates())


def tasks_done_by_both(time_log: pd.DataFrame) -> int:
    """How many tasks both functions spend hours on."""
    return int(time_log.loc[_by_both(time_log), "task_id"].nunique())


def pay_of_a_year(costs: pd.DataFrame, function: str) -> float:
    """Salaries of a function in the last twelve months of `costs`, EUR."""
    months = sorted(costs["month"].unique())[-12:]
    rows = costs["month"].isin(months) & (costs["kind"] == "salaries") & (costs["function"] == function)
    return float(costs.loc[rows, "eur"].sum())


def double_share(time_log: pd.DataFrame) -> float:
    """Sellers' hours on tasks which both functions do ÷ all hours of sellers; NaN when they wrote down none."""
    return share(hours_done_by_both(time_log, "sales"), hours_of(time_log, "sales"))


def double_cost(time_log: pd.DataFrame, costs: pd.DataFrame) -> float:
    """What a year of sellers' double work costs, EUR: its share of the sellers' hours × their salaries of a year."""
    return double_share(time_log) * pay_of_a_year(costs, "sales")


def orphans(tasks: pd.DataFrame, time_log: pd.DataFrame) -> list[str]:
    """Ids of tasks on the list that nobody spends an hour on, in the list's order."""
    done = set(time_log.loc[time_log["hours"] > 0, "task_id"])
    return [task for task in tasks["task_id"] if task not in done]


def task_options(tasks: pd.DataFrame) -> list[dict[str, str]]:
    """Each task as something to pick: `id` and `text`."""
    return [{"id": row.task_id, "text": row.task} for row in tasks.itertuples()]


def sale_rows() -> list[dict[str, str]]:
    """The eight sales to sort: `id`, and a `text` with everything that decides."""
    return [{"id": sale.id, "text": f"{sale.text} ({_terms(sale)})"} for sale in SALES.itertuples()]


def sale_roles() -> dict[str, str]:
    """How closely roles must be agreed, by sale: light, shared or tight."""
    return dict(zip(SALES["id"], roles.role_clarity(SALES), strict=True))


def _terms(sale: NamedTuple) -> str:
    months = round(sale.cycle_days / 30)
    decided = f"decided in {months} months" if months > 1 else f"decided in {sale.cycle_days} days"
    return f"{decided}, product on offer for {sale.product_life_months} months"


def _by_both(time_log: pd.DataFrame) -> pd.Series:
    return time_log.groupby(["territory_id", "task_id"])["function"].transform("nunique") == 2
