"""The learner's workspace: a newer release keeps what was written, and nothing is lost."""

import argparse
import io
import json
import socket
import sys

import pytest

from onefunnel import lab
from onefunnel.errors import Problem


def notebook(text: str, answer: str) -> dict:
    """A lesson of two cells: locked text, and a cell that the learner writes in."""
    return {
        "cells": [
            {"id": "text", "cell_type": "markdown", "metadata": {}, "source": text},
            {"id": "answer", "cell_type": "code", "metadata": {"nbgrader": {"solution": True}}, "source": answer},
        ],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


@pytest.fixture
def released(tmp_path):
    """A released lesson."""
    folder = tmp_path / "release"
    folder.mkdir()
    (folder / "stages.ipynb").write_text(json.dumps(notebook("new words", "pass")), encoding="utf-8")
    return folder


def test_a_newer_release_changes_the_words_and_keeps_the_answers(released, tmp_path):
    """The text is the new one, the learner's code stays, other files of the folder are not touched."""
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "stages.ipynb").write_text(json.dumps(notebook("old words", "e1 = 42")), encoding="utf-8")
    (mine / "answers.json").write_text("{}", encoding="utf-8")
    lab.update_lesson(released, mine)
    cells = json.loads((mine / "stages.ipynb").read_text(encoding="utf-8"))["cells"]
    assert [cell["source"] for cell in cells] == ["new words", "e1 = 42"]
    assert (mine / "answers.json").read_text(encoding="utf-8") == "{}"


def test_damaged_copies_are_all_kept_aside(released, tmp_path):
    """Twice damaged, twice kept under another name, with a fresh copy in its place each time."""
    mine = tmp_path / "mine"
    mine.mkdir()
    for damage in ("{ first", "{ second"):
        (mine / "stages.ipynb").write_text(damage, encoding="utf-8")
        lab.update_lesson(released, mine)
        assert json.loads((mine / "stages.ipynb").read_text(encoding="utf-8"))["cells"][0]["source"] == "new words"
    kept = {path.read_text(encoding="utf-8") for path in mine.iterdir() if path.name != "stages.ipynb"}
    assert kept == {"{ first", "{ second"}


def test_a_missing_id_is_explained(tmp_path, monkeypatch):
    """Where nobody can type, the message says what an id is, who gives it, and how it is given."""
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(Problem, match=r"--id YOUR-ID.*such as ana.*enablement lead"):
        lab.enrol(tmp_path / "work", None)
    assert not (tmp_path / "work").exists()


def test_the_first_line_is_out_before_anything_is_done(tmp_path, monkeypatch):
    """Output that goes to a file is buffered, yet the line is in the file when the slow part begins."""
    log, seen = tmp_path / "log.txt", []

    class Begun(Exception):
        pass

    def release_lessons():
        seen.append(log.read_text(encoding="utf-8"))
        raise Begun

    monkeypatch.setattr(lab, "release_lessons", release_lessons)
    with log.open("w", encoding="utf-8") as out, monkeypatch.context() as context:
        context.setattr(sys, "stdout", out)
        with pytest.raises(Begun):
            lab.run(argparse.Namespace(workspace=tmp_path / "work", id="ana"))
    assert "Learner ana." in seen[0] and "Getting the lessons ready" in seen[0]


def test_a_port_that_is_taken_is_seen():
    """True while something listens, False afterwards."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        assert lab.taken(port)
    assert not lab.taken(port)


def test_a_workspace_belongs_to_one_learner(tmp_path):
    """Known ids need not be given again; another one is refused in words."""
    assert lab.enrol(tmp_path / "work", "Ana") == "ana"
    assert lab.enrol(tmp_path / "work", None) == "ana"
    with pytest.raises(Problem, match="belongs to ana"):
        lab.enrol(tmp_path / "work", "ben")
