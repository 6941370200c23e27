"""Writes the CSV files and their `datapackage.json` (Frictionless Data Package 1.0)."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from generator import plan
from generator.columns import TABLES, Column, Table

_TYPES = {
    "text": {"type": "string"},
    "whole": {"type": "integer"},
    "count": {"type": "number"},  # pandas has no plain whole number that may be missing
    "euros": {"type": "number"},
    "cents": {"type": "number"},
    "share": {"type": "number"},
    "day": {"type": "date", "format": "%Y-%m-%d"},
    "minute": {"type": "datetime", "format": "%Y-%m-%dT%H:%M"},
    "flag": {"type": "boolean", "trueValues": ["true"], "falseValues": ["false"]},
}


def write_package(tables: Mapping[str, Mapping[str, list]], folder: Path, seed: int) -> None:
    """Write one CSV a table and `datapackage.json` into an existing folder. The bytes depend on the tables alone."""
    resources = []
    for name, table in TABLES.items():
        data = _csv(table, tables[name])
        (folder / f"{name}.csv").write_bytes(data)
        resources.append(_resource(name, table, data))
    package = {
        "$schema": "https://specs.frictionlessdata.io/schemas/data-package.json",
        "profile": "tabular-data-package",
        "name": "altamar-coffee",
        "title": "Altamar Coffee: sales and marketing tables of a company that does not exist",
        "description": "Made by a seeded generator. Every person, firm and e-mail address is invented.",
        "licenses": [
            {
                "name": "CC0-1.0",
                "title": "CC0 1.0",
                "path": "https://creativecommons.org/publicdomain/zero/1.0/legalcode",
            }
        ],
        "as_of": str(plan.AS_OF),
        "demonstration_territory": plan.DEMO,
        "seed": seed,
        "resources": resources,
    }
    text = json.dumps(package, ensure_ascii=False, indent=1) + "\n"
    (folder / "datapackage.json").write_bytes(text.encode("utf-8"))


def _csv(table: Table, values: Mapping[str, list]) -> bytes:
    """UTF-8, comma, LF, minimal quotes; an empty field is a missing value."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.name for column in table.columns])
    writer.writerows(zip(*(_texts(column, values[column.name]) for column in table.columns), strict=True))
    return out.getvalue().encode("utf-8")


def _texts(column: Column, values: list) -> list[str]:
    """Each value as it stands in the file."""
    match column.kind:
        case "flag":
            return ["true" if value else "false" for value in values]
        case "day":
            return _times(values, plan.START.astype("datetime64[D]"), "D")
        case "minute":
            return _times(values, plan.START.astype("datetime64[m]"), "m")
    return ["" if value is None else _text(column.kind, value) for value in values]


def _text(kind: str, value: Any) -> str:
    match kind:
        case "text":
            return value
        case "cents":
            return f"{value // 100}.{value % 100:02d}"
        case "share":
            return f"{value:.2f}"
    return str(int(value))


def _times(values: list, start: np.datetime64, unit: str) -> list[str]:
    numbers = np.array([0 if value is None else int(value) for value in values], dtype=f"timedelta64[{unit}]")
    texts = np.datetime_as_string(start + numbers, unit=unit).tolist()
    return ["" if value is None else text for value, text in zip(values, texts, strict=True)]


def _resource(name: str, table: Table, data: bytes) -> dict[str, Any]:
    key = list(table.key)
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in table.columns],
        "missingValues": [""],
        "primaryKey": key[0] if len(key) == 1 else key,
    }
    foreign = []
    for column in table.columns:
        if column.refers:
            other, field = column.refers.split(".")
            foreign.append({"fields": column.name, "reference": {"resource": other, "fields": field}})
    if foreign:
        schema["foreignKeys"] = foreign
    return {
        "name": name,
        "path": f"{name}.csv",
        "profile": "tabular-data-resource",
        "title": table.title,
        "description": f"One row is {table.row}.",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "schema": schema,
    }


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "title": column.title, "description": column.description}
    field |= _TYPES[column.kind]
    if column.unit:
        field["unit"] = column.unit
    if column.limits:
        field["constraints"] = dict(column.limits)
    return field
