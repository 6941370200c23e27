"""funnel.yml and roles.yml: the steps in order, each with exactly one accountable, and the roles."""

from __future__ import annotations

from typing import Any, Self

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from onefunnel.playbook.base import Id, Model, PlaybookFile, Within, Words, each_once


class Accountable(Model):
    """The one function and the one role that answer for a step."""

    function: Id = Field(description="A function id of company.yml, such as sales.")
    role: Id = Field(description="A role id of roles.yml that belongs to this function.")
    on_key_accounts: Id | None = Field(
        None, description="The role that takes over on key accounts, in the same function. Still one per deal."
    )


class Others(Model):
    """People who take part but have no page of their own."""

    responsible: tuple[Words, ...] = ()
    consulted: tuple[Words, ...] = ()
    informed: tuple[Words, ...] = ()


class Service(Model):
    """One promise on time. The rules for pausing and escalating stand once, in company.yml."""

    what: Words = Field(description="What is done within the limit.")
    within: Within
    clock_starts: Words = Field(description="The event that starts the clock.")
    clock_restarts: Words = Field("Never.", description="What starts it again, if anything.")
    clock_pauses: Words = Field("Never.", description="What pauses it, if anything.")


class StepInLine(Model):
    """The same step in another line of business: other words, the same id and the same owner."""

    line: Id = Field(description="A business line id of company.yml.")
    means: Words = Field(description="When an account stands in this step there.")


class Step(Model):
    """One step between a stranger and a renewed customer."""

    id: Id
    name: Words = Field(description="What people read; short.")
    phase: Id = Field(description="A phase id of company.yml.")
    buyer_does: Words = Field(description="What the buyer does in this step.")
    accountable: Accountable = Field(description="Exactly one function and one role.")
    responsible: tuple[Id, ...] = Field((), description="Role ids of those who do the work.")
    consulted: tuple[Id, ...] = Field((), description="Role ids of those who are asked before.")
    informed: tuple[Id, ...] = Field((), description="Role ids of those who are told after.")
    others: Others = Field(default_factory=Others, description="Taking part without a role page, in words.")
    entry: Words = Field(description="What must be true to enter. Two people must sort five cases the same way.")
    exit: Words = Field(description="What must be true to leave.")
    service: tuple[Service, ...] = Field(min_length=1, description="The promises on time.")
    metrics: tuple[Id, ...] = Field((), description="Metric ids of metrics.yml.")
    also_measured: tuple[Words, ...] = Field((), description="Measures in words that metrics.yml does not compute yet.")
    hazards: tuple[Words, ...] = Field(min_length=1, description="What goes wrong here.")
    in_lines: tuple[StepInLine, ...] = Field((), description="What the same step is in other lines of business.")
    crm: tuple[Words, ...] = Field(min_length=1, description="What the step is called in the CRM.")
    crm_probability: float | None = Field(
        None, ge=0, le=1, description="The chance of winning that the CRM shows by default. Nobody calibrated it."
    )
    sources: tuple[Id, ...] = Field((), description="Evidence ids of evidence.yml.")

    @field_validator("in_lines")
    @classmethod
    def _each_line_once(cls, lines: tuple[StepInLine, ...]) -> tuple[StepInLine, ...]:
        each_once(one.line for one in lines)
        return lines

    @field_validator("accountable", mode="before")
    @classmethod
    def _exactly_one(cls, value: Any) -> Any:
        """A list is read, so that the message can name the two who were given."""
        if not isinstance(value, list):
            return value
        if len(value) == 1:
            return value[0]
        if not value:
            raise PydanticCustomError("accountable", "nobody is accountable. Name exactly one function and one role.")
        named = [one if isinstance(one, dict) else {} for one in value]
        functions = list(dict.fromkeys(str(one.get("function", "?")) for one in named))
        names, kind = (
            (functions, "functions") if len(functions) > 1 else ([str(o.get("role", "?")) for o in named], "roles")
        )
        count = "two" if len(value) == 2 else str(len(value))
        raise PydanticCustomError("accountable", f"{count} accountable {kind} ({', '.join(names)}). Keep exactly one.")


class FunnelFile(PlaybookFile):
    """funnel.yml: the steps, in order."""

    steps: tuple[Step, ...] = Field(min_length=1, description="From search to purchase and on to renewal.")


class MeasuredBy(Model):
    """By which numbers the role's work is seen."""

    metrics: tuple[Id, ...] = Field((), description="Metric ids of metrics.yml.")
    words: tuple[Words, ...] = Field((), description="Measures that metrics.yml does not compute yet.")


class Role(Model):
    """One page about one role. Which steps it answers for stands in funnel.yml alone."""

    id: Id
    name: Words
    function: Id = Field(description="A function id of company.yml.")
    summary: Words = Field(description="One or two sentences: why the role exists.")
    accountable_for: tuple[Words, ...] = Field((), description="What it answers for besides steps.")
    decides: tuple[Words, ...] = Field(min_length=1, description="What it decides without asking.")
    asks: tuple[Words, ...] = Field(min_length=1, description="What it needs from the other function.")
    measured_by: MeasuredBy
    good_week: Words = Field(description="What a good week looks like, in two or three sentences.")
    escalates: Words = Field(description="When it asks for help, and whom.")


class Decision(Model):
    """One decision that touches both functions, and who takes it."""

    id: Id
    name: Words
    question: Words = Field(description="What is decided, as a question.")
    decides: tuple[Id, ...] = Field(min_length=1, description="One role id, or those who decide it together.")
    tie: Id | None = Field(None, description="The role that decides if those who decide together do not agree.")
    asks: tuple[Id, ...] = Field((), description="Role ids of those who are heard before.")
    tells: tuple[Id, ...] = Field((), description="Role ids of those who are told after.")
    when: Words = Field(description="How often it is taken, or what starts it.")
    within: Within | None = Field(None, description="The time in which it is taken, if there is a limit.")
    rule: Words = Field(description="What the decision goes by, and what happens without one.")
    metrics: tuple[Id, ...] = Field((), description="Metric ids of the numbers on the table.")
    plays: tuple[Id, ...] = Field((), description="Ids of plays in plays/ by which it is taken.")

    @model_validator(mode="after")
    def _someone_breaks_a_tie(self) -> Self:
        if len(self.decides) > 1 and self.tie is None:
            raise ValueError("several roles decide together. Name in `tie` who decides if they do not agree")
        if self.tie in self.decides:
            raise ValueError("who decides cannot also break the tie. Name a role above them in `tie`")
        return self


class RolesFile(PlaybookFile):
    """roles.yml: the roles, and the decisions that more than one of them cares about."""

    roles: tuple[Role, ...] = Field(min_length=1)
    decisions: tuple[Decision, ...] = Field((), description="Who decides what, where both functions are touched.")
