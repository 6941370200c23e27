"""The parts of a calculator's page: fields, tables whose cells a script can rewrite, bars, and the frame around them.

What stands in the page is the company's own case, so it can be read without any script. A script finds its places by
`data-show` (text), `data-bar` (a bar from one share of the width to another) and `data-mark` (what is singled out).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from onefunnel.publish.page import Edition
from onefunnel.publish.text import attribute

SCRIPTS = "../assets/javascripts/calculators"
BARS, SHOWN = "of-bar", "data-show"  # what a cell with bars, and one with text, contains
STYLE = "../assets/stylesheets/calculators.css"


@dataclass(frozen=True)
class Body:
    """What one calculator puts into the frame. All but `name`, `data`, `files` and `summary` is HTML or Markdown."""

    name: str  # of the function in publish.calculators, of the form, and of the script
    lead: str
    summary: str
    result: str
    fields: str = ""
    legend: str = "Change something"
    data: dict[str, Any] = field(default_factory=dict)
    rules: dict[str, Any] = field(default_factory=dict)
    buttons: str = ""
    files: tuple[str, ...] = ()  # scripts beside the calculator's own
    how: str = ""


def frame(edition: Edition, body: Body) -> str:
    """Return the page of a calculator: question, form, finding, table, buttons, and how it computes."""
    data = json.dumps({**body.data, "rules": body.rules}, ensure_ascii=False).replace("</", "<\\/")
    symbol = attribute(edition.playbook.company.currency.symbol)
    scripts = "".join(f'<script src="{SCRIPTS}/{name}.js"></script>' for name in ("core", *body.files, body.name))
    fields = (
        f'<fieldset class="of-needs-js"><legend>{attribute(body.legend)}</legend>\n'
        f'<div class="of-fields">\n{body.fields}\n</div></fieldset>'
        if body.fields
        else ""
    )
    return f"""
{body.lead}
{{: .of-lead }}

<link rel="stylesheet" href="{STYLE}">
<script type="application/json" id="of-data">{data}</script>
<form id="of-{body.name}" class="of-calculator" data-symbol="{symbol}" autocomplete="off" data-search-exclude>
{fields}
<p class="of-summary" role="status" aria-live="polite" data-summary>{attribute(body.summary)}</p>
{body.result}
<p class="of-needs-js of-buttons">{body.buttons}<button type="reset" class="md-button">Back to the start</button>
<button type="button" class="md-button" data-copy>Copy a link to these numbers</button>
<span role="status" data-copied></span></p>
<noscript><p>The numbers above are the company's own. Changing them needs JavaScript.</p></noscript>
</form>
{scripts}

## How it computes

{body.how.strip()}

[All calculators](site:tools)
"""


def number(
    name: str,
    label: str,
    value: float,
    low: float,
    high: float,
    step: float = 1,
    unit: str = "",
    *,
    quiet: bool = False,
) -> str:
    """A number field. `quiet`: its label is read aloud only, because the table's row and column already say it."""
    shown = f'<span class="of-hidden">{attribute(label)}</span>' if quiet else attribute(label)
    mode = "numeric" if step == int(step) and low >= 0 else "decimal"
    return (
        f'<label>{shown} <span class="of-input"><input type="number" name="{name}" value="{_plain(value)}" '
        f'min="{_plain(low)}" max="{_plain(high)}" step="{_plain(step)}" inputmode="{mode}">'
        f"<span>{attribute(unit)}</span></span></label>"
    ).replace("<span></span>", "")


def choice(name: str, label: str, options: Iterable[tuple[str, str]], chosen: str = "") -> str:
    """A list to choose from: (value, words)."""
    inner = "".join(
        f'<option value="{attribute(value)}"{" selected" if value == chosen else ""}>{attribute(words)}</option>'
        for value, words in options
    )
    return f'<label>{attribute(label)} <select name="{name}">{inner}</select></label>'


def tick(name: str, label: str) -> str:
    """A box to tick; empty at the start."""
    return f'<label class="of-tick"><input type="checkbox" name="{name}"> {attribute(label)}</label>'


def lines(name: str, label: str, values: Sequence[str]) -> str:
    """A field for several names, one a line."""
    rows = min(8, max(3, len(values)))
    inner = "\n".join(attribute(value) for value in values).replace("\n", "&#10;")
    return (
        f'<label class="of-lines">{attribute(label)} <textarea name="{name}" rows="{rows}">{inner}</textarea></label>'
    )


def day(name: str, label: str, value: str) -> str:
    """A field for a date, written 2026-05-18."""
    return f'<label>{attribute(label)} <input type="date" name="{name}" value="{value}" required></label>'


def show(name: str, text: str) -> str:
    """Text that the script may rewrite."""
    return f'<span data-show="{name}">{attribute(text)}</span>'


def bar(name: str, low: float, high: float, tone: str = "main") -> str:
    """A bar from `low` to `high`, shares of the width, as `OneFunnel.put.bar` sets it. The number stands beside it."""
    start, end = _width(min(low, high)), _width(max(low, high))
    return f'<span class="of-bar" data-bar="{name}" data-tone="{tone}" style="--from:{start};--to:{end}"></span>'


def place(value: float, low: float, high: float) -> float:
    """Where a value lies between `low` and `high`, a share of the width from 0 to 1."""
    return min(1.0, max(0.0, (value - low) / (high - low))) if high > low else 0.0


def around_zero(value: float, widest: float) -> tuple[float, float]:
    """Both ends of a bar that begins in the middle, where zero is, on a scale from −widest to +widest."""
    return place(0, -widest, widest), place(value, -widest, widest)


def see(edition: Edition, *metrics: str) -> str:
    """Links to the metrics of these ids that the playbook has, as a sentence; nothing when it has none."""
    known = {metric.id for metric in edition.playbook.metrics}
    links = [edition.metric(metric) for metric in metrics if metric in known]
    return f"See {' and '.join(links)}." if links else ""


def table(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]], marks: Sequence[str] = ()) -> str:
    """A table; the cells are HTML, the first of a row is its head. Numbers stand right; bars take the room left.

    On a phone each row becomes a block in which every cell says its column. `marks` names the rows in their order.
    """
    bars = [BARS in cell and SHOWN not in cell for cell in rows[0]]
    heads = "".join(
        f'<th scope="col"{" class=of-wide" if bar else ""}>{attribute(one)}</th>'
        for one, bar in zip(head, bars, strict=True)
    )
    parts = []
    for place_, (first, *cells) in enumerate(rows):
        inner = "".join(_cell(cell, label) for cell, label in zip(cells, head[1:], strict=True))
        mark = f' data-mark="{marks[place_]}"' if marks and marks[place_] else ""
        parts.append(f'<tr{mark}><th scope="row">{first}</th>{inner}</tr>')
    return (
        f"<table>\n<caption>{attribute(caption)}</caption>\n"
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n" + "\n".join(parts) + "\n</tbody>\n</table>"
    )


def _cell(cell: str, label: str) -> str:
    kind = ' class="of-wide"' if BARS in cell and SHOWN not in cell else ""
    return f'<td{kind} data-label="{attribute(label)}">{cell}</td>'


def _width(part: float) -> str:
    return f"{part:.4f}".rstrip("0").rstrip(".")


def _plain(value: float) -> str:
    """A number as HTML wants it: no exponent, no trailing zeros."""
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return text or "0"
