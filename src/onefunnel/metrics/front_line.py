"""What a pair puts on its one page: what six weeks can show, which plan has room, and where a small budget goes.

Tables: `opportunities`, `leads`, `stage_history`, `targets` (`quarter`, `trials_planned`), `trial_slots` (`date`),
`media_weekly` (`micromarket_id`, `week`, `experiment_id`, `brand_eur`, `revenue_eur`), and those of `demand_plans`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from onefunnel.metrics import demand_plans, stages
from onefunnel.metrics.deals import decided
from onefunnel.metrics.quarter import next_slots, next_trials
from onefunnel.metrics.ratio import share

WEEKS = 6
YEAR_DAYS = 364
BRAND = "brand"
BRAND_TEST = "EXP-05"

Plan = Mapping[str, float]


# --- what six weeks can show ---------------------------------------------------------------------------------------


def decided_in_weeks(opportunities: pd.DataFrame, as_of: pd.Timestamp, weeks: float = WEEKS) -> float:
    """Deals won or lost in so many weeks, on average over the 52 weeks before `as_of`; a count, so a mean of counts."""
    return _in_weeks(decided(opportunities)["closed_at"], as_of, weeks)


def assigned_in_weeks(leads: pd.DataFrame, as_of: pd.Timestamp, weeks: float = WEEKS, least_fit: float = 0) -> float:
    """Leads with at least that fit that are handed over in so many weeks, on average over the last 52 weeks."""
    return _in_weeks(leads.loc[leads["fit_score"] >= least_fit, "assigned_at"], as_of, weeks)


def wins_by_luck(rate: float, cases: int) -> np.ndarray:
    """Chance of 0, 1, …, `cases` wins when each case is won with that rate: the binomial law, fractions adding to 1."""
    wins = np.arange(cases + 1)
    ways = [math.lgamma(cases + 1) - math.lgamma(k + 1) - math.lgamma(cases - k + 1) for k in wins]
    with np.errstate(divide="ignore", invalid="ignore"):  # a rate of 0 or 1: nothing to the power of nothing is 1
        won = np.where(wins == 0, 0.0, wins * np.log(rate))
        lost = np.where(wins == cases, 0.0, (cases - wins) * np.log1p(-rate))
    return np.exp(ways + won + lost)


def luck(rate: float, cases: int) -> tuple[int, int]:
    """From how many wins to how many a rate that has not changed brings in so few cases, in 95 of 100 times; counts.

    In at most 2.5 of 100 times there are fewer, in at most 2.5 more. (0, 0) without a case.
    """
    up_to = np.cumsum(wins_by_luck(rate, cases))
    return int(np.argmax(up_to >= 0.025 - 1e-12)), int(np.argmax(up_to >= 0.975 - 1e-12))


# --- which plan has room -------------------------------------------------------------------------------------------


def quarter_plans(
    leads: pd.DataFrame,
    stage_history: pd.DataFrame,
    targets: pd.DataFrame,
    trial_slots: pd.DataFrame,
    as_of: pd.Timestamp,
    steps: Sequence[str],
) -> pd.DataFrame:
    """Six plans for the quarter after `as_of`: index `id`, columns `text`, `tastings` (needed), `slots` (there are).

    A plan in wins needs wins ÷ (share of tastings that end in a win) tastings, a fact it does not say. Its wins lie two
    above, or one below, what the slots can bring, so that no plan stands on the edge. ValueError when nothing is
    planned, no slot is set up, or no tasting was ever won: then there is nothing to compare.
    """
    planned, slots = math.ceil(next_trials(targets, as_of)), next_slots(trial_slots, as_of)
    rate = stages.stage_conversion(leads, stage_history, as_of, steps, "trial", "won")
    if not (planned and slots and rate > 0):
        raise ValueError("next quarter has no planned tastings, no slots, or no tasting was ever won. Plan them first.")
    within = math.floor(slots * rate)
    too_many, enough = within + 2, max(within - 1, 1)
    there, of_100 = f"in the {slots} slots there are", f"of 100 tastings {rate * 100:.0f} end in a win"
    extra = max(planned - slots, 0) + 1
    plans = [
        ("as_planned", f"Hold the {planned} tastings of today's plan {there}", planned, slots),
        ("to_the_slots", f"Hold {slots} tastings {there} and ask the other buyers for a later date", slots, slots),
        ("many_wins", f"Win {too_many} deals out of tastings {there} ({of_100})", too_many / rate, slots),
        ("some_wins", f"Win {enough} deals out of tastings {there} ({of_100})", enough / rate, slots),
        ("more_slots", f"Hold {planned} tastings {there} and {extra} more that we pay for", planned, slots + extra),
        ("fair", f"Promise 3 tastings at a fair and hold {slots} others {there}", slots + 3, slots),
    ]
    return pd.DataFrame(plans, columns=["id", "text", "tastings", "slots"]).set_index("id")


def plan_options(
    leads: pd.DataFrame,
    stage_history: pd.DataFrame,
    targets: pd.DataFrame,
    trial_slots: pd.DataFrame,
    as_of: pd.Timestamp,
    steps: Sequence[str],
) -> list[dict[str, str]]:
    """The plans of `quarter_plans` as choices: `{"id", "text"}`."""
    plans = quarter_plans(leads, stage_history, targets, trial_slots, as_of, steps)
    return [{"id": str(name), "text": text} for name, text in plans["text"].items()]


def plans_without_room(
    leads: pd.DataFrame,
    stage_history: pd.DataFrame,
    targets: pd.DataFrame,
    trial_slots: pd.DataFrame,
    as_of: pd.Timestamp,
    steps: Sequence[str],
) -> list[str]:
    """Ids of the plans that need more tastings than there are slots."""
    plans = quarter_plans(leads, stage_history, targets, trial_slots, as_of, steps)
    return plans.index[plans["tastings"] > plans["slots"]].tolist()


def wins_need_no_tastings(
    leads: pd.DataFrame,
    stage_history: pd.DataFrame,
    targets: pd.DataFrame,
    trial_slots: pd.DataFrame,
    as_of: pd.Timestamp,
    steps: Sequence[str],
) -> list[str]:
    """Misread for plans_without_room: judges only the plans that say their tastings. Misses the plan in wins."""
    found = plans_without_room(leads, stage_history, targets, trial_slots, as_of, steps)
    return [plan for plan in found if plan != "many_wins"]


def slots_are_fixed(
    leads: pd.DataFrame,
    stage_history: pd.DataFrame,
    targets: pd.DataFrame,
    trial_slots: pd.DataFrame,
    as_of: pd.Timestamp,
    steps: Sequence[str],
) -> list[str]:
    """Misread for plans_without_room: every plan that holds more tastings than today's slots, paid days forgotten."""
    plans = quarter_plans(leads, stage_history, targets, trial_slots, as_of, steps)
    return plans.index[plans["tastings"] > plans["slots"].min()].tolist()


