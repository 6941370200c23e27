"""What the scanner shops take in, in cases of 12, and what then stands in stock: the load before the price rise.

A shop usually orders what it sold the week before. In March 2026 it buys ahead; in April it lives on its stock.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from generator import smooth
from generator.dice import Dice
from generator.shelf.demand import SAME_WEEKS_LAST_YEAR, Demand, in_month

CASE = 12
COVER_WEEKS = 4  # of sell-out ahead
LOAD = (0.8, 0.9, 1.05, 1.2, 1.05)  # of March's weeks: most arrives just before the list price changes
SETTLING_WEEKS = 13  # after the March before, until the usual fill for Easter is sold
COVER_LUCK = (0.8, 0.85, 0.89, 0.93, 0.97, 1.0, 1.03, 1.07, 1.11, 1.15, 1.2)  # of the shops


class Stock(NamedTuple):
    """Matrices series × week, packs: received in the week, and in stock at its end."""

    received: np.ndarray
    stock: np.ndarray


def make_stock(seed: int, truth: Mapping[str, float], demand: Demand) -> Stock:
    """Sell-in and stock, so that cover before and after, sell-in in March and sell-in in April are the truths'."""
    dice = Dice(seed, "stock")
    units = demand.units
    march, april = np.flatnonzero(in_month("2026-03")), np.flatnonzero(in_month("2026-04"))
    last_march, last_april = march - SAME_WEEKS_LAST_YEAR, april - SAME_WEEKS_LAST_YEAR
    before = _usual(demand, march[0] - 1) * truth["pt23_cover_before"]
    before = before * dice.spread(len(before), COVER_LUCK)
    before *= truth["pt23_cover_before"] * smooth.total(_usual(demand, march[0] - 1)) / smooth.total(before)
    after = truth["pt23_cover_after"] * smooth.total(_usual(demand, march[-1]))
    loaded = after - smooth.total(before) + _all(units[:, march])

    wanted = np.concatenate([units[:, :1], units[:, :-1]], axis=1).astype(float)
    _scale(wanted, march, loaded, np.array(LOAD))
    filled = loaded / (1 + truth["pt23_sell_in"])
    extra = filled - _all(wanted[:, last_march])
    _scale(wanted, last_march, filled)
    settling = np.arange(last_march[-1] + 1, last_march[-1] + 1 + SETTLING_WEEKS)
    _scale(wanted, settling, _all(wanted[:, settling]) - extra)
    _scale(wanted, april, (1 + truth["pt23_sell_in_after"]) * _all(wanted[:, last_april]))

    cases = np.diff(np.rint(np.cumsum(wanted, axis=1) / CASE).astype(np.int64), axis=1, prepend=0)
    received = cases * CASE
    change = np.cumsum(received - units, axis=1)
    opening = np.rint(before).astype(np.int64) - change[:, march[0] - 1]
    opening = np.maximum(opening, -change.min(axis=1))  # no shop ever sold what it did not have
    return Stock(received, opening[:, None] + change)


def _usual(demand: Demand, week: int) -> np.ndarray:
    """Mean weekly units of each series in the weeks ahead, promotions left out."""
    ahead = slice(week + 1, week + 1 + COVER_WEEKS)
    normal = ~demand.promotion[:, ahead]
    return (demand.units[:, ahead] * normal).sum(axis=1) / normal.sum(axis=1)


def _scale(wanted: np.ndarray, weeks: np.ndarray, total: float, shape: np.ndarray | float = 1.0) -> None:
    """Make some weeks of all series together a total, in place."""
    wanted[:, weeks] *= shape
    wanted[:, weeks] *= total / _all(wanted[:, weeks])


def _all(matrix: np.ndarray) -> float:
    return smooth.total(np.ravel(matrix))
