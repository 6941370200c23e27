"""`allocate`: sliders that must add up to a total. A plan is kept when its button is pressed."""

from __future__ import annotations

import html
from typing import Any

import ipywidgets as w

from onefunnel.learn.widgets.frame import Frame, Keep, keep_button, part_of
from onefunnel.learn.widgets.sliders import SliderBox, is_number, plain


class Allocate(Frame):
    """Answer: {"plan": {row id: amount}}, when the button was pressed."""

    def __init__(self, item: Any, answer: dict | None, keep: Keep, context: Any) -> None:
        super().__init__(item, keep)
        self.context, self.total, self.unit = context, float(item.spec["total"]), context.unit_text()
        kept, places = part_of(answer, "plan", dict), context.places()
        if not all(is_number(kept.get(place.id)) for place in places):
            kept = {}  # of an older lesson with other places
        self.rows = {
            place.id: SliderBox(
                place.text,
                place.low,
                place.high,
                float(item.spec["step"]),
                float(kept.get(place.id, place.start)),
                unit=self.unit,
                live=True,
                on_change=self._moved,
            )
            for place in places
        }
        self.kept = self.plan() if kept else None
        self.sum = w.HTML()
        self.sum.add_class("of-sum")
        self.button = keep_button(item.title)
        self.button.on_click(lambda _button: self._keep_it())
        self.fill(*self.rows.values(), self.sum, self.button)
        self._count()
        if self.kept is None:
            self.say("Nothing is kept yet: share out the total, then press the button.")
        else:
            fault, brings = context.plan_text(self.kept)
            self.say(f"Kept. {fault or brings}", warn=bool(fault))

    def plan(self) -> dict[str, float]:
        """Return the amounts as they stand."""
        return {row: pair.value for row, pair in self.rows.items()}

    def _count(self) -> None:
        plan = self.plan()
        placed, places = sum(plan.values()), max(pair.places for pair in self.rows.values())
        left = round(self.total - placed, 6)
        say = f"{plain(placed, places)} of {plain(self.total, places)} {self.unit} placed"
        say += "." if not left else f": {plain(abs(left), places)} {'still to place' if left > 0 else 'too much'}."
        self.sum.value = f'<div class="{"of-note" if left else "of-quiet"}">{html.escape(say)}</div>'

    def _moved(self, _value: float) -> None:
        self._count()
        if self.kept is not None and self.plan() == self.kept:
            self.say("Kept.")
        else:
            self.unkept(self.kept is not None)

    def _keep_it(self) -> None:
        plan = self.plan()
        fault, brings = self.context.plan_text(plan)
        if fault:
            self.say(f"Not kept. {fault[:1].upper()}{fault[1:]}", warn=True)
        elif self.save({"plan": plan}, f"{brings} {self.next_step()}".strip(), warn=False):
            self.kept = plan
