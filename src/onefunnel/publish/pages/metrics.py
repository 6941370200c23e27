"""The metrics: an overview and a page each, with what the wrong formulas would have said."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from onefunnel.publish import charts, figures
from onefunnel.publish.page import Edition, Page
from onefunnel.publish.pages import course, mix
from onefunnel.publish.pages.funnel import is_between_steps
from onefunnel.publish.text import attribute, box, bullets, facts, plain, sentence, table

if TYPE_CHECKING:
    from onefunnel.playbook import Metric

CATALOGUE = "metrics/catalogue.csv"
BETTER = {"up": "higher is better", "down": "lower is better", "neither": "neither higher nor lower is better as such"}


def pages(edition: Edition) -> Iterator[Page]:
    """Yield the overview and one page a metric."""
    yield _overview(edition)
    for metric in edition.playbook.metrics:
        yield _metric(edition, metric)


def _overview(edition: Edition) -> Page:
    company = edition.playbook.company
    rows = [
        (
            edition.metric(metric),
            plain(metric.question),
            f"**{edition.figure(metric)}**" + ("" if metric.inputs else " (example)"),
            edition.role(metric.owner),
            metric.cadence,
            "yes" if metric.drives_pay.allowed else "no",
        )
        for metric in edition.playbook.metrics
    ]
    body = f"""
One number, one formula, one owner. Every figure on these pages is computed from the tables of {plain(company.name)},
as they stood on {edition.as_of}. Nobody types them in.
{{: .of-lead }}

{table(["Metric", "The question", plain(company.name), "Owner", "Looked at", "May drive pay"], rows, "llrllc")}

