"""What a learner has answered so far: `answers.json` beside the notebook, and the log of attempts."""

from __future__ import annotations

import contextlib
import datetime
import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onefunnel.errors import Problem
from onefunnel.learn.files import Unreadable, read_json, set_aside, write_json
from onefunnel.learn.identity import grading

if TYPE_CHECKING:
    from onefunnel.learn.items import Item

FILE, ATTEMPTS, FORMAT = "answers.json", "attempts.jsonl", 1
FINISHED = "finished"
SURE = {"not": "not sure", "fairly": "fairly sure", "sure": "sure"}


@dataclass(frozen=True)
class Entry:
    """One question's state: the answer kept (None: none yet), misses and variant, and what was checked last."""

    type: str
    answer: dict[str, Any] | None = None
    misses: int = 0
    variant: int = 0
    kept_at: str | None = None
    checked: str | None = None
    sure: str | None = None  # how sure the learner said to be: one of SURE


@dataclass
class Answers:
    """All entries in one folder, by qualified id ("stages/E3"). Written through to the file at each change."""

    folder: Path
    learner: str
    note: str = ""  # what happened to a file that could not be used; shown once by the first cell
    _entries: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path, learner: str) -> Answers:
        """Read the folder's answers. A damaged or foreign file is set aside (never while grading) and named in `note`.

        Raises Problem if the answers are another learner's.
        """
        answers = cls(folder, learner)
        try:
            answers._entries = _read(folder / FILE, learner)
        except Unreadable as error:
            answers.note = f"{FILE} could not be used: {error}."
            if not grading():
                answers.note += (
                    f" It now lies beside the notebook as {set_aside(folder / FILE).name}; your answers start afresh."
                )
        return answers

    @classmethod
    def read(cls, folder: Path, learner: str) -> Answers:
        """Read the folder's answers and change nothing, whatever is in the file. Raises Problem as `load` does."""
        try:
            return cls(folder, learner, _entries=_read(folder / FILE, learner))
        except Unreadable as error:
            return cls(folder, learner, note=f"{FILE} could not be used: {error}.")

    def entry(self, item: Item) -> Entry:
        """Return an item's entry; an impossible or foreign one counts as none."""
        raw = self._entries.get(item.qualified)
        if not isinstance(raw, dict) or raw.get("type") != item.type:
            return Entry(item.type)
        answer, kept_at, checked, sure = (raw.get(field) for field in ("answer", "kept_at", "checked", "sure"))
        return Entry(
            item.type,
            answer if isinstance(answer, dict) else None,
            _count(raw.get("misses")),
            _count(raw.get("variant")),
            kept_at if isinstance(kept_at, str) else None,
            checked if isinstance(checked, str) else None,
            sure if isinstance(sure, str) and sure in SURE else None,
        )

    def keep(self, item: Item, answer: dict[str, Any]) -> None:
        """Save a new answer to an item. Raises Problem if the folder cannot be written to."""
        self.put(item, replace(self.entry(item), answer=answer, kept_at=_now()))

    def keep_sure(self, item: Item, sure: str) -> None:
        """Save how sure the learner is of an answer. Raises Problem if the folder cannot be written to."""
        self.put(item, replace(self.entry(item), sure=sure))

    def finished(self, lesson: str) -> bool:
        """Tell whether the learner said to be done with a test; its answers stay as they are from then on."""
        entry = self._entries.get(f"{lesson}/{FINISHED}")
        return isinstance(entry, dict) and isinstance(entry.get("kept_at"), str)

    def finish(self, lesson: str) -> None:
        """Note that the learner is done with a test. Raises Problem if the folder cannot be written to."""
        self._write(f"{lesson}/{FINISHED}", {"type": FINISHED, "kept_at": _now()})

    def put(self, item: Item, entry: Entry) -> None:
        """Save an item's entry."""
        self._write(item.qualified, {name: value for name, value in asdict(entry).items() if value is not None})

    def _write(self, name: str, entry: dict[str, Any]) -> None:
        """Save one entry. Another notebook of the folder may have saved meanwhile, so the file is read afresh."""
        try:
            self._entries = _read(self.folder / FILE, self.learner) or self._entries
        except Unreadable:
            set_aside(self.folder / FILE)
        self._entries[name] = entry
        write_json(self.folder / FILE, {"format": FORMAT, "learner": self.learner, "answers": self._entries})

    def log(self, item: Item, passed: bool, hint: str | None) -> None:
        """Add one attempt to attempts.jsonl. Never while grading; a folder that cannot be written to is no error."""
        if grading():
            return
        attempt = {"at": _now(), "item": item.qualified, "passed": passed, "hint": hint}
        attempt |= {"sure": sure} if (sure := self.entry(item).sure) else {}
        line = json.dumps(attempt, ensure_ascii=False)
        with contextlib.suppress(OSError), (self.folder / ATTEMPTS).open("a", encoding="utf-8", newline="\n") as file:
            file.write(line + "\n")


def _read(path: Path, learner: str) -> dict[str, Any]:
    content = read_json(path)
    if content is None:
        return {}
    if content.get("format") != FORMAT or not isinstance(content.get("answers"), dict):
        raise Unreadable("it is not an answer file of this version of the kit")
    owner = content.get("learner")
    if not isinstance(owner, str) or owner.lower() != learner:
        raise Problem(
            f"{FILE} beside this notebook belongs to {str(owner)[:70]!r}, and you are {learner!r}. Books differ, so "
            f"answers cannot be shared. Move {FILE} out of this folder to begin your own, or mend learner.json if your "
            "id is wrong."
        )
    return content["answers"]


def _count(value: object) -> int:
    return value if type(value) is int and 0 <= value < 1000 else 0


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
