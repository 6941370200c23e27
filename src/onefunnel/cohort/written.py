"""How a person reads the written answers of a cohort: the rubrics of its lessons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from onefunnel.home import home
from onefunnel.lessons import rubrics

if TYPE_CHECKING:
    from onefunnel.cohort.summary import Exercise


@dataclass(frozen=True)
class ToRead:
    """A written answer that a person reads: how it is read, and how many wait."""

    lesson: str
    exercise: Exercise
    rubric: rubrics.Written


def to_read(exercises: Iterable[Exercise]) -> Iterator[ToRead]:
    """Yield the written answers that have a rubric of the kit; a lesson of another course has none."""
    for one in exercises:
        rubric, _, _ = rubrics.load(home().grading / rubrics.FOLDER, one.lesson)
        if rubric and one.id in rubric.written:
            yield ToRead(one.lesson, one, rubric.written[one.id])
