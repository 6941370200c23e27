"""The lessons that teach this playbook, as a catalogue. Reading and answering them happens in Jupyter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from onefunnel.publish.page import Edition, Page
from onefunnel.publish.text import box, bullets, capital, plain

FOR = {"both": "for both functions", "seller": "for sales", "marketer": "for marketing", "route": "for route teams"}


def pages(edition: Edition) -> Iterator[Page]:
    """Yield the catalogue."""
    lessons = [lesson for lesson in edition.lessons if "title" in lesson]
    parts = [
        "Each lesson answers one question with your own numbers. You predict, you try, you see what changes.\n"
        "{: .of-lead }"
    ]
    if not lessons:
        parts.append("There is no lesson here yet.")
    for track, found in groupby(lessons, key=lambda lesson: lesson["track"]):
        cards = [_card(edition, lesson) for lesson in found]
        parts += [f"## {plain(capital(track.replace('-', ' ')))}", box("of-cards", *cards)]
    parts.append("To open a lesson, run `python kit.py learn` in the kit's folder.")
    yield Page(
        "lessons.md", "Lessons", "\n\n".join(parts), "The lessons that teach this playbook.", hide=("navigation", "toc")
    )


def taught(edition: Edition, kind: str, thing_id: str) -> str:
    """Return a section that names the lessons on a step or metric (`kind`: steps or metrics), or nothing."""
    return named(edition, [lesson["id"] for lesson in edition.lessons if thing_id in lesson.get(kind, ())])


def named(edition: Edition, lesson_ids: Sequence[str]) -> str:
    """Return a section with the lessons of these ids that there are, or nothing."""
    found = [lesson for wanted in lesson_ids for lesson in edition.lessons if lesson["id"] == wanted]
    if not found:
        return ""
    return "## Learn it\n\n" + bullets(f"{link(lesson)}, {lesson['minutes']} minutes" for lesson in found)


def link(lesson: dict[str, Any]) -> str:
    """A Markdown link to a lesson in the catalogue."""
    return f"[{plain(lesson['title'])}](site:lessons#{_anchor(lesson)})"


def _card(edition: Edition, lesson: dict[str, Any]) -> str:
    facts = [f"{lesson['minutes']} minutes", FOR.get(lesson["audience"], plain(lesson["audience"]))]
    if lesson.get("points"):
        facts.append(f"{lesson['points']} points")
    metrics = ", ".join(edition.metric(metric) for metric in lesson.get("metrics", ()))
    steps = ", ".join(edition.step(step) for step in lesson.get("steps", ()))
    return box(
        "of-card",
        f"### {plain(lesson['title'])} {{: #{_anchor(lesson)} }}",
        f"**{plain(lesson['question'])}**",
        " · ".join(facts) + "\n{: .of-small }",
        "Afterwards you can:",
        bullets(plain(one) for one in lesson.get("objectives", ())),
        *(f"{name}: {links}\n{{: .of-small }}" for name, links in (("Metrics", metrics), ("Steps", steps)) if links),
    )


def _anchor(lesson: dict[str, Any]) -> str:
    return "lesson-" + lesson["id"]
