"""The latest wave of the pulse survey: who said yes, who answered at all, and which obstacles people ticked.

`pulse_survey` has one row a person and question: `wave_on`, `respondent_id`, `function`, `question_id`, `answer`
(1 yes, 0 no, missing: asked, but did not answer). Obstacles are a question with many answers, one row a box; their ids
begin with "obstacle_".
"""

from __future__ import annotations

import pandas as pd

from onefunnel.metrics.ratio import share

OBSTACLE = "obstacle_"


def yes(pulse_survey: pd.DataFrame, question: str, function: str) -> int:
    """People of one function who said yes in the latest wave."""
    return int(_said(pulse_survey, question, function).sum())


def answered(pulse_survey: pd.DataFrame, question: str, function: str) -> int:
    """People of one function who gave any answer in the latest wave."""
    return int(_said(pulse_survey, question, function).notna().sum())


def share_of_yes(pulse_survey: pd.DataFrame, question: str, function: str) -> float:
    """Yes ÷ answers of one function in the latest wave, a fraction. NaN when nobody answered."""
    return share(yes(pulse_survey, question, function), answered(pulse_survey, question, function))


def boxes_ticked(pulse_survey: pd.DataFrame, box: str | None = None) -> int:
    """Obstacle boxes that people ticked in the latest wave; `box` (a question id) counts only that one."""
    return int(_boxes(pulse_survey, box)["answer"].sum())


def people_who_answered(pulse_survey: pd.DataFrame) -> int:
    """People who answered the question about obstacles, also those who ticked nothing."""
    return int(_boxes(pulse_survey).dropna(subset=["answer"])["respondent_id"].nunique())


def boxes_offered(pulse_survey: pd.DataFrame) -> int:
    """Empty and ticked boxes on the forms that came back."""
    return int(_boxes(pulse_survey)["answer"].notna().sum())


def boxes_per_person(pulse_survey: pd.DataFrame) -> float:
    """Boxes ticked ÷ people who answered, the sum of all shares of people. NaN when nobody answered."""
    return share(boxes_ticked(pulse_survey), people_who_answered(pulse_survey))


def share_of_people(pulse_survey: pd.DataFrame, box: str) -> float:
    """People who ticked one box ÷ people who answered, a fraction."""
    return share(boxes_ticked(pulse_survey, box), people_who_answered(pulse_survey))


def _latest(pulse_survey: pd.DataFrame) -> pd.DataFrame:
    return pulse_survey[pulse_survey["wave_on"] == pulse_survey["wave_on"].max()]


def _said(pulse_survey: pd.DataFrame, question: str, function: str) -> pd.Series:
    rows = _latest(pulse_survey)
    return rows.loc[(rows["question_id"] == question) & (rows["function"] == function), "answer"]


def _boxes(pulse_survey: pd.DataFrame, box: str | None = None) -> pd.DataFrame:
    rows = _latest(pulse_survey)
    return rows[rows["question_id"].eq(box) if box else rows["question_id"].str.startswith(OBSTACLE)]
