"""Step 2 on a Dask cluster: the same function of the same bytes, on other machines. (Needs the extra `cluster`.)

The cluster's workers need this package in the same version; no course, no gradebook and no network of their own.
"""

from __future__ import annotations

import atexit
import threading
from collections.abc import Iterable
from concurrent.futures import Executor, Future

from nbgrader.preprocessors import Execute
from traitlets.config import Config

from onefunnel import __version__
from onefunnel.errors import Problem
from onefunnel.grading.course import Course
from onefunnel.grading.engine import warm_modules
from onefunnel.grading.execute import execute
from onefunnel.grading.forking import box
from onefunnel.grading.forking.box import Address, ForkServer
from onefunnel.grading.pool import LocalPool
from onefunnel.grading.settings import Limits, settings_of
from onefunnel.grading.work import Executed, Work

CONNECT_SECONDS = 10
PER_THREAD = 2


class DaskPool:
    """As `pool.LocalPool`, with the workers of a scheduler. The work of one that dies is run again by another.

    Data alone stays on this machine: it costs less than the way there.
    """

    def __init__(
        self, address: str, warm: tuple[str, ...] = (), readable: tuple[str, ...] = (), require_box: bool = False
    ) -> None:
        """Connect. Raises Problem when nobody answers, a worker has another version, or a required box is missing."""
        try:
            from distributed import Client
        except ImportError:
            raise Problem("--cluster needs Dask. Install it: python -m pip install 'onefunnel[cluster]'") from None
        try:
            self._client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            raise Problem(f"No Dask scheduler answers at {address}: {error}. Start one: dask scheduler") from error
        self.require_box = require_box
        self._warm, self._readable, self._local = warm, readable, LocalPool(warm=warm, box="never")
        states = self._client.run(_state)
        if not states:
            self._client.close()
            raise Problem(f"The scheduler at {address} has no workers. Start some: dask worker {address} --nthreads 1")
        others = sorted({version for version, _ in states.values()} - {__version__})
        unboxed = sorted({why for _, why in states.values()} - {""})
        if others or (unboxed and require_box):
            self._client.close()
            what = f"workers have onefunnel {', '.join(others)}, not {__version__}" if others else unboxed[0]
            raise Problem(f"Nothing was graded: {what}.")
        self.unboxed_because = "; ".join(unboxed)
        self._executor: Executor = self._client.get_executor(pure=False, retries=2)

    @property
    def room(self) -> int:
        """How many submissions it takes at once; workers may come and go."""
        return max(1, PER_THREAD * sum(self._client.nthreads().values()))

    def submit(self, course: Course, work: Work, limits: Limits, holds_code: bool) -> Future[Executed]:
        """Run a submission on some worker."""
        if not holds_code:
            return self._local.submit(course, work, limits, holds_code)
        _, _, executor, _, _ = course.steps()
        where = self._warm, self._readable, self.require_box
        return self._executor.submit(execute_anywhere, work, limits, executor, course.config, *where)

    def mend(self) -> None:
        """Dask has its own nannies; what the engine submits again goes to whoever is left."""
        self._local.mend()

    def close(self) -> None:
        """Leave the cluster to others."""
        self._local.close()
        self._executor.shutdown(wait=False)
        self._client.close()


def cluster_pool(course: Course, assignments: Iterable[str], address: str, require_box: bool = False) -> DaskPool:
    """Connect to a cluster for some assignments of a course, by its settings. As `engine.local_pool`."""
    settings = settings_of(course.config)
    warm, readable = warm_modules(course, assignments), tuple(settings.readable)
    return DaskPool(address, warm, readable, require_box or settings.require_box)


def execute_anywhere(
    work: Work,
    limits: Limits,
    executor: type[Execute],
    config: Config,
    warm: tuple[str, ...],
    readable: tuple[str, ...],
    require_box: bool,
) -> Executed:
    """On a worker: run the notebooks by the worker's own fork server. `readable`: folders of its machine."""
    return execute(work, limits, executor, config, _fork_server(warm, readable), require_box)


_servers: dict[tuple[tuple[str, ...], tuple[str, ...]], ForkServer] = {}
_starting = threading.Lock()


def _fork_server(warm: tuple[str, ...], readable: tuple[str, ...]) -> Address | None:
    """This worker's own fork server, started with its first submission and ended with the worker."""
    if not box.SUPPORTED:
        return None
    with _starting:
        server = _servers.get((warm, readable))
        if server is None:
            server = _servers[warm, readable] = ForkServer(warm, readable, boxed=not box.missing())
            atexit.register(server.stop)
        server.start()
        return server.address


def _state() -> tuple[str, str]:
    """A worker's version, and why it cannot box."""
    return __version__, box.missing()
