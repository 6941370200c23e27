"""One grader a course: the second one is told so at once, and a killed one leaves nothing to clean up."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from onefunnel.errors import Problem

FILE = ".onefunnel-grading.lock"
_TAKEN = "Another grading run is at work on this course. Wait until it is done, or stop it."


@contextlib.contextmanager
def sole_grader(root: Path, db_url: str, course_id: str) -> Iterator[None]:
    """Hold the course's lock: on its folder, and on the database server where there is one. Raises Problem.

    Both locks belong to the process: the system lets go of them however it ends.
    """
    path = root / FILE
    try:
        file = path.open("a+b")
    except OSError as error:
        raise Problem(f"{root} cannot be written to ({error.strerror}). Grading needs that.") from error
    with file:
        try:
            _lock(file)
        except OSError:
            raise Problem(_TAKEN) from None
        with _locked_on_server(db_url, course_id):
            yield


def _lock(file: Any) -> None:
    if os.name == "nt":
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextlib.contextmanager
def _locked_on_server(db_url: str, course_id: str) -> Iterator[None]:
    """Two copies of a course folder may share one PostgreSQL gradebook; SQLite files lie in one folder."""
    if sa.make_url(db_url).get_backend_name() != "postgresql":
        yield
        return
    engine = sa.create_engine(db_url, poolclass=sa.pool.NullPool)
    name = int.from_bytes(hashlib.sha256(f"onefunnel/{course_id}".encode()).digest()[:8], "big", signed=True)
    try:
        with engine.connect() as connection:
            if not connection.scalar(sa.select(sa.func.pg_try_advisory_lock(name))):
                raise Problem(_TAKEN)
            yield
    except sa.exc.OperationalError as error:
        raise Problem(f"The gradebook's server does not answer: {str(error.orig).splitlines()[0]}") from error
    finally:
        engine.dispose()
