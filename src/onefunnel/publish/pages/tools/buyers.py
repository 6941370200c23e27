"""Two calculators about one sale: what the buyer really pays, and how closely we must agree on who does what."""

from __future__ import annotations

import math

from onefunnel.metrics import catalogue, roles
from onefunnel.metrics import total_price as price
from onefunnel.metrics.catalogue import NoFigure
from onefunnel.publish import calculators
from onefunnel.publish.page import Edition
from onefunnel.publish.pages.tools import form
from onefunnel.publish.pages.tools.words import money, signed
from onefunnel.publish.text import capital, plain

TONES = dict(zip(price.PARTS, ("main", "service", "good", "management", "wrong"), strict=True))
SIDES = {"ours": "Our offer", "theirs": "Their offer"}

MEANING = {
    "light": "the seller runs it, marketing supplies material",
    "shared": "one plan, and each step has its owner",
    "tight": "named people for every step, in writing, with room to depart from it",
}
LIFE_MONTHS = 60  # a product that stays on offer for long: no reason


def total_price(edition: Edition) -> form.Body:
    """Two offers side by side, in euros a year: money, time, reputation, change, risk."""
    spend = catalogue.call("onefunnel.publish.starts.spend_of_buyer", ("orders",), {}, edition.tables, edition.playbook)
    symbol, company = edition.playbook.company.currency.symbol, edition.playbook.company.name
    start = {"ours": spend, "theirs": float(round(spend * (1 - price.CHEAPER)))}
    offers = {side: [money_, *[0.0] * (len(price.PARTS) - 1)] for side, money_ in start.items()}
    result = calculators.total_price(**offers)
    rows = [
        (
            f'<span class="of-swatch" data-tone="{TONES[part]}"></span>{capital(part)} '
            f'<small class="of-hint">{form.attribute(meaning)}</small>',
            *(
                form.number(
                    f"{side}-{part}",
                    f"{capital(part)}, {SIDES[side].lower()}",
                    offers[side][at],
                    0,
                    1e8,
                    50,
                    symbol,
                    quiet=True,
                )
                for side in SIDES
            ),
            form.show(f"gap-{part}", signed(offers["theirs"][at] - offers["ours"][at])),
        )
        for at, (part, meaning) in enumerate(price.PARTS.items())
    ]
    totals = [form.show(f"total-{side}", money(result[side], symbol)) for side in SIDES]
    rows.append(("<strong>Total price</strong>", *totals, form.show("gap", signed(result["gap"]))))
    widest = max(result["ours"], result["theirs"]) or 1.0
    bars = []
    for side, title in SIDES.items():
        left, pieces = 0.0, []
        for at, part in enumerate(price.PARTS):
            pieces.append(form.bar(f"{side}-{part}", left / widest, (left + offers[side][at]) / widest, TONES[part]))
            left += offers[side][at]
        bars.append(
            (
                title,
                f'<span class="of-stack">{"".join(pieces)}</span>',
                form.show(f"bar-{side}", money(result[side], symbol)),
            )
        )
    return form.Body(
        name="total_price",
        lead=f"The invoice is one of five prices. The buyer also pays in time, reputation, change and risk. The form "
        f"starts with what a typical customer of {plain(company)} pays a year, against a rival who is "
        f"{price.CHEAPER * 100:g} % cheaper on the invoice.",
        summary=f"By the invoice, {_cheaper(result['invoice_gap'], symbol)}. Now put a price on the other four.",
        result=form.table("Both offers, colour by colour", ("Offer", "The five parts", "Together"), bars)
        + form.table(
            f"What each offer costs the buyer, {symbol} a year",
            ("Part of the price", *SIDES.values(), "Theirs less ours"),
            rows,
        ),
        data={"parts": list(price.PARTS)},
        how="""
The five parts add up. Put a number on each that the buyer would agree with: hours × what an hour costs them; the loss
if it goes wrong × how likely that is. Ask; a number that only we believe wins no deal. An empty part is no claim that
it costs nothing, only that nobody has asked yet.
""",
    )


