"""From list price to pocket price to margin: what comes off on the way, and what a change of one part brings."""

from __future__ import annotations

import math
from typing import Any

import ipywidgets as w

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


class Waterfall(Exploration):
    """One slider a part, in points of list price; all start where the learner's own book stands."""

    def __init__(self, world: Any) -> None:
        super().__init__("List price is 100. What do we keep?")
        walk = price_waterfall(world.book.orders)
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
        shown, axes = figure.blank(7.4, 3.6)
        names, rows, left, place = [], [], 100.0, 0
        walk = [("list", 100.0), *(("part", part) for part in PARTS)]
        for kind, what in walk:
            if kind == "list":
                place = self._level(axes, place, "List price", 100.0, names)
                rows.append(["List price", "100.0", "100.0", f"{self.list_eur:,.0f}"])
                continue
            off = parts[what]
            axes.bar(place, off, bottom=left - off, color=figure.ORANGE if what != "cost_eur" else figure.GREY)
            axes.text(place, max(left, 0) + 1.5, f"−{off:.1f}", ha="center", fontsize=9)
            names.append(PARTS[what])
            rows.append([PARTS[what], f"−{self.own[what]:.1f}", f"−{off:.1f}", f"−{off * self.list_eur / 100:,.0f}"])
            left -= off
            place += 1
            reached = {"on_invoice_eur": "invoice", "service_eur": "pocket", "cost_eur": "margin"}.get(what)
            if reached:
                title = {"invoice": "Invoice price", "pocket": "Pocket price", "margin": "Margin"}[reached]
                place = self._level(axes, place, title, now[reached], names)
                euros = now[reached] * self.list_eur / 100
                rows.append([title, f"{before[reached]:.1f}", f"{now[reached]:.1f}", f"{euros:,.0f}"])
        axes.set_xticks(range(place), [figure.folded(name, 9) for name in names], fontsize=8)
        axes.set_ylim(min(0, now["margin"] - 8), 112)
        axes.axhline(0, color=figure.QUIET, linewidth=0.8)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.spines["bottom"].set_visible(False)
        walked = ", ".join(f"{PARTS[part].lower()} {parts[part]:.1f}" for part in PARTS)
        alt = f"{finding} The walk from 100: {walked}."
        head = ["% of list", "My book", "Now", "Now, €"]
        return finding, figure.picture(shown, alt), figure.table("From list price to margin", head, rows)

    def _level(self, axes: Any, place: int, name: str, value: float, names: list[str]) -> int:
        axes.bar(place, value, color=figure.BLUE)
        axes.text(place, max(value, 0) + 1.5, f"{value:.1f}", ha="center", fontweight="bold")
        names.append(name)
        return place + 1

    def _finding(self, now: dict[str, float], before: dict[str, float], *, moved: bool) -> str:
        kept = f"Of 100 on the list, {now['pocket']:.1f} reach our pocket and {now['margin']:.1f} are margin"
        if not moved:
            return f"{kept}. That is your book."
        change = (now["margin"] - before["margin"]) * self.list_eur / 100
        word = "more" if change >= 0 else "less"
        return f"{kept}: €{abs(change):,.0f} {word} margin than your book has now."


def _levels(parts: dict[str, float]) -> dict[str, float]:
    invoice = 100 - parts["on_invoice_eur"]
    pocket = 100 - sum(off for part, off in parts.items() if part != "cost_eur")
    return {"invoice": invoice, "pocket": pocket, "margin": pocket - parts["cost_eur"]}
