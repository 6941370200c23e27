"""Which doors send machines back, and how sure is that? Rate against size, with intervals."""

from __future__ import annotations

from typing import Any

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration
from onefunnel.learn.widgets.sliders import SliderBox
from onefunnel.metrics import sellthrough

LISTED = 8  # doors in the table


class DoorReturns(Exploration):
    """One mark a door; the slider leaves out doors that got too few machines to judge."""

    def __init__(self, world: Any) -> None:
        super().__init__("Which doors send machines back?")
        tables = world.company
        self.doors = sellthrough.return_rate_by_door(tables.shipments, tables.returns, tables.as_of, min_units=0)
        firms = tables.accounts.drop_duplicates("account_id").set_index("account_id")
        self.doors["name"] = firms["name"].reindex(self.doors.index)
        self.doors["shows"] = firms["has_demonstrator"].reindex(self.doors.index).eq(True)
        self.fewest = SliderBox("Leave out doors with fewer machines than", 0, 150, 5, 0, on_change=self.redraw)
        self.fill(self.fewest)

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, the marks, and the doors with the highest rates."""
        table = self.doors[self.doors["units"] >= self.fewest.value]
        top = table.head(5)
        got, sent = top["share_of_units"].sum(), top["share_of_back"].sum()
        finding = (
            f"Of {len(table)} doors, the five with the highest rates got {got:.0%} of the machines "
            f"and sent {sent:.0%} of those that came back."
        )
        shown, axes = figure.blank(7.4, 3.4, left=0.08, bottom=0.16, top=0.9)
        for label, rows, colour, marker in (
            ("no demonstrator", table[~table["shows"]], figure.VERMILION, "s"),
            ("with a demonstrator", table[table["shows"]], figure.BLUE, "o"),
        ):
            axes.vlines(rows["units"], rows["low"] * 100, rows["high"] * 100, color=colour, linewidth=1, alpha=0.6)
            axes.plot(rows["units"], rows["rate"] * 100, marker, color=colour, markersize=6, label=label)
        axes.set_xlabel("machines shipped, at least 14 weeks ago")
        axes.set_ylabel("came back, %")
        axes.set_ylim(0, 90)
        axes.set_xlim(left=0)
        axes.legend(loc="lower left", bbox_to_anchor=(0, 0.99), ncols=2, frameon=False)
        alt = (
            f"{finding} One mark a door, return rate over machines shipped, each with its 95 per cent interval: "
            "the fewer the machines, the longer the interval."
        )
        lines = [
            [
                str(row.name),
                f"{row.units:,.0f}",
                f"{row.units_back:,.0f}",
                f"{row.rate:.0%}",
                f"{row.low:.0%} to {row.high:.0%}",
            ]
            for row in table.head(LISTED).itertuples(index=False)
        ]
        head = ["Door", "Shipped", "Came back", "Share", "Range (95 % interval)"]
        return (
            finding,
            figure.picture(shown, alt),
            figure.table("Doors with the highest rates", head, lines) + self._both(),
        )

    def _both(self) -> str:
        rows = []
        for label, part in (("With a demonstrator", True), ("Without one", False)):
            doors = self.doors[self.doors["shows"] == part]
            units, back = doors["units"].sum(), doors["units_back"].sum()
            rows.append([label, f"{len(doors)}", f"{units:,.0f}", f"{back:,.0f}", f"{back / max(units, 1):.1%}"])
        head = ["Doors", "Number", "Shipped", "Came back", "Share"]
        return figure.table("All doors, by demonstrator", head, rows)
