"""Wrong ways to read what demand creation brought. Each has the signature of the metric its docstring names."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from onefunnel.metrics import attribution, demand
from onefunnel.metrics import origin as by_origin
from onefunnel.metrics.demand import LOOK_BACK_DAYS, MARKETING, NEW_ACT_DAYS
from onefunnel.metrics.origin import DAY, MATURITY_DAYS
from onefunnel.metrics.ratio import share
from onefunnel.metrics.value import incremental_romi


def blanks_only(leads: pd.DataFrame) -> float:
    """For unknown_origin_share: only empty cells. "Other", "n/a" and "?" say as little. Too low."""
    first = demand.first_leads(leads)
    return share(first["origin_label"].isna().sum(), len(first))


def every_repeat(leads: pd.DataFrame, within_days: float = NEW_ACT_DAYS) -> float:
    """For duplicate_share: all rows beyond a person's first. Somebody who comes back next year is no copy. Too high."""
    known = leads["contact_id"].dropna()
    return share(len(known) - known.nunique(), len(known))


def same_firm(leads: pd.DataFrame, within_days: float = NEW_ACT_DAYS) -> float:
    """For duplicate_share: two people of one firm taken for one. They decide together, but are two. Too high."""
    return demand.duplicate_share(leads.assign(contact_id=leads["account_id"]), within_days)


def per_lead(campaigns: pd.DataFrame, leads: pd.DataFrame, as_of: pd.Timestamp, days: float = 364) -> float:
    """For cost_per_engaged_account: divides by rows, so an account that answers twice looks half as dear. Too low."""
    each = leads.assign(account_id=leads["lead_id"])
    return demand.cost_per_engaged_account(campaigns, each, as_of, days)


def all_spend_ever(campaigns: pd.DataFrame, leads: pd.DataFrame, as_of: pd.Timestamp, days: float = 364) -> float:
    """For cost_per_engaged_account: all spend since the beginning over one year's accounts. Too high."""
    accounts = demand.leads_between(leads, as_of - days * DAY, as_of)["account_id"].nunique()
    return share(by_origin.spend_until(campaigns, as_of).sum(), accounts)


def attributed_is_incremental(
    leads: pd.DataFrame,
    opportunities: pd.DataFrame,
    campaigns: pd.DataFrame,
    experiments: pd.DataFrame,
    as_of: pd.Timestamp,
    margin: float,
    origin: str,
    maturity_days: float = MATURITY_DAYS,
) -> float:
    """For incremental_return: takes every buyer of the origin for one it won. Too high."""
    return by_origin.origin_return(leads, opportunities, campaigns, as_of, margin, origin, maturity_days=maturity_days)


def first_look(
    leads: pd.DataFrame,
    opportunities: pd.DataFrame,
    campaigns: pd.DataFrame,
    experiments: pd.DataFrame,
    as_of: pd.Timestamp,
    margin: float,
    origin: str,
    maturity_days: float = MATURITY_DAYS,
) -> float:
    """For incremental_return: reads the test at its first look, when few have decided. Off by luck, on either side."""
    revenue, spend = by_origin.revenue_and_spend(
        leads, opportunities, campaigns, as_of, margin, origin, maturity_days=maturity_days
    )
    return float(incremental_romi(revenue, margin, spend, demand.holdout_share(experiments, origin, "first")))


def first_takes_all(
    leads: pd.DataFrame,
    opportunities: pd.DataFrame,
    touches: pd.DataFrame,
    campaigns: pd.DataFrame,
    as_of: pd.Timestamp,
    margin: float,
    origin: str,
    rule: str = "linear",
    look_back_days: float = LOOK_BACK_DAYS,
    functions: Collection[str] = MARKETING,
    maturity_days: float = MATURITY_DAYS,
) -> float:
    """For attributed_return: the whole deal to the first touch. Too high for what opens doors."""
    paths = demand.marketing_paths(leads, opportunities, touches, as_of, look_back_days, functions, maturity_days)
    credit = attribution.first_touch(paths)
    return demand.credited_return(paths, credit, campaigns, as_of, margin, origin, maturity_days)


def last_takes_all(
    leads: pd.DataFrame,
    opportunities: pd.DataFrame,
    touches: pd.DataFrame,
    campaigns: pd.DataFrame,
    as_of: pd.Timestamp,
    margin: float,
    origin: str,
    rule: str = "linear",
    look_back_days: float = LOOK_BACK_DAYS,
    functions: Collection[str] = MARKETING,
    maturity_days: float = MATURITY_DAYS,
) -> float:
    """For attributed_return: the whole deal to the last touch. Too low for what opens doors."""
    paths = demand.marketing_paths(leads, opportunities, touches, as_of, look_back_days, functions, maturity_days)
    credit = attribution.last_touch(paths)
    return demand.credited_return(paths, credit, campaigns, as_of, margin, origin, maturity_days)


def each_claims_the_deal(
    leads: pd.DataFrame,
    opportunities: pd.DataFrame,
    touches: pd.DataFrame,
    campaigns: pd.DataFrame,
    as_of: pd.Timestamp,
    margin: float,
    origin: str,
    rule: str = "linear",
    look_back_days: float = LOOK_BACK_DAYS,
    functions: Collection[str] = MARKETING,
    maturity_days: float = MATURITY_DAYS,
) -> float:
    """For attributed_return: every touch books the whole deal; the reports then add to more than was sold. Too high."""
    paths = demand.marketing_paths(leads, opportunities, touches, as_of, look_back_days, functions, maturity_days)
    credit = pd.Series(1.0, index=paths.index)
    return demand.credited_return(paths, credit, campaigns, as_of, margin, origin, maturity_days)


def sourced_plus_influenced(
    opportunities: pd.DataFrame,
    touches: pd.DataFrame,
    as_of: pd.Timestamp,
    counting: str = "sourced",
    days: float = 364,
    age_days: float = MATURITY_DAYS,
) -> float:
    """For pipeline_created: adds the two, so that most deals stand in the sum twice. Too high."""
    return sum(demand.pipeline_created(opportunities, touches, as_of, way, days, age_days) for way in demand.COUNTINGS)


def all_pipeline(
    opportunities: pd.DataFrame,
    touches: pd.DataFrame,
    as_of: pd.Timestamp,
    counting: str = "sourced",
    days: float = 364,
    age_days: float = MATURITY_DAYS,
) -> float:
    """For pipeline_created: also what sales found itself. Too high."""
    return float(demand.created_between(opportunities, as_of, days, age_days)["amount_eur"].sum())
