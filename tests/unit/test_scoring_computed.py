"""Numbers, sliders and formulas: right, named wrong, nearly, unreadable; on the book, and on a second one."""

import math
from dataclasses import replace

import pytest
from learn_world import item, shelf, world

from onefunnel.learn.scoring import score

WORLD = world()


def verdict(name, answer, code=None, **changes):
    return score(item(name, **changes), answer, WORLD, code)


# --- number: the book's win rate is 3 of 8 = 37.5 % ------------------------------------------------------------------


@pytest.mark.parametrize("text", ["37.5", "37,5 %", "0.375", "37.6", "37.4 %"])
def test_number_right_however_it_is_written(text):
    """All ways of writing, within the tolerance (0.5 % of 37.5 is 0.19 points)."""
    found = verdict("N1", {"text": text})
    assert found.status == "right" and "You win 37.5 %." in found.message


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("30 %", "open_in_denominator"),
        ("0.3", "open_in_denominator"),
        ("62.5", "loss_rate"),
        ("44", None),
        ("37.8", None),
    ],
)
def test_number_recognises_named_wrong_values(text, name):
    """3 of all 10 deals, and the share lost, are recognised by value; their reason comes from the playbook."""
    found = verdict("N1", {"text": text})
    assert (found.status, found.misconception) == ("wrong", name)
    if name == "open_in_denominator":
        assert found.message == WORLD.playbook.metric("win_rate").trap(name).why
    assert "37" not in found.message.replace(text, "")


def test_a_slip_of_the_percent_sign_is_no_miss():
    """0.375 % has the right digits: it gets its own sentence and is asked again."""
    found = verdict("N1", {"text": "0.375 %"})
    assert found.status == "unanswered" and "percent sign" in found.message


def test_rounding_too_much_is_no_miss():
    """38 for 37.5 needs one decimal more."""
    assert "with 1 decimal" in verdict("N1", {"text": "38 %"}).message
    assert verdict("N1", {"text": "38 %"}).status == "unanswered"


def test_words_are_unanswered_with_an_example():
    """What cannot be read is told how to write it."""
    found = verdict("N1", {"text": "about a third"})
    assert found.status == "unanswered" and "12.3 %" in found.message


def test_on_names_the_tables():
    """The same question on the company's tables: 4 of 10."""
    assert verdict("N1", {"text": "40 %"}, value={"metric": "win_rate", "on": "company"}).status == "right"


def test_nothing_decided_means_not_defined():
    """A book without decided deals has no win rate; that is the right answer then."""
    changed = replace(WORLD, book=shelf({"open": 3}, ["q"]))
    assert score(item("N1"), {"text": "not defined"}, changed).status == "right"
    assert score(item("N1"), {"text": "0"}, changed).status == "wrong"


# --- a line of code ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [0.375, 37.5, "37,5 %", [0.375]])
def test_line_right_either_way(code):
    """The code's number counts when the box is empty or wrong."""
    assert verdict("N1", None, code).status == "right"
    assert verdict("N1", {"text": "44"}, code).status == "right"


def test_line_wrong_but_box_right_is_right():
    """Either right is right."""
    assert verdict("N1", {"text": "37.5"}, 0.9).status == "right"


def test_line_misconception_and_what_is_no_number():
    """A wrong value is named; a function, list or table is told what is wanted; None and ... are no answer."""
    assert verdict("N1", None, 0.3).misconception == "open_in_denominator"
    for code in (lambda: 0.375, [1, 2], {"a": 1}, True, object(), "word"):
        assert verdict("N1", None, code).status == "unanswered", code
    assert verdict("N1", None, None).message == "type a number."
    assert verdict("N1", None, ...).message == "type a number."


# --- tiles: 3 deals reached the trial in the book, 4 in the second ---------------------------------------------------


def test_tiles_right_on_both_books():
    """Deals with a row plus deals that skipped it: 2 + 1 and 3 + 1."""
    found = verdict("T1", {"formula": ["with_row", "+", "skipped"]})
    assert found.status == "right" and found.message == "3 deals got at least that far."


def test_tiles_right_by_chance_is_not_right():
    """All deals less one is 3 here, but 5 and not 4 on the second book."""
    found = verdict("T1", {"formula": ["deals", "−", "1"]})
    assert found.status == "wrong" and "only by chance" in found.message


def test_tiles_mistake_that_the_own_book_hides_is_named_by_the_second():
    """Where no deal skipped the step, its rows are right by chance; the second book shows what was done."""
    lucky = replace(WORLD, book=shelf({"won": 1}, ["qt", "qtp"]))
    found = score(item("T1"), {"formula": ["with_row"]}, lucky)
    assert (found.status, found.misconception) == ("wrong", "skips_dropped")


