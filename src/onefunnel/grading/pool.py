"""Where step 2 runs: worker processes of this machine, with one fork server between them, or a Dask cluster."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

from onefunnel.errors import Problem
from onefunnel.grading.course import Course, open_course
from onefunnel.grading.execute import Executed, Work, execute
from onefunnel.grading.forking import box
from onefunnel.grading.forking.box import Address, ForkServer
from onefunnel.grading.replay import replay, warm_up
from onefunnel.grading.settings import Limits

PER_WORKER = 2  # submissions on their way a worker: one at work, one waiting


@dataclass
class LocalPool:
    """Worker processes, started with the first submission, and the fork server with the first learner's code.

    It may serve several courses and runs. `box`: "auto" (where bubblewrap works), "require" or "never"; `warm`: modules
    that kernels start with; `readable`: more folders that the box shows.
    """

    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    box: str = "auto"
    warm: tuple[str, ...] = ()
    readable: tuple[str, ...] = ()
    _executor: Executor | None = None
    _server: ForkServer | None = None

    @property
    def room(self) -> int:
        """How many submissions it takes at once."""
        return self.workers * PER_WORKER

    @property
    def unboxed_because(self) -> str:
        """Why learners' code runs in the open, "" where it does not. Raises Problem where a box is required."""
        if self.box == "never":
            return "boxes are switched off"
        why = box.missing()
        if why and self.box == "require":
            raise Problem(f"Nothing was graded, because a box is required: {why}.")
        return why

    @property
    def require_box(self) -> bool:
        """Whether what cannot be boxed is refused."""
        return self.box == "require"

    def submit(self, course: Course, work: Work, limits: Limits, holds_code: bool) -> Future[Executed]:
        """Run a submission; code in a kernel, data alone in a warm worker."""
        if self._executor is None:
            self._executor = _processes(self.workers, self.warm)
        if not holds_code:
            return self._executor.submit(replay, work, limits)
        return self._executor.submit(_execute, course.root, work, limits, self._address(), self.require_box)

    def mend(self) -> None:
        """Replace what was killed. What was on its way has to be submitted again."""
        executor, self._executor = self._executor, None
        _end(executor)
        if self._server is not None:
            self._server.start()

    def close(self) -> None:
        """End everything at once; nothing that still runs counts."""
        _end(self._executor)
        self._executor = None
        if self._server is not None:
            self._server.stop()
            self._server = None

    def _address(self) -> Address | None:
        if not box.SUPPORTED:
            return None
        if self._server is None:
            self._server = ForkServer(self.warm, self.readable, boxed=not self.unboxed_because)
        self._server.start()
        return self._server.address


@contextlib.contextmanager
def closing(pool: Any) -> Iterator[Any]:
    """Close the pool at the end, whatever happens."""
    try:
        yield pool
    finally:
        pool.close()


def _processes(workers: int, warm: tuple[str, ...]) -> ProcessPoolExecutor:
    context = multiprocessing.get_context("forkserver" if sys.platform == "linux" else "spawn")
    if sys.platform == "linux":
        context.set_forkserver_preload([__name__])
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(warm,))


def _begin(warm: tuple[str, ...]) -> None:
    """In a worker: leave Ctrl-C to the grader, end with it, import what lessons import."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    warm_up(list(warm))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _execute(root: Path, work: Work, limits: Limits, server: Address | None, require_box: bool) -> Executed:
    config = root / "nbgrader_config.py"
    course = _opened(root, config.stat().st_mtime_ns if config.is_file() else 0)
    _, _, executor, _, _ = course.steps()
    return execute(work, limits, executor, course.config, server, require_box)


@lru_cache(maxsize=4)
def _opened(root: Path, _version: int) -> Course:
    """The course with its own configuration, read once a worker. (It may hold classes that cannot be sent here.)"""
    return open_course(root)


def _end(executor: Executor | None) -> None:
    if not isinstance(executor, ProcessPoolExecutor):
        return
    for process in list((executor._processes or {}).values()):
        process.kill()
    executor.shutdown(wait=True, cancel_futures=True)
