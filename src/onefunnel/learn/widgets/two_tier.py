"""`two_tier`: an answer and its reason, each one group of radio buttons."""

from __future__ import annotations

from typing import Any

from onefunnel.learn.widgets.frame import Frame, Keep, known, part_of, radio


class TwoTier(Frame):
    """Answer: {"parts": {part id: option id}}; parts not answered yet are left out."""

    def __init__(self, item: Any, answer: dict | None, keep: Keep, context: Any) -> None:
        super().__init__(item, keep)
        kept = part_of(answer, "parts", dict)
        self.groups = {}
        for part in item.spec["parts"]:
            options = context.options(part["id"])
            chosen = known(kept.get(part["id"]), options)
            self.groups[part["id"]] = radio(str(part.get("prompt") or part["id"]), options, chosen)
        self.fill(*self.groups.values())
        if self.chosen():
            self.say(f"Kept. {self._open()}".strip())
        for group in self.groups.values():
            group.observe(self._changed, "value")

    def chosen(self) -> dict[str, str]:
        """Return {part id: option id} of the parts that are answered."""
        return {part: group.value for part, group in self.groups.items() if group.value is not None}

    def _open(self) -> str:
        missing = len(self.groups) - len(self.chosen())
        return f"{missing} of {len(self.groups)} parts still open." if missing else ""

    def _changed(self, _change: object) -> None:
        if self.chosen():
            self.save({"parts": self.chosen()}, self._open())
