"""A lesson as the builder sees it: front matter, cells and items, with tokens replaced and shapes checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from onefunnel.lessons import reading
from onefunnel.lessons.findings import Finding, known_or_near
from onefunnel.lessons.item_models import TYPES
from onefunnel.lessons.models import FrontMatter
from onefunnel.lessons.source import Cell, Source, read
from onefunnel.lessons.specs import Item, formula
from onefunnel.lessons.tokens import Tokens
from onefunnel.playbook import Playbook
from onefunnel.playbook.plain import translate
from onefunnel.playbook.reader import Document

ID = re.compile(r"^([PEDWMS][1-9][a-z]?|T[1-9][0-9]?)$")
KINDS = ("setup", "ask", "answer", "check", "widget", "lookback", "written", "end")
TAGS = (*KINDS, "points", "skill")
HEADER = ("tags", "item", "solution")


@dataclass
class Ask:
    """One question: the item as written (tokens replaced), its key, and its validated shape."""

    cell: Cell
    raw: dict[str, Any]
    solution: dict[str, Any]
    model: Item

    @property
    def authored(self) -> dict[str, Any]:
        """The item with its key inside, as `learn.keys.seal` reads it."""
        whole = dict(self.raw)
        if self.solution:
            whole["solution"] = self.solution
        return _signs(whole)

    def variants(self) -> Iterator[tuple[int, dict[str, Any], dict[str, Any]]]:
        """Yield (number, whole item, key) of the item itself (0) and of each variant (1, 2, …)."""
        base = {name: value for name, value in self.raw.items() if name != "variants"}
        yield 0, base, self.solution
        for number, changes in enumerate(self.raw.get("variants") or [], start=1):
            if isinstance(changes, dict):
                rest = {name: value for name, value in changes.items() if name != "solution"}
                yield number, {**base, **rest}, changes.get("solution", self.solution)


@dataclass
class Check:
    """One graded cell."""

    cell: Cell
    points: int | None
    skill: str | None


@dataclass
class Lesson:
    """One lesson, ready for the cross-checks and the builder. Cells hold replaced text."""

    source: Source
    front: FrontMatter | None
    cells: list[Cell]
    tokens_used: set[str] = field(default_factory=set)
    asks: dict[str, Ask] = field(default_factory=dict)
    answers: dict[str, Cell] = field(default_factory=dict)
    checks: dict[str, Check] = field(default_factory=dict)
    written: dict[str, Check] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        """The lesson's id."""
        return self.source.slug

    @property
    def points(self) -> int:
        """All points that can be earned."""
        return sum(check.points or 0 for check in (*self.checks.values(), *self.written.values()))

    @property
    def prose(self) -> str:
        """All Markdown cells that the learner reads: of a written answer only the question, not the sample answer."""
        read = (cell for cell in self.cells if cell.kind == "markdown" and cell.tag("written") is None)
        return "\n\n".join(cell.text for cell in read)

    @property
    def words(self) -> int:
        """Words of prose."""
        return reading.words(self.prose)

    @property
    def reading_grade(self) -> float:
        """Flesch–Kincaid grade of prose, prompts and hints together; options are no sentences."""
        items = [text for ask in self.asks.values() for text in _sentences(ask.raw)]
        return reading.grade("\n\n".join([self.prose, *items]))

    def finding(self, line: int, where: str, message: str, level: str = "error") -> Finding:
        """Make a finding in this lesson's file."""
        return Finding(self.source.name, line, where, message, level)


def load(path: Path, playbook: Playbook) -> tuple[Lesson, list[Finding]]:
    """Read one lesson and check its shape. The lesson is whole only when no finding is an error."""
    source, findings = read(path)
    lesson = Lesson(source, None, source.cells)
    if findings:
        return lesson, findings
    lesson.front = _shaped(FrontMatter, source.front, "front matter", findings)
    _borrow(lesson, path, findings)
    tokens = Tokens(playbook, source.front.data)
    for cell in lesson.cells:
        _replace(cell, tokens, lesson, findings)
    lesson.tokens_used = tokens.used
    for step in (_tags, _collect_asks, _collect_code, _collect_checks):  # a wrong tag would hide a cell from the rest
        step(lesson, findings)
    return lesson, findings


# --- shapes ------------------------------------------------------------------------------------------------------


