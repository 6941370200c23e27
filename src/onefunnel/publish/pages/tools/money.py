"""Two calculators of money: the price waterfall and the revenue tree."""

from __future__ import annotations

from collections.abc import Sequence

from onefunnel.metrics import catalogue
from onefunnel.metrics.scorecard import FACTORS
from onefunnel.publish import calculators
from onefunnel.publish.page import Edition
from onefunnel.publish.pages.tools import form
from onefunnel.publish.pages.tools.words import money, percent, signed, signed_money, signed_percent
from onefunnel.publish.text import plain

#: The rows of the waterfall in the order of `price_waterfall`, by the names people use.
WALK = {
    "list_eur": "List price",
    "on_invoice_eur": "On-invoice discount",
    "invoice_eur": "Invoice price",
    "volume_bonus_eur": "Volume bonus",
    "free_goods_eur": "Free goods",
    "terms_eur": "Payment terms",
    "freight_eur": "Freight",
    "marketing_support_eur": "Marketing support",
    "service_eur": "Service not charged",
    "pocket_eur": "Pocket price",
    "cost_eur": "Cost of goods",
    "margin_eur": "Margin",
}

FACTOR_NAMES = dict(zip(FACTORS, ("Customers", "Orders a customer", "Cases an order", "Net price a case"), strict=True))


def waterfall(edition: Edition) -> form.Body:
    """From the list price to the pocket and the margin, with each part to change."""
    start = catalogue.call("onefunnel.publish.starts.waterfall", ("orders",), {}, edition.tables, edition.playbook)
    symbol = edition.playbook.company.currency.symbol
    company = edition.playbook.company.name
    result = calculators.waterfall(**start)
    walk = dict(zip(WALK, result["walk"], strict=True))
    ranges = dict(zip(WALK, _ranges(result["walk"]), strict=True))
    low = min(0.0, *(min(ends) for ends in ranges.values())) / walk["list_eur"]
    rows = []
    for name, title in WALK.items():
        taken = name in calculators.TAKEN
        part = abs(walk[name]) / walk["list_eur"] if taken else walk[name] / walk["list_eur"]
        said = percent(part)
        if name == "list_eur":
            field = form.number("list", f"{title}, all orders", walk[name], 0, 1e9, 1000, symbol, quiet=True)
        elif taken:
            place = calculators.TAKEN.index(name)
            field = form.number(f"share-{place}", title, start["shares"][place] * 100, 0, 100, 0.5, "%", quiet=True)
        else:
            field = form.show(f"share-of-{name}", said)
        tone = "context" if name == "cost_eur" else "wrong" if taken else "main"
        ends = [form.place(end / walk["list_eur"], low, 1) for end in ranges[name]]
        title = form.attribute(title)
        rows.append(
            (
                title if taken else f"<strong>{title}</strong>",
                field,
                form.show(f"eur-{name}", money(walk[name], symbol)),
                ("−" if taken else "") + said,
                form.bar(name, *ends, tone),
            )
        )
    return form.Body(
        name="waterfall",
        lead=f"Between the price in the list and the money that stays, a lot comes off. Most of it never stands on an "
        f"invoice. The form starts with all orders of {plain(company)}.",
        summary=f"Of {symbol}100 on the list, {_of_100(walk, 'pocket_eur', symbol)} reach the pocket and "
        f"{_of_100(walk, 'margin_eur', symbol)} are margin. That is {company} today.",
        result=form.table(
            "From list price to margin. Orange comes off, grey is the cost of the goods, blue is what is left.",
            ("Step of the walk", "Share of list", "Amount", company, "The walk"),
            rows,
        ),
        data={"names": list(WALK), "taken": list(calculators.TAKEN)},
        how=f"""
Each part is a share of the list price, so the parts add up. Pocket price is what is left after everything we give, on
the invoice and after it; margin is the pocket price less the cost of the goods. Amounts are rounded to whole cents.
{form.see(edition, "pocket_price")}

A part that you cut may have bought something: without the volume bonus a buyer may order less. The calculator leaves
the list value as it is.
""",
    )


