"""PT30: offers sell now and fade fast, the brand sells later and fades slowly. Packaged coffee, by week.

EXP-05 switched brand advertising off in two micromarkets for a year. What people remember fades by 7 % a week; sales
hardly move at first, because remembering adverts a little less costs little while most people still do.
"""

from __future__ import annotations

from collections.abc import Mapping

from generator import plan
from generator.company.calendar import SALES_PERCENT
from generator.dice import Dice
from generator.money import days

FIRST_WEEK, WEEKS = "2023-05-22", 155  # Mondays; the last whole week before the tables end
OFF_MICROMARKETS, OFF_FROM = (3, 5), 102  # Valle and Llanos, from the week of 5 May 2025 on
YEAR_EUR = 12_000_000
BRAND_SHARE, OFFER_SHARE = 0.04, 0.027  # of a year's revenue
CYCLE, BURST = 13, 2  # one offer a quarter, two weeks long
BURST_AT = (9, 2, 11, 4, 7, 6, 0, 12)  # week of the cycle, by micromarket; during the test all at once
BURST_IN_TEST = 5
PULSE = (1.08, 0.96, 1.04, 0.92)  # brand spend of four weeks in a row
SEASON = (-20, -30, -15, 10, 35, 40, 25, 30, -25, -15, 0, -10, -25)  # per mille, by four weeks
BRAND_SALES = 0.0944  # of revenue, that would be gone in the end
FORGIVING = 0.0287  # square of the memory at which half of these sales are gone
NOISE = 0.004
# The tracker asks 500 buyers a wave. Aware slips slowly; the rival gains.
ASKED, WAVE_WEEKS, FIRST_WAVE = 500, 13, 10
AWARE = (200, 210, 185, 195, 180, 190, 175, 185)  # by micromarket: 38 % in all
AWARE_LOST = (0, 5, 16, 29, 45)  # by wave after the switch
RECALL, RECALL_CHANCE = 220, (0, 4, -3, 1, -4, 2, 3, -2)
RIVAL, RIVAL_CHANCE = (214, 226, 208, 219, 231, 223, 240, 236), (0, 1, -1, 0, 1, -1, 0, 0)  # per mille


def make(seed: int, truth: Mapping[str, float]) -> dict[str, dict[str, list]]:
    """`media_weekly` and `brand_tracker`."""
    return {"media_weekly": _weekly(seed, truth), "brand_tracker": _tracker(truth)}


def _weekly(seed: int, truth: Mapping[str, float]) -> dict[str, list]:
    dice = Dice(seed, "media")
    columns = ("micromarket_id", "week", "experiment_id", "brand_eur", "offers_eur", "revenue_eur")
    table: dict[str, list] = {name: [] for name in columns}
    keeps = truth["pt30_brand_carry_over"]
    for number in range(len(plan.MICROMARKETS)):
        week_eur = YEAR_EUR / 52 * SALES_PERCENT[number] / 100
        luck = 1 + (dice.uniform(WEEKS) * 2 - 1) * NOISE
        memory, pressure = 1.0, 0.0
        for place in range(WEEKS):
            is_off = number in OFF_MICROMARKETS and place >= OFF_FROM
            usual = BRAND_SHARE * week_eur
            brand = 0 if is_off else round(usual * PULSE[place % len(PULSE)])
            offers = round(OFFER_SHARE * week_eur * CYCLE / BURST) if _runs_offer(number, place) else 0
            memory = keeps * memory + (1 - keeps) * brand / usual
            pressure = truth["pt30_offers_carry_over"] * pressure + offers
            now = truth["pt30_offers_return"] * (1 - truth["pt30_offers_carry_over"])
            base = week_eur * (1 + 0.02 * place / 52) * (1 + SEASON[place % 52 // 4] / 1000)
            revenue = base * (1 - BRAND_SALES * (1 - _sales_kept(memory))) * float(luck[place]) + now * pressure
            row = (
                f"M{number + 1}",
                days(FIRST_WEEK) + 7 * place,
                "EXP-05" if is_off else "",
                brand,
                offers,
                round(revenue),
            )
            for name, value in zip(columns, row, strict=True):
                table[name].append(value)
    return table


def _runs_offer(number: int, place: int) -> bool:
    start = BURST_IN_TEST if place >= OFF_FROM else BURST_AT[number]
    since = (place - OFF_FROM if place >= OFF_FROM else place) - start
    return since >= 0 and since % CYCLE < BURST


def _sales_kept(memory: float) -> float:
    """Share of the brand's sales that is left at a share of its usual memory: an S-curve, 1 at 1 and 0 at 0."""
    square = memory * memory
    return square * (1 + FORGIVING) / (square + FORGIVING)


def _tracker(truth: Mapping[str, float]) -> dict[str, list]:
    columns = ("micromarket_id", "wave_on", "asked", "aware", "recall", "rival_share_permille")
    table: dict[str, list] = {name: [] for name in columns}
    waves = range((WEEKS - 1 - FIRST_WAVE) // WAVE_WEEKS + 1)
    last_before = (OFF_FROM - 1 - FIRST_WAVE) // WAVE_WEEKS
    for number in range(len(plan.MICROMARKETS)):
        left = 1.0
        for wave in waves:
            since = max(wave - last_before, 0) if number in OFF_MICROMARKETS else 0
            for _ in range(WAVE_WEEKS if since else 0):
                left *= truth["pt30_brand_carry_over"]
            # Chance moves the answers, but not in the waves that the test is read from.
            chance = 0 if since or wave == last_before else (wave + number) % len(RECALL_CHANCE)
            row = (
                f"M{number + 1}",
                days(FIRST_WEEK) + 7 * (FIRST_WAVE + WAVE_WEEKS * wave) + 6,
                ASKED,
                AWARE[number] - AWARE_LOST[since],
                round(RECALL * left) + RECALL_CHANCE[chance],
                RIVAL[number] + round(truth["pt30_rival_gain"] * 1000 * since) + RIVAL_CHANCE[chance],
            )
            for name, value in zip(columns, row, strict=True):
                table[name].append(value)
    return table
