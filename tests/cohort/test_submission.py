"""The file a learner hands in: what is in it, in which order, and what is said when it cannot be made."""

import hashlib
import json
import zipfile
from datetime import UTC, datetime

import pytest

from onefunnel import cli
from onefunnel.errors import Problem
from onefunnel.learn.cells import checksum
from onefunnel.learn.submission import pack

MOMENT = datetime(2026, 5, 15, 9, 30, tzinfo=UTC)
ITEMS = {
    "format": 1,
    "lesson": "stages",
    "title": "Of 100 raised hands",
    "items": {
        "P1": {"type": "predict", "title": "Your guess"},
        "E1": {"type": "number", "title": "Conversion", "points": 4},
        "E2": {"type": "tiles", "title": "Win rate", "points": 4},
    },
}


def _cell(name, source, tag, **about):
    about = {"grade_id": name, "grade": False, "solution": True, "locked": False, **about}
    cell = {"id": name, "cell_type": "code", "source": source, "outputs": [], "execution_count": None}
    cell["metadata"] = {"nbgrader": about, "tags": [tag]}
    about["checksum"] = checksum(cell)
    return cell


@pytest.fixture
def workspace(tmp_path):
    """A workspace of one begun lesson (E1 kept without code) and one that was only looked at."""
    for slug in ("stages", "price"):
        folder = tmp_path / slug
        folder.mkdir()
        notebook = {"cells": [_cell("e2-answer", "e2 = ...", "answer:E2")], "nbformat": 4, "nbformat_minor": 5}
        (folder / f"{slug}.ipynb").write_text(json.dumps({**notebook, "metadata": {}}), encoding="utf-8")
        (folder / f"{slug}.items.json").write_text(json.dumps(ITEMS), encoding="utf-8")
        (folder / "learner.json").write_text('{"format": 1, "learner": "ana"}', encoding="utf-8")
    answers = {"stages/E1": {"type": "number", "answer": {"text": "26,4 %"}}}
    content = {"format": 1, "learner": "ana", "answers": answers}
    (tmp_path / "stages" / "answers.json").write_text(json.dumps(content), encoding="utf-8")
    (tmp_path / "stages" / "attempts.jsonl").write_text("{}\n", encoding="utf-8")
    return tmp_path


def test_the_file_holds_what_was_begun_and_a_manifest_of_it(workspace):
    """Only begun lessons are in it, each with notebook, answers and attempts; the manifest has each file's hash."""
    packed = pack(workspace, made_at=MOMENT)
    with zipfile.ZipFile(packed.path) as archive:
        names = archive.namelist()
        manifest = json.loads(archive.read("manifest.json"))
        digests = {name: hashlib.sha256(archive.read(name)).hexdigest() for name in names[1:]}
    assert names == ["manifest.json", "stages/answers.json", "stages/attempts.jsonl", "stages/stages.ipynb"]
    assert (manifest["format"], manifest["learner"], manifest["made_at"]) == (1, "ana", "2026-05-15T09:30:00+00:00")
    assert {one["path"]: one["sha256"] for one in manifest["files"]} == digests


def test_it_says_which_counted_questions_are_still_open(workspace):
    """A prediction is not counted; a question answered without code is not open; an untouched code answer is."""
    (begun,) = pack(workspace).lessons
    assert (begun.answered, begun.questions, begun.unanswered) == (1, 2, ["Win rate"])


def test_it_names_what_nobody_counts_apart(workspace, capsys):
    """The open prediction is said on a line of its own, without spoiling the count."""
    assert pack(workspace).lessons[0].also_open == ["Your guess"]
    assert cli.main(["submit", "--workspace", str(workspace)]) == 0
    assert "also open, not counted: Your guess" in capsys.readouterr().out


def test_lessons_stand_in_the_order_of_the_path(workspace, capsys):
    """In the sales path “stages” comes before “price”, although a folder listing has it the other way round."""
    (workspace / "price" / "attempts.jsonl").write_text("{}\n", encoding="utf-8")
    titled = json.dumps(ITEMS | {"lesson": "price", "title": "What we keep"})
    (workspace / "price" / "price.items.json").write_text(titled, encoding="utf-8")
    (workspace / "home.json").write_text('{"format": 1, "path": "sales"}', encoding="utf-8")
    assert cli.main(["submit", "--workspace", str(workspace)]) == 0
    said = capsys.readouterr().out
    assert said.index("Of 100 raised hands (stages): 1 of 2") < said.index("What we keep (price): 0 of 2")
    assert "to the person who gave you your learner id, your enablement lead" in said


