"""A learner's own skills matrix, as the team's skills map reads it: {skill id: "new", "can" or "show"}.

It is the answer to a `matrix` question with `rows_from: skills`, so it stands in `answers.json` like every answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onefunnel.learn.answers import FILE
from onefunnel.learn.files import Unreadable, read_json

if TYPE_CHECKING:
    from onefunnel.playbook import Playbook

LEVELS = {"new": "New to me", "can": "I can", "show": "I can show others"}


def own_view(folder: Path, playbook: Playbook) -> dict[str, str]:
    """Return {skill id: level} as kept in a lesson's folder, in the playbook's order; {} where none is kept.

    A file that cannot be read counts as none, a skill or level that is not there as not said.
    """
    try:
        kept = (read_json(folder / FILE) or {}).get("answers")
    except Unreadable:
        return {}
    said: dict[str, Any] = {}
    for entry in kept.values() if isinstance(kept, Mapping) else ():
        if isinstance(entry, Mapping) and entry.get("type") == "matrix" and isinstance(entry.get("answer"), Mapping):
            rows = entry["answer"].get("rows")
            said |= rows if isinstance(rows, Mapping) else {}
    levels = {skill.id: said.get(skill.id) for skill in playbook.skills}
    return {skill: level for skill, level in levels.items() if isinstance(level, str) and level in LEVELS}
