"""Wrong ways to read who is looked after. Each has the signature of the metric that its docstring names."""

from __future__ import annotations

import pandas as pd

from onefunnel.metrics import targeting
from onefunnel.metrics.ratio import share
from onefunnel.metrics.scorecard import uplift_by_decile
from onefunnel.metrics.targeting import DAY, TARGET_FIT


def visits_per_target(
    outlets: pd.DataFrame, visits: pd.DataFrame, as_of: pd.Timestamp, fit: int = TARGET_FIT, days: float = 91
) -> float:
    """For target_coverage: visits ÷ targets. Four visits to one outlet look like four outlets. Too high."""
    targets = outlets.loc[outlets["fit_score"] >= fit, "account_id"]
    lately = visits[(visits["date"] >= as_of - days * DAY) & (visits["date"] < as_of)]
    return share(lately["account_id"].isin(targets).sum(), len(targets))


def touched_once_ever(
    outlets: pd.DataFrame, visits: pd.DataFrame, as_of: pd.Timestamp, fit: int = TARGET_FIT, days: float = 91
) -> float:
    """For target_coverage: any visit, however long ago. Too high."""
    ever = (as_of - visits["date"].min()) / DAY if len(visits) else days
    return targeting.target_coverage(outlets, visits, as_of, fit, ever)


def visits_for_hours(visits: pd.DataFrame, accounts: pd.DataFrame, below_eur: float = 1200) -> float:
    """For hours_on_small: counts visits. A short one weighs as much as a long one."""
    return targeting.hours_on_small(visits.assign(minutes=1), accounts, below_eur)


def outlets_for_hours(visits: pd.DataFrame, accounts: pd.DataFrame, below_eur: float = 1200) -> float:
    """For hours_on_small: counts accounts that were seen, however long one stayed."""
    return visits_for_hours(visits.drop_duplicates("account_id"), accounts, below_eur)


def against_the_bottom(outlets: pd.DataFrame, placements: pd.DataFrame, score: str = "fit_score") -> float:
    """For top_tenth_uplift: against the worst tenth, not against all. Too high."""
    placed = placements.merge(outlets[["account_id", score]], on="account_id")
    table = uplift_by_decile(placed[score], placed["repurchased_90d"])
    return share(table["rate"].iloc[0], table["rate"].iloc[-1]) if len(table) else float("nan")


def scored_by_volume(outlets: pd.DataFrame, placements: pd.DataFrame, score: str = "fit_score") -> float:
    """For top_tenth_uplift: ranks by cases bought. Outlets that buy much of anything need not want this. Too low."""
    return targeting.top_tenth_uplift(outlets, placements, "past_cases_month")
