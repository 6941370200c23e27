"""PT31: what a euro of advertising brings for the office line, and why the plain slope says four times as much.

Advertising gets 6 % of what the same month of the year before earned. So it is high when the season is, and revenue
seems to follow it. In the last three months one territory of each micromarket, drawn by lot, ran no adverts.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from generator import plan
from generator.company.calendar import months, territory_weights
from generator.dice import Dice

FIRST_MONTH, MONTHS, HELD_OUT_MONTHS = "2023-05", 36, 3
LEVEL_EUR, YEARLY_GROWTH = 640_000, 0.03  # of a month, without adverts
SPEND_SHARE = 0.06
# Per mille off the level, May to April: fairs in spring and autumn, little in August and December.
SEASON = (28, 19, -37, -102, 33, 74, 46, -70, -23, -28, 9, 51)
# Per mille that a month was luckier than its season, by year: one unseen year, then the three of the table. Chosen so
# that the plain slope of the 33 months before the test is about 9.
LUCK = (
    (25, -60, 35, 20, -50, 60, -25, 45, -40, 10, 40, -60),
    (-50, 30, 40, -40, 15, -30, 55, -15, -45, 60, -40, 20),
    (45, -15, -50, 35, -40, 60, -30, 25, 40, -60, 30, -40),
    (-30, 55, -20, -45, 60, -35, 40, -55, 20, 5, -10, 15),
)
TERRITORY_SEASON, TERRITORY_LUCK = 30, 4  # per mille either way


def make(seed: int, truth: Mapping[str, float]) -> dict[str, list]:
    """Advertising and revenue of the office line, a row a territory and month."""
    dice = Dice(seed, "advertising")
    weights = territory_weights()
    held_out = {3 * number + int(which) for number, which in enumerate(dice.whole(len(plan.MICROMARKETS), 0, 2))}
    company = _without_adverts(truth["pt31_true_return"])
    table: dict[str, list] = {name: [] for name in ("territory_id", "month", "held_out", "spend_eur", "revenue_eur")}
    part = _parts_of_company(dice, weights)
    for number, territory in enumerate(plan.TERRITORIES):
        earned = [weights[number] * LEVEL_EUR * (1 + SEASON[place] / 1000) for place in range(12)]
        for place, month in enumerate(months(FIRST_MONTH, MONTHS)):
            paused = number in held_out and place >= MONTHS - HELD_OUT_MONTHS
            planned = SPEND_SHARE * earned[place]
            spend = 0 if paused else round(planned)
            usual = part[place][number] * company[place]
            revenue = round(usual - (truth["pt31_true_return"] * planned if paused else 0))
            earned.append(revenue)
            for name, value in zip(table, (territory, month, paused, spend, revenue), strict=True):
                table[name].append(value)
    return table


def _parts_of_company(dice: Dice, weights: list[float]) -> list[list[float]]:
    """Share of each territory in the company's revenue, by month; a territory has a season of its own and some luck."""
    seasons = [_balanced(dice, 12, TERRITORY_SEASON) for _ in weights]
    luck = [_balanced(dice, MONTHS, TERRITORY_LUCK) for _ in weights]
    parts = []
    for place in range(MONTHS):
        off = np.array([season[place % 12] + lucky[place] for season, lucky in zip(seasons, luck, strict=True)])
        sizes = np.array(weights) * (1 + off / 1000)
        parts.append((sizes / np.cumsum(sizes)[-1]).tolist())
    return parts


def _without_adverts(return_a_euro: float) -> list[float]:
    """The company's revenue by month with its usual adverts, EUR."""
    before = [_base(place - 12) for place in range(12)]
    earned = list(before)
    for place in range(MONTHS):
        earned.append(_base(place) + return_a_euro * SPEND_SHARE * earned[place])
    return earned[12:]


def _base(place: int) -> float:
    year, month = divmod(place + 12, 12)
    growth = 1 + YEARLY_GROWTH * place / 12
    return LEVEL_EUR * growth * (1 + SEASON[month] / 1000) * (1 + LUCK[year][month] / 1000)


def _balanced(dice: Dice, n: int, most: int) -> np.ndarray:
    """n per mille from −most to most that add to 0, in random order."""
    steps = (np.arange(n) * 2 - (n - 1)) * (most / (n - 1))
    return steps[dice.shuffled(n)]
