"""What happens in T00's scanner shop and its two premium doors, and its price answers.

The shop sells 120 packs a week and has stock for four; in March 2026 it takes in 420 more than it sells, in April the
price rises by a tenth, 100 a week are sold, and there is stock for nine. Of 100 machines 3 come back to the van from
the door with a demonstrator, 20 from the one without.
"""

from __future__ import annotations

from generator import plan
from generator.money import days

SHOP, SHOWN, HIDDEN = "A90021", "A90031", "A90032"  # the doors: with a demonstrator, without one
PACK, FIRST_WEEK, LAST_WEEK, OPENING = "PR7", "2025-02-24", "2026-05-04", 480
USUAL, DEARER = (120, 400), (100, 440)  # packs, cents
PROMOTIONS = {"2025-03-17": (300, 340, True), "2026-03-16": (300, 340, True), "2026-04-13": (180, 380, False)}
DEARER_FROM = "2026-04-06"
RECEIVED = {"2026-03-02": 120, "2026-03-09": 240, "2026-03-16": 300, "2026-03-23": 300, "2026-03-30": 240}
RECEIVED_AFTER = 60
CENTS = {"Altamar Uno": 24_900, "Altamar Duo": 39_900}
SHIPMENTS = (  # door, model, day, units, and what came back when
    (SHOWN, "Altamar Uno", "2025-11-03", 60, {"2026-01-05": 2}),
    (SHOWN, "Altamar Duo", "2025-12-01", 30, {"2026-02-02": 1}),
    (SHOWN, "Altamar Uno", "2026-01-05", 10, {}),
    (HIDDEN, "Altamar Uno", "2025-11-03", 60, {"2026-01-05": 12}),
    (HIDDEN, "Altamar Duo", "2025-12-01", 30, {"2026-02-02": 6}),
    (HIDDEN, "Altamar Uno", "2026-01-05", 10, {"2026-03-09": 2}),
    (HIDDEN, "Altamar Uno", "2026-04-06", 20, {"2026-05-04": 1}),
)
ANSWERS = [(60 + 5 * number, 80 + 5 * number, 120 + 5 * number, 140 + 5 * number) for number in range(9)]
MIXED_UP = (80, 140, 100, 160)  # cheap and expensive have changed places
YES_UP_TO = (0, 80, 110, 110, 110, 110, 140, 140, 170, 170)
RENTED = {80: 40, 110: 25, 140: 10, 170: 5}  # of a hundred who were shown the price

Rows = dict[str, list[tuple]]


def add(rows: Rows) -> None:
    """Sell-out, shipments and returns, answers; the firms stand in `outlets`."""
    _sellout(rows)
    _doors(rows)
    _answers(rows)


def _sellout(rows: Rows) -> None:
    stock = OPENING
    promotions = {days(date): what for date, what in PROMOTIONS.items()}
    received = {days(date): packs for date, packs in RECEIVED.items()}
    for week in range(days(FIRST_WEEK), days(LAST_WEEK) + 1, 7):
        late = week >= days(DEARER_FROM)
        units, cents, display = promotions.get(week, (*(DEARER if late else USUAL), False))
        came = RECEIVED_AFTER if late else received.get(week, units)
        stock += came - units
        promoted = week in promotions
        rows["sellout_weekly"].append((SHOP, PACK, week, units, cents, promoted, display, False, stock, came))


def _doors(rows: Rows) -> None:
    for number, (door, model, day, units, back) in enumerate(SHIPMENTS, start=90001):
        shipment_id, sold_in = f"SH{number}", days(day)
        rows["shipments"].append((shipment_id, door, model, sold_in, units, units * CENTS[model]))
        for date, count in back.items():
            return_id = f"RT{90001 + len(rows['returns'])}"
            value = count * CENTS[model]
            rows["returns"].append((return_id, shipment_id, door, sold_in, days(date), count, value))


def _answers(rows: Rows) -> None:
    for number, (answers, highest) in enumerate(zip([*ANSWERS, MIXED_UP], YES_UP_TO, strict=True), start=9001):
        respondent = f"V{number}"
        rows["price_survey"].append((respondent, plan.DEMO, *answers))
        for price in RENTED:
            rows["price_steps"].append((respondent, plan.DEMO, price, price <= highest))
            if price > highest:
                break
    rows["price_test"] += [(plan.DEMO, price, 100, rented) for price, rented in RENTED.items()]
