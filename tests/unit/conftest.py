"""The sample company twice: as the library narrows it (`scoped`), and as SQL does (`engine`, `ask`)."""

from __future__ import annotations

import pandas as pd
import pytest
import sql_tables

from onefunnel.metrics import catalogue
from onefunnel.playbook import load as load_playbook


@pytest.fixture(params=sql_tables.SCOPES, scope="module")
def scope(request):
    """The company, the demonstration, or a learner's book: a test that uses this runs on each of them."""
    return request.param


@pytest.fixture(scope="module")
def scoped(scope):
    """The scope's tables."""
    return sql_tables.tables_of(scope)


@pytest.fixture(scope="module")
def engine(scope):
    """DuckDB with the scope's tables."""
    return sql_tables.connect(scope)


@pytest.fixture(scope="module")
def ask(engine):
    """The first row of a query's answer as a tuple; a lone value as itself."""

    def first_row(text, *values):
        row = engine.execute(text, list(values)).fetchone()
        return row[0] if len(row) == 1 else row

    return first_row


@pytest.fixture(scope="module")
def metric(scoped):
    """A metric's value on the scope, called as metrics.yml describes it."""

    def value(metric_id, **arguments):
        return catalogue.value(metric_id, scoped, load_playbook(), **arguments)

    return value


@pytest.fixture(scope="module")
def day(scoped):
    """The day that lies so many days before the date of the data, as SQL."""

    def before(days=0):
        return f"timestamp '{scoped.as_of - pd.Timedelta(days=days)}'"

    return before
