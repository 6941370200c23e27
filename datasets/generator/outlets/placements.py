"""EXP-03: display units in 600 outlets, and who bought again within 90 days (PT19, PT20).

Repeats are allocated to the kinds of outlets and, within them, to the tenth with the best fit and the tenth with the
most past cases; territories share them evenly.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from generator.dice import Dice
from generator.money import days
from generator.outlets.facts import DEPOTS
from generator.world import World

PLACED_ON = "2025-09-01"
PLACEMENTS = {  # group → display units; those of the old rule make 200
    DEPOTS: 132,
    "good_and_large": 31,
    "other_depots_large": 17,
    "other_large": 20,
    "good": 163,
    "depots_small": 27,
    "corner_shops": 60,
    "good_type_lower_income": 150,
}
LARGE_REPEATS = {DEPOTS: 3, "good_and_large": 9, "other_depots_large": 2, "other_large": 2}
OTHERS_LEAN = {"corner_shops": 3.0, "depots_small": 2.0, "good_type_lower_income": 1.0}
LARGE_TOP_REPEATS = {DEPOTS: 1, "good_and_large": 3, "other_depots_large": 0, "other_large": 1}
TENTH = 10


def place_units(world: World, place: np.ndarray, group: np.ndarray, facts: Mapping[str, np.ndarray]) -> dict:
    """Columns of `placements`; `outlet` is the row number of the outlet instead of its id."""
    dice = Dice(world.seed, "placements")
    placed = np.zeros(len(place), dtype=bool)
    for name, total in PLACEMENTS.items():
        placed |= dice.choose((group == name) * 1.0, total, place)
    rows = np.flatnonzero(placed)
    place, group = place[rows], group[rows]
    fit_tenth = top_tenth(facts["fit_score"][rows])
    cases_tenth = top_tenth(facts["past_cases_month"][rows])
    truth = world.truth
    total = round(truth["pt19_all"] * len(rows))
    good = np.isin(group, ["good", "good_and_large"])
    wanted_good = round(truth["pt19_good"] * int(good.sum()))
    wanted_fit = round(truth["pt20_fit"] * total / len(rows) * int(fit_tenth.sum()))
    again = np.zeros(len(rows), dtype=bool)
    for name, repeats in LARGE_REPEATS.items():
        top = LARGE_TOP_REPEATS[name]
        lean = np.where(fit_tenth, 1.5, 1.0)
        again |= dice.choose((group == name) * cases_tenth * lean, top, fit_tenth)
        again |= dice.choose((group == name) * ~cases_tenth * lean, repeats - top, fit_tenth)
    small_good = group == "good"
    left = wanted_good - int((again & good).sum())
    in_tenth = min(wanted_fit - int((again & fit_tenth).sum()), left)
    again |= dice.choose((small_good & fit_tenth) * 1.0, in_tenth, place)
    again |= dice.choose((small_good & ~fit_tenth) * 1.0, left - in_tenth, place)
    others = np.array([OTHERS_LEAN.get(name, 0.0) for name in group]) * ~fit_tenth
    again |= dice.choose(others, total - int(again.sum()), np.unique(group.astype(str), return_inverse=True)[1])
    return {
        "outlet": rows,
        "placed_on": days(PLACED_ON) + dice.whole(len(rows), 0, 20),
        "repurchased_90d": again,
    }


def top_tenth(score: np.ndarray) -> np.ndarray:
    """The tenth with the highest scores; rows with equal scores stay together, as in a table of deciles."""
    below = np.searchsorted(np.sort(-score), -score, side="left")
    upto = np.searchsorted(np.sort(-score), -score, side="right")
    return (below + 1 + upto) * TENTH <= 2 * len(score)
