"""Do we look after the right outlets: targets touched, hours against potential, and what the fit score is worth.

Tables: `outlets` (`account_id`, `fit_score`), `visits` (`account_id`, `date`, `minutes`), `accounts` (`potential_eur`,
a year), `placements` (`account_id`, `repurchased_90d`).
"""

from __future__ import annotations

import pandas as pd

from onefunnel.metrics.ratio import share
from onefunnel.metrics.scorecard import uplift_by_decile

#: From this fit score on, an outlet is a target.
TARGET_FIT = 60
DAY = pd.Timedelta(days=1)


def target_coverage(
    outlets: pd.DataFrame, visits: pd.DataFrame, as_of: pd.Timestamp, fit: int = TARGET_FIT, days: float = 91
) -> float:
    """Target outlets (fit score `fit` or more) with a visit in the last `days` ÷ target outlets, a fraction.

    An outlet counts once, however often it was seen. NaN without targets.
    """
    targets = outlets.loc[outlets["fit_score"] >= fit, "account_id"]
    seen = visits.loc[(visits["date"] >= as_of - days * DAY) & (visits["date"] < as_of), "account_id"]
    return share(targets.isin(seen).sum(), len(targets))


def hours_on_small(visits: pd.DataFrame, accounts: pd.DataFrame, below_eur: float = 1200) -> float:
    """Minutes spent on accounts with less potential than `below_eur` a year ÷ all minutes, a fraction.

    Hold it against `potential_of_small`. Visits to accounts of unknown potential are left out. NaN without a visit.
    """
    potential = visits["account_id"].map(accounts.set_index("account_id")["potential_eur"])
    known = potential.notna()
    return share(visits.loc[potential < below_eur, "minutes"].sum(), visits.loc[known, "minutes"].sum())


def top_tenth_uplift(outlets: pd.DataFrame, placements: pd.DataFrame, score: str = "fit_score") -> float:
    """How many times the mean the best-scored tenth of the placements bought again (`scorecard.uplift_by_decile`).

    Only outlets that got a placement can show it. Above 1 the score helps, at 1 it is as good as dice. NaN without any
    repurchase, and when no tenth stands out: fewer than ten placements, or too many with the best score.
    """
    placed = placements.merge(outlets[["account_id", score]], on="account_id")
    table = uplift_by_decile(placed[score], placed["repurchased_90d"])
    return float(table["uplift"].get(1, float("nan")))
