"""Powers and logarithms that are the same on every machine: `np.exp` and `np.log` differ in the last digit."""

from __future__ import annotations

import numpy as np

_HALVINGS = 10


def exp(x: np.ndarray) -> np.ndarray:
    """e to the x for |x| up to 10, to eleven digits: a short series near 0, squared ten times."""
    small = np.asarray(x, dtype=float) / 2**_HALVINGS
    power = 1 + small * (1 + small / 2 * (1 + small / 3 * (1 + small / 4 * (1 + small / 5))))
    for _ in range(_HALVINGS):
        power = power * power
    return power


def ln(x: np.ndarray) -> np.ndarray:
    """Natural logarithm for x from 0.2 to 5, to eleven digits: Halley's steps against `exp`."""
    x = np.asarray(x, dtype=float)
    guess = 2 * (x - 1) / (x + 1)
    for _ in range(4):
        power = exp(guess)
        guess = guess + 2 * (x - power) / (x + power)
    return guess


def total(values: np.ndarray) -> float:
    """Sum from left to right; `np.sum` may add in another order elsewhere."""
    return float(np.cumsum(values)[-1])
