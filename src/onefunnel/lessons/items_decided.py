"""Items answered with a decision that is judged by what it brings about: rules, allocate."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from onefunnel.lessons.models import Id, Strict, Text
from onefunnel.lessons.specs import Call, CallOn, Item, Outcome, Shown, Slider, Unit, examples, named, unknown


class Choice(Strict):
    """One value that a column may hold; `id` is the cell's own text ("true" and "false" for yes and no)."""

    id: Text
    text: Text


class Column(Strict):
    """One fact that a rule may test: with `options` for words, with `range` for numbers."""

    id: Id
    text: Text
    options: Annotated[list[Choice], Field(min_length=2)] | None = None
    range: Slider | None = None

    @model_validator(mode="after")
    def one_form(self) -> Column:
        """Words or numbers."""
        if (self.options is None) == (self.range is None):
            raise PydanticCustomError("item", "a column needs either `options` or `range`. Keep exactly one")
        return self


class Condition(Strict):
    """One row of a rule."""

    column: Id
    test: Literal["is", "one_of", "at_least", "at_most"]
    value: str | float | list[str]


Rule = Annotated[list[Condition], Field(min_length=1, max_length=4)]


class Judged(CallOn):
    """What a rule brings: a function called with `rule=`, on tables that the learner does not see unless told so."""

    on: Literal["hidden", "book", "company"] = "hidden"  # type: ignore[assignment]


class Rules(Item):
    """Up to four conditions that all hold; scored by what the rule brings on a hidden book."""

    type: Literal["rules"]
    columns: Annotated[list[Column], Field(min_length=2)]
    max_rows: Annotated[int, Field(ge=1, le=4)] = 4
    value: Judged
    full: float
    none: float = 0.0
    shown: Shown
    today: Rule | None = None
    outcomes: Annotated[list[Outcome], Field(max_length=4)] = Field(default_factory=list)
    wrong: dict[Id, Call] = Field(default_factory=dict)
    wrong_rules: dict[Id, Rule] = Field(default_factory=dict)

    @model_validator(mode="after")
    def a_way_up(self) -> Rules:
        """All points need more than none do."""
        if self.full <= self.none:
            raise PydanticCustomError("item", "`full` must be more than `none`: turn the value round if less is better")
        return self

    def misconceptions(self, solution: dict[str, Any]) -> dict[str, tuple]:
        """Those that a function recognises, and the rules written out."""
        return named(self.wrong) | {name: ("wrong_rules", name) for name in self.wrong_rules}

    def given(self, path: tuple) -> dict[str, Any]:
        """The learner's rule goes into everything that is computed."""
        return {"rule": []}

    def check_solution(self, solution: dict[str, Any]) -> list[str]:
        """One rule that earns all points, of known columns, tests and values."""
        if set(solution) != {"rule"}:
            return ["rules need `solution: {rule: [{column: …, test: …, value: …}, …]}`: one that earns all points."]
        rule, found = examples(Rule, solution["rule"], "rule")
        written = {"rule": rule or [], "today": self.today or []}
        written |= {f"wrong_rules.{name}": rule for name, rule in self.wrong_rules.items()}
        return found + [f"{name}: {fault}" for name, rule in written.items() for fault in self._faults(rule)]

    def _faults(self, rule: list[Condition]) -> list[str]:
        columns = {column.id: column for column in self.columns}
        found = unknown([condition.column for condition in rule], list(columns), "column")
        if len(rule) > self.max_rows:
            found.append(f"has {len(rule)} conditions, {self.max_rows} are allowed. Shorten it.")
        for condition in rule:
            column = columns.get(condition.column)
            if column is None:
                continue
            in_words = condition.test in ("is", "one_of")
            if in_words != (column.options is not None):
                tests = "is or one_of" if column.options else "at_least or at_most"
                found.append(f'"{column.id}" is tested with {condition.test}. Write {tests}.')
            elif in_words:
                said = condition.value if isinstance(condition.value, list) else [str(condition.value)]
                found += unknown(said, [option.id for option in column.options or []], "option")
        return found


class Place(Strict):
    """One place that gets a part of the total; `start` is what it gets today."""

    id: Id
    text: Text
    start: Annotated[float, Field(ge=0)] = 0.0
    min: Annotated[float, Field(ge=0)] = 0.0
    max: float | None = None


class Allocate(Item):
    """Split a total over places; scored by the share of the possible gain over today."""

    type: Literal["allocate"]
    total: Annotated[float, Field(gt=0)]
    unit: Unit
    step: Annotated[float, Field(gt=0)]
    rows: Annotated[list[Place], Field(min_length=2)] | None = None
    rows_from: CallOn | None = None
    value: CallOn
    best: CallOn | None = None
    shown: Shown
    wrong: dict[Id, Call] = Field(default_factory=dict)
    wrong_plans: dict[Id, dict[Id, float] | CallOn] = Field(default_factory=dict)

    @model_validator(mode="after")
    def it_fits(self) -> Allocate:
        """Own rows or computed ones, in a unit that adds up, with bounds that can hold the total."""
        if (self.rows is None) == (self.rows_from is None):
            raise PydanticCustomError("item", "an allocate needs either `rows` or `rows_from`. Keep exactly one")
        if self.unit in ("percent", "ratio"):
            raise PydanticCustomError("item", "an allocate splits amounts. Use eur, minutes, hours, cases or count")
        low = sum(row.min for row in self.rows or [])
        high = sum(self.total if row.max is None else row.max for row in self.rows or [])
        if self.rows and not low <= self.total <= high:
            raise PydanticCustomError(
                "item", f"the rows hold {low:g} to {high:g}, and the total is {self.total:g}. Widen min and max"
            )
        return self

    def misconceptions(self, solution: dict[str, Any]) -> dict[str, tuple]:
        """Those that a function recognises, and the plans written out or computed."""
        return named(self.wrong) | {name: ("wrong_plans", name) for name in self.wrong_plans}

    def given(self, path: tuple) -> dict[str, Any]:
        """The learner's plan goes into what values and recognises it."""
        return {"plan": {}} if path[0] in ("value", "wrong") else {}

    def check_solution(self, solution: dict[str, Any]) -> list[str]:
        """The best plan, unless `best` computes it; every written plan names each row once."""
        if self.best is not None:
            found = ["has `best` and a `solution:`. Keep one."] if solution else []
        elif set(solution) != {"plan"} or not isinstance(solution["plan"], dict):
            return ["allocate needs `best: {compute: …}` or `solution: {plan: {row: amount, …}}`."]
        else:
            found = self._faults("plan", solution["plan"])
        for name, plan in self.wrong_plans.items():
            found += self._faults(f"wrong_plans.{name}", plan) if isinstance(plan, dict) else []
        return found

    def _faults(self, name: str, plan: dict[str, Any]) -> list[str]:
        rows = [row.id for row in self.rows or []]
        if not all(isinstance(amount, int | float) for amount in plan.values()):
            return [f"{name}: an amount is no number. Write {{row: 100}}."]
        found = [f"{name}: {fault}" for fault in unknown(list(plan), rows, "row")] if rows else []
        found += [f'{name}: row "{row}" has no amount. Write 0 for nothing.' for row in rows if row not in plan]
        if abs(sum(plan.values()) - self.total) > 0.01:
            found.append(f"{name}: adds to {sum(plan.values()):g}, and the total is {self.total:g}. Make them alike.")
        return found
