"""What the field hears and how it gets through: the way of a note, the price of passing it on, and joint time.

Tables: `field_notes` (`kind`, `noted_on`, `received_on` and `used_on`, missing until it happens; the sample's notes are
all a month old and more, so a missing receipt is a lost note), `time_log` and `costs` as in `ownership`. A plan is
minutes a week for each of `WAYS`.
"""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from onefunnel.metrics import budget, ownership, plans
from onefunnel.metrics.plans import Plan
from onefunnel.metrics.ratio import share
from onefunnel.metrics.teamwork import DAY

#: From this day on one person answered for the notes (78 weeks after the tables begin).
OWNER_SINCE = pd.Timestamp("2024-11-12")
#: A price note that is older than this changes next to nothing any more.
USEFUL_DAYS = 10
#: What the owner of the notes needs: an hour a day.
OWNER_HOURS_A_WEEK = 5.0
WEEKS_A_YEAR = 52
JOINT_MINUTES = 90.0


class Way(NamedTuple):
    """A way to listen: `most` useful things a month however long it takes, `minutes` a week that bring 63 % of them."""

    text: str
    most: float
    minutes: float
    today: float


#: The figures are an assumption for the exercise, not a measurement: the first minutes of each way bring most.
WAYS = {
    "meeting": Way("One meeting of both teams", 5, 15, 75),
    "notes": Way("Reading and answering field notes", 8, 12, 15),
    "customers": Way("Together at a customer's", 24, 60, 0),
    "calls": Way("Talks with those who take the calls", 3, 10, 0),
}


# ---- the way of a note ----------------------------------------------------------------------------------------------


def days_waited(field_notes: pd.DataFrame) -> pd.Series:
    """Days from note to receipt, one a note; **infinite** for a note that never arrived, which is the longest wait."""
    return ((field_notes["received_on"] - field_notes["noted_on"]) / DAY).fillna(float("inf")).rename("days")


def since_owner(field_notes: pd.DataFrame) -> pd.Series:
    """Whether a note was written on or after the day on which one person began to answer for the notes."""
    return field_notes["noted_on"] >= OWNER_SINCE


def middle_days(field_notes: pd.DataFrame, owned: bool, kind: str | None = None) -> float:
    """Median days from note to receipt before (`owned` false) or since the owner; lost notes count as longest.

    `kind` keeps one kind of note. NaN when half or more were lost, and without notes.
    """
    return _finite(_waits(field_notes, owned, kind).median())


def middle_of_arrived(field_notes: pd.DataFrame, owned: bool, kind: str | None = None) -> float:
    """The same median over the notes that arrived, which flatters a post that loses much. NaN without one."""
    return float(_arrived(field_notes, owned, kind).median())


def mean_of_arrived(field_notes: pd.DataFrame, owned: bool, kind: str | None = None) -> float:
    """Mean days of the notes that arrived; a few very late ones pull it up. NaN without one."""
    return float(_arrived(field_notes, owned, kind).mean())


def days_too_late(field_notes: pd.DataFrame, kind: str | None = None) -> float:
    """By how many days the middle note missed the ten useful days before the owner: `middle_days` − 10.

    Negative when it came in time. NaN when half or more were lost, and without notes.
    """
    return middle_days(field_notes, False, kind) - useful_days()


def days_saved(field_notes: pd.DataFrame, kind: str | None = None) -> float:
    """Days by which the middle note came sooner since the owner: `middle_days` before − since.

    A comparison with the past: what else changed in these months is in it too. NaN as in `middle_days`.
    """
    return middle_days(field_notes, False, kind) - middle_days(field_notes, True, kind)


def useful_days() -> float:
    """Days for which a note on prices is of use."""
    return float(USEFUL_DAYS)


def lost_share(field_notes: pd.DataFrame, owned: bool, kind: str | None = None) -> float:
    """Notes that never arrived ÷ notes written before or since the owner, a fraction. NaN without notes."""
    waits = _waits(field_notes, owned, kind)
    return share((waits == float("inf")).sum(), len(waits))


