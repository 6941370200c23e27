"""A lesson in a real JupyterLab, as a learner meets it: predict, explore, answer, check, come back, validate."""

import json

import pytest
from lab import cell_by_id, start_lab
from playwright.sync_api import expect

from onefunnel.data import load as load_tables
from onefunnel.lab import update_lesson
from onefunnel.learn import identity
from onefunnel.lessons.build import sources
from onefunnel.lessons.release import release
from onefunnel.lessons.solve import solution_answers, solved_notebook
from onefunnel.playbook import load as load_playbook

pytestmark = pytest.mark.browser
LEARNER = "ana"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A learner's workspace with both lessons as released, and `solved/`: the lesson with every answer right."""
    folder, course = tmp_path_factory.mktemp("workspace"), tmp_path_factory.mktemp("course")
    for slug in release(course, sources()):
        update_lesson(course / "release" / slug, folder / slug)
        identity.keep(folder / slug, LEARNER)
    solved = folder / "solved"
    update_lesson(course / "release" / "stages", solved)
    identity.keep(solved, LEARNER)
    (solved / "stages.ipynb").write_bytes(solved_notebook("stages"))
    answers = solution_answers("stages", LEARNER, load_tables(), load_playbook())
    (solved / "answers.json").write_text(json.dumps(answers), encoding="utf-8")
    with start_lab(folder, tmp_path_factory.mktemp("own")) as running:
        yield running


def test_a_learner_predicts_explores_answers_and_finds_it_again(lab, page, console_errors, outside_requests):
    """No code: the prediction unlocks the picture, the picture follows its switch, answers survive a reload."""
    lab.open(page, "stages/stages.ipynb")
    lab.run_all(page)
    assert "First guess" in cell_by_id(page, "stages-widget-funnel-by-cohort").inner_text()

    cell_by_id(page, "stages-P1-ask").get_by_label("About 3 of 100").check()
    funnel = cell_by_id(page, "stages-widget-funnel-by-cohort")
    finding = funnel.locator(".of-finding")
    finding.wait_for(timeout=60_000)
    before = finding.inner_text()
    funnel.get_by_label("Same quarter: whatever happened then").check()
    expect(finding).not_to_have_text(before, timeout=20_000)

    question = cell_by_id(page, "stages-D2-ask")
    question.get_by_label("Plan A: ten per cent more leads").check()
    question.get_by_label("Ten is ten, whether points or per cent").check()
    question.get_by_role("button", name="Check my answer").click()
    question.locator(".of-verdict", has_text="points").wait_for(timeout=20_000)
    assert "Not right" in question.locator(".of-verdict").inner_text()

    question.get_by_label("Plan B: ten points more acceptance").check()
    question.get_by_label("Ten points are a large part of a low rate").check()
    question.get_by_role("button", name="Check my answer").click()
    question.locator(".of-verdict", has_text="✔ Right.").wait_for(timeout=20_000)
    kept = json.loads((lab.folder / "stages" / "answers.json").read_text(encoding="utf-8"))
    assert kept["answers"]["stages/D2"]["answer"] == {"parts": {"plan": "points", "reason": "on_a_low_rate"}}
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")

    lab.open(page, "stages/stages.ipynb")
    lab.run_all(page)
    question = cell_by_id(page, "stages-D2-ask")
    assert question.get_by_label("Plan B: ten points more acceptance").is_checked()
    expect(cell_by_id(page, "stages-D2")).to_contain_text("✔ Right.", timeout=20_000)
    assert console_errors == [] and outside_requests == []


def test_the_page_never_contradicts_itself(lab, page, console_errors):
    """What ran when the lesson was opened follows what is kept and judged later, without a cell being run again."""
    save = "window.jupyterapp.commands.execute('docmanager:save')"
    wrong, right = "Have all untouched leads called", "Have the untouched leads of high fit called"
    lab.open(page, "hand-off/hand-off.ipynb")
    lab.run_all(page)
    look_back, check = cell_by_id(page, "hand-off-P1-lookback"), cell_by_id(page, "hand-off-E2")
    expect(look_back).to_contain_text("First guess, then look.")
    expect(check).to_have_text("")

    guess = cell_by_id(page, "hand-off-P1-ask")
    for value in ("30", "45"):
        guess.get_by_role("spinbutton").fill(value)
        guess.get_by_role("spinbutton").press("Enter")
        guess.get_by_role("button", name="Keep this answer").click()
        expect(look_back).to_contain_text(f"You predicted: {value}", timeout=20_000)
    expect(look_back).to_contain_text("no human touched")

    question = cell_by_id(page, "hand-off-E2-ask")
    question.get_by_label("Sellers mostly left the leads that rarely buy").check()
    question.get_by_label(wrong).check()
    question.get_by_role("button", name="Check my answer").click()
    expect(question.locator(".of-verdict")).to_contain_text("Not right.", timeout=20_000)
    expect(check).to_have_text("")
    page.evaluate(save)

    lab.open(page, "hand-off/hand-off.ipynb")
    lab.run_all(page)
    question, check = (cell_by_id(page, f"hand-off-{name}") for name in ("E2-ask", "E2"))
    expect(cell_by_id(page, "hand-off-P1-lookback")).to_contain_text("You predicted: 45", timeout=20_000)
    expect(check).to_contain_text("Not right.", timeout=20_000)
    question.get_by_label(right).check()
    expect(check).to_contain_text("Before your change:", timeout=20_000)
    question.get_by_role("button", name="Check my answer").click()
    expect(question.locator(".of-verdict")).to_contain_text("✔ Right.", timeout=20_000)
    expect(check).to_have_text("")
    assert console_errors == []


def test_validate_passes_on_the_solution(lab, page):
    """nbgrader's own button says so."""
    lab.open(page, "solved/stages.ipynb")
    page.get_by_role("button", name="Validate").click()
    dialog = page.locator(".jp-Dialog")
    dialog.wait_for(timeout=180_000)
    assert "Success" in dialog.inner_text(), dialog.inner_text()
