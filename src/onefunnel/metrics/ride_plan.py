"""Ride-alongs booked by a rule: each week every marketer takes the nearest territory that the rule allows.

There is one marketer a micromarket, at home in its territories. `territories` has `territory_id` and
`micromarket_id`. A rule is a list of conditions as in `rules`, on three facts of a ride:

- `weeks_apart`: weeks since this marketer last rode there (`NEVER` the first time);
- `drive_minutes`: 20 within the own micromarket, 25 more for each one between, counted around the map;
- `season`: "busy" in the last three weeks of a quarter, else "quiet".

The drives and the busy weeks are made up for the exercise.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from onefunnel.metrics.kept import shared
from onefunnel.metrics.roles import WEEKS_A_QUARTER, rotation_faults
from onefunnel.metrics.rules import Rule, picked

WEEKS = 48
NEVER = 99
NEAR_MINUTES, MORE_MINUTES = 20, 25
BUSY_WEEKS = 3


def booked(territories: pd.DataFrame, rule: Rule, weeks: int = WEEKS) -> pd.DataFrame:
    """The rides that come of a rule, one row each: `week`, `marketer`, `territory_id`.

    Marketers choose in turn, another one first each week; of equally near territories the one longest ago. Who finds
    none stays in the office. ValueError for a fact or a test that there is not.
    """
    return shared((territories,), ("booked", repr(list(rule)), weeks), lambda: _book(territories, rule, weeks))


def _book(territories: pd.DataFrame, rule: Rule, weeks: int) -> pd.DataFrame:
    drive, allowed = drive_minutes(territories), _allowed(territories, rule, weeks)
    least, most = _bounds(rule)
    last = np.full(drive.shape, -NEVER)
    minutes, rides = drive.to_numpy(), []
    for week in range(1, weeks + 1):
        taken = np.zeros(len(drive.columns), dtype=bool)
        for turn in range(len(drive)):
            who = (week + turn) % len(drive)
            apart = np.where(last[who] < 0, NEVER, week - last[who])
            free = allowed[week - 1, who] & ~taken & (apart >= least) & (apart <= most)
            if not free.any():
                continue
            where = int(np.lexsort((last[who], np.where(free, minutes[who], np.inf)))[0])
            taken[where], last[who, where] = True, week
            rides.append((week, drive.index[who], drive.columns[where]))
    return pd.DataFrame(rides, columns=["week", "marketer", "territory_id"])


def drive_minutes(territories: pd.DataFrame) -> pd.DataFrame:
    """Minutes of a drive: one row a marketer ("Marketer 1" …), one column a territory."""
    places = sorted(territories["micromarket_id"].dropna().unique())
    home = territories.set_index("territory_id")["micromarket_id"].map({name: i for i, name in enumerate(places)})
    away = np.abs(np.arange(len(places))[:, None] - home.to_numpy()[None, :])
    around = np.minimum(away, len(places) - away)
    names = [f"Marketer {number + 1}" for number in range(len(places))]
    return pd.DataFrame(NEAR_MINUTES + MORE_MINUTES * around, index=names, columns=home.index)


def season(week: int) -> str:
    """Whether a week (from 1) lies in the last three of its quarter: "busy" or "quiet"."""
    return "busy" if (week - 1) % WEEKS_A_QUARTER >= WEEKS_A_QUARTER - BUSY_WEEKS else "quiet"


def good_rides(territories: pd.DataFrame, rule: Rule, weeks: int = WEEKS) -> float:
    """Weeks of marketers with a ride that is new in its quarter ÷ all weeks of marketers, a fraction; 1 is a full plan.

    NaN without a territory.
    """
    rides = booked(territories, rule, weeks)
    possible = weeks * territories["micromarket_id"].nunique()
    return (len(rides) - _repeats(rides, weeks)) / possible if possible else float("nan")


def empty_weeks(territories: pd.DataFrame, rule: Rule, weeks: int = WEEKS) -> int:
    """Weeks in which nobody rides."""
    return weeks - booked(territories, rule, weeks)["week"].nunique()


def repeats(territories: pd.DataFrame, rule: Rule, weeks: int = WEEKS) -> int:
    """Rides of a marketer to a territory where they were in the same quarter already."""
    return _repeats(booked(territories, rule, weeks), weeks)


def never_seen(territories: pd.DataFrame, rule: Rule, weeks: int = WEEKS) -> int:
    """Territories that no marketer comes to all year."""
    return len(set(territories["territory_id"]) - set(booked(territories, rule, weeks)["territory_id"]))


def has_empty_week(territories: pd.DataFrame, rule: Rule, weeks: int = WEEKS) -> bool:
    """Whether there is a week in which nobody rides."""
    return empty_weeks(territories, rule, weeks) > 0


def has_repeat(territories: pd.DataFrame, rule: Rule, weeks: int = WEEKS) -> bool:
    """Whether a marketer comes to the same territory twice in a quarter."""
    return repeats(territories, rule, weeks) > 0


def _repeats(rides: pd.DataFrame, weeks: int) -> int:
    return int((rotation_faults(rides, weeks)["fault"] == "same_pair_twice").sum())


def _allowed(territories: pd.DataFrame, rule: Rule, weeks: int) -> np.ndarray:
    """What the rule allows apart from the time since the last ride: weeks × marketers × territories, yes or no."""
    drive = drive_minutes(territories)
    week, who, where = (grid.ravel() for grid in np.indices((weeks, *drive.shape)))
    facts = pd.DataFrame(
        {
            "season": np.array([season(number) for number in range(1, weeks + 1)], dtype=object)[week],
            "drive_minutes": drive.to_numpy()[who, where],
        }
    )
    fixed = [condition for condition in rule if condition["column"] != "weeks_apart"]
    allowed = np.zeros(len(facts), dtype=bool)
    allowed[picked(facts, fixed).index] = True
    return allowed.reshape(weeks, *drive.shape)


def _bounds(rule: Rule) -> tuple[float, float]:
    """The least and the most weeks between two rides of a pair that the rule asks for."""
    asked: list[Mapping[str, Any]] = [condition for condition in rule if condition["column"] == "weeks_apart"]
    if wrong := [condition["test"] for condition in asked if condition["test"] not in ("at_least", "at_most")]:
        raise ValueError(f'weeks_apart is a number. Test it with at_least or at_most, not with "{wrong[0]}".')
    least = max((condition["value"] for condition in asked if condition["test"] == "at_least"), default=0)
    return least, min((condition["value"] for condition in asked if condition["test"] == "at_most"), default=NEVER)
