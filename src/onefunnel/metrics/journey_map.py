"""How customers scored each touchpoint from the first talk on, and how many renewed after a poor start.

Tables: `touches` (`function`, `channel`, `experience_score` 1 to 5, missing where nobody was asked), `hand_overs`
(`opp_id`, `experience_score`), `renewals` (`opp_id`, `due_on`, `outcome`).
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from onefunnel.metrics.ratio import share
from onefunnel.metrics.retention import STAYED
from onefunnel.metrics.teamwork import LOW_SCORE

HAND_OVER = "hand_over"
NAMES = {
    "first_talk": "First talk",
    "tasting": "Tasting",
    "proposal_meeting": "Meeting about the proposal",
    HAND_OVER: "Hand-over after signing",
    "installation": "Installation",
    "check_call": "Check call",
}


def touchpoints(touches: pd.DataFrame, hand_overs: pd.DataFrame) -> pd.DataFrame:
    """One row a touchpoint, in the order of the journey, indexed by its id.

    Columns: `function` (who does it; "nobody" at the hand-over, which lies between sales and service), `scored`
    (answers), `mean`, `low` (share of scores of 2 or lower, a fraction). Touchpoints without a score are left out.
    """
    known = touches.dropna(subset=["experience_score"])
    rows = known.loc[known["channel"].isin(list(NAMES)), ["channel", "function", "experience_score"]]
    own = hand_overs.dropna(subset=["experience_score"])[["experience_score"]]
    rows = pd.concat([rows, own.assign(channel=HAND_OVER, function="nobody")])
    by = rows.assign(low=rows["experience_score"] <= LOW_SCORE).groupby("channel")
    table = pd.DataFrame(
        {
            "function": by["function"].first(),
            "scored": by.size(),
            "mean": by["experience_score"].mean(),
            "low": by["low"].mean(),
        }
    )
    return table.reindex([name for name in NAMES if name in table.index]).rename_axis("touchpoint")


def options(touches: pd.DataFrame, hand_overs: pd.DataFrame) -> list[dict[str, Any]]:
    """The touchpoints as things to choose: `id` and `text`, the bare name. Owner and scores are for the map to tell."""
    return [{"id": name, "text": NAMES[name]} for name in touchpoints(touches, hand_overs).index]


def most_poor(touches: pd.DataFrame, hand_overs: pd.DataFrame) -> list[str]:
    """The touchpoint where the largest share is unhappy (2 or lower), in a list; empty when nobody was asked."""
    unhappy = touchpoints(touches, hand_overs)["low"].dropna()
    return [str(unhappy.idxmax())] if len(unhappy) else []


def renewed_by_start(hand_overs: pd.DataFrame, renewals: pd.DataFrame, as_of: pd.Timestamp, poor: bool) -> float:
    """Contracts renewed ÷ contracts due before `as_of`, of customers with a poor start (2 or lower) or a better one."""
    due = renewals[renewals["due_on"] < as_of].merge(hand_overs[["opp_id", "experience_score"]], on="opp_id")
    rows = due[(due["experience_score"] <= LOW_SCORE) == poor]
    return share(rows["outcome"].isin(STAYED).sum(), len(rows))
