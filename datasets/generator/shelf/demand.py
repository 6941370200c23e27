"""What consumers buy of two packs in the scanner shops, week by week, and at what price.

One row of each matrix is a shop and product (a series), one column a week. The logarithm of a week's units is the
series' level + season + elasticity × ln price + promotion + display + chance. Shops in well-to-do streets are dear and
sell much, so between shops the slope on price points the wrong way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from generator import smooth
from generator.dice import Dice
from generator.money import days
from generator.plan import START

WEEKS = 104
LAST_WEEK = days("2026-05-04")
MONDAYS = LAST_WEEK - 7 * np.arange(WEEKS - 1, -1, -1)
MONTH = (START + MONDAYS).astype("datetime64[M]")
QUARTER = MONTH.astype(np.int64) // 3  # quarters since 1970
RISE = days("2026-04-06")  # shelf labels change on the Monday after the list price
SAME_WEEKS_LAST_YEAR = 52


class Pack(NamedTuple):
    """A pack on the shelf: usual price in cents, ln of the weekly units in a middling shop."""

    cents: int
    level: float


PACKS = {"PR7": Pack(449, 3.70), "PR8": Pack(529, 3.35)}
PRICE_LEVELS = (-0.2, -0.15, -0.11, -0.072, -0.036, 0.0, 0.036, 0.072, 0.11, 0.15, 0.2)  # of the shops, ln
SHOP_LUCK = (-0.5, -0.36, -0.25, -0.16, -0.08, 0.0, 0.08, 0.16, 0.25, 0.36, 0.5)
REGULAR_MOVES = (-0.062, -0.047, -0.034, -0.022, -0.01, 0.0, 0.01, 0.022, 0.034, 0.047, 0.062)
MOVES_EVERY = 13  # weeks
CUTS = (0.1, 0.115, 0.125, 0.135, 0.145, 0.15, 0.155, 0.165, 0.175, 0.19, 0.21)  # of a promotion, ln
PROMOTED, PROMOTED_IN_MARCH, PROMOTED_IN_APRIL = 0.11, 0.26, 0.08
SHOWN, SHOWN_ALONE = 0.65, 0.02  # promotions with a display; displays without one
SEASON = (1.04, 1.02, 1.1, 0.995, 0.995, 0.96, 0.93, 0.93, 0.98, 1.0, 1.03, 1.08)  # April and May: as the year's mean
GROWTH = 0.01  # a year
CHANCE = (-0.28, -0.17, -0.11, -0.07, -0.035, 0.0, 0.035, 0.07, 0.11, 0.17, 0.28)
EMPTY_LEFT = (0.45, 0.85)  # of a week's units when the shelf was empty for days


class Demand(NamedTuple):
    """Matrices series × week. Prices in cents; `shop` and `product` say whose the rows are."""

    shop: np.ndarray
    product: np.ndarray
    cents: np.ndarray
    promotion: np.ndarray
    display: np.ndarray
    oos: np.ndarray
    units: np.ndarray


def make_demand(seed: int, truth: Mapping[str, float], territory: np.ndarray) -> Demand:
    """Units and prices of every shop (`territory` says where each lies) and pack."""
    dice = Dice(seed, "demand")
    shops = len(territory)
    shop = np.repeat(np.arange(shops), len(PACKS))
    product = np.tile(np.arange(len(PACKS)), shops)
    packs = list(PACKS.values())
    price_level = dice.spread(shops, PRICE_LEVELS)
    promotion = _promotions(dice, len(shop))
    display = np.where(
        promotion,
        _some(dice, promotion, SHOWN),
        _some(dice, ~promotion, SHOWN_ALONE),
    )
    usual = np.array([pack.cents for pack in packs], dtype=float)[product]
    cents = _prices(dice, truth, usual, price_level[shop], promotion)
    oos = _empty_shelves(dice, truth, territory, shop)
    units = np.array([pack.level for pack in packs])[product]
    for number in range(len(packs)):
        here = product == number
        luck = _unrelated(dice.spread(shops, SHOP_LUCK), price_level)
        units[here] += truth["pt27_between"] * price_level + luck
    moved = smooth.ln(cents / usual[:, None]) - price_level[shop][:, None]
    logs = units[:, None] + truth["pt27_elasticity"] * moved
    logs = logs + truth["pt27_promotion"] * promotion + truth["pt27_display"] * display
    logs = logs + dice.draw(logs.size, CHANCE).reshape(logs.shape)
    wanted = smooth.exp(logs) * np.array(SEASON)[MONTH.astype(np.int64) % 12] * (1 + GROWTH * (MONDAYS - RISE) / 364)
    low, high = EMPTY_LEFT
    wanted = np.where(oos, wanted * (low + (high - low) * dice.uniform(oos.size).reshape(oos.shape)), wanted)
    return Demand(shop, product, cents, promotion, display, oos, _whole(wanted, 1 + truth["pt23_sell_out"]))


def in_month(month: str) -> np.ndarray:
    """Weeks whose Monday lies in a month such as "2026-03"."""
    return np.datetime64(month, "M") == MONTH


def _promotions(dice: Dice, series: int) -> np.ndarray:
    """Exactly as many series on promotion in each week as planned for its month; none three weeks running."""
    share = np.full(WEEKS, PROMOTED)
    share[MONTH.astype(np.int64) % 12 == 2] = PROMOTED_IN_MARCH
    share[MONTH.astype(np.int64) % 12 == 3] = PROMOTED_IN_APRIL
    on = np.zeros((series, WEEKS), dtype=bool)
    for week, part in enumerate(share):
        tired = on[:, max(week - 2, 0) : week].sum(axis=1) == 2
        on[:, week] = dice.choose(~tired * 1.0, round(part * series))
    return on


def _some(dice: Dice, of: np.ndarray, share: float) -> np.ndarray:
    """A share of the true elements of a matrix, evenly over the rows."""
    rows = np.repeat(np.arange(of.shape[0]), of.shape[1])
    return dice.choose(of.ravel() * 1.0, round(share * int(of.sum())), rows).reshape(of.shape)


def _prices(
    dice: Dice, truth: Mapping[str, float], usual: np.ndarray, level: np.ndarray, promotion: np.ndarray
) -> np.ndarray:
    """Shelf prices in cents, ending in 4 or 9. Regular prices move every quarter of a year; all rise with the list."""
    series = len(usual)
    moves = dice.spread(series * WEEKS // MOVES_EVERY // 2, REGULAR_MOVES).reshape(series, -1)
    moves = np.concatenate([moves, -moves], axis=1)  # opposite in the second year: no price follows the season
    logs = level[:, None] + np.repeat(moves, MOVES_EVERY, axis=1)
    logs = logs - promotion * dice.spread(promotion.size, CUTS).reshape(promotion.shape)
    cents = usual[:, None] * smooth.exp(logs) * (1 + truth["pt23_list_price"] * (MONDAYS >= RISE))
    return np.rint((cents + 1) / 5).astype(np.int64) * 5 - 1


def _empty_shelves(dice: Dice, truth: Mapping[str, float], territory: np.ndarray, shop: np.ndarray) -> np.ndarray:
    """Weeks with an empty shelf: every shop as often each quarter; more where visits fell in the last full quarter."""
    later_half = territory > "T12"
    gaps = np.zeros((len(shop), WEEKS), dtype=bool)
    order = np.argsort(territory.astype(str), kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    bad_quarter = QUARTER[in_month("2026-03")][0]
    for quarter in np.unique(QUARTER):
        weeks = np.flatnonzero(quarter == QUARTER)
        for half in (False, True):
            rows = np.flatnonzero(later_half[shop] == half)
            bad = half and quarter == bad_quarter
            share = truth["pt35_execution_empty_after" if bad else "pt35_empty_before"]
            cells = len(rows) * len(weeks)
            whose = np.repeat(place[shop[rows]], len(weeks))
            chosen = dice.choose(np.ones(cells), round(share * cells), whose)
            gaps[np.ix_(rows, weeks)] = chosen.reshape(len(rows), len(weeks))
    return gaps


def _unrelated(luck: np.ndarray, level: np.ndarray) -> np.ndarray:
    """Luck without its mean and without its slope on the price level."""
    n = len(luck)
    luck, centred = luck - smooth.total(luck) / n, level - smooth.total(level) / n
    return luck - centred * (smooth.total(luck * centred) / smooth.total(centred * centred))


def _whole(wanted: np.ndarray, year_on_year: float) -> np.ndarray:
    """Whole units, at least one; March 2026 is scaled to the planned change from the same weeks a year before."""
    march = np.flatnonzero(in_month("2026-03"))
    before = np.maximum(np.rint(wanted[:, march - SAME_WEEKS_LAST_YEAR]), 1)
    now = wanted[:, march]
    wanted = wanted.copy()
    wanted[:, march] = now * (year_on_year * smooth.total(before.ravel()) / smooth.total(now.ravel()))
    return np.maximum(np.rint(wanted), 1).astype(np.int64)
