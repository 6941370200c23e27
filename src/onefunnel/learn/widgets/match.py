"""`match`, `sort` and `matrix`: one drop-down list a row."""

from __future__ import annotations

from typing import Any

from onefunnel.learn.widgets.frame import Frame, Keep, dropdown, known, part_of


class Match(Frame):
    """Answer: {"rows": {row id: option id}}; rows without a choice are left out."""

    def __init__(self, item: Any, answer: dict | None, keep: Keep, context: Any) -> None:
        super().__init__(item, keep)
        kept = part_of(answer, "rows", dict)
        options = context.options()
        self.lists = {
            row: dropdown(text, options, known(kept.get(row), options), empty="choose …")
            for row, text in context.rows()
        }
        self.had = bool(self.chosen())
        self.fill(*self.lists.values())
        if self.had:
            self.say(f"Kept. {self._open()}".strip())
        for choice in self.lists.values():
            choice.observe(self._changed, "value")

    def chosen(self) -> dict[str, str]:
        """Return {row id: option id} of the rows that are answered."""
        return {row: choice.value for row, choice in self.lists.items() if choice.value}

    def _open(self) -> str:
        missing = len(self.lists) - len(self.chosen())
        return f"{missing} of {len(self.lists)} rows still open." if missing else ""

    def _changed(self, _change: object) -> None:
        if not self.chosen():
            self.unkept(self.had)
        elif self.save({"rows": self.chosen()}, self._open()):
            self.had = True
