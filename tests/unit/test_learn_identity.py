"""Whose book a notebook works on: typed once while learning, told by the engine or the folder while grading."""

import json

import pytest

from onefunnel.errors import Problem
from onefunnel.learn import identity


@pytest.fixture(autouse=True)
def _learning(monkeypatch):
    """Start every test as a learner: nbgrader is not running, and no shell says who it is."""
    for name in ("NBGRADER_EXECUTION", "ONEFUNNEL_GRADED", "JUPYTERHUB_USER"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("ana", "ana"),
        (" Ana ", "ana"),
        ("ana.b-c_1@example.com", "ana.b-c_1@example.com"),
        ("7", "7"),
        ("a" * 64, "a" * 64),
    ],
)
def test_ids_have_one_form(said, name):
    """Small letters, no spaces around."""
    assert identity.normalise(said) == name


@pytest.mark.parametrize(
    "said", ["", " ", "a b", "a/b", "..", ".ana", "ana.", "añа", "a" * 65, "a\nb", None, 7, ["ana"]]
)
def test_impossible_ids_are_told_what_is_possible(said):
    """Ids are also names of folders."""
    with pytest.raises(Problem, match="letters a–z, digits"):
        identity.normalise(said)


def test_while_learning_the_file_beside_the_notebook_says_who(tmp_path):
    """Nobody yet, then the id that was kept."""
    assert identity.who(tmp_path) is None
    assert identity.keep(tmp_path, "Ana") == "ana"
    assert identity.who(tmp_path) == "ana"
    assert json.loads((tmp_path / "learner.json").read_text("utf-8")) == {"format": 1, "learner": "ana"}


@pytest.mark.parametrize("text", ["{", "[]", '{"learner": "../x"}', '{"learner": null}', ""])
def test_a_damaged_file_is_told_how_to_mend(tmp_path, text):
    """It is not guessed who it was."""
    (tmp_path / "learner.json").write_text(text, "utf-8")
    with pytest.raises(Problem):
        identity.who(tmp_path)


def test_while_validating_it_is_still_the_learner(tmp_path, monkeypatch):
    """Validate runs on the learner's machine."""
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    monkeypatch.setenv("ONEFUNNEL_GRADED", "eve")
    identity.keep(tmp_path, "ana")
    assert identity.who(tmp_path) == "ana"


def test_while_grading_the_engine_or_the_folder_says_who(tmp_path, monkeypatch):
    """A learner.json in the submission and the lead's shell say nothing then."""
    folder = tmp_path / "autograded" / "Ben" / "stages"
    folder.mkdir(parents=True)
    identity.keep(folder, "ana")
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    monkeypatch.setenv("JUPYTERHUB_USER", "lead")
    assert identity.who(folder) == "ben"
    monkeypatch.setenv("ONEFUNNEL_GRADED", "cleo")
    assert identity.who(folder) == "cleo"


def test_the_box_keeps_what_is_typed(tmp_path):
    """Pressing Enter (or the button) writes the file and says to run the cell again; a wrong id is told."""
    box, _, status = identity.id_box(tmp_path).children
    box.value = "a b"
    assert "cannot be a learner id" in status.value and identity.who(tmp_path) is None
    box.value = "Ana"
    assert "run this cell again" in status.value and identity.who(tmp_path) == "ana"
