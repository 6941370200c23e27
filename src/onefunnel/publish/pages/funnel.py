"""The funnel: the map, and a page a step."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from onefunnel.publish import funnel_map
from onefunnel.publish.numbers import number
from onefunnel.publish.page import Edition, Page
from onefunnel.publish.pages import course
from onefunnel.publish.pages.clock import limit, working_time
from onefunnel.publish.text import along, bullets, capital, facts, plain, sentence, table

if TYPE_CHECKING:
    from onefunnel.playbook import Metric, Service, Step


def pages(edition: Edition) -> Iterator[Page]:
    """Yield the overview and the steps in order."""
    yield _overview(edition)
    for place in range(len(edition.playbook.steps)):
        yield _step(edition, place)


def draw_map(edition: Edition) -> str:
    """Return the map of the whole funnel as HTML."""
    names = {function.id: function.name for function in edition.playbook.company.functions}
    cards: dict[str, list[funnel_map.Card]] = {}
    for place, step in enumerate(edition.playbook.steps, start=1):
        share = goes_on(edition, step)
        cards.setdefault(step.phase, []).append(
            funnel_map.Card(
                number=place,
                step_id=step.id,
                name=step.name,
                owner=capital(edition.playbook.role(step.accountable.role).name),
                owner_id=step.accountable.role,
                function_id=step.accountable.function,
                function=names[step.accountable.function],
                goes_on="" if math.isnan(share) else f"{number(share, 'percent')} go on",
            )
        )
    phases = funnel_map.phases_of(cards, {one.id: one.name for one in edition.playbook.company.phases})
    return funnel_map.draw(phases, f"The funnel in {len(edition.playbook.steps)} steps")


def goes_on(edition: Edition, step: Step) -> float:
    """Return the share of those in `step` who reach the next one; NaN where the tables cannot tell."""
    metric = next((one for one in edition.playbook.metrics if is_between_steps(one)), None)
    after = next_step(edition, step)
    if metric is None or after is None:
        return math.nan
    return float(edition.value(metric, from_step=step.id, to_step=after.id))


def is_between_steps(metric: Metric) -> bool:
    """True if the metric is asked for two steps of the funnel."""
    return {"from_step", "to_step"} <= set(metric.arguments)


def next_step(edition: Edition, step: Step) -> Step | None:
    """Return the step after this one, or None after the last."""
    steps = edition.playbook.steps
    place = steps.index(step) + 1
    return steps[place] if place < len(steps) else None


def _overview(edition: Edition) -> Page:
    company = edition.playbook.company
    steps = edition.playbook.steps
    rows = [
        (
            f"{place} {edition.step(step)}",
            sentence(plain(step.buyer_does)),
            f"{edition.role(step.accountable.role)} {edition.function(step.accountable.function)}",
            plain(_promise(step.service[0])),
        )
        for place, step in enumerate(steps, start=1)
    ]
    phases = [
        f"**{plain(capital(phase.name))}** (steps {_range(edition, phase.id)})"
        + (f": {plain(phase.meaning)}" if phase.meaning else "")
        for phase in company.phases
    ]
    body = f"""
{len(steps)} steps from stranger to renewed customer. Each step has exactly one accountable role.
Choose a step to see what lets a buyer in and out, how fast we promise to act, and what tends to go wrong.
{{: .of-lead }}

{draw_map(edition)}

The shares between the steps are those of {plain(company.name)}: of all who entered a step long enough ago, how many
reached the next one or a later one. [How it is computed](site:{_conversion_page(edition)}).
{{: .of-small }}

## The same as a table

{table(["Step", "The buyer", "Accountable", "First promise"], rows)}

## The phases, for people who want less

{bullets(phases)}

{_other_lines(edition)}

