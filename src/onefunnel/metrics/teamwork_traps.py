"""Wrong ways to read how the two work together. Each has the signature of the metric its docstring names."""

from __future__ import annotations

import pandas as pd

from onefunnel.metrics import teamwork
from onefunnel.metrics.ratio import share
from onefunnel.metrics.teamwork import DAY, LOW_SCORE, SALES, SETTLED_DAYS


def received_only(
    field_notes: pd.DataFrame, as_of: pd.Timestamp, days: float = 364, settled_days: float = SETTLED_DAYS
) -> float:
    """For note_days: the median of the notes that arrived. Too low."""
    return teamwork.note_days(field_notes[field_notes["received_on"] <= as_of], as_of, days, settled_days)


def mean_of_received(
    field_notes: pd.DataFrame, as_of: pd.Timestamp, days: float = 364, settled_days: float = SETTLED_DAYS
) -> float:
    """For note_days: the mean of those that arrived. A few very late ones make it, the lost ones do not."""
    rows = teamwork.settled_notes(field_notes, as_of, days, settled_days)
    return float(((rows["received_on"] - rows["noted_on"]) / DAY).mean())


def unused_is_lost(
    field_notes: pd.DataFrame, as_of: pd.Timestamp, days: float = 364, settled_days: float = SETTLED_DAYS
) -> float:
    """For notes_lost: notes that nobody *used*. Most of these were read. Too high."""
    used = field_notes.assign(received_on=field_notes["used_on"])
    return teamwork.notes_lost(used, as_of, days, settled_days)


def lost_per_received(
    field_notes: pd.DataFrame, as_of: pd.Timestamp, days: float = 364, settled_days: float = SETTLED_DAYS
) -> float:
    """For notes_lost: lost ÷ received. A share needs the whole below the line. Too high."""
    lost = teamwork.notes_lost(field_notes, as_of, days, settled_days)
    return share(lost, 1.0 - lost)


def hours_of_both(time_log: pd.DataFrame) -> float:
    """For hours_doubled: adds marketing's hours, as if both could stop. Too high."""
    doubled = time_log.loc[teamwork.done_by_both(time_log), "hours"].sum()
    return share(doubled, teamwork.seller_weeks(time_log))


def all_selling_hours(time_log: pd.DataFrame) -> float:
    """For hours_doubled: all the seller's logged hours, doubled or not. Too high."""
    return share(time_log.loc[time_log["function"] == SALES, "hours"].sum(), teamwork.seller_weeks(time_log))


def assets_per_cell(assets: pd.DataFrame, features: pd.DataFrame) -> float:
    """For asset_cells_covered: assets ÷ cells, as if they were spread evenly. Too high; may pass 100 %."""
    return share(len(assets), teamwork.cells(assets, features))


def good_score_is_complete(hand_overs: pd.DataFrame) -> float:
    """For hand_overs_complete: takes a score above 2 for a complete pack. Customers may be content without it."""
    return 1.0 - teamwork.low_experience(hand_overs)


def mean_as_share(hand_overs: pd.DataFrame, score: int = LOW_SCORE) -> float:
    """For low_experience: what the mean score lacks to 5. A mean hides who suffers."""
    return 1.0 - float(hand_overs["experience_score"].mean()) / 5.0


def angriest_only(hand_overs: pd.DataFrame, score: int = LOW_SCORE) -> float:
    """For low_experience: scores of exactly 1 only, the angriest. Who scored 2 leaves as well. Too low."""
    return teamwork.low_experience(hand_overs, 1)


def per_cent_for_points(
    pulse_survey: pd.DataFrame, question: str = "understands_needs", a: str = "marketing", b: str = SALES
) -> float:
    """For survey_gap: share ÷ share − 1, "80 % more". Too high."""
    first, second = (_yes(pulse_survey, question, name) for name in (a, b))
    return share(first, second) - 1.0


def of_all_asked(
    pulse_survey: pd.DataFrame, question: str = "understands_needs", a: str = "marketing", b: str = SALES
) -> float:
    """For survey_gap: counts silence as a no. Who answers less looks as if they agreed less."""
    return teamwork.survey_gap(pulse_survey.assign(answer=pulse_survey["answer"].fillna(0)), question, a, b)


def _yes(pulse_survey: pd.DataFrame, question: str, function: str) -> float:
    rows = teamwork.last_wave(pulse_survey, question)
    return float(rows.loc[rows["function"] == function, "answer"].mean())
