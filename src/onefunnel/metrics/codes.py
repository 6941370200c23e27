"""Whole numbers in place of labels: what lets the metrics work on millions of rows without hashing text each time.

A code is 0, 1, 2 … for equal labels and −1 for a missing one. Text is hashed once; a categorical column brings its
codes along; ids that are whole numbers without large gaps are their own codes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

#: Whole numbers are taken as codes when their range is at most this many times the number of rows.
_GAPS = 4


def shared_codes(*columns: pd.Series) -> tuple[list[np.ndarray], pd.Index]:
    """One array of codes a column, over labels that the columns share, and the labels; some may occur in no row."""
    dtypes = [column.dtype for column in columns]
    if all(isinstance(dtype, pd.CategoricalDtype) for dtype in dtypes):
        return _categories(columns)
    if all(pd.api.types.is_integer_dtype(dtype) for dtype in dtypes) and (found := _whole_numbers(columns)):
        return found
    joined = columns[0] if len(columns) == 1 else pd.concat([_plain(column) for column in columns], ignore_index=True)
    codes, labels = pd.factorize(_plain(joined))
    ends = np.cumsum([len(column) for column in columns])
    return np.split(codes, ends[:-1]), pd.Index(labels)


def places(step_ids: pd.Series, steps: Sequence[str]) -> np.ndarray:
    """Place of each step id in `steps` (0 = first), −1 for what is no step of the funnel; one number a row."""
    position = {step: place for place, step in enumerate(steps)}
    (codes,), labels = shared_codes(step_ids)
    return np.array([*(position.get(label, -1) for label in labels), -1], dtype="int16")[codes]


def first_rows(group: np.ndarray, groups: int, *columns: pd.Series) -> np.ndarray:
    """Row number of each group's first row by `columns` (missing ones last), −1 for a group without a row.

    `group` holds codes; rows with −1 belong to none. Only groups with several rows are sorted.
    """
    rows = np.flatnonzero(group >= 0)
    first = np.full(groups, -1, dtype="int64")
    first[group[rows]] = rows
    several = rows[np.bincount(group[rows], minlength=groups)[group[rows]] > 1]
    if len(several):
        keys = pd.DataFrame({place: column.iloc[several].array for place, column in enumerate(columns)})
        order = keys.sort_values(list(keys.columns), kind="stable", na_position="last").index.to_numpy()
        latest_first = several[order][::-1]
        first[group[latest_first]] = latest_first  # of repeated targets the last written stays
    return first


def moments(times: pd.Series) -> np.ndarray:
    """Times as nanoseconds since 1970; a missing one is the largest number there is, so that it never comes first."""
    stamps = times.to_numpy(dtype="datetime64[ns]")
    numbers = stamps.view("int64")
    missing = np.isnat(stamps)
    return np.where(missing, NEVER, numbers) if missing.any() else numbers


def timestamps(numbers: np.ndarray) -> np.ndarray:
    """`moments` back as times; NaT for NEVER."""
    stamps = numbers.astype("datetime64[ns]")
    stamps[numbers == NEVER] = np.datetime64("NaT")
    return stamps


NEVER = np.iinfo("int64").max


def _categories(columns: Sequence[pd.Series]) -> tuple[list[np.ndarray], pd.Index]:
    """Codes that the columns bring along, brought to common labels where their categories differ."""
    labels = columns[0].cat.categories
    if all(column.cat.categories.equals(labels) for column in columns):
        return [column.cat.codes.to_numpy() for column in columns], labels
    for column in columns[1:]:
        labels = labels.append(column.cat.categories.difference(labels))
    lookup = [np.append(labels.get_indexer(column.cat.categories), -1) for column in columns]
    return [new[column.cat.codes.to_numpy()] for new, column in zip(lookup, columns, strict=True)], labels


def _whole_numbers(columns: Sequence[pd.Series]) -> tuple[list[np.ndarray], pd.Index] | None:
    """Codes by subtraction, or None when the numbers are too far apart for it."""
    bounds = [(column.min(), column.max()) for column in columns if column.notna().any()]
    if not bounds:
        return None
    low, high = int(min(bound[0] for bound in bounds)), int(max(bound[1] for bound in bounds))
    if high - low >= _GAPS * max(len(column) for column in columns):
        return None
    return [column.to_numpy(dtype="int64", na_value=low - 1) - low for column in columns], pd.RangeIndex(low, high + 1)


def _plain(column: pd.Series) -> pd.Series:
    """Without categories: those of two columns may differ."""
    return column.astype(column.cat.categories.dtype) if isinstance(column.dtype, pd.CategoricalDtype) else column
