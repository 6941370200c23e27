"""Wrong ways to read the pipeline that people really use. Each has the signature of the metric its docstring names."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from onefunnel.metrics import deals, forecast, stages
from onefunnel.metrics.ratio import share

# --- stage_conversion --------------------------------------------------------------------------------------------

#: "This quarter so far": the cohort that a dashboard shows first and that has had the least time.
RECENT_DAYS = 90


def same_month_counts(
    leads: pd.DataFrame,
    stage_history: pd.DataFrame,
    as_of: pd.Timestamp,
    steps: Sequence[str],
    from_step: str,
    to_step: str,
    maturity_days: float | None = None,
) -> float:
    """Entered `to_step` last month ÷ entered `from_step` last month: two different groups of people. Off either way."""
    journeys = stages.first_entries(leads, stage_history)
    last_month = as_of.to_period("M") - 1
    entered = journeys.loc[journeys["entered_at"].dt.to_period("M") == last_month, "step_id"]
    return share((entered == to_step).sum(), (entered == from_step).sum())


def immature_cohort(
    leads: pd.DataFrame,
    stage_history: pd.DataFrame,
    as_of: pd.Timestamp,
    steps: Sequence[str],
    from_step: str,
    to_step: str,
    maturity_days: float | None = None,
) -> float:
    """Share of those who entered in the last 90 days that have moved on *so far*. Too low."""
    moves = stages.stage_moves(leads, stage_history, steps, from_step, to_step)
    recent = moves[moves["entered_at"] > as_of - pd.Timedelta(days=RECENT_DAYS)]
    return share(recent["moved_at"].notna().sum(), len(recent))


def divides_by_leads(
    leads: pd.DataFrame,
    stage_history: pd.DataFrame,
    as_of: pd.Timestamp,
    steps: Sequence[str],
    from_step: str,
    to_step: str,
    maturity_days: float | None = None,
) -> float:
    """Those who moved on ÷ *everyone* who raised a hand as long ago, in `from_step` or not. Too low."""
    moves = stages.stage_moves(leads, stage_history, steps, from_step, to_step)
    cutoff = stages.cutoff(moves, as_of, maturity_days)
    moved = moves.loc[moves["entered_at"] <= cutoff, "moved_at"].notna().sum()
    hands = stages.first_entries(leads, stage_history).query("step_id == 'engaged'")
    return share(moved, (hands["entered_at"] <= cutoff).sum())


def counts_repeats(
    leads: pd.DataFrame,
    stage_history: pd.DataFrame,
    as_of: pd.Timestamp,
    steps: Sequence[str],
    from_step: str,
    to_step: str,
    maturity_days: float | None = None,
) -> float:
    """Counts rows, not people: a person who raised a hand twice, or a deal that came back, stands there twice."""
    rows = leads.assign(contact_id=leads["lead_id"])
    moves = stages.stage_moves(rows, stage_history, steps, from_step, to_step)
    cohort = moves[moves["entered_at"] <= stages.cutoff(moves, as_of, maturity_days)]
    times = stage_history.loc[stage_history["step_id"] == from_step, "opp_id"].value_counts()
    deal = rows.dropna(subset=["opp_id"]).drop_duplicates("contact_id").set_index("contact_id")["opp_id"]
    weight = stages.mapped_or_self(cohort.index.to_series(), deal).map(times).fillna(1)
    return share(weight[cohort["moved_at"].notna()].sum(), weight.sum())


def skips_dropped_rate(
    leads: pd.DataFrame,
    stage_history: pd.DataFrame,
    as_of: pd.Timestamp,
    steps: Sequence[str],
    from_step: str,
    to_step: str,
    maturity_days: float | None = None,
) -> float:
    """Only those with a row for `to_step` itself ÷ entered `from_step`: who skipped it counts as lost. Too low."""
    moves = stages.stage_moves(leads, stage_history, steps, from_step, to_step)
    cohort = moves[moves["entered_at"] <= stages.cutoff(moves, as_of, maturity_days)]
    journeys = stages.first_entries(leads, stage_history)
    there = journeys.loc[journeys["step_id"] == to_step, "unit_id"]
    return share(cohort.index.isin(there).sum(), len(cohort))


# --- count_reached, gain_from_points -----------------------------------------------------------------------------


def skips_dropped(stage_history: pd.DataFrame, steps: Sequence[str], step: str) -> int:
    """For count_reached: only deals with a row for `step` itself. A deal that skipped it is taken for lost. Too low."""
    return int(stage_history.loc[stage_history["step_id"] == step, "opp_id"].nunique())


def points_are_percent(
    leads: pd.DataFrame,
    stage_history: pd.DataFrame,
    as_of: pd.Timestamp,
    steps: Sequence[str],
    from_step: str,
    to_step: str,
    points: float,
    maturity_days: float | None = None,
) -> float:
    """For gain_from_points: ten points are taken for ten per cent. Too low."""
    return float(points)


# --- win_rate, win_rate_by_value ---------------------------------------------------------------------------------


def open_in_denominator(opportunities: pd.DataFrame) -> float:
    """For win_rate: won ÷ all. The open ones are counted as lost. Too low."""
    return share((opportunities["outcome"] == "won").sum(), len(opportunities))


def loss_rate(opportunities: pd.DataFrame) -> float:
    """For win_rate: lost ÷ decided. The other side of the same coin."""
    decided = deals.decided(opportunities)
    return share(decided["outcome"].isin(deals.LOST).sum(), len(decided))


def won_to_lost(opportunities: pd.DataFrame) -> float:
    """For win_rate: won ÷ lost. A ratio of two parts, not a share of the whole. Too high."""
    outcome = opportunities["outcome"]
    return share((outcome == "won").sum(), outcome.isin(deals.LOST).sum())


def count_read_as_value(opportunities: pd.DataFrame) -> float:
    """For win_rate_by_value: the rate by count. Too high where large deals are lost more often."""
    return deals.win_rate(opportunities)


def open_value_in(opportunities: pd.DataFrame) -> float:
    """For win_rate_by_value: euros won ÷ all euros. The open ones are counted as lost. Too low."""
    won = opportunities.loc[opportunities["outcome"] == "won", "amount_eur"].sum()
    return share(won, opportunities["amount_eur"].sum())


# --- pipeline_velocity, velocity_gain ----------------------------------------------------------------------------


def winners_days(opportunities: pd.DataFrame, as_of: pd.Timestamp, maturity_days: float = deals.MATURITY_DAYS) -> float:
    """For pipeline_velocity: divides by the mean days of the deals *won*. Lost ones take up room longer. Too high."""
    days = _winners(opportunities, as_of, maturity_days).mean()
    return _velocity(opportunities, as_of, maturity_days, days)


def median_days(opportunities: pd.DataFrame, as_of: pd.Timestamp, maturity_days: float = deals.MATURITY_DAYS) -> float:
    """For pipeline_velocity: divides by the median days to close. A few very long deals fill the pipeline. Too high."""
    days = deals.days_to_close(deals.settled(opportunities, as_of, maturity_days)).median()
    return _velocity(opportunities, as_of, maturity_days, days)


def open_value_mean(
    opportunities: pd.DataFrame, as_of: pd.Timestamp, maturity_days: float = deals.MATURITY_DAYS
) -> float:
    """For pipeline_velocity: multiplies by the mean value of the *open* deals. Large ones linger and lose. Too high."""
    won = deals.mean_won_value(opportunities, as_of, maturity_days)
    open_ = opportunities.loc[opportunities["outcome"] == "open", "amount_eur"].mean()
    return float(deals.pipeline_velocity(opportunities, as_of, maturity_days) / won * open_)


def ten_is_ten(cycle_change: float) -> float:
    """For velocity_gain: 10 % off the cycle is taken for 10 % more. Too low."""
    return float(-cycle_change)


def _velocity(opportunities: pd.DataFrame, as_of: pd.Timestamp, maturity_days: float, days: float) -> float:
    right = deals.mean_days_to_close(opportunities, as_of, maturity_days)
    velocity = deals.pipeline_velocity(opportunities, as_of, maturity_days)
    return velocity * share(right, float(days))


def _winners(opportunities: pd.DataFrame, as_of: pd.Timestamp, maturity_days: float) -> pd.Series:
    settled = deals.settled(opportunities, as_of, maturity_days)
    return deals.days_to_close(settled[settled["outcome"] == "won"])


# --- sales_cycle, won_by_day -------------------------------------------------------------------------------------

YOUNG_DEAL_DAYS = 120


def young_closed_only(opportunities: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """For sales_cycle: median of the closed among deals created in the last 120 days. Only quick ones are. Too low."""
    young = opportunities[opportunities["created_at"] > as_of - pd.Timedelta(days=YOUNG_DEAL_DAYS)]
    return float(deals.days_to_close(deals.decided(young)).median())


def treats_lost_as_waiting(opportunities: pd.DataFrame, as_of: pd.Timestamp, day: float = 120) -> float:
    """For won_by_day: drops each deal the day it is lost, as if it could still be won (1 − Kaplan–Meier). Too high."""
    rows = opportunities[opportunities["created_at"] <= as_of]
    curve = deals.incidence(rows, as_of, lost_counts=False)
    return float(curve.loc[curve["day"] <= day, "won"].iloc[-1]) if len(rows) else float("nan")


# --- coverage ----------------------------------------------------------------------------------------------------


def all_open_over_full_target(opportunities: pd.DataFrame, targets: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """For coverage: everything open, whenever due ÷ the whole target, won part included. Mostly too high."""
    parts = forecast.coverage_parts(opportunities, targets, as_of)
    return share(parts["open_eur"], parts["target_eur"])


def past_due_counted(opportunities: pd.DataFrame, targets: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """For coverage: also counts open deals whose planned date has passed. Too high."""
    parts = forecast.coverage_parts(opportunities, targets, as_of)
    missing = parts["target_eur"] - parts["won_eur"]
    return float((parts["due_eur"] + parts["past_due_eur"]) / missing) if missing > 0 else float("nan")


# --- weighted_pipeline -------------------------------------------------------------------------------------------


def crm_defaults(
    opportunities: pd.DataFrame,
    stage_history: pd.DataFrame,
    as_of: pd.Timestamp,
    steps: Sequence[str],
    maturity_days: float = deals.MATURITY_DAYS,
    within_days: float | None = None,
    min_deals: int = forecast.MIN_DEALS,
) -> float:
    """Σ open amount × the percentage the CRM shipped with, which nobody ever compared with what came. Too high."""
    open_ = opportunities[opportunities["outcome"] == "open"]
    return float((open_["amount_eur"] * open_["crm_probability"]).sum(skipna=False))


def reached_for_standing(
    opportunities: pd.DataFrame,
    stage_history: pd.DataFrame,
    as_of: pd.Timestamp,
    steps: Sequence[str],
    maturity_days: float = deals.MATURITY_DAYS,
    within_days: float | None = None,
    min_deals: int = forecast.MIN_DEALS,
) -> float:
    """Σ open amount × share won of those that *ever reached* the step. Stuck deals weigh too little. Too high."""
    settled = deals.settled(opportunities, as_of, maturity_days).set_index("opp_id")
    rows = stage_history[stage_history["opp_id"].isin(settled.index)]
    won = settled["outcome"].eq("won")
    here = {step: stages.reached(rows, step, steps) for step in dict.fromkeys(steps) if step in set(rows["step_id"])}
    shares = pd.Series({step: won.reindex(who.index[who]).mean() for step, who in here.items()}, dtype=float)
    return forecast.weigh(opportunities, shares)


# --- median_days_in_step -----------------------------------------------------------------------------------------


def since_created(opportunities: pd.DataFrame, stage_history: pd.DataFrame, as_of: pd.Timestamp, step: str) -> float:
    """For median_days_in_step: days since the deal was created, all earlier steps included. Too high."""
    here = opportunities[(opportunities["outcome"] == "open") & (opportunities["step_id"] == step)]
    return float(((as_of - here["created_at"]) / deals.DAY).median())
