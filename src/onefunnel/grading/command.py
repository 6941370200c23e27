"""Grade an assignment of any nbgrader course: in parallel, boxed where the system can, and again only where needed.

Exit code 0 when every submission has a verdict, however bad it is; 1 when the grader itself could not work.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from onefunnel.errors import Problem

EXAMPLE = (
    "python kit.py grade my-course ps1\n  python kit.py grade my-course ps1 --learner ana --force\n"
    "  python kit.py grade my-course ps1 --workers 8 --require-box --json ps1.json"
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """The verb's own options."""
    parser.add_argument("course", type=Path, metavar="COURSE", help="the folder of an nbgrader course")
    parser.add_argument("assignment", metavar="ASSIGNMENT", help="an assignment that was released in it")
    parser.add_argument("--learner", action="append", metavar="ID", help="only this learner; may be given again")
    parser.add_argument("--force", action="store_true", help="grade again what is graded and unchanged")
    parser.add_argument("--workers", type=_count, metavar="N", help="submissions at a time (default: the cores)")
    parser.add_argument("--cluster", metavar="ADDRESS", help="run learners' code on this Dask scheduler's workers")
    parser.add_argument("--require-box", action="store_true", help="refuse to run learners' code without bubblewrap")
    parser.add_argument(
        "--forgive-warnings", action="store_true", default=None, help="what is written to stderr costs no points"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write one record a submission")


def run(args: argparse.Namespace) -> int:
    """Grade, and say what became of it."""
    from onefunnel.grading import workers

    workers.start_early()

    from onefunnel.grading.course import open_course
    from onefunnel.grading.engine import grade, local_pool
    from onefunnel.grading.pool import closing

    course, started = open_course(args.course), time.monotonic()
    box = "require" if args.require_box else ""
    if args.cluster:
        from onefunnel.grading.cluster import cluster_pool

        if args.workers:
            print("--workers is ignored: with --cluster the cluster's own workers count.", file=sys.stderr)
        pool: Any = cluster_pool(course, [args.assignment], args.cluster, args.require_box)
    else:
        pool = local_pool(course, [args.assignment], args.workers, box)
    progress = Progress()
    with closing(pool):
        records = grade(
            course,
            args.assignment,
            args.learner,
            force=args.force,
            forgive_warnings=args.forgive_warnings,
            pool=pool,
            report=progress,
        )
    progress.end()
    if args.json:
        write_json(args.json, course, args.assignment, records)
    new = [record for record in records if not record.reused]
    took = time.monotonic() - started
    print(f"{len(records)} submissions of “{args.assignment}”: {counted(records) or 'none was handed in'}.")
    print(f"{len(new)} graded now in {took:.1f} s, {len(records) - len(new)} unchanged since they were graded.")
    unboxed = sum(record.ran == "unboxed" for record in new)
    if unboxed:
        print(f"{unboxed} ran UNBOXED.")
    for record in records:
        if record.outcome != "graded":
            print(f"  {record.learner}: {record.for_lead}")
    return 0


def counted(records: list[Any]) -> str:
    """How many ended how: “12 graded, 1 crashed”."""
    outcomes = Counter(record.outcome for record in records).most_common()
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in outcomes)


def write_json(path: Path, course: Any, assignment: str, records: list[Any]) -> None:
    """Write the records with score and max per check, whole or not at all."""
    from onefunnel.grading.gradebook import open_gradebook
    from onefunnel.grading.record import points_by_check

    with open_gradebook(course.directory.db_url, course.directory.course_id) as gradebook:
        checks = points_by_check(gradebook, assignment)
    rows = [{**asdict(record), "checks": checks.get(record.learner, [])} for record in records]
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        beside.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise Problem(f"{path} cannot be written ({error.strerror}). The grades are in the gradebook.") from error


class Progress:
    """A `report` for people: a bar with rate and time left, one line that rewrites itself. Silent off a terminal."""

    WIDTH = 24

    def __init__(self, stream: Any = None, clock: Any = time.monotonic) -> None:
        self._stream, self._clock = stream or sys.stderr, clock
        self._started, self._worked = clock(), 0
        self._shown = False

    def __call__(self, done: int, total: int, record: Any) -> None:
        """Show how far it is. The rate counts what was graded, not what stood."""
        self._worked += not record.reused
        if self._stream.isatty():
            self._shown = True
            print(f"\r\033[K{self.line(done, total, record)}", end="", file=self._stream, flush=True)

    def line(self, done: int, total: int, record: Any) -> str:
        """The line without what moves the cursor."""
        rate = self._worked / max(self._clock() - self._started, 1e-6)
        full = self.WIDTH * done // max(total, 1)
        left = f"{_span((total - done) / rate)} left" if self._worked else ""
        said = f"{done}/{total}  {rate:.1f}/s  {left}  {record.learner}: {record.outcome}"
        return f"  {'█' * full}{'░' * (self.WIDTH - full)}  {said}"

    def end(self) -> None:
        """Leave the line."""
        if self._shown:
            print(file=self._stream)


def _span(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    return f"{minutes} min {seconds:02d} s" if minutes else f"{seconds} s"


def _count(said: str) -> int:
    if not said.isdigit() or int(said) < 1:
        raise argparse.ArgumentTypeError(f"{said!r} is not a number of workers. Give 1 or more.")
    return int(said)
