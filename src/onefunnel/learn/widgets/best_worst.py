"""`best_worst`: of five actions, the best and the worst."""

from __future__ import annotations

import html
from typing import Any

import ipywidgets as w

from onefunnel.learn.widgets.frame import Frame, Keep, dropdown, known


class BestWorst(Frame):
    """Answer: {"best": option id, "worst": option id}; an open one is left out."""

    def __init__(self, item: Any, answer: dict | None, keep: Keep, context: Any) -> None:
        super().__init__(item, keep)
        kept = answer if isinstance(answer, dict) else {}
        options = context.options()
        self.lists = {
            "best": dropdown("The best one", options, known(kept.get("best"), options), empty="choose …"),
            "worst": dropdown("The worst one", options, known(kept.get("worst"), options), empty="choose …"),
        }
        for choice in self.lists.values():
            choice.style.description_width = "120px"
        self.had = bool(self.chosen())
        # The entries of a closed list are cut off, so the actions also stand in full above.
        listed = "".join(f"<li>{html.escape(text)}</li>" for _, text in options)
        self.fill(w.HTML(f"<ul>{listed}</ul>"), *self.lists.values())
        if self.had:
            self.say(f"Kept. {self._open()}".strip())
        for choice in self.lists.values():
            choice.observe(self._changed, "value")

    def chosen(self) -> dict[str, str]:
        """Return the answer as it stands."""
        return {which: choice.value for which, choice in self.lists.items() if choice.value}

    def _open(self) -> str:
        chosen = self.chosen()
        if len(chosen) == 2 and chosen["best"] == chosen["worst"]:
            return "You named the same action as best and as worst: change one of them."
        missing = [f"the {which}" for which in ("best", "worst") if which not in chosen]
        return f"Still open: {', '.join(missing)} one." if missing else ""

    def _changed(self, _change: object) -> None:
        if not self.chosen():
            self.unkept(self.had)
        elif self.save(self.chosen(), self._open()):
            self.had = True
