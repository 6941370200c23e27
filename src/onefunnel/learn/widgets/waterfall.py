"""From list price to pocket price to margin: what comes off on the way, and what a change of one part brings."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import ipywidgets as w
import pandas as pd

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration
from onefunnel.learn.widgets.sliders import SliderBox
from onefunnel.metrics.mix import price_waterfall

PARTS = {  # what comes off, in the order of the walk; ids are those of `price_waterfall`
    "on_invoice_eur": "On-invoice discount",
    "volume_bonus_eur": "Volume bonus",
    "free_goods_eur": "Free goods",
    "terms_eur": "Payment terms",
    "freight_eur": "Freight",
    "marketing_support_eur": "Marketing support",
    "service_eur": "Service not charged",
    "cost_eur": "Cost of goods",
}


LEVELS = {  # what is left after that part
    "on_invoice_eur": ("invoice", "Invoice price"),
    "service_eur": ("pocket", "Pocket price"),
    "cost_eur": ("margin", "Margin"),
}


class Bar(NamedTuple):
    """One bar of the walk, in points of list price, and the number above it."""

    name: str
    low: float
    height: float
    colour: str
    said: str


class Waterfall(Exploration):
    """One slider a part, in points of list price; all start where the learner's own book stands."""

    def __init__(self, world: Any) -> None:
        super().__init__("List price is 100. What do we keep?")
        walk = price_waterfall(world.book.orders)
        self.period = _period(world.book.orders["ordered_on"])
        self.list_eur = walk["list_eur"]
        self.own = {part: -walk[part] / self.list_eur * 100 if self.list_eur else 0.0 for part in PARTS}
        self.sliders = {}
        for part, text in PARTS.items():
            top = max(80 if part == "cost_eur" else 30, math.ceil(self.own[part]))
            slider = SliderBox(text, 0, top, 0.1, self.own[part], unit="% of list", on_change=self.redraw)
            self.sliders[part] = slider
        self.start = {part: slider.value for part, slider in self.sliders.items()}
        reset = w.Button(description="Back to my book", tooltip="Set every part back to where my book stands")
        reset.on_click(lambda _button: self._reset())
        self.fill(*self.sliders.values(), reset)

    def levels(self) -> dict[str, float]:
        """Return invoice, pocket and margin, in points of list price, for the sliders as they stand."""
        return _levels(self._parts())

    def _parts(self) -> dict[str, float]:
        """Return what comes off; a slider still at its rounded start stands for the book's exact share."""
        values = {part: slider.value for part, slider in self.sliders.items()}
        return {part: self.own[part] if value == self.start[part] else value for part, value in values.items()}

    def _reset(self) -> None:
        for part, slider in self.sliders.items():
            slider.value = self.start[part]

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, the walk as a chart, and the table."""
        parts = self._parts()
        now, before = _levels(parts), _levels(self.own)
        finding = self._finding(now, before, moved=parts != self.own)
        bars, rows = self._walk(parts, now, before)
        shown, axes = figure.blank(7.4, 3.6)
        axes.bar(
            range(len(bars)), [b.height for b in bars], bottom=[b.low for b in bars], color=[b.colour for b in bars]
        )
        for place, bar in enumerate(bars):
            top, weight = max(bar.low, bar.low + bar.height, 0) + 1.5, "bold" if bar.colour == figure.BLUE else "normal"
            axes.text(place, top, bar.said, ha="center", fontsize=9, fontweight=weight)
            name = figure.folded(bar.name, 9)
            axes.text(place, -0.03, name, transform=axes.get_xaxis_transform(), ha="center", va="top", fontsize=8)
        axes.set_ylim(min(0, now["margin"] - 8), 112)
        axes.axhline(0, color=figure.QUIET, linewidth=0.8)
        axes.set_axis_off()  # the names are texts: matplotlib's own ticks cost half the time of a redraw
        walked = ", ".join(f"{PARTS[part].lower()} {parts[part]:.1f}" for part in PARTS)
        alt = f"{finding} The walk from 100: {walked}."
        head = ["% of list", "My book", "Now", "Now, €"]
        return (
            finding,
            figure.picture(shown, alt),
            figure.table(f"From list price to margin, {self.period}", head, rows),
        )

    def _walk(
        self, parts: dict[str, float], now: dict[str, float], before: dict[str, float]
    ) -> tuple[list[Bar], list[list[str]]]:
        """Return the bars from left to right, and the table's rows in the same order."""
        euro = self.list_eur / 100
        bars = [Bar("List price", 0, 100, figure.BLUE, "100.0")]
        rows = [["List price", "100.0", "100.0", f"{self.list_eur:,.0f}"]]
        left = 100.0
        for part, off in parts.items():
            left -= off
            colour = figure.GREY if part == "cost_eur" else figure.ORANGE
            bars.append(Bar(PARTS[part], left, off, colour, f"−{off:.1f}"))
            rows.append([PARTS[part], f"−{self.own[part]:.1f}", f"−{off:.1f}", f"−{off * euro:,.0f}"])
            if part in LEVELS:
                level, name = LEVELS[part]
                bars.append(Bar(name, 0, now[level], figure.BLUE, f"{now[level]:.1f}"))
                rows.append([name, f"{before[level]:.1f}", f"{now[level]:.1f}", f"{now[level] * euro:,.0f}"])
        return bars, rows

    def _finding(self, now: dict[str, float], before: dict[str, float], *, moved: bool) -> str:
        kept = f"Of 100 on the list, {now['pocket']:.1f} reach our pocket and {now['margin']:.1f} are margin"
        if not moved:
            return f"{kept}. That is your book, {self.period}."
        change = (now["margin"] - before["margin"]) * self.list_eur / 100
        word = "more" if change >= 0 else "less"
        return f"{kept}: €{abs(change):,.0f} {word} margin than your book has now."


def _period(days: pd.Series) -> str:
    """Return the months that orders come from: "all orders from June 2024 to May 2026"."""
    return f"all orders from {days.min():%B %Y} to {days.max():%B %Y}" if len(days) else "no orders yet"


def _levels(parts: dict[str, float]) -> dict[str, float]:
    invoice = 100 - parts["on_invoice_eur"]
    pocket = 100 - sum(off for part, off in parts.items() if part != "cost_eur")
    return {"invoice": invoice, "pocket": pocket, "margin": pocket - parts["cost_eur"]}
