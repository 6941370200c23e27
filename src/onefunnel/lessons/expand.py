"""From a checked lesson to nbgrader's source notebook, in small steps.

Nothing here depends on time, machine, random numbers or the order of a set: the same source gives the same bytes.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

import nbformat

from onefunnel.learn import keys
from onefunnel.lessons import code
from onefunnel.lessons.lesson import Lesson
from onefunnel.lessons.models import FrontMatter
from onefunnel.lessons.source import Cell
from onefunnel.lessons.tokens import Tokens
from onefunnel.playbook import Playbook
from onefunnel.playbook.reader import Document

SCHEMA = 3  # nbgrader's cell metadata
ITEMS_FORMAT = 1
WAY_ON = "way-on"  # the tag of the last cell of every lesson
LONGEST_ID = 64  # nbformat's limit for a cell id


#: `learn` runs a lesson when it opens; elsewhere somebody has to, and most learners have never run a cell.
TO_BEGIN = (
    "The grey lines are the lesson's own: leave them as they are. **No questions below?** Choose *Run*, then *Run All "
    "Cells*, in the menu above."
)
ANSWER = "Answer as you read. Each answer is kept."
BUTTON = "The button under it says whether it is right."
NO_FEEDBACK = "This is a test: nothing says whether an answer is right. At the end you see where you stand."


@dataclass
class Built:
    """One built lesson: file name → bytes for the course's source folder, and what must never go there."""

    slug: str
    files: dict[str, bytes]
    solutions: bytes


@dataclass
class Draft:
    """A notebook in the making; `cells[i]` belongs to `sources[i]` (None for a cell that the builder adds)."""

    lesson: Lesson
    playbook: Playbook
    cells: list[nbformat.NotebookNode] = field(default_factory=list)
    sources: list[Cell | None] = field(default_factory=list)


def build(lesson: Lesson, playbook: Playbook) -> Built:
    """Expand one lesson that has no errors."""
    draft = Draft(lesson, playbook)
    for step in STEPS:
        step(draft)
    notebook = nbformat.v4.new_notebook(cells=draft.cells, metadata=_notebook_metadata(lesson))
    nbformat.validate(notebook)
    text = nbformat.writes(notebook, version=4) + "\n"
    files = {
        f"{lesson.slug}.ipynb": text.encode("utf-8"),
        f"{lesson.slug}.items.json": _json(items(lesson, playbook)),
    }
    return Built(lesson.slug, files, _json(solutions(lesson)))


# --- the steps ---------------------------------------------------------------------------------------------------


def plain_cells(draft: Draft) -> None:
    """One notebook cell for each source cell, without metadata; drops every header, so also every key."""
    for cell in draft.lesson.cells:
        new = nbformat.v4.new_code_cell if cell.kind == "code" else nbformat.v4.new_markdown_cell
        draft.cells.append(new(cell.text.strip("\n")))
        draft.sources.append(cell)


def title_cell(draft: Draft) -> None:
    """Put title, question, minutes and objectives on top, from the front matter."""
    front = draft.lesson.front
    lines = [
        f"# {front.title}",
        "",
        f"**{front.question}**",
        "",
        f"{_how_long(front)} Afterwards you can:",
        "",
    ]
    lines += [f"- {objective}" for objective in front.objectives]
    lines += ["", f"{ANSWER} {BUTTON if front.kind == 'lesson' else NO_FEEDBACK} {TO_BEGIN}"]
    draft.cells.insert(0, nbformat.v4.new_markdown_cell("\n".join(lines)))
    draft.sources.insert(0, None)


def plays_to_run(draft: Draft) -> None:
    """Name the plays that the lesson trains just before the Monday line: the line may be one's first step."""
    trained = [play for play in draft.playbook.plays if play.lesson == draft.lesson.slug]
    monday = next((n for n, cell in enumerate(draft.sources) if cell and (cell.tag("ask") or "").startswith("M")), None)
    if not trained or monday is None:
        return
    page = Tokens(draft.playbook, {}).page
    links = ", ".join(f"[{play.name}]({page(f'plays.{play.id}')})" for play in trained)
    text = f"{'The play that puts' if len(trained) == 1 else 'Plays that put'} this lesson to work: {links}."
    draft.cells.insert(monday, nbformat.v4.new_markdown_cell(text))
    draft.sources.insert(monday, Cell("markdown", text, Document("", {}), 0, 0))


def way_on(draft: Draft) -> None:
    """Put the way on last: the next lesson depends on the learner's path, so it is looked up when the cell runs."""
    text = f'from onefunnel.learn import lead_on\n\nlead_on("{draft.lesson.slug}")'
    draft.cells.append(nbformat.v4.new_code_cell(text))
    draft.sources.append(Cell("code", text, Document("", {"tags": [WAY_ON]}), 0, 0))


def stable_ids(draft: Draft) -> None:
    """Name every cell after what it is, so that an inserted cell leaves the ids of all others as they are."""
    taken: set[str] = set()
    before = "top"
    for cell, source in zip(draft.cells, draft.sources, strict=True):
        role = _role(source) if source else "title"
        if role:
            before = role
        name = role or _heading(cell.source) or f"after-{before}"
        cell.id = _free(f"{draft.lesson.slug}-{name}"[:LONGEST_ID], taken)