def _cheaper(gap: float, symbol: str) -> str:
    """Who is cheaper; `gap` is theirs − ours."""
    if abs(gap) < 0.5:
        return "both cost the same"
    return f"{'our offer' if gap > 0 else 'their offer'} is {money(abs(gap), symbol)} a year cheaper"


def role_clarity(edition: Edition) -> form.Body:
    """Five facts of one sale and two of the firm give one answer."""
    days, told = _days_of_a_sale(edition)
    facts = ("rebuy", False, LIFE_MONTHS, days, False)
    result = calculators.role_clarity(*facts)
    reasons = (
        "First purchase",
        "Made to measure",
        f"Short life: below {roles.SHORT_LIFE_MONTHS} months",
        f"Slow sale: above {roles.LONG_CYCLE_DAYS} days",
        "Key account",
    )
    scale = "".join(
        f'<li data-mark="is-{label}"{" class=of-changed" if label == result["label"] else ""}>'
        f"<strong>{capital(label)}</strong> <span>{_span(low, high)}</span> {MEANING[label]}</li>"
        for label, low, high in zip(
            roles.LABELS,
            (0, roles.SHARED_FROM, roles.TIGHT_FROM),
            (roles.SHARED_FROM, roles.TIGHT_FROM, 6),
            strict=True,
        )
    )
    return form.Body(
        name="role_clarity",
        lead="A rebuy of a standard product needs no committee. A first purchase, made to measure, over a year, does. "
        f"{told}",
        legend="The sale",
        fields="\n".join(
            (
                form.choice(
                    "purchase",
                    "The buyer",
                    [("rebuy", "buys the same again"), ("first", "buys it for the first time")],
                    "rebuy",
                ),
                form.number("life", "The product is on offer for", LIFE_MONTHS, 1, 600, 1, "months"),
                form.number("cycle", "The sale takes", days, 1, 3650, 5, "days"),
                form.tick("customised", "It is made to measure"),
                form.tick("key", "It is a key account"),
                form.tick("small", "We are a small firm and talk every day"),
                form.tick("neglected", "There was a quarrel, or something was left undone"),
            )
        ),
        summary=f"{capital(result['label'])}: {MEANING[result['label']]}. {result['points']} of 5 reasons hold.",
        result=f'<ol class="of-scale" aria-label="How closely roles are agreed">{scale}</ol>\n'
        + form.table(
            "Reasons to agree closely",
            ("Reason", "Holds"),
            [
                (form.attribute(title), form.show(f"reason-{at}", "yes" if result["reasons"][at] else "no"))
                for at, title in enumerate(reasons)
            ],
            marks=[f"reason-{at}" for at in range(len(reasons))],
        ),
        rules=calculators.RULES["role_clarity"],
        data={"meaning": MEANING},
        how=f"""
Each of the five reasons is one point. {roles.SHARED_FROM} or {roles.TIGHT_FROM - 1} points: shared; {roles.TIGHT_FROM}
and more: tight. The amount of the deal is no reason: a large rebuy needs little. The reasons follow what is known of
selling new, customised and slow things; the two cuts are this company's, and can be moved.

A small firm in which people talk every day may leave it at talking, until something is left undone.
""",
    )


def _span(low: int, high: int) -> str:
    last = high - 1
    words = f"{low}" if low == last else f"{low} to {last}"
    return f"{words} reason{'s' if words != '1' else ''}:"


def _days_of_a_sale(edition: Edition) -> tuple[float, str]:
    """How long a won deal takes (median), and a sentence on it; the rule's own limit where the tables do not tell."""
    inputs, how = ("opportunities", "as_of"), {"of": "won", "how": "median"}
    try:
        days = catalogue.call("onefunnel.metrics.cycles.typical_days", inputs, how, edition.tables, edition.playbook)
    except NoFigure:
        days = math.nan
    if math.isnan(days):
        return float(
            roles.LONG_CYCLE_DAYS
        ), "The tables do not say how long a sale takes, so the form starts at the limit."
    company = plain(edition.playbook.company.name)
    return float(
        round(days)
    ), f"Half of the deals that {company} wins take longer than {days:.0f} days; the form starts there."
