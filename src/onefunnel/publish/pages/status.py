"""The status page: what is still open, so that a gap is seen and not guessed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from onefunnel.publish.page import Edition, Page
from onefunnel.publish.text import NO_BREAK, bullets, capital, plain, sentence, table

if TYPE_CHECKING:
    from onefunnel.playbook import Metric, Play

CARDS = "[Evidence](site:evidence)"


def pages(edition: Edition) -> Iterator[Page]:
    """Yield the one page."""
    playbook = edition.playbook
    open_ideas = [idea for idea in playbook.ideas if not idea.links]
    undefined = [metric for metric in playbook.metrics if math.isnan(float(edition.value(metric)))]
    blind = [step for step in playbook.steps if all(playbook.metric(one) in undefined for one in step.metrics)]
    watched = [step for step in playbook.steps if step.also_measured]
    short = [(play, lacking) for play in playbook.plays if (lacking := _lacking(play))]
    counts = [
        ("[Steps](site:steps)", str(len(playbook.steps)), f"{len(blind)} without data"),
        ("[Metrics](site:metrics)", str(len(playbook.metrics)), f"{len(undefined)} without a figure"),
        *([("[Plays](site:plays)", str(len(playbook.plays)), f"{len(short)} not whole")] if playbook.plays else []),
        ("[Roles](site:roles)", str(len(playbook.roles)), ""),
        ("[Words in the glossary](site:glossary)", str(len(playbook.glossary)), ""),
        ("[Evidence cards](site:evidence)", str(len(playbook.evidence)), ""),
        ("[Ideas](site:ideas)", str(len(playbook.ideas)), f"{len(open_ideas)} not yet taught or practised"),
    ]
    body = f"""
What this playbook holds, and what is still missing in it. The figures are as of {edition.as_of}.
{{: .of-lead }}

{table(["What", "How many", "Still open"], counts, "lrl")}

## Reviews due

{_reviews(edition)}

## Steps without data

{_list([f"{edition.step(step)}: {_watched(step.also_measured)}" for step in blind], "Every step has a figure.")}

## Watched, but not computed yet

{_list([f"{edition.step(step)}: {_watched(step.also_measured)}" for step in watched], "Nothing.")}

## Metrics without a figure

{_list([_undefined(edition, metric) for metric in undefined], "The tables give a figure for every metric.")}
"""
    if playbook.plays:
        told = [f"{edition.play(play)}: no {', no '.join(lacking)}" for play, lacking in short]
        body += f"\n## Plays that are not whole\n\n{_list(told, 'Every play is whole.')}\n"
    told = [f"Idea {idea.number}: {sentence(plain(idea.statement))}" for idea in open_ideas]
    body += (
        f"\n## Ideas still open\n\n{_list(told, 'None: every idea is in use.')}\n\n"
        "Where each of the others is taught or practised stands on the page [Ideas](site:ideas).\n"
    )
    yield Page("status.md", "Status", body, "What the playbook holds and what is still open.")


def _reviews(edition: Edition) -> str:
    """All review dates, the earliest first. Whether one is past is said by the reader's own calendar (site.js)."""
    playbook = edition.playbook
    due: list[tuple[date, str, str]] = [(day, "Files", f"`{name}`") for name, day in playbook.reviews.items()]
    due += [(one.review_by, edition.role(one.owner), edition.play(one)) for one in playbook.plays]
    due += [(one.review_by, edition.role(one.owner), edition.metric(one)) for one in playbook.metrics if one.review_by]
    due += [(one.review_by, CARDS, one.id) for one in playbook.evidence if one.review_by]
    rows = []
    for (day, who), found in groupby(sorted(due), key=lambda one: one[:2]):
        things = [thing for _, _, thing in found]
        listed = f"{len(things)} card{'' if len(things) == 1 else 's'}" if who == CARDS else ", ".join(things)
        words = f"{day.day}{NO_BREAK}{day:%b}{NO_BREAK}{day:%Y}"
        rows.append((f'<time datetime="{day}" data-due>{words}</time>', who, listed))
    return table(["By", "Who reads it again", "What"], rows) if rows else "None is planned."


def _lacking(play: Play) -> list[str]:
    parts = {
        "first meeting": play.agenda,
        "file to fill in": play.template,
        "measure": play.measure,
        "lesson": play.lesson,
    }
    return [name for name, part in parts.items() if not part]


def _undefined(edition: Edition, metric: Metric) -> str:
    reason = edition.reason(metric)
    return edition.metric(metric) + (f": {plain(reason)}" if reason else "")


def _watched(also_measured: tuple[str, ...]) -> str:
    return plain("; ".join(also_measured)) if also_measured else "nothing named yet"


def _list(items: list[str], none: str) -> str:
    return bullets(capital(item) if item[0] != "[" else item for item in items) or none
