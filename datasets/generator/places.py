"""Territories, accounts and contacts: fates are dealt out so that every territory shows the company's funnel."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from generator import names, plan
from generator.dice import Dice, shares

OFFICE_INDUSTRIES = {
    "professional_services": 0.3,
    "manufacturing": 0.25,
    "healthcare": 0.17,
    "public_sector": 0.15,
    "education": 0.13,
}
SHOP_INDUSTRIES = {"small_shop": 0.4, "supermarket": 0.2, "cafe": 0.27, "salon": 0.13}
TITLES = {
    "office manager": ("influencer", 0.26),
    "facilities manager": ("user", 0.22),
    "purchasing manager": ("gatekeeper", 0.16),
    "managing director": ("decision_maker", 0.12),
    "chief financial officer": ("economic_buyer", 0.12),
    "human resources manager": ("user", 0.12),
}
EMPLOYEES_LARGE = (250, 270, 295, 320, 350, 390, 440, 510, 620, 820, 1900)
EMPLOYEES_OTHER = (12, 20, 28, 36, 46, 58, 73, 92, 118, 160, 245)
BUYING_ACCOUNTS = 0.82  # of a pool; second deals of an account come after the first round, so two years later


def deal_territories(seed: int, truth: Mapping[str, float], deals: Mapping[str, np.ndarray]) -> np.ndarray:
    """A territory for each deal. Open deals and decided ones are even; wins differ by luck, and in T07 by truth."""
    dice = Dice(seed, "territories")
    territory = np.empty(len(deals["created"]), dtype=object)
    is_open, won = deals["open"], (deals["reached"] == len(plan.STEPS) - 1) & ~deals["open"]
    lost = ~is_open & ~won
    even = [1.0] * len(plan.TERRITORIES)
    open_counts = shares(int(is_open.sum()), even)
    decided = shares(int((won | lost).sum()), even[::-1])
    wins = _lucky_wins(dice, decided, int(won.sum()))
    sold = deals["origin"] == plan.SALES_ORIGIN
    rank = np.arange(len(territory))
    for here, counts, keys in (
        (is_open, open_counts, (rank, deals["large"], deals["stands"])),
        (won, wins, (rank, deals["large"], sold, deals["mature"])),
        (lost, [d - w for d, w in zip(decided, wins, strict=True)], (rank, sold, deals["reached"], deals["mature"])),
    ):
        rows = np.flatnonzero(here)
        order = np.lexsort(tuple(key[rows] for key in keys))
        territory[rows] = dice.deal(plan.TERRITORIES, counts, order)
    return territory


def _lucky_wins(dice: Dice, decided: list[int], total: int) -> list[int]:
    """Wins a territory: the company's rate plus planned luck, T07 its own; the total is exact."""
    others = [name for name in plan.TERRITORIES if name != "T07"]
    luck = dict(zip(others, (plan.LUCK_POINTS[i] for i in dice.shuffled(len(others))), strict=True))
    luck["T07"] = plan.T07_POINTS
    rate = total / sum(decided) * 100
    middle = sum(luck.values()) / len(luck)
    weights = [
        count * (rate + luck[name] - (0 if name == "T07" else middle))
        for name, count in zip(plan.TERRITORIES, decided, strict=True)
    ]
    return shares(total, weights)


def people_territories(
    seed: int, people: Mapping[str, np.ndarray], deals: Mapping[str, np.ndarray], deal_territory: np.ndarray
) -> np.ndarray:
    """A territory for each person: that of the deal, else so that each territory has as many of each fate."""
    dice = Dice(seed, "people")
    territory = np.full(len(people["created_at"]), "", dtype=object)
    from_lead = deals["person"] >= 0
    territory[deals["person"][from_lead]] = deal_territory[from_lead]
    order_in_time = np.arange(len(territory))
    origin_code = np.unique(people["origin"].astype(str), return_inverse=True)[1]
    for cohort in (True, False):
        here = people["mature"] == cohort
        taken = people["accepted"] & here
        placed = taken & (territory != "")
        held = np.array([int((territory[placed] == name).sum()) for name in plan.TERRITORIES])
        wanted = np.array(shares(int(taken.sum()), [1.0] * len(held)))
        free = _levelled(wanted - held, int((taken & ~placed).sum()))
        even = [1.0] * len(held)
        for rows, counts in (
            (np.flatnonzero(taken & ~placed), free),
            (np.flatnonzero(here & people["mql"] & ~people["accepted"]), None),
            (np.flatnonzero(here & ~people["mql"]), None),
        ):
            order = np.lexsort((order_in_time[rows], origin_code[rows]))
            territory[rows] = dice.deal(plan.TERRITORIES, shares(len(rows), even) if counts is None else counts, order)
    return territory


