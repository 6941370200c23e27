"""Five questions, one minute: a field note that becomes a row of a CSV beside the notebook."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import ipywidgets as w

from onefunnel.errors import Problem
from onefunnel.learn import notes
from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration

KINDS = [
    ("choose …", ""),
    ("a price", "price"),
    ("a rival", "competitor"),
    ("a need", "need"),
    ("the product", "product"),
    ("how we treat them", "service"),
]
WHY = [
    ["When", "An old note on a price is worth nothing, so its day stands first."],
    ["Where", "Somebody may have to ask back."],
    ["What about", "It says who gets the note."],
    ["Said or seen", "The fact, in their words. One note, one fact."],
    ["Could change", "Your view, kept apart from the fact."],
]
SHOWN = 5


class FieldForm(Exploration):
    """The form; it writes only when its button is pressed."""

    def __init__(self, world: Any) -> None:
        super().__init__("A field note: five questions, one minute")
        self.folder = Path.cwd()  # the notebook's folder: its kernel starts there
        self.when = w.DatePicker(value=date.today(), **_labelled("1 When did you hear or see it?"))
        self.where = w.Text(placeholder="account, shop or place", **_labelled("2 Where?"))
        self.kind = w.Dropdown(options=KINDS, value="", **_labelled("3 What is it about?"))
        self.seen = w.Textarea(rows=2, **_labelled("4 What was said or seen? One fact, in their words."))
        self.could_change = w.Text(
            placeholder="leave it open if you do not know", **_labelled("5 What could it change?")
        )
        button = w.Button(description="Add this note", tooltip="Add this note to the file beside the notebook")
        button.add_class("of-keep")
        button.on_click(lambda _button: self.add())
        self.said = f"Nothing is written yet. “Add this note” writes one row to {notes.FILE} beside this notebook."
        self.fill(self.when, self.where, self.kind, self.seen, self.could_change, button)

    def missing(self) -> str:
        """Return what is still open, as a sentence; "" when the note can be added."""
        if self.when.value is None:
            return "Choose the day on which you heard or saw it (question 1)."
        if self.when.value > date.today():
            return "The day lies ahead (question 1). A note tells what has been."
        if not self.where.value.strip():
            return "Say where it was (question 2)."
        if not self.kind.value:
            return "Choose what it is about (question 3)."
        return "" if self.seen.value.strip() else "Write what was said or seen (question 4)."

    def add(self) -> None:
        """Add the note and say where it went, or what keeps it from being added; what was typed stays then."""
        fault = self.missing()
        if not fault:
            note = {"noted_on": self.when.value.isoformat(), "where": self.where.value, "kind": self.kind.value}
            note |= {"seen": self.seen.value, "could_change": self.could_change.value}
            try:
                path = notes.append(self.folder, note)
                self.said = f"Row {len(notes.read(self.folder))} is written to {path}."
                self.seen.value = self.could_change.value = ""
            except Problem as problem:
                fault = str(problem)
        if fault:
            self.said = f"Not written. {fault}"
        self.redraw()

    def draw(self) -> tuple[str, str, str]:
        """Return what happened, no picture, and the notes so far (before the first: why there are five questions)."""
        try:
            rows = notes.read(self.folder)
        except Problem as problem:
            return f"Not written. {problem}", "", _why()
        if not rows:
            return self.said, "", _why()
        kinds = {kind: text for text, kind in KINDS}
        told = [
            [kinds.get(row["kind"], row["kind"]), row["noted_on"], row["where"], row["seen"], row["could_change"]]
            for row in rows[-SHOWN:]
        ]
        caption = f"Your last {len(told)} notes" if len(told) > 1 else "Your note"
        head = ["About", "When", "Where", "Said or seen", "Could change"]
        return self.said, "", figure.table(caption, head, [[str(cell or "") for cell in row] for row in told])


def _why() -> str:
    return figure.table("Why these five", ["Question", "Why we ask"], WHY)


def _labelled(text: str) -> dict[str, Any]:
    return {
        "description": text,
        "tooltip": text,
        "style": {"description_width": "46%"},
        "layout": w.Layout(width="auto"),
    }
