"""The choice of a way through the lessons, on the home page."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable
from typing import Any

import ipywidgets as w

from onefunnel.errors import Problem
from onefunnel.learn.widgets import assist, style
from onefunnel.learn.widgets.frame import radio


class PathChoice(w.VBox):
    """Radio buttons, one a path; `keep(path id)` saves the choice and may raise Problem."""

    def __init__(self, paths: Iterable[Any], chosen: str | None, keep: Callable[[str], None]) -> None:
        super().__init__(layout=w.Layout(width="auto"))
        self.add_class(style.ROOT)
        self.group = radio("Your path", [(path.id, path.name) for path in paths], chosen)
        self.status = w.HTML()
        self.status.add_class("of-status")
        self.children = (style.head("Your path"), self.group, self.status, assist.script())

        def changed(_change: object) -> None:
            try:
                keep(self.group.value)
                text = "Kept. The map below is yours."
            except Problem as problem:
                text = f"Not kept. {problem}"
            self.status.value = f'<div role="status" class="of-quiet">{html.escape(text)}</div>'

        self.group.observe(changed, "value")
