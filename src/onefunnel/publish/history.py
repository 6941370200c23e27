"""When the truth's files last changed, as their git history tells it.

Two builds of one tree must give the same bytes, so nothing here looks at the clock or at a file's own time, which a
copy or a checkout sets anew.
"""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

_SECONDS = 20


def last_changes(folder: Path) -> dict[str, date | None]:
    """Return for each file of `folder` that git knows (posix path below it) the day of its last commit.

    None stands for a file that was edited since. Empty where there is no git, no history of this folder, or only the
    newest part of one (a shallow clone would call every file as young as its first commit).
    """
    if not folder.is_dir() or _git(folder, "rev-parse", "--is-shallow-repository").strip() != "false":
        return {}
    known = set(_git(folder, "ls-files", "-z").split("\0")) - {""}
    days: dict[str, date | None] = {}
    day: date | None = None
    for entry in _git(folder, "log", "--format=%x01%cs", "--name-only", "--relative", "-z", "--", ".").split("\0"):
        # With -z the first name of a commit follows its line after a line break, the others stand alone.
        for piece in entry.split("\n"):
            if piece.startswith("\x01"):
                day = date.fromisoformat(piece[1:])
            elif piece in known:
                days.setdefault(piece, day)
    edited = _git(folder, "diff", "--name-only", "--relative", "-z", "HEAD", "--", ".").split("\0")
    return days | {name: None for name in edited if name in days}


def _git(folder: Path, *arguments: str) -> str:
    """What git says, or nothing where it cannot say anything."""
    command = ["git", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=True, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.decode("utf-8", "replace")
