"""What item types share: computed values, options, sliders, and the fields that every item has."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, StringConstraints, TypeAdapter, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from onefunnel.lessons.findings import known_or_near
from onefunnel.lessons.models import Id, Strict, Text

Unit = Literal["percent", "eur", "eur_per_day", "days", "weeks", "hours", "minutes", "ratio", "count", "cases"]
Dotted = Annotated[str, StringConstraints(pattern=r"^onefunnel\.metrics(\.[a-z_][a-z0-9_]*){2,}$")]
MINUS, TIMES, OVER = "−", "×", "÷"
OPERATORS = frozenset({"+", MINUS, TIMES, OVER, "(", ")", "1"})
_TYPED = {"-": MINUS, "–": MINUS, "*": TIMES, "x": TIMES, "/": OVER, ":": OVER}


class Call(Strict):
    """A function of tables: `compute` names it, `inputs` go in by position, `arguments` by keyword."""

    compute: Dotted = Field(description="A function's full path: onefunnel.metrics.….")
    inputs: list[Id] = Field(
        default_factory=list, description="Tables, or as_of, steps, calendar, crm_probability; in order."
    )
    arguments: dict[Id, Any] = Field(default_factory=dict, description="What goes in by name.")


class CallOn(Call):
    """A call that says which tables it reads."""

    on: Literal["book", "company", "demo"] = "book"


class Value(Strict):
    """A computed value: a metric of the playbook, or any call."""

    metric: Id | None = None
    compute: Dotted | None = None
    inputs: list[Id] = Field(default_factory=list)
    arguments: dict[Id, Any] = Field(default_factory=dict)
    on: Literal["book", "company", "demo"] = "book"

    @model_validator(mode="after")
    def one_way(self) -> Value:
        """Exactly one of `metric` and `compute`; a metric brings its own inputs."""
        if (self.metric is None) == (self.compute is None):
            raise PydanticCustomError("item", "a value needs either `metric` or `compute`. Keep exactly one")
        if self.metric and self.inputs:
            raise PydanticCustomError("item", "a metric brings its own inputs (metrics.yml). Delete `inputs`")
        return self


class Shown(Strict):
    """How a computed number is called and written."""

    label: Text
    unit: Unit
    decimals: Annotated[int, Field(ge=0, le=4)] | None = None


class Outcome(Call, Shown):
    """What a choice would bring about; called with the choice (a slider's value as `at=`, a rule as `rule=`)."""


class Option(Strict):
    """One thing to choose."""

    id: Id
    text: Text
    misconception: Id | None = None


class Row(Strict):
    """One row to place or to match."""

    id: Id
    text: Text


class Slider(Strict):
    """A slider; `start` is where it stands before the learner moves it (no answer until kept).

    `label` names what is moved; without it the question's title stands there.
    """

    min: float
    max: float
    step: Annotated[float, Field(gt=0)]
    unit: Unit
    start: float | None = None
    label: str | None = None

    @model_validator(mode="after")
    def a_range(self) -> Slider:
        """The range is a range, and the start lies in it."""
        if self.min >= self.max:
            raise PydanticCustomError(
                "item", f"a slider from {self.min} to {self.max} cannot move. Make min smaller than max"
            )
        if self.start is not None and not self.min <= self.start <= self.max:
            raise PydanticCustomError(
                "item", f"the slider starts at {self.start}, outside {self.min} to {self.max}. Move it inside"
            )
        return self


def _by_name(wrong: Any) -> Any:
    """Read a list of trap ids as a mapping: the trap's own function is meant."""
    return dict.fromkeys(wrong) if isinstance(wrong, list) else wrong


def formula(parts: Any) -> Any:
    """Write a formula with the tiles' own signs: ["won", "/", 1] → ["won", "÷", "1"]."""
    return [_TYPED.get(str(part), str(part)) for part in parts] if isinstance(parts, list) else parts


Options = Annotated[list[Option], Field(min_length=2)]
Wrong = Annotated[dict[Id, Call | None], BeforeValidator(_by_name)]  # None: a trap of the value's metric
Formula = Annotated[list[str], BeforeValidator(formula), Field(min_length=1)]


class Item(Strict):
    """What all items share."""

    scored: ClassVar[bool] = True
    type: str
    title: Text
    prompt: Text
    hints: dict[Id, Text] = Field(default_factory=dict)
    worked: Text | None = None
    after: Text | None = None
    stretch: bool = False
    recall: bool = False
    variants: list[dict[str, Any]] = Field(default_factory=list)

    def misconceptions(self, solution: dict[str, Any]) -> dict[str, tuple]:
        """Return every misconception this item can recognise: {id: path where it is named}."""
        return {}

    def given(self, path: tuple) -> dict[str, Any]:
        """Return what a learner's answer adds to the arguments of the call at this path."""
        return {}

    def check_solution(self, solution: dict[str, Any]) -> list[str]:
        """Return what is wrong with the written key, in plain sentences."""
        return ["this type computes its key. Delete `solution:`."] if solution else []


def of_options(options: list[Option], *path: str | int) -> dict[str, tuple]:
    return {o.misconception: (*path, i) for i, o in enumerate(options) if o.misconception}


def named(wrong: Wrong) -> dict[str, tuple]:
    return {name: ("wrong",) for name in wrong}


def unknown(said: list[str], known: list[str], what: str) -> list[str]:
    return [f'{what} "{s}" is not there.{known_or_near(s, known)}' for s in said if s not in known]


def examples(kind: Any, written: Any, what: str) -> tuple[Any, list[str]]:
    """Read a written example of some shape; return (it or None, what is wrong with it in plain sentences)."""
    try:
        return TypeAdapter(kind).validate_python(written), []
    except ValidationError as error:
        places = sorted({" ".join(map(str, one["loc"])) or what for one in error.errors()})
        return None, [f"{what}: cannot be read at {', '.join(places)}. notebooks/README.md shows one of this type."]
