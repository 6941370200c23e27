"""Numbers hang on the day up to which the tables tell, never on the clock of the machine."""

from __future__ import annotations

import re

import pytest

from onefunnel.home import home

# Rooms in which every number is made. Review dates, reminders and the time of an answer are none of theirs.
ROOMS = (
    "src/onefunnel/metrics",
    "src/onefunnel/data",
    "src/onefunnel/publish",
    "src/onefunnel/lessons",
    "datasets",
    "notebooks",
)
CLOCK = re.compile(
    r"\b(?:today|now|utcnow)\(|(?:datetime64|to_datetime|Timestamp)\(\s*[\"'](?:today|now)[\"']|time\.time\("
)


@pytest.mark.parametrize("room", ROOMS)
def test_no_number_asks_the_clock(room):
    """No source in the room asks what day it is."""
    found = [
        f"{path.relative_to(home().root)}:{number}: {line.strip()}"
        for path in sorted((home().root / room).rglob("*"))
        if path.suffix in (".py", ".md", ".yml")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if CLOCK.search(line)
    ]
    assert found == []


def test_the_search_finds_what_it_looks_for():
    """The usual ways to ask for the day are recognised; words that only look like it are not."""
    asking = ("date.today()", "pd.Timestamp.now()", "datetime.utcnow()", "np.datetime64('today')", "time.time()")
    assert all(CLOCK.search(one) for one in asking)
    assert not any(CLOCK.search(one) for one in ("today = 3", "known(", "since today", "right_now", "time.timezone"))
