"""When reps expect the signature, how often they move that day (PT15, PT16), and the next step of open deals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from generator import money, plan
from generator.clock import snap_to_weekday
from generator.dice import Dice, shares
from generator.leads import NEVER
from generator.world import World

DUE_BY_STEP = (0.25, 1.0, 2.6, 3.2, 0.0)  # how much more likely a deal further on is due now
WON_SLIP = (-30, -9, -4, -2, 0, 0, 0, 2, 4, 8, 25)  # days from the planned close to the signature
LOST_SLIP = (
    -260,
    -200,
    -165,
    -140,
    -115,
    -95,
    -75,
    -55,
    -30,
    -5,
    15,
)  # most losses are closed before their planned day
NO_PUSH_AMONG_FEW = 0.62  # of the deals with at most one move, those with none
MANY_PUSHES = (3, 3, 3, 4, 4, 5)
MOVED_BY = {"buyer": 0.5, "rep": 0.35, "manager": 0.15}
STUCK = 4  # open deals of a territory, moved twice and without a next step; neither the largest nor the oldest
EYE_CATCHING = 3  # as many of the largest and of the oldest are left out
NORMAL_QUANTILE = 0.8
YOUNG_AGE = 0.6  # times the normal age of the step: young by each learner's own normal age too
DAYS_A_PUSH = 14  # a deal is moved at most once in so many days
MOVED_BEFORE = (-3, 90)  # days from the move to the day that was planned until then
SHORTEST_MOVE = 7
FIRST_PLAN_DAYS = 5
OVERDUE_SINCE = 60  # a deal is not past due before this age
NEXT_STEP_DAYS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 25)


def add(world: World) -> dict[str, dict[str, Any]]:
    """Opportunities with close_date_planned and next_step_on, and the table close_date_moves."""
    dice = Dice(world.seed, "deal_dates")
    stuck_by_moves, without_step = _stuck(world)
    pushes = _pushes(dice, world, stuck_by_moves)
    planned, moves = _moves(dice, world, pushes, _planned(dice, world))
    agreed = plan.AS_OF_DAY + np.rint(dice.spread(len(planned), NEXT_STEP_DAYS)).astype(np.int64)
    next_step = np.where(world.deals["open"] & ~without_step, snap_to_weekday(agreed), NEVER)
    dates = {"close_date_planned": planned, "next_step_on": next_step}
    return {"opportunities": world.made["opportunities"] | dates, "close_date_moves": moves}


def _stuck(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Open deals whose planned close was moved twice or more, and open deals without a next step.

    In each territory the same number has both, most of them old in their step as well; two young deals have one each.
    """
    deals = world.deals
    age = _age_against_normal(deals)
    place = world.column("opportunities", "territory_id").astype(str)
    begun = plan.AS_OF_DAY - deals["created"]
    stuck, moved, without = (np.zeros(len(age), dtype=bool) for _ in range(3))
    for name in plan.TERRITORIES:
        here = np.flatnonzero(deals["open"] & (place == name))
        largest = here[np.argsort(-deals["amount"][here], kind="stable")][:EYE_CATCHING]
        oldest = here[np.argsort(-begun[here], kind="stable")][:EYE_CATCHING]
        able = np.setdiff1d(here[begun[here] >= DAYS_A_PUSH * 2], np.concatenate([largest, oldest]))
        stuck[able[np.argsort(-age[able], kind="stable")][:STUCK]] = True
        young = here[(age[here] <= YOUNG_AGE) & ~stuck[here]]
        young = young[np.argsort(-begun[young], kind="stable")]
        moved[young[:1]] = True
        without[young[1:2]] = True
    return stuck | moved, stuck | without


def _age_against_normal(deals: Mapping[str, np.ndarray]) -> np.ndarray:
    """Days each deal has stood in its step when the tables end ÷ the normal age: what 80 % of the movers needed."""
    entered = np.minimum(deals["entered"], plan.AS_OF_DAY)
    age = np.zeros(len(entered))
    for number in range(len(plan.STEPS) - 1):
        after = entered[:, number + 1 :].min(axis=1)
        days = (after - entered[:, number])[(after < plan.AS_OF_DAY) & (entered[:, number] < plan.AS_OF_DAY)]
        normal = np.sort(days)[int(NORMAL_QUANTILE * len(days))]
        here = deals["stands"] == number
        age[here] = (plan.AS_OF_DAY - entered[here, number]) / normal
    return age


