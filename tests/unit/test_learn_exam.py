"""Tests before and after the course: two forms, no feedback, a picture by cluster, three weeks between."""

import json
from datetime import date

import pytest
from learn_world import ITEMS, world

from onefunnel.errors import Problem
from onefunnel.learn import exam, forms, keys, skills_map
from onefunnel.learn.answers import Answers
from onefunnel.learn.ask import Ask
from onefunnel.learn.check import Check
from onefunnel.learn.errors import Miss, NotYet, Stop
from onefunnel.learn.items import load_items
from onefunnel.learn.session import Session

WORLD = world()
FORM_A, FORM_B = {"parts": {"where": "late", "why": "share"}}, {"parts": {"where": "never", "why": "most"}}


@pytest.fixture(autouse=True)
def _learning(monkeypatch):
    """Start as a learner."""
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)


def open_test(workspace, slug="before", kind="test"):
    """A test with two questions of two clusters, opened by ana."""
    folder = workspace / slug
    folder.mkdir(exist_ok=True)
    skills = {"T1": "funnel_step", "T2": "win_rate"}
    items = {
        name: {**keys.seal(slug, name, ITEMS["W1"]), "points": 1, "skill": skill, "title": f"Question {name}"}
        for name, skill in skills.items()
    }
    path = folder / f"{slug}.items.json"
    path.write_text(json.dumps({"format": 1, "lesson": slug, "title": slug, "kind": kind, "items": items}), "utf-8")
    return Session(load_items(path), WORLD, Answers.load(folder, "ana"))


def with_matrix(session):
    """The same test with the learner's own skills matrix in it."""
    path = session.answers.folder / f"{session.items.lesson}.items.json"
    content = json.loads(path.read_text("utf-8"))
    content["items"]["S1"] = {**ITEMS["K1"], "points": 0, "skill": None}
    path.write_text(json.dumps(content), "utf-8")
    return Session(load_items(path), WORLD, Answers.load(session.answers.folder, "ana"))


def answer(session, name, said):
    session.answers.keep(session.current(name)[0], said)


def right_and_wrong(session):
    """The right answer of the form that ana gets, and a wrong one."""
    return (FORM_A, FORM_B) if session.current("T1")[0].variant == 0 else (FORM_B, FORM_A)


def test_half_of_the_learners_take_form_a_first():
    """By the learner id alone; of 1,000 ids close to half (five standard deviations are 79)."""
    first = sum(forms.form(f"learner{number}", "test") for number in range(1_000))
    assert abs(first - 500) < 79
    assert forms.form("ana", "test") == forms.form("ana", "test") and forms.form("ana", "lesson") is None


def test_the_second_sitting_asks_the_other_form(tmp_path):
    """Counter-balanced for everybody, and kept variants of the file change nothing."""
    assert all(forms.form(f"l{n}", "test") + forms.form(f"l{n}", "retest") == 1 for n in range(50))
    before, after = open_test(tmp_path), open_test(tmp_path, "after", "retest")
    assert {before.current("T1")[0].variant, after.current("T1")[0].variant} == {0, 1}


def test_nothing_is_said_about_an_answer(tmp_path, capsys, monkeypatch):
    """No check button, no hint, no log; Validate says what is open, and the same words for right and wrong."""
    session = open_test(tmp_path)
    right, wrong = right_and_wrong(session)
    box = Ask(session).question("T1")
    _prompt, drawn = box.children
    assert "check it" not in drawn.next_step() and drawn.sure is not None
    assert Check(session)("T1") is None and capsys.readouterr().out == ""
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    with pytest.raises(NotYet):
        Check(session)("T1")
    said = {"": set(), "validate": set()}
    for mode, words in said.items():
        monkeypatch.setenv("NBGRADER_EXECUTION", mode)
        for given in (right, wrong):
            answer(session, "T1", given)
            assert Check(session)("T1") is None
            words.add(capsys.readouterr().out)
    assert said[""] == {""} and len(said["validate"]) == 1 and "kept" in said["validate"].pop()
    assert not (session.answers.folder / "attempts.jsonl").exists()


