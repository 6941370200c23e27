"""Write a folder of derived files so that a second run touches nothing that has not changed.

A live preview watches the folder: rewriting a page that says the same would rebuild the site for nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from onefunnel.errors import Problem

MANIFEST = ".written.json"  # a hidden file, so that no site builder publishes it


class Changes(NamedTuple):
    """What a run did, as sorted paths relative to the folder."""

    written: tuple[str, ...]
    deleted: tuple[str, ...]


def sync(files: Mapping[str, bytes], folder: Path) -> Changes:
    """Make `folder` hold exactly `files` (relative posix path → bytes), as far as this function wrote it before.

    Files that an earlier run wrote and that are no longer wanted are deleted, with the folders they leave empty.
    A file of anybody else (such as .gitkeep) is never deleted. Raises Problem if the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        written = [path for path in sorted(files) if _write_if_new(folder / path, files[path])]
        deleted = [path for path in sorted(_earlier(folder) - set(files)) if _delete(folder, path)]
        manifest = json.dumps(sorted(files), indent=0).encode()
        _write_if_new(folder / MANIFEST, manifest)
    except OSError as error:
        raise Problem(f"{folder}: the pages cannot be written ({error}). Free the folder and run it again.") from error
    return Changes(tuple(written), tuple(deleted))


def _write_if_new(path: Path, content: bytes) -> bool:
    if path.is_file() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return True


def _earlier(folder: Path) -> set[str]:
    """Return what the last run wrote. A manifest that cannot be read only means that nothing is known to be stale."""
    try:
        names = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return set()
    return {name for name in names if isinstance(name, str) and ".." not in Path(name).parts}


def _delete(folder: Path, name: str) -> bool:
    path = folder / name
    if not path.is_file():
        return False
    path.unlink()
    for parent in path.parents:
        if parent == folder or any(parent.iterdir()):
            break
        parent.rmdir()
    return True
