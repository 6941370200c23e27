"""`number`: one box, its unit behind it. Kept on Enter or on leaving the box."""

from __future__ import annotations

from typing import Any

import ipywidgets as w

from onefunnel.learn.widgets.frame import Frame, Keep, part_of


class Number(Frame):
    """Answer: {"text": what was typed}. It is read by the check, so that "26,4 %" and "0.264" both count."""

    def __init__(self, item: Any, answer: dict | None, keep: Keep, context: Any) -> None:
        super().__init__(item, keep)
        unit = context.unit_text()
        self.kept = part_of(answer, "text", str)
        self.box = w.Text(
            value=self.kept,
            description=f"Your answer ({unit})" if unit else "Your answer",
            tooltip=f"{item.title}: your answer" + (f" in {unit}" if unit else ""),
            placeholder="a number",
            continuous_update=False,
            style={"description_width": "initial"},
            layout=w.Layout(width="320px", max_width="100%"),
        )
        self.box.observe(self._typed, "value")
        hint = "Press Enter to keep it. 26.4, 26,4 and 26.4 % are all understood."
        self.say(f"Kept: {self.kept}" if self.kept else hint)
        self.fill(self.box)

    def _typed(self, _change: object) -> None:
        text = self.box.value.strip()
        if not text:
            self.unkept(bool(self.kept))
        elif self.save({"text": text}):
            self.kept = text
