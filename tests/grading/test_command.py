"""The verb: what it prints, writes and returns."""

import io
import json
import sys

import pytest

from onefunnel.cli import main
from onefunnel.grading.command import Progress
from onefunnel.grading.outcomes import OUTCOMES
from onefunnel.grading.record import described


def test_bad_submissions_are_verdicts_not_failures(course, submit, tmp_path, capsys):
    """Exit code 0; a record each with points per check; the rest in plain words; a rerun runs nothing."""
    for name in ("half", "kills_its_kernel", "is_cut_off"):
        submit(course, name, name)
    written = tmp_path / "ps.json"
    assert main(["grade", str(course), "sums", "--workers", "1", "--json", str(written)]) == 0
    said = capsys.readouterr().out
    assert "3 submissions" in said and all(f"1 {one}" in said for one in ("graded", "unreadable", "crashed"))
    rows = {row["learner"]: row for row in json.loads(written.read_text(encoding="utf-8"))}
    assert {name: row["outcome"] for name, row in rows.items()} == {
        "half": "graded",
        "kills_its_kernel": "crashed",
        "is_cut_off": "unreadable",
    }
    assert {(one["check"], one["score"], one["max_score"]) for one in rows["half"]["checks"]} == {
        ("total-check", 0, 3),
        ("share-check", 2, 4),
        ("why", None, 2),  # a person has to look
    }
    assert {one["score"] for one in rows["kills_its_kernel"]["checks"]} <= {None}
    assert rows["half"]["seconds"] > 0 and rows["half"]["for_learner"]
    assert (rows["half"]["score"], rows["half"]["max_score"]) == (2, 9)  # of 3 + 4, and of 2 that a person gives
    if sys.platform == "linux":
        assert rows["half"]["peak_bytes"] > 10_000_000 and rows["half"]["cpu_seconds"] > 0
    assert all(row["for_lead"] and row["ran"] in ("boxed", "unboxed", "") for row in rows.values())
    assert main(["grade", str(course), "sums"]) == 0
    assert "3 unchanged" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere", "sums"], "no folder"),
        (["COURSE", "poker"], "never released"),
        (["COURSE", "sums", "--learner", "x"], "x"),
    ],
)
def test_what_the_lead_has_to_mend_is_exit_code_1(course, capsys, arguments, words):
    """One sentence on stderr, nothing else."""
    assert main(["grade", *[str(course) if one == "COURSE" else one for one in arguments]]) == 1
    said = capsys.readouterr().err
    assert words in said and "Traceback" not in said


@pytest.mark.parametrize("workers", ["0", "-1", "many"])
def test_a_wrong_number_of_workers_is_wrong_usage(course, workers, capsys):
    """Exit code 2, and what would be right."""
    with pytest.raises(SystemExit, match="2"):
        main(["grade", str(course), "sums", "--workers", workers])
    assert "1 or more" in capsys.readouterr().err


def test_progress_counts_rate_and_time_left():
    """After 10 of 40 in 5 seconds: 2 a second, 15 seconds left; what stood already is not part of the rate."""
    now = [0.0]
    progress = Progress(stream=io.StringIO(), clock=lambda: now[0])
    record = described("ana", "sums", OUTCOMES["graded"])
    for done in range(1, 11):
        now[0] = done / 2
        progress(done, 40, record)
    line = progress.line(10, 40, record)
    assert "10/40" in line and "2.0/s" in line and "15 s left" in line and "ana: graded" in line
