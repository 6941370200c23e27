"""PT17: what sales and marketing thought a territory would bring in a month, each for itself or together.

Both functions write their number down before they meet. Six territories, which were better at it before, agree on a
joint number from month 13 on. Misses are dealt out within territory and year, so each has its planned size and side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from generator import plan
from generator.company.calendar import months, quarter_of, territory_weights
from generator.dice import Dice, shares

FIRST_MONTH, YEAR = "2024-04", 12
JOINT = ("T02", "T05", "T09", "T14", "T16", "T21")
MONTH_WEIGHTS = {
    1: 0.98,
    2: 0.96,
    3: 1.06,
    4: 0.99,
    5: 1.01,
    6: 1.0,
    7: 1.02,
    8: 0.93,
    9: 1.05,
    10: 1.02,
    11: 1.0,
    12: 0.98,
}
# Territories miss by more or less than their group: points off its mean miss, and half as many off its bias.
SPREAD_ALONE, SPREAD_JOINT = 4.25, 2.5
HIGH_MONTHS = {"sales": 9, "marketing": 5, "joint": 7}  # of twelve, in which too much was promised


def make(
    seed: int, truth: Mapping[str, float], advertised: Mapping[str, list], profit_and_loss: Mapping[str, list]
) -> dict[str, list]:
    """A row a territory, month and maker. What came adds up to the quarter's revenue in the profit and loss."""
    dice = Dice(seed, "forecasts")
    actual = _actual(dice, advertised, profit_and_loss)
    joint = [name in JOINT for name in plan.TERRITORIES]
    alone_by = iter(_offsets(dice, len(joint) - sum(joint), SPREAD_ALONE))
    joint_by = iter(_offsets(dice, sum(joint), SPREAD_JOINT))
    marketing_by = _offsets(dice, len(joint), SPREAD_ALONE)
    table: dict[str, list] = {name: [] for name in ("territory_id", "month", "made_by", "forecast_eur", "actual_eur")}
    for number, territory in enumerate(plan.TERRITORIES):
        off = next(joint_by) if joint[number] else next(alone_by)
        for year in (0, 1):
            for maker, miss, bias in _makers(truth, joint[number], year, off, marketing_by[number]):
                errors = _errors(dice, maker, miss, bias)
                for place in range(YEAR):
                    came = actual[number][year * YEAR + place]
                    month = months(FIRST_MONTH, 2 * YEAR)[year * YEAR + place]
                    promised = round(came * (1 + errors[place]) / 100) * 100
                    for name, value in zip(table, (territory, month, maker, promised, came), strict=True):
                        table[name].append(value)
    return table


def _makers(
    truth: Mapping[str, float], is_joint: bool, year: int, off: float, marketing_off: float
) -> list[tuple[str, float, float]]:
    """Who forecasts in that year, with what mean miss and bias (points)."""
    alone = (truth["pt17_alone_before"] * 100, truth["pt17_alone_after"] * 100)
    drift = alone[1] - alone[0]
    sales_bias = truth["pt17_sales_bias"] * 100
    if is_joint:  # their sellers' own first number drifts as everybody's does, and promises three points less
        miss, bias = truth["pt17_six_before"] * 100 + drift * year, sales_bias - 3
    else:
        miss, bias = alone[year], sales_bias + 1
    makers = [
        ("sales", miss + off, bias + off / 2),
        (
            "marketing",
            truth["pt17_marketing_miss"] * 100 + marketing_off,
            truth["pt17_marketing_bias"] * 100 - marketing_off / 2,
        ),
    ]
    if is_joint and year:
        makers.append(("joint", truth["pt17_six_after"] * 100 + off, 2 + off / 2))
    return makers


def _errors(dice: Dice, maker: str, miss: float, bias: float) -> np.ndarray:
    """Twelve relative misses whose mean size and mean are exactly those given (points), in random order."""
    high = HIGH_MONTHS[maker]
    up = _around_one(high) * ((miss + bias) / 2 * YEAR / high)
    down = _around_one(YEAR - high) * ((miss - bias) / 2 * YEAR / (YEAR - high))
    return np.concatenate([up, -down])[dice.shuffled(YEAR)] / 100


def _around_one(n: int) -> np.ndarray:
    return 0.5 + np.arange(n) / (n - 1)


def _offsets(dice: Dice, n: int, most: float) -> list[float]:
    steps = (np.arange(n) * 2 - (n - 1)) * (most / (n - 1))
    return steps[dice.shuffled(n)].tolist()


def _actual(dice: Dice, advertised: Mapping[str, list], profit_and_loss: Mapping[str, list]) -> list[list[int]]:
    """Revenue of all lines, territory × month: the office line plus a share of what else the quarter earned."""
    office = dict(
        zip(zip(advertised["territory_id"], advertised["month"], strict=True), advertised["revenue_eur"], strict=True)
    )
    revenue = {
        quarter: eur
        for quarter, line, eur in zip(*(profit_and_loss[name] for name in ("quarter", "line", "eur")), strict=True)
        if line == "revenue"
    }
    when = months(FIRST_MONTH, 2 * YEAR)
    result: list[list[int]] = [[0] * len(when) for _ in plan.TERRITORIES]
    for start in range(0, len(when), 3):
        quarter = when[start : start + 3]
        base = [[office[name, month] for month in quarter] for name in plan.TERRITORIES]
        rest = revenue[quarter_of(quarter[0])] - sum(map(sum, base))
        noise = 0.97 + dice.uniform(len(plan.TERRITORIES) * 3) * 0.06
        weights = _cells(quarter, noise)
        for cell, eur in enumerate(shares(rest, weights)):
            number, place = divmod(cell, 3)
            result[number][start + place] = base[number][place] + eur
    return result


def _cells(quarter: Sequence[str], noise: np.ndarray) -> list[float]:
    size = territory_weights()
    return [
        size[number] * MONTH_WEIGHTS[int(month[5:7])] * float(noise[number * 3 + place])
        for number in range(len(size))
        for place, month in enumerate(quarter)
    ]
