"""Rules that pick rows of a table, and what such a rule brings about.

A rule is a list of conditions that must all hold: `{"column": "clientele", "test": "one_of", "value": ["office"]}`.
Tests: `is` and `one_of` compare the cell as text (True is "true"), `at_least` and `at_most` as a number. A cell without
a value meets no condition. An empty rule picks every row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

Rule = Sequence[Mapping[str, Any]]


def picked(table: pd.DataFrame, rule: Rule) -> pd.DataFrame:
    """The rows for which every condition of the rule holds. ValueError for a column or a test that is not there."""
    chosen = pd.Series(True, index=table.index)
    for condition in rule:
        chosen &= _holds(table, condition)
    return table[chosen]


def how_many(table: pd.DataFrame, rule: Rule) -> int:
    """How many rows the rule picks."""
    return len(picked(table, rule))


def tally(table: pd.DataFrame, column: str) -> dict[str, int]:
    """How often each value stands in a column, by the value as text."""
    return {str(value): int(count) for value, count in table[column].value_counts().items()}


def mean_of(table: pd.DataFrame, rule: Rule, column: str) -> float:
    """The mean of a column among the picked rows (of a yes/no column: the share of yes); NaN when none is picked."""
    return float(picked(table, rule)[column].mean())


def share_with(table: pd.DataFrame, rule: Rule, column: str, value: str) -> float:
    """Which share of the picked rows holds `value` in `column`; NaN when none is picked."""
    rows = picked(table, rule)
    return len(picked(rows, [{"column": column, "test": "is", "value": value}])) / len(rows) if len(rows) else _NAN


def lift(table: pd.DataFrame, rule: Rule, column: str, than: Rule, fewest: int = 1) -> float:
    """Mean of a column among the picked rows ÷ its mean among the rows that the rule `than` picks.

    2.5 means two and a half times as good. NaN when the rule picks fewer than `fewest` rows, since so few tell nothing,
    or when there is nothing to divide by.
    """
    rows, before = picked(table, rule), mean_of(table, than, column)
    return float(rows[column].mean()) / before if len(rows) >= fewest and before > 0 else _NAN


def too_few(table: pd.DataFrame, rule: Rule, fewest: int) -> bool:
    """Whether the rule picks fewer than `fewest` rows."""
    return how_many(table, rule) < fewest


def mostly(table: pd.DataFrame, rule: Rule, column: str, value: str) -> bool:
    """Whether more than half of the picked rows hold `value` in `column`."""
    return share_with(table, rule, column, value) > 0.5


def looks_only_at(rule: Rule, columns: Sequence[str]) -> bool:
    """Whether the rule tests nothing but these columns."""
    return {condition["column"] for condition in rule} <= set(columns)


def _holds(table: pd.DataFrame, condition: Mapping[str, Any]) -> pd.Series:
    column, test, value = condition["column"], condition["test"], condition["value"]
    if column not in table.columns:
        raise ValueError(f'the table has no column "{column}". Known: {", ".join(map(str, table.columns))}.')
    cells = table[column]
    if test == "at_least":
        return cells >= value
    if test == "at_most":
        return cells <= value
    if test not in ("is", "one_of"):
        raise ValueError(f'there is no test "{test}". Known: is, one_of, at_least, at_most.')
    as_text = cells.map({True: "true", False: "false"}) if pd.api.types.is_bool_dtype(cells) else cells.astype(str)
    return as_text.isin([value] if test == "is" else list(value)) & cells.notna()


_NAN = float("nan")
