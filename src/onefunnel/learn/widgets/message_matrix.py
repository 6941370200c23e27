"""Who sits in the room, what each feature means to them, and where no asset speaks to them."""

from __future__ import annotations

from typing import Any

import ipywidgets as w
from matplotlib.patches import Rectangle

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration, choice
from onefunnel.learn.widgets.sliders import SliderBox
from onefunnel.metrics import messages

SHADES = ("#ffffff", "#c6dff0", "#7fb8dd", "#2f86bd")  # none, one or two, three, four or more assets
SHEET = "Savings sheet"


class MessageMatrix(Exploration):
    """Six readers × five industries: assets by shade, open euros in the cell; and one reader's features in words."""

    def __init__(self, world: Any) -> None:
        super().__init__("Where do open euros wait without an asset for this reader?")
        self.world = world
        self.whose = choice("Whose deals", [("Mine", "book"), ("The company's", "company")])
        self.reader = w.Dropdown(
            options=[(title.capitalize(), title) for title in messages.JOB_TITLES],
            description="What to say to",
            tooltip="The reader whose benefits and metrics stand in the table",
            style={"description_width": "initial"},
            layout=w.Layout(width="auto", max_width="420px"),
        )
        self.least = SliderBox("Hide cells with less open than", 0, 300, 5, 0, unit="€1,000", on_change=self.redraw)
        for control in (self.whose, self.reader):
            control.observe(self.redraw, "value")
        self.fill(self.whose, self.least, self.reader)

    def cells(self) -> tuple[dict[tuple[str, str], float], dict[tuple[str, str], int]]:
        """Return open euros by cell (those above the slider) and assets by cell, for the deals chosen."""
        tables = self.world.book if self.whose.value == "book" else self.world.company
        euros = messages.open_by_cell(tables.opportunities, tables.contacts, tables.accounts)
        euros = euros[euros >= self.least.value * 1000]
        return euros.to_dict(), messages.assets_by_cell(tables.assets).to_dict()

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, the matrix, and the table of the reader's benefits."""
        euros, assets = self.cells()
        holes = {cell: eur for cell, eur in euros.items() if not assets.get(cell)}
        finding = self._finding(euros, holes)
        shown, axes = figure.blank(7.4, 3.5, left=0.25, bottom=0.02, top=0.9)
        for down, title in enumerate(messages.JOB_TITLES):
            axes.text(-0.05, down + 0.5, title.capitalize(), ha="right", va="center", fontsize=9)
            for right, industry in enumerate(messages.INDUSTRIES):
                cell = (title, industry)
                self._cell(axes, right, down, assets.get(cell, 0), euros.get(cell), hole=cell in holes)
        for right, industry in enumerate(messages.INDUSTRIES):
            name = industry.replace("_", " ").capitalize().replace("Professional services", "Prof. services")
            axes.text(right + 0.5, -0.08, name, ha="center", va="bottom", fontsize=9)
        axes.set_xlim(0, len(messages.INDUSTRIES))
        axes.set_ylim(len(messages.JOB_TITLES), 0)
        axes.set_axis_off()
        hole = ", ".join(f"{messages.cell_text(cell)} €{eur:,.0f}" for cell, eur in sorted(holes.items()))
        alt = f"{finding} A matrix of readers and industries. Open euros without an asset: {hole or 'none'}."
        return finding, figure.picture(shown, alt), self._table()

    @staticmethod
    def _cell(axes: Any, right: int, down: int, assets: int, eur: float | None, *, hole: bool) -> None:
        shade = SHADES[0 if not assets else 1 if assets < 3 else 2 if assets == 3 else 3]
        face = {"facecolor": shade if assets else "none", "edgecolor": figure.QUIET, "linewidth": 0.6}
        axes.add_patch(Rectangle((right, down), 1, 1, **face))
        if hole:
            style = {"facecolor": "none", "edgecolor": figure.VERMILION, "hatch": "///", "linewidth": 1.5}
            axes.add_patch(Rectangle((right + 0.04, down + 0.06), 0.92, 0.88, **style))
        ink = figure.INK if not assets else "#000000" if assets < 4 else "#ffffff"
        label = {"facecolor": figure.PAPER, "edgecolor": "none", "pad": 1.2} if hole else None
        said = f"€{eur / 1000:,.0f}k" if eur is not None else ""
        lines = [f"{assets} assets" if assets != 1 else "1 asset"] if assets else []
        text = "\n".join([said, *lines] if said else lines)
        axes.text(right + 0.5, down + 0.5, text, ha="center", va="center", fontsize=8, color=ink, bbox=label)

    def _finding(self, euros: dict[tuple[str, str], float], holes: dict[tuple[str, str], float]) -> str:
        if not euros:
            return "No cell has that much open. Move the slider down."
        total, without = sum(euros.values()), sum(holes.values())
        said = f"€{without:,.0f} of €{total:,.0f} open stand in a cell without an asset (hatched)"
        if not holes:
            return f"{said}."
        cell = max(holes, key=lambda one: holes[one])
        return f"{said}. The largest hole: {messages.cell_text(cell)}, €{holes[cell]:,.0f}."

    def _table(self) -> str:
        features = self.world.book.features
        mine = features[features["job_title"] == self.reader.value]
        rows = [[str(row.feature), str(row.benefit), str(row.metric)] for row in mine.itertuples()]
        head = ["What it does (feature)", "What this reader gets (benefit)", "Their metric"]
        return figure.table(f"What to say to the {self.reader.value}", head, rows)


