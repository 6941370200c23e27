"""The buttons at the end of a test."""

from __future__ import annotations

import html
from collections.abc import Callable

import ipywidgets as w

from onefunnel.errors import Problem
from onefunnel.learn.errors import StillOpen
from onefunnel.learn.widgets import assist, style
from onefunnel.learn.widgets.frame import note


class Finish(w.VBox):
    """A button; `finish(False)` ends the test and may raise Problem, which is said below it.

    StillOpen brings a second button, which calls `finish(True)`: end it with the open questions left open.
    """

    def __init__(self, finish: Callable[[bool], None]) -> None:
        super().__init__(layout=w.Layout(width="auto"))
        self.add_class(style.ROOT)
        self.button = w.Button(description="I am done: show me where I stand", tooltip="Finish the test")
        self.button.add_class("of-keep")
        self.anyway = w.Button(description="Finish with these left open", tooltip="Finish the test as it is")
        self.anyway.layout.display = "none"
        self.status = w.HTML()
        self.status.add_class("of-status")
        text = note("After this your answers to the questions of the test cannot be changed.")
        self.children = (style.head("Finish the test"), text, self.button, self.status, self.anyway, assist.script())

        def pressed(button: w.Button) -> None:
            try:
                finish(button is self.anyway)
                self.button.disabled, said = True, "Finished. The picture is below."
                self.anyway.layout.display = "none"
            except StillOpen as problem:
                said = f"Not finished yet. {problem}"
                self.anyway.layout.display = None
            except Problem as problem:
                said = f"Not finished: {problem}"
            self.status.value = f'<div role="status" class="of-quiet">{html.escape(said)}</div>'

        self.button.on_click(pressed)
        self.anyway.on_click(pressed)
