"""A question that only people can key says who keyed it, when, and how many agreed."""

import yaml

from onefunnel.home import home
from onefunnel.lessons.build import sources
from onefunnel.lessons.solve import lesson, questions


def test_every_keyed_decision_names_its_author_and_date():
    """Best-worst questions have no formula behind them, so the rubric file speaks for their key."""
    keyed = {(slug, item.id) for slug in sources() for item in questions(slug).values() if item.type == "best_worst"}
    assert keyed
    for slug, item in keyed:
        rubric = yaml.safe_load((home().grading / "rubrics" / f"{slug}.yml").read_text(encoding="utf-8"))
        key = rubric["keys"][item]
        assert key["author"] and key["dated"] and key["practitioners"] >= 0


def test_every_written_answer_that_counts_has_its_rubric():
    """At most four rows and, where the file says points, those of the cell."""
    counted = {slug: lesson(slug).written for slug in sources()}
    assert any(counted.values())
    for slug, cells in counted.items():
        for name, cell in cells.items():
            rubric = yaml.safe_load((home().grading / "rubrics" / f"{slug}.yml").read_text(encoding="utf-8"))
            found = rubric["written"][name]
            assert 1 <= len(found["rows"]) <= 4, slug
            assert found.get("points", cell.points) == cell.points, slug


def test_the_card_of_two_is_three_fifths_of_the_capstone():
    """The card is 60 per cent, two points for each of twelve rubric points; a level 1 and a level 3 card are shown."""
    capstone = lesson("capstone")
    card = capstone.written["W1"].points
    assert card / capstone.points == 0.6
    rubric = yaml.safe_load((home().grading / "rubrics" / "capstone.yml").read_text(encoding="utf-8"))["written"]["W1"]
    assert len(rubric["rows"]) * 3 * 2 == card
    assert [one["level"] for one in rubric["exemplars"]] == [1, 3]
