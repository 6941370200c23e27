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
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest

from onefunnel.cohort.demo import MADE, claim
from onefunnel.errors import Problem
from onefunnel.learn.items import load_items

POINTS = """
SELECT a.student_id, assignment.name, base_cell.name, grade.auto_score, grade_cells.max_score, grade.needs_manual_grade
FROM grade JOIN base_cell ON base_cell.id = grade.cell_id JOIN grade_cells ON grade_cells.id = base_cell.id
JOIN submitted_notebook n ON n.id = grade.notebook_id JOIN submitted_assignment a ON a.id = n.assignment_id
JOIN assignment ON assignment.id = a.assignment_id
"""
OUTCOMES = "SELECT learner, assignment, outcome, scored FROM onefunnel_outcomes"


@dataclass(frozen=True)
class Lesson:
    """One lesson as its released files have it; nothing here comes from the code under test."""

    title: str
    checks: dict[str, float]  # most points by cell name, of what is graded by running it
    written: dict[str, float]  # and of what a person reads
    code: set[str]  # exercises with a cell for code


def _lessons(cohort):
    """{slug: Lesson} of a cohort's folder."""
    found = {}
    for path in sorted((cohort / "release").glob("*/*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        items = json.loads((path.parent / f"{path.parent.name}.items.json").read_text(encoding="utf-8"))
        graded = {
            cell["metadata"]["nbgrader"]["grade_id"]: (cell["cell_type"], cell["metadata"]["nbgrader"]["points"])
            for cell in cells
            if cell["metadata"].get("nbgrader", {}).get("grade")
        }
        tags = {tag for cell in cells for tag in cell["metadata"].get("tags", [])}
        found[path.parent.name] = Lesson(
            items["title"],
            {name: points for name, (kind, points) in graded.items() if kind == "code"},
            {name: points for name, (kind, points) in graded.items() if kind != "code"},
            {tag.removeprefix("answer:") for tag in tags if tag.startswith("answer:")},
        )
    return found


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
    done = subprocess.run(
        _command(folder), capture_output=True, text=True, encoding="utf-8", timeout=3600
    )  # minutes on a quiet machine
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


@pytest.fixture(scope="module")
def lessons(demo):
    """{slug: Lesson}: every lesson that the demo released, in its order."""
    order = re.search(r"✓ Lessons built and released .* s  (.*)", demo[1])[1].split(", ")
    found = _lessons(demo[0] / "cohort")
    assert set(order) == set(found) and len(order) >= 2
    return {slug: found[slug] for slug in order}


def test_everybody_has_a_score_or_a_named_outcome(demo, rows, lessons):
    """The gradebook knows each of the sample learners' files, good, broken and hostile."""
    outcomes = rows[1]
    handed_in = {path.stem for path in (demo[0] / "submissions").glob("*.zip")}
    assert len(handed_in) >= 14 and {who for who, _ in outcomes} == handed_in
    assert outcomes["omar", ""] == ("corrupt_file", False)
    assert outcomes["quirin", ""] == ("unsafe_file", False)
    assert outcomes["zoe", ""] == ("unknown_learner", False)
    assert {outcomes["paula", lesson] for lesson in lessons} == {("wrong_book", False)}
    rosas = {lesson: outcome for (who, lesson), outcome in outcomes.items() if who == "rosa"}
    assert rosas == {next(iter(lessons)): ("crashed", False)}  # she hands in the first lesson only
    good = {key for key in outcomes if key[0] not in ("omar", "quirin", "zoe", "paula", "rosa")}
    assert {outcomes[one] for one in good} == {("graded", True)}
    for who in ("ana", "bruno", "carla", "deniz", "elif", "farid", "greta", "noor"):
        assert {lesson for learner, lesson in good if learner == who} == set(lessons), who
    assert not list(demo[0].rglob("evil.py"))


@pytest.mark.parametrize("who", ["ana", "bruno", "greta", "noor"])
def test_perfect_work_earns_every_point(rows, lessons, who):
    """By code, without code, with warnings on stderr in the answers, and late (no penalty is configured).

    What they wrote has no points yet: it waits for a person.
    """
    mine = {cell: (score, most) for learner, _, cell, score, most, _ in rows[0] if learner == who}
    checks = {cell: (points, points) for lesson in lessons.values() for cell, points in lesson.checks.items()}
    written = {cell: (None, points) for lesson in lessons.values() for cell, points in lesson.written.items()}
    assert mine == checks | written and len(written) >= 1
    assert {cell for learner, _, cell, _, _, needs in rows[0] if learner == who and needs} == set(written)


def test_the_weaker_ones_stand_where_they_should(rows, lessons):
    """blank < half < good < perfect; the answer cells that raise cost their own questions only."""
    total = {}
    for who, _, _, score, _, _ in rows[0]:
        total[who] = total.get(who, 0) + (score or 0)
    assert 0 == total["elif"] < total["deniz"] < total["carla"] < total["ana"]
    raising = {f"{slug}-{exercise}" for slug, lesson in lessons.items() for exercise in {"E1a", "E3"} & lesson.code}
    raising |= {"price-E1b"}  # it asks for what the code of E1a gives
    assert {"stages-E3", "price-E1a"} <= raising
    mine = {(cell, score) for who, _, cell, score, most, _ in rows[0] if who == "farid" and most and score != most}
    assert mine - {(cell, None) for lesson in lessons.values() for cell in lesson.written} == {
        (cell, 0) for cell in raising
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


def _decided(rows, who, lesson):
    """(points, most) of each cell of one learner's lesson that no person has yet to read."""
    mine = [row for row in rows[0] if row[:2] == (who, lesson)]
    return [(score, most) for *_, score, most, _ in mine if score is not None]


def test_the_reports_points_are_the_gradebooks(report, rows, lessons):
    """Each learner's points of each lesson, and who has mastered all of them, recomputed from SQL."""
    shown = {" ".join(row[0].split()).rsplit(" ", 1)[1]: row for row in report.tables["learners"][1:]}
    mastered = set()
    for who, row in shown.items():
        shares = []
        for column, lesson in enumerate(lessons, start=2):
            if not rows[1].get((who, lesson), ("", False))[1]:
                assert not re.match(r"\s*[\d.]+\s+of", row[column])
                continue
            got, most = map(sum, zip(*_decided(rows, who, lesson), strict=True))
            found = re.match(r"\s*([\d.]+)\s+of\s+([\d.]+)", row[column])
            assert (float(found[1]), float(found[2])) == (pytest.approx(got, abs=0.0501), most), (who, lesson)
            shares.append(got / most)
        if len(shares) == len(lessons) and min(shares) >= 0.8:
            mastered.add(who)
    assert {who for who, row in shown.items() if "yes" in row[1]} == mastered
    assert len(shown) == 18 and {"ana", "bruno", "greta", "noor"} <= mastered <= set(shown) - {"deniz", "elif", "paula"}


def test_the_reports_exercises_are_the_gradebooks(report, rows, lessons):
    """Learners counted and share fully right per exercise, recomputed from SQL; each graded cell has its row."""
    scored = {key for key, (_, graded) in rows[1].items() if graded}
    slugs = {lesson.title: slug for slug, lesson in lessons.items()}
    seen = set()
    for row in report.tables["exercises"][1:]:
        lesson, name, learners = slugs[" ".join(row[0].split())], row[1].split()[0], int(row[2])
        cell = f"{lesson}-{name}"
        seen.add(cell)
        mine = [(s, m) for who, a, its, s, m, _ in rows[0] if its == cell and s is not None and (who, a) in scored]
        assert learners == len(mine), cell
        right = 100 * sum(score == most for score, most in mine) / len(mine)
        assert abs(int(re.match(r"\s*(\d+)%", row[3])[1]) - right) < 1, cell
    assert seen == {cell for lesson in lessons.values() for cell in (*lesson.checks, *lesson.written)}


def test_every_named_misconception_is_in_the_report_with_what_to_say(demo, report, lessons):
    """Each misconception of each counted question was shown by somebody, recognised, and given its plain name."""
    met = {(" ".join(row[0].split()), " ".join(row[1].split())) for row in report.tables["misconceptions"][1:]}
    named = {where: {name for name, its in met if its == where} for _, where in met}
    for slug, lesson in lessons.items():
        items = load_items(demo[0] / "cohort" / "release" / slug / f"{slug}.items.json")
        for item in items.values():
            if item.points and item.misconceptions:
                shown = named.get(f"{item.title} {lesson.title}", set())
                assert len(shown) == len(item.misconceptions), (slug, item.id, item.misconceptions, shown)
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
