"""Whose book of business a notebook works on (learner id), and whether it is being graded."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from onefunnel.errors import Problem
from onefunnel.learn.files import Unreadable, read_json, write_json

if TYPE_CHECKING:
    import ipywidgets

FILE = "learner.json"
FORMAT = 1
_ID = re.compile(r"[a-z0-9_@-](?:[a-z0-9_.@-]{0,62}[a-z0-9_@-])?")


def grading() -> str:
    """Return what nbgrader is doing: "autograde", "validate", or "" while somebody learns."""
    return os.environ.get("NBGRADER_EXECUTION", "")


def normalise(said: object) -> str:
    """Return a learner id in its one form (small letters). Raises Problem for what cannot be one.

    1 to 64 of: letters a–z, digits, - _ . @; no dot at either end, since ids are also names of folders.
    """
    name = said.strip().lower() if isinstance(said, str) else ""
    if not _ID.fullmatch(name):
        raise Problem(
            f"{str(said)[:70]!r} cannot be a learner id. "
            "Use 1 to 64 of: letters a–z, digits, - _ . @ (no dot at the start or end)."
        )
    return name


def who(folder: Path) -> str | None:
    """Return the learner id of the notebook in `folder`, None if nobody has typed one yet. Raises Problem.

    Learning and `nbgrader validate`: `learner.json` beside the notebook. Autograding: ONEFUNNEL_GRADED, set by the
    grading engine, else the folder above the assignment's (autograded/LEARNER/ASSIGNMENT), and nothing else.
    """
    if grading() == "autograde":
        return normalise(os.environ.get("ONEFUNNEL_GRADED") or folder.resolve().parent.name)
    try:
        content = read_json(folder / FILE)
    except Unreadable as error:
        raise Problem(
            f"{FILE} beside this notebook is damaged: {error}. Delete it, run this cell again and type your id."
        ) from None
    return None if content is None else normalise(content.get("learner"))


def keep(folder: Path, said: object) -> str:
    """Write `learner.json` and return the id in its one form. Raises Problem."""
    name = normalise(said)
    write_json(folder / FILE, {"format": FORMAT, "learner": name})
    return name


def id_box(folder: Path) -> ipywidgets.Widget:
    """Return the box that asks for the id once."""
    import html

    import ipywidgets as widgets

    box = widgets.Text(
        description="Your id:", placeholder="as your enablement lead gave it to you", continuous_update=False
    )
    button = widgets.Button(description="Keep this id", button_style="primary")
    status = widgets.HTML("")

    def save(_: object = None) -> None:
        if not box.value.strip():
            return
        try:
            status.value = f"Kept: <b>{html.escape(keep(folder, box.value))}</b>. Now run this cell again."
        except Problem as problem:
            status.value = html.escape(str(problem))

    box.observe(save, names="value")
    button.on_click(save)
    return widgets.VBox([box, button, status])
