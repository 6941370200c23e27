"""How a hand-over ends: the planted truths, and their everyday readings."""

from __future__ import annotations

import numpy as np
import pandas as pd

from onefunnel.data.tables import Tables

DAY = pd.Timedelta(days=1)
SETTLED_DAYS = 120


def renewal_rate(tables: Tables, score_from: int = 1, score_up_to: int = 5) -> float:
    """Contracts renewed ÷ contracts that came due, of accounts whose hand-over score lies in a range."""
    rows = _due(tables)
    return float(rows.loc[rows["experience_score"].between(score_from, score_up_to), "stayed"].mean())


def renewal_gap_within_size(tables: Tables, score: int) -> float:
    """Renewal rate above a score − rate up to it; mean of the gaps at large sites and at others."""
    rows = _due(tables)
    sites = tables["accounts"].set_index("account_id")["is_large_site"]
    rows = rows.assign(large=rows["account_id"].map(sites).astype(bool), low=rows["experience_score"] <= score)
    rates = rows.groupby(["large", "low"])["stayed"].mean().unstack()
    return float((rates[False] - rates[True]).mean())


def low_score_share(tables: Tables, score: int) -> float:
    """Share of the hand-overs with a score up to this."""
    return float((tables["hand_overs"]["experience_score"] <= score).mean())


def complete_share(tables: Tables) -> float:
    """Share of the hand-overs with a complete pack."""
    return float(tables["hand_overs"]["complete"].mean())


def renewed_value(tables: Tables, growth: bool = False) -> float:
    """EUR renewed ÷ EUR due; a contract counts with no more than was due, unless growth is asked for."""
    rows = _due(tables)
    kept = rows["renewed_eur"].fillna(0.0)
    return float((kept if growth else np.minimum(kept, rows["value_eur"])).sum() / rows["value_eur"].sum())


def first_value_days(tables: Tables, reached_only: bool = False) -> float:
    """Median days from signature to first value; those still waiting count as longest (misread: left out)."""
    rows = tables["installs"]
    rows = rows[rows["signed_on"] <= tables.as_of - SETTLED_DAYS * DAY]
    days = (rows["first_value_on"] - rows["signed_on"]) / DAY
    return float(days.median() if reached_only else days.fillna(np.inf).median())


def _due(tables: Tables) -> pd.DataFrame:
    """Contracts that came due before `as_of`, with their hand-over's score."""
    rows = tables["renewals"]
    rows = rows[rows["due_on"] < tables.as_of]
    score = tables["hand_overs"].set_index("opp_id")["experience_score"]
    stayed = rows["outcome"].isin(["renewed", "grown"])
    return rows.assign(experience_score=rows["opp_id"].map(score), stayed=stayed)
