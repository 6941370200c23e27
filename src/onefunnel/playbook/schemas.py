"""Writes the JSON Schemas in `playbooks/schema/`, by which editors complete and explain the YAML files."""

from __future__ import annotations

import json
from pathlib import Path

from onefunnel.playbook.loading import FILES


def schema_texts() -> dict[str, str]:
    """Return file name → text, for every file of the playbook."""
    return {f"{name}.schema.json": _text(name) for name in FILES}


def stale(folder: Path) -> list[str]:
    """Return the names of schemas that are missing or differ from the models."""
    texts = schema_texts()
    return [name for name, text in texts.items() if _read(folder / "schema" / name) != text]


def write(folder: Path) -> list[str]:
    """Write what is stale; return the names of the files written."""
    names, texts = stale(folder), schema_texts()
    (folder / "schema").mkdir(exist_ok=True)
    for name in names:
        (folder / "schema" / name).write_text(texts[name], encoding="utf-8", newline="\n")
    return names


def _text(name: str) -> str:
    schema = FILES[name].model_json_schema(by_alias=True)
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": f"{name}.yml"}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None
