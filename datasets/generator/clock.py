"""Working days and hours, on whole numbers (minutes or days since START, which is a Tuesday)."""

from __future__ import annotations

import numpy as np

from generator.dice import Dice

DAY = 24 * 60
OPENS, CLOSES = 9 * 60, 17 * 60
_START_WEEKDAY = 1  # Monday is 0


def weekday(day: np.ndarray) -> np.ndarray:
    """Monday 0 … Sunday 6."""
    return (day + _START_WEEKDAY) % 7


def snap_to_weekday(day: np.ndarray) -> np.ndarray:
    """Saturday and Sunday become the Monday after."""
    return day + np.maximum(7 - weekday(day), 0) * (weekday(day) >= 5)


def office_hours(minute: np.ndarray, dice: Dice) -> np.ndarray:
    """The same minute if people work then, else a moment in the first two hours of the next working day."""
    day, of_day = minute // DAY, minute % DAY
    late = of_day >= CLOSES
    day = np.where(late, day + 1, day)
    opened = late | (of_day < OPENS) | (weekday(day) >= 5)
    morning = OPENS + dice.whole(len(minute), 0, 119)
    return snap_to_weekday(day) * DAY + np.where(opened, morning, of_day)


def working_minutes_after(minute: np.ndarray, wait: np.ndarray) -> np.ndarray:
    """The moment when `wait` minutes of office hours have passed, Monday to Friday; holidays are worked here."""
    day, of_day = minute // DAY, minute % DAY
    length = CLOSES - OPENS
    resting = weekday(day) >= 5
    done = np.where(resting, 0, np.clip(of_day - OPENS, 0, length))
    total = done + wait
    days, rest = total // length, total % length
    start = snap_to_weekday(day)
    weeks, left = days // 5, days % 5
    ends = start + weeks * 7 + left
    ends = ends + 2 * (weekday(start) + left >= 5)
    return ends * DAY + OPENS + rest
