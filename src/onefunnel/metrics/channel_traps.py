"""Wrong ways to read the route. Each has the signature of the metric that its docstring names."""

from __future__ import annotations

import math
from collections.abc import Collection

import pandas as pd

from onefunnel.metrics import channel
from onefunnel.metrics.ratio import share


def rounds_down(outlets: pd.DataFrame, points: float, cases_per_customer: float) -> int:
    """For route_customers: cuts the broken customer off and misses the points. Too low, unless it comes out even."""
    return math.floor(round(points * outlets["category_cases_month"].sum() / cases_per_customer, 9))


def three_percent_of_ours(outlets: pd.DataFrame, points: float, cases_per_customer: float) -> int:
    """For route_customers: points of *our* cases (`own_cases_month`), not of the category. Too low."""
    return channel.customers_for_points(points, float(outlets["own_cases_month"].sum()), cases_per_customer)


def three_percent_of_customers(outlets: pd.DataFrame, points: float, cases_per_customer: float) -> int:
    """For route_customers: points × number of outlets, as if each outlet were as large as a new customer."""
    return math.ceil(round(points * len(outlets), 9))


def divides_by_customers(points: float, customers: float, cases_per_customer: float) -> float:
    """For category_behind: customers ÷ points. Forgets that a customer buys more than one case. Too low."""
    return share(customers, points)


def per_order_line(orders: pd.DataFrame) -> float:
    """For drop_size: cases ÷ order lines. A stop with three products counts three times. Too low."""
    return share(orders["cases"].sum(), len(orders))


def per_customer_month(orders: pd.DataFrame) -> float:
    """For drop_size: cases an active customer buys a month, all stops together. Too high."""
    return channel.cases_per_customer_month(orders)


def sums_over_products(
    outlets: pd.DataFrame, outlet_products: pd.DataFrame, products: str | Collection[str] | None = None
) -> float:
    """For numeric_distribution: adds the products' shares (total distribution points). Too high, may pass 100 %."""
    wanted = sorted(set(outlet_products["product_id"])) if products is None else products
    wanted = [wanted] if isinstance(wanted, str) else wanted
    return float(sum(channel.numeric_distribution(outlets, outlet_products, product) for product in wanted))


def counts_outlets(
    outlets: pd.DataFrame, outlet_products: pd.DataFrame, products: str | Collection[str] | None = None
) -> float:
    """For weighted_distribution: the share of doors, whatever is sold behind them."""
    return channel.numeric_distribution(outlets, outlet_products, products)


def per_customer(orders: pd.DataFrame) -> float:
    """For cases_per_customer_month: cases ÷ customers, all months of the table together. Far too high."""
    return share(orders["cases"].sum(), orders["account_id"].nunique())


def per_delivery(orders: pd.DataFrame) -> float:
    """For cases_per_customer_month: the drop size. A customer may be delivered to twice a month. Too low."""
    return channel.drop_size(orders)
