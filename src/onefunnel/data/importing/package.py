"""The folder an import leaves: our CSV files, `datapackage.json`, `set_aside.csv`; whole, or not at all."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from onefunnel.data.importing.fields import other_tables
from onefunnel.data.schema import PACKAGE_FILE, DataError
from onefunnel.data.validation import validate
from onefunnel.home import home

SET_ASIDE = "set_aside.csv"
MARK = "imported_from"

#: What every row must have, whatever the export lacks.
_REQUIRED = {
    "territory_id", "account_id", "contact_id", "campaign_id", "lead_id", "opp_id", "outcome", "created_at",
    "step_id", "entered_at", "is_demonstration", "origin",
}  # fmt: skip
_MAY_BE_EMPTY = {
    ("opportunities", "contact_id"), ("opportunities", "campaign_id"), ("opportunities", "step_id"),
    ("leads", "campaign_id"), ("leads", "opp_id"), ("trial_slots", "opp_id"),
}  # fmt: skip
_UNSAID = {
    "consent": "false: the export does not say so",
    "key_account": "false: the export does not say so",
    "has_demonstrator": "false: the export does not say so",
    "is_large_site": "false also where the number of employees is not known",
    "line": "office for every account: the export does not say",
}

_NOT_A_DAY = np.datetime64("NaT", "ns")
_NOTHING = {"boolean": False, "number": np.nan, "integer": np.nan, "date": _NOT_A_DAY, "datetime": _NOT_A_DAY}


def check_target(folder: Path) -> None:
    """Raises DataError unless `folder` is new, empty, or holds an earlier import and nothing else."""
    if folder.is_file():
        raise DataError(f"{folder} is a file. Give --to a folder.")
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    try:
        package = json.loads((folder / PACKAGE_FILE).read_text(encoding="utf-8"))
        own = {PACKAGE_FILE, SET_ASIDE, *(resource["path"] for resource in package["resources"])}
        ours = MARK in package
    except (OSError, ValueError, KeyError, TypeError):
        own, ours = set(), False
    strangers = sorted(path.name for path in folder.iterdir() if path.name not in own)
    if strangers or not ours:
        name = strangers[0] if strangers else PACKAGE_FILE
        raise DataError(f"{folder} holds something else ({name}). Give --to a new or an empty folder.")


def write(
    tables: Mapping[str, pd.DataFrame], folder: Path, as_of: pd.Timestamp, kind: str, steps: tuple[str, ...],
    set_aside: bytes,
) -> list[str]:  # fmt: skip
    """Write, check and put in place; returns the names of the tables that stayed empty. Raises DataError."""
    absent = []
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise DataError(f"{folder}: cannot be written ({error.strerror}). Choose another folder with --to.") from error
    try:
        resources = []
        for resource in json.loads((home().datasets / PACKAGE_FILE).read_text(encoding="utf-8"))["resources"]:
            frame = tables.get(resource["name"])
            resources.append(_resource(resource, frame, steps, beside))
            if frame is None or frame.empty:
                absent.append(resource["name"])
        package = {
            "$schema": "https://specs.frictionlessdata.io/schemas/data-package.json",
            "profile": "tabular-data-package",
            "name": "imported-tables",
            "title": "Tables imported from an export",
            "description": "Holds what the export held about people: keep this folder where such data may lie.",
            MARK: kind,
            "as_of": f"{as_of:%Y-%m-%d}",
            "absent_tables": absent,
            "resources": resources,
        }
        (beside / PACKAGE_FILE).write_text(
            json.dumps(package, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n"
        )
        (beside / SET_ASIDE).write_bytes(set_aside)
        faults = validate(beside)
        if faults:
            raise DataError("The imported tables do not hold together, so nothing was written. " + " ".join(faults[:3]))
        _put(beside, folder)
    except OSError as error:
        raise DataError(f"{folder}: cannot be written ({error.strerror}). Close programs that use it.") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return absent


def _resource(model: Mapping[str, Any], frame: pd.DataFrame | None, steps: tuple[str, ...], folder: Path) -> dict:
    """One table's file, and its description: the sample's, without limits that hold only for the sample."""
    table = str(model["name"])
    if frame is not None:
        frame = _filled(frame, model["schema"]["fields"])
    fields = [_field(table, field, frame, steps) for field in model["schema"]["fields"]]
    names = [field["name"] for field in fields]
    full = frame is not None and not frame.empty
    texts = {name: _texts(frame[name], kind) for name, kind in zip(names, _kinds(fields), strict=True)} if full else {}
    path = folder / f"{table}.csv"
    pd.DataFrame(texts, columns=names).to_csv(path, index=False, lineterminator="\n", encoding="utf-8")
    data = path.read_bytes()
    return {
        **{name: model[name] for name in ("name", "path", "profile", "title", "description")},
        **({} if full else {"note": "The export has nothing for this table; it is empty."}),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "schema": {**model["schema"], "fields": fields},
    }


def _filled(frame: pd.DataFrame, fields: list[dict]) -> pd.DataFrame:
    """The frame with every column of the sample's table: what no export knows is empty, or false."""
    return frame.assign(
        **{field["name"]: _NOTHING.get(field["type"], "") for field in fields if field["name"] not in frame.columns}
    )


