"""answers.json: written whole, never lost, never another learner's; attempts.jsonl: only while learning."""

import json
import os
import stat

import pytest
from learn_world import item

from onefunnel.errors import Problem
from onefunnel.learn.answers import Answers, Entry


@pytest.fixture(autouse=True)
def _learning(monkeypatch):
    """Start as a learner."""
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)


def content(folder):
    return json.loads((folder / "answers.json").read_text("utf-8"))


def test_an_answer_is_there_again_after_a_restart(tmp_path):
    """Kept, written with whose it is, read back."""
    Answers.load(tmp_path, "ana").keep(item("N1"), {"text": "37,5 %"})
    assert content(tmp_path)["learner"] == "ana" and content(tmp_path)["format"] == 1
    assert content(tmp_path)["answers"]["demo/N1"]["answer"] == {"text": "37,5 %"}
    again = Answers.load(tmp_path, "ana").entry(item("N1"))
    assert again.answer == {"text": "37,5 %"} and again.kept_at.endswith("+00:00") and again.misses == 0
    assert [p.name for p in tmp_path.iterdir()] == ["answers.json"]


def test_two_notebooks_in_one_folder_do_not_undo_one_another(tmp_path):
    """Each save reads the file afresh."""
    first, second = Answers.load(tmp_path, "ana"), Answers.load(tmp_path, "ana")
    first.keep(item("N1"), {"text": "1"})
    second.keep(item("P1"), {"choice": "few"})
    first.keep(item("X1"), {"text": "Ask."})
    assert set(content(tmp_path)["answers"]) == {"demo/N1", "demo/P1", "demo/X1"}


def test_another_learners_answers_are_refused_and_left_alone(tmp_path):
    """Books differ, so they cannot be shared; the file stays as it is."""
    Answers.load(tmp_path, "ben").keep(item("N1"), {"text": "1"})
    before = (tmp_path / "answers.json").read_bytes()
    with pytest.raises(Problem, match="belongs to 'ben', and you are 'ana'"):
        Answers.load(tmp_path, "ana")
    assert (tmp_path / "answers.json").read_bytes() == before


@pytest.mark.parametrize(
    "text", ["{", "[]", "null", '{"format": 9, "learner": "ana", "answers": {}}', "[" * 100_000, '{"format":1}', "\x00"]
)
def test_a_damaged_or_foreign_file_is_set_aside_not_lost(tmp_path, text):
    """It keeps its bytes under another name, and the note says so; a second one gets a name of its own."""
    for number in (1, 2):
        (tmp_path / "answers.json").write_text(text, "utf-8")
        answers = Answers.load(tmp_path, "ana")
        assert f"answers.set-aside-{number}.json" in answers.note
        assert (tmp_path / f"answers.set-aside-{number}.json").read_text("utf-8") == text
        assert answers.entry(item("N1")) == Entry("number")


def test_while_grading_nothing_is_renamed_or_logged(tmp_path, monkeypatch):
    """A damaged file counts as no answers; the folder stays as it is."""
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    (tmp_path / "answers.json").write_text("{", "utf-8")
    answers = Answers.load(tmp_path, "ana")
    answers.log(item("N1"), True, None)
    assert answers.note and [p.name for p in tmp_path.iterdir()] == ["answers.json"]


def test_an_overlarge_file_is_not_read(tmp_path):
    """More than 2 MB is no lesson's answers."""
    (tmp_path / "answers.json").write_text(" " * 2_000_001, "utf-8")
    assert "larger than" in Answers.load(tmp_path, "ana").note


@pytest.mark.parametrize(
    "entry",
    [7, None, [], {"type": "tiles"}, {"type": "number", "answer": "x", "misses": "many", "variant": -1, "kept_at": 5}],
)
def test_impossible_entries_count_as_none(tmp_path, entry):
    """A strange entry, or one of another type, is no answer."""
    (tmp_path / "answers.json").write_text(
        json.dumps({"format": 1, "learner": "ana", "answers": {"demo/N1": entry}}), "utf-8"
    )
    assert Answers.load(tmp_path, "ana").entry(item("N1")) == Entry("number")


def test_attempts_are_one_line_each(tmp_path):
    """Time, question, passed or which hint."""
    answers = Answers.load(tmp_path, "ana")
    answers.log(item("N1"), False, "loss_rate")
    answers.log(item("N1"), True, None)
    lines = [json.loads(line) for line in (tmp_path / "attempts.jsonl").read_text("utf-8").splitlines()]
    assert [(line["item"], line["passed"], line["hint"]) for line in lines] == [
        ("demo/N1", False, "loss_rate"),
        ("demo/N1", True, None),
    ]
    assert all(set(line) == {"at", "item", "passed", "hint"} for line in lines)


def test_a_folder_that_cannot_be_written_to(tmp_path):
    """Keeping an answer there is a Problem that says what to do; logging an attempt is no error."""
    folder = tmp_path / "gone"
    answers = Answers.load(folder, "ana")
    with pytest.raises(Problem, match="could not be saved"):
        answers.keep(item("N1"), {"text": "1"})
    answers.log(item("N1"), True, None)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root writes anywhere; Windows has other rules")
def test_a_read_only_folder(tmp_path):
    """The same for a folder that is there but read-only."""
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    answers = Answers.load(tmp_path, "ana")
    with pytest.raises(Problem, match="read-only"):
        answers.keep(item("N1"), {"text": "1"})
    answers.log(item("N1"), True, None)
    tmp_path.chmod(stat.S_IRWXU)
