"""Two calculators of marketing money: the return by origin, and the short and long budget."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence

from onefunnel.metrics import catalogue
from onefunnel.metrics.catalogue import NoFigure
from onefunnel.metrics.origin import UNKNOWN
from onefunnel.publish import calculators
from onefunnel.publish.page import Edition
from onefunnel.publish.pages.tools import form
from onefunnel.publish.pages.tools.words import amount, money, percent, signed_money, signed_percent
from onefunnel.publish.starts import MOVED
from onefunnel.publish.text import plain

LOWEST, HIGHEST = -1.0, 4.0  # where the bars of a return end: one origin would flatten all others
MILESTONES = (4, 13, 26, 52, 104)  # weeks


def origins(edition: Edition) -> form.Body:
    """What each origin brought back on its spend, with the unknown in sight."""
    metric = {one.id: one for one in edition.playbook.metrics}.get("origin_return")
    if metric is None or "margin" not in metric.arguments:
        raise NoFigure(reason="the playbook has no metric origin_return that names a contribution margin.")
    inputs, margin = ("leads", "opportunities", "campaigns", "as_of"), float(metric.arguments["margin"])
    rows = catalogue.call(
        "onefunnel.publish.starts.origins", inputs, {"margin": margin}, edition.tables, edition.playbook
    )
    known = {one.id: one.name for one in edition.playbook.company.origins}
    names = [known.get(row["origin"], row["origin"].replace("_", " ").capitalize()) for row in rows]
    unknown = next((at for at, row in enumerate(rows) if row["origin"] == UNKNOWN), -1)
    amounts = {name: [row[name] for row in rows] for name in ("revenue", "spend")}
    result = calculators.origin_returns(margin, **amounts, counts=[1.0] * len(rows), unknown=unknown)
    tests = _tests(edition, [row["origin"] for row in rows])
    symbol, company = edition.playbook.company.currency.symbol, edition.playbook.company.name
    lines = [
        (
            form.attribute(name)
            + (f' <small class="of-hint">test: {percent(tests[at], 0)} added</small>' if at in tests else ""),
            form.number(f"revenue-{at}", f"Revenue from {name}", row["revenue"], 0, 1e10, 1000, symbol, quiet=True),
            form.number(f"spend-{at}", f"Spend on {name}", row["spend"], 0, 1e10, 1000, symbol, quiet=True),
            form.number(
                f"counts-{at}", f"Part of the revenue from {name} that counts", 100, 0, 100, 5, "%", quiet=True
            ),
            form.show(f"return-{at}", signed_percent(result["returns"][at], 0)),
            form.bar(f"return-{at}", *return_bar(result["returns"][at])),
        )
        for at, (name, row) in enumerate(zip(names, rows, strict=True))
    ]
    for title, name in (("All, without the unknown", "least"), ("All, with the unknown", "most")):
        said = form.show(name, signed_percent(result[name], 0))
        lines.append((f"<strong>{title}</strong>", "", "", "", said, form.bar(name, *return_bar(result[name]))))
    button = (
        f'<button type="button" class="md-button" data-fill=\'{_fill(tests)}\'>Count only what tests say was added'
        "</button>\n"
        if tests
        else ""
    )
    return form.Body(
        name="origin_returns",
        lead=f"For each euro spent on an origin, how much came back on top? The form starts with {plain(company)}: "
        f"people who raised a hand more than a year before {edition.as_of}, and what was spent until then.",
        legend="What is left of revenue",
        fields=form.number("margin", "Contribution margin", margin * 100, 0, 100, 1, "% of revenue"),
        summary=finding(names, result),
        result=form.table(
            "Return on spend by origin. A bar ends at +400 %; a hatched one has no return, because nothing was spent.",
            ("Origin", "Revenue", "Spend", "Counts", "Return", "Return on spend"),
            lines,
        ),
        buttons=button,
        data={"unknown": unknown, "names": names, "lowest": LOWEST, "highest": HIGHEST},
        how=f"""
