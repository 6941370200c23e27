"""The shape of a lesson's front matter. Faults are put into plain words by `onefunnel.playbook.plain`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]


LONGEST_SITTING = 35  # minutes


class Strict(BaseModel):
    """A model that refuses fields it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FrontMatter(Strict):
    """What a lesson says about itself. Without any field but the last two it does not build."""

    title: Text = Field(description="What the learner reads first; short.")
    slug: Slug = Field(description="The lesson's id, the same as the file's name.")
    track: Slug = Field(description="The same as the folder's name.")
    audience: Literal["both", "seller", "marketer", "route"] = Field(description="Whom it is for.")
    kind: Literal["lesson", "test", "retest"] = Field(
        "lesson", description="A test has two forms and no feedback; a retest asks the other form weeks later."
    )
    items_of: Slug | None = Field(None, description="A retest: the test whose questions it asks.")
    sittings: int = Field(1, ge=1, le=2, description="In how many sittings; two only where the work has two halves.")
    minutes: int = Field(ge=5, description="How long it takes in all; one sitting is at most 35.")
    question: Text = Field(description="The one driving question.")
    objectives: list[Text] = Field(min_length=1, max_length=4, description="What the learner can do afterwards.")
    key_points: list[Text] = Field(min_length=2, max_length=5, description="What to remember, in full sentences.")
    skills: list[Id] = Field(min_length=1, description="Ids of skills.yml.")
    tables: list[Id] = Field(default_factory=list, description="Tables of datasets/ that the lesson uses.")
    metrics: list[Id] = Field(default_factory=list, description="Ids of metrics.yml.")
    steps: list[Id] = Field(default_factory=list, description="Ids of funnel.yml.")
    ideas: list[int] = Field(min_length=1, description="Numbers of ideas.yml that it teaches.")
    playbook: Text = Field(description="The page to read on, such as metrics.win_rate or glossary.")
    misconceptions: dict[Id, Text] = Field({}, description="Misconception id: its plain name for the report.")
    story_sources: list[Id] = Field([], description="Ids of evidence.yml, or of articles in ideas.yml.")

    @field_validator("minutes")
    @classmethod
    def a_sitting_is_short(cls, minutes: int, found: ValidationInfo) -> int:
        """Nobody learns well for longer, and nobody finds the time between two customers."""
        if minutes > LONGEST_SITTING * found.data.get("sittings", 1):
            raise PydanticCustomError(
                "front",
                f"{minutes} is too long: one sitting is at most {LONGEST_SITTING} minutes. "
                "Shorten the lesson, or write `sittings: 2` where the work has two halves",
            )
        return minutes

    @model_validator(mode="after")
    def a_retest_names_its_test(self) -> FrontMatter:
        """Only a retest borrows questions, and it must say from where."""
        if (self.kind == "retest") != (self.items_of is not None):
            raise PydanticCustomError("front", "a retest, and only a retest, needs `items_of: NAME-OF-THE-TEST`")
        return self

    @model_validator(mode="after")
    def a_lesson_has_tables(self) -> FrontMatter:
        """Only a test may do without: its numbers stand in its questions."""
        if self.kind == "lesson" and not self.tables:
            raise PydanticCustomError("front", "a lesson needs at least one of the names in datasets/ in `tables`")
        return self
