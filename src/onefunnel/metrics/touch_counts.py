"""Counts of assigned leads and their touches, and how soon the touched were called: tiles about the hand-off.

Rules of the clock: `onefunnel.metrics.clock`. "Called" leads are those a human touched, assigned at least
`settled_days` before `as_of`, so that a deal has had time to come of them; hours to the call are on the wall clock.
"""

from __future__ import annotations

import pandas as pd

from onefunnel.metrics import clock
from onefunnel.metrics.clock import LIMIT_HOURS, BusinessCalendar
from onefunnel.metrics.ratio import share

SETTLED_DAYS = 90
FAST_HOURS, SLOW_HOURS = 1.0, 24.0


def run_out(leads: pd.DataFrame, as_of: pd.Timestamp, calendar: BusinessCalendar, least_fit: float = 0) -> int:
    """Assigned leads whose four business hours have run out, of those with at least that fit (0: all of them)."""
    return len(clock.ran_out(_fitting(leads, least_fit), as_of, calendar, LIMIT_HOURS))


def never_by_a_human(leads: pd.DataFrame, as_of: pd.Timestamp, calendar: BusinessCalendar, least_fit: float = 0) -> int:
    """Of those, leads that no human touched."""
    return len(untouched(_fitting(leads, least_fit), as_of, calendar))


def untouched(leads: pd.DataFrame, as_of: pd.Timestamp, calendar: BusinessCalendar) -> pd.DataFrame:
    """The rows of those leads."""
    rows = clock.ran_out(leads, as_of, calendar, LIMIT_HOURS)
    return rows[~(clock.human_touch(rows) <= as_of)]


def never_by_anything(
    leads: pd.DataFrame, as_of: pd.Timestamp, calendar: BusinessCalendar, least_fit: float = 0
) -> int:
    """Of those, leads that not even an automatic reply reached."""
    rows = clock.ran_out(_fitting(leads, least_fit), as_of, calendar, LIMIT_HOURS)
    return int((~(rows["first_touch_at"] <= as_of)).sum())


def untouched_fitting(leads: pd.DataFrame, as_of: pd.Timestamp, calendar: BusinessCalendar, least_fit: float) -> float:
    """`clock.untouched_rate` of the leads with at least that fit, a fraction: the part of it that is worth a call."""
    return share(never_by_a_human(leads, as_of, calendar, least_fit), run_out(leads, as_of, calendar, least_fit))


def fit_left_out(leads: pd.DataFrame, as_of: pd.Timestamp, calendar: BusinessCalendar, least_fit: float) -> float:
    """Misread for untouched_fitting: of all leads, most of which were not worth a call. Too high."""
    return untouched_fitting(leads, as_of, calendar, 0)


def auto_reply_to_fitting(
    leads: pd.DataFrame, as_of: pd.Timestamp, calendar: BusinessCalendar, least_fit: float
) -> float:
    """Misread for untouched_fitting: an automatic reply counts as a touch. Too low."""
    return share(never_by_anything(leads, as_of, calendar, least_fit), run_out(leads, as_of, calendar, least_fit))


def reached_by_nothing(leads: pd.DataFrame, as_of: pd.Timestamp, calendar: BusinessCalendar) -> float:
    """Leads that not even an automatic reply reached ÷ assigned leads whose clock ran out, a fraction."""
    return share(never_by_anything(leads, as_of, calendar), run_out(leads, as_of, calendar))


def reached_by_nothing_of_all(leads: pd.DataFrame, as_of: pd.Timestamp, calendar: BusinessCalendar) -> float:
    """Misread for reached_by_nothing: divides by all leads, those never handed over included. Too low."""
    return share(never_by_anything(leads, as_of, calendar), len(leads))


def all_leads(leads: pd.DataFrame) -> int:
    """All leads, also those never handed over."""
    return len(leads)


def called(leads: pd.DataFrame, as_of: pd.Timestamp, settled_days: float = SETTLED_DAYS) -> pd.DataFrame:
    """One row a called lead: `intent`, `hours` from assignment to the call, `became` (true: a deal came of it)."""
    touched = clock.human_touch(leads)
    old = leads["assigned_at"] <= as_of - pd.Timedelta(days=settled_days)
    rows = leads[old & (touched <= as_of)]
    return pd.DataFrame(
        {
            "intent": rows["intent"],
            "hours": (touched[rows.index] - rows["assigned_at"]) / pd.Timedelta(hours=1),
            "became": rows["opp_id"].notna(),
        }
    )


def became_share(leads: pd.DataFrame, as_of: pd.Timestamp, fast: bool, intent: str | None = None) -> float:
    """Share of the called that became a deal, called within the hour (`fast`) or after a day; NaN without any.

    `intent` keeps the people who asked for the same thing.
    """
    rows = called(leads, as_of)
    if intent is not None:
        rows = rows[rows["intent"] == intent]
    rows = rows[rows["hours"] <= FAST_HOURS] if fast else rows[rows["hours"] > SLOW_HOURS]
    return share(rows["became"].sum(), len(rows))


def speed_ratio_within(leads: pd.DataFrame, as_of: pd.Timestamp, intent: str) -> float:
    """Share that became a deal within the hour ÷ after a day, among people of one intent: like with like."""
    return share(became_share(leads, as_of, True, intent), became_share(leads, as_of, False, intent))


def speed_wins_all(leads: pd.DataFrame, as_of: pd.Timestamp, intent: str) -> float:
    """Misread for speed_ratio_within: of all people. Those who want most are called first. Too high."""
    return share(became_share(leads, as_of, True), became_share(leads, as_of, False))


def _fitting(leads: pd.DataFrame, least_fit: float) -> pd.DataFrame:
    return leads[leads["fit_score"] >= least_fit] if least_fit else leads


def due_id(calendar: BusinessCalendar, started: str, limit_hours: float) -> str:
    """When a limit ends, as the id of an option: "mon_12_40" for Monday 12:40. `started` in ISO form."""
    due = clock.due_at(pd.Series([pd.Timestamp(started)]), limit_hours, calendar)[0]
    return f"{clock.WEEKDAYS[due.weekday()]}_{due:%H_%M}"
