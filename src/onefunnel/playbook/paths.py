"""paths.yml: in which order each side takes the lessons."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints, field_validator

from onefunnel.playbook.base import Id, Model, PlaybookFile, Words

LessonName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]


class Part(Model):
    """A few lessons that belong together in time."""

    name: Words = Field(description="What the learner reads above them.")
    when: Words = Field(description="When to take them, in words.")
    lessons: tuple[LessonName, ...] = Field(min_length=1, description="Names of lessons, in order.")


class LearningPath(Model):
    """One side's way through the lessons."""

    id: Id
    name: Words
    audience: Words = Field(description="Whom it is for: seller or marketer.")
    parts: tuple[Part, ...] = Field(min_length=1, description="In order.")

    @field_validator("parts")
    @classmethod
    def each_once(cls, parts: tuple[Part, ...]) -> tuple[Part, ...]:
        """A lesson stands once in a path."""
        lessons = [lesson for part in parts for lesson in part.lessons]
        twice = sorted({lesson for lesson in lessons if lessons.count(lesson) > 1})
        if twice:
            raise ValueError(f"{', '.join(twice)} stands twice in one path. Keep it once")
        return parts

    @property
    def lessons(self) -> tuple[str, ...]:
        """All lessons of the path, in order."""
        return tuple(lesson for part in self.parts for lesson in part.lessons)


class PathsFile(PlaybookFile):
    """paths.yml: the ways through the lessons."""

    paths: tuple[LearningPath, ...] = Field(min_length=1)
