"""The one error that stops a build: every fault of every lesson, each with file, line and mend."""

from __future__ import annotations

from collections.abc import Iterable

from onefunnel.errors import Problem
from onefunnel.playbook.findings import Finding, near

__all__ = ["Finding", "LessonError", "errors", "known_or_near"]


class LessonError(Problem):
    """Lesson sources that cannot be built. `findings` holds every fault; the message has a line for each."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(sorted(errors(findings), key=lambda f: (f.file, f.line, f.message)))
        count = len(self.findings)
        head = f"the lessons have {count} error{'s' if count != 1 else ''}:"
        super().__init__("\n  ".join([head, *map(str, self.findings)]))


def errors(findings: Iterable[Finding]) -> list[Finding]:
    """Return the faults among findings, without the warnings."""
    return [f for f in findings if f.level == "error"]


def known_or_near(word: object, known: Iterable[object]) -> str:
    """Return “ Did you mean …?”, or the known words where they are few, or nothing; begins with a blank."""
    known = sorted({str(one) for one in known})
    match = near(str(word), known)
    if match:
        return f' Did you mean "{match}"?'
    return f" There are: {', '.join(known)}." if 0 < len(known) <= 24 else ""
