"""Measure grading side by side in one run: nbgrader, a pool of its workers, this engine boxed and open, and the floor.

    python tests/benchmarks/grading.py                     # 50 submissions, about ten minutes
    python tests/benchmarks/grading.py --sizes 50 500      # and 500; --slow adds 5,000

Prints a Markdown table: seconds and CPU seconds a submission (less the fixed cost), fixed cost, peak memory of all
processes. The fixed cost is the time of a run of one submission less the time of one more.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
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


def main() -> None:
    """Make the course once, then measure each way on copies of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[50])
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--plain", type=int, default=50, help="how many submissions nbgrader itself is measured on")
    parser.add_argument("--slow", action="store_true", help="5,000 submissions too")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="onefunnel-bench-") as place:
        course = make_course(Path(place) / "course")
        print("| way | workers | submissions | s each | CPU s each | fixed s | peak MB | × nbgrader |")
        print("|---|---|---|---|---|---|---|---|", flush=True)
        floor(course)
        plain = measured("nbgrader autograde", 1, min(args.plain, args.sizes[0]), course, by_nbgrader)
        for workers in args.workers[1:]:
            measured("pool of NbGraderAPI", workers, min(args.plain, args.sizes[0]), course, by_api_pool, plain)
        for size in [*args.sizes, *([5000] if args.slow else [])]:
            for workers in args.workers:
                for box in ("never", "auto"):
                    name = "this engine, boxed" if box == "auto" else "this engine, open"
                    measured(name, workers, size, course, lambda c, w, box=box: by_us(c, w, box), plain)


def make_course(folder: Path) -> Path:
    """A foreign course with one pandas assignment, released by nbgrader."""
    from nbgrader.apps import NbGraderAPI

    from onefunnel.grading.course import open_course
    from onefunnel.surroundings import prepare

    prepare()
    source = folder / "source" / "ps1"
    source.mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'bench'\n")
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    for number, text in enumerate(PANDAS_CELLS):
        check, answer = text.startswith("assert"), text.startswith("###")
        about = {"schema_version": 3, "grade_id": f"c{number}", "grade": check, "solution": answer, "task": False}
        about |= {"locked": not answer, **({"points": 1} if check else {})}
        notebook.cells.append(nbformat.v4.new_code_cell(text, metadata={"nbgrader": about}, id=f"c{number}"))
    nbformat.write(notebook, source / "ps1.ipynb")
    course = open_course(folder)
    api = NbGraderAPI(coursedir=course.directory, config=course.config, log_level="CRITICAL")
    assert api.generate_assignment("ps1")["success"]
    return folder


def hand_in(course: Path, to: Path, size: int) -> Path:
    """A copy of the course with so many solved submissions, each a little different."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(course, to)
    for number in range(size):
        notebook = nbformat.read(course / "release" / "ps1" / "ps1.ipynb", as_version=4)
        for cell, text in zip(notebook.cells, PANDAS_CELLS, strict=True):
            if text.startswith("###"):
                cell.source = "\n".join([f"# learner {number}", *text.split("\n")[1:-1]])
        place = to / "submitted" / f"learner{number:04}" / "ps1"
        place.mkdir(parents=True)
        nbformat.write(notebook, place / "ps1.ipynb")
    return to


def measured(name: str, workers: int, size: int, course: Path, way: object, plain: float | None = None) -> float:
    """Run one submission, then `size` of them; print the row; return seconds a submission."""
    seconds, cpu, peak = [], [], []
    for count in (1, size):
        copy = hand_in(course, course.with_name("copy"), count)
        used = run(lambda copy=copy: way(copy, workers))
        for values, value in zip((seconds, cpu, peak), used, strict=True):
            values.append(value)
    each, cpu_each = (seconds[1] - seconds[0]) / (size - 1), (cpu[1] - cpu[0]) / (size - 1)
    times = f"{plain / each:.1f}" if plain else "1"
    row = (name, workers, size, f"{each:.3f}", f"{cpu_each:.3f}", f"{max(0, seconds[0] - each):.1f}", peak[1] // 2**20)
    print("|", " | ".join(map(str, (*row, times))), "|", flush=True)
    return each


def run(way: object) -> tuple[float, float, int]:
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
    cpu = way()
    took, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    stop.set()
    watcher.join()
    waited_for = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return took, waited_for if cpu is None else cpu, peak[0]


def _command(*words: str, cwd: Path) -> None:
    subprocess.run([sys.executable, "-m", *words], cwd=cwd, check=True, capture_output=True)


def by_nbgrader(course: Path, _: int) -> None:
    """nbgrader's own command, one process."""
    _command("nbgrader", "autograde", "ps1", f"--course-dir={course}", "--log-level=CRITICAL", cwd=course)


def by_api_pool(course: Path, workers: int) -> None:
    """Processes that each grade one learner after another by NbGraderAPI."""
    learners = sorted(path.name for path in (course / "submitted").iterdir())
    _command("grading_pool", str(course), str(workers), *learners, cwd=Path(__file__).parent)


def by_us(course: Path, workers: int, box: str) -> float:
    """This engine, in a process of its own. Returns its CPU seconds: killed processes are in nobody's accounts."""
    path = course / "run.py"
    path.write_text(_OURS.format(course=str(course), workers=workers, box=box))
    return float(subprocess.run([sys.executable, str(path)], cwd=course, check=True, capture_output=True).stdout)


_OURS = """
import time
import psutil
from onefunnel.surroundings import prepare
from onefunnel.grading.course import open_course
from onefunnel.grading.engine import grade, local_pool
from onefunnel.grading.pool import closing

if __name__ == "__main__":
    prepare()
    course = open_course({course!r})
    with closing(local_pool(course, ["ps1"], {workers}, {box!r})) as pool:
        records = grade(course, "ps1", pool=pool)
        assert all(record.score == 2 for record in records)
        lasting = [psutil.Process(pid) for pid in pool._executor._processes]
        warm = psutil.Process(pool._server.process.pid)
        lasting += [warm, *warm.children(recursive=True)]
        times = [one.cpu_times() for one in lasting]
    total = time.process_time() + sum(one.user + one.system for one in times)
    print(total + sum(record.cpu_seconds for record in records))
"""


def floor(course: Path) -> None:
    """The cells alone, by IPython in one warm process, figures rendered."""
    from onefunnel.grading.execute import Work
    from onefunnel.grading.replay import replay, warm_up
    from onefunnel.grading.settings import Limits

    warm_up(["pandas", "matplotlib.pyplot"])
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in PANDAS_CELLS])
    work = Work("floor", "ps1", {"ps1": nbformat.writes(notebook).encode()})
    replay(work, Limits())
    started, before = time.monotonic(), time.process_time()
    for _ in range(20):
        replay(work, Limits())
    each, cpu = (time.monotonic() - started) / 20, (time.process_time() - before) / 20
    print(f"| the floor: cells by IPython | 1 | 20 | {each:.3f} | {cpu:.3f} | | | |", flush=True)


if __name__ == "__main__":
    os.environ.pop("PYTHONWARNINGS", None)
    main()
