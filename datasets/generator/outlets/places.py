"""The accounts that no deal hangs on: 4,000 outlets, 120 shops with a scanner, 60 premium doors."""

from __future__ import annotations

from typing import Any

import numpy as np

from generator import names, plan
from generator.dice import Dice, shares
from generator.world import World

FIRST_ID = 10_001
OUTLETS, SHOPS, DOORS = 4_000, 120, 60
SHOP_TYPES = {"small_shop": 0.6, "supermarket": 0.4}
DOOR_TYPES = {"kitchen_shop": 0.6, "department_store": 0.4}
DEMONSTRATORS = 36
STAFF = {"outlet": (1, 12), "shop": (2, 25), "door": (4, 60)}


CASE_EUR = 41  # what an outlet pays for a case, net
POTENTIAL_EUR = {"office": 60, "packaged": 900, "shop": 1_100, "door": 700}  # a year and employee


def even_places(total: int) -> np.ndarray:
    """The territory (its row number) of each of `total` rows, as even as whole numbers allow."""
    return np.repeat(np.arange(len(plan.TERRITORIES)), shares(total, [1.0] * len(plan.TERRITORIES)))


def outlet_potential(category_cases_month: np.ndarray) -> np.ndarray:
    """What an outlet could buy in a year, EUR: the whole category at our price."""
    return category_cases_month * 12 * CASE_EUR


def more_accounts(world: World, outlet_type: np.ndarray, potential: np.ndarray) -> dict[str, Any]:
    """`accounts` with the rows of the three lines behind those made so far; ids go on at A10001."""
    made = world.made["accounts"]
    dice = Dice(world.seed, "outlet_accounts")
    line = np.repeat(np.array(["outlet", "shop", "door"], dtype=object), (OUTLETS, SHOPS, DOORS))
    place = np.concatenate([even_places(total) for total in (OUTLETS, SHOPS, DOORS)])
    n, market = len(line), place // 3
    industry = np.concatenate(
        [
            outlet_type,
            dice.pick(list(SHOP_TYPES), SHOPS, list(SHOP_TYPES.values())),
            dice.pick(list(DOOR_TYPES), DOORS, list(DOOR_TYPES.values())),
        ]
    )
    staff = np.empty(n, dtype=np.int64)
    for name, (low, high) in STAFF.items():
        staff[line == name] = dice.whole(int((line == name).sum()), low, high)
    door = np.flatnonzero(line == "door")
    shown = np.zeros(n, dtype=bool)
    shown[door] = dice.choose(np.ones(DOORS), DEMONSTRATORS, place[door])
    more = {
        "account_id": np.array([f"A{number}" for number in range(FIRST_ID, FIRST_ID + n)], dtype=object),
        "name": names.firms(dice, industry, taken=list(made["name"])),
        "country": np.array(plan.COUNTRIES, dtype=object)[market],
        "territory_id": np.array(plan.TERRITORIES, dtype=object)[place],
        "micromarket_id": np.array([f"M{number + 1}" for number in market], dtype=object),
        "segment": dice.pick(["A", "B"], n),
        "industry": industry,
        "line": line,
        "employees": staff,
        "is_large_site": np.zeros(n, dtype=bool),
        "key_account": np.zeros(n, dtype=bool),
        "has_demonstrator": shown,
        "potential_eur": np.concatenate([potential, _potential(line[OUTLETS:], staff[OUTLETS:])]),
    }
    before = made | {
        "has_demonstrator": np.zeros(len(made["account_id"]), dtype=bool),
        "potential_eur": _potential(made["line"], made["employees"]),
    }
    return {name: np.concatenate([before[name], more[name]]) for name in more}


def _potential(line: np.ndarray, employees: np.ndarray) -> np.ndarray:
    """EUR a year by line and employees."""
    return np.array([POTENTIAL_EUR[name] for name in line]) * employees
