"""What sales does with assigned leads: who is touched, how soon, who is turned down (PT03, PT04).

Order: fit by person; then who of the assigned is touched, exact in each origin and fit and even over territories; then
what each person had done (intent) and how soon the touched were touched, exact among those who became an opportunity
and those who did not. Whoever was accepted was touched before.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from generator import plan
from generator.clock import working_minutes_after
from generator.dice import Dice, shares
from generator.leads import DAY, NEVER
from generator.world import World

HOUR = 60
END = plan.AS_OF_DAY * DAY
STILL_RUNNING = END - 11 * HOUR  # assigned later than 13:00 on the last day: four business hours are not over
SETTLED = END - 90 * DAY  # assigned before: had time to become an opportunity

FIT_HIGH = 60
LISTS_FIT = 0.4  # bought names fit less often than others, all else being equal
INTENTS = ("list", "download", "demo_request")
SPEEDS = ("within_hour", "within_day", "later")
# Shares of the touched by intent, and within each by speed; demo requests are called first.
TOUCHED_INTENTS = (0.25, 0.27, 0.48)
SPEED_SHARES = {"list": (0.03, 0.22, 0.75), "download": (0.2, 0.4, 0.4), "demo_request": (0.6, 0.3, 0.1)}
UNTOUCHED_INTENTS = (0.45, 0.47, 0.08)
UNSCORED_INTENTS = (0.36, 0.58, 0.06)
# How much more likely a name of this origin is only on a list than somebody who asked for something.
LISTNESS = {
    "bought_list": 0.9,
    "telemarketing": 0.8,
    "unknown": 0.5,
    "direct_mail": 0.5,
    "promotion": 0.4,
    "event": 0.4,
    "email": 0.3,
    "advertising": 0.15,
    "referral": 0.0,
}
WITHIN_DAY = (62, 77, 93, 110, 132, 156, 186, 226, 270, 340, 465)  # minutes of office hours
LATER = (490, 560, 680, 850, 1_050, 1_300, 1_650, 2_100, 2_800, 3_900, 7_200)

Rows = Mapping[str, np.ndarray]


def add(world: World) -> dict[str, dict[str, np.ndarray]]:
    """The table `leads`, widened by fit, score, intent, first touch, reasons and where a row was recycled from."""
    leads = {name: np.asarray(values) for name, values in world.made["leads"].items()}
    dice = Dice(world.seed, "response")
    fit = _fit(dice, world.truth, world.people)[np.unique(leads["contact_id"].astype(str), return_inverse=True)[1]]
    touched = _touched(dice, world.truth, leads, fit)
    intent, speed = _intent_and_speed(dice, world.truth, leads, touched)
    at, kind = _first_touch(dice, world.truth, leads, touched, speed)
    leads |= {
        "first_touch_at": at,
        "first_touch_kind": kind,
        "reject_reason": _reasons(dice, leads, at, kind),
        "fit_score": fit,
        "score": _score(dice, leads, fit),
        "intent": intent,
        "recycled_from": _recycled_from(leads),
    }
    return {"leads": leads}


def _fit(dice: Dice, truth: Mapping[str, float], people: Rows) -> np.ndarray:
    """Fit of 0–100 a person: a quarter of the marketing-qualified score high, those who get further more often."""
    mql, accepted, qualified = people["mql"], people["accepted"], people["qualified"]
    lean = (1.0 + 0.9 * accepted + 1.0 * qualified) * np.where(people["origin"] == "bought_list", LISTS_FIT, 1.0)
    total = round(truth["pt03_high_fit_share"] * int(mql.sum()))
    high = dice.choose(lean * mql, total, _codes(people["origin"]))
    fit = dice.whole(len(mql), 10, FIT_HIGH - 1)
    fit[mql] = dice.whole(int(mql.sum()), 30, FIT_HIGH - 1)
    fit[high] = dice.whole(int(high.sum()), FIT_HIGH, 96)
    return fit


def _touched(dice: Dice, truth: Mapping[str, float], leads: Rows, fit: np.ndarray) -> np.ndarray:
    """Who is touched by a human: the accepted, and of the others as many as the rates of their origin and fit ask for.

    High fit takes its rate in all (`pt03_high_fit`), in the same proportion to its origin's rate everywhere.
    """
    assigned = leads["assigned_at"] < STILL_RUNNING
    accepted = leads["accepted_at"] < NEVER
    high = fit >= FIT_HIGH
    place, time = _codes(leads["territory_id"]), leads["assigned_at"] // (91 * DAY)
    rate = {name: truth[f"pt03_{name}"] for name in plan.ORIGINS}
    mean = float(np.cumsum([rate[name] for name in leads["origin"][assigned & high]])[-1]) / int(
        (assigned & high).sum()
    )
    touched = accepted.copy()
    for name in plan.ORIGINS:
        here = assigned & (leads["origin"] == name)
        leave = round(rate[name] * int(here.sum()))
        leave_high = round(rate[name] * truth["pt03_high_fit"] / mean * int((here & high).sum()))
        for rows, left in ((here & high, leave_high), (here & ~high, leave - leave_high)):
            call = int(rows.sum()) - left - int((rows & accepted).sum())
            touched |= dice.choose((rows & ~accepted) * 1.0, call, place, time)
    running = (leads["assigned_at"] >= STILL_RUNNING) & (leads["assigned_at"] < END - 2 * HOUR)
    return touched | dice.choose(running * 1.0, int(running.sum()) // 3)


def _intent_and_speed(
    dice: Dice, truth: Mapping[str, float], leads: Rows, touched: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """What each person had done, and how soon the touched were touched ("" for the others).

    Of each intent and speed the planted share became an opportunity (within a day: what is left over).
    """
    qualified = leads["opp_id"] != ""
    listness = np.array([LISTNESS[name] for name in leads["origin"]]) + 0.8 * dice.uniform(len(qualified))
    intent = np.full(len(qualified), "", dtype=object)
    speed = intent.copy()
    scored = leads["assigned_at"] < NEVER
    for rows, mix in ((scored & ~touched, UNTOUCHED_INTENTS), (~scored, UNSCORED_INTENTS)):
        _label(intent, rows, INTENTS, shares(int(rows.sum()), mix), listness)
    for old in (True, False):
        group = touched & ((leads["assigned_at"] < SETTLED) == old)
        wins, losses = _cells(truth, int(group.sum()), int((group & qualified).sum()))
        for rows, cells in ((group & qualified, wins), (group & ~qualified, losses)):
            _label(intent, rows, INTENTS, [sum(cells[name]) for name in INTENTS], listness)
            for name in INTENTS:
                _speeds(dice, speed, leads, rows & (intent == name), cells[name])
    return intent, speed


def _cells(
    truth: Mapping[str, float], touched: int, qualified: int
) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """Opportunities, and the others, by intent and speed. Only the touched within a day have no rate of their own."""
    sizes = {
        name: shares(count, SPEED_SHARES[name])
        for name, count in zip(INTENTS, shares(touched, TOUCHED_INTENTS), strict=True)
    }
    wins = {
        name: [round(truth[f"pt04_{name}_fast"] * fast), 0, round(truth[f"pt04_{name}_slow"] * slow)]
        for name, (fast, _, slow) in sizes.items()
    }
    middle = [(truth[f"pt04_{name}_fast"] + truth[f"pt04_{name}_slow"]) * sizes[name][1] for name in INTENTS]
    left = qualified - sum(sum(row) for row in wins.values())
    for name, count in zip(INTENTS, shares(left, middle), strict=True):
        wins[name][1] = count
    losses = {name: [n - won for n, won in zip(sizes[name], wins[name], strict=True)] for name in INTENTS}
    return wins, losses


def _label(labels: np.ndarray, rows: np.ndarray, names: tuple[str, ...], counts: list[int], key: np.ndarray) -> None:
    """Write the first label to the `counts[0]` rows with the largest key, the next to those after, and so on."""
    order = np.flatnonzero(rows)
    order = order[np.argsort(-key[order], kind="stable")]
    labels[order] = np.repeat(np.array(names, dtype=object), counts)


def _speeds(dice: Dice, speed: np.ndarray, leads: Rows, rows: np.ndarray, counts: list[int]) -> None:
    """Speeds by quota; nobody is accepted before the touch, so who was accepted soon was touched soon."""
    room = leads["accepted_at"] - leads["assigned_at"]
    place = _codes(leads["territory_id"])
    later = dice.choose((rows & (room > 25 * HOUR)) * 1.0, counts[2], place)
    day = dice.choose((rows & ~later & (room > HOUR + 5)) * 1.0, counts[1], place)
    speed[rows] = SPEEDS[0]
    speed[day] = SPEEDS[1]
    speed[later] = SPEEDS[2]


def _first_touch(
    dice: Dice, truth: Mapping[str, float], leads: Rows, touched: np.ndarray, speed: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """When and by what: a human, else the automatic reply, else nothing."""
    assigned = leads["assigned_at"]
    at = np.full(len(assigned), NEVER)
    hour, day, later = (speed == name for name in SPEEDS)
    at[hour] = assigned[hour] + dice.whole(int(hour.sum()), 3, 57)
    at[day] = working_minutes_after(assigned[day], dice.spread(int(day.sum()), WITHIN_DAY).astype(np.int64))
    overnight = day & (at - assigned > 23 * HOUR)  # Friday's: then the same evening
    at[overnight] = assigned[overnight] + dice.whole(int(overnight.sum()), 61, 110)
    at[later] = working_minutes_after(assigned[later], dice.spread(int(later.sum()), LATER).astype(np.int64))
    at = np.where(touched, np.minimum(np.minimum(at, leads["accepted_at"]), END - HOUR), NEVER)
    untouched = (assigned < STILL_RUNNING) & ~touched
    silent = round(truth["pt03_nothing_at_all"] * int((assigned < STILL_RUNNING).sum()))
    replied = dice.choose(untouched * 1.0, int(untouched.sum()) - silent, _codes(leads["territory_id"]))
    at[replied] = assigned[replied] + dice.whole(int(replied.sum()), 1, 3)
    kind = np.where(touched, "human", np.where(replied, "auto", "")).astype(object)
    return at, kind


def _reasons(dice: Dice, leads: Rows, at: np.ndarray, kind: np.ndarray) -> np.ndarray:
    """Whoever was touched is accepted or turned down with a reason; the last two weeks' are not decided yet."""
    rejected = (kind == "human") & (leads["accepted_at"] == NEVER) & (at < END - 14 * DAY)
    reason = np.full(len(at), "", dtype=object)
    reason[rejected] = dice.pick(list(plan.REJECT_REASONS), int(rejected.sum()), list(plan.REJECT_REASONS.values()))
    return reason


def _score(dice: Dice, leads: Rows, fit: np.ndarray) -> np.ndarray:
    """Lead score of 0–100: fit and what the person did; 40 and more is marketing-qualified."""
    act = dice.whole(len(fit), 0, 40)
    scored = leads["mql_at"] < NEVER
    return np.where(scored, 40 + (fit + act) * 60 // 140, (fit + act) * 39 // 100)


def _recycled_from(leads: Rows) -> np.ndarray:
    """A row of somebody who had raised a hand 30 days or more before names that earlier row."""
    first: dict[str, int] = {}
    origin = np.full(len(leads["lead_id"]), "", dtype=object)
    for row, contact in enumerate(leads["contact_id"]):
        before = first.setdefault(contact, row)
        if leads["created_at"][row] - leads["created_at"][before] >= 30 * DAY:
            origin[row] = leads["lead_id"][before]
    return origin


def _codes(values: np.ndarray) -> np.ndarray:
    """Whole numbers in the order of the sorted texts."""
    return np.unique(values.astype(str), return_inverse=True)[1]
