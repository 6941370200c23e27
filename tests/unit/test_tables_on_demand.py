"""Tables are cut when they are asked for, once, and to the same rows as if all had been cut at the start."""

import pandas as pd
import pytest

from onefunnel import data
from onefunnel.data import Tables, book
from onefunnel.metrics import kept


@pytest.fixture(scope="module")
def tables():
    """The sample company, read afresh: nobody has asked it for anything."""
    whole = data.load()
    return Tables({name: whole[name] for name in whole.names}, whole.as_of, whole.demonstration)


def test_only_what_is_asked_for_is_cut(tables):
    """A book knows the names of all tables, and holds those that somebody has read."""
    mine = book(tables, "ana")
    assert mine.names == tables.names and len(mine.held()) == 0
    leads = mine.leads
    assert [frame is leads for frame in mine.held()] == [True] and mine["leads"] is leads


def test_the_order_of_asking_does_not_matter(tables):
    """First campaigns, whose spend follows the leads, then leads; or the other way round."""
    first, second = book(tables, "ben"), book(tables, "ben")
    for name in sorted(tables.names):
        assert first[name] is first[name]
    for name in sorted(tables.names, reverse=True):
        pd.testing.assert_frame_equal(second[name], first[name])


def test_a_book_holds_the_rows_of_its_accounts_and_no_others(tables):
    """Each table with an account, filtered by hand."""
    mine = book(tables, "cai")
    accounts = set(mine.accounts["account_id"])
    for name in tables.names:
        if "account_id" in tables[name].columns and tables[name]["account_id"].notna().all():
            by_hand = tables[name][[one in accounts for one in tables[name]["account_id"]]]
            pd.testing.assert_frame_equal(mine[name], by_hand.reset_index(drop=True))


def test_a_copy_is_changed_alone(tables):
    """What a learner does to the own copy is not seen in the book that is right."""
    mine = book(tables, "dua")
    copy = mine.changed(lambda _, frame: frame.copy())
    copy.leads.loc[:, "lead_id"] = "gone"
    assert set(copy.leads["lead_id"]) == {"gone"} and "gone" not in set(mine.leads["lead_id"])


def test_what_is_shared_needs_no_table_that_was_not_asked_for(tables):
    """Looking whether a frame is one of the tables being read cuts no other table."""
    mine = book(tables, "eli")
    leads, made = mine.leads, []
    with kept.reading(mine):
        for _ in range(2):
            kept.shared((leads,), "once", lambda: made.append(1))
        kept.shared((leads.copy(),), "once", lambda: made.append(1))
    assert len(made) == 2 and len(mine.held()) == 1


def test_a_table_that_is_not_there_is_named(tables):
    """Asked for by a wrong name, the book says which there are."""
    with pytest.raises(data.DataError, match=r'no table "nonsense".*leads'):
        book(tables, "fay")["nonsense"]
