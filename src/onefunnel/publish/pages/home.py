"""The home page: where each kind of reader begins, and the funnel's own numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from onefunnel.publish.page import Edition, Page
from onefunnel.publish.text import attribute, box, bullets, capital, plain, small

if TYPE_CHECKING:
    from onefunnel.playbook import Play

# Two streams become one: decoration, so it has no words and is hidden from screen readers. The sample company sells
# coffee, so its streams end in a cup.
STREAMS = (
    '<div class="of-streams-box" aria-hidden="true"><svg class="of-streams" viewBox="0 0 300 290" focusable="false">'
    '<path class="of-streams__marketing" d="M30 14C30 100 140 70 140 168"/>'
    '<path class="of-streams__sales" d="M270 14C270 100 160 70 160 168"/>'
)
CUP = (
    '<path class="of-streams__coffee" stroke="none" d="M97 214h106l-5 34q-4 22-26 22h-44q-22 0-26-22Z"/>'
    '<path class="of-streams__cup" d="M90 192h120l-8 58q-4 26-30 26h-44q-26 0-30-26ZM207 208h18q19 0 15 21t-36 19"/>'
    ""
)


def pages(edition: Edition) -> Iterator[Page]:
    """Yield the home page."""
    company, playbook = edition.playbook.company, edition.playbook
    fictional = (
        "\n\n" + small(f"{plain(company.name)} is a made-up company: [read what that means](site:sample-company).")
        if company.fictional and edition.tables.demonstration
        else ""
    )
    body = f"""
<div class="of-hero" markdown>

{STREAMS}{CUP if edition.tables.demonstration else ""}</svg></div>

{plain(company.name)}
{{: .of-eyebrow }}

# Marketing and sales, one funnel

{len(playbook.steps)} steps from stranger to renewed customer. One owner for each. One formula for every number.
What you read here is also what the lessons teach and what the exercises are graded by.
{{: .of-lead }}

[See the funnel](site:steps){{ .md-button .md-button--primary }} [Try the calculator](site:tools/funnel){{ .md-button }}

</div>

{_phases(edition)}

## Where do you begin?

<div class="of-cards" markdown>
{_paths(edition)}
</div>

## The numbers, as of {edition.as_of}

{_numbers(edition)}

{_two_languages(edition)}{fictional}
"""
    yield Page(
        "index.md", "Home", body, f"How marketing and sales work together at {company.name}.",
        hide=("navigation", "toc"), heading="-",
    )  # fmt: skip


def _phases(edition: Edition) -> str:
    """The funnel in one line: the steps as small blocks in their owner's colour, phase by phase."""
    parts = []
    for phase in edition.playbook.company.phases:
        steps = [step for step in edition.playbook.steps if step.phase == phase.id]
        if steps:
            links = "".join(
                f'<a href="site:steps/{step.id}" class="of-strip__step of-strip__step--{step.accountable.function}">'
                f"{attribute(step.name)}</a>"
                for step in steps
            )
            name = attribute(capital(phase.name))
            parts.append(
                f'<div class="of-strip__phase" style="--steps:{len(steps)}"><span class="of-strip__name">{name}</span>'
                f'<div class="of-strip__steps">{links}</div></div>'
            )
    owners = dict.fromkeys(step.accountable.function for step in edition.playbook.steps)
    key = " ".join(edition.function(owner) for owner in owners)
    return (
        f'<nav class="of-strip" aria-label="The steps of the funnel">{"".join(parts)}</nav>\n\n'
        f"Accountable: {key}\n{{: .of-small .of-key }}"
    )


def _paths(edition: Edition) -> str:
    """Four ways in. Every link is taken from the truth, so none can lead nowhere."""
    cards = [
        ("I sell", "What reaches you, in what state, and what is yours to do.", _function_path(edition, "sales")),
        ("I market", "What becomes of the people you bring.", _function_path(edition, "marketing")),
        ("I lead", "Where it is stuck, who decides, and what may drive pay.", _leader_path(edition)),
        ("I onboard people", "What to read, what to learn, and in which order.", _onboarding_path(edition)),
    ]
    return "\n".join(
        box("of-card", f"### {name} {{: #{name.lower().replace(' ', '-')} }}", words, bullets(links))
        for name, words, links in cards
    )


