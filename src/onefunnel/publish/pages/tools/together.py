"""Two calculators of working together: shared pay, and the ride-along schedule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from onefunnel.metrics import catalogue
from onefunnel.metrics.catalogue import NoFigure
from onefunnel.metrics.roles import WEEKS_A_QUARTER
from onefunnel.publish import calculators
from onefunnel.publish.page import Edition
from onefunnel.publish.pages.tools import form
from onefunnel.publish.pages.tools.words import money, percent, signed_money
from onefunnel.publish.schedule import MOST_WEEKS, schedule
from onefunnel.publish.text import plain

SIDES = ("marketing", "sales")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
RIDE_DAY = 2  # Wednesday, in the middle of the week
YEAR = 52


def pay(edition: Edition) -> form.Body:
    """Whose pay moves when part of it hangs on one shared number."""
    start = catalogue.call("onefunnel.publish.starts.pay", ("pay_trial",), {}, edition.tables, edition.playbook)
    symbol, company = edition.playbook.company.currency.symbol, edition.playbook.company.name
    given = {"variable": start["variable"], "own": [start["mqls"], start["margin"]], "shared": start["margin"]}
    result = calculators.shared_pay(**given, shared_share=0.0, gate_open=True)
    measures = ("Marketing's own number", "Sales' own number", "The shared number")
    pairs = [*given["own"], given["shared"]]
    reached = [
        (
            title,
            form.number(f"target-{at}", f"{title}, target", pairs[at][0], 0, 1e10, 10, quiet=True),
            form.number(f"actual-{at}", f"{title}, actual", pairs[at][1], 0, 1e10, 10, quiet=True),
            form.show(f"reached-{at}", percent(result["reached"][at])),
        )
        for at, title in enumerate(measures)
    ]
    gaps = [result["pay_eur"][at] - start["variable"][at] for at in (0, 1)]
    widest = max(abs(gap) for gap in gaps) or 1.0
    earned = [
        (
            side.capitalize(),
            form.show(f"own-{at}", money(result["own_eur"][at], symbol)),
            form.show(f"shared-{at}", money(result["shared_eur"][at], symbol)),
            form.show(f"pay-{at}", money(result["pay_eur"][at], symbol)),
            form.show(f"gap-{at}", signed_money(gaps[at], symbol)),
            form.bar(f"gap-{at}", *form.around_zero(gaps[at], widest), "wrong" if gaps[at] < 0 else "main"),
        )
        for at, side in enumerate(SIDES)
    ]
    limits = {name: percent(value, 0) for name, value in calculators.RULES["shared_pay"].items()}
    return form.Body(
        name="shared_pay",
        lead=f"Pay one side for leads and the other for margin, and both can be right while the firm loses. The form "
        f"starts with a mean quarter of {plain(company)}: marketing was paid on marketing-qualified leads. Targets are "
        "those of the year before, when margin counted.",
        legend="The plan",
        fields="\n".join(
            (
                form.number("shared", "Part of everybody's pay on the shared number", 0, 0, 100, 5, "%"),
                form.choice(
                    "gate",
                    "The service level for the shared part",
                    [("open", "is reached"), ("shut", "is missed")],
                    "open",
                ),
                *(
                    form.number(
                        f"variable-{at}",
                        f"Variable pay at 100 %, {side}",
                        start["variable"][at],
                        0,
                        1e7,
                        500,
                        f"{symbol} a year",
                    )
                    for at, side in enumerate(SIDES)
                ),
            )
        ),
        summary=pay_finding(gaps, symbol),
        result=form.table("What was to be reached, and what was", ("Number", "Target", "Actual", "Reached"), reached)
        + form.table(
            f"Variable pay of one person a year, {symbol}",
            (
                "One person in",
                "From its own number",
                "From the shared number",
                "Together",
                "Against 100 %",
                "More or less",
            ),
            earned,
        ),
        rules=calculators.RULES["shared_pay"],
        how=f"""
Own part = variable pay × (1 − shared part) × what the own number earns; shared part = variable pay × shared part ×
what the shared number earns. A number earns its actual ÷ target, nothing below {limits["floor"]}, and no more than
{limits["cap"]}. When the service level is missed, nobody gets the shared part.

