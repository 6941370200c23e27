"""What the maturity check makes of the answers. Its script (site/assets/javascripts/maturity.js) holds the same
functions, and a test runs both on many random inputs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TypedDict

from onefunnel.playbook.maturity import NEXT


class Result(TypedDict):
    """Where the functions stand. Levels count from 0, the lowest."""

    answered: int
    level: int | None  # more than half of the topics have reached it; None until every topic is answered
    lowest: list[int]  # the topics to begin with, by number, lowest first; empty until every topic is answered


def score(answers: Sequence[int | None]) -> Result:
    """Return the level and the topics to begin with. `answers` has a level for each topic, or None.

    The level is the highest one that more than half of the topics have reached (the lower median), so that two good
    topics do not hide four bad ones. Of topics that stand equally low, the one that comes first goes first.
    """
    given = [answer for answer in answers if answer is not None]
    if not given or len(given) < len(answers):
        return {"answered": len(given), "level": None, "lowest": []}
    order = sorted(range(len(given)), key=lambda topic: (given[topic], topic))
    return {"answered": len(given), "level": sorted(given)[(len(given) - 1) // 2], "lowest": order[:NEXT]}


def starts(today: date, weeks: Sequence[int], working_days: Sequence[int], holidays: Sequence[date]) -> list[date]:
    """Return the day on which each play begins: so many weeks from today, or the first working day after that.

    `working_days` are numbers of weekdays, Monday 0. A calendar without working days moves nothing.
    """
    days = []
    for count in weeks:
        day = today + timedelta(weeks=count)
        while working_days and (day.weekday() not in working_days or day in holidays):
            day += timedelta(days=1)
        days.append(day)
    return days
