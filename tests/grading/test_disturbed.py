"""Killed, locked out, out of room, interrupted: a rerun ends with the gradebook of an undisturbed run."""

import contextlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

import psutil
import pytest

from onefunnel.errors import Problem
from onefunnel.grading import gradebook as gradebooks
from onefunnel.grading.lock import sole_grader

HANDED_IN = ["perfect", "half", "blank", "raises_in_an_answer", "kills_its_kernel", "deletes_a_check", "is_cut_off"]
TABLES = (
    "SELECT student_id, base_cell.name, auto_score, manual_score, needs_manual_grade, late_submission_penalty"
    " FROM grade JOIN base_cell ON base_cell.id = grade.cell_id"
    " JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id"
    " JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id ORDER BY 1, 2",
    "SELECT learner, assignment, outcome, scored, notes, content, setting, ran FROM onefunnel_outcomes ORDER BY 1, 2",
)


@pytest.fixture
def handed_in(course, submit):
    """A course with submissions, two of each kind."""
    for name in HANDED_IN:
        for copy in "ab":
            submit(course, f"{name}-{copy}", name)
    return course


def command(course, *more):
    return [sys.executable, "-m", "onefunnel", "grade", str(course), "sums", "--workers", "2", *more]


def held(course):
    """All that the gradebook and the graded folder say."""
    with sqlite3.connect(course / "gradebook.db") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = [database.execute(query).fetchall() for query in TABLES]
    files = sorted(str(path.relative_to(course)) for path in (course / "autograded").rglob("*"))
    return rows, files


def family(process):
    """The grader and all that it started."""
    try:
        return [process, *process.children(recursive=True)]
    except psutil.Error:
        return []


def _killed_at_random(course, rounds, seed):
    choice = random.Random(seed)
    for _ in range(rounds):
        run = subprocess.Popen(command(course, "--force"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        grader = psutil.Process(run.pid)
        until = time.monotonic() + 60
        while len(family(grader)) < 4 and run.poll() is None and time.monotonic() < until:
            time.sleep(0.05)  # until there is more than one to choose from
        time.sleep(choice.uniform(0, 6))
        present = family(grader)
        if present:
            victim = choice.choice(present)
            with contextlib.suppress(psutil.NoSuchProcess):
                victim.kill()
        if choice.random() < 0.5:
            run.kill()
        run.wait(180)
        for left in present:
            try:
                left.wait(20)
            except psutil.TimeoutExpired:
                pytest.fail(f"{left} outlived the grader")


@pytest.mark.parametrize("rounds", [5, pytest.param(50, marks=pytest.mark.slow)])
def test_a_rerun_after_kills_ends_like_an_undisturbed_run(handed_in, tmp_path, rounds):
    """kill -9 of the grader, a worker, the fork server or a kernel, at random moments, over and over."""
    calm = shutil.copytree(handed_in, tmp_path / "calm")
    subprocess.run(command(calm), check=True, capture_output=True, timeout=300)
    _killed_at_random(handed_in, rounds, seed=rounds)
    subprocess.run(command(handed_in), check=True, capture_output=True, timeout=300)
    assert held(handed_in) == held(calm)


def test_a_killed_worker_or_fork_server_does_not_end_the_run(handed_in, pool, grade):
    """The pool is mended and what was lost is run again."""
    done = []

    def kill_something(count, total, record):
        done.append(record)
        if count == 4:
            next(iter(pool._executor._processes.values())).kill()
        if count == 8 and pool._server is not None:
            pool._server.process.kill()

    records = grade(handed_in, "sums", report=kill_something)
    assert len(records) == 14 and not [record for record in records if record.outcome == "failed"]
    assert {record.outcome for record in records if record.learner.startswith("perfect")} == {"graded"}


def test_ctrl_c_ends_cleanly_and_a_rerun_continues(handed_in, submit):
    """Exit code 130, nothing left running, and what was graded is not graded again."""
    for number in range(60):  # many enough that it is still at work when it hears of it
        submit(handed_in, f"zoe-{number:02}", "perfect")
    run = subprocess.Popen(command(handed_in), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    grader, until = psutil.Process(run.pid), time.monotonic() + 120
    while not _graded(handed_in) and time.monotonic() < until:
        time.sleep(0.05)
    present = family(grader)
    run.send_signal(signal.SIGINT)
    _, said = run.communicate(timeout=60)
    assert run.returncode == 130 and "Run it again to continue" in said and "Traceback" not in said
    psutil.wait_procs(present, timeout=20)
    assert not [one for one in present if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
    first = _graded(handed_in)
    again = subprocess.run(command(handed_in), capture_output=True, text=True, timeout=300)
    assert again.returncode == 0
    unchanged = int(again.stdout.split(" unchanged")[0].split()[-1])
    assert first <= unchanged < 74


def _graded(course):
    with sqlite3.connect(course / "gradebook.db", timeout=30) as database:
        try:
            return database.execute("SELECT count(*) FROM onefunnel_outcomes").fetchone()[0]
        except sqlite3.OperationalError:
            return 0


def test_a_second_grader_is_refused(course, submit, grade):
    """One lock a course; it is gone with its holder."""
    submit(course, "ana", "perfect")
    url = f"sqlite:///{course / 'gradebook.db'}"
    with sole_grader(course, url, "plain"), pytest.raises(Problem, match="Another grading run"):
        grade(course, "sums")
    assert grade(course, "sums")[0].score == 7


def test_a_locked_gradebook_is_a_clear_error(course, submit, grade, monkeypatch):
    """Another program holds it: nothing is changed, the message says what to do, and later it works."""
    submit(course, "ana", "perfect")
    monkeypatch.setattr(gradebooks, "BUSY_SECONDS", 0.1)
    other = sqlite3.connect(course / "gradebook.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(Problem, match=r"gradebook.*locked.*Close other programs"):
        grade(course, "sums")
    other.execute("ROLLBACK")
    other.close()
    assert grade(course, "sums")[0].score == 7


def test_a_gradebook_locked_midway_is_a_clear_error(course, submit, grade, monkeypatch):
    """The first is graded, the second meets a lock: the first stays graded, a rerun grades the second."""
    for learner in ("ana", "ben"):
        submit(course, learner, "perfect")
    monkeypatch.setattr(gradebooks, "BUSY_SECONDS", 0.1)
    other = sqlite3.connect(course / "gradebook.db", isolation_level=None, check_same_thread=False)
    with pytest.raises(Problem, match="locked"):
        grade(course, "sums", report=lambda *_: other.execute("BEGIN EXCLUSIVE"))
    other.execute("ROLLBACK")
    other.close()
    assert sorted(record.reused for record in grade(course, "sums")) == [False, True]
    assert [record.score for record in grade(course, "sums")] == [7, 7]


@pytest.mark.skipif(os.name != "posix", reason="a full disk is played by a limit on the size of files")
def test_a_full_disk_is_a_clear_error_and_harms_nothing(handed_in, grade):
    """The gradebook cannot grow: exit code 1, one sentence, a sound gradebook; with room a rerun completes it."""
    import resource

    size = (handed_in / "gradebook.db").stat().st_size

    def no_room():
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 8192, hard))

    run = subprocess.run(command(handed_in), preexec_fn=no_room, capture_output=True, text=True, timeout=300)
    assert run.returncode == 1 and "run it again" in run.stderr and "Traceback" not in run.stderr, run.stderr
    with sqlite3.connect(handed_in / "gradebook.db") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    records = grade(handed_in, "sums")
    assert {record.score for record in records if record.learner.startswith("perfect")} == {7}
