"""Which chart a metric's page shows. A chart states its finding in its title, with numbers computed here.

A few metrics have a chart of their own (by the name of the function that computes them); every other one shows its
official figure beside what its traps would have said. Drawings are cached by their content.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from onefunnel.publish import charts
from onefunnel.publish.charts import Chart, Curve, Row, Rows
from onefunnel.publish.numbers import count, number

if TYPE_CHECKING:
    from onefunnel.playbook import Metric
    from onefunnel.publish.page import Edition


def chart(edition: Edition, metric: Metric) -> Chart | None:
    """Return the metric's chart, or None where the tables do not give its figure."""
    if math.isnan(float(edition.value(metric))):
        return None
    special = SPECIAL.get(metric.compute.rsplit(".", 1)[1])
    return (special and special(edition, metric)) or _beside_traps(edition, metric)


def drawn(picture: Chart, name: str, cache_folder: Path | None) -> str:
    """Return the HTML of a chart, from the cache if the same chart was drawn before by the same code."""
    if cache_folder is None:
        return charts.figure(picture, name)
    key = hashlib.sha256(f"{name}\n{picture!r}\n{_drawing_code()}".encode()).hexdigest()[:24]
    kept = cache_folder / f"{key}.html"
    if kept.is_file():
        return kept.read_text(encoding="utf-8")
    html = charts.figure(picture, name)
    cache_folder.mkdir(parents=True, exist_ok=True)
    kept.write_text(html, encoding="utf-8", newline="\n")
    return html


@cache
def _drawing_code() -> str:
    return hashlib.sha256(Path(charts.__file__).read_bytes()).hexdigest()


def _beside_traps(edition: Edition, metric: Metric) -> Chart | None:
    """The official figure and, under it, what each wrong formula says."""
    right, wrong = float(edition.value(metric)), edition.trap_values(metric)
    told = [(trap.name, float(wrong[trap.id])) for trap in metric.traps if not math.isnan(float(wrong[trap.id]))]
    if not told:
        return None
    worst = max(told, key=lambda one: abs(one[1] - right))
    say = lambda value: edition.say(value, metric.unit)  # noqa: E731
    rows = [Row("The official formula", right, say(right), tone="main")]
    rows += [Row(name, value, say(value), tone="wrong") for name, value in told]
    return Rows(
        title=f"“{worst[0]}” would say {say(worst[1])}; the right figure is {say(right)}",
        alt=f"Bars: the official figure is {say(right)}. " + " ".join(f"{name}: {say(value)}." for name, value in told),
        source=_source(edition),
        rows=tuple(rows),
        head=("Computed as", "It says"),
    )


def _conversion(edition: Edition, metric: Metric) -> Chart | None:
    """The share that goes on from each step."""
    steps = edition.playbook.steps
    rows = []
    for here, after in pairwise(steps):
        share = float(edition.value(metric, from_step=here.id, to_step=after.id))
        if not math.isnan(share):
            rows.append(Row(f"{here.name} → {after.name}", share, number(share, "percent")))
    if len(rows) < 2:
        return None
    lowest = min(rows, key=lambda row: row.end)
    rows = [row if row is not lowest else Row(row.label, row.end, row.text, tone="wrong") for row in rows]
    left, right = lowest.label.split(" → ")
    return Rows(
        title=f"The narrowest door leads from {left} to {right}: {lowest.text} go through",
        alt="Bars, the share that goes on from each step: " + "; ".join(f"{r.label} {r.text}" for r in rows) + ".",
        source=_source(edition, "those who entered the step long enough ago, each counted once"),
        rows=tuple(rows),
        head=("From step to step", "Go on"),
    )


def _by_size(edition: Edition, metric: Metric) -> Chart | None:
    """Win rate of each quarter of the deals, from the smallest to the largest, with Wilson intervals."""
    from onefunnel.metrics.intervals import wilson
    from onefunnel.metrics.pipeline import decided, win_rate

    deals = decided(edition.tables["opportunities"])
    if len(deals) < 200:
        return None
    place = deals["amount_eur"].rank(method="first", pct=True)
    names = ("Smallest quarter", "Second quarter", "Third quarter", "Largest quarter")
    symbol = edition.playbook.company.currency.symbol
    rows = []
    for index, name in enumerate(names):
        part = deals[(place > index / 4) & (place <= (index + 1) / 4)]
        won, total = int((part["outcome"] == "won").sum()), len(part)
        rate = win_rate(part)
        interval = wilson(won, total)
        top = number(part["amount_eur"].max(), "eur", symbol)
        label = f"{name} (to {top})"
        rows.append(Row(label, rate, number(rate, "percent"), interval=interval, note=f"{won} of {total}"))
    overall = win_rate(deals)
    first, last = rows[0], rows[-1]
    rows[-1] = Row(last.label, last.end, last.text, tone="wrong", interval=last.interval, note=last.note)
    return Rows(
        title=f"Of the largest deals we win {last.text}, of the smallest {first.text}",
        alt="Dots with intervals, win rate by size of deal: " + "; ".join(f"{r.label} {r.text}" for r in rows) + ".",
        source=_source(edition, f"{count(len(deals))} decided opportunities; lines are 95 % intervals"),
        rows=tuple(rows),
        head=("Deals by amount", "Win rate"),
        reference=(overall, f"all: {number(overall, 'percent')}"),
        dots=True,
    )


