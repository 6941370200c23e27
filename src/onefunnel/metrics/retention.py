"""What becomes of customers: renewed, grown or gone, and how long until the first value.

Tables: `renewals` (one row a contract that comes due: `account_id`, `due_on`, `value_eur` due, `outcome` renewed,
grown, left or missing while open, and, where it is known, `renewed_eur`), `revenue` (`account_id`, `period`, `eur`),
`installs` (`account_id`, `signed_on`, `first_value_on`), `usage` (`account_id`, `used_on`, `units`).
Rates are fractions; nothing to divide by gives NaN.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from onefunnel.metrics.ratio import share

DAY = pd.Timedelta(days=1)
STAYED = ("renewed", "grown")

#: Share of the planned use from which a customer has got what was bought.
PLANNED_USE = 0.80

#: A contract signed fewer days ago than this is not judged: it has not had the time.
MATURITY_DAYS = 120


def gross_renewal_rate(renewals: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> float:
    """Value renewed ÷ value that came **due** from `start` to `end` (both days included), a fraction from 0 to 1.

    The cohort is made by due date, whatever day it was signed. Growth is left out: a contract counts with no more than
    was due (`renewed_eur`, if the table has it, is cut there; without it a contract that stayed counts in full). One
    still open counts as not renewed: take an `end` far enough before the data's date. NaN when nothing came due.
    """
    rows = due_between(renewals, start, end)
    return share(kept_value(rows).sum(), rows["value_eur"].sum())


def due_between(renewals: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """The rows that come due from `start` to `end`, both days included."""
    return renewals[(renewals["due_on"] >= start) & (renewals["due_on"] < end.normalize() + DAY)]


def kept_value(renewals: pd.DataFrame) -> pd.Series:
    """EUR of each row that stayed, no more than was due."""
    stayed = renewals["outcome"].isin(STAYED)
    value = renewals["value_eur"].astype(float)
    if "renewed_eur" in renewals:
        value = np.minimum(renewals["renewed_eur"].astype(float).fillna(value), value)
    return value.where(stayed, 0.0)


def net_revenue_retention(revenue: pd.DataFrame, before: Any, after: Any) -> float:
    """Revenue in period `after` of the customers of period `before` ÷ their revenue in `before`; a ratio.

    Growth, shrinkage and loss of the **same** customers; above 1 they grew by more than was lost. New customers are
    left out of both sides, the lost stay in with 0. Take two periods of one length and season (a year apart). NaN when
    there was no revenue before.
    """
    then, now = same_customers(revenue, before, after)
    return share(now.sum(), then.sum())


def gross_revenue_retention(revenue: pd.DataFrame, before: Any, after: Any) -> float:
    """As `net_revenue_retention`, but each customer counts with no more than before: never above 1."""
    then, now = same_customers(revenue, before, after)
    return share(np.minimum(then, now).sum(), then.sum())


def same_customers(revenue: pd.DataFrame, before: Any, after: Any) -> tuple[pd.Series, pd.Series]:
    """EUR by account in both periods, for accounts with revenue in `before`; 0 where nothing came later."""
    then = revenue[revenue["period"] == before].groupby("account_id")["eur"].sum()
    then = then[then > 0].astype(float)
    now = revenue[revenue["period"] == after].groupby("account_id")["eur"].sum()
    return then, now.reindex(then.index).fillna(0.0).astype(float)


def first_value_on(usage: pd.DataFrame, planned_units: pd.Series, share_of_plan: float = PLANNED_USE) -> pd.Series:
    """First day on which an account used `share_of_plan` of its plan, indexed like `planned_units`; NaT until then.

    `usage` has one row an account and day (or week) with `units`; `planned_units` the plan for the same stretch,
    indexed by account_id. Accounts without a plan above 0 have no first value: NaT.
    """
    plan = planned_units.where(planned_units > 0)
    enough = usage[usage["units"] >= share_of_plan * usage["account_id"].map(plan)]
    first = enough.groupby("account_id")["used_on"].min()
    return first.reindex(planned_units.index).rename("first_value_on")


def time_to_first_value(installs: pd.DataFrame, as_of: pd.Timestamp, maturity_days: float = MATURITY_DAYS) -> float:
    """Median days from contract to first value, of contracts signed at least `maturity_days` before `as_of`.

    Those still waiting count as **longest**: leaving them out would praise a firm for customers who never got there.
    NaN when the median customer is still waiting (more than half are), or when no contract is old enough.
    """
    rows = installs[installs["signed_on"] <= as_of - pd.Timedelta(days=maturity_days)]
    first = rows["first_value_on"].where(rows["first_value_on"] <= as_of)
    days = ((first - rows["signed_on"]) / DAY).fillna(np.inf)
    middle = _median(days.to_numpy(dtype=float)) if len(days) else float("nan")
    return middle if np.isfinite(middle) else float("nan")


def _median(values: np.ndarray) -> float:
    """The median; infinite as soon as one of its two middle values is."""
    ordered = np.sort(values)
    return float((ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2)


def gross_renewal(renewals: pd.DataFrame, as_of: pd.Timestamp, days: float = 364) -> float:
    """`gross_renewal_rate` of the contracts that came due in the `days` before `as_of`, a fraction."""
    return gross_renewal_rate(renewals, as_of - days * DAY, as_of - DAY)


def net_renewal(renewals: pd.DataFrame, as_of: pd.Timestamp, days: float = 364) -> float:
    """Value after renewal ÷ value that came due in the `days` before `as_of`; growth counts, above 1 is possible.

    Net revenue retention where every contract is for a year: growth, shrinkage and loss of the customers we had, no new
    ones. With monthly revenue use `net_revenue_retention`. One still open counts as lost. NaN when nothing was due.
    """
    rows = due_between(renewals, as_of - days * DAY, as_of - DAY)
    stayed = rows["outcome"].isin(STAYED)
    return share(rows.loc[stayed, "renewed_eur"].fillna(rows["value_eur"]).sum(), rows["value_eur"].sum())


def replaced_with_us(machines: pd.DataFrame, talked: str | None = None) -> float:
    """Failed machines that were replaced by ours ÷ failed machines (replaced or lost to a rival), a fraction.

    `talked` keeps those whose owner we talked to "before" or "after" the failure. Scrapped machines are left out: their
    owner wanted none. NaN without a failure. ValueError at another `talked`.
    """
    if talked not in (None, "before", "after"):
        raise ValueError(f'talked="{talked}" is unknown. Use "before", "after" or leave it out.')
    rows = failed(machines)
    if talked is not None:
        rows = rows[talked_before(rows) == (talked == "before")]
    return share((rows["status"] == "replaced").sum(), len(rows))


def talked_in_time(machines: pd.DataFrame) -> float:
    """Failed machines whose owner we had talked to **before** the failure ÷ failed machines, a fraction.

    A machine's age is known, so its end can be seen coming. NaN without a failure.
    """
    rows = failed(machines)
    return share(talked_before(rows).sum(), len(rows))


def failed(machines: pd.DataFrame) -> pd.DataFrame:
    """Machines that failed and whose owner then bought again, from us or from a rival."""
    return machines[machines["status"].isin(["replaced", "lost"])]


def talked_before(machines: pd.DataFrame) -> pd.Series:
    """Whether somebody had talked to the owner before the machine failed."""
    return machines["talked_on"] < machines["ended_on"]
