"""Opportunities: their size, how far each comes and how long it takes.

Order: list the deals, give them a size and a site, walk them step by step with quotas, then give every step its days.
Fates come before territories and accounts, so that `places.py` can deal them out evenly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from generator import plan
from generator.clock import snap_to_weekday
from generator.dice import Dice
from generator.leads import NEVER

SMALL_MEAN_EUR = 8_900
LARGE_MEAN_EUR = 45_300
LARGE_LIMIT_EUR = 25_000
SITE_OF_LARGE, SITE_OF_SMALL = 0.62, 0.18  # share of deals at large sites, by size of deal
SITE_POINTS = 0.09  # large sites convert this much less in the trial, whatever they wait
WAIT_CAP_DAYS = 40
LOST_SMALL = 1.04  # origins that win more also have dearer small deals; this lets size alone part count from value
YOUNG_WINS = 0.965  # wins close sooner than losses: without this the decided among young deals would hold too many wins


def make_deals(seed: int, truth: Mapping[str, float], people: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """One element a deal, by day of creation. `reached` is the last step (0 qualified … 4 won), `entered` its days."""
    dice = Dice(seed, f"deals {plan.DEALS_DRAW}")
    deals = _list_deals(dice, people)
    rate, large = _sizes(dice, truth, deals)
    deals |= {"large": large, "large_site": _sites(dice, large)}
    reached, wait, skipped = _walk(dice, truth, deals, rate)
    deals |= {"reached": reached, "wait": wait, "skipped": skipped}
    deals |= _timeline(dice, deals)
    deals["amount"] = _amounts(dice, deals)
    return deals


def _list_deals(dice: Dice, people: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Deals from leads and from sales' own prospecting, sorted by day; `person` is −1 for the latter."""
    person = np.flatnonzero(people["qualified_day"] < NEVER)
    day = people["qualified_day"][person]
    edges = (0, plan.SECOND_YEAR_DAY, plan.MATURE_DAY, plan.AS_OF_DAY)
    own = []
    for begin, end, total in zip(edges, edges[1:], plan.SALES_YEARS, strict=False):
        days = begin + ((np.arange(total) + dice.uniform(total)) / total * (end - begin)).astype(np.int64)
        own.append(np.where(snap_to_weekday(days) < end, snap_to_weekday(days), days - 3))
    own_day = np.concatenate(own)
    created = np.concatenate([day, own_day])
    person = np.concatenate([person, np.full(len(own_day), -1)])
    order = np.lexsort((dice.uniform(len(created)), created))
    person, created = person[order], created[order]
    from_lead = person >= 0
    origin = np.where(from_lead, people["origin"][person], plan.SALES_ORIGIN)
    mature = np.where(from_lead, people["mature"][person], created < plan.MATURE_DAY)
    return {"person": person, "created": created, "origin": origin, "mature": mature.astype(bool)}


