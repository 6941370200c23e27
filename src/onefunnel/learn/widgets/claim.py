"""`claim`: a sentence with gaps, one drop-down list a gap; the sentence is shown as it stands."""

from __future__ import annotations

import html
from typing import Any

import ipywidgets as w

from onefunnel.learn.show import sentence
from onefunnel.learn.widgets.frame import Frame, Keep, dropdown, known, part_of


class Claim(Frame):
    """Answer: {"parts": {part id: option id}}; gaps not filled yet are left out."""

    def __init__(self, item: Any, answer: dict | None, keep: Keep, context: Any) -> None:
        super().__init__(item, keep)
        kept = part_of(answer, "parts", dict)
        self.lists: dict[str, w.Dropdown] = {}
        self.texts: dict[str, dict[str, str]] = {}
        for part in item.spec["parts"]:
            options = context.options(part["id"])
            self.texts[part["id"]] = dict(options)
            self.lists[part["id"]] = dropdown(
                str(part["prompt"]), options, known(kept.get(part["id"]), options), empty="choose …"
            )
        self.sentence = w.HTML()
        self.had = bool(self.chosen())
        self.fill(self.sentence, *self.lists.values())
        self._show()
        if self.had:
            self.say(f"Kept. {self._open()}".strip())
        for choice in self.lists.values():
            choice.observe(self._changed, "value")

    def chosen(self) -> dict[str, str]:
        """Return {part id: option id} of the gaps that are filled."""
        return {part: choice.value for part, choice in self.lists.items() if choice.value}

    def _open(self) -> str:
        missing = len(self.lists) - len(self.chosen())
        return f"{missing} of {len(self.lists)} gaps still open." if missing else ""

    def _show(self) -> None:
        picks = {part: self.texts[part].get(choice.value, "") for part, choice in self.lists.items()}
        self.sentence.value = f'<div class="of-formula">{html.escape(sentence(self.item, picks))}</div>'

    def _changed(self, _change: object) -> None:
        self._show()
        if not self.chosen():
            self.unkept(self.had)
        elif self.save({"parts": self.chosen()}, self._open()):
            self.had = True
