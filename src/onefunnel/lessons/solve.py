"""Solved lessons: for tests, for the sample cohort, and for a lead who wants to see what is expected."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from onefunnel.learn import simulate
from onefunnel.learn.items import Items
from onefunnel.learn.world import World
from onefunnel.lessons import expand
from onefunnel.lessons.build import read_all
from onefunnel.lessons.findings import LessonError, errors
from onefunnel.lessons.lesson import Lesson
from onefunnel.playbook import load as load_playbook

if TYPE_CHECKING:
    from onefunnel.data import Tables
    from onefunnel.playbook import Playbook

ANSWERS_FORMAT = 1
KEPT_AT = "2026-05-15T09:00:00Z"  # a made-up time: two runs must give the same file


def lesson(slug: str, playbook: Playbook | None = None, folder: Path | None = None) -> Lesson:
    """Return one checked lesson. LessonError when it has mistakes, Problem when there is none of that name."""
    found, findings = read_all([slug], folder, playbook)
    if errors(findings):
        raise LessonError(findings)
    return found[0]


def questions(slug: str, playbook: Playbook | None = None, folder: Path | None = None) -> Items:
    """Return a lesson's questions as a learner's notebook reads them."""
    playbook = playbook or load_playbook()
    built = expand.items(lesson(slug, playbook, folder), playbook)
    return Items(slug, built["title"], built["items"], built["minutes"], built["kind"])


def solution_answers(
    slug: str,
    learner_id: str,
    tables: Tables,
    playbook: Playbook,
    folder: Path | None = None,
    without: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Return the content of an `answers.json` that earns every point without a line of code.

    `tables` are the company's (T00 among them). `without` leaves out items by id, for example those that code answers.
    Predictions, written answers and the Monday line are answered too. Problem when an item's key cannot be right.
    """
    world, asked = World.of(tables, playbook, learner_id), questions(slug, playbook, folder)
    answers = {
        item.qualified: {
            "type": item.type,
            "answer": simulate.right_answer(asked.asked(name, 0, learner_id), world),
            "misses": 0,
            "variant": 0,
            "kept_at": KEPT_AT,
        }
        for name, item in asked.items()
        if name not in without
    }
    return {"format": ANSWERS_FORMAT, "learner": learner_id, "answers": answers}


def solved_notebook(slug: str, playbook: Playbook | None = None, folder: Path | None = None) -> bytes:
    """Return the source notebook: every answer cell holds its solution in code. Choices still need answers.json."""
    playbook = playbook or load_playbook()
    return expand.build(lesson(slug, playbook, folder), playbook).files[f"{slug}.ipynb"]