def _of_100(walk: dict[str, float], name: str, symbol: str) -> str:
    return money(walk[name] / walk["list_eur"] * 100, symbol, 2)


def _ranges(walk: Sequence[float]) -> list[tuple[float, float]]:
    """Where each row's bar begins and ends, in euros: levels from zero, parts from what was left before them."""
    left, found = 0.0, []
    for name, value in zip(WALK, walk, strict=True):
        if name in calculators.TAKEN:
            found.append((left + value, left))
            left += value
        else:
            found.append((0.0, value))
            left = value
    return found


def revenue_tree(edition: Edition) -> form.Body:
    """Which factor moved revenue: customers × orders × cases × price."""
    inputs = ("route_orders", "as_of")
    start = catalogue.call("onefunnel.publish.starts.revenue_tree", inputs, {}, edition.tables, edition.playbook)
    symbol = edition.playbook.company.currency.symbol
    result = calculators.revenue_tree(**start)
    widest = max(abs(effect) for effect in result["effects"]) or 1.0
    rows = []
    for place, (name, title) in enumerate(FACTOR_NAMES.items()):
        unit = symbol if name == "price_eur" else ""
        was, now, effect = start["before"][place], start["after"][place], result["effects"][place]
        high, step = (1e6, 1) if name == "customers" else (10_000, 0.1)
        rows.append(
            (
                form.attribute(title),
                form.number(f"before-{place}", f"{title}, before", was, 0, high, step, unit, quiet=True),
                form.number(f"after-{place}", f"{title}, now", now, 0, high, step, unit, quiet=True),
                form.show(f"change-{place}", signed_percent(now / was - 1 if was else None)),
                form.show(f"effect-{place}", signed(effect)),
                form.bar(f"effect-{place}", *form.around_zero(effect, widest), "wrong" if effect < 0 else "main"),
            )
        )
    for name in ("revenue", "margin"):
        was, now = result[name]
        change = signed_percent(now / was - 1 if was else None)
        rows.append(
            (
                f"<strong>{name.capitalize()}</strong>",
                form.show(f"{name}-before", money(was, symbol)),
                form.show(f"{name}-after", money(now, symbol)),
                form.show(f"{name}-change", change),
                form.show(f"{name}-effect", signed(now - was)),
                "",
            )
        )
    company = edition.playbook.company.name
    return form.Body(
        name="revenue_tree",
        lead=f"Revenue is customers × orders a customer × cases an order × price. Change one, and the other three "
        f"carry it on. The form starts with two years on the routes of {plain(company)}: the twelve months up to "
        f"{edition.as_of}, and the twelve before.",
        legend="What a case costs us",
        fields=form.number("cost", "Cost of the goods, a case", start["cost_eur"], 0, 10_000, 0.1, symbol),
        summary=_tree_finding(result, symbol),
        result=form.table(
            f"What each factor did to revenue, in {symbol}. Bars to the left of the middle lost revenue.",
            ("Factor", "Before", "Now", "Change", f"Effect, {symbol}", "Effect"),
            rows,
        ),
        how=f"""
The four percentages do not add up to the change of revenue, because factors multiply. So each factor is changed in all
24 possible orders, and the mean of its steps is its effect (the Shapley value). The effects add up to the cent. Margin
is revenue less cases × the cost of a case: a higher price is all margin, the other three bring their cost along.
{form.see(edition, "price_realisation", "market_share")}

The tree says where revenue moved, not why.
""",
    )


def _tree_finding(result: dict, symbol: str) -> str:
    change = result["change"]
    effects = dict(zip(FACTOR_NAMES.values(), result["effects"], strict=True))
    most = max(effects, key=lambda name: abs(effects[name]))
    if not result["total"] and not effects[most]:
        return "Nothing changed between the two years."
    margin = result["margin"][1] - result["margin"][0]
    return (
        f"Revenue changed by {signed_money(result['total'], symbol)}"
        + (f" ({signed_percent(change)})" if change is not None else "")
        + f" and the margin by {signed_money(margin, symbol)}. {most} did most: {signed_money(effects[most], symbol)}."
    )
