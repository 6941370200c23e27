"""The company as a whole: forecasts, advertising, micromarkets, costs, what its people say and how they spend hours."""

from __future__ import annotations

from typing import Any

from generator.company import advertising, forecasts, hours, media, micromarkets, voices
from generator.world import World


def add(world: World) -> dict[str, dict[str, Any]]:
    """Tables of this theme: name → column → values."""
    advertised = advertising.make(world.seed, world.truth)
    return {
        "forecasts": forecasts.make(world.seed, world.truth, advertised, world.made["profit_and_loss"]),
        "advertising_monthly": advertised,
        **media.make(world.seed, world.truth),
        **micromarkets.make(world),
        **voices.make(world.seed, world.truth),
        **hours.make(world.seed, world.truth),
    }
