"""Which outlets get a display unit: a rule of three facts, and what the test with outlets drawn at random says."""

from __future__ import annotations

from typing import Any

import ipywidgets as w

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration, choice
from onefunnel.learn.widgets.frame import note
from onefunnel.learn.widgets.sliders import SliderBox
from onefunnel.metrics import placing, rules
from onefunnel.metrics.scorecard import uplift_by_decile

UNITS = 50
OLD_RULE = [{"column": "past_cases_month", "test": "at_least", "value": 12}]
INCOMES = {"lower": "Lower income", "middle": "Middle income", "higher": "Higher income"}
FEW = 30  # tested outlets: below this a rate says little


class OutletRule(Exploration):
    """Tick types and areas, set a least number of past cases: outlets in the book, depots, and orders from 50 units."""

    def __init__(self, world: Any) -> None:
        super().__init__("Fifty display units: which rule brings most orders again?")
        self.world = world
        self.types = {kind: _box(name, True) for kind, name in placing.TYPE_NAMES.items()}
        self.incomes = {level: _box(name, True) for level, name in INCOMES.items()}
        self.cases = SliderBox("Past cases a month, at least", 0, 40, 1, 12, on_change=self.redraw)
        for box in (*self.types.values(), *self.incomes.values()):
            box.observe(self.redraw, "value")
        row = w.Layout(flex_flow="row wrap")
        self.fill(w.HBox([*self.types.values()], layout=row), w.HBox([*self.incomes.values()], layout=row), self.cases)

    def rule(self) -> list[dict[str, Any]]:
        """Return the rule that the controls stand for."""
        found = [
            {"column": column, "test": "one_of", "value": [name for name, box in boxes.items() if box.value]}
            for column, boxes in (("outlet_type", self.types), ("income_level", self.incomes))
        ]
        return [*found, {"column": "past_cases_month", "test": "at_least", "value": self.cases.value}]

    def results(self, rule: list[dict[str, Any]]) -> dict[str, float]:
        """Return outlets and share of depots in the book; tested outlets and their rate in the company's test."""
        book, company = self.world.book, self.world.company
        tested = rules.picked(placing.placed(company.placements, company.outlets), rule)
        return {
            "outlets": rules.how_many(book.outlets, rule),
            "depots": rules.share_with(book.outlets, rule, "outlet_type", "depot"),
            "tested": len(tested),
            "rate": float(tested["repurchased_90d"].mean()) if len(tested) else float("nan"),
        }

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, two bars, and the table."""
        yours, old = self.results(self.rule()), self.results(OLD_RULE)
        finding = self._finding(yours, old)
        shown, axes = figure.blank(7.4, 1.5, left=0.16, bottom=0.05)
        for place, (values, colour) in enumerate(((old, figure.GREY), (yours, figure.BLUE))):
            if values["tested"]:
                again = UNITS * values["rate"]
                axes.barh(place, again, color=colour, height=0.6)
                text = f"{again:.1f} of {UNITS}" + (" (few tested)" if values["tested"] < FEW else "")
                axes.text(again + 0.3, place, text, va="center", fontweight="bold")
        axes.set_yticks([0, 1], ["Old rule", "Your rule"])
        axes.set_xlim(0, UNITS * 0.6)
        axes.set_xticks([])
        for side in ("bottom", "left"):
            axes.spines[side].set_visible(False)
        rows = [
            ["Outlets in your book", *(f"{values['outlets']:.0f}" for values in (old, yours))],
            ["Of them depots", *(_share(values["depots"]) for values in (old, yours))],
            ["Such outlets in the test", *(f"{values['tested']:.0f}" for values in (old, yours))],
            ["Of them ordered again", *(_share(values["rate"]) for values in (old, yours))],
            [f"Orders again from {UNITS} units", *(_number(UNITS * values["rate"]) for values in (old, yours))],
        ]
        numbers = figure.table("The old rule is 12 past cases a month or more", ["", "Old rule", "Your rule"], rows)
        return finding, figure.picture(shown, f"{finding} Two bars: old rule and your rule, of {UNITS} units."), numbers

    def _finding(self, yours: dict[str, float], old: dict[str, float]) -> str:
        if not yours["tested"]:
            return "No outlet of the test meets this rule. Tick more."
        again, before = (UNITS * values["rate"] for values in (yours, old))
        said = f"Of {UNITS} units, {again:.1f} would bring orders again; by the old rule {before:.1f}"
        if yours["outlets"] < UNITS * 0.8:
            return f"{said}. But only {yours['outlets']:.0f} outlets of your book meet the rule."
        return f"{said}."


class FitTenths(Exploration):
    """Orders again by tenths of the tested outlets, sorted by fit score or by past cases."""

    def __init__(self, world: Any) -> None:
        super().__init__("Does the score find the outlets that order again?")
        self.world = world
        self.score = choice("Sort outlets by", [("Fit score", "fit_score"), ("Past cases", "past_cases_month")])
        self.score.observe(self.redraw, "value")
        self.fill(self.score)

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, a bar a tenth with the mean as a line, and the table."""
        company = self.world.company
        rows = placing.placed(company.placements, company.outlets)
        table = uplift_by_decile(rows[self.score.value], rows["repurchased_90d"])
        mean, name = rows["repurchased_90d"].mean(), self.score.label.lower()
        top = table["rate"].iloc[0]
        better = "more" if top > mean else "less"
        finding = f"Sorted by {name}, the top tenth orders again {better} often than all: {top:.0%} against {mean:.0%}."
        shown, axes = figure.blank(7.4, 2.4, left=0.02, bottom=0.22)
        axes.bar(table.index, table["rate"], color=[figure.BLUE, *[figure.GREY] * (len(table) - 1)], width=0.7)
        for tenth, rate in table["rate"].items():
            box = {"facecolor": figure.PAPER, "edgecolor": "none", "pad": 0.8}
            axes.text(tenth, rate + 0.012, f"{rate:.0%}", ha="center", fontsize=9, bbox=box)
        axes.axhline(mean, color=figure.VERMILION, linewidth=1.5, linestyle="--", zorder=0)
        axes.text(10.5, mean + 0.008, f"all {mean:.0%}", ha="right", fontsize=9, fontweight="bold")
        axes.set_xticks(range(1, 11))
        axes.set_yticks([])
        axes.set_ylim(0, 0.5)
        axes.set_xlabel(f"tenths by {name}, highest first")
        axes.spines["left"].set_visible(False)
        said = ", ".join(f"{tenth}: {rate:.0%}" for tenth, rate in table["rate"].items())
        lines = [
            [f"{tenth}", f"{row.cases:.0f}", f"{row.successes:.0f}", f"{row.rate:.1%}"]
            for tenth, row in zip(table.index, table.itertuples(), strict=True)
        ]
        head = ["Tenth", "Outlets", "Ordered again", "Rate"]
        return (
            finding,
            figure.picture(shown, f"{finding} By tenth: {said}."),
            figure.table("The test, by tenths", head, lines),
        )


