"""The ride-along schedule with its dates, as the site's calculator makes it. Who rides where: `roles.rotation`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from onefunnel.metrics import roles

MOST_WEEKS = 104


def schedule(
    marketers: Sequence[str],
    territories: Sequence[str],
    weeks: int,
    start: str,
    weekday: int,
    working_days: Collection[int],
    holidays: Collection[str],
) -> dict[str, Any]:
    """Rides of every week from the first `weekday` (0 = Monday) on or after `start`: `rides`, or a `problem` in words.

    Names are trimmed and empty ones left out. A day on which the company does not work moves within its week: to the
    next working day, else to one before; a week without any keeps its day. Days are written 2026-05-18. One ride:
    `week` (from 1), `day`, `marketer`, `territory`.
    """
    marketers, territories = (
        [name.strip(" \t\r\n") for name in names if name.strip(" \t\r\n")] for names in (marketers, territories)
    )
    weeks = min(MOST_WEEKS, max(1, int(weeks)))
    try:
        first = date.fromisoformat(start)
    except ValueError:
        return {"problem": "Give the day from which on rides are planned."}
    try:
        plan = roles.rotation(marketers, territories, weeks)
    except ValueError as error:
        return {"problem": str(error)}
    first += timedelta(days=(weekday - first.weekday()) % 7)
    days = [_open_day(first + timedelta(weeks=week), working_days, holidays) for week in range(weeks)]
    rows = zip(plan["week"], plan["marketer"], plan["territory_id"], strict=True)
    return {
        "rides": [
            {"week": int(week), "day": days[week - 1], "marketer": who, "territory": where} for week, who, where in rows
        ]
    }


def _open_day(planned: date, working_days: Collection[int], holidays: Collection[str]) -> str:
    monday = planned - timedelta(days=planned.weekday())
    later = [planned + timedelta(days=ahead) for ahead in range(7 - planned.weekday())]
    before = [monday + timedelta(days=ahead) for ahead in reversed(range(planned.weekday()))]
    for day in (*later, *before):
        if day.weekday() in working_days and day.isoformat() not in holidays:
            return day.isoformat()
    return planned.isoformat()
