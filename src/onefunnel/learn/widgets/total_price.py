"""What an offer costs the buyer: money, and the four things that stand on no invoice."""

from __future__ import annotations

import math
from typing import Any

import ipywidgets as w
from matplotlib.patches import Patch

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration
from onefunnel.learn.widgets.frame import note
from onefunnel.learn.widgets.sliders import SliderBox
from onefunnel.metrics import total_price as price

COLOURS = dict(
    zip(price.PARTS, (figure.BLUE, figure.ORANGE, figure.GREEN, figure.PURPLE, figure.VERMILION), strict=True)
)


class TotalPrice(Exploration):
    """Two offers side by side. Money starts at what one account of the book pays a year; the rest starts at zero."""

    def __init__(self, world: Any) -> None:
        super().__init__("What does the buyer really pay? Two offers, side by side, in euros a year")
        orders = world.book.orders
        self.start = _typical_spend(orders)
        top = max(1000.0, round(self.start * 2, -2))
        step = 10.0 if top <= 5000 else 50.0
        self.sliders: dict[str, dict[str, SliderBox]] = {"ours": {}, "theirs": {}}
        rows: list[w.Widget] = []
        for part in price.PARTS:
            for offer, name in (("ours", "our offer"), ("theirs", "their offer")):
                start = self._start(part, offer, step)
                slider = SliderBox(f"{part.capitalize()}, {name}", 0, top, step, start, unit="€", on_change=self.redraw)
                self.sliders[offer][part] = slider
                rows.append(slider)
        reset = w.Button(description="Back to the start", tooltip="Set every slider back to its start")
        reset.on_click(lambda _button: self._reset(step))
        meaning = ". ".join(f"{part.capitalize()}: {text}" for part, text in price.PARTS.items())
        self.fill(note(f"{meaning}."), *rows, reset)

    def totals(self) -> dict[str, float]:
        """Return the sum of the five parts of each offer, in euros a year."""
        return {
            offer: price.total_price({part: slider.value for part, slider in parts.items()})
            for offer, parts in self.sliders.items()
        }

    def _start(self, part: str, offer: str, step: float) -> float:
        if part != "money":
            return 0.0
        spend = self.start if offer == "ours" else self.start * (1 - price.CHEAPER)
        return round(spend / step) * step

    def _reset(self, step: float) -> None:
        for offer, parts in self.sliders.items():
            for part, slider in parts.items():
                slider.value = self._start(part, offer, step)

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, two stacked bars, and the table."""
        values = {offer: {part: s.value for part, s in parts.items()} for offer, parts in self.sliders.items()}
        totals = self.totals()
        finding = _finding(totals["theirs"] - totals["ours"], values)
        shown, axes = figure.blank(7.4, 1.9, left=0.12)
        for place, offer in enumerate(("theirs", "ours")):
            left = 0.0
            for part, colour in COLOURS.items():
                axes.barh(place, values[offer][part], left=left, color=colour, edgecolor=figure.PAPER, height=0.6)
                left += values[offer][part]
            axes.text(left, place, f"  €{left:,.0f}", va="center", fontweight="bold")
        axes.set_yticks([0, 1], ["Their offer", "Our offer"])
        axes.set_xlim(0, max(1.0, *totals.values()) * 1.15)
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        handles = [Patch(facecolor=colour) for colour in COLOURS.values()]
        shown.legend(handles, [part.capitalize() for part in price.PARTS], loc="lower left", ncols=5, frameon=False)
        alt = f"{finding} Two stacked bars, € a year: our offer {totals['ours']:,.0f}, theirs {totals['theirs']:,.0f}."
        rows = [[part.capitalize(), *(f"{values[offer][part]:,.0f}" for offer in values)] for part in price.PARTS]
        rows.append(["Total price", *(f"{totals[offer]:,.0f}" for offer in values)])
        numbers = figure.table("The buyer's total price, € a year", ["Part", "Our offer", "Their offer"], rows)
        return finding, figure.picture(shown, alt), numbers


def _typical_spend(orders: Any) -> float:
    """Return what the median account paid us in the last year of its orders, in whole euros; 1,000 if nobody did."""
    spend = price.typical_spend(orders)
    return 1000.0 if math.isnan(spend) else float(round(spend))


def _finding(difference: float, values: dict[str, dict[str, float]]) -> str:
    """Say who is cheaper on the invoice, and who is when everything counts. `difference` is theirs − ours."""
    invoice = values["theirs"]["money"] - values["ours"]["money"]
    by_invoice = _cheaper(invoice)
    if all(value == 0 for parts in values.values() for part, value in parts.items() if part != "money"):
        return f"By the invoice, {by_invoice}. Now put a price on the other four."
    return f"By the invoice, {by_invoice}. With all five counted, {_cheaper(difference)}."


def _cheaper(difference: float) -> str:
    if abs(difference) < 0.5:
        return "both cost the same"
    who = "our offer" if difference > 0 else "their offer"
    return f"{who} is €{abs(difference):,.0f} a year cheaper"
