"""Machines sold in to the premium doors, and what came back: five doors without a demonstrator send most of it.

Each unit has a door, a model, a fortnight of shipment and a fate. Units are dealt to fortnights door by door, so every
door has the same season; the van that delivers takes them back, so they return after whole weeks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from generator import smooth
from generator.dice import Dice, shares
from generator.money import days
from generator.plan import AS_OF_DAY, START

FIRST_TURN = days("2025-02-10")  # the line's launch in the doors
WINDOW_WEEKS = 14  # nine in ten returns are back by then: shipments that old are mature
LAST_TURN = days("2026-05-04")
TURNS = np.arange(FIRST_TURN, LAST_TURN + 1, 14)  # each door gets a delivery a fortnight
LAST_DAY_OF_TURN = 9  # a door's own day: Monday to Wednesday of the first or the second week
MATURE = TURNS + LAST_DAY_OF_TURN + 7 * WINDOW_WEEKS < AS_OF_DAY
SEASON = (0.63, 0.7, 0.8, 0.8, 0.85, 0.8, 0.7, 0.6, 0.95, 1.3, 2.5, 2.7)  # a fortnight, by month: most for Christmas
RECENT_UNITS = 1_450  # shipped since, their returns still on the way

BAD_DOORS, TINY_DOORS, TINY_UNITS, TINY_BACK = 5, 2, 5, 2
BAD_SIZES, BAD_LEAN = (1.12, 1.06, 1.0, 0.94, 0.88), (0.96, 1.08, 0.94, 1.05, 1.0)  # units; how much likelier to return
SIZES = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5)
SHOWN_SIZES = (0.3, 0.38, 0.45, 0.5, 0.55, 0.65, 0.9, 1.7, 1.9, 2.1, 2.5)  # the best sellers have a demonstrator
LEAN = (0.6, 0.7, 0.8, 0.87, 0.94, 1.0, 1.06, 1.13, 1.2, 1.3, 1.4)
LAG_WEEKS = (2, 4.4, 5.8, 7, 8, 9, 9.9, 10.8, 12, 13.8, 20)

MODELS = {"Altamar Uno": 24_900, "Altamar Duo": 39_900}  # invoice price to the door, cents
DUO_SHARE, DUO_LEAN = 0.35, 2.0  # of units; how much likelier it comes back
NEVER_BACK = -1


class Units(NamedTuple):
    """One element a machine: its door, the fortnight of shipment (number in TURNS), whether it is the dear model."""

    door: np.ndarray
    turn: np.ndarray
    duo: np.ndarray


def make_doors(seed: int, truth: Mapping[str, float], account_id: np.ndarray, shown: np.ndarray) -> dict[str, Any]:
    """`shipments` and `returns` of the doors; `shown` says which have a demonstrator."""
    dice = Dice(seed, "doors")
    sold, back = _doors(dice, truth, shown)
    recent = np.array(shares(RECENT_UNITS, sold.tolist()))
    rate = back / sold
    old, young = _units(dice, sold, MATURE), _units(dice, recent, ~MATURE)
    old_back = _fates(dice, old, back)
    young_back = _fates(dice, young, np.array(shares(round(smooth.total(rate * recent)), (rate * recent).tolist())))

    door = np.concatenate([old.door, young.door])
    model = np.concatenate([old.duo, young.duo]).astype(np.int64)
    second_week = np.argsort(np.argsort(back, kind="stable"), kind="stable") % 2
    own_day = dice.whole(len(account_id), 0, 2) + 7 * second_week
    sold_in = TURNS[np.concatenate([old.turn, young.turn])] + own_day[door]
    latest = (AS_OF_DAY - 1 - sold_in) // 7
    lag = np.concatenate([_lags(dice, old, old_back), _lags(dice, young, young_back)])
    mature = np.arange(len(door)) < len(old.door)
    lag = np.where(mature, np.minimum(lag, latest), np.where(lag <= latest, lag, NEVER_BACK))
    return _tables(account_id, door, model, sold_in, lag)


def _doors(dice: Dice, truth: Mapping[str, float], shown: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Units and returns of each door among the mature shipments: the groups' totals are the truths', to the unit."""
    total = int(truth["pt24_units"])
    total_back = round(truth["pt24_return_rate"] * total)
    apart = truth["pt24_without_demonstrator"] - truth["pt24_with_demonstrator"]
    with_units = round((truth["pt24_without_demonstrator"] * total - total_back) / apart)
    with_back = round(truth["pt24_with_demonstrator"] * with_units)
    bad_units = round(truth["pt24_worst_share_of_units"] * total)
    bad_back = round(truth["pt24_worst_share_of_returns"] * total_back)

    without = np.flatnonzero(~shown)[dice.shuffled(int((~shown).sum()))]
    bad, tiny, rest = np.split(without, (BAD_DOORS, BAD_DOORS + TINY_DOORS))
    units, back = np.zeros(len(shown), dtype=np.int64), np.zeros(len(shown), dtype=np.int64)
    units[tiny], back[tiny] = TINY_UNITS, TINY_BACK
    rest_units = total - with_units - bad_units - TINY_DOORS * TINY_UNITS
    rest_back = total_back - with_back - bad_back - TINY_DOORS * TINY_BACK
    for rows, sold, returned, sizes, lean in (
        (bad, bad_units, bad_back, np.array(BAD_SIZES), np.array(BAD_LEAN)),
        (rest, rest_units, rest_back, dice.spread(len(rest), SIZES), dice.spread(len(rest), LEAN)),
        (np.flatnonzero(shown), with_units, with_back, dice.spread(int(shown.sum()), SHOWN_SIZES), 1.0),
    ):
        units[rows] = shares(sold, sizes.tolist())
        back[rows] = shares(returned, (units[rows] * lean).tolist())
    return units, back


