"""T00's route: ten outlets of ten category cases a month, five of them customers a year ago.

A customer orders twice a quarter, ten cases at 40 euros. A year later one customer is lost and nothing else has
changed: 5 × 2 × 10 × 40 = 4,000 euros have become 3,200. Six outlets had a display unit: of the three that fit two
bought again, of the three that bought most in the past none did.
"""

from __future__ import annotations

from typing import NamedTuple

from generator import plan
from generator.demo.core import Rows
from generator.money import days
from generator.outlets.places import CASE_EUR

FIRST = 90_001
CATEGORY, CASES, NET_CENTS, COST_CENTS = 10, 10, 4_000, 2_400
ORDER_DAYS = (10, 50)  # in a quarter
QUARTERS = ("2025-01-01", "2025-04-01", "2025-07-01", "2025-10-01", "2026-01-01", "2026-04-01")
LOST_FROM = 4  # quarters of the lost customer


class Outlet(NamedTuple):
    """An outlet: its facts, its past cases, whether it buys (or did), and what became of its display unit, if any."""

    name: str
    type: str
    income: str
    fit: int
    past: int
    buys: str = ""
    again: bool | None = None


OUTLETS = (
    Outlet("Cedar Café", "cafe", "middle", 75, 4, "standing", True),
    Outlet("Maple Salon", "salon", "higher", 70, 2, "standing", True),
    Outlet("Hazel Supermarket", "supermarket", "middle", 65, 10, "standing", False),
    Outlet("Larch Café", "cafe", "higher", 80, 6, "standing"),
    Outlet("Aspen Minimarket", "corner_shop", "middle", 45, 8, "lost"),
    Outlet("Poplar Drinks Depot", "depot", "lower", 20, 40, "", False),
    Outlet("Alder Drinks Depot", "depot", "lower", 20, 30, "", False),
    Outlet("Linden Bottle Store", "depot", "lower", 25, 20, "", False),
    Outlet("Elder Minimarket", "corner_shop", "lower", 35, 6),
    Outlet("Rowan Kiosk", "corner_shop", "middle", 40, 5),
)
SHOPS = ("Sample Grocery", "Sample Fresh Market")
DOORS = (("Sample Cookshop", True), ("Sample Galleries", False))
MACHINES = (  # months (of 31 days) ordered and installed before the tables end, status
    (72, 70, "active"), (61, 58, "active"), (30, 29, "active"), (90, 88, "scrapped"), (66, 65, "replaced"),
)  # fmt: skip


def add(rows: Rows) -> None:
    """Accounts, facts, orders, visits, shelf checks, display units and machines."""
    for number, outlet in enumerate(OUTLETS):
        account_id = f"A{FIRST + number}"
        _account(rows, account_id, outlet.name, outlet.type, "outlet", CATEGORY * 12 * CASE_EUR)
        rows["outlets"].append(
            (
                account_id,
                outlet.type,
                outlet.income,
                "families",
                800,
                "none",
                False,
                outlet.fit,
                outlet.past,
                CATEGORY,
                True,
            )
        )
        if outlet.buys == "standing":
            rows["outlet_products"].append((account_id, "PR1"))
        if outlet.again is not None:
            rows["placements"].append((account_id, days("2025-09-01"), outlet.again))
        _quarters(rows, account_id, outlet.buys)
    for number, name in enumerate(SHOPS):
        _account(rows, f"A{FIRST + 20 + number}", name, "small_shop", "shop", 10_000)
    for number, (name, shows) in enumerate(DOORS):
        _account(rows, f"A{FIRST + 30 + number}", name, "kitchen_shop", "door", 10_000, shows)
    for number, (ordered, installed, status) in enumerate(MACHINES):
        ended = None if status == "active" else plan.AS_OF_DAY - 60
        talked = plan.AS_OF_DAY - 90 if status == "replaced" else None
        when = (plan.AS_OF_DAY - 31 * months for months in (ordered, installed))
        rows["machines"].append((f"H{9001 + number}", f"A{9001 + number}", *when, status, ended, talked))
    rows["market_size"] += [("M0", quarter, 20_000) for quarter in ("2025-Q1", "2026-Q1")]


def _account(
    rows: Rows, account_id: str, name: str, industry: str, line: str, potential: int, shows: bool = False
) -> None:
    place = (account_id, name, "ES", plan.DEMO, "M0", "A", industry, line, 5)
    rows["accounts"].append((*place, False, False, shows, potential))


def _quarters(rows: Rows, account_id: str, buys: str) -> None:
    """Two orders and one look at the shelf a quarter for a customer, one visit for everybody."""
    for number, quarter in enumerate(QUARTERS):
        begin = days(quarter)
        rows["visits"].append((account_id, f"{plan.DEMO}-r", begin + 6, 20))
        if not buys or (buys == "lost" and number >= LOST_FROM):
            continue
        rows["shelf_checks"].append((account_id, begin + 20, 10, 1))
        for offset in ORDER_DAYS:
            if begin + offset < plan.AS_OF_DAY:
                delivery = f"V{90_001 + len(rows['route_orders'])}"
                money = (CASES * NET_CENTS, CASES * COST_CENTS)
                rows["route_orders"].append((delivery, account_id, begin + offset, "PR1", CASES, *money))
