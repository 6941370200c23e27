"""Campaigns, trial slots, targets and the profit and loss: the small tables around leads, deals and orders."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from generator import plan
from generator.clock import snap_to_weekday
from generator.dice import Dice, shares

HALF_YEARS = ("2023-05-16", "2023-11-16", "2024-05-16", "2024-11-16", "2025-05-16", "2025-11-16", "2026-05-16")
CAMPAIGN_NAMES = {
    "bought_list": ("Office managers list", "Facility firms list"),
    "advertising": ("Search ads", "City posters"),
    "email": ("Coffee break letter", "Savings series"),
    "promotion": ("Month for free", "Trade-in weeks"),
    "telemarketing": ("Call weeks", "Call-back round"),
    "event": ("Office fair", "Regional breakfast"),
    "direct_mail": ("Sample box", "Cup postcard"),
    "referral": ("Friends of Altamar", "Partner thanks"),
}
BRAND = {"City posters"}
FREE_SLOTS_AHEAD = 2  # a territory, unbooked in the weeks to the end of the quarter
LAST_SLOT, NEXT_QUARTER_ENDS = "2026-06-30", "2026-09-30"
NEXT_QUARTER = "2026-Q3"
TRIALS_BEFORE = 270  # planned for each quarter so far
QUARTERS = [f"{year}-Q{number}" for year in range(2023, 2027) for number in range(1, 5)]
YEAR_TARGETS = {"2023": 0.9, "2024": 0.94, "2025": 0.97, "2026": 1.0}


def days(date: str) -> int:
    """Days from START to a date."""
    return int((np.datetime64(date) - plan.START).astype(int))


def make_campaigns(growth: float) -> dict[str, np.ndarray]:
    """Two campaigns an origin and half-year. Those that began before MATURE cost what the plan says, to the euro."""
    edges = [days(date) for date in HALF_YEARS]
    rows: dict[str, list] = {name: [] for name in ("name", "origin", "horizon", "started_on", "ended_on", "spend_eur")}
    for origin, names in CAMPAIGN_NAMES.items():
        spend = plan.ORIGINS[origin].spend_eur
        mature = shares(spend // 100, [1.0, 0.7, 1.05, 0.75, 1.1, 0.8, 1.15, 0.85])
        young = shares(round(spend / 2 * growth**1.5) // 100, [1.0, 0.7, 1.05, 0.75])
        for number, amount in enumerate(mature + young):
            half, which = divmod(number, 2)
            rows["name"].append(f"{names[which]} {HALF_YEARS[half][:4]}/{1 if half % 2 == 0 else 2}")
            rows["origin"].append(origin)
            rows["horizon"].append("brand" if names[which] in BRAND else "activation")
            rows["started_on"].append(edges[half])
            rows["ended_on"].append(edges[half + 1] - 1)
            rows["spend_eur"].append(amount * 100)
    table = {name: np.array(values, dtype=object) for name, values in rows.items()}
    order = np.lexsort((np.arange(len(rows["name"])), table["started_on"].astype(np.int64)))
    table = {name: values[order] for name, values in table.items()}
    ids = np.array([f"K{number:03d}" for number in range(1, len(order) + 1)], dtype=object)
    return {"campaign_id": ids} | table


def campaign_of(
    seed: int, name: str, campaigns: Mapping[str, np.ndarray], origin: np.ndarray, day: np.ndarray
) -> np.ndarray:
    """The campaign that each lead answered to: of its origin, running that day; empty for unknown origin."""
    dice = Dice(seed, name)
    second = dice.uniform(len(origin)) < 0.42
    half = np.searchsorted([days(date) for date in HALF_YEARS], day, side="right") - 1
    started = campaigns["started_on"].astype(np.int64)
    found = np.full(len(origin), "", dtype=object)
    for kind in CAMPAIGN_NAMES:
        for number in range(len(HALF_YEARS) - 1):
            pair = campaigns["campaign_id"][(campaigns["origin"] == kind) & (started == days(HALF_YEARS[number]))]
            here = (origin == kind) & (half == number)
            found[here] = np.where(second[here], pair[1], pair[0])
    return found


def make_slots(
    seed: int, deals: Mapping[str, np.ndarray], territory: np.ndarray, opp_id: np.ndarray, next_quarter: int
) -> dict[str, np.ndarray]:
    """The tasting of every deal that asked for one, a few unbooked days ahead, and next quarter's unbooked; by date."""
    dice = Dice(seed, "slots")
    end = days(LAST_SLOT)
    asked = deals["entered"][:, 1] < plan.AS_OF_DAY
    held = np.flatnonzero(asked & (deals["tasting"] >= 0) & (deals["tasting"] <= end))
    ahead = np.repeat(np.array(plan.TERRITORIES, dtype=object), FREE_SLOTS_AHEAD)
    free = snap_to_weekday(plan.AS_OF_DAY + dice.whole(len(ahead), 4, end - plan.AS_OF_DAY - 4))
    later = np.repeat(np.array(plan.TERRITORIES, dtype=object), shares(next_quarter, [1.0] * len(plan.TERRITORIES)))
    then = snap_to_weekday(dice.whole(len(later), end + 1, days(NEXT_QUARTER_ENDS) - 3))
    place = np.concatenate([territory[held], ahead, later])
    day = np.concatenate([deals["tasting"][held], free, then])
    booked = np.concatenate([opp_id[held], np.full(len(ahead) + len(later), "", dtype=object)])
    order = np.lexsort((np.arange(len(day)), day))
    return {
        "slot_id": np.array([f"S{number:04d}" for number in range(1, len(order) + 1)], dtype=object),
        "territory_id": place[order],
        "date": day[order],
        "technician_id": np.array(
            [f"{where}-{'ab'[number % 2]}" for number, where in enumerate(place[order])], dtype=object
        ),
        "opp_id": booked[order],
    }