Return = (revenue × the part that counts × contribution margin − spend) ÷ spend. +100 % means that each euro came back
twice. Where nothing was spent the return is not defined: it is neither zero nor endless.

Nobody wrote down where the unknown came from. Some of it belongs to the origins above, so the truth lies between the
two bottom rows. “Counts” is for what would have come anyway: a test that leaves some people out says which part was
added. {form.see(edition, "origin_return", "unknown_origin")}

It is an average: the next euro brings less.
""",
    )


def return_bar(value: float | None) -> tuple[float, float, str]:
    """Both ends and the tone of a return's bar; hatched all over where it is not defined."""
    if value is None:
        return 0.0, 1.0, "unknown"
    ends = form.place(0, LOWEST, HIGHEST), form.place(value, LOWEST, HIGHEST)
    return (*ends, "wrong" if value < 0 else "main")


def finding(names: Sequence[str], result: dict) -> str:
    """Which origin returned most and least, and between what all together lie."""
    known = {name: value for name, value in zip(names, result["returns"], strict=True) if value is not None}
    if not known:
        return "Nothing was spent, so no return is defined."
    most, least = max(known, key=known.__getitem__), min(known, key=known.__getitem__)
    return (
        f"{least} returned {signed_percent(known[least], 0)}, the least; {most} {signed_percent(known[most], 0)}, the "
        f"most. All together: {signed_percent(result['least'], 0)} without the unknown, "
        f"{signed_percent(result['most'], 0)} with it."
    )


def _tests(edition: Edition, origin_ids: Sequence[str]) -> dict[int, float]:
    """What holdout tests say was added, by the origin's place; only origins that were tested."""
    found = {}
    for place, origin in enumerate(origin_ids):
        try:
            inputs, arguments = ("experiments",), {"origin": origin}
            share = catalogue.call(
                "onefunnel.metrics.demand.holdout_share", inputs, arguments, edition.tables, edition.playbook
            )
        except NoFigure:
            return {}
        if not math.isnan(share):
            found[place] = min(1.0, max(0.0, float(share)))
    return found


def _fill(tests: dict[int, float]) -> str:
    return form.attribute(json.dumps({f"counts-{place}": round(share * 100, 1) for place, share in tests.items()}))


def budget(edition: Edition) -> form.Body:
    """What money moved from brand to offers brings now and costs later."""
    inputs = ("media_weekly", "brand_tracker")
    start = catalogue.call("onefunnel.publish.starts.budget", inputs, {}, edition.tables, edition.playbook)
    revenue = start.pop("revenue_eur")
    result = calculators.budget_shift(**start, moved=MOVED, weeks=MILESTONES[-1])
    symbol, company = edition.playbook.company.currency.symbol, edition.playbook.company.name
    rows = [
        (
            f"After {weeks} weeks",
            form.show(f"weekly-{weeks}", signed_money(result["weekly"][weeks - 1], symbol)),
            form.show(f"summed-{weeks}", signed_money(result["summed"][weeks - 1], symbol)),
        )
        for weeks in MILESTONES
    ]
    said = budget_finding(result, symbol, start["brand_eur"] - result["brand_eur"])
    return form.Body(
        name="budget_shift",
        lead=f"An offer works now and fades in weeks. A brand works slowly and fades slowly. The form starts with what "
        f"{plain(company)} spends a week in all places, beside {money(revenue, symbol)} of revenue a week, and moves a "
        f"fifth of it from brand to offers.",
        legend="Move money",
        fields="\n".join(
            (
                form.number("moved", "Move from brand to offers", MOVED * 100, -100, 100, 5, "% of both"),
                form.number("brand", "Brand today", start["brand_eur"], 0, 1e9, 100, f"{symbol} a week"),
                form.number("offers", "Offers today", start["offers_eur"], 0, 1e9, 100, f"{symbol} a week"),
                form.number("brand-keeps", "Brand: left after a week", start["brand_keeps"] * 100, 0, 99, 1, "%"),
                form.number("offers-keeps", "Offers: left after a week", start["offers_keeps"] * 100, 0, 99, 1, "%"),
                form.number(
                    "brand-return",
                    "A euro of brand brings in all its weeks",
                    start["brand_return"],
                    0,
                    1000,
                    0.1,
                    symbol,
                ),
                form.number(
                    "offers-return",
                    "A euro of offers brings in all its weeks",
                    start["offers_return"],
                    0,
                    1000,
                    0.1,
                    symbol,
                ),
            )
        ),
        summary=said,
        result=curve(result["summed"], symbol, said)
        + form.table(
            "Revenue against today, after the move",
            ("Week", "In that week", "In all weeks so far"),
            rows,
        )
        + form.table(
            "What is left of it",
            ("Advertising", "A week, after the move", "Half of the effect is gone after"),
            [
                (
                    title,
                    form.show(name, money(result[f"{name}_eur"], symbol)),
                    form.show(f"{name}-half", _weeks(result[f"{name}_half_life"])),
                )
                for title, name in (("Brand", "brand"), ("Offers", "offers"))
            ],
        ),
        data={"milestones": list(MILESTONES)},
        how=f"""
What people feel in a week is this week's spend plus what is left of the last one's (adstock): a = spend + left × a of
the week before. A euro's effect in its first week is its whole effect × (1 − left). Before the move both budgets have
run as today for long, so today's brand still works for a while after its money is gone: that is why the first weeks
look good.

The starts come from the company's own weeks. “Left after a week” of offers is what explains revenue best; of brand it
is how fast people forgot it where it went off the air, and a euro of brand is worth the revenue that was lost there.

The effect grows in step with the money here. In truth each further euro brings a little less, so trust small moves
more than large ones. {form.see(edition, "next_euro_return")}
""",
    )


