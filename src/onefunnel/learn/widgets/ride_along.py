"""Who rides with whom, all year? A plan without a gap in which nobody comes to the same place twice in a quarter."""

from __future__ import annotations

from typing import Any

import ipywidgets as w
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration, choice
from onefunnel.learn.widgets.sliders import SliderBox
from onefunnel.metrics import roles, roles_traps
from onefunnel.metrics.roles import WEEKS_A_QUARTER

WAYS = {
    "turn": ("in turn, one territory further each week", roles.rotation),
    "same": ("everybody stays with one territory", roles_traps.same_pair_twice),
    "pause": ("in turn, with a pause when a quarter ends", roles_traps.empty_week),
}


class RideAlong(Exploration):
    """A plan for so many marketers and weeks over the company's territories; one marketer can be followed."""

    def __init__(self, world: Any) -> None:
        super().__init__("Who rides with whom this year?")
        self.places = world.company.territories
        most = len(self.places)
        self.marketers = SliderBox("Marketers", 1, min(most, 12), 1, 8, on_change=self._people_changed)
        self.weeks = SliderBox("Weeks", 4, 52, 1, 48, on_change=self.redraw)
        self.way = choice("How it is planned", [(text, name) for name, (text, _) in WAYS.items()])
        self.follow = w.Dropdown(
            options=self.names(),
            description="Follow",
            tooltip="The marketer to follow in the picture",
            style={"description_width": "initial"},
            layout=w.Layout(width="auto", max_width="300px"),
        )
        self.way.observe(self.redraw, "value")
        self.follow.observe(self.redraw, "value")
        self.fill(self.marketers, self.weeks, self.way, self.follow)

    def names(self) -> list[str]:
        """Return the marketers as the slider stands."""
        return [f"Marketer {number + 1}" for number in range(int(self.marketers.value))]

    def plan(self) -> pd.DataFrame:
        """Return the rides: `week`, `marketer`, `territory_id`."""
        weeks, places = int(self.weeks.value), list(self.places["territory_id"])
        return WAYS[self.way.value][1](self.names(), places, weeks, min(WEEKS_A_QUARTER, len(places)))

    def _people_changed(self, _value: float) -> None:
        kept, names = self.follow.value, self.names()
        self.follow.unobserve(self.redraw, "value")  # one picture for the change, not three
        self.follow.options = names
        self.follow.value = kept if kept in names else names[0]
        self.follow.observe(self.redraw, "value")
        self.redraw()

    def draw(self) -> tuple[str, str, str]:
        """Return whether the plan keeps both rules, the rides by week and territory, and the plan itself."""
        rides, weeks = self.plan(), int(self.weeks.value)
        faults = roles.rotation_faults(rides, weeks)
        empty = [int(week) for week in faults.loc[faults["fault"] == "empty_week", "week"]]
        again = faults[faults["fault"] == "same_pair_twice"]
        repeated = set(zip(again["week"], again["marketer"], strict=True))
        finding = f"{_count(len(rides), 'ride')} in {weeks} weeks: {_verdict(empty, len(repeated))}"
        picture = self._picture(rides, weeks, empty, repeated)
        seen = rides.loc[rides["marketer"] == self.follow.value, "territory_id"].nunique()
        alt = (
            f"{finding} A grid of {len(self.places)} territories by {weeks} weeks. {self.follow.value} comes to "
            f"{_count(seen, 'territory', 'territories')}. The table below says who rides where."
        )
        return finding, figure.picture(picture, alt), self._table(rides, weeks, repeated)

    def _picture(self, rides: pd.DataFrame, weeks: int, empty: list[int], repeated: set) -> Figure:
        shown, axes = figure.blank(7.6, 4.4, left=0.14, right=0.995, bottom=0.1, top=0.93)
        rows = {place: row for row, place in enumerate(self.places["territory_id"])}
        for week in empty:
            axes.axvspan(
                week - 0.5, week + 0.5, facecolor="none", edgecolor=figure.VERMILION, hatch="////", linewidth=0
            )
        edges = range(WEEKS_A_QUARTER, weeks, WEEKS_A_QUARTER)
        axes.vlines([edge + 0.5 for edge in edges], -0.6, len(rows) - 0.4, color=figure.GREY, linewidth=0.8)
        theirs = (rides["marketer"] == self.follow.value).to_numpy()
        again = np.array([pair in repeated for pair in zip(rides["week"], rides["marketer"], strict=True)], dtype=bool)
        where = rides["territory_id"].map(rows)
        at = 0.5
        for label, kept, marker, colour, size in (
            (self.follow.value, theirs & ~again, "s", figure.BLUE, 5.5),
            (f"{self.follow.value}, again", theirs & again, "X", figure.VERMILION, 7),
            ("others", ~theirs & ~again, "s", figure.SKY, 3.5),
            ("others, again", ~theirs & again, "x", figure.GREY, 4),
        ):
            if not kept.any():
                continue
            look = {"linestyle": "", "marker": marker, "color": colour}
            axes.plot(rides.loc[kept, "week"], where[kept], markersize=size, **look)
            axes.plot(at, -1.5, markersize=7, clip_on=False, **look)
            axes.text(at + weeks / 60, -1.5, label, va="center")
            at += weeks / 4
        # Plain texts instead of ticks, which take longer to draw than everything else together.
        for name, group in self.places.groupby("micromarket", sort=False):
            middle = np.mean([rows[place] for place in group["territory_id"]])
            axes.text(0.2 - weeks / 90, middle, name, ha="right", va="center")
        for edge in (*edges, weeks):
            axes.text(edge, len(rows) + 0.2, str(edge), ha="center", va="center")
        axes.text(0.5, len(rows) + 1.4, "week; a line ends each quarter, a hatched week has no ride", va="center")
        axes.set_xlim(0.2, weeks + 0.6)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xticks([])
        axes.set_yticks([])
        return shown

    def _table(self, rides: pd.DataFrame, weeks: int, repeated: set) -> str:
        """The year of the one who is followed, a quarter a row; the whole plan week by week is folded up below."""
        by_week = {(ride.week, ride.marketer): ride.territory_id for ride in rides.itertuples()}

        def cell(week: int, name: str) -> str:
            return f"{by_week.get((week, name), '–')}{' (again)' if (week, name) in repeated else ''}"

        theirs = self.follow.value
        starts = range(1, weeks + 1, WEEKS_A_QUARTER)
        ends = [min(start + WEEKS_A_QUARTER - 1, weeks) for start in starts]
        year = [
            [f"{start} to {end}", ", ".join(cell(week, theirs) for week in range(start, end + 1))]
            for start, end in zip(starts, ends, strict=True)
        ]
        plan = [[str(week), *(cell(week, name) for name in self.names())] for week in range(1, weeks + 1)]
        return (
            figure.table(f"Where {theirs} rides", ["Weeks", "Territories, week by week"], year)
            + "<details><summary>Show the whole plan, week by week</summary>"
            + figure.table("Territory by week", ["Week", *self.names()], plan)
            + "</details>"
        )


def _verdict(empty: list[int], repeats: int) -> str:
    if not empty and not repeats:
        return "no week without one, and nobody comes to a territory twice in a quarter."
    said = []
    if empty:
        weeks = ", ".join(map(str, empty))
        said.append(f"nobody rides in week {weeks}" if len(empty) == 1 else f"nobody rides in weeks {weeks}")
    if repeats:
        said.append(f"{_count(repeats, 'ride')} to a territory that this marketer saw in the same quarter already")
    return ", and ".join(said) + "."


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
