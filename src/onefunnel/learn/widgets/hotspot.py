"""`hotspot`: tick every cell, row or sentence that is meant, or exactly so many; choose one where it is one."""

from __future__ import annotations

from typing import Any

import ipywidgets as w

from onefunnel.learn.widgets.frame import Frame, Keep, known, part_of, radio


def hotspot(item: Any, answer: dict | None, keep: Keep, context: Any) -> w.Widget:
    """Return the question with one box an option, or with radio buttons where exactly one is asked for."""
    kind = ChooseOne if item.spec.get("choose") == 1 else Hotspot
    return kind(item, answer, keep, context)


class ChooseOne(Frame):
    """Answer: {"picked": [option id]}."""

    def __init__(self, item: Any, answer: dict | None, keep: Keep, context: Any) -> None:
        super().__init__(item, keep)
        options = context.options()
        chosen = next((one for one in part_of(answer, "picked", list) if known(one, options)), None)
        self.group = radio("Choose one.", options, chosen)
        self.fill(self.group)
        if chosen:
            self.say("Kept.")
        self.group.observe(lambda _change: self.save({"picked": [self.group.value]}), "value")


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
        self.choose = item.spec.get("choose")
        self.had = bool(self.picked())
        self.fill(*self.boxes.values())
        if self.had:
            self.say(f"Kept: {self._count()}. {self._open()}".strip())
        for box in self.boxes.values():
            box.observe(self._changed, "value")

    def picked(self) -> list[str]:
        """Return the ids of the ticked options."""
        return [option for option, box in self.boxes.items() if box.value]

    def _count(self) -> str:
        return f"{len(self.picked())} of {self.choose or len(self.boxes)} ticked"

    def _open(self) -> str:
        """Return what to change before the right number is ticked."""
        more = (self.choose or 0) - len(self.picked())
        if not self.choose or not more:
            return ""
        return f"Tick {more} more." if more > 0 else f"Take {-more} away: exactly {self.choose} are asked for."

    def _changed(self, _change: object) -> None:
        if not self.picked():
            self.unkept(self.had)
            return
        following = f"{self._count()}. {self._open() or self.next_step()}".strip()
        if self.save({"picked": self.picked()}, following, warn=bool(self._open())):
            self.had = True
