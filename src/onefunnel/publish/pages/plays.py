"""The plays: an overview by the moment one needs them, and a page each with its file to download."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from onefunnel.publish import templates
from onefunnel.publish.page import Edition, Page
from onefunnel.publish.pages import course, mix
from onefunnel.publish.text import bullets, facts, plain, sentence, table

if TYPE_CHECKING:
    from onefunnel.playbook.plays import Play

LEAD = "A play is one way of working together, written down: when to run it, who sees to it, what to do."


def pages(edition: Edition) -> Iterator[Page]:
    """Yield the overview and one page a play; nothing while there is no play."""
    if not edition.playbook.plays:
        return
    yield _overview(edition)
    for play in edition.playbook.plays:
        yield _play(edition, play)


def _overview(edition: Edition) -> Page:
    parts = [f"{LEAD}\n{{: .of-lead }}"]
    for function in edition.playbook.company.functions:
        rows = [
            (edition.play(play), sentence(plain(play.when)), edition.role(play.owner), _takes(play))
            for play in edition.playbook.plays
            if edition.playbook.role(play.owner).function == function.id
        ]
        if rows:
            heading = f"## Owned by {plain(function.name)} {{: #{function.id} }}"
            parts.append(f"{heading}\n\n{table(['Play', 'Run it when', 'Owner', 'Takes'], rows, 'lllr')}")
    return Page("plays/index.md", "Plays", "\n\n".join(parts), LEAD, hide=("toc",))


def _play(edition: Edition, play: Play) -> Page:
    line, text = edition.playbook.play_texts[play.id]
    body = "\n\n".join(part for part in (*_before(edition, play), text.strip(), *_after(edition, play)) if part)
    heading = sum(part.count("\n") + 2 for part in _before(edition, play) if part)
    blank = len(text) - len(text.lstrip("\n"))
    return Page(
        f"plays/{play.id}.md",
        play.name,
        body,
        play.summary,
        edition.tags(edition.playbook.role(play.owner).function, *_phases(edition, play)),
        hide=("toc",),
        written_in=f"playbooks/plays/{play.id}.md",
        from_line=line + blank - heading,
    )


def _takes(play: Play) -> str:
    """How long a run takes, in hours once minutes say little."""
    hours, rest = divmod(play.minutes, 60)
    return f"{hours} hours" if hours > 1 and not rest else f"{play.minutes} min"


def _phases(edition: Edition, play: Play) -> list[str]:
    return [step.phase for step in edition.playbook.steps if step.id in play.steps]


def _before(edition: Edition, play: Play) -> Iterator[str]:
    yield f"{sentence(plain(play.summary))}\n{{: .of-lead }}"
    with_whom = ", ".join(edition.role(one) for one in play.with_)
    yield facts(
        [
            ("Run it when", sentence(plain(play.when))),
            ("Owner", edition.role(play.owner)),
            *([("With", with_whom)] if with_whom else []),
            ("How often", sentence(plain(play.cadence))),
            ("Takes", _takes(play)),
        ]
    )


def _after(edition: Edition, play: Play) -> Iterator[str]:
    playbook = edition.playbook
    if play.agenda:
        rows = [(f"{part.minutes} min", sentence(plain(part.item))) for part in play.agenda]
        yield f"## The first meeting\n\n{table(['Time', 'What'], rows, 'rl')}"
    if play.template:
        name = plain(play.template.name)
        kind = templates.KINDS[play.template.kind]
        yield f'## To fill in\n\n<a href="{play.id}.{play.template.kind}" download>{name}</a> ({kind})'
    if play.measure:
        metric = playbook.metric(play.measure.metric)
        now = edition.figure(metric, **play.measure.arguments)
        yield f"## Does it work?\n\n{edition.metric(metric)} stands at **{now}**. {sentence(plain(play.measure.reads))}"
    links = [f"Step: {edition.step(step)}" for step in play.steps]
    links += [f"Number: {edition.metric(metric)}" for metric in play.metrics]
    if parts := mix.belongs_to(edition, "plays", play.id):
        links.append(f"Part of the mix: {parts}")
    links += [f"Lesson: {course.link(lesson)}" for lesson in edition.lessons if lesson["id"] == play.lesson]
    if links:
        yield f"## See also\n\n{bullets(links)}"
    yield f"Next review: {play.review_by:%d %B %Y}, by the owner.\n{{: .of-small }}"
