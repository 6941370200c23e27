"""What people say about a price, and what they do: four curves of a survey, and a test with real money."""

from __future__ import annotations

from typing import Any

import numpy as np

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration, choice
from onefunnel.metrics import price_rise, willingness, willingness_traps
from onefunnel.metrics.willingness import ANSWERS

CURVES = {  # column → its name, colour and line; the first two fall with the price, the other two rise
    "too_cheap": ("too cheap", figure.SKY, "--"),
    "cheap": ("cheap", figure.BLUE, "-"),
    "expensive": ("expensive", figure.ORANGE, "-"),
    "too_expensive": ("too expensive", figure.VERMILION, "--"),
}


class PriceCurves(Exploration):
    """The four curves and the price that loses fewest people; two columns can be swapped to see the harm."""

    def __init__(self, world: Any) -> None:
        super().__init__("At which price do fewest people walk away?")
        self.answers = world.company.price_survey[list(ANSWERS)].dropna()
        self.read = choice(
            "The columns cheap and expensive", [("as they were asked", "asked"), ("swapped by mistake", "swapped")]
        )
        self.read.observe(self.redraw, "value")
        self.fill(self.read)

    def found(self) -> willingness.PriceRange:
        """Return the four prices for the columns as they are read."""
        if self.read.value == "swapped":
            return willingness_traps.swapped_columns(self.answers)
        return willingness.van_westendorp(self.answers)

    def draw(self) -> tuple[str, str, str]:
        """Return the crossing, the four curves, and the prices at which they cross."""
        found = self.found()
        finding = (
            f"At €{found.optimum:.0f} as many find us too cheap as too expensive. "
            f"From €{found.lowest:.0f} to €{found.highest:.0f} most people accept the price."
        )
        rows = self.answers
        if self.read.value == "swapped":
            rows = rows.rename(columns={"cheap": "expensive", "expensive": "cheap"})
        prices = np.arange(50, 236, 3)
        shown, axes = figure.blank(7.4, 3.2, left=0.08, bottom=0.16, top=0.9)
        for place, (column, (name, colour, line)) in enumerate(CURVES.items()):
            named = rows[column].to_numpy(dtype=float)[:, None]
            share = ((named >= prices) if place < 2 else (named <= prices)).mean(axis=0) * 100
            axes.plot(prices, share, line, color=colour, linewidth=2, label=name)
        axes.axvline(found.optimum, color=figure.QUIET, linewidth=1, linestyle=":")
        axes.text(found.optimum + 1, 52, f"€{found.optimum:.0f}", fontweight="bold")
        axes.set_xlim(50, 235)
        axes.set_ylim(0, 103)
        axes.set_xlabel("rent a month, €")
        axes.set_title("Of 100 people, who find this price …", loc="left", fontsize=10)
        axes.legend(loc="center right", frameon=False)
        names = [
            ("As many too cheap as too expensive", found.optimum),
            ("Lowest accepted price", found.lowest),
            ("Highest accepted price", found.highest),
        ]
        table = figure.table(
            f"{len(self.answers)} people were asked, {found.out_of_order} left out because their prices do not rise",
            ["", "€ a month"],
            [[name, f"{price:.0f}"] for name, price in names],
        )
        return finding, figure.picture(shown, f"{finding} Two curves fall with the price, two rise."), table


class SaidAndDid(Exploration):
    """Share by price in the survey and in the test; or what a hundred people would bring."""

    def __init__(self, world: Any) -> None:
        super().__init__("What people say they pay, and what they paid")
        tables = world.company
        self.table = price_rise.said_and_did(tables.price_steps, tables.price_test)
        self.view = choice("Show", [("How many of 100 rent", "people"), ("What 100 people bring a month", "money")])
        self.view.observe(self.redraw, "value")
        self.fill(self.view)

    def draw(self) -> tuple[str, str, str]:
        """Return where each line is highest, both lines, and the table."""
        by_people = self.view.value == "people"
        shown_as = self.table * 100
        if not by_people:
            shown_as = shown_as.mul(self.table.index.to_numpy(), axis=0)
        said, did = shown_as["said"], shown_as["did"]
        if by_people:
            ratio = (self.table["did"] / self.table["said"]).dropna()
            low, high = ratio.min(), ratio.max()
            finding = (
                f"Of 100 who said they would rent, {low * 100:.0f} to {high * 100:.0f} did, fewer the dearer it got."
            )
        else:
            finding = f"By what people say, €{said.idxmax():.0f} brings most. By what they did, €{did.idxmax():.0f}."
        shown, axes = figure.blank(7.4, 3.0, left=0.09, bottom=0.17, top=0.9)
        for name, line, colour, mark in (("said", said, figure.ORANGE, "s"), ("did", did, figure.BLUE, "o")):
            axes.plot(line.index, line, color=colour, marker=mark, linewidth=2, label=f"what people {name}")
            if not by_people:
                axes.plot(line.idxmax(), line.max(), mark, color=colour, markersize=13, fillstyle="none")
        axes.set_xticks(list(said.index), [f"€{price:.0f}" for price in said.index])
        axes.set_ylim(0, np.nanmax(shown_as.to_numpy()) * 1.25)
        axes.set_xlabel("rent a month")
        axes.set_title("Of 100 people" if by_people else "€ from 100 people", loc="left", fontsize=10)
        axes.legend(loc="upper right", frameon=False, ncols=2)
        digits = 1 if by_people else 0
        rows = [
            [f"€{price:.0f}", f"{one.said:,.{digits}f}", f"{one.did:,.{digits}f}"] for price, one in shown_as.iterrows()
        ]
        unit = "of 100 people" if by_people else "€ from 100 people"
        alt = f"{finding} Two lines over the price: what people said lies above what they did at every price."
        head = ["Rent a month", "Said", "Did"]
        return finding, figure.picture(shown, alt), figure.table(f"Survey and test, {unit}", head, rows)
