"""Wrong ways to read the queue before the tasting. Each has the signature of the metric its docstring names."""

from __future__ import annotations

import pandas as pd

from onefunnel.metrics import trials
from onefunnel.metrics.clock import BusinessCalendar
from onefunnel.metrics.ratio import share
from onefunnel.metrics.trials import DAY, LIMIT_DAYS, SETTLED_DAYS

YOUNG_DAYS = 45


def lately_served(
    stage_history: pd.DataFrame, trial_slots: pd.DataFrame, as_of: pd.Timestamp, settled_days: float = SETTLED_DAYS
) -> float:
    """For trial_wait: requests of the last weeks that were served already. The slow ones still wait. Too low."""
    rows = trials.requests(stage_history, trial_slots)
    rows = rows[(rows["asked_at"] > as_of - YOUNG_DAYS * DAY) & (rows["held_on"] <= as_of)]
    return float(((rows["held_on"] - rows["asked_at"]) / DAY).median())


def days_in_the_step(
    stage_history: pd.DataFrame, trial_slots: pd.DataFrame, as_of: pd.Timestamp, settled_days: float = SETTLED_DAYS
) -> float:
    """For trial_wait: days until the deal moved on, so it holds what comes after the tasting too. Too high."""
    rows = trials.requests(stage_history, trial_slots)
    rows = rows[(rows["asked_at"] <= as_of - settled_days * DAY) & rows["held_on"].notna()]
    later = stage_history.merge(rows[["opp_id", "asked_at"]], on="opp_id")
    left = later[later["entered_at"] > later["asked_at"]].groupby("opp_id")["entered_at"].min()
    return float(((left - rows.set_index("opp_id")["asked_at"]) / DAY).median())


def calendar_days(
    stage_history: pd.DataFrame,
    trial_slots: pd.DataFrame,
    as_of: pd.Timestamp,
    calendar: BusinessCalendar,
    limit_days: float = LIMIT_DAYS,
) -> float:
    """For tasting_in_time: days on the wall calendar. The promise was business days. Too low."""
    rows = trials.requests(stage_history, trial_slots)
    rows = rows[rows["asked_at"] + limit_days * DAY <= as_of]
    return share((rows["held_on"] - rows["asked_at"] <= limit_days * DAY).sum(), len(rows))


def twice_the_days(
    stage_history: pd.DataFrame,
    trial_slots: pd.DataFrame,
    as_of: pd.Timestamp,
    calendar: BusinessCalendar,
    limit_days: float = LIMIT_DAYS,
) -> float:
    """For tasting_in_time: the limit at which the manager is told, twice the one that was promised. Too high."""
    return trials.tasting_in_time(stage_history, trial_slots, as_of, calendar, 2 * limit_days)


def last_quarters_slots(targets: pd.DataFrame, trial_slots: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """For trials_against_slots: the slots of last quarter. Next quarter people take leave. Too low."""
    quarter = as_of.to_period("Q")
    return share(trials.planned_trials(targets, quarter + 1), trials.slots_in(trial_slots, quarter - 1))


def free_slots_only(targets: pd.DataFrame, trial_slots: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """For trials_against_slots: this quarter's plan over all slots still to come, as if later ones were free today."""
    ahead = trial_slots[trial_slots["date"] >= as_of]
    return share(trials.planned_trials(targets, as_of.to_period("Q") + 1), len(ahead))


def slots_ahead_counted(trial_slots: pd.DataFrame, as_of: pd.Timestamp, days: float = 364) -> float:
    """For slots_used: days that still lie ahead counted as unused. They can still be booked. Too low."""
    rows = trial_slots[trial_slots["date"] >= as_of - days * DAY]
    return share(rows["opp_id"].notna().sum(), len(rows))
