"""Items answered by choosing: two_tier, order, match, hotspot, best_worst."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from onefunnel.lessons.models import Id, Strict, Text
from onefunnel.lessons.specs import Call, CallOn, Item, Option, Options, Row, Value, named, of_options, unknown


class Part(Strict):
    """One of the questions of a two-tier item; keyed by `value` or by the solution."""

    id: Id
    prompt: Text
    options: Options
    value: Value | None = None


class TwoTier(Item):
    """An answer and its reason; points only for all parts."""

    type: Literal["two_tier"]
    parts: Annotated[list[Part], Field(min_length=2, max_length=4)]

    def misconceptions(self, solution: dict[str, Any]) -> dict[str, tuple]:
        """Those of the options."""
        found: dict[str, tuple] = {}
        for index, part in enumerate(self.parts):
            found |= of_options(part.options, "parts", index, "options")
        return found

    def check_solution(self, solution: dict[str, Any]) -> list[str]:
        """One option for each part that no value keys."""
        parts = {part.id: part for part in self.parts}
        found = unknown(list(solution), list(parts), "part")
        for part in self.parts:
            if part.value is None and part.id not in solution:
                found.append(f'part "{part.id}" has neither a value nor a key in `solution:`. Give one.')
            elif part.value is not None and part.id in solution:
                found.append(f'part "{part.id}" has a value and a key in `solution:`. Keep one.')
            elif part.id in solution:
                found += unknown([solution[part.id]], [o.id for o in part.options], "option")
        return found


class WrongPair(Strict):
    """`first` said before `second` means the misconception."""

    first: Id
    second: Id
    misconception: Id


class Order(Item):
    """Put rows in order; only keyed pairs count."""

    type: Literal["order"]
    rows: Annotated[list[Row], Field(min_length=3)] | None = None
    rows_from: Literal["steps"] | None = None
    wrong_pairs: list[WrongPair] = Field(default_factory=list)

    @model_validator(mode="after")
    def one_form(self) -> Order:
        """Own rows or the playbook's."""
        if (self.rows is None) == (self.rows_from is None):
            raise PydanticCustomError("item", "an order needs either `rows` or `rows_from`. Keep exactly one")
        return self

    def misconceptions(self, solution: dict[str, Any]) -> dict[str, tuple]:
        """Those of the wrong pairs."""
        return {pair.misconception: ("wrong_pairs", i) for i, pair in enumerate(self.wrong_pairs)}

    def check_solution(self, solution: dict[str, Any]) -> list[str]:
        """Every row once, ties as inner lists; the playbook's rows need none."""
        if self.rows_from:
            return ["the playbook is the key of `rows_from`. Delete `solution:`."] if solution else []
        if set(solution) != {"order"} or not isinstance(solution["order"], list):
            return ["order needs `solution: {order: [row, …]}`; rows that tie in an inner list."]
        said = [row for group in solution["order"] for row in (group if isinstance(group, list) else [group])]
        known = [row.id for row in self.rows]
        found = unknown(said, known, "row")
        found += [
            f'row "{k}" stands {said.count(k)} times in the solution. Put it once.' for k in known if said.count(k) != 1
        ]
        for pair in self.wrong_pairs:
            found += unknown([pair.first, pair.second], known, "row")
        return found


class WrongRow(Strict):
    """`option` chosen for `row` means the misconception."""

    row: Id
    option: Id
    misconception: Id


class Match(Item):
    """One dropdown a row, more options than rows."""

    type: Literal["match"]
    rows: Annotated[list[Row], Field(min_length=2)]
    options: Options
    wrong_rows: list[WrongRow] = Field(default_factory=list)

    def misconceptions(self, solution: dict[str, Any]) -> dict[str, tuple]:
        """Those of the wrong rows and of the options."""
        found = {row.misconception: ("wrong_rows", i) for i, row in enumerate(self.wrong_rows)}
        return found | of_options(self.options, "options")

    def check_solution(self, solution: dict[str, Any]) -> list[str]:
        """One option for each row."""
        rows, options = [row.id for row in self.rows], [option.id for option in self.options]
        found = unknown(list(solution), rows, "row") + unknown([str(v) for v in solution.values()], options, "option")
        found += [f'row "{row}" has no option in `solution:`. Give one.' for row in rows if row not in solution]
        if len(options) <= len(rows):
            found.append(
                f"{len(options)} options for {len(rows)} rows. Add spare ones, or the last row answers itself."
            )
        for wrong in self.wrong_rows:
            found += [
                f"wrong_rows: {s}"
                for s in unknown([wrong.row], rows, "row") + unknown([wrong.option], options, "option")
            ]
            if solution.get(wrong.row) == wrong.option:
                found.append(
                    f'wrong_rows calls "{wrong.option}" wrong for "{wrong.row}", but it is the key. Change one.'
                )
        return found


class Hotspot(Item):
    """Pick the ones that …"""

    type: Literal["hotspot"]
    options: Options | None = None
    options_from: CallOn | None = None
    value: Value | None = None
    wrong: dict[Id, Call] = Field(default_factory=dict)

    @model_validator(mode="after")
    def one_form(self) -> Hotspot:
        """Own options or computed ones."""
        if (self.options is None) == (self.options_from is None):
            raise PydanticCustomError("item", "a hotspot needs either `options` or `options_from`. Keep exactly one")
        return self

    def misconceptions(self, solution: dict[str, Any]) -> dict[str, tuple]:
        """The named wrong picks, and those of the options."""
        return named(self.wrong) | of_options(self.options or [], "options")

    def check_solution(self, solution: dict[str, Any]) -> list[str]:
        """A list of picks, unless a value computes it."""
        if self.value is not None:
            return ["has a value and a `solution:`. Keep one."] if solution else []
        if set(solution) != {"pick"} or not isinstance(solution["pick"], list):
            return ["hotspot needs a `value` or `solution: {pick: [option, …]}`."]
        return unknown(solution["pick"], [o.id for o in self.options or []], "option") if self.options else []


class BestWorst(Item):
    """Five actions: pick the best and the worst."""

    type: Literal["best_worst"]
    options: Annotated[list[Option], Field(min_length=5, max_length=5)]

    def misconceptions(self, solution: dict[str, Any]) -> dict[str, tuple]:
        """Those of the options."""
        return of_options(self.options, "options")

    def check_solution(self, solution: dict[str, Any]) -> list[str]:
        """All five, best first."""
        ranking = solution.get("ranking")
        known = [option.id for option in self.options]
        if set(solution) != {"ranking"} or not isinstance(ranking, list) or sorted(map(str, ranking)) != sorted(known):
            return ["best_worst needs `solution: {ranking: [best, …, worst]}` with each of the five once."]
        return []
