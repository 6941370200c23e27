"""Become an ordinary user and run a command: `unshare --mount python as_ordinary_user.py USER FOLDER… -- COMMAND…`.

Python and the checkout may lie in a home folder that is closed to others. In mounts of its own the command sees such a
folder as open, with nothing but the named folders in it.
"""

import os
import sys
from pathlib import Path

from onefunnel.grading.forking import system


def closed(folder: Path) -> Path | None:
    """The topmost folder on the way that other users may not enter."""
    way = [*reversed(folder.parents), folder]
    return next((one for one in way if not one.stat().st_mode & 0o001), None)


def main() -> None:
    """Open what is closed, let go of root, run."""
    user, at = int(sys.argv[1]), sys.argv.index("--")
    wanted = [Path(name).resolve() for name in sys.argv[2:at]]
    shut = {folder: closed(folder) for folder in wanted}
    handles = {folder: os.open(folder, os.O_PATH) for folder, door in shut.items() if door}
    for door in sorted({door for door in shut.values() if door}):
        system.mount("tmpfs", str(door), "tmpfs", options="mode=0755")
    for folder, handle in handles.items():
        folder.mkdir(parents=True, exist_ok=True)
        system.mount(f"/proc/self/fd/{handle}", str(folder), flags=system.BIND)
        os.close(handle)
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    os.execv(sys.argv[at + 1], sys.argv[at + 1 :])


if __name__ == "__main__":
    main()
