"""The tests that Altamar ran: who was drawn by lot into which arm, and what came of it.

One module an owner. Each has `RESULTS`, a tuple of `Result` rows in the order of the experiments; add the module to
`OWNERS`. Rows are plain numbers that a person can check, because a lesson prints them; nothing here is drawn.
"""

from __future__ import annotations

from types import ModuleType

from generator.experiments import company, leads
from generator.experiments.shape import Result
from generator.money import days
from generator.world import World

OWNERS: tuple[ModuleType, ...] = (leads, company)
DATES = ("started_on", "planned_end", "looked_on")


def add(world: World) -> dict[str, dict[str, list]]:
    """The table `experiments`, by experiment, then look, stratum and arm as the owners list them."""
    rows = sorted((row for owner in OWNERS for row in owner.RESULTS), key=lambda row: row.experiment_id)
    return {"experiments": {name: [_value(row, name) for row in rows] for name in Result._fields}}


def _value(row: Result, name: str) -> object:
    value = getattr(row, name)
    return days(value) if name in DATES else value
