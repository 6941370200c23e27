"""The funnel to print for the wall: one sheet in A3 landscape with every step, its owner and what it promises."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from onefunnel.publish.page import Edition, Page
from onefunnel.publish.pages.clock import limit
from onefunnel.publish.text import attribute, capital, lead

if TYPE_CHECKING:
    from onefunnel.playbook import Step

ABOUT = (
    "One sheet with every step, the one role that answers for it, and what we promise. Print it in A3, landscape; "
    "A4 can be read too."
)
SMALL_PRINT = "Times are business time unless they say otherwise. Not sure whose it is? Ask the owner of the step."


def pages(edition: Edition) -> Iterator[Page]:
    """Yield the one page. On paper only the sheet is left (see “Print” in the style sheet)."""
    company = edition.playbook.company
    columns = "".join(_phase(edition, phase.id, phase.name) for phase in company.phases)
    owners = dict.fromkeys(step.accountable.function for step in edition.playbook.steps)
    key = " ".join(edition.function(owner) for owner in owners)
    body = f"""
<div class="of-screen-only" markdown>

# The funnel for the wall

{lead(ABOUT)}

<p class="of-needs-js"><button type="button" class="md-button md-button--primary" data-print>Print it</button></p>

</div>

<section class="of-wall" aria-label="The sheet" data-search-exclude>
<div class="of-wall__head"><p class="of-wall__title">{attribute(company.name)}: one funnel, one owner for each step</p>
<p>Accountable: {key}</p></div>
<div class="of-wall__phases">{columns}</div>
<p class="of-wall__foot">{SMALL_PRINT}</p>
</section>
"""
    yield Page(
        "steps/wall.md",
        "The funnel for the wall",
        body,
        "One sheet to print: steps, owners and service levels.",
        hide=("navigation", "toc"),
        nav_title="For the wall",
        heading="-",
    )


def _phase(edition: Edition, phase_id: str, name: str) -> str:
    steps = [(place, step) for place, step in enumerate(edition.playbook.steps, 1) if step.phase == phase_id]
    if not steps:
        return ""
    cards = "".join(_step(edition, place, step) for place, step in steps)
    return f'<div class="of-wall__phase"><h2>{attribute(capital(name))}</h2>{cards}</div>'


def _step(edition: Edition, place: int, step: Step) -> str:
    owner = edition.playbook.role(step.accountable.role)
    promises = "".join(
        f"<li>{attribute(capital(one.what).rstrip('.'))}: <strong>{attribute(limit(one))}</strong></li>"
        for one in step.service
    )
    return (
        f'<div class="of-wall__step of-map__step--{step.accountable.function}">'
        f'<h3><span>{place}</span> <a href="site:steps/{step.id}">{attribute(step.name)}</a></h3>'
        f'<p class="of-wall__owner"><a href="site:roles/{owner.id}">{attribute(capital(owner.name))}</a> '
        f"{edition.function(step.accountable.function)}</p><ul>{promises}</ul></div>"
    )
