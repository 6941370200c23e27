"""Measure grading side by side in one run: nbgrader, a pool of its workers, this engine boxed and open, and the floor.

    python tests/benchmarks/grading.py --quick             # about four minutes on two quiet cores
    python tests/benchmarks/grading.py                     # 50 and 500, about half an hour; --slow: 5,000 too

Two courses: a foreign one of ten cells with pandas and a figure, in which every submission holds code; and a lesson of
ours in which every submission holds data alone. Prints a Markdown table, then what 10,000 submissions an hour take by
these numbers. Seconds and CPU seconds are those of one more submission; the fixed cost is what a run of a single one
takes beyond that. Memory is the peak of all processes together, each shared page counted once. The floor is the same
cells run by IPython in one warm process, figures rendered: no grading at all.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
import psutil

PANDAS_CELLS = [
    "import matplotlib.pyplot as plt\nimport numpy as np\nimport pandas as pd",
    "deals = pd.DataFrame({'stage': list('abcd') * 50, 'euros': np.arange(200.0)})",
    "by_stage = deals.groupby('stage')['euros'].agg(['count', 'sum', 'mean'])\nby_stage",
    "won = deals[deals['euros'] > 100].merge(by_stage.reset_index(), on='stage')\nwon.head()",
    "fig, ax = plt.subplots()\nax.bar(by_stage.index, by_stage['sum'])\nplt.show()",
    "### BEGIN SOLUTION\nshare = len(won) / len(deals)\n### END SOLUTION",
    "assert abs(share - 0.495) < 0.01",
    "### BEGIN SOLUTION\ntotal = deals['euros'].sum()\n### END SOLUTION",
    "assert total == 19900\n### BEGIN HIDDEN TESTS\nassert by_stage['count'].eq(50).all()\n### END HIDDEN TESTS",
    "deals.describe()",
]
LESSON = "price"
HOURLY = 10_000
COLUMNS = "way | workers | submissions | s each | CPU s each | of it the one writer | fixed s | peak MB | × nbgrader"


@dataclass(frozen=True)
class Course:
    """A released course, its assignment, and a pile of submissions to take from."""

    folder: Path
    assignment: str
    pile: Path

    def with_submissions(self, count: int) -> Path:
        """A fresh copy of the course with the first so many submissions."""
        copy = self.folder.with_name("copy")
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.folder, copy)
        for learner in sorted(self.pile.iterdir())[:count]:
            shutil.copytree(learner, copy / "submitted" / learner.name)
        return copy


@dataclass(frozen=True)
class Used:
    """What a run took. `writer`: CPU seconds of the grading process itself, of `cpu` in all."""

    seconds: float
    cpu: float
    writer: float
    peak: int = 0


Way = Callable[[Path, str, int], tuple[float, float] | None]


def main() -> None:
    """Make both courses, then measure each way on copies of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="smaller sizes: about four minutes on two quiet cores")
    parser.add_argument("--slow", action="store_true", help="5,000 submissions too")
    parser.add_argument("--sizes", type=int, nargs="+", help="submissions with code (default: 50 500; quick: 40)")
    parser.add_argument("--data", type=int, nargs="+", help="submissions of data alone (default: 50 500; quick: 100)")
    parser.add_argument("--plain", type=int, help="how many nbgrader itself is measured on (default: 50; quick: 8)")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    args = parser.parse_args()
    sizes = (args.sizes or ([40] if args.quick else [50, 500])) + ([5000] if args.slow else [])
    data = (args.data or ([100] if args.quick else [50, 500])) + ([5000] if args.slow else [])
    few = args.plain or (8 if args.quick else 50)
    with tempfile.TemporaryDirectory(prefix="onefunnel-bench-") as place:
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start\n")
        print(f"| {COLUMNS} |\n|{'---|' * len(COLUMNS.split('|'))}", flush=True)
        code = measure_code(code_course(Path(place) / "code", max(*sizes, few)), sizes, few, args.workers)
        alone = measure_data(data_course(Path(place) / "data", max(*data, few)), data, few, args.workers)
        print(f"\n{hourly(*code, 'with code, boxed')}\n{hourly(*alone, 'of data alone')}")


