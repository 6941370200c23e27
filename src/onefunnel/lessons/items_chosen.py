"""Items answered by choosing: two_tier, claim, order, match, sort, matrix, hotspot, best_worst."""

from __future__ import annotations

import math
import re
from typing import Annotated, Any, ClassVar, Literal

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
    by_territory: bool = False  # its answer is meant to differ from territory to territory


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


SLOT = re.compile(r"\{([^{}]*)\}")
FEWEST_SENTENCES = 50  # so that a guess is right less than once in fifty


class Slot(Part):
    """One gap of a claim; `hint` is said when it is filled wrongly without a named misconception."""

    hint: Text


class Claim(TwoTier):
    """A sentence with gaps; points only for the whole sentence, a hint for each gap."""

    type: Literal["claim"]  # type: ignore[assignment]
    sentence: Text
    parts: Annotated[list[Slot], Field(min_length=2, max_length=5)]  # type: ignore[assignment]

    @model_validator(mode="after")
    def gaps_fit(self) -> Claim:
        """Every part has its gap, every gap its part, and there are enough sentences."""
        gaps, parts = SLOT.findall(self.sentence), [part.id for part in self.parts]
        if sorted(gaps) != sorted(parts):
            raise PydanticCustomError(
                "item",
                f"the sentence has the gaps {', '.join(gaps) or '(none)'} and the parts are {', '.join(parts)}. "
                "Write each part once as {{id}} into the sentence",
            )
        ways = math.prod(len(part.options) for part in self.parts)
        if ways < FEWEST_SENTENCES:
            raise PydanticCustomError(
                "item",
                f"only {ways} sentences can be built, so guessing pays. Add options until there are {FEWEST_SENTENCES}",
            )
        return self


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
        return _of_rows(self)

    def check_solution(self, solution: dict[str, Any]) -> list[str]:
        """One option for each row, and spare ones."""
        found = _row_faults(self, solution)
        if len(self.options) <= len(self.rows):
            found.append(
                f"{len(self.options)} options for {len(self.rows)} rows. "
                "Add spare ones, or the last row answers itself."
            )
        return found


class Sort(Item):
    """One dropdown a row, a few groups for many rows; the same as match but for the number of options."""

    type: Literal["sort"]
    rows: Annotated[list[Row], Field(min_length=3)] | None = None
    rows_from: CallOn | None = None
    options: Annotated[list[Option], Field(min_length=2, max_length=6)]
    value: Value | None = None
    wrong: dict[Id, Call] = Field(default_factory=dict)
    wrong_rows: list[WrongRow] = Field(default_factory=list)

    @model_validator(mode="after")
    def one_form(self) -> Sort:
        """Own rows or computed ones; computed rows need a computed key."""
        if (self.rows is None) == (self.rows_from is None):
            raise PydanticCustomError("item", "a sort needs either `rows` or `rows_from`. Keep exactly one")
        if self.rows_from is not None and self.value is None:
            raise PydanticCustomError("item", "`rows_from` needs a `value` that gives each row's option. Add it")
        if self.rows is not None and len(self.rows) <= len(self.options):
            raise PydanticCustomError("item", "a sort has more rows than options. Add rows, or use `match`")
        return self

    def misconceptions(self, solution: dict[str, Any]) -> dict[str, tuple]:
        """The computed wrong ways to sort, those of the wrong rows and of the options."""
        return named(self.wrong) | _of_rows(self)

    def check_solution(self, solution: dict[str, Any]) -> list[str]:
        """One option for each row, unless a value computes them."""
        if self.value is not None:
            return ["has a value and a `solution:`. Keep one."] if solution else []
        found = _row_faults(self, solution)
        for option in self.options:
            if option.id not in solution.values():
                found.append(f'no row belongs to "{option.id}". Add one, or drop the option.')
        return found


class Matrix(Item):
    """One dropdown a row, the same scale for all rows: how the learner sees it. Neither right nor wrong."""

    scored: ClassVar[bool] = False
    type: Literal["matrix"]
    rows: Annotated[list[Row], Field(min_length=1)] | None = None
    rows_from: Literal["skills"] | None = None
    options: Annotated[list[Option], Field(min_length=2, max_length=6)] | None = None

    @model_validator(mode="after")
    def one_form(self) -> Matrix:
        """Own rows with an own scale, or the playbook's skills with theirs."""
        if (self.rows is None) == (self.rows_from is None):
            raise PydanticCustomError("item", "a matrix needs either `rows` or `rows_from`. Keep exactly one")
        if (self.rows_from is None) == (self.options is None):
            raise PydanticCustomError("item", "own `rows` need `options`; `rows_from: skills` brings its own")
        return self


class Hotspot(Item):
    """Pick the ones that …; with `choose`, exactly so many."""

    type: Literal["hotspot"]
    options: Options | None = None
    options_from: CallOn | None = None
    choose: Annotated[int, Field(ge=1)] | None = None
    value: Value | None = None
    wrong: dict[Id, Call] = Field(default_factory=dict)

    @model_validator(mode="after")
    def one_form(self) -> Hotspot:
        """Own options or computed ones."""
        if (self.options is None) == (self.options_from is None):
            raise PydanticCustomError("item", "a hotspot needs either `options` or `options_from`. Keep exactly one")
        if self.choose and self.options and self.choose >= len(self.options):
            raise PydanticCustomError("item", "`choose` must be fewer than there are options. Add options")
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
        if self.choose and len(solution["pick"]) != self.choose:
            return [f"names {len(solution['pick'])} picks, and `choose` says {self.choose}. Make them alike."]
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


def _of_rows(item: Match | Sort) -> dict[str, tuple]:
    """The misconceptions of the wrong rows and of the options."""
    found = {row.misconception: ("wrong_rows", i) for i, row in enumerate(item.wrong_rows)}
    return found | of_options(item.options, "options")


def _row_faults(item: Match | Sort, solution: dict[str, Any]) -> list[str]:
    """One option for each row, and no wrong row that is right."""
    rows, options = [row.id for row in item.rows or []], [option.id for option in item.options]
    found = unknown(list(solution), rows, "row") + unknown([str(v) for v in solution.values()], options, "option")
    found += [f'row "{row}" has no option in `solution:`. Give one.' for row in rows if row not in solution]
    for wrong in item.wrong_rows:
        faults = unknown([wrong.row], rows, "row") + unknown([wrong.option], options, "option")
        found += [f"wrong_rows: {fault}" for fault in faults]
        if solution.get(wrong.row) == wrong.option:
            found.append(f'wrong_rows calls "{wrong.option}" wrong for "{wrong.row}", but it is the key. Change one.')
    return found
