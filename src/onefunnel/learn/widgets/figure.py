"""Draws a matplotlib figure as an inline SVG picture with alternative text, in the colours of the reader's theme.

No pyplot: a bare `Figure` leaves no state behind and needs no closing. Text and lines are drawn in three marker
colours that become the theme's own colours in the page, so that one picture suits light and dark.
"""

from __future__ import annotations

import html
import io
import re
import textwrap

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

# Okabe and Ito's palette: told apart by people with every common kind of colour blindness.
BLUE, ORANGE, GREEN, VERMILION = "#0072b2", "#e69f00", "#009e73", "#d55e00"
PURPLE, SKY, GREY = "#cc79a7", "#56b4e9", "#8a8a8a"

INK, QUIET, PAPER = "#010203", "#3a3b3c", "#fdfcfb"  # markers, see above
_THEME = {
    INK: "var(--jp-ui-font-color0, #111111)",
    QUIET: "var(--jp-ui-font-color1, #333333)",
    PAPER: "var(--jp-layout-color1, #ffffff)",
}
_SETTINGS = {
    "font.size": 10,
    "text.color": INK,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "hatch.linewidth": 1.2,
    "svg.fonttype": "path",  # letters as shapes: the picture looks the same on every machine
    "svg.hashsalt": "onefunnel",  # the same figure gives the same text
}
_NO_DATE = {"Date": None, "Creator": None, "Format": None, "Type": None}


def settings() -> mpl.RcParams:
    """Return the context in which a figure must be made *and* turned into text."""
    return mpl.rc_context(_SETTINGS)


def blank(width: float = 7.2, height: float = 3.2, **margins: float) -> tuple[Figure, Axes]:
    """Return an empty figure of width × height inches and its axes, without ticks' lines.

    The margins are shares of the figure (left, right, bottom, top). They are fixed: letting matplotlib measure the
    texts to find them takes longer than drawing.
    """
    figure = Figure(figsize=(width, height))
    figure.subplots_adjust(**{"left": 0.02, "right": 0.98, "bottom": 0.2, "top": 0.98, **margins})
    axes = figure.add_subplot()
    axes.tick_params(length=0)
    return figure, axes


def pair(width: float = 7.2, height: float = 3.4, *, left: float = 0.2) -> tuple[Figure, tuple[Axes, Axes]]:
    """Return a figure with two axes side by side; `left` is the share of the width left for the left one's labels.

    The places are fixed: letting matplotlib measure the texts to find them takes longer than drawing.
    """
    figure = Figure(figsize=(width, height))
    figure.subplots_adjust(left=left, right=0.995, bottom=0.1, top=0.86, wspace=0.16)
    first, second = figure.subplots(1, 2)
    for axes in (first, second):
        axes.tick_params(length=0)
    return figure, (first, second)


def picture(figure: Figure, alt: str) -> str:
    """Return the figure as an `<svg role="img">` element; `alt` says in words what it shows."""
    target = io.StringIO()
    figure.savefig(target, format="svg", transparent=True, metadata=_NO_DATE)
    svg = target.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, count=1, flags=re.DOTALL)
    for marker, colour in _THEME.items():
        svg = svg.replace(marker, colour)
    name = html.escape(alt, quote=True)
    style = 'style="max-width: 100%; height: auto; display: block"'
    return svg.replace("<svg ", f'<svg role="img" aria-label="{name}" {style} ', 1)


def table(caption: str, head: list[str], rows: list[list[str]]) -> str:
    """Return an HTML table; the first column names the row. Columns of numbers stand flush right."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(head)
    css = [' class="of-number"' if column and all(map(_is_number, column)) else "" for column in columns]
    titles = [
        f'<th scope="col"{kind}>{html.escape(title)}</th>' if title else "<td></td>"
        for title, kind in zip(head, css, strict=True)
    ]
    body = []
    for name, *cells in rows:
        filled = "".join(f"<td{kind}>{html.escape(cell)}</td>" for cell, kind in zip(cells, css[1:], strict=True))
        body.append(f'<tr><th scope="row">{html.escape(name)}</th>{filled}</tr>')
    return (
        f"<table><caption>{html.escape(caption)}</caption>"
        f"<thead><tr>{''.join(titles)}</tr></thead><tbody>{''.join(body)}</tbody></table>"
    )


def _is_number(cell: str) -> bool:
    return cell == "–" or cell.lstrip("+−€ ")[:1].isdigit()


def folded(text: str, width: int) -> str:
    """Return a label broken into lines of at most `width` letters."""
    return "\n".join(textwrap.wrap(text, width)) or text
