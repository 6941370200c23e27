"""The business-hours clock: the printed Friday, a minute-by-minute recount, and who counts as touched in time."""

import math
from dataclasses import dataclass
from datetime import date, time

import numpy as np
import pandas as pd
import pytest

from onefunnel.metrics import clock, clock_traps
from onefunnel.playbook import load

HOLIDAY = date(2026, 5, 1)  # a Friday


@dataclass
class Week:
    """Monday to Friday, 9 to 17, one holiday."""

    working_days: tuple = ("mon", "tue", "wed", "thu", "fri")
    opens: time = time(9)
    closes: time = time(17)
    holiday_dates: tuple = (HOLIDAY,)


WEEK = Week()
FRIDAY = pd.Timestamp("2026-05-15 16:40")


def at(*moments):
    return pd.Series([pd.Timestamp(moment) if moment else pd.NaT for moment in moments], dtype="datetime64[ns]")


def test_the_printed_friday():
    """Assigned Friday 16:40, four business hours: due Monday 12:40; on the wall clock Friday 20:40."""
    start = at(FRIDAY)
    due = clock.due_at(start, 4, WEEK)
    assert due[0] == pd.Timestamp("2026-05-18 12:40")
    assert clock.business_hours(start, due, WEEK)[0] == 4
    assert clock_traps.calendar_hours(start, 4, WEEK)[0] == pd.Timestamp("2026-05-15 20:40")


def test_the_companys_own_calendar_fits(playbook):
    """The calendar of the playbook can be passed as it is."""
    assert clock.due_at(at(FRIDAY), 4, playbook.calendar)[0] == pd.Timestamp("2026-05-18 12:40")


@pytest.fixture(scope="module")
def playbook():
    return load()


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-05-14 09:00", 8, "2026-05-14 17:00"),  # ends with the day, not at the next opening
        ("2026-05-14 09:00", 16, "2026-05-15 17:00"),
        ("2026-05-14 17:00", 1, "2026-05-15 10:00"),
        ("2026-05-16 12:00", 1, "2026-05-18 10:00"),  # a Saturday
        ("2026-05-14 06:00", 1, "2026-05-14 10:00"),
        ("2026-05-14 22:00", 0, "2026-05-15 09:00"),
        ("2026-05-14 10:30", 0, "2026-05-14 10:30"),
        ("2026-04-30 16:00", 2, "2026-05-04 10:00"),  # over the holiday and the weekend
        ("2026-05-14 09:00", 0.75, "2026-05-14 09:45"),
    ],
)
def test_due_times_by_hand(start, hours, due):
    """Closing time, night, weekend, holiday and fractions of an hour."""
    assert clock.due_at(at(start), hours, WEEK)[0] == pd.Timestamp(due)


@pytest.mark.parametrize("seed", range(3))
def test_hours_agree_with_counting_minutes(seed):
    """Every minute between two moments that lies in a business hour, counted one by one."""
    rng = np.random.default_rng(seed)
    start = pd.Timestamp("2026-04-27") + pd.to_timedelta(rng.integers(0, 9 * 1440, 25), unit="min")
    end = start + pd.to_timedelta(rng.integers(0, 6 * 1440, 25), unit="min")
    hours = clock.business_hours(pd.Series(start), pd.Series(end), WEEK)
    for first, last, counted in zip(start, end, hours, strict=True):
        minutes = pd.date_range(first, last, freq="min", inclusive="left")
        working = (minutes.day_of_week < 5) & (minutes.hour >= 9) & (minutes.hour < 17) & (minutes.date != HOLIDAY)
        assert counted * 60 == pytest.approx(working.sum())
    limit = rng.uniform(0.1, 30)
    due = clock.due_at(pd.Series(start), limit, WEEK)
    np.testing.assert_allclose(clock.business_hours(pd.Series(start), due, WEEK), limit, atol=1e-6)


def test_missing_and_impossible_times():
    """No start, no due time and no hours. An end before the start counts below zero. Time zones and no day: refused."""
    assert clock.due_at(at(None), 4, WEEK).isna().all()
    assert clock.business_hours(at(FRIDAY), at(None), WEEK).isna().all()
    assert clock.business_hours(at("2026-05-14 12:00"), at("2026-05-14 10:00"), WEEK)[0] == -2
    assert len(clock.due_at(at(), 4, WEEK)) == 0
    with pytest.raises(ValueError, match="time zone"):
        clock.due_at(at(FRIDAY).dt.tz_localize("Europe/Madrid"), 4, WEEK)
    with pytest.raises(ValueError, match="below 0"):
        clock.due_at(at(FRIDAY), -1, WEEK)
    with pytest.raises(ValueError, match="no business time"):
        clock.due_at(at(FRIDAY), 1, Week(closes=time(9)))


