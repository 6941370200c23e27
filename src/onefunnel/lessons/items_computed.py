"""Items answered with a number or in words: predict, number, tiles, target, text."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from onefunnel.lessons.models import Id, Strict, Text
from onefunnel.lessons.specs import (
    OPERATORS,
    Call,
    Formula,
    Item,
    Options,
    Outcome,
    Slider,
    Unit,
    Value,
    Wrong,
    formula,
    named,
    unknown,
)


class Predict(Item):
    """A guess before seeing; shown beside the result at the end."""

    scored: ClassVar[bool] = False
    type: Literal["predict"]
    options: Options | None = None
    slider: Slider | None = None
    reveal: Text
    value: Value | None = None
    unit: Unit | None = None
    decimals: Annotated[int, Field(ge=0, le=4)] | None = None

    @model_validator(mode="after")
    def one_form(self) -> Predict:
        """Options or a slider."""
        if (self.options is None) == (self.slider is None):
            raise PydanticCustomError("item", "a predict needs either `options` or `slider`. Keep exactly one")
        return self


class Number(Item):
    """One box with a unit."""

    type: Literal["number"]
    unit: Unit
    decimals: Annotated[int, Field(ge=0, le=4)] = 1
    value: Value
    wrong: Wrong = Field(default_factory=list)

    def misconceptions(self, solution: dict[str, Any]) -> dict[str, tuple]:
        """The named wrong values."""
        return named(self.wrong)


class Token(Call):
    """One tile with a number behind it."""

    id: Id
    label: Text


class FunctionCall(Strict):
    """How a learner's function is called: `inputs` by position, `arguments` by keyword."""

    inputs: list[Id] = Field(default_factory=list)
    arguments: dict[Id, Any] = Field(default_factory=dict)


class Function(Strict):
    """The code twin of tiles, when it is a function."""

    name: Id
    calls: Annotated[list[FunctionCall], Field(min_length=1)]


class Tiles(Item):
    """Build a formula; evaluated on the own book and on a second one."""

    type: Literal["tiles"]
    unit: Unit
    decimals: Annotated[int, Field(ge=0, le=4)] = 1
    value: Value
    wrong: Wrong = Field(default_factory=list)
    tokens: Annotated[list[Token], Field(min_length=2)]
    wrong_formulas: dict[Id, Formula] = Field(default_factory=dict)
    function: Function | None = None

    def misconceptions(self, solution: dict[str, Any]) -> dict[str, tuple]:
        """The named wrong values and formulas."""
        return named(self.wrong) | {name: ("wrong_formulas", name) for name in self.wrong_formulas}

    def check_solution(self, solution: dict[str, Any]) -> list[str]:
        """One formula of known tiles."""
        if set(solution) != {"formula"} or not isinstance(solution["formula"], list):
            return ["tiles need `solution: {formula: [tile, …]}`."]
        known = [token.id for token in self.tokens]
        found = unknown([p for p in formula(solution["formula"]) if p not in OPERATORS], known, "tile")
        for name, parts in self.wrong_formulas.items():
            strangers = [p for p in parts if p not in OPERATORS]
            found += [f"wrong_formulas.{name}: " + s for s in unknown(strangers, known, "tile")]
        return found


class Target(Item):
    """Slide until a stated outcome holds."""

    type: Literal["target"]
    slider: Slider
    value: Value
    tolerance: Annotated[float, Field(gt=0)]
    outcome: Outcome
    wrong: Wrong = Field(default_factory=list)

    def misconceptions(self, solution: dict[str, Any]) -> dict[str, tuple]:
        """The named wrong values."""
        return named(self.wrong)

    def given(self, path: tuple) -> dict[str, Any]:
        """The slider's value goes into the outcome."""
        return {"at": 0.0} if path == ("outcome",) else {}


class Exemplar(Strict):
    """One answer to compare with."""

    level: Literal[1, 3]
    text: Text
    why: Text


class FreeText(Item):
    """A written answer the learner reviews; also the Monday line."""

    scored: ClassVar[bool] = False
    type: Literal["text"]
    max_words: Annotated[int, Field(ge=5, le=200)]
    exemplars: list[Exemplar] = Field(default_factory=list)
    rubric: list[Text] = Field(default_factory=list, max_length=4)