def grading(draft: Draft) -> None:
    """Tell nbgrader what is locked, what is answered and what earns points; its id is the cell's id."""
    for cell, source in zip(draft.cells, draft.sources, strict=True):
        kind = _kind(source)
        if kind is None:
            continue
        graded = kind in ("check", "written")
        solution = kind in ("answer", "written")
        cell.metadata["nbgrader"] = {
            "schema_version": SCHEMA,
            "grade": graded,
            "grade_id": cell.id,
            "locked": not solution,
            "solution": solution,
            "task": False,
        }
        if graded:
            found = draft.lesson.checks if kind == "check" else draft.lesson.written
            cell.metadata["nbgrader"]["points"] = found[source.tag(kind)].points


def tags(draft: Draft) -> None:
    """Keep the tags that say which cell is which; a miss must not stop Run All, or later questions never appear."""
    for cell, source in zip(draft.cells, draft.sources, strict=True):
        kept = [tag for tag in source.tags if not tag.startswith("points:")] if source else []
        if _kind(source) in ("answer", "check"):
            kept.append("raises-exception")
        if kept:
            cell.metadata["tags"] = kept


def collapsed_code(draft: Draft) -> None:
    """Fold the code away; who takes the code path opens it."""
    for cell in draft.cells:
        if cell.cell_type == "code":
            cell.metadata["jupyter"] = {"source_hidden": True}


STEPS = (
    plain_cells,  # first: all others work on its cells
    title_cell,
    plays_to_run,
    way_on,  # all before the ids, because the title needs one too
    stable_ids,  # before grading, which uses a cell's id as nbgrader's
    grading,
    tags,
    collapsed_code,
)


# --- beside the notebook -------------------------------------------------------------------------------------------


def items(lesson: Lesson, playbook: Playbook) -> dict[str, Any]:
    """Return the questions as learners get them: keys as digests, points and skill from the check cells."""
    steps = tuple(step.id for step in playbook.steps)
    built = {}
    for name, ask in lesson.asks.items():
        check = lesson.checks.get(name)
        sealed = keys.seal(lesson.slug, name, ask.authored, steps)
        built[name] = {**sealed, "points": check.points if check else 0, "skill": check.skill if check else None}
    written = {
        name: {"title": _title_above(lesson, name), "points": check.points} for name, check in lesson.written.items()
    }
    front = lesson.front
    about = {"title": front.title, "minutes": front.minutes, "kind": front.kind}
    return {"format": ITEMS_FORMAT, "lesson": lesson.slug, **about, "items": built, "written": written}


def solutions(lesson: Lesson) -> dict[str, Any]:
    """Return the keys in clear, for the lead: {"answers": {"E3": {"type", "solution", "variants", "code"}}}."""
    answers: dict[str, Any] = {}
    for name, ask in lesson.asks.items():
        entry: dict[str, Any] = {"type": ask.model.type}
        if ask.authored.get("solution"):
            entry["solution"] = ask.authored["solution"]
        variants = [key for number, _, key in ask.variants() if number]
        if any(variants):
            entry["variants"] = variants
        if len(entry) > 1:
            answers[name] = entry
    for name, cell in lesson.answers.items():
        answers.setdefault(name, {"type": "code"})["code"] = code.solution(cell.text)
    return {"format": ITEMS_FORMAT, "lesson": lesson.slug, "answers": answers}


# --- small things --------------------------------------------------------------------------------------------------


def _title_above(lesson: Lesson, name: str) -> str:
    """Return the last heading before a written answer: what its learner knows it by."""
    place = next(number for number, cell in enumerate(lesson.cells) if cell.tag("written") == name)
    above = "\n".join(cell.text for cell in lesson.cells[:place] if cell.kind == "markdown")
    headings = re.findall(r"^#+\s+(.+)$", above, re.MULTILINE)
    return headings[-1] if headings else ""


def _how_long(front: FrontMatter) -> str:
    if front.sittings == 1:
        return f"About {front.minutes} minutes."
    return f"Two sittings of about {front.minutes // 2} minutes each."


def _notebook_metadata(lesson: Lesson) -> dict[str, Any]:
    """The kernel by its plain name, and which lesson this is; no versions, which change from machine to machine."""
    return {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "onefunnel": {"lesson": lesson.slug},
        "title": lesson.front.title,
    }


def _kind(source: Cell | None) -> str | None:
    kinds = ("setup", "ask", "answer", "check", "widget", "lookback", "written", "end", WAY_ON)
    return next((kind for kind in kinds if source is not None and source.tag(kind) is not None), None)


def _role(source: Cell) -> str:
    """Return "E3" for a check, "E3-ask", "E3-answer", "widget-funnel", "setup"; "" for a cell without a role."""
    kind = _kind(source)
    if kind is None:
        return ""
    name = re.sub(r"[^A-Za-z0-9]+", "-", source.tag(kind))
    if kind in ("check", "written"):
        return name
    if kind in ("ask", "answer", "lookback"):
        return f"{name}-{kind}"
    return f"{kind}-{name}" if name else kind


def _heading(markdown: str) -> str:
    """Return a heading at the top of a Markdown cell as an id."""
    found = re.match(r"#+\s+(.+)", markdown)
    if not found:
        return ""
    ascii_text = unicodedata.normalize("NFKD", found[1]).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text.lower()).strip("-")


def _free(name: str, taken: set[str]) -> str:
    """Return the name, or name-2, name-3 … when it is taken."""
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name[: LONGEST_ID - 4]}-{number}"
    taken.add(free)
    return free


def _json(content: dict[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