def test_tiles_are_judged_by_the_own_book_where_the_second_has_no_value(monkeypatch):
    """A share of nothing is not defined: such a second book takes nobody's points and gives none away."""
    number = type(WORLD).number
    monkeypatch.setattr(
        type(WORLD), "number", lambda self, one, on=None: math.nan if on == "second" else number(self, one, on)
    )
    assert verdict("T1", {"formula": ["with_row", "+", "skipped"]}).status == "right"
    assert verdict("T1", {"formula": ["rows"]}).status == "wrong"


@pytest.mark.parametrize(
    ("formula", "name"),
    [
        (["with_row"], "skips_dropped"),
        (["skipped", "+", "1"], "skips_dropped"),
        (["rows"], "counts_twice"),
        (["deals"], None),
    ],
)
def test_tiles_recognise_misconceptions_by_value(formula, name):
    """Whatever tiles were used: a value of 2 means skipped deals were left out, 5 that rows were counted."""
    found = verdict("T1", {"formula": formula})
    assert (found.status, found.misconception) == ("wrong", name)


def test_tiles_say_when_parts_are_missing():
    """The key has three tiles: with one the learner hears that parts are missing, with three that the number is off."""
    assert "parts are missing" in verdict("T1", {"formula": ["deals"]}).message
    assert "parts are missing" not in verdict("T1", {"formula": ["deals", "+", "1"]}).message


@pytest.mark.parametrize("formula", [[], ["+"], ["with_row", "skipped"], ["nothing"], ["("]])
def test_tiles_that_are_no_formula_are_unanswered(formula):
    """A formula that cannot be read is no miss."""
    assert verdict("T1", {"formula": formula}).status == "unanswered"


def test_tiles_dividing_by_zero_is_wrong_not_an_error():
    """NaN is not the value asked for."""
    assert verdict("T1", {"formula": ["deals", "÷", "(", "1", "−", "1", ")"]}).status == "wrong"


# --- target: 5 % off at 40 % contribution needs 1/7 = 14.29 % more ----------------------------------------------------


@pytest.mark.parametrize(("at", "status"), [(14.3, "right"), (14.1, "right"), (14.6, "wrong"), (100 / 7, "right")])
def test_target_within_its_tolerance(at, status):
    """The slider counts in per cent; 0.2 points to either side are right."""
    assert verdict("G1", {"value": at}).status == status


def test_target_names_wrong_values():
    """5 % is the discount itself; 12.5 % is what the old margin would need."""
    assert verdict("G1", {"value": 5}).misconception == "same_percent"
    assert verdict("G1", {"value": 12.5}).misconception == "old_margin"
    assert verdict("G1", {"value": 14.3}).message == "You need 14.3 % more."


@pytest.mark.parametrize("value", [None, "14.3", True, math.nan, math.inf, [14.3], 10**400])
def test_target_that_is_no_number_is_unanswered(value):
    """Only a finite number is a position."""
    assert verdict("G1", {"value": value}).status == "unanswered"


# --- nothing a file may hold raises ---------------------------------------------------------------------------------

HOSTILE = [
    None,
    [],
    "text",
    3,
    True,
    {},
    {"text": None},
    {"text": "9" * 100_000},
    {"text": ["1"]},
    {"text": "<script>alert(1)</script>"},
    {"formula": "with_row"},
    {"formula": [None, {}, []]},
    {"formula": ["with_row"] * 10_000},
    {"formula": ["("] * 60},
    {"formula": ["(", "(", "1", ")", ")"] * 12},
    {"parts": ["where"]},
    {"parts": {"where": ["late"], "why": {"a": 1}}},
    {"parts": {"where": "x" * 100_000, "unknown": "late"}},
    {"position": {"a": "1", "b": 1.5, "c": None, "d": True}},
    {"position": {"a": 10**400, "b": -1}},
    {"position": [1, 2, 3]},
    {"rows": {"mql": None, "reach": 7}},
    {"rows": "mql"},
    {"picked": {"a1": True}},
    {"picked": [["a1"], None, 3, {"a": 1}]},
    {"picked": ["a1"] * 10_000},
    {"best": ["trade"], "worst": None},
    {"best": {"a": 1}, "worst": "nobody"},
    {"value": {"deep": [[[[[]]]]]}},
    {"choice": ["few"]},
    {"choice": None, "text": 5, "value": "NaN"},
]


@pytest.mark.parametrize("name", ["P1", "P2", "N1", "T1", "W1", "O1", "M1", "H1", "G1", "B1", "X1"])
@pytest.mark.parametrize("answer", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_answers_never_raise_and_never_earn(name, answer):
    """Wrong types, huge texts, unknown ids: always a verdict with a sentence, never full points for a counted item."""
    found = verdict(name, answer)
    assert found.status in {"wrong", "unanswered", "partial"} or name in {"P2", "X1"}
    assert 0 <= found.share <= 1 and (found.message or found.status == "right")
