"""Two calculators of places: share points on sellers' routes, and budgets of micromarkets."""

from __future__ import annotations

from onefunnel.metrics import catalogue
from onefunnel.publish import calculators
from onefunnel.publish.page import Edition
from onefunnel.publish.pages.tools import form
from onefunnel.publish.pages.tools.words import amount, money, percent, signed_percent
from onefunnel.publish.starts import CAP, POINTS, STOP_EUR
from onefunnel.publish.text import plain

MOST_CAP = 100  # percent


def route(edition: Edition) -> form.Body:
    """How many new customers a point of share asks for, on all routes and on one, and what they leave."""
    inputs = ("outlets", "route_orders", "territories", "as_of")
    start = catalogue.call("onefunnel.publish.starts.routes", inputs, {}, edition.tables, edition.playbook)
    symbol, company = edition.playbook.company.currency.symbol, edition.playbook.company.name
    result = calculators.route_plan(
        POINTS, start["category"], start["own"], start["cases"], start["contribution_eur"], STOP_EUR
    )
    new, outlets, buying = result["customers"], start["outlets"], start["buying"]
    free = outlets - buying
    rows = [
        ("New customers, all routes", "customers", amount(new)),
        ("New customers, one route", "each", amount(new / start["routes"], 1)),
        ("Cases more a month", "cases", amount(result["cases"])),
        ("What these cases leave a month", "earned", money(result["earned_eur"], symbol)),
        ("Cost of the new stops a month", "stops", money(-result["stops_eur"], symbol)),
        ("Left a month", "left", money(result["left_eur"], symbol)),
        ("Share of the category today", "share-now", percent(result["share_now"])),
        ("Share of the category then", "share-then", percent(result["share_then"])),
    ]
    doors = [
        ("Buy from us", "buying", buying, "main"),
        ("New", "new", min(new, free), "wrong"),
        ("Not yet", "rest", max(0, free - new), "context"),
    ]
    return form.Body(
        name="route_plan",
        lead=f"A share point is an idea of marketing; a seller needs names. The form starts with all routes of "
        f"{plain(company)}: {amount(outlets)} outlets that sellers visit, of which {amount(buying)} ordered in the "
        "last quarter.",
        fields="\n".join(
            (
                form.number("points", "Share to win", POINTS * 100, 0, 100, 0.5, "points"),
                form.number("each", "A new customer buys", start["cases"], 0.1, 1000, 0.1, "cases a month"),
                form.number("stop", "Cost of a stop", STOP_EUR, 0, 1000, 0.5, symbol),
                form.number("leaves", "A case leaves", start["contribution_eur"], -1000, 1000, 0.1, symbol),
                form.number(
                    "category", "Category on the routes, all brands", start["category"], 0, 1e8, 100, "cases a month"
                ),
                form.number("own", "Our part of it", start["own"], 0, 1e8, 10, "cases a month"),
                form.number("outlets", "Outlets on the routes", outlets, 0, 1e6, 1),
                form.number("buying", "Outlets that buy from us", buying, 0, 1e6, 1),
                form.number("routes", "Routes", start["routes"], 1, 10_000, 1),
            )
        ),
        summary=f"{_points(POINTS)} of share: {amount(new)} new customers, {amount(new / start['routes'], 1)} on each "
        f"of {start['routes']} routes. They leave {money(result['left_eur'], symbol)} a month after the cost of their "
        "stops.",
        result=form.table(
            "What the points ask for",
            ("Asked for", "Number"),
            [(title, form.show(name, text)) for title, name, text in rows],
        )
        + form.table(
            "The outlets on the routes",
            ("Which", "Outlets", "Part of all"),
            [
                (
                    title,
                    form.show(f"outlets-{name}", amount(many)),
                    form.bar(f"outlets-{name}", 0, form.place(many, 0, outlets), tone),
                )
                for title, name, many, tone in doors
            ],
        ),
        how=f"""
New customers = share points × category of the routes ÷ what a new customer buys, rounded up, since two thirds of a
customer do not exist. The cases come from rivals, so the category stays as large as it is. A case leaves its net price
less the cost of the goods; each new customer is one stop a month more. The cost of a stop ({symbol}{STOP_EUR:g}) is an
assumption: put in your own. A new customer buys at first what a customer of today buys on average.
{form.see(edition, "market_share")}
""",
    )


def _points(points: float) -> str:
    value = points * 100
    return "1 point" if value == 1 else f"{value:g} points"


def micromarkets(edition: Edition) -> form.Body:
    """What another split of the same money would bring."""
    inputs = ("micromarkets",)
    places = catalogue.call("onefunnel.publish.starts.micromarkets", inputs, {}, edition.tables, edition.playbook)
    symbol, company = edition.playbook.company.currency.symbol, edition.playbook.company.name
    today = [place["budget"] for place in places]
    curves = {name: [place[name] for place in places] for name in ("ceiling", "scale")}
    result = calculators.micromarkets(today, today, **curves, cap=CAP)
    widest = max(result["next_euro"]) or 1.0
    rows = [
        (
            form.attribute(place["name"]),
            amount(place["budget"]),
            form.number(
                f"plan-{at}", f"Your budget for {place['name']}", place["budget"], 0, 1e9, 12_000, symbol, quiet=True
            ),
            form.show(f"next-{at}", amount(result["next_euro"][at], 2)),
            form.bar(f"next-{at}", 0, result["next_euro"][at] / widest),
            form.show(f"best-{at}", amount(result["best"][at])),
        )
        for at, place in enumerate(places)
    ]
    rows.append(
        (
            "<strong>Together</strong>",
            amount(sum(today)),
            form.show("plan", money(sum(today), symbol)),
            "",
            "",
            form.show("best", amount(sum(result["best"]))),
        )
    )
    rows.append(
        (
            "<strong>Brings</strong>",
            amount(result["today_eur"]),
            form.show("plan-brings", money(result["plan_eur"], symbol)),
            "",
            "",
            form.show("best-brings", amount(result["best_eur"])),
        )
    )
    names = [place["name"] for place in places]
    high, low = (names[result["next_euro"].index(pick(result["next_euro"]))] for pick in (max, min))
    return form.Body(
        name="micromarkets",
        lead=f"Move money from a place where the next euro brings little to one where it brings much. The form starts "
        f"with the budgets of {plain(company)}.",
        legend="How far they may move",
        fields=form.number("cap", "The best split changes no budget by more than", CAP * 100, 0, MOST_CAP, 5, "%"),
        summary=f"The next euro brings most in {high} and least in {low}. The best split of the same money would bring "
        f"{signed_percent(result['best_gain'])}.",
        result=form.table(
            f"Budgets in {symbol}; what they bring is contribution over five years",
            ("Micromarket", "Today", "Your budget", "Next euro brings", "Next euro", "Best split"),
            rows,
        ),
        buttons='<button type="button" class="md-button" data-best>Take the best split</button>\n',
        data={"today": today, **curves, "names": names},
        how=f"""
What a place brings is ceiling × (1 − e^(−budget ÷ scale)): the first euros bring most, later ones less. The ceiling is
what endless money would bring there, the scale is the budget that brings 63 % of it; both come from the table of
micromarkets. The best split gives the next euro the same return wherever a budget is not at its bound.
{form.see(edition, "next_euro_return", "budget_gain")}

The curves are known only near the budgets of today, and people cannot be moved overnight. That is what the bound is
for.
""",
    )