def _units(dice: Dice, door_units: np.ndarray, turns: np.ndarray) -> Units:
    """Every door's units lie along the season, over the fortnights that are true in `turns`."""
    door = np.repeat(np.arange(len(door_units)), door_units)
    numbers = np.flatnonzero(turns)
    month = (START + TURNS[numbers] + LAST_DAY_OF_TURN // 2).astype("datetime64[M]").astype(np.int64) % 12
    counts = shares(len(door), np.array(SEASON)[month].tolist())
    turn = dice.deal([str(number) for number in numbers], counts, np.arange(len(door)))
    duo = dice.choose(np.ones(len(door)), round(DUO_SHARE * len(door)), door)
    return Units(door, turn.astype(np.int64), duo)


def _fates(dice: Dice, units: Units, back: np.ndarray) -> np.ndarray:
    """Which units come back: as many of each door as `back` says, evenly along the season, the dear model likelier."""
    returned = np.zeros(len(units.door), dtype=bool)
    for number, count in enumerate(back):
        rows = np.flatnonzero(units.door == number)
        returned[rows] = dice.choose(np.where(units.duo[rows], DUO_LEAN, 1.0), int(count), units.turn[rows])
    return returned


def _lags(dice: Dice, units: Units, returned: np.ndarray) -> np.ndarray:
    """Whole weeks until each unit comes back, as mixed for one fortnight of shipment as for another."""
    rows = np.flatnonzero(returned)
    weeks, counts = np.unique(np.rint(dice.spread(len(rows), LAG_WEEKS)).astype(np.int64), return_counts=True)
    order = np.lexsort((units.door[rows], units.turn[rows]))
    lag = np.full(len(returned), NEVER_BACK)
    lag[rows] = dice.deal([str(week) for week in weeks], counts.tolist(), order).astype(np.int64)
    return lag


def _tables(
    account_id: np.ndarray, door: np.ndarray, model: np.ndarray, sold_in: np.ndarray, lag: np.ndarray
) -> dict[str, Any]:
    """Units together: a shipment is a door, day and model; a return, the units of one that came back on one day."""
    names, cents = np.array(list(MODELS), dtype=object), np.array(list(MODELS.values()))
    sent, shipment, counts = np.unique(
        np.stack([sold_in, door, model]), axis=1, return_inverse=True, return_counts=True
    )
    shipment = shipment.ravel()
    shipment_id = np.array([f"SH{number:05d}" for number in range(1, len(counts) + 1)], dtype=object)
    here = lag != NEVER_BACK
    came, units_back = np.unique(np.stack([sold_in[here] + 7 * lag[here], shipment[here]]), axis=1, return_counts=True)
    of = came[1]
    return {
        "shipments": {
            "shipment_id": shipment_id,
            "account_id": account_id[sent[1]],
            "model": names[sent[2]],
            "sold_in_on": sent[0],
            "units": counts,
            "value_eur": counts * cents[sent[2]],
        },
        "returns": {
            "return_id": np.array([f"RT{number:05d}" for number in range(1, len(of) + 1)], dtype=object),
            "shipment_id": shipment_id[of],
            "account_id": account_id[sent[1][of]],
            "sold_in_on": sent[0][of],
            "returned_on": came[0],
            "units": units_back,
            "value_eur": units_back * cents[sent[2][of]],
        },
    }
