"""What a column and a table are, and short ways to write the usual ones.

Kinds and what the generator holds for them: text; whole (a number); count (a whole number that may be missing);
cents (whole cents, written as euros); euros (whole euros); share (hundredths); day (days since START); minute (minutes
since START); flag. None is a missing value; a whole number and a flag must be there.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Column(NamedTuple):
    """One column. `refers` is a foreign key, "table.column"."""

    name: str
    kind: str
    title: str
    description: str
    unit: str = ""
    limits: dict[str, Any] = {}  # noqa: RUF012
    refers: str = ""


class Table(NamedTuple):
    """One table: what a row is, its key, its columns."""

    title: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]


def id_of(name: str, prefix: str, digits: int | str, title: str, description: str) -> Column:
    limits = {"required": True, "unique": True, "pattern": f"{prefix}[0-9]{{{digits}}}"}
    return Column(name, "text", title, description, limits=limits)


def ref(name: str, table: str, title: str, description: str, required: bool = True) -> Column:
    return Column(name, "text", title, description, "", {"required": True} if required else {}, f"{table}.{name}")


def one_of(name: str, title: str, description: str, options: list[str], required: bool = True) -> Column:
    limits: dict[str, Any] = {"enum": options}
    return Column(name, "text", title, description, limits=({"required": True} | limits) if required else limits)


MUST = {"required": True}
POSITIVE = {"required": True, "minimum": 0}


def eur(name: str, title: str, description: str) -> Column:
    return Column(name, "cents", title, description, "EUR", POSITIVE)
