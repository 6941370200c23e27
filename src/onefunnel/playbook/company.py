"""company.yml: who we are, when we work, the clock rules, and the closed lists that everybody shares."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from onefunnel.playbook.base import Model, Named, PlaybookFile, Within, Words

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[str, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Currency(Model):
    """The money that all tables and figures are in."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = Field(description="ISO 4217 code, such as EUR.")
    symbol: Words = Field(description="What stands before or after an amount, such as €.")


class SideExit(Named):
    """A way out of the funnel that is not a step."""

    reasons: tuple[Named, ...] = Field((), description="The closed list of reasons. There is no “other”.")


class Holiday(Model):
    """A day on which no business clock runs."""

    day: date
    name: Words


class Calendar(Model):
    """When the company is at work. Business hours and business days are counted with it, and only with it."""

    working_days: tuple[Weekday, ...] = Field(min_length=1, description="Days of the week on which clocks run.")
    opens: time = Field(description='Start of the business day, in quotes: "09:00".')
    closes: time = Field(description='End of the business day, in quotes: "17:00".')
    holidays: tuple[Holiday, ...] = Field((), description="Days off; clocks stand still.")

    @property
    def hours_a_day(self) -> float:
        """Business hours in one business day."""
        return (self.closes.hour - self.opens.hour) + (self.closes.minute - self.opens.minute) / 60

    @property
    def holiday_dates(self) -> tuple[date, ...]:
        """The days off, earliest first."""
        return tuple(sorted(holiday.day for holiday in self.holidays))

    def is_business_day(self, day: date) -> bool:
        """True on a working day that is no holiday."""
        return WEEKDAYS[day.weekday()] in self.working_days and day not in self.holiday_dates


class Pause(Model):
    """When a clock may stand still."""

    only_while: Words = Field(description="The one state that pauses a clock.")
    needs_a_date: bool = Field(description="Must the pause carry the date on which the buyer comes back?")
    at_most: Within = Field(description="The longest single pause.")
    at_most_times: int = Field(ge=0, description="How often one clock may be paused.")


class Escalation(Model):
    """Who is told when a limit is used up."""

    at_share_of_limit: float = Field(gt=0, description="1.0 = when the limit is reached, 2.0 = at twice the limit.")
    tell: Words = Field(
        description="Who is told: a role id, or accountable_manager (the accountable person's manager)."
    )


class ClockRules(Model):
    """The one set of rules by which every service-level clock runs."""

    time_zone_of: Literal["account", "company"] = Field(description="Whose business hours count.")
    starts_at: Literal["event_time", "read_time"] = Field(description="The time stamp that starts a clock.")
    stops_at: Words = Field(description="The only thing that stops a clock.")
    automatic_reply_stops: bool = Field(description="Does an automatic answer stop a clock?")
    pause: Pause
    reassignment_restarts: bool = Field(description="Does handing the work to a colleague start the clock again?")
    recycling_restarts_after: Within = Field(
        description="A new qualifying act after at least this long starts the clock again."
    )
    returned_for_missing_data: Within = Field(
        description="Work sent back for missing data: the clock moves to the sender, who has this long."
    )
    escalation: tuple[Escalation, ...] = Field(description="Who is told, in rising order.")
    report: Words = Field(description="How attainment is reported.")


class Links(Model):
    """Where readers go with a question."""

    repository: Words = Field(description="Where the playbook's files can be edited.")
    ask: Words = Field(description="Where people ask. {page} in it stands for the page they come from.")
    suggest: Words | None = Field(
        None, description="Where people propose a change; {page} as above. Without it: the repository."
    )
    site: Words | None = Field(
        None, description="Where the playbook's site is published. Without it, lessons link to the copy beside them."
    )


class Company(PlaybookFile):
    """company.yml: who we are, when we work, and the closed lists that everybody shares."""

    name: Words
    fictional: bool = Field(description="True for the sample company; the site then says so.")
    about: Words = Field(description="Two sentences on what the company does.")
    currency: Currency
    languages: tuple[Words, ...] = Field(min_length=1, description="Languages of our buyers, ours first.")
    time_zone: Words = Field(description="IANA name of the head office's time zone, such as Europe/Madrid.")
    business_lines: tuple[Named, ...] = Field(min_length=1, description="The lines of business, one sentence each.")
    data: Words = Field(description="The folder with the company's tables, seen from beside the playbooks folder.")
    links: Links
    functions: tuple[Named, ...] = Field(description="The functions that own steps.")
    phases: tuple[Named, ...] = Field(min_length=1, description="The funnel for people who want less, in order.")
    origins: tuple[Named, ...] = Field(description="The closed list of where an opportunity came from.")
    side_exits: tuple[SideExit, ...] = Field(description="Ways out that are not steps, with closed lists of reasons.")
    calendar: Calendar
    clock: ClockRules

    def side_exit(self, exit_id: str) -> SideExit:
        """Return one side exit, such as `rejected` or `lost`; KeyError if there is none of that id."""
        return {one.id: one for one in self.side_exits}[exit_id]
