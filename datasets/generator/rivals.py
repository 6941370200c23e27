"""What buyers say about us and our rivals: win–loss interviews and rivals' offers."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from generator import plan
from generator.clock import snap_to_weekday
from generator.columns.messages import RIVALS
from generator.dice import Dice
from generator.world import World

INTERVIEWS = 5  # a territory, of deals decided in the last two years
INTERVIEW_DAYS = 730
RIVAL_WEIGHTS = (0.45, 0.33, 0.22)
LOWEST, HIGHEST = 1, 10
PACKAGED_OFFERS = 10  # a territory, to as many of its packaged accounts
OPEN_OFFERS = 0.4  # of the open deals in proposal or decision
OFFER_DAYS = 120
PRICE_OF_LIST = (0.56, 0.59, 0.61, 0.63, 0.645, 0.66, 0.675, 0.69, 0.71, 0.73, 0.77)
DELIVERY_WEEKS = (2, 3, 4, 4, 5, 6, 6, 7, 8, 9, 12)


class Issue(NamedTuple):
    """How many of the interviewed speak about it, and the means of importance, our and the rival's rating."""

    said: int
    importance: float
    ours: float
    theirs: float


# Three that everybody meets, one of them the most important of all; four that buyers choose on; two where we lead by
# a point and more. The lead in energy use rests on 18 answers, so it is not an advantage yet.
ISSUES = {
    "taste_of_the_coffee": Issue(112, 8.6, 7.9, 7.2),
    "food_safety": Issue(74, 9.2, 8.8, 8.7),
    "invoice_accuracy": Issue(52, 7.4, 8.1, 8.3),
    "tasting_before_purchase": Issue(66, 7.9, 8.4, 6.9),
    "repair_within_a_day": Issue(88, 8.8, 8.3, 7.0),
    "cost_per_cup": Issue(104, 8.4, 6.4, 7.5),
    "energy_use": Issue(18, 7.5, 8.5, 7.0),
    "contract_flexibility": Issue(58, 7.6, 6.1, 6.9),
    "own_trainer_on_site": Issue(36, 7.1, 8.2, 8.0),
}


def add(world: World) -> dict[str, dict[str, Any]]:
    """Tables win_loss and competitor_offers."""
    return {"win_loss": _interviews(world), "competitor_offers": _offers(world)}


def _interviews(world: World) -> dict[str, list]:
    """As many interviews in each territory; each issue is rated so that its means are the planned ones, to a tenth."""
    dice = Dice(world.seed, "win_loss")
    outcome, closed = world.column("opportunities", "outcome"), world.column("opportunities", "closed_at")
    place = world.column("opportunities", "territory_id").astype(str)
    recent = (outcome != "open") & (closed > plan.AS_OF_DAY - INTERVIEW_DAYS)
    asked = np.flatnonzero(dice.choose(recent * 1.0, INTERVIEWS * len(plan.TERRITORIES), place, outcome == "won"))
    rival = dice.pick(RIVALS, len(asked), RIVAL_WEIGHTS)
    rows: list[tuple] = []
    for name, issue in ISSUES.items():
        spoke = np.flatnonzero(dice.choose(np.ones(len(asked)), issue.said, place[asked]))
        ratings = [_ratings(dice, issue.said, mean) for mean in (issue.importance, issue.ours, issue.theirs)]
        opp_id = world.column("opportunities", "opp_id")[asked[spoke]]
        rows += zip(opp_id, rival[spoke], [name] * issue.said, *ratings, strict=True)
    rows.sort(key=lambda row: row[0])
    names = ("opp_id", "rival", "issue", "importance", "ours", "theirs")
    return {name: [row[i] for row in rows] for i, name in enumerate(names)}


def _ratings(dice: Dice, n: int, mean: float) -> list[int]:
    """Whole ratings around a mean, two points up and down where the scale has room; their sum is n × mean, rounded."""
    total = round(n * mean)
    base, odd = divmod(total, n)
    ratings = np.full(n, base) + (np.arange(n) < odd)
    ratings = ratings[dice.shuffled(n)]
    for apart in (1, 2):  # as many go up as go down
        pairs = dice.shuffled(n)[: n // 2 * 2 // 3 * 2].reshape(-1, 2)
        up, down = ratings[pairs[:, 0]] + apart, ratings[pairs[:, 1]] - apart
        fits = (up <= HIGHEST) & (down >= LOWEST)
        ratings[pairs[fits, 0]], ratings[pairs[fits, 1]] = up[fits], down[fits]
    return ratings.tolist()


def _offers(world: World) -> dict[str, list]:
    """The latest offers that packaged accounts and buyers of late deals told us about, by day."""
    dice = Dice(world.seed, "competitor_offers")
    line, territory = world.column("accounts", "line"), world.column("accounts", "territory_id").astype(str)
    packaged = line == "packaged"
    told = dice.choose(packaged * 1.0, PACKAGED_OFFERS * len(plan.TERRITORIES), territory)
    place = world.column("opportunities", "territory_id").astype(str)
    late = (world.column("opportunities", "outcome") == "open") & (world.deals["stands"] >= 2)
    deals = np.flatnonzero(dice.choose(late * 1.0, round(OPEN_OFFERS * int(late.sum())), place))
    account = [*world.column("accounts", "account_id")[told], *world.column("opportunities", "account_id")[deals]]
    opp_id = [""] * int(told.sum()) + world.column("opportunities", "opp_id")[deals].tolist()
    n = len(account)
    day = snap_to_weekday(plan.AS_OF_DAY - 3 - dice.whole(n, 0, OFFER_DAYS))
    created = np.concatenate([np.zeros(n - len(deals), dtype=np.int64), world.deals["created"][deals]])
    day = np.minimum(np.maximum(day, created), plan.AS_OF_DAY - 1)
    order = np.argsort(day, kind="stable")
    price = np.rint(dice.spread(n, PRICE_OF_LIST) * 100) / 100
    table = {
        "account_id": np.array(account, dtype=object),
        "opp_id": np.array(opp_id, dtype=object),
        "rival": dice.pick(RIVALS, n, RIVAL_WEIGHTS),
        "offered_on": day,
        "price_of_list": price,
        "delivery_weeks": np.rint(dice.spread(n, DELIVERY_WEEKS)).astype(np.int64),
    }
    ids = [f"CO{number:04d}" for number in range(1, n + 1)]
    return {"offer_id": ids} | {name: values[order].tolist() for name, values in table.items()}
