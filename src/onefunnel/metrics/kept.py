"""What several readings of the same tables have in common, computed once.

Metrics are pure and tables are not changed in place, so a value stays true as long as its tables live.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import pandas as pd

if TYPE_CHECKING:
    from onefunnel.data import Tables

_known: WeakKeyDictionary[Tables, dict[Any, Any]] = WeakKeyDictionary()
_read: ContextVar[Tables | None] = ContextVar("_read", default=None)


def once(tables: Tables, key: object, make: Callable[[], Any]) -> Any:
    """Return what `make` gives, computed once for these tables and this key. It goes when its tables go."""
    known = _known.setdefault(tables, {})
    if key not in known:
        known[key] = make()
    return known[key]


@contextmanager
def reading(tables: Tables) -> Iterator[None]:
    """Within the block `shared` knows the frames of these tables."""
    before = _read.set(tables)
    try:
        yield
    finally:
        _read.reset(before)


def shared(frames: tuple[pd.DataFrame, ...], key: object, make: Callable[[], Any]) -> Any:
    """As `once`, where the frames are those of the tables being read; any other may change, so `make` is asked again.

    The result is everybody's: it must not be changed in place.
    """
    tables = _read.get()
    own = set() if tables is None else {id(frame) for frame in tables.held()}
    if tables is None or not own.issuperset(map(id, frames)):
        return make()
    return once(tables, (key, *map(id, frames)), make)
