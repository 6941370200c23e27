"""Where step 2 runs: worker processes of this machine, with one fork server between them, or a Dask cluster."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from onefunnel.errors import Problem
from onefunnel.grading import workers
from onefunnel.grading.course import Course
from onefunnel.grading.forking import box
from onefunnel.grading.forking.box import Address, ForkServer
from onefunnel.grading.settings import Limits
from onefunnel.grading.work import Executed, Work

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
            self._executor = workers.processes(self.workers)
        if not holds_code:
            return self._executor.submit(workers.run_data, work, limits, self.warm)
        return self._executor.submit(workers.run_code, course.root, work, limits, self._address(), self.require_box)

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


def _end(executor: Executor | None) -> None:
    if not isinstance(executor, ProcessPoolExecutor):
        return
    for process in list((executor._processes or {}).values()):
        process.kill()
    executor.shutdown(wait=True, cancel_futures=True)
