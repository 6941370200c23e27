"""`text`: a written answer. After it is kept, two worked answers and a self-rating appear."""

from __future__ import annotations

import html
from typing import Any

import ipywidgets as w

from onefunnel.learn.widgets.frame import Frame, Keep, dropdown, keep_button, note, part_of

#: One scale for the examples, for the learner's own rating and for the person who grades (`lessons.rubrics`).
_LEVELS = {0: "missing", 1: "begun", 2: "one fault", 3: "fully there"}


class Text(Frame):
    """Answer: {"text": …, "self": {row number as text, from "0": 0 … 3}}; rows not rated are left out."""

    def __init__(self, item: Any, answer: dict | None, keep: Keep, context: Any) -> None:
        super().__init__(item, keep)
        self.limit = int(item.spec.get("max_words") or 0)
        self.kept = part_of(answer, "text", str)
        self.box = w.Textarea(
            value=self.kept,
            description="Your answer",
            tooltip=item.title,
            rows=max(3, min(8, self.limit // 14)),
            layout=w.Layout(width="auto"),
        )
        self.count = w.HTML()
        self.button = keep_button(item.title)
        self.button.on_click(lambda _button: self._keep_it())
        self.ratings = self._ratings(part_of(answer, "self", dict))
        self.review = w.VBox()
        self.say("Nothing is kept yet: write, then press the button.")
        self.fill(self.box, self.count, self.button, after=(self.review,))
        self._count()
        self.box.observe(self._typed, "value")
        for choice in self.ratings.values():
            choice.observe(self._rated, "value")
        if self.kept:
            self._show_review()
            self.say("Kept.")

    def words(self) -> int:
        """Return the number of words in the box."""
        return len(self.box.value.split())

    def _ratings(self, kept: dict) -> dict[str, w.Dropdown]:
        rows = enumerate(self.item.spec.get("rubric") or [])
        choices = [(str(level), _in_words(level)) for level in _LEVELS]
        return {
            str(row): dropdown(str(text), choices, _level(kept.get(str(row))), empty="rate yourself …")
            for row, text in rows
        }

    def _show_review(self) -> None:
        if self.review.children:
            return
        parts: list[w.Widget] = []
        exemplars = self.item.spec.get("exemplars") or []
        if exemplars:
            parts += [note("Compare yours with these:"), *map(_exemplar, exemplars)]
        if self.ratings:
            parts += [note("How would you rate your own? Nobody marks this."), *self.ratings.values()]
        self.review.children = parts

    def _count(self) -> None:
        words, limit = self.words(), self.limit
        if not limit:
            text, over = f"{words} words", False
        elif words <= limit:
            text, over = f"{words} of {limit} words", False
        else:
            text, over = f"{words} of {limit} words: {words - limit} too many", True
        self.count.value = f'<div class="{"of-note" if over else "of-quiet"}">{text}</div>'

    def _typed(self, _change: object) -> None:
        self._count()
        if self.box.value.strip() != self.kept:
            self.unkept(bool(self.kept))
        elif self.kept:
            self.say("Kept.")

    def _answer(self) -> dict[str, Any]:
        rated = {row: int(choice.value) for row, choice in self.ratings.items() if choice.value}
        return {"text": self.kept, "self": rated}

    def _keep_it(self) -> None:
        text = self.box.value.strip()
        if not text:
            self.say("There is nothing to keep yet: write your answer first.", warn=True)
            return
        before, self.kept = self.kept, text
        over = self.words() - self.limit if self.limit else 0
        following = f"It is {over} words over the limit." if over > 0 else self.next_step()
        if self.save(self._answer(), following, warn=over > 0):
            self._show_review()
        else:
            self.kept = before

    def _rated(self, _change: object) -> None:
        if self.save(self._answer(), "Your rating is kept.", warn=False) and self.box.value.strip() != self.kept:
            self.say("Your rating is kept; the changed text is not kept yet.", warn=True)

    def next_step(self) -> str:
        """Return what to do after the text is kept."""
        has_review = self.item.spec.get("exemplars") or self.ratings
        return "Now compare it with the answers below." if has_review else super().next_step()


def _level(value: object) -> str | None:
    return str(value) if value in (0, 1, 2, 3) and not isinstance(value, bool) else None


def _in_words(level: object) -> str:
    return f"{level} of 3: {_LEVELS[level]}" if level in _LEVELS else f"{level} of 3"


def _exemplar(exemplar: dict[str, Any]) -> w.HTML:
    text, why = (html.escape(str(exemplar.get(key, ""))) for key in ("text", "why"))
    level = html.escape(_in_words(exemplar.get("level")))
    reason = f'<p class="of-quiet">Why: {why}</p>' if why else ""
    return w.HTML(f'<div class="of-box"><p><b>Level {level}</b></p><p>{text}</p>{reason}</div>')