def test_grading_scores_the_form_that_was_asked(tmp_path, monkeypatch):
    """Autograding gives the points of ana's own form only."""
    session = open_test(tmp_path)
    right, wrong = right_and_wrong(session)
    answer(session, "T1", right)
    answer(session, "T2", wrong)
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert Check(session)("T1") is None
    with pytest.raises(Miss):
        Check(session)("T2")


def test_the_end_shows_clusters_and_closes_the_test(tmp_path, monkeypatch):
    """Only when all is answered; strong or check again, no percentage; afterwards no answer can be changed."""
    session = open_test(tmp_path)
    right, wrong = right_and_wrong(session)
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda *widgets: shown.extend(widgets))
    answer(session, "T1", right)
    Ask(session).end()
    finish, picture = shown
    assert finish.anyway.layout.display == "none", "offered only once something is open"
    finish.button.click()
    assert "Still open: “Question T2”." in finish.status.value and picture.outputs == ()
    answer(session, "T2", wrong)
    finish.button.click()
    text = picture.outputs[0]["data"]["text/markdown"]
    assert "| Steps and hand-off | strong |" in text and "| Rates and luck | check again |" in text and "%" not in text
    group = Ask(session).question("T2").children[1]
    group.groups["where"].value = "early"
    assert "Not kept" in group.status.value and session.current("T2")[1].answer == wrong
    shown.clear()
    Ask(open_test(tmp_path)).end()
    assert len(shown) == 1, "opened again, the picture is there without a button"


def test_a_test_can_be_ended_with_questions_left_open(tmp_path, monkeypatch):
    """The second button ends it: what is open counts as not known, and stays as it is like every answer."""
    session = open_test(tmp_path)
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda *widgets: shown.extend(widgets))
    answer(session, "T1", right_and_wrong(session)[0])
    Ask(session).end()
    finish, picture = shown
    finish.button.click()
    assert finish.anyway.layout.display is None and not session.answers.finished("before")
    finish.anyway.click()
    text = picture.outputs[0]["data"]["text/markdown"]
    assert "| Steps and hand-off | strong |" in text and "| Rates and luck | check again |" in text
    assert session.answers.finished("before") and finish.anyway.layout.display == "none"
    group = Ask(session).question("T2").children[1]
    for part, option in right_and_wrong(session)[0]["parts"].items():
        group.groups[part].value = option
    assert session.current("T2")[1].answer is None


def test_the_picture_names_the_lessons_that_teach_a_cluster(tmp_path):
    """A lesson whose exercises count for one of the cluster's skills."""
    session = open_test(tmp_path)
    folder = tmp_path / "stages"
    folder.mkdir()
    item = {**keys.seal("stages", "E1", ITEMS["W1"]), "points": 4, "skill": "cohort_conversion"}
    content = {"format": 1, "lesson": "stages", "title": "Of 100", "items": {"E1": item}}
    (folder / "stages.items.json").write_text(json.dumps(content), "utf-8")
    taught = exam.taught_in(tmp_path, WORLD)
    assert taught == {"steps_and_hand_off": ["[Of 100](../stages/stages.ipynb)"]}
    assert "[Of 100](../stages/stages.ipynb)" in exam.picture(session, taught)


def lesson_done(workspace, day):
    """A lesson whose last answer was kept on a day."""
    folder = workspace / "stages"
    folder.mkdir()
    item = {**keys.seal("stages", "E1", ITEMS["W1"]), "points": 4, "skill": "funnel_step"}
    content = {"format": 1, "lesson": "stages", "title": "Of 100", "items": {"E1": item}}
    (folder / "stages.items.json").write_text(json.dumps(content), "utf-8")
    kept = {"stages/E1": {"type": "two_tier", "answer": FORM_A, "kept_at": f"{day}T09:00:00+00:00"}}
    (folder / "answers.json").write_text(json.dumps({"format": 1, "learner": "ana", "answers": kept}), "utf-8")


