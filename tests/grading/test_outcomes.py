"""Every submission ends in exactly one named outcome, with its points, and one bad one never stops the rest."""

import json
import os
import shutil
import sqlite3
import sys
from pathlib import Path

import pytest

from onefunnel.errors import Problem
from onefunnel.grading.gradebook import open_gradebook
from onefunnel.grading.outcomes import OUTCOMES
from onefunnel.grading.settings import Limits

FIXTURES = Path(__file__).parents[1] / "fixtures"

# Points by hand: total-check has 3, share-check 4, the written answer 2 (a person's; 0 while untouched).
EXPECTED = {
    "perfect": ("graded", 7),
    "half": ("graded", 2),  # total([1,2,3]) == 6 passes, the hidden total does not; 4 * 0.5
    "blank": ("graded", 0),
    "raises_in_an_answer": ("graded", 4),
    "warns_while_checked": ("graded", 4),  # nbgrader's rule: stderr in the check costs its points
    "warns_in_the_answer_only": ("graded", 7),
    "never_ends": ("timed_out", 4),  # the cell is stopped, the rest is graded
    "never_ends_and_ignores_the_interrupt": ("timed_out", None),
    "kills_its_kernel": ("crashed", None),
    "prints_without_end": ("killed", None),
    "shows_one_huge_thing": ("killed", None),
    "claims_more_than_the_maximum": ("bad_score", None),
    "edits_the_check": ("graded", 0),
    "raises_its_points": ("graded", 4),  # 3 + 4 * 0.25, not 300
    "turns_a_check_into_text": ("graded", 7),
    "names_another_kernel": ("graded", 7),
    "deletes_a_check": ("graded", 4),
    "deletes_an_answer": ("graded", 3),
    "duplicates_an_answer": ("graded", 7),
    "duplicates_a_check": ("graded", 7),
    "renames_a_check": ("tampered", None),
    "breaks_its_metadata": ("tampered", None),
    "has_no_cell_ids": ("graded", 7),
    "writes_files": ("graded", 7),
    "looks_for_the_gradebook": ("graded", 7),
    "says_whose_book": ("graded", 7),
    "is_cut_off": ("unreadable", None),
    "is_no_notebook": ("unreadable", None),
    "is_nested_without_end": ("unreadable", None),
    "is_not_text": ("unreadable", None),
    "is_another_lesson": ("wrong_lesson", None),
}


@pytest.fixture(scope="module")
def batch(released, tmp_path_factory, submit, grade):
    """All fixture submissions graded in one run: (course folder, {learner: record})."""
    course = tmp_path_factory.mktemp("batch") / "course"
    shutil.copytree(released, course)
    for name in EXPECTED:
        submit(course, name, name)
    os.environ["JUPYTERHUB_USER"] = "the-lead"
    try:
        records = grade(course, "sums", limits=Limits(output_bytes=2_000_000))
    finally:
        del os.environ["JUPYTERHUB_USER"]
    return course, {record.learner: record for record in records}


@pytest.mark.parametrize("name", EXPECTED)
def test_each_submission_has_its_outcome_and_points(batch, name):
    """The outcome is of the closed list, its sentences are filled in, and the points are those counted by hand."""
    record = batch[1][name]
    outcome, points = EXPECTED[name]
    assert (record.outcome, record.score if record.scored else None) == (outcome, points)
    assert record.outcome in OUTCOMES
    assert "{" not in record.for_learner + record.for_lead


def test_the_gradebook_holds_an_outcome_for_everybody(batch):
    """Read by plain SQL: one row a submission, in the same database as nbgrader's grades."""
    with sqlite3.connect(batch[0] / "gradebook.db") as database:
        rows = dict(database.execute("SELECT learner, outcome FROM onefunnel_outcomes WHERE assignment = 'sums'"))
    assert rows == {name: outcome for name, (outcome, _) in EXPECTED.items()}


def test_what_was_mended_is_noted_for_the_lead(batch):
    """Repairs are named; an honest submission has none."""
    notes = {name: record.notes for name, record in batch[1].items()}
    assert notes["perfect"] == ""
    assert "total-check" in notes["deletes_a_check"]
    assert "total-answer" in notes["duplicates_an_answer"]
    assert "300" in notes["raises_its_points"]


