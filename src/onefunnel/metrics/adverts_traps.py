"""Wrong ways to read what advertising brings. Each has the signature of what its docstring names."""

from __future__ import annotations

import pandas as pd

from onefunnel.metrics import adverts
from onefunnel.metrics.ratio import share


def season_as_effect(advertising_monthly: pd.DataFrame, margin: float) -> float:
    """For advertising_return: the slope of revenue on adverts, month by month. Both follow the season. Too high."""
    return adverts.revenue_slope(advertising_monthly) * margin - 1.0


def revenue_for_margin(advertising_monthly: pd.DataFrame, margin: float) -> float:
    """For advertising_return: counts revenue as if the goods cost nothing. Too high."""
    found = adverts.pause(advertising_monthly)
    return share(found.missing_eur - found.saved_eur, found.saved_eur)
