"""What a theme of the generator may look at while it makes its tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass
class World:
    """The company so far. A theme's `add(world)` returns the tables it makes or widens: name → column → values.

    `people` and `deals` are the fates (one element a person or deal, see `leads` and `deals`); `made` holds the tables
    so far. The n-th deal is row n of `made["opportunities"]`. Values are in the kinds of `columns`.
    """

    seed: int
    truth: Mapping[str, float]
    people: Mapping[str, np.ndarray]
    deals: Mapping[str, np.ndarray]
    made: dict[str, dict[str, Any]]

    def column(self, table: str, name: str) -> np.ndarray:
        """A column made so far, as an array."""
        return np.asarray(self.made[table][name])
