"""Wrong ways to read cost and worth of a customer. Each has the signature of the metric that its docstring names."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from onefunnel.metrics.value import customer_acquisition_cost, incremental_romi, lifetime_value

MEDIA = "media"


def media_only(
    costs: pd.DataFrame,
    new_customers: pd.DataFrame,
    lag_months: int = 0,
    kinds: Collection[str] | None = None,
) -> float:
    """For customer_acquisition_cost: media spend alone, as if nobody were paid for selling. Too low."""
    return customer_acquisition_cost(costs, new_customers, lag_months, (MEDIA,))


def same_month(
    costs: pd.DataFrame,
    new_customers: pd.DataFrame,
    lag_months: int = 0,
    kinds: Collection[str] | None = None,
) -> float:
    """For customer_acquisition_cost: this month's cost over this month's customers, who were won by earlier money.

    Too high while spend grows, too low while it shrinks.
    """
    return customer_acquisition_cost(costs, new_customers, 0, kinds)


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
