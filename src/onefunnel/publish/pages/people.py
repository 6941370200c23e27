"""The roles: who answers for what, function by function, and a page each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from onefunnel.publish.page import Edition, Page
from onefunnel.publish.pages import decisions
from onefunnel.publish.text import box, bullets, capital, plain, sentence, table

if TYPE_CHECKING:
    from onefunnel.playbook import Role


def pages(edition: Edition) -> Iterator[Page]:
    """Yield the overview and one page a role."""
    yield _overview(edition)
    for role in edition.playbook.roles:
        yield _role(edition, role)


def _overview(edition: Edition) -> Page:
    parts = [
        "Every role: what it answers for, what it decides alone, and what it asks of the other function.\n{: .of-lead }"
    ]
    for function in edition.playbook.company.functions:
        rows = [
            (edition.role(role), _steps_owned(edition, role), sentence(plain(role.summary)))
            for role in edition.playbook.roles
            if role.function == function.id
        ]
        if rows:
            heading = f"## {plain(capital(function.name))} {{: #{function.id} }}"
            parts.append(f"{heading}\n\n{table(['Role', 'Accountable for', 'Why the role exists'], rows)}")
    if edition.playbook.decisions:
        parts.insert(1, "Who decides where both are touched, such as a price below the floor: "
                     "[decision rights](site:roles/decisions).")  # fmt: skip
    return Page("roles/index.md", "Roles", "\n\n".join(parts), "Who answers for what in the funnel.")


def _steps_owned(edition: Edition, role: Role) -> str:
    owned = edition.playbook.steps_of(role.id)
    return ", ".join(edition.step(step) for step in owned) or "no step"


def _role(edition: Edition, role: Role) -> Page:
    playbook = edition.playbook
    owned = [
        f"The step {edition.step(step)}" + (" on key accounts" if step.accountable.role != role.id else "")
        for step in playbook.steps_of(role.id)
    ]
    figures = [edition.metric(metric) for metric in playbook.metrics_of(role.id)]
    numbers = [f"The figure{'s' if len(figures) > 1 else ''} {', '.join(figures)}"] if figures else []
    duties = [*owned, *(sentence(plain(one)) for one in role.accountable_for), *numbers]
    measured = [
        f"{edition.metric(one)}: **{edition.figure(playbook.metric(one))}** now" for one in role.measured_by.metrics
    ]
    measured += [plain(capital(one)) for one in role.measured_by.words]
    takes_part = [
        f"{edition.step(step)} ({part})"
        for step in playbook.steps
        for part in ("responsible", "consulted", "informed")
        if role.id in getattr(step, part)
    ]
    body = f"""
<div class="of-sheet" markdown>

{sentence(plain(role.summary))}
{{: .of-lead }}

<div class="of-cards of-cards--four" markdown>
<div class="of-card" markdown>

## Accountable for

{bullets(duties) or "No step of its own."}

</div>
<div class="of-card" markdown>

## Decides

{bullets([*(sentence(plain(one)) for one in role.decides), *decisions.of_role(edition, role.id)])}

</div>
<div class="of-card" markdown>

## Asks of the other function

{bullets(sentence(plain(one)) for one in role.asks)}

</div>
<div class="of-card" markdown>

## Measured by

{bullets(measured) or "Nothing yet."}

</div>
</div>

## A good week

{sentence(plain(role.good_week))}

## When it asks for help

{sentence(plain(role.escalates))}
"""
    if takes_part:
        body += f"\n## Takes part in\n\n{box('of-sheet__parts', bullets(takes_part))}\n"
    body += "\n</div>\n"
    name = capital(role.name)
    tags = edition.tags(role.function, *(step.phase for step in playbook.steps_of(role.id)))
    return Page(f"roles/{role.id}.md", name, body, role.summary, tags, hide=("toc",))