def test_pauses_are_capped():
    """1: two days and 80 of 100 hours, the third pause not at all; 2: no date, no pause. Days are eight hours."""
    monday = pd.Timestamp("2026-06-01 09:00")
    pauses = pd.DataFrame(
        {
            "clock_id": [1, 1, 1, 2],
            "paused_at": monday + pd.to_timedelta([0, 7, 60, 0], unit="D"),
            "until": [monday + pd.Timedelta(days=2), monday + pd.Timedelta(days=40), monday, pd.NaT],
        }
    )
    pauses.loc[2, "until"] = monday + pd.Timedelta(days=63)
    assert clock.pause_hours(pauses, WEEK).to_dict() == {1: 16 + 80}
    assert clock.days_as_hours(5, WEEK) == 40
    assert clock.due_at(at(FRIDAY), 4, WEEK, 8)[0] == pd.Timestamp("2026-05-19 12:40")


AS_OF = pd.Timestamp("2026-05-15 18:00")


def make_leads():
    """Seven leads; limit 4 hours, seen on Friday 15 May at 18:00."""
    rows = [
        ("2026-05-11 09:00", "2026-05-11 10:00", "human"),  # 1 hour
        ("2026-05-11 09:00", "2026-05-12 10:00", "human"),  # 9 hours: late
        ("2026-05-12 09:00", None, None),  # never
        ("2026-05-13 09:00", "2026-05-13 09:01", "auto"),  # a machine
        ("2026-05-15 16:40", None, None),  # still running
        ("2026-05-15 16:00", "2026-05-15 16:30", "human"),  # done, but still running for its age
        (None, None, None),  # never assigned
    ]
    frame = pd.DataFrame(rows, columns=["assigned_at", "first_touch_at", "first_touch_kind"])
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in ("assigned_at", "first_touch_at")})


def test_leads_touched_in_time_and_untouched():
    """Four clocks ran out: one in time (25 %), two untouched by a human (50 %), median (9 h, never): none."""
    leads = make_leads()
    for rows in (leads, leads.sample(frac=1, random_state=1)):
        assert clock.response_in_time(rows, AS_OF, WEEK) == 0.25
        assert clock.untouched_rate(rows, AS_OF, WEEK) == 0.5
    assert math.isnan(clock.median_response_hours(leads, AS_OF, WEEK))
    assert clock.median_response_hours(leads.iloc[:3], AS_OF, WEEK) == 9


def test_each_wrong_response():
    """Running counted: 3 of 6; a machine taken for a call: 1 of 4; all leads: 2 of 7; touched only: 5 h."""
    leads = make_leads()
    assert clock_traps.clock_still_running(leads, AS_OF, WEEK) == pytest.approx(3 / 6)
    assert clock_traps.auto_reply_is_touch(leads, AS_OF, WEEK) == 0.25
    assert clock_traps.all_leads_not_assigned(leads, AS_OF, WEEK) == pytest.approx(2 / 7)
    assert clock_traps.untouched_left_out(leads, AS_OF, WEEK) == 5


def test_each_wrong_attainment():
    """Finished only: 1 of 2; running as missed: 2 in time (one of them early) of 6 started."""
    leads = make_leads()
    clocks = (leads["assigned_at"], clock.human_touch(leads), 4, WEEK, AS_OF)
    assert clock.attainment(*clocks) == 0.25
    assert clock_traps.finished_only(*clocks) == 0.5
    assert clock_traps.running_counts_as_missed(*clocks) == pytest.approx(2 / 6)


def test_what_happens_later_is_not_known_yet():
    """On Tuesday at noon the second lead's call of 10:00 is known, the third has run no four hours."""
    leads = make_leads()
    assert clock.untouched_rate(leads, pd.Timestamp("2026-05-11 18:00"), WEEK) == 0.5
    assert clock.untouched_rate(leads, pd.Timestamp("2026-05-12 12:00"), WEEK) == 0


def test_no_clock_ran_out():
    """NaN for every reading."""
    empty = make_leads().iloc[:0]
    for metric in (clock.response_in_time, clock.median_response_hours, clock.untouched_rate):
        assert math.isnan(metric(empty, AS_OF, WEEK))
        assert math.isnan(metric(make_leads().iloc[4:], AS_OF, WEEK))
