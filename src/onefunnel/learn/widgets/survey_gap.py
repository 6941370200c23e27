"""A gap between two groups of a survey, and how sure it is with more or fewer people asked."""

from __future__ import annotations

from typing import Any

import ipywidgets as w
import pandas as pd

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration
from onefunnel.learn.widgets.sliders import SliderBox
from onefunnel.metrics import pulse
from onefunnel.metrics.intervals import wilson
from onefunnel.metrics.survey import gap

GROUPS = {"marketing": "Marketing", "sales": "Sales"}


class SurveyGap(Exploration):
    """The company's latest pulse survey; a slider makes as if more or fewer people had given the same answers."""

    def __init__(self, world: Any) -> None:
        super().__init__("Two teams, one question: is the gap real?")
        self.pulse = world.company.pulse_survey
        questions = world.company.survey_questions
        asked = questions[questions["kind"] == "yes_no"]
        self.question = w.Dropdown(
            options=[(text, name) for name, text in zip(asked["question_id"], asked["text"], strict=True)],
            description="Question",
            tooltip="The statement that people agreed to or not",
            style={"description_width": "initial"},
            layout=w.Layout(width="auto", max_width="640px"),
        )
        self.people = SliderBox(
            "As if so many people had answered, in % of those who did", 10, 400, 5, 100, unit="%", on_change=self.redraw
        )
        self.question.observe(self.redraw, "value")
        self.fill(self.question, self.people)

    def counts(self) -> dict[str, tuple[int, int]]:
        """Return, by group, how many said yes and how many answered, for the slider as it stands."""
        factor, said = self.people.value / 100, {}
        for group in GROUPS:
            answered = pulse.answered(self.pulse, self.question.value, group)
            yes = pulse.yes(self.pulse, self.question.value, group)
            many = max(round(answered * factor), 1)
            said[group] = (round(yes / answered * many) if answered else 0, many)
        return said

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, the two shares and the gap with their intervals, and the table."""
        counts = self.counts()
        bars = {}
        for group, (yes, many) in counts.items():
            low, high = wilson(yes, many)
            bars[f"{GROUPS[group]}: {yes} of {many}"] = (yes / many, low, high)
        difference = gap(*counts["marketing"], *counts["sales"])
        finding = self._finding(*difference)
        shown, axes = figure.blank(7.2, 2.6, left=0.27, bottom=0.16, top=0.94)
        rows = [*bars.items(), ("Gap, in points", tuple(difference))]
        for place, (name, (middle, low, high)) in enumerate(rows):
            colour = figure.ORANGE if name.startswith("Gap") else figure.BLUE
            axes.plot([low * 100, high * 100], [place, place], color=colour, linewidth=5, solid_capstyle="butt")
            axes.plot(middle * 100, place, "D", color=figure.INK, markersize=7)
            axes.text(-0.01, place, name, transform=axes.get_yaxis_transform(), ha="right", va="center")
        axes.axvline(0, color=figure.QUIET, linewidth=1)
        axes.set_xlim(-62, 102)
        axes.set_ylim(2.5, -0.5)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        table = figure.table(
            "Share of yes, and the gap",
            ["", "Measured", "Could be as low as", "Could be as high as"],
            [[name, *(_points(value) for value in values)] for name, values in rows],
        )
        said = "; ".join(
            f"{name} {_points(middle)}, {_points(low)} to {_points(high)}" for name, (middle, low, high) in rows
        )
        return finding, figure.picture(shown, f"{finding} {said}."), table

    def _finding(self, middle: float, low: float, high: float) -> str:
        sure = (
            "Zero lies outside, so the two teams do answer differently."
            if low > 0 or high < 0
            else "Zero lies inside, so the two teams may think alike."
        )
        return (
            f"A gap of {_points(middle)} points, but anything from {_points(low)} to {_points(high)} would fit. {sure}"
        )


def _points(value: float) -> str:
    return "–" if pd.isna(value) else f"{value * 100:.0f}".replace("-", "−")
