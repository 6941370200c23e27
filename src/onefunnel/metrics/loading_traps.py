"""Wrong ways to read a load. Each has the signature of the metric that its docstring names."""

from __future__ import annotations

import pandas as pd

from onefunnel.metrics import sellthrough_traps
from onefunnel.metrics.loading import AHEAD


def divides_by_sell_in(sellout_weekly: pd.DataFrame, week: str, ahead: int = AHEAD) -> float:
    """For cover_at: stock ÷ what was shipped in lately. Too low when the trade is full."""
    return sellthrough_traps.divides_by_sell_in(sellout_weekly, pd.Timestamp(week), ahead)


def promo_week_as_base(sellout_weekly: pd.DataFrame, week: str, ahead: int = AHEAD) -> float:
    """For cover_at: takes promotion weeks for normal demand. Too low."""
    return sellthrough_traps.promo_week_as_base(sellout_weekly, pd.Timestamp(week), ahead)
