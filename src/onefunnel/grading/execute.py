"""Step 2, untrusted: run one notebook in a kernel of its own. Bytes in, executed notebook out; no gradebook in sight.

A pure function of its `Work`: it may run in this process, in another one or on another machine.
"""

from __future__ import annotations

import logging
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbclient.util import run_sync
from nbgrader.preprocessors import Execute
from traitlets.config import Config


@dataclass(frozen=True)
class Limits:
    """Bounds of one notebook's run. A single cell's time is the course's own `Execute.timeout`."""

    wall_seconds: float = 300.0
    output_bytes: int = 10_000_000


@dataclass(frozen=True)
class Work:
    """All that a run needs: the sanitized notebook, the files beside it, and whose it is."""

    learner: str
    assignment: str
    name: str
    notebook: bytes
    files: Mapping[str, bytes] = field(default_factory=dict)
    executor: type[Execute] = Execute
    config: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Executed:
    """What came of it. `status`: done, timed_out, killed or crashed; the notebook only when done."""

    status: str
    notebook: bytes | None
    seconds: float
    slow_cells: int = 0
    detail: str = ""


def execute(work: Work, limits: Limits) -> Executed:
    """Run the notebook in a scratch copy of its folder, under the learner's book, and return its outputs.

    Files that the run writes are not kept. Never raises for what the learner's code does.
    """
    started = time.monotonic()
    scratch = Path(tempfile.mkdtemp(prefix="onefunnel-run-"))
    run = None
    try:
        folder = scratch / "autograded" / work.learner / work.assignment  # the shape that nbgrader runs in
        folder.mkdir(parents=True)
        for name, content in work.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        notebook = nbformat.reads(work.notebook.decode("utf-8"), as_version=4)
        run = _run_class(work.executor)(config=Config(work.config), log=_SILENT)
        run.confine(scratch, work, limits)
        try:
            notebook, _ = run.preprocess(notebook, {"metadata": {"path": str(folder)}})
        except Exception as error:  # a kernel can die in the middle of any message
            return Executed(*_what_happened(error, run, limits), time.monotonic() - started, run.slow_cells, run.why)
        if run.ended_by:  # killed while its last cell was already done
            return Executed(run.ended_by, None, time.monotonic() - started, run.slow_cells, run.why)
        output = nbformat.writes(notebook).encode("utf-8")
        return Executed("done", output, time.monotonic() - started, run.slow_cells)
    finally:
        if run is not None:
            run.end()
        shutil.rmtree(scratch, ignore_errors=True)


_SILENT = logging.Logger("onefunnel.grading.execute")
_SILENT.addHandler(logging.NullHandler())


class _Confined:
    """Bounds around nbgrader's Execute: a private surrounding, a wall clock, a count of output bytes."""

    def confine(self, scratch: Path, work: Work, limits: Limits) -> None:
        self.scratch, self.limits = scratch, limits
        self.slow_cells, self.seen_bytes, self.ended_by, self.why = 0, 0, "", ""
        self.process: Any = None
        private = {
            name: str(scratch / name.lower()) for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR")
        }
        self.surrounding = {
            **{name: value for name, value in os.environ.items() if not name.startswith("JUPYTERHUB_")},
            **private,
            "NBGRADER_EXECUTION": "autograde",
            "ONEFUNNEL_GRADED": work.learner,
        }
        self.clock = threading.Timer(limits.wall_seconds, self.kill, ["timed_out", f"{limits.wall_seconds:g} s in all"])
        self.clock.daemon = True

    def create_kernel_manager(self) -> Any:
        self.shutdown_kernel = "immediate"  # the kernel holds nothing worth a farewell
        manager = super().create_kernel_manager()
        manager.connection_file = str(self.scratch / "kernel.json")
        return manager

    async def async_start_new_kernel(self, **more: Any) -> None:
        more |= {"env": self.surrounding, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.clock.start()
        await super().async_start_new_kernel(**more)
        self.process = getattr(self.km.provisioner, "process", None)

    start_new_kernel = run_sync(async_start_new_kernel)  # nbclient binds its own at class creation

    async def _async_handle_timeout(self, timeout: int, cell: Any = None) -> Any:
        self.slow_cells += 1
        return await super()._async_handle_timeout(timeout, cell)

    def process_message(self, msg: dict, cell: Any, cell_index: int) -> Any:
        content = msg["content"]
        if msg["msg_type"] == "stream":
            self.seen_bytes += len(content["text"])
        elif "data" in content and isinstance(content["data"], dict):
            self.seen_bytes += sum(len(str(value)) for value in content["data"].values())
        if self.seen_bytes > self.limits.output_bytes:
            self.kill("killed", f"more than {self.limits.output_bytes // 1_000_000} MB of output")
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
            if os.name == "posix":
                os.killpg(process.pid, signal.SIGKILL)  # a kernel leads its own group
            else:
                process.kill()
        except (OSError, ProcessLookupError):
            pass  # gone already


def _run_class(executor: type[Execute]) -> type:
    """The course's own Execute class, confined."""
    return type("ConfinedExecute", (_Confined, executor), {})


def _what_happened(error: Exception, run: Any, limits: Limits) -> tuple[str, None]:
    """Name an execution that did not end well."""
    if run.ended_by:
        return run.ended_by, None
    if isinstance(error, CellTimeoutError):
        run.why = "a cell ignored the interrupt at its time limit"
        return "timed_out", None
    run.why = "the kernel died" if isinstance(error, DeadKernelError) else f"{type(error).__name__}: {str(error)[:200]}"
    return "crashed", None
