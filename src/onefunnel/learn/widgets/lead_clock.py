"""One lead on the business-hours clock: when it starts, when it stands still, when the time is up."""

from __future__ import annotations

from typing import Any

import ipywidgets as w
import pandas as pd

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration, choice
from onefunnel.learn.widgets.sliders import SliderBox
from onefunnel.metrics import touch_counts as counts
from onefunnel.metrics.call_list import FIT
from onefunnel.metrics.clock import due_at

DAYS_SHOWN = 6  # a lead of Friday, a limit of eight hours and a pause end within the week shown


class LeadClock(Exploration):
    """Move the arrival of a lead by the arrow keys, and read when the first human touch is due."""

    def __init__(self, world: Any) -> None:
        super().__init__("One lead on the clock: when is the first touch due?")
        self.calendar = world.playbook.company.calendar
        # The week that ends before the tables do, begun on its Thursday: a weekend lies in the picture.
        end = world.company.as_of.normalize()
        self.first = end - pd.Timedelta(days=(end.weekday() - 3) % 7 + 7)
        self.day = choice("Assigned on", [((self.first + pd.Timedelta(days=n)).day_name(), n) for n in range(4)])
        self.minute = w.Dropdown(
            options=[(f"{minute // 60}:{minute % 60:02}", minute) for minute in range(0, 24 * 60, 20)],
            value=10 * 60,
            description="At",
            tooltip="Time of day of the assignment",
            style={"description_width": "initial"},
            layout=w.Layout(width="auto", max_width="200px"),
        )
        self.minute.observe(self.redraw, "value")
        self.limit = SliderBox("Time allowed, in business hours", 1, 8, 1, 4, unit="h", on_change=self.redraw)
        self.day.observe(self.redraw, "value")
        self.fill(self.day, self.minute, self.limit)

    def assigned(self) -> pd.Timestamp:
        """Return when the lead was assigned, as the controls stand."""
        return self.first + pd.Timedelta(days=self.day.value, minutes=self.minute.value)

    def due(self) -> pd.Timestamp:
        """Return when the time allowed is used up."""
        return due_at(pd.Series([self.assigned()]), self.limit.value, self.calendar)[0]

    def runs(self) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
        """Return the stretches in which the clock ran, from the assignment to the due time."""
        start, due, found = self.assigned(), self.due(), []
        day = start.normalize()
        while day <= due.normalize():
            opens, closes = self._hours(day)
            a, b = max(start, opens), min(due, closes)
            if self._works(day) and a < b:
                found.append((a, b))
            day += pd.Timedelta(days=1)
        return found

    def _works(self, day: pd.Timestamp) -> bool:
        return (
            day.day_name()[:3].lower() in self.calendar.working_days and day.date() not in self.calendar.holiday_dates
        )

    def _hours(self, day: pd.Timestamp) -> tuple[pd.Timestamp, pd.Timestamp]:
        opens, closes = self.calendar.opens, self.calendar.closes
        return (
            day + pd.Timedelta(hours=opens.hour, minutes=opens.minute),
            day + pd.Timedelta(hours=closes.hour, minutes=closes.minute),
        )

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, a line a day with open hours and the running clock, and the table."""
        assigned, due, runs = self.assigned(), self.due(), self.runs()
        waited = (due - assigned) / pd.Timedelta(hours=1)
        finding = (
            f"Assigned {assigned:%A %H:%M}: due {due:%A %H:%M}. "
            f"The clock ran {self.limit.value:.0f} hours, the buyer waited up to {waited:.0f}."
        )
        shown, axes = figure.blank(7.2, 3.0, left=0.22, right=0.96, bottom=0.14, top=0.98)
        days = [self.first + pd.Timedelta(days=n) for n in range(DAYS_SHOWN)]
        for place, day in enumerate(days):
            opens, closes = (_hour(moment) for moment in self._hours(day))
            if self._works(day):
                axes.barh(place, closes - opens, left=opens, color="none", edgecolor=figure.GREY, height=0.7)
            name = day.day_name() if self._works(day) else f"{day.day_name()} (closed)"
            axes.text(-0.01, place, name, transform=axes.get_yaxis_transform(), ha="right", va="center")
        for begin, end in runs:
            place = (begin.normalize() - self.first).days
            axes.barh(place, _hour(end) - _hour(begin), left=_hour(begin), color=figure.ORANGE, height=0.7)
        for moment, mark, text in ((assigned, "v", "assigned"), (due, "D", "due")):
            place = (moment.normalize() - self.first).days
            axes.plot(_hour(moment), place - 0.5, mark, color=figure.INK, markersize=7, clip_on=False)
            axes.text(_hour(moment) + 0.3, place - 0.52, f"{text} {moment:%H:%M}", fontsize=8, va="center")
        axes.set_xlim(0, 24)
        axes.set_ylim(DAYS_SHOWN - 0.4, -0.9)
        axes.set_yticks([])
        axes.set_xticks([0, 9, 12, 17, 24], ["0:00", "9:00", "12:00", "17:00", "24:00"])
        axes.spines["left"].set_visible(False)
        rows = [[f"{a:%A}", f"{a:%H:%M}", f"{b:%H:%M}", _length(b - a)] for a, b in runs]
        said = "; ".join(f"{a:%A} {a:%H:%M} to {b:%H:%M}" for a, b in runs)
        table = figure.table("When the clock ran", ["Day", "From", "To", "Ran"], rows)
        return finding, figure.picture(shown, f"{finding} It ran: {said}. White boxes are business hours."), table


def _hour(moment: pd.Timestamp) -> float:
    return moment.hour + moment.minute / 60


def _length(span: pd.Timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    return f"{minutes // 60} h {minutes % 60:02d} min"


class HandOffExample(Exploration):
    """T00's assigned leads, sorted by what happened to them: a human, a machine's reply, or nothing."""

    def __init__(self, world: Any) -> None:
        super().__init__("Worked example: the sample territory T00")
        self.demo, self.calendar = world.demo, world.playbook.company.calendar
        self.fill()

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, no picture, and the counts as a table."""
        demo = self.demo
        out = counts.run_out(demo.leads, demo.as_of, self.calendar)
        never = counts.never_by_a_human(demo.leads, demo.as_of, self.calendar)
        nothing = counts.never_by_anything(demo.leads, demo.as_of, self.calendar)
        untouched = counts.untouched(demo.leads, demo.as_of, self.calendar)
        fitting = int((untouched["fit_score"] >= FIT).sum())
        rows = [
            ["All leads, also those never handed over", f"{counts.all_leads(demo.leads)}"],
            ["Assigned, and the time is up", f"{out}"],
            ["… touched by a human", f"{out - never}"],
            ["… reached by an automatic reply only", f"{never - nothing}"],
            ["… reached by nothing", f"{nothing}"],
            [f"Of those no human touched: fit below {FIT}", f"{never - fitting}"],
            [f"Of those no human touched: fit of {FIT} or more", f"{fitting}"],
        ]
        share = f"{never} ÷ {out} = {never / out:.0%}" if out else "nobody yet"
        finding = f"T00: of the assigned leads whose time is up, no human touched {share}."
        return finding, "", figure.table("T00, what happened to the leads", ["Leads", "Number"], rows)
