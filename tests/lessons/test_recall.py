"""Questions that come back in a warm-up or on a later day: enough of them, and each time really another one."""

from __future__ import annotations

from itertools import combinations

import pytest

from onefunnel.learn import numbers
from onefunnel.learn.items import COMPUTED
from onefunnel.lessons.build import sources

FEWEST = 2
#: The tests ask everything twice anyway; the capstone asks what the lessons before it asked.
WITHOUT = {"where-we-stand", "where-we-are-now", "capstone"}
LESSONS = [slug for slug in sources() if slug not in WITHOUT]


def versions(item):
    return [item.current(number) for number in range(item.versions)]


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_offers_two_questions_that_can_come_back(questions, lesson):
    """Counted questions with a second version."""
    found = [item for item in questions(lesson).values() if item.recall and item.versions > 1 and item.points]
    assert len(found) >= FEWEST, [item.id for item in found]


@pytest.mark.parametrize("lesson", LESSONS)
def test_what_comes_back_is_another_question(questions, learners, lesson):
    """No two versions have the same words; where a number is asked for, it is another number on the own book."""
    world = learners.worlds[0]
    for item in questions(lesson).values():
        if not item.recall:
            continue
        for one, other in combinations(versions(item), 2):
            assert one.prompt != other.prompt, item.qualified
            if item.type in COMPUTED:
                values = world.number(one), world.number(other)
                assert one.unit != other.unit or not numbers.close(*values, one.unit, one.decimals), item.qualified