def _leader_path(edition: Edition) -> list[str]:
    playbook = edition.playbook
    sponsors = [role for role in playbook.roles if role.function == "management"]
    paid = [metric for metric in playbook.metrics if metric.drives_pay.allowed]
    return [
        "[The whole funnel on one page](site:steps)",
        *(["[How well do we work together?](site:tools/maturity) Ends in three plays"] if playbook.maturity else []),
        *(["[Who decides what](site:roles/decisions)"] if playbook.decisions else []),
        *(f"{edition.role(role)}: what only you decide" for role in sponsors[:1]),
        "[Clock rules](site:steps/clock-rules): who is told when time is up",
        *([f"May drive pay: {', '.join(edition.metric(metric) for metric in paid[:3])}"] if paid else []),
        "[Status](site:status): what is due for review and still open",
    ]


def _onboarding_path(edition: Edition) -> list[str]:
    playbook = edition.playbook
    return [
        "[Facilitator kit](site:facilitator-kit): the first 60 minutes, and what to answer",
        "[The lessons](site:lessons), and [how to read these pages](site:how-to-read)",
        *(["[The mix](site:mix): what we sell, where and at what price"] if playbook.mix else []),
        "[The glossary](site:glossary), with what the other side hears",
        "[The evidence](site:evidence): which figures you may quote",
        "For your IT: [what runs](site:it-sheet), and [what is stored](site:data-protection)",
    ]


def _handiest(plays: Sequence[Play]) -> Play:
    """The play that helps in most steps; of two, the one that takes less time."""
    return min(plays, key=lambda play: (-len(play.steps), play.minutes))


def _function_path(edition: Edition, function_id: str) -> list[str]:
    playbook = edition.playbook
    steps = [step for step in playbook.steps if step.accountable.function == function_id]
    metrics = [metric for metric in playbook.metrics if playbook.role(metric.owner).function == function_id]
    links = []
    if steps:
        first, last = steps[0], steps[-1]
        place = playbook.steps.index(first)
        name = {one.id: one.name for one in playbook.company.functions}[function_id]
        links.append(f"Yours begins at {edition.step(first)} and ends at {edition.step(last)}")
        if place > 0:
            before = playbook.steps[place - 1]
            links.append(f"Before you: {edition.step(before)}, held by {edition.role(before.accountable.role)}")
        after_place = playbook.steps.index(last) + 1
        if place == 0 and after_place < len(playbook.steps):
            after = playbook.steps[after_place]
            links.append(f"After you: {edition.step(after)}, held by {edition.role(after.accountable.role)}")
        links.append(f"[The roles in {plain(name).lower()}](site:roles#{function_id})")
    plays = [play for play in playbook.plays if playbook.role(play.owner).function == function_id]
    if plays:
        links.append(f"[Your plays](site:plays#{function_id}), such as {edition.play(_handiest(plays))}")
    if function_id == "sales" and playbook.mix:
        links.append("What you bring: " + ", ".join(edition.part(part) for part in playbook.mix))
    if metrics:
        links.append("Your numbers: " + ", ".join(edition.metric(metric) for metric in metrics[:3]))
    links.append("[The words](site:glossary): what the other side hears")
    return links


def _numbers(edition: Edition) -> str:
    """Four metrics with their figures: first those that have a target, because somebody wants to move them."""
    known = [one for one in edition.playbook.metrics if one.inputs and not math.isnan(float(edition.value(one)))]
    shown = sorted(known, key=lambda metric: metric.target is None)[:4]
    tiles = "".join(
        f'<a class="of-tile" href="site:metrics/{metric.id}"><span class="of-tile__number">'
        f"{attribute(edition.say(edition.value(metric), metric.unit))}</span>"
        f'<span class="of-tile__name">{attribute(metric.name)}</span>'
        f'<span class="of-tile__words">{attribute(metric.question)}</span></a>'
        for metric in shown
    )
    return f'<div class="of-tiles">{tiles}</div>\n\n[All {len(edition.playbook.metrics)} metrics](site:metrics)'


def _two_languages(edition: Edition) -> str:
    """One word that the two functions hear differently, as a taste of the glossary."""
    both: Sequence = [term for term in edition.playbook.glossary if term.marketing_says and term.sales_hears]
    if not both:
        return ""
    term = both[0]
    return "\n\n".join(
        [
            "## Two languages",
            f"Take the word {edition.term(term)}. There are {len(both)} such words in the [glossary](site:glossary).",
            box(
                "of-two",
                box("of-say of-say--marketing", "**Marketing says**", plain(term.marketing_says)),
                box("of-say of-say--sales", "**Sales hears**", plain(term.sales_hears)),
            ),
        ]
    )
