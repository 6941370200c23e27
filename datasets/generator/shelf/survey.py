"""What people say about the rental of a machine a month, and what they do when a price is shown to them.

Answers are allotted so that the four curves of van Westendorp and the steps of Gabor and Granger cross and peak where
the truths say; only who says what is left to chance. The price test showed each visitor of the web shop one price.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from generator import plan
from generator.dice import Dice

RESPONDENTS = 25  # a territory
FOUR_ANSWERS = {  # EUR a month; the curves cross at 97, 108, 116, 139 and 155
    "too_cheap": (37, 57, 65, 70, 75, 80, 85, 89, 94, 102, 121),
    "cheap": (68, 90, 99, 106, 111, 116, 122, 127, 134, 143, 165),
    "expensive": (90, 114, 124, 132, 138, 144, 150, 156, 164, 174, 198),
    "too_expensive": (106, 134, 145, 154, 161, 167, 174, 181, 189, 200, 227),
}
OUT_OF_ORDER = 0.06  # called a higher price cheap and a lower one expensive
LIKE_MINDED = 0.75  # how far one person's four answers lie in the same place of their curves
STEPS = {  # EUR a month: share who say they would rent, share who do when shown the price
    80: (0.80, 0.300),
    95: (0.72, 0.270),
    110: (0.66, 0.245),
    125: (0.60, 0.190),
    140: (0.50, 0.140),
    155: (0.40, 0.100),
    170: (0.28, 0.070),
}
SHOWN = 50  # a territory and price


def make_price_answers(seed: int) -> dict[str, dict[str, Any]]:
    """`price_survey` (four answers), `price_steps` (would you rent at …?) and `price_test` (shown and rented)."""
    dice = Dice(seed, "price_survey")
    n = RESPONDENTS * len(plan.TERRITORIES)
    respondent = np.array([f"V{number:04d}" for number in range(1, n + 1)], dtype=object)
    territory = np.repeat(np.array(plan.TERRITORIES, dtype=object), RESPONDENTS)
    mind = dice.uniform(n)
    return {
        "price_survey": {"respondent_id": respondent, "territory_id": territory} | _four_answers(dice, mind),
        "price_steps": _steps(dice, mind, respondent, territory),
        "price_test": _test(dice),
    }


def _four_answers(dice: Dice, mind: np.ndarray) -> dict[str, np.ndarray]:
    """Whole euros, in order, but for the share that mixed up cheap and expensive."""
    n = len(mind)
    answers = np.empty((n, len(FOUR_ANSWERS)))
    for number, deciles in enumerate(FOUR_ANSWERS.values()):
        place = LIKE_MINDED * mind + (1 - LIKE_MINDED) * dice.uniform(n)
        answers[np.argsort(place, kind="stable"), number] = np.sort(dice.spread(n, deciles))
    answers = np.sort(np.rint(answers).astype(np.int64), axis=1)
    cheap, expensive = answers[:, 1].copy(), answers[:, 2].copy()
    rank = np.argsort(np.argsort(mind, kind="stable"), kind="stable")
    mixed = dice.choose((cheap < expensive) * 1.0, round(OUT_OF_ORDER * n), rank)
    answers[mixed, 1], answers[mixed, 2] = expensive[mixed], cheap[mixed]
    return {name: answers[:, number] for number, name in enumerate(FOUR_ANSWERS)}


def _steps(dice: Dice, mind: np.ndarray, respondent: np.ndarray, territory: np.ndarray) -> dict[str, np.ndarray]:
    """Prices are asked from below until the first no; who finds more dear in the one survey stops sooner here."""
    n = len(mind)
    prices = np.array(list(STEPS))
    accepted = np.array([round(said * n) for said, _ in STEPS.values()])  # how many at each price
    place = LIKE_MINDED * mind + (1 - LIKE_MINDED) * dice.uniform(n)
    rank = np.empty(n, dtype=np.int64)
    rank[np.argsort(-place, kind="stable")] = np.arange(n)
    yes = (rank[:, None] < accepted[None, :]).sum(axis=1)
    asked = np.minimum(yes + 1, len(prices))
    who = np.repeat(np.arange(n), asked)
    step = np.arange(len(who)) - np.repeat(np.cumsum(asked) - asked, asked)
    return {
        "respondent_id": respondent[who],
        "territory_id": territory[who],
        "price_eur": prices[step],
        "would_buy": step < yes[who],
    }


def _test(dice: Dice) -> dict[str, np.ndarray]:
    """One row a price and territory; the company's shares are planned, a territory's are luck."""
    places = len(plan.TERRITORIES)
    rented = []
    for _, does in STEPS.values():
        visitors = dice.choose(np.ones(SHOWN * places), round(does * SHOWN * places))
        rented.append(visitors.reshape(places, SHOWN).sum(axis=1))
    return {
        "territory_id": np.tile(np.array(plan.TERRITORIES, dtype=object), len(STEPS)),
        "price_eur": np.repeat(np.array(list(STEPS)), places),
        "shown": np.full(places * len(STEPS), SHOWN),
        "rented": np.concatenate(rented),
    }
