"""The files a user may write: a mapping for exports of no known CRM, and stage names of their own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from onefunnel.data.importing.fields import RECORDS, fields, missing, needed, other_tables
from onefunnel.data.importing.names import guess
from onefunnel.data.importing.reading import Sheet
from onefunnel.data.importing.vocabulary import CLOSED, Vocabulary
from onefunnel.data.importing.words import fold, near
from onefunnel.data.schema import DataError

_MAX_BYTES = 1_000_000
_STAGES_SHOWN = 40


@dataclass(frozen=True)
class Mapping_:
    """File name → record and column of each field; the user's own stage names, and corrections of misspelt names."""

    files: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)
    stages: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


def read_mapping(path: Path, words: Vocabulary) -> Mapping_:
    """Read a finished mapping. Raises DataError naming what is unknown or still missing."""
    raw = _yaml(path)
    files = raw.get("files")
    if not isinstance(files, dict) or not files:
        raise DataError(f'{path}: "files" is missing. Let the command draft a mapping and finish that.')
    out = {}
    for name, entry in files.items():
        record = entry.get("record") if isinstance(entry, dict) else None
        if record not in (*RECORDS, *other_tables()):
            known = ", ".join((*RECORDS, *other_tables()))
            raise DataError(f'{path}: file "{name}": "record" must be one of {known}.')
        columns = entry.get("columns")
        if not isinstance(columns, dict):
            raise DataError(f'{path}: file "{name}": "columns" is missing: one line a field, field: "column".')
        strange = next((key for key in columns if key not in fields(record)), None)
        if strange is not None:
            known = ", ".join(fields(record))
            raise DataError(f'{path}: file "{name}": there is no field "{strange}". There are: {known}.')
        given = {str(key): str(column) for key, column in columns.items() if column not in (None, "")}
        lacking = missing(record, set(given))
        if lacking:
            raise DataError(f'{path}: file "{name}": say which column holds {"; ".join(lacking)}.')
        out[str(name)] = (record, given)
    names = raw.get("names") or {}
    if not isinstance(names, dict):
        raise DataError(f'{path}: "names" must be lines such as "Expreso Blend: Espresso Blend".')
    stages = _stages(raw.get("stages") or {}, path, words.steps)
    return Mapping_(out, stages, {str(wrong): str(right) for wrong, right in names.items()})


def read_stages(path: Path, words: Vocabulary) -> dict[str, str]:
    """Read the user's stage names, `label: step`. Raises DataError for a step that the playbook lacks."""
    raw = _yaml(path)
    return _stages(raw.get("stages", raw), path, words.steps)


def draft(sheets: list[Sheet], words: Vocabulary) -> str:
    """A mapping to be finished: guesses from the headers, and the stage names that were seen."""
    lines = [
        "# A draft, guessed from the headers. Check every line, fill what is empty, then run the command again with",
        '# --mapping and this file. A field that the export lacks stays empty ("").',
        "files:",
    ]
    seen: dict[str, None] = {}
    for sheet in sheets:
        record, columns = guess(sheet.header)
        lines += [
            f"  {_quoted(sheet.file)}:",
            f"    record: {record}  # {', '.join(RECORDS)}, or another of our tables",
        ]
        lines += [f"    # its columns: {', '.join(_quoted(name) for name in sheet.header)}", "    columns:"]
        groups = [group for group in needed(record) if not set(group) & set(columns)]
        for name in fields(record):
            lacking = next((group for group in groups if name in group), None)
            ask = f"  # needed: {' or '.join(lacking)}" if lacking else ""
            lines.append(f"      {name}: {_quoted(columns.get(name, ''))}{ask}")
        if "stage" in columns:
            seen |= dict.fromkeys(sheet.frame[columns["stage"]].unique().tolist())
    lines += [f"stages:  # each is one of {', '.join((*words.steps, *CLOSED))}"]
    labels = [label for label in seen if label][:_STAGES_SHOWN]
    for label in labels:
        step = words.stages.get(fold(label), "")
        close = near(label, words.stages) if not step else None
        hint = f"  # {words.stages[close]}? it looks like {_quoted(close)}" if close else ""
        lines.append(f"  {_quoted(label)}: {_quoted(step)}{hint}")
    if not labels:
        lines[-1] = lines[-1].replace("stages:", "stages: {}")
    return "\n".join(lines) + "\n"


def _stages(raw: Any, path: Path, steps: tuple[str, ...]) -> dict[str, str]:
    if not isinstance(raw, dict):
        raise DataError(f'{path}: "stages" must be lines such as "Contract out: decision".')
    known = (*steps, *CLOSED)
    out = {}
    for label, step in raw.items():
        if step in (None, ""):
            continue
        if step not in known:
            raise DataError(f'{path}: stage "{label}": "{step}" is no step. Steps are: {", ".join(known)}.')
        out[str(label)] = str(step)
    return out


def _yaml(path: Path) -> Mapping[str, Any]:
    import yaml

    try:
        if path.stat().st_size > _MAX_BYTES:
            raise DataError(f"{path}: this is too large to be a mapping. Name the YAML file.")
        raw = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise DataError(f"{path}: there is no such file. Check its name.") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        where = getattr(error, "problem_mark", None)
        line = f" near line {where.line + 1}" if where else ""
        raise DataError(f"{path}: cannot be read as YAML{line}. Mend it there.") from error
    if not isinstance(raw, dict):
        raise DataError(f"{path}: holds no lines such as field: value. Let the command draft one.")
    return raw


def _quoted(text: str) -> str:
    """YAML's double quotes are JSON's, with the control characters escaped."""
    return json.dumps(str(text), ensure_ascii=False).replace("\x85", "\\x85").replace("\u2028", "\\u2028")
