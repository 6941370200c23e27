"""Forty untouched leads to choose ten calls from, and ways to choose that miss the buyers.

Table `leads`. The forty are drawn by a fixed rule: ten with a fit of 60 or more that asked for a visit; and of those
with a fit below 50 that did not, the ten newest, the ten with the highest score and ten more. So neither the newest nor
the loudest are the fitting ones, and no lead lies near the border.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from onefunnel.metrics import clock

FIT, NO_FIT = 60, 50
CALLS = 10
WITHIN_DAYS = 364

INTENT = {"demo_request": "asked for a visit", "download": "downloaded a guide", "list": "stood on a list"}


def untouched_forty(leads: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Forty rows of leads assigned in the last year that no human has touched, sorted by id.

    ValueError when there are too few to choose from.
    """
    assigned = leads["assigned_at"].between(as_of - pd.Timedelta(days=WITHIN_DAYS), as_of)
    rows = leads[assigned & ~(clock.human_touch(leads) <= as_of)].drop_duplicates("contact_id").sort_values("lead_id")
    asked = rows["intent"] == "demo_request"
    fitting = rows[asked & (rows["fit_score"] >= FIT)].tail(CALLS)
    rest = rows[~asked & (rows["fit_score"] < NO_FIT)]
    newest = rest.nlargest(CALLS, "assigned_at")
    rest = rest.drop(newest.index).tail(4 * CALLS)
    loudest = rest.nlargest(CALLS, "score")
    others = rest.drop(loudest.index).tail(CALLS)
    forty = pd.concat([fitting, newest, loudest, others]).sort_values("lead_id")
    if len(forty) < 4 * CALLS:
        raise ValueError(f"only {len(forty)} untouched leads of the last {WITHIN_DAYS} days fit in. Use more leads.")
    return forty


def options(leads: pd.DataFrame, as_of: pd.Timestamp) -> list[dict[str, Any]]:
    """The forty as things to choose: `id` and `text`."""
    return [
        {
            "id": str(row.lead_id),
            "text": f"{row.lead_id}: fit {row.fit_score:.0f}, score {row.score:.0f}, {INTENT[row.intent]}, "
            f"assigned {row.assigned_at:%Y-%m-%d}",
        }
        for row in untouched_forty(leads, as_of).itertuples()
    ]


def fitting(leads: pd.DataFrame, as_of: pd.Timestamp) -> list[str]:
    """Ids of the ten whose fit is 60 or more."""
    forty = untouched_forty(leads, as_of)
    return forty.loc[forty["fit_score"] >= FIT, "lead_id"].tolist()


def newest_first(leads: pd.DataFrame, as_of: pd.Timestamp) -> list[str]:
    """Misread: the ten assigned last, as if only time counted."""
    return untouched_forty(leads, as_of).nlargest(CALLS, "assigned_at")["lead_id"].tolist()


def loudest_first(leads: pd.DataFrame, as_of: pd.Timestamp) -> list[str]:
    """Misread: the ten with the highest score among those that do not fit; clicks are no need."""
    forty = untouched_forty(leads, as_of)
    return forty[forty["fit_score"] < FIT].nlargest(CALLS, "score")["lead_id"].tolist()