def _shaped(model: type[BaseModel], document: Document, where: str, findings: list[Finding]) -> Any:
    """Validate a document; faults become findings, and the result None."""
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        for found in translate(error, model, document):
            message = found.message.replace("value error, ", "").replace("..", ".")
            findings.append(Finding(found.file, found.line, where, message))
        return None


def _part(cell: Cell, *path: str | int, data: Any = None) -> Document:
    """Return one part of a cell's header as a document of its own, with the same lines."""
    whole = cell.header
    cut = len(path)
    lines = {key[cut:]: line for key, line in whole.lines.items() if key[:cut] == path}
    lines.setdefault((), whole.line(path) if whole.lines else cell.line)
    return Document(whole.name, data, lines)


def _borrow(lesson: Lesson, path: Path, findings: list[Finding]) -> None:
    """Give a retest the questions of its test, by their ids, and its names of misconceptions."""
    if lesson.front is None or lesson.front.items_of is None:
        return
    document, other = lesson.source.front, path.with_name(f"{lesson.front.items_of}.md")
    if not other.is_file():
        message = f"items_of: there is no {other.name} beside this file. Mend the name."
        findings.append(lesson.finding(document.line(("items_of",)), "front matter", message))
        return
    test = read(other)[0]
    names = test.front.data.get("misconceptions")
    if isinstance(names, dict) and not lesson.front.misconceptions:
        lesson.front = lesson.front.model_copy(update={"misconceptions": names})
    cells = {cell.tag("ask"): cell for cell in test.cells if cell.tag("ask")}
    for cell in lesson.cells:
        name = cell.tag("ask")
        if name in cells and "item" not in cell.header.data:
            theirs = cells[name].header.data
            cell.header.data |= {field: deepcopy(theirs[field]) for field in ("item", "solution") if field in theirs}


# --- tokens ------------------------------------------------------------------------------------------------------


def _replace(cell: Cell, tokens: Tokens, lesson: Lesson, findings: list[Finding]) -> None:
    """Replace the tokens of a Markdown cell, or of every text in an item."""

    def problem_at(line: int) -> Callable[[int, str], None]:
        return lambda offset, message: findings.append(lesson.finding(line + offset, "token", message))

    def walk(value: Any, path: tuple) -> Any:
        if isinstance(value, str):
            return tokens.replace(value, problem_at(cell.line_of(*path)))
        if isinstance(value, list):
            return [walk(one, (*path, i)) for i, one in enumerate(value)]
        if isinstance(value, dict):
            return {key: walk(one, (*path, key)) for key, one in value.items()}
        return value

    if cell.kind == "markdown":
        cell.text = tokens.replace(cell.text, problem_at(cell.text_line))
    elif "item" in cell.header.data:
        cell.header.data["item"] = walk(cell.header.data["item"], ("item",))


# --- cells -------------------------------------------------------------------------------------------------------


def _tags(lesson: Lesson, findings: list[Finding]) -> None:
    """Refuse header fields and tags that nobody reads: a typing mistake would silently drop an exercise."""
    for cell in lesson.cells:
        for name in cell.header.data:
            if name not in HEADER:
                message = f'unknown field "{name}".{known_or_near(name, HEADER)}'
                findings.append(lesson.finding(cell.line_of(name), "cell header", message))
        for tag in cell.tags:
            head = tag.partition(":")[0].strip()
            if head not in TAGS:
                message = f'unknown tag "{tag}".{known_or_near(head, TAGS)}'
                findings.append(lesson.finding(cell.line_of("tags"), "cell header", message))
        kinds = [kind for kind in KINDS if cell.tag(kind) is not None]
        if len(kinds) > 1:
            message = f"one cell cannot be {' and '.join(kinds)}. Split it."
            findings.append(lesson.finding(cell.line_of("tags"), "cell header", message))
        for kind in set(kinds) & {"ask", "answer", "check", "written", "lookback"}:
            if not ID.match(cell.tag(kind) or ""):
                message = f'"{kind}:{cell.tag(kind)}": write an id such as P1, E3, E4a, D1, W1 or M1.'
                findings.append(lesson.finding(cell.line_of("tags"), "cell header", message))
        for name in {"item", "solution"} & set(cell.header.data):
            if "ask" not in kinds:
                message = f'"{name}" stands in a cell without a tag ask:ID. Add the tag, or move it to the ask cell.'
                findings.append(lesson.finding(cell.line_of(name), "cell header", message))


