"""`order`: one drop-down list 1 … n a row, no dragging."""

from __future__ import annotations

from typing import Any

from onefunnel.learn.widgets.frame import Frame, Keep, dropdown, part_of


class Order(Frame):
    """Answer: {"position": {row id: place}}; rows without a place are left out."""

    def __init__(self, item: Any, answer: dict | None, keep: Keep, context: Any) -> None:
        super().__init__(item, keep)
        kept = part_of(answer, "position", dict)
        rows = context.rows()
        places = [(str(place), str(place)) for place in range(1, len(rows) + 1)]
        self.texts = dict(rows)
        self.lists = {
            row: dropdown(text, places, _place(kept.get(row), len(rows)), empty="place?") for row, text in rows
        }
        self.had = bool(self.positions())
        self.fill(*self.lists.values())
        if self.had:
            self.say(f"Kept. {self._open()}".strip())
        for choice in self.lists.values():
            choice.observe(self._changed, "value")

    def positions(self) -> dict[str, int]:
        """Return {row id: place} of the rows that have a place."""
        return {row: int(choice.value) for row, choice in self.lists.items() if choice.value}

    def _open(self) -> str:
        positions = self.positions()
        faults = []
        for place in sorted(set(positions.values())):
            same = [f"“{self.texts[row]}”" for row, taken in positions.items() if taken == place]
            if len(same) > 1:
                faults.append(f"Place {place} is given {len(same)} times: {', '.join(same)}.")
        missing = len(self.lists) - len(positions)
        if missing:
            faults.append(f"{missing} of {len(self.lists)} rows still open.")
        return " ".join(faults)

    def _changed(self, _change: object) -> None:
        if not self.positions():
            self.unkept(self.had)
        elif self.save({"position": self.positions()}, self._open()):
            self.had = True


def _place(value: object, count: int) -> str | None:
    """Return a kept place as a list entry, or None when it is no place of this question."""
    is_place = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= count
    return str(value) if is_place else None
