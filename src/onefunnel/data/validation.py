"""Whether a folder of tables keeps to its `datapackage.json`: pandera schemas made from it, faults told in sentences.

`schema` reads; a value that cannot be read is its fault. What can be read is checked here: empty and double values,
allowed words, patterns, ranges, keys, references, and the file's hash. Pandera is imported when a folder is checked and
not before, since lessons, which only read, also run where it is not installed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from onefunnel.data.schema import (
    MAKE_AGAIN,
    PACKAGE_FILE,
    DataError,
    Field,
    TableSchema,
    read_package,
    read_table,
)

if TYPE_CHECKING:
    import pandera.pandas as pandera

_SHOWN = 3  # rows named in one sentence
_TWICE = "stands there twice"

#: Pandera's own names of what it finds, as they end a sentence; our checks bring their sentence along.
_SAID = {
    "not_nullable": "is empty",
    "field_uniqueness": _TWICE,
    "multiple_fields_uniqueness": f"is a key that {_TWICE}",
}


def validate(folder: Path) -> list[str]:
    """Everything that is wrong with a folder of tables, one sentence each; an empty list when nothing is.

    A sentence names the file, the column, up to three rows with their values (the first line of a file is its header,
    so the first row is 2) and what is wrong with them.
    """
    try:
        package = read_package(folder)
    except DataError as error:
        return [str(error)]
    faults: list[str] = []
    frames: dict[str, pd.DataFrame] = {}
    for table in package.tables:
        try:
            frames[table.name] = read_table(folder, table)
        except DataError as error:
            faults.append(str(error))
    for table in package.tables:
        if table.name in frames:
            faults += table_faults(table, frames) + _hash(folder, table)
    return faults


def table_faults(table: TableSchema, frames: Mapping[str, pd.DataFrame]) -> list[str]:
    """What is wrong with one of the tables that were read; references to a table that is not there are left out."""
    from pandera.errors import SchemaErrors

    frame = frames[table.name]
    try:
        pandera_schema(table, frames).validate(frame, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
    else:
        return []
    cases = cases[cases["index"].notna()].assign(index=cases["index"].astype("Int64"))
    faults = []
    whole = cases["check"] == "multiple_fields_uniqueness"
    if whole.any():
        key = list(table.primary_key)
        rows = frame.loc[sorted(cases.loc[whole, "index"].unique()), key].astype(str).agg(" ".join, axis=1)
        faults.append(_fault(table, " + ".join(key), rows, _SAID["multiple_fields_uniqueness"]))
    for (column, check), found in cases[~whole].groupby(["column", "check"], sort=False):
        rows = frame.loc[sorted(found["index"].unique()), column]
        faults.append(_fault(table, column, rows, _SAID.get(check, check)))
    return faults


def pandera_schema(table: TableSchema, frames: Mapping[str, pd.DataFrame]) -> pandera.DataFrameSchema:
    """The table's limits, primary key and references as a pandera schema; each check's `error` ends a sentence."""
    import pandera.pandas as pandera

    checks = {field.name: _limits(field) for field in table.fields}
    for key in table.foreign_keys:
        if key.other in frames:
            known = frames[key.other][key.other_field].dropna().unique()
            checks[key.field].append(_is_in(known, f"is not in {key.other}.csv"))
    columns = {
        field.name: pandera.Column(
            checks=checks[field.name],
            nullable=not field.limit("required"),
            unique=bool(field.limit("unique")) or table.primary_key == (field.name,),
            report_duplicates="exclude_first",
        )
        for field in table.fields
    }
    together = list(table.primary_key) if len(table.primary_key) > 1 else None
    return pandera.DataFrameSchema(columns, unique=together, report_duplicates="exclude_first")


def _limits(field: Field) -> list[pandera.Check]:
    from pandera.pandas import Check

    limit = field.limit
    checks = []
    if limit("enum"):
        checks.append(_is_in(limit("enum"), f"is none of {', '.join(limit('enum'))}"))
    if limit("pattern"):
        fits = lambda values: values.astype(str).str.fullmatch(limit("pattern")).astype(bool)  # noqa: E731
        checks.append(Check(fits, error=f"does not look like {limit('pattern')}"))
    if limit("minimum") is not None:
        checks.append(Check.ge(limit("minimum"), error=f"is below {limit('minimum')}"))
    if limit("maximum") is not None:
        checks.append(Check.le(limit("maximum"), error=f"is above {limit('maximum')}"))
    return checks


def _is_in(known: Any, what: str) -> pandera.Check:
    from pandera.pandas import Check

    return Check(lambda values: values.isin(known), error=what)


def _fault(table: TableSchema, column: str, rows: pd.Series, what: str) -> str:
    named = ", ".join(
        f"row {index + 2}" if pd.isna(value) else f'row {index + 2} "{value}"'
        for index, value in rows.head(_SHOWN).items()
    )
    more = f" and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else ""
    return f'{table.path}: column "{column}": {named}{more} {what}.'


def _hash(folder: Path, table: TableSchema) -> list[str]:
    if not table.hash:
        return []
    found = "sha256:" + hashlib.sha256((folder / table.path).read_bytes()).hexdigest()
    if found == table.hash:
        return []
    return [f"{table.path}: the file is not the one that {PACKAGE_FILE} describes (its hash differs). {MAKE_AGAIN}"]