The numbers are leads for marketing and gross margin in {symbol} for sales and for both together. The two amounts of
variable pay are an example: put in your own.
""",
    )


def pay_finding(gaps: Sequence[float], symbol: str) -> str:
    """Whose pay changes by how much against 100 %."""
    marketing, sales = (signed_money(gap, symbol) for gap in gaps)
    words = f"Against full pay at target, marketing gets {marketing} a person and sales {sales}."
    if gaps[0] * gaps[1] < 0:
        return f"{words} One side gains while the other loses."
    return words


def rotation(edition: Edition) -> form.Body:
    """Who rides with whom in which week, for a calendar and as a table."""
    territories = catalogue.call(
        "onefunnel.publish.starts.territories", ("territories",), {}, edition.tables, edition.playbook
    )
    company = edition.playbook.company.name
    marketers = [role.name for role in edition.playbook.roles if role.function == "marketing"][: len(territories)]
    if not marketers:
        raise NoFigure(reason="the playbook has no role in a function called marketing.")
    start = (edition.tables.as_of + timedelta(days=1)).date()
    weeks = YEAR if len(territories) >= WEEKS_A_QUARTER else len(territories)
    calendar = edition.playbook.company.calendar
    data = {
        "company": company,
        "working_days": [DAYS.index(one) for one in calendar.working_days],
        "holidays": [one.day.isoformat() for one in calendar.holidays],
        "most_weeks": MOST_WEEKS,
    }
    plan = schedule(marketers, territories, weeks, start.isoformat(), RIDE_DAY, data["working_days"], data["holidays"])
    if "problem" in plan:
        raise NoFigure(reason=plan["problem"])
    return form.Body(
        name="rotation",
        lead=f"All year round a marketer spends a day with a seller, and nobody rides twice in a territory within a "
        f"quarter. The form starts with {plain(company)}: its roles in marketing stand for people, so put in names. "
        + ("[The play tells how a ride goes](site:plays/ride_along_rotation)." if _has_play(edition) else ""),
        legend="Who rides, where, when",
        fields="\n".join(
            (
                form.lines("marketers", "Marketers, one a line", marketers),
                form.lines("territories", "Territories, one a line", territories),
                form.number("weeks", "For", weeks, 1, MOST_WEEKS, 1, "weeks"),
                form.day("start", "From this day on", start.isoformat()),
                form.choice(
                    "weekday", "Ride on", [(str(at), DAY_NAMES[at]) for at in data["working_days"]], str(RIDE_DAY)
                ),
            )
        ),
        summary=rotation_finding(plan["rides"], len(marketers), weeks),
        result=_schedule_table(plan["rides"], marketers),
        buttons='<label class="of-who">For <select data-who><option value="">everybody</option></select></label>\n'
        '<button type="button" class="md-button md-button--primary" data-file="ics">Calendar file (.ics)</button>\n'
        '<button type="button" class="md-button" data-file="csv">Table (.csv)</button>\n',
        data=data,
        rules=calculators.RULES["rotation"],
        files=("calendar",),
        how=f"""
In week w marketer number i rides in territory w + i × ⌊territories ÷ marketers⌋, counted in a circle. So no week is
empty, no two marketers share a car, and nobody comes back to a territory within a quarter ({WEEKS_A_QUARTER} weeks).
That needs at least as many territories as a quarter has weeks, and no more marketers than territories.

A day on which the company does not work moves within its week: to the next working day, or else to one before. The
calendar file holds whole-day entries; import it again after a change, and the same rides are not entered twice. Both
files are made in your browser: no name leaves your machine, unless you send the link, which holds them.
""",
    )


def _has_play(edition: Edition) -> bool:
    return any(play.id == "ride_along_rotation" for play in edition.playbook.plays)


def rotation_finding(rides: Sequence[dict], marketers: int, weeks: int) -> str:
    """How many rides, when, and that nobody comes back within a quarter."""
    first, last = (_day(rides[at]["day"]) for at in (0, -1))
    return (
        f"{len(rides):,} rides of {marketers} {'marketer' if marketers == 1 else 'marketers'} in {weeks} "
        f"{'week' if weeks == 1 else 'weeks'}, from {first} to {last}. No week is empty, and nobody rides twice in a "
        "territory within a quarter."
    )


def _day(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.day} {day:%B %Y}"


def _schedule_table(rides: Sequence[dict], marketers: Sequence[str]) -> str:
    rows: dict[tuple[int, str], list[str]] = {}
    for ride in rides:
        rows.setdefault((ride["week"], ride["day"]), []).append(ride["territory"])
    heads = "".join(f'<th scope="col">{form.attribute(name)}</th>' for name in ("Week", "Day", *marketers))
    body = "\n".join(
        f'<tr><th scope="row">{week}</th><td data-label="Day">{_day(day)}</td>'
        + "".join(
            f'<td data-label="{form.attribute(who)}">{form.attribute(where)}</td>'
            for who, where in zip(marketers, places, strict=True)
        )
        + "</tr>"
        for (week, day), places in rows.items()
    )
    return (
        '<div class="of-schedule" tabindex="0" role="region" aria-label="The schedule, week by week"><table>\n'
        f"<caption>Who rides where</caption>\n<thead><tr>{heads}</tr></thead>\n"
        f"<tbody>\n{body}\n</tbody>\n</table></div>"
    )
