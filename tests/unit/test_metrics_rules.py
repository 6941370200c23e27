"""Rules that pick rows, and plans that share out an amount. Expected values are counted on paper."""

import math

import pandas as pd
import pytest

from onefunnel.metrics import plans, rules

OUTLETS = pd.DataFrame(
    {
        "kind": ["cafe", "cafe", "salon", "depot", "depot", None],
        "cases": [2, 10, 4, 30, 40, math.nan],
        "again": [True, False, True, False, False, True],
    }
)


def when(column, test, value):
    return {"column": column, "test": test, "value": value}


def test_every_condition_must_hold():
    """Cafés are two, cafés with at most 5 cases one; no condition picks all six."""
    assert rules.how_many(OUTLETS, [when("kind", "is", "cafe")]) == 2
    assert rules.how_many(OUTLETS, [when("kind", "one_of", ["cafe", "salon"]), when("cases", "at_most", 5)]) == 2
    assert rules.how_many(OUTLETS, [when("cases", "at_least", 10)]) == 3
    assert rules.how_many(OUTLETS, []) == 6
    assert list(rules.picked(OUTLETS, [when("again", "is", "true")]).index) == [0, 2, 5]


def test_an_empty_cell_meets_no_condition():
    """The last row has neither kind nor cases."""
    assert 5 not in rules.picked(OUTLETS, [when("cases", "at_most", 1_000)]).index
    assert rules.how_many(OUTLETS, [when("kind", "one_of", ["None", "nan"])]) == 0


def test_lift_compares_two_rules():
    """Small ones (2, 10, 4): two of three again. All: three of six. 2/3 ÷ 1/2 = 1.33. Depots: none again."""
    small = [when("cases", "at_most", 10)]
    assert rules.lift(OUTLETS, small, "again", than=[]) == pytest.approx(4 / 3)
    assert math.isnan(rules.lift(OUTLETS, small, "again", than=[], fewest=4))
    assert math.isnan(rules.lift(OUTLETS, small, "again", than=[when("kind", "is", "depot")]))


def test_shares_and_signs_of_a_rule():
    """Of the three with ten cases or more two are depots."""
    big = [when("cases", "at_least", 10)]
    assert rules.share_with(OUTLETS, big, "kind", "depot") == pytest.approx(2 / 3)
    assert rules.mostly(OUTLETS, big, "kind", "depot") and not rules.mostly(OUTLETS, [], "kind", "depot")
    assert rules.too_few(OUTLETS, big, 4) and not rules.too_few(OUTLETS, big, 3)
    assert rules.looks_only_at(big, ["cases"]) and not rules.looks_only_at(big, ["kind"])
    assert math.isnan(rules.share_with(OUTLETS, [when("cases", "at_least", 99)], "kind", "depot"))
    assert rules.tally(OUTLETS, "kind") == {"cafe": 2, "depot": 2, "salon": 1}


def test_unknown_columns_and_tests_are_named():
    """A typing mistake of an author says what is there."""
    with pytest.raises(ValueError, match=r'no column "size"\. Known: kind, cases, again'):
        rules.picked(OUTLETS, [when("size", "is", "big")])
    with pytest.raises(ValueError, match='no test "below"'):
        rules.picked(OUTLETS, [when("cases", "below", 3)])


def test_a_plan_brings_the_sum_of_its_places():
    """100 × (1 − e^−1) + 0 = 63.2, whatever the order of the places."""
    ceiling, scale = {"north": 100, "south": 50}, {"south": 10, "north": 20}
    assert plans.brings({"south": 0, "north": 20}, ceiling, scale) == pytest.approx(63.212, abs=1e-3)


def test_the_best_plan_makes_the_next_euro_alike_everywhere():
    """Slopes c/s × e^(−x/s): 100/10 and 200/10, so south gets 10 × ln 2 = 6.93 more. 20 in all: 6.53 and 13.47."""
    found = plans.best(20, {"north": 100, "south": 200}, {"north": 10, "south": 10})
    assert found == pytest.approx({"north": 10 - 5 * math.log(2), "south": 10 + 5 * math.log(2)})
    capped = plans.best(20, {"north": 100, "south": 200}, {"north": 10, "south": 10}, highest_eur={"south": 12})
    assert capped == pytest.approx({"north": 8, "south": 12})


def test_signs_of_a_plan():
    """Nothing for a place, nearly all for one, and how far two plans are apart."""
    plan = {"north": 80, "south": 20, "west": 0}
    assert plans.gives_nothing_to(plan, ["west"]) and not plans.gives_nothing_to(plan, ["south", "west"])
    assert plans.all_in_one(plan) and not plans.all_in_one({"north": 50, "south": 50})
    assert plans.apart(plan, {"north": 50, "south": 30, "west": 20}) == pytest.approx(0.3)
    assert plans.apart({"north": 0}, {"north": 1}) == 0