def test_graded_files_are_in_place_and_no_others(batch):
    """Scored submissions have a read-only folder for formgrader; what ran is not kept; nothing temporary is left."""
    course, records = batch
    for name, record in records.items():
        assert (course / "autograded" / name / "sums").is_dir() == record.scored, name
    kept = sorted(path.name for path in (course / "autograded" / "writes_files" / "sums").iterdir())
    assert kept == ["sums.ipynb", "values.txt"]
    values = course / "autograded" / "writes_files" / "sums" / "values.txt"
    assert values.read_text() == "20\n22\n"
    if os.name == "posix":
        assert values.stat().st_mode & 0o777 == 0o444
    assert not [path for path in (course / "autograded").rglob(".*") if path.name.startswith(".sums")]


def test_a_second_run_grades_nothing_again(batch, grade):
    """Same content, same lesson, same engine: the records are those of before, without running anything."""
    again = grade(batch[0], "sums")
    assert all(record.reused for record in again)
    assert {record.learner: record.outcome for record in again} == {name: one for name, (one, _) in EXPECTED.items()}


def test_a_resubmission_that_crashes_clears_the_old_points(course, submit, grade):
    """nbgrader keeps them, even with --force."""
    submit(course, "ana", "perfect")
    assert grade(course, "sums")[0].score == 7
    submit(course, "ana", "kills_its_kernel")
    (record,) = grade(course, "sums")
    assert (record.outcome, record.score) == ("crashed", 0)
    assert not (course / "autograded" / "ana" / "sums").exists()
    with sqlite3.connect(course / "gradebook.db") as database:
        assert set(database.execute("SELECT auto_score FROM grade")) == {(None,)}


@pytest.mark.parametrize("then", ["half", "kills_its_kernel"])
def test_manual_points_and_comments_survive(course, submit, then, grade):
    """A person's points for the written answer stay, whatever is handed in next."""
    submit(course, "ana", "perfect")
    grade(course, "sums")
    with open_gradebook(f"sqlite:///{course / 'gradebook.db'}", "plain") as gradebook:
        gradebook.find_grade("why", "sums", "sums", "ana").manual_score = 1.5
        gradebook.find_comment("why", "sums", "sums", "ana").manual_comment = "Clear."
        gradebook.commit()
    submit(course, "ana", then)
    (record,) = grade(course, "sums")
    assert record.score == {"half": 2, "kills_its_kernel": 0}[then] + 1.5
    with open_gradebook(f"sqlite:///{course / 'gradebook.db'}", "plain") as gradebook:
        assert gradebook.find_comment("why", "sums", "sums", "ana").comment == "Clear."


def test_a_late_submission_is_penalised_by_nbgraders_plugin(course, submit, grade):
    """The course's configuration says zero; one second in time says nothing."""
    with open_gradebook(f"sqlite:///{course / 'gradebook.db'}", "plain") as gradebook:
        gradebook.update_or_create_assignment("sums", duedate="2026-05-08 12:00:00 UTC")
        gradebook.commit()
    submit(course, "late", "perfect", timestamp__txt="2026-05-08 12:30:00 UTC\n")
    submit(course, "timely", "perfect", timestamp__txt="2026-05-08 11:59:59 UTC\n")
    submit(course, "timeless", "perfect", timestamp__txt="some day\n")
    late, timeless, timely = grade(course, "sums")
    assert (late.score, late.seconds_late) == (0, 1800)
    assert (timely.score, timely.seconds_late) == (7, 0)
    assert timeless.score == 7 and "timestamp.txt" in timeless.notes


def test_answers_from_another_book_are_not_graded(course, submit, grade):
    """A colleague's answers.json, or one without a name, is a wrong book, not a zero; damaged JSON is unreadable."""
    answers = {"format": 1, "learner": "ben", "answers": {"sums/E1": {"answer": {"text": "1"}}}}
    submit(course, "ana", "perfect", answers__json=json.dumps(answers))
    submit(course, "ben", "perfect", answers__json=json.dumps(answers))
    submit(course, "eva", "perfect", answers__json=json.dumps({**answers, "learner": None}))
    submit(course, "kim", "perfect", answers__json="{")
    submit(course, "lea", "perfect", answers__json='{"mine": 1}')
    assert [record.outcome for record in grade(course, "sums")] == [
        "wrong_book",
        "graded",
        "wrong_book",
        "unreadable",
        "graded",
    ]


