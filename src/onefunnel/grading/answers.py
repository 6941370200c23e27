"""The answers that our lessons keep beside the notebook: whose they are, and whether they are what lessons write."""

from __future__ import annotations

import json
from typing import Any

from onefunnel.grading.outcomes import Refused

ANSWERS, LEARNER, ATTEMPTS = "answers.json", "learner.json", "attempts.jsonl"
LARGEST = 2_000_000  # bytes; a lesson's answers take a few thousand
_DEEPEST = 8
_TEXTS = ("kept_at", "checked")
_COUNTS = ("misses", "variant")


def whose_answers(files: dict[str, bytes], learner: str) -> None:
    """Check that the answers kept beside a notebook were given on this learner's book.

    Raises Refused: unreadable (not the JSON that the lessons write), wrong_book. Courses without such a file pass.
    """
    for name in (ANSWERS, LEARNER):
        if name not in files:
            continue
        content = _read(name, files[name])
        if "learner" not in content and "answers" not in content:
            continue  # somebody else's file of the same name
        owner = content.get("learner")
        worked = name == LEARNER or bool(content.get("answers"))
        if worked and owner != learner:
            raise Refused("wrong_book", f"worked out as {owner!r}, handed in as {learner!r}")


def only_data(files: dict[str, bytes]) -> None:
    """Check `answers.json` in full, before it is graded without a box. Raises Refused('unreadable')."""
    if ANSWERS not in files:
        return
    content = _read(ANSWERS, files[ANSWERS])
    answers = content.get("answers", {})
    if not isinstance(answers, dict):
        raise Refused("unreadable", f"{ANSWERS}: its answers are not a table")
    for item, entry in answers.items():
        wrong = _wrong_with(entry)
        if wrong:
            raise Refused("unreadable", f"{ANSWERS}, {item[:80]}: {wrong}")


def _read(name: str, raw: bytes) -> dict[str, Any]:
    if len(raw) > LARGEST:
        raise Refused("unreadable", f"{name} has more than {LARGEST // 1_000_000} MB")
    try:
        content = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Refused("unreadable", f"{name}: {error}") from error
    if not isinstance(content, dict):
        raise Refused("unreadable", f"{name} is not a table")
    return content


def _wrong_with(entry: object) -> str:
    if not isinstance(entry, dict) or not isinstance(entry.get("type"), str):
        return "not an answer"
    if not isinstance(entry.get("answer", {}), dict):
        return "the answer is not a table"
    if not all(isinstance(entry.get(name, ""), str) for name in _TEXTS):
        return "a time or a mark is not text"
    if not all(type(entry.get(name, 0)) is int for name in _COUNTS):
        return "a count is not a whole number"
    return "nested too deeply" if _deeper_than(entry, _DEEPEST) else ""


def _deeper_than(value: object, depth: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return depth < 0 or any(_deeper_than(one, depth - 1) for one in inner)
