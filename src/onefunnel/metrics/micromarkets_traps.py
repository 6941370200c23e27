"""Wrong ways to move a budget between micromarkets. Each has the signature of what its docstring names."""

from __future__ import annotations

import numpy as np
import pandas as pd

from onefunnel.metrics import micromarkets as right
from onefunnel.metrics.budget_traps import average_for_next_euro
from onefunnel.metrics.ratio import share

KEPT = 0.25  # of today's budget, in the plan that goes by averages


def current_revenue_as_potential(micromarkets: pd.DataFrame, column: str, top: int) -> float:
    """For share_of: the share of today's sales. Shows where we were strong, not what is left to win."""
    return right.share_of(micromarkets, "sales_eur", top)


def share_of_places(micromarkets: pd.DataFrame, column: str, top: int) -> float:
    """For share_of: places ÷ places, as if each got the same."""
    return share(abs(top), len(micromarkets))


def follows_current_sales(micromarkets: pd.DataFrame, most: float) -> dict[str, float]:
    """For best: money in proportion to today's sales."""
    sales = micromarkets["sales_eur"] / micromarkets["sales_eur"].sum()
    return dict(zip(micromarkets["micromarket_id"], sales * micromarkets["budget_eur"].sum(), strict=True))


def by_average(micromarkets: pd.DataFrame, most: float) -> dict[str, float]:
    """For best: a quarter of today's money everywhere, the rest by the highest average return, in turn."""
    now = micromarkets["budget_eur"].to_numpy(dtype=float)
    curves = (micromarkets[name].to_numpy(dtype=float) for name in ("ceiling_eur", "scale_eur"))
    plan, left = now * KEPT, now.sum() * (1 - KEPT)
    for place in np.argsort(-average_for_next_euro(now, *curves), kind="stable"):
        more = min(left, now[place] * (most - KEPT))
        plan[place] += more
        left -= more
    return dict(zip(micromarkets["micromarket_id"], map(float, plan), strict=True))


def weakest_cut(micromarkets: pd.DataFrame, most: float) -> dict[str, float]:
    """For best: nothing for the two places with the cheapest customers, their money to the others by potential."""
    rows = right.by_worth(micromarkets)
    now = rows["budget_eur"].to_numpy(dtype=float)
    plan = now.copy()
    plan[-2:] = 0.0
    while (left := now.sum() - plan.sum()) > 0.01:
        room = np.where(np.arange(len(now)) < len(now) - 2, now * most - plan, 0.0)
        weight = rows["potential_share"].to_numpy() * (room > 0.01)
        plan += np.minimum(left * weight / weight.sum(), room)
    return dict(zip(rows["micromarket_id"], map(float, plan), strict=True))
