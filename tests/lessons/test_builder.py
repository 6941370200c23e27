"""The builder's files: the same bytes every time, written whole, without keys."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from onefunnel.lessons import catalogue, expand
from onefunnel.lessons.build import build, read_all, write_folder
from onefunnel.lessons.findings import LessonError
from onefunnel.playbook import load

FIXTURES = Path(__file__).parent.parent / "fixtures" / "lessons"
LESSONS = ("after", "before", "choices", "computing", "deciding")
SCRIPT = """
import sys
from pathlib import Path
from onefunnel.lessons.build import build
build(to=Path(sys.argv[1]), folder=Path(sys.argv[2]))
"""


def files(folder):
    """Every file below a folder: relative path → bytes."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_two_builds_are_byte_identical(tmp_path):
    """The same sources in two folders, built by two processes with different hash seeds, give the same bytes."""
    made = []
    for place in ("here", "elsewhere"):
        sources, to = tmp_path / place / "notebooks", tmp_path / place / "build"
        shutil.copytree(FIXTURES, sources)
        if place == "here":
            build(to=to, folder=sources)
        else:
            seed = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"
            environment = {**os.environ, "PYTHONHASHSEED": seed}
            subprocess.run([sys.executable, "-c", SCRIPT, to, sources], check=True, env=environment, cwd=tmp_path)
        made.append(files(to))
    assert made[0] == made[1]
    names = [f"solutions/{slug}/answers.json" for slug in LESSONS]
    names += [f"source/{slug}/{slug}.{kind}" for slug in LESSONS for kind in ("ipynb", "items.json")]
    assert set(made[0]) == set(names)
    text = b"".join(made[0].values())
    assert str(tmp_path).encode() not in text and b"\r" not in text


def test_unchanged_files_are_not_touched_and_stale_lessons_go(tmp_path, truth):
    """A second build writes nothing; a lesson whose source is gone is removed; a folder of somebody else stays."""
    sources, to = tmp_path / "notebooks", tmp_path / "build"
    shutil.copytree(FIXTURES, sources)
    first = build(to=to, folder=sources, playbook=truth)
    assert first.built == dict.fromkeys(LESSONS, True)
    times = {path: path.stat().st_mtime_ns for path in to.rglob("*") if path.is_file()}
    (to / "source" / "theirs").mkdir()
    assert build(to=to, folder=sources, playbook=truth).built == dict.fromkeys(LESSONS, False)
    assert times == {path: path.stat().st_mtime_ns for path in to.rglob("*") if path.is_file()}
    (sources / "every-kind" / "choices.md").unlink()
    assert build(to=to, folder=sources, playbook=truth).removed == ["choices"]
    left = {*LESSONS} - {"choices"}
    assert {path.name for path in (to / "source").iterdir()} == left | {"theirs"}
    assert {path.name for path in (to / "solutions").iterdir()} == left


def test_a_mistake_writes_nothing(tmp_path, truth):
    """One bad lesson stops the build before a single file of any lesson is written."""
    sources, to = tmp_path / "notebooks", tmp_path / "build"
    shutil.copytree(FIXTURES, sources)
    path = sources / "every-kind" / "computing.md"
    path.write_text(path.read_text(encoding="utf-8").replace("points:3", "points:many"), encoding="utf-8")
    with pytest.raises(LessonError, match=r"notebooks/every-kind/computing\.md:\d+ check E1: "):
        build(to=to, folder=sources, playbook=truth)
    assert not to.exists()


def test_an_interrupted_write_leaves_whole_files(tmp_path, monkeypatch):
    """When writing stops half-way, every file there is either the old one or the new one, and nothing else is left."""
    folder = tmp_path / "source" / "stages"
    write_folder(folder, {"a": b"old a", "b": b"old b"})
    real, calls = Path.replace, []

    def stops(source, target):
        calls.append(target)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(source, target)

    monkeypatch.setattr(Path, "replace", stops)
    with pytest.raises(KeyboardInterrupt):
        write_folder(folder, {"a": b"new a", "b": b"new b"})
    assert files(tmp_path) == {"source/stages/a": b"new a", "source/stages/b": b"old b"}
    assert [path.name for path in folder.parent.iterdir()] == ["stages"]


@pytest.fixture(scope="module")
def computing(tmp_path_factory, truth):
    """The built fixture lesson with every kind of cell."""
    to = tmp_path_factory.mktemp("built")
    build(["computing"], to=to, folder=FIXTURES, playbook=truth)
    return nbformat.read(to / "source" / "computing" / "computing.ipynb", as_version=4)


def test_cells_carry_what_nbgrader_needs(computing):
    """Asks are locked, answers open, checks graded with their points, written cells graded by hand."""
    about = {cell.id: cell.metadata.get("nbgrader") for cell in computing.cells}
    kinds = {
        name: (cell["grade"], cell["solution"], cell["locked"], cell.get("points"))
        for name, cell in about.items()
        if cell
    }
    assert kinds["computing-setup"] == (False, False, True, None)
    assert kinds["computing-E1-ask"] == (False, False, True, None)
    assert kinds["computing-E1-answer"] == (False, True, False, None)
    assert kinds["computing-E1"] == (True, False, True, 3)
    assert kinds["computing-W1"] == (True, True, False, 4)
    assert all(cell["schema_version"] == 3 and cell["grade_id"] == name for name, cell in about.items() if cell)


