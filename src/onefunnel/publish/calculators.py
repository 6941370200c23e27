"""What the site's calculators compute. Their script (site/assets/javascripts/calculators.js) holds the same functions,
and a test runs both on many random inputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict


class Funnel(TypedDict):
    """Both funnels of the calculator. Shares are fractions; None where a number is not defined."""

    before: list[float]  # people at each door, from those who come in to customers
    after: list[float]
    change: float | None  # customers after ÷ customers before − 1
    people_needed: float | None  # how many would have to come in for the same result at the old rates


def funnel(people: float, rates: Sequence[float], more: float = 0.0, door: int = -1, points: float = 0.0) -> Funnel:
    """Return the people at each door before and after a change.

    `people` come in; at door i the share `rates[i]` goes on. The change: `more` people (a fraction, 0.1 = 10 % more)
    and `points` (a fraction, 0.05 = five points) added to the rate of door number `door` (−1 = none). Rates stay
    between 0 and 1, people at 0 or more. Assumes that the other rates stay as they are.
    """
    people = max(0.0, people)
    old = [_share(rate) for rate in rates]
    new = [_share(rate + points) if index == door else rate for index, rate in enumerate(old)]
    before = _through(people, old)
    after = _through(people * max(0.0, 1 + more), new)
    whole = 1.0
    for rate in old:
        whole *= rate
    return {
        "before": before,
        "after": after,
        "change": after[-1] / before[-1] - 1 if before[-1] > 0 else None,
        "people_needed": after[-1] / whole if whole > 0 else None,
    }


def _through(people: float, rates: Sequence[float]) -> list[float]:
    counts = [people]
    for rate in rates:
        counts.append(counts[-1] * rate)
    return counts


def _share(value: float) -> float:
    return min(1.0, max(0.0, value))
