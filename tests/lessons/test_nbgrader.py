"""A built lesson is an ordinary nbgrader notebook: generate, validate, autograde and feedback work on it unchanged."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.validator import Validator

from onefunnel import data
from onefunnel.errors import Problem
from onefunnel.home import home
from onefunnel.lessons.build import write_folder
from onefunnel.lessons.hidden import HideHiddenTests
from onefunnel.lessons.release import load_config, release

FIXTURES = Path(__file__).parent.parent / "fixtures" / "lessons"


def test_release_makes_assignments_with_points(course):
    """Released lessons stand in the gradebook with every graded cell and its points."""
    course.released("computing")
    with Gradebook(course.api.coursedir.db_url) as gradebook:
        cells = {cell.name: cell.max_score for cell in gradebook.find_notebook("computing", "computing").grade_cells}
    assert cells == {
        "computing-E1": 3,
        "computing-E2": 4,
        "computing-E3": 2,
        "computing-E4": 2,
        "computing-W1": 4,
    }


def test_release_replaces_solutions_by_a_stub_that_runs(course):
    """What learners get can be run from top to bottom; the written cell asks for their words."""
    text = (course.released("computing") / "computing.ipynb").read_text(encoding="utf-8")
    cells = {cell["id"]: "".join(cell["source"]) for cell in json.loads(text)["cells"]}
    assert cells["computing-E1-answer"].endswith("e1 = None\npass  # write your line here")
    assert cells["computing-E2-answer"].endswith("    pass  # write your line here")
    assert cells["computing-W1"] == "*Write your answer here.*"


def test_release_again_changes_nothing(course, tmp_path):
    """Releasing what is released touches no file; without its entry in the gradebook it is made again."""
    release(tmp_path, ["choices"], FIXTURES)
    notebook = tmp_path / "release" / "choices" / "choices.ipynb"
    first = notebook.stat().st_mtime_ns
    release(tmp_path, ["choices"], FIXTURES)
    assert notebook.stat().st_mtime_ns == first
    (tmp_path / "gradebook.db").unlink()
    release(tmp_path, ["choices"], FIXTURES)
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as gradebook:
        assert gradebook.find_assignment("choices").max_score == 3 + 3 + 2 + 4 + 2 + 4


def test_validate_says_what_is_open_and_nothing_when_all_is_right(course, tmp_path):
    """nbgrader's Validate fails on the untouched release with our sentences, and passes on the solved notebook."""
    folder = tmp_path / "ana" / "choices"
    folder.mkdir(parents=True)
    for path in course.released("choices").iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "learner.json").write_text('{"format": 1, "learner": "ana"}', encoding="utf-8")
    open_ = Validator().validate(str(folder / "choices.ipynb"))
    failed = [failure["error"] for failure in open_["failed"]]
    assert len(failed) == 6 and all("Not yet" in text and "Traceback" not in text for text in failed)
    answers = course.answers("choices", "ana")
    (folder / "answers.json").write_text(json.dumps(answers), encoding="utf-8")
    assert "failed" not in Validator().validate(str(folder / "choices.ipynb"))


def test_feedback_hides_hidden_tests(course):
    """The feedback page shows the check and its reason, but neither source nor traceback lines of the hidden test."""
    course.graded("computing", "untouched")
    result = course.api.generate_feedback("computing", "untouched", force=True)
    assert result["success"], result.get("error")
    page = (course.root / "feedback" / "untouched" / "computing" / "computing.html").read_text(encoding="utf-8")
    text = html.unescape(re.sub(r"<[^>]+>", "", page))
    assert "check.hidden" not in text and "HIDDEN TESTS" not in text
    assert 'check("E2", reached)' in text and "Not yet" in text


def test_a_traceback_does_not_quote_hidden_tests():
    """Where an error output quotes the cell, with arrows, numbers and colours, the hidden lines are left out."""
    cell = nbformat.v4.new_code_cell("check(1)\n### BEGIN HIDDEN TESTS\nsecret(2)\n### END HIDDEN TESTS")
    cell.metadata["nbgrader"] = {"grade": True, "grade_id": "a", "schema_version": 3, "solution": False, "locked": True}
    quoted = "NameError\n      1 check(1)\n\x1b[0;32m----> 3\x1b[0m \x1b[43msecret\x1b[49m(2)\nNameError: secret"
    cell.outputs = [nbformat.v4.new_output("error", ename="NameError", evalue="secret", traceback=[quoted])]
    cell, _ = HideHiddenTests().preprocess_cell(cell, {}, 0)
    assert cell.source == "check(1)"
    assert cell.outputs[0].traceback == ["NameError", "      1 check(1)", "NameError: secret"]


def test_hidden_test_counts_in_a_real_run(course, truth, tables):
    """A function that returns one book's constants passes what the learner sees and earns nothing when graded."""
    book = data.book(tables, "constant")
    steps = truth.step_ids
    numbers = {
        step: book["stage_history"]
        .loc[book["stage_history"].step_id.isin(steps[steps.index(step) :]), "opp_id"]
        .nunique()
        for step in ("trial", "won")
    }
    folder = course.root / "submitted" / "constant" / "computing"
    folder.mkdir(parents=True)
    notebook = json.loads((course.released("computing") / "computing.ipynb").read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["id"] == "computing-E2-answer":
            cell["source"] = f"def reached(stage_history, steps, step):\n    return {numbers}[step]\n"
    (folder / "computing.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    assert course.api.autograde("computing", "constant", force=True, create=True)["success"]
    graded = (course.root / "autograded" / "constant" / "computing" / "computing.ipynb").read_text(encoding="utf-8")
    cell = next(cell for cell in json.loads(graded)["cells"] if cell["id"] == "computing-E2")
    said = json.dumps(cell["outputs"], ensure_ascii=False)
    assert "Right." in said and "another territory" in said
    with Gradebook(course.api.coursedir.db_url) as gradebook:
        assert gradebook.find_grade("computing-E2", "computing", "computing", "constant").auto_score == 0


def test_a_refused_release_says_why(tmp_path, course):
    """nbgrader's own reason reaches the lead as one plain sentence."""
    with pytest.raises(Problem, match='there is no lesson "stagez"'):
        release(tmp_path, ["stagez"])
    blocked = tmp_path / "course"
    blocked.mkdir()
    (blocked / "nbgrader_config.py").write_text(
        'c = get_config()\nc.CourseDirectory.db_url = "sqlite:////nowhere/at/all/gradebook.db"\n', encoding="utf-8"
    )
    with pytest.raises(Problem, match=r"gradebook .* cannot be made"):
        release(blocked, ["computing"], FIXTURES)


def test_config_leaves_the_database_to_the_course(tmp_path):
    """The course's defaults name no database and no exchange."""
    write_folder(tmp_path, {"nbgrader_config.py": (home().grading / "nbgrader_config.py").read_bytes()})
    config = load_config(tmp_path)
    assert "db_url" not in config.CourseDirectory and "Exchange" not in config
    assert config.CourseDirectory.root == str(tmp_path)
