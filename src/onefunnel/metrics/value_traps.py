"""Wrong ways to read cost and worth of a customer. Each has the signature of the metric that its docstring names."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from onefunnel.metrics import value
from onefunnel.metrics.value import customer_acquisition_cost, incremental_romi, lifetime_value

MEDIA = "media"


def media_only(
    costs: pd.DataFrame,
    new_customers: pd.DataFrame,
    lag_months: int = 0,
    kinds: Collection[str] | None = None,
    months: int | None = None,
) -> float:
    """For customer_acquisition_cost: media spend alone, as if nobody were paid for selling. Too low."""
    return customer_acquisition_cost(costs, new_customers, lag_months, (MEDIA,), months)


def same_month(
    costs: pd.DataFrame,
    new_customers: pd.DataFrame,
    lag_months: int = 0,
    kinds: Collection[str] | None = None,
    months: int | None = None,
) -> float:
    """For customer_acquisition_cost: this month's cost over this month's customers, who were won by earlier money.

    Too high while spend grows, too low while it shrinks.
    """
    return customer_acquisition_cost(costs, new_customers, 0, kinds, months)


def marketing_only(
    costs: pd.DataFrame,
    new_customers: pd.DataFrame,
    lag_months: int = 0,
    kinds: Collection[str] | None = None,
    months: int | None = None,
) -> float:
    """For customer_acquisition_cost: marketing's costs alone. Sellers won them too, and are paid. Too low."""
    theirs = costs[costs["function"] == "marketing"]
    return customer_acquisition_cost(theirs, new_customers, lag_months, kinds, months)


def undiscounted(
    margin_eur: ArrayLike, retention: ArrayLike, discount: float, paid: str = "start", years: int | None = None
) -> float | np.ndarray:
    """For lifetime_value: margin ÷ churn, a euro in ten years worth a euro today. Too high."""
    return lifetime_value(margin_eur, retention, 0.0, paid, years)


def nobody_leaves(
    margin_eur: ArrayLike, retention: ArrayLike, discount: float, paid: str = "start", years: int | None = None
) -> float | np.ndarray:
    """For lifetime_value: everybody stays for ever, as the customers of today seem to. Far too high."""
    return lifetime_value(margin_eur, np.ones_like(np.asarray(retention, dtype=float)), discount, paid, years)


def attributed_is_incremental(
    revenue_eur: ArrayLike, margin: float, spend_eur: ArrayLike, incremental_share: ArrayLike = 1.0
) -> float | np.ndarray:
    """For incremental_romi: takes every attributed euro for a caused one. Too high where some come anyway."""
    return incremental_romi(revenue_eur, margin, spend_eur, 1.0)


def revenue_for_margin(
    revenue_eur: ArrayLike, margin: float, spend_eur: ArrayLike, incremental_share: ArrayLike = 1.0
) -> float | np.ndarray:
    """For incremental_romi: takes every euro of revenue as earned. Too high."""
    return incremental_romi(revenue_eur, 1.0, spend_eur, incremental_share)


def return_on_ad_spend(
    revenue_eur: ArrayLike, margin: float, spend_eur: ArrayLike, incremental_share: ArrayLike = 1.0
) -> float | np.ndarray:
    """For incremental_romi: revenue ÷ spend, another word (ROAS): no margin, no "− spend", no holdout. Too high."""
    return incremental_romi(revenue_eur, 1.0, spend_eur, 1.0) + 1.0


def worth_undiscounted(micromarkets: pd.DataFrame, micromarket: str, discount: float, paid: str = "start") -> float:
    """For micromarket_value: a euro in ten years worth a euro today. Too high."""
    return value.micromarket_value(micromarkets, micromarket, 0.0, paid)


def worth_if_nobody_leaves(micromarkets: pd.DataFrame, micromarket: str, discount: float, paid: str = "start") -> float:
    """For micromarket_value: everybody stays for ever. Far too high."""
    return value.micromarket_value(micromarkets.assign(retention=1.0), micromarket, discount, paid)


def worth_in_one_year(micromarkets: pd.DataFrame, micromarket: str, discount: float, paid: str = "start") -> float:
    """For micromarket_value: the first year's margin alone, as if nobody bought again. Too low."""
    return value.micromarket_value(micromarkets.assign(retention=0.0), micromarket, discount, "start")
