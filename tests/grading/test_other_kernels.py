"""A notebook whose kernel is not this Python's cannot be boxed: it says so, or it is refused."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from onefunnel.grading.forking import box

BOXED = pytest.mark.skipif(bool(box.missing()), reason=f"no box on this machine: {box.missing()}")


@pytest.fixture
def other_kernel(course, tmp_path):
    """The course's assignment `sums`, as if released with a second kernelspec: the environment that knows it."""
    program = Path(sys.executable)
    elsewhere = program.parent / ".." / program.parent.name / program.name  # the same Python under another path
    spec = {"argv": [str(elsewhere), "-m", "ipykernel_launcher", "-f", "{connection_file}"], "language": "python"}
    folder = tmp_path / "jupyter" / "kernels" / "other"
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(json.dumps({**spec, "display_name": "Other"}), encoding="utf-8")
    named = json.dumps({"name": "other", "display_name": "Other", "language": "python"})
    with sqlite3.connect(course / "gradebook.db") as database:
        database.execute("UPDATE notebook SET kernelspec = ?", (named,))
    return {**os.environ, "JUPYTER_PATH": str(tmp_path / "jupyter")}


def _grade(course, environment, *more):
    """The verb in a process of its own: (what it said on stderr and stdout, the records by learner)."""
    written = course / "records.json"
    command = [sys.executable, "-m", "onefunnel", "grade", str(course), "sums", "--workers", "1"]
    done = subprocess.run(
        [*command, "--json", str(written), *more], env=environment, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return done, {row["learner"]: row for row in json.loads(written.read_text(encoding="utf-8"))}


def test_another_kernel_is_never_called_boxed(course, submit, other_kernel):
    """Graded as usual, by hand 7 points; the record and a loud line that names the kernel say that it ran unboxed."""
    submit(course, "perfect", "perfect")
    done, records = _grade(course, other_kernel)
    assert (records["perfect"]["outcome"], records["perfect"]["score"]) == ("graded", 7)
    assert records["perfect"]["ran"] == "unboxed"
    assert "UNBOXED" in done.stderr and "1 ran UNBOXED" in done.stdout
    assert "“other”" in done.stderr or box.missing()


@BOXED
def test_a_required_box_refuses_another_kernel(course, submit, other_kernel):
    """The submission is not run and its outcome has a name; a later run without the option grades it."""
    submit(course, "perfect", "perfect")
    done, records = _grade(course, other_kernel, "--require-box")
    assert (records["perfect"]["outcome"], records["perfect"]["score"]) == ("needs_box", None)
    assert (records["perfect"]["ran"], records["perfect"]["scored"]) == ("", False)
    assert "“other”" in done.stdout and "UNBOXED" not in done.stderr
    _, records = _grade(course, other_kernel)
    assert (records["perfect"]["outcome"], records["perfect"]["score"]) == ("graded", 7)
