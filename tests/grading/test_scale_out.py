"""On a Dask cluster and with a gradebook on a PostgreSQL server the result is the same."""

import functools
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import psutil
import pytest

from onefunnel.cli import main
from onefunnel.errors import Problem
from onefunnel.grading import engine
from onefunnel.grading.course import open_course
from onefunnel.grading.forking import box
from onefunnel.grading.gradebook import open_gradebook
from onefunnel.grading.lock import sole_grader
from onefunnel.grading.settings import Limits
from onefunnel.grading.work import Work

HANDED_IN = ["perfect", "half", "blank", "kills_its_kernel", "deletes_a_check", "is_cut_off"]
SCORES = {"perfect": 7, "half": 2, "blank": 0, "deletes_a_check": 4}  # by hand, as in test_outcomes


def _hand_in(course, submit):
    for name in HANDED_IN:
        for copy in "ab":
            submit(course, f"{name}-{copy}", name)


def _as_expected(records):
    assert {r.learner: r.score for r in records if r.scored} == {f"{n}-{c}": s for n, s in SCORES.items() for c in "ab"}
    assert {r.outcome for r in records if not r.scored} == {"crashed", "unreadable"}


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """A real scheduler and two real worker processes: (address, the workers)."""
    pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    folder = tmp_path_factory.mktemp("dask")
    start = functools.partial(subprocess.Popen, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    written = folder / "scheduler.json"
    arguments = ["--port", "0", "--no-dashboard", "--host", "127.0.0.1", "--scheduler-file", str(written)]
    started = [start([*dask, *arguments])]
    _until(written.exists, "the scheduler's file")
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", "--scheduler-file", str(written)]
    worker += ["--nthreads", "1", "--no-dashboard", "--nanny"]
    started += [start(worker) for _ in range(2)]
    from distributed import Client

    with Client(scheduler_file=str(written), timeout=60) as client:
        client.wait_for_workers(2, timeout=120)
        address = client.scheduler.address
    yield address, started[1:]
    for process in reversed(started):
        for one in [*psutil.Process(process.pid).children(recursive=True), process]:
            one.kill()
        process.wait()


def _until(true, what):
    for _ in range(600):
        if true():
            return
        time.sleep(0.1)
    pytest.fail(f"waited in vain for {what}")


def test_a_cluster_grades_although_a_worker_is_killed(course, submit, cluster):
    """One of two workers is killed midway (its nanny with it); every submission has its outcome all the same."""
    from onefunnel.grading.cluster import DaskPool
    from onefunnel.grading.pool import closing

    address, workers = cluster
    _hand_in(course, submit)

    def kill_one(done, total, record):
        if done == 3:
            for one in [*psutil.Process(workers[0].pid).children(recursive=True), workers[0]]:
                one.kill()

    with closing(DaskPool(address)) as pool:
        _as_expected(engine.grade(course, "sums", pool=pool, report=kill_one))
    assert not any("onefunnel" in str(path) for path in Path(course / "autograded").rglob(".*"))


@pytest.mark.skipif(bool(box.missing()), reason=f"no box on this machine: {box.missing()}")
def test_the_course_s_settings_reach_a_cluster(course, cluster, tmp_path):
    """A folder that the course calls readable is seen in the box on a worker; the one beside it is not."""
    from onefunnel.grading.cluster import cluster_pool
    from onefunnel.grading.pool import closing

    for name in ("shared", "own"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "note").write_text(name)
    with (course / "nbgrader_config.py").open("a") as config:
        config.write(f"c.OneFunnelGrading.readable = [{str(tmp_path / 'shared')!r}]\n")
    look = f"from pathlib import Path; [Path({str(tmp_path)!r}, name, 'note').exists() for name in ('shared', 'own')]"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(look)])
    work = Work("ana", "sums", {"sums": nbformat.writes(notebook).encode()})
    opened = open_course(course)
    with closing(cluster_pool(opened, ["sums"], cluster[0])) as pool:
        done = pool.submit(opened, work, Limits(), holds_code=True).result()
    (cell,) = nbformat.reads(done.notebooks["sums"].decode(), as_version=4).cells
    assert (done.ran, cell.outputs[0].data["text/plain"]) == ("boxed", "[True, False]")


def test_workers_beside_a_cluster_are_said_to_be_ignored(course, submit, cluster, capsys):
    """One line on stderr, and the grading goes on."""
    submit(course, "perfect", "perfect")
    assert main(["grade", str(course), "sums", "--cluster", cluster[0], "--workers", "3"]) == 0
    said = capsys.readouterr()
    assert "1 graded" in said.out and "--workers is ignored" in said.err


def test_no_scheduler_is_a_clear_error():
    """Nobody answers: what to start is said."""
    pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    from onefunnel.grading.cluster import DaskPool

    with pytest.raises(Problem, match="No Dask scheduler answers"):
        DaskPool("tcp://127.0.0.1:9")


def _programs():
    """PostgreSQL's own folder of programs, newest first."""
    found = shutil.which("initdb")
    places = [Path(found).resolve()] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    return places[0].parent if places else None


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A PostgreSQL server of our own: in a temporary folder, on a Unix socket, as a user without rights."""
    pytest.importorskip("psycopg", reason="the extra `postgres` is not installed")
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (Debian and Ubuntu: apt install postgresql)")
    folder = Path(subprocess.check_output(["mktemp", "-d", "/tmp/pg-XXXXXX"], text=True).strip())
    nobody = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.getuid() == 0 else {}
    if nobody:
        shutil.chown(folder, "nobody", "nogroup")
    run = functools.partial(subprocess.run, check=True, capture_output=True, cwd="/", **nobody)
    run([programs / "initdb", "-D", folder / "data", "-U", "grader", "-A", "trust", "--no-sync"])
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    run([programs / "pg_ctl", "-D", folder / "data", "-w", "-o", options, "-l", folder / "log", "start"])
    run([programs / "createdb", "-h", folder, "-U", "grader", "grades"])
    yield f"postgresql+psycopg://grader@/grades?host={folder}"
    run([programs / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop"])
    shutil.rmtree(folder, ignore_errors=True)


def test_a_gradebook_on_a_server(course, submit, grade, server):
    """The same scores, all in the server's tables; no SQLite file is made; a rerun runs nothing."""
    (course / "gradebook.db").unlink()
    config = course / "nbgrader_config.py"
    config.write_text(config.read_text() + f"c.CourseDirectory.db_url = {server!r}\n")
    from nbgrader.apps import NbGraderAPI

    opened = open_course(course)
    with open_gradebook(server, "plain"):
        pass
    api = NbGraderAPI(coursedir=opened.directory, config=opened.config, log_level="ERROR")
    assert api.generate_assignment("sums", force=True)["success"]
    _hand_in(course, submit)
    _as_expected(grade(course, "sums"))
    assert not (course / "gradebook.db").exists()
    assert all(record.reused for record in grade(course, "sums"))
    copy = shutil.copytree(course, course.with_name("copy"))
    with sole_grader(copy, server, "plain"), pytest.raises(Problem, match="Another grading run"):
        grade(course, "sums")


def test_old_outcome_tables_get_the_new_columns(course, submit, grade):
    """A gradebook of an earlier version keeps its rows and grades on."""
    submit(course, "ana", "perfect")
    grade(course, "sums")
    with sqlite3.connect(course / "gradebook.db") as database:
        for name in ("ran", "peak_bytes", "cpu_seconds"):
            database.execute(f"ALTER TABLE onefunnel_outcomes DROP COLUMN {name}")
    (record,) = grade(course, "sums")
    assert (record.reused, record.ran, record.score) == (True, "", 7)
