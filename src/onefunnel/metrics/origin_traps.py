"""Wrong ways to read the return of an origin. Same signature as `origin.origin_return`."""

from __future__ import annotations

import pandas as pd

from onefunnel.metrics.origin import MATURITY_DAYS, origin_return, revenue_and_spend


def revenue_for_margin(
    leads: pd.DataFrame,
    opportunities: pd.DataFrame,
    campaigns: pd.DataFrame,
    as_of: pd.Timestamp,
    margin: float,
    origin: str | None = None,
    include_unknown: bool = True,
    maturity_days: float = MATURITY_DAYS,
) -> float:
    """(revenue − spend) ÷ spend: takes every euro of revenue as earned. Too high."""
    return origin_return(leads, opportunities, campaigns, as_of, 1.0, origin, include_unknown, maturity_days)


def forgets_spend(
    leads: pd.DataFrame,
    opportunities: pd.DataFrame,
    campaigns: pd.DataFrame,
    as_of: pd.Timestamp,
    margin: float,
    origin: str | None = None,
    include_unknown: bool = True,
    maturity_days: float = MATURITY_DAYS,
) -> float:
    """revenue × margin ÷ spend: what came back, with the stake still in it. Too high by exactly 100 points."""
    revenue, spend = revenue_and_spend(
        leads, opportunities, campaigns, as_of, margin, origin, include_unknown, maturity_days
    )
    return revenue * margin / spend if spend else float("nan")


def divides_by_revenue(
    leads: pd.DataFrame,
    opportunities: pd.DataFrame,
    campaigns: pd.DataFrame,
    as_of: pd.Timestamp,
    margin: float,
    origin: str | None = None,
    include_unknown: bool = True,
    maturity_days: float = MATURITY_DAYS,
) -> float:
    """(revenue × margin − spend) ÷ revenue: a share of sales, not of the money put in. Nearer to zero, mostly."""
    revenue, spend = revenue_and_spend(
        leads, opportunities, campaigns, as_of, margin, origin, include_unknown, maturity_days
    )
    return (revenue * margin - spend) / revenue if revenue else float("nan")


def drops_unknown(
    leads: pd.DataFrame,
    opportunities: pd.DataFrame,
    campaigns: pd.DataFrame,
    as_of: pd.Timestamp,
    margin: float,
    origin: str | None = None,
    include_unknown: bool = True,
    maturity_days: float = MATURITY_DAYS,
) -> float:
    """All origins together without the wins whose origin is unknown, as if they were no customers. Too low."""
    return origin_return(leads, opportunities, campaigns, as_of, margin, origin, False, maturity_days)
