"""How long do notes from the field take to reach marketing, and which of them still change something?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration, choice
from onefunnel.metrics import listening

LONGEST = 60  # days shown
KINDS = {
    "": "all notes",
    "price": "prices",
    "competitor": "rivals",
    "need": "needs",
    "product": "the product",
    "service": "our service",
}


class NoteJourney(Exploration):
    """Two curves, before and since the owner: how much has arrived by which day."""

    def __init__(self, world: Any) -> None:
        super().__init__("When does a note arrive?")
        self.notes = world.company.field_notes
        if self.notes.empty:
            raise ValueError("there is no note in the table field_notes.")
        self.counted = choice("Count", [("every note that was written", "all"), ("only notes that arrived", "arrived")])
        self.kind = choice("Notes about", [(text, kind) for kind, text in KINDS.items()])
        for control in (self.counted, self.kind):
            control.observe(self.redraw, "value")
        self.fill(self.counted, self.kind)

    def middle(self, owned: bool) -> float:
        """Return the median days of what is counted, before or since the owner."""
        measure = listening.middle_days if self.counted.value == "all" else listening.middle_of_arrived
        return measure(self.notes, owned, self.kind.value or None)

    def draw(self) -> tuple[str, str, str]:
        """Return the two middles, the curves, and what the notes were used for."""
        before, since = self.middle(False), self.middle(True)
        whose = "The middle note" if self.counted.value == "all" else "The middle one of those that arrived"
        finding = f"{whose} took {_days(before)}; since one person owns the notes it takes {_days(since)}."
        kind = self.kind.value or None
        lost = [_percent(listening.lost_share(self.notes, owned, kind)) for owned in (False, True)]
        lost_in_words = f"Of 100 notes {lost[0]} were lost, and {lost[1]} since."
        finding += f" {lost_in_words}" if self.counted.value == "all" else " The lost ones are not in it."
        shown, axes = figure.blank(7.4, 3.1, left=0.1, right=0.97, bottom=0.17, top=0.96)
        day = np.arange(LONGEST + 1)
        for owned, colour, name, style in (
            (False, figure.VERMILION, "before", "--"),
            (True, figure.BLUE, "since the owner", "-"),
        ):
            waits = self._waits(owned)
            arrived = np.searchsorted(np.sort(waits.to_numpy()), day, side="right") / max(len(waits), 1)
            axes.step(day, arrived * 100, where="post", color=colour, linestyle=style, linewidth=2.4)
            at = self.middle(owned)
            if at == at and at <= LONGEST:
                axes.plot(at, 50, "o", color=colour, markersize=9)
                axes.text(at + 0.9, 46, _days(at), va="top", fontweight="bold")
            axes.text(LONGEST - 0.5, arrived[-1] * 100 + 2, name, ha="right", va="bottom", fontweight="bold")
        axes.axhline(50, color=figure.QUIET, linewidth=0.8, linestyle=":")
        axes.set_ylim(0, 110)
        axes.set_yticks([0, 50, 100], ["0", "50", "100"])
        axes.set_xlim(0, LONGEST)
        axes.set_xlabel("days after the note was written")
        axes.set_ylabel("of 100 notes, arrived")
        alt = f"{finding} Two curves that climb with the days; the dot is where half of the notes have arrived."
        return finding, figure.picture(shown, alt), self._used()

    def _waits(self, owned: bool) -> pd.Series:
        kind, rows = self.kind.value, self.notes[listening.since_owner(self.notes) == owned]
        waits = listening.days_waited(rows[rows["kind"] == kind] if kind else rows)
        return waits if self.counted.value == "all" else waits[waits < float("inf")]

    def _used(self) -> str:
        rows = [
            [
                text.capitalize(),
                _percent(listening.used_share(self.notes, kind, True)),
                _percent(listening.used_share(self.notes, kind, False)),
            ]
            for kind, text in KINDS.items()
            if kind
        ]
        head = ["Notes about", f"Arrived within {listening.USEFUL_DAYS} days", "Arrived later"]
        return figure.table("Of 100 notes that arrived, how many changed something?", head, rows)


class NotesExample(Exploration):
    """The five notes of T00, and three ways to name their middle."""

    def __init__(self, world: Any) -> None:
        super().__init__("Worked example: the sample territory T00")
        self.notes = world.demo.field_notes
        self.fill()

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, no picture, and the notes by their wait."""
        waits = listening.days_waited(self.notes).sort_values(kind="stable")
        rows = [
            [
                str(place),
                f"{self.notes.at[at, 'noted_on'].day} {self.notes.at[at, 'noted_on']:%B %Y}",
                f"{wait:.0f}" if wait < float("inf") else "never",
                "here is the middle" if place == (len(waits) + 1) / 2 else "",
            ]
            for place, (at, wait) in enumerate(waits.items(), start=1)
        ]
        finding = (
            f"T00: {len(waits)} notes in line, the lost one last. "
            f"The middle one took {listening.middle_days(self.notes, False):.0f} days."
        )
        head = ["Place in line", "Written on", "Days until marketing had it", ""]
        return finding, "", figure.table("T00, notes by their wait", head, rows)


def _days(value: float) -> str:
    if value != value:
        return "longer than we know"
    return f"{value:g} day" if value == 1 else f"{value:g} days"


def _percent(value: float) -> str:
    return f"{value * 100:.0f}" if value == value else "–"
