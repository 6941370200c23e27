"""Wrong ways to read the scorecard. Each has the signature of the metric that its docstring names."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from onefunnel.metrics import scorecard
from onefunnel.metrics.scorecard import FACTORS


def adds_percentages(before: Mapping[str, float] | pd.Series, after: Mapping[str, float] | pd.Series) -> pd.Series:
    """For revenue_tree: each factor's change in per cent × revenue before, added up. Misses what changes together."""
    revenue = float(np.prod([before[name] for name in FACTORS]))
    effects = [revenue * (after[name] / before[name] - 1) for name in FACTORS]
    return pd.Series([*effects, sum(effects)], index=[*FACTORS, "total"], name="eur").round(2)


def one_after_another(before: Mapping[str, float] | pd.Series, after: Mapping[str, float] | pd.Series) -> pd.Series:
    """For revenue_tree: changes the factors in the order they are listed. Closes, but the order lays the blame."""
    level = np.array([float(before[name]) for name in FACTORS])
    effects = []
    for place, name in enumerate(FACTORS):
        was = level.prod()
        level[place] = after[name]
        effects.append(level.prod() - was)
    return pd.Series([*effects, sum(effects)], index=[*FACTORS, "total"], name="eur").round(2)


def growth_is_winning(share_now: ArrayLike, growth: ArrayLike, market_growth: ArrayLike) -> float | np.ndarray:
    """For share_change: counts our growth and forgets the market's. Too high while the market grows."""
    return scorecard.share_change(share_now, growth, np.zeros_like(np.asarray(market_growth, dtype=float)))


def points_are_percent(share_now: ArrayLike, growth: ArrayLike, market_growth: ArrayLike) -> float | np.ndarray:
    """For share_change: growth − market growth, per cent read as points of share. Far too large."""
    return np.asarray(growth, dtype=float) - np.asarray(market_growth, dtype=float) + 0 * np.asarray(share_now, float)


def share_of_wins(score: ArrayLike, success: ArrayLike) -> pd.DataFrame:
    """For uplift_by_decile: the decile's share of all successes where its rate against all was asked for."""
    table = scorecard.uplift_by_decile(score, success)
    total = table["successes"].sum()
    return table.assign(uplift=table["successes"] / total if total else float("nan"))


def divides_by_bottom(score: ArrayLike, success: ArrayLike) -> pd.DataFrame:
    """For uplift_by_decile: against the *worst* decile, not against all. Too high; NaN where nobody succeeds there."""
    table = scorecard.uplift_by_decile(score, success)
    worst = table["rate"].iloc[-1] if len(table) else 0.0
    return table.assign(uplift=table["rate"] / worst if worst else float("nan"))


def each_on_its_own(
    plan: pd.DataFrame,
    results: pd.DataFrame,
    variable_eur: Mapping[str, float],
    shared_measure: str,
    shared_share: float,
    gates: tuple[str, ...] = (),
) -> pd.DataFrame:
    """For shared_pay: every function on its own measures only. Bought leads then pay one side while the firm loses."""
    return scorecard.shared_pay(plan, results, variable_eur, shared_measure, 0.0)
