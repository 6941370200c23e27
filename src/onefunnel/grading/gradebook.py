"""nbgrader's gradebook in one session: what its preprocessors call a commit is a flush until we commit."""

from __future__ import annotations

import contextlib
import sys
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from nbgrader import api
from nbgrader.api import Gradebook

from onefunnel.errors import Problem
from onefunnel.surroundings import programs_on_path

# Ours, beside nbgrader's tables. One row a learner and lesson; the lesson is "" where a whole file was refused.
OUTCOME_TABLE = sa.Table(
    "onefunnel_outcomes",
    sa.MetaData(),
    sa.Column("learner", sa.String(128), primary_key=True),
    sa.Column("assignment", sa.String(128), primary_key=True),
    sa.Column("outcome", sa.String(32), nullable=False),
    sa.Column("scored", sa.Boolean, nullable=False),
    sa.Column("for_learner", sa.Text, nullable=False),
    sa.Column("for_lead", sa.Text, nullable=False),
    sa.Column("notes", sa.Text, nullable=False, default=""),
    sa.Column("content", sa.String(64), nullable=False, default=""),
    sa.Column("setting", sa.String(64), nullable=False, default=""),
    sa.Column("engine", sa.String(64), nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("ran", sa.String(16), nullable=False, server_default=""),
    sa.Column("peak_bytes", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("cpu_seconds", sa.Float, nullable=False, server_default="0"),
    sa.Column("recorded_at", sa.String(32), nullable=False),
)

BUSY_SECONDS = 30  # how long we wait for another program that writes to a SQLite gradebook


class _Uncommitted:
    """A database session whose `commit` is a flush and whose `remove` waits for us."""

    def __init__(self, session: Any) -> None:
        self._session = session

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    def commit(self) -> None:
        self._session.flush()
        self._session.expire_all()  # as after a commit: computed scores are read afresh

    def remove(self) -> None:
        return None


class SharedGradebook(Gradebook):
    """One connection for a whole grading run. Nothing is written until `commit()` is called here."""

    def __init__(self, db_url: str, course_id: str) -> None:
        programs_on_path()
        _folder_exists(db_url)
        try:
            super().__init__(db_url, course_id)
            sa.event.listen(self.engine, "connect", _wait_when_busy)
            self.engine.dispose()  # the next connection waits politely
            _make_outcome_table(self.engine)
        except sa.exc.SQLAlchemyError as error:
            raise Problem(f"The gradebook cannot be opened: {_short(error)}. Close other programs using it.") from error
        self._session = self.db
        self.db = _Uncommitted(self._session)

    def commit(self) -> None:
        """End the transaction for real."""
        try:
            self._session.commit()
        except sa.exc.DBAPIError:
            self._session.rollback()
            raise

    def rollback(self) -> None:
        """Forget what was not committed."""
        self._session.rollback()

    def close(self) -> None:
        """nbgrader closes its gradebook after each use; ours stays open until `dispose`."""

    def dispose(self) -> None:
        """Close the connection for real."""
        self._session.remove()
        self.engine.dispose()


@contextlib.contextmanager
def open_gradebook(db_url: str, course_id: str) -> Iterator[SharedGradebook]:
    """Open the course's gradebook (made when missing) and close it for sure."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sa.exc.SAWarning)  # nbgrader adds a submission's parts before the submission
        gradebook = SharedGradebook(db_url, course_id)
        try:
            yield gradebook
        except sa.exc.DBAPIError as error:
            raise Problem(
                f"The gradebook cannot be used: {_short(error)}. What was graded before is kept. Close other programs "
                "that use it and see that its disk has room, then run it again."
            ) from error
        finally:
            gradebook.dispose()


@contextlib.contextmanager
def lent_to(classes: Iterable[type], gradebook: Any) -> Iterator[None]:
    """Let these preprocessors use our gradebook (or what stands in for it) wherever they would open one of their own.

    They call `Gradebook(db_url)` by a name in their module; that name is ours for the time of the block.
    """
    modules = {
        sys.modules[base.__module__] for one in classes for base in one.__mro__ if base.__module__ in sys.modules
    }
    lent = [module for module in modules if getattr(module, "Gradebook", None) is api.Gradebook and module is not api]
    for module in lent:
        module.Gradebook = lambda *_, **__: gradebook
    try:
        yield
    finally:
        for module in lent:
            module.Gradebook = api.Gradebook


def _wait_when_busy(connection: Any, _record: Any) -> None:
    if type(connection).__module__.startswith("sqlite3"):
        connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")


def _make_outcome_table(engine: sa.Engine) -> None:
    """Create our table, or add the columns that an earlier version did not have."""
    OUTCOME_TABLE.metadata.create_all(engine)
    there = {column["name"] for column in sa.inspect(engine).get_columns(OUTCOME_TABLE.name)}
    with engine.begin() as connection:
        for column in OUTCOME_TABLE.columns:
            if column.name not in there:
                kind = column.type.compile(engine.dialect)
                default = column.server_default.arg
                connection.execute(
                    sa.text(
                        f"ALTER TABLE {OUTCOME_TABLE.name} ADD COLUMN {column.name} {kind} NOT NULL DEFAULT '{default}'"
                    )
                )


def _folder_exists(db_url: str) -> None:
    url = sa.make_url(db_url)
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        folder = Path(url.database).parent
        if not folder.is_dir():
            raise Problem(f"The gradebook's folder {folder} does not exist. Make it, or correct db_url.")


def _short(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0]
