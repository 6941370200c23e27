"""What people say: the pulse survey (PT40), notes from the field and how long they travel (PT41), and interviews."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from generator import plan
from generator.clock import weekday
from generator.dice import Dice, shares
from generator.money import days


class Question(NamedTuple):
    """One question of the pulse, and the share of yes in the four waves: marketing, then sales."""

    text: str
    marketing: tuple[float, ...]
    sales: tuple[float, ...]


WAVES = ("2025-06-16", "2025-09-15", "2025-12-15", "2026-03-16")
UNDERSTANDS = "understands_needs"
QUESTIONS = {
    "met_this_month": Question(
        "In the last 30 days I met somebody of the other team to plan something.",
        (0.55, 0.6, 0.66, 0.69), (0.42, 0.44, 0.5, 0.55),
    ),
    "uses_what_i_send": Question(
        "The other team uses what I send.", (0.35, 0.34, 0.4, 0.42), (0.38, 0.42, 0.43, 0.48),
    ),
    "same_numbers": Question(
        "Both teams look at the same numbers.", (0.31, 0.38, 0.45, 0.51), (0.28, 0.3, 0.36, 0.4),
    ),
    "time_with_customers": Question(
        "Last week I spent at least two hours with customers.", (0.12, 0.1, 0.14, 0.2), (0.81, 0.8, 0.84, 0.83),
    ),
}  # fmt: skip
UNDERSTANDS_TEXT = "I understand what the other team needs of me."
UNDERSTANDS_BEFORE = ((0.53, 0.55, 0.57), (0.3, 0.32, 0.3))  # the first three waves
OBSTACLES = {  # asked once, tick all that apply: text, ticked by marketing, by sales
    "obstacle_data": ("We lack good data on accounts.", 19, 29),
    "obstacle_talk": ("We do not talk enough.", 21, 23),
    "obstacle_goals": ("We are measured on different things.", 18, 23),
    "obstacle_process": ("Our steps are broken or nobody follows them.", 13, 25),
    "obstacle_time": ("There is no time for it.", 8, 19),
    "obstacle_leaders": ("Our leaders do not ask for it.", 10, 12),
}
ASKED = {"marketing": 73, "sales": 146}
ANSWERED = {"marketing": (52, 50, 47, 45), "sales": (76, 70, 64, 60)}

# PT41, the same in every territory. Days from note to receipt; the rest never arrives.
OWNER_NAMED_DAY = 78 * 7
NOTES_BEFORE, NOTES_AFTER = 41, 33
DAYS_BEFORE = (
    2,
    3,
    4,
    5,
    6,
    6,
    7,
    8,
    9,
    9,
    10,
    11,
    11,
    12,
    13,
    14,
    15,
    16,
    17,
    18,
    19,
    22,
    28,
    35,
    44,
    55,
    68,
    84,
    103,
)
DAYS_AFTER = (0, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 4, 5, 5, 6, 6, 7, 8, 9, 11, 13, 16, 21)
LAST_NOTE_DAY = plan.AS_OF_DAY - 31  # so that every note has had a month to arrive
THEMES = {
    "price": ("rival_price_cut", "rival_free_months", "price_rise_feared"),
    "competitor": ("rival_new_machine", "rival_new_seller"),
    "product": ("milk_system", "cup_sizes", "noise"),
    "need": ("new_site", "moving_office", "hybrid_work"),
    "service": ("late_repair", "refill_missed"),
}
KIND_WEIGHTS = (28, 18, 20, 22, 12)
STALE_DAYS = 10
USED_FRESH_PRICE, USED_OTHER = 0.55, 0.4
SELLERS = ("s", "r")  # of a territory: to offices, and on the route

VOICES = {  # who speaks → theme → what they say
    "seller": {
        "tasting_wait": "My buyers wait three weeks for a tasting and cool down.",
        "who_books": "I never know who books the tasting.",
        "lists_waste": "Half of the list does not pick up.",
        "late_leads": "The fair's names reach me when the fair is forgotten.",
        "good_material": "The savings sheet helps me once the price is on the table.",
    },
    "call_agent_day": {
        "refill_missed": "Most calls before ten are about beans that did not come.",
        "who_books": "People ask us for a tasting, and we have no calendar.",
        "price_question": "They ask what it costs a cup, and we may not say.",
    },
    "call_agent_night": {
        "late_repair": "Hospitals call at three in the morning when the machine is down.",
        "milk_system": "At night it is nearly always the milk system.",
    },
    "customer": {
        "noise": "It is too loud for an open office.",
        "milk_system": "Cleaning the milk system takes our assistant half an hour.",
        "good_service": "The technician knew our floor.",
        "tasting_wait": "We liked the tasting, but we had nearly signed elsewhere.",
    },
}
VOICE_WEIGHTS = (40, 20, 12, 28)
INTERVIEWS = 60


def make(seed: int, truth: Mapping[str, float]) -> dict[str, dict[str, list]]:
    """`survey_questions`, `pulse_survey`, `field_notes` and `interviews`."""
    return {
        "survey_questions": _questions(),
        "pulse_survey": _pulse(seed, truth),
        "field_notes": _notes(seed, truth),
        "interviews": _interviews(seed),
    }


def _questions() -> dict[str, list]:
    rows = [(UNDERSTANDS, "yes_no", UNDERSTANDS_TEXT)]
    rows += [(name, "yes_no", question.text) for name, question in QUESTIONS.items()]
    rows += [(name, "tick_all", text) for name, (text, _, _) in OBSTACLES.items()]
    return {name: [row[i] for row in rows] for i, name in enumerate(("question_id", "kind", "text"))}


def _pulse(seed: int, truth: Mapping[str, float]) -> dict[str, list]:
    """A row a person, wave and question. Ids are drawn anew in each wave, so nobody can be followed."""
    dice = Dice(seed, "pulse")
    table: dict[str, list] = {name: [] for name in ("wave_on", "respondent_id", "function", "question_id", "answer")}
    for wave, on in enumerate(WAVES):
        code = iter(dice.shuffled(sum(ASKED.values())).tolist())
        for place, (function, asked) in enumerate(ASKED.items()):
            answered = ANSWERED[function][wave]
            ids = sorted(f"W{wave + 1}-{next(code) + 1:03d}" for _ in range(asked))
            silent = set(dice.shuffled(asked)[answered:].tolist())
            for question, yes in _yes(truth, wave, place, answered).items():
                ticks = iter((dice.shuffled(answered) < yes).astype(int).tolist())
                for number, who in enumerate(ids):
                    answer = None if number in silent else next(ticks)
                    for name, value in zip(table, (days(on), who, function, question, answer), strict=True):
                        table[name].append(value)
    return table


def _yes(truth: Mapping[str, float], wave: int, place: int, answered: int) -> dict[str, int]:
    """How many say yes to each question of a wave."""
    last = wave == len(WAVES) - 1
    understands = truth[("pt40_marketing", "pt40_sales")[place]] if last else UNDERSTANDS_BEFORE[place][wave]
    counts = {UNDERSTANDS: round(understands * answered)}
    counts |= {
        name: round((question.sales if place else question.marketing)[wave] * answered)
        for name, question in QUESTIONS.items()
    }
    return counts | ({name: row[1 + place] for name, row in OBSTACLES.items()} if last else {})


def _notes(seed: int, truth: Mapping[str, float]) -> dict[str, list]:
    dice = Dice(seed, "field_notes")
    territory, noted, lag, kind = [], [], [], []
    for name in plan.TERRITORIES:
        for count, known, first, last in (
            (NOTES_BEFORE, DAYS_BEFORE, 6, OWNER_NAMED_DAY - 1),
            (NOTES_AFTER, DAYS_AFTER, OWNER_NAMED_DAY, LAST_NOTE_DAY),
        ):
            travel = np.concatenate([np.array(known), np.full(count - len(known), -1)])
            day = dice.whole(count, first, last)
            territory += [name] * count
            noted += np.maximum(day - np.maximum(weekday(day) - 4, 0), first).tolist()
            lag += travel[dice.shuffled(count)].tolist()
            kind += dice.pick(list(THEMES), count, KIND_WEIGHTS).tolist()
    n = len(noted)
    order = np.lexsort((np.arange(n), np.array(noted)))
    lags, kinds, day = np.array(lag)[order], np.array(kind, dtype=object)[order], np.array(noted)[order]
    used = _used(dice, lags, kinds, truth["pt41_stale_price_used"])
    used_after = dice.whole(n, 1, 9)
    return {
        "note_id": [f"N{number:04d}" for number in range(1, n + 1)],
        "territory_id": np.array(territory, dtype=object)[order].tolist(),
        "seller_id": [f"{territory[row]}-{who}" for row, who in zip(order, dice.pick(SELLERS, n), strict=True)],
        "kind": kinds.tolist(),
        "theme": [THEMES[name][int(at)] for name, at in zip(kinds, _which(dice, kinds), strict=True)],
        "noted_on": day.tolist(),
        "received_on": [int(on + wait) if wait >= 0 else None for on, wait in zip(day, lags, strict=True)],
        "used_on": [
            int(on + wait + more) if was else None
            for on, wait, more, was in zip(day, lags, used_after, used, strict=True)
        ],
    }


def _used(dice: Dice, lag: np.ndarray, kind: np.ndarray, stale_price: float) -> np.ndarray:
    """Which notes led to something: old news about prices hardly ever."""
    arrived, price = lag >= 0, kind == "price"
    used = np.zeros(len(lag), dtype=bool)
    for group, rate in (
        (arrived & price & (lag > STALE_DAYS), stale_price),
        (arrived & price & (lag <= STALE_DAYS), USED_FRESH_PRICE),
        (arrived & ~price, USED_OTHER),
    ):
        used |= dice.choose(group * 1.0, round(rate * int(group.sum())))
    return used


def _which(dice: Dice, kind: np.ndarray) -> np.ndarray:
    count = np.array([len(THEMES[name]) for name in kind])
    return (dice.uniform(len(kind)) * count).astype(np.int64)


def _interviews(seed: int) -> dict[str, list]:
    """One row an interview and theme. Nobody has talked to a buyer we lost: that task is an orphan (PT42)."""
    dice = Dice(seed, "interviews")
    speaker = np.repeat(np.array(list(VOICES), dtype=object), shares(INTERVIEWS, VOICE_WEIGHTS))[
        dice.shuffled(INTERVIEWS)
    ]
    held = np.sort(dice.whole(INTERVIEWS, days("2025-06-02"), plan.AS_OF_DAY - 8))
    where = dice.pick(plan.TERRITORIES, INTERVIEWS)
    columns = ("interview_id", "held_on", "interviewer", "spoke_with", "territory_id", "theme_code", "says")
    table: dict[str, list] = {name: [] for name in columns}
    for number, voice in enumerate(speaker):
        themes = list(VOICES[voice].items())
        day = int(held[number])
        day -= max(int(weekday(np.array(day))) - 4, 0)
        for place in sorted(dice.shuffled(len(themes))[: 1 + number % 2].tolist()):
            code, says = themes[place]
            place_of = "" if voice.startswith("call_agent") else where[number]
            row = (f"I{number + 1:03d}", day, "marketing" if number % 3 else "sales", voice, place_of, code, says)
            for name, value in zip(columns, row, strict=True):
                table[name].append(value)
    return table
