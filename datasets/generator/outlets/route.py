"""Orders of the outlets since 2024: what a customer's quarter looks like, and how 2026 began (PT35, PT36).

Revenue of the first quarter fell by 8 % everywhere. In T01–T12 the new pack took 8 % of the cases of an order, in
T13–T24 six customers in a hundred left. Whoever orders twice in a first quarter does so in both years, and cases keep
to the outlet, so that a learner's sample of outlets shows the same.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from generator import plan
from generator.dice import Dice, shares
from generator.money import days
from generator.orders import PRODUCTS
from generator.outlets.buyers import USUAL_CASES, Buyers, cause, dealt_evenly

QUARTERS = tuple(f"{year}-{month:02d}-01" for year in (2024, 2025, 2026) for month in (1, 4, 7, 10))[:10]
BEFORE, AFTER = 4, 8  # the first quarters of 2025 and of 2026
ORDERS_A_QUARTER = 1.4
PRODUCT_MIX = {"PR1": 0.2, "PR2": 0.12, "PR3": 0.1, "PR4": 0.34, "PR5": 0.2, "PR6": 0.04}
CAUSES = ("mix", "execution")
STARTS = (1, 2, 3, 4)  # quarters in which two standing customers a territory began
SECOND_PRODUCT = 0.6  # of customers stock two
NET_CENTS, COST_SHARE = 4_120, 0.70  # a case and of net revenue, over the last twelve months
DISCOUNT = (0.02, 0.04, 0.06, 0.07, 0.08, 0.09, 0.1, 0.11, 0.12, 0.14, 0.18)
TOP_UP_SHARE = 0.4  # of second orders that follow within two weeks


def make_route_orders(
    seed: int, truth: Mapping[str, float], place: np.ndarray, buyers: Buyers
) -> dict[str, np.ndarray]:
    """Order lines by day: `outlet` (row number), `delivery`, `day`, `product`, `cases`, `net` and `cost` (cents)."""
    dice = Dice(seed, "route_orders")
    rows = np.flatnonzero(buyers.status != "")
    status, place, why = buyers.status[rows], place[rows], cause(place[rows])
    usual = np.isin(buyers.order_cases[rows], USUAL_CASES)
    counts = _orders_a_quarter(dice, truth, status, place, why, usual)
    who, quarter, day = _days(dice, counts)
    cases = _cases(dice, truth, buyers.order_cases[rows], who, quarter, why, place)
    keep = day < plan.AS_OF_DAY
    who, quarter, day, cases = (values[keep] for values in (who, quarter, day, cases))
    order = np.lexsort((who, day))
    who, quarter, day, cases = (values[order] for values in (who, quarter, day, cases))
    first, second = stocked_products(seed, place, status)
    part = np.where((second[who] >= 0) & (cases > 1) & (dice.uniform(len(who)) < 0.75), np.maximum(cases // 3, 1), 0)
    two = np.flatnonzero(part > 0)
    line = np.argsort(np.concatenate([np.arange(len(who)) * 2, two * 2 + 1]), kind="stable")
    at = np.concatenate([np.arange(len(who)), two])[line]
    product = np.concatenate([first[who], second[who[two]]])[line]
    line_cases = np.concatenate([cases - part, part[two]])[line]
    discount = dice.spread(len(rows), DISCOUNT)
    return {
        "outlet": rows[who[at]],
        "delivery": at,
        "day": day[at],
        "quarter": quarter[at],
        "product": product,
        "cases": line_cases,
        **_money(truth, product, line_cases, discount[who[at]], day[at], why[who[at]], quarter[at]),
    }


def stocked_products(seed: int, place: np.ndarray, status: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First and second product (row numbers) of each customer; −1 where there is no second."""
    dice = Dice(seed, "route_products")
    n, kinds = len(place), len(PRODUCT_MIX)
    mix = np.repeat(np.arange(kinds), shares(n, list(PRODUCT_MIX.values())))
    first = dealt_evenly(dice, mix, place, np.unique(status.astype(str), return_inverse=True)[1])
    second = (first + dice.whole(n, 1, kinds - 1)) % kinds
    return first, np.where(dice.uniform(n) < SECOND_PRODUCT, second, -1)