def measure_code(course: Course, sizes: list[int], few: int, workers: list[int]) -> tuple[float, float]:
    """The rows of submissions with code. Returns (CPU, of it the writer's) of the last boxed run, the largest."""
    floor(PANDAS_CELLS)
    plain, _ = measured("nbgrader autograde", 1, few, course, by_nbgrader)
    for count in [one for one in workers if one > 1]:
        measured("pool of NbGraderAPI", count, few, course, by_api_pool, plain)
    last = (0.0, 0.0)
    for size in sizes:
        for count in workers:
            measured("this engine, open", count, size, course, by_us("never"), plain)
            last = measured("this engine, boxed", count, size, course, by_us("require"), plain)[1]
    return last


def measure_data(course: Course, sizes: list[int], few: int, workers: list[int]) -> tuple[float, float]:
    """The rows of submissions of data alone. Returns (CPU, of it the writer's) of the last run."""
    plain, _ = measured("data alone: nbgrader autograde", 1, few, course, by_nbgrader)
    last = (0.0, 0.0)
    for size in sizes:
        for count in workers:
            last = measured("data alone: this engine", count, size, course, by_us("auto"), plain)[1]
    return last


def measured(
    name: str, workers: int, size: int, course: Course, way: Way, plain: float | None = None
) -> tuple[float, tuple[float, float]]:
    """Run one submission, then `size` of them; print the row; return seconds, and (CPU, the writer's) a submission."""
    one, many = (run(way, course.with_submissions(count), course.assignment, workers) for count in (1, size))
    each, cpu, writer = (
        (getattr(many, what) - getattr(one, what)) / (size - 1) for what in ("seconds", "cpu", "writer")
    )
    shares = (f"{writer:.3f}" if many.writer else "", f"{max(0.0, one.seconds - each):.1f}", many.peak // 2**20)
    times = f"{plain / each:.1f}" if plain else "1"
    print(
        "|", " | ".join(map(str, (name, workers, size, f"{each:.3f}", f"{cpu:.3f}", *shares, times))), "|", flush=True
    )
    return each, (cpu, writer)


def hourly(cpu: float, writer: float, what: str) -> str:
    """What so many an hour take: cores, and how full the one process is that writes into the gradebook."""
    cores, share = HOURLY * cpu / 3600, HOURLY * writer / 3600
    return (
        f"{HOURLY:,} submissions {what} in an hour take {HOURLY * cpu:,.0f} CPU seconds: {cores:.1f} cores at work; "
        f"the one writer is busy {share:.0%} of the hour, so one gradebook takes up to {3600 / writer:,.0f} an hour."
    )


def run(way: Way, course: Path, assignment: str, workers: int) -> Used:
    """Seconds, CPU seconds of everything started, and the peak of proportional memory over the family."""
    peak, stop = [0], threading.Event()
    me = psutil.Process()

    def watch() -> None:
        while not stop.wait(0.5):
            total = 0
            for one in me.children(recursive=True):
                try:
                    total += one.memory_full_info().pss
                except (psutil.Error, OSError):
                    continue
            peak[0] = max(peak[0], total)

    watcher = threading.Thread(target=watch)
    watcher.start()
    started, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    said = way(course, assignment, workers)
    took, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    stop.set()
    watcher.join()
    waited_for = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    cpu, writer = said or (waited_for, 0.0)
    return Used(took, cpu, writer, peak[0])


def _command(*words: str, cwd: Path) -> None:
    subprocess.run([sys.executable, "-m", *words], cwd=cwd, check=True, capture_output=True)


def by_nbgrader(course: Path, assignment: str, _: int) -> None:
    """nbgrader's own command, one process."""
    _command("nbgrader", "autograde", assignment, f"--course-dir={course}", "--log-level=CRITICAL", cwd=course)


def by_api_pool(course: Path, assignment: str, workers: int) -> None:
    """Processes that each grade one learner after another by NbGraderAPI."""
    learners = sorted(path.name for path in (course / "submitted").iterdir())
    _command("grading_pool", str(course), assignment, str(workers), *learners, cwd=Path(__file__).parent)


def by_us(box: str) -> Way:
    """This engine, in a process of its own, which counts its CPU itself: killed ones are in nobody's accounts."""

    def way(course: Path, assignment: str, workers: int) -> tuple[float, float]:
        path = course / "run.py"
        path.write_text(_OURS.format(course=str(course), assignment=assignment, workers=workers, box=box))
        said = subprocess.run([sys.executable, str(path)], cwd=course, check=True, capture_output=True).stdout
        return tuple(json.loads(said))

    return way


_OURS = """
import json
import time
import psutil

if __name__ == "__main__":  # in the order of `python kit.py grade`
    from onefunnel.surroundings import prepare
    from onefunnel.grading import workers

    prepare()
    workers.start_early()

    from onefunnel.grading.course import open_course
    from onefunnel.grading.engine import grade, local_pool
    from onefunnel.grading.pool import closing

    course = open_course({course!r})
    with closing(local_pool(course, [{assignment!r}], {workers}, {box!r})) as pool:
        records = grade(course, {assignment!r}, pool=pool)
        assert records and all(record.scored for record in records)
        lasting = [psutil.Process(pid) for pid in pool._executor._processes]
        if pool._server is not None:
            warm = psutil.Process(pool._server.process.pid)
            lasting += [warm, *warm.children(recursive=True)]
        times = [one.cpu_times() for one in lasting]
    writer = time.process_time()
    total = writer + sum(one.user + one.system for one in times)
    kernels = sum(record.cpu_seconds for record in records if record.ran != "data")  # the workers ran the rest
    print(json.dumps([total + kernels, writer]))
"""


def floor(cells: list[str]) -> None:
    """The cells alone, by IPython in one warm process, figures rendered."""
    from onefunnel.grading.replay import replay, warm_up
    from onefunnel.grading.settings import Limits
    from onefunnel.grading.work import Work

    warm_up(("pandas", "matplotlib.pyplot"))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in cells])
    work = Work("floor", "ps1", {"ps1": nbformat.writes(notebook).encode()})
    replay(work, Limits())
    started, before = time.monotonic(), time.process_time()
    for _ in range(20):
        replay(work, Limits())
    each, cpu = (time.monotonic() - started) / 20, (time.process_time() - before) / 20
    print(f"| the floor: cells by IPython | 1 | 20 | {each:.3f} | {cpu:.3f} | | | | |", flush=True)