def used_share(field_notes: pd.DataFrame, kind: str, fresh: bool) -> float:
    """Notes that changed something ÷ notes of a kind that arrived within (`fresh`) or after ten days, a fraction.

    Lost notes are in neither group. NaN without such a note.
    """
    waits = days_waited(field_notes)
    age = waits.le(USEFUL_DAYS) if fresh else waits.gt(USEFUL_DAYS) & waits.lt(float("inf"))
    rows = field_notes[age & (field_notes["kind"] == kind)]
    return share(rows["used_on"].notna().sum(), len(rows))


def _waits(field_notes: pd.DataFrame, owned: bool, kind: str | None) -> pd.Series:
    rows = field_notes[since_owner(field_notes) == owned]
    return days_waited(rows if kind is None else rows[rows["kind"] == kind])


def _arrived(field_notes: pd.DataFrame, owned: bool, kind: str | None) -> pd.Series:
    waits = _waits(field_notes, owned, kind)
    return waits[waits < float("inf")]


def _finite(value: float) -> float:
    return float(value) if abs(value) < float("inf") else float("nan")


# ---- what it costs --------------------------------------------------------------------------------------------------


def owner_hours() -> float:
    """Hours a week that the owner of the notes needs."""
    return OWNER_HOURS_A_WEEK


def double_hours_of(time_log: pd.DataFrame, function: str) -> float:
    """Hours a week that a person of one function spends on tasks which the other does too. NaN without a log."""
    return share(ownership.hours_done_by_both(time_log, function), ownership.seller_weeks(time_log))


def hours_missing(time_log: pd.DataFrame) -> float:
    """Hours a week that a marketer who owns the notes still lacks after leaving the doubles to the seller.

    Hours that the owner needs − the marketer's hours on doubles. Negative when more comes free than is needed.
    """
    return owner_hours() - double_hours_of(time_log, "marketing")


def hours_a_week(time_log: pd.DataFrame, function: str, task_id: str) -> float:
    """Mean hours a week that a person of a function spends on one task. NaN without a log of that function."""
    rows = time_log[time_log["function"] == function]
    person_weeks = len(rows[["territory_id", "week"]].drop_duplicates())
    return share(rows.loc[rows["task_id"] == task_id, "hours"].sum(), person_weeks)


def people(time_log: pd.DataFrame, function: str) -> int:
    """People of a function in the log: one a territory."""
    return int(time_log.loc[time_log["function"] == function, "territory_id"].nunique())


def pay_of_an_hour(time_log: pd.DataFrame, costs: pd.DataFrame, function: str) -> float:
    """Pay of a year ÷ the logged hours of a function carried to 52 weeks, EUR an hour. NaN without hours."""
    a_week = share(ownership.hours_of(time_log, function), time_log["week"].nunique())
    return share(ownership.pay_of_a_year(costs, function), a_week * WEEKS_A_YEAR)


# ---- joint time -----------------------------------------------------------------------------------------------------


def ways_today() -> list[dict[str, object]]:
    """The ways to listen as rows of a plan: `id`, `text`, and `start` = today's minutes a week."""
    return [{"id": name, "text": way.text, "start": way.today} for name, way in WAYS.items()]


def learned(plan: Plan) -> float:
    """Useful things that reach the other side in a month: Σ most × (1 − e^(−minutes ÷ usual)), an assumed curve."""
    names = list(plan)
    brings = budget.response(
        [plan[name] for name in names], [WAYS[name].most for name in names], [WAYS[name].minutes for name in names]
    )
    return float(brings.sum())


def best_minutes() -> dict[str, float]:
    """The split of the 90 minutes that brings most, to the minute (a fraction of one is no plan, and no matter)."""
    return plans.best(
        JOINT_MINUTES, {name: way.most for name, way in WAYS.items()}, {name: way.minutes for name, way in WAYS.items()}
    )


def all_in_one_meeting(plan: Plan) -> bool:
    """Whether the meeting takes four fifths of the time or more."""
    return plan["meeting"] >= 0.8 * sum(plan.values())