def _kinds(fields: list[dict]) -> list[str]:
    return [field["type"] for field in fields]


def _field(table: str, field: Mapping[str, Any], frame: pd.DataFrame | None, steps: tuple[str, ...]) -> dict:
    name = field["name"]
    new = {key: value for key, value in field.items() if key != "constraints"}
    limits = dict(field.get("constraints", {}))
    limits.pop("pattern", None)
    if name == "email":
        limits.pop("unique", None)
    if name not in _REQUIRED or (table, name) in _MAY_BE_EMPTY:
        limits.pop("required", None)
    if table in other_tables():
        limits.pop("enum", None)  # the sample's own words: other ones are told at import
    elif name == "step_id":
        limits["enum"] = [*steps, *(["lost", "no_decision"] if table == "stage_history" else [])]
    if new["type"] == "integer":
        new["type"] = "number"  # a whole number cannot be missing in pandas, an exported one can
    if limits:
        new["constraints"] = limits
    if frame is not None and not frame.empty:
        if name in _UNSAID:
            new |= {"note": _UNSAID[name], "filled": False}
        elif frame[name].isna().all() or (frame[name] == "").all():
            new |= {"note": "The export does not say; empty.", "filled": False}
    return new


def _texts(values: pd.Series, kind: str) -> np.ndarray:
    """Each value as it stands in the file."""
    if kind in ("date", "datetime"):
        unit = "D" if kind == "date" else "m"
        moments = values.to_numpy(dtype="datetime64[ns]")
        return np.where(np.isnat(moments), "", np.datetime_as_string(moments.astype(f"datetime64[{unit}]"))).astype(
            object
        )
    if kind == "boolean":
        return np.where(values.eq(True).to_numpy(dtype=bool), "true", "false").astype(object)
    if kind == "number":
        numbers = values.to_numpy(dtype=float)
        return np.array(["" if number != number else f"{number:.10g}" for number in numbers.tolist()], dtype=object)
    return values.fillna("").to_numpy(dtype=object)


def _put(beside: Path, folder: Path) -> None:
    """A new folder appears whole; an earlier import is put aside first and removed last."""
    old = None
    if folder.is_dir():
        check_target(folder)
        if any(folder.iterdir()):
            old = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent)) / "tables"
            folder.rename(old)
        else:
            folder.rmdir()
    try:
        beside.rename(folder)
    except OSError:
        if old is not None:
            old.rename(folder)
            old.parent.rmdir()
        raise
    if old is not None:
        shutil.rmtree(old.parent, ignore_errors=True)