def test_a_notebook_that_is_missing_earns_nothing(course, submit, released, grade):
    """Of an assignment of two notebooks, one is handed in; with none, it is the wrong lesson."""
    text = (released / "source" / "pair" / "first.ipynb").read_text(encoding="utf-8")
    submit(course, "ana", assignment="pair", first__ipynb=text)
    submit(course, "ben", assignment="pair", notes__txt="sorry")
    ana, ben = grade(course, "pair")
    assert (ana.outcome, ana.score, ana.max_score) == ("graded", 2, 4)
    assert ben.outcome == "wrong_lesson"


def _damaged(cells, **changes):
    """The perfect notebook with other nbgrader metadata in some of its cells; None takes a setting away."""
    notebook = json.loads((FIXTURES / "submissions" / "perfect.ipynb").read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        settings = cell["metadata"].get("nbgrader")
        if settings and (cells == "all" or cell["id"] == cells):
            settings |= changes
            for name in [name for name, value in changes.items() if value is None]:
                del settings[name]
    return notebook


@pytest.mark.parametrize(
    ("cells", "changes", "outcome", "points"),
    [
        ("total-check", {"grade": False}, "graded", 7),
        ("share-check", {"task": True}, "graded", 7),
        ("share-check", {"points": None}, "graded", 7),
        ("share-check", {"points": "many"}, "graded", 7),
        ("total-check", {"solution": True}, "graded", 7),
        ("total-check", {"locked": False}, "graded", 7),
        ("total-answer", {"solution": False}, "graded", 7),
        ("all", {"schema_version": 2}, "graded", 7),
        ("setup", {"schema_version": 9}, "unreadable", None),
    ],
)
def test_damaged_metadata_is_repaired_or_named(course, submit, grade, cells, changes, outcome, points):
    """Where the gradebook knows the truth it counts, whatever the notebook says of itself."""
    submit(course, "ana", sums__ipynb=json.dumps(_damaged(cells, **changes)))
    (record,) = grade(course, "sums")
    assert (record.outcome, record.score if record.scored else None) == (outcome, points), record.for_lead


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({"nbformat_minor": 0}, "graded"),
        ({"nbformat": 99}, "unreadable"),
        ({"nbformat": "four"}, "unreadable"),
        ({"cells": []}, "wrong_lesson"),
        ({"cells": {}}, "unreadable"),
        ({"metadata": []}, "unreadable"),
    ],
)
def test_damaged_notebooks_are_read_or_named(course, submit, grade, change, outcome):
    """Old formats are read; what is no notebook is said to be none."""
    submit(course, "ana", sums__ipynb=json.dumps({**_damaged("none"), **change}))
    assert grade(course, "sums")[0].outcome == outcome


def test_an_empty_and_a_vast_file_are_unreadable(course, submit, grade):
    """A vast one is not even read."""
    submit(course, "ana", sums__ipynb="")
    with (submit(course, "ben") / "sums.ipynb").open("wb") as file:
        file.truncate(5_000_000_000)
    whole = (FIXTURES / "submissions" / "perfect.ipynb").read_text(encoding="utf-8")
    submit(course, "cai", sums__ipynb=whole + " " * 200_000_000)  # sound, and 200 MB all the same
    assert [record.outcome for record in grade(course, "sums")] == ["unreadable"] * 3


def test_forgiven_warnings_cost_nothing_but_errors_do(course, submit, grade):
    """The check's own verdict counts: 3 of 3 where it passed although it warned, and nothing where it raised."""
    submit(course, "ana", "warns_while_checked")
    submit(course, "ben", "raises_in_an_answer")
    strict = [record.score for record in grade(course, "sums")]
    kind = [record.score for record in grade(course, "sums", forgive_warnings=True)]
    assert (strict, kind) == ([4, 4], [7, 4])


@pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux alone")
def test_what_is_printed_is_counted_as_it_comes(course, submit, grade):
    """Endless output ends at its own limit, long before the cell's time (3 s), and is not gathered in memory."""
    submit(course, "ana", "prints_without_end")
    (record,) = grade(course, "sums")
    assert (record.outcome, record.cpu_seconds < 2, record.peak_bytes < 10**9) == ("killed", True, True)


