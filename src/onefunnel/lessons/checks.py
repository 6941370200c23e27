"""Cross-checks of one lesson: what no single field can tell. Each is a small function; all of them always run.

The order is that of the file, from front matter to the last check cell, so that messages come in reading order.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from onefunnel.lessons import code, item_checks
from onefunnel.lessons.findings import Finding, known_or_near
from onefunnel.lessons.items_computed import FreeText, Number, Predict, Tiles
from onefunnel.lessons.lesson import Ask, Lesson
from onefunnel.playbook import Playbook

MOST_WORDS = 900
MOST_COUNTED = 5
HARD_TO_READ = 10.0  # Flesch–Kincaid; the target is 9, and the estimate is good to about half a grade


def check(lesson: Lesson, playbook: Playbook, tables: tuple[str, ...]) -> list[Finding]:
    """Run every cross-check. `tables` are the names in datasets/. Only for a lesson whose shapes are right."""
    found: list[Finding] = []
    shape = (order_of_cells, needed_parts) if lesson.front.kind == "lesson" else (setup_first, two_forms)
    for one in (front_matter, *shape, widgets, prose):
        found += one(lesson, playbook, tables)
    for name, ask in lesson.asks.items():
        found += item_checks.check(name, ask, lesson, playbook, tables)
    for one in (declared_misconceptions, exercises, code.check):
        found += one(lesson, playbook, tables)
    return found


# --- front matter --------------------------------------------------------------------------------------------------


def front_matter(lesson: Lesson, playbook: Playbook, tables: tuple[str, ...]) -> Iterator[Finding]:
    """Its ids exist, and file and folder bear its names."""
    front, document = lesson.front, lesson.source.front
    known = {
        "skills": ({one.id for one in playbook.skills}, "skill"),
        "tables": (set(tables), "table"),
        "metrics": ({one.id for one in playbook.metrics}, "metric"),
        "steps": ({one.id for one in playbook.steps}, "step"),
        "ideas": ({one.number for one in playbook.ideas}, "idea"),
        "story_sources": ({one.id for one in (*playbook.evidence, *playbook.articles)}, "evidence card or article"),
    }
    for field, (ids, what) in known.items():
        for index, said in enumerate(getattr(front, field)):
            if said not in ids:
                line = document.line((field, index))
                yield lesson.finding(line, "front matter", f'{field}: no {what} "{said}".{known_or_near(said, ids)}')
    for field, there in (("slug", lesson.source.slug), ("track", lesson.source.track)):
        said = getattr(front, field)
        if said != there:
            mend = f'Write "{there}", or move the file.'
            yield lesson.finding(
                document.line((field,)), "front matter", f'{field} is "{said}", the path says "{there}". {mend}'
            )


# --- the whole -----------------------------------------------------------------------------------------------------


def order_of_cells(lesson: Lesson, playbook: Playbook, tables: tuple[str, ...]) -> Iterator[Finding]:
    """Setup once and first; then the first thing to do is a prediction."""
    yield from setup_first(lesson, playbook, tables)
    first = next((cell for cell in lesson.cells if cell.kind == "code" and cell.tag("setup") is None), None)
    if first is not None:
        ask = lesson.asks.get(first.tag("ask") or "")
        if ask is None or not isinstance(ask.model, Predict):
            yield lesson.finding(
                first.line, "order", "the first thing to do must be a prediction. Put the ask of P1 before this cell."
            )


def setup_first(lesson: Lesson, playbook: Playbook, tables: tuple[str, ...]) -> Iterator[Finding]:
    """Setup once and first."""
    setups = [cell for cell in lesson.cells if cell.tag("setup") is not None]
    if not setups:
        yield lesson.finding(1, "setup", "is missing. Begin with a code cell tagged `setup` that calls open_lesson.")
    for cell in setups[1:]:
        yield lesson.finding(cell.line, "setup", "stands twice. Keep the first one.")
    if setups and lesson.cells[0] is not setups[0]:
        yield lesson.finding(
            setups[0].line, "setup", "is not the first cell. Move it to the top; the builder adds the title."
        )


def two_forms(lesson: Lesson, playbook: Playbook, tables: tuple[str, ...]) -> Iterator[Finding]:
    """A test asks T1, T2, …, each in two forms, perhaps S1, S2, … about the learner, and ends with the picture."""
    ends = [cell for cell in lesson.cells if cell.tag("end") is not None]
    last = lesson.cells[-1].line if lesson.cells else 1
    if len(ends) != 1:
        yield lesson.finding(last, "end", "a test ends with one code cell tagged `end` whose body is ask.end().")
    for name, ask in lesson.asks.items():
        if not ask.model.scored and name.startswith("S"):
            continue
        if not name.startswith("T"):
            message = f"the id {name} does not fit a test. Its questions are T1, T2, …; S1, … for a matrix."
            yield lesson.finding(ask.cell.line, f"item {name}", message)
        if len(ask.model.variants) != 1:
            message = (
                f"has {1 + len(ask.model.variants)} forms. Give it exactly one variant: the item is form A, it is B."
            )
            yield lesson.finding(ask.cell.line, f"item {name}", message)
    for cell in lesson.cells:
        if cell.tag("answer") is not None or cell.tag("written") is not None:
            yield lesson.finding(
                cell.line, "test", "a test asks without code and without written answers. Delete this."
            )


def needed_parts(lesson: Lesson, playbook: Playbook, tables: tuple[str, ...]) -> Iterator[Finding]:
    """A prediction is looked back at; a written answer, a Monday line, key points and a way on exist."""
    looked_back = {cell.tag("lookback") for cell in lesson.cells}
    last = lesson.cells[-1].line if lesson.cells else 1
    for name, ask in lesson.asks.items():
        if isinstance(ask.model, Predict) and name not in looked_back:
            yield lesson.finding(
                ask.cell.line,
                f"item {name}",
                f"nobody looks back at it. Add a cell tagged lookback:{name} near the end.",
            )
    for cell in lesson.cells:
        name = cell.tag("lookback")
        if name and not isinstance(getattr(lesson.asks.get(name), "model", None), Predict):
            yield lesson.finding(
                cell.line, f"lookback {name}", f"there is no prediction {name}.{known_or_near(name, lesson.asks)}"
            )
    texts = {name: ask.model for name, ask in lesson.asks.items() if isinstance(ask.model, FreeText)}
    if "M1" not in texts:
        yield lesson.finding(
            last, "Monday line", "is missing. Add ask:M1 of type text: one thing to do within ten minutes."
        )
    if not lesson.written and not any(name.startswith("W") for name in texts):
        yield lesson.finding(
            last, "written answer", "is missing. Add ask:W1 of type text, or a cell tagged written:W1."
        )
    if "lesson.key_points" not in lesson.tokens_used:
        yield lesson.finding(
            last, "key points", "are not shown. Write {{ lesson.key_points }} in a Markdown cell near the end."
        )
    if not any(token.startswith("page.") or token == "lesson.playbook" for token in lesson.tokens_used):
        yield lesson.finding(last, "playbook link", "is missing. Link to the page: [Read on]({{ lesson.playbook }}).")


def widgets(lesson: Lesson, playbook: Playbook, tables: tuple[str, ...]) -> Iterator[Finding]:
    """Every exploration exists."""
    from onefunnel.learn.widgets import WIDGETS  # here, because drawing libraries take a second to import

    for cell in lesson.cells:
        name = cell.tag("widget")
        if name is not None and name not in WIDGETS:
            yield lesson.finding(
                cell.line, f"widget {name}", f"there is no such exploration.{known_or_near(name, WIDGETS)}"
            )


def prose(lesson: Lesson, playbook: Playbook, tables: tuple[str, ...]) -> Iterator[Finding]:
    """Short, and plain."""
    if lesson.words > MOST_WORDS:
        message = f"{lesson.words} words of prose; at most {MOST_WORDS}. Cut {lesson.words - MOST_WORDS}."
        yield lesson.finding(1, "prose", message)
    if lesson.reading_grade > HARD_TO_READ:
        message = f"reading grade {lesson.reading_grade:.1f}; aim at 9. Shorten sentences and words."
        yield lesson.finding(1, "prose", message, "warning")


# --- exercises -----------------------------------------------------------------------------------------------------


def declared_misconceptions(lesson: Lesson, playbook: Playbook, tables: tuple[str, ...]) -> Iterator[Finding]:
    """A misconception named in the front matter is one that some item recognises."""
    used = {
        name for ask in lesson.asks.values() for _, whole, key in ask.variants() for name in _named_by(ask, whole, key)
    }
    for name in lesson.front.misconceptions:
        if name not in used:
            line = lesson.source.front.line(("misconceptions", name))
            yield lesson.finding(line, "front matter", f'no item recognises "{name}".{known_or_near(name, used)}')


def _named_by(ask: Ask, whole: dict[str, Any], key: dict[str, Any]) -> list[str]:
    return list(type(ask.model).model_validate(whole).misconceptions(key))


def exercises(lesson: Lesson, playbook: Playbook, tables: tuple[str, ...]) -> Iterator[Finding]:
    """Every check has its question, points and skill; every graded question and every answer has its check."""
    skills = {one.id for one in playbook.skills}
    for kind, found in (("check", lesson.checks), ("written", lesson.written)):
        for name, one in found.items():
            where, line = f"{kind} {name}", one.cell.line_of("tags")
            if one.points is None:
                yield lesson.finding(line, where, "names no points. Add a tag such as points:4.")
            if one.skill is None:
                yield lesson.finding(line, where, "names no skill. Add a tag such as skill:win_rate.")
            elif one.skill not in skills:
                yield lesson.finding(line, where, f'no skill "{one.skill}".{known_or_near(one.skill, skills)}')
            elif one.skill not in lesson.front.skills:
                yield lesson.finding(
                    line, where, f'the skill "{one.skill}" is not in the front matter. Add it to `skills`.'
                )
    for name, one in lesson.checks.items():
        ask = lesson.asks.get(name)
        if ask is None and name not in lesson.answers:
            yield lesson.finding(one.cell.line, f"check {name}", f"has no question. Add a cell tagged ask:{name}.")
        if ask is not None and not ask.model.scored:
            yield lesson.finding(
                one.cell.line, f"check {name}", f"type {ask.model.type} is not scored. Delete this cell."
            )
        if ask is not None and ask.model.stretch and one.points:
            yield lesson.finding(one.cell.line, f"check {name}", "a stretch exercise is never needed. Write points:0.")
    for name, ask in lesson.asks.items():
        if ask.model.scored and name not in lesson.checks:
            yield lesson.finding(
                ask.cell.line, f"item {name}", f"is graded but has no check. Add a cell tagged check:{name}."
            )
    for name, cell in lesson.answers.items():
        ask = lesson.asks.get(name)
        if name not in lesson.checks:
            yield lesson.finding(cell.line, f"answer {name}", f"has no check. Add a cell tagged check:{name}.")
        if ask is None or not isinstance(ask.model, Number | Tiles):
            message = f"has no twin without code. Add a cell tagged ask:{name} of type tiles (or number)."
            yield lesson.finding(cell.line, f"answer {name}", message)
    stretch = {name for name, ask in lesson.asks.items() if ask.model.stretch}
    counted = {
        name[:2] for name in lesson.checks if name.startswith("E") and name not in stretch
    }  # E4a and E4b are one
    if len(counted) > MOST_COUNTED:
        message = f"{len(counted)} counted exercises; at most {MOST_COUNTED}. Mark one `stretch: true`."
        yield lesson.finding(1, "exercises", message)
