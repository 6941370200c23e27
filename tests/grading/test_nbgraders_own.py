"""nbgrader's own test notebooks, which its package ships: where nbgrader grades them, ours are the same scores."""

import shutil
import sqlite3
from pathlib import Path

import nbgrader
import pytest

from onefunnel.grading.course import open_course
from onefunnel.grading.outcomes import OUTCOMES
from onefunnel.surroundings import programs_on_path

THEIRS = Path(nbgrader.__file__).parent / "tests"
APPS, STEPS, PAGES = (THEIRS / name / "files" for name in ("apps", "preprocessors", "ui-tests"))

# What is released, and what is handed in for it.
GROUPS = {
    "released as test.ipynb": (APPS / "test.ipynb", [*APPS.glob("test*.ipynb"), STEPS / "test.ipynb"]),
    "released as submitted-unchanged.ipynb": (APPS / "submitted-unchanged.ipynb", list(APPS.glob("submitted-*.ipynb"))),
    "preprocessors": (STEPS / "submitted-unchanged.ipynb", list(STEPS.glob("submitted-*.ipynb"))),
    "tasks": (STEPS / "test_taskcell.ipynb", [STEPS / "test_taskcell.ipynb"]),
}
# Each as it is, handed in as it was released: only what nbgrader itself releases counts.
ALONE = [path for folder in (APPS, STEPS, PAGES) for path in sorted(folder.glob("*.ipynb"))]
GRADES = """
SELECT student.id, base_cell.name, grade.auto_score, grade.manual_score, grade.needs_manual_grade, grade.extra_credit,
       submitted_notebook.late_submission_penalty
FROM grade JOIN base_cell ON base_cell.id = grade.cell_id
JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
JOIN student ON student.id = submitted_assignment.student_id
"""
COMMENTS = """
SELECT submitted_assignment.student_id, base_cell.name, comment.auto_comment
FROM comment JOIN base_cell ON base_cell.id = comment.cell_id
JOIN submitted_notebook ON submitted_notebook.id = comment.notebook_id
JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
"""


def _course(folder, assignments):
    """A course of those assignments in which late work loses all: (those nbgrader released, its interface)."""
    from nbgrader.apps import NbGraderAPI

    programs_on_path()
    folder.mkdir()
    (folder / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'theirs'\nc.Execute.timeout = 5\n"
        "c.LateSubmissionPlugin.penalty_method = 'zero'\n"
    )
    for name, source in assignments.items():
        (folder / "source" / name).mkdir(parents=True)
        shutil.copy(source, folder / "source" / name / "p1.ipynb")
    course = open_course(folder)
    api = NbGraderAPI(coursedir=course.directory, config=course.config, log_level="CRITICAL")
    return {name for name in assignments if api.generate_assignment(name)["success"]}, api


def _hand_in(folder, assignment, submissions):
    """Each under its file's name; every second one late."""
    for number, path in enumerate(sorted(submissions)):
        place = folder / "submitted" / f"{number:02}-{path.stem}" / assignment
        place.mkdir(parents=True)
        shutil.copy(path, place / "p1.ipynb")
        (place / "timestamp.txt").write_text(f"2015-02-0{1 + number % 2 * 2} 12:00:00 UTC\n")


def _held(folder, query, learners):
    with sqlite3.connect(folder / "gradebook.db") as database:
        return sorted(row for row in database.execute(query) if row[0] in learners)


def _compare(folder, assignment, api, grade, tmp_path):
    """Grade with both, each on its own copy of the course; return (ours by learner, whom nbgrader could grade)."""
    with sqlite3.connect(folder / "gradebook.db") as database:
        database.execute("UPDATE assignment SET duedate = '2015-02-02 12:00:00.000000'")
    ours = shutil.copytree(folder, tmp_path / f"ours-{assignment}")
    records = {record.learner: record for record in grade(ours, assignment)}
    theirs = {learner for learner in records if api.autograde(assignment, learner)["success"]}
    # nbgrader leaves a notebook without any of its cells to a person; we say that it is another lesson's.
    theirs -= {learner for learner in theirs if "no-metadata" in learner and records[learner].outcome == "wrong_lesson"}
    for query in (GRADES, COMMENTS):
        assert _held(ours, query, theirs) == _held(folder, query, theirs)
    assert all(records[learner].outcome in ("graded", "timed_out") for learner in theirs)
    assert all(record.outcome in OUTCOMES and record.outcome != "failed" for record in records.values())
    return records, theirs


@pytest.mark.parametrize("group", GROUPS)
def test_scores_comments_and_penalties_are_nbgraders(group, tmp_path, grade):
    """Every row of whom nbgrader can grade; whom it cannot has a named outcome."""
    source, submissions = GROUPS[group]
    released, api = _course(tmp_path / "course", {"ps1": source})
    assert released == {"ps1"}
    _hand_in(tmp_path / "course", "ps1", submissions)
    records, theirs = _compare(tmp_path / "course", "ps1", api, grade, tmp_path)
    assert theirs and len(records) == len(submissions)
    for learner, record in records.items():
        if learner.endswith(("-v0", "-v1", "-v2")):
            assert (record.outcome, learner in theirs) == ("graded", False)  # brought up to date, not turned away


@pytest.mark.slow
def test_every_notebook_that_nbgrader_releases(tmp_path, grade):
    """Each of its notebooks as an assignment of its own, handed in as its authors left it."""
    sources = {f"a{number:02}": path for number, path in enumerate(ALONE)}
    released, api = _course(tmp_path / "course", sources)
    assert len(released) > 30
    for name in sorted(released):
        _hand_in(tmp_path / "course", name, [sources[name]])
        _compare(tmp_path / "course", name, api, grade, tmp_path)
