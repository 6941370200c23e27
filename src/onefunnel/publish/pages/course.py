"""The course: the catalogue of all lessons, and each lesson as a page to read. Answering happens in Jupyter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from onefunnel.publish.page import Edition, Page
from onefunnel.publish.text import attribute, box, bullets, capital, facts, lead, plain, small

AUDIENCES = {"both": "Both functions", "seller": "Sales", "marketer": "Marketing", "route": "Route teams"}


def pages(edition: Edition) -> Iterator[Page]:
    """Yield the catalogue and one page a lesson."""
    lessons = [lesson for lesson in edition.lessons if "title" in lesson]
    yield _catalogue(edition, lessons)
    for place, lesson in enumerate(lessons):
        before = lessons[place - 1] if place else None
        after = lessons[place + 1] if place + 1 < len(lessons) else None
        yield _lesson(edition, lesson, before, after)


def track(lesson: dict[str, Any]) -> str:
    """The name of a lesson's track, in words."""
    return capital(lesson["track"].replace("-", " "))


def _catalogue(edition: Edition, lessons: list[dict[str, Any]]) -> Page:
    parts = [
        lead("Each lesson answers one question with your own numbers. You predict, you try, you see what changes.")
    ]
    if not lessons:
        parts.append("There is no lesson here yet.")
    for name, found in groupby(lessons, key=track):
        cards = [_card(edition, lesson) for lesson in found]
        parts += [f"## {plain(name)}", box("of-cards", *cards)]
    parts.append("To open a lesson, run `python kit.py learn` in the kit's folder.")
    return Page(
        "lessons.md",
        "Lessons",
        "\n\n".join(parts),
        "The lessons that teach this playbook.",
        hide=("navigation", "toc"),
        nav_title="All lessons",
    )


def taught(edition: Edition, kind: str, thing_id: str) -> str:
    """Return a section that names the lessons on a step or metric (`kind`: steps or metrics), or nothing."""
    return named(edition, [lesson["id"] for lesson in edition.lessons if thing_id in lesson.get(kind, ())])


def named(edition: Edition, lesson_ids: Sequence[str]) -> str:
    """Return a section with the lessons of these ids that there are, or nothing."""
    found = [lesson for wanted in lesson_ids for lesson in edition.lessons if lesson["id"] == wanted]
    if not found:
        return ""
    return "## Learn it\n\n" + bullets(f"{link(lesson)}, {_how_long(lesson)}" for lesson in found)


def link(lesson: dict[str, Any]) -> str:
    """A Markdown link to a lesson's page."""
    return f"[{plain(lesson['title'])}](site:lessons/{lesson['id']})"


def _how_long(lesson: dict[str, Any]) -> str:
    minutes = f"{lesson['minutes']} minutes"
    return minutes if lesson["sittings"] == 1 else f"{minutes} in {lesson['sittings']} sittings"


def _card(edition: Edition, lesson: dict[str, Any]) -> str:
    return box(
        "of-card",
        f"### {link(lesson)} {{: #lesson-{lesson['id']} }}",
        f"**{plain(lesson['question'])}**",
        small(_size(lesson)),
        "Afterwards you can:",
        bullets(plain(one) for one in lesson["objectives"]),
    )


def _size(lesson: dict[str, Any]) -> str:
    words = [_how_long(lesson), f"for {AUDIENCES[lesson['audience']].lower()}"]
    if lesson.get("points"):
        words.append(f"{lesson['points']} points")
    return " · ".join(words)


# --- one lesson ----------------------------------------------------------------------------------------------------