class IssueTable(Exploration):
    """What buyers said after the decision: importance, our points, the rival's, and how many answered."""

    def __init__(self, world: Any) -> None:
        super().__init__("What do buyers say after they have decided?")
        self.world = world
        self.fill()

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, a chart of our lead by issue, and the table."""
        table = messages.issues(self.world.company.win_loss)
        lead = (table["ours"] - table["theirs"]).sort_values()
        finding = (
            f"Buyers see us ahead on {int((lead > 0).sum())} of {len(lead)} issues, "
            f"but by a point or more on only {int((lead >= messages.LEAD).sum())}."
        )
        shown, axes = figure.blank(7.4, 2.9, left=0.3, bottom=0.16)
        names = [issue.replace("_", " ").capitalize() for issue in lead.index]
        colours = [figure.BLUE if value >= messages.LEAD else figure.GREY for value in lead]
        axes.barh(range(len(lead)), lead, color=colours, height=0.6)
        for place, (issue, value) in enumerate(lead.items()):
            text = f"{value:+.1f} · {int(table.loc[issue, 'answers'])} answers".replace("-", "−")
            side = "left" if value >= 0 else "right"
            axes.text(value + (0.05 if value >= 0 else -0.05), place, text, ha=side, va="center", fontsize=8)
        axes.axvline(0, color=figure.QUIET, linewidth=0.8)
        axes.axvline(messages.LEAD, color=figure.QUIET, linewidth=0.8, linestyle=":")
        axes.set_yticks(range(len(lead)), names, fontsize=9)
        axes.set_xlim(min(lead.min(), 0) - 1.3, max(lead.max(), messages.LEAD) + 1.3)
        axes.set_xlabel("our points less the rival's (dotted: one point)")
        axes.spines["left"].set_visible(False)
        said = ", ".join(f"{name} {value:+.1f}" for name, value in zip(names, lead, strict=True))
        rows = [
            [issue.replace("_", " ").capitalize(), *(f"{value:.1f}" for value in row[:3]), f"{row[3]:.0f}"]
            for issue, row in zip(
                table.index, table[["importance", "ours", "theirs", "answers"]].to_numpy(), strict=True
            )
        ]
        head = ["Issue", "Importance", "We", "They", "Answers"]
        alt = f"{finding} Our lead in points: {said}."
        return finding, figure.picture(shown, alt), figure.table("Points from 1 to 10, means", head, rows)


class AssetEffect(Exploration):
    """Win rate with and without one asset, over all decided deals or among those that reached the decision."""

    def __init__(self, world: Any) -> None:
        super().__init__("Does the savings sheet win deals?")
        self.world = world
        self.which = choice("Compare", [("All decided deals", "all"), ("Only deals that reached the decision", "late")])
        self.which.observe(self.redraw, "value")
        self.fill(self.which)

    def rates(self) -> Any:
        """Return deals and win rate with (True) and without (False) the asset, for the switch as it stands."""
        tables, late = self.world.company, self.which.value == "late"
        return messages.rates_by_use(tables.opportunities, tables.assets, tables.asset_use, SHEET, late_only=late)

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, two bars, and the table with T00 beside the company."""
        table = self.rates()
        gap = (table.loc[True, "rate"] - table.loc[False, "rate"]) * 100
        among = "all decided deals" if self.which.value == "all" else "deals that reached the decision"
        finding = f"Among {among}, those with the sheet win {gap:.0f} points more often."
        shown, axes = figure.blank(7.4, 1.5, left=0.2, bottom=0.05)
        for place, used in enumerate((False, True)):
            rate, deals = table.loc[used, "rate"], table.loc[used, "deals"]
            axes.barh(place, rate, color=figure.BLUE if used else figure.GREY, height=0.6)
            axes.text(rate + 0.01, place, f"{rate:.0%} of {deals:,.0f} deals", va="center", fontweight="bold")
        axes.set_yticks([0, 1], ["Without the sheet", "With the sheet"])
        axes.set_xlim(0, 1)
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        axes.spines["left"].set_visible(False)
        alt = (
            f"{finding} Win rate with the sheet {table.loc[True, 'rate']:.0%}, without {table.loc[False, 'rate']:.0%}."
        )
        return finding, figure.picture(shown, alt), self._demo()

    def _demo(self) -> str:
        demo, rows = self.world.demo, []
        for name, late in (("All decided deals", False), ("Those that reached the decision", True)):
            table = messages.rates_by_use(demo.opportunities, demo.assets, demo.asset_use, SHEET, late_only=late)
            for used, said in ((True, "with"), (False, "without")):
                deals, rate = table.loc[used, "deals"], table.loc[used, "rate"]
                none = not deals > 0
                rows.append(
                    [f"{name}, {said} the sheet", "0" if none else f"{deals:.0f}", "–" if none else f"{rate:.0%}"]
                )
        return figure.table("Worked example: T00", ["Deals", "How many", "Won"], rows)