def make_targets(seed: int, trials: int) -> dict[str, list]:
    """A target a territory and quarter, with the trials it counts on: `trials` from the next quarter on.

    The company's target is the plan's in 2026 and grew towards it before.
    """
    dice = Dice(seed, "targets")
    size = dice.spread(len(plan.TERRITORIES), (0.8, 0.84, 0.88, 0.92, 0.96, 1.0, 1.04, 1.08, 1.12, 1.16, 1.2))
    even = [1.0] * len(plan.TERRITORIES)
    rows: dict[str, list] = {"territory_id": [], "quarter": [], "target_eur": [], "trials_planned": []}
    for quarter in QUARTERS[1:]:
        total = round(plan.TARGET_QUARTER_EUR * YEAR_TARGETS[quarter[:4]])
        rows["territory_id"] += plan.TERRITORIES
        rows["quarter"] += [quarter] * len(plan.TERRITORIES)
        rows["target_eur"] += [part * 100 for part in shares(total // 100, list(size))]
        rows["trials_planned"] += shares(trials if quarter >= NEXT_QUARTER else TRIALS_BEFORE, even)
    return rows


# Thousands of euros. Marketing is €2.4M a year; the other costs move a little from quarter to quarter.
REVENUE = (6_700, 6_900, 6_800, 7_000, 6_850, 7_250, 7_150, 7_400, 7_300, 7_700, 7_600)
COST_SHARES = {"cost_of_goods": 0.58, "selling": 0.13, "service_and_logistics": 0.07}
SWING = (
    0.2,
    -0.3,
    0.4,
    -0.3,
    0.3,
    -0.2,
    -0.1,
    0.3,
    -0.4,
    0.3,
    -0.2,
)  # points of revenue; any four in a row nearly cancel
MARKETING_THOUSAND = 600


def make_profit_and_loss(operating_margin: float) -> dict[str, list]:
    """Full quarters from 2023-Q3. Administration is what is left above the profit, so the margin is the truth's."""
    rows: dict[str, list] = {"quarter": [], "line": [], "eur": []}
    quarters = QUARTERS[2 : 2 + len(REVENUE)]
    for number, (quarter, revenue) in enumerate(zip(quarters, REVENUE, strict=True)):
        eur = revenue * 1000
        costs = {name: round(eur * share / 100) * 100 for name, share in COST_SHARES.items()}
        costs["marketing"] = MARKETING_THOUSAND * 1000
        profit = round(eur * (operating_margin + SWING[number] / 100) / 100) * 100
        if number == len(REVENUE) - 1:  # the last four quarters together earn exactly the truth's margin
            last_four = sum(REVENUE[-4:]) * 1000
            earned = sum(_profits(rows, quarters[-4:-1]))
            profit = round(last_four * operating_margin) - earned
        costs["administration"] = eur - profit - sum(costs.values())
        for line in ("revenue", "cost_of_goods", "selling", "marketing", "service_and_logistics", "administration"):
            rows["quarter"].append(quarter)
            rows["line"].append(line)
            rows["eur"].append(eur if line == "revenue" else costs[line])
    return rows


def _profits(rows: Mapping[str, list], quarters: list[str]) -> list[int]:
    amounts = list(zip(rows["quarter"], rows["line"], rows["eur"], strict=True))
    return [
        sum(eur if line == "revenue" else -eur for when, line, eur in amounts if when == quarter)
        for quarter in quarters
    ]
