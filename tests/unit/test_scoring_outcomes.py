"""Decisions judged by what they bring.

The hidden book has five deals: one is won (60, fair), the others are 50 web, 10 fair, 50 web, 10 fair.
"""

import math

import pytest
from learn_world import item, world

from onefunnel.learn.scoring import outcomes, score

WORLD = world()
BIG = {"column": "value_eur", "test": "at_least", "value": 50}
FAIR = {"column": "source", "test": "is", "value": "fair"}


def rules(*conditions, **changes):
    return score(item("R1", **changes), {"rules": list(conditions)}, WORLD)


def plan(north, south, west, **changes):
    return score(item("A1", **changes), {"plan": {"north": north, "south": south, "west": west}}, WORLD)


# --- rules ---------------------------------------------------------------------------------------------------------


def test_a_rule_is_judged_on_the_hidden_book():
    """From the fair and worth 50 or more: only the won deal of the hidden book, 100 % of 1, above the 90 % asked."""
    found = rules(BIG, FAIR)
    assert (found.status, found.share) == ("right", 1)
    assert "100.0 %" in found.message and "That is" in found.message


@pytest.mark.parametrize(
    ("rule", "share", "said"),
    [
        ([BIG], 0.25, "33.3 %"),  # one won of three (60, 50, 50): (1/3 − 0.1) ÷ 0.8 = 0.29 of the way, below half
        ([FAIR], 0.25, "33.3 %"),  # one won of three from the fair
        ([{"column": "value_eur", "test": "at_most", "value": 30}], 0, "0.0 %"),  # none won
    ],
)
def test_a_rule_that_falls_short_earns_a_part_or_nothing(rule, share, said):
    """Bands: all the way, more than half of it, more than nothing."""
    found = rules(*rule)
    assert found.share == share and said in found.message


def test_half_of_the_way_earns_half():
    """With 50 % asked from 0 on, 33 % is two thirds of the way: half of the points."""
    found = rules(BIG, full=0.5, none=0)
    assert (found.status, found.share) == ("partial", 0.5)


def test_misconceptions_of_rules_are_named():
    """A function recognises one, a written rule another; each has its hint."""
    assert rules(FAIR).misconception == "web_only"
    small = rules({"column": "value_eur", "test": "at_most", "value": 30})
    assert small.misconception == "small" and small.message.startswith("You took the small ones.")
    assert rules(BIG).misconception is None


def test_a_rule_that_picks_nothing_earns_nothing():
    """No deal is worth 100: there is nothing to judge, which is a miss and no crash."""
    found = rules({"column": "value_eur", "test": "at_least", "value": 100})
    assert (found.status, found.share) == ("wrong", 0) and "too little" in found.message


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ([], "build your rule"),
        (None, "build your rule"),
        ("at least 50", "build your rule"),
        ([{}], "row 1 looks at nothing"),
        ([BIG, {"column": "source", "test": "one_of", "value": []}], "row 2 (Source)"),
        ([{"column": "value_eur", "test": "at_least", "value": "50"}], "row 1 (Value)"),
        ([{"column": "value_eur", "test": "at_least", "value": math.nan}], "row 1 (Value)"),
        ([{"column": "value_eur", "test": "is", "value": 50}], "row 1 (Value)"),
        ([{"column": "is_won", "test": "is", "value": "true"}], "row 1 looks at nothing"),  # not offered
        ([{"column": ["source"], "test": "is", "value": "fair"}], "row 1 looks at nothing"),
        ([7, None], "row 1 looks at nothing"),
        ([BIG] * 5, "5 rows"),
    ],
)
def test_an_unfinished_or_hostile_rule_is_no_miss_and_no_crash(rule, said):
    """Only offered columns, options and finite numbers reach the tables."""
    found = score(item("R1"), {"rules": rule}, WORLD)
    assert found.status == "unanswered" and said in found.message


def test_percent_columns_are_typed_as_people_write_them():
    """A column whose range is in percent holds fractions: 50 is compared as 0.5."""
    columns = [{"id": "share", "text": "Share", "range": {"min": 0, "max": 100, "step": 1, "unit": "percent"}}]
    written = outcomes.read_rule(item("R1", columns=columns), [{"column": "share", "test": "at_least", "value": 50}])
    assert written == [{"column": "share", "test": "at_least", "value": 0.5}]


def test_what_a_rule_brings_on_the_own_book_is_shown_in_words():
    """Of the own book only the three won deals (60, from the fair) are worth 50 or more and come from the fair."""
    asked = item("R1")
    rule = outcomes.read_rule(asked, [BIG, FAIR])
    assert outcomes.rule_in_words(asked, rule) == "Value at least €50, and Source is Fair"
    assert outcomes.rule_brings(asked, rule, WORLD) == ["3"]


# --- allocate ------------------------------------------------------------------------------------------------------
# Today everything is in the north, which brings nothing. South brings 2 a euro (at most 80), west 1. Best: 180.


@pytest.mark.parametrize(
    ("amounts", "share"),
    [
        ((0, 80, 20), 1),  # the best: 180
        ((20, 70, 10), 1),  # 150 of 180 is 0.83 of the gain: as good as right
        ((40, 60, 0), 0.5),  # 120 of 180 is 0.67
        ((70, 30, 0), 0.25),  # 60 of 180 is a third
        ((100, 0, 0), 0),  # today
    ],
)
def test_a_plan_earns_by_its_share_of_the_possible_gain(amounts, share):
    """Regret bands at 0, 0.5 and 0.8 of the gain over today."""
    assert plan(*amounts).share == share