def _levelled(room: np.ndarray, total: int) -> list[int]:
    """Nearest counts to `room` that are not negative and add up to `total`."""
    counts = np.maximum(room, 0)
    while counts.sum() != total:
        step = 1 if counts.sum() < total else -1
        gap = (room - counts) * step
        gap = np.where((counts > 0) | (step > 0), gap, -(10**6))
        counts[int(np.argmax(gap))] += step
    return [int(count) for count in counts]


def make_accounts(seed: int) -> dict[str, np.ndarray]:
    """All accounts, territory by territory: the office ones first (large sites first among them), then the packaged."""
    dice = Dice(seed, "accounts")
    sites = round(plan.OFFICE_ACCOUNTS * plan.LARGE_SITES)
    each = plan.OFFICE_ACCOUNTS + plan.PACKAGED_ACCOUNTS
    within = np.tile(np.arange(each), len(plan.TERRITORIES))
    place = np.repeat(np.arange(len(plan.TERRITORIES)), each)
    n = len(within)
    packaged = within >= plan.OFFICE_ACCOUNTS
    large = within < sites
    industry = np.empty(n, dtype=object)
    industry[~packaged] = dice.pick(list(OFFICE_INDUSTRIES), int((~packaged).sum()), list(OFFICE_INDUSTRIES.values()))
    industry[packaged] = dice.pick(list(SHOP_INDUSTRIES), int(packaged.sum()), list(SHOP_INDUSTRIES.values()))
    employees = np.where(packaged, dice.whole(n, 2, 14), 0)
    for size, deciles in ((True, EMPLOYEES_LARGE), (False, EMPLOYEES_OTHER)):
        here = ~packaged & (large == size)
        employees[here] = np.rint(dice.spread(int(here.sum()), deciles)).astype(np.int64)
    segment = np.empty(n, dtype=object)
    for size in (True, False):
        here = ~packaged & (large == size)
        segment[here] = dice.pick(["A", "B"], int(here.sum()), [0.55, 0.45] if size else [0.38, 0.62])
    segment[packaged] = dice.pick(["A", "B"], int(packaged.sum()))
    market = place // 3
    return {
        "account_id": np.array([f"A{number:04d}" for number in range(1, n + 1)], dtype=object),
        "name": names.firms(dice, industry),
        "country": np.array(plan.COUNTRIES, dtype=object)[market],
        "territory_id": np.array(plan.TERRITORIES, dtype=object)[place],
        "micromarket_id": np.array([f"M{number + 1}" for number in market], dtype=object),
        "segment": segment,
        "industry": industry,
        "line": np.where(packaged, "packaged", "office").astype(object),
        "employees": employees,
        "is_large_site": large,
        "key_account": large & dice.choose(large * 1.0, round(0.15 * int(large.sum())), place),
    }


def house(
    seed: int,
    accounts: Mapping[str, np.ndarray],
    deals: Mapping[str, np.ndarray],
    deal_territory: np.ndarray,
    person_territory: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """The account (row number) of each deal and of each person, in their territory; deals at sites of their size."""
    dice = Dice(seed, "house")
    office = accounts["line"] == "office"
    deal_account = np.full(len(deal_territory), -1)
    person_account = np.full(len(person_territory), -1)
    for name in plan.TERRITORIES:
        local = office & (accounts["territory_id"] == name)
        for site in (True, False):
            pool = np.flatnonzero(local & (accounts["is_large_site"] == site))
            pool = pool[dice.shuffled(len(pool))][: round(BUYING_ACCOUNTS * len(pool))]
            rows = np.flatnonzero((deal_territory == name) & (deals["large_site"] == site))
            deal_account[rows] = pool[np.arange(len(rows)) % len(pool)]
        rows = np.flatnonzero(person_territory == name)
        everywhere = np.flatnonzero(local)
        laps = -(-len(rows) // len(everywhere))
        person_account[rows] = np.tile(everywhere, laps)[dice.shuffled(laps * len(everywhere))[: len(rows)]]
    from_lead = deals["person"] >= 0
    person_account[deals["person"][from_lead]] = deal_account[from_lead]
    return deal_account, person_account


def make_contacts(seed: int, accounts: Mapping[str, np.ndarray], account: np.ndarray) -> dict[str, np.ndarray]:
    """One contact for each element of `account` (row numbers), in that order."""
    dice = Dice(seed, "contacts")
    n = len(account)
    name, email = names.people(dice, accounts["country"][account])
    title = dice.pick(list(TITLES), n, [share for _, share in TITLES.values()])
    packaged = accounts["line"][account] == "packaged"
    title[packaged] = "shop owner"
    role = np.array(["decision_maker" if t == "shop owner" else TITLES[t][0] for t in title], dtype=object)
    return {
        "contact_id": np.array([f"C{number:05d}" for number in range(1, n + 1)], dtype=object),
        "account_id": accounts["account_id"][account],
        "name": name,
        "email": email,
        "job_title": title,
        "buying_role": role,
        "consent": dice.uniform(n) < 0.86,
    }
