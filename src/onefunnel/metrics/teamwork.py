"""How the two functions work together: notes from the field, work done twice, material for every buyer, hand-overs.

Tables: `field_notes` (`noted_on`, `received_on` missing until it arrives), `time_log` (`territory_id`, `week`,
`function`, `task_id`, `hours`), `assets` and `features` (`job_title`; assets also `industry`), `hand_overs`
(`complete`, `experience_score` 1 to 5), `pulse_survey` (`wave_on`, `function`, `question_id`, `answer` 1, 0 or
missing).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from onefunnel.metrics.ratio import share
from onefunnel.metrics.survey import gap_between

DAY = pd.Timedelta(days=1)
SALES = "sales"
LOW_SCORE = 2

#: Notes younger than this are not judged: they may still be on the way.
SETTLED_DAYS = 60


def note_days(
    field_notes: pd.DataFrame, as_of: pd.Timestamp, days: float = 364, settled_days: float = SETTLED_DAYS
) -> float:
    """Median days from a seller's note to marketing, of notes written in `days` that end `settled_days` before `as_of`.

    Notes that never arrived count as **longest**: leaving them out would praise a box that loses a quarter of its post.
    NaN when half or more never arrived, and without notes.
    """
    rows = settled_notes(field_notes, as_of, days, settled_days)
    waited = ((rows["received_on"] - rows["noted_on"]) / DAY).where(rows["received_on"] <= as_of)
    ordered = np.sort(waited.fillna(np.inf).to_numpy(dtype=float))
    if not len(ordered) or np.isinf(ordered[len(ordered) // 2]):
        return float("nan")
    return float((ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2)


def notes_lost(
    field_notes: pd.DataFrame, as_of: pd.Timestamp, days: float = 364, settled_days: float = SETTLED_DAYS
) -> float:
    """Notes that have not reached marketing ÷ notes, of the same notes as `note_days`; a fraction."""
    rows = settled_notes(field_notes, as_of, days, settled_days)
    return share((~(rows["received_on"] <= as_of)).sum(), len(rows))


def settled_notes(field_notes: pd.DataFrame, as_of: pd.Timestamp, days: float, settled_days: float) -> pd.DataFrame:
    """Notes written in `days` that end `settled_days` before `as_of`."""
    end = as_of - settled_days * DAY
    return field_notes[(field_notes["noted_on"] >= end - days * DAY) & (field_notes["noted_on"] < end)]


def hours_doubled(time_log: pd.DataFrame) -> float:
    """Hours a week that a territory's seller spends on tasks that marketing does there too; hours a seller and week.

    Only the seller's side: when one of the two stops, the other's hours stay. One seller a territory. NaN without rows.
    """
    by_both = done_by_both(time_log)
    return share(time_log.loc[by_both & (time_log["function"] == SALES), "hours"].sum(), seller_weeks(time_log))


def done_by_both(time_log: pd.DataFrame) -> pd.Series:
    """Whether both functions log hours on the row's task in its territory."""
    return time_log.groupby(["territory_id", "task_id"])["function"].transform("nunique") == 2


def seller_weeks(time_log: pd.DataFrame) -> int:
    """Pairs of territory and week in the log."""
    return len(time_log[["territory_id", "week"]].drop_duplicates())


def asset_cells_covered(assets: pd.DataFrame, features: pd.DataFrame) -> float:
    """Cells (job title × industry) with at least one asset ÷ cells, a fraction.

    The job titles are those that `features` speaks to or an asset is made for, the industries those that assets are
    made for. It says that something is there, not that it is any good. NaN without assets.
    """
    return share(len(assets[["job_title", "industry"]].dropna().drop_duplicates()), cells(assets, features))


def cells(assets: pd.DataFrame, features: pd.DataFrame) -> int:
    """How many cells the matrix of job titles and industries has."""
    titles = set(features["job_title"].dropna()) | set(assets["job_title"].dropna())
    return len(titles) * assets["industry"].nunique()


def hand_overs_complete(hand_overs: pd.DataFrame) -> float:
    """Hand-overs with a complete pack ÷ hand-overs, a fraction. NaN without one."""
    return share(hand_overs["complete"].eq(True).sum(), len(hand_overs))


def low_experience(hand_overs: pd.DataFrame, score: int = LOW_SCORE) -> float:
    """Customers who scored their start `score` or lower ÷ customers who gave a score, a fraction. NaN without a score.

    The low end, not the mean: one customer in tears and one in love make a mean of "fine".
    """
    given = hand_overs["experience_score"].dropna()
    return share((given <= score).sum(), len(given))


def survey_gap(
    pulse_survey: pd.DataFrame, question: str = "understands_needs", a: str = "marketing", b: str = SALES
) -> float:
    """Share of yes in function `a` − share in `b`, last wave, of those who answered; in points (0.27 is 27 points).

    Its interval is `survey.gap_between`. NaN when fewer than five people of a function answered.
    """
    rows = last_wave(pulse_survey, question)
    return gap_between(rows["answer"], rows["function"], a, b).gap


def last_wave(pulse_survey: pd.DataFrame, question: str) -> pd.DataFrame:
    """The answers to one question in the last wave. ValueError when nobody was asked it."""
    rows = pulse_survey[pulse_survey["question_id"] == question]
    if rows.empty:
        raise ValueError(f'nobody was asked "{question}". See survey_questions for the ids.')
    return rows[rows["wave_on"] == rows["wave_on"].max()]