def test_the_cost_of_the_choice_is_told_whatever_was_chosen():
    """60 in the south and 40 in the north bring 120; the best brings 180, so the choice costs 60."""
    assert "Brings €120.0. The best one: €180.0. The choice costs €60.0." in plan(40, 60, 0).message
    assert "The choice costs nothing." in plan(0, 80, 20).message


def test_misconceptions_of_plans_are_named():
    """A function recognises one; a written plan is met by whatever places less than 5 % otherwise."""
    assert plan(50, 0, 50).misconception == "nothing_south"
    assert plan(35, 32, 33).misconception == "a_third_each"
    assert plan(45, 30, 25).misconception is None


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"north": 0, "south": 80, "west": 10}, "€10 is still to be placed"),
        ({"north": 10, "south": 80, "west": 20}, "€10 too much"),
        ({"north": 0, "south": 90, "west": 10}, "South must get"),
        ({"north": -20, "south": 80, "west": 40}, "North must get"),
        ({"north": math.nan, "south": 80, "west": 20}, "North must get"),
        ({"north": "80", "south": 20}, "North must get"),
        ({"north": True, "south": 80, "west": 20}, "North must get"),
        ({"north": 10**400, "south": 0, "west": 0}, "North must get"),
        ({"moon": 100}, "is still to be placed"),
        ({}, "share out the total"),
        ([100], "share out the total"),
    ],
)
def test_a_plan_that_is_not_feasible_is_no_miss_and_no_crash(said, words):
    """Budget adds up, caps are kept; anything else is said in one sentence."""
    found = score(item("A1"), {"plan": said}, WORLD)
    assert found.status == "unanswered" and words in found.message, found.message


def test_where_today_is_best_already_keeping_it_is_right():
    """Nothing to gain: the plan that stays as good earns all, a worse one nothing."""
    rows = [
        {"id": "north", "text": "North"},
        {"id": "south", "text": "South", "max": 80, "start": 80},
        {"id": "west", "text": "West", "start": 20},
    ]
    assert plan(0, 80, 20, rows=rows).share == 1
    assert plan(20, 60, 20, rows=rows).share == 0


# --- sort, claim, pick exactly n -----------------------------------------------------------------------------------


def test_sort_earns_rows_minus_chance():
    """Three bins: a third is chance. Three of four rows are (0.75 − 1/3) ÷ (2/3) = 0.625."""
    said = {"a": "effect", "b": "effect", "c": "link", "d": "effect"}
    found = score(item("S1"), {"rows": said}, WORLD)
    assert (found.share, found.misconception) == (pytest.approx(0.625), "opinion_as_effect")
    assert score(item("S1"), {"rows": {**said, "a": "opinion"}}, WORLD).status == "right"
    assert score(item("S1"), {"rows": dict.fromkeys("abcd", "link")}, WORLD).share == 0  # one of four is below chance


def test_sort_can_be_keyed_by_the_tables():
    """A computed key is what a function gives; here the count of each outcome in the own book: 3 won, 4 lost."""
    counted = {
        "compute": "onefunnel.metrics.rules.tally",
        "inputs": ["opportunities"],
        "arguments": {"column": "outcome"},
    }
    asked = item(
        "S1",
        rows=[{"id": one, "text": one} for one in ("won", "lost", "open")],
        options=[{"id": n, "text": n} for n in "234"],
        value=counted,
        solution={},
        wrong_rows=[],
    )
    assert score(asked, {"rows": {"won": "3", "lost": "4", "open": "2"}}, WORLD).status == "right"
    assert score(asked, {"rows": {"won": "4", "lost": "4", "open": "2"}}, WORLD).status == "partial"


def test_a_claim_is_right_as_a_whole_and_each_gap_has_its_hint():
    """Two wrong gaps are told two things; a wrong gap with a name is told its reason."""
    assert score(item("C1"), {"parts": {"gap": "points", "does": "yes"}}, WORLD).status == "right"
    both = score(item("C1"), {"parts": {"gap": "percent", "does": "no"}}, WORLD)
    assert (both.share, both.misconception) == (0, "points_are_percent")
    assert both.message == "You wrote per cent for points.\n“Does it”: Look at the interval."
    one = score(item("C1"), {"parts": {"gap": "none", "does": "yes"}}, WORLD)
    assert one.misconception is None and one.message == "“The gap”: Take one share from the other."
    assert score(item("C1"), {"parts": {"gap": "points"}}, WORLD).status == "unanswered"


def test_exactly_so_many_must_be_picked():
    """With `choose: 2`, one or three picks are unfinished, not wrong."""
    asked = item("H1", choose=2)
    assert score(asked, {"picked": ["a1", "a2"]}, WORLD).status == "right"
    assert score(asked, {"picked": ["a1"]}, WORLD).message == "pick exactly 2; you picked 1."
    assert score(asked, {"picked": ["a1", "a2", "a3"]}, WORLD).status == "unanswered"
    assert score(asked, {"picked": ["a1", "big"]}, WORLD).misconception == "big_is_leak"