@pytest.mark.parametrize(
    ("honest", "hostile"), [(12, 3), pytest.param(475, 25, marks=pytest.mark.slow)], ids=["small", "500 submissions"]
)
def test_a_course_with_hostile_submissions_grades_without_a_hand(course, submit, grade, honest, hostile):
    """Every honest one has its points, every hostile one its outcome."""
    attacks = ["kills_its_kernel", "prints_without_end", "is_cut_off", "never_ends", "renames_a_check"]
    for number in range(honest):
        submit(course, f"honest-{number:03}", ("perfect", "half", "blank")[number % 3])
    for number in range(hostile):
        submit(course, f"hostile-{number:03}", attacks[number % len(attacks)])
    records = grade(course, "sums")
    assert [record.score for record in records if record.learner.startswith("honest")] == [
        (7, 2, 0)[number % 3] for number in range(honest)
    ]
    outcomes = ["crashed", "killed", "unreadable", "timed_out", "tampered"]
    assert [record.outcome for record in records if record.learner.startswith("hostile")] == [
        outcomes[number % len(outcomes)] for number in range(hostile)
    ]


def test_who_is_not_in_the_gradebook_is_an_unknown_learner(course, submit, grade):
    """Where the course does not create students, a stranger is named and gets no row in nbgrader's tables."""
    config = course / "nbgrader_config.py"
    config.write_text(config.read_text() + "c.Autograde.create_student = False\n")
    submit(course, "stranger", "perfect")
    assert grade(course, "sums")[0].outcome == "unknown_learner"
    with sqlite3.connect(course / "gradebook.db") as database:
        assert database.execute("SELECT count(*) FROM student").fetchone() == (0,)


def test_the_whole_notebook_has_a_time_limit(course, submit, grade):
    """Many short cells together may not outrun the wall clock either."""
    submit(course, "ana", "never_ends")
    (record,) = grade(course, "sums", limits=Limits(wall_seconds=2))
    assert (record.outcome, record.scored) == ("timed_out", False)
    assert record.seconds < 8


def test_our_own_failure_is_named_and_the_rest_is_graded(course, submit, monkeypatch, grade):
    """An unforeseen error in a step ends that submission only, and is tried again next time."""
    from onefunnel.grading import submission

    real = submission.judge
    monkeypatch.setattr(submission, "judge", lambda *a: 1 / 0 if a[3] == "ana" else real(*a))
    submit(course, "ana", "perfect")
    submit(course, "ben", "perfect")
    ana, ben = grade(course, "sums")
    assert (ana.outcome, ben.outcome) == ("failed", "graded") and "ZeroDivisionError" in ana.for_lead
    monkeypatch.undo()
    assert [record.outcome for record in grade(course, "sums")] == ["graded", "graded"]


def test_a_kill_between_files_and_gradebook_is_mended_by_the_next_run(course, submit, monkeypatch, grade):
    """The files are in place, the transaction never ended: the next run grades again."""
    from onefunnel.grading.gradebook import SharedGradebook

    submit(course, "ana", "half")
    grade(course, "sums")
    submit(course, "ana", "perfect")
    with monkeypatch.context() as patch:

        def killed(self):
            raise KeyboardInterrupt

        patch.setattr(SharedGradebook, "commit", killed)
        with pytest.raises(KeyboardInterrupt):
            grade(course, "sums")
    assert grade(course, "sums")[0].score == 7
    text = (course / "autograded" / "ana" / "sums" / "sums.ipynb").read_text(encoding="utf-8")
    assert "share = 1.0" in text


@pytest.mark.parametrize(
    ("folder", "assignment", "words"),
    [
        ("nowhere", "sums", "no folder"),
        ("submitted", "sums", "not an nbgrader course"),
        (".", "poker", "never released"),
    ],
)
def test_what_the_lead_has_to_mend_is_a_problem(course, submit, folder, assignment, words, grade):
    """No course, not a course, not released: one clear message."""
    submit(course, "ana", "perfect")
    with pytest.raises(Problem, match=words):
        grade(course / folder, assignment)
