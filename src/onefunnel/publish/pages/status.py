"""The status page: what is still open, so that a gap is seen and not guessed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from onefunnel.publish.page import Edition, Page
from onefunnel.publish.text import bullets, capital, plain, sentence, table

if TYPE_CHECKING:
    from onefunnel.playbook import Metric


def pages(edition: Edition) -> Iterator[Page]:
    """Yield the one page."""
    playbook = edition.playbook
    open_ideas = [idea for idea in playbook.ideas if not idea.links]
    unmeasured = [step for step in playbook.steps if not step.metrics]
    undefined = [metric for metric in playbook.metrics if math.isnan(float(edition.value(metric)))]
    reviews = sorted(
        [(one.review_by, edition.metric(one)) for one in playbook.metrics if one.review_by]
        + [(one.review_by, edition.evidence(one.id)) for one in playbook.evidence if one.review_by]
    )
    counts = [
        ("Steps", str(len(playbook.steps)), f"{len(unmeasured)} without a computed metric"),
        ("Metrics", str(len(playbook.metrics)), f"{len(undefined)} without a figure"),
        ("Roles", str(len(playbook.roles)), ""),
        ("Words in the glossary", str(len(playbook.glossary)), ""),
        ("Evidence cards", str(len(playbook.evidence)), ""),
        ("Ideas", str(len(playbook.ideas)), f"{len(open_ideas)} not yet taught or practised"),
    ]
    body = f"""
What this playbook holds, and what is still missing in it. The figures are as of {edition.as_of}.
{{: .of-lead }}

{table(["What", "How many", "Still open"], counts, "lrl")}

## Steps without a computed metric

{_list([f"{edition.step(step)}: {_watched(step.also_measured)}" for step in unmeasured], "Every step has one.")}

## Metrics without a figure

{_list([_undefined(edition, metric) for metric in undefined], "The tables give a figure for every metric.")}

## Next reviews

{table(["By", "What"], [(f"{day.day} {day:%B %Y}", what) for day, what in reviews]) if reviews else "None is planned."}

## Ideas still open

{_list([f"{idea.number}. {sentence(plain(idea.statement))}" for idea in open_ideas], "None: every idea is in use.")}
"""
    yield Page("status.md", "Status", body, "What the playbook holds and what is still open.")


def _undefined(edition: Edition, metric: Metric) -> str:
    reason = edition.reason(metric)
    return edition.metric(metric) + (f": {plain(reason)}" if reason else "")


def _watched(also_measured: tuple[str, ...]) -> str:
    return plain("; ".join(also_measured)) if also_measured else "nothing named yet"


def _list(items: list[str], none: str) -> str:
    return bullets(capital(item) if item[0] != "[" else item for item in items) or none
