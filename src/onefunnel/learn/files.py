"""JSON files beside a notebook: read with care, written whole or not at all."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import Any

from onefunnel.errors import Problem

LARGEST = 2_000_000  # bytes; a whole lesson's answers take a few thousand


class Unreadable(Exception):
    """A file that is there but is not the JSON it should be; the message says what is wrong."""


def read_json(path: Path) -> dict[str, Any] | None:
    """Return a file's JSON object, None if there is no file; raises Unreadable for anything else."""
    try:
        if path.stat().st_size > LARGEST:
            raise Unreadable(f"it is larger than {LARGEST // 1_000_000} MB")
        content = json.loads(path.read_text(encoding="utf-8"), parse_constant=lambda _: None)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        raise Unreadable(f"it cannot be read ({type(error).__name__})") from None
    if not isinstance(content, dict):
        raise Unreadable("it is not a table of fields")
    return content


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write a JSON object as `write_bytes` does."""
    write_bytes(path, (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8"))


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file in one step: a crash leaves the old one or the new one, never half of one. May raise Problem."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise Problem(
            f"{path.name} could not be saved ({error.strerror or error}). Is the folder read-only or the disk full? "
            "Copy the lesson's folder to a place you may write to and open it there."
        ) from None


def set_aside(path: Path) -> Path:
    """Rename a file that cannot be used, so that nothing is lost, and return its new name."""
    number = 1
    while (aside := path.with_name(f"{path.stem}.set-aside-{number}{path.suffix}")).exists():
        number += 1
    try:
        path.replace(aside)
    except OSError as error:
        raise Problem(
            f"{path.name} cannot be used and cannot be renamed ({error.strerror or error}). Move it away by hand."
        ) from None
    return aside
