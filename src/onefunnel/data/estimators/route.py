"""What the route sold, why the first quarter fell, and what the category did meanwhile: truths, everyday readings."""

from __future__ import annotations

import pandas as pd

from onefunnel.data.estimators.outlets import last_year
from onefunnel.data.tables import Tables

BEFORE, AFTER = ("2025-01-01", "2025-04-01"), ("2026-01-01", "2026-04-01")
HALVES = {"mix": ("T01", "T12"), "execution": ("T13", "T24"), "all": ("T01", "T24")}


def lever(tables: Tables, name: str) -> float:
    """A lever of the last twelve months: orders a customer, cases an order, net price of a case, or margin."""
    return _levers(last_year(tables))[name]


def lever_by_line(tables: Tables, name: str) -> float:
    """Misread: each line of a delivery taken for an order."""
    orders = last_year(tables)
    return _levers(orders.assign(delivery_id=range(len(orders))))[name]


def lever_change(tables: Tables, name: str, half: str) -> float:
    """Change of a lever (or of revenue) from the first quarter of 2025 to that of 2026, in half of the territories."""
    orders = _of_half(tables, "route_orders", half)
    before, after = (_levers(_between(orders, "ordered_on", span))[name] for span in (BEFORE, AFTER))
    return after / before - 1


def visit_change(tables: Tables, half: str) -> float:
    """Change of the number of visits between the same quarters."""
    visits = _of_half(tables, "visits", half)
    before, after = (len(_between(visits, "date", span)) for span in (BEFORE, AFTER))
    return after / before - 1


def empty_places(tables: Tables, half: str, year: int) -> float:
    """Empty places ÷ places checked in a first quarter."""
    checks = _between(_of_half(tables, "shelf_checks", half), "checked_on", BEFORE if year == 2025 else AFTER)
    return float(checks["empty"].sum() / checks["facings"].sum())


def revenue_growth(tables: Tables) -> float:
    """Our revenue of 2025 ÷ that of 2024, less one."""
    return _ours(tables, 2025) / _ours(tables, 2024) - 1


def market_growth(tables: Tables) -> float:
    """The category's, likewise."""
    return _category(tables, 2025) / _category(tables, 2024) - 1


def market_share(tables: Tables, year: int) -> float:
    """Our revenue ÷ the category's in a year."""
    return _ours(tables, year) / _category(tables, year)


def share_if_growth_were_winning(tables: Tables, year: int) -> float:
    """Misread: last year's share grown by our own growth, as if the category had stood still."""
    return market_share(tables, year - 1) * (1 + revenue_growth(tables))


def hours_on_small(tables: Tables, below_eur: float) -> float:
    """Share of the minutes of all visits that went to outlets with less potential than that."""
    visits = tables["visits"].merge(tables["accounts"][["account_id", "potential_eur"]], on="account_id")
    small = visits["potential_eur"] < below_eur
    return float(visits.loc[small, "minutes"].sum() / visits["minutes"].sum())


def potential_of_small(tables: Tables, below_eur: float) -> float:
    """Share of the routes' potential that lies in those outlets."""
    potential = _route_potential(tables)
    return float(potential[potential < below_eur].sum() / potential.sum())


def count_of_small(tables: Tables, below_eur: float) -> float:
    """Misread: those outlets ÷ all outlets of the routes."""
    return float((_route_potential(tables) < below_eur).mean())


def pay_change(tables: Tables, what: str) -> float:
    """Change from the year paid on margin to the year paid on marketing-qualified leads."""
    before, after = _pay_means(tables, what)
    return after / before - 1


def pay_difference(tables: Tables, what: str) -> float:
    """The same as a difference a quarter."""
    before, after = _pay_means(tables, what)
    return after - before


def list_part_of_growth(tables: Tables) -> float:
    """Share of the additional leads that came from lists."""
    more = {name: pay_difference(tables, name) for name in ("list_leads", "other_leads")}
    return more["list_leads"] / sum(more.values())


def _levers(orders: pd.DataFrame) -> dict[str, float]:
    customers, deliveries = orders["account_id"].nunique(), orders["delivery_id"].nunique()
    cases, net = int(orders["cases"].sum()), float(orders["net_eur"].sum())
    return {
        "customers": float(customers),
        "orders": deliveries / customers,
        "cases": cases / deliveries,
        "price": net / cases,
        "margin": 1 - float(orders["cost_eur"].sum()) / net,
        "revenue": net,
    }


def _of_half(tables: Tables, name: str, half: str) -> pd.DataFrame:
    first, last = HALVES[half]
    accounts = tables["accounts"]
    here = accounts.loc[accounts["territory_id"].between(first, last), "account_id"]
    return tables[name][tables[name]["account_id"].isin(here)]


def _between(frame: pd.DataFrame, column: str, span: tuple[str, str]) -> pd.DataFrame:
    return frame[(frame[column] >= span[0]) & (frame[column] < span[1])]


def _ours(tables: Tables, year: int) -> float:
    orders = tables["route_orders"]
    return float(orders.loc[orders["ordered_on"].dt.year == year, "net_eur"].sum())


def _category(tables: Tables, year: int) -> float:
    market = tables["market_size"]
    own = market["micromarket_id"].isin(tables["territories"]["micromarket_id"])
    return float(market.loc[own & market["quarter"].str.startswith(str(year)), "category_eur"].sum())


def _route_potential(tables: Tables) -> pd.Series:
    outlets = tables["outlets"]
    route = outlets.loc[outlets["on_route"], "account_id"]
    return tables["accounts"].set_index("account_id").loc[route, "potential_eur"]


def _pay_means(tables: Tables, what: str) -> tuple[float, float]:
    rows = tables["pay_trial"].assign(leads=lambda frame: frame["list_leads"] + frame["other_leads"])
    mean = rows.groupby("paid_on")[what].mean()
    return float(mean["margin"]), float(mean["mql"])