def test_the_way_on_is_the_last_cell(computing):
    """The builder adds it, locked, so that a notebook with nothing typed still counts as one without own code."""
    last = computing.cells[-1]
    assert (last.id, last.metadata["nbgrader"]["locked"]) == ("computing-way-on", True)
    assert last.source.endswith('lead_on("computing")')


def test_plays_stand_before_the_monday_line():
    """The plays that the hand-off lesson trains are named, with their pages, in the cell above the Monday line."""
    playbook = load()
    lesson = next(one for one in read_all(playbook=playbook)[0] if one.slug == "hand-off")
    trained = [play for play in playbook.plays if play.lesson == "hand-off"]
    cells = nbformat.reads(expand.build(lesson, playbook).files["hand-off.ipynb"].decode(), as_version=4).cells
    above = cells[next(n for n, cell in enumerate(cells) if 'ask("M1")' in cell.source) - 1]
    assert trained and all(f"[{play.name}](" in above.source for play in trained)
    assert all(f"/plays/{play.id}.html)" in above.source for play in trained)


def test_a_written_answer_is_named_after_the_heading_above_it(tmp_path):
    """The learner's files hold its title and points, and nothing of the sample answer."""
    build(["hand-off"], to=tmp_path)
    text = (tmp_path / "source" / "hand-off" / "hand-off.items.json").read_text(encoding="utf-8")
    assert json.loads(text)["written"] == {"W1": {"title": "Write to the other side", "points": 4}}
    assert "Hello Noor" not in text


def test_code_is_collapsed_and_a_miss_does_not_stop_run_all(computing):
    """Every code cell is folded away; answer and check cells may raise; the kernel is named without a version."""
    for cell in computing.cells:
        if cell.cell_type == "code":
            assert cell.metadata["jupyter"] == {"source_hidden": True}
        graded = any(tag.startswith(("answer:", "check:")) for tag in cell.metadata.get("tags", []))
        assert ("raises-exception" in cell.metadata.get("tags", [])) == graded
    assert computing.metadata["kernelspec"]["name"] == "python3"
    assert set(computing.metadata) == {"kernelspec", "language_info", "onefunnel", "title"}
    assert computing.nbformat == 4 and computing.nbformat_minor == 5


def test_a_new_cell_leaves_other_ids_alone(tmp_path, truth, computing):
    """Cell ids name what a cell is, so a paragraph more changes no other id: gradebooks keep fitting."""
    folder = tmp_path / "every-kind"
    shutil.copytree(FIXTURES / "every-kind", folder)
    path = folder / "computing.md"
    text = path.read_text(encoding="utf-8").replace(
        "Here is what your", "## A new story\n\nOnce.\n\n+++\n\nHere is what your"
    )
    path.write_text(text, encoding="utf-8", newline="\n")
    build(["computing"], to=tmp_path / "build", folder=tmp_path, playbook=truth)
    changed = nbformat.read(tmp_path / "build" / "source" / "computing" / "computing.ipynb", as_version=4)
    assert {cell.id for cell in changed.cells} - {cell.id for cell in computing.cells} == {"computing-a-new-story"}
    assert {cell.id for cell in computing.cells} <= {cell.id for cell in changed.cells}


@pytest.mark.parametrize(
    ("sittings", "said"),
    [("minutes: 12", "About 12 minutes."), ("sittings: 2\nminutes: 60", "Two sittings of about 30 minutes each.")],
)
def test_the_top_says_how_long_a_sitting_is(tmp_path, truth, sittings, said):
    """Whoever has half an hour can see that it is enough for the first half."""
    folder = tmp_path / "every-kind"
    shutil.copytree(FIXTURES / "every-kind", folder)
    path = folder / "computing.md"
    path.write_text(path.read_text(encoding="utf-8").replace("minutes: 12", sittings), encoding="utf-8", newline="\n")
    build(["computing"], to=tmp_path / "build", folder=tmp_path, playbook=truth)
    built = nbformat.read(tmp_path / "build" / "source" / "computing" / "computing.ipynb", as_version=4)
    assert f"\n{said} Afterwards you can:\n" in built.cells[0].source


def test_catalogue_counts_what_a_lesson_holds():
    """The record of a lesson has its points and items, added up by hand from the fixture."""
    record = {one["id"]: one for one in catalogue.lessons(FIXTURES)}["computing"]
    assert record["points"] == 3 + 4 + 2 + 2 + 4
    assert [item["id"] for item in record["items"]] == ["P1", "E1", "E2", "E3", "E4", "M1"]
    assert record["widgets"] == ["waterfall"] and record["minutes"] == 12
    assert 0 < record["words"] < 100 and json.dumps(record)


def test_the_sample_of_a_written_answer_is_no_prose(tmp_path):
    """The learner gets an empty cell there, so a longer sample answer makes no longer lesson; a longer story does."""

    def words(place, more):
        folder = tmp_path / place
        shutil.copytree(FIXTURES, folder)
        path = folder / "every-kind" / "computing.md"
        text = path.read_text(encoding="utf-8")
        assert text.count(place) == 1
        path.write_text(text.replace(place, f"{place}{more}"), encoding="utf-8", newline="\n")
        return {one["id"]: one for one in catalogue.lessons(folder)}["computing"]["words"]

    known = {one["id"]: one for one in catalogue.lessons(FIXTURES)}["computing"]["words"]
    assert words("one seventh more cases", " and five more words here") == known
    assert words("Here is what your", " and five more words here") == known + 5
