"""Wrong ways to look ahead in a quarter. Each has the signature of the metric that its docstring names."""

from __future__ import annotations

import pandas as pd

from onefunnel.metrics.deals import win_rate_by_value
from onefunnel.metrics.forecast import coverage_parts
from onefunnel.metrics.quarter import QUARTERS
from onefunnel.metrics.ratio import share

THREE = 3.0  # the rule of thumb; right where a third of the euros due are won


def target_over_open(opportunities: pd.DataFrame, targets: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """For part_needed: the whole target ÷ everything open, whenever due."""
    parts = coverage_parts(opportunities, targets, as_of)
    return share(parts["target_eur"], parts["open_eur"])


def three_is_enough(
    opportunities: pd.DataFrame, close_date_moves: pd.DataFrame, as_of: pd.Timestamp, quarters: int = QUARTERS
) -> float:
    """For coverage_needed: the rule of thumb, whatever was won here."""
    return THREE


def rate_of_all_deals(
    opportunities: pd.DataFrame, close_date_moves: pd.DataFrame, as_of: pd.Timestamp, quarters: int = QUARTERS
) -> float:
    """For coverage_needed: 1 ÷ the value win rate of all deals, due or not. Too high: the due ones are further on."""
    return share(1.0, win_rate_by_value(opportunities))


def all_due_comes(
    opportunities: pd.DataFrame,
    targets: pd.DataFrame,
    close_date_moves: pd.DataFrame,
    as_of: pd.Timestamp,
    quarters: int = QUARTERS,
) -> float:
    """For expected_eur: every euro due is taken for won. Too high."""
    parts = coverage_parts(opportunities, targets, as_of)
    return float(parts["won_eur"] + parts["due_eur"])


def crm_promise(
    opportunities: pd.DataFrame,
    targets: pd.DataFrame,
    close_date_moves: pd.DataFrame,
    as_of: pd.Timestamp,
    quarters: int = QUARTERS,
) -> float:
    """For expected_eur: what is due, each deal at the percentage that the CRM shipped with. Too high."""
    parts = coverage_parts(opportunities, targets, as_of)
    planned = opportunities["close_date_planned"].between(as_of.normalize(), as_of.to_period("Q").end_time)
    due = opportunities[(opportunities["outcome"] == "open") & planned]
    return float(parts["won_eur"] + (due["amount_eur"] * due["crm_probability"]).sum())


def target_is_forecast(
    opportunities: pd.DataFrame,
    targets: pd.DataFrame,
    close_date_moves: pd.DataFrame,
    as_of: pd.Timestamp,
    quarters: int = QUARTERS,
) -> float:
    """For expected_eur: the target itself. What is wanted says nothing of what comes."""
    return float(coverage_parts(opportunities, targets, as_of)["target_eur"])
