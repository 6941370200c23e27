"""The learner's home page: the way through the lessons, what is next, what was earned, and how sure was right."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onefunnel.errors import Problem
from onefunnel.learn import identity, progress, skills_map, submission
from onefunnel.learn.answers import SURE
from onefunnel.learn.files import Unreadable, read_json, write_json
from onefunnel.learn.items import load_items
from onefunnel.learn.progress import FEWEST_TRIES, Standing
from onefunnel.learn.session import one_line
from onefunnel.learn.show import literal, markdown, say
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
    learner, company = literal(world.book.learner_id), literal(world.playbook.company.name)
    if path is None:
        choice = [f"# Your lessons\n\nYou are {learner}. Choose your path; then its map stands here."]
        return "\n\n".join(
            [*choice, "\n".join(_in_one_line(one, world.playbook, found) for one in world.playbook.paths)]
        )
    parts = [
        f"# Your lessons\n\nYou are {learner}, on territory {world.book.territory_id}. {company} sells by territory. "
        "The customers in yours are *your book*: your numbers come from it, so a colleague's differ.",
        _way(path, found),
        _words(path, found, world.playbook),
        _hand_in(workspace, learner),
        _sure(progress.calibration(workspace)),
        skills_table(within_reach(workspace, world), world.playbook),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _in_one_line(path: LearningPath, playbook: Playbook, found: dict[str, Standing]) -> str:
    """A path before it is chosen: how long it is, and what only it holds."""
    there = [found[slug] for slug in path.lessons if slug in found]
    elsewhere = {slug for other in playbook.paths if other is not path for slug in other.lessons}
    own = [f"“{literal(one.items.title or one.slug)}”" for one in there if one.slug not in elsewhere]
    minutes = sum(one.items.minutes for one in there)
    long = f"{minutes / 60:.0f} hours" if minutes > 90 else f"{minutes} minutes"
    only = f" Only here: {', '.join(own)}." if own else ""
    return f"- **{literal(path.name)}**: {len(there)} lessons, about {long}.{only}"


def _way(path: LearningPath, found: dict[str, Standing]) -> str:
    """The map of one path: each lesson with its state; what is next; what is left."""
    there = [found[slug] for slug in path.lessons if slug in found]
    if not there:
        return f"## {path.name}\n\nNo lesson of this path is here yet."
    done = [one for one in there if one.done]
    upcoming = next((one for one in there if not one.done), None)
    left = sum(one.minutes_left for one in there)
    lines = [f"## {path.name}", "", f"{len(done)} of {len(there)} lessons done, about {left} minutes left."]
    if upcoming:
        verb = "Go on with" if upcoming.begun else "Next"
        lines.append(f"**{verb}: {link(upcoming)}**, about {upcoming.minutes_left} minutes.")
    lines += ["", "| Lesson | Minutes | Answered | Points so far |", "|---|---|---|---|"]
    for part in path.parts:
        mine = [found[slug] for slug in part.lessons if slug in found]
        if mine:
            lines.append(f"| **{literal(part.name)}** ({literal(part.when)}) | | | |")
            lines += [_row(one, one is upcoming) for one in mine]
    return "\n".join(lines)


def _row(one: Standing, upcoming: bool) -> str:
    begun = one.begun or one.answered
    state = "done" if one.done else f"{one.answered} of {one.asked}" if begun else "not begun"
    points = f"{round(one.points, 1):g} of {one.most:g}" if begun and one.items.kind == "lesson" else ""
    if points and one.handwritten:
        read = "a written answer" if len(one.handwritten) == 1 else f"{len(one.handwritten)} written answers"
        points += f" so far, and {read} that a person reads"
    # The file's name stands beside the title, because tabs and folders show nothing else.
    return f"| {link(one)} `{one.slug}`{' ← next' if upcoming else ''} | {one.items.minutes} | {state} | {points} |"


def _words(path: LearningPath, found: dict[str, Standing], playbook: Playbook) -> str:
    """What everyday words mean here that stand in the titles of a path's lessons."""
    titles = " / ".join(found[slug].items.title.lower() for slug in path.lessons if slug in found)
    said = {alias: term.definition for term in playbook.glossary for alias in term.aliases if alias.lower() in titles}
    return "\n\n".join(f"*{literal(alias.capitalize())}*: {literal(meaning)}" for alias, meaning in said.items())


