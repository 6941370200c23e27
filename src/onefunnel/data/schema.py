"""What `datapackage.json` says about the tables, and reading them with exact types.

Reading is strict about the package file and the columns, because everything else stands on them. Whether the values
keep to their limits, `validation` says.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from onefunnel.errors import Problem

PACKAGE_FILE = "datapackage.json"
MAKE_AGAIN = 'Run "python kit.py data make" to make the sample tables again.'


class DataError(Problem):
    """A table that cannot be used: names the file, the column, the row and the mend."""


@dataclass(frozen=True)
class Field:
    """One column: its Frictionless type, date format and constraints."""

    name: str
    type: str
    format: str = ""
    constraints: Mapping[str, Any] | None = None
    filled: bool = True  # False: an import had nothing for it

    def limit(self, name: str) -> Any:
        """A constraint's value, None when it is not set."""
        return (self.constraints or {}).get(name)


@dataclass(frozen=True)
class ForeignKey:
    """Values of `field` must stand in `other_field` of the table `other`."""

    field: str
    other: str
    other_field: str


@dataclass(frozen=True)
class TableSchema:
    """One table: its file, columns in order, keys, and the file's declared hash (empty when none)."""

    name: str
    path: str
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]
    hash: str = ""


@dataclass(frozen=True)
class Package:
    """The whole `datapackage.json`."""

    tables: tuple[TableSchema, ...]
    as_of: pd.Timestamp
    demonstration: str
    absent: tuple[str, ...] = ()  # tables that an import had nothing for

    @property
    def lacking(self) -> frozenset[str]:
        """What an import could not fill: "table", or "table.column"."""
        columns = {f"{table.name}.{field.name}" for table in self.tables for field in table.fields if not field.filled}
        return frozenset(self.absent) | columns


def read_package(folder: Path) -> Package:
    """Read a folder's `datapackage.json`. Raises DataError when it is missing or is not what it should be."""
    path = folder / PACKAGE_FILE
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(f"{path}: there is no such file. {MAKE_AGAIN}") from None
    except (ValueError, OSError) as error:
        raise DataError(f"{path}: cannot be read ({error}). {MAKE_AGAIN}") from error
    try:
        tables = tuple(_table(resource) for resource in raw["resources"])
        absent = tuple(raw.get("absent_tables", ()))
        return Package(tables, pd.Timestamp(raw["as_of"]), raw.get("demonstration_territory", ""), absent)
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(f"{path}: the entry {error} is missing or wrong. {MAKE_AGAIN}") from error


def read_table(folder: Path, table: TableSchema) -> pd.DataFrame:
    """One table with exact types: text (NaN where empty), int64, float64, bool, datetime64[ns]. Raises DataError."""
    path = folder / table.path
    names = [field.name for field in table.fields]
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, na_filter=False, encoding="utf-8")
    except FileNotFoundError:
        raise DataError(f"{path}: there is no such file. {MAKE_AGAIN}") from None
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError, OSError) as error:
        raise DataError(f"{path}: is no comma-separated UTF-8 table ({error}). Save it as CSV, UTF-8.") from error
    missing = [name for name in names if name not in frame.columns]
    if missing:
        raise DataError(f'{path}: there is no column "{missing[0]}". Its columns must be: {", ".join(names)}.')
    extra = [name for name in frame.columns if name not in names]
    if extra:
        raise DataError(f'{path}: unknown column "{extra[0]}". Take it out, or describe it in {folder / PACKAGE_FILE}.')
    return pd.DataFrame({field.name: _typed(frame[field.name], field, path) for field in table.fields})


def _table(resource: Mapping[str, Any]) -> TableSchema:
    schema = resource["schema"]
    key = schema.get("primaryKey", [])
    return TableSchema(
        name=resource["name"],
        path=resource["path"],
        fields=tuple(
            Field(
                raw["name"], raw["type"], raw.get("format", ""), raw.get("constraints"), raw.get("filled", True) is True
            )
            for raw in schema["fields"]
        ),
        primary_key=(key,) if isinstance(key, str) else tuple(key),
        foreign_keys=tuple(
            ForeignKey(raw["fields"], raw["reference"]["resource"], raw["reference"]["fields"])
            for raw in schema.get("foreignKeys", [])
        ),
        hash=resource.get("hash", ""),
    )


def _typed(text: pd.Series, field: Field, path: Path) -> pd.Series:
    """Turn a column of text into its type; the first value that does not fit is named with its row."""
    empty = text == ""
    match field.type:
        case "string":
            return text.mask(empty) if empty.any() else text
        case "boolean":
            _refuse(~text.isin(["true", "false"]), text, field, path, "true or false")
            return text == "true"
        case "integer":
            number = pd.to_numeric(text, errors="coerce")
            _refuse(number.isna() | (number % 1 != 0), text, field, path, "a whole number such as 12")
            return number.astype("int64")
        case "number":
            number = pd.to_numeric(text, errors="coerce").astype("float64")
            _refuse(number.isna() & ~empty, text, field, path, "a number such as 12.50, with a point")
            return number
        case "date" | "datetime":
            moment = pd.to_datetime(text.mask(empty), format=field.format, errors="coerce")
            example = "2025-03-31" if field.type == "date" else "2025-03-31T09:15"
            _refuse(moment.isna() & ~empty, text, field, path, f"a {field.type} such as {example}")
            return moment.astype("datetime64[ns]")
    raise DataError(f'{path}: column "{field.name}" has the unknown type "{field.type}" in {PACKAGE_FILE}.')


def _refuse(wrong: pd.Series, text: pd.Series, field: Field, path: Path, wanted: str) -> None:
    if not wrong.any():
        return
    row = int(wrong.to_numpy().argmax())
    found = f'"{text.iloc[row]}"' if text.iloc[row] else "nothing"
    raise DataError(
        f'{path}: column "{field.name}", row {row + 2}: {found} stands where {wanted} should. Correct it there.'
    )
