"""How closely must two functions agree who does what for a sale? Five reasons, and the test for a small firm."""

from __future__ import annotations

from typing import Any

import ipywidgets as w
import pandas as pd

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration, choice
from onefunnel.learn.widgets.sliders import SliderBox
from onefunnel.metrics import roles

MEANING = {
    "light": "the seller runs it, marketing supplies material",
    "shared": "one plan, and each step has its owner",
    "tight": "named people for every step, in writing, with room to depart from it",
}


class RoleRule(Exploration):
    """Five facts of one sale and two of the firm give one answer."""

    def __init__(self, world: Any) -> None:
        super().__init__("How much must we agree on for this sale?")
        self.purchase = choice("The buyer", [("buys the same again", "rebuy"), ("buys it for the first time", "first")])
        self.customised = _tick("It is made to measure")
        self.key_account = _tick("It is a key account")
        self.life = SliderBox("The product is on offer for", 2, 60, 1, 60, unit="months", on_change=self.redraw)
        self.cycle = SliderBox("The sale takes", 5, 365, 5, 20, unit="days", on_change=self.redraw)
        self.small = _tick("We are a small firm and talk every day")
        self.neglected = _tick("There was a quarrel, or something was left undone")
        for control in (self.purchase, self.customised, self.key_account, self.small, self.neglected):
            control.observe(self.redraw, "value")
        self.fill(self.purchase, self.customised, self.key_account, self.life, self.cycle, self.small, self.neglected)

    def sale(self) -> pd.DataFrame:
        """Return the sale as the controls stand, one row."""
        return pd.DataFrame(
            {
                "purchase_type": [self.purchase.value],
                "customised": [self.customised.value],
                "product_life_months": [self.life.value],
                "cycle_days": [self.cycle.value],
                "key_account": [self.key_account.value],
            }
        )

    def draw(self) -> tuple[str, str, str]:
        """Return the answer, the scale from light to tight, and the reasons."""
        sale = self.sale()
        points, label = int(roles.clarity_points(sale).iloc[0]), str(roles.role_clarity(sale).iloc[0])
        finding = f"{label.capitalize()}: {MEANING[label]}."
        if self.small.value:
            finding += (
                " Write down what was left undone now, small or not."
                if self.neglected.value
                else " A small firm on good terms may leave it at talking, until something is left undone."
            )
        shown, axes = figure.blank(7.4, 1.3, bottom=0.05)
        edges = [0, roles.SHARED_FROM, roles.TIGHT_FROM, 6]
        colours = [figure.SKY, figure.ORANGE, figure.VERMILION]
        for low, high, name, colour in zip(edges[:-1], edges[1:], roles.LABELS, colours, strict=True):
            axes.barh(0, high - low, left=low, color=colour, edgecolor=figure.PAPER, height=0.5)
            axes.text((low + high) / 2, -0.5, name, ha="center", va="center", fontweight="bold")
        axes.plot(points + 0.5, 0, "o", markersize=22, color=figure.PAPER, markeredgecolor=figure.INK)
        axes.text(points + 0.5, 0, str(points), ha="center", va="center", fontweight="bold")
        axes.set_xlim(-0.05, 6.05)
        axes.set_ylim(-0.8, 0.5)
        axes.set_axis_off()
        alt = f"{finding} A scale from light to tight; {points} of five reasons hold."
        rows = [[text, "yes" if holds else "no"] for text, holds in self._reasons(sale.iloc[0]).items()]
        return finding, figure.picture(shown, alt), figure.table(f"{points} of 5 reasons", ["Reason", "Holds"], rows)

    def _reasons(self, sale: pd.Series) -> dict[str, bool]:
        return {
            "First purchase": sale.purchase_type in roles.FIRST_TIME,
            "Made to measure": bool(sale.customised),
            f"Short life: below {roles.SHORT_LIFE_MONTHS} months": sale.product_life_months < roles.SHORT_LIFE_MONTHS,
            f"Slow sale: above {roles.LONG_CYCLE_DAYS} days": sale.cycle_days > roles.LONG_CYCLE_DAYS,
            "Key account": bool(sale.key_account),
        }


def _tick(text: str) -> w.Checkbox:
    return w.Checkbox(description=text, tooltip=text, indent=False, layout=w.Layout(width="auto"))
