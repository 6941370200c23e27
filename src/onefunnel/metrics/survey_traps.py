"""Wrong ways to read a survey. Each has the signature of what its docstring names."""

from __future__ import annotations

import pandas as pd

from onefunnel.metrics.intervals import LEVEL, wilson
from onefunnel.metrics.ratio import share
from onefunnel.metrics.survey import MIN_CELL, Gap, Share, agreement, multi_response


def silence_is_no(answers: pd.Series, level: float = LEVEL, min_cell: int = MIN_CELL) -> Share:
    """For agreement: divides by all who were asked, as if silence were a no. Too low."""
    return agreement(answers.astype(object).where(answers.notna(), False), level, min_cell)


def ignores_n(yes_a: int, answered_a: int, yes_b: int, answered_b: int, level: float = LEVEL) -> Gap:
    """For gap: the bare difference, as sure from nine people as from nine hundred."""
    difference = share(yes_a, answered_a) - share(yes_b, answered_b)
    return Gap(difference, difference, difference)


def points_are_percent(yes_a: int, answered_a: int, yes_b: int, answered_b: int, level: float = LEVEL) -> Gap:
    """For gap: a ÷ b − 1, "80 % more", where 27 points were asked for. Too high for shares below 1."""
    ratio = share(share(yes_a, answered_a), share(yes_b, answered_b)) - 1.0
    return Gap(ratio, ratio, ratio)


def overlapping_bars(yes_a: int, answered_a: int, yes_b: int, answered_b: int, level: float = LEVEL) -> Gap:
    """For gap: from the end of one bar to the end of the other. Too wide: calls real gaps noise."""
    (low_a, high_a), (low_b, high_b) = wilson(yes_a, answered_a, level), wilson(yes_b, answered_b, level)
    return Gap(share(yes_a, answered_a) - share(yes_b, answered_b), low_a - high_b, high_a - low_b)


def must_total_100(ticks: pd.DataFrame, level: float = LEVEL) -> pd.DataFrame:
    """For multi_response: divides by all *boxes*, to make the shares add to 1. 43 % of people becomes 20.5 %."""
    table = multi_response(ticks, level)
    boxes = table["ticked"].sum()
    return table.assign(share=table["ticked"] / boxes if boxes else float("nan"))
