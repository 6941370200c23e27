"""A seller's route: share points as customers, what a plan of customers and cases leaves, who stocks us.

Tables: `outlets` (`account_id`, `on_route`, `category_cases_month`), `route_orders` (one row a line: `account_id`,
`delivery_id`, `ordered_on`, `cases`, `net_eur`, `cost_eur`), `outlet_products`. Only outlets on a route count. Shares
are fractions: three points are 0.03. Money in EUR.
"""

from __future__ import annotations

import math

import pandas as pd

from onefunnel.metrics import channel
from onefunnel.metrics.ratio import share

YEAR = pd.Timedelta(days=365)
RECENT = pd.Timedelta(days=91)  # who ordered within a quarter buys from us


def on_route(outlets: pd.DataFrame) -> pd.DataFrame:
    """The outlets that a seller visits, each once."""
    return outlets[outlets["on_route"].eq(True)].drop_duplicates("account_id")


def category_cases(outlets: pd.DataFrame) -> float:
    """Cases of the category that the route's outlets sell in a month, all brands."""
    return float(on_route(outlets)["category_cases_month"].sum())


def outlet_count(outlets: pd.DataFrame) -> int:
    """Outlets on the route."""
    return len(on_route(outlets))


def own_cases(outlets: pd.DataFrame, route_orders: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """Our cases a month on the route: those ordered in the last 365 days ÷ 12."""
    rows = _last_year(route_orders, as_of)
    return float(rows.loc[rows["account_id"].isin(on_route(outlets)["account_id"]), "cases"].sum() / 12)


def buys_from_us(outlets: pd.DataFrame, route_orders: pd.DataFrame, as_of: pd.Timestamp) -> pd.Series:
    """Whether each outlet of the route ordered in the last 91 days; index `account_id`."""
    recent = route_orders["ordered_on"].gt(as_of - RECENT) & route_orders["ordered_on"].le(as_of)
    ids = on_route(outlets)["account_id"]
    return pd.Series(ids.isin(route_orders.loc[recent, "account_id"]).to_numpy(), index=ids)


def customers_before_rounding(
    outlets: pd.DataFrame, route_orders: pd.DataFrame, as_of: pd.Timestamp, points: float, cases: float
) -> float:
    """New customers for some points of share, as a broken number: points × category of the route ÷ cases each.

    The cases are taken from rivals, so the category stays as it is. `cases` = what a new customer buys in a month.
    """
    return share(points * category_cases(outlets), cases)


def customers_needed(
    outlets: pd.DataFrame, route_orders: pd.DataFrame, as_of: pd.Timestamp, points: float, cases: float
) -> int:
    """The same in whole customers (`channel.route_customers`): with fewer the points are missed."""
    return channel.route_customers(on_route(outlets), points, cases)


def contribution_a_case(route_orders: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """(Net price − cost of the goods) of a case, mean of all cases of the last 365 days, EUR. NaN without an order."""
    rows = _last_year(route_orders, as_of)
    return share((rows["net_eur"] - rows["cost_eur"]).sum(), rows["cases"].sum())


def plan_leaves(
    route_orders: pd.DataFrame, as_of: pd.Timestamp, customers: float, cases: float, stop_eur: float
) -> float:
    """What new customers leave a month, EUR: customers × (cases × contribution a case − one stop each)."""
    return float(customers * (cases * contribution_a_case(route_orders, as_of) - stop_eur))


def better_plan(route_orders: pd.DataFrame, as_of: pd.Timestamp, stop_eur: float) -> str:
    """Which leaves more a month, 8 new customers of 2 cases ("few") or 16 of 1 case ("many"); or "unknown"."""
    few, many = (plan_leaves(route_orders, as_of, customers, cases, stop_eur) for customers, cases in ((8, 2), (16, 1)))
    if math.isnan(few):
        return "unknown"
    return "few" if few > many else "many"


def drop_size(route_orders: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """Cases a delivery (`channel.drop_size`) of the last 365 days."""
    return channel.drop_size(_last_year(route_orders, as_of))


def cases_a_month(route_orders: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """What a customer buys in a month with an order (`channel.cases_per_customer_month`), last 365 days."""
    return channel.cases_per_customer_month(_last_year(route_orders, as_of))


def cases_sold(route_orders: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """Cases ordered in the last 365 days."""
    return float(_last_year(route_orders, as_of)["cases"].sum())


def deliveries(route_orders: pd.DataFrame, as_of: pd.Timestamp) -> int:
    """Deliveries of the last 365 days, each once."""
    return int(_last_year(route_orders, as_of)["delivery_id"].nunique())


def order_lines(route_orders: pd.DataFrame, as_of: pd.Timestamp) -> int:
    """Lines of these deliveries: one a product."""
    return len(_last_year(route_orders, as_of))


def customer_months(route_orders: pd.DataFrame, as_of: pd.Timestamp) -> int:
    """Pairs of a customer and a month with an order, in the last 365 days."""
    rows = _last_year(route_orders, as_of)
    return len(rows.assign(month=rows["ordered_on"].dt.to_period("M"))[["account_id", "month"]].drop_duplicates())


def outlets_we_are_in(outlets: pd.DataFrame, outlet_products: pd.DataFrame) -> str:
    """Whether we stand in the "larger" or the "smaller" outlets: weighted against numeric distribution; or "equal"."""
    numeric = channel.numeric_distribution(outlets, outlet_products)
    weighted = channel.weighted_distribution(outlets, outlet_products)
    if math.isclose(numeric, weighted) or math.isnan(numeric) or math.isnan(weighted):
        return "equal"
    return "larger" if weighted > numeric else "smaller"


def _last_year(route_orders: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    return route_orders[route_orders["ordered_on"].gt(as_of - YEAR) & route_orders["ordered_on"].le(as_of)]
