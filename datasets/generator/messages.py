"""Features, assets, and which assets were used in which deal (PT38, PT39)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from generator import plan
from generator.clock import snap_to_weekday
from generator.dice import Dice
from generator.leads import NEVER
from generator.places import OFFICE_INDUSTRIES
from generator.wording import ASSETS, FEATURES, TITLE_ORDER
from generator.world import World

HOLE = ("facilities manager", "public_sector")
OTHER_HOLES = 0.75  # of the largest: no other empty cell holds more open euros
SAVINGS_SHEET, TASTING_INVITATION, SURVEY_GUIDE = "Savings sheet", "Tasting invitation", "Site survey guide"
HELPERS_IN_OTHERS = 0.17  # of the deals not won, the share with the second and the third favourite
OPEN_USES = 20  # of the savings sheet in deals that are open now
RARE_USES = (95, 80, 70, 62, 55, 48, 43, 38, 34, 30, 26, 23, 20, 17, 14, 11, 9, 7, 5)  # of the other assets ever used
WEEKS_OF_USE = 3
DECISION = plan.STEPS.index("decision")


def add(world: World) -> dict[str, dict[str, Any]]:
    """Tables features, assets and asset_use; contacts with the job titles that leave the planned hole."""
    assets = _assets()
    return {
        "features": _features(),
        "assets": assets,
        "asset_use": _uses(world, assets),
        "contacts": world.made["contacts"] | _titles(world),
    }


def _titles(world: World) -> dict[str, np.ndarray]:
    """Job titles and buying roles; people of one industry change places until the open euros without an asset fit.

    The largest hole gets the truth's euros and every other one clearly less, so that there is one answer.
    """
    contact_id, title = world.column("contacts", "contact_id"), world.column("contacts", "job_title").copy()
    role = world.column("contacts", "buying_role").copy()
    row_of = {name: number for number, name in enumerate(contact_id)}
    industry_of = dict(zip(world.column("accounts", "account_id"), world.column("accounts", "industry"), strict=True))
    deals = np.flatnonzero(world.deals["open"])
    person = np.array([row_of[name] for name in world.column("opportunities", "contact_id")[deals]])
    industry = np.array([industry_of[name] for name in world.column("opportunities", "account_id")[deals]])
    amount = world.deals["amount"][deals]
    euros = world.truth["pt39_hole"]
    holes = [(job, field) for field in OFFICE_INDUSTRIES for job in TITLE_ORDER if (job, field) not in ASSETS]
    for job, field in sorted(holes, key=lambda cell: cell != HOLE):
        covered = [other for other in TITLE_ORDER if (other, field) in ASSETS]
        inside = (industry == field) & (title[person] == job)
        outside = (industry == field) & np.isin(title[person], covered)
        exactly = (job, field) == HOLE
        goal = euros if exactly else euros * OTHER_HOLES
        for one, other in _exchanges(amount, inside, outside, goal, exactly):
            for values in (title, role):
                values[person[one]], values[person[other]] = values[person[other]], values[person[one]]
    return {"job_title": title, "buying_role": role}


def _exchanges(
    amount: np.ndarray, inside: np.ndarray, outside: np.ndarray, goal: float, exactly: bool
) -> list[tuple[int, int]]:
    """Pairs to exchange so that the sum inside comes nearest to the goal, or only below it."""
    inside, outside = inside.copy(), outside.copy()
    pairs: list[tuple[int, int]] = []
    while True:
        gap = goal - int(amount[inside].sum())
        if gap >= 0 and not exactly:
            return pairs
        ones, others = np.flatnonzero(inside), np.flatnonzero(outside)
        change = amount[others][None, :] - amount[ones][:, None]
        left = np.abs(gap - change)
        best = np.unravel_index(int(left.argmin()), left.shape)
        if left[best] >= abs(gap):
            return pairs
        one, other = int(ones[best[0]]), int(others[best[1]])
        pairs.append((one, other))
        inside[[one, other]], outside[[one, other]] = (False, True), (True, False)


def _features() -> dict[str, list[str]]:
    rows = [
        (f"F{number}", feature, title, benefit, metric)
        for number, (feature, told) in enumerate(FEATURES.items(), start=1)
        for title, (benefit, metric) in zip(TITLE_ORDER, told, strict=True)
    ]
    names = ("feature_id", "feature", "job_title", "benefit", "metric")
    return {name: [row[i] for row in rows] for i, name in enumerate(names)}


def _assets() -> dict[str, list[str]]:
    rows = [(*asset, title, industry) for (title, industry), assets in ASSETS.items() for asset in assets]
    ids = [f"AS{number:02d}" for number in range(1, len(rows) + 1)]
    names = ("name", "kind", "made_by", "job_title", "industry")
    return {"asset_id": ids} | {name: [row[i] for row in rows] for i, name in enumerate(names)}


def _uses(world: World, assets: dict[str, list[str]]) -> dict[str, list]:
    """First use of each asset in each deal, by asset.

    The savings sheet is mostly shown in the decision, and most deals that come so far are won: that makes it look
    strong. It and two others are in the truth's share of the won deals; the rest is used now and then or never.
    """
    dice = Dice(world.seed, "asset_use")
    outcome = world.column("opportunities", "outcome")
    place = world.column("opportunities", "territory_id").astype(str)
    won = outcome == "won"
    sheet_late, sheet_early = _sheet(dice, world, won, outcome == "open", place)
    sheet = sheet_late | sheet_early
    step = np.where(sheet_late, DECISION, _any_step(dice, world.deals, sheet_early, before=DECISION))
    used = {SAVINGS_SHEET: np.where(sheet, step, -1)}
    favourites = round(world.truth["pt38_favourites"] * int(won.sum()))
    helped = dice.choose((won & ~sheet) * 1.0, favourites - int((won & sheet).sum()), place)
    first = dice.choose(helped * 1.0, round(0.6 * int(helped.sum())), place)
    for name, needed in ((TASTING_INVITATION, first), (SURVEY_GUIDE, helped & ~first)):
        beside = dice.choose((won & sheet) * 1.0, round(0.25 * int((won & sheet).sum())), place)
        others = dice.choose(~won * 1.0, round(HELPERS_IN_OTHERS * int((~won).sum())), place)
        used[name] = _any_step(dice, world.deals, needed | beside | others)
    rare = [name for name in assets["name"] if name not in used]
    chosen = [rare[number * len(rare) // len(RARE_USES)] for number in range(len(RARE_USES))]
    for name, uses in zip(chosen, RARE_USES, strict=True):
        used[name] = _any_step(dice, world.deals, dice.choose(np.ones(len(won)), uses, place))
    return _rows(dice, world, dict(zip(assets["name"], assets["asset_id"], strict=True)), used)


def _sheet(
    dice: Dice, world: World, won: np.ndarray, is_open: np.ndarray, place: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Deals in which the savings sheet was first shown in the decision, and those in which it was before.

    Both raw win rates (with it, without it) say how many decided deals had it; the rate in the decision says how many
    of the late ones were won.
    """
    truth, entered = world.truth, world.deals["entered"]
    lost = ~won & ~is_open
    decided, wins = int((won | lost).sum()), int(won.sum())
    raw, without = truth["pt38_sheet_raw"], truth["pt38_sheet_without"]
    total = (wins - without * decided) / (raw - without)
    late = round(truth["pt38_sheet_late"] * total)
    late_wins = round(truth["pt38_sheet_in_decision"] * late)
    early, early_wins = round(total) - late, round(raw * total) - late_wins
    stood = entered[:, DECISION] < plan.AS_OF_DAY
    earlier = entered[:, 1] < plan.AS_OF_DAY
    open_late = round(late / total * OPEN_USES)
    is_late, is_early = np.zeros(len(won), dtype=bool), np.zeros(len(won), dtype=bool)
    for rows, uses, uses_early in (
        (won, late_wins, early_wins),
        (lost, late - late_wins, early - early_wins),
        (is_open, open_late, OPEN_USES - open_late),
    ):
        is_late |= dice.choose((rows & stood) * 1.0, uses, place)
        is_early |= dice.choose((rows & earlier & ~is_late) * 1.0, uses_early, place)
    return is_late, is_early


