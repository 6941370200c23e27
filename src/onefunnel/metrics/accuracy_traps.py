"""Wrong ways to judge a forecast. Each has the signature of the metric that its docstring names."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from onefunnel.metrics import accuracy


def errors_cancel(forecast: ArrayLike, actual: ArrayLike) -> float:
    """For mape: the size of the mean *signed* error. A miss up hides a miss down. Too low."""
    promised, came = accuracy.pairs(forecast, actual)
    if not len(came) or (came == 0).any():
        return float("nan")
    return float(abs(((promised - came) / np.abs(came)).mean()))


def divides_by_forecast(forecast: ArrayLike, actual: ArrayLike) -> float:
    """For mape: |forecast − actual| ÷ *forecast*. Rewards promising too much."""
    return accuracy.mape(actual, forecast)


def sign_flipped(forecast: ArrayLike, actual: ArrayLike) -> float:
    """For bias: (actual − forecast) ÷ actual. The right size on the wrong side: praises those who promise too much."""
    return -accuracy.bias(forecast, actual)


def mean_of_misses(forecast: ArrayLike, actual: ArrayLike) -> float:
    """For bias: the mean *absolute* miss. Says how far, not on which side. Never below zero."""
    return accuracy.wape(forecast, actual)
