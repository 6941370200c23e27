"""Who stops buying when the price goes up: from what people did (elasticity) and from what they say (price surveys).

Tables: `sellout_weekly` (one row a shop, product and week: `account_id`, `product_id`, `week`, `units`, `price_eur`,
`promotion`, `display`, `oos` = was out of stock), `van_westendorp` answers (one row a respondent: `too_cheap`,
`cheap`, `expensive`, `too_expensive`, EUR) and `gabor_granger` answers (one row a respondent and price:
`respondent_id`, `price_eur`, `would_buy`). What a change of price does at a known elasticity is
`profit.volume_after`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from onefunnel.metrics.intervals import LEVEL, wilson

CONTROLS = ("promotion", "display")

#: Which curves cross at the two ends of the acceptable range. The conventions give different ranges.
CONVENTIONS = ("original", "common")
ANSWERS = ("too_cheap", "cheap", "expensive", "too_expensive")


class Elasticity(NamedTuple):
    """Slope of ln units on ln price (−1.8: 1 % dearer, 1.8 % fewer units), standard error, rows used, left out."""

    slope: float
    error: float
    rows: int
    dropped: int


class PriceRange(NamedTuple):
    """Van Westendorp's four prices, EUR, with respondents kept, out of order, and incomplete."""

    lowest: float
    optimum: float
    indifference: float
    highest: float
    kept: int
    out_of_order: int
    incomplete: int


def price_elasticity(
    sellout_weekly: pd.DataFrame, controls: Sequence[str] = CONTROLS, same_shop: bool = True
) -> Elasticity:
    """Least squares of ln units on ln price and the controls, each shop **with itself** (shop means taken off).

    Where the table has a `product_id`, it is each product in each shop with itself: two products differ in price too.

    Between shops the sign can turn: rich areas are dear and sell much. Without the promotion and display columns their
    effect is booked to the low price of the same week. Left out and counted in `dropped`: weeks out of stock (they show
    the shelf, not the demand), units or price not above 0 (no logarithm), missing values. Weeks after a promotion, when
    homes are stocked up, still overstate. `error` is the classical standard error: with few shops it is too small.
    NaN when the price never changes beside the controls or rows are fewer than what is estimated. `same_shop=False`
    pools all shops. Source: Wooldridge, Introductory Econometrics, ch. 14 (fixed effects).
    """
    place = ["account_id", *(["product_id"] if "product_id" in sellout_weekly else [])]
    needed = [*place, "units", "price_eur", *controls]
    rows = sellout_weekly[~sellout_weekly["oos"].eq(True)] if "oos" in sellout_weekly else sellout_weekly
    rows = rows[needed].dropna()
    rows = rows[(rows["units"] > 0) & (rows["price_eur"] > 0)]
    dropped = len(sellout_weekly) - len(rows)
    data = np.column_stack(
        [np.log(rows["units"].to_numpy(dtype=float)), np.log(rows["price_eur"].to_numpy(dtype=float))]
        + [rows[name].to_numpy(dtype=float) for name in controls]
    )
    groups = rows.groupby(place).ngroup().to_numpy() if same_shop else np.zeros(len(rows), dtype=int)
    size = int(groups.max(initial=-1)) + 1
    counts = np.bincount(groups, minlength=size)[:, np.newaxis]
    means = np.column_stack([np.bincount(groups, column, minlength=size) for column in data.T]) / counts
    data = data - means[groups]
    y, x = data[:, 0], data[:, 1:]
    free = len(rows) - size - x.shape[1]
    # A control that never changes says nothing; it is kept out so that the price's slope stays defined.
    x = x[:, [True, *(np.ptp(x[:, 1:], axis=0) > 1e-12)]] if len(x) else x
    if free < 1 or np.linalg.matrix_rank(x) < x.shape[1]:
        return Elasticity(float("nan"), float("nan"), len(rows), dropped)
    slopes, *_ = np.linalg.lstsq(x, y, rcond=None)
    spread = ((y - x @ slopes) ** 2).sum() / free
    error = np.sqrt(spread * np.linalg.inv(x.T @ x)[0, 0])
    return Elasticity(float(slopes[0]), float(error), len(rows), dropped)


def van_westendorp(answers: pd.DataFrame, convention: str = "original") -> PriceRange:
    """Acceptable range and optimum from four questions: too cheap to be good, cheap, expensive, too expensive (EUR).

    Curves over the price p: too cheap and cheap are shares who named p **or more** (they fall), expensive and too
    expensive shares who named p **or less** (they rise). They are read at every price named, straight in between.
    optimum: too cheap × too expensive. indifference: cheap × expensive. The ends of the range depend on the convention:
    "original" (1976): lowest = too cheap × **not** cheap, highest = too expensive × **not** expensive;
    "common" (most software): lowest = too cheap × expensive, highest = too expensive × cheap, a narrower or shifted
    range. Print which. Respondents whose answers are not in order (too cheap ≤ cheap ≤ expensive ≤ too expensive) are
    left out and counted in `out_of_order`, those with a missing answer in `incomplete`. NaN prices when nobody is left.
    Answers are stated, not paid: a shelf test mostly peaks lower. ValueError at another convention.
    Source: P. van Westendorp, ESOMAR Congress, Venice 1976.
    """
    if convention not in CONVENTIONS:
        raise ValueError(
            f'convention "{convention}" is unknown. Use "original" or "common" and name it beside the figure.'
        )
    complete = answers[list(ANSWERS)].dropna().to_numpy(dtype=float)
    in_order = (np.diff(complete, axis=1) >= 0).all(axis=1)
    return _price_range(complete[in_order], convention, int((~in_order).sum()), len(answers) - len(complete))


