"""What readings of the same tables share: computed once for these tables, never for frames that may change."""

import pandas as pd

from onefunnel.data import Tables
from onefunnel.metrics.kept import once, reading, shared


def _tables():
    return Tables({"leads": pd.DataFrame({"lead_id": ["l1"]})}, pd.Timestamp("2026-01-01"))


def test_a_value_of_the_tables_being_read_is_computed_once_for_them():
    """Two readings share it; other tables have their own; outside of a reading nothing is kept."""
    first, second, made = _tables(), _tables(), []

    def rows(tables):
        return shared((tables["leads"],), "rows", lambda: made.append(1) or len(tables["leads"]))

    with reading(first):
        assert (rows(first), rows(first)) == (1, 1)
    assert len(made) == 1
    with reading(second):
        rows(second)
    rows(first)
    assert len(made) == 3


def test_a_learner_s_own_frame_is_computed_afresh_each_time():
    """A copy that is changed in place between two calls never gives the value of before."""
    tables = _tables()
    own = tables["leads"].copy()
    with reading(tables):
        before = shared((own,), "rows", lambda: len(own))
        own.loc[1] = "l2"
        assert (before, shared((own,), "rows", lambda: len(own))) == (1, 2)


def test_what_was_kept_goes_with_its_tables():
    """Made again for tables made again, although Python may give them the same address."""
    values = []
    for number in range(3):
        tables = _tables()
        values.append(once(tables, "number", lambda number=number: number))
        del tables
    assert values == [0, 1, 2]
