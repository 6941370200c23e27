"""Which outlets buy from us, since when and until when, how large their category is, and which are on the route.

PT21, PT22 and the customers of PT35. A standing buyer buys all along; the lapsed stopped at the end of 2025; the joined
began in the first quarter of 2026, some of them after more than a year's pause; the recent began after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from generator import plan
from generator.dice import Dice, shares

EXECUTION_FROM = 12  # territories T13–T24 lost customers (execution), T01–T12 cases (mix)
BUYERS_BEFORE = (48, 49, 50, 51, 52, 50)  # a territory, in the first quarter of 2025; repeated over the territories
# two numbers a cause: for its even and its odd territories
LAPSED = {"mix": (5, 5), "execution": (8, 7)}
JOINED = {"mix": (4, 4), "execution": (5, 4)}
RETURNED = 2  # of the joined, a territory: customers of 2024 who paused
ROUTE_OUTLETS = (84, 86, 89, 93, 97, 101, 104, 107, 110, 112, 114)
ROUTE_CUSTOMERS = 780
ROUTE_LAPSED = 0.6  # of the lapsed
CATEGORY = 4.99  # cases a month and outlet
DEPOT_WEIGHT = 0.30  # of the category
DEPOT_CASES, OTHER_CASES = (2, 3, 3, 3, 4, 4, 4, 5, 5, 6, 8), (3, 4, 5, 6, 6, 7, 8, 8, 9, 12, 16)  # of a usual order
USUAL_CASES = (5, 6, 6, 7)  # of those who came or went
# category cases a month: of depots that stock us and that do not, of the other outlets likewise
MEDIUM_BUYING, MEDIUM = (2, 2, 3, 3, 3, 3, 3, 4, 4, 5, 6), (2, 3, 4, 5, 6, 6, 7, 8, 9, 11, 16)
LARGE, SMALL = (3, 5, 7, 8, 10, 12, 14, 16, 19, 24, 40), (1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 8)


@dataclass
class Buyers:
    """One element an outlet. `status`: standing, lapsed, returned, new, recent, or empty for no customer.

    `order_cases` are the cases of a usual order, 0 for no customer; `category` cases of all brands a month.
    """

    status: np.ndarray
    order_cases: np.ndarray
    category: np.ndarray
    on_route: np.ndarray

    @property
    def stocks(self) -> np.ndarray:
        """True for outlets that are customers today."""
        return np.isin(self.status, ["standing", "returned", "new", "recent"])


def cause(place: np.ndarray) -> np.ndarray:
    """Why a territory's revenue fell: mix in T01–T12, execution in T13–T24."""
    return np.where(place < EXECUTION_FROM, "mix", "execution").astype(object)


def make_buyers(seed: int, truth: Mapping[str, float], place: np.ndarray, kind: np.ndarray) -> Buyers:
    """Status, category cases a month and route of each outlet; `kind` is the outlet type."""
    dice = Dice(seed, "buyers")
    depot = kind == "depot"
    status = _status(dice, truth, place, depot)
    none = np.zeros(len(place), dtype=np.int64)
    buyers = Buyers(status, _order_cases(dice, place, depot, status), none, none.astype(bool))
    buyers.category = _category(dice, truth, buyers, depot)
    buyers.on_route = _route(dice, place, buyers)
    return buyers


def _status(dice: Dice, truth: Mapping[str, float], place: np.ndarray, depot: np.ndarray) -> np.ndarray:
    """Customers by territory: as many depots as the truth wants among today's, the rest from the other outlets."""
    n, territories = len(place), len(plan.TERRITORIES)
    today = round(truth["pt22_numeric"] * n)
    number = np.arange(territories)
    before = np.array([BUYERS_BEFORE[i % len(BUYERS_BEFORE)] for i in number])
    lapsed, joined = (
        np.array([table["mix" if i < EXECUTION_FROM else "execution"][i % 2] for i in number])
        for table in (LAPSED, JOINED)
    )
    recent = np.array(shares(today - int((before - lapsed + joined).sum()), [1.0] * territories))
    carrying = before - lapsed + joined + recent
    depots = dice.choose(depot * 1.0, round(truth["pt22_numeric_depots"] * int(depot.sum())), place)
    status = np.full(n, "", dtype=object)
    for i in number:
        here = place == i
        others = dice.choose(here * ~depot * 1.0, int(carrying[i] - (depots & here).sum()))
        rows = np.flatnonzero(depots & here | others)
        rows = rows[dice.shuffled(len(rows))]
        names = ["standing", "returned", "new", "recent"]
        counts = [before[i] - lapsed[i], RETURNED, joined[i] - RETURNED, recent[i]]
        # depots evenly over the kinds of customers, so that none of them is larger than the others
        status[rows[np.argsort(depot[rows], kind="stable")]] = dice.deal(names, counts, np.arange(len(rows)))
        gone = np.flatnonzero(here & (status == ""))
        share_of_depots = int((depots & here).sum()) / carrying[i]
        from_depots = round(float(share_of_depots) * int(lapsed[i]))
        for is_depot, count in ((True, from_depots), (False, int(lapsed[i]) - from_depots)):
            pool = gone[depot[gone] == is_depot]
            status[pool[dice.shuffled(len(pool))][:count]] = "lapsed"
    return status


