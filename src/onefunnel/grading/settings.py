"""What a course may set about our grading, in its own nbgrader_config.py: `c.OneFunnelGrading.… = …`."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from traitlets import Bool, Dict, List, Unicode
from traitlets.config import Config, Configurable

from onefunnel.errors import Problem


@dataclass(frozen=True)
class Limits:
    """Bounds of one submission's run. A single cell's time is the course's own `Execute.timeout`.

    Wall time and output are bounded everywhere; the rest where kernels are forked (Linux); disk and processes for sure
    only in the box.
    """

    wall_seconds: float = 300.0
    cpu_seconds: float = 300.0
    memory_bytes: int = 2_000_000_000
    processes: int = 64
    disk_bytes: int = 200_000_000
    output_bytes: int = 10_000_000


class OneFunnelGrading(Configurable):
    """The settings and their defaults."""

    limits = Dict(help="Bounds that differ from the defaults: {'wall_seconds': 60}.").tag(config=True)
    lesson_limits = Dict(help="The same for single assignments: {'sums': {'memory_bytes': 10**9}}.").tag(config=True)
    forgive_warnings = Bool(
        False, help="Give a check its points although something was written to stderr, if it raised nothing."
    ).tag(config=True)
    require_box = Bool(False, help="Refuse to run learners' code where bubblewrap is missing.").tag(config=True)
    readable = List(Unicode(), help="More folders that code in the box may read.").tag(config=True)
    warm = List(
        Unicode(), help="Modules that every kernel starts with, besides those that the released cells import."
    ).tag(config=True)


def settings_of(config: Config) -> OneFunnelGrading:
    """Read the settings. Raises Problem for a value of the wrong kind."""
    try:
        found = OneFunnelGrading(config=config)
        for said in [found.limits, *found.lesson_limits.values()]:
            _merged(Limits(), said)
    except Problem:
        raise
    except Exception as error:  # traitlets and anything that a wrong type leads to
        raise Problem(f"nbgrader_config.py, c.OneFunnelGrading: {error}") from error
    return found


def limits_of(settings: OneFunnelGrading, assignment: str) -> Limits:
    """The bounds of one assignment: defaults, then the course's, then the assignment's own."""
    return _merged(_merged(Limits(), settings.limits), settings.lesson_limits.get(assignment, {}))


def _merged(limits: Limits, said: dict[str, Any]) -> Limits:
    known = {field.name for field in fields(Limits)}
    for name, value in said.items():
        if name not in known:
            raise Problem(f"c.OneFunnelGrading: there is no limit “{name}”. There are: {', '.join(sorted(known))}.")
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value <= 0:
            raise Problem(f"c.OneFunnelGrading: the limit “{name}” must be a number above zero, not {value!r}.")
    return replace(limits, **said)
