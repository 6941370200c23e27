"""What a euro of adverts seems to bring month by month, and what a pause by lot shows."""

from __future__ import annotations

from typing import Any

import numpy as np

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration, choice
from onefunnel.metrics import adverts


class AdvertSeason(Exploration):
    """Two views of one table: a cloud of months, or the territories that paused beside those that went on."""

    def __init__(self, world: Any) -> None:
        super().__init__("What does a euro of adverts bring?")
        rows = world.company.advertising_monthly
        self.months = adverts.by_month(rows) / 1000
        self.slope, self.pause = adverts.revenue_slope(rows), adverts.pause(rows)
        held = rows[rows["held_out"].eq(True)]
        self.paused, self.real = held["territory_id"].nunique(), float(held["revenue_eur"].sum())
        self.view = choice("Show", [("Month by month", "months"), ("The pause by lot", "pause")])
        self.view.observe(self.redraw, "value")
        self.fill(self.view)

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, the picture and the table of the view that is chosen."""
        return self._months() if self.view.value == "months" else self._pause()

    def _months(self) -> tuple[str, str, str]:
        spend, revenue = self.months["spend_eur"].to_numpy(), self.months["revenue_eur"].to_numpy()
        finding = f"Months with one euro more for adverts had €{self.slope:.2f} more revenue. Adverts, or the season?"
        shown, axes = figure.blank(7.4, 3.0, left=0.1, bottom=0.17, top=0.9)
        axes.plot(spend, revenue, "o", color=figure.BLUE, markersize=6)
        ends = np.array([spend.min(), spend.max()])
        axes.plot(ends, revenue.mean() + self.slope * (ends - spend.mean()), color=figure.ORANGE, linewidth=2)
        for place in (int(np.argmin(spend)), int(np.argmax(spend))):
            axes.text(spend[place], revenue[place] - 24, self.months.index[place], ha="center", fontsize=9)
        axes.set_ylim(revenue.min() - 40, revenue.max() + 15)
        axes.set_xlabel("adverts in the month, thousand €")
        axes.set_title("Revenue in the month, thousand €", loc="left", fontsize=10)
        rows = [
            [f"{month}", f"{one.spend_eur * 1000:,.0f}", f"{one.revenue_eur * 1000:,.0f}"]
            for month, one in self.months.tail(12).iterrows()
        ]
        alt = f"{finding} A cloud of {len(spend)} months that rises to the right."
        table = figure.table("The last twelve months before the pause", ["Month", "Adverts €", "Revenue €"], rows)
        return finding, figure.picture(shown, alt), table

    def _pause(self) -> tuple[str, str, str]:
        missing, saved = self.pause
        expected = self.real + missing
        finding = (
            f"{self.paused} territories drawn by lot paused: €{saved:,.0f} of adverts not spent, "
            f"€{missing:,.0f} of revenue missing. That is €{missing / saved:.2f} a euro."
        )
        shown, axes = figure.blank(7.4, 2.4, left=0.02, bottom=0.04, top=0.98)
        bars = [("Expected without the pause", expected), ("What came in", self.real), ("Adverts not spent", saved)]
        for place, (name, eur) in enumerate(bars):
            axes.barh(place, eur, color=figure.ORANGE if place == 2 else figure.BLUE, height=0.55)
            axes.text(eur + expected * 0.01, place, f"{name}: €{eur / 1000:,.0f}k", va="center", fontweight="bold")
        axes.barh(1, missing, left=self.real, color="none", edgecolor=figure.VERMILION, hatch="///", height=0.55)
        axes.texts[1].set_x(expected * 1.01)
        axes.set_xlim(0, expected * 1.75)
        axes.set_ylim(2.6, -0.6)
        axes.set_axis_off()
        rows = [[name, f"{eur:,.0f}"] for name, eur in [*bars, ("Revenue missing", missing)]]
        alt = f"{finding} Three bars: expected revenue, revenue that came, and adverts not spent."
        return finding, figure.picture(shown, alt), figure.table("Three months, paused territories", ["", "€"], rows)
