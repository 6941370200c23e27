"""The warm process: it has imported what lessons import, and forks a kernel for whoever asks on its socket.

Started by `box.start` with one JSON argument: {"socket", "isolate", "warm": [module, …], "readable"}.
Runs until it is killed.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import itertools
import json
import os
import signal
import socket
import sys
from pathlib import Path

from onefunnel.grading.forking import monitor, system

# What every kernel imports while it starts, and what nearly every lesson needs.
_ALWAYS = (
    *("ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.debugger", "debugpy.server.api"),
    *("IPython.core.completer", "IPython.core.completerlib", "IPython.core.debugger", "IPython.core.oinspect"),
    *("IPython.extensions.storemagic", "sqlite3", "tornado.platform.asyncio", "encodings.idna"),
    *("numpy", "pandas", "matplotlib.pyplot"),
)
_USERS = 5_000  # ids that no account has, one for each kernel alive; the last of what our user namespace knows


def main() -> None:
    """Listen, import, fork."""
    given = json.loads(sys.argv[1])
    system.die_with_parent()
    # Bound before the imports: who asks early waits in the queue.
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(given["socket"])
    listener.listen(128)
    for module in (*_ALWAYS, *given["warm"]):
        with contextlib.suppress(Exception):  # a lesson that cannot import it will say so itself
            importlib.import_module(module)
    with contextlib.suppress(Exception):
        _rehearse()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.collect()
    gc.freeze()
    users = itertools.cycle(_unused_users()) if given["isolate"] and os.getuid() == 0 else itertools.repeat(None)
    while True:
        connection, _ = listener.accept()
        user = next(users)
        if os.fork() == 0:
            try:
                listener.close()
                monitor.watch(connection, given["isolate"], user, given["readable"])
            finally:
                os._exit(0)
        connection.close()


def _rehearse() -> None:
    """Do once what nearly every lesson does: fonts found and modules imported on the way serve every kernel."""
    pandas, figure = sys.modules["pandas"], sys.modules["matplotlib.figure"].Figure()
    table = pandas.DataFrame({"step": list("ab") * 5, "euros": range(10)})
    sums = table.groupby("step")["euros"].agg(["count", "sum", "mean"]).reset_index()
    table.merge(sums, on="step").describe()._repr_html_()
    axes = figure.subplots()
    axes.bar(sums["step"], sums["sum"])
    axes.set(title="Rehearsal", xlabel="step")
    figure.savefig(io.BytesIO(), format="png", bbox_inches="tight")


def _unused_users() -> range:
    inside, _, count = map(int, Path("/proc/self/uid_map").read_text().split()[:3])
    last = min(inside + count, 2_000_000_000)
    return range(last - _USERS, last)


if __name__ == "__main__":
    main()