def test_the_second_sitting_opens_three_weeks_after_the_last_lesson(tmp_path, monkeypatch):
    """1 May + 21 days is 22 May: closed on the 21st, open on the 22nd; once begun it stays open."""
    session = open_test(tmp_path, "after", "retest")
    wait = lambda: exam.wait_for_the_day(tmp_path, session.items, session.answers, WORLD)  # noqa: E731
    wait()  # no lesson was done: there is nothing to wait for
    lesson_done(tmp_path, "2026-05-01")
    monkeypatch.setenv("ONEFUNNEL_TODAY", "2026-05-21")
    with pytest.raises(NotYet, match="opens on 22 May 2026"):
        wait()
    monkeypatch.setenv("ONEFUNNEL_TODAY", "2026-05-22")
    wait()
    monkeypatch.setenv("ONEFUNNEL_TODAY", "2026-05-02")
    answer(session, "T1", FORM_A)
    wait()


def test_the_second_sitting_ends_with_the_own_skills_matrix(tmp_path, monkeypatch):
    """It must be whole to end the test, stands beside what the lessons say, and may be changed after the end."""
    session = with_matrix(open_test(tmp_path, "after", "retest"))
    right, _ = right_and_wrong(session)
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda *widgets: shown.extend(widgets))
    for name in ("T1", "T2"):
        answer(session, name, right)
    matrix = Ask(session).question("S1").children[1]
    ids = [skill.id for skill in WORLD.playbook.skills]
    assert list(matrix.lists) == ids and len(ids) == 21, "every skill once, in the playbook's order"
    assert not hasattr(matrix, "sure"), "nobody is asked how sure they are of their own view"
    for skill in ids[1:]:
        matrix.lists[skill].value = "can"
    Ask(session).end()
    finish, picture = shown
    finish.button.click()
    assert "Open, and not counted: “Your skills”." in finish.status.value
    matrix.lists[ids[0]].value = "show"
    finish.button.click()
    text = picture.outputs[0]["data"]["text/markdown"]
    assert "| In the lessons | You say |" in text
    assert text.count("| new | I can |") == 20 and text.count("| new | I can show others |") == 1
    matrix.lists[ids[1]].value = "new"
    kept = skills_map.own_view(session.answers.folder, WORLD.playbook)
    assert kept == {ids[0]: "show", ids[1]: "new", **dict.fromkeys(ids[2:], "can")}


@pytest.mark.parametrize(
    "entry",
    [
        None,
        7,
        {"type": "match", "answer": {"rows": {"win_rate": "can"}}},
        {"type": "matrix", "answer": None},
        {"type": "matrix", "answer": {"rows": {"win_rate": "boss", "flying": "can"}}},
        {"type": "matrix", "answer": {"rows": {"win_rate": ["can"]}}},
    ],
)
def test_only_known_skills_and_levels_are_read(tmp_path, entry):
    """A hand-edited file cannot put a level or a skill into the map that is not there."""
    (tmp_path / "answers.json").write_text(json.dumps({"answers": {"after/S1": entry}}), "utf-8")
    assert skills_map.own_view(tmp_path, WORLD.playbook) == {}


def test_no_answers_are_no_view(tmp_path):
    """Nothing kept, or a broken file: nothing is said."""
    assert skills_map.own_view(tmp_path, WORLD.playbook) == {}
    (tmp_path / "answers.json").write_text("{", "utf-8")
    assert skills_map.own_view(tmp_path, WORLD.playbook) == {}


def test_the_day_comes_from_the_clock_without_an_override(monkeypatch):
    """No setting: today."""
    monkeypatch.delenv("ONEFUNNEL_TODAY", raising=False)
    assert abs((forms.today() - date.today()).days) <= 1


def test_an_impossible_override_is_said_in_words(monkeypatch):
    """A typing mistake in the setting is no traceback."""
    monkeypatch.setenv("ONEFUNNEL_TODAY", "tomorrow")
    with pytest.raises(Problem, match="Write a day such as"):
        forms.today()


def test_an_unknown_question_is_one_line(tmp_path):
    """A typing mistake in a cell stays readable in a test too."""
    with pytest.raises(Stop, match="no question 'T9'"):
        Check(open_test(tmp_path))("T9")
