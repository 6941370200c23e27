"""Outlets, scanner shops and premium doors: who they are, what the route sells there, and what was tried in them.

Read `places` first (who there is).
"""

from __future__ import annotations

from typing import Any

from generator.outlets import places
from generator.world import World


def add(world: World) -> dict[str, dict[str, Any]]:
    """The widened `accounts` and the tables of the outlets."""
    return {"accounts": places.more_accounts(world)}
