"""Outlets, scanner shops and premium doors: who they are, what the route sells there, and what was tried in them.

Read `places` (who there is) and `facts` first, then `buyers` (who buys and how much) and `route` (their orders).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from generator import plan
from generator.orders import PRODUCTS
from generator.outlets import facts, places
from generator.outlets.buyers import Buyers, make_buyers
from generator.outlets.machines import make_machines
from generator.outlets.market import make_market_size, make_pay_trial
from generator.outlets.placements import place_units
from generator.outlets.route import make_route_orders, stocked_products
from generator.outlets.visits import FACINGS, make_shelf_checks, make_visits
from generator.world import World


def add(world: World) -> dict[str, dict[str, Any]]:
    """The widened `accounts` and the tables of the outlets."""
    seed, truth = world.seed, world.truth
    place = places.even_places(places.OUTLETS)
    group = facts.outlet_groups(seed, place)
    six = facts.six_facts(seed, group)
    buyers = make_buyers(seed, truth, place, six["outlet_type"])
    potential = places.outlet_potential(buyers.category)
    accounts = places.more_accounts(world, six["outlet_type"], potential)
    outlet_id = accounts["account_id"][accounts["line"] == "outlet"]
    orders = make_route_orders(seed, truth, place, buyers)
    visits = make_visits(seed, truth, place, buyers, potential)
    checks = make_shelf_checks(seed, truth, place, buyers)
    units = place_units(world, place, group, six)
    product_id = np.array(list(PRODUCTS), dtype=object)
    return {
        "accounts": accounts,
        "outlets": {"account_id": outlet_id}
        | six
        | {"category_cases_month": buyers.category, "on_route": buyers.on_route},
        "outlet_products": _stocked(seed, place, outlet_id, buyers, product_id),
        "route_orders": {
            "delivery_id": np.array([f"V{number + 1:05d}" for number in orders["delivery"]], dtype=object),
            "account_id": outlet_id[orders["outlet"]],
            "ordered_on": orders["day"],
            "product_id": product_id[orders["product"]],
            "cases": orders["cases"],
            "net_eur": orders["net"],
            "cost_eur": orders["cost"],
        },
        "visits": {
            "account_id": outlet_id[visits["outlet"]],
            "seller_id": np.array([f"{plan.TERRITORIES[i]}-r" for i in place[visits["outlet"]]], dtype=object),
            "date": visits["day"],
            "minutes": visits["minutes"],
        },
        "shelf_checks": {
            "account_id": outlet_id[checks["outlet"]],
            "checked_on": checks["day"],
            "facings": np.full(len(checks["day"]), FACINGS),
            "empty": checks["empty"],
        },
        "placements": {
            "account_id": outlet_id[units["outlet"]],
            "placed_on": units["placed_on"],
            "repurchased_90d": units["repurchased_90d"],
        },
        "machines": make_machines(seed, truth, world.made["accounts"]),
        "market_size": make_market_size(truth, place[orders["outlet"]] // 3, orders["net"], orders["quarter"]),
        "pay_trial": make_pay_trial(truth),
    }


def _stocked(
    seed: int, place: np.ndarray, outlet_id: np.ndarray, buyers: Buyers, product_id: np.ndarray
) -> dict[str, np.ndarray]:
    """What today's customers stock: their first product and the second, if they have one."""
    customers = np.flatnonzero(buyers.status != "")
    first, second = stocked_products(seed, place[customers], buyers.status[customers])
    today = buyers.stocks[customers]
    two = today & (second >= 0)
    outlet = np.concatenate([customers[today], customers[two]])
    product = np.concatenate([first[today], second[two]])
    order = np.lexsort((product, outlet))
    return {"account_id": outlet_id[outlet[order]], "product_id": product_id[product[order]]}
