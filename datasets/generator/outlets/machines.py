"""Machines at office accounts: how old they are, and what became of those that failed (PT44)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from generator import plan
from generator.dice import Dice, shares
from generator.leads import NEVER

MONTH_DAYS = (365 * 4 + 1) / 48
YOUNGER = 1_170  # active machines below 60 months, and of those, apart:
NEARLY = 120  # ordered 60 months ago or more, but installed later
SCRAPPED = 150
TALKED_BEFORE, TALKED_AFTER = 120, 200  # machines that failed, by when we talked to the buyer
WAIT_DAYS = (12, 18, 24, 28, 33, 40, 48, 56, 66, 80, 110)  # ordered → installed


def make_machines(seed: int, truth: Mapping[str, float], accounts: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Columns of `machines`. Old active machines are even over the territories; accounts are drawn."""
    dice = Dice(seed, "machines")
    old = round(truth["pt44_old"])
    failed = TALKED_BEFORE + TALKED_AFTER
    kinds = np.array(["active", "scrapped", "failed"], dtype=object)
    status = np.repeat(kinds, (old + NEARLY + YOUNGER, SCRAPPED, failed))
    n = len(status)
    age = np.concatenate(
        [
            dice.whole(old, round(60.5 * MONTH_DAYS), 98 * 30),
            dice.whole(NEARLY, round(58.9 * MONTH_DAYS), round(59.8 * MONTH_DAYS)),
            dice.whole(YOUNGER, 60, 56 * 30),
            dice.whole(SCRAPPED, 62 * 31, 110 * 30),
            dice.whole(failed, 62 * 31, 100 * 30),
        ]
    )
    wait = np.rint(dice.spread(n, WAIT_DAYS)).astype(np.int64)
    near = slice(old, old + NEARLY)
    wait[near] = np.maximum(wait[near], np.rint(60.3 * MONTH_DAYS).astype(np.int64) - age[near])
    installed = plan.AS_OF_DAY - age
    ended = np.full(n, NEVER)
    gone = status != "active"
    ended[gone] = plan.AS_OF_DAY - dice.whole(int(gone.sum()), 20, 700)
    talked = np.full(n, NEVER)
    rows = np.flatnonzero(status == "failed")
    before = np.zeros(n, dtype=bool)
    before[rows[:TALKED_BEFORE]] = True
    lag = dice.whole(n, 5, 120)
    soon = np.minimum(ended + lag // 6 + 1, plan.AS_OF_DAY - 1)
    talked[rows] = np.where(before, ended - lag, soon)[rows]
    place = _places(dice, (old, NEARLY, YOUNGER, SCRAPPED, TALKED_BEFORE, TALKED_AFTER))
    ours = np.zeros(n, dtype=bool)
    for own, level in ((before, truth["pt44_before"]), ((status == "failed") & ~before, truth["pt44_after"])):
        ours |= dice.choose(own * 1.0, round(level * int(own.sum())), place)
    status[(status == "failed") & ours], status[(status == "failed") & ~ours] = "replaced", "lost"
    order = np.lexsort((dice.uniform(n), place))
    account = _accounts(dice, accounts, place)
    table = {
        "account_id": accounts["account_id"][account],
        "ordered_on": installed - wait,
        "installed_on": installed,
        "status": status,
        "ended_on": ended,
        "talked_on": talked,
    }
    table = {name: values[order] for name, values in table.items()}
    return {"machine_id": np.array([f"H{number:04d}" for number in range(1, n + 1)], dtype=object)} | table


def _places(dice: Dice, totals: tuple[int, ...]) -> np.ndarray:
    """A territory (row number) for each machine; each kind is even over the territories."""
    number = np.arange(len(plan.TERRITORIES))
    parts = [np.repeat(number, shares(total, [1.0] * len(number))) for total in totals]
    return np.concatenate([part[dice.shuffled(len(part))] for part in parts])


def _accounts(dice: Dice, accounts: Mapping[str, np.ndarray], place: np.ndarray) -> np.ndarray:
    """An office account (row number) of its territory for each machine."""
    account = np.empty(len(place), dtype=np.int64)
    for i, name in enumerate(plan.TERRITORIES):
        pool = np.flatnonzero((accounts["line"] == "office") & (accounts["territory_id"] == name))
        rows = np.flatnonzero(place == i)
        account[rows] = pool[dice.whole(len(rows), 0, len(pool) - 1)]
    return account
