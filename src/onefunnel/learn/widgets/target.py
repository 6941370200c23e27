"""`target`: slide until a stated outcome holds. The start of a slider is no answer until it is kept."""

from __future__ import annotations

import html
from typing import Any

import ipywidgets as w

from onefunnel.learn.scoring.computed import target_tolerance
from onefunnel.learn.widgets.frame import Frame, Keep, keep_button, note
from onefunnel.learn.widgets.sliders import from_spec, is_number, plain


class Target(Frame):
    """Answer: {"value": x}, when the button was pressed."""

    def __init__(self, item: Any, answer: dict | None, keep: Keep, context: Any) -> None:
        super().__init__(item, keep)
        self.context = context
        kept = answer.get("value") if isinstance(answer, dict) else None
        self.kept = float(kept) if is_number(kept) else None
        label = str(item.spec["slider"].get("label") or item.title)
        self.pair = from_spec(label, item.spec["slider"], kept, context.unit_text(), self._moved)
        self.outcome = w.HTML()
        self.button = keep_button(item.title)
        self.button.on_click(lambda _button: self._keep_it())
        reach = f"{target_tolerance(item) * item.slider_scale:.3g}"
        self.fill(self.pair, self.outcome, note(f"An answer within {reach} of the exact one counts."), self.button)
        self._show(self.pair.value)
        if self.kept is None:
            self.say("Nothing is kept yet: slide or type, then press the button.")
        else:
            self.say(f"Kept: {plain(self.kept, self.pair.places)}.")

    def _moved(self, value: float) -> None:
        self._show(value)
        if value == self.kept:
            self.say(f"Kept: {plain(value, self.pair.places)}.")
        else:
            self.unkept(self.kept is not None)

    def _show(self, value: float) -> None:
        self.outcome.value = f'<div class="of-box">{html.escape(self.context.value_text(value))}</div>'

    def _keep_it(self) -> None:
        if self.save({"value": self.pair.value}):
            self.kept = self.pair.value
