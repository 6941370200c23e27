"""Wrong readings of a bad quarter and of shared numbers. Each has the signature of what its docstring names."""

from __future__ import annotations

import pandas as pd

from onefunnel.metrics import variance
from onefunnel.metrics.ratio import share


def points_are_percent(route_orders: pd.DataFrame, year: int, quarter: int = 1) -> float:
    """For margin_growth: margin ÷ revenue now − the same before. Points of a rate, not growth of money."""
    rates = [
        share(*(variance.money(route_orders, level, at, quarter) for level in ("margin", "revenue")))
        for at in (year, year - 1)
    ]
    return rates[0] - rates[1]


def returning_as_new(route_orders: pd.DataFrame, year: int, quarter: int = 1, months: int = 24) -> int:
    """For new_accounts: looks back half as long. Whoever paused for a year counts as new again. Too high."""
    return variance.new_accounts(route_orders, year, quarter, months // 2)


def pays_on_leads(pay_trial: pd.DataFrame, measure: str) -> float:
    """For neutral_share: all pay stays on the team's own measure. Buying names then pays in full."""
    return 0.0


def half_and_half(pay_trial: pd.DataFrame, measure: str) -> float:
    """For neutral_share: half each, because it sounds fair. The numbers do not move by the same per cent."""
    return 0.5


def one_quarter(pay_trial: pd.DataFrame, quarters: int) -> float:
    """For pay_cost: the loss of one quarter. The habit lasted longer."""
    return variance.pay_cost(pay_trial, 1)
