"""The calculators: a form, the company's own numbers in it, and a table that can be read without any script."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import pairwise

from onefunnel.metrics import catalogue
from onefunnel.metrics.catalogue import NoFigure
from onefunnel.publish.calculators import funnel
from onefunnel.publish.numbers import count
from onefunnel.publish.page import Edition, Page
from onefunnel.publish.text import attribute, plain

TITLE = "Funnel calculator"
ABOUT = "What one better rate, or more leads, would bring in customers."


def pages(edition: Edition) -> Iterator[Page]:
    """Yield the funnel calculator; where the tables cannot fill it, the page says what they lack."""
    try:
        yield _funnel(edition)
    except NoFigure as problem:
        body = f"What would one better rate bring?\n{{: .of-lead }}\n\n{plain(str(problem))}"
        yield Page("tools/funnel.md", TITLE, body, ABOUT, hide=("navigation", "toc"))


def funnel_start(edition: Edition) -> tuple[list[str], int, list[float]]:
    """Return the names of the steps that the tables count, the people who came in, and the rates between the steps.

    Rates are fractions rounded to a tenth of a percent, because that is what the form shows.
    """
    inputs = ("leads", "stage_history", "as_of", "steps")
    reached = catalogue.call("onefunnel.metrics.pipeline.cohort_counts", inputs, {}, edition.tables, edition.playbook)
    if not len(reached) or not reached.iloc[0]:
        raise NoFigure(reason="nobody came in early enough to be followed to the end.")
    names = [edition.playbook.step(step_id).name for step_id in reached.index]
    counts = [int(value) for value in reached]
    rates = [after / before if before else 0.0 for before, after in pairwise(counts)]
    return names, counts[0], [round(rate, 3) for rate in rates]


def _funnel(edition: Edition) -> Page:
    names, people, rates = funnel_start(edition)
    company = plain(edition.playbook.company.name)
    data = json.dumps({"names": names, "people": people, "rates": rates}, ensure_ascii=False).replace("</", "<\\/")
    result = funnel(people, rates)
    total = f"{result['before'][-1] / people * 100:.1f}" if people else "0.0"
    body = f"""
What would one better rate bring, and what would more leads bring? The numbers in the form are those of {company}: of
{count(people)} people who raised a hand at least a year before {edition.as_of}, {total} in a hundred became customers.
{{: .of-lead }}

<script type="application/json" id="funnel-data">{data}</script>
<form id="of-funnel" class="of-calculator" data-search-exclude>
<fieldset class="of-needs-js"><legend>Change one thing</legend>
<div class="of-fields">
{_door(names)}
{_number("points", "By how many points", 0, -100, 100, 1, "points")}
{_number("more", "More people coming in", 0, -100, 1000, 5, "%")}
</div></fieldset>
<p class="of-summary" role="status" aria-live="polite" data-summary>Today: {count(result["before"][-1])} customers
from {count(people)} people. Change something to see what it brings.</p>
<table>
<caption>People at each step, today and with your change</caption>
<thead><tr><th scope="col">Step</th><th scope="col">Go on to here</th><th scope="col">Today</th>
<th scope="col">Changed</th><th scope="col">Difference</th></tr></thead>
<tbody>
{_rows(names, rates, result["before"])}
</tbody>
</table>
<p class="of-needs-js of-buttons"><button type="reset" class="md-button">Back to the company's numbers</button>
<button type="button" class="md-button" data-copy>Copy a link to these numbers</button>
<span role="status" data-copied></span></p>
<noscript><p>The table shows the company's own numbers. Changing them needs JavaScript.</p></noscript>
</form>

## How it computes

At each step the people who arrive are multiplied by the share that goes on. Your change adds points to one rate, or
people at the start; everything else stays as it is. Real funnels are less polite: more people from a weaker source
convert less, so read “more people” as the best case.

The rates follow one group of people from the first raised hand, and a person who skipped a step counts as past it,
so the rates multiply to the whole. The metric pages count every opportunity, also those that sales found itself;
their figures can differ a little.
"""
    return Page("tools/funnel.md", TITLE, body, ABOUT, hide=("navigation", "toc"))


def _number(name: str, label: str, value: float, low: float, high: float, step: float, unit: str) -> str:
    return (
        f'<label>{attribute(label)} <span class="of-input"><input type="number" name="{name}" value="{value:g}" '
        f'min="{low:g}" max="{high:g}" step="{step:g}" inputmode="decimal">'
        f'<span aria-hidden="true">{attribute(unit)}</span></span></label>'
    )


def _door(names: Sequence[str]) -> str:
    options = "".join(
        f'<option value="{index}">{attribute(a)} → {attribute(b)}</option>'
        for index, (a, b) in enumerate(pairwise(names))
    )
    return f'<label>Raise this rate <select name="door"><option value="-1">none</option>{options}</select></label>'


def _rows(names: Sequence[str], rates: Sequence[float], counts: Sequence[float]) -> str:
    rows = []
    for index, (name, reached) in enumerate(zip(names, counts, strict=True)):
        share = reached / counts[0] if counts[0] else 0
        if index == 0:
            control = (
                f'<label><span class="of-hidden">People who come in as {attribute(name)}</span>'
                f'<span class="of-input"><input type="number" name="people" value="{reached:g}" min="0" max="10000000" '
                'step="100" inputmode="numeric"><span aria-hidden="true">people</span></span></label>'
            )
        else:
            label = f"From {names[index - 1]} to {name}, percent"
            control = (
                f'<label><span class="of-hidden">{attribute(label)}</span><span class="of-input">'
                f'<input type="number" name="rate-{index - 1}" value="{rates[index - 1] * 100:g}" min="0" max="100" '
                'step="0.1" inputmode="decimal"><span aria-hidden="true">%</span></span></label>'
            )
        rows.append(
            f'<tr style="--before:{share:.4f};--after:{share:.4f}"><th scope="row">{attribute(name)}</th>'
            f"<td>{control}</td><td data-before>{count(reached)}</td><td data-after>{count(reached)}</td>"
            "<td data-gap>0</td></tr>"
        )
    return "\n".join(rows)
