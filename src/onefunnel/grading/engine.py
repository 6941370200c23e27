"""Grade an assignment of any nbgrader course: the four steps, many submissions at a time, one writer.

One bad submission never stops the rest: each ends in exactly one outcome of the closed list.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any

from nbgrader.api import MissingEntry

from onefunnel.errors import Problem
from onefunnel.grading.confined import outside_the_box
from onefunnel.grading.course import Course, fingerprint, open_course
from onefunnel.grading.forking.provisioner import ServerLost
from onefunnel.grading.gradebook import SharedGradebook, open_gradebook
from onefunnel.grading.lock import sole_grader
from onefunnel.grading.pool import LocalPool, closing
from onefunnel.grading.record import Record, stored
from onefunnel.grading.released import Released
from onefunnel.grading.settings import Limits, limits_of, settings_of
from onefunnel.grading.submission import Batch, Submission
from onefunnel.grading.work import Executed

Report = Callable[[int, int, Record], None]
ATTEMPTS = 3  # of a submission whose worker or fork server was killed under it
PATIENCE_SECONDS = 120.0  # beyond a submission's own time, before a worker that says nothing is replaced


def grade(
    course: Path | str | Course,
    assignment: str,
    learners: Iterable[str] | None = None,
    *,
    force: bool = False,
    limits: Limits | None = None,
    forgive_warnings: bool | None = None,
    pool: Any = None,
    report: Report | None = None,
) -> list[Record]:
    """Grade every submission of an assignment (or only those of `learners`), by learner.

    A submission that was graded before, with the same content, lesson and engine, is not run again unless `force`.
    `limits` and `forgive_warnings` stand for the course's own settings; `pool` says where code runs (default: all cores
    of this machine). `report(done, total, record)` is called after each. Raises Problem for a folder that is no course,
    an assignment that was not released, another grader at work, or a gradebook that cannot be written; never for what
    a submission does.
    """
    course = course if isinstance(course, Course) else open_course(course)
    wanted = None if learners is None else set(learners)
    found = [(who, folder) for who, folder in course.submissions(assignment) if wanted is None or who in wanted]
    if wanted is not None and wanted - {who for who, _ in found}:
        raise Problem(f"No submission of “{assignment}” by {', '.join(sorted(wanted - {who for who, _ in found}))}.")
    settings = settings_of(course.config)
    directory = course.directory
    with (
        sole_grader(course.root, directory.db_url, directory.course_id),
        open_gradebook(directory.db_url, directory.course_id) as gradebook,
    ):
        forgive = settings.forgive_warnings if forgive_warnings is None else forgive_warnings
        batch = _batch(course, gradebook, assignment, limits or limits_of(settings, assignment), forgive, force)
        keeping = closing(local_pool(course, [assignment])) if pool is None else nullcontext(pool)
        with keeping as used:
            graded = {}
            for record in _graded(batch, used, found):
                graded[record.learner] = record
                if report:
                    report(len(graded), len(found), record)
    return [graded[who] for who, _ in found]


def local_pool(course: Course, assignments: Iterable[str], workers: int | None = None, box: str = "") -> LocalPool:
    """Make a pool for some assignments of a course, by its settings. Kernels start with what these import."""
    settings = settings_of(course.config)
    box = box or ("require" if settings.require_box else "auto")
    warm = warm_modules(course, assignments)
    return LocalPool(workers or os.cpu_count() or 1, box, warm, tuple(settings.readable))


def warm_modules(course: Course, assignments: Iterable[str]) -> tuple[str, ...]:
    """What the released cells import, and what the course's settings name."""
    modules: list[str] = []
    with open_gradebook(course.directory.db_url, course.directory.course_id) as gradebook:
        for assignment in assignments:
            with suppress(MissingEntry):  # whoever grades it will say so
                modules += Released(gradebook, assignment).imports()
    return tuple(dict.fromkeys([*modules, *settings_of(course.config).warm]))


