"""Learners' objects turned into plain values before anything is compared.

A learner can hand over an object that claims to equal everything. So exact types are tested, never `==` or a method of
theirs, and what comes out holds only numbers, texts, yes/no, None, lists and the three shapes below. Then a verdict can
also be given where no learner code ever ran.
"""

from __future__ import annotations

import datetime
import math
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

MOST_VALUES = 200_000
_DEEPEST = 6


class NotPlain(Exception):
    """Something that is no plain value; the message says what it is: "it is a Foo"."""


class Labelled(NamedTuple):
    """A Series or dict: labels and values in step."""

    labels: list[Any]
    values: list[Any]


class Frame(NamedTuple):
    """A table: column names and one list of values a column."""

    columns: list[Any]
    values: list[list[Any]]


class Unordered(NamedTuple):
    """A set's members, sorted by how they are written."""

    members: list[Any]


def plain(value: object, depth: int = 0) -> Any:
    """Return the plain twin of a value, or raise NotPlain. Sizes over 200,000 values and deep nests are refused."""
    kind = type(value)
    if kind is int:
        return value if abs(value) < 2**63 else math.inf
    if value is None or kind in (bool, float, str):
        return value
    if issubclass(kind, np.generic):
        item = np.generic.item(value)  # not value.item(): a subclass may have its own
        return float(item) if issubclass(type(item), np.generic) else plain(item, depth)
    if value is pd.NaT or value is pd.NA:
        return math.nan
    if kind in (pd.Timestamp, datetime.datetime, datetime.date):
        return pd.Timestamp(value).isoformat()
    if kind in (pd.Timedelta, datetime.timedelta):
        return pd.Timedelta(value) / pd.Timedelta(days=1)
    if depth >= _DEEPEST:
        raise NotPlain("it is nested too deeply")
    return _collection(value, kind, depth + 1)


def _collection(value: Any, kind: type, depth: int) -> Any:
    if kind is pd.DataFrame:
        _bounded(value.size)
        return Frame(_each(value.columns, depth), [_each(value.iloc[:, i], depth) for i in range(value.shape[1])])
    if kind is pd.Series:
        _bounded(value.size)
        return Labelled(_each(value.index, depth), _each(value, depth))
    if issubclass(kind, (np.ndarray, pd.Index, pd.api.extensions.ExtensionArray)):
        _bounded(len(value) if np.ndim(value) else 0)
        return _each(value, depth) if np.ndim(value) else plain(value[()], depth)
    if kind is dict:
        _bounded(len(value))
        return Labelled(_each(value.keys(), depth), _each(value.values(), depth))
    if kind in (set, frozenset):
        _bounded(len(value))
        return Unordered(sorted(_each(value, depth), key=repr))
    if kind in (list, tuple, range):
        _bounded(len(value))
        return _each(value, depth)
    if callable(value):
        raise NotPlain("it is a function that was not called")
    raise NotPlain(f"it is of the type {kind.__name__}")


def _each(values: Any, depth: int) -> list[Any]:
    return [plain(value, depth) for value in values]


def _bounded(size: int) -> None:
    if size > MOST_VALUES:
        raise NotPlain(f"it holds {size:,} values")


def same(mine: Any, right: Any, slack: float = 0.0) -> bool:
    """Tell whether two plain values agree: whole numbers, texts, yes/no exactly, other numbers to 0.5 % or `slack`.

    Labelled values are compared by label. A list may stand for a Series or a set; a set knows no order and no repeats.
    """
    if isinstance(right, Unordered):
        return _members(mine) == _members(right)
    if isinstance(right, Frame):
        return isinstance(mine, Frame) and _same_frame(mine, right, slack)
    if isinstance(right, Labelled):
        if isinstance(mine, Labelled) and _by_label(mine) and _by_label(mine).keys() == _by_label(right).keys():
            theirs, ours = _by_label(mine), _by_label(right)
            return all(same(theirs[label], ours[label], slack) for label in ours)
        return same(mine.values if isinstance(mine, Labelled) else mine, right.values, slack)
    if isinstance(mine, Labelled):
        return same(mine.values, right, slack)
    if type(right) is list:
        return (
            type(mine) is list
            and len(mine) == len(right)
            and all(same(m, r, slack) for m, r in zip(mine, right, strict=True))
        )
    if type(right) in (int, float) and type(mine) in (int, float):
        return _same_number(mine, right, slack)
    return type(mine) is type(right) and mine == right


def _same_number(mine: float, right: float, slack: float) -> bool:
    if type(right) is int or math.isinf(right):
        return mine == right
    if math.isnan(right) or not math.isfinite(mine):
        return type(mine) is float and math.isnan(mine) and math.isnan(right)
    return abs(mine - right) <= max(0.005 * abs(right), slack, 1e-12)


def _members(value: Any) -> set[str] | None:
    values = value.members if isinstance(value, Unordered) else value.values if isinstance(value, Labelled) else value
    return {_written(member) for member in values} if type(values) is list else None


def _by_label(value: Labelled) -> dict[str, Any]:
    """Return values by label, or nothing if a label stands twice."""
    named = {_written(label): one for label, one in zip(value.labels, value.values, strict=True)}
    return named if len(named) == len(value.labels) else {}


def _written(value: Any) -> str:
    return repr(int(value)) if type(value) is float and value.is_integer() else repr(value)


def _same_frame(mine: Frame, right: Frame, slack: float) -> bool:
    theirs, ours = ({_written(c): v for c, v in zip(f.columns, f.values, strict=True)} for f in (mine, right))
    alike = len(mine.columns) == len(right.columns) and theirs.keys() == ours.keys()
    return alike and all(same(theirs[column], ours[column], slack) for column in ours)
