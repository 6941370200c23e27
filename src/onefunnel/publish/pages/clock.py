"""The one page of rules by which every service-level clock runs, in words made from company.yml."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from onefunnel.publish.page import Edition, Page
from onefunnel.publish.text import bullets, plain, sentence, table

if TYPE_CHECKING:
    from onefunnel.playbook import Calendar, Service

DAYS = {"mon": "Mon", "tue": "Tue", "wed": "Wed", "thu": "Thu", "fri": "Fri", "sat": "Sat", "sun": "Sun"}


def pages(edition: Edition) -> Iterator[Page]:
    """Yield the one page."""
    company, clock = edition.playbook.company, edition.playbook.clock
    whose = "the account's" if clock.time_zone_of == "account" else f"the company's ({plain(company.time_zone)})"
    event = (
        "the moment of the event, not when somebody reads it"
        if clock.starts_at == "event_time"
        else "the moment it is read"
    )
    pause = clock.pause
    rules = [
        f"**Business time** is {working_time(company.calendar)}, in {whose} time zone.",
        f"**A clock starts** at {event}.",
        f"**It stops** only at this: {plain(clock.stops_at).rstrip('.')}. "
        f"An automatic reply {'stops it too' if clock.automatic_reply_stops else 'never stops it'}.",
        f"**It pauses** only while {plain(pause.only_while).rstrip('.')}"
        + (", with a date" if pause.needs_a_date else "")
        + f": at most {plain(pause.at_most.words)}, at most {_times(pause.at_most_times)}.",
        f"**Handing it to a colleague** {'restarts it' if clock.reassignment_restarts else 'does not restart it'}.",
        f"**A new qualifying act** after at least {plain(clock.recycling_restarts_after.words)} starts it again.",
        "**Sent back for missing data**: the clock moves to the sender, who has "
        f"{plain(clock.returned_for_missing_data.words)}.",
    ]
    told = [
        (f"{one.at_share_of_limit * 100:.0f} % of the limit", _who_is_told(edition, one.tell))
        for one in clock.escalation
    ]
    promises = [
        (edition.step(step), sentence(plain(one.what)), plain(limit(one)), sentence(plain(one.clock_starts)))
        for step in edition.playbook.steps
        for one in step.service
    ]
    holidays = [(f"{one.day.day} {one.day:%B %Y}", plain(one.name)) for one in company.calendar.holidays]
    body = f"""
One set of rules for every promise on time. They stand here once, so that no two teams measure differently.
{{: .of-lead }}

{bullets(rules)}

## Who is told when time is up

{table(["At", "Is told"], told)}

## How we report it

{sentence(plain(clock.report))}

## All promises

{table(["Step", "Promise", "Time limit", "The clock starts"], promises)}
"""
    if holidays:
        body += f"\n## Days off\n\nClocks stand still on these days.\n\n{table(['Day', 'Holiday'], holidays)}\n"
    yield Page(
        "steps/clock-rules.md", "Clock rules", body, "When a service-level clock starts, stops, pauses and restarts."
    )


def _times(most: int) -> str:
    return {1: "once", 2: "twice"}.get(most, f"{most} times")


def _who_is_told(edition: Edition, tell: str) -> str:
    if tell == "accountable_manager":
        return "the accountable person's manager"
    return edition.role(tell)


def limit(service: Service) -> str:
    """Return a promise's time limit in words, such as “within 4 business hours” or “120 days before”."""
    words = service.within.words
    return words if service.within.counted == "before" else f"within {words}"


def working_time(calendar: Calendar) -> str:
    """Return the working days and hours in words, such as “Mon to Fri, 9:00 to 17:00”."""
    days = [DAYS[day] for day in calendar.working_days]
    in_row = calendar.working_days == tuple(DAYS)[: len(days)] and len(days) > 2
    name = f"{days[0]} to {days[-1]}" if in_row else ", ".join(days)
    return f"{name}, {calendar.opens:%H:%M} to {calendar.closes:%H:%M}"
