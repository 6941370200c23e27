"""Wrong ways to judge a year of forecasts. Each has the signature of the metric that its docstring names."""

from __future__ import annotations

import pandas as pd

from onefunnel.metrics import forecasts as right
from onefunnel.metrics.forecasts import MONTHS
from onefunnel.metrics.ratio import share


def sign_flipped(forecasts: pd.DataFrame, made_by: str, months: int = MONTHS) -> float:
    """For bias_of: (came − said) ÷ came. The right size on the wrong side."""
    return -right.bias_of(forecasts, made_by, months)


def divides_by_forecast(forecasts: pd.DataFrame, made_by: str, months: int = MONTHS) -> float:
    """For bias_of: (said − came) ÷ *said*. Who promises more looks better."""
    promised = right.said(forecasts, made_by, months)
    return share(promised - right.came(forecasts, made_by, months), promised)


def errors_cancel(forecasts: pd.DataFrame, made_by: str, months: int = MONTHS) -> float:
    """For miss_of: the size of the bias. A month too high hides a month too low. Too low."""
    return abs(right.bias_of(forecasts, made_by, months))


def misses_by_forecast(forecasts: pd.DataFrame, made_by: str, months: int = MONTHS) -> float:
    """For miss_of: misses ÷ *said*. Who promises more looks better."""
    return share(right.missed(forecasts, made_by, months), right.said(forecasts, made_by, months))
