"""The front matter of a play in plays/. The steps of the play are the text under it."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from onefunnel.playbook.base import Id, Model, Words
from onefunnel.playbook.knowledge import Slug


class AgendaItem(Model):
    """One part of a meeting."""

    minutes: int = Field(gt=0, description="How long it takes.")
    item: Words = Field(description="What is done, and by whom.")


class Measure(Model):
    """How we see whether the play works."""

    metric: Id = Field(description="The metric that should move.")
    arguments: dict[str, Any] = Field({}, description="Arguments of the metric that differ from metrics.yml.")
    reads: Words = Field(description="What to compare, and what would show that the play works.")


class Sheet(Model):
    """One table of a template, with a heading and a line of help."""

    heading: Words
    help: Words | None = Field(None, description="One or two sentences on how to fill it in.")
    columns: tuple[Words, ...] = Field(min_length=1)
    rows_from: Literal["steps", "metrics", "roles", "origins", "skills", "lines", "topics"] | None = Field(
        None, description="One row for each of these, by name; the first columns are filled in from the playbook."
    )
    rows: tuple[tuple[str, ...], ...] = Field((), description="Rows that are given, cell by cell.")
    empty_rows: int = Field(0, ge=0, description="Rows left empty to write in.")

    @model_validator(mode="after")
    def _rows_fit(self) -> Self:
        for row in self.rows:
            if len(row) > len(self.columns):
                raise ValueError(f"a row has {len(row)} cells but there are {len(self.columns)} columns. Drop cells.")
        return self


class Template(Model):
    """A file to download and fill in."""

    name: Words = Field(description="What the file is called on the page.")
    kind: Literal["docx", "xlsx", "csv"] = Field(
        description="docx to write on, xlsx to work in, csv for one plain table."
    )
    sheets: tuple[Sheet, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_plain_table(self) -> Self:
        if self.kind == "csv" and len(self.sheets) > 1:
            raise ValueError("a csv file holds one table. Keep one sheet, or make it an xlsx.")
        return self


class Play(Model):
    """One way of working together, written down."""

    id: Id = Field(description="The same as the file's name.")
    name: Words
    summary: Words = Field(description="One or two sentences: what it is and what it is good for.")
    when: Words = Field(description="The sign that you need it.")
    owner: Id = Field(description="The one role that sees to it that the play is run.")
    with_: tuple[Id, ...] = Field((), alias="with", description="Roles that take part.")
    cadence: Words = Field(description="How often, or what starts it.")
    minutes: int = Field(gt=0, description="How long one run takes.")
    steps: tuple[Id, ...] = Field((), description="Funnel steps that it helps.")
    metrics: tuple[Id, ...] = Field((), description="Other metrics to look at.")
    measure: Measure | None = Field(None, description="How we see whether it works, from the tables.")
    agenda: tuple[AgendaItem, ...] = Field((), description="The first meeting, part by part.")
    template: Template | None = None
    lesson: Slug | None = Field(None, description="The lesson that trains it, by its file name.")
    ideas: tuple[int, ...] = Field((), description="Numbers of the ideas that it puts into practice.")
    review_by: date = Field(description="The day by which the owner keeps, changes or drops it.")

    @model_validator(mode="after")
    def _agenda_fits(self) -> Self:
        total = sum(part.minutes for part in self.agenda)
        if total > self.minutes:
            raise ValueError(f"the agenda takes {total} minutes, but a run takes {self.minutes}. Make them agree.")
        return self
