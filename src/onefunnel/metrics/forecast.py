"""Will the quarter hold: what is due against what is missing, and what the open pipeline is likely to bring."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from onefunnel.metrics.codes import NEVER, timestamps
from onefunnel.metrics.deals import MATURITY_DAYS
from onefunnel.metrics.walks import walks

DAY = pd.Timedelta(days=1)
WEEK_DAYS = 7

#: A share read from fewer deals than this is refused.
MIN_DEALS = 30

_A_MONDAY = pd.Timestamp("2001-01-01")


def coverage(opportunities: pd.DataFrame, targets: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """Open value due in the rest of this quarter ÷ the part of the target still to be won; a ratio.

    The quarter is the one `as_of` lies in. Due: open, `close_date_planned` from `as_of` to the quarter's end. Left
    out: later dates (another quarter's money) and dates already past (nobody has re-planned them). Won so far in the
    quarter comes off the target. NaN when no target is set for the quarter or nothing is left to win. By value, at
    this point of the quarter: it says nothing of slippage or of deals created and won within the quarter.
    Needed coverage is 1 ÷ the value win rate of deals due, so "3 ×" is right only at a win rate of 33 %.
    """
    parts = coverage_parts(opportunities, targets, as_of)
    still_to_win = parts["target_eur"] - parts["won_eur"]
    return float(parts["due_eur"] / still_to_win) if still_to_win > 0 else float("nan")


def coverage_parts(opportunities: pd.DataFrame, targets: pd.DataFrame, as_of: pd.Timestamp) -> pd.Series:
    """The euros behind coverage in the quarter of `as_of`.

    Index: `target_eur`, `won_eur` (in the quarter), `due_eur`, `past_due_eur`, `open_eur` (all open, whenever due).
    `target_eur` is 0 when the table has no row for the quarter. `quarter` may read "2026Q2" or "2026-Q2".
    """
    quarter = as_of.to_period("Q")
    start, end = quarter.start_time, quarter.end_time
    open_ = opportunities[opportunities["outcome"] == "open"]
    planned = open_["close_date_planned"]
    won_now = (opportunities["outcome"] == "won") & opportunities["closed_at"].between(start, end)
    label = targets["quarter"].astype(str).str.replace("-", "", regex=False)
    return pd.Series(
        {
            "target_eur": targets.loc[label == str(quarter), "target_eur"].sum(),
            "won_eur": opportunities.loc[won_now, "amount_eur"].sum(),
            "due_eur": open_.loc[planned.between(as_of.normalize(), end), "amount_eur"].sum(),
            "past_due_eur": open_.loc[planned < as_of.normalize(), "amount_eur"].sum(),
            "open_eur": open_["amount_eur"].sum(),
        },
        dtype=float,
    )


def snapshot_shares(
    opportunities: pd.DataFrame,
    stage_history: pd.DataFrame,
    as_of: pd.Timestamp,
    steps: Sequence[str],
    maturity_days: float = MATURITY_DAYS,
    within_days: float | None = None,
    min_deals: int = MIN_DEALS,
) -> pd.DataFrame:
    """What became of deals **standing** in each step on past Mondays: one row a step, in order, indexed `step_id`.

    Columns: `deals` (different deals seen there), `sightings` (deal × Monday), `by_count` and `by_value` (share of
    the sightings, or of their euros, that were won in the end, or within `within_days` of the Monday). Mondays run
    to `maturity_days` before `as_of`, so that nearly all outcomes are known; a deal still open then counts as not
    won. Both shares are NaN (refused) where fewer than `min_deals` different deals stood.

    Why not "of the deals that ever reached the step": a deal that lingers before it is lost stands there on many
    Mondays, and on any Monday the pipeline is full of those.
    """
    rows = stays(opportunities, stage_history, as_of, steps)
    last_monday = as_of - pd.Timedelta(days=maturity_days)
    start, end = mondays_before(rows["entered_at"]), mondays_before(rows["left_at"])
    limit = mondays_before(pd.Series([last_monday + DAY]))[0]
    end = np.minimum(end, limit)
    seen = np.maximum(end - start, 0)
    won = rows["outcome"].eq("won").to_numpy()
    if within_days is not None:
        earliest = mondays_before((rows["closed_at"] - pd.Timedelta(days=within_days)).fillna(as_of))
        counted = np.where(won, np.maximum(end - np.maximum(start, earliest), 0), 0)
    else:
        counted = np.where(won, seen, 0)
    table = pd.DataFrame(
        {
            "step_id": rows["step_id"].array,
            "opp_id": rows["opp_id"].where(seen > 0).array,
            "sightings": seen,
            "won": counted,
            "eur": seen * rows["amount_eur"].to_numpy(dtype=float),
            "won_eur": counted * rows["amount_eur"].to_numpy(dtype=float),
        }
    )
    sums = table.groupby("step_id", observed=True).agg(
        deals=("opp_id", "nunique"),
        sightings=("sightings", "sum"),
        won=("won", "sum"),
        eur=("eur", "sum"),
        won_eur=("won_eur", "sum"),
    )
    sums = sums.reindex([step for step in steps if step in sums.index])
    enough = sums["deals"] >= min_deals
    sums["by_count"] = (sums["won"] / sums["sightings"]).where(enough)
    sums["by_value"] = (sums["won_eur"] / sums["eur"]).where(enough)
    return sums[["deals", "sightings", "by_count", "by_value"]]


def weighted_pipeline(
    opportunities: pd.DataFrame,
    stage_history: pd.DataFrame,
    as_of: pd.Timestamp,
    steps: Sequence[str],
    maturity_days: float = MATURITY_DAYS,
    within_days: float | None = None,
    min_deals: int = MIN_DEALS,
) -> float:
    """What the open pipeline is likely to bring, EUR: Σ open amount × share of its step (`snapshot_shares`, by value).

    "In the end" by default; for a quarter's forecast give `within_days`. NaN when an open deal stands in a step whose
    share is refused (fewer than `min_deals` deals stood there): too few to say. Zero when nothing is open.
    """
    shares = snapshot_shares(opportunities, stage_history, as_of, steps, maturity_days, within_days, min_deals)
    return weigh(opportunities, shares["by_value"])


def weigh(opportunities: pd.DataFrame, shares: pd.Series) -> float:
    """Σ amount of the open deals × the share of the step each stands in, EUR; NaN when a share is missing."""
    open_ = opportunities[opportunities["outcome"] == "open"]
    return float((open_["amount_eur"] * open_["step_id"].map(shares)).sum(skipna=False))


def stays(
    opportunities: pd.DataFrame, stage_history: pd.DataFrame, as_of: pd.Timestamp, steps: Sequence[str]
) -> pd.DataFrame:
    """Each stay of a deal in a step before `won`: when it entered, and when it left, closed or was last seen."""
    order, deal, time, place = walks(stage_history, steps)
    left = np.append(time[1:], NEVER)[: len(time)]
    left[np.append(deal[1:] != deal[:-1], True)[: len(time)]] = NEVER
    before_won = (place >= 0) & (place < list(steps).index("won"))
    rows = stage_history.iloc[order[before_won]][["opp_id", "step_id", "entered_at"]]
    rows = rows.assign(left_at=timestamps(left[before_won]))
    facts = opportunities[["opp_id", "outcome", "closed_at", "amount_eur"]]
    rows = rows.merge(facts, on="opp_id", how="inner")
    rows["left_at"] = rows["left_at"].fillna(rows["closed_at"]).fillna(as_of)
    return rows


def mondays_before(when: pd.Series) -> np.ndarray:
    """How many Mondays (at 0:00) lie before each moment, counted from a fixed one; so b − a is those in [a, b)."""
    days = ((when - _A_MONDAY) / DAY).to_numpy(dtype=float)
    return np.ceil(days / WEEK_DAYS).astype("int64")
