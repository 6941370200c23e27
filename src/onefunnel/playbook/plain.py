"""Turns pydantic's messages into plain sentences with a file, a line and a mend."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ValidationError

from onefunnel.playbook.findings import Finding, near
from onefunnel.playbook.reader import Document, Path_

# What one entry of a list is called.
ENTRY = {
    "steps": "step",
    "metrics": "metric",
    "roles": "role",
    "terms": "term",
    "evidence": "evidence",
    "ideas": "idea",
    "sources": "article",
    "skills": "skill",
    "clusters": "cluster",
    "functions": "function",
    "phases": "phase",
    "origins": "origin",
    "side_exits": "side exit",
    "business_lines": "business line",
    "decisions": "decision",
    "parts": "part",
    "topics": "topic",
    "levels": "level",
}

WRONG_TYPE = {
    "string_type": "must be text. Put it in quotes.",
    "tuple_type": "must be a list. Begin each entry with a dash.",
    "list_type": "must be a list. Begin each entry with a dash.",
    "dict_type": "must have fields of its own, one a line, indented.",
    "model_type": "must have fields of its own, one a line, indented.",
    "bool_type": "must be true or false.",
    "bool_parsing": "must be true or false.",
    "int_type": "must be a whole number.",
    "int_parsing": "must be a whole number.",
    "int_from_float": "must be a whole number.",
    "float_type": "must be a number, with a point for decimals.",
    "float_parsing": "must be a number, with a point for decimals.",
    "string_too_short": "is empty. Write it, or delete the line.",
    "too_short": "is empty. Give at least one.",
}


def where(document: Document, path: Path_) -> str:
    """Name the entry that a path lies in: `step "accepted"`, `idea 12`, or an empty string outside lists."""
    if len(path) < 2 or not isinstance(path[1], int):
        return ""
    kind = ENTRY.get(str(path[0]), str(path[0]))
    entry = document.at(path[:2])
    if isinstance(entry, dict):
        if "number" in entry:
            return f"{kind} {entry['number']}"
        if entry.get("id"):
            return f'{kind} "{entry["id"]}"'
    return f"{kind} number {path[1] + 1}"


def finding(document: Document, path: Path_, message: str, level: str = "error") -> Finding:
    """Make a finding about the part of a document at `path`."""
    return Finding(document.name, document.line(path), where(document, path), message, level)


def translate(error: ValidationError, model: type[BaseModel], document: Document) -> Iterator[Finding]:
    """Yield one plain finding for each of pydantic's errors."""
    for one in error.errors(include_url=False):
        path = tuple(one["loc"])
        parent = path[:-1] if one["type"] == "missing" else path
        message = _sentence(one, path, model)
        yield finding(document, parent, message)


def _sentence(one: dict[str, Any], path: Path_, model: type[BaseModel]) -> str:
    kind, context = one["type"], one.get("ctx", {})
    if kind == "accountable":
        return one["msg"]
    inner = path[2:] if len(path) > 2 and isinstance(path[1], int) else path
    name = ".".join(str(part + 1) if isinstance(part, int) else part for part in inner)
    if kind == "missing":
        if path[-1] == "accountable":
            return "nobody is accountable. Name exactly one function and one role."
        return f'field "{name}" is missing. Add it{_described(model, path)}'
    if kind == "extra_forbidden":
        match = near(str(path[-1]), _fields(model, path[:-1]))
        if match:
            return f'unknown field "{name}". Did you mean "{match}"?'
        if " " in name:  # { } with a sentence in it
            return f'"{name}" was read as a field. Inside {{ }} a comma ends the text: put the whole text in quotes.'
        return f'unknown field "{name}". Delete it or correct its name.'
    field = f'field "{name}"' if name else "this entry"
    if kind in WRONG_TYPE:
        return f"{field} {WRONG_TYPE[kind]}"
    if kind in ("literal_error", "enum"):
        allowed = context.get("expected", "")
        match = near(str(one["input"]), allowed.replace("'", "").replace(" or ", ", ").split(", "))
        hint = f' Did you mean "{match}"?' if match else ""
        return f'{field} is "{one["input"]}", but must be {allowed}.{hint}'
    if kind == "string_pattern_mismatch":
        return f'{field} is "{one["input"]}". {_pattern(context.get("pattern", ""))}'
    if kind.startswith(("date_", "datetime_")):
        return f'{field} is "{one["input"]}". Write a date as 2027-06-30.'
    if kind.startswith("time_"):
        return f'{field} is {one["input"]!r}. Write a time in quotes: "09:00".'
    return f"{field}: {one['msg'][0].lower()}{one['msg'][1:]}."


def _pattern(pattern: str) -> str:
    if "metrics" in pattern:
        return "Name a function by its full path, such as onefunnel.metrics.pipeline.win_rate."
    if "(-" in pattern:
        return "Use small letters, digits and hyphens."
    if "A-Z" in pattern:
        return "Use three capital letters, such as EUR."
    return "Use small letters, digits and _ and begin with a letter."


def _described(model: type[BaseModel], path: Path_) -> str:
    """Return “: what belongs there.” from the field's own description, or a full stop."""
    owner = _model_at(model, path[:-1])
    for name, field in (owner.model_fields if owner else {}).items():
        if path[-1] in (name, field.alias) and field.description:
            return ": " + field.description[0].lower() + field.description[1:]
    return "."


def _fields(model: type[BaseModel], path: Path_) -> list[str]:
    owner = _model_at(model, path)
    return [field.alias or name for name, field in owner.model_fields.items()] if owner else []


def _model_at(model: type[BaseModel], path: Path_) -> type[BaseModel] | None:
    """Follow a path of field names and list positions to the model that describes the part there."""
    current: type[BaseModel] | None = model
    for part in path:
        if isinstance(part, int) or current is None:
            continue
        field = next((f for n, f in current.model_fields.items() if part in (n, f.alias)), None)
        current = _inner_model(field.annotation) if field else None
    return current


def _inner_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if typing.get_origin(annotation) in (tuple, list, typing.Union, types.UnionType):
        found = (_inner_model(inner) for inner in typing.get_args(annotation))
        return next((one for one in found if one), None)
    return None
