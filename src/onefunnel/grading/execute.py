"""Step 2: run a submission's notebooks. Bytes in, executed notebooks out; no gradebook in sight.

A pure function of its `Work`: it may run in this process, in another one or on another machine.
"""

from __future__ import annotations

import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import nbformat
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbclient.util import run_sync
from nbgrader.preprocessors import Execute
from traitlets.config import Config

from onefunnel.grading.forking.box import Address
from onefunnel.grading.settings import Limits


@dataclass(frozen=True)
class Work:
    """All that a run needs: the sanitized notebooks in order, the files beside them, and whose they are."""

    learner: str
    assignment: str
    notebooks: Mapping[str, bytes]
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Executed:
    """What came of it. `status`: done, timed_out, killed or crashed; notebooks only when done.

    `ran`: boxed, unboxed, or data (released code only, see `replay`). Memory and CPU are 0 where nobody measured.
    """

    status: str
    notebooks: Mapping[str, bytes]
    ran: str
    seconds: float
    slow_cells: int = 0
    peak_bytes: int = 0
    cpu_seconds: float = 0.0
    detail: str = ""


def execute(work: Work, limits: Limits, executor: type[Execute], config: Config, server: Address | None) -> Executed:
    """Run the notebooks one after another, each in a kernel and a copy of the folder of its own.

    `server` forks the kernels; without one each is started afresh, in the open. Files that a run writes are not kept.
    Never raises for what the learner's code does; ServerLost when the fork server went away.
    """
    done = Executed("done", {}, "boxed" if server and server.boxed else "unboxed", 0.0)
    for name, notebook in work.notebooks.items():
        left = max(1.0, limits.wall_seconds - done.seconds)
        one = _run(work, name, notebook, replace(limits, wall_seconds=left), executor, config, server)
        done = replace(
            one,
            notebooks={**done.notebooks, **one.notebooks},
            ran=done.ran,
            seconds=done.seconds + one.seconds,
            slow_cells=done.slow_cells + one.slow_cells,
            peak_bytes=max(done.peak_bytes, one.peak_bytes),
            cpu_seconds=done.cpu_seconds + one.cpu_seconds,
        )
        if done.status != "done":
            break
    return done


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a submission's files below an empty folder."""
    folder.mkdir(parents=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def run_folder(place: Path, work: Work) -> Path:
    """The folder that code runs in, in the shape that nbgrader runs it in."""
    return place / "autograded" / work.learner / work.assignment


def _run(
    work: Work,
    name: str,
    notebook: bytes,
    limits: Limits,
    executor: type[Execute],
    config: Config,
    server: Address | None,
) -> Executed:
    place = Path(tempfile.mkdtemp(prefix="onefunnel-run-", dir=server.root if server else None))
    run = None
    try:
        folder = run_folder(place, work)
        write_files(folder, work.files)
        node = nbformat.reads(notebook.decode("utf-8"), as_version=4)
        run = _confined(executor)(config=Config(config), log=_SILENT)
        run.confine(place, work.learner, limits, server)
        status, detail, done = "done", "", {}
        try:
            node, _ = run.preprocess(node, {"metadata": {"path": str(folder)}})
        except Exception as error:  # a kernel can die in the middle of any message
            status, detail = run.what_happened(error)
        if run.ended_by:  # killed while its last cell was already done
            status, detail = run.ended_by, run.why
        if status == "done":
            done = {name: nbformat.writes(node).encode("utf-8")}
        used = run.used()
        return Executed(
            status, done, "", 0.0, run.slow_cells, used.get("peak_bytes", 0), used.get("cpu_seconds", 0.0), detail
        )
    finally:
        if run is not None:
            run.end()
        shutil.rmtree(place, ignore_errors=True)


_SILENT = logging.Logger("onefunnel.grading.execute")
_SILENT.addHandler(logging.NullHandler())

_STOPPED = {
    "wall": ("timed_out", "{limits.wall_seconds:g} s in all"),
    "cpu": ("timed_out", "more than {limits.cpu_seconds:g} s of computing"),
    "memory": ("killed", "more than {megabytes:.0f} MB of memory"),
}


class _Confined:
    """Bounds around nbgrader's Execute: a private surrounding, a wall clock, a count of output bytes."""

    def confine(self, place: Path, learner: str, limits: Limits, server: Address | None) -> None:
        self.place, self.limits, self.server = place, limits, server
        self.slow_cells, self.seen_bytes, self.ended_by, self.why, self.began = 0, 0, "", "", 0.0
        self.process: Any = None
        self.client: Any = None
        private = {
            name: str(place / name.lower()) for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR")
        }
        boxed = server is not None and server.boxed
        self.surrounding = {
            **(_BARE if boxed else _lead_s_own()),
            **private,
            "NBGRADER_EXECUTION": "autograde",
            "ONEFUNNEL_GRADED": learner,
        }
        self.clock = threading.Timer(limits.wall_seconds + 1.0, self.kill, ["timed_out", _stopped("wall", limits)[1]])
        self.clock.daemon = True

    def create_kernel_manager(self) -> Any:
        self.shutdown_kernel = "immediate"  # the kernel holds nothing worth a farewell
        manager = super().create_kernel_manager()
        manager.connection_file = str(self.place / "kernel.json")
        if self.server is not None and _is_ours(manager.kernel_spec):
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


def _is_ours(spec: Any) -> bool:
    """Whether a kernelspec starts IPython in this environment: only that one can be forked."""
    program = spec.argv[0]
    by_name = program in ("python", f"python{sys.version_info[0]}", "python{}.{}".format(*sys.version_info[:2]))
    here = by_name or Path(program).absolute() == Path(sys.executable).absolute()  # Jupyter takes a bare name for here
    return here and "ipykernel_launcher" in spec.argv


def _client_class(limits: Limits) -> type:
    from onefunnel.grading.forking.provisioner import QuickClient

    largest = limits.output_bytes + 1_000_000
    return type("BoundedClient", (QuickClient,), {"largest": largest})


def _confined(executor: type[Execute]) -> type:
    """The course's own Execute class, confined."""
    return type("ConfinedExecute", (_Confined, executor), {})
