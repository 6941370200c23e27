"""Shops with a scanner, premium doors, and what people say about a price: sell-in, sell-out, returns, price answers.

Read `demand` first (what consumers buy), then `stock`, `doors` and `survey`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from generator.money import days
from generator.orders import SHELF_PRODUCTS
from generator.shelf.demand import MONDAYS, PACKS, Demand, make_demand
from generator.shelf.doors import make_doors
from generator.shelf.stock import Stock, make_stock
from generator.shelf.survey import make_price_answers
from generator.world import World

LIST_RISE = days("2026-04-01")


def add(world: World) -> dict[str, dict[str, Any]]:
    """Sell-out and stock of the shops, shipments and returns of the doors, price lists and price answers."""
    account_id, line = world.column("accounts", "account_id"), world.column("accounts", "line")
    shops, doors = line == "shop", line == "door"
    demand = make_demand(world.seed, world.truth, world.column("accounts", "territory_id")[shops])
    stock = make_stock(world.seed, world.truth, demand)
    shown = world.column("accounts", "has_demonstrator")[doors].astype(bool)
    return (
        {"sellout_weekly": _sellout(account_id[shops], demand, stock)}
        | {"list_prices": _list_prices(world.truth["pt23_list_price"], world.made["products"])}
        | make_doors(world.seed, world.truth, account_id[doors], shown)
        | make_price_answers(world.seed)
    )


def _sellout(account_id: np.ndarray, demand: Demand, stock: Stock) -> dict[str, np.ndarray]:
    """One row a shop, pack and week, in this order."""
    weeks = len(MONDAYS)
    return {
        "account_id": np.repeat(account_id[demand.shop], weeks),
        "product_id": np.repeat(np.array(list(PACKS), dtype=object)[demand.product], weeks),
        "week": np.tile(MONDAYS, len(demand.shop)),
        "units": demand.units.ravel(),
        "price_eur": demand.cents.ravel(),
        "promotion": demand.promotion.ravel(),
        "display": demand.display.ravel(),
        "oos": demand.oos.ravel(),
        "stock_units": stock.stock.ravel(),
        "received_units": stock.received.ravel(),
    }


def _list_prices(rise: float, products: Mapping[str, Any]) -> dict[str, list]:
    """A row a product and the day from which its list price holds; the shelf packs' rose once."""
    rows = []
    for product_id, cents in zip(products["product_id"], products["list_eur"], strict=True):
        risen = product_id in SHELF_PRODUCTS
        rows.append((product_id, 0, round(cents / (1 + rise)) if risen else cents))
        if risen:
            rows.append((product_id, LIST_RISE, cents))
    return dict(zip(("product_id", "valid_from", "list_eur"), map(list, zip(*rows, strict=True)), strict=True))
