"""No metric depends on the order of the rows, on their labels, or on what else was computed from them."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from little_tables import arguments, many
from metric_calls import CALLS

#: The tables of a seed, made once; a test that changes them takes a copy.
made = cache(many)

#: Answers that follow the rows they were given, one a row: their order is that of the input.
ROW_BY_ROW = {
    "ageing.completed_days", "ageing.days_in_step", "attribution.first_touch", "attribution.last_touch",
    "attribution.linear", "attribution.time_decay", "attribution.u_shape", "attribution.w_shape",
    "clock.business_hours", "clock.due_at", "clock.human_touch", "clock.ran_out", "deals.days_to_close",
    "deals.decided", "deals.settled", "mix.of_account", "retention.due_between", "retention.kept_value",
    "roles.clarity_points", "roles.role_clarity",
}  # fmt: skip


@pytest.mark.parametrize("name", CALLS)
def test_shuffled_rows_give_the_same_answer(name):
    """All tables shuffled and labelled anew: the same answer; row by row, the same set of answers."""
    tables = made(1)
    shuffled = {key: table.sample(frac=1, random_state=8, ignore_index=True) for key, table in tables.items()}
    answers = [CALLS[name](arguments(one)) for one in (tables, shuffled)]
    if name in ROW_BY_ROW:
        answers = [_sorted(answer) for answer in answers]
    _same(*answers)


@pytest.mark.parametrize("name", CALLS)
def test_tables_are_left_as_they_were(name):
    """No metric writes into what it was given."""
    before = made(1)
    tables = {key: table.copy() for key, table in before.items()}
    CALLS[name](arguments(tables))
    for key, table in tables.items():
        pd.testing.assert_frame_equal(table, before[key])


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in CALLS
        if name.startswith(("stages", "ageing", "origin", "forecast", "counts", "deals", "report", "demand"))
    ],
)
def test_text_categories_and_whole_numbers_as_ids_give_the_same(name):
    """Columns as a warehouse hands them over: categories for words, whole numbers for ids."""
    plain, coded = made(2), {key: table.copy() for key, table in made(2).items()}
    for table in ("leads", "opportunities", "stage_history", "campaigns"):
        for column in coded[table]:
            values = coded[table][column]
            if column in ("opp_id", "contact_id", "lead_id"):
                coded[table][column] = values.str[1:].astype("Int64")
            elif column in ("step_id", "outcome", "origin"):
                coded[table][column] = values.astype("category")
    answers = [CALLS[name](arguments(tables)) for tables in (plain, coded)]
    if isinstance(answers[0], pd.DataFrame | pd.Series):  # the words are the same; ids are shown as they came
        answers = [_numbers(answer) for answer in answers]
    _same(*answers)


def _numbers(answer):
    if isinstance(answer, pd.Series):
        return np.sort(answer.to_numpy(dtype=float)) if answer.dtype != object else len(answer)
    return _sorted(answer.select_dtypes(["number", "datetime", "bool"]).drop(columns="opp_id", errors="ignore"))


def _sorted(answer):
    frame = pd.DataFrame(answer).reset_index(drop=True)
    return frame.sort_values(list(frame.columns), ignore_index=True)


def _same(left, right):
    if isinstance(left, pd.DataFrame):
        pd.testing.assert_frame_equal(left, right, check_dtype=False)
    elif isinstance(left, pd.Series):
        pd.testing.assert_series_equal(left, right, check_dtype=False)
    elif isinstance(left, str | list | pd.Timestamp):
        assert left == right
    else:
        assert left == pytest.approx(right, nan_ok=True)
