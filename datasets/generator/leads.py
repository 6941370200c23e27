"""People who raise a hand: when, by which origin, and how far they come before sales makes a deal of them.

Order: volume first (growth and season), then origins, then fates by quota, then times, then what had not happened
yet when the tables end is taken away. Every array has one element a person, in order of the first raised hand.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from generator import plan
from generator.clock import office_hours, snap_to_weekday
from generator.dice import Dice, shares

HOUR = 60
DAY = 24 * HOUR
NEVER = np.int64(1 << 40)


def raise_hands(seed: int, truth: Mapping[str, float]) -> dict[str, np.ndarray]:
    """People by first raised hand: minutes of each event (NEVER when it does not happen), origin, fate."""
    dice = Dice(seed, "leads")
    created_day = _days(dice, 1 + truth["pt01_growth"])
    created = created_day * DAY + dice.draw(len(created_day), _HOURS_OF_DAY).astype(np.int64)
    created.sort(kind="stable")
    created_day = created // DAY
    mature = created_day < plan.MATURE_DAY
    origin = _origins(dice, mature)
    quarter = created_day // 91
    mql, accepted, qualified = _fates(dice, truth, origin, mature, quarter)
    _give_lists_their_share(Dice(seed, "list_share"), truth, origin, mature, mql & ~accepted, mql, quarter)
    people = {"origin": origin, "mature": mature, "mql": mql, "accepted": accepted, "qualified": qualified}
    return people | _times(dice, created, mql, accepted, qualified)


def repeats(seed: int, people: Mapping[str, np.ndarray], share: float) -> dict[str, np.ndarray]:
    """Second raised hands: who (row of `people`), when, when scored and routed. They are never accepted again."""
    dice = Dice(seed, "repeats")
    end = plan.AS_OF_DAY * DAY
    scored = people["mql_at"] < end
    base = np.where(scored, 1.0, 0.0)
    early = people["mql_at"] < end - 60 * DAY  # a second hand needs time to be raised
    total = round(share * int(scored.sum()))
    who = np.flatnonzero(dice.choose(base * early, total, people["mature"], people["origin"], people["accepted"]))
    n = len(who)
    room = end - DAY - people["mql_at"][who]
    gap = np.minimum(dice.spread(n, _REPEAT_DAYS) * DAY, room * 0.9).astype(np.int64)
    created = people["mql_at"][who] + np.maximum(gap, 3 * DAY)
    mql_at = np.minimum(created + (dice.spread(n, plan.MQL_HOURS) * 0.3 * HOUR).astype(np.int64), end - 18 * HOUR)
    mql_at = np.maximum(mql_at, created)
    assigned = office_hours(mql_at + dice.whole(n, 5, 200), dice)
    assigned[assigned >= end] = NEVER
    return {"who": who, "created_at": created, "mql_at": mql_at, "assigned_at": assigned}


_HOURS_OF_DAY = (390, 520, 570, 610, 660, 720, 800, 880, 950, 1050, 1330)  # minutes after midnight
_REPEAT_DAYS = (5, 15, 25, 40, 55, 75, 100, 130, 170, 230, 420)


def _days(dice: Dice, growth: float) -> np.ndarray:
    """The day of every first raised hand, ascending: exact yearly totals, season within the year, growth throughout."""
    mature = sum(origin.leads for origin in plan.ORIGINS.values())
    first = round(mature / (1 + growth))
    second = mature - first
    edges = (0, plan.SECOND_YEAR_DAY, plan.MATURE_DAY, plan.AS_OF_DAY)
    third = round(second * growth * (edges[3] - edges[2]) / 365)
    calendar = plan.START + np.arange(plan.AS_OF_DAY)
    month = calendar.astype("datetime64[M]").astype(int) % 12
    weekday = (calendar.astype(int) + 3) % 7
    weight = np.array(plan.MONTHS)[month] * np.array(plan.WEEKDAYS)[weekday]
    days = []
    for begin, end, total in zip(edges, edges[1:], (first, second, third), strict=False):
        ramp = 1 + (growth - 1) * (np.arange(end - begin) / (end - begin))
        lengths = np.rint(weight[begin:end] * ramp * 1e6).astype(np.int64)
        ends = np.cumsum(lengths)
        marks = (ends * 2 * total + ends[-1]) // (2 * ends[-1])
        days.append(begin + np.repeat(np.arange(end - begin), np.diff(marks, prepend=0)))
    return np.concatenate(days)


def _origins(dice: Dice, mature: np.ndarray) -> np.ndarray:
    """An origin for each person: exact counts in the mature cohort, the same mix afterwards, evenly through time."""
    names = list(plan.ORIGINS)
    counts = [origin.leads for origin in plan.ORIGINS.values()]
    young = shares(int((~mature).sum()), counts)
    old_labels = dice.deal(names, counts, np.arange(sum(counts)))
    return np.concatenate([old_labels, dice.deal(names, young, np.arange(sum(young)))])


def _fates(
    dice: Dice, truth: Mapping[str, float], origin: np.ndarray, mature: np.ndarray, quarter: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Who will be marketing-qualified, accepted, qualified: by quota within origin, cohort and quarter.

    The company's three rates and each origin's opportunities are given. How an origin's edge is spread over the three
    steps is not, so it is split by powers: half on scoring, four tenths on acceptance, one tenth on the first talk.
    """
    rates = _rates(truth)
    mql = np.zeros(len(origin), dtype=bool)
    accepted, qualified = mql.copy(), mql.copy()
    for cohort in (True, False):
        for name, (to_mql, to_accepted, to_deal) in rates.items():
            here = (mature == cohort) & (origin == name)
            n = int(here.sum())
            scored = round(n * to_mql)
            taken = round(n * to_mql * to_accepted)
            deals = plan.ORIGINS[name].opportunities if cohort else round(n * to_mql * to_accepted * to_deal)
            mql |= dice.choose(here * 1.0, scored, quarter)
            accepted |= dice.choose((here & mql) * 1.0, taken, quarter)
            qualified |= dice.choose((here & accepted) * 1.0, deals, quarter)
    return mql, accepted, qualified


