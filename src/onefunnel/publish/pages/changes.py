"""What changed: the days on which the playbook's files last changed, and the kit's own changelog."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from onefunnel.publish.page import Edition, Page
from onefunnel.publish.text import capital, lead, plain, table

# What stands in a file of the truth, and the page that shows it.
FILES = {
    "company": ("The company: functions, phases, calendar, origins", "about"),
    "funnel": ("The funnel's steps", "steps"),
    "metrics": ("The metrics", "metrics"),
    "roles": ("The roles", "roles"),
    "glossary": ("The glossary", "glossary"),
    "evidence": ("The evidence cards", "evidence"),
    "ideas": ("The ideas", "ideas"),
    "skills": ("The skills that lessons train", "lessons"),
    "paths": ("The order of the lessons", "lessons"),
}
NO_HISTORY = "This copy was made without its history, so it does not know when its parts last changed."


def pages(edition: Edition) -> Iterator[Page]:
    """Yield the one page."""
    rows = [row for name, day in _by_day(edition) if (row := _row(edition, name, day))]
    parts = [
        lead("What is new, and how fresh each part is."),
        "## When each part last changed",
        table(["Last change", "Part"], rows) if rows else NO_HISTORY,
    ]
    if edition.changelog:
        parts.append(_releases(edition.changelog))
    yield Page("changes.md", "What changed", "\n\n".join(parts), "What is new in the playbook, and when.")


def _by_day(edition: Edition) -> list[tuple[str, date | None]]:
    """The newest first; what was edited and not committed is newer than everything."""
    return sorted(edition.changed.items(), key=lambda one: (-(one[1] or date.max).toordinal(), one[0]))


def _row(edition: Edition, name: str, day: date | None) -> tuple[str, str] | None:
    folder, _, rest = name.rpartition("/")
    stem, _, kind = rest.rpartition(".")
    when = f"{day.day} {day:%B %Y}" if day else "edited, not committed yet"
    if folder == "plays" and stem in {play.id for play in edition.playbook.plays}:
        return when, f"The play {edition.play(stem)}"
    if folder or kind != "yml":
        return None
    words, page = FILES.get(stem, (capital(stem.replace("_", " ")), ""))
    return when, f"[{plain(words)}](site:{page})" if page else plain(words)


def _releases(changelog: str) -> str:
    """The changelog's releases, newest first, one heading a release; without its own title and preface."""
    _, found, releases = changelog.replace("\r\n", "\n").partition("\n## ")
    words = f"## {releases}" if found else ""
    words = words.replace("{{", "{\u200b{")  # an entry may speak of tokens; here they stand for nothing
    words = re.sub(r"^## \[?Unreleased\]?", "## Not released yet", words, flags=re.MULTILINE)
    return re.sub(r"^## \[([^\]]+)\]", r"## \1", words, flags=re.MULTILINE)
