"""A lesson opened in real notebooks: who is asked, what nbgrader reads off checks, what is drawn while grading."""

import json
from pathlib import Path

import nbformat
import pytest
from learn_world import sealed
from nbclient import NotebookClient
from nbgrader.utils import determine_grade

FIXTURES = Path(__file__).parents[1] / "fixtures"
SETUP = f"""
import sys
sys.path.insert(0, {str(FIXTURES)!r})
from onefunnel.learn import open_lesson
ask, check, book, company, explore = open_lesson("demo")
"""
FUNCTION = """
import warnings, sys
def reached(stage_history, steps, step):
    warnings.warn("old")
    print("debugging", file=sys.stderr)
    later = list(steps)[list(steps).index(step):]
    return stage_history[stage_history.step_id.isin(later)].opp_id.nunique()
"""
NAMES = ["P1", "N1", "T1", "W1", "O1", "X1"]


def run(folder, cells, answers=None, learner="ana", points=4):
    """Run cells in a kernel in `folder`; cells named check:… are graded. Returns the notebook."""
    items = {name: sealed(name) for name in NAMES}
    content = {"format": 1, "lesson": "demo", "title": "Demo", "items": items}
    (folder / "demo.items.json").write_text(json.dumps(content), "utf-8")
    if learner:
        (folder / "learner.json").write_text(json.dumps({"format": 1, "learner": learner}), "utf-8")
    if answers:
        entries = {f"demo/{name}": {"type": items[name]["type"], "answer": said} for name, said in answers.items()}
        content = {"format": 1, "learner": learner, "answers": entries}
        (folder / "answers.json").write_text(json.dumps(content), "utf-8")
    made = []
    for cell in (SETUP, *cells):
        new = nbformat.v4.new_code_cell(cell)
        if cell.startswith("check("):
            new.metadata["nbgrader"] = {"grade": True, "solution": False, "points": points, "schema_version": 3}
        made.append(new)
    notebook = nbformat.v4.new_notebook(cells=made)
    NotebookClient(notebook, allow_errors=True, timeout=120, resources={"metadata": {"path": str(folder)}}).execute()
    return notebook


def grade(notebook, source):
    """Return what nbgrader reads off a check cell."""
    return determine_grade(next(cell for cell in notebook.cells if cell.source == source))[0]


def texts(cell):
    return [
        "".join(o.get("data", {}).get("text/plain", "") or o.get("text", "") or "".join(o.get("traceback", [])))
        for o in cell.outputs
    ]