def _pushes(dice: Dice, world: World, moved: np.ndarray) -> np.ndarray:
    """How often each deal's planned close is moved; longer deals more often. Rates are exact within won and lost."""
    truth, deals = world.truth, world.deals
    won = world.column("opportunities", "outcome") == "won"
    lost = ~won & ~deals["open"]
    place = world.column("opportunities", "territory_id").astype(str)
    lasted = np.minimum(deals["closed"], plan.AS_OF_DAY) - deals["created"]
    few, two = truth["pt15_few_share"], truth["pt15_two_share"]
    parts = np.array([few, two, 1 - few - two])
    rates = np.array([truth["pt15_few"], truth["pt15_two"], truth["pt15_many"]])
    pushes = np.zeros(len(won), dtype=np.int64)
    for rows, weights in ((won, parts * rates), (lost, parts * (1 - rates))):
        _, twice, often = shares(int(rows.sum()), list(weights))
        many = dice.choose(rows * np.maximum(lasted - DAYS_A_PUSH * 3, 0), often, place)
        double = dice.choose(rows * ~many * np.maximum(lasted - DAYS_A_PUSH * 2, 0), twice, place)
        pushes[many] = dice.pick(MANY_PUSHES, often).astype(np.int64)
        pushes[double] = 2
    pushes[moved] = dice.pick((2, 2, 3), int(moved.sum())).astype(np.int64)
    once = (pushes == 0) & (lasted >= DAYS_A_PUSH)
    pushes[dice.choose(once * 1.0, round((1 - NO_PUSH_AMONG_FEW) * int((pushes == 0).sum())), place)] = 1
    return np.minimum(pushes, np.maximum(lasted // DAYS_A_PUSH, 1))


def _planned(dice: Dice, world: World) -> np.ndarray:
    """Planned close of each deal after all moves.

    Open deals are due this quarter or past due, each worth the truth's euros, or due later.
    """
    deals, amount = world.deals, world.deals["amount"]
    n = len(amount)
    won = world.column("opportunities", "outcome") == "won"
    slip = np.where(won, dice.draw(n, WON_SLIP), dice.draw(n, LOST_SLIP))
    planned = deals["closed"] - np.rint(slip).astype(np.int64)
    weight = np.array(DUE_BY_STEP)[deals["stands"]] * deals["open"]
    due = _worth(dice, weight, amount, world.truth["pt16_due"])
    old = deals["open"] & (deals["created"] < plan.AS_OF_DAY - OVERDUE_SINCE)
    overdue = _worth(dice, (old & ~due) * 1.0, amount, world.truth["pt16_past_due"])
    quarter_end = money.days(money.LAST_SLOT)
    later = quarter_end + 1 + dice.whole(n, 0, 150)
    soon = plan.AS_OF_DAY + dice.whole(n, 3, quarter_end - plan.AS_OF_DAY)
    past = plan.AS_OF_DAY - dice.whole(n, 3, 21)
    planned = np.where(deals["open"], np.where(due, soon, np.where(overdue, past, later)), planned)
    return np.maximum(planned, deals["created"] + FIRST_PLAN_DAYS)


def _worth(dice: Dice, weight: np.ndarray, amount: np.ndarray, euros: float) -> np.ndarray:
    """Rows worth `euros` together, those of greater weight more likely; a row that would be too much is passed over."""
    order = np.argsort(dice.uniform(len(weight)) / np.maximum(weight, 1e-9), kind="stable")
    taken, left = np.zeros(len(weight), dtype=bool), round(euros)
    for row in order[weight[order] > 0]:
        if amount[row] <= left:
            taken[row] = True
            left -= int(amount[row])
    return taken


def _moves(dice: Dice, world: World, pushes: np.ndarray, planned: np.ndarray) -> tuple[np.ndarray, dict[str, list]]:
    """The planned close after all moves, and one row a move: spread over the deal's life, each to a later day."""
    deals, opp_id = world.deals, world.column("opportunities", "opp_id")
    planned = planned.copy()
    end = np.minimum(np.minimum(deals["closed"], plan.AS_OF_DAY), planned - SHORTEST_MOVE) - 1
    end = np.maximum(end, deals["created"] + pushes * 2)
    rows: list[tuple] = []
    for row in np.flatnonzero(pushes):
        count, begin = int(pushes[row]), int(deals["created"][row])
        pace = (int(end[row]) - begin) / (count + 0.5)
        on = [begin + int(pace * (number + 0.9 * share)) for number, share in enumerate(dice.uniform(count), start=0)]
        on = [max(day, begin + 1 + number) for number, day in enumerate(on)]
        before = [day + int(more) for day, more in zip(on, dice.whole(count, *MOVED_BEFORE), strict=True)]
        last = max(int(planned[row]), on[-1] + SHORTEST_MOVE)
        planned[row] = last
        after = last
        mine = []
        for day, was in zip(reversed(on), reversed(before), strict=True):
            was = max(min(was, after - SHORTEST_MOVE), begin)
            mine.append((opp_id[row], day, was, after))
            after = was
        rows += reversed(mine)
    names = ("opp_id", "moved_on", "close_date_before", "close_date_after")
    table = {name: [row[i] for row in rows] for i, name in enumerate(names)}
    return planned, table | {"moved_by": dice.pick(list(MOVED_BY), len(rows), list(MOVED_BY.values())).tolist()}
