"""Intervals: published examples and plain properties."""

import math

import pandas as pd
import pytest

from onefunnel.metrics.intervals import newcombe, value_interval, wilson


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    # Newcombe (1998), "Two-sided confidence intervals for the single proportion", table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_agrees_with_the_published_table(part, whole, low, high):
    """Four printed examples, to four places."""
    assert wilson(part, whole) == pytest.approx((low, high), abs=6e-5)


@pytest.mark.parametrize(
    ("a", "b", "low", "high"),
    # Newcombe (1998), "Interval estimation for the difference …", table II, method 10.
    [((56, 70), (48, 80), 0.0524, 0.3339), ((9, 10), (3, 10), 0.1705, 0.8090), ((10, 10), (0, 20), 0.6791, 1.0)],
)
def test_newcombe_agrees_with_the_published_table(a, b, low, high):
    """Three printed examples, to four places."""
    assert newcombe(*a, *b) == pytest.approx((low, high), abs=6e-5)


def test_the_survey_gap_of_the_evidence_lesson():
    """27 of 45 v 20 of 60: a gap of 27 points, interval 7 to 43."""
    low, high = newcombe(27, 45, 20, 60)
    assert (round(100 * low), round(100 * high)) == (7, 43)


def test_no_cases_no_interval():
    """An empty group has no interval; a part larger than the whole is refused."""
    assert all(math.isnan(bound) for bound in (*wilson(0, 0), *newcombe(1, 2, 0, 0)))
    with pytest.raises(ValueError, match="no share"):
        wilson(5, 4)


def test_value_interval_holds_the_rate_and_shrinks_with_more_deals():
    """Equal amounts: about Wilson's interval of the count; four times the deals, about half the width."""

    def deals(times):
        return pd.DataFrame({"outcome": ["won"] * 30 * times + ["lost"] * 70 * times, "amount_eur": 500.0})

    low, high = value_interval(deals(1))
    expected = wilson(30, 100)
    assert (low, high) == pytest.approx(expected, abs=0.02)
    narrow_low, narrow_high = value_interval(deals(4))
    assert (narrow_high - narrow_low) / (high - low) == pytest.approx(0.5, abs=0.06)


def test_value_interval_is_the_same_whatever_the_order():
    """Fixed seed and sorted rows: shuffling the table changes nothing, and open deals are ignored."""
    deals = pd.DataFrame(
        {
            "outcome": ["won", "lost", "no_decision", "open"] * 25,
            "amount_eur": [float(100 + i * 7 % 901) for i in range(100)],
        }
    )
    once = value_interval(deals)
    assert value_interval(deals.sample(frac=1, random_state=3)) == once
    assert value_interval(deals[deals["outcome"] != "open"]) == once


def test_value_interval_of_nothing():
    """Nothing decided: NaN."""
    empty = pd.DataFrame({"outcome": ["open"], "amount_eur": [5.0]})
    assert all(math.isnan(bound) for bound in value_interval(empty))
