"""The route and the shelf: share points as customers, drop size, and distribution. What sells on is in `sellthrough`.

Tables: `outlets` (one row an outlet: `account_id`, `category_cases_month`, and for a wrong reading `own_cases_month`),
`orders` (one row a line: `account_id`, `delivery_id`, `ordered_on`, `cases`), `outlet_products` (one row an outlet and
product that it stocks: `account_id`, `product_id`). Shares are fractions: three points are 0.03.
"""

from __future__ import annotations

import math
from collections.abc import Collection

import numpy as np
import pandas as pd

from onefunnel.metrics.ratio import share


def customers_for_points(points: float, category_cases: float, cases_per_customer: float) -> int:
    """New customers a route needs for some points of share: ⌈points × category ÷ cases a new customer buys⌉.

    `category_cases` and `cases_per_customer` are for the same time, say a month. The cases are taken **from rivals**:
    the category stays as large as it is. Rounded up, since two thirds of a customer do not exist. ValueError when the
    cases a customer buys are not above 0 or another number is below 0.
    Source of the exercise: Coca-Cola in Latin America, where 3 points became 8 customers of 2 cases on a route.
    """
    _check(points, category_cases, cases_per_customer)
    needed = points * category_cases / cases_per_customer
    return math.ceil(round(needed, 9))  # 8.000000001 is 8 and a rounding error of the computer


def route_customers(outlets: pd.DataFrame, points: float, cases_per_customer: float) -> int:
    """`customers_for_points` on a route: the category is the sum of `category_cases_month` over its outlets.

    0 on an empty route. ValueError when an outlet's category is missing: ask the seller, a guess of 0 hides it.
    """
    if outlets["category_cases_month"].isna().any():
        raise ValueError("outlets: category_cases_month is missing in some rows. Fill it, or leave those outlets out.")
    return customers_for_points(points, float(outlets["category_cases_month"].sum()), cases_per_customer)


def category_behind(points: float, customers: float, cases_per_customer: float) -> float:
    """The category that makes such a plan come true when the cases come from rivals: customers × cases ÷ points.

    8 customers × 2 cases for 3 points: 533 cases. NaN when there are no points to win.
    """
    return share(customers * cases_per_customer, points)


def category_if_it_grows(points: float, customers: float, cases_per_customer: float, share_now: float) -> float:
    """The same when the new cases come **on top** of the category: cases × (1 − share now − points) ÷ points.

    From (s·V + n) ÷ (V + n) = s + points. 16 cases, 3 points, 18 %: 421 cases. NaN when there are no points to win.
    """
    return share(customers * cases_per_customer * (1.0 - share_now - points), points)


def drop_size(orders: pd.DataFrame) -> float:
    """Cases ÷ deliveries, cases a stop. The lines of one `delivery_id` are one stop.

    Not cases a line and not cases a customer and month (`cases_per_customer_month`). Lines without a delivery are left
    out, with their cases. NaN when nothing was delivered.
    """
    delivered = orders[orders["delivery_id"].notna()]
    return share(delivered["cases"].sum(), delivered["delivery_id"].nunique())


def cases_per_customer_month(orders: pd.DataFrame) -> float:
    """Cases ÷ (customer, month) pairs with an order: what an active customer buys in a month. NaN without an order."""
    months = orders["ordered_on"].dt.to_period("M")
    return share(orders["cases"].sum(), len(orders.assign(month=months)[["account_id", "month"]].drop_duplicates()))


def numeric_distribution(
    outlets: pd.DataFrame, outlet_products: pd.DataFrame, products: str | Collection[str] | None = None
) -> float:
    """Outlets that stock the product ÷ all outlets, a fraction: in how many doors are we?

    `products` is one id or several; with several (or None, all) an outlet counts once if it stocks **any** of them.
    Over areas it is a mean weighted by outlets; over products it does not add up (that sum is called total
    distribution points and may pass 100). Stock in outlets outside `outlets` is left out. NaN without outlets.
    """
    stocked = _stocked(outlets, outlet_products, products)
    return share(stocked.sum(), len(stocked))


def weighted_distribution(
    outlets: pd.DataFrame, outlet_products: pd.DataFrame, products: str | Collection[str] | None = None
) -> float:
    """Category cases of the outlets that stock the product ÷ category cases of all, a fraction: are they the big ones?

    Weighted by the turnover of the whole **category** in the outlet, not by ours. Above `numeric_distribution`: we are
    in the larger outlets. Over areas weight it by category turnover. Exclusions as there; an outlet whose category is
    unknown carries no weight. NaN when no category turnover is known.
    """
    stocked = _stocked(outlets, outlet_products, products)
    weight = _by_outlet(outlets)["category_cases_month"].fillna(0).to_numpy(dtype=float)
    return share(weight[stocked].sum(), weight.sum())


def _stocked(
    outlets: pd.DataFrame, outlet_products: pd.DataFrame, products: str | Collection[str] | None
) -> np.ndarray:
    rows = outlet_products
    if products is not None:
        wanted = [products] if isinstance(products, str) else list(products)
        rows = rows[rows["product_id"].isin(wanted)]
    return _by_outlet(outlets)["account_id"].isin(rows["account_id"]).to_numpy()


def _by_outlet(outlets: pd.DataFrame) -> pd.DataFrame:
    return outlets.drop_duplicates("account_id")


def _check(points: float, category_cases: float, cases_per_customer: float) -> None:
    if not cases_per_customer > 0:
        raise ValueError(f"a new customer who buys {cases_per_customer} cases brings no points. Use a number above 0.")
    if points < 0 or category_cases < 0:
        raise ValueError("points and category must be 0 or more. Three points are 0.03.")
