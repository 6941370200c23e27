"""Intervals of two rates, written apart from the metrics on purpose: the truths check those."""

from __future__ import annotations

Z95 = 1.959963984540054


def score_interval(part: float, whole: float) -> tuple[float, float]:
    """The two rates p from which the rate seen lies 1.96 standard errors away (Wilson): a quadratic in p."""
    rate = part / whole
    # (rate − p)² = z²·p(1 − p)/n
    a, b, c = 1 + Z95**2 / whole, -(2 * rate + Z95**2 / whole), rate**2
    root = (b * b - 4 * a * c) ** 0.5
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


def gap_bound(first: tuple[float, float], second: tuple[float, float], side: str) -> float:
    """The low or high end of the interval of first − second, each (part, whole). Newcombe 1998, method 10."""
    a, b = first[0] / first[1], second[0] / second[1]
    (low_a, high_a), (low_b, high_b) = score_interval(*first), score_interval(*second)
    if side == "low":
        return a - b - ((a - low_a) ** 2 + (high_b - b) ** 2) ** 0.5
    return a - b + ((high_a - a) ** 2 + (b - low_b) ** 2) ** 0.5
