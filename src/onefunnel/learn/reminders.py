"""Calendar entries for the three days of practice after the course, as an iCalendar file (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

FILE = "reminders.ics"
TITLE = "OneFunnel: three questions"
BODY = "Two minutes: python kit.py learn --today"


def calendar(learner: str, finished: date, after_days: Iterable[int]) -> str:
    """Return an all-day entry for each number of days after `finished`; the same input gives the same text.

    The ids stay the same from one file to the next, so that importing it twice moves entries and doubles none.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//OneFunnel//practice//EN"]
    for days in after_days:
        day = finished + timedelta(days=days)
        lines += [
            "BEGIN:VEVENT",
            f"UID:{learner.replace('@', '-at-')}-day-{days}@onefunnel.example.com",
            f"DTSTAMP:{finished:%Y%m%d}T000000Z",
            f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{TITLE}",
            f"DESCRIPTION:{BODY}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])
