"""What "20 % more" of a share means: a part of what was there, or points on top."""

from __future__ import annotations


def after_relative_change(start: float, change: float) -> float:
    """A share after it grew by `change` **of itself**: 15 % and +20 % give 18 %. All are fractions."""
    return start * (1 + change)


def after_points(start: float, change: float) -> float:
    """Misread: the same figure added as points: 15 % and 20 give 35 %. All are fractions."""
    return start + change