def test_a_written_answer_is_named_by_its_title(workspace, capsys):
    """W1 is our name for it. What a finished test left open is said as that."""
    path = workspace / "stages" / "stages.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    written = _cell("W1", "", "written:W1", grade=True, points=4.0) | {"cell_type": "markdown"}
    written["metadata"]["nbgrader"]["checksum"] = checksum(written)
    path.write_text(json.dumps(notebook | {"cells": [*notebook["cells"], written]}), encoding="utf-8")
    titled = ITEMS | {"written": {"W1": {"title": "Write to the other side", "points": 4}}}
    (workspace / "stages" / "stages.items.json").write_text(json.dumps(titled), encoding="utf-8")
    assert cli.main(["submit", "--workspace", str(workspace)]) == 0
    said = capsys.readouterr().out
    assert "1 of 3 questions" in said and "still open: Write to the other side (a written answer)" in said
    kept = workspace / "stages" / "answers.json"
    content = json.loads(kept.read_text(encoding="utf-8"))
    content["answers"]["stages/finished"] = {"type": "finished", "kept_at": "2026-05-01T09:00:00+00:00"}
    kept.write_text(json.dumps(content), encoding="utf-8")
    assert cli.main(["submit", "--workspace", str(workspace)]) == 0
    said = capsys.readouterr().out
    assert "left open: Win rate" in said and "still open" not in said


def test_a_test_that_was_ended_without_an_answer_is_handed_in(workspace):
    """Ending it is an act of the learner: the lead sees that nothing was known."""
    content = {"format": 1, "learner": "ana", "answers": {"price/finished": {"type": "finished", "kept_at": "x"}}}
    (workspace / "price" / "answers.json").write_text(json.dumps(content), encoding="utf-8")
    ended = pack(workspace).lessons[0]
    assert (ended.lesson, ended.answered, ended.finished) == ("price", 0, True)


def test_a_code_answer_counts_as_an_answer(workspace):
    """Changing the answer cell of E2 closes E2."""
    path = workspace / "stages" / "stages.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace("e2 = ...", "e2 = 0.4"), encoding="utf-8")
    assert pack(workspace).lessons[0].unanswered == []


def test_the_same_work_gives_the_same_bytes(workspace, tmp_path):
    """Two runs over the same files at the same moment are equal byte for byte."""
    one = pack(workspace, tmp_path / "out" / "a.zip", MOMENT).path.read_bytes()
    assert one == pack(workspace, tmp_path / "out" / "b.zip", MOMENT).path.read_bytes()
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.zip", "b.zip"]


@pytest.mark.parametrize(
    ("break_it", "words"),
    [
        (lambda w: [path.unlink() for path in w.rglob("*.json*") if "items" not in path.name], "no learner.json"),
        (lambda w: [(w / "stages" / name).unlink() for name in ("answers.json", "attempts.jsonl")], "Nothing is done"),
        (lambda w: (w / "price" / "learner.json").write_text('{"learner": "ben"}'), "more than one learner"),
        (lambda w: (w / "stages" / "learner.json").write_text("{"), "damaged"),
    ],
    ids=["no id", "nothing done", "two learners", "damaged id"],
)
def test_what_cannot_be_handed_in_is_said_in_one_line(workspace, break_it, words, capsys):
    """The verb exits with 1, says what is wrong, and leaves no file."""
    break_it(workspace)
    assert cli.main(["submit", "--workspace", str(workspace)]) == 1
    said = capsys.readouterr().err
    assert words in said and "Traceback" not in said
    assert not list(workspace.glob("*.zip"))


def test_a_place_that_cannot_be_written_is_a_problem(workspace):
    """A file where a folder is needed gives one clear message."""
    with pytest.raises(Problem, match="cannot be written"):
        pack(workspace, workspace / "stages" / "stages.ipynb" / "ana.zip")


def test_the_checksum_is_nbgraders():
    """The standard-library checksum equals nbgrader's own, for answer, check and written cells."""
    from nbformat import from_dict
    from nbgrader.utils import compute_checksum

    kinds = [
        {},
        {"grade": True, "solution": False, "points": 4},
        {"grade": True, "points": 2.5},
        {"locked": True, "solution": False},
    ]
    for about in kinds:
        cell = _cell("x-1", "ä = 1", "answer:E1", **about)
        assert checksum(cell) == compute_checksum(from_dict(cell))
