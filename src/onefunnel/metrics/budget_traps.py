"""Wrong ways to read carry-over and to split a budget. Each has the signature of what its docstring names."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from onefunnel.metrics import budget


def keeps_read_as_loses(carry_over: float) -> float:
    """For half_life: reads "keeps 93 %" as "loses 93 %". Far too short."""
    return budget.half_life(1.0 - carry_over) if carry_over > 0 else float("nan")


def no_carry_over(spend_eur: ArrayLike, carry_over: float) -> np.ndarray:
    """For adstock: the effect is gone when the money is spent. Stopping then looks as if it cost nothing."""
    return budget.adstock(spend_eur, 0.0)


def average_for_next_euro(spend_eur: ArrayLike, ceiling_eur: ArrayLike, scale_eur: ArrayLike) -> np.ndarray:
    """For marginal_return: response ÷ spend, the average of all euros so far. Too high. NaN where nothing is spent."""
    spent = np.asarray(spend_eur, dtype=float)
    return budget.response(spend_eur, ceiling_eur, scale_eur) / np.where(spent == 0, np.nan, spent)


def follows_potential(
    total_eur: float, ceiling_eur: ArrayLike, scale_eur: ArrayLike, lowest_eur: ArrayLike, highest_eur: ArrayLike
) -> np.ndarray:
    """For best_allocation: money in proportion to the ceiling, cut at the bounds. May miss the total."""
    ceiling = np.asarray(ceiling_eur, dtype=float)
    return np.clip(total_eur * ceiling / ceiling.sum(), lowest_eur, highest_eur)


def equal_split(
    total_eur: float, ceiling_eur: ArrayLike, scale_eur: ArrayLike, lowest_eur: ArrayLike, highest_eur: ArrayLike
) -> np.ndarray:
    """For best_allocation: everybody the same, cut at the bounds. Fair to the places, dear to the firm."""
    ceiling = np.asarray(ceiling_eur, dtype=float)
    return np.clip(np.full(len(ceiling), total_eur / max(len(ceiling), 1)), lowest_eur, highest_eur)


def average_euro(micromarkets: pd.DataFrame, micromarket: str) -> float:
    """For next_euro_return: what all euros so far brought on average. Too high."""
    place = budget.one_micromarket(micromarkets, micromarket)
    return float(average_for_next_euro(place["budget_eur"], place["ceiling_eur"], place["scale_eur"]))


def follows_sales(micromarkets: pd.DataFrame, cap: float = 0.5) -> float:
    """For budget_gain: money in proportion to today's sales, the caps forgotten. Pays places for having been paid."""
    sales = micromarkets["sales_eur"].to_numpy(dtype=float)
    return budget.gain_of_plan(micromarkets, micromarkets["budget_eur"].sum() * sales / sales.sum())


def no_caps(micromarkets: pd.DataFrame, cap: float = 0.5) -> float:
    """For budget_gain: takes from weak places all they have, far from where the curve was ever seen. Too high."""
    today, ceiling, scale = (micromarkets[name].to_numpy(float) for name in ("budget_eur", "ceiling_eur", "scale_eur"))
    best = budget.best_allocation(today.sum(), ceiling, scale, 0.0, today.sum())
    return budget.gain_of_plan(micromarkets, best)
