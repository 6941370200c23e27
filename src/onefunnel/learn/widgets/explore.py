"""What all explorations share: the box, the finding as its title, the picture, the table, a redraw without delay."""

from __future__ import annotations

import html

import ipywidgets as w

from onefunnel.learn.widgets import assist, figure, style


class Exploration(w.VBox):
    """A box with controls above, then the finding in one sentence, the picture, and the numbers as a table.

    A subclass calls `fill` with its controls and `redraw` whenever one changes; it gives the four parts in `draw`.
    """

    def __init__(self, name: str) -> None:
        super().__init__(layout=w.Layout(width="auto"))
        self.add_class(style.ROOT)
        self.add_class("of-explore")
        self.name = name
        self.finding = w.HTML()
        self.finding.add_class("of-status")  # a change of the finding is announced
        self.chart = w.HTML()
        self.numbers = w.HTML()

    def fill(self, *controls: w.Widget) -> None:
        """Put the controls above the finding and draw for the first time."""
        self.children = (
            style.head(self.name, seen=True),
            *controls,
            self.finding,
            self.chart,
            self.numbers,
            assist.script(),
        )
        self.redraw()

    def draw(self) -> tuple[str, str, str]:
        """Return (finding as plain text, picture as SVG, table as HTML) for the controls as they stand."""
        raise NotImplementedError

    def redraw(self, *_changes: object) -> None:
        """Draw again for the controls as they stand."""
        with figure.settings():
            finding, picture, numbers = self.draw()
        self.finding.value = f'<div role="status" class="of-finding">{html.escape(finding)}</div>'
        self.chart.value = picture
        self.numbers.value = f'<div class="of-scroll" tabindex="0" role="group" aria-label="Table">{numbers}</div>'


def choice(label: str, options: list[tuple[str, str]]) -> w.RadioButtons:
    """Return a labelled switch between a few (text, value) options, the first one chosen."""
    return w.RadioButtons(
        options=options,
        value=options[0][1],
        description=label,
        tooltip=label,
        orientation="horizontal",
        style={"description_width": "initial"},
        layout=w.Layout(width="auto"),
    )
