"""After the signature: the hand-over and its score, the way to the first value, and the renewals (PT43).

A contract runs for a year. Whoever renews has another one, worth what was renewed; contracts not yet due stand in the
table without an outcome.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from generator import plan
from generator.clock import snap_to_weekday
from generator.dice import Dice, shares
from generator.leads import NEVER
from generator.world import World

YEAR = 365
LOW_SCORES, HIGH_SCORES = {1: 0.4, 2: 0.6}, {3: 0.3, 4: 0.43, 5: 0.27}
LOW_WHEN_INCOMPLETE = 3.0  # an incomplete pack makes a low score so many times as likely
HAND_OVER_DAYS = (1, 1, 2, 2, 3, 4, 5, 7, 9, 12, 20)
INSTALL_DAYS = (6, 8, 10, 11, 13, 14, 16, 18, 21, 25, 34)  # after the signature, within the first value's days
FIRST_VALUE_DAYS = (14, 20, 25, 30, 34, 38, 44, 51, 61, 78, 110)
NEVER_THERE = 0.09  # of the old contracts: never used as planned
GROWN = 0.35  # of the contracts due
GROWTH = 0.62  # of a grown contract's value, on average
GROWTH_SPREAD = (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.46, 0.52)  # more or less than that

Won = Mapping[str, np.ndarray]


def add(world: World) -> dict[str, dict[str, np.ndarray]]:
    """The tables `hand_overs`, `installs` and `renewals`, one row a won deal (renewals: a contract)."""
    dice = Dice(world.seed, "customers")
    won = _won(world)
    complete = dice.choose(np.ones(len(won["opp_id"])), round(world.truth["pt43_complete"] * len(won["opp_id"])))
    score = _scores(dice, world.truth, won, complete)
    key = {"opp_id": won["opp_id"], "account_id": won["account_id"]}
    handed = won["signed"] + np.rint(dice.draw(len(score), HAND_OVER_DAYS)).astype(np.int64)
    known = handed < plan.AS_OF_DAY
    hand_overs = key | {"handed_over_on": snap_to_weekday(handed), "complete": complete, "experience_score": score}
    return {
        "hand_overs": {name: values[known] for name, values in hand_overs.items()},
        "installs": key | _installs(dice, won),
        "renewals": _renewals(dice, world.truth, won, score),
    }


def _won(world: World) -> dict[str, np.ndarray]:
    """The won deals: who, when, how much, at a large site or not."""
    rows = np.flatnonzero(world.column("opportunities", "outcome") == "won")
    deal = {name: world.column("opportunities", name)[rows] for name in ("opp_id", "account_id", "amount_eur")}
    site = dict(zip(world.made["accounts"]["account_id"], world.made["accounts"]["is_large_site"], strict=True))
    return deal | {
        "signed": world.column("opportunities", "closed_at")[rows].astype(np.int64),
        "large": np.array([site[account] for account in deal["account_id"]], dtype=bool),
    }


def _scores(dice: Dice, truth: Mapping[str, float], won: Won, complete: np.ndarray) -> np.ndarray:
    """1 to 5, asked when the machine was handed over; low ones by quota, mostly after an incomplete pack."""
    n = len(complete)
    low = dice.choose(
        np.where(complete, 1.0, LOW_WHEN_INCOMPLETE), round(truth["pt43_low_share"] * n), won["signed"] // YEAR
    )
    score = np.zeros(n, dtype=np.int64)
    for rows, mix in ((low, LOW_SCORES), (~low, HIGH_SCORES)):
        values = np.repeat(np.array(list(mix)), shares(int(rows.sum()), list(mix.values())))
        score[rows] = values[dice.shuffled(len(values))]
    return score


def _installs(dice: Dice, won: Won) -> dict[str, np.ndarray]:
    """Signed, installed, and the first day with 80 % of the planned use; what had not happened yet is missing."""
    signed = won["signed"]
    n = len(signed)
    days = np.rint(dice.spread(n, FIRST_VALUE_DAYS)).astype(np.int64)
    install = np.minimum(np.rint(dice.spread(n, INSTALL_DAYS)).astype(np.int64), days - 5)
    first = signed + days
    first[dice.choose(np.ones(n), round(NEVER_THERE * n), signed // 91)] = NEVER
    installed = snap_to_weekday(signed + install)
    return {
        "signed_on": signed,
        "installed_on": np.where(installed < plan.AS_OF_DAY, installed, NEVER),
        "first_value_on": np.where(first < plan.AS_OF_DAY, first, NEVER),
    }


def _renewals(dice: Dice, truth: Mapping[str, float], won: Won, score: np.ndarray) -> dict[str, np.ndarray]:
    """Contracts by due date: first those of the deals, then year by year those that were renewed."""
    low = score <= 2
    who, due, value = np.arange(len(score)), won["signed"] + YEAR, won["amount_eur"].astype(np.int64)
    terms = []
    while len(who):
        outcome, renewed = _outcomes(dice, truth, low[who], won["large"][who], due, value)
        terms.append((who, due, value, outcome, renewed))
        stays = np.isin(outcome, ("renewed", "grown"))
        who, due, value = who[stays], due[stays] + YEAR, renewed[stays]
    who, due, value, outcome, renewed = (np.concatenate(parts) for parts in zip(*terms, strict=True))
    order = np.lexsort((who, due))
    return {
        "opp_id": won["opp_id"][who][order],
        "account_id": won["account_id"][who][order],
        "due_on": due[order],
        "value_eur": value[order],
        "outcome": outcome[order],
        "renewed_eur": renewed[order],
    }


def _outcomes(
    dice: Dice, truth: Mapping[str, float], low: np.ndarray, large: np.ndarray, due: np.ndarray, value: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """What became of contracts, and their new value (NEVER when there is none): rates by score, the same at all sites.

    Rows are chosen evenly along their value, so that the rate by value is that by count.
    """
    n = len(due)
    is_due = due < plan.AS_OF_DAY
    by_value = np.argsort(np.argsort(value, kind="stable"), kind="stable")
    stays, grown = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    for score_is_low in (True, False):
        rate = truth["pt43_low" if score_is_low else "pt43_high"]
        for site in (True, False):
            cell = is_due & (low == score_is_low) & (large == site)
            stays |= dice.choose(cell * 1.0, round(rate * int(cell.sum())), by_value)
    grown = dice.choose(stays * 1.0, round(GROWN * int(is_due.sum())), by_value)
    factor = np.ones(n)
    rows = np.flatnonzero(grown)
    rows = rows[np.argsort(by_value[rows])]
    swing = np.repeat(dice.spread(-(-len(rows) // 2), GROWTH_SPREAD), 2)[: len(rows)]
    factor[rows] += GROWTH + np.where(np.arange(len(rows)) % 2 == 0, swing, -swing)  # neighbours in value cancel out
    renewed = np.where(stays, (np.rint(value * factor / 10) * 10).astype(np.int64), NEVER)
    outcome = np.where(grown, "grown", np.where(stays, "renewed", np.where(is_due, "left", ""))).astype(object)
    return outcome, renewed
