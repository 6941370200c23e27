"""maturity.yml: how two functions find out how well they work together, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from onefunnel.playbook.base import Id, Model, Named, PlaybookFile, Words
from onefunnel.playbook.findings import Finding
from onefunnel.playbook.plain import finding
from onefunnel.playbook.rules import NOTHING, Documents, select

NEXT = 3  # so many plays come out of the check


class Stand(Model):
    """One answer to a question: how it is with us, and what would take us one level up."""

    is_: Words = Field(alias="is", description="What one would see, in one short sentence.")
    play: Id = Field(description="The play to run from here.")


class Topic(Model):
    """One question, with one answer for each level."""

    id: Id
    name: Words = Field(description="Two or three words.")
    question: Words
    answers: tuple[Stand, ...] = Field(description="One for each level, lowest first.")


class Maturity(PlaybookFile):
    """maturity.yml: the levels, the questions, and when the plays begin."""

    levels: tuple[Named, ...] = Field(min_length=2, description="Lowest first.")
    topics: tuple[Topic, ...] = Field(
        min_length=NEXT, description="The questions. Of two that stand equally low, the first one goes first."
    )
    start_after_weeks: tuple[int, ...] = Field(
        min_length=NEXT, max_length=NEXT, description="When the plays begin, in weeks from the day of the check."
    )


def fits(documents: Documents) -> Iterator[Finding]:
    """Each topic has one answer a level, its plays are its own (so that the three always differ), and time runs on."""
    document = documents.get("maturity", NOTHING)
    levels = len(list(select(document, "levels/*")))
    owners: dict[str, str] = {}
    for path, topic in select(document, "topics/*"):
        answers = list(select(document, "topics/*/answers/*/play"))
        mine = [(place, play) for place, play in answers if place[:2] == path]
        topic_id = topic.get("id") if isinstance(topic, dict) else ""
        count = len(document.at((*path, "answers")) or ())
        if count != levels:
            message = f"{count} answers, but there are {levels} levels. Give one answer for each level, lowest first."
            yield finding(document, (*path, "answers"), message)
        for place, play in mine:
            if owners.setdefault(play, topic_id) != topic_id:
                message = f'play "{play}" already stands in topic "{owners[play]}". Name another play in one of them.'
                yield finding(document, place, message)
    weeks = [value for _, value in select(document, "start_after_weeks/*")]
    if all(isinstance(week, int) for week in weeks) and (weeks != sorted(set(weeks)) or min(weeks, default=1) < 1):
        yield finding(document, ("start_after_weeks",), "the weeks must rise, from 1 or more. Mend the numbers.")
