"""What changed: the days on which the playbook's files last changed, and the kit's own changelog."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from onefunnel.publish.page import Edition, Page
from onefunnel.publish.text import NO_BREAK, capital, lead, plain, table

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
EDITED = date.max  # stands for “since the last commit”, which is newer than every day
NO_HISTORY = "This copy was made without its history, so it does not know when its parts last changed."


def pages(edition: Edition) -> Iterator[Page]:
    """Yield the one page."""
    days = sorted({day or EDITED for day in edition.changed.values()}, reverse=True)
    rows = [(_words(day), ", ".join(parts)) for day in days if (parts := _parts(edition, day))]
    parts = [
        lead("What is new, and how fresh each part is."),
        "## When each part last changed",
        table(["Last change", "Parts"], rows) if rows else NO_HISTORY,
    ]
    if edition.changelog:
        parts.append(_releases(edition.changelog))
    yield Page("changes.md", "What changed", "\n\n".join(parts), "What is new in the playbook, and when.")


def _words(day: date) -> str:
    return "Edited, not committed yet" if day == EDITED else f"{day.day} {day:%B %Y}".replace(" ", NO_BREAK)


def _parts(edition: Edition, day: date) -> list[str]:
    """Links to what last changed on a day: the playbook's files first, then the plays."""
    names = sorted(name for name, last in edition.changed.items() if (last or EDITED) == day)
    files = [name.removesuffix(".yml") for name in names if name.endswith(".yml") and "/" not in name]
    known = {play.id for play in edition.playbook.plays}
    plays = [name.removeprefix("plays/").removesuffix(".md") for name in names if name.startswith("plays/")]
    return [*(_file(stem) for stem in files), *(edition.play(play) for play in plays if play in known)]


def _file(stem: str) -> str:
    words, page = FILES.get(stem, (capital(stem.replace("_", " ")), ""))
    return f"[{plain(words)}](site:{page})" if page else plain(words)


def _releases(changelog: str) -> str:
    """The changelog's releases, newest first, one heading a release; without its own title and preface."""
    _, found, releases = changelog.replace("\r\n", "\n").partition("\n## ")
    words = f"## {releases}" if found else ""
    words = words.replace("{{", "{\u200b{")  # an entry may speak of tokens; here they stand for nothing
    words = re.sub(r"^## \[?Unreleased\]?", "## Not released yet", words, flags=re.MULTILINE)
    return re.sub(r"^## \[([^\]]+)\]", r"## \1", words, flags=re.MULTILINE)
