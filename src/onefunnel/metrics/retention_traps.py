"""Wrong ways to read retention. Each has the signature of the metric that its docstring names."""

from __future__ import annotations

from typing import Any

import pandas as pd

from onefunnel.metrics import retention
from onefunnel.metrics.ratio import share
from onefunnel.metrics.retention import DAY, MATURITY_DAYS, STAYED


def answered_only(renewals: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> float:
    """For gross_renewal_rate: leaves out contracts that are due and still open. Silence is mostly a no. Too high."""
    rows = retention.due_between(renewals, start, end)
    return retention.gross_renewal_rate(rows[rows["outcome"].isin([*STAYED, "left"])], start, end)


def contracts_for_value(renewals: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> float:
    """For gross_renewal_rate: counts contracts, not their value. Too high when the large ones leave."""
    rows = retention.due_between(renewals, start, end)
    return share(rows["outcome"].isin(STAYED).sum(), len(rows))


def growth_hides_loss(renewals: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> float:
    """For gross_renewal_rate: counts what the grown ones pay more (`renewed_eur`). Too high; may pass 100 %."""
    rows = retention.due_between(renewals, start, end)
    return share(rows.loc[rows["outcome"].isin(STAYED), "renewed_eur"].sum(), rows["value_eur"].sum())


def counts_new_customers(revenue: pd.DataFrame, before: Any, after: Any) -> float:
    """For net_revenue_retention: all revenue ÷ all revenue. New customers hide the lost ones. Too high."""
    eur = revenue.groupby("period")["eur"].sum()
    return share(eur.get(after, 0.0), eur.get(before, 0.0))


def survivors_only(revenue: pd.DataFrame, before: Any, after: Any) -> float:
    """For net_revenue_retention: only customers who are still there. Whoever left is forgotten. Too high."""
    then, now = retention.same_customers(revenue, before, after)
    return share(now.sum(), then[now > 0].sum())


def reached_only(installs: pd.DataFrame, as_of: pd.Timestamp, maturity_days: float = MATURITY_DAYS) -> float:
    """For time_to_first_value: the median of those who got there. Nobody who waits is in it. Too low."""
    old = installs[installs["signed_on"] <= as_of - pd.Timedelta(days=maturity_days)]
    reached = old[old["first_value_on"] <= as_of]
    return float(((reached["first_value_on"] - reached["signed_on"]) / DAY).median())


def not_yet_due_in(renewals: pd.DataFrame, as_of: pd.Timestamp, days: float = 364) -> float:
    """For gross_renewal: divides by contracts that are not due yet, too. Nobody has asked these customers. Too low."""
    return retention.gross_renewal_rate(renewals, as_of - days * DAY, as_of + days * DAY)


def growth_counted(renewals: pd.DataFrame, as_of: pd.Timestamp, days: float = 364) -> float:
    """For gross_renewal: `growth_hides_loss`. Too high."""
    return growth_hides_loss(renewals, as_of - days * DAY, as_of - DAY)


def stayed_only(renewals: pd.DataFrame, as_of: pd.Timestamp, days: float = 364) -> float:
    """For net_renewal: only customers who stayed. Whoever left is forgotten. Too high."""
    return retention.net_renewal(renewals[renewals["outcome"].isin(STAYED)], as_of, days)


def growth_left_out(renewals: pd.DataFrame, as_of: pd.Timestamp, days: float = 364) -> float:
    """For net_renewal: the gross rate, without what the grown ones pay more. Too low."""
    return retention.gross_renewal(renewals, as_of, days)


def talked_at_all(machines: pd.DataFrame) -> float:
    """For talked_in_time: talked to before or after. After the failure a rival has mostly been there. Too high."""
    rows = retention.failed(machines)
    return share(rows["talked_on"].notna().sum(), len(rows))


def of_those_kept(machines: pd.DataFrame) -> float:
    """For talked_in_time: only those who bought ours again. The lost ones are the ones we came late to. Too high."""
    return retention.talked_in_time(machines[machines["status"] == "replaced"])
