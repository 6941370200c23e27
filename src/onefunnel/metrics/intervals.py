"""How far a share from a small number may be off. Print one of these beside any rate of fewer than some 30 cases."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pandas as pd

from onefunnel.metrics.deals import decided

LEVEL = 0.95


def wilson(part: int, whole: int, level: float = LEVEL) -> tuple[float, float]:
    """Interval (low, high) for a share of **counts**, fractions within 0 and 1. (NaN, NaN) when `whole` is 0.

    ValueError when `part` is no part of `whole`. Source: E. B. Wilson, JASA 22 (1927).
    """
    if not 0 <= part <= whole:
        raise ValueError(f"{part} of {whole} is no share. The part must lie between 0 and the whole.")
    if whole == 0:
        return float("nan"), float("nan")
    z = NormalDist().inv_cdf((1 + level) / 2)
    rate = part / whole
    middle = (rate + z**2 / (2 * whole)) / (1 + z**2 / whole)
    half = z / (1 + z**2 / whole) * (rate * (1 - rate) / whole + z**2 / (4 * whole**2)) ** 0.5
    return max(middle - half, 0.0), min(middle + half, 1.0)


def newcombe(part_a: int, whole_a: int, part_b: int, whole_b: int, level: float = LEVEL) -> tuple[float, float]:
    """Interval (low, high) for the **difference** of two shares, a − b, fractions. NaN when a group is empty.

    Two bars whose intervals overlap may still differ; this is the interval of the gap itself.
    Source: R. G. Newcombe, Statistics in Medicine 17 (1998), method 10.
    """
    low_a, high_a = wilson(part_a, whole_a, level)
    low_b, high_b = wilson(part_b, whole_b, level)
    if whole_a == 0 or whole_b == 0:
        return float("nan"), float("nan")
    a, b = part_a / whole_a, part_b / whole_b
    low = a - b - ((a - low_a) ** 2 + (high_b - b) ** 2) ** 0.5
    high = a - b + ((high_a - a) ** 2 + (b - low_b) ** 2) ** 0.5
    return low, high


def value_interval(
    opportunities: pd.DataFrame, level: float = LEVEL, draws: int = 2000, seed: int = 0
) -> tuple[float, float]:
    """Interval (low, high) for the win rate **by value**: decided deals drawn again and again (bootstrap), fractions.

    Euros are no counts, so Wilson does not apply: one large deal moves the rate. The seed is fixed, so the same
    table gives the same interval, in whatever order its rows stand. NaN when nothing is decided or all is worth 0.
    """
    rows = decided(opportunities)
    amount = rows["amount_eur"].to_numpy(dtype=float)
    won = np.where(rows["outcome"] == "won", amount, 0.0)
    if not amount.sum() > 0:
        return float("nan"), float("nan")
    order = np.lexsort((won, amount))
    amount, won = amount[order], won[order]
    # A draw with replacement is a vector of weights; a matrix product then does all draws at once.
    times = np.random.default_rng(seed).multinomial(len(amount), np.full(len(amount), 1 / len(amount)), size=draws)
    total = times @ amount
    rates = (times @ won)[total > 0] / total[total > 0]
    low, high = np.quantile(rates, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
