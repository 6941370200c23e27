"""The four levers of revenue and what one of them does to the margin.

revenue = customers × orders a customer × cases an order × price a case; margin = revenue − cost of the goods.
The price moves the margin without any more cost; the other three bring their cost along.
Table `route_orders`: one row a product in a delivery (`delivery_id`, `account_id`, `ordered_on`, `cases`, `net_eur`,
`cost_eur`). Money is EUR, shares are fractions.
"""

from __future__ import annotations

import pandas as pd

from onefunnel.metrics.ratio import share
from onefunnel.metrics.scorecard import FACTORS, revenue_factors

DAYS = 365
PRICE = "price_eur"


def last_year(route_orders: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """The rows of the 365 days that end the day before `as_of`."""
    ordered = route_orders["ordered_on"]
    return route_orders[(ordered >= as_of - pd.Timedelta(days=DAYS)) & (ordered < as_of)]


def lever(route_orders: pd.DataFrame, as_of: pd.Timestamp, name: str) -> float:
    """One of `scorecard.FACTORS` over the last year: customers, orders_per_customer, cases_per_order, price_eur.

    An order is a `delivery_id`, however many products it holds. The price is net, EUR a case. ValueError for an
    unknown name.
    """
    if name not in FACTORS:
        raise ValueError(f'there is no lever "{name}". Known: {", ".join(FACTORS)}.')
    return float(revenue_factors(last_year(route_orders, as_of), money="net_eur")[name])


def revenue(route_orders: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """Net revenue of the last year, EUR; the product of the four levers."""
    return float(last_year(route_orders, as_of)["net_eur"].sum())


def margin(route_orders: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """Net revenue less the cost of the goods, last year, EUR."""
    year = last_year(route_orders, as_of)
    return float(year["net_eur"].sum() - year["cost_eur"].sum())


def margin_share(route_orders: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """Margin ÷ net revenue of the last year, a fraction; NaN when nothing was sold."""
    return share(margin(route_orders, as_of), revenue(route_orders, as_of))


def margin_gain(route_orders: pd.DataFrame, as_of: pd.Timestamp, name: str, change: float) -> float:
    """Margin gained, EUR a year, when one lever moves by `change` (0.01 is 1 %) and the other three stay; 0 of nothing.

    A change of price is all margin; more customers, orders or cases bring their cost along. ValueError for an unknown
    name.
    """
    if name not in FACTORS:
        raise ValueError(f'there is no lever "{name}". Known: {", ".join(FACTORS)}.')
    base = revenue(route_orders, as_of) if name == PRICE else margin(route_orders, as_of)
    return change * base


def smallest_change(route_orders: pd.DataFrame, as_of: pd.Timestamp, margin_growth: float) -> float:
    """The smallest change of one lever, a fraction, that lets the margin grow by `margin_growth`.

    That lever is the price: change = growth × margin ÷ revenue. 10 % more margin of 30 in 100 is 3 % of price. NaN
    when nothing was sold.
    """
    return margin_growth * margin_share(route_orders, as_of)


def growth_from_price(route_orders: pd.DataFrame, as_of: pd.Timestamp, at: float) -> float:
    """Growth of the margin, a fraction, when the price changes by `at` and nothing else does: at ÷ margin share."""
    return share(at, margin_share(route_orders, as_of))


def together(changes: list[float]) -> float:
    """Change of a product whose factors change by these fractions: +5 % and −5 % make −0.25 %, not 0."""
    result = 1.0
    for change in changes:
        result *= 1 + change
    return result - 1
