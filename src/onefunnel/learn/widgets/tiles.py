"""`tiles`: build a formula from buttons. The no-code twin of a line or a function of code."""

from __future__ import annotations

import html
from collections.abc import Sequence
from functools import partial
from typing import Any

import ipywidgets as w

from onefunnel.learn.tiles import OPERATORS, Broken, parse
from onefunnel.learn.widgets.frame import Frame, Keep, note, part_of

_SPOKEN = {
    "+": "plus",
    "−": "minus",
    "×": "times",
    "÷": "divided by",
    "(": "open bracket",
    ")": "close bracket",
    "1": "one",
}


class Tiles(Frame):
    """Answer: {"formula": [token or operator ids]}. Every press is kept; nothing says whether it is right."""

    def __init__(self, item: Any, answer: dict | None, keep: Keep, context: Any) -> None:
        super().__init__(item, keep)
        self.labels = dict(context.tokens()) | {operator: operator for operator in OPERATORS}
        self.formula = [part for part in part_of(answer, "formula", list) if part in self.labels]
        self.had = bool(self.formula)
        self.tokens = [self._key(token, label, f"Add {label}") for token, label in context.tokens()]
        self.operators = [self._key(op, op, _SPOKEN.get(op, op), bare=True) for op in OPERATORS]
        self.undo = w.Button(description="Undo last", tooltip="Take the last part of the formula away")
        self.clear = w.Button(description="Clear", tooltip="Empty the formula")
        self.undo.on_click(lambda _button: self._set(self.formula[:-1]))
        self.clear.on_click(lambda _button: self._set([]))
        self.shown = w.HTML()
        self.fill(
            note("Numbers"),
            _row(self.tokens),
            note("Signs"),
            _row([*self.operators, self.undo, self.clear]),
            note("Your formula"),
            self.shown,
        )
        self._show()
        if self.formula:
            self.say(f"Kept: {self.spoken()}.")

    def spoken(self) -> str:
        """Return the formula in words, as one would read it aloud."""
        return " ".join(_SPOKEN.get(part, self.labels[part]) for part in self.formula)

    def _key(self, part: str, label: str, spoken: str, *, bare: bool = False) -> w.Button:
        button = w.Button(description=label, tooltip=spoken)
        if bare:  # a sign alone is often not read out: its words become its name
            button.add_class("of-named")
        button.on_click(partial(self._add, part))
        return button

    def _add(self, part: str, _button: object) -> None:
        self._set([*self.formula, part])

    def _set(self, formula: list[str]) -> None:
        if formula == self.formula:
            return
        self.formula = formula
        self._show()
        if not formula:
            self.unkept(self.had)
            return
        fault = _fault(formula, list(self.labels))
        following = f"{self.spoken()}. {fault or self.next_step()}".strip()
        if self.save({"formula": list(formula)}, following, warn=bool(fault)):
            self.had = True

    def _show(self) -> None:
        written = " ".join(self.labels[part] for part in self.formula)
        text = (
            f"<b>{html.escape(written)}</b>"
            if written
            else '<span class="of-quiet">empty: press a number to begin</span>'
        )
        self.shown.value = f'<div class="of-formula">{text}</div>'


def _row(buttons: list[w.Button]) -> w.Box:
    box = w.Box(buttons)
    box.add_class("of-keys")
    return box


def _fault(formula: list[str], tokens: Sequence[str]) -> str:
    """Say what keeps the formula from being read yet, or return "": it never says whether the formula is right."""
    try:
        parse(formula, tokens)
    except Broken as broken:
        text = str(broken)
        return text[0].upper() + text[1:]
    return ""
