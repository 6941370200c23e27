"""Orders of packaged accounts: the price waterfall, and two accounts a territory that leak."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from generator import plan
from generator.dice import Dice

PRODUCTS = {  # list price of a case in cents
    "PR1": ("Altamar Classic 250 g × 12", 4_000),
    "PR2": ("Altamar Dark 250 g × 12", 3_600),
    "PR3": ("Altamar Decaf 250 g × 12", 3_840),
    "PR4": ("Altamar Capsules 10 × 20", 5_400),
    "PR5": ("Altamar Organic 250 g × 12", 4_560),
    "PR6": ("Altamar Sticks 50 × 10", 2_880),
}
SHELF_PRODUCTS = {  # only shops with a scanner sell these, in packs
    "PR7": ("Altamar Home 250 g × 12", 3_816),
    "PR8": ("Altamar Home Dark 250 g × 12", 4_452),
}
COMPONENTS = (
    "on_invoice",
    "volume_bonus",
    "free_goods",
    "terms",
    "freight",
    "marketing_support",
    "service",
)
DELIVERIES = 26  # every four weeks over two years
EVERY_DAYS = 28
RANK_CASES = (2.6, 3.1, 3.7, 4.3, 5.0, 5.8, 6.7, 7.9, 9.2, 10.8, 12.6, 14.8, 17.5, 21.0, 26.0)  # a line, by rank
LEAK_RANKS = ((2, 4), (1, 3), (2, 3), (3, 4), (1, 4))  # below the median, but not the smallest
LEAK_POCKET = (0.555, 0.605)
FAIR_POCKET = (0.65, 0.81)
VOLUME_PULL = 0.7  # how far depth follows the rank of volume among the others, so that the truth's correlation holds
LEAK_LEAN = (0.55, 0.8, 2.2, 1.3, 0.9, 2.0, 1.2)  # a leak hides after the invoice: free goods and marketing support


def make_orders(seed: int, truth: Mapping[str, float], accounts: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Order lines in cents, by account and day. Shares of list by component are the truths', to a cent a line."""
    dice = Dice(seed, "orders")
    rows = np.flatnonzero(accounts["line"] == "packaged")
    cases_a_line, rate = _accounts(dice, truth, len(rows))
    lines = _lines(dice, len(rows))
    who = lines["account"]
    cases = np.maximum(np.rint(cases_a_line[who] * dice.draw(len(who), _CASE_JITTER)).astype(np.int64), 1)
    price = np.array([cents for _, cents in PRODUCTS.values()])[lines["product"]]
    list_cents = cases * price
    order = {
        "account": rows[who],
        "day": lines["day"],
        "delivery": lines["delivery"],
        "product": lines["product"],
        "cases": cases,
        "list": list_cents,
        "base": np.where(lines["base"], "list", "invoice").astype(object),
    }
    total = int(list_cents.sum())
    leaks = rate["leaks"][who]
    for number, name in enumerate(COMPONENTS):
        wanted = list_cents * rate["shares"][who, number] * dice.draw(len(who), _RATE_JITTER)
        fixed = int(np.rint(wanted[leaks]).sum())
        fair = float(np.rint(wanted[~leaks]).sum())
        wanted[~leaks] *= (
            truth[f"pt25_{name}"] * total - fixed
        ) / fair  # the leaks keep their depth, the rest make room
        order[name] = np.rint(wanted).astype(np.int64)
    cost = list_cents * dice.draw(len(who), _COST_JITTER)
    order["cost"] = np.rint(cost * (truth["pt25_cost"] * total / float(np.rint(cost).sum()))).astype(np.int64)
    return order


_CASE_JITTER = (0.6, 0.75, 0.84, 0.9, 0.95, 1.0, 1.05, 1.1, 1.16, 1.25, 1.4)
_RATE_JITTER = (0.85, 0.9, 0.94, 0.96, 0.98, 1.0, 1.02, 1.04, 1.06, 1.1, 1.15)
_COST_JITTER = (0.96, 0.97, 0.98, 0.985, 0.99, 1.0, 1.01, 1.015, 1.02, 1.03, 1.04)


def _accounts(dice: Dice, truth: Mapping[str, float], n: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Cases a line and the shares of list that come off, one row an account (15 a territory)."""
    territories = n // plan.PACKAGED_ACCOUNTS
    rank = np.concatenate([dice.shuffled(plan.PACKAGED_ACCOUNTS) for _ in range(territories)])
    cases = np.array(RANK_CASES)[rank] * np.repeat(
        dice.draw(territories, _CASE_JITTER) * 0.4 + 0.6, plan.PACKAGED_ACCOUNTS
    )
    leak_ranks = np.array(LEAK_RANKS)[np.arange(n) // plan.PACKAGED_ACCOUNTS % len(LEAK_RANKS)]
    leaks = (rank[:, None] == leak_ranks).any(axis=1)
    pocket = np.empty(n)
    low, high = LEAK_POCKET
    pocket[leaks] = dice.spread(int(leaks.sum()), (low, high))
    low, high = FAIR_POCKET
    by_volume = 1 - rank[~leaks] / (plan.PACKAGED_ACCOUNTS - 1)
    mixed = VOLUME_PULL * by_volume + (1 - VOLUME_PULL) * dice.uniform(int((~leaks).sum()))
    pocket[~leaks] = low + (high - low) * mixed
    weights = np.array([truth[f"pt25_{name}"] for name in COMPONENTS])
    lean = np.where(leaks[:, None], weights * np.array(LEAK_LEAN), weights)
    shape = lean * np.stack([dice.draw(n, _RATE_JITTER) for _ in COMPONENTS], axis=1)
    shares = shape / shape.sum(axis=1)[:, None] * (1 - pocket)[:, None]
    return cases, {"shares": shares, "leaks": leaks}


def _lines(dice: Dice, n: int) -> dict[str, np.ndarray]:
    """Deliveries every four weeks over the last two years, one to two lines each."""
    account = np.repeat(np.arange(n), DELIVERIES)
    number = np.tile(np.arange(DELIVERIES), n)
    offset = np.repeat(dice.whole(n, 1, EVERY_DAYS - 8), DELIVERIES)
    day = plan.AS_OF_DAY - (DELIVERIES - number) * EVERY_DAYS + offset + dice.whole(len(number), 0, 5)
    first = dice.whole(len(account), 0, len(PRODUCTS) - 1)
    two = dice.uniform(len(account)) < 0.55
    other = (first + dice.whole(len(account), 1, len(PRODUCTS) - 1)) % len(PRODUCTS)
    base = np.repeat(dice.uniform(n) < 0.7, DELIVERIES)
    delivery = np.arange(len(account))
    order = np.argsort(np.concatenate([delivery * 2, delivery[two] * 2 + 1]), kind="stable")
    return {
        "account": np.concatenate([account, account[two]])[order],
        "day": np.concatenate([day, day[two]])[order],
        "delivery": np.concatenate([delivery, delivery[two]])[order],
        "product": np.concatenate([first, other[two]])[order],
        "base": np.concatenate([base, base[two]])[order],
    }
