"""How people read what no formula decides: `grading/rubrics/LESSON.yml`, checked against its lesson.

Each row of a written answer earns 0 to 3: 0 missing, 1 as in the level 1 example, 2 one fault, 3 as in the level 3
example. The answer's points are the sum of its rows, scaled to the points of the cell.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from onefunnel.lessons.findings import Finding, known_or_near
from onefunnel.lessons.items_chosen import BestWorst
from onefunnel.lessons.items_computed import Exemplar
from onefunnel.lessons.lesson import Lesson
from onefunnel.lessons.models import Id, Strict, Text
from onefunnel.playbook import reader
from onefunnel.playbook.plain import translate
from onefunnel.playbook.reader import Document

FOLDER = "rubrics"


class Row(Strict):
    """One thing that a reader looks for; a plain text is a row without examples."""

    id: Id | None = None
    asks: Text
    level_1: Text | None = None
    level_3: Text | None = None


def _row(written: Any) -> Any:
    return {"asks": written} if isinstance(written, str) else written


class Written(Strict):
    """How one written answer is read."""

    author: Text
    dated: date
    points: Annotated[int, Field(ge=0)]
    rows: Annotated[list[Annotated[Row, BeforeValidator(_row)]], Field(min_length=1, max_length=4)]
    exemplars: list[Exemplar]

    @model_validator(mode="after")
    def one_weak_and_one_strong(self) -> Written:
        """A reader compares with one weak and one strong answer."""
        if sorted(one.level for one in self.exemplars) != [1, 3]:
            raise PydanticCustomError("rubric", "needs one exemplar of level 1 and one of level 3")
        return self


class Key(Strict):
    """Who keyed a best-worst question, when, and how many practitioners agreed (0: provisional)."""

    author: Text
    dated: date
    practitioners: Annotated[int, Field(ge=0)]


class Rubric(Strict):
    """One lesson's file."""

    written: dict[str, Written] = Field(default_factory=dict)
    keys: dict[str, Key] = Field(default_factory=dict)


def load(folder: Path, slug: str) -> tuple[Rubric | None, Document, list[Finding]]:
    """Read one lesson's file: (its rubric, the document, what is wrong). No file at all is an empty rubric."""
    path, name = folder / f"{slug}.yml", f"grading/{folder.name}/{slug}.yml"
    if not path.is_file():
        return Rubric(), Document(name), []
    document = reader.read(path, name)
    if document.findings:
        return None, document, list(document.findings)
    try:
        return Rubric.model_validate(document.data or {}), document, []
    except ValidationError as error:
        return None, document, list(translate(error, Rubric, document))


def check(lessons: Iterable[Lesson], folder: Path, faulty: Collection[str] = ()) -> list[Finding]:
    """Return what is wrong with the rubrics of these lessons, which are all there are; [] without a folder.

    `faulty` names the source files of lessons with mistakes: what those ask is not known, so their rubrics wait.
    """
    if not folder.is_dir():
        return []
    found, known = [], []
    for lesson in lessons:
        known.append(lesson.slug)
        if lesson.source.name in faulty:
            continue
        rubric, document, faults = load(folder, lesson.slug)
        found += faults or _of_lesson(lesson, rubric, document)
    for path in sorted(folder.glob("*.yml")):
        if path.stem not in known:
            message = (
                f"there is no lesson of this name.{known_or_near(path.stem, known)} Rename the file, or delete it."
            )
            found.append(Finding(f"grading/{folder.name}/{path.name}", 0, "", message))
    return found


def _of_lesson(lesson: Lesson, rubric: Rubric, document: Document) -> list[Finding]:
    """Every written cell and every best-worst question has its entry, and every entry its question."""
    found: list[Finding] = []

    def say(path: tuple, where: str, message: str) -> None:
        found.append(Finding(document.name, document.line(path), where, message))

    # Any question's key may be a judgement, such as what sorts where; of a best-worst question it always is.
    keyed = [name for name, ask in lesson.asks.items() if isinstance(ask.model, BestWorst)]
    for field, needed, allowed, what in (
        ("written", list(lesson.written), list(lesson.written), "written cell"),
        ("keys", keyed, list(lesson.asks), "question"),
    ):
        entries = getattr(rubric, field)
        for name in needed:
            if name not in entries:
                say(
                    (field,), f"{field} {name}", f"is missing: the lesson has a {what} {name}. Add it under `{field}:`."
                )
        for name in entries:
            if name not in allowed:
                say((field, name), f"{field} {name}", f"the lesson has no {what} {name}.{known_or_near(name, allowed)}")
    for name, one in rubric.written.items():
        cell = lesson.written.get(name)
        if cell and cell.points is not None and cell.points != one.points:
            message = f"says {one.points} points, and the cell in the lesson says {cell.points}. Make them alike."
            say(("written", name, "points"), f"written {name}", message)
    return found
