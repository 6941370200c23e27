"""Wrong ways to judge a forecast. Each has the signature of the metric that its docstring names."""

from __future__ import annotations

import numpy as np
import pandas as pd
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


def misses_cancel(forecasts: pd.DataFrame, made_by: str | None = None) -> float:
    """For forecast_miss: `errors_cancel`. Too low."""
    rows = accuracy.of_maker(forecasts, made_by)
    return errors_cancel(*accuracy.pairs(rows["forecast_eur"], rows["actual_eur"]))


def of_the_forecast(forecasts: pd.DataFrame, made_by: str | None = None) -> float:
    """For forecast_miss: `divides_by_forecast`."""
    rows = accuracy.of_maker(forecasts, made_by)
    return divides_by_forecast(*accuracy.pairs(rows["forecast_eur"], rows["actual_eur"]))


def actual_less_forecast(forecasts: pd.DataFrame, made_by: str | None = None) -> float:
    """For forecast_bias: `sign_flipped`."""
    return -accuracy.forecast_bias(forecasts, made_by)


def miss_without_sign(forecasts: pd.DataFrame, made_by: str | None = None) -> float:
    """For forecast_bias: `mean_of_misses`, which never falls below zero."""
    rows = accuracy.of_maker(forecasts, made_by)
    return mean_of_misses(rows["forecast_eur"], rows["actual_eur"])
