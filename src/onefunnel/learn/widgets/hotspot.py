"""`hotspot`: tick every cell, row or sentence that is meant."""

from __future__ import annotations

from typing import Any

import ipywidgets as w

from onefunnel.learn.widgets.frame import Frame, Keep, part_of


class Hotspot(Frame):
    """Answer: {"picked": [option ids, in display order]}."""

    def __init__(self, item: Any, answer: dict | None, keep: Keep, context: Any) -> None:
        super().__init__(item, keep)
        kept = part_of(answer, "picked", list)
        self.boxes = {
            option: w.Checkbox(
                value=option in kept, description=text, tooltip=text, indent=False, layout=w.Layout(width="auto")
            )
            for option, text in context.options()
        }
        self.had = bool(self.picked())
        self.fill(*self.boxes.values())
        if self.had:
            self.say(f"Kept: {self._count()}.")
        for box in self.boxes.values():
            box.observe(self._changed, "value")

    def picked(self) -> list[str]:
        """Return the ids of the ticked options."""
        return [option for option, box in self.boxes.items() if box.value]

    def _count(self) -> str:
        return f"{len(self.picked())} of {len(self.boxes)} ticked"

    def _changed(self, _change: object) -> None:
        if not self.picked():
            self.unkept(self.had)
            return
        if self.save({"picked": self.picked()}, f"{self._count()}. {self.next_step()}".strip(), warn=False):
            self.had = True
