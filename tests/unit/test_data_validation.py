"""`data validate`: each kind of fault is told once, with table, column, row and mend; quick on a real export's size."""

from __future__ import annotations

import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest

from onefunnel.data.schema import Field, ForeignKey, TableSchema
from onefunnel.data.validation import table_faults

FIELDS = (
    Field("deal_id", "string", constraints={"required": True, "unique": True, "pattern": "D[0-9]+"}),
    Field("account_id", "string", constraints={"required": True}),
    Field("outcome", "string", constraints={"enum": ["won", "lost"]}),
    Field("amount_eur", "number", constraints={"required": True, "minimum": 0, "maximum": 1000}),
)
DEALS = TableSchema("deals", "deals.csv", FIELDS, ("deal_id",), (ForeignKey("account_id", "accounts", "account_id"),))
TARGETS = TableSchema(
    "targets", "targets.csv", (Field("place", "string"), Field("quarter", "string")), ("place", "quarter"), ()
)


def frames(rows=6):
    return {
        "deals": pd.DataFrame(
            {
                "deal_id": [f"D{number}" for number in range(rows)],
                "account_id": [f"A{number % 3}" for number in range(rows)],
                "outcome": [("won", "lost", None)[number % 3] for number in range(rows)],
                "amount_eur": np.arange(rows) % 1000.0,
            }
        ),
        "accounts": pd.DataFrame({"account_id": ["A0", "A1", "A2"]}),
    }


def test_a_good_table_has_no_fault():
    """A missing value where none is required is no fault."""
    assert table_faults(DEALS, frames()) == []


@pytest.mark.parametrize(
    ("row", "column", "value", "sentence"),
    [
        (0, "deal_id", "X1", 'deals.csv: column "deal_id": row 2 "X1" does not look like D[0-9]+.'),
        (1, "deal_id", "D11\n", 'deals.csv: column "deal_id": row 3 "D11\n" does not look like D[0-9]+.'),
        (3, "deal_id", "D2", 'deals.csv: column "deal_id": row 5 "D2" stands there twice.'),
        (4, "account_id", None, 'deals.csv: column "account_id": row 6 is empty.'),
        (5, "account_id", "A9", 'deals.csv: column "account_id": row 7 "A9" is not in accounts.csv.'),
        (2, "outcome", "maybe", 'deals.csv: column "outcome": row 4 "maybe" is none of won, lost.'),
        (2, "amount_eur", -0.5, 'deals.csv: column "amount_eur": row 4 "-0.5" is below 0.'),
        (2, "amount_eur", 1000.5, 'deals.csv: column "amount_eur": row 4 "1000.5" is above 1000.'),
    ],
)
def test_each_fault_is_told_once_with_its_row(row, column, value, sentence):
    """One spoiled value, one sentence."""
    tables = frames()
    tables["deals"].loc[row, column] = value
    assert table_faults(DEALS, tables) == [sentence]


def test_many_faults_of_a_kind_are_one_sentence_in_order_of_the_rows():
    """The first three rows are named, the rest counted; other kinds of fault have sentences of their own."""
    tables = frames(12)
    tables["deals"].loc[[9, 1, 4, 6, 3], "amount_eur"] = [-9.0, -1.0, -4.0, -6.0, -3.0]
    tables["deals"].loc[2, "outcome"] = "maybe"
    assert sorted(table_faults(DEALS, tables)) == [
        'deals.csv: column "amount_eur": row 3 "-1.0", row 5 "-3.0", row 6 "-4.0" and 2 more is below 0.',
        'deals.csv: column "outcome": row 4 "maybe" is none of won, lost.',
    ]


def test_a_key_of_several_columns_is_one_fault():
    """Each column may repeat; both together may not."""
    table = pd.DataFrame({"place": ["T1", "T1", "T2", "T1"], "quarter": ["Q1", "Q2", "Q1", "Q1"]})
    assert table_faults(TARGETS, {"targets": table}) == [
        'targets.csv: column "place + quarter": row 5 "T1 Q1" is a key that stands there twice.'
    ]


def test_an_empty_table_and_a_missing_neighbour_are_no_faults():
    """No row breaks no limit; a reference to a table that could not be read is not judged."""
    assert table_faults(DEALS, {name: frame.iloc[:0] for name, frame in frames().items()}) == []
    assert table_faults(DEALS, {"deals": frames()["deals"]}) == []


def test_a_hundred_thousand_rows_take_about_a_second():
    """Processor time, with ninety thousand faulty rows among them, so that a busy machine does not decide."""
    tables = frames(100_000)
    tables["deals"].loc[10_000:, "outcome"] = "maybe"
    table_faults(DEALS, frames())  # the import is not counted
    start = time.process_time()
    (fault,) = table_faults(DEALS, tables)
    assert time.process_time() - start < 2.5
    assert "and 89997 more is none of won, lost" in fault


def test_lessons_do_not_import_the_validator():
    """Reading the tables leaves pandera alone; it costs a learner a second and is not there in a browser."""
    program = "import sys, onefunnel.data as data; data.load(); sys.exit('pandera' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
