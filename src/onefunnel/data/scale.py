"""The company many times over, as Parquet: what a benchmark or a data warehouse is tried on.

Every copy is a firm of its own: each id gets the copy's number as a suffix of fixed width. So keys stay unique,
references hold inside a copy, counts and euros grow N-fold, and every share and time stays what it was. Tables without
any id speak of the company as a whole; their euros are multiplied. DuckDB does the writing, a block of copies at a
time, so memory does not grow with N.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from onefunnel.data.schema import PACKAGE_FILE, DataError

if TYPE_CHECKING:
    import duckdb

#: About as many rows go into one file, and into one row group of it.
FILE_ROWS, GROUP_ROWS = 1_000_000, 100_000
MEMORY = "1GB"

#: An id of the funnel, not of the company.
_SHARED_IDS = {"step_id"}
_TYPES = {
    "string": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMP",
}


def write_scaled(source: Path, folder: Path, times: int) -> dict[str, int]:
    """Write `times` copies of the tables in `source` to TABLE/part-0000.parquet … in `folder`, which must exist.

    `source` holds CSV files and their datapackage.json. Returns the number of rows by table. DataError when `times` is
    below 1 or DuckDB is not installed.
    """
    if times < 1:
        raise DataError(f"--scale {times} makes no company. Use 1 or more.")
    package = json.loads((source / PACKAGE_FILE).read_text(encoding="utf-8"))
    rows = {}
    with _engine(folder) as engine:
        for resource in package["resources"]:
            rows[resource["name"]] = _write_table(engine, source, folder, resource, times)
    _describe(package, folder, times, rows)
    return rows


def need_duckdb() -> ModuleType:
    """The optional package, or a DataError that says how to get it."""
    try:
        import duckdb
    except ModuleNotFoundError:
        raise DataError("--scale needs DuckDB. Install it with: python -m pip install duckdb") from None
    return duckdb


def _engine(folder: Path) -> duckdb.DuckDBPyConnection:
    engine = need_duckdb().connect()
    engine.execute(f"set memory_limit = '{MEMORY}'")
    engine.execute(f"set temp_directory = {_quoted(folder / '.spill')}")
    return engine


def _write_table(
    engine: duckdb.DuckDBPyConnection, source: Path, folder: Path, resource: Mapping[str, Any], times: int
) -> int:
    fields = resource["schema"]["fields"]
    kinds = ", ".join(f"'{field['name']}': '{_TYPES[field['type']]}'" for field in fields)
    path = _quoted(source / resource["path"])
    engine.execute(
        f"create or replace temp table one as select row_number() over () as place, * from read_csv({path}, header = "
        f"true, nullstr = '', timestampformat = '%Y-%m-%dT%H:%M', columns = {{{kinds}}})"
    )
    (size,) = engine.execute("select count(*) from one").fetchone()
    names = [field["name"] for field in fields]
    keys = {key["fields"] for key in resource["schema"].get("foreignKeys", ())}  # such as leads.recycled_from
    ids = [name for name in names if (name.endswith("_id") or name in keys) and name not in _SHARED_IDS]
    copies = times if ids else 1
    columns = ", ".join(_column(field, ids, times) for field in fields)
    (folder / resource["name"]).mkdir()
    block = max(FILE_ROWS // max(size, 1), 1)
    for part, start in enumerate(range(0, copies, block)):
        target = _quoted(folder / resource["name"] / f"part-{part:04d}.parquet")
        engine.execute(
            f"copy (select {columns} from one, range({start}, {min(start + block, copies)}) copies(copy) "
            f"order by copy, place) to {target} (format parquet, compression zstd, row_group_size {GROUP_ROWS})"
        )
    return size * copies


def _column(field: Mapping[str, Any], ids: list[str], times: int) -> str:
    name = field["name"]
    if name in ids:
        return f"{name} || lpad(copy::varchar, {len(str(times - 1))}, '0') as {name}"
    if not ids and field.get("unit") == "EUR":
        return f"{name} * {times} as {name}"
    return name


def _describe(package: dict[str, Any], folder: Path, times: int, rows: Mapping[str, int]) -> None:
    """The package file of the copies: where each table lies, its columns, and how many times the company is there."""
    resources = [
        {
            "name": resource["name"],
            "path": f"{resource['name']}/*.parquet",
            "format": "parquet",
            "rows": rows[resource["name"]],
            "fields": [
                {key: field[key] for key in ("name", "title", "description", "type")}
                for field in resource["schema"]["fields"]
            ],
        }
        for resource in package["resources"]
    ]
    said = {key: package[key] for key in ("name", "title", "licenses", "as_of", "seed") if key in package}
    text = json.dumps(said | {"scale": times, "resources": resources}, ensure_ascii=False, indent=1) + "\n"
    (folder / PACKAGE_FILE).write_bytes(text.encode("utf-8"))


def _quoted(path: Path) -> str:
    """A path as text in SQL."""
    return "'" + str(path).replace("'", "''") + "'"
