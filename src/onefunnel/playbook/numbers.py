"""metrics.yml: one number, its formula, its traps and how to say it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from onefunnel.playbook.base import Id, Model, PlaybookFile, Words

Dotted = Annotated[str, StringConstraints(pattern=r"^onefunnel\.metrics(\.[a-z_][a-z0-9_]*){2,}$")]
Unit = Literal["percent", "eur", "eur_per_day", "days", "hours", "points", "ratio", "count", "cases"]


class Say(Model):
    """The metric in the words of each function."""

    sales: Words
    marketing: Words


class DrivesPay(Model):
    """Whether anybody may be paid on it."""

    allowed: bool
    why: Words


class Trap(Model):
    """A wrong way to compute a metric that people really use."""

    id: Id
    name: Words = Field(description="Its short name.")
    wrong: Dotted = Field(description="The wrong formula: a function with the same arguments as `compute`.")
    why: Words = Field(description="What went wrong and the likely reason, in money or customers. Never the answer.")


class Metric(Model):
    """One number, its formula, its traps and how to say it."""

    id: Id
    name: Words
    question: Words = Field(description="The question that it answers.")
    formula: Words = Field(description="The formula in words.")
    compute: Dotted = Field(description="The function that computes it: onefunnel.metrics.….")
    inputs: tuple[Id, ...] = Field(
        description="What is passed to it, in order: tables, or as_of, steps, calendar, crm_probability."
    )
    arguments: dict[str, Any] = Field(default_factory=dict, description="What is passed by name.")
    unit: Unit
    direction: Literal["up", "down", "neither"] = Field(description="Which way is better.")
    owner: Id = Field(description="The role that answers for the number.")
    cadence: Literal["weekly", "monthly", "quarterly"]
    target: float | None = Field(None, description="In the raw number: a percentage as a fraction.")
    say: Say
    excludes: Words = Field(description="What is left out, and why.")
    drives_pay: DrivesPay
    traps: tuple[Trap, ...] = ()
    sources: tuple[Id, ...] = Field((), description="Evidence ids of evidence.yml.")
    review_by: date | None = Field(None, description="The day by which somebody checks it again.")

    def trap(self, trap_id: str) -> Trap:
        """Return one trap; KeyError if the metric has none of that id."""
        return {one.id: one for one in self.traps}[trap_id]


class MetricsFile(PlaybookFile):
    """metrics.yml: the metrics."""

    metrics: tuple[Metric, ...]
