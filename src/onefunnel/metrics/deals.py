"""What becomes of opportunities, how long it takes, and what that brings a day.

An opportunity is *decided* when its outcome is won, lost or no_decision; "no decision" is lost. Time starts at
`created_at`, the day it was qualified. Rebuys and renewals win more often than new business: filter the frame by
`purchase_type` before calling when the two are to be kept apart.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from onefunnel.metrics.ratio import share

DAY = pd.Timedelta(days=1)
LOST = ("lost", "no_decision")
DECIDED = ("won", *LOST)

#: Opportunities younger than this (days before `as_of`) are left out where unfinished ones would bend the answer.
MATURITY_DAYS = 365


def decided(opportunities: pd.DataFrame) -> pd.DataFrame:
    """The rows that are won, lost or without decision."""
    return opportunities[opportunities["outcome"].isin(DECIDED)]


def settled(opportunities: pd.DataFrame, as_of: pd.Timestamp, maturity_days: float = MATURITY_DAYS) -> pd.DataFrame:
    """Decided opportunities of a cohort that has had its time: created at least `maturity_days` before `as_of`.

    Judging by all that closed so far favours the quick ones; in a cohort this old nearly all have closed.
    """
    old = opportunities["created_at"] <= as_of - pd.Timedelta(days=maturity_days)
    return decided(opportunities[old])


def win_rate(opportunities: pd.DataFrame) -> float:
    """Won ÷ (won + lost), by count; a fraction. "No decision" is lost; open ones are left out, they are not decided.

    NaN when nothing is decided. Below about 30 decided ones print an interval beside it (`intervals.wilson`).
    """
    outcome = opportunities["outcome"]
    return share((outcome == "won").sum(), outcome.isin(DECIDED).sum())


def win_rate_by_value(opportunities: pd.DataFrame) -> float:
    """Euros won ÷ euros decided; a fraction. Lower than the count when large deals are lost more often.

    Same exclusions as `win_rate`. NaN when nothing is decided or all amounts are zero.
    """
    rows = decided(opportunities)
    return share(rows.loc[rows["outcome"] == "won", "amount_eur"].sum(), rows["amount_eur"].sum())


def open_deals(opportunities: pd.DataFrame) -> int:
    """How many opportunities are open now. Unit: count."""
    return int((opportunities["outcome"] == "open").sum())


def mean_won_value(opportunities: pd.DataFrame, as_of: pd.Timestamp, maturity_days: float = MATURITY_DAYS) -> float:
    """Mean amount of the deals won, EUR, in the settled cohort (`settled`). NaN when none was won."""
    rows = settled(opportunities, as_of, maturity_days)
    return float(rows.loc[rows["outcome"] == "won", "amount_eur"].mean())


def settled_win_rate(opportunities: pd.DataFrame, as_of: pd.Timestamp, maturity_days: float = MATURITY_DAYS) -> float:
    """Win rate by count of the settled cohort (`settled`); a fraction, NaN when it is empty."""
    return win_rate(settled(opportunities, as_of, maturity_days))


def mean_days_to_close(opportunities: pd.DataFrame, as_of: pd.Timestamp, maturity_days: float = MATURITY_DAYS) -> float:
    """Mean days from qualified to *any* close, won or lost, in the settled cohort. NaN when it is empty."""
    return float(days_to_close(settled(opportunities, as_of, maturity_days)).mean())


def days_to_close(opportunities: pd.DataFrame) -> pd.Series:
    """Days from `created_at` to `closed_at`, one a row; NaN for open ones."""
    return (opportunities["closed_at"] - opportunities["created_at"]) / DAY


def pipeline_velocity(opportunities: pd.DataFrame, as_of: pd.Timestamp, maturity_days: float = MATURITY_DAYS) -> float:
    """What the pipeline brings in a day, EUR a day: open deals × mean value of won × win rate ÷ mean days to any close.

    Little's law: in a steady state the deals that leave a day are those inside ÷ their mean time inside, and that is
    the time of *all* deals, because lost ones take up room as long as they stay. Value, rate and days come from the
    settled cohort (`settled`); the open deals are those of today. Valid near a steady state: a pipeline that grows
    or shrinks fast reads too high or too low. NaN when nothing is settled or nothing was won.
    Source: J. D. C. Little, "A proof for the queuing formula L = λW", Operations Research 9 (1961).
    """
    wins_a_day = share(
        open_deals(opportunities) * settled_win_rate(opportunities, as_of, maturity_days),
        mean_days_to_close(opportunities, as_of, maturity_days),
    )
    return wins_a_day * mean_won_value(opportunities, as_of, maturity_days)


def velocity_gain(cycle_change: float) -> float:
    """How much more a day a change of the cycle brings, as a fraction: 1 ÷ (1 + change) − 1.

    Ten per cent off the cycle (−0.10) is +11.1 %, because days stand below the line. NaN at −100 % and beyond.
    """
    return 1.0 / (1.0 + cycle_change) - 1.0 if cycle_change > -1 else float("nan")


def sales_cycle(opportunities: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """Median days from qualified to any close, won or lost, with the open deals counted as "not yet".

    Kaplan–Meier: each open deal says "at least this long" instead of being dropped, so a young pipeline does not
    look quick. Unit: days. NaN when there is no deal or fewer than half have closed at any age.
    After a CRM migration leave out deals created before it: only the long-lived ones were carried over.
    Source: E. L. Kaplan and P. Meier, JASA 53 (1958).
    """
    curve = cumulative_incidence(opportunities, as_of)
    past_half = curve.loc[curve["open"] <= 0.5, "day"]
    return float(past_half.iloc[0]) if len(past_half) else float("nan")


def won_by_day(opportunities: pd.DataFrame, as_of: pd.Timestamp, day: float = 120) -> float:
    """Share of deals won within `day` days of being qualified; a fraction of **all** deals, the lost ones included.

    Fixed window: only deals created at least `day` days before `as_of` count, so each had the whole window.
    A lost deal is not waiting to be won; it stays below the line. NaN when no deal is old enough.
    """
    cohort = opportunities[opportunities["created_at"] <= as_of - pd.Timedelta(days=day)]
    in_time = (cohort["outcome"] == "won") & (days_to_close(cohort) <= day)
    return share(in_time.sum(), len(cohort))


def cumulative_incidence(opportunities: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Shares won, lost and still open by age: columns `day`, `won`, `lost`, `open` (fractions, adding to 1).

    One row at day 0 and one an age at which something closed. Open deals leave the count at their age on `as_of`;
    winning and losing compete, so neither is treated as "not yet" for the other (Aalen–Johansen).
    Deals created after `as_of` are left out. An empty frame gives the one row at day 0.
    Source: O. O. Aalen and S. Johansen, Scandinavian Journal of Statistics 5 (1978).
    """
    return incidence(opportunities[opportunities["created_at"] <= as_of], as_of)


