"""The pulse survey, counted on a frame of four people that fits on a hand."""

from __future__ import annotations

import pandas as pd
import pytest

from onefunnel.metrics import growth, pulse, pulse_traps

WAVES = pd.Timestamp("2026-01-05"), pd.Timestamp("2026-04-06")


@pytest.fixture
def survey():
    """Ada ticks both boxes, Ben one, Caz none, Dee keeps silent. In the wave before, Ada ticked nothing."""
    said = {"Ada": (1, 1, 1), "Ben": (1, 0, 0), "Caz": (0, 0, 1), "Dee": (None, None, None)}
    functions = {"Ada": "marketing", "Ben": "sales", "Caz": "sales", "Dee": "sales"}
    questions = ("obstacle_data", "obstacle_talk", "met")
    rows = [
        (WAVES[1], person, functions[person], question, answer)
        for person, answers in said.items()
        for question, answer in zip(questions, answers, strict=True)
    ]
    rows.append((WAVES[0], "Ada", "marketing", "obstacle_data", 0))
    return pd.DataFrame(rows, columns=["wave_on", "respondent_id", "function", "question_id", "answer"])


def test_shares_of_people_add_to_the_boxes_a_person(survey):
    """Three boxes of three people who answered: 2 of 3 ticked data, 1 of 3 talk, one box a person."""
    assert pulse.boxes_ticked(survey) == 3
    assert pulse.people_who_answered(survey) == 3
    assert pulse.boxes_offered(survey) == 6
    assert pulse.boxes_per_person(survey) == pytest.approx(3 / 3)
    assert pulse.share_of_people(survey, "obstacle_data") == pytest.approx(2 / 3)
    assert pulse.share_of_people(survey, "obstacle_talk") == pytest.approx(1 / 3)


def test_wrong_readings_differ_in_the_known_direction(survey):
    """Boxes taken for people: with one more person, data has 3 of 4 people but 3 of 5 boxes."""
    assert pulse_traps.must_total_100(survey) == 1
    more = pd.concat([survey, survey.iloc[[0]].assign(respondent_id="Eve", question_id="obstacle_talk")])
    assert pulse.share_of_people(more, "obstacle_data") == pytest.approx(2 / 4)
    assert pulse_traps.share_of_boxes(more, "obstacle_data") == pytest.approx(2 / 4)
    more = pd.concat([more, survey.iloc[[0]].assign(respondent_id="Eve")])
    assert pulse.share_of_people(more, "obstacle_data") == pytest.approx(3 / 4)
    assert pulse_traps.share_of_boxes(more, "obstacle_data") == pytest.approx(3 / 5)


def test_yes_and_answers_are_those_of_one_function(survey):
    """Of the three sellers Caz met somebody, Ben did not, Dee said nothing."""
    assert pulse.yes(survey, "met", "sales") == 1
    assert pulse.answered(survey, "met", "sales") == 2
    assert pulse.answered(survey, "met", "marketing") == 1
    assert pulse.share_of_yes(survey, "met", "sales") == pytest.approx(1 / 2)


def test_twenty_per_cent_of_a_share_is_not_twenty_points():
    """A fifth of 15 is 3; so 18. As points it would be 35."""
    assert growth.after_relative_change(0.15, 0.20) == pytest.approx(0.18)
    assert growth.after_points(0.15, 0.20) == pytest.approx(0.35)
