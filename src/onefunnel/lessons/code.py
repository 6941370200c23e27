"""Checks of code cells: bodies are what the dialect says, and the learner's stub leaves nothing undefined."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from textwrap import dedent

from onefunnel.lessons.findings import Finding, known_or_near
from onefunnel.lessons.items_computed import Tiles
from onefunnel.lessons.lesson import Lesson
from onefunnel.lessons.source import Cell
from onefunnel.playbook import Playbook

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
HIDDEN, HIDDEN_END = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
_REGION = re.compile(r"^([ \t]*)### BEGIN SOLUTION[ \t]*\n.*?^[ \t]*### END SOLUTION[ \t]*$", re.DOTALL | re.MULTILINE)
_TESTS = re.compile(
    r"^[ \t]*### BEGIN HIDDEN TESTS[ \t]*\n(.*?)^[ \t]*### END HIDDEN TESTS[ \t]*$", re.DOTALL | re.MULTILINE
)


def released(text: str) -> str:
    """Return what the learner sees of an answer cell: the solution replaced by a stub that runs."""
    return _REGION.sub(r"\1...", text)


def solution(text: str) -> str:
    """Return what stands between the solution markers, without indentation."""
    found = _REGION.search(text)
    return dedent("\n".join(found[0].splitlines()[1:-1])) if found else ""


def check(lesson: Lesson, playbook: Playbook, tables: tuple[str, ...]) -> Iterator[Finding]:
    """All code cells of a lesson."""
    for cell in lesson.cells:
        if cell.kind != "code":
            continue
        try:
            ast.parse(cell.text)
        except SyntaxError as error:
            line = cell.text_line + (error.lineno or 1) - 1
            yield lesson.finding(line, "code", f"is not Python ({error.msg}). Mend it; %magics do not work in lessons.")
            continue
        yield from _body(lesson, cell)
    for name, cell in lesson.answers.items():
        yield from _answer(lesson, name, cell)
    for name, one in lesson.checks.items():
        yield from _check(lesson, name, one.cell)


def _body(lesson: Lesson, cell: Cell) -> Iterator[Finding]:
    """Cells whose body is fixed."""
    if cell.tag("setup") is not None and f'open_lesson("{lesson.slug}")' not in cell.text:
        mend = f'ask, check, book, company, explore = open_lesson("{lesson.slug}")'
        yield lesson.finding(cell.text_line, "setup", f"does not open this lesson. Write: {mend}")
    for kind, call in (("ask", 'ask("{}")'), ("widget", 'explore("{}")'), ("lookback", 'ask.lookback("{}")')):
        name = cell.tag(kind)
        if name is not None and cell.text.strip() != call.format(name):
            message = f"the body must be exactly {call.format(name)} and nothing else."
            yield lesson.finding(cell.text_line, f"{kind} {name}", message)
    if cell.tag("end") is not None and cell.text.strip() != "ask.end()":
        yield lesson.finding(cell.text_line, "end", "the body must be exactly ask.end() and nothing else.")
    if cell.tag("answer") is None and (BEGIN in cell.text or END in cell.text):
        yield lesson.finding(cell.text_line, "code", "a solution outside an answer cell. Tag the cell answer:ID.")
    if cell.tag("check") is None and (HIDDEN in cell.text or HIDDEN_END in cell.text):
        yield lesson.finding(cell.text_line, "code", "hidden tests outside a check cell. Tag the cell check:ID.")


def _answer(lesson: Lesson, name: str, cell: Cell) -> Iterator[Finding]:
    """An answer has one solution, and what it defines is also defined while it is empty."""
    where = f"answer {name}"
    if cell.text.count(BEGIN) != 1 or not _REGION.search(cell.text):
        message = f"needs exactly one solution between `{BEGIN}` and `{END}`, each on its own line."
        yield lesson.finding(cell.text_line, where, message)
        return
    wanted = _argument(lesson.checks[name].cell) if name in lesson.checks else None
    if wanted is None:
        return
    try:
        empty = ast.parse(released(cell.text))
    except SyntaxError as error:
        message = f"without its solution it is not Python ({error.msg}). Keep the line above the markers complete."
        yield lesson.finding(cell.text_line, where, message)
        return
    if wanted not in _defined(empty):
        message = f"`{wanted}` exists only in the solution. Write `{wanted} = None` above the markers."
        yield lesson.finding(cell.text_line, where, message)
    functions = [node.name for node in empty.body if isinstance(node, ast.FunctionDef)]
    ask = lesson.asks.get(name)
    if ask is None or not isinstance(ask.model, Tiles):
        return
    function = ask.model.function
    if wanted in functions and (function is None or function.name != wanted):
        message = f"is a function, so its item needs `function: {{name: {wanted}, calls: […]}}`."
        yield lesson.finding(cell.text_line, where, message)
    if function is not None and function.name not in functions:
        message = f'has no function "{function.name}", which its item calls.{known_or_near(function.name, functions)}'
        yield lesson.finding(cell.text_line, where, message)


def _check(lesson: Lesson, name: str, cell: Cell) -> Iterator[Finding]:
    """A check's visible text is one call with at most one name: it holds no answer."""
    where = f"check {name}"
    hidden = _TESTS.search(cell.text)
    visible = _TESTS.sub("", cell.text).strip()
    shape = re.compile(rf'check\("{name}"(?:, ([A-Za-z_]\w*))?\)')
    found = shape.fullmatch(visible)
    if not found:
        message = f'the visible part must be check("{name}") or check("{name}", the_name) and nothing else.'
        yield lesson.finding(cell.text_line, where, message)
        return
    if name in lesson.answers and found[1] is None:
        yield lesson.finding(
            cell.text_line, where, f'does not look at the answer cell. Write check("{name}", its_name).'
        )
    if name not in lesson.answers and found[1] is not None:
        yield lesson.finding(cell.text_line, where, f'there is no answer cell {name}. Write check("{name}").')
    model = lesson.asks[name].model if name in lesson.asks else None
    if isinstance(model, Tiles) and model.function is not None and hidden is None:
        message = f"needs a hidden test, or a constant would pass. Add {HIDDEN}, check.hidden(…) and {HIDDEN_END}."
        yield lesson.finding(cell.text_line, where, message)
    lines = [line.strip() for line in (hidden[1] if hidden else "").splitlines() if line.strip()]
    for line in lines:
        if not re.fullmatch(rf'check\.hidden\("{name}"(, {found[1]})?\)', line):
            message = f'a hidden test must be check.hidden("{name}", the_name); "{line}" is not.'
            yield lesson.finding(cell.text_line, where, message)


def _argument(cell: Cell) -> str | None:
    """Return the name that a check looks at."""
    found = re.search(r'check\("\w+", ([A-Za-z_]\w*)\)', cell.text)
    return found[1] if found else None


def _defined(tree: ast.Module) -> set[str]:
    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    for node in tree.body:
        if isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and node.value is not None and isinstance(node.target, ast.Name):
            names.add(node.target.id)
    return names
