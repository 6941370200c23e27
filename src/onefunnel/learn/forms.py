"""Tests before and after the course: two forms, so that the gain is not the difficulty of one of them.

Half of all learners meet form A first and form B later, the other half the other way round. Which half somebody is in
depends on the learner id alone.
"""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, date, datetime, timedelta

from onefunnel.errors import Problem

TEST, RETEST = "test", "retest"
WAIT = timedelta(days=21)  # between the last lesson and the retest
TODAY = "ONEFUNNEL_TODAY"  # a day such as 2026-12-31 instead of the clock's, for tests


def form(learner: str, kind: str) -> int | None:
    """Return the form that a learner gets (0 = A, 1 = B), None for what is no test."""
    if kind not in (TEST, RETEST):
        return None
    first = hashlib.sha256(f"onefunnel-form:{learner}".encode()).digest()[0] % 2
    return first if kind == TEST else 1 - first


def today() -> date:
    """Return the day, by the clock or as the environment says. Raises Problem for what is no day."""
    said = os.environ.get(TODAY)
    try:
        return date.fromisoformat(said) if said else datetime.now(UTC).date()
    except ValueError:
        raise Problem(f"{TODAY} is {said!r}. Write a day such as 2026-12-31, or leave it out.") from None


def opens_on(last_lesson: date | None) -> date | None:
    """Return the day on which the retest opens; None where no lesson was done, so that there is nothing to wait for."""
    return last_lesson + WAIT if last_lesson else None
