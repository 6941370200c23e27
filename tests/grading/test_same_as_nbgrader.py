"""For honest submissions the scores are those of plain `nbgrader autograde`, cell by cell."""

import re
import shutil
import sqlite3
import subprocess
import sys

HONEST = [
    "perfect",
    "half",
    "blank",
    "raises_in_an_answer",
    "warns_while_checked",
    "raises_its_points",
    "deletes_a_check",
    "never_ends",
]
QUERY = """
SELECT student.id, base_cell.name, grade.auto_score, grade.manual_score, grade.needs_manual_grade,
       submitted_notebook.late_submission_penalty, submitted_assignment.timestamp
FROM grade JOIN base_cell ON base_cell.id = grade.cell_id
JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
JOIN student ON student.id = submitted_assignment.student_id ORDER BY 1, 2
"""
COMMENTS = """
SELECT submitted_assignment.student_id, base_cell.name, comment.auto_comment
FROM comment JOIN base_cell ON base_cell.id = comment.cell_id
JOIN submitted_notebook ON submitted_notebook.id = comment.notebook_id
JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id ORDER BY 1, 2
"""


def _rows(course, query):
    with sqlite3.connect(course / "gradebook.db") as database:
        return database.execute(query).fetchall()


def _outputs(course):
    """What a reader of the graded notebooks sees: sources and outputs."""
    import nbformat

    seen = {}
    for path in sorted(course.glob("autograded/*/sums/sums.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        seen[path.parts[-3]] = [(cell.source, _words(cell)) for cell in cells]
    return seen


def _words(cell):
    words = [str(one.get("ename") or one.get("text") or one.get("data")) for one in cell.get("outputs", [])]
    return [re.sub(r"ipykernel_\d+", "ipykernel", word) for word in words]  # a kernel's process number


def test_scores_comments_penalties_and_outputs_are_equal(course, submit, tmp_path, grade):
    """The nbgrader command line grades a copy of the course; every row of every learner and check is the same."""
    with sqlite3.connect(course / "gradebook.db") as database:
        database.execute("UPDATE assignment SET duedate = '2026-05-08 12:00:00.000000'")
    database.close()
    for name in HONEST:
        day = 9 if name in ("half", "raises_its_points") else 7
        submit(course, name, name, timestamp__txt=f"2026-05-0{day} 10:00:00.000000 UTC\n")
    plain = shutil.copytree(course, tmp_path / "plain")
    command = [sys.executable, "-m", "nbgrader", "autograde", "sums", f"--course-dir={plain}", "--log-level=ERROR"]
    done = subprocess.run(command, cwd=plain, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    assert {record.learner for record in grade(course, "sums")} == set(HONEST)
    assert _rows(course, QUERY) == _rows(plain, QUERY)
    assert len(_rows(course, QUERY)) == 3 * len(HONEST)
    assert _rows(course, COMMENTS) == _rows(plain, COMMENTS)
    assert _outputs(course) == _outputs(plain)
