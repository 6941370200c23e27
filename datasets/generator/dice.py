"""Chance that is the same on every machine: only raw PCG64 bits, whole numbers and exact float steps.

The distributions of numpy may change from one release to the next, and `exp` and `log` differ in the last digit
between platforms. The bit stream of PCG64 does not, and neither do sorting and + − × ÷ on whole arrays. Where a rate
matters it is *allocated*, not drawn: `choose` and `spread` hit their quota and leave only the order to chance.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence

import numpy as np

_BITS = 53


class Dice:
    """One named stream of chance. Another name or seed gives another stream, so tables do not disturb one another."""

    def __init__(self, seed: int, name: str) -> None:
        self._bits = np.random.PCG64(np.random.SeedSequence([seed, zlib.crc32(name.encode())]))

    def uniform(self, n: int) -> np.ndarray:
        """n numbers in [0, 1), exact multiples of 2⁻⁵³."""
        return (self._bits.random_raw(n) >> np.uint64(64 - _BITS)).astype(np.int64) * 2.0**-_BITS

    def shuffled(self, n: int) -> np.ndarray:
        """The whole numbers 0 … n−1 in a random order."""
        return np.argsort(self.uniform(n), kind="stable")

    def whole(self, n: int, low: int, high: int) -> np.ndarray:
        """n whole numbers from low to high, both included."""
        return low + (self.uniform(n) * (high - low + 1)).astype(np.int64)

    def pick(self, options: Sequence[str], n: int, weights: Sequence[float] | None = None) -> np.ndarray:
        """n of the options, as near to their weights as whole numbers allow, in random order."""
        counts = shares(n, [1.0] * len(options) if weights is None else weights)
        return np.repeat(np.array(options, dtype=object), counts)[self.shuffled(n)]

    def spread(self, n: int, deciles: Sequence[float]) -> np.ndarray:
        """n values whose 0, 10, … 100 % quantiles are `deciles` (straight lines between them), in random order.

        The values sit at the middles of n equal slices, so the median is the sixth decile and not a draw around it.
        """
        at = (self.shuffled(n) + 0.5) / max(n, 1) * (len(deciles) - 1)
        return _between(at, deciles)

    def draw(self, n: int, deciles: Sequence[float]) -> np.ndarray:
        """n independent values from the same kind of distribution as `spread`, without the quota."""
        return _between(self.uniform(n) * (len(deciles) - 1), deciles)

    def choose(self, chances: np.ndarray, total: int, *strata: np.ndarray, jitter: bool = True) -> np.ndarray:
        """Exactly `total` of the rows, each in proportion to its chance, evenly over the strata (first is outermost).

        Returns booleans. Rows are laid end to end in order of the strata (chance decides within the last one), each
        as long as its chance, and cut at equal distances: so every contiguous stratum gets its share to within one.
        """
        n = len(chances)
        if total > n:
            raise ValueError(f"{total} of {n} rows wanted")
        taken = np.zeros(n, dtype=bool)
        if total <= 0:
            return taken
        last = self.uniform(n) if jitter else np.arange(n)
        order = np.lexsort((last, *reversed(strata)))
        lengths = np.rint(_capped(np.asarray(chances, dtype=float)[order], total) * 1e9).astype(np.int64)
        ends = np.cumsum(lengths)
        marks = (ends * 2 * total + ends[-1]) // (2 * ends[-1])
        taken[order] = np.diff(marks, prepend=0) > 0
        short = total - int(taken.sum())
        if short:  # two cuts fell into one row that is certain anyway: give the rest to the likeliest others
            rest = np.flatnonzero(~taken)
            rest = rest[np.argsort(-np.asarray(chances, dtype=float)[rest], kind="stable")]
            taken[rest[:short]] = True
        return taken

    def deal(self, labels: Sequence[str], counts: Sequence[int], order: np.ndarray) -> np.ndarray:
        """Give each row a label: `counts[i]` rows get `labels[i]`, evenly along `order` (row numbers)."""
        at = np.concatenate([(np.arange(count) + self.uniform(count)) / count for count in counts if count])
        name = np.repeat(np.array(labels, dtype=object), counts)
        dealt = np.empty(len(order), dtype=object)
        dealt[order] = name[np.argsort(at, kind="stable")]
        return dealt


def shares(total: int, weights: Sequence[float]) -> list[int]:
    """Split a whole number in proportion to weights; the largest remainders get the odd ones."""
    sums = math.fsum(weights)  # the same on every Python; `sum` of floats is not
    exact = [total * weight / sums for weight in weights]
    floor = [int(value + 1e-9) for value in exact]
    odd = sorted(range(len(exact)), key=lambda i: (round(floor[i] - exact[i], 9), i))
    for i in odd[: total - sum(floor)]:
        floor[i] += 1
    return floor


def _capped(chances: np.ndarray, total: int) -> np.ndarray:
    """Scale chances so that they add up to `total` and none passes one (as far as there are rows with a chance)."""
    certain = np.zeros(len(chances), dtype=bool)
    scaled = chances
    for _ in range(12):
        weight = float(np.cumsum(np.where(certain, 0.0, chances))[-1])
        left = total - int(certain.sum())
        if weight <= 0 or left <= 0:
            break
        scaled = np.where(certain, 1.0, chances * (left / weight))
        over = scaled > 1
        if not over.any():
            break
        certain |= over
    return np.minimum(scaled, 1.0)


def _between(at: np.ndarray, deciles: Sequence[float]) -> np.ndarray:
    points = np.asarray(deciles, dtype=float)
    low = np.minimum(at.astype(np.int64), len(points) - 2)
    return points[low] + (points[low + 1] - points[low]) * (at - low)
