"""The customer's path from the first talk on: who does what, and how customers score it."""

from __future__ import annotations

from typing import Any

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration, choice
from onefunnel.metrics import journey_map as journey

COLOURS = {"sales": figure.BLUE, "service": figure.GREEN, "nobody": figure.VERMILION}


class JourneyMap(Exploration):
    """One row a touchpoint, one column a function; the bar says how many customers were unhappy there."""

    def __init__(self, world: Any) -> None:
        super().__init__("The path of a customer: where does it hurt, and whose is it?")
        tables = world.company
        self.table = journey.touchpoints(tables.touches, tables.hand_overs)
        self.renewed = {
            poor: journey.renewed_by_start(tables.hand_overs, tables.renewals, tables.as_of, poor)
            for poor in (True, False)
        }
        self.shown = choice("Show", [("Share of low scores (1 or 2)", "low"), ("Mean score", "mean")])
        self.shown.observe(self.redraw, "value")
        self.fill(self.shown)

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, one bar a touchpoint, and the table."""
        table, by = self.table, self.shown.value
        finding = (
            f"Of customers who scored the hand-over 1 or 2, {self.renewed[True]:.0%} renew; "
            f"of the others {self.renewed[False]:.0%}."
        )
        shown, axes = figure.blank(7.2, 3.0, left=0.36, bottom=0.04, top=0.98)
        top = 5.0 if by == "mean" else 1.0
        for place, (name, row) in enumerate(table.iterrows()):
            colour = COLOURS.get(row["function"], figure.GREY)
            hatch = {"hatch": "//", "edgecolor": figure.PAPER} if row["function"] == "nobody" else {}
            axes.barh(place, row[by], color=colour, height=0.62, **hatch)
            text = f"{row['mean']:.1f}" if by == "mean" else f"{row['low']:.0%}"
            axes.text(row[by] + top * 0.01, place, f"{text}   {row['function']}", va="center")
            axes.text(-0.01, place, journey.NAMES[name], transform=axes.get_yaxis_transform(), ha="right", va="center")
        axes.set_xlim(0, top if by == "mean" else 0.4)
        axes.set_ylim(len(table) - 0.4, -0.6)
        axes.set_axis_off()
        rows = [
            [journey.NAMES[name], row["function"], f"{row['scored']:,.0f}", f"{row['mean']:.1f}", f"{row['low']:.0%}"]
            for name, row in table.iterrows()
        ]
        said = ", ".join(f"{name} {low} by {function}" for name, function, _, _, low in rows)
        head = ["Touchpoint", "Who does it", "Scores", "Mean", "1 or 2"]
        return finding, figure.picture(shown, f"{finding} Low scores: {said}."), figure.table("The path", head, rows)
