"""Wrong ways to plan a route. Each has the signature of the metric that its docstring names."""

from __future__ import annotations

import pandas as pd

from onefunnel.metrics import route
from onefunnel.metrics.ratio import share


def three_percent_of_ours(
    outlets: pd.DataFrame, route_orders: pd.DataFrame, as_of: pd.Timestamp, points: float, cases: float
) -> float:
    """For customers_before_rounding: points of *our* cases, not of the category. Too low."""
    return share(points * route.own_cases(outlets, route_orders, as_of), cases)


def three_percent_of_customers(
    outlets: pd.DataFrame, route_orders: pd.DataFrame, as_of: pd.Timestamp, points: float, cases: float
) -> float:
    """For customers_before_rounding: points × number of outlets, as if each outlet were as large as a new customer."""
    return points * route.outlet_count(outlets)


def forgets_the_cases(
    outlets: pd.DataFrame, route_orders: pd.DataFrame, as_of: pd.Timestamp, points: float, cases: float
) -> float:
    """For customers_before_rounding: takes each case for a customer. Too high when a customer buys more than one."""
    return points * route.category_cases(outlets)


def per_order_line(route_orders: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """For drop_size: cases ÷ order lines. A stop with three products counts three times. Too low."""
    return share(route.cases_sold(route_orders, as_of), route.order_lines(route_orders, as_of))


def per_customer_month(route_orders: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """For drop_size: cases a customer buys in a month with an order, all its stops together. Too high."""
    return share(route.cases_sold(route_orders, as_of), route.customer_months(route_orders, as_of))


def forgets_the_stops(
    route_orders: pd.DataFrame, as_of: pd.Timestamp, customers: float, cases: float, stop_eur: float
) -> float:
    """For plan_leaves: the cases' contribution alone. The van drives for nothing."""
    return route.plan_leaves(route_orders, as_of, customers, cases, 0.0)


def one_stop_for_two_cases(
    route_orders: pd.DataFrame, as_of: pd.Timestamp, customers: float, cases: float, stop_eur: float
) -> float:
    """For plan_leaves: as many stops as if each customer took two cases, whatever it takes. Too high."""
    whole = customers * cases
    return float(whole * route.contribution_a_case(route_orders, as_of) - whole / 2 * stop_eur)


def lines_for_months(route_orders: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """For cases_a_month: cases ÷ order lines. A month with two deliveries of three products counts six times."""
    return per_order_line(route_orders, as_of)
