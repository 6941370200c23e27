"""What a course may set about our grading in its own nbgrader_config.py."""

import json
from pathlib import Path

import pytest

from onefunnel.errors import Problem
from onefunnel.grading.course import open_course
from onefunnel.grading.settings import Limits, limits_of, settings_of

PERFECT = Path(__file__).parents[1] / "fixtures" / "submissions" / "perfect.ipynb"


def configured(course, *lines):
    """The course with more lines in its configuration."""
    with (course / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write("".join(f"c.OneFunnelGrading.{line}\n" for line in lines))
    return open_course(course)


def test_an_assignments_own_limit_goes_over_the_courses(course):
    """Default, then the course's, then the assignment's; each limit for itself."""
    opened = configured(
        course,
        "limits = {'wall_seconds': 60, 'processes': 10}",
        "lesson_limits = {'sums': {'wall_seconds': 7, 'memory_bytes': 8 * 10**9}}",
    )
    sums, pair = (limits_of(settings_of(opened.config), name) for name in ("sums", "pair"))
    assert (sums.wall_seconds, sums.processes, sums.memory_bytes) == (7, 10, 8_000_000_000)
    assert (pair.wall_seconds, pair.processes, pair.memory_bytes) == (60, 10, Limits().memory_bytes)


@pytest.mark.parametrize(("lesson", "outcome"), [("sums", "killed"), ("pair", "graded")])
def test_a_lessons_limit_holds_for_that_lesson(course, submit, grade, lesson, outcome):
    """The same notebook prints 3,000 characters where 2,000 bytes are allowed for `sums`, or for another lesson."""
    notebook = json.loads(PERFECT.read_text(encoding="utf-8"))
    answer = next(cell for cell in notebook["cells"] if cell["id"] == "share-answer")
    answer["source"] = ["print('x' * 3000)\n", *answer["source"]]
    submit(course, "ana", sums__ipynb=json.dumps(notebook))
    configured(course, f"lesson_limits = {{{lesson!r}: {{'output_bytes': 2000}}}}")
    assert grade(course, "sums")[0].outcome == outcome


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("limits = {'seconds': 60}", "no limit “seconds”"),
        ("lesson_limits = {'sums': {'processes': 0}}", "above zero"),
        ("limits = {'memory_bytes': True}", "must be a number"),
    ],
)
def test_a_wrong_limit_is_said(course, line, words):
    """Which one, and what there is."""
    with pytest.raises(Problem, match=words):
        settings_of(configured(course, line).config)