# --- where a small budget goes -------------------------------------------------------------------------------------


def brand_return(media_weekly: pd.DataFrame, margin: float, experiment_id: str = BRAND_TEST, weeks: int = 4) -> float:
    """What a euro for being known brings on top once it has worked for a year, a fraction like `demand` returns.

    Read from the test that switched it off: lost revenue × margin ÷ the money saved − 1. Lost: revenue of the last
    `weeks` of the test's first 52 against the year before, less the change in the micromarkets that kept it. It is a
    steady state: in its first weeks the same euro brings far less, and what rivals win meanwhile is not in it. NaN
    when nothing was spent before.
    """
    off = media_weekly["experiment_id"] == experiment_id
    tested = media_weekly["micromarket_id"].isin(media_weekly.loc[off, "micromarket_id"])
    week = (media_weekly["week"] - media_weekly.loc[off, "week"].min()).dt.days // 7 + 1
    before, late = week.between(-51, 0), week.between(52 - weeks + 1, 52)
    change = [
        share(
            media_weekly.loc[late & group, "revenue_eur"].sum(), media_weekly.loc[before & group, "revenue_eur"].sum()
        )
        for group in (tested, ~tested)
    ]
    rows = media_weekly[before & tested]
    lost = 1 - share(*change)
    return share(lost * rows["revenue_eur"].sum() * margin, rows["brand_eur"].sum()) - 1


def returns(
    leads: pd.DataFrame,
    opportunities: pd.DataFrame,
    campaigns: pd.DataFrame,
    experiments: pd.DataFrame,
    media_weekly: pd.DataFrame,
    as_of: pd.Timestamp,
    margin: float,
    places: Sequence[str],
) -> dict[str, float]:
    """What a euro brings on top in each place, fractions: `brand_return` for "brand", else the origin's incremental."""
    origins = [place for place in places if place != BRAND]
    found = demand_plans.incremental_returns(leads, opportunities, campaigns, experiments, as_of, margin, origins)
    return {place: found[place] if place in found else brand_return(media_weekly, margin) for place in places}


def brings(
    leads: pd.DataFrame,
    opportunities: pd.DataFrame,
    campaigns: pd.DataFrame,
    experiments: pd.DataFrame,
    media_weekly: pd.DataFrame,
    as_of: pd.Timestamp,
    plan: Plan,
    margin: float,
    room_eur: Mapping[str, float],
) -> float:
    """Margin that a plan over brand, offers and origins brings beyond its cost in the long run, EUR.

    `demand_plans.left_over` with the `returns` of all places.
    """
    known = returns(leads, opportunities, campaigns, experiments, media_weekly, as_of, margin, list(room_eur))
    return demand_plans.left_over(plan, known, room_eur)


def best(
    leads: pd.DataFrame,
    opportunities: pd.DataFrame,
    campaigns: pd.DataFrame,
    experiments: pd.DataFrame,
    media_weekly: pd.DataFrame,
    as_of: pd.Timestamp,
    total_eur: float,
    margin: float,
    room_eur: Mapping[str, float],
) -> dict[str, float]:
    """The plan of that total that `brings` most. ValueError when the rooms together are smaller."""
    known = returns(leads, opportunities, campaigns, experiments, media_weekly, as_of, margin, list(room_eur))
    return demand_plans.best_first(total_eur, known, room_eur)


def _in_weeks(days: pd.Series, as_of: pd.Timestamp, weeks: float) -> float:
    """Rows a stretch of weeks, on average over the 52 weeks that end before `as_of`."""
    rows = np.count_nonzero((days >= as_of - pd.Timedelta(days=YEAR_DAYS)) & (days < as_of))
    return rows * 7 * weeks / YEAR_DAYS