[Try the funnel calculator](site:tools/funnel){{ .md-button }} [The clock rules](site:steps/clock-rules){{ .md-button }}
[A sheet for the wall](site:steps/wall){{ .md-button }}
"""
    return Page(
        "steps/index.md",
        "The funnel",
        body,
        f"The {len(steps)} steps, who answers for each, and by when.",
        hide=("navigation", "toc"),
    )


def _other_lines(edition: Edition) -> str:
    """The steps in the words of the other lines of business, if any step has them."""
    steps = edition.playbook.steps
    used = {one.line for step in steps for one in step.in_lines}
    lines = [line for line in edition.playbook.company.business_lines if line.id in used]
    if not lines:
        return ""
    rows = []
    for step in steps:
        told = {one.line: plain(one.means) for one in step.in_lines}
        rows.append((edition.step(step), *(told.get(line.id, "") for line in lines)))
    return f"## The same steps in other lines\n\n{table(['Step', *(plain(line.name) for line in lines)], rows)}"


def _conversion_page(edition: Edition) -> str:
    metric = next((one for one in edition.playbook.metrics if is_between_steps(one)), None)
    return f"metrics/{metric.id}" if metric else "metrics"


def _range(edition: Edition, phase_id: str) -> str:
    places = [place for place, step in enumerate(edition.playbook.steps, 1) if step.phase == phase_id]
    return f"{places[0]} to {places[-1]}" if len(places) > 1 else str(places[0]) if places else "none"


def _promise(service: Service) -> str:
    return f"{capital(service.what).rstrip('.')}: {limit(service)}"


def _step(edition: Edition, place: int) -> Page:
    step = edition.playbook.steps[place]
    owner = step.accountable
    key = f" On key accounts: {edition.role(owner.on_key_accounts)}." if owner.on_key_accounts else ""
    sections = [
        f"Step {place + 1} of {len(edition.playbook.steps)}\n{{: .of-eyebrow }}",
        f'<div class="of-owner of-owner--{owner.function}" markdown>\n'
        f"<span class='of-owner__label'>Accountable</span>\n"
        f"**{edition.role(owner.role)}** {edition.function(owner.function)}{key}\n</div>",
        f"## What the buyer does\n\n{sentence(plain(step.buyer_does))}",
        '<div class="of-gates" markdown>\n<div class="of-gate" markdown>\n\n'
        f"## Enters when\n\n{sentence(plain(step.entry))}\n\n</div>\n"
        f'<div class="of-gate" markdown>\n\n## Leaves when\n\n{sentence(plain(step.exit))}\n\n</div>\n</div>',
        f"## Service level\n\n{_service_table(step.service)}\n\n{_clock_note(edition)}",
        f"## Who does what\n\n{_raci(edition, step)}",
        f"## How it is measured\n\n{_measures(edition, step)}",
        f"## What goes wrong here\n\n{bullets(sentence(plain(hazard)) for hazard in step.hazards)}",
        f"## In the CRM\n\n{_crm(step)}",
    ]
    if step.in_lines:
        lines = {line.id: line.name for line in edition.playbook.company.business_lines}
        told = [(plain(lines[one.line]), sentence(plain(one.means))) for one in step.in_lines]
        sections.append(f"## The same step in other lines\n\n{facts(told)}")
    plays = edition.playbook.plays_of(step.id)
    if plays:
        listed = [f"{edition.play(play)} ({edition.role(play.owner)})" for play in plays]
        sections.append("## Plays\n\n" + bullets(listed))
    if step.sources:
        sections.append("## Evidence\n\n" + bullets(edition.evidence(source) for source in step.sources))
    sections.append(course.taught(edition, "steps", step.id))
    sections.append(_along(edition, place))
    description = f"{step.name}: who is accountable, entry, exit, service level, metrics and hazards."
    tags = edition.tags(owner.function, step.phase)
    return Page(
        f"steps/{step.id}.md",
        step.name,
        "\n\n".join(sections),
        description,
        tags,
        nav_title=f"{place + 1} {step.name}",
    )


def _service_table(services: Sequence[Service]) -> str:
    rows = [
        (
            sentence(plain(one.what)),
            f"**{plain(limit(one))}**",
            sentence(plain(one.clock_starts)),
            sentence(plain(one.clock_restarts)),
            sentence(plain(one.clock_pauses)),
        )
        for one in services
    ]
    return table(["Promise", "Time limit", "The clock starts", "It restarts", "It pauses"], rows)


def _clock_note(edition: Edition) -> str:
    calendar = edition.playbook.calendar
    return (
        f"Business time is {working_time(calendar)}. All clocks run by the same "
        "[clock rules](site:steps/clock-rules): what starts and stops them, when they pause, who is told in the end."
    )


def _raci(edition: Edition, step: Step) -> str:
    def people(role_ids: Sequence[str], others: Sequence[str]) -> str:
        return ", ".join([*(edition.role(one) for one in role_ids), *(plain(one) for one in others)]) or "nobody"

    owner = edition.role(step.accountable.role)
    if step.accountable.on_key_accounts:
        owner += f" (key accounts: {edition.role(step.accountable.on_key_accounts)})"
    rows = [
        ("**Accountable**", "answers for the result", owner),
        ("**Responsible**", "does the work", people(step.responsible, step.others.responsible)),
        ("**Consulted**", "is asked before", people(step.consulted, step.others.consulted)),
        ("**Informed**", "is told after", people(step.informed, step.others.informed)),
    ]
    return table(["Part", "Means", "Who"], rows)


def _measures(edition: Edition, step: Step) -> str:
    after = next_step(edition, step)
    rows = []
    for metric in (edition.playbook.metric(one) for one in step.metrics):
        name, overrides = edition.metric(metric), {}
        if is_between_steps(metric) and after is not None:
            overrides = {"from_step": step.id, "to_step": after.id}
            name += f", {plain(step.name)} to {plain(after.name)}"
        elif "step" in metric.arguments:
            overrides = {"step": step.id}
        rows.append((name, f"**{edition.figure(metric, **overrides)}**", plain(metric.question)))
    parts = []
    if rows:
        parts.append(table(["Metric", f"{plain(edition.playbook.company.name)}", "The question"], rows, "lrl"))
    if step.also_measured:
        parts.append("Also watched, not computed yet: " + "; ".join(plain(one) for one in step.also_measured) + ".")
    return "\n\n".join(parts) or "No metric yet. This step stands on the [status page](site:status)."


def _crm(step: Step) -> str:
    names = " ".join(f"`{name}`" for name in step.crm)
    if step.crm_probability is None:
        return names
    share = number(step.crm_probability, "percent")
    return f"{names}\n\nThe CRM shows a chance of winning of {share} by default. Nobody has calibrated it."


def _along(edition: Edition, place: int) -> str:
    def way(index: int) -> tuple[str, str] | None:
        steps = edition.playbook.steps
        return (f"steps/{steps[index].id}", f"{index + 1} {steps[index].name}") if 0 <= index < len(steps) else None

    return along("Along the funnel", way(place - 1), way(place + 1))
