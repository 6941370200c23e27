"""The sample company twice: as the library narrows it (`scoped`), and as SQL does (`engine`, `ask`)."""

from __future__ import annotations

import pytest
import sql_tables


@pytest.fixture(params=sql_tables.SCOPES, scope="module")
def scope(request):
    """The company, the demonstration, or a learner's book: a test that uses this runs on each of them."""
    return request.param


@pytest.fixture(scope="module")
def scoped(scope):
    """The scope's tables."""
    return sql_tables.tables_of(scope)


@pytest.fixture(scope="module")
def engine(scope, scoped):
    """DuckDB with the scope's tables."""
    with sql_tables.connect(scope, scoped) as connection:
        yield connection


@pytest.fixture(scope="module")
def ask(engine):
    """The first row of a query's answer as a tuple; a lone value as itself."""

    def first_row(text, *values):
        row = engine.execute(text, list(values)).fetchone()
        return row[0] if len(row) == 1 else row

    return first_row
