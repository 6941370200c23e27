"""What all models of the playbook share: plain types, and refusal of unknown fields.

Every field has a description: the JSON Schemas in `playbooks/schema/` are made from these models, so an
editor shows it to the person who types. Unknown fields are refused (a typing mistake must not pass silently).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class Model(BaseModel):
    """Frozen, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class PlaybookFile(Model):
    """What every file of the playbook may say about itself."""

    schema_: str = Field(alias="$schema", description="The file's JSON Schema, for editors. Keep it as the first line.")
    review_by: date | None = Field(None, description="The day by which somebody reads this whole file again.")


class Named(Model):
    """One member of a closed list."""

    id: Id = Field(description="Short name in snake_case; tables and other files use it.")
    name: Words = Field(description="What people read.")
    meaning: Words | None = Field(None, description="One sentence that says when it applies.")


def each_once(names: Iterable[str]) -> None:
    """ValueError if a name stands twice; for lists in which every entry is about another thing."""
    listed = list(names)
    twice = sorted({name for name in listed if listed.count(name) > 1})
    if twice:
        raise ValueError(f"{', '.join(twice)} stands here twice. Keep it once")


class Within(Model):
    """A time limit."""

    amount: float = Field(gt=0, description="How many units.")
    unit: Literal["business_hours", "business_days", "days", "quarter"] = Field(description="What is counted.")
    counted: Literal["after", "before"] = Field(
        "after", description="“before” means: at least this long before the event that the clock refers to."
    )

    @property
    def words(self) -> str:
        """The limit as people say it, such as “4 business hours” or “120 days before”."""
        amount = f"{self.amount:g}"
        if self.unit == "quarter":
            text = "a quarter" if self.amount == 1 else f"{amount} quarters"
        else:
            unit = self.unit.replace("_", " ")
            text = f"{amount} {unit.removesuffix('s') if self.amount == 1 else unit}"
        return f"{text} before" if self.counted == "before" else text