def _rates(truth: Mapping[str, float]) -> dict[str, tuple[float, float, float]]:
    """Per origin: the three rates, scaled so that the company's totals are those of the truths."""
    step = [truth["pt01_marketing_qualified"], truth["pt01_accepted"], truth["pt01_qualified"]]
    people = sum(row.leads for row in plan.ORIGINS.values())
    edge = {name: row.opportunities / row.leads / (step[0] * step[1] * step[2]) for name, row in plan.ORIGINS.items()}
    deals = {name: float(row.opportunities) for name, row in plan.ORIGINS.items()}
    taken = {name: deals[name] / edge[name] ** 0.1 for name in deals}
    scale = people * step[0] * step[1] / sum(taken.values())
    taken = {name: value * scale for name, value in taken.items()}
    scored = {name: taken[name] / edge[name] ** 0.4 for name in deals}
    scale = people * step[0] / sum(scored.values())
    scored = {name: value * scale for name, value in scored.items()}
    return {
        name: (scored[name] / row.leads, taken[name] / scored[name], deals[name] / taken[name])
        for name, row in plan.ORIGINS.items()
    }


def _give_lists_their_share(
    dice: Dice,
    truth: Mapping[str, float],
    origin: np.ndarray,
    mature: np.ndarray,
    stopped: np.ndarray,
    mql: np.ndarray,
    quarter: np.ndarray,
) -> None:
    """Change origins with one another, in place, until bought names are as many of the scored as untouched rates need.

    The untouched share of all, of lists and of the rest leave lists only one share of the scored. Names that were
    scored and never accepted (`stopped`) change labels with bought names that were not scored, within a quarter:
    nobody's fate or time changes, and each origin keeps its number of people, opportunities and wins.
    """
    everybody, rest, lists = (truth[f"pt03_{name}"] for name in ("untouched", "without_lists", "bought_list"))
    share = (everybody - rest) / (lists - rest)
    bought = origin == "bought_list"
    for cohort in (True, False):
        here = mature == cohort
        more = round(share * int((here & mql).sum())) - int((here & mql & bought).sum())
        give = dice.choose((here & stopped & ~bought) * 1.0, more, quarter, np.unique(origin, return_inverse=True)[1])
        take = dice.choose((here & ~mql & bought) * 1.0, more, quarter)
        origin[take] = origin[give]
        origin[give] = "bought_list"


def _times(
    dice: Dice, created: np.ndarray, mql: np.ndarray, accepted: np.ndarray, qualified: np.ndarray
) -> dict[str, np.ndarray]:
    """Minutes of each event in order; what would fall on or after the tables' end is NEVER."""
    end = plan.AS_OF_DAY * DAY
    mql_at = np.full(len(created), NEVER)
    mql_at[mql] = created[mql] + (dice.spread(int(mql.sum()), plan.MQL_HOURS) * HOUR).astype(np.int64)
    assigned_at = mql_at.copy()
    assigned_at[mql] = office_hours(mql_at[mql] + dice.whole(int(mql.sum()), 5, 240), dice)
    accepted_at = np.full(len(created), NEVER)
    wait = (dice.spread(int(accepted.sum()), plan.ACCEPT_HOURS) * HOUR).astype(np.int64)
    accepted_at[accepted] = np.maximum(office_hours(assigned_at[accepted] + wait, dice), assigned_at[accepted] + 10)
    qualified_day = np.full(len(created), NEVER)
    days = np.rint(dice.spread(int(qualified.sum()), plan.QUALIFY_DAYS)).astype(np.int64)
    qualified_day[qualified] = snap_to_weekday(accepted_at[qualified] // DAY + np.maximum(days, 1))
    for times in (mql_at, assigned_at, accepted_at):
        times[times >= end] = NEVER
    qualified_day[qualified_day >= plan.AS_OF_DAY] = NEVER
    return {
        "created_at": created,
        "mql_at": mql_at,
        "assigned_at": assigned_at,
        "accepted_at": accepted_at,
        "qualified_day": qualified_day,
    }
