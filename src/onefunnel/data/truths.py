"""The truths planted in the sample company's tables, one typed row each, and how to measure them."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onefunnel.errors import Problem
from onefunnel.home import home

if TYPE_CHECKING:
    from onefunnel.data.tables import Tables

Value = float | str
SIGNS = ("high", "low", "other")


class TruthError(Problem):
    """A row of datasets/truths that cannot be used: names the row and the mend."""


@dataclass(frozen=True)
class Truth:
    """One planted truth. `datasets/truths/README.md` explains each field."""

    id: str
    plant: str
    says: str
    tables: tuple[str, ...]
    population: str
    estimator: str
    value: Value
    tolerance: float
    lessons: tuple[str, ...]
    arguments: Mapping[str, Any]
    naive: str = ""
    naive_arguments: Mapping[str, Any] | None = None
    naive_sign: str = ""
    naive_by: float = 0.0
    confounder: str = ""

    def holds(self, measured: Value) -> bool:
        """True when a measured value lies within the tolerance (words must be equal)."""
        if isinstance(self.value, str) or isinstance(measured, str):
            return measured == self.value
        return abs(measured - self.value) <= self.tolerance + 1e-12

    def misleads(self, read: Value) -> bool:
        """True when the naive reading is wrong in the declared direction and by as much as declared."""
        if isinstance(self.value, str) or isinstance(read, str):
            return read != self.value
        error = read - self.value
        return {"high": error >= self.naive_by, "low": -error >= self.naive_by}.get(
            self.naive_sign, abs(error) >= self.naive_by
        )


def load_truths(path: Path | None = None) -> tuple[Truth, ...]:
    """All rows of `datasets/truths/` (or of another folder or file). Raises TruthError on a row that cannot be read."""
    import yaml

    path = path or home().datasets / "truths"
    files = sorted(path.glob("*.yml")) if path.is_dir() else [path]
    truths = tuple(_truth(row, file.name) for file in files for row in yaml.safe_load(file.read_text(encoding="utf-8")))
    ids = [truth.id for truth in truths]
    double = sorted({name for name in ids if ids.count(name) > 1})
    if double:
        raise TruthError(f'{path.name}: "{double[0]}" stands there twice. Give each truth its own id.')
    return truths


def truth(truth_id: str, path: Path | None = None) -> Truth:
    """One truth by its id. Raises TruthError with the known ids when there is none."""
    truths = load_truths(path)
    for row in truths:
        if row.id == truth_id:
            return row
    raise TruthError(f'datasets/truths has no "{truth_id}". It has: {", ".join(row.id for row in truths)}.')


def measure(row: Truth, tables: Tables) -> Value:
    """What the row's estimator gives on the tables (T00 left out)."""
    return _call(row, row.estimator, row.arguments, tables)


def misread(row: Truth, tables: Tables) -> Value:
    """What the row's naive reading gives on the tables. Raises TruthError when the row declares none."""
    if not row.naive:
        raise TruthError(f'datasets/truths: "{row.id}" declares no naive reading.')
    arguments = row.arguments if row.naive_arguments is None else row.naive_arguments
    return _call(row, row.naive, arguments, tables)


def _call(row: Truth, dotted: str, arguments: Mapping[str, Any], tables: Tables) -> Value:
    measured = _resolve(row, dotted)(tables.company(), **arguments)
    return measured if isinstance(measured, str) else float(measured)


def _resolve(row: Truth, dotted: str) -> Callable[..., Value]:
    module, _, name = dotted.rpartition(".")
    try:
        return getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise TruthError(f'datasets/truths: "{row.id}" names {dotted}, which cannot be imported ({error}).') from error


def _truth(row: Mapping[str, Any], file: str) -> Truth:
    known = {field.name for field in fields(Truth)}
    name = row.get("id", "a row without id")
    unknown = sorted(set(row) - known)
    missing = sorted(
        {"id", "plant", "says", "tables", "population", "estimator", "value", "tolerance", "lessons"} - set(row)
    )
    if unknown:
        raise TruthError(f'{file}: "{name}" has an unknown field "{unknown[0]}". Known: {", ".join(sorted(known))}.')
    if missing:
        raise TruthError(f'{file}: "{name}" lacks "{missing[0]}". Add it.')
    if row.get("naive") and row.get("naive_sign") not in SIGNS:
        raise TruthError(f'{file}: "{name}" needs naive_sign: {", ".join(SIGNS)}.')
    values = dict(row)
    values["tables"], values["lessons"] = tuple(row["tables"]), tuple(row["lessons"])
    values.setdefault("arguments", {})
    return Truth(**values)
