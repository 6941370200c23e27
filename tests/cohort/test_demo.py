"""The whole loop on the sample company, as a person would run it; what it leaves is checked from outside."""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest

from onefunnel.cohort.demo import MADE, claim
from onefunnel.errors import Problem
from onefunnel.learn.items import load_items

LESSONS = ("stages", "price")
POINTS = """
SELECT a.student_id, assignment.name, base_cell.name, grade.auto_score, grade_cells.max_score, grade.needs_manual_grade
FROM grade JOIN base_cell ON base_cell.id = grade.cell_id JOIN grade_cells ON grade_cells.id = base_cell.id
JOIN submitted_notebook n ON n.id = grade.notebook_id JOIN submitted_assignment a ON a.id = n.assignment_id
JOIN assignment ON assignment.id = a.assignment_id
"""
OUTCOMES = "SELECT learner, assignment, outcome, scored FROM onefunnel_outcomes"


def _command(folder):
    return [sys.executable, "-m", "onefunnel", "demo", "--no-open", "--dir", str(folder)]


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """(folder, what was printed) of a demo that ran over what a killed demo had left."""
    folder = tmp_path_factory.mktemp("demo") / "out"
    with subprocess.Popen(_command(folder), stdout=subprocess.PIPE, text=True, encoding="utf-8") as first:
        for line in first.stdout:
            if "Collected" in line:
                time.sleep(4)  # now it is grading
                first.send_signal(signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
    assert first.returncode != 0 and (folder / "cohort" / "submitted").is_dir()
    done = subprocess.run(_command(folder), capture_output=True, text=True, encoding="utf-8", timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder, done.stdout


@pytest.fixture(scope="module")
def rows(demo):
    """(points rows, {(learner, lesson): (outcome, scored)}) read by plain SQL."""
    with sqlite3.connect(demo[0] / "cohort" / "gradebook.db") as database:
        outcomes = {
            (who, lesson): (outcome, bool(scored)) for who, lesson, outcome, scored in database.execute(OUTCOMES)
        }
        return database.execute(POINTS).fetchall(), outcomes


def test_it_says_what_it_did_and_what_to_open(demo):
    """Every stage has a line with its time, every path it names exists, and nothing unhandled was printed."""
    folder, said = demo
    for stage in (
        "Playbook checked",
        "Lessons built",
        "Sample learners",
        "Collected",
        "Graded",
        "Feedback",
        "Report",
        "Site",
    ):
        assert re.search(rf"✓ {stage}.* \d+\.\d s ", said), stage
    paths = [
        Path(line.split(maxsplit=0)[0].split(":", 1)[1].strip()) for line in said.splitlines() if str(folder) in line
    ]
    assert len(paths) == 5 and all(path.exists() for path in paths)
    assert "Traceback" not in said


def test_everybody_has_a_score_or_a_named_outcome(demo, rows):
    """The gradebook knows each of the sample learners' files, good, broken and hostile."""
    outcomes = rows[1]
    handed_in = {path.stem for path in (demo[0] / "submissions").glob("*.zip")}
    assert len(handed_in) >= 14 and {who for who, _ in outcomes} == handed_in
    assert outcomes["omar", ""] == ("corrupt_file", False)
    assert outcomes["quirin", ""] == ("unsafe_file", False)
    assert outcomes["zoe", ""] == ("unknown_learner", False)
    assert {outcomes["paula", lesson] for lesson in LESSONS} == {("wrong_book", False)}
    assert outcomes["rosa", "stages"] == ("crashed", False)
    good = set(outcomes) - {
        (who, lesson) for who, lesson in outcomes if who in ("omar", "quirin", "zoe", "paula", "rosa")
    }
    assert {outcomes[one] for one in good} == {("graded", True)}
    assert not list(demo[0].rglob("evil.py"))


@pytest.mark.parametrize("who", ["ana", "bruno", "greta", "noor"])
def test_perfect_work_earns_every_point(rows, who):
    """By code, without code, with warnings on stderr in the answers, and late (no penalty is configured)."""
    mine = [(cell, score, most) for learner, _, cell, score, most, _ in rows[0] if learner == who]
    assert len(mine) > 10 and [cell for cell, score, most in mine if score != most] == []


def test_the_weaker_ones_stand_where_they_should(rows):
    """blank < half < good < perfect; the answer cell that raises costs its own questions only."""
    total = {}
    for who, _, _, score, _, _ in rows[0]:
        total[who] = total.get(who, 0) + (score or 0)
    assert 0 == total["elif"] < total["deniz"] < total["carla"] < total["ana"]
    assert {cell for who, _, cell, score, _, _ in rows[0] if who == "farid" and score == 0} == {
        "stages-E3",
        "price-E1a",
        "price-E1b",
    }


class _Page(HTMLParser):
    """Tables of a page as lists of cell texts, by the id of the section's heading."""

    def __init__(self, text):
        super().__init__()
        self.tables, self.section, self.inside, self.hosts = {}, "", False, []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.hosts += [attrs[name] for name in ("src", "href") if attrs.get(name, "").startswith(("http", "//"))]
        if tag == "section":
            self.section = attrs["aria-labelledby"]
        if tag == "tr":
            self.tables.setdefault(self.section, []).append([])
        if tag in ("td", "th"):
            self.tables[self.section][-1].append("")
            self.inside = True

    def handle_endtag(self, tag):
        self.inside = self.inside and tag not in ("td", "th")

    def handle_data(self, data):
        if self.inside:
            self.tables[self.section][-1][-1] += f" {data.strip()}"


@pytest.fixture(scope="module")
def report(demo):
    """The report page, taken apart."""
    return _Page((demo[0] / "cohort" / "report" / "index.html").read_text(encoding="utf-8"))


def test_the_reports_points_are_the_gradebooks(report, rows):
    """Each learner's points of each lesson, and who has mastered both, recomputed from SQL."""
    shown = {" ".join(row[0].split()).rsplit(" ", 1)[1]: row for row in report.tables["learners"][1:]}
    mastered = set()
    for who, row in shown.items():
        shares = []
        for column, lesson in enumerate(LESSONS, start=2):
            if not rows[1].get((who, lesson), ("", False))[1]:
                continue
            mine = [(score, most) for learner, name, _, score, most, _ in rows[0] if (learner, name) == (who, lesson)]
            got, most = sum(score for score, _ in mine), sum(most for _, most in mine)
            found = re.match(r"\s*([\d.]+)\s+of\s+([\d.]+)", row[column])
            assert (float(found[1]), float(found[2])) == (round(got, 1), most), (who, lesson)
            shares.append(got / most)
        if len(shares) == len(LESSONS) and min(shares) >= 0.8:
            mastered.add(who)
    assert {who for who, row in shown.items() if "yes" in row[1]} == mastered
    assert len(shown) == 18 and 3 <= len(mastered) <= 10


def test_the_reports_exercises_are_the_gradebooks(report, rows):
    """Learners counted and share fully right per exercise, recomputed from SQL."""
    scored = {key for key, (_, graded) in rows[1].items() if graded}
    for row in report.tables["exercises"][1:]:
        name, learners, right = row[1].split()[0], int(row[2]), int(re.match(r"\s*(\d+)%", row[3])[1])
        lesson = "stages" if "raised hands" in row[0] else "price"
        mine = [(s, m) for who, a, cell, s, m, _ in rows[0] if cell == f"{lesson}-{name}" and (who, a) in scored]
        assert learners == len(mine) and right == 100 * sum(score == most for score, most in mine) // len(mine)


def test_every_named_misconception_is_in_the_report_with_what_to_say(demo, report):
    """Each misconception of each counted question was shown by somebody, recognised, and given its plain name."""
    met = {(" ".join(row[0].split()), " ".join(row[1].split())) for row in report.tables["misconceptions"][1:]}
    expected = 0
    for lesson in LESSONS:
        items = load_items(demo[0] / "cohort" / "release" / lesson / f"{lesson}.items.json")
        for item in items.values():
            expected += len(item.misconceptions) if item.points else 0
    assert len(met) == expected
    assert all(len(row[3]) > 20 for row in report.tables["misconceptions"][1:])


def test_the_report_is_self_contained_and_names_the_late_one(report):
    """No outside address; the late learner's delay is said."""
    assert report.hosts == []
    assert any("2 days late" in " ".join(row) and "Noor" in row[0] for row in report.tables["learners"])


def test_feedback_runs_nothing_and_hides_hidden_checks(demo):
    """One page a graded or named submission; no script, no hidden source; the Monday line is on top."""
    pages = sorted((demo[0] / "cohort" / "feedback").glob("*/*/*.html"))
    assert len(pages) >= 20
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert "<script" not in text.lower() and "HIDDEN TESTS" not in text and "check.hidden" not in text, page
    ana = (demo[0] / "cohort" / "feedback" / "ana" / "stages" / "stages.html").read_text(encoding="utf-8")
    assert "Your Monday line" in ana and "24 of 24 points" in ana
    paula = (demo[0] / "cohort" / "feedback" / "paula" / "stages" / "stages.html").read_text(encoding="utf-8")
    assert "another book of business" in paula


def test_what_is_handed_in_was_written_by_submit(demo):
    """Manifest first, hashes that fit, and the lessons begun."""
    with zipfile.ZipFile(demo[0] / "submissions" / "bruno.zip") as archive:
        assert archive.namelist()[0] == "manifest.json"
        manifest = json.loads(archive.read("manifest.json"))
        assert manifest["learner"] == "bruno"
        notebook = nbformat.reads(archive.read("stages/stages.ipynb").decode(), as_version=4)
    released = nbformat.read(demo[0] / "cohort" / "release" / "stages" / "stages.ipynb", as_version=4)
    assert [cell.source for cell in notebook.cells] == [cell.source for cell in released.cells]  # not a line of code


def test_plain_nbgrader_gives_the_same_scores(demo, tmp_path):
    """The nbgrader command line on a copy of the course: the same points for every check."""
    cohort, plain = demo[0] / "cohort", tmp_path / "cohort"
    shutil.copytree(cohort, plain, ignore=shutil.ignore_patterns("autograded", "feedback"))
    for folder in (plain / "submitted").iterdir():
        if folder.name not in ("ana", "hugo"):
            shutil.rmtree(folder)
    with sqlite3.connect(plain / "gradebook.db") as database:
        before = sorted(row for row in database.execute(POINTS) if row[0] in ("ana", "hugo") and row[1] == "stages")
        database.execute("UPDATE grade SET auto_score = NULL")
    database.close()
    command = [sys.executable, "-m", "nbgrader", "autograde", "stages", f"--course-dir={plain}", "--log-level=ERROR"]
    done = subprocess.run(command, cwd=plain, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    with sqlite3.connect(plain / "gradebook.db") as database:
        after = sorted(row for row in database.execute(POINTS) if row[0] in ("ana", "hugo") and row[1] == "stages")
    assert after == before and len(before) >= 14


def test_a_used_folder_is_refused_and_left_alone(tmp_path):
    """A folder with other things, or a file, gives one message."""
    (tmp_path / "letter.txt").write_text("mine")
    for place in (tmp_path, tmp_path / "letter.txt"):
        with pytest.raises(Problem, match="--dir"):
            claim(place)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_our_own_folder_is_made_again(demo, tmp_path):
    """A finished demo's folder, read-only files and all, is emptied; what else lies there stays."""
    folder = tmp_path / "again"
    shutil.copytree(demo[0], folder, ignore=shutil.ignore_patterns("site"))
    (folder / "my notes.txt").write_text("keep")
    claim(folder)
    assert not any((folder / name).exists() for name in MADE)
    assert (folder / "my notes.txt").read_text() == "keep"
