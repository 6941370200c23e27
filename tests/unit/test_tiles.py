"""Formulas from tiles: precedence, brackets, division by zero, and sentences for broken ones."""

import math

import pytest

from onefunnel.learn import tiles

VALUES = {"won": 3.0, "lost": 5.0, "open": 2.0, "none": 0.0}


def value(text):
    return tiles.evaluate(tiles.parse(text.split(), list(VALUES)), VALUES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("won", 3),
        ("1", 1),
        ("won ÷ ( won + lost )", 3 / 8),
        ("won ÷ won + lost", 6),
        ("lost − open − 1", 2),
        ("lost − ( open − 1 )", 4),
        ("won + lost × open", 13),
        ("( won + lost ) × open", 16),
        ("lost ÷ open ÷ open", 1.25),
        ("( ( won ) )", 3),
        ("won * lost / lost - 1", 2),
    ],
)
def test_binds_as_at_school(text, expected):
    """× and ÷ before + and −, left to right, brackets first; keyboard signs are understood."""
    assert value(text) == pytest.approx(expected)


def test_dividing_by_zero_is_not_a_number():
    """A rate without a base is not defined, not an error."""
    assert math.isnan(value("won ÷ none"))
    assert math.isnan(value("1 + won ÷ none"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("won lost", "side by side: put + − × or ÷ between them"),
        ("( won lost )", "side by side"),
        ("won ( lost )", "side by side"),
        ("won +", "ends with “+”"),
        ("× won", "needs a number on its left"),
        ("won + ÷ lost", "“+” and “÷” stand side by side"),
        ("( won", "never closed"),
        ("won )", "no “(” before it"),
        ("( )", "nothing inside"),
        ("won ÷ ( lost + )", "waiting for a number"),
        ("won ÷ profit", "no tile “profit”"),
        ("won " * 61, "61 tiles"),
    ],
)
def test_a_broken_formula_gets_a_plain_sentence(text, said):
    """Each way to break a formula says what to put where."""
    with pytest.raises(tiles.Broken, match=__import__("re").escape(said)):
        tiles.parse(text.split(), list(VALUES))


@pytest.mark.parametrize("strange", [None, 3, {"a": 1}, ["won"], "__import__('os')"])
def test_strange_tiles_are_refused_and_never_executed(strange):
    """Only known tiles and signs are read."""
    with pytest.raises(tiles.Broken):
        tiles.parse(["won", "+", strange], list(VALUES))


def test_a_formula_is_spelled_with_labels():
    """The tiles that have a number are shown by name, signs as they are."""
    assert tiles.spell(["won", "/", "(", "won", "+", "lost", ")"], {"won": "3", "lost": "5"}) == "3 ÷ ( 3 + 5 )"
