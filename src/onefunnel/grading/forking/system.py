"""The few calls of Linux that Python has no name for."""

from __future__ import annotations

import ctypes
import os
import signal
from pathlib import Path

NEW_NAMESPACES = 0x00020000 | 0x08000000 | 0x20000000  # mount, ipc, pid
NEW_USER = 0x10000000
NOSUID, NODEV, BIND, REMOUNT, READ_ONLY = 0x2, 0x4, 0x1000, 0x20, 0x1
_PRIVATE_RECURSIVE = 0x4000 | 0x40000
_SET_PDEATHSIG, _SET_CHILD_SUBREAPER, _SET_NO_NEW_PRIVS = 1, 36, 38
_CAPABILITY_VERSION = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def leave_namespaces() -> None:
    """Give this process its own mounts, and its next child its own processes; unless root, by a user namespace."""
    user, group = os.getuid(), os.getgid()
    as_root = user == 0
    _check(_libc.unshare(NEW_NAMESPACES | (0 if as_root else NEW_USER)), "unshare")
    if not as_root:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    _check(_libc.mount(None, b"/", None, _PRIVATE_RECURSIVE, None), "private mounts")


def mount(source: str, target: str, kind: str | None = None, flags: int = 0, options: str | None = None) -> None:
    """mount(2). Raises OSError."""
    given = [text.encode() if text is not None else None for text in (source, target, kind, options)]
    _check(_libc.mount(given[0], given[1], given[2], flags, given[3]), f"mount {target}")


def drop_privileges(user: int | None) -> None:
    """Become another user (root only) and let go of every capability, for good."""
    if user is not None:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    _check(_libc.capset(header, (ctypes.c_uint32 * 6)()), "capset")
    _check(_libc.prctl(_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")


def die_with_parent() -> None:
    """Be killed when the process that started this one ends. Call after `drop_privileges`, which would undo it."""
    _check(_libc.prctl(_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0), "pdeathsig")


def adopt_orphans() -> None:
    """Become the parent of grandchildren whose parent ends."""
    _check(_libc.prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0), "subreaper")
