"""What a lesson cell may raise: each shows as one readable line, in JupyterLab, Validate and feedback alike."""

from __future__ import annotations

from onefunnel.errors import Problem


class OneLine(Exception):
    """An exception that a notebook shows as its message alone, without a traceback."""

    prefix = ""

    def __str__(self) -> str:
        """Return the line; it is never empty."""
        return self.prefix + (super().__str__() or "Something is missing here.")

    def _render_traceback_(self) -> list[str]:
        return [str(self)]  # IPython calls this; an empty list would make nbgrader lose the cell's error


class NotYet(OneLine):
    """There is no answer to check yet. Not a miss."""

    prefix = "Not yet: "


class StillOpen(Problem):
    """A test has open questions; it can be ended all the same."""


class Miss(OneLine):
    """The answer is not right; the message says why, never the answer."""

    prefix = "Not right: "


class Stop(OneLine, Problem):
    """The lesson cannot go on; the message says what to do."""
