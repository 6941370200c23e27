"""What a lesson's cells import: `from onefunnel.learn import open_lesson`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onefunnel.learn.lesson import Opened

__all__ = ["open_lesson"]


def open_lesson(slug: str) -> Opened:
    """Open a lesson in the notebook's folder and return (ask, check, book, company, explore); see `learn.lesson`."""
    from onefunnel.learn import lesson  # only now: the builder imports `keys` from here without tables or widgets

    return lesson.open_lesson(slug)