def _price_range(rows: np.ndarray, convention: str, out_of_order: int, incomplete: int) -> PriceRange:
    if not len(rows):
        nothing = float("nan")
        return PriceRange(nothing, nothing, nothing, nothing, 0, out_of_order, incomplete)
    prices = np.unique(rows)
    too_cheap, cheap = (1 - _share_below(rows[:, column], prices, "left") for column in (0, 1))
    expensive, too_expensive = (_share_below(rows[:, column], prices, "right") for column in (2, 3))
    if convention == "original":
        lowest = _crossing(prices, too_cheap, 1 - cheap)
        highest = _crossing(prices, 1 - expensive, too_expensive)
    else:
        lowest = _crossing(prices, too_cheap, expensive)
        highest = _crossing(prices, cheap, too_expensive)
    optimum, indifference = _crossing(prices, too_cheap, too_expensive), _crossing(prices, cheap, expensive)
    return PriceRange(lowest, optimum, indifference, highest, len(rows), out_of_order, incomplete)


def gabor_granger(answers: pd.DataFrame, unit_cost_eur: float = 0.0, level: float = LEVEL) -> pd.DataFrame:
    """Demand by price step: one row a price, rising, indexed `price_eur`.

    Columns: `buyers`, `share` (of **all** respondents), `low`, `high` (Wilson), `revenue_eur` (price × share, a
    respondent), `profit_eur` ((price − unit cost) × share). A respondent buys at every price up to the highest accepted
    one, so it does not matter whether all prices were asked or the questions stopped at the first no. Missing answers
    count as not asked; a respondent without any answer is left out. Stated, not paid. Empty frame without answers.
    Source: Gabor and Granger, "Price as an Indicator of Quality", Economica 33 (1966).
    """
    rows = answers.dropna(subset=["respondent_id", "price_eur", "would_buy"])
    prices = np.sort(rows["price_eur"].unique().astype(float))
    accepted = rows["price_eur"].astype(float).where(rows["would_buy"].astype(bool), -np.inf)
    highest = np.sort(accepted.groupby(rows["respondent_id"]).max().to_numpy(dtype=float))
    buyers = len(highest) - np.searchsorted(highest, prices, side="left")
    bounds = [wilson(int(count), len(highest), level) for count in buyers]
    shares = buyers / max(len(highest), 1)
    return pd.DataFrame(
        {
            "buyers": buyers,
            "share": shares,
            "low": [low for low, _ in bounds],
            "high": [high for _, high in bounds],
            "revenue_eur": prices * shares,
            "profit_eur": (prices - unit_cost_eur) * shares,
        },
        index=pd.Index(prices, name="price_eur"),
    )


def best_price(answers: pd.DataFrame, unit_cost_eur: float = 0.0) -> float:
    """The asked price with the largest stated profit a respondent, EUR; the lowest of equals. NaN without answers."""
    table = gabor_granger(answers, unit_cost_eur)
    return float(table["profit_eur"].idxmax()) if len(table) else float("nan")


def _share_below(values: np.ndarray, prices: np.ndarray, side: str) -> np.ndarray:
    """Share of values below each price (side "left"), or at or below it ("right")."""
    return np.searchsorted(np.sort(values), prices, side=side) / len(values)


def _crossing(prices: np.ndarray, falling: np.ndarray, rising: np.ndarray) -> float:
    """Price at which a falling curve meets a rising one; the middle of the stretch where they lie on each other."""
    difference = np.round(falling - rising, 12)
    above, below = np.flatnonzero(difference > 0), np.flatnonzero(difference < 0)
    level = np.flatnonzero(difference == 0)
    if len(level):
        return float((prices[level[0]] + prices[level[-1]]) / 2)
    if not len(above) or not len(below):
        return float("nan")
    left, right = above[-1], below[0]
    part = difference[left] / (difference[left] - difference[right])
    return float(prices[left] + part * (prices[right] - prices[left]))


def elasticity(sellout_weekly: pd.DataFrame, controls: Sequence[str] = CONTROLS) -> float:
    """The slope of `price_elasticity`: −1.8 means that 1 % dearer sells 1.8 % fewer units; a ratio."""
    return price_elasticity(sellout_weekly, controls).slope


def stated_optimum(price_survey: pd.DataFrame, convention: str = "original") -> float:
    """The optimum of `van_westendorp`, EUR: as many find it too cheap as too expensive. Both conventions share it."""
    return van_westendorp(price_survey, convention).optimum


def tested_best_price(price_test: pd.DataFrame, unit_cost_eur: float = 0.0) -> float:
    """The price with the largest (price − unit cost) × share of visitors who rented, EUR; the lowest of equals.

    `price_test`: one row a place and price, `shown` visitors and how many `rented`. People put their money down, so it
    beats what they say in a survey. Prices that nobody was shown are left out. NaN without one.
    """
    sums = price_test.groupby("price_eur")[["shown", "rented"]].sum()
    sums = sums[sums["shown"] > 0]
    earned = (sums.index - unit_cost_eur) * sums["rented"] / sums["shown"]
    return float(earned.idxmax()) if len(earned) else float("nan")