def _order_cases(dice: Dice, place: np.ndarray, depot: np.ndarray, status: np.ndarray) -> np.ndarray:
    """Cases of a usual order, spread alike over the territories.

    Who came or went orders about the mean, so that the cases of an order do not change with the customers.
    """
    cases = np.zeros(len(place), dtype=np.int64)
    standing = status == "standing"
    for here, deciles in ((depot, DEPOT_CASES), (~depot, OTHER_CASES)):
        rows = np.flatnonzero(here & standing)
        cases[rows] = dealt_evenly(dice, np.sort(dice.spread(len(rows), deciles)), place[rows])
    moved = np.flatnonzero((status != "") & ~standing)
    kind = np.unique(status[moved].astype(str), return_inverse=True)[1]
    cases[moved] = dealt_evenly(dice, np.resize(USUAL_CASES, len(moved)), place[moved], kind)
    return cases


def dealt_evenly(dice: Dice, values: np.ndarray, *strata: np.ndarray) -> np.ndarray:
    """Whole numbers near `values`, dealt so that neighbours in the order of the strata get values far apart.

    Every n-th of the values, with n about 0.618 of their number: so each stratum gets small and large ones.
    """
    n = len(values)
    step = max(round(0.618 * n), 1)
    while np.gcd(step, n) != 1:
        step += 1
    order = np.lexsort((dice.uniform(n), *reversed(strata)))
    dealt = np.empty(n, dtype=np.int64)
    dealt[order] = np.rint(values[(np.arange(n) * step) % n]).astype(np.int64)
    return dealt


def _category(dice: Dice, truth: Mapping[str, float], buyers: Buyers, depot: np.ndarray) -> np.ndarray:
    """Category cases a month, such that customers hold the planted share of it, in depots and in all.

    Who orders much has a large category, so hardly anybody buys more from us than there is.
    """
    stocks = buyers.stocks
    total = CATEGORY * len(stocks)
    in_depots = DEPOT_WEIGHT * total
    ours = truth["pt22_weighted"] * total
    ours_in_depots = truth["pt22_weighted_depots"] * in_depots
    sums = (
        (stocks & depot, ours_in_depots, MEDIUM_BUYING),
        (~stocks & depot, in_depots - ours_in_depots, MEDIUM),
        (stocks & ~depot, ours - ours_in_depots, LARGE),
        (~stocks & ~depot, total - in_depots - ours + ours_in_depots, SMALL),
    )
    category = np.zeros(len(stocks), dtype=np.int64)
    for rows, wanted, deciles in sums:
        sizes = np.sort(whole_with_sum(dice, dice.spread(int(rows.sum()), deciles), round(wanted), deciles[0]))
        near = buyers.order_cases[rows] + 2 * dice.uniform(int(rows.sum())) * (buyers.order_cases[rows] > 0)
        rank = np.argsort(np.lexsort((dice.uniform(len(near)), near)), kind="stable")
        category[rows] = sizes[rank]
    return category


def whole_with_sum(dice: Dice, values: np.ndarray, total: int, least: int) -> np.ndarray:
    """Whole numbers of at least `least` in proportion to `values` that add up to `total`."""
    whole = np.maximum(np.rint(values * (total / float(values.sum()))).astype(np.int64), least)
    while whole.sum() != total:
        step = 1 if whole.sum() < total else -1
        free = np.flatnonzero(whole + step >= least)
        free = free[dice.shuffled(len(free))][: abs(total - int(whole.sum()))]
        whole[free] += step
    return whole


def _route(dice: Dice, place: np.ndarray, buyers: Buyers) -> np.ndarray:
    """The outlets that the seller calls on: 84–118 a territory, customers and large ones in their proportion."""
    territories = len(plan.TERRITORIES)
    sizes = np.rint(dice.spread(territories, ROUTE_OUTLETS)).astype(np.int64)
    ours = np.array(shares(ROUTE_CUSTOMERS, sizes.tolist()))
    on_route = np.zeros(len(place), dtype=bool)
    for i in range(territories):
        here = place == i
        size = int(sizes[i])
        on_route |= dice.choose(here * buyers.stocks * 1.0, int(ours[i]), buyers.category)
        lapsed = here & (buyers.status == "lapsed")
        gone = dice.choose(lapsed * 1.0, round(ROUTE_LAPSED * int(lapsed.sum())))
        on_route |= gone
        rest = here * (buyers.status == "") * 1.0
        on_route |= dice.choose(rest, size - int(ours[i]) - int(gone.sum()), buyers.category)
    return on_route
