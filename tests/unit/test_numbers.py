"""Numbers as people write them: read, compared within the tolerance, and shown."""

import math

import pytest

from onefunnel.learn import numbers


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("26.4", 26.4),
        ("26,4", 26.4),
        ("26.4 %", 26.4),
        ("26,4%", 26.4),
        ("0.264", 0.264),
        (".5", 0.5),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1 234,5", 1234.5),
        ("1'234.5", 1234.5),
        ("12,345,678", 12345678.0),
        ("€ 41.20", 41.2),
        ("41,20 €", 41.2),
        ("€13k", 13000.0),
        ("€13,000 a day", 13000.0),
        ("12 days", 12.0),
        ("12 business days", 12.0),
        ("2.30 ×", 2.3),
        ("18.4 points", 18.4),
        ("-3", -3.0),
        ("−3", -3.0),
        ("+12.5 %", 12.5),
        ("  7  ", 7.0),
        (7, 7.0),
        (0.25, 0.25),
    ],
)
def test_reads_what_people_write(text, value):
    """The likeliest reading of each way of writing is the number meant."""
    assert numbers.read(text)[0].value == pytest.approx(value)


@pytest.mark.parametrize("text", ["", "abc", "1.2.3,4,5", "12 13", "--3", "1e5", "7" * 61, None, True, [], {}, "9,9,9"])
def test_what_is_no_number_has_no_reading(text):
    """Words, lists and overlong texts are not read, and raise nothing."""
    assert numbers.read(text) == ()


def test_an_ambiguous_mark_has_both_readings():
    """ "1,234" may be a thousand or one and a bit; "0,264" cannot be a thousand."""
    assert {reading.value for reading in numbers.read("1,234")} == {1234.0, 1.234}
    assert {reading.value for reading in numbers.read("1.234")} == {1234.0, 1.234}
    assert [reading.value for reading in numbers.read("0,264")] == [0.264]


def test_not_defined_is_nan():
    """ "n/a" is the right answer where a rate has nothing to divide by."""
    assert math.isnan(numbers.read("n/a")[0].value)
    assert numbers.meets(numbers.read("not defined")[0], math.nan, "percent", 1).how == "exact"
    assert numbers.meets(numbers.read("0")[0], math.nan, "percent", 1) is None


@pytest.mark.parametrize(
    ("text", "how"), [("26.4", "exact"), ("26,4 %", "exact"), ("0.264", "fraction"), ("0.264 %", "slip"), ("27", None)]
)
def test_a_percentage_may_be_a_fraction(text, how):
    """26.4 and 0.264 are the same share; 0.264 % is a slip of the sign."""
    found = [m for m in (numbers.meets(r, 0.264, "percent", 1) for r in numbers.read(text)) if m]
    assert (found[0].how if found else None) == how


@pytest.mark.parametrize(("text", "how"), [("2.64", "exact"), ("264 %", "exact"), ("264", "slip"), ("2.4", None)])
def test_a_ratio_may_be_a_percentage(text, how):
    """264 % is a ratio of 2.64; a bare 264 is a slip."""
    found = [m for m in (numbers.meets(r, 2.64, "ratio", 2) for r in numbers.read(text)) if m]
    assert (found[0].how if found else None) == how


def test_tolerance_is_the_larger_of_half_a_percent_and_half_a_digit():
    """0.5 % of 1,000 € is 5 €; half of the last digit of 3.0 % is 0.05 points; counts are exact."""
    assert numbers.tolerance(1000, "eur", 2) == pytest.approx(5)
    assert numbers.tolerance(0.03, "percent", 1) == pytest.approx(0.0005)
    assert numbers.close(0.0305, 0.03, "percent", 1)
    assert not numbers.close(0.0306, 0.03, "percent", 1)
    assert numbers.close(300, 300, "count", 0)
    assert not numbers.close(301, 300, "count", 0)


def test_rounding_too_much_is_told_apart_from_a_mistake():
    """26 for 26.4 is the right number cut short; 27 and 26.4 itself are not that."""
    assert numbers.rounded_too_much("26 %", 0.264, "percent", 1)
    assert not numbers.rounded_too_much("27 %", 0.264, "percent", 1)
    assert not numbers.rounded_too_much("26.4", 0.264, "percent", 1)


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "text"),
    [
        (0.264, "percent", 1, "26.4 %"),
        (41.2, "eur", 2, "€41.20"),
        (-41.2, "eur", 0, "−€41"),
        (12, "days", 1, "12.0 days"),
        (2.3, "ratio", None, "2.30 ×"),
        (1234, "count", None, "1,234"),
        (-0.0001, "percent", 1, "0.0 %"),
        (math.nan, "percent", 1, "not defined"),
    ],
)
def test_shows_values_for_people(value, unit, decimals, text):
    """Units, thousands and signs as people expect them; what is shown can be read back."""
    assert numbers.show(value, unit, decimals) == text
    readings = numbers.read(text)
    assert readings and (not value or any(numbers.meets(reading, value, unit, decimals or 0) for reading in readings))