def _sizes(dice: Dice, truth: Mapping[str, float], deals: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Each deal's true chance to be won, and whether it is large.

    Chances: an origin's rate is its wins ÷ its opportunities; what sales found itself makes up the company's rate.
    Large deals are won at `pt09_large` in all, at the same fraction of its own rate in each origin.
    """
    origin, mature = deals["origin"], deals["mature"]
    rates = {name: row.won / row.opportunities for name, row in plan.ORIGINS.items()}
    means = {name: row.won_mean_eur for name, row in plan.ORIGINS.items()} | {
        plan.SALES_ORIGIN: plan.SALES_WON_MEAN_EUR
    }
    found = origin == plan.SALES_ORIGIN
    wins_from_leads = sum(row.won for row in plan.ORIGINS.values())
    rates[plan.SALES_ORIGIN] = (truth["pt09_by_count"] * int(mature.sum()) - wins_from_leads) / int(
        (found & mature).sum()
    )
    rate = np.array([rates[name] for name in origin]) * np.where(mature, 1.0, YOUNG_WINS)
    lean = np.array(
        [max(means[name] - 6_000, 0) for name in origin], dtype=float
    )  # origins with dear deals have more large ones
    large = np.zeros(len(origin), dtype=bool)
    for group in (mature & ~found, mature & found, ~mature):
        large |= dice.choose(lean * group, round(truth["pt09_large_share"] * int(group.sum())), origin)
    fraction = truth["pt09_large"] / (float(np.cumsum(rate[large])[-1]) / int(large.sum()))
    chance = rate * fraction
    for name in rates:
        here = origin == name
        share = large[here].mean()
        chance[here & ~large] = rate[here & ~large] * (1 - share * fraction) / (1 - share)
    return chance, large


def _sites(dice: Dice, large: np.ndarray) -> np.ndarray:
    """Which deals are at large sites; more often the large deals."""
    site = np.zeros(len(large), dtype=bool)
    for size, share in ((True, SITE_OF_LARGE), (False, SITE_OF_SMALL)):
        site |= dice.choose(
            (large == size) * 1.0, round(share * int((large == size).sum())), np.arange(len(large)) // 50
        )
    return site


def _walk(
    dice: Dice, truth: Mapping[str, float], deals: Mapping[str, np.ndarray], rate: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Step by step: who moves on. Returns the last step reached, the days of waiting for the trial, the step skipped.

    A deal's chance is spread over the four steps by its fourth root, so the truths' step rates hold for all deals
    together and every origin and size ends at its own rate. Within the trial, waiting costs its points a day.
    """
    origin, mature, large, site = deals["origin"], deals["mature"], deals["large"], deals["large_site"]
    n = len(rate)
    steps = [truth[f"pt01_{name}"] for name in plan.STEPS[1:]]
    lift = (rate / (steps[0] * steps[1] * steps[2] * steps[3])) ** 0.25
    group = mature * 2 + (origin == plan.SALES_ORIGIN)
    half_year = deals["created"] // 182

    planned = steps[0] * steps[1] * steps[2] * steps[3]
    nudge = (float(np.cumsum(rate * mature)[-1]) / int(mature.sum()) / planned) ** 0.25

    def level(standing: np.ndarray, number: int) -> np.ndarray:
        """Chances of step `number`, scaled so that mature deals in all move on at the truth's rate × nudge."""
        chance, counted = steps[number] * lift, standing & mature
        middle = float(np.cumsum(chance * counted)[-1]) / int(counted.sum())
        return np.minimum(chance * (steps[number] * nudge / middle), 1.0)

    def move(standing: np.ndarray, chance: np.ndarray, *strata: np.ndarray) -> np.ndarray:
        moved = np.zeros(n, dtype=bool)
        for number in range(4):
            here = standing & (group == number)
            moved |= dice.choose(chance * here, round(float(np.cumsum(chance * here)[-1])), *strata)
        return moved

    everyone = np.ones(n, dtype=bool)
    in_trial = move(everyone, level(everyone, 0), origin, large, half_year)
    skippers = round(truth["pt01_skips"] * n)
    skipped = np.full(n, "", dtype=object)
    first = dice.choose(in_trial * 1.0, round(skippers * plan.SKIPS["trial"]), half_year)
    skipped[first] = "trial"
    wait = _waits(dice, truth, in_trial & ~first, site)
    in_proposal = first | _through_trial(dice, truth, in_trial & ~first, level(in_trial, 1), wait, site, first, group)
    in_decision = move(in_proposal, level(in_proposal, 2), origin, large, half_year)
    last = steps[3] * lift
    for size in (True, False):  # the last step gives each size what sites and scaling took from it on the way
        expected = float(np.cumsum(rate * (large == size))[-1])
        last[large == size] *= expected / float(np.cumsum(last * (in_decision & (large == size)))[-1])
    last = np.minimum(last, 1.0)
    won = _wins(dice, deals, in_decision, last, move, half_year)
    second = dice.choose((in_decision & ~first) * 1.0, round(skippers * plan.SKIPS["proposal"]), half_year)
    skipped[second] = "proposal"
    third = dice.choose((won & ~first & ~second) * 1.0, skippers - int((first | second).sum()), half_year)
    skipped[third] = "decision"
    reached = in_trial.astype(np.int64) + in_proposal + in_decision + won
    return reached, wait, skipped


def _waits(dice: Dice, truth: Mapping[str, float], waiting: np.ndarray, site: np.ndarray) -> np.ndarray:
    """Days from request to tasting, −1 where there is none. Large sites wait longer by the truth's ratio."""
    ratio = truth["pt02_large_site_wait"]
    share = float(site[waiting].mean())
    common = truth["pt02_wait"] / (1 + (ratio - 1) * share)  # so that the median of all is the truth's
    wait = np.full(len(waiting), -1, dtype=np.int64)
    for large, median in ((True, common * ratio), (False, common)):
        here = waiting & (site == large)
        wait[here] = np.rint(dice.spread(int(here.sum()), plan.WAIT_SHAPE) * median).astype(np.int64)
    return wait


def _through_trial(
    dice: Dice,
    truth: Mapping[str, float],
    standing: np.ndarray,
    chance: np.ndarray,
    wait: np.ndarray,
    site: np.ndarray,
    skippers: np.ndarray,
    group: np.ndarray,
) -> np.ndarray:
    """Who passes the trial: own chance, less for every day of waiting up to the cap, less at large sites."""
    days = np.minimum(wait, WAIT_CAP_DAYS)
    moved = np.zeros(len(standing), dtype=bool)
    middle = float(days[standing].mean())
    tilt = truth["pt02_effect_a_day"] * (days - middle) - SITE_POINTS * (site - float(site[standing].mean()))
    for number in range(4):
        here = standing & (group == number)
        all_of_them = here | (skippers & (group == number))
        total = round(float(np.cumsum(chance * all_of_them)[-1])) - int((skippers & (group == number)).sum())
        chances = np.clip(chance + tilt, 0.02, 0.98) * here
        moved |= dice.choose(chances, total, site, days // 4)
    return moved


def _wins(
    dice: Dice,
    deals: Mapping[str, np.ndarray],
    standing: np.ndarray,
    chance: np.ndarray,
    move: Callable[..., np.ndarray],
    half_year: np.ndarray,
) -> np.ndarray:
    """Who signs. The mature leads' wins are exact by origin; the rest follow their chances."""
    origin, large = deals["origin"], deals["large"]
    from_mature_lead = deals["mature"] & (origin != plan.SALES_ORIGIN)
    won = move(standing & ~from_mature_lead, chance, origin, large, half_year)
    for name, row in plan.ORIGINS.items():
        here = standing & from_mature_lead & (origin == name)
        won |= dice.choose(chance * here, row.won, large, half_year)
    return won


def _timeline(dice: Dice, deals: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Day each step was entered (NEVER if not), day of closing, and what had happened when the tables end.

    A deal that is lost falls silent in its last step and is closed 45–55 days later, never before its tasting.
    """
    n = len(deals["created"])
    reached, wait, skipped = deals["reached"], deals["wait"], deals["skipped"]
    entered = np.full((n, len(plan.STEPS)), NEVER)
    entered[:, 0] = deals["created"]
    now = deals["created"].copy()
    for number, step in enumerate(plan.STEPS[:-1]):
        moves = reached > number
        days = np.zeros(n, dtype=np.int64)
        if step == "trial":
            report = np.rint(dice.spread(int(moves.sum()), plan.REPORT_DAYS)).astype(np.int64)
            days[moves] = np.maximum(wait[moves], 0) + report
        else:
            days[moves] = np.rint(dice.spread(int(moves.sum()), plan.MOVE_DAYS[step])).astype(np.int64)
        days[moves & (skipped == step)] = 0
        now = np.where(moves, snap_to_weekday(now + np.where(skipped == step, 0, np.maximum(days, 1))), now)
        here = moves & (skipped != plan.STEPS[number + 1])
        entered[here, number + 1] = now[here]
    silent = np.zeros(n, dtype=np.int64)
    for number, step in enumerate(plan.STEPS[:-1]):
        here = reached == number
        silent[here] = np.rint(dice.spread(int(here.sum()), plan.SILENT_AFTER[step])).astype(np.int64)
    lingered = snap_to_weekday(now + silent + dice.whole(n, *plan.LINGER_DAYS))
    tasting = np.where(wait >= 0, snap_to_weekday(entered[:, 1] + np.maximum(wait, 0)), -1)
    lingered = np.where(reached == 1, np.maximum(lingered, snap_to_weekday(tasting + 1)), lingered)
    closed = np.where(reached == len(plan.STEPS) - 1, now, lingered)
    is_open = closed >= plan.AS_OF_DAY
    entered[entered >= plan.AS_OF_DAY] = NEVER
    stands = np.where(entered < NEVER, np.arange(len(plan.STEPS)), -1).max(axis=1)
    return {"entered": entered, "closed": closed, "open": is_open, "stands": stands, "tasting": tasting}


def _amounts(dice: Dice, deals: Mapping[str, np.ndarray]) -> np.ndarray:
    """Euros, in tens. An origin's small deals are scaled until the mean of its won deals is the plan's."""
    origin, large = deals["origin"], deals["large"]
    n = len(origin)
    amount = np.zeros(n)
    won = (deals["reached"] == len(plan.STEPS) - 1) & ~deals["open"]
    for group in (won & deals["mature"], won & ~deals["mature"], ~won & ~deals["open"], deals["open"]):
        for size, deciles in ((True, plan.LARGE_DEAL_DECILES), (False, plan.SMALL_DEAL_DECILES)):
            here = (large == size) & group
            amount[here] = dice.spread(int(here.sum()), deciles)
    means = {name: row.won_mean_eur for name, row in plan.ORIGINS.items()} | {
        plan.SALES_ORIGIN: plan.SALES_WON_MEAN_EUR
    }
    for name, mean in means.items():
        here = (origin == name) & ~large
        won_here = (origin == name) & won & deals["mature"]
        wanted = mean * int(won_here.sum()) - int(np.rint(amount[won_here & large]).sum())
        base, factor = amount[here].copy(), 1.0
        for _ in range(12):  # folding takes some of each scaling back, so it is repeated
            amount[here] = _below_limit(base * factor)
            factor *= wanted / float(np.rint(amount[won_here & ~large]).sum())
    others = ~large & ~won
    amount[others] = _below_limit(amount[others] * LOST_SMALL)
    return (np.rint(amount / 10) * 10).astype(np.int64)


def _below_limit(amount: np.ndarray) -> np.ndarray:
    """Small deals stay small: what would pass the limit is folded back below it."""
    limit = LARGE_LIMIT_EUR - 100
    return np.where(amount > limit, np.maximum(limit - (amount - limit), 10_000), amount)