def _hand_in(workspace: Path, learner: str) -> str:
    """How to hand in: the page is open in a terminal that is busy, so another one is needed."""
    return (
        "## Hand in\n\nWhenever you like: save what is open (Ctrl+S). Then type this in the kit's folder, in a second "
        f"terminal, or after closing this one:\n\n```\n{submission.command(workspace)}\n```\n\n"
        f"It writes {learner}.zip into your own folder. {submission.SEND} You may hand in again: the newest file "
        "counts."
    )


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


def within_reach(workspace: Path, world: World) -> dict[str, Standing]:
    """Return the lessons that tell about the learner's skills: those of their path, and others that they began."""
    found, path = progress.standings(workspace, world), chosen_path(workspace, world.playbook)
    return {slug: one for slug, one in found.items() if path is None or slug in path.lessons or one.begun}


def skills_table(found: dict[str, Standing], playbook: Playbook, said: Mapping[str, str] | None = None) -> str:
    """Return the skills matrix as Markdown: new, begun, can; with `said` also the learner's own view of each skill."""
    tried, reached = progress.skills(found), progress.can(found)
    head = ["Skill", "What it means", *(["In the lessons", "You say"] if said else ["You"])]
    lines = ["## What you can do", "", f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for skill in playbook.skills:
        state = "new" if skill.id not in tried else "can" if skill.id in reached else "begun"
        row = [literal(skill.name), literal(skill.statement), state]
        row += [skills_map.LEVELS.get(said.get(skill.id, ""), "–")] if said else []
        lines.append(f"| {' | '.join(row)} |")
    return "\n".join(
        [
            *lines,
            "",
            f"“Can” means four fifths of the points, on at least {progress.FEWEST_QUESTIONS} questions from "
            f"{progress.FEWEST_LESSONS} lessons, or on all that your lessons ask. Your enablement lead gives the "
            "marks that count.",
        ]
    )


def notebook(workspace: Path, world: World) -> dict[str, Any]:
    """Return the home page as a notebook: one cell, already run, so that it can be read when it opens."""
    made = one_cell(CELL, [markdown(page(workspace, world))])
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
        shown.outputs = (markdown(text),)

    def choose(path_id: str) -> None:
        choose_path(workspace, path_id, world.playbook)
        draw()

    now = chosen_path(workspace, world.playbook)
    draw()
    display(PathChoice(world.playbook.paths, now.id if now else None, choose), shown)


def lead_on(slug: str) -> None:
    """Show the way on at the end of a lesson; nothing while grading, or where no home page is beside the lesson."""
    from onefunnel import playbook

    workspace = Path.cwd().parent
    if identity.grading() or not (workspace / NOTEBOOK).is_file():
        return
    say(way_on(workspace, slug, chosen_path(workspace, playbook.load())), markdown=True)


def way_on(workspace: Path, slug: str, path: LearningPath | None) -> str:
    """Return the line at the end of a lesson as Markdown: the next lesson of the path, and the way home."""
    if path is None:
        return f"On to [your home page](../{NOTEBOOK}): choose your path there."
    lessons = path.lessons[path.lessons.index(slug) + 1 :] if slug in path.lessons else ()
    for coming in lessons:
        try:
            items = load_items(workspace / coming / f"{coming}.items.json")
        except Problem:  # it does not fit the company, or is not written yet
            continue
        title = f"[{literal(items.title or coming)}](../{coming}/{coming}.ipynb)"
        return f"**Next: {title}**, about {items.minutes} minutes. Or back to [your home page](../{NOTEBOOK})."
    here = "That was the last lesson of your path. " if slug in path.lessons else ""
    return f"{here}Back to [your home page](../{NOTEBOOK})."


def link(one: Standing, before: str = "") -> str:
    """Return a link to a lesson; `before` leads from the page to the workspace."""
    return f"[{literal(one.items.title or one.slug)}]({before}{one.slug}/{one.slug}.ipynb)"
