"""A question that only people can key says who keyed it, when, and how many agreed."""

import yaml

from onefunnel.home import home
from onefunnel.lessons.build import sources
from onefunnel.lessons.solve import questions


def test_every_keyed_decision_names_its_author_and_date():
    """Best-worst questions have no formula behind them, so the rubric file speaks for their key."""
    keyed = {(slug, item.id) for slug in sources() for item in questions(slug).values() if item.type == "best_worst"}
    assert keyed
    for slug, item in keyed:
        rubric = yaml.safe_load((home().grading / "rubrics" / f"{slug}.yml").read_text(encoding="utf-8"))
        key = rubric["keys"][item]
        assert key["author"] and key["dated"] and key["practitioners"] >= 0
