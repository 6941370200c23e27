"""The funnel calculator."""

from __future__ import annotations

from itertools import pairwise

from onefunnel.metrics import catalogue
from onefunnel.publish import calculators
from onefunnel.publish.page import Edition
from onefunnel.publish.pages.tools import form
from onefunnel.publish.pages.tools.words import amount
from onefunnel.publish.text import plain


def body(edition: Edition) -> form.Body:
    """What one better rate, or more people, would bring in customers."""
    inputs = ("leads", "stage_history", "as_of", "steps")
    start = catalogue.call("onefunnel.publish.starts.funnel", inputs, {}, edition.tables, edition.playbook)
    names = [edition.playbook.step(step_id).name for step_id in start["steps"]]
    people, rates = start["people"], start["rates"]
    before = calculators.funnel(people, rates)["before"]
    doors = [("-1", "none"), *((str(index), f"{a} → {b}") for index, (a, b) in enumerate(pairwise(names)))]
    company = plain(edition.playbook.company.name)
    return form.Body(
        name="funnel",
        lead=f"What would one better rate bring, and what would more leads bring? The form starts with {company}: of "
        f"{amount(people)} people who raised a hand at least a year before {edition.as_of}, "
        f"{before[-1] / people * 100:.1f} in a hundred became customers.",
        legend="Change one thing",
        fields=form.choice("door", "Raise this rate", doors)
        + form.number("points", "By how many points", 0, -100, 100, 1, "points")
        + form.number("more", "More people coming in", 0, -100, 1000, 5, "%"),
        summary=f"Today: {amount(before[-1])} customers from {amount(people)} people. Change something to see what it "
        "brings.",
        result=form.table(
            "People at each step, today and with your change",
            ("Step", "Go on to here", "Today", "Changed", "Difference"),
            [_row(index, names, rates, before) for index in range(len(names))],
            marks=["", *(f"door-{index}" for index in range(len(rates)))],
        ),
        data={"doors": len(rates)},
        how="""
At each step the people who arrive are multiplied by the share that goes on. Your change adds points to one rate, or
people at the start; everything else stays as it is. Real funnels are less polite: more people from a weaker source
convert less, so read “more people” as the best case.

The rates follow one group of people from the first raised hand, and a person who skipped a step counts as past it,
so the rates multiply to the whole. The metric pages count every opportunity, also those that sales found itself;
their figures can differ a little.
""",
    )


def _row(index: int, names: list[str], rates: list[float], before: list[float]) -> tuple[str, ...]:
    if index == 0:
        field = form.number("people", f"People who come in as {names[0]}", before[0], 0, 1e7, 100, "people", quiet=True)
    else:
        label = f"From {names[index - 1]} to {names[index]}"
        field = form.number(f"rate-{index - 1}", label, rates[index - 1] * 100, 0, 100, 0.1, "%", quiet=True)
    share = before[index] / before[0] if before[0] else 0.0
    return (
        form.attribute(names[index]),
        field,
        form.show(f"before-{index}", amount(before[index])) + form.bar(f"before-{index}", 0, share, "context"),
        form.show(f"after-{index}", amount(before[index])) + form.bar(f"after-{index}", 0, share),
        form.show(f"gap-{index}", "0"),
    )
