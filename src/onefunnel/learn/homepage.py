"""The learner's home page: the way through the lessons, what is next, what was earned, and how sure was right."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onefunnel.errors import Problem
from onefunnel.learn import identity, progress, skills_map
from onefunnel.learn.answers import SURE
from onefunnel.learn.files import Unreadable, read_json, write_json
from onefunnel.learn.progress import FEWEST_TRIES, Standing
from onefunnel.learn.session import one_line
from onefunnel.learn.show import literal
from onefunnel.learn.world import World

if TYPE_CHECKING:
    from onefunnel.playbook import LearningPath, Playbook

FILE, FORMAT, NOTEBOOK = "home.json", 1, "home.ipynb"
CELL = "from onefunnel.learn import open_home\n\nopen_home()"

#: What takes seconds. It runs before the cell does, so that the page stays in sight until the fresh one is there.
LOADING = "from onefunnel import data, playbook\nfrom onefunnel.learn import widgets\ndata.load(), playbook.load()"


def chosen_path(workspace: Path, playbook: Playbook) -> LearningPath | None:
    """Return the path that the learner chose, None before that (or when it is no path any more)."""
    try:
        said = (read_json(workspace / FILE) or {}).get("path")
    except Unreadable:
        said = None
    return next((path for path in playbook.paths if path.id == said), None)


def choose_path(workspace: Path, path_id: str, playbook: Playbook) -> LearningPath:
    """Keep the learner's path. Raises Problem for an unknown one or a folder that cannot be written to."""
    path = playbook.path(path_id)
    write_json(workspace / FILE, {"format": FORMAT, "path": path.id})
    return path


def page(workspace: Path, world: World) -> str:
    """Return the whole home page as Markdown; links are relative to the workspace."""
    found, path = progress.standings(workspace, world), chosen_path(workspace, world.playbook)
    paths = [path] if path else list(world.playbook.paths)
    parts = [f"# Your lessons\n\nYou are {literal(world.book.learner_id)}, on territory {world.book.territory_id}."]
    parts += [_way(path, found) for path in paths]
    parts.append(_sure(progress.calibration(workspace)))
    parts.append(skills_table(progress.skills(found), world.playbook))
    return "\n\n".join(part for part in parts if part) + "\n"


def _way(path: LearningPath, found: dict[str, Standing]) -> str:
    """The map of one path: each lesson with its state; what is next; what is left."""
    there = [found[slug] for slug in path.lessons if slug in found]
    if not there:
        return f"## {path.name}\n\nNo lesson of this path is here yet."
    done = [one for one in there if one.done]
    upcoming = next((one for one in there if not one.done), None)
    left = sum(one.items.minutes for one in there if not one.done)
    lines = [f"## {path.name}", "", f"{len(done)} of {len(there)} lessons done, about {left} minutes left."]
    if upcoming:
        verb = "Go on with" if upcoming.begun else "Next"
        lines.append(f"**{verb}: {link(upcoming)}**, about {upcoming.items.minutes} minutes.")
    lines += ["", "| Lesson | Minutes | Answered | Points so far |", "|---|---|---|---|"]
    for part in path.parts:
        mine = [found[slug] for slug in part.lessons if slug in found]
        if mine:
            lines.append(f"| **{literal(part.name)}** ({literal(part.when)}) | | | |")
            lines += [_row(one, one is upcoming) for one in mine]
    return "\n".join(lines)


def _row(one: Standing, upcoming: bool) -> str:
    state = "done" if one.done else f"{len(one.earned)} of {len(one.counted)}" if one.begun else "not begun"
    points = f"{one.points:g} of {one.most:g}" if one.earned and one.items.kind == "lesson" else ""
    return f"| {link(one)}{' ← next' if upcoming else ''} | {one.items.minutes} | {state} | {points} |"


def _sure(said: dict[str, tuple[int, int]]) -> str:
    """The calibration line: what the learner said beside what came of it."""
    enough = {sure: found for sure, found in said.items() if found[1] >= FEWEST_TRIES}
    if not enough:
        return (
            "" if not said else f"## How sure you are\n\nToo few answers to tell yet; from {FEWEST_TRIES} on it says."
        )
    lines = [
        f"- When you said “{SURE[sure]}”, you were right {right} of {of} times." for sure, (right, of) in enough.items()
    ]
    return "\n".join(["## How sure you are", "", *lines])


def skills_table(
    tried: dict[str, tuple[float, float]], playbook: Playbook, said: Mapping[str, str] | None = None
) -> str:
    """Return the skills matrix as Markdown: new, begun, can; with `said` also the learner's own view of each skill."""
    head = ["Skill", "What it means", *(["In the lessons", "You say"] if said else ["You"])]
    lines = ["## What you can do", "", f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for skill in playbook.skills:
        state = "new" if skill.id not in tried else "can" if progress.mastered(tried[skill.id]) else "begun"
        row = [literal(skill.name), literal(skill.statement), state]
        row += [skills_map.LEVELS.get(said.get(skill.id, ""), "–")] if said else []
        lines.append(f"| {' | '.join(row)} |")
    return "\n".join(
        [*lines, "", "“Can” means four fifths of the points so far. Your course lead gives the marks that count."]
    )


def notebook(workspace: Path, world: World) -> dict[str, Any]:
    """Return the home page as a notebook: one cell, already run, so that it can be read when it opens."""
    output = {"output_type": "display_data", "data": bundle(page(workspace, world)), "metadata": {}}
    made = one_cell(CELL, [output])
    made["metadata"]["onefunnel"]["again"] = True  # whenever it comes back into sight: a lesson may have been done
    return made


def one_cell(source: str, outputs: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a notebook of one folded code cell."""
    cell = {
        "cell_type": "code",
        "id": "page",
        "execution_count": None,
        "metadata": {"jupyter": {"source_hidden": True}},
        "source": source,
        "outputs": outputs,
    }
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "onefunnel": {"first": LOADING}}
    return {"cells": [cell], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def write_home(workspace: Path, world: World) -> None:
    """Write the home page afresh, as the workspace stands. Raises Problem when it cannot be written."""
    write_json(workspace / NOTEBOOK, notebook(workspace, world))


@one_line
def open_home() -> None:
    """Show the home page of the workspace that this notebook lies in, and the choice of a path above it."""
    import ipywidgets as widgets
    from IPython.display import display

    from onefunnel import data, playbook
    from onefunnel.learn.widgets.path import PathChoice

    workspace = Path.cwd()
    learner = identity.who(workspace)
    if learner is None:
        raise Problem("this folder does not say whose it is. Start again with: python kit.py learn")
    world = World.of(data.load(), playbook.load(), learner)
    shown = widgets.Output()

    def draw() -> None:
        text = page(workspace, world)
        shown.outputs = ({"output_type": "display_data", "data": bundle(text), "metadata": {}},)

    def choose(path_id: str) -> None:
        choose_path(workspace, path_id, world.playbook)
        draw()

    now = chosen_path(workspace, world.playbook)
    draw()
    display(PathChoice(world.playbook.paths, now.id if now else None, choose), shown)


def bundle(text: str) -> dict[str, str]:
    """Return Markdown as the data of a notebook's output."""
    return {"text/markdown": text, "text/plain": text}


def link(one: Standing, before: str = "") -> str:
    """Return a link to a lesson; `before` leads from the page to the workspace."""
    return f"[{literal(one.items.title or one.slug)}]({before}{one.slug}/{one.slug}.ipynb)"
