"""Wrong ways to read a clock. Each has the signature of the metric that its docstring names."""

from __future__ import annotations

import pandas as pd

from onefunnel.metrics import clock
from onefunnel.metrics.clock import LIMIT_HOURS, BusinessCalendar
from onefunnel.metrics.ratio import share


def calendar_hours(
    start: pd.Series, limit_hours: float, calendar: BusinessCalendar, paused_hours: pd.Series | float = 0.0
) -> pd.Series:
    """For due_at: hours on the wall clock: four hours after Friday 16:40 is Friday night. Too early."""
    return (start + pd.to_timedelta(limit_hours, unit="h") + pd.to_timedelta(paused_hours, unit="h")).rename("due_at")


def finished_only(
    started: pd.Series,
    stopped: pd.Series,
    limit_hours: float,
    calendar: BusinessCalendar,
    as_of: pd.Timestamp,
    paused_hours: pd.Series | float = 0.0,
) -> float:
    """For attainment: leaves out what was never done. Too high, the more so the more is left lying."""
    done = stopped <= as_of
    paused = paused_hours[done] if isinstance(paused_hours, pd.Series) else paused_hours
    return clock.attainment(started[done], stopped[done], limit_hours, calendar, as_of, paused)


def running_counts_as_missed(
    started: pd.Series,
    stopped: pd.Series,
    limit_hours: float,
    calendar: BusinessCalendar,
    as_of: pd.Timestamp,
    paused_hours: pd.Series | float = 0.0,
) -> float:
    """For attainment: divides by all clocks ever started; those still running look missed. Too low."""
    due = clock.due_at(started, limit_hours, calendar, paused_hours)
    return share(((stopped <= due) & (stopped <= as_of)).sum(), (started <= as_of).sum())


def untouched_left_out(
    leads: pd.DataFrame, as_of: pd.Timestamp, calendar: BusinessCalendar, limit_hours: float = LIMIT_HOURS
) -> float:
    """For median_response_hours: the median of the touched alone, of survivors. Too low."""
    touched = clock.human_touch(leads)
    return clock.median_response_hours(leads[touched <= as_of], as_of, calendar, limit_hours)


def clock_still_running(
    leads: pd.DataFrame, as_of: pd.Timestamp, calendar: BusinessCalendar, limit_hours: float = LIMIT_HOURS
) -> float:
    """For untouched_rate: counts leads whose clock still runs as untouched. Too high, mostly on Monday morning."""
    assigned = leads[leads["assigned_at"] <= as_of]
    return share((~(clock.human_touch(assigned) <= as_of)).sum(), len(assigned))


def auto_reply_is_touch(
    leads: pd.DataFrame, as_of: pd.Timestamp, calendar: BusinessCalendar, limit_hours: float = LIMIT_HOURS
) -> float:
    """For untouched_rate: takes an automatic reply for a call. Too low."""
    return clock.untouched_rate(leads.assign(first_touch_kind=clock.HUMAN), as_of, calendar, limit_hours)


def all_leads_not_assigned(
    leads: pd.DataFrame, as_of: pd.Timestamp, calendar: BusinessCalendar, limit_hours: float = LIMIT_HOURS
) -> float:
    """For untouched_rate: divides by all leads, those never handed over included. Too low."""
    rows = clock.ran_out(leads, as_of, calendar, limit_hours)
    return share((~(clock.human_touch(rows) <= as_of)).sum(), len(leads))


def in_time_of_touched(
    leads: pd.DataFrame, as_of: pd.Timestamp, calendar: BusinessCalendar, limit_hours: float = LIMIT_HOURS
) -> float:
    """For response_in_time: of the touched ones only. Nobody who was left lying is in it. Too high."""
    touched = leads[clock.human_touch(leads) <= as_of]
    return clock.response_in_time(touched, as_of, calendar, limit_hours)


def robot_in_time(
    leads: pd.DataFrame, as_of: pd.Timestamp, calendar: BusinessCalendar, limit_hours: float = LIMIT_HOURS
) -> float:
    """For response_in_time: an automatic reply stops the clock. Too high."""
    return clock.response_in_time(leads.assign(first_touch_kind=clock.HUMAN), as_of, calendar, limit_hours)
