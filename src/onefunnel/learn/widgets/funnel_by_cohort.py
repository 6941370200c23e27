"""The funnel, followed by cohort or counted by the calendar: two readings of the same tables."""

from __future__ import annotations

import math
from typing import Any

import ipywidgets as w
import pandas as pd
from matplotlib.patches import Patch

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration, choice
from onefunnel.metrics.stages import stage_funnel

_COUNTS = {"cohort": "reached", "calendar": "same_period"}  # reading → its column of the metric's frame


class FunnelByCohort(Exploration):
    """Left: of 100 raised hands, how many reach each step. Right: the same for one step, quarter by quarter.

    Only quarters that have had their time are summed on the left; younger ones are hatched on the right.
    """

    def __init__(self, world: Any) -> None:
        super().__init__("Of 100 people who raise a hand, how many reach each step?")
        self.world = world
        self.frames: dict[str, pd.DataFrame] = {}
        names = {step.id: step.name for step in world.playbook.steps}
        self.steps = [step for step in self._frame("book")["step_id"].unique() if step in names]
        self.names = names
        self.whose = choice("Whose", [("My book", "book"), ("The whole company", "company")])
        self.reading = choice(
            "Count by",
            [("Cohort: follow the same people", "cohort"), ("Same quarter: whatever happened then", "calendar")],
        )
        self.step = w.Dropdown(
            options=[(names[step], step) for step in self.steps[1:]],
            value=self.steps[-1],
            description="Follow up to",
            tooltip="Follow up to this step, quarter by quarter",
            style={"description_width": "initial"},
            layout=w.Layout(width="auto", max_width="420px"),
        )
        for control in (self.whose, self.reading, self.step):
            control.observe(self.redraw, "value")
        self.fill(self.whose, self.reading, self.step)

    def _frame(self, whose: str) -> pd.DataFrame:
        if whose not in self.frames:
            tables = getattr(self.world, whose)
            ids = [step.id for step in self.world.playbook.steps]
            self.frames[whose] = stage_funnel(tables.leads, tables.stage_history, tables.as_of, ids)
        return self.frames[whose]

    def per_hundred(self, reading: str) -> pd.Series:
        """Return, by step, how many of 100 raised hands reach it, over the quarters that have had their time."""
        frame = self._frame(self.whose.value)
        settled = frame[~frame["still_moving"]].groupby("step_id")[_COUNTS[reading]].sum().reindex(self.steps)
        return settled / settled.iloc[0] * 100 if settled.iloc[0] else settled * float("nan")

    def by_quarter(self) -> pd.DataFrame:
        """Return one row a quarter: `hands`, `reached` (the chosen step), `per_hundred`, `still_moving`."""
        frame, column = self._frame(self.whose.value), _COUNTS[self.reading.value]
        wide = frame.pivot(index="cohort", columns="step_id", values=column)
        hands, reached = wide[self.steps[0]], wide[self.step.value]
        moving = frame.groupby("cohort")["still_moving"].first()
        share = (reached / hands.where(hands > 0) * 100).rename("per_hundred")
        return pd.DataFrame({"hands": hands, "reached": reached, "per_hundred": share, "still_moving": moving})

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, both charts, and both tables."""
        followed, counted = self.per_hundred("cohort"), self.per_hundred("calendar")
        shown_share = followed if self.reading.value == "cohort" else counted
        quarters = self.by_quarter()
        finding = self._finding(followed.iloc[-1], counted.iloc[-1], quarters)
        shown, (left, right) = figure.pair(7.4, 3.7, left=0.195)
        self._funnel(left, shown_share)
        self._quarters(right, quarters)
        steps = ", ".join(f"{self.names[step]} {_per(share)}" for step, share in shown_share.items())
        alt = f"{finding} Left, of 100 raised hands: {steps}. Right, by quarter: {self.names[self.step.value]}."
        return finding, figure.picture(shown, alt), self._tables(followed, counted, quarters)

    def _finding(self, followed: float, counted: float, quarters: pd.DataFrame) -> str:
        young = int(quarters["still_moving"].sum())
        last = self.names[self.steps[-1]].lower()
        if self.reading.value == "cohort":
            return (
                f"Of 100 people who raised a hand, {_per(followed)} reach “{last}”. "
                f"The {young} hatched quarters have not had their time."
            )
        return (
            f"Counted by the calendar it reads {_per(counted)} of 100, but those are not the same people. "
            f"Followed as a group, {_per(followed)} reach “{last}”."
        )

    def _funnel(self, axes: Any, share: pd.Series) -> None:
        places = range(len(share))
        axes.barh(places, share, color=figure.BLUE, height=0.7)
        for place, (step, value) in enumerate(share.items()):
            axes.text(value + 2, place, _per(value), va="center", fontweight="bold")
            axes.text(-2, place, figure.folded(self.names[step], 20), va="center", ha="right")
        axes.set_xlim(0, 118)
        axes.set_ylim(len(share) - 0.4, -0.6)  # the first step on top
        axes.set_axis_off()  # the labels above are texts: matplotlib's own ticks cost half the time of a redraw
        axes.set_title("Of 100 raised hands", loc="left", fontsize=10, y=1.0)

    def _quarters(self, axes: Any, quarters: pd.DataFrame) -> None:
        old, young = quarters[~quarters["still_moving"]], quarters[quarters["still_moving"]]
        places = dict(zip(quarters.index, range(len(quarters)), strict=True))
        axes.bar([places[q] for q in old.index], old["per_hundred"].fillna(0), color=figure.BLUE)
        style = {"facecolor": "none", "edgecolor": figure.ORANGE, "hatch": "///"}
        axes.bar([places[q] for q in young.index], young["per_hundred"].fillna(0), linewidth=1.2, **style)
        every = math.ceil(len(quarters) / 5)
        axes.set_xticks(list(places.values())[::every], [_short(q) for q in list(places)[::every]])
        axes.set_title(
            f"{figure.folded(self.names[self.step.value], 28)}, of 100, by quarter", loc="left", fontsize=10, y=1.0
        )
        axes.set_ylim(0, max(1.0, float(quarters["per_hundred"].max())) * 1.25)
        axes.legend(handles=[Patch(**style, label="still moving")], loc="upper right", frameon=False)

    def _tables(self, followed: pd.Series, counted: pd.Series, quarters: pd.DataFrame) -> str:
        before = (followed / followed.shift() * 100).map(lambda share: "–" if pd.isna(share) else f"{share:.1f} %")
        steps = [[self.names[step], _per(followed[step]), before[step], _per(counted[step])] for step in self.steps]
        head = ["Step", "Cohort", "Of the step before", "Same quarter"]
        first = figure.table("Of 100 raised hands, quarters that had their time", head, steps)
        rows = [
            [
                quarter,
                f"{row.hands:,}",
                f"{row.reached:,}",
                _per(row.per_hundred),
                "still moving" if row.still_moving else "",
            ]
            for quarter, row in zip(quarters.index, quarters.itertuples(), strict=True)
        ]
        head = ["Quarter", "Raised hands", "Reached", "Of 100", "State"]
        second = figure.table(f"{self.names[self.step.value]}, quarter by quarter", head, rows)
        return f'<div class="of-pair">{first}{second}</div>'


def _per(value: float) -> str:
    return "–" if pd.isna(value) else f"{value:.0f}" if value >= 10 else f"{value:.1f}"


def _short(quarter: str) -> str:
    """ "2025Q1" → "Q1 ’25"."""
    return f"{quarter[4:]} ’{quarter[2:4]}"
