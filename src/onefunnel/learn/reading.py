"""Which questions can only be read on a company's own tables.

On the sample company every question was proved to have a right answer that stands clear of the named wrong ones.
Imported tables may lack what a question needs, or hold the one case in which the wrong way gives the right number.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from onefunnel.errors import Problem
from onefunnel.learn import numbers, simulate
from onefunnel.learn.items import COMPUTED, UNSCORED
from onefunnel.metrics.catalogue import NoFigure
from onefunnel.metrics.kept import once

if TYPE_CHECKING:
    from onefunnel.learn.items import Item
    from onefunnel.learn.world import World

CLEAR = 2  # a wrong value must be off by more than this many tolerances


def reading_only(item: Item, world: World) -> str:
    """Why this question can only be read on these tables, in a sentence; "" where it can be answered.

    Always "" on the sample company. Predictions and written answers can be given on any tables.
    """
    if not world.company.lacking or item.type in UNSCORED:
        return ""
    return once(world.book, ("reading", item.qualified, item.variant, id(world.playbook)), lambda: _why(item, world))


def no_number(item: Item, world: World) -> str:
    """Why these tables do not give the number that a prediction is looked back at with; "" where they do."""
    try:
        if "value" in item.spec:
            world.number(item)
    except NoFigure as problem:
        return str(problem)
    return ""


def _why(item: Item, world: World) -> str:
    try:
        simulate.right_answer(item, world)
        return _too_close(item, world) if item.type in COMPUTED else ""
    except NoFigure as problem:
        return str(problem)
    except Problem:
        return "On your tables this question has no answer that is right."


def _too_close(item: Item, world: World) -> str:
    right = world.number(item)
    if not math.isfinite(right):
        return "Your tables hold too few rows: the number is not defined on them."
    reach = CLEAR * numbers.tolerance(right, item.unit, item.decimals)
    for name, wrong in world.wrong_numbers(item).items():
        if math.isfinite(wrong) and abs(wrong - right) <= reach:
            return f"On your tables the right way and a wrong one ({name.replace('_', ' ')}) give the same number."
    return ""
