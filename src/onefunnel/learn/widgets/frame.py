"""The box around every question: its accessible name, its controls, and the line that says what is kept."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import ipywidgets as w

from onefunnel.errors import Problem
from onefunnel.learn.widgets import assist, style

Answer = dict[str, Any]
Keep = Callable[[Answer], None]


class Frame(w.VBox):
    """A named box with controls and a status line; the base of every question's widget.

    A subclass builds its controls, passes them to `fill` in reading order (which is the order of the Tab key), and
    calls `save` with a whole answer in the shape of its type.
    """

    def __init__(self, item: Any, keep: Keep) -> None:
        super().__init__(layout=w.Layout(width="auto"))
        self.add_class(style.ROOT)
        self.add_class("of-item")
        self.item = item
        self._keep = keep
        self._differs = False  # whether something stands in the controls that is not kept
        self._refused: Answer | None = None  # the answer that could not be kept
        self.status = w.HTML()
        self.status.add_class("of-status")

    def fill(self, *controls: w.Widget, after: tuple[w.Widget, ...] = ()) -> None:
        """Put the controls into the box, the status line under them, what comes `after` it, the helpers around them."""
        if not self.status.value:
            self.say("Not answered yet. Your answer is kept as you go.")
        self.children = (style.head(self.item.title), *controls, self.status, *after, assist.script())

    def ask_sure(self, choices: Mapping[str, str], said: str | None, keep: Callable[[str], None]) -> None:
        """Ask below the answer how sure the learner is; no points. `keep` saves a choice and may raise Problem."""
        self.sure = radio("How sure are you? (No points.)", list(choices.items()), said)
        self.sure.orientation = "horizontal"
        self.sure.add_class("of-sure")

        def changed(_change: object) -> None:
            try:
                keep(self.sure.value)
            except Problem as problem:
                self.say(f"Not kept. {problem}", warn=True)
            else:
                self.say(f"Kept at {datetime.now():%H:%M:%S}: you are {choices[self.sure.value]}.")

        self.sure.observe(changed, "value")
        *others, script = self.children
        self.children = (*others, self.sure, script)

    def say(self, text: str, *, warn: bool = False) -> None:
        """Show a sentence in the status line; a screen reader announces it."""
        css = "of-note" if warn else "of-quiet"
        self.said = text
        self.status.value = f'<div role="status" class="{css}">{html.escape(text)}</div>' if text else ""

    def save(self, answer: Answer, following: str = "", *, warn: bool | None = None) -> bool:
        """Keep the answer and say so. False when it could not be kept.

        `following` says what is still open; without it the next step is named. `warn` marks the line as one to look
        at, which it is when something is open unless said otherwise.
        """
        try:
            self._keep(answer)
        except Problem as problem:
            self._differs, self._refused = True, answer
            self.say(f"Not kept. {problem}", warn=True)
            return False
        self._differs, self._refused = False, None
        # The seconds make two lines in a row differ, so that a screen reader announces the second one as well.
        kept_at = f"{datetime.now():%H:%M:%S}"
        self.say(
            f"Kept at {kept_at}. {following or self.next_step()}".strip(),
            warn=bool(following) if warn is None else warn,
        )
        return True

    def commit(self) -> str:
        """Keep what stands in the controls, as their Keep button would: a check judges what the learner sees.

        Return why it could not be kept, "" when it is.
        """
        if self._refused is not None:
            self.save(self._refused)
        elif self._differs:
            self._keep_it()
        return self.said if self._differs else ""

    def _keep_it(self) -> None:
        """Do what the Keep button does. Who keeps each change at once has none: an emptied answer stays unkept."""

    def next_step(self) -> str:
        """Return what to do after a complete answer is kept."""
        return "Now check it." if self.item.checkable else ""

    def unkept(self, had: bool) -> None:
        """Say that what stands in the controls is not what is kept (`had`: an earlier answer is kept)."""
        self._differs, self._refused = True, None
        earlier = " The answer you kept before still counts." if had else ""
        self.say(f"Changed, not kept yet.{earlier}", warn=True)


def known(value: Any, choices: Mapping[str, Any] | list[tuple[str, str]]) -> Any:
    """Return the value if it is one of the choices' ids, else None: a kept file may name ids of an older lesson."""
    ids = choices if isinstance(choices, Mapping) else {choice for choice, _ in choices}
    return value if isinstance(value, str) and value in ids else None


def part_of(answer: Any, key: str, kind: type) -> Any:
    """Return `answer[key]` when the kept answer has it in the expected kind, else an empty one of that kind."""
    found = answer.get(key) if isinstance(answer, dict) else None
    return found if isinstance(found, kind) else kind()


def dropdown(label: str, choices: list[tuple[str, str]], chosen: str | None, *, empty: str) -> w.Dropdown:
    """Return a labelled drop-down list of (id, text) whose first entry, with id "", means no answer yet."""
    return w.Dropdown(
        options=[(empty, ""), *((text, choice) for choice, text in choices)],
        value=chosen or "",
        description=label,
        tooltip=label,
        style={"description_width": "46%"},
        layout=w.Layout(width="auto"),
    )


def radio(label: str, choices: list[tuple[str, str]], chosen: str | None) -> w.RadioButtons:
    """Return a labelled group of radio buttons of (id, text); nothing is chosen unless `chosen` is."""
    return w.RadioButtons(
        options=[(text, choice) for choice, text in choices],
        value=chosen,
        description=label,
        tooltip=label,
        style={"description_width": "initial"},
        layout=w.Layout(width="auto"),
    )


def keep_button(name: str) -> w.Button:
    """Return the button that keeps an answer; `name` is the question's title, said by a screen reader."""
    button = w.Button(description="Keep this answer", tooltip=f"Keep this answer: {name}")
    button.add_class("of-keep")
    return button


def note(text: str, css: str = "of-quiet") -> w.HTML:
    """Return a paragraph of plain text."""
    return w.HTML(f'<p class="{css}">{html.escape(text)}</p>')
