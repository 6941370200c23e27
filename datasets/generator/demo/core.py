"""T00's deals and its shops.

16 deals → 12 trials → 8 proposals → 6 decisions → 4 won, all a year old; 4 open deals are younger. Deals spend 10 days
in a step, 40 in the trial; lost ones are silent for 50. The people behind them: `leads`.
"""

from __future__ import annotations

from typing import NamedTuple

from generator import plan
from generator.money import QUARTERS, days

DAY = 24 * 60
STEP_DAYS = {"qualified": 10, "trial": 40, "proposal": 10, "decision": 10}
WAIT_DAYS = 25
JOINT, REBUYS = (0, 3, 5, 10, 15), (0, 1, 3, 5, 7, 10)  # deals, as they stand in DEALS
FIRST_DEAL, FIRST_HAND = "2024-10-07", "2024-09-02"
OFFICES = (
    "Brightwater Consulting", "Cloverfield Tools", "Dunmore Clinics", "Eastgate Library Trust", "Fernhill Academy",
    "Goldleaf Legal", "Hillcrest Packaging", "Ironbridge Labs", "Juniper Water Board", "Kingsley College",
    "Larkspur Design", "Millbrook Textiles", "Northway Dental", "Oakmoor Port Authority", "Pinecrest Campus",
    "Quillstone Audit", "Rosemead Components", "Silverbeck Care", "Thornbury Training", "Underwood Consulting",
)  # fmt: skip
INDUSTRIES = ("professional_services", "manufacturing", "healthcare", "public_sector", "education")
OFFICE_INDUSTRIES = (*INDUSTRIES * 3, *INDUSTRIES[:3], "education", "professional_services")  # in the offices' order
SHOPS = {  # cases a delivery, share of list that reaches the pocket: two buy little and keep much
    "Willow Corner Shop": (10, 0.70),
    "Xenia Tea Room": (15, 0.58),
    "Yarrow Deli": (20, 0.60),
    "Zephyr Grocery": (25, 0.705),
    "Amberley Market Hall": (40, 0.72),
    "Birchwood Coffee Bar": (50, 0.70),
}
PERSONS = ("Alex", "Billie", "Charlie", "Dana", "Eden", "Frankie", "Gray", "Harper", "Indie", "Jules")
FAMILIES = ("Ash", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Larch", "Maple", "Oak", "Pine", "Rowan", "Willow")
PARTS = {  # of the list price, in thousandths, where 705 reach the pocket
    "on_invoice_eur": 110,
    "volume_bonus_eur": 40,
    "free_goods_eur": 35,
    "terms_eur": 15,
    "freight_eur": 30,
    "marketing_support_eur": 40,
    "service_eur": 25,
}
PRODUCT, PRODUCT_CENTS = "PR1", 4_000

Rows = dict[str, list[tuple]]


class Deal(NamedTuple):
    """Amount in thousands, last step reached, step skipped, and whether it is still open (then: days in its step)."""

    thousand: int
    reached: str
    skips: str = ""
    open_days: int | None = None


DEALS = (
    Deal(6, "won"), Deal(10, "qualified"), Deal(10, "trial"), Deal(8, "won", skips="proposal"), Deal(30, "trial"),
    Deal(10, "proposal"), Deal(10, "qualified"), Deal(10, "won"), Deal(34, "decision"), Deal(10, "trial"),
    Deal(10, "qualified"), Deal(12, "won"), Deal(10, "decision"), Deal(10, "trial"), Deal(10, "proposal"),
    Deal(10, "qualified"),
    Deal(10, "qualified", open_days=5), Deal(20, "trial", open_days=20), Deal(10, "trial", open_days=60),
    Deal(20, "proposal", open_days=10),
)  # fmt: skip


def add(rows: Rows) -> None:
    """Firms, campaigns, deals and orders."""
    rows["territories"].append((plan.DEMO, "Sample Valley", "M0", "Sample Market", True))
    _firms(rows)
    _campaigns(rows)
    _deals(rows)
    _orders(rows)
    rows["targets"] = [(plan.DEMO, quarter, 40_000, 4) for quarter in QUARTERS[1:]]


def _firms(rows: Rows) -> None:
    for number, name in enumerate((*OFFICES, *SHOPS)):
        packaged = number >= len(OFFICES)
        large = not packaged and number % 4 == 0
        industry = "small_shop" if packaged else OFFICE_INDUSTRIES[number]
        employees = 5 if packaged else 400 if large else 100
        line, segment = "packaged" if packaged else "office", "AB"[number % 2]
        who = (f"A{9001 + number}", name, "ES", plan.DEMO, "M0", segment, industry, line, employees, large)
        rows["accounts"].append((*who, False, False, 60 * employees))
        if packaged:
            add_contact(rows, 121 + number - len(OFFICES), who[0], "shop owner", "decision_maker")


def add_contact(rows: Rows, number: int, account_id: str, title: str, role: str) -> str:
    contact_id = f"C{90000 + number}"
    given, family = PERSONS[number % len(PERSONS)], FAMILIES[number % len(FAMILIES)]
    email = f"{contact_id.lower()}@example.com"
    rows["contacts"].append((contact_id, account_id, f"{given} {family}", email, title, role, True))
    return contact_id


def _campaigns(rows: Rows) -> None:
    begin, end = days("2024-09-01"), plan.AS_OF_DAY
    rows["campaigns"] += [
        ("K901", "Sample Valley fair", "event", "activation", begin, end, 8_000),
        ("K902", "Sample Valley letter", "email", "activation", begin, end, 4_000),
    ]


def _deals(rows: Rows) -> None:
    """Deals, their steps and slots."""
    old = 0
    for number, deal in enumerate(DEALS):
        opp_id, account_id, contact_id = f"O{9001 + number}", f"A{9001 + number}", f"C{90001 + number}"
        last = plan.STEPS.index(deal.reached)
        path = [step for step in plan.STEPS[: last + 1] if step != deal.skips]
        if deal.open_days is None:
            begin = days(FIRST_DEAL) + 14 * old
            old += 1
        else:
            begin = plan.AS_OF_DAY - deal.open_days - sum(STEP_DAYS[step] for step in path[:-1])
        day, entered = begin, {}
        for step in path:
            entered[step] = day
            day += STEP_DAYS.get(step, 0)
        closed = entered["won"] if deal.reached == "won" else entered[path[-1]] + 50
        outcome = "open" if deal.open_days is not None else "won" if deal.reached == "won" else "lost"
        rows["stage_history"] += [(opp_id, step, at) for step, at in entered.items()]
        if outcome == "lost":
            rows["stage_history"].append((opp_id, "lost", closed))
        if "trial" in entered:
            slot = len(rows["trial_slots"])
            technician = f"{plan.DEMO}-a"
            rows["trial_slots"].append((f"S{9001 + slot}", plan.DEMO, entered["trial"] + WAIT_DAYS, technician, opp_id))
        probability = {"open": plan.CRM_PROBABILITY.get(deal.reached, 0), "won": 1.0, "lost": 0.0}[outcome]
        origin, campaign = origin_of(number)
        is_open = outcome == "open"
        rows["opportunities"].append(
            (
                opp_id, account_id, contact_id, plan.DEMO, origin, campaign, begin, deal.reached, outcome,
                None if is_open else closed, deal.thousand * 1000, probability,
                plan.AS_OF_DAY + 30 if is_open else closed, plan.AS_OF_DAY + 5 if is_open and number % 2 == 0 else None,
                "rebuy" if number in REBUYS else "new_business", number in JOINT, number % 2 == 0,
                "timing" if outcome == "lost" else "",
            )
        )  # fmt: skip
    for slot in range(2):
        rows["trial_slots"].append(
            (f"S{9801 + slot}", plan.DEMO, plan.AS_OF_DAY + 14 * (slot + 1), f"{plan.DEMO}-a", "")
        )


def origin_of(number: int) -> tuple[str, str]:
    return ("event", "K901") if number % 2 == 0 else ("email", "K902")


def _orders(rows: Rows) -> None:
    """Four deliveries of one product to each shop; every amount is a whole euro or a simple fraction of one."""
    line = 0
    for number, (cases, pocket) in enumerate(SHOPS.values()):
        for delivery in range(4):
            line += 1
            list_cents = cases * PRODUCT_CENTS
            off = {
                name: round(list_cents * thousandth * (1 - pocket) / 0.295 / 1000) for name, thousandth in PARTS.items()
            }
            off["service_eur"] += list_cents - round(list_cents * pocket) - sum(off.values())
            day = plan.AS_OF_DAY - 28 * (4 - delivery)
            amounts = (*off.values(), round(list_cents * 0.46))
            rows["orders"].append(
                (
                    f"R{90000 + line}",
                    f"D{90000 + line}",
                    f"A{9001 + len(OFFICES) + number}",
                    day,
                    PRODUCT,
                    cases,
                    "list",
                    list_cents,
                    *amounts,
                )
            )
