"""What a check has to say: one line with the place, the fault and the mend."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from onefunnel.errors import Problem


@dataclass(frozen=True)
class Finding:
    """One fault: `playbooks/funnel.yml:42 step "accepted": two accountable … Keep exactly one.`"""

    file: str
    line: int
    where: str
    message: str
    level: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place} {self.where}: {self.message}" if self.where else f"{place}: {self.message}"


class PlaybookError(Problem):
    """The playbook cannot be used as it stands. `findings` has every error, `str()` has one line for each."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        count = len(self.findings)
        head = f"the playbook has {count} error{'s' if count > 1 else ''}:"
        super().__init__("\n  ".join([head, *map(str, self.findings)]))


def near(word: str, known: Iterable[str]) -> str:
    """Return the known word nearest to `word`, or an empty string when none is near."""
    by_lower = {str(one).lower(): str(one) for one in known}
    match = get_close_matches(str(word).lower(), list(by_lower), n=1, cutoff=0.6)
    return by_lower[match[0]] if match else ""


def mend_unknown(word: str, known: Iterable[str], where_they_are: str) -> str:
    """Return the second half of every “unknown id” message: the near match, or where the known ones stand."""
    match = near(word, known)
    return f'Did you mean "{match}"?' if match else f"{where_they_are} has the ones that exist."