def _collect_asks(lesson: Lesson, findings: list[Finding]) -> None:
    """Validate every item, its variants and its key."""
    for cell in lesson.cells:
        name = cell.tag("ask")
        if name is None:
            continue
        where = f"item {name}"
        raw = cell.header.data.get("item")
        if not isinstance(raw, dict):
            message = "has no `item:` in its header. Add one (notebooks/README.md shows one of each type)."
            findings.append(lesson.finding(cell.line, where, message))
            continue
        kind = str(raw.get("type", ""))
        if kind not in TYPES:
            message = f'unknown type "{kind}".{known_or_near(kind, TYPES)}'
            findings.append(lesson.finding(cell.line_of("item", "type"), where, message))
            continue
        if "solution" in raw:
            message = "`solution:` stands inside `item:`. Move it one level out, beside `item:`."
            findings.append(lesson.finding(cell.line_of("item", "solution"), where, message))
            continue
        if name in lesson.asks:
            message = f"the id {name} is asked twice. Give this one another id."
            findings.append(lesson.finding(cell.line, where, message))
            continue
        model = _shaped(TYPES[kind], _part(cell, "item", data=raw), where, findings)
        solution = cell.header.data.get("solution") or {}
        if model is None:
            continue
        if not isinstance(solution, dict):
            message = "`solution:` must be fields; notebooks/README.md shows the one of this type."
            findings.append(lesson.finding(cell.line_of("solution"), where, message))
            continue
        ask = Ask(cell, raw, solution, model)
        lesson.asks[name] = ask
        for message in model.check_solution(solution):
            findings.append(lesson.finding(cell.line_of("solution"), where, f"solution: {message}"))
        _check_variants(ask, lesson, where, findings)


def _check_variants(ask: Ask, lesson: Lesson, where: str, findings: list[Finding]) -> None:
    """Every variant, put over the item, must again be a valid item with a valid key."""
    for number, whole, solution in list(ask.variants())[1:]:
        path = ("item", "variants", number - 1)
        place = f"{where}, variant {number}"
        model = _shaped(type(ask.model), _part(ask.cell, *path, data=whole), place, findings)
        for message in model.check_solution(solution) if model else []:
            findings.append(lesson.finding(ask.cell.line_of(*path, "solution"), place, f"solution: {message}"))


def _collect_code(lesson: Lesson, findings: list[Finding]) -> None:
    """Note the answer cells."""
    for cell in lesson.cells:
        name = cell.tag("answer")
        if name is None:
            continue
        if name in lesson.answers:
            message = f"the id {name} has two answer cells. Keep one."
            findings.append(lesson.finding(cell.line, f"answer {name}", message))
        lesson.answers[name] = cell


def _collect_checks(lesson: Lesson, findings: list[Finding]) -> None:
    """Note the check and written cells, with points and skill."""
    for cell in lesson.cells:
        for kind, found in (("check", lesson.checks), ("written", lesson.written)):
            name = cell.tag(kind)
            if name is None:
                continue
            if name in found:
                message = f"the id {name} has two {kind} cells. Keep one."
                findings.append(lesson.finding(cell.line, f"{kind} {name}", message))
            points = cell.tag("points")
            if points is not None and not points.isdecimal():
                message = f'"points:{points}": write a whole number.'
                findings.append(lesson.finding(cell.line_of("tags"), f"{kind} {name}", message))
                points = None
            found[name] = Check(cell, None if points is None else int(points), cell.tag("skill"))


# --- small things ------------------------------------------------------------------------------------------------


def _signs(item: dict[str, Any]) -> dict[str, Any]:
    """Write every formula of an item with the tiles' own signs."""
    if isinstance(item.get("solution"), dict) and "formula" in item["solution"]:
        item["solution"] = {**item["solution"], "formula": formula(item["solution"]["formula"])}
    if isinstance(item.get("wrong_formulas"), dict):
        item["wrong_formulas"] = {name: formula(parts) for name, parts in item["wrong_formulas"].items()}
    if item.get("variants"):
        item["variants"] = [_signs(dict(changes)) for changes in item["variants"]]
    return item


def _sentences(value: Any, key: str = "") -> Iterator[str]:
    """Yield the full sentences of an item that a learner reads."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _sentences(one, key if key == "hints" else str(name))
    elif isinstance(value, list):
        for one in value:
            yield from _sentences(one, key)
    elif isinstance(value, str) and key in ("prompt", "hints", "worked", "after", "reveal", "why"):
        yield value
