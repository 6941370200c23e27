"""The figures behind the pages, computed once and kept until something they depend on changes.

A figure depends on the function and its arguments, on the tables, on the code of the metrics and on what the playbook
passes in. All of that is in a figure's key, so a kept figure is never out of date; it can only be missing.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onefunnel.metrics import catalogue
from onefunnel.metrics.catalogue import NoFigure

if TYPE_CHECKING:
    from onefunnel.data import Tables
    from onefunnel.playbook import Playbook

KEPT = "values.json"


class Values:
    """Numbers of one company's tables. `store` is a folder to keep them in (None: only in memory)."""

    def __init__(self, tables: Tables, playbook: Playbook, data: Path | None = None, store: Path | None = None) -> None:
        self._tables, self._playbook = tables, playbook
        self._file = store / KEPT if store and data else None
        self._base = f"{digest(data, '*') if data else ''} {digest(Path(catalogue.__file__).parent, '*.py')}"
        self._base += f" {playbook.step_ids} {playbook.crm_probability} {playbook.calendar!r}"
        self._known = self._read()
        self._used: dict[str, float] = {}

    def call(self, dotted: str, inputs: Sequence[str], arguments: Mapping[str, Any]) -> float:
        """Return one figure; computed only if no earlier run kept it. NaN where the tables cannot give it."""
        text = f"{dotted} {list(inputs)} {sorted(arguments.items())} {self._base}"
        key = hashlib.sha256(text.encode()).hexdigest()[:32]
        if key not in self._used:
            if key not in self._known:
                self._known[key] = self._computed(dotted, inputs, arguments)
            self._used[key] = self._known[key]
        return self._used[key]

    def _computed(self, dotted: str, inputs: Sequence[str], arguments: Mapping[str, Any]) -> float:
        try:
            return float(catalogue.call(dotted, inputs, arguments, self._tables, self._playbook))
        except NoFigure:
            return math.nan

    def keep(self) -> None:
        """Write the figures that this run used; older ones are dropped."""
        if self._file is not None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.write_text(json.dumps(self._used, indent=0, sort_keys=True), encoding="utf-8", newline="\n")

    def _read(self) -> dict[str, float]:
        """What an earlier run kept. A file that cannot be read only means that all is computed again."""
        try:
            kept = json.loads(self._file.read_text(encoding="utf-8")) if self._file else {}
        except (OSError, ValueError):
            return {}
        return {key: float(value) for key, value in kept.items()} if isinstance(kept, dict) else {}


def digest(folder: Path, pattern: str) -> str:
    """Return a hash of the names and the content of a folder's files that match the pattern."""
    total = hashlib.sha256()
    for path in sorted(folder.glob(pattern)):
        if path.is_file() and path.suffix != ".pyc":
            total.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
