"""T00's people, how they were treated, the way to its deals, and what became of its customers.

100 people → 50 scored → 20 accepted → 16 deals, all a year old; 20 more people are younger. Of 64 assigned rows 28 were
touched by a human, 27 had an automatic reply alone and 9 had nothing.
"""

from __future__ import annotations

from typing import NamedTuple

from generator import plan
from generator.demo.core import DEALS, OFFICES, Rows, add_contact, origin_of
from generator.money import days

DAY = 24 * 60
FIRST_HAND = "2024-09-02"
LABELS = {"event": ("Event", "Trade show", "fair"), "email": ("E-mail", "Newsletter", "EMAIL")}
FINANCE = 18  # the one person who is no office manager; the open deal has no asset for this reader
SCORES = (2, 4, 5, 3)  # of T00's four hand-overs; whoever scored 2 left


class Hand(NamedTuple):
    """A raised hand: days of each event, None if it did not happen."""

    person: int
    created: int
    mql: int | None = None
    accepted: int | None = None
    rejected: bool = False
    opp_id: str = ""
    recycled_from: str = ""


def add(rows: Rows) -> None:
    """People, touches, hand-overs, installations and renewals."""
    for person in range(1, 121):
        title = "chief financial officer" if person == FINANCE else "office manager"
        add_contact(rows, person, _account(person), title, "influencer")
    untouched = 0
    for number, hand in enumerate(_hands(rows), start=1):
        untouched += hand.mql is not None and hand.accepted is None and not hand.rejected
        _lead(rows, number, hand, untouched)
    _touches(rows)
    _customers(rows)


def _account(person: int) -> str:
    return f"A{9001 + (person - 1) % len(OFFICES)}"


def _hands(rows: Rows) -> list[Hand]:
    """The first twenty people have the deals, then come those who stopped, step by step; the youngest last."""
    hands = [
        Hand(person, begin - 14, begin - 12, begin - 7, opp_id=opp_id)
        for person, (opp_id, *_, begin) in enumerate((row[:7] for row in rows["opportunities"]), start=1)
    ]
    mature = sum(deal.open_days is None for deal in DEALS)
    first = days(FIRST_HAND)
    for number in range(100 - mature):
        created = first + 2 * number
        scored, accepted = number < 50 - mature, number < 20 - mature
        rejected = number > 10 and scored and number % 6 == 0
        hand = Hand(len(DEALS) + 1 + number, created)
        if scored:
            hand = hand._replace(mql=created + 2, accepted=created + 7 if accepted else None, rejected=rejected)
        hands.append(hand)
        if 4 <= number < 8:  # a second hand of the same person, scored again, touched by nobody
            again = Hand(hand.person, created + 30, created + 32, recycled_from=f"L{90000 + len(hands)}")
            hands.append(again)
    for number in range(16):
        created = plan.AS_OF_DAY - 40 + number
        hands.append(Hand(105 + number, created, created + 2 if number < 6 else None))
    return hands


def _lead(rows: Rows, number: int, hand: Hand, untouched: int) -> None:
    """One row. People with a deal were touched within the half hour, the turned down after a day."""
    origin, campaign = origin_of(hand.person - 1)
    assigned = None if hand.mql is None else hand.mql * DAY + 660
    accepted = None if hand.accepted is None else hand.accepted * DAY + 690
    touched, kind = None, ""
    if hand.opp_id and assigned is not None:
        touched, kind = assigned + 30, "human"
    elif accepted is not None:
        touched, kind = accepted - 30, "human"
    elif hand.rejected and assigned is not None:
        touched, kind = assigned + DAY + 60, "human"
    elif assigned is not None and untouched % 4:
        touched, kind = assigned + 1, "auto"
    fit, score, intent = (
        (70, 80, "demo_request") if hand.opp_id else (50, 55, "download") if assigned else (30, 25, "download")
    )
    if assigned is not None and accepted is None and untouched % 8 == 0:
        fit, score = 65, 70
    label = LABELS[origin][0 if number % 4 else 1 + number // 4 % 2]
    rows["leads"].append(
        (
            f"L{90000 + number}", f"C{90000 + hand.person}", _account(hand.person), plan.DEMO, campaign, origin, label,
            hand.created * DAY + 600, None if hand.mql is None else hand.mql * DAY + 630, assigned, touched, kind,
            accepted, "too_small" if hand.rejected else "", hand.opp_id, fit, score, intent, hand.recycled_from,
        )
    )  # fmt: skip


def _touches(rows: Rows) -> None:
    """Each old deal's path: a fair, a letter, the talk that made the deal, and a letter at the end for every second."""
    for number, row in enumerate(rows["opportunities"]):
        opp_id, account_id, created, closed = row[0], row[1], row[6], row[9]
        if closed is None:
            continue
        made_by = origin_of(number)[0]
        path = [(created - 14, made_by, "marketing", "lead_created", 4)]
        if made_by == "email":
            path.insert(0, (created - 34, "event", "marketing", "", 5))
        path.append((created, "first_talk", "sales", "opportunity_created", 4))
        if number % 2 == 0:
            path.append((created + 30, "email", "marketing", "", None))
        for day, channel, function, milestone, score in path:
            touch_id = f"X{90001 + len(rows['touches'])}"
            rows["touches"].append((touch_id, opp_id, account_id, day, channel, function, milestone, score))


def _customers(rows: Rows) -> None:
    """The four won deals: handed over after 2 days, of value after 40, renewed or not after a year."""
    won = [row for row in rows["opportunities"] if row[8] == "won"]
    for row, score in zip(won, SCORES, strict=True):
        opp_id, account_id, signed, amount = row[0], row[1], row[9], row[10]
        rows["hand_overs"].append((opp_id, account_id, signed + 2, score > 2, score))
        rows["installs"].append((opp_id, account_id, signed, signed + 15, signed + 40))
        outcome, renewed = (
            ("left", None) if score <= 2 else ("grown", amount + 2_000) if score == 5 else ("renewed", amount)
        )
        rows["renewals"].append((opp_id, account_id, signed + 365, amount, outcome, renewed))
