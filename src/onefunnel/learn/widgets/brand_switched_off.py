"""What happens when brand advertising stops: sales week by week, up to the week in which the report is written."""

from __future__ import annotations

from typing import Any

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration
from onefunnel.learn.widgets.sliders import SliderBox
from onefunnel.metrics import brand


class BrandSwitchedOff(Exploration):
    """A line that ends where the reader stops looking; what comes later stays hidden until the slider moves."""

    def __init__(self, world: Any) -> None:
        super().__init__("The brand adverts stop. What would your report say?")
        media, tracker = world.company.media_weekly, world.company.brand_tracker
        self.lost = brand.lost_by_week(media)
        self.lost = self.lost[self.lost.index <= brand.YEAR_WEEKS]
        self.keeps = brand.brand_keeps(media, tracker)
        self.rival = brand.rival_gain(media, tracker)
        first, last = int(self.lost.index[0]), int(self.lost.index[-1])
        self.week = SliderBox(
            "Write the report after", first, last, 1, min(13, last), unit="weeks", on_change=self.redraw
        )
        self.fill(self.week)

    def draw(self) -> tuple[str, str, str]:
        """Return what can be said after so many weeks, the line up to there, and the table."""
        week = int(self.week.value)
        seen = self.lost[self.lost.index <= week]
        now = float(seen.iloc[-1])
        recall = self.keeps**week
        finding = (
            f"After {week} weeks sales are {now:.1%} lower than they would be. "
            f"Of 100 buyers who named us unasked, {recall * 100:.0f} still would."
        )
        shown, axes = figure.blank(7.4, 3.0, left=0.09, bottom=0.17, top=0.9)
        axes.axhline(0, color=figure.QUIET, linewidth=1)
        axes.plot(seen.index, -seen.to_numpy() * 100, color=figure.VERMILION, linewidth=2.5)
        axes.plot([week], [-now * 100], "o", color=figure.VERMILION, markersize=8)
        axes.text(week - 0.7, -now * 100 - 1.1, f"−{now:.1%}", ha="right", fontweight="bold")
        axes.axvspan(week, brand.YEAR_WEEKS + 0.6, facecolor="none", edgecolor=figure.GREY, hatch="..", linewidth=0)
        if week < brand.YEAR_WEEKS - 10:
            axes.text(
                (week + brand.YEAR_WEEKS) / 2,
                -9.4,
                "not known yet",
                ha="center",
                bbox={"facecolor": figure.PAPER, "edgecolor": "none", "pad": 2},
            )
        axes.set_xlim(0, brand.YEAR_WEEKS + 0.6)
        axes.set_ylim(-11, 2)
        axes.set_xlabel("weeks since the adverts stopped")
        axes.set_title("Sales against what they would have been, %", loc="left", fontsize=10)
        marks = [at for at in (13, 26, 39, 52) if at <= week and at in seen.index]
        rows = [
            [
                f"{at}",
                f"−{seen[at]:.1%}",
                f"{self.keeps**at * 100:.0f}",
                f"+{self.rival * 100 * at / 13:.1f}",
            ]
            for at in dict.fromkeys([*marks, week])
        ]
        head = ["Weeks", "Sales", "Of 100 still name us", "Rival's share, points"]
        text = f"{finding} The line starts at zero, stays flat at first and then falls."
        return (
            finding,
            figure.picture(shown, text),
            figure.table("Two regions without adverts for the brand", head, rows),
        )