class PlacingExample(Exploration):
    """Worked example: T00's six display units, its replacement list, and one deal's touches."""

    def __init__(self, world: Any) -> None:
        super().__init__("Worked example: the sample territory T00")
        self.world = world
        self.fill()

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, no picture, and the tables."""
        demo = self.world.demo
        rows = placing.placed(demo.placements, demo.outlets).merge(
            demo.accounts[["account_id", "name"]], on="account_id"
        )
        rows = rows.sort_values("fit_score", ascending=False)
        old = rules.picked(rows, OLD_RULE)["repurchased_90d"]
        finding = (
            f"T00: of {len(old)} units by the old rule, {int(old.sum())} brought an order again; "
            f"of all {len(rows)} units, {int(rows['repurchased_90d'].sum())} did."
        )
        units = [
            [
                str(row.name),
                f"{placing.TYPE_NAMES[row.outlet_type]}, {row.income_level} income",
                f"{row.past_cases_month}",
                f"{row.fit_score}",
                "yes" if row.repurchased_90d else "no",
            ]
            for row in rows.itertuples(index=False)
        ]
        head = ["Outlet", "Type and area", "Past cases", "Fit score", "Ordered again"]
        return finding, "", figure.table("T00, six display units, best fit first", head, units) + self._machines()

    def _machines(self) -> str:
        demo, rows = self.world.demo, []
        for row in demo.machines.itertuples():
            ordered, installed = (
                (demo.as_of - when).days / placing.MONTH_DAYS for when in (row.ordered_on, row.installed_on)
            )
            rows.append([str(row.machine_id), f"{ordered:.0f}", f"{installed:.0f}", str(row.status)])
        head = ["Machine", "Months since order", "Months since installation", "Status"]
        return figure.table("T00, machines", head, rows)


class PlacesBefore(Exploration):
    """Where people of one job title met us before their deal: met at all, and met last."""

    def __init__(self, world: Any) -> None:
        super().__init__("Where do these buyers look before there is a deal?")
        self.world = world
        titles = sorted(set(world.company.contacts["job_title"]) & set(world.book.features["job_title"]))
        self.reader = w.Dropdown(
            options=[(title.capitalize(), title) for title in titles],
            value="chief financial officer" if "chief financial officer" in titles else titles[0],
            description="Buyers",
            tooltip="Whose deals are looked at",
            layout=w.Layout(width="auto", max_width="420px"),
        )
        self.reader.observe(self.redraw, "value")
        self.fill(
            self.reader, note("Counted: touches before the deal was qualified. One deal can be met at several places.")
        )

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, paired bars, and the table."""
        company = self.world.company
        table = placing.places(company.touches, company.opportunities, company.contacts, self.reader.value).head(8)
        first, second = (f"at “{name.replace('_', ' ')}” ({met:.0%})" for name, met in table["met"].head(2).items())
        finding = f"{self.reader.label}: most deals met us {first}, then {second}."
        shown, axes = figure.blank(7.4, 3.2, left=0.18, bottom=0.05)
        for place, row in enumerate(table.iloc[::-1].itertuples()):
            axes.barh(place + 0.2, row.met, height=0.36, color=figure.BLUE)
            axes.barh(place - 0.2, row.last, height=0.36, color=figure.ORANGE)
            axes.text(row.met + 0.003, place + 0.2, f"{row.met:.0%} met", va="center", fontsize=8)
            axes.text(row.last + 0.003, place - 0.2, f"{row.last:.0%} last", va="center", fontsize=8)
        axes.set_xlim(0, table["met"].max() * 1.15)
        axes.set_yticks(range(len(table)), [name.replace("_", " ").capitalize() for name in table.index[::-1]])
        axes.set_xticks([])
        for side in ("bottom", "left"):
            axes.spines[side].set_visible(False)
        rows = [(name.replace("_", " "), row.met, row["last"]) for name, row in table.iterrows()]
        said = "; ".join(f"{name} {met:.0%} and {last:.0%}" for name, met, last in rows)
        lines = [[name.capitalize(), f"{met:.1%}", f"{last:.1%}"] for name, met, last in rows]
        numbers = figure.table("Share of deals", ["Place", "Met there", "Came last"], lines)
        alt = f"{finding} Share met at a place and share for which it came last: {said}."
        return finding, figure.picture(shown, alt), numbers


def _box(name: str, ticked: bool) -> w.Checkbox:
    return w.Checkbox(value=ticked, description=name, tooltip=name, indent=False, layout=w.Layout(width="200px"))


def _share(value: float) -> str:
    return "–" if value != value else f"{value:.0%}"


def _number(value: float) -> str:
    return "–" if value != value else f"{value:.1f}"