def _days(edition: Edition, metric: Metric) -> Chart | None:
    """How many of the opportunities had closed after so many days."""
    from onefunnel.metrics.pipeline import cumulative_incidence

    curve = cumulative_incidence(edition.tables["opportunities"], edition.tables.as_of)
    curve = curve[curve["day"] <= 240]
    if len(curve) < 20:
        return None
    median = float(edition.value(metric))
    closed = 1 - curve["open"]
    points = tuple((float(day), float(share)) for day, share in zip(curve["day"], closed, strict=True))[::3]
    words = edition.say(median, "days")
    return Curve(
        title=f"Half of all opportunities are decided after {words}",
        alt=f"A rising curve: the share of opportunities that are decided, by age. It passes one half at {words}.",
        source=_source(edition, "all opportunities, those still open counted as “not yet”"),
        points=points,
        named=((median, 0.5, f"Half are decided after: {words}"),),
        x_ticks=tuple((day, str(day)) for day in range(0, 241, 60)),
        y_ticks=tuple((share / 4, f"{share * 25} %") for share in range(5)),
        axes=("days since qualified", "share decided"),
        head=("Reading", "Days"),
    )


WATERFALL_WORDS = {
    "list_eur": "List price",
    "on_invoice_eur": "Discount on the invoice",
    "invoice_eur": "Invoice price",
    "volume_bonus_eur": "Volume bonus",
    "free_goods_eur": "Free goods",
    "terms_eur": "Payment terms",
    "freight_eur": "Freight",
    "marketing_support_eur": "Marketing support",
    "service_eur": "Service",
    "pocket_eur": "Pocket price",
    "cost_eur": "Cost of goods",
    "margin_eur": "Pocket margin",
}
LEVELS = ("list_eur", "invoice_eur", "pocket_eur", "margin_eur")


def _waterfall(edition: Edition, metric: Metric) -> Chart | None:
    """From list price to margin, each part as a share of list."""
    from onefunnel.metrics.mix import price_waterfall

    walk = price_waterfall(edition.tables["orders"])
    listed = float(walk["list_eur"])
    if not listed:
        return None
    rows, at = [], 0.0
    for part, amount in walk.items():
        share = float(amount) / listed
        name = WATERFALL_WORDS.get(str(part), str(part).removesuffix("_eur").replace("_", " "))
        if part in LEVELS:
            at = share
            rows.append(Row(name, share, number(share, "percent"), tone="main"))
        else:
            rows.append(Row(name, at, number(share, "percent"), start=at + share, tone="wrong"))
            at += share
    pocket, margin = (number(float(walk[part]) / listed, "percent") for part in ("pocket_eur", "margin_eur"))
    return Rows(
        title=f"Of 100 % list price, {pocket} reach our pocket and {margin} stay as margin",
        alt="A waterfall from list price to margin: " + "; ".join(f"{row.label} {row.text}" for row in rows) + ".",
        source=_source(edition, "all order lines; shares of list price"),
        rows=tuple(rows),
        head=("Part", "Share of list price"),
    )


def _by_origin(edition: Edition, metric: Metric) -> Chart | None:
    """The return of each origin, best first. Origins without spend have none."""
    found = [(one.name, float(edition.value(metric, origin=one.id))) for one in edition.playbook.company.origins]
    found = sorted(((name, value) for name, value in found if not math.isnan(value)), key=lambda one: -one[1])
    if len(found) < 2:
        return None
    rows = [Row(name, value, number(value, "percent"), tone="wrong" if value < 0 else "main") for name, value in found]
    losing = [row for row in rows if row.end < 0]
    finding = (
        f"{losing[-1].label} loses money ({losing[-1].text}); {rows[0].label} brings most ({rows[0].text})"
        if losing
        else f"{rows[0].label} brings most ({rows[0].text}), {rows[-1].label} least ({rows[-1].text})"
    )
    return Rows(
        title=finding,
        alt="Bars, return on marketing by origin: " + "; ".join(f"{row.label} {row.text}" for row in rows) + ".",
        source=_source(edition, "leads old enough to have closed; origins without spend have no return"),
        rows=tuple(rows),
        head=("Origin", "Return"),
    )


def _source(edition: Edition, what: str = "") -> str:
    return f"{edition.playbook.company.name}, {edition.as_of}" + (f"; {what}." if what else ".")


SPECIAL: dict[str, Callable[[Edition, Metric], Chart | None]] = {
    "stage_conversion": _conversion,
    "win_rate": _by_size,
    "sales_cycle": _days,
    "pocket_price": _waterfall,
    "price_waterfall": _waterfall,
    "origin_return": _by_origin,
}
