"""Calls on the route, and what a look at the shelf found (PT35, PT46).

In T13–T24 calls fell by 22 % at the beginning of 2026 and empty places on the shelf rose from 4 to 9 %. Hours go where
they always went: 46 % of them to outlets with 12 % of the potential.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from generator import plan
from generator.clock import snap_to_weekday
from generator.dice import Dice
from generator.money import days
from generator.outlets.buyers import Buyers, cause
from generator.outlets.route import AFTER, BEFORE, QUARTERS

CALLS = {True: 3, False: 1}  # a quarter: customers, others
QUARTER_DAYS = 88
MINUTES = (8, 12, 15, 17, 20, 22, 25, 28, 33, 40, 60)
FACINGS = 12
SHELF_DAYS = (20, 62)  # in a quarter
SMALL_POTENTIAL_EUR = 1_200  # a year; the outlets below hold 12 % of the route's potential


def make_visits(
    seed: int, truth: Mapping[str, float], place: np.ndarray, buyers: Buyers, potential: np.ndarray
) -> dict[str, np.ndarray]:
    """Calls from 2025 on, by day: `outlet` (row number), `day`, `minutes`."""
    dice = Dice(seed, "visits")
    route = np.flatnonzero(buyers.on_route)
    calls = np.array([CALLS[bool(status)] for status in buyers.status[route] != ""])
    execution = cause(place[route]) == "execution"
    phase = dice.whole(len(route), 0, QUARTER_DAYS // 3)
    outlet, day = [], []
    for quarter in range(BEFORE, len(QUARTERS)):
        account = np.repeat(np.arange(len(route)), calls)
        number = np.arange(len(account)) - np.repeat(np.cumsum(calls) - calls, calls)
        if quarter >= AFTER:
            fewer = execution[account]
            kept = round((1 + truth["pt35_execution_visits"]) * int(fewer.sum()))
            stay = ~fewer | dice.choose(fewer * 1.0, kept, place[route][account], calls[account])
            account, number = account[stay], number[stay]
        gap = QUARTER_DAYS // calls[account]
        when = days(QUARTERS[quarter]) + phase[account] % gap + number * gap
        outlet.append(route[account])
        day.append(snap_to_weekday(when))
    who, when = np.concatenate(outlet), np.concatenate(day)
    past = when < plan.AS_OF_DAY
    who, when = who[past], when[past]
    order = np.lexsort((who, when))
    who, when = who[order], when[order]
    minutes = _minutes(dice, truth["pt46_hours"], potential[who] < SMALL_POTENTIAL_EUR)
    return {"outlet": who, "day": when, "minutes": minutes}


def _minutes(dice: Dice, share: float, small: np.ndarray) -> np.ndarray:
    """Minutes of each call, such that calls on small outlets take the planted share of all hours."""
    minutes = np.rint(dice.draw(len(small), MINUTES))
    large = float(minutes[~small].sum())
    minutes[small] = np.rint(minutes[small] * (share / (1 - share) * large / float(minutes[small].sum())))
    return np.maximum(minutes, 3).astype(np.int64)


def make_shelf_checks(
    seed: int, truth: Mapping[str, float], place: np.ndarray, buyers: Buyers
) -> dict[str, np.ndarray]:
    """Two looks a quarter at each customer's shelf from 2025 on: `outlet`, `day`, `empty` (of FACINGS places)."""
    dice = Dice(seed, "shelf_checks")
    rows = {"outlet": [], "day": [], "empty": []}
    stopped = buyers.status == "lapsed"
    began = np.isin(buyers.status, ["new", "returned", "recent"])
    for quarter in range(BEFORE, len(QUARTERS)):
        here = (buyers.status != "") & ~(stopped & (quarter >= AFTER)) & ~(began & (quarter < AFTER))
        outlet = np.flatnonzero(here)
        bad = (cause(place[outlet]) == "execution") & (quarter >= AFTER)
        for offset in SHELF_DAYS:
            day = snap_to_weekday(days(QUARTERS[quarter]) + offset + dice.whole(len(outlet), 0, 12))
            empty = np.zeros(len(outlet), dtype=np.int64)
            for level, own in ((truth["pt35_execution_empty_after"], bad), (truth["pt35_empty_before"], ~bad)):
                checked = np.flatnonzero(own)
                gaps = dice.choose(
                    np.ones(len(checked) * FACINGS),
                    round(level * len(checked) * FACINGS),
                    np.repeat(place[outlet[checked]], FACINGS),
                )
                empty[checked] = gaps.reshape(-1, FACINGS).sum(axis=1)
            past = day < plan.AS_OF_DAY
            for name, values in (("outlet", outlet), ("day", day), ("empty", empty)):
                rows[name].append(values[past])
    table = {name: np.concatenate(values) for name, values in rows.items()}
    order = np.lexsort((table["outlet"], table["day"]))
    return {name: values[order] for name, values in table.items()}
