"""Numbers and dates as people export them, each with the value written by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from onefunnel.data.importing.dates import read_dates
from onefunnel.data.importing.numbers import read_numbers
from onefunnel.data.importing.words import fold, guarded, near, shown


def column(*cells):
    return pd.Series(list(cells), dtype=object)


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (("1.234,50 €", "12", "1.000"), (1234.5, 12, 1000)),
        (("$1,234.50", "1,000", "(3.25)"), (1234.5, 1000, -3.25)),
        (("EUR 1 234,5", "7,25", ""), (1234.5, 7.25, math.nan)),
        (("1’234.50", "1.000"), (1234.5, 1)),
        (("1.234.567", "1.234"), (1234567, 1234)),
        (("1,234", "5"), (1234, 5)),
        (("0.125", "2"), (0.125, 2)),
        (("1.2E+05", "-4"), (120000, -4)),
        ((",5", "10 %"), (0.5, 10)),
    ],
)
def test_numbers(cells, values):
    """Comma or point is decided from the column; money signs, blanks and brackets are understood."""
    read = read_numbers(column(*cells))
    assert not read.bad.any()
    np.testing.assert_array_equal(read.values, np.array(values, dtype=float))


@pytest.mark.parametrize(
    "cell", ["lots", "1,23,4.5", "1.2.3,4,5", "NaN", "inf", "0x10", "€", "1_000", "12 pieces", "٣"]
)
def test_no_number(cell):
    """What is no number is bad, never zero."""
    read = read_numbers(column(cell, "1"))
    assert read.bad.tolist() == [True, False] and math.isnan(read.values[0])


def test_doubtful_numbers():
    """Without proof a sign before three digits groups thousands and the doubt is told; with both proofs it is bad."""
    assert read_numbers(column("1.234", "5")).doubt and not read_numbers(column("1.234", "5,5")).doubt
    mixed = read_numbers(column("1.234,5", "1,234.5", "1.234"))
    assert mixed.bad.tolist() == [False, False, True]
    assert mixed.values[:2].tolist() == [1234.5, 1234.5]


def days(read):
    return [None if np.isnat(value) else str(value)[:16] for value in read.values]


@pytest.mark.parametrize(
    ("cells", "order", "values"),
    [
        (("03/04/2025", "25/04/2025"), "day", ("2025-04-03T00:00", "2025-04-25T00:00")),
        (("03/04/2025", "04/25/2025"), "month", ("2025-03-04T00:00", "2025-04-25T00:00")),
        (("03.04.2025", "05.04.25"), "day", ("2025-04-03T00:00", "2025-04-05T00:00")),
        (("2025-04-03T10:15:30.000+0000", "2025-04-03 10:15", ""), "", ("2025-04-03T10:15", "2025-04-03T10:15", None)),
        (("1/31/2025 3:05 PM", "1/2/2025 12:00 AM"), "month", ("2025-01-31T15:05", "2025-01-02T00:00")),
        (("3 Apr 2025", "April 3, 2025", "3. März 2025"), "", ("2025-04-03T00:00",) * 2 + ("2025-03-03T00:00",)),
        (("1735689600000",), "", ("2025-01-01T00:00",)),
    ],
)
def test_dates(cells, order, values):
    """The order is decided from the column's evidence."""
    read = read_dates(column(*cells))
    assert (read.order, days(read), read.doubt) == (order, list(values), False)
    assert not read.bad.any()


def test_doubtful_dates():
    """No evidence: day first, and told; the user's word settles it; both orders in one column: only sure ones stand."""
    open_ = read_dates(column("03/04/2025", "05/06/2025"))
    assert open_.doubt and days(open_)[0] == "2025-04-03T00:00"
    told = read_dates(column("03/04/2025"), "month")
    assert not told.doubt and days(told) == ["2025-03-04T00:00"]
    mixed = read_dates(column("25/04/2025", "04/25/2025", "03/04/2025", "05/05/2025"))
    assert mixed.order == "mixed" and mixed.bad.tolist() == [False, False, True, False]
    assert days(mixed) == ["2025-04-25T00:00", "2025-04-25T00:00", None, "2025-05-05T00:00"]


@pytest.mark.parametrize("cell", ["31.02.2025", "soon", "0000-01-01", "2025-13-01", "45678", "12/2025", "9999-01-01"])
def test_no_date(cell):
    """What is no date, or lies in no year that a CRM has, is bad."""
    assert read_dates(column(cell)).bad.tolist() == [True]


def test_words():
    """Folding, near matches that are proposals, formula cells, and strangers' cells in messages."""
    assert fold("  Closed   WON ") == "closed won"
    assert near("Negotation", ["negotiation", "proposal"]) == "negotiation" and near("xyz", ["proposal"]) is None
    assert [guarded(text) for text in ("=1", "+1", "-1", "@a", " =1", "a=1")] == [
        "'=1",
        "'+1",
        "'-1",
        "'@a",
        "' =1",
        "a=1",
    ]
    assert shown("a\nb\x1b") == '"a b "' and len(shown("x" * 999)) < 70
