"""Facts about deals behind which another fact hides: joint calls (PT11) and being known (PT29).

Both look strong because of who gets them: joint calls go to customers who buy again, and segment A knows us anyway.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

import numpy as np

from generator.dice import Dice, shares
from generator.world import World

OPEN_REBUYS = 0.24


def add(world: World) -> dict[str, dict[str, Any]]:
    """Opportunities with purchase_type, joint_call and brand_known; accounts with the segment that goes with it."""
    known, segment = _known(world)
    rebuy, joint = _joint(world)
    kind = np.where(rebuy, "rebuy", "new_business").astype(object)
    facts = {"purchase_type": kind, "joint_call": joint, "brand_known": known}
    return {
        "opportunities": world.made["opportunities"] | facts,
        "accounts": world.made["accounts"] | {"segment": segment},
    }


def _joint(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Which deals are bought again, and which had a joint call."""
    truth = world.truth
    in_joint, in_others = truth["pt11_rebuys_in_joint"], truth["pt11_rebuys_in_others"]
    rates = {
        (True, True): truth["pt11_rebuy_joint"],
        (True, False): truth["pt11_new_joint"],
        (False, True): truth["pt11_rebuy_others"],
        (False, False): truth["pt11_new_others"],
    }
    return _crossed(world, "joint", rates, {True: in_joint, False: in_others})[::-1]


def _known(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Which deals' buyers knew us, and the segment of each account; a later deal of an account keeps its segment."""
    truth = world.truth
    rates = {
        (True, True): truth["pt29_known_a"],
        (True, False): truth["pt29_unknown_a"],
        (False, True): truth["pt29_known_b"],
        (False, False): truth["pt29_unknown_b"],
    }
    in_a, known = _crossed(world, "brand", rates, {True: truth["pt29_a_knows"], False: truth["pt29_b_knows"]})
    account_id, segment = world.column("accounts", "account_id"), world.column("accounts", "segment").copy()
    row = {name: number for number, name in enumerate(account_id)}
    at = np.array([row[name] for name in world.column("opportunities", "account_id")])
    segment[at[::-1]] = np.where(in_a, "A", "B").astype(object)[::-1]
    return known, segment


def _crossed(
    world: World, name: str, rates: Mapping[tuple[bool, bool], float], inner: Mapping[bool, float]
) -> tuple[np.ndarray, np.ndarray]:
    """Two yes-or-no facts of each deal, such that each of the four cells is won at its rate.

    `inner` is the share with the second fact among deals with and without the first; the share with the first follows
    from the company's win rate. Open deals get the same shares. Returns both facts as booleans.
    """
    dice = Dice(world.seed, name)
    outcome = world.column("opportunities", "outcome")
    won, is_open = outcome == "won", outcome == "open"
    lost = ~won & ~is_open
    place = world.column("opportunities", "territory_id").astype(str)
    cells = list(product((True, False), repeat=2))
    whole = {
        first: sum((inner[first] if second else 1 - inner[first]) * rates[first, second] for second in (True, False))
        for first in (True, False)
    }
    outer = (int(won.sum()) / int((won | lost).sum()) - whole[False]) / (whole[True] - whole[False])
    parts = [
        (outer if first else 1 - outer) * (inner[first] if second else 1 - inner[first]) for first, second in cells
    ]
    facts = np.empty(len(outcome), dtype=object)
    for rows, weight in ((won, lambda cell: rates[cell]), (lost, lambda cell: 1 - rates[cell]), (is_open, lambda _: 1)):
        counts = shares(int(rows.sum()), [part * weight(cell) for part, cell in zip(parts, cells, strict=True)])
        at = np.flatnonzero(rows)
        order = np.lexsort((dice.uniform(len(at)), place[at]))
        facts[at] = dice.deal([f"{first:d}{second:d}" for first, second in cells], counts, order)
    text = facts.astype(str)
    return np.char.startswith(text, "1"), np.char.endswith(text, "1")
