"""What only people can judge: each written cell says how it is read, each keyed decision who keyed it and when."""

import shutil

import pytest
import yaml

from onefunnel.home import home
from onefunnel.lessons import rubrics
from onefunnel.lessons.build import read_all, sources
from onefunnel.lessons.solve import lesson, questions

WRITTEN, KEYED = "hand-off", "price"  # a lesson with a written cell, one with a best-worst question


@pytest.fixture(scope="module")
def lessons(truth):
    """Two lessons, read once."""
    return read_all([WRITTEN, KEYED], playbook=truth)[0]


@pytest.fixture
def folder(tmp_path):
    """Their two files, to be spoilt."""
    for slug in (WRITTEN, KEYED):
        shutil.copy(home().grading / "rubrics" / f"{slug}.yml", tmp_path)
    return tmp_path


def spoilt(folder, slug, old, new):
    """Change one piece of a file's text."""
    path = folder / f"{slug}.yml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1, f"the file has no {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_every_rubric_fits_its_lesson(truth):
    """Nothing is missing, nothing is left over, in any lesson."""
    assert [str(one) for one in rubrics.check(read_all(playbook=truth)[0], home().grading / "rubrics")] == []


def test_every_keyed_decision_names_its_author_and_date():
    """Best-worst questions have no formula behind them, so the rubric file speaks for their key."""
    keyed = {(slug, item.id) for slug in sources() for item in questions(slug).values() if item.type == "best_worst"}
    assert keyed
    for slug, item in keyed:
        rubric = yaml.safe_load((home().grading / "rubrics" / f"{slug}.yml").read_text(encoding="utf-8"))
        key = rubric["keys"][item]
        assert key["author"] and key["dated"] and key["practitioners"] >= 0


def test_the_card_of_two_is_three_fifths_of_the_capstone():
    """The card is 60 per cent, two points for each of twelve rubric points; a level 1 and a level 3 card are shown."""
    capstone = lesson("capstone")
    card = capstone.written["W1"].points
    assert card / capstone.points == 0.6
    rubric = yaml.safe_load((home().grading / "rubrics" / "capstone.yml").read_text(encoding="utf-8"))["written"]["W1"]
    assert len(rubric["rows"]) * 3 * 2 == card
    assert [one["level"] for one in rubric["exemplars"]] == [1, 3]


@pytest.mark.parametrize(
    ("slug", "old", "new", "words"),
    [
        (WRITTEN, "  W1:\n", "  W2:\n", "written W1: is missing"),
        (WRITTEN, "  W1:\n", "  W2:\n", "the lesson has no written cell W2. There are: W1."),
        (WRITTEN, "points: 4", "points: 6", "says 6 points, and the cell in the lesson says 4"),
        (WRITTEN, "level: 3", "level: 1", "one exemplar of level 1 and one of level 3"),
        (WRITTEN, "    rows:\n", "    rows:\n      - One\n      - Two\n", "rows"),
        (WRITTEN, "    author: the lesson's authors\n", "", "author"),
        (WRITTEN, "dated: 2026-11-22", "dated: soon", "dated"),
        (WRITTEN, "    rows:", "    rosw:", 'unknown field "written.W1.rosw"'),
        (KEYED, "  D1:\n", "  D9:\n", "keys D1: is missing"),
        (KEYED, "    dated: 2026-11-21\n", "", "dated"),
        (KEYED, "practitioners: 0", "practitioners: -1", "practitioners"),
    ],
)
def test_a_fault_of_a_rubric_is_named(lessons, folder, slug, old, new, words):
    """With the file, and what to do."""
    spoilt(folder, slug, old, new)
    found = [str(one) for one in rubrics.check(lessons, folder)]
    assert any(words in one and f"{slug}.yml" in one for one in found), found


def test_a_missing_file_and_a_file_without_a_lesson_are_named(lessons, folder):
    """A written cell needs a rubric; a rubric needs a lesson."""
    (folder / f"{WRITTEN}.yml").rename(folder / "hand-of.yml")
    found = " ".join(map(str, rubrics.check(lessons, folder)))
    assert f"{WRITTEN}.yml" in found and "is missing" in found
    assert 'hand-of.yml: there is no lesson of this name. Did you mean "hand-off"?' in found


def test_a_lesson_with_mistakes_waits(lessons, folder):
    """Where a lesson cannot be read, its rubric is not blamed."""
    spoilt(folder, WRITTEN, "  W1:\n", "  W2:\n")
    assert rubrics.check(lessons, folder, {lesson.source.name for lesson in lessons}) == []


def test_without_a_folder_there_is_nothing_to_check(lessons, tmp_path):
    """An installed copy carries no rubrics."""
    assert rubrics.check(lessons, tmp_path / "none") == []


def test_a_row_may_be_plain_words(folder):
    """Rows without examples of their own are read as what they ask."""
    rubric, _, faults = rubrics.load(folder, WRITTEN)
    assert faults == [] and rubric.written["W1"].rows[1].asks == "Says what the number does not show"