def curve(summed: Sequence[float], symbol: str, said: str) -> str:
    """The line of revenue so far against today. Words stand beside the drawing, so they keep their size on a phone."""
    low, high = min(0.0, *summed), max(0.0, *summed)
    points = [
        (week / len(summed) * 100, 100 - form.place(value, low, high) * 100) for week, value in enumerate(summed, 1)
    ]
    line = " ".join(f"{x:.2f},{y:.2f}" for x, y in [(0.0, 100 - form.place(0, low, high) * 100), *points])
    zero = 100 - form.place(0, low, high) * 100
    ticks = "".join(f"<span>{tick}</span>" for tick in ("now", "26", "52", "78", "104 weeks"))
    return (
        '<div class="of-curve"><p class="of-curve__title">Revenue in all weeks so far, against today</p>'
        f'<p class="of-curve__end">{form.show("curve-high", signed_money(high, symbol))}</p>'
        f'<svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" data-label-of="curve" '
        f'aria-label="{form.attribute(f"A line over 104 weeks. {said}")}">'
        f'<polyline class="of-curve__zero" data-line="zero" points="0,{zero:.2f} 100,{zero:.2f}"/>'
        f'<polyline class="of-curve__line" data-line="summed" points="{line}"/></svg>'
        f'<p class="of-curve__end">{form.show("curve-low", signed_money(low, symbol))}</p>'
        f'<p class="of-curve__ticks" aria-hidden="true">{ticks}</p></div>\n'
    )


def budget_finding(result: dict, symbol: str, moved: float) -> str:
    """What the move brings in a quarter and in two years, and when the gain is used up."""
    if abs(moved) < 0.5:
        return "Nothing is moved. Move money from brand to offers, or back, to see what it brings."
    way = "brand to offers" if moved > 0 else "offers to brand"
    quarter, end = result["summed"][12], result["summed"][-1]
    turned = next((week for week, sum_ in enumerate(result["summed"], 1) if week > 13 and sum_ * quarter < 0), None)
    words = (
        f"{money(abs(moved), symbol)} a week from {way}: {signed_money(quarter, symbol)} of revenue in the first "
        f"quarter, {signed_money(end, symbol)} in two years."
    )
    return words + (f" After {turned} weeks the balance turns." if turned else "")


def _weeks(weeks: float) -> str:
    return f"{amount(weeks, 1)} weeks"
