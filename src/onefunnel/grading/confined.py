"""Bounds around nbgrader's Execute: a private surrounding, a wall clock, a count of output bytes, a forked kernel."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbclient.util import run_sync
from nbgrader.preprocessors import Execute

from onefunnel.grading.forking.box import Address
from onefunnel.grading.settings import Limits

_STOPPED = {
    "wall": ("timed_out", "{limits.wall_seconds:g} s in all"),
    "cpu": ("timed_out", "more than {limits.cpu_seconds:g} s of computing"),
    "memory": ("killed", "more than {megabytes:.0f} MB of memory"),
}


class _NoBox(Exception):
    """A box is required, and this kernel cannot have one."""


class _Confined:
    """Bounds around nbgrader's Execute: a private surrounding, a wall clock, a count of output bytes."""

    def confine(self, place: Path, learner: str, limits: Limits, server: Address | None, require_box: bool) -> None:
        """Set the bounds of one notebook's run. `ran` will say how it ran."""
        self.place, self.limits, self.server, self.require_box = place, limits, server, require_box
        self.ran = ""
        self.slow_cells, self.seen_bytes, self.ended_by, self.why, self.began = 0, 0, "", "", 0.0
        self.process: Any = None
        self.client: Any = None
        self.surrounding = {
            name: str(place / name.lower()) for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR")
        }
        self.surrounding |= {"NBGRADER_EXECUTION": "autograde", "ONEFUNNEL_GRADED": learner}
        self.clock = threading.Timer(limits.wall_seconds + 1.0, self.kill, ["timed_out", _stopped("wall", limits)[1]])
        self.clock.daemon = True

    def create_kernel_manager(self) -> Any:
        self.shutdown_kernel = "immediate"  # the kernel holds nothing worth a farewell
        manager = super().create_kernel_manager()
        manager.connection_file = str(self.place / "kernel.json")
        forked = self.server is not None and _can_be_forked(manager.kernel_spec)
        boxed = forked and self.server.boxed
        if self.require_box and not boxed:
            raise _NoBox(
                f"a box is required, and {_why_not(manager.kernel_name) or 'there is none where it would run'}"
            )
        self.ran = "boxed" if boxed else "unboxed"
        self.surrounding = {**(_BARE if boxed else _lead_s_own()), **self.surrounding}
        if forked:
            from onefunnel.grading.forking import provisioner

            provisioner.register()
            sockets = self.place / "ipc"
            sockets.mkdir(mode=0o777)
            sockets.chmod(0o777)
            manager.transport, manager.ip = "ipc", str(sockets / "k")
            manager.connection_file = str(sockets / "kernel.json")
            manager.client_factory = _client_class(self.limits)
            asked = {"server": str(self.server.socket), "run": str(self.place), "limits": asdict(self.limits)}
            manager.kernel_spec.metadata["kernel_provisioner"] = {"provisioner_name": provisioner.NAME, "config": asked}
        return manager

    async def async_start_new_kernel(self, **more: Any) -> None:
        more |= {"env": self.surrounding, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        await super().async_start_new_kernel(**more)
        self.began = time.monotonic()  # how long a warm or a cold start takes is not the learner's doing
        self.clock.start()
        self.process = getattr(self.km.provisioner, "process", None)

    start_new_kernel = run_sync(async_start_new_kernel)  # nbclient binds its own at class creation

    async def async_start_new_kernel_client(self) -> Any:
        self.client = await super().async_start_new_kernel_client()
        return self.client

    start_new_kernel_client = run_sync(async_start_new_kernel_client)

    async def _async_handle_timeout(self, timeout: int, cell: Any = None) -> Any:
        self.slow_cells += 1
        return await super()._async_handle_timeout(timeout, cell)

    def process_message(self, msg: dict, cell: Any, cell_index: int) -> Any:
        content = msg["content"]
        if msg["msg_type"] == "stream":
            self.seen_bytes += len(content["text"])
        elif "data" in content and isinstance(content["data"], dict):
            self.seen_bytes += sum(len(str(value)) for value in content["data"].values())
        elif msg["msg_type"] == "error":
            self.seen_bytes += len(str(content))
        if self.seen_bytes > self.limits.output_bytes:
            self.kill("killed", _too_much(self.limits))
            return None
        return super().process_message(msg, cell, cell_index)

    def kill(self, ended_by: str, why: str) -> None:
        """Stop the kernel and all that it started, for a named reason (the first one counts)."""
        if not self.ended_by:
            self.ended_by, self.why = ended_by, why
        self.end()

    def end(self) -> None:
        self.clock.cancel()
        process = self.process
        if process is None:
            return
        try:
            if os.name == "posix" and process.pid:
                os.killpg(process.pid, signal.SIGKILL)  # a kernel leads its own group
            else:
                process.kill()
        except (OSError, ProcessLookupError):
            pass  # gone already

    def what_happened(self, error: Exception) -> tuple[str, str]:
        """Name an execution that did not end well. Raises ServerLost when it was not the learner's doing."""
        from onefunnel.grading.forking.provisioner import ServerLost

        if self.ended_by:
            return self.ended_by, self.why
        if isinstance(error, _NoBox):
            return "needs_box", str(error)
        if isinstance(error, ServerLost):
            raise error
        if getattr(self.process, "lost", False):
            raise ServerLost("the kernel's monitor went away") from error
        if getattr(self.client, "overflowed", False):
            return "killed", _too_much(self.limits)
        why = self.used().get("why", "")
        if why in _STOPPED:
            return _stopped(why, self.limits)
        if isinstance(error, CellTimeoutError):
            return "timed_out", "a cell ignored the interrupt at its time limit"
        return "crashed", "the kernel died" if isinstance(
            error, DeadKernelError
        ) else f"{type(error).__name__}: {str(error)[:200]}"

    def used(self) -> dict[str, Any]:
        """What the monitor says of the ended kernel; nothing where there is none."""
        if self.process is None or not hasattr(self.process, "ended"):
            return {}
        self.process.kill()
        self.process.wait(10.0)
        return self.process.ended


# What code in the box finds in its environment: nothing of the lead's.
_BARE = {
    "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
    "HOME": "/tmp",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "MPLCONFIGDIR": "/tmp/matplotlib",
    **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
}


def _lead_s_own() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("JUPYTERHUB_")}


