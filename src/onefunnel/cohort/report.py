"""The report: one self-contained HTML page that a lead reads, prints and acts on."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import jinja2

from onefunnel.cohort.course import Cohort
from onefunnel.cohort.summary import FEWEST, Exercise, Standing, Summary, summarise

HARD = 0.6  # below this share of full points, a question deserves a talk


def write_report(cohort: Cohort) -> Path:
    """Write `report/index.html` of a cohort and return its path."""
    page = cohort.folder / "report" / "index.html"
    page.parent.mkdir(exist_ok=True)
    beside = page.with_name(".index.html.part")
    beside.write_text(render(summarise(cohort)), encoding="utf-8", newline="\n")
    beside.replace(page)
    return page


def render(summary: Summary) -> str:
    """Return the page; every name and text is escaped."""
    loader = jinja2.PackageLoader("onefunnel.cohort", "")
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["percent"] = percent
    environment.filters["points"] = lambda value: f"{value:.1f}".rstrip("0").rstrip(".")
    learners = sorted(summary.cohort.learners, key=lambda one: (not summary.passed(one.id), one.name.casefold()))
    return environment.get_template("report.html.j2").render(
        summary=summary,
        cohort=summary.cohort,
        learners=learners,
        passed=[one for one in learners if summary.passed(one.id)],
        trouble=list(trouble(summary)),
        late=[one for one in _all(summary) if one.late],
        mondays=[one for one in _all(summary) if one.monday],
        name={one.id: one.name for one in learners},
        hardest=hardest(summary),
        steps=list(next_steps(summary)),
        fewest=FEWEST,
        attempts=any(one.tried for one in summary.exercises),
    )


def percent(share: float | None) -> str:
    """Show a share as whole per cent, never rounded up: 79.6 is no 80. A dash where there is none."""
    return "–" if share is None else f"{math.floor(share * 100 + 1e-9)}%"


def hardest(summary: Summary) -> Exercise | None:
    """Return the question that the fewest got right, None before anybody is graded. Tests teach nothing: left out."""
    decided = [one for one in summary.exercises if one.share_right is not None and one.lesson not in summary.tests]
    return min(decided, key=lambda one: (one.share_right, one.lesson, one.id)) if decided else None


def trouble(summary: Summary) -> Iterator[Standing]:
    """Yield the submissions that have no score and want a person; a refused file once, not once a lesson."""
    for standings in summary.standings.values():
        refused: set[str] = set()
        for one in standings.values():
            if not one.scored and one.sentence not in refused and one.outcome != "not_handed_in":
                refused.add(one.sentence)
                yield one


def next_steps(summary: Summary) -> Iterator[str]:
    """Yield what to do next, most urgent first, each a full sentence."""
    name = {one.id: one.name for one in summary.cohort.learners}
    again = [one for one in trouble(summary) if one.outcome != "wrong_book"]
    if again:
        who = _join(sorted({name[one.learner] for one in again}))
        yield f"Ask for a new file from {who}; the reason stands in the table below."
    for one in trouble(summary):
        if one.outcome == "wrong_book":
            lesson = summary.titles[one.lesson]
            yield f"Talk with {name[one.learner]}: the answers in “{lesson}” belong to another learner's book."
    for record in summary.strangers:
        yield f"Find out who “{record.learner}” is: {record.for_lead}"
    absent = [
        who
        for who, lessons in summary.standings.items()
        if all(one.outcome == "not_handed_in" for one in lessons.values())
    ]
    if absent:
        yield f"Remind {_join(sorted(name[who] for who in absent))}: nothing has come in yet."
    waiting = sum(one.waiting for one in _all(summary))
    if waiting:
        yield (
            f"Read {waiting} written answer{'s' if waiting != 1 else ''} in formgrader "
            "(jupyter lab in this folder, then Nbgrader > Formgrader), then write feedback and report again."
            f"{' How to read them stands below.' if summary.rubrics else ''}"
        )
    hard = hardest(summary)
    if hard and hard.share_right < HARD:
        yield (
            f"Talk about “{hard.title}” ({summary.titles[hard.lesson]}) with the group: "
            f"{hard.right} of {hard.answered} got it fully right."
        )
    if summary.misconceptions:
        common = summary.misconceptions[0]
        yield f"Clear up “{common.name}” ({common.exercise}), seen at {common.learners} learners: {common.why}"


def _all(summary: Summary) -> list[Standing]:
    return [one for lessons in summary.standings.values() for one in lessons.values()]


def _join(names: list[str]) -> str:
    return ", ".join(names[:-1]) + f" and {names[-1]}" if len(names) > 1 else names[0]
