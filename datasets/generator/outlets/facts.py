"""The six facts of an outlet, and what the old rule looked at instead: how much it bought in the past.

PT19 and PT20. Groups are dealt to territories first, so every territory has outlets of each kind; only the share of
beer-and-soda depots in the old rule's choice differs from territory to territory, from about 55 to 78 %.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from generator import plan
from generator.dice import Dice, shares

TYPES = ("cafe", "salon", "supermarket", "corner_shop", "depot")
INCOMES = ("lower", "middle", "higher")
RULE_CASES = 12  # the old rule: at least so many cases of anything a month


class Group(NamedTuple):
    """How many outlets of one kind there are, and of what mix of types and incomes."""

    total: int
    above_rule: bool
    types: dict[str, float]
    incomes: dict[str, float]


_GOOD = {"cafe": 0.45, "salon": 0.2, "supermarket": 0.35}
_BETTER_OFF = {"middle": 0.65, "higher": 0.35}
DEPOTS = "low_income_depots"
GROUPS = {
    DEPOTS: Group(861, True, {"depot": 1.0}, {"lower": 1.0}),
    "good_and_large": Group(200, True, _GOOD, _BETTER_OFF),
    "other_depots_large": Group(113, True, {"depot": 1.0}, _BETTER_OFF),
    "other_large": Group(130, True, {"corner_shop": 0.55, "supermarket": 0.45}, {"lower": 1.0}),
    "good": Group(1098, False, _GOOD, _BETTER_OFF),
    "depots_small": Group(190, False, {"depot": 1.0}, {"lower": 0.47, "middle": 0.35, "higher": 0.18}),
    "corner_shops": Group(400, False, {"corner_shop": 1.0}, {"lower": 0.45, "middle": 0.4, "higher": 0.15}),
    "good_type_lower_income": Group(1008, False, {"cafe": 0.4, "salon": 0.25, "supermarket": 0.35}, {"lower": 1.0}),
}
DEPOT_SHARE = (0.55, 0.565, 0.585, 0.61, 0.635, 0.66, 0.685, 0.705, 0.73, 0.755, 0.775)  # of the rule's choice


def outlet_groups(seed: int, place: np.ndarray) -> np.ndarray:
    """The group of each outlet; `place` is its territory's row number, in order."""
    dice = Dice(seed, "outlet_groups")
    territories = len(plan.TERRITORIES)
    sizes = np.bincount(place, minlength=territories)
    above = {name: group.total for name, group in GROUPS.items() if group.above_rule}
    ruled = np.array(shares(sum(above.values()), sizes.tolist()))
    depots = np.array(shares(above[DEPOTS], (dice.spread(territories, DEPOT_SHARE) * ruled).tolist()))
    group = np.empty(len(place), dtype=object)
    spare = {name: group.total for name, group in GROUPS.items() if name != DEPOTS}
    large = [name for name in spare if GROUPS[name].above_rule]
    small = [name for name in spare if not GROUPS[name].above_rule]
    for number in range(territories):
        rows = np.flatnonzero(place == number)
        left = territories - number
        others = _part(spare, large, int(ruled[number] - depots[number]), left)
        rest = _part(spare, small, int(sizes[number] - ruled[number]), left)
        counts = {DEPOTS: int(depots[number])} | others | rest
        names = np.repeat(np.array(list(counts), dtype=object), list(counts.values()))
        group[rows] = names[dice.shuffled(len(rows))]
    return group


def _part(spare: dict[str, int], names: list[str], wanted: int, left: int) -> dict[str, int]:
    """Take `wanted` from what is spare of `names`: an even part of the first, the others in proportion."""
    if left == 1:
        taken = {name: spare[name] for name in names}
    else:
        first = names[0]
        even = round(spare[first] / left)
        others = shares(wanted - even, [spare[name] for name in names[1:]])
        taken = {first: even} | dict(zip(names[1:], others, strict=True))
    for name, count in taken.items():
        spare[name] -= count
    return taken


