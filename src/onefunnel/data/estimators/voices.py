"""Pulse survey, field notes and time log: the planted truths, and their everyday readings."""

from __future__ import annotations

import pandas as pd

from onefunnel.data.estimators.rates import gap_bound
from onefunnel.data.tables import Tables

WEEK_78 = pd.Timestamp("2023-05-16") + pd.Timedelta(weeks=78)


# ---- PT40: pulse ----------------------------------------------------------------------------------------------------


def yes_share(tables: Tables, function: str, question: str = "understands_needs") -> float:
    """Yes ÷ answers of the last wave."""
    answers = _answers(tables, function, question).dropna()
    return float(answers.sum() / len(answers))


def yes_of_asked(tables: Tables, function: str, question: str = "understands_needs") -> float:
    """Misread: yes ÷ everybody who was asked."""
    answers = _answers(tables, function, question)
    return float(answers.sum() / len(answers))


def response_rate(tables: Tables, function: str, question: str = "understands_needs") -> float:
    """Answers ÷ asked of the last wave."""
    return float(_answers(tables, function, question).notna().mean())


def understanding_gap(tables: Tables) -> float:
    """Marketing's share less that of sales."""
    return yes_share(tables, "marketing") - yes_share(tables, "sales")


def understanding_ratio(tables: Tables) -> float:
    """Misread: points taken for per cent."""
    return yes_share(tables, "marketing") / yes_share(tables, "sales") - 1


def understanding_gap_bound(tables: Tables, side: str) -> float:
    """Lower or upper end of Newcombe's interval (method 10) of the gap."""
    groups = [_answers(tables, name, "understands_needs").dropna() for name in ("marketing", "sales")]
    return gap_bound(*((answers.sum(), len(answers)) for answers in groups), side)


def understanding_gap_ignoring_n(tables: Tables, side: str) -> float:
    """Misread: the bare gap, as if nobody could have answered otherwise."""
    return understanding_gap(tables)


def boxes_a_person(tables: Tables) -> float:
    """Boxes ticked ÷ people who answered the question about obstacles."""
    pulse = tables["pulse_survey"].dropna(subset=["answer"])
    boxes = pulse[pulse["question_id"].str.startswith("obstacle_")]
    return float(boxes["answer"].sum() / boxes["respondent_id"].nunique())


def _answers(tables: Tables, function: str, question: str) -> pd.Series:
    pulse = tables["pulse_survey"]
    kept = (pulse["wave_on"] == pulse["wave_on"].max()) & (pulse["function"] == function)
    return pulse.loc[kept & (pulse["question_id"] == question), "answer"]


# ---- PT41: field notes ----------------------------------------------------------------------------------------------


def days_to_receipt(tables: Tables, after: bool) -> float:
    """Median days from note to receipt before or from week 78 on; notes that never arrived count as longest."""
    return float(_days(tables, after).fillna(float("inf")).median())


def days_of_received(tables: Tables, after: bool) -> float:
    """Misread: the median of those that arrived."""
    return float(_days(tables, after).median())


def mean_days_of_received(tables: Tables, after: bool) -> float:
    """Misread: the mean of those that arrived."""
    return float(_days(tables, after).mean())


def never_received(tables: Tables) -> float:
    """Share of notes that never arrived."""
    return float(tables["field_notes"]["received_on"].isna().mean())


def price_notes_used(tables: Tables, stale: bool) -> float:
    """Share used of the price notes that arrived after more than ten days (or sooner)."""
    notes = tables["field_notes"]
    days = (notes["received_on"] - notes["noted_on"]).dt.days
    kept = (notes["kind"] == "price") & days.notna() & ((days > 10) == stale)
    return float(notes.loc[kept, "used_on"].notna().mean())


def received_notes_used(tables: Tables, stale: bool) -> float:
    """Misread: share used of all notes that arrived, whatever their kind and age."""
    notes = tables["field_notes"].dropna(subset=["received_on"])
    return float(notes["used_on"].notna().mean())


def _days(tables: Tables, after: bool) -> pd.Series:
    notes = tables["field_notes"]
    notes = notes[(notes["noted_on"] >= WEEK_78) == after]
    return (notes["received_on"] - notes["noted_on"]).dt.days


# ---- PT42: hours ----------------------------------------------------------------------------------------------------


def double_hours(tables: Tables) -> float:
    """A seller's weekly hours on tasks that marketing does too, in the same territory (mean over seller-weeks)."""
    log = tables["time_log"]
    by_both = log.groupby(["territory_id", "task_id"])["function"].transform("nunique") == 2
    return _a_week(log[by_both & (log["function"] == "sales")], log)


def double_hours_of_both(tables: Tables) -> float:
    """Misread: the hours of both people on these tasks, as if they were all saved."""
    log = tables["time_log"]
    return _a_week(log[log.groupby(["territory_id", "task_id"])["function"].transform("nunique") == 2], log)


def orphans(tables: Tables) -> str:
    """Tasks on the list that nobody spends an hour on, comma-separated."""
    return ", ".join(sorted(set(tables["tasks"]["task_id"]) - set(tables["time_log"]["task_id"])))


def least_hours(tables: Tables) -> str:
    """Misread: the three tasks with the fewest hours among those that have any."""
    hours = tables["time_log"].groupby("task_id")["hours"].sum()
    return ", ".join(sorted(hours.nsmallest(3).index))


def _a_week(rows: pd.DataFrame, log: pd.DataFrame) -> float:
    return float(rows["hours"].sum() / len(log[["territory_id", "week"]].drop_duplicates()))