def _any_step(dice: Dice, deals: Mapping[str, np.ndarray], used: np.ndarray, before: int = DECISION + 1) -> np.ndarray:
    """For each used row one of the steps that the deal entered (before a step), −1 for the others."""
    entered = deals["entered"][:, :before] < plan.AS_OF_DAY
    wanted = (dice.uniform(len(used)) * entered.sum(axis=1)).astype(np.int64)
    step = (np.cumsum(entered, axis=1) <= wanted[:, None]).sum(axis=1)
    return np.where(used, step, -1)


def _rows(dice: Dice, world: World, ids: Mapping[str, str], used: Mapping[str, np.ndarray]) -> dict[str, list]:
    """One row an asset and deal, with a day within the first weeks of the step."""
    opp_id, deals = world.column("opportunities", "opp_id"), world.deals
    left = np.column_stack([deals["entered"], np.minimum(deals["closed"], plan.AS_OF_DAY - 1)])
    rows: dict[str, list] = {"opp_id": [], "asset_id": [], "step_id": [], "used_on": []}
    for name, step in used.items():
        at = np.flatnonzero(step >= 0)
        begin = deals["entered"][at, step[at]]
        later = np.arange(left.shape[1])[None, :] > step[at][:, None]
        end = np.where(later, left[at], NEVER).min(axis=1)
        room = np.minimum(end - begin, WEEKS_OF_USE * 7)
        day = begin + (dice.uniform(len(at)) * (room + 1)).astype(np.int64)
        day = np.where(snap_to_weekday(day) <= end, snap_to_weekday(day), begin)
        rows["opp_id"] += opp_id[at].tolist()
        rows["asset_id"] += [ids[name]] * len(at)
        rows["step_id"] += [plan.STEPS[number] for number in step[at]]
        rows["used_on"] += day.tolist()
    return rows