def types_and_incomes(seed: int, group: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Outlet type and income level of the area, each group's mix to the outlet."""
    dice = Dice(seed, "outlet_types")
    kind, income = np.empty(len(group), dtype=object), np.empty(len(group), dtype=object)
    for name, own in GROUPS.items():
        rows = group == name
        kind[rows] = dice.pick(list(own.types), own.total, list(own.types.values()))
        income[rows] = dice.pick(list(own.incomes), own.total, list(own.incomes.values()))
    return kind, income


CLIENTELE = {"office_workers": 15, "families": 12, "students": 8, "passers_by": 4}
SERVICES = {"seating_and_wifi": 10, "delivery": 8, "seating": 6, "none": 0}
TYPE_POINTS = {"cafe": 25, "supermarket": 21, "salon": 18, "corner_shop": 8, "depot": 2}
INCOME_POINTS = {"higher": 25, "middle": 18, "lower": 0}
STORY_POINTS, TICKET_POINTS, TICKET_CENTS_A_POINT = 10, 15, 120
_CLIENTELE_MIX = {"lower": (0.1, 0.4, 0.2, 0.3), "middle": (0.3, 0.3, 0.2, 0.2), "higher": (0.4, 0.25, 0.2, 0.15)}
_SERVICE_MIX = {
    "cafe": (0.45, 0.1, 0.4, 0.05),
    "supermarket": (0.05, 0.45, 0.1, 0.4),
    "salon": (0.3, 0.05, 0.5, 0.15),
    "corner_shop": (0.02, 0.25, 0.08, 0.65),
    "depot": (0.0, 0.4, 0.05, 0.55),
}
_TICKET_CENTS = {  # what a customer of the outlet spends at a visit
    "lower": (220, 310, 380, 440, 500, 560, 630, 710, 820, 980, 1_400),
    "middle": (300, 430, 530, 620, 710, 800, 910, 1_040, 1_220, 1_500, 2_200),
    "higher": (420, 610, 770, 910, 1_050, 1_200, 1_370, 1_580, 1_860, 2_300, 3_300),
}
_PAST_ABOVE = (RULE_CASES, 14, 16, 18, 21, 24, 28, 33, 40, 52, 95)
_PAST_BELOW = (0, 0, 1, 2, 3, 4, 5, 6, 8, 9, RULE_CASES - 1)
_STORY_SHARE = 0.22


def six_facts(seed: int, group: np.ndarray) -> dict[str, np.ndarray]:
    """The facts of each outlet, its fit score (0–100) and its past cases a month, in the order of `group`."""
    kind, income = types_and_incomes(seed, group)
    dice = Dice(seed, "outlet_facts")
    n = len(group)
    clientele, services = np.empty(n, dtype=object), np.empty(n, dtype=object)
    ticket, past = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    for name in INCOMES:
        rows = income == name
        count = int(rows.sum())
        clientele[rows] = dice.pick(list(CLIENTELE), count, _CLIENTELE_MIX[name])
        ticket[rows] = np.rint(dice.spread(count, _TICKET_CENTS[name]) / 10).astype(np.int64) * 10
    for name in TYPES:
        rows = kind == name
        services[rows] = dice.pick(list(SERVICES), int(rows.sum()), _SERVICE_MIX[name])
    for name, own in GROUPS.items():
        rows = group == name
        past[rows] = np.rint(dice.spread(own.total, _PAST_ABOVE if own.above_rule else _PAST_BELOW)).astype(np.int64)
    story = dice.choose(np.ones(n), round(_STORY_SHARE * n), np.unique(group.astype(str), return_inverse=True)[1])
    points = np.minimum(ticket // TICKET_CENTS_A_POINT, TICKET_POINTS) + STORY_POINTS * story
    for values, table in (
        (kind, TYPE_POINTS), (income, INCOME_POINTS), (clientele, CLIENTELE), (services, SERVICES)
    ):  # fmt: skip
        points += np.array([table[value] for value in values])
    return {
        "outlet_type": kind,
        "income_level": income,
        "clientele": clientele,
        "avg_ticket_eur": ticket,
        "services": services,
        "success_story": story,
        "fit_score": points,
        "past_cases_month": past,
    }
