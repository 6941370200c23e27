"""T00's moves of planned closes, uses of assets, interviews and offers."""

from __future__ import annotations

from generator import plan
from generator.demo.core import DEALS, OFFICES, SHOPS, Rows

MOVED = {3: 3, 5: 2, 9: 2, 13: 1, 18: 2}  # deal (as it stands in DEALS) → how often its planned close was moved
SHEET, INVITATION = "AS01", "AS04"


def add(rows: Rows) -> None:
    """Rows of close_date_moves, asset_use, win_loss and competitor_offers."""
    entered = {(opp_id, step): day for opp_id, step, day in rows["stage_history"]}
    planned = {row[0]: row[12] for row in rows["opportunities"]}
    for number, count in MOVED.items():
        opp_id = f"O{9001 + number}"
        first = entered[opp_id, "qualified"]
        for move in range(count):
            after = planned[opp_id] - 10 * (count - 1 - move)
            rows["close_date_moves"].append((opp_id, first + 4 * (move + 1), after - 10, after, "buyer"))
    for number, deal in enumerate(DEALS):
        opp_id, outcome = f"O{9001 + number}", rows["opportunities"][number][8]
        if (opp_id, "decision") in entered:
            rows["asset_use"].append((opp_id, SHEET, "decision", entered[opp_id, "decision"] + 2))
        if (opp_id, "trial") in entered and number % 2 == 0:
            rows["asset_use"].append((opp_id, INVITATION, "trial", entered[opp_id, "trial"] + 2))
        if outcome == "won":
            rows["win_loss"].append((opp_id, "Northcup", "repair_within_a_day", 9, 8, 6))
        if outcome == "lost" and deal.reached in ("proposal", "decision"):
            rows["win_loss"].append((opp_id, "Northcup", "cost_per_cup", 9, 6, 8))
    for number in range(0, len(SHOPS), 2):
        account_id = f"A{9001 + len(OFFICES) + number}"
        day, price = plan.AS_OF_DAY - 20 - number, 0.60 + 0.02 * number
        rows["competitor_offers"].append((f"CO{9001 + number}", account_id, "", "Northcup", day, price, 6))
