"""Wrong ways to read the levers of revenue. Each has the signature of the function that its docstring names."""

from __future__ import annotations

import pandas as pd

from onefunnel.metrics.levers import lever
from onefunnel.metrics.scorecard import FACTORS


def adds_percentages(changes: list[float]) -> float:
    """For together: the per cents added up. The later one works on what the earlier one left."""
    return float(sum(changes))


def levers_equal(route_orders: pd.DataFrame, as_of: pd.Timestamp, margin_growth: float) -> float:
    """For smallest_change: 10 % more margin needs 10 % more of anything. True of three levers, not of the price."""
    return float(margin_growth)


def left_one_out(route_orders: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """For revenue: customers × cases × price, as if each customer ordered once a year. Too low."""
    customers, _, cases, price = _all(route_orders, as_of)
    return customers * cases * price


def adds_instead_of_multiplies(route_orders: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """For revenue: (customers + orders a customer) × cases × price. Orders hang on customers, not beside them."""
    customers, orders, cases, price = _all(route_orders, as_of)
    return (customers + orders) * cases * price


def _all(route_orders: pd.DataFrame, as_of: pd.Timestamp) -> tuple[float, float, float, float]:
    customers, orders, cases, price = (lever(route_orders, as_of, name) for name in FACTORS)
    return customers, orders, cases, price
