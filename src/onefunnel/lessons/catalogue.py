"""What lessons there are, for `check`, the site and reports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from onefunnel.lessons import public
from onefunnel.lessons.build import read_all
from onefunnel.lessons.findings import errors
from onefunnel.lessons.lesson import Lesson

if TYPE_CHECKING:
    from onefunnel.playbook import Playbook


def lessons(folder: Path | None = None) -> list[dict[str, Any]]:
    """Return one record a lesson, in the order of tracks and names.

    Keys: id, track, title, audience, question, sittings, minutes, points, words, reading_grade, objectives, skills,
    metrics, steps, tables, ideas, playbook (page), story_sources, misconceptions, widgets, source (the file) and items
    [{id, type, title, points, skill, stretch}]. A lesson with mistakes in its front matter has only id, track, source.
    """
    found, _ = read_all(folder=folder)
    return [record(lesson) for lesson in found]


def fitting(playbook: Playbook, folder: Path | None = None) -> list[dict[str, Any]]:
    """Return the records of the lessons that have no mistake under this playbook: it has all that they name.

    Each has one more key, `parts`: what anybody may read; see `public.parts`.
    """
    found, findings = read_all(folder=folder, playbook=playbook)
    faulty = {one.file for one in errors(findings)}
    return [
        {**record(lesson), "parts": public.parts(lesson, playbook)}
        for lesson in found
        if lesson.source.name not in faulty
    ]


def record(lesson: Lesson) -> dict[str, Any]:
    """Return one lesson's record; see `lessons`."""
    base = {"id": lesson.slug, "track": lesson.source.track, "source": lesson.source.name}
    if lesson.front is None:
        return base
    front = lesson.front.model_dump(exclude={"slug", "track"})
    return {
        **base,
        **front,
        "points": lesson.points,
        "words": lesson.words,
        "reading_grade": lesson.reading_grade,
        "widgets": [name for cell in lesson.cells if (name := cell.tag("widget"))],
        "items": [_item(lesson, name) for name in lesson.asks],
    }


def _item(lesson: Lesson, name: str) -> dict[str, Any]:
    ask, check = lesson.asks[name], lesson.checks.get(name)
    return {
        "id": name,
        "type": ask.model.type,
        "title": ask.raw["title"],
        "points": (check.points or 0) if check else 0,
        "skill": check.skill if check else None,
        "stretch": ask.model.stretch,
    }
