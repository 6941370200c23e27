"""What the cells of notebooks import: `from onefunnel.learn import open_lesson`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onefunnel.learn.lesson import Opened

__all__ = ["lead_on", "open_home", "open_lesson", "open_today"]


def open_lesson(slug: str) -> Opened:
    """Open a lesson in the notebook's folder and return (ask, check, book, company, explore); see `learn.lesson`."""
    from onefunnel.learn import lesson  # only now: the builder imports `keys` from here without tables or widgets

    return lesson.open_lesson(slug)


def lead_on(slug: str) -> None:
    """Say at the end of a lesson what comes next on the learner's path; see `learn.homepage`."""
    from onefunnel.learn import homepage

    homepage.lead_on(slug)


def open_home() -> None:
    """Show the home page of the workspace that this notebook lies in; see `learn.homepage`."""
    from onefunnel.learn import homepage

    homepage.open_home()


def open_today() -> None:
    """Ask three questions from lessons that are done; see `learn.recall`."""
    from onefunnel.learn import recall

    recall.open_today()