@pytest.fixture(scope="module")
def worked(tmp_path_factory):
    """One notebook with answers of every kind, run as nbgrader's autograde runs it."""
    answers = {
        "P1": {"choice": "few"},
        "N1": {"text": "0"},
        "O1": {"position": {"c": 1, "b": 2, "a": 3, "d": 4}},
        "X1": {"text": "<b>Ask</b> one colleague."},
    }
    cells = [
        FUNCTION,
        'check("P1")',
        'check("N1", book.opportunities.outcome.eq("won").sum() / '
        'book.opportunities.outcome.isin(["won", "lost", "no_decision"]).sum())',
        'check("T1", reached)\ncheck.hidden("T1", reached)',
        'check("W1")',
        'check("O1")',
        'ask("X1")',
        'explore("funnel_by_cohort")',
        'check("N1", 0.99)',
        'ask.lookback("P1")',
    ]
    folder = tmp_path_factory.mktemp("lesson") / "autograded" / "ana" / "demo"
    folder.mkdir(parents=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NBGRADER_EXECUTION", "autograde")
        patch.delenv("ONEFUNNEL_GRADED", raising=False)
        notebook = run(folder, cells, answers)
    return notebook, folder


def test_nbgrader_reads_points_off_the_check_cells(worked):
    """Right: all 4. Some pairs right: 0.8. No answer, wrong answer: 0. stderr of a learner's function costs nothing."""
    notebook, _ = worked
    by_source = {cell.source: cell for cell in notebook.cells}
    sources = [source for source in by_source if source.startswith("check(")]
    assert [grade(notebook, source) for source in sources] == [4, 4, 4, 0, 0.8, 0]
    assert not [o for cell in notebook.cells for o in cell.outputs if o.get("name") == "stderr"]


def test_misses_are_one_line_in_the_notebook(worked):
    """No traceback of ours, never an empty one; the reason is the playbook's."""
    notebook, _ = worked
    errors = [o for cell in notebook.cells for o in cell.outputs if o.output_type == "error"]
    assert [error.ename for error in errors] == ["NotYet", "Miss"]
    assert [len(error.traceback) for error in errors] == [1, 1]
    assert errors[0].traceback[0].startswith("Not yet: this question has 2 parts")


def test_partial_credit_keeps_its_reason_for_readers(worked):
    """The number stands alone as text; the page shows the reason."""
    notebook, _ = worked
    output = next(c for c in notebook.cells if c.source == 'check("O1")').outputs[-1]
    assert output.output_type == "execute_result" and output.data["text/plain"] == "0.8"
    assert "3 of 5 pairs" in output.data["text/html"]


def test_while_grading_questions_show_the_answer_and_nothing_is_written(worked):
    """Your answer, escaped; no widget; no file but those that were there."""
    notebook, folder = worked
    shown = next(c for c in notebook.cells if c.source == 'ask("X1")').outputs
    assert "One thing." in shown[0].data["text/markdown"]
    assert "Your answer:" in shown[1].data["text/html"] and "&lt;b&gt;Ask&lt;/b&gt;" in shown[1].data["text/html"]
    assert "explores with a widget" in texts(next(c for c in notebook.cells if c.source.startswith("explore")))[0]
    assert "About two" in texts(next(c for c in notebook.cells if "lookback" in c.source))[0]
    assert {p.name for p in folder.iterdir()} == {"answers.json", "demo.items.json", "learner.json"}


def test_the_first_cell_asks_for_the_id_once(tmp_path, monkeypatch):
    """Without learner.json it shows a box and stops with one line; nothing else is made up."""
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    notebook = run(tmp_path, ["book"], learner=None)
    shown, error = notebook.cells[0].outputs
    assert "application/vnd.jupyter.widget-view+json" in shown.data
    assert error.traceback == ["Not yet: type your id, press Enter, then run this cell again."]


def test_while_learning_widgets_wait_for_the_prediction(tmp_path, monkeypatch):
    """The territory is named; the widget is drawn for ask; explore waits for the first prediction."""
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    cells = ['ask("P1")', 'explore("funnel_by_cohort")', 'check("N9")']
    notebook = run(tmp_path, cells)
    setup, ask, explore, check = notebook.cells
    assert "You work as ana on territory T" in texts(setup)[0]
    assert any("application/vnd.jupyter.widget-view+json" in o.get("data", {}) for o in ask.outputs)
    assert "First guess, then look." in texts(explore)[0]
    assert texts(check)[0].startswith('lesson "demo" has no question')


def test_a_kept_prediction_opens_the_pictures_that_waited(tmp_path, monkeypatch):
    """Nothing is run again: the box that stood empty holds the picture as soon as the prediction is kept."""
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    cells = [
        'explore("funnel_by_cohort")',
        "import ipywidgets; session = ask._session; print(len(session.waiting['P1']))",
        "widget = ask._widget(session.items['P1'], None)",
        "radio = next(w for w in widget.children if isinstance(w, ipywidgets.RadioButtons)); radio.index = 0",
        "print(dict(session.waiting), session.answers.entry(session.items['P1']).answer)",
    ]
    notebook = run(tmp_path, cells)
    assert texts(notebook.cells[2]) == ["1\n"]
    assert texts(notebook.cells[5])[0].startswith("{} {'choice': ")


def test_no_verdict_contradicts_another_while_learning(tmp_path, monkeypatch):
    """The check cell ran when the lesson was opened. It says nothing of an open question, and what it said of a wrong
    answer goes once that is corrected. Nothing is raised, so no line of it stays."""
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    right = {"parts": {"where": "late", "why": "share"}}
    cells = [
        'ask("W1")',
        'check("W1")',
        'check("N1", None)',
        'def reached(stage_history, steps, step):\n    """Return how many."""\n    pass\nsession = ask._session',
        'check("T1", reached)',
        'def line(name): return session.followers[name]["check"].__self__.line.value\n'
        'print(line("W1"), [line("N1"), line("T1")])',
        'box = ask.question("W1")\n_, drawn, button, said = box.children',
        'drawn.groups["where"].value = "late"\nprint(line("W1"))',
        'button.click()\nprint(said.value, line("W1"))',
        'check("W1")',
        'print(repr(said.value), line("W1"))',
    ]
    notebook = run(tmp_path, cells, {"W1": {"parts": {"where": "never", "why": "share"}}})
    assert [o for cell in notebook.cells for o in cell.outputs if o.output_type == "error"] == []
    opened, changed, judged, again = (texts(notebook.cells[n])[0] for n in (6, 8, 9, 11))
    assert "Not right." in opened and opened.endswith("['', '']\n")
    assert "Not right." not in changed and "Before your change:" in changed
    assert "✔ Right." in judged and judged.count("<p") == 1
    assert again.startswith("''") and "✔ Right." in again
    kept = json.loads((tmp_path / "answers.json").read_text("utf-8"))
    assert kept["answers"]["demo/W1"]["answer"] == right


def test_the_look_back_waits_for_the_prediction_and_follows_it(tmp_path, monkeypatch):
    """Closed until something is predicted, as the pictures are; then the prediction beside the number; then the new."""
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    cells = [
        'ask.lookback("P1")',
        "from ipywidgets import RadioButtons, VBox\n"
        "from ipywidgets.widgets.widget import _instances\n"
        "(box,) = (one for one in _instances.values() if type(one) is VBox)\n"
        "print(box.children[0].value)",
        'question = ask.question("P1").children[1]\n'
        "(radio,) = (one for one in question.children if isinstance(one, RadioButtons))\n"
        "for index in (0, 1):\n"
        "    radio.index = index\n"
        "    print(box.children[0].outputs[0]['data']['text/markdown'])",
        'decided = book.opportunities[book.opportunities.outcome.isin(["won", "lost", "no_decision"])]\n'
        'print(f"**{decided.outcome.eq(\'won\').mean():.1%}**".replace("%", " %"))',
    ]
    notebook = run(tmp_path, cells)
    closed, followed, rate = (texts(cell)[0] for cell in notebook.cells[2:])
    assert "First guess, then look." in closed and rate.strip() not in closed
    first, second = followed.split("**You predicted:** ")[1:]
    assert first.startswith("About two") and second.startswith("About four") and rate.strip() in second


def test_another_learners_answers_stop_the_first_cell(tmp_path, monkeypatch):
    """In one line that says what to do."""
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    (tmp_path / "answers.json").write_text('{"format": 1, "learner": "ben", "answers": {}}', "utf-8")
    error = run(tmp_path, []).cells[0].outputs[0]
    assert error.ename == "Stop" and len(error.traceback) == 1 and "belongs to 'ben'" in error.traceback[0]


def test_what_a_cell_does_to_its_tables_does_not_change_what_is_right(tmp_path, monkeypatch):
    """The lesson hands out copies: after dropping rows in place the old win rate is still the right one."""
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    cells = [
        'rate = book.opportunities.outcome.eq("won").sum() / '
        'book.opportunities.outcome.isin(["won", "lost", "no_decision"]).sum()\n'
        "book.opportunities.drop(book.opportunities.index, inplace=True)",
        'check("N1", rate)',
    ]
    notebook = run(tmp_path, cells)
    assert grade(notebook, 'check("N1", rate)') == 4
