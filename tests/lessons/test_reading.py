"""Words and reading grade, against texts whose values were counted by hand or published."""

from __future__ import annotations

import pytest

from onefunnel.lessons import reading

GETTYSBURG = """Four score and seven years ago our fathers brought forth on this continent, a new nation, conceived in
Liberty, and dedicated to the proposition that all men are created equal. Now we are engaged in a great civil war,
testing whether that nation, or any nation so conceived and so dedicated, can long endure. We are met on a great
battle-field of that war."""


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("the", 1),
        ("price", 1),
        ("sales", 1),
        ("table", 2),
        ("invoice", 2),
        ("customer", 3),
        ("marketing", 3),
        ("opportunity", 5),
        ("decision", 3),
        ("qualified", 3),
        ("asked", 1),
        ("wanted", 2),
        ("business", 2),
        ("42", 2),
    ],
)
def test_syllables(word, count):
    """Common words of the lessons, counted by a person."""
    assert reading.syllables(word) == count


def test_grade_of_a_known_text():
    """By hand: 65 words, 3 sentences, 96 syllables: 0.39 · 21.67 + 11.8 · 1.477 − 15.59 = 10.3; within half a grade."""
    assert abs(reading.grade(GETTYSBURG) - 10.3) <= 0.5


def test_short_sentences_read_easily():
    """“We sell it. You buy it.”: 6 words, 2 sentences, 6 syllables give 0.39·3 + 11.8 − 15.59 = −2.6."""
    assert reading.grade("We sell it. You buy it.") == -2.6


def test_words_leave_code_and_addresses_out():
    """Seven words: the link's text counts, its address, the code and the table's ruler do not."""
    text = (
        "Read [the page](https://example.com/a/b) now.\n\n```\ncode here\n```\n\n| one | two |\n|---|---|\n| 3 | `x` |"
    )
    assert reading.words(text) == 7


def test_nothing_to_read():
    """A text without words has grade 0."""
    assert reading.grade("```\ncode\n```") == 0.0