def _stopped(why: str, limits: Limits) -> tuple[str, str]:
    status, words = _STOPPED[why]
    return status, words.format(limits=limits, megabytes=limits.memory_bytes / 1e6)


def _too_much(limits: Limits) -> str:
    return f"more than {limits.output_bytes / 1e6:g} MB of output"


def outside_the_box(kernels: Iterable[str]) -> str:
    """Why one of these kernels (names of kernelspecs) cannot be boxed even where a box works, "" if all can."""
    return next((why for name in kernels if (why := _why_not(name))), "")


def _why_not(kernel: str) -> str:
    try:
        spec = KernelSpecManager().get_kernel_spec(kernel)
    except NoSuchKernel:
        return ""  # it will not start at all
    return (
        "" if _can_be_forked(spec) else f"the kernel “{kernel}” is not this Python's, and only this one's can be boxed"
    )


def _can_be_forked(spec: KernelSpec) -> bool:
    """Whether a kernelspec starts IPython in this environment."""
    program = spec.argv[0]
    by_name = program in ("python", f"python{sys.version_info[0]}", "python{}.{}".format(*sys.version_info[:2]))
    here = by_name or Path(program).absolute() == Path(sys.executable).absolute()  # Jupyter takes a bare name for here
    return here and "ipykernel_launcher" in spec.argv


def _client_class(limits: Limits) -> type:
    from onefunnel.grading.forking.provisioner import QuickClient

    largest = limits.output_bytes + 1_000_000
    return type("BoundedClient", (QuickClient,), {"largest": largest})


def confined(executor: type[Execute]) -> type:
    """The course's own Execute class, confined: make one, call its `confine`, then `preprocess` as always."""
    return type("ConfinedExecute", (_Confined, executor), {})
