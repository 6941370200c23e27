"""mix.yml: the four P's of the company. Figures are named here and computed from the tables, never typed."""

from __future__ import annotations

from typing import Any

from pydantic import Field, field_validator

from onefunnel.playbook.base import Id, Model, PlaybookFile, Words, each_once
from onefunnel.playbook.knowledge import Slug


class InLine(Model):
    """What a part of the mix is in one line of business."""

    line: Id = Field(description="A business line id of company.yml.")
    is_: Words = Field(alias="is", description="What it is there, in one or two sentences without a number.")


class Figure(Model):
    """A number that shows how this part of the mix stands."""

    metric: Id = Field(description="A metric id of metrics.yml.")
    arguments: dict[str, Any] = Field({}, description="Arguments of the metric that differ from metrics.yml.")
    shows: Words = Field(description="What the number says about this part of the mix.")


class MixPart(Model):
    """One of the P's: what it is for the buyer, who answers for it, and what the other function does for it."""

    id: Id
    name: Words
    question: Words = Field(description="What the buyer asks.")
    means: Words = Field(description="What belongs to this part. A seller should find his own work in it.")
    owner: Id = Field(description="The one role that answers for it.")
    marketing_does: Words
    sales_does: Words
    say: Words = Field(description="What a seller can say to a buyer about it, in one or two sentences.")
    not_this: Words = Field(description="The mistake that is made with it most often.")
    in_lines: tuple[InLine, ...] = Field((), description="What it is in each line of business.")
    figures: tuple[Figure, ...] = Field((), description="Numbers that show how it stands.")
    lessons: tuple[Slug, ...] = Field((), description="Lessons that teach it, by their file names.")
    plays: tuple[Id, ...] = Field((), description="Plays that work on it.")

    @field_validator("in_lines")
    @classmethod
    def _each_line_once(cls, lines: tuple[InLine, ...]) -> tuple[InLine, ...]:
        each_once(one.line for one in lines)
        return lines

    @property
    def metric_ids(self) -> tuple[str, ...]:
        """The ids of its figures."""
        return tuple(figure.metric for figure in self.figures)


class MixFile(PlaybookFile):
    """mix.yml: product, place, price, promotion."""

    parts: tuple[MixPart, ...] = Field(min_length=1, description="In the order in which they are read.")
