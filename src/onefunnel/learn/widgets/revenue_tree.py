"""Four levers make the revenue; the cost of the goods comes off; the margin is left. Pull one and watch."""

from __future__ import annotations

from typing import Any

import ipywidgets as w

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration
from onefunnel.learn.widgets.sliders import SliderBox
from onefunnel.metrics import levers
from onefunnel.metrics.scorecard import FACTORS

NAMES = {
    "customers": "Customers",
    "orders_per_customer": "Orders per customer",
    "cases_per_order": "Cases per order",
    "price_eur": "Net price of a case",
}
REACH = 10  # per cent, up or down


class RevenueTree(Exploration):
    """One slider a lever, in per cent of today; all start at 0, where the learner's own last twelve months stand."""

    def __init__(self, world: Any) -> None:
        super().__init__("Which lever does most for the margin in your territory?")
        orders, as_of = world.book.route_orders, world.book.as_of
        self.today = {name: levers.lever(orders, as_of, name) for name in FACTORS}
        self.revenue, self.margin = levers.revenue(orders, as_of), levers.margin(orders, as_of)
        self.sliders = {
            name: SliderBox(text, -REACH, REACH, 0.1, 0, unit="% change", on_change=self.redraw)
            for name, text in NAMES.items()
        }
        reset = w.Button(description="Back to today", tooltip="Set every lever back to today")
        reset.on_click(lambda _button: self._reset())
        self.fill(*self.sliders.values(), reset)

    def money(self) -> dict[str, float]:
        """Return revenue, cost and margin for the sliders as they stand, EUR a year; a case costs what it costs."""
        change = {name: slider.value / 100 for name, slider in self.sliders.items()}
        revenue = self.revenue * (1 + levers.together(list(change.values())))
        volume = [moved for name, moved in change.items() if name != levers.PRICE]
        cost = (self.revenue - self.margin) * (1 + levers.together(volume))
        return {"revenue": revenue, "cost": cost, "margin": revenue - cost}

    def _reset(self) -> None:
        for slider in self.sliders.values():
            slider.value = 0

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, bars of today and of the levers as set, and the table."""
        today = {"revenue": self.revenue, "cost": self.revenue - self.margin, "margin": self.margin}
        now = self.money()
        finding = self._finding(now)
        shown, axes = figure.blank(7.4, 2.1, left=0.1)
        for place, (name, values) in enumerate((("Yours", now), ("Today", today))):
            axes.barh(place, values["cost"], color=figure.GREY, height=0.6)
            axes.barh(place, values["margin"], left=values["cost"], color=figure.BLUE, height=0.6)
            axes.text(values["cost"] / 2, place, f"cost €{values['cost']:,.0f}", ha="center", va="center")
            text = f" margin €{values['margin']:,.0f} of €{values['revenue']:,.0f}"
            axes.text(values["revenue"], place, text, va="center", fontweight="bold")
            axes.text(-0.01 * self.revenue, place, name, ha="right", va="center")
        axes.set_xlim(0, 2.1 * self.revenue if self.revenue else 1)
        axes.set_axis_off()
        pulled = ", ".join(f"{NAMES[name].lower()} {slider.value:+.1f} %" for name, slider in self.sliders.items())
        alt = f"{finding} Two bars of cost and margin, today and yours. Levers: {pulled}.".replace("-", "−")
        return finding, figure.picture(shown, alt), self._table(today, now)

    def _finding(self, now: dict[str, float]) -> str:
        if all(slider.value == 0 for slider in self.sliders.values()):
            return f"Today: €{self.revenue:,.0f} of revenue a year, and €{self.margin:,.0f} of it is margin."
        more = now["margin"] - self.margin
        word = "more" if more >= 0 else "less"
        revenue, margin = now["revenue"] / self.revenue - 1, now["margin"] / self.margin - 1
        said = f"Revenue {_percent(revenue)}, margin {_percent(margin)}"
        return f"{said}: €{abs(more):,.0f} {word} margin a year."

    def _table(self, today: dict[str, float], now: dict[str, float]) -> str:
        rows = []
        for name, text in NAMES.items():
            was, places = self.today[name], 0 if name == "customers" else 2
            is_now = was * (1 + self.sliders[name].value / 100)
            rows.append([text, f"{was:,.{places}f}", f"{is_now:,.2f}", _percent(self.sliders[name].value / 100)])
        for name in ("revenue", "cost", "margin"):
            change = now[name] / today[name] - 1 if today[name] else 0.0
            rows.append([f"{name.capitalize()}, €", f"{today[name]:,.0f}", f"{now[name]:,.0f}", _percent(change)])
        return figure.table("The last twelve months, and with your levers", ["", "Today", "Yours", "Change"], rows)


class LeversExample(Exploration):
    """Worked example on T00: the four levers, what they multiply to, and what each brings when it moves."""

    def __init__(self, world: Any) -> None:
        super().__init__("Worked example: the sample territory T00")
        self.world = world
        self.fill()

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, no picture, and the table."""
        orders, as_of = self.world.demo.route_orders, self.world.demo.as_of
        values = [levers.lever(orders, as_of, name) for name in FACTORS]
        customers, per_customer, cases, price = values
        revenue, margin = levers.revenue(orders, as_of), levers.margin(orders, as_of)
        finding = (
            f"T00: {customers:.0f} customers × {per_customer:.1f} orders × {cases:.0f} cases × €{price:.0f} "
            f"= €{revenue:,.0f}. After the goods, €{margin:,.0f} are margin."
        )
        rows = []
        for name, value in zip(FACTORS, values, strict=True):
            gain = levers.margin_gain(orders, as_of, name, 0.10)
            rows.append(
                [NAMES[name], f"{value:,.1f}", f"{revenue * 0.10:,.0f}", f"{gain:,.0f}", _percent(gain / margin)]
            )
        head = ["Lever", "Today", "+10 % brings revenue, €", "and margin, €", "so the margin grows by"]
        return finding, "", figure.table("T00, one lever at a time, the last twelve months", head, rows)


def _percent(share: float) -> str:
    return f"{share * 100:+.2f} %".replace("-", "−")
