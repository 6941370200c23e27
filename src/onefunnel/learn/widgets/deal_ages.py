"""What has become of deals at each age, and what each lever of the pipeline brings in a day."""

from __future__ import annotations

from typing import Any

import ipywidgets as w
import numpy as np
import pandas as pd

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration, choice
from onefunnel.learn.widgets.sliders import SliderBox
from onefunnel.metrics import cycles
from onefunnel.metrics.deals import (
    cumulative_incidence,
    days_to_close,
    decided,
    incidence,
    mean_days_to_close,
    mean_won_value,
    open_deals,
    pipeline_velocity,
    sales_cycle,
    settled_win_rate,
)

MARGIN = 0.42  # contribution margin of the sample company's deals
DAYS = (30, 60, 90, 120, 180)


class DealAges(Exploration):
    """Shares won, lost and still open by age, for the deals created in the last so many days."""

    def __init__(self, world: Any) -> None:
        super().__init__("How old are deals when they are won or lost?")
        tables = world.company
        self.opportunities, self.as_of = tables.opportunities, tables.as_of
        oldest = int((tables.as_of - tables.opportunities["created_at"].min()).days)
        self.window = SliderBox("Deals created in the last", 60, oldest, 10, oldest, unit="days")
        self.day = SliderBox("Read at the age of", 10, 200, 1, 60, unit="days")
        self.lost = choice("Lost deals", [("are lost", "lost"), ("taken for waiting", "waiting")])
        for slider in (self.window, self.day):
            slider.watch(self.redraw)
        self.lost.observe(self.redraw, "value")
        self.fill(self.window, self.day, self.lost)

    def cohort(self) -> pd.DataFrame:
        """Return the deals created within the window."""
        created = self.opportunities["created_at"]
        return self.opportunities[created >= self.as_of - pd.Timedelta(days=self.window.value)]

    def curves(self) -> pd.DataFrame:
        """Return `day`, `won`, `lost`, `open` (fractions) in the chosen reading."""
        rows = self.cohort()
        return (
            incidence(rows, self.as_of, lost_counts=False) if self._waiting else cumulative_incidence(rows, self.as_of)
        )

    @property
    def _waiting(self) -> bool:
        return self.lost.value == "waiting"

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, the curves, and the shares at a few ages."""
        rows, curves, day = self.cohort(), self.curves(), self.day.value
        now = _at(curves, day)
        finding = self._finding(rows)
        shown, axes = figure.blank(7.2, 3.0, left=0.08, bottom=0.17, top=0.9)
        lines = [("won", figure.BLUE, "-")] if self._waiting else [
            ("won", figure.BLUE, "-"), ("lost", figure.ORANGE, "--"), ("open", figure.GREY, ":")
        ]  # fmt: skip
        last = min(float(curves["day"].max()), 240.0)
        height = -9.0  # of the label below
        for name, colour, style in sorted(lines, key=lambda line: _at(curves, last)[line[0]]):
            axes.step(curves["day"], curves[name] * 100, where="post", color=colour, linestyle=style, linewidth=2)
            end = _at(curves, last)[name] * 100
            height = max(end, height + 9, 4)
            axes.text(last + 2, height, f"{name} {end:.0f}", va="center", fontweight="bold")
        axes.axvline(day, color=figure.QUIET, linewidth=1)
        axes.set_xlim(0, last + 28)
        axes.set_ylim(0, 100)
        axes.set_xlabel("age of the deal, days")
        text = f"Of 100 deals, by age: at day {day:.0f}, {now['won'] * 100:.1f} are won"
        axes.set_title(text, loc="left", fontsize=10)
        alt = f"{finding} {text}, {now['lost'] * 100:.1f} lost and {now['open'] * 100:.1f} open."
        return finding, figure.picture(shown, alt), self._table(curves)

    def _finding(self, rows: pd.DataFrame) -> str:
        closed = decided(rows)
        tile, honest = days_to_close(closed).median(), sales_cycle(rows, self.as_of)
        still = len(rows) - len(closed)
        if self._waiting:
            end = self.curves()["won"].iloc[-1]
            return f"With lost deals taken for waiting, the curve promises {end:.0%} won in the end."
        told = "not known yet" if np.isnan(honest) else f"{honest:.0f} days"
        return (
            f"{still:,} of these {len(rows):,} deals are still open. The closed ones took {tile:.0f} days (median). "
            f"With the open ones counted as “at least this long”, the median is {told}."
        )

    def _table(self, curves: pd.DataFrame) -> str:
        days = sorted({*DAYS, int(self.day.value)})
        rows = []
        for day in days:
            now = _at(curves, day)
            rows.append([f"{day} days", *(f"{now[name] * 100:.1f}" for name in ("won", "lost", "open"))])
        caption = "Of 100 deals, lost ones taken for waiting" if self._waiting else "Of 100 deals"
        return figure.table(caption, ["By the age of", "Won", "Lost", "Still open"], rows)


class VelocityLevers(Exploration):
    """Four sliders on the company's pipeline, and what they leave in a year after their cost."""

    def __init__(self, world: Any) -> None:
        super().__init__("Which lever of the pipeline brings how much?")
        tables = world.company
        self.tables = tables
        opportunities, as_of = tables.opportunities, tables.as_of
        self.today = {
            "open_deals": float(open_deals(opportunities)),
            "value": mean_won_value(opportunities, as_of),
            "win_rate": settled_win_rate(opportunities, as_of),
            "days": mean_days_to_close(opportunities, as_of),
        }
        self.velocity = pipeline_velocity(opportunities, as_of)
        labels = {
            "open_deals": "Open deals",
            "value": "Mean value of a won deal",
            "win_rate": "Win rate",
            "days": "Days to any close",
        }
        self.sliders = {name: SliderBox(label, -20, 20, 0.5, 0, unit="%") for name, label in labels.items()}
        self.cost = SliderBox("What the plan costs a year", 0, 150_000, 1_000, 0, unit="€")
        self.reset = w.Button(description="Back to today", tooltip="Back to today")
        self.reset.on_click(self._reset)
        for slider in (*self.sliders.values(), self.cost):
            slider.watch(self.redraw)
        self.labels = labels
        self.fill(*self.sliders.values(), self.cost, self.reset)

    def _reset(self, _button: object = None) -> None:
        for slider in (*self.sliders.values(), self.cost):
            slider.value = 0

    def changes(self) -> dict[str, float]:
        """Return the chosen change of each lever, a fraction."""
        return {name: slider.value / 100 for name, slider in self.sliders.items()}

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, two bars, and the four factors."""
        changes = self.changes()
        then = self.velocity * (1 + changes["open_deals"]) * (1 + changes["value"]) * (1 + changes["win_rate"])
        then /= 1 + changes["days"]
        net = (then - self.velocity) * cycles.YEAR_DAYS * MARGIN - self.cost.value
        finding = (
            f"The pipeline brings €{then:,.0f} a day ({then / self.velocity - 1:+.1%} against today). "
            f"After margin and cost the plan leaves {_signed(net)} a year."
        )
        shown, axes = figure.blank(7.2, 1.5, left=0.1, bottom=0.04, top=0.86)
        for place, (name, value) in enumerate((("today", self.velocity), ("then", then))):
            axes.barh(place, value, height=0.6, color=(figure.GREY, figure.BLUE)[place])
            axes.text(value, place, f"  €{value:,.0f}", va="center", fontweight="bold")
            axes.text(0, place, f"{name}  ", va="center", ha="right")
        axes.set_xlim(0, self.velocity * 1.9)
        axes.set_ylim(1.5, -0.5)
        axes.set_axis_off()
        axes.set_title("Euros a day", loc="left", fontsize=10)
        rows = []
        for name, label in self.labels.items():
            before, after = self.today[name], self.today[name] * (1 + changes[name])
            rows.append([label, _value(name, before), _value(name, after)])
        table = figure.table("The four levers", ["Lever", "Today", "Then"], rows)
        return finding, figure.picture(shown, f"{finding} Today €{self.velocity:,.0f} a day."), table


def _at(curves: pd.DataFrame, day: float) -> pd.Series:
    return curves[curves["day"] <= day].iloc[-1]


def _signed(euros: float) -> str:
    return f"{'−' if euros < 0 else '+'}€{abs(euros):,.0f}"


def _value(name: str, value: float) -> str:
    return {"open_deals": f"{value:,.0f}", "value": f"{value:,.0f} €", "win_rate": f"{value:.1%}"}.get(
        name, f"{value:.1f} days"
    )
