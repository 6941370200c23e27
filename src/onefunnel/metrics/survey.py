"""Shares of answers with their uncertainty: one share, a gap between two groups, and "tick all that apply".

Answers are a list of true and false with gaps (`pulse_survey`: one row a person and question), or a frame of ticks with
one column an option. Missing answers are left out of the share and shown as the response rate. Cells below five people
show no result, so that nobody can be found in it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from onefunnel.metrics.intervals import LEVEL, newcombe, wilson
from onefunnel.metrics.ratio import share

#: A cell with fewer answers than this is not shown.
MIN_CELL = 5


class Share(NamedTuple):
    """A share of yes answers: `yes` of `answered` of `asked`; the four rates are fractions."""

    yes: int
    answered: int
    asked: int
    share: float
    low: float
    high: float
    response_rate: float


class Gap(NamedTuple):
    """A difference of two shares, first − second, with its interval; fractions (0.27: 27 **points**, not per cent)."""

    gap: float
    low: float
    high: float


def agreement(answers: pd.Series, level: float = LEVEL, min_cell: int = MIN_CELL) -> Share:
    """Share of yes among those who answered, with Wilson's interval and the response rate beside it.

    `answers` holds true, false, and missing for those who were asked and did not answer. With fewer than `min_cell`
    answers `share`, `low` and `high` are NaN and `yes` is 0: too few to stay anonymous.
    """
    given = answers.dropna().astype(bool)
    response_rate = share(len(given), len(answers))
    if len(given) < max(min_cell, 1):
        return Share(0, len(given), len(answers), float("nan"), float("nan"), float("nan"), response_rate)
    yes = int(given.sum())
    low, high = wilson(yes, len(given), level)
    return Share(yes, len(given), len(answers), yes / len(given), low, high, response_rate)


def gap(yes_a: int, answered_a: int, yes_b: int, answered_b: int, level: float = LEVEL) -> Gap:
    """a − b with Newcombe's interval: 27 of 45 v 20 of 60 is 27 points, 7 to 43.

    Two bars whose own intervals overlap may still differ; this is the interval of the difference itself. If it holds 0,
    the groups may think alike. NaN when a group is empty, ValueError when a part is larger than its whole.
    """
    low, high = newcombe(yes_a, answered_a, yes_b, answered_b, level)
    return Gap(share(yes_a, answered_a) - share(yes_b, answered_b), low, high)


def gap_between(
    answers: pd.Series, group: pd.Series, a: str, b: str, level: float = LEVEL, min_cell: int = MIN_CELL
) -> Gap:
    """`gap` of two groups of one list of answers. NaN when either has fewer than `min_cell` answers."""
    first, second = (agreement(answers[group == name], level, min_cell) for name in (a, b))
    if np.isnan(first.share) or np.isnan(second.share):
        return Gap(float("nan"), float("nan"), float("nan"))
    return gap(first.yes, first.answered, second.yes, second.answered, level)


def multi_response(ticks: pd.DataFrame, level: float = LEVEL) -> pd.DataFrame:
    """ "Tick all that apply": one row an option, the most frequent first, indexed `option`.

    Columns: `ticked`, `people` (who answered the question), `share`, `low`, `high` (Wilson). The base of every share is
    the **people**, so shares add to `boxes_per_person`, not to 1. A row of only missing values is a person who did not
    answer and is left out; a single missing value in an answered row is an empty box.
    """
    answered = ticks.dropna(how="all")
    people = len(answered)
    ticked = answered.eq(True).sum().astype(int)
    bounds = [wilson(int(count), people, level) for count in ticked]
    table = pd.DataFrame(
        {
            "ticked": ticked,
            "people": people,
            "share": ticked / people if people else np.nan,
            "low": [low for low, _ in bounds],
            "high": [high for _, high in bounds],
        }
    )
    return table.rename_axis("option").sort_index().sort_values("ticked", ascending=False, kind="stable")


def boxes_per_person(shares: pd.Series) -> float:
    """Sum of the shares of a question with many answers = boxes ticked a person: 43+43+41+37+25+21 % is 2.1.

    Shares of people need not add to 1; only when it was "tick one" must this be 1. NaN without any share.
    """
    return float(np.asarray(shares, dtype=float).sum()) if len(shares) else float("nan")
