"""The business-hours clock, and what was done within its limit.

`calendar` is the company's calendar (`playbook.company.calendar`); any object with `working_days` ("mon" …), `opens`,
`closes` (times of day) and `holiday_dates` will do. Times are local to the account, without a time zone; whole columns
go in and come out. Rules: the clock starts at the event's timestamp, runs in business hours only, and stops only at the
named human act. Outside business hours, on days off and on holidays it stands still.

Tables: `leads` (`assigned_at`, `first_touch_at`, `first_touch_kind` human or auto), `pauses` (`clock_id`, `paused_at`,
`until`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Protocol

import numpy as np
import pandas as pd

from onefunnel.metrics.ratio import share

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LIMIT_HOURS = 4.0
HUMAN = "human"

#: A clock pauses only while the buyer has named a date: at most ten business days, at most twice.
MAX_PAUSE_DAYS = 10
MAX_PAUSES = 2

_SECOND = 1_000_000  # the clock counts in microseconds, so no minute is lost in a fraction
_HOUR = 3600 * _SECOND
_EPOCH = np.datetime64("1970-01-01", "D")


class BusinessCalendar(Protocol):
    """What the clock needs to know."""

    @property
    def working_days(self) -> Sequence[str]: ...
    @property
    def opens(self) -> time: ...
    @property
    def closes(self) -> time: ...
    @property
    def holiday_dates(self) -> Sequence[date]: ...


def business_hours(start: pd.Series, end: pd.Series, calendar: BusinessCalendar) -> pd.Series:
    """Business hours from `start` to `end`, row by row, labelled like `start`; NaN where either is missing.

    Negative when `end` lies before `start`. Friday 16:40 to Monday 12:40, at 9 to 17: 4 hours.
    """
    ran = _position(end, calendar) - _position(start, calendar)
    hours = np.where(start.isna().to_numpy() | end.isna().to_numpy(), np.nan, ran / _HOUR)
    return pd.Series(hours, index=start.index, name="hours")


def due_at(
    start: pd.Series, limit_hours: float, calendar: BusinessCalendar, paused_hours: pd.Series | float = 0.0
) -> pd.Series:
    """When the limit is used up: `start` + `limit_hours` (+ `paused_hours`) of business time; NaT without a start.

    Friday 16:40 + 4 hours = Monday 12:40. A limit in business days is days × hours a day (`days_as_hours`). A limit
    that ends with the day is due at closing time, not at the next opening. A limit of 0 is due at once, or at the next
    opening. ValueError when a limit is negative.
    """
    allowed = limit_hours + np.asarray(paused_hours, dtype=float)
    if (allowed < 0).any():
        raise ValueError("a limit below 0 hours has run out before it started. Use 0 or more.")
    day = _day_length(calendar)
    added = np.round(allowed * _HOUR).astype("int64")
    target = _position(start, calendar) + added
    # After some work, the end of a day belongs to that day; a limit of nothing rolls to the next opening.
    full_days = np.where(added > 0, -(-target // day) - 1, target // day)
    rest = target - full_days * day
    dates = np.busday_offset(_EPOCH, full_days, roll="forward", busdaycal=_busdays(calendar))
    due = dates.astype("datetime64[us]") + (rest + _microseconds(calendar.opens)).astype("timedelta64[us]")
    return pd.Series(due, index=start.index, name="due_at").where(start.notna())


def days_as_hours(days: float, calendar: BusinessCalendar) -> float:
    """Business days as business hours: days × (closes − opens)."""
    return days * _day_length(calendar) / _HOUR


def pause_hours(pauses: pd.DataFrame, calendar: BusinessCalendar) -> pd.Series:
    """Business hours that each clock may stand still, indexed by `clock_id`.

    Only pauses with a date (`until`) count, each for no more than ten business days, the first two of a clock only.
    """
    dated = pauses.dropna(subset=["paused_at", "until"]).sort_values(["clock_id", "paused_at", "until"])
    dated = dated[dated.groupby("clock_id").cumcount() < MAX_PAUSES]
    hours = business_hours(dated["paused_at"], dated["until"], calendar)
    hours = hours.clip(0, days_as_hours(MAX_PAUSE_DAYS, calendar))
    return hours.groupby(dated["clock_id"]).sum()


def attainment(
    started: pd.Series,
    stopped: pd.Series,
    limit_hours: float,
    calendar: BusinessCalendar,
    as_of: pd.Timestamp,
    paused_hours: pd.Series | float = 0.0,
) -> float:
    """Done in time ÷ clocks that **ran out** by `as_of` (due then or before), a fraction.

    A clock still running is in neither number, even when it was stopped early: the slow ones of its age are not known
    yet. Never done is missed. A stop after `as_of` has not happened yet. Clocks without a start are left out. Only
    business time counts: due on Friday at closing and done on Monday before opening, or on the date of Monday, is in
    time. NaN when none ran out. Fit to be a gate for pay.
    """
    due = due_at(started, limit_hours, calendar, paused_hours)
    ran_out = due <= as_of
    in_time = ran_out & (stopped <= as_of) & ~(business_hours(due, stopped, calendar) > 0)
    return share(in_time.sum(), ran_out.sum())


def response_in_time(
    leads: pd.DataFrame, as_of: pd.Timestamp, calendar: BusinessCalendar, limit_hours: float = LIMIT_HOURS
) -> float:
    """Share of assigned leads touched **by a human** within the limit, of those whose clock ran out; a fraction.

    The clock starts at `assigned_at`; reassignment does not restart it. An automatic reply does not stop it. Whether
    speed *causes* sales this cannot tell: keen buyers are called first.
    """
    return attainment(leads["assigned_at"], human_touch(leads), limit_hours, calendar, as_of)


def median_response_hours(
    leads: pd.DataFrame, as_of: pd.Timestamp, calendar: BusinessCalendar, limit_hours: float = LIMIT_HOURS
) -> float:
    """Median business hours from assignment to the first human touch, of leads whose clock ran out.

    The untouched count as **longest**; the median of the touched alone is one of survivors. NaN when half or
    more are untouched (then say "half or more were never touched"), and when no clock ran out.
    """
    rows = ran_out(leads, as_of, calendar, limit_hours)
    touched = human_touch(rows)
    hours = business_hours(rows["assigned_at"], touched.where(touched <= as_of), calendar)
    values = np.sort(hours.fillna(np.inf).to_numpy())
    if not len(values) or np.isinf(values[len(values) // 2]):
        return float("nan")
    return float((values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2)


def untouched_rate(
    leads: pd.DataFrame, as_of: pd.Timestamp, calendar: BusinessCalendar, limit_hours: float = LIMIT_HOURS
) -> float:
    """Leads that no human has touched by `as_of` ÷ assigned leads whose clock has run out, a fraction.

    Left out: leads never assigned (that is a fault of routing, not of calling) and clocks still running. Look at it by
    fit: half of all may be a fifth of those worth a call. NaN when no clock ran out.
    """
    rows = ran_out(leads, as_of, calendar, limit_hours)
    return share((~(human_touch(rows) <= as_of)).sum(), len(rows))


def ran_out(leads: pd.DataFrame, as_of: pd.Timestamp, calendar: BusinessCalendar, limit_hours: float) -> pd.DataFrame:
    """The assigned leads whose limit was used up by `as_of`."""
    return leads[due_at(leads["assigned_at"], limit_hours, calendar) <= as_of]


def human_touch(leads: pd.DataFrame) -> pd.Series:
    """`first_touch_at` where a human touched; missing where nobody or only an automatic reply did."""
    return leads["first_touch_at"].where(leads["first_touch_kind"] == HUMAN)


def _position(times: pd.Series, calendar: BusinessCalendar) -> np.ndarray:
    """Microseconds of business time since a fixed day; missing times stand at 0 and are masked by the callers."""
    if getattr(times.dtype, "tz", None) is not None:
        raise ValueError("times carry a time zone. Convert them to the account's local time and drop the zone.")
    stamps = pd.to_datetime(times).to_numpy().astype("datetime64[us]")
    stamps = np.where(np.isnat(stamps), _EPOCH.astype("datetime64[us]"), stamps)
    days = stamps.astype("datetime64[D]")
    busdays = _busdays(calendar)
    since_opening = (stamps - days).astype("int64") - _microseconds(calendar.opens)
    today = np.where(np.is_busday(days, busdaycal=busdays), np.clip(since_opening, 0, _day_length(calendar)), 0)
    return np.busday_count(_EPOCH, days, busdaycal=busdays) * _day_length(calendar) + today


def _busdays(calendar: BusinessCalendar) -> np.busdaycalendar:
    mask = [name in set(calendar.working_days) for name in WEEKDAYS]
    return np.busdaycalendar(weekmask=mask, holidays=np.array(list(calendar.holiday_dates), dtype="datetime64[D]"))


def _day_length(calendar: BusinessCalendar) -> int:
    length = _microseconds(calendar.closes) - _microseconds(calendar.opens)
    if length <= 0:
        raise ValueError(f"the day opens at {calendar.opens} and closes at {calendar.closes}: no business time in it.")
    return length


def _microseconds(moment: time) -> int:
    return (moment.hour * 3600 + moment.minute * 60 + moment.second) * _SECOND + moment.microsecond