def _orders_a_quarter(
    dice: Dice, truth: Mapping[str, float], status: np.ndarray, place: np.ndarray, why: np.ndarray, usual: np.ndarray
) -> np.ndarray:
    """Customers × quarters: how many orders. Zero before the beginning and after the end of a customer.

    Whoever orders twice in a first quarter and once in the next has `usual` cases.
    """
    n, last = len(status), len(QUARTERS)
    begins = np.select([status == "new", status == "recent"], [AFTER, AFTER + 1], 0)
    ends = np.where(status == "lapsed", AFTER, last)
    for i in range(len(plan.TERRITORIES)):
        standing = np.flatnonzero((place == i) & (status == "standing"))
        late = standing[dice.shuffled(len(standing))][: 2 * len(STARTS)]
        begins[late] = np.repeat(STARTS, 2)
    number = np.arange(last)
    buys = (number >= begins[:, None]) & (number < ends[:, None])
    buys &= ~((status == "returned")[:, None] & (number >= BEFORE - 1) & (number < AFTER))
    counts = buys.astype(np.int64)
    again = (ORDERS_A_QUARTER - 1) * np.ones(n)
    for quarter in range(last):
        here = buys[:, quarter]
        if quarter not in (BEFORE, AFTER):
            counts[:, quarter] += dice.choose(again * here, round(float((again * here).sum())), place)
    twice = {}
    for name in CAUSES:
        own = why == name
        here = own & buys[:, BEFORE]
        total = round(ORDERS_A_QUARTER * int(here.sum()))
        lapsing = (status == "lapsed").astype(np.int64)
        twice[BEFORE] = dice.choose(here * 1.0, total - int(here.sum()), lapsing, place)
        now = own & buys[:, AFTER]
        change = (1 + truth[f"pt35_{name}_orders"]) * total / int(here.sum())
        wanted = round(change * int(now.sum())) - int(now.sum())
        stay = twice[BEFORE] & now
        started = now & ~buys[:, BEFORE]
        fresh = dice.choose(started * 1.0, round(wanted * int(started.sum()) / int(now.sum())), place)
        fewer = max(int(stay.sum()) - wanted + int(fresh.sum()), 0)
        kept = stay & ~dice.choose((stay & usual) * 1.0, fewer, place)
        more = dice.choose((now & ~kept & ~fresh) * 1.0, wanted - int(kept.sum()) - int(fresh.sum()), place)
        counts[:, BEFORE] += twice[BEFORE]
        counts[:, AFTER] += kept | fresh | more
    return counts


def _days(dice: Dice, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Customer, quarter and day of each order; a second one comes after six weeks, or as a top-up within two."""
    who, quarter = np.nonzero(counts)
    start = np.array([days(date) for date in QUARTERS])[quarter]
    two = counts[who, quarter] > 1
    top_up = two & dice.choose(two * 1.0, round(TOP_UP_SHARE * int(two.sum())), quarter)
    usual = dice.whole(counts.shape[0], 0, 40)[who] + dice.whole(len(who), 0, 6)
    late = quarter == AFTER + 1
    single = np.where(late, usual % 43, usual + dice.whole(len(who), 0, 40))
    first = start + np.where(two, np.where(top_up, usual % 14, usual), single)
    second = first + np.where(top_up, dice.whole(len(who), 6, 12), dice.whole(len(who), 38, 42))
    return (
        np.concatenate([who, who[two]]),
        np.concatenate([quarter, quarter[two]]),
        np.concatenate([first, second[two]]),
    )


def _cases(
    dice: Dice,
    truth: Mapping[str, float],
    usual: np.ndarray,
    who: np.ndarray,
    quarter: np.ndarray,
    why: np.ndarray,
    place: np.ndarray,
) -> np.ndarray:
    """Cases of each order: the usual ones in both first quarters; the new pack makes them fewer in T01–T12."""
    cases = np.maximum(usual[who] + dice.whole(len(who), -1, 1) * ~np.isin(quarter, (BEFORE, AFTER)), 1)
    for name in CAUSES:
        own = why[who] == name
        before = own & (quarter == BEFORE)
        factor = 1 + truth[f"pt35_{name}_cases"]
        for now in (AFTER, AFTER + 1):
            rows = np.flatnonzero(own & (quarter == now))
            rows = rows[np.lexsort((cases[rows], place[who[rows]]))]
            wanted = float(cases[before].sum()) / int(before.sum()) * factor * len(rows)
            ends = np.rint(np.cumsum(cases[rows]) * (wanted / float(cases[rows].sum()))).astype(np.int64)
            cases[rows] = np.maximum(np.diff(ends, prepend=0), 1)
    return cases


def _money(
    truth: Mapping[str, float],
    product: np.ndarray,
    cases: np.ndarray,
    discount: np.ndarray,
    day: np.ndarray,
    why: np.ndarray,
    quarter: np.ndarray,
) -> dict[str, np.ndarray]:
    """Net revenue and cost of each line in cents: 41.20 a case and 30 % margin over the last twelve months.

    Prices of 2026 are such that the first quarter's mean changed as planted (PT35), those of 2024 such that 2025
    brought the planted growth (PT36).
    """
    lists = np.array([cents for _, cents in PRODUCTS.values()])[product]
    unit = lists * (1 - discount)
    for name in CAUSES:
        before, after = (_mean(unit, cases, (why == name) & (quarter == number)) for number in (BEFORE, AFTER))
        unit[(why == name) & (quarter >= AFTER)] *= before / after * (1 + truth[f"pt35_{name}_price"])
    year = day >= plan.AS_OF_DAY - 365
    unit *= NET_CENTS / _mean(unit, cases, year)
    first, second = ((quarter >= begin) & (quarter < begin + 4) for begin in (0, 4))
    grown = float((unit * cases)[second].sum()) / float((unit * cases)[first].sum())
    unit[first] *= grown / (1 + truth["pt36_growth"])
    net = np.rint(unit).astype(np.int64) * cases
    cost_a_case = lists * (COST_SHARE * float(net[year].sum()) / float((lists * cases)[year].sum()))
    return {"net": net, "cost": np.rint(cost_a_case).astype(np.int64) * cases}


def _mean(unit: np.ndarray, cases: np.ndarray, rows: np.ndarray) -> float:
    """Cents a case over some rows."""
    return float((unit * cases)[rows].sum()) / float(cases[rows].sum())