def code_course(place: Path, size: int) -> Course:
    """A foreign course with one pandas assignment, released by nbgrader, and solutions each a little different."""
    from nbgrader.apps import NbGraderAPI

    from onefunnel.grading.course import open_course

    source = place / "course" / "source" / "ps1"
    source.mkdir(parents=True)
    (place / "course" / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'bench'\n")
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    for number, text in enumerate(PANDAS_CELLS):
        check, answer = text.startswith("assert"), text.startswith("###")
        about = {"schema_version": 3, "grade_id": f"c{number}", "grade": check, "solution": answer, "task": False}
        about |= {"locked": not answer, **({"points": 1} if check else {})}
        notebook.cells.append(nbformat.v4.new_code_cell(text, metadata={"nbgrader": about}, id=f"c{number}"))
    nbformat.write(notebook, source / "ps1.ipynb")
    course = open_course(place / "course")
    api = NbGraderAPI(coursedir=course.directory, config=course.config, log_level="CRITICAL")
    assert api.generate_assignment("ps1")["success"]
    for number in range(size):
        notebook = nbformat.read(place / "course" / "release" / "ps1" / "ps1.ipynb", as_version=4)
        for cell, text in zip(notebook.cells, PANDAS_CELLS, strict=True):
            if text.startswith("###"):
                cell.source = "\n".join([f"# learner {number}", *text.split("\n")[1:-1]])
        folder = place / "pile" / f"learner{number:04}" / "ps1"
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / "ps1.ipynb")
    return Course(place / "course", "ps1", place / "pile")


def data_course(place: Path, size: int) -> Course:
    """A lesson of ours, and learners who answered without code: all right, half of it, or misled."""
    from onefunnel import data, playbook
    from onefunnel.cohort import sample
    from onefunnel.learn import identity
    from onefunnel.learn.items import load_items
    from onefunnel.learn.world import World
    from onefunnel.lessons.release import release

    course = place / "course"
    release(course, [LESSON])
    released = course / "release" / LESSON
    items = {LESSON: load_items(released / f"{LESSON}.items.json")}
    works = [sample.Desk.answer_all, lambda desk: desk.answer_all(wrong=lambda n, _: n % 2 == 0), sample._shows(0)]
    for number in range(size):
        learner = f"learner{number:04}"
        desk = place / "pile" / learner
        shutil.copytree(released, desk / LESSON)
        identity.keep(desk / LESSON, learner)
        world = World.of(data.load(), playbook.load(), learner)
        works[number % len(works)](sample.Desk(learner, desk, course, items, world, {}))
    return Course(course, LESSON, place / "pile")


if __name__ == "__main__":
    from onefunnel.surroundings import prepare

    os.environ.pop("PYTHONWARNINGS", None)
    prepare()
    main()
