"""Survey shares: the printed gap, boxes a person, and what too few answers give."""

import math

import numpy as np
import pandas as pd
import pytest

from onefunnel.metrics import survey, survey_traps
from onefunnel.metrics.intervals import wilson


def make_answers(yes, no, silent=0):
    return pd.Series([True] * yes + [False] * no + [None] * silent, dtype=object)


def test_the_printed_gap():
    """27 of 45 v 20 of 60: 27 points, 7 to 43. The same rates from 6 of 10 and 3 of 9: −16 to 58."""
    gap = survey.gap(27, 45, 20, 60)
    assert [round(100 * value) for value in gap] == [27, 7, 43]
    small = survey.gap(6, 10, 3, 9)
    assert [round(100 * value) for value in small] == [27, -16, 58]


def test_gap_from_the_answers():
    """The same from two groups in one list, in any order of rows."""
    answers = pd.concat([make_answers(27, 18, 28), make_answers(20, 40, 85)], ignore_index=True)
    group = pd.Series(["marketing"] * 73 + ["sales"] * 145)
    expected = survey.gap(27, 45, 20, 60)
    assert survey.gap_between(answers, group, "marketing", "sales") == pytest.approx(expected)
    order = answers.sample(frac=1, random_state=1).index
    assert survey.gap_between(answers[order], group[order], "marketing", "sales") == pytest.approx(expected)
    assert all(math.isnan(value) for value in survey.gap_between(answers, group, "marketing", "finance"))


def test_share_with_interval_and_response_rate():
    """27 yes, 18 no, 28 silent: 60 % of 45, Wilson's interval, 45 of 73 answered."""
    result = survey.agreement(make_answers(27, 18, 28))
    assert (result.yes, result.answered, result.asked) == (27, 45, 73)
    assert result.share == pytest.approx(0.6)
    assert (result.low, result.high) == wilson(27, 45)
    assert result.response_rate == pytest.approx(45 / 73)
    assert survey_traps.silence_is_no(make_answers(27, 18, 28)).share == pytest.approx(27 / 73)


def test_a_cell_below_five_is_not_shown():
    """Four answers: no share and no count. Nobody asked: no response rate either."""
    few = survey.agreement(make_answers(4, 0, 6))
    assert few.yes == 0
    assert few.answered == 4
    assert math.isnan(few.share)
    assert few.response_rate == pytest.approx(0.4)
    assert survey.agreement(make_answers(5, 0)).share == 1
    assert math.isnan(survey.agreement(make_answers(0, 0)).response_rate)


def test_wrong_gaps():
    """No width; 80 % more for 27 points; from bar's end to bar's end the gap looks like noise, and is none."""
    assert survey_traps.ignores_n(27, 45, 20, 60).low == pytest.approx(0.6 - 1 / 3)
    assert survey_traps.points_are_percent(27, 45, 20, 60).gap == pytest.approx(0.8)
    wide = survey_traps.overlapping_bars(27, 45, 20, 60)
    assert wide.low < 0 < survey.gap(27, 45, 20, 60).low
    assert wide.high > survey.gap(27, 45, 20, 60).high


def make_ticks():
    """100 people tick the six printed obstacles 43, 43, 41, 37, 25 and 21 times; five more did not answer."""
    counts = {"a": 43, "b": 43, "c": 41, "d": 37, "e": 25, "f": 21}
    ticks = pd.DataFrame({name: np.arange(100) < count for name, count in counts.items()}, dtype=object)
    # Whoever ticked nothing still answered (false everywhere); silent people have no value at all.
    return pd.concat([ticks, pd.DataFrame(None, index=range(100, 105), columns=ticks.columns, dtype=object)])


def test_boxes_add_to_boxes_per_person():
    """43 + 43 + 41 + 37 + 25 + 21 = 210 boxes of 100 people: 2.1; made to total 100, 43 % turns into 20.5 %."""
    table = survey.multi_response(make_ticks())
    assert table["people"].unique().tolist() == [100]
    assert table["share"].to_list() == pytest.approx([0.43, 0.43, 0.41, 0.37, 0.25, 0.21])
    assert survey.boxes_per_person(table["share"]) == pytest.approx(2.1)
    assert tuple(table.loc["a", ["low", "high"]]) == pytest.approx(wilson(43, 100))
    wrong = survey_traps.must_total_100(make_ticks())
    assert round(wrong.loc["a", "share"], 3) == 0.205
    assert wrong["share"].sum() == pytest.approx(1)
    pd.testing.assert_frame_equal(table, survey.multi_response(make_ticks().sample(frac=1, random_state=0)))


def test_a_question_nobody_answered():
    """No share, no interval, no boxes."""
    silent = make_ticks().iloc[100:]
    assert survey.multi_response(silent)["share"].isna().all()
    assert math.isnan(survey.boxes_per_person(pd.Series(dtype=float)))
    with pytest.raises(ValueError, match="no share"):
        survey.gap(5, 4, 1, 2)
