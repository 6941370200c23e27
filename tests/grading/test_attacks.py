"""What hostile notebooks try in the box: host, gradebook, other learners and batch are safe from all of them.

A notebook prints LOOT where its attack succeeds. Points that a check in the learner's own kernel can be made to give
are known to be forgeable (the last three); the box does not change that.
"""

import shutil
import socket
import sqlite3
import subprocess
from pathlib import Path

import nbformat
import pytest

from onefunnel.grading.engine import grade
from onefunnel.grading.forking import box
from onefunnel.grading.pool import LocalPool, closing
from onefunnel.grading.settings import Limits

ATTACKS = Path(__file__).parents[1] / "fixtures" / "attacks"
LIMITS = Limits(wall_seconds=40, memory_bytes=700_000_000, processes=30, disk_bytes=50_000_000, output_bytes=5_000_000)
# Points by hand: total-check has 3, share-check 4.
EXPECTED = {
    "looks_for_what_is_hidden": ("graded", 7),
    "changes_the_gradebook": ("graded", 7),
    "locks_the_gradebook": ("graded", 7),
    "calls_home": ("graded", 7),
    "reads_the_environment": ("graded", 7),
    "looks_at_other_processes": ("graded", 7),
    "wants_to_be_root": ("graded", 7),
    "forks_without_end": ("graded", 4),  # the cell ends with the system's “no more”, so `total` is never defined
    "leaves_a_process_behind": ("graded", 7),
    "eats_memory": ("killed", None),
    "eats_memory_in_children": ("killed", None),
    "fills_the_disk": ("graded", 7),
    "sends_one_huge_message": ("killed", None),
    "computes_deaf": ("timed_out", None),
    "removes_asserts_from_checks": ("graded", 7),
    "rewrites_the_checks": ("graded", 7),
    "equals_everything": ("graded", 7),
}
BOXED = pytest.mark.skipif(bool(box.missing()), reason=f"no box on this machine: {box.missing()}")
pytestmark = BOXED


@pytest.fixture(scope="module")
def attacked(released, tmp_path_factory, submit):
    """One batch of all attacks between two honest learners: (course, {learner: record}, whether anybody called)."""
    course = tmp_path_factory.mktemp("attacked") / "course"
    shutil.copytree(released, course)
    config = course / "nbgrader_config.py"
    config.write_text(config.read_text() + "c.Execute.timeout = 15\n")
    with pytest.MonkeyPatch.context() as patch, socket.create_server(("127.0.0.1", 0)) as home:
        patch.setenv("TOKEN", "LEADS-OWN")
        home.settimeout(0)
        with closing(LocalPool(workers=2, box="require")) as pool:
            submit(course, "zoe", "perfect")
            grade(course, "sums", pool=pool)
            submit(course, "ana", "half")
            for name in EXPECTED:
                folder = submit(course, name)
                attack = (ATTACKS / f"{name}.ipynb").read_text(encoding="utf-8")
                attack = attack.replace("HOME_PORT", str(home.getsockname()[1]))
                (folder / "sums.ipynb").write_text(attack, encoding="utf-8")
            records = {record.learner: record for record in grade(course, "sums", limits=LIMITS, pool=pool)}
        try:
            called = bool(home.accept())
        except BlockingIOError:
            called = False
    return course, records, called


def test_every_attack_is_a_fixture():
    """No notebook is forgotten here."""
    assert {path.stem for path in ATTACKS.glob("*.ipynb")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_an_attack_ends_in_its_outcome(attacked, name):
    """Outcome and points as counted by hand, boxed, and within its time."""
    record = attacked[1][name]
    outcome, points = EXPECTED[name]
    assert (record.outcome, record.score if record.scored else None) == (outcome, points), record.for_lead
    assert record.ran == "boxed"
    assert record.seconds < LIMITS.wall_seconds + 20


@pytest.mark.parametrize("name", [name for name, (outcome, _) in EXPECTED.items() if outcome == "graded"])
def test_an_attack_gets_nothing(attacked, name):
    """What it printed holds no loot."""
    path = attacked[0] / "autograded" / name / "sums" / "sums.ipynb"
    outputs = [one for cell in nbformat.read(path, as_version=4).cells for one in cell.get("outputs", [])]
    assert "LOOT" not in str(outputs)


def test_the_attacker_knew_where_to_call(attacked):
    """The notebook that calls home had the port on which somebody listened."""
    text = (attacked[0] / "submitted" / "calls_home" / "sums" / "sums.ipynb").read_text(encoding="utf-8")
    assert "HOME_PORT" not in text and "127.0.0.1" in text


def test_the_honest_are_graded_as_if_alone(attacked):
    """Before and among the attacks; the gradebook holds nothing that nobody earned."""
    course, records, called = attacked
    assert (records["zoe"].score, records["zoe"].reused, records["ana"].score) == (7, True, 2)
    with sqlite3.connect(course / "gradebook.db") as database:
        assert database.execute("SELECT max(auto_score) FROM grade").fetchone() == (4,)
    assert not called


def test_no_process_outlives_its_submission(attacked):
    """Neither a daemon nor the rest of a fork bomb is left on the host."""
    found = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert "sleep 31557" not in found


def test_memory_is_measured(attacked):
    """The record says what was used, so that a lead can set a bound that fits."""
    record = attacked[1]["ana"]
    assert 50_000_000 < record.peak_bytes < 500_000_000
    assert record.cpu_seconds > 0


def test_a_required_box_that_is_missing_refuses(course, submit, monkeypatch):
    """Nothing is run, nothing is recorded, and the reason is said."""
    from onefunnel.errors import Problem

    submit(course, "ana", "perfect")
    monkeypatch.setattr(box, "missing", lambda: "bubblewrap is not installed")
    with closing(LocalPool(workers=1, box="require")) as pool, pytest.raises(Problem, match="bubblewrap"):
        grade(course, "sums", pool=pool)
    with sqlite3.connect(course / "gradebook.db") as database:
        assert database.execute("SELECT count(*) FROM onefunnel_outcomes").fetchone() == (0,)


def test_an_unboxed_run_is_loud_and_marked(course, submit, capfd):
    """One line on stderr a run, and a mark in each record."""
    submit(course, "ana", "perfect")
    submit(course, "ben", "half")
    with closing(LocalPool(workers=1, box="never")) as pool:
        records = grade(course, "sums", pool=pool)
    assert [record.ran for record in records] == ["unboxed", "unboxed"]
    assert capfd.readouterr().err.count("UNBOXED") == 1