def incidence(opportunities: pd.DataFrame, as_of: pd.Timestamp, lost_counts: bool = True) -> pd.DataFrame:
    """The curves of `cumulative_incidence` for rows created by `as_of`.

    `lost_counts=False` takes the lost for "not yet": the usual mistake, kept here because the lesson draws it.
    """
    age = ((opportunities["closed_at"].fillna(as_of) - opportunities["created_at"]) / DAY).to_numpy(dtype=float)
    won = (opportunities["outcome"] == "won").to_numpy()
    lost = opportunities["outcome"].isin(LOST).to_numpy() & lost_counts
    return _incidence(age, won, lost)


def _incidence(age: np.ndarray, won: np.ndarray, lost: np.ndarray) -> pd.DataFrame:
    """The Aalen–Johansen curves of two competing outcomes; whatever is neither is censored at its age."""
    days = np.unique(age[won | lost])
    at_risk = len(age) - np.searchsorted(np.sort(age), days, side="left")
    wins = _count_at(age[won], days)
    losses = _count_at(age[lost], days)
    still_open = np.cumprod(1 - (wins + losses) / at_risk)
    before = np.concatenate([[1.0], still_open[:-1]]) if len(days) else np.empty(0)
    return pd.DataFrame(
        {
            "day": np.concatenate([[0.0], days]),
            "won": np.concatenate([[0.0], np.cumsum(before * wins / at_risk)]),
            "lost": np.concatenate([[0.0], np.cumsum(before * losses / at_risk)]),
            "open": np.concatenate([[1.0], still_open]),
        }
    )


def _count_at(ages: np.ndarray, days: np.ndarray) -> np.ndarray:
    return np.bincount(np.searchsorted(days, ages), minlength=len(days)) if len(days) else np.empty(0)
