"""Why the first quarter fell: what each of four factors did to revenue, and visits and empty shelves beside it."""

from __future__ import annotations

from typing import Any

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration, choice
from onefunnel.metrics import scorecard, variance

NAMES = {
    "customers": "Customers who ordered",
    "orders_per_customer": "Orders a customer",
    "cases_per_order": "Cases an order",
    "price_eur": "Price a case, €",
}


class VarianceTree(Exploration):
    """One switch: own territory or the whole company."""

    def __init__(self, world: Any) -> None:
        super().__init__("Which of four factors took the money? First quarter against the year before")
        self.world = world
        self.year = int(world.company.as_of.year)
        self.whose = choice("Whose", [("my territory", "book"), ("the whole company", "company")])
        self.whose.observe(self.redraw, "value")
        self.known = {}
        self.fill(self.whose)

    def numbers_of(self, whose: str) -> dict[str, Any]:
        """Return factors before and after, their effects in euros, visits, and empty places; computed once."""
        if whose not in self.known:
            tables = getattr(self.world, whose)
            before, after = (variance.factors(tables.route_orders, at) for at in (self.year - 1, self.year))
            self.known[whose] = {
                "before": before,
                "after": after,
                "effects": scorecard.revenue_tree(before, after),
                "visits": variance.visit_change(tables.visits, self.year),
                "empty": [variance.empty_share(tables.shelf_checks, at) for at in (self.year - 1, self.year)],
            }
        return self.known[whose]

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, the effects as bars, and the tree as a table."""
        found = self.numbers_of(self.whose.value)
        before, after, effects = found["before"], found["after"], found["effects"]
        change = effects["total"] / before.prod()
        finding = f"Revenue fell by {-change:.1%}: {_euros(effects['total'])}."
        if change >= 0:
            finding = f"Revenue rose by {change:.1%}: {_euros(effects['total'])}."
        shown, axes = figure.blank(7.4, 2.5, left=0.27, right=0.98, bottom=0.06)
        for place, name in enumerate(NAMES):
            effect = effects[name]
            axes.barh(place, effect, color=figure.ORANGE if effect < 0 else figure.BLUE, height=0.62)
            side = "left" if effect >= 0 else "right"
            axes.text(effect, place, f" {_euros(effect)} ", ha=side, va="center", fontweight="bold")
        reach = max(abs(effects[name]) for name in NAMES) * 1.45
        axes.set_xlim(-reach, reach)
        axes.set_ylim(len(NAMES) - 0.4, -0.6)
        axes.axvline(0, color=figure.QUIET, linewidth=0.8)
        axes.set_yticks(range(len(NAMES)), list(NAMES.values()))
        axes.set_xticks([])
        for side in ("left", "bottom"):
            axes.spines[side].set_visible(False)
        said = ", ".join(f"{NAMES[name].lower()} {_euros(effects[name])}" for name in NAMES)
        alt = f"{finding} What each factor did: {said}."
        rows = [
            [text, f"{before[name]:,.2f}", f"{after[name]:,.2f}", _percent(after[name] / before[name] - 1)]
            for name, text in NAMES.items()
        ]
        rows.append(["Revenue, €", f"{before.prod():,.0f}", f"{after.prod():,.0f}", _percent(change)])
        beside = [
            ["Calls of the seller", _percent(found["visits"])],
            [f"Empty places on the shelf, {self.year - 1}", f"{found['empty'][0]:.1%}"],
            [f"Empty places on the shelf, {self.year}", f"{found['empty'][1]:.1%}"],
        ]
        head = ["Factor", f"Q1 {self.year - 1}", f"Q1 {self.year}", "Change"]
        tables = figure.table("The four factors multiply to revenue", head, rows)
        return (
            finding,
            figure.picture(shown, alt),
            tables + figure.table("What happened in the field", ["", ""], beside),
        )


def _euros(value: float) -> str:
    return f"{'−' if value < 0 else '+'}€{abs(value):,.0f}"


def _percent(value: float) -> str:
    return f"{value:+.1%}".replace("-", "−")
