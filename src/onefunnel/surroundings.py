"""What the tools we start need to find around them: one place for the traps of PATH and folders."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path


def prepare() -> None:
    """Set this process's environment for Jupyter, nbgrader and MkDocs. Called once, by the command line."""
    programs_on_path()
    skip_address_grammar()
    # Kernels keep their keys and sockets here: never on a home folder that may lie on the network.
    if "JUPYTER_RUNTIME_DIR" not in os.environ:
        os.environ["JUPYTER_RUNTIME_DIR"] = str(_local_folder() / "jupyter-runtime")
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")


def programs_on_path() -> None:
    """Put the environment's programs on PATH, also where the environment was not activated.

    nbgrader runs `alembic` from PATH when it first opens a gradebook; without it a half-made one is left behind, and
    the next run takes it for a good one.
    """
    programs = str(Path(sys.executable).parent)
    paths = os.environ.get("PATH", "").split(os.pathsep)
    if programs not in paths:
        os.environ["PATH"] = os.pathsep.join([programs, *paths])


def skip_address_grammar() -> None:
    """Let jsonschema do without `rfc3987_syntax`, which takes a second of every start to build a grammar.

    It serves the formats “iri” and “iri-reference” alone. No schema of a notebook or of ours asks for them.
    """
    sys.modules.setdefault("rfc3987_syntax", None)


def _local_folder() -> Path:
    """A folder of this user on this machine's own disk."""
    for variable in ("LOCALAPPDATA", "XDG_RUNTIME_DIR"):
        folder = os.environ.get(variable)
        if folder and Path(folder).is_dir():
            return Path(folder) / "onefunnel"
    return Path(tempfile.mkdtemp(prefix="onefunnel-"))
