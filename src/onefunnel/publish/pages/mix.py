"""The mix: product, place, price and promotion on one page, and a page each. Its figures are computed, never typed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from onefunnel.publish.page import Edition, Page
from onefunnel.publish.pages import course
from onefunnel.publish.text import along, attribute, box, bullets, facts, lead, plain, sentence, table

if TYPE_CHECKING:
    from onefunnel.playbook.mix import Figure, MixPart

ABOUT = "What we sell, where, at what price, and how people hear of it."


def pages(edition: Edition) -> Iterator[Page]:
    """Yield the overview and one page a part; nothing for a company without mix.yml."""
    if not edition.playbook.mix:
        return
    yield _overview(edition)
    for part in edition.playbook.mix:
        yield _part(edition, part)


def belongs_to(edition: Edition, kind: str, thing_id: str) -> str:
    """Return a line that names the parts of the mix that a metric or a play (`kind`) belongs to, or nothing."""
    found = [part for part in edition.playbook.mix if thing_id in getattr(part, kind)]
    return ", ".join(edition.part(part) for part in found)


def _overview(edition: Edition) -> Page:
    parts = edition.playbook.mix
    tiles = "".join(_tile(edition, part) for part in parts)
    rows = [
        (edition.part(part), plain(part.question), edition.role(part.owner), sentence(plain(part.not_this)))
        for part in parts
    ]
    sections = [
        lead(f"{ABOUT} Marketing shapes most of it; sales carries it out every day. So both must know all of it."),
        f'<div class="of-tiles of-tiles--four">{tiles}</div>',
        f"The figures are those of {plain(edition.playbook.company.name)}, as of {edition.as_of}.\n{{: .of-small }}",
        f"## What the buyer asks\n\n{table(['Part', 'The buyer asks', 'Owner', 'The usual mistake'], rows)}",
    ]
    lines = edition.playbook.company.business_lines
    by_line = [(part, {one.line: one.is_ for one in part.in_lines}) for part in parts if part.in_lines]
    if by_line:
        named = [line for line in lines if any(line.id in told for _, told in by_line)]
        cells = [(edition.part(part), *(plain(told.get(line.id, "")) for line in named)) for part, told in by_line]
        sections.append(f"## In each line of business\n\n{table(['Part', *(plain(one.name) for one in named)], cells)}")
    return Page("mix/index.md", "The mix", "\n\n".join(sections), ABOUT, hide=("toc",))


def _tile(edition: Edition, part: MixPart) -> str:
    """A part with its first figure that the tables can give."""
    figure = next((one for one in part.figures if not edition.reason(edition.playbook.metric(one.metric))), None)
    number = attribute(_now(edition, figure)) if figure else ""
    words = attribute(edition.playbook.metric(figure.metric).name) if figure else attribute(part.question)
    return (
        f'<a class="of-tile" href="site:mix/{part.id}"><span class="of-tile__number">{attribute(part.name)}</span>'
        f'<span class="of-tile__name">{number}</span><span class="of-tile__words">{words}</span></a>'
    )


def _now(edition: Edition, figure: Figure) -> str:
    return edition.figure(edition.playbook.metric(figure.metric), **figure.arguments)


def _part(edition: Edition, part: MixPart) -> Page:
    playbook = edition.playbook
    names = {line.id: line.name for line in playbook.company.business_lines}
    function = playbook.role(part.owner).function
    sections = [
        lead(plain(part.question)),
        f'<div class="of-owner of-owner--{function}" markdown>\n'
        f"<span class='of-owner__label'>Answers for it</span>\n"
        f"**{edition.role(part.owner)}** {edition.function(function)}\n</div>",
        sentence(plain(part.means)),
        box(
            "of-two",
            box("of-say of-say--marketing", "**Marketing**", sentence(plain(part.marketing_does))),
            box("of-say of-say--sales", "**Sales**", sentence(plain(part.sales_does))),
        ),
        f"## Say it to a buyer\n\n{box('of-formula', f'“{plain(part.say)}”')}",
        f"**The usual mistake:** {sentence(plain(part.not_this))}",
    ]
    if part.in_lines:
        told = [(plain(names[one.line]), sentence(plain(one.is_))) for one in part.in_lines]
        sections.append(f"## In each line of business\n\n{facts(told)}")
    if part.figures:
        rows = [
            (
                edition.metric(one.metric),
                f"**{_now(edition, one)}**",
                sentence(plain(one.shows)),
                edition.role(playbook.metric(one.metric).owner),
            )
            for one in part.figures
        ]
        head = ["Number", plain(playbook.company.name), "What it shows", "Owner"]
        sections.append(f"## How it stands, as of {edition.as_of}\n\n{table(head, rows, 'lrll')}")
    if part.plays:
        listed = bullets(f"{edition.play(play)}: {sentence(plain(playbook.play(play).when))}" for play in part.plays)
        sections.append(f"## Plays\n\n{listed}")
    sections.append(course.named(edition, part.lessons))
    place = playbook.mix.index(part)
    before = playbook.mix[place - 1] if place else None
    after = playbook.mix[place + 1] if place + 1 < len(playbook.mix) else None
    sections.append(
        along(
            "The parts of the mix",
            (f"mix/{before.id}", before.name) if before else None,
            (f"mix/{after.id}", after.name) if after else None,
        )
    )
    text = "\n\n".join(section for section in sections if section)
    return Page(f"mix/{part.id}.md", part.name, text, part.question, edition.tags(function))
