"""The worker processes of this machine: how they start, what they run, how they end.

Nothing is imported here that takes time, so that `start_early` can come before what does.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from multiprocessing.connection import wait
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onefunnel.grading.course import Course
    from onefunnel.grading.forking.box import Address
    from onefunnel.grading.settings import Limits
    from onefunnel.grading.work import Executed, Work

_FORKS = sys.platform == "linux"  # elsewhere each worker starts by itself


def start_early() -> None:
    """Let the process that workers are forked from import what they need while the caller imports nbgrader."""
    if _FORKS:
        from multiprocessing import forkserver

        _context()
        forkserver.ensure_running()


def processes(count: int) -> ProcessPoolExecutor:
    """So many workers, which start with the first work that they are given."""
    return ProcessPoolExecutor(count, mp_context=_context(), initializer=_begin)


def run_code(root: Path, work: Work, limits: Limits, server: Address | None, require_box: bool) -> Executed:
    """In a worker: run a submission that holds code, by the executor of the course at `root`. As `execute.execute`."""
    from onefunnel.grading.execute import execute

    config = root / "nbgrader_config.py"
    course = _opened(root, config.stat().st_mtime_ns if config.is_file() else 0)
    _, _, executor, _, _ = course.steps()
    return execute(work, limits, executor, course.config, server, require_box)


def run_data(work: Work, limits: Limits, warm: tuple[str, ...]) -> Executed:
    """In a worker: run the released cells over a submission's answers. As `replay.replay`."""
    from onefunnel.grading.replay import replay, warm_up

    warm_up(warm)
    return replay(work, limits)


@lru_cache(maxsize=4)
def _opened(root: Path, _version: int) -> Course:
    """The course with its own configuration, read once a worker. (It may hold classes that cannot be sent here.)"""
    from onefunnel.grading.course import open_course

    return open_course(root)


def _context() -> BaseContext:
    context = multiprocessing.get_context("forkserver" if _FORKS else "spawn")
    if _FORKS:
        context.set_forkserver_preload(["onefunnel.grading.preload"])
    return context


def _begin() -> None:
    """In a worker: leave Ctrl-C to the grader, and end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
