"""Eight micromarkets by four kinds of buyer: where the potential lies, where we are in, where the money goes."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
import numpy as np

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration, choice

SEGMENTS = {
    "small_offices": "Small offices",
    "large_offices": "Large offices",
    "public_sector": "Public sector",
    "shops_and_cafes": "Shops and cafés",
}
SHOWN = {  # what a cell can show: label, and how it is written
    "potential_eur": ("potential of five years, €1,000", lambda value: f"{value / 1000:,.0f}"),
    "budget_eur": ("budget, €1,000", lambda value: f"{value / 1000:,.0f}"),
    "gap": ("share of potential less share of budget, points", lambda value: f"{value * 100:+.1f}".replace("-", "−")),
    "penetration": ("share of firms that buy from us", lambda value: f"{value:.0%}"),
    "territory_goal_eur": ("goal by territory, €1,000", lambda value: f"{value / 1000:,.0f}"),
    "segment_goal_eur": ("goal by segment, €1,000", lambda value: f"{value / 1000:,.0f}"),
}


class MicromarketGrid(Exploration):
    """One grid; a switch says what its cells show. The learner's own micromarket is marked."""

    def __init__(self, world: Any) -> None:
        super().__init__("Where is the potential, and where is the money?")
        places = world.company.micromarkets.set_index("micromarket_id")["micromarket"]
        self.own = str(world.book.territories["micromarket_id"].iloc[0])
        self.names = dict(places)
        cells = world.company.micromarket_segments
        totals = {name: cells[name].sum() for name in ("potential_eur", "budget_eur")}
        cells = cells.assign(
            gap=cells["potential_eur"] / totals["potential_eur"] - cells["budget_eur"] / totals["budget_eur"]
        )
        self.cells = cells.set_index(["micromarket_id", "segment"])
        self.shown = choice("Show", [(text, name) for name, (text, _) in SHOWN.items()])
        self.shown.observe(self.redraw, "value")
        self.fill(self.shown)

    def grid(self) -> np.ndarray:
        """Return the values shown, a row a micromarket, a column a segment."""
        table = self.cells[self.shown.value].unstack()
        return table.loc[list(self.names), list(SEGMENTS)].to_numpy(dtype=float)

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, the grid, and the same as a table."""
        values, (text, write) = self.grid(), SHOWN[self.shown.value]
        names = [f"{name} (yours)" if place == self.own else name for place, name in self.names.items()]
        row, column = np.unravel_index(values.argmax(), values.shape)
        finding = (
            f"{text.capitalize()}: highest in {self.names[list(self.names)[row]]}, "
            f"{list(SEGMENTS.values())[column].lower()}, {write(values[row, column])}."
        )
        if self.shown.value.endswith("goal_eur"):
            finding = f"{text.capitalize()}: {write(values.sum())} in all."
        if self.shown.value == "gap":
            finding += " A minus has more money than potential."
        shown, axes = figure.blank(7.4, 4.2, left=0.22, right=0.99, bottom=0.02, top=0.92)
        scale = mpl.colors.Normalize(values.min(), values.min() + 1.7 * (values.max() - values.min()))
        axes.imshow(values, cmap="Blues", norm=scale, aspect="auto")  # never so dark that black is hard to read
        for (y, x), value in np.ndenumerate(values):
            axes.text(x, y, write(value), ha="center", va="center", color="#111111")
        axes.set_yticks(range(len(names)), names)
        axes.set_xticks(range(len(SEGMENTS)), list(SEGMENTS.values()))
        axes.xaxis.tick_top()
        for side in axes.spines.values():
            side.set_visible(False)
        rows = [[name, *map(write, line)] for name, line in zip(names, values, strict=True)]
        table = figure.table(text.capitalize(), ["Micromarket", *SEGMENTS.values()], rows)
        return finding, figure.picture(shown, f"{finding} A grid of eight micromarkets by four kinds of buyer."), table