def _batch(
    course: Course, gradebook: SharedGradebook, assignment: str, limits: Limits, forgive: bool, force: bool
) -> Batch:
    try:
        released = Released(gradebook, assignment)
    except MissingEntry:
        raise Problem(f"“{assignment}” was never released in {course.root}. Release it first.") from None
    support = course.support_files(assignment)
    setting = _setting(course, gradebook, released, support, forgive)
    before = {} if force else stored(gradebook, assignment)
    gradebook.rollback()
    return Batch(course, gradebook, released, support, setting, before, limits, forgive)


def _graded(batch: Batch, pool: Any, found: list[tuple[str, Path]]) -> Iterator[Record]:
    """Keep the pool busy, and yield each record when it is in the gradebook."""
    waiting: dict[Future[Executed], Submission] = {}
    left = iter(found)
    more = True
    try:
        while more or waiting:
            while more and len(waiting) < pool.room:
                learner, folder = next(left, (None, None))
                if learner is None:
                    more = False
                    break
                one = Submission(batch, learner, folder)
                record = one.prepare()
                if record is not None:
                    yield record
                else:
                    _submit(one, pool, waiting)
            if waiting:
                yield from _collected(batch, pool, waiting)
    finally:
        for future in waiting:
            future.cancel()


def _submit(one: Submission, pool: Any, waiting: dict[Future[Executed], Submission]) -> None:
    one.attempts += 1
    why = one.holds_code and not one.batch.told and _unboxed_because(one.batch, pool)
    if why:
        one.batch.told = True
        print(
            f"UNBOXED: {why}. What learners typed as code now runs with your rights; each record says so.",
            file=sys.stderr,
            flush=True,
        )
    try:
        waiting[pool.submit(one.batch.course, one.work, one.batch.limits, one.holds_code)] = one
    except BrokenExecutor:  # killed between two submissions
        pool.mend()
        waiting[pool.submit(one.batch.course, one.work, one.batch.limits, one.holds_code)] = one


def _unboxed_because(batch: Batch, pool: Any) -> str:
    """Why code of this batch runs in the open, "" where it does not."""
    return pool.unboxed_because or ("" if pool.require_box else outside_the_box(batch.released.kernels))


def _collected(batch: Batch, pool: Any, waiting: dict[Future[Executed], Submission]) -> Iterator[Record]:
    """Record what is done; submit again what was lost with its worker."""
    longest = batch.limits.wall_seconds * len(batch.released.notebooks) + PATIENCE_SECONDS
    done, _ = wait(waiting, timeout=longest * 2, return_when=FIRST_COMPLETED)
    lost, broken = [], not done
    for future in done or list(waiting):
        one = waiting.pop(future)
        try:
            if not done:
                raise ServerLost("nothing was heard of it")
            executed = future.result()
        except (ServerLost, BrokenExecutor) as error:
            broken, lost = True, [*lost, (one, error)]
        except Exception as error:  # ours, not the learner's
            yield one.failed(error)
        else:
            yield one.finish(executed)
    if broken:
        pool.mend()
        lost += [(one, ServerLost("its worker was replaced")) for one in waiting.values()]
        waiting.clear()
    for one, error in lost:
        if one.attempts >= ATTEMPTS:
            yield one.failed(error)
        else:
            _submit(one, pool, waiting)


def _setting(
    course: Course, gradebook: SharedGradebook, released: Released, support: dict[str, bytes], forgive: bool
) -> str:
    """A hash of all that decides a score besides the submission: cells, support files, due date, configuration."""
    cells = [
        f"{notebook.name}/{cell.name}/{cell.checksum}/{cell.max_score}"
        for notebook in released.notebooks.values()
        for cell in notebook.source_cells
    ]
    found = gradebook.find_assignment(released.assignment)
    extensions = [f"{one.student_id}/{one.extension}" for one in found.submissions if one.extension]
    config = re.sub(r" at 0x[0-9a-f]+", "", str(course.config))
    return fingerprint(support, *sorted(cells), str(released.duedate), *sorted(extensions), config, str(forgive))