class FeatureExample(Exploration):
    """Worked example: one feature, six readers; and the open deals of T00 by reader."""

    def __init__(self, world: Any) -> None:
        super().__init__("Worked example: the sample territory T00")
        self.world = world
        self.fill()

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, no picture, and two tables."""
        demo, features = self.world.demo, self.world.book.features
        first = features[features["feature_id"] == features["feature_id"].iloc[0]]
        feature = str(first["feature"].iloc[0])
        rows = [[str(row.job_title).capitalize(), str(row.benefit), str(row.metric)] for row in first.itertuples()]
        words = figure.table(f"One feature: {feature}", ["Reader", "Benefit", "Their metric"], rows)
        euros = messages.open_by_cell(demo.opportunities, demo.contacts, demo.accounts)
        made = messages.assets_by_cell(demo.assets)
        cells = [
            [messages.cell_text(cell), f"{eur:,.0f}", f"{int(made.get(cell, 0))}"]
            for cell, eur in euros.sort_index().items()
        ]
        covered = messages.covered_eur(demo.opportunities, demo.contacts, demo.accounts, demo.assets)
        finding = (
            f"T00: €{covered:,.0f} of €{messages.open_eur(demo.opportunities):,.0f} open stand in a cell with an asset "
            f"for this reader."
        )
        cells_table = figure.table("T00, open deals by reader and industry", ["Cell", "Open €", "Assets"], cells)
        return finding, "", words + cells_table