<a href="{CATALOGUE.rsplit("/", 1)[-1]}" download>The whole catalogue as a table</a> (CSV, opens in Excel), with
formulas and how to say each number to both functions. New here? [How to read a metric page](site:how-to-read).
"""
    return Page(
        "metrics/index.md",
        "Metrics",
        body,
        "Every metric: formula, owner, traps, and the company's own figure.",
        hide=("toc",),
    )


def _metric(edition: Edition, metric: Metric) -> Page:
    value = edition.value(metric)
    target = f"<small>Target {edition.say(metric.target, metric.unit)}</small>" if metric.target is not None else ""
    number = attribute(edition.figure(metric))
    chart = figures.chart(edition, metric)
    reason = edition.reason(metric) if math.isnan(value) else ""
    sections = [
        f"{plain(metric.question)}\n{{: .of-lead }}",
        '<div class="of-answer">\n'
        f'<p class="of-answer__number" data-metric="{metric.id}" data-value="{_raw(value)}">{number}</p>\n'
        f"<p class='of-answer__words'>{_asked_of(edition, metric)}{target}</p>\n</div>",
        *([f"**No figure yet.** {plain(reason)}"] if reason else []),
        f"## The formula\n\n{box('of-formula', plain(metric.formula))}",
        f"**Left out:** {sentence(plain(metric.excludes))}",
    ]
    if chart is not None:
        sections.append(edition_figure(edition, chart, metric.id))
    if metric.traps and not reason:
        sections.append(f"## What a wrong formula would have said\n\n{_traps(edition, metric)}")
    sections += [
        "## How to say it\n\n"
        + box(
            "of-two",
            box("of-say of-say--sales", "**To sales**", f"“{plain(metric.say.sales)}”"),
            box("of-say of-say--marketing", "**To marketing**", f"“{plain(metric.say.marketing)}”"),
        ),
        f"## Who looks after it\n\n{_keeping(edition, metric)}",
    ]
    if metric.sources:
        sections.append("## Evidence\n\n" + bullets(edition.evidence(source) for source in metric.sources))
    sections.append(course.taught(edition, "metrics", metric.id))
    function = edition.playbook.role(metric.owner).function
    return Page(f"metrics/{metric.id}.md", metric.name, "\n\n".join(sections), metric.question, edition.tags(function))


def edition_figure(edition: Edition, chart: charts.Chart, name: str) -> str:
    """Return a chart as HTML; drawn once, then taken from the cache until its content changes."""
    return figures.drawn(chart, name, edition.chart_cache)


def _asked_of(edition: Edition, metric: Metric) -> str:
    """Say whose figure it is and for what it was asked, such as “from Accepted to Qualified” or “margin 42 %”."""
    asked = dict(metric.arguments)
    words = []
    if is_between_steps(metric):
        here, there = (edition.playbook.step(asked.pop(key)).name for key in ("from_step", "to_step"))
        words.append(f"from {here} to {there}")
    elif "step" in asked:
        words.append(f"step {edition.playbook.step(asked.pop('step')).name}")
    for name, value in asked.items():
        if isinstance(value, float) and abs(value) < 1:
            value = edition.say(value, "percent")
        elif isinstance(value, list | tuple):
            value = " and ".join(map(str, value))
        words.append(f"{name.replace('_', ' ')} {value}")
    if not metric.inputs:
        return attribute("A worked example: " + ", ".join(words))
    return attribute(", ".join([edition.playbook.company.name, *words, edition.as_of]))


def _raw(value: float) -> str:
    return "" if math.isnan(value) else repr(float(value))


def _traps(edition: Edition, metric: Metric) -> str:
    right = edition.value(metric)
    values = edition.trap_values(metric)
    rows = [("**The formula above**", f"**{edition.say(right, metric.unit)}**", "", "")]
    rows += [
        (
            plain(trap.name),
            edition.say(values[trap.id], metric.unit),
            _gap(values[trap.id], right, metric.unit),
            plain(trap.why),
        )
        for trap in metric.traps
    ]
    return table(["Computed as", "It says", "Off by", "What is wrong with it"], rows, "lrrl")


def _gap(wrong: float, right: float, unit: str) -> str:
    """How far off, in points for shares and in percent for the rest (relative change of a share misleads)."""
    wrong, right = float(wrong), float(right)
    if math.isnan(wrong) or math.isnan(right):
        return ""
    if unit == "percent":
        return f"{'+' if wrong > right else '−'}{abs(wrong - right) * 100:,.1f} points"
    if right == 0:
        return ""
    return f"{'+' if wrong > right else '−'}{abs(wrong / right - 1) * 100:,.0f} %"


def _keeping(edition: Edition, metric: Metric) -> str:
    playbook = edition.playbook
    used = [edition.step(step) for step in playbook.steps if metric.id in step.metrics]
    watched = [edition.role(role) for role in playbook.roles if metric.id in role.measured_by.metrics]
    tables_used = ", ".join(f"`{name}`" for name in metric.inputs)
    rows = [
        ("Owner", f"{edition.role(metric.owner)} {edition.function(playbook.role(metric.owner).function)}"),
        ("Looked at", plain(metric.cadence)),
        ("Direction", BETTER[metric.direction]),
        (
            "May it drive pay?",
            f"**{'Yes' if metric.drives_pay.allowed else 'No'}.** {sentence(plain(metric.drives_pay.why))}",
        ),
    ]
    if metric.target is not None:
        rows.append(("Target", edition.say(metric.target, metric.unit)))
    if used:
        rows.append(("Measures the steps", ", ".join(used)))
    if watched:
        rows.append(("Measures the roles", ", ".join(watched)))
    if parts := mix.belongs_to(edition, "metric_ids", metric.id):
        rows.append(("Part of the mix", parts))
    if asked := [one for one in playbook.decisions if metric.id in one.metrics]:
        links = [f"[{plain(one.name)}](site:roles/decisions#{one.id})" for one in asked]
        rows.append(("On the table when we decide", ", ".join(links)))
    if plays := [play for play in playbook.plays if play.measure and play.measure.metric == metric.id]:
        rows.append(("Shows whether these plays work", ", ".join(edition.play(play) for play in plays)))
    rows.append(("Computed by", f"`{metric.compute}`" + (f" from {tables_used}" if tables_used else "")))
    return facts(rows)