def _lesson(edition: Edition, lesson: dict[str, Any], before: dict | None, after: dict | None) -> Page:
    sections = [
        f"{plain(track(lesson))} · {_size(lesson)}\n{{: .of-eyebrow }}",
        lead(plain(lesson["question"])),
        box("of-card", "**Afterwards you can**", bullets(plain(one) for one in lesson["objectives"])),
        small(
            "This page is for reading. In the lesson itself you answer with your own numbers and learn at once why an "
            f"answer is right or wrong: run `python kit.py learn {lesson['id']}` in the kit's folder."
        ),
        *([] if lesson["parts"] else ["The questions of a test are asked in the test, and nowhere else."]),
        *(SHOWN[part["kind"]](edition, part) for part in lesson["parts"]),
        _goes_with(edition, lesson),
        _along(before, after),
    ]
    return Page(
        f"lessons/{lesson['id']}.md",
        lesson["title"],
        "\n\n".join(sections),
        lesson["question"],
        (AUDIENCES[lesson["audience"]],),
    )


def _prose(edition: Edition, part: dict[str, Any]) -> str:
    return _to_pages(edition, part["text"])


def _exploration(_: Edition, part: dict[str, Any]) -> str:
    return box("of-exploration", f"**To try.** {plain(part['about'])}")


def _written(_: Edition, part: dict[str, Any]) -> str:
    return box("of-question", small(f"You answer in writing. A person reads it. {part['points']} points."))


def _question(edition: Edition, part: dict[str, Any]) -> str:
    notes = [plain(part["how"])]
    if part["code"]:
        notes.append("You may write code instead; it earns the same.")
    if part["stretch"]:
        notes.append("For those who want more.")
    if part["points"]:
        notes.append(f"{part['points']} points.")
    lists = [_choices(name, choices) for name, choices in part["lists"]]
    return box(
        "of-question",
        f'<p class="of-question__title"><span>{attribute(part["id"])}</span> {attribute(part["title"])}</p>',
        _to_pages(edition, part["prompt"]),
        *lists,
        small(" ".join(notes)),
    )


def _choices(name: str, choices: list[str]) -> str:
    items = "".join(f"<li>{attribute(one)}</li>" for one in choices)
    return f'<p class="of-choices-name">{attribute(name)}</p>\n<ul class="of-choices">{items}</ul>'


SHOWN = {"prose": _prose, "exploration": _exploration, "written": _written, "question": _question}


def _to_pages(edition: Edition, text: str) -> str:
    """Lead a lesson's links to the playbook to the pages of this very site."""
    base = re.escape((edition.playbook.company.links.site or "../site").rstrip("/"))
    return re.sub(
        rf"\]\({base}/(?P<page>[\w/-]+?)(?:/index)?\.html(?P<place>#[\w-]+)?\)", r"](site:\g<page>\g<place>)", text
    )


def _goes_with(edition: Edition, lesson: dict[str, Any]) -> str:
    """Where to read on: the playbook's pages that this lesson teaches, and those that send people to it."""
    playbook = edition.playbook
    taught_here = {*lesson["metrics"], *lesson["steps"]}
    cards = {card.id for card in playbook.evidence}
    rows = [
        ("Steps", [edition.step(one) for one in lesson["steps"]]),
        ("Metrics", [edition.metric(one) for one in lesson["metrics"]]),
        ("Plays", [edition.play(one) for one in playbook.plays if one.lesson == lesson["id"]]),
        ("Words", [edition.term(one) for one in playbook.glossary if {one.metric, one.step} & taught_here]),
        ("Evidence", [edition.evidence(one) for one in lesson["story_sources"] if one in cards]),
    ]
    return "## In the playbook\n\n" + facts((name, ", ".join(links)) for name, links in rows if links)


def _along(before: dict[str, Any] | None, after: dict[str, Any] | None) -> str:
    links = []
    for kind, word, lesson in (("of-along__back", "Before", before), ("of-along__on", "Next", after)):
        if lesson:
            name = attribute(lesson["title"])
            links.append(f'<a class="{kind}" href="site:lessons/{lesson["id"]}"><small>{word}</small>{name}</a>')
    return f'<nav class="of-along" aria-label="Along the course" data-search-exclude>{"".join(links)}</nav>'
