"""The home page, a warm-up and a test in a real JupyterLab, by keyboard, read by axe."""

import json
from pathlib import Path

import pytest
from lab import SELECTED, cell_by_id, serious, start_lab
from playwright.sync_api import expect

from onefunnel.data import load as load_tables
from onefunnel.lab import add_own_pages, update_lesson
from onefunnel.learn import identity
from onefunnel.learn.forms import form
from onefunnel.lessons.build import sources
from onefunnel.lessons.release import release
from onefunnel.lessons.solve import solution_answers
from onefunnel.playbook import load as load_playbook

pytestmark = pytest.mark.browser
LEARNER = "ana"
FIXTURES = Path(__file__).parents[1] / "fixtures" / "lessons"
DONE = {"price": None, "choices": FIXTURES, "computing": FIXTURES}
OUR_OWN = ("price", "stages")  # of the lessons that the kit brings; the workspace holds no more of them


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A workspace with three lessons done, one to come, and a test; no path is chosen."""
    folder, tables, playbook = tmp_path_factory.mktemp("workspace"), load_tables(), load_playbook()
    for number, sources_of in enumerate((None, FIXTURES)):
        course = tmp_path_factory.mktemp(f"course{number}")
        for slug in release(course, sources(sources_of) if sources_of else OUR_OWN, sources_of):
            update_lesson(course / "release" / slug, folder / slug)
            identity.keep(folder / slug, LEARNER)
    for slug, sources_of in DONE.items():
        answers = solution_answers(slug, LEARNER, tables, playbook, sources_of)
        (folder / slug / "answers.json").write_text(json.dumps(answers), encoding="utf-8")
    identity.keep(folder, LEARNER)
    add_own_pages(folder, LEARNER)
    with start_lab(folder, tmp_path_factory.mktemp("own")) as running:
        yield running


def test_the_home_page_is_there_before_anything_is_run(lab, page, console_errors, outside_requests):
    """The map stands in the page; after a run a path is chosen by key, and the next lesson opens by its link."""
    lab.open(page, "home.ipynb")
    home = page.locator(f"{SELECTED} .jp-OutputArea")
    expect(home.first).to_contain_text("Sales path", timeout=20_000)
    expect(home.first).to_contain_text("Marketing path")
    expect(home.first.get_by_role("table")).to_have_count(0)  # first of all a choice, in one screen
    lab.run_all(page)
    group = page.get_by_role("radiogroup", name="Your path")
    group.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    left = json.loads((lab.folder / "stages" / "stages.items.json").read_text(encoding="utf-8"))["minutes"]
    said = f"1 of 2 lessons done, about {left} minutes left."
    expect(page.locator(SELECTED)).to_contain_text(said, timeout=20_000)
    expect(page.locator(SELECTED).get_by_role("heading", name="Marketing path")).to_have_count(0, timeout=20_000)
    assert json.loads((lab.folder / "home.json").read_text(encoding="utf-8"))["path"] == "sales"
    assert serious(page, f"{SELECTED} .jp-OutputArea") == []
    expect(page.locator(SELECTED)).to_contain_text(f'python kit.py submit --workspace "{lab.folder}"')
    page.locator(SELECTED).get_by_role("link", name="Of 100 raised hands").first.click()
    page.wait_for_function("window.jupyterapp.shell.currentWidget.context?.path === 'stages/stages.ipynb'")
    assert console_errors == [] and outside_requests == []


def test_a_warm_up_stands_before_the_fourth_lesson(lab, page, console_errors):
    """Three earlier questions, answered and checked by keyboard; each is noted, and none of it stops the lesson."""
    lab.open(page, "stages/stages.ipynb")
    lab.run_all(page)
    setup = page.locator(f"{SELECTED} .jp-CodeCell").first.locator(".jp-Cell-outputWrapper")
    expect(setup).to_contain_text("Warm-up: three questions from before", timeout=20_000)
    boxes = setup.locator(".onefunnel")
    assert boxes.count() == 3
    for place in range(3):
        box = boxes.nth(place)
        if box.locator("[role=radiogroup]").count():
            for group in range(box.locator("[role=radiogroup]").count()):
                box.locator("[role=radiogroup]").nth(group).locator("input").first.focus()
                page.keyboard.press("Space")
        elif box.locator("input[type=number]").count():
            box.locator("input[type=number]").focus()
            page.keyboard.press("Control+a")
            page.keyboard.type("11.1")
            page.keyboard.press("Tab")
            page.keyboard.press("Enter")
        else:
            box.locator("button").first.focus()
            page.keyboard.press("Enter")
        expect(box.locator("[role=status]")).to_contain_text("Kept", timeout=20_000)
        setup.get_by_role("button", name="Check my answer").nth(place).focus()
        page.keyboard.press("Enter")
        expect(setup.locator(".of-verdict").nth(place)).to_contain_text("ight", timeout=20_000)
    asked = json.loads((lab.folder / "recall.json").read_text(encoding="utf-8"))["asked"]
    assert len(asked) == 3 and {one["for"] for one in asked} == {"stages"}
    assert len({one["item"] for one in asked}) == 3 and all(one["variant"] for one in asked)
    assert serious(page, f"{SELECTED} .jp-OutputArea") == [] and console_errors == []


def test_a_test_says_nothing_until_its_end(lab, page, console_errors):
    """No check button. What is open is named once; then it ends as it is, by keyboard, and shows clusters."""
    lab.open(page, "before/before.ipynb")
    lab.run_all(page)
    notebook = page.locator(SELECTED)
    expect(notebook.get_by_role("button", name="I am done: show me where I stand")).to_be_visible(timeout=20_000)
    assert notebook.get_by_role("button", name="Check my answer").count() == 0
    right = "Everybody at once" if form(LEARNER, "test") == 0 else "The owner of this step"
    notebook.get_by_label(right).focus()
    page.keyboard.press("Space")
    notebook.get_by_role("radiogroup", name="How sure are you?").first.get_by_role("radio").last.focus()
    page.keyboard.press("Space")
    done = notebook.get_by_role("button", name="I am done: show me where I stand")
    done.focus()
    page.keyboard.press("Enter")
    expect(notebook).to_contain_text(
        "Still open: “What follows”. What you leave open counts as not known.", timeout=20_000
    )
    expect(notebook).to_contain_text("Open, and not counted: “Around you”.")
    assert serious(page, f"{SELECTED} .jp-OutputArea") == []
    notebook.get_by_role("button", name="Finish with these left open").focus()
    page.keyboard.press("Enter")
    expect(notebook).to_contain_text("Where you stand", timeout=20_000)
    expect(notebook.get_by_role("row", name="Steps and hand-off")).to_contain_text("strong")
    kept = json.loads((lab.folder / "before" / "answers.json").read_text(encoding="utf-8"))["answers"]
    assert kept["before/T1"]["sure"] == "sure" and "before/finished" in kept
    assert serious(page, f"{SELECTED} .jp-OutputArea") == [] and console_errors == []


def test_the_end_of_a_lesson_leads_on(lab, page, console_errors):
    """The last thing on the page: the next lesson of the path by title, and the way home; both links open."""
    (lab.folder / "home.json").write_text(json.dumps({"format": 1, "path": "sales"}), encoding="utf-8")
    lab.open(page, "stages/stages.ipynb")
    lab.run_all(page)
    last = cell_by_id(page, "stages-way-on")
    expect(last).to_contain_text("Next: What we keep of 100", timeout=20_000)
    assert page.locator(f"{SELECTED} .jp-Notebook .jp-Cell").last.get_by_role("link").count() == 2
    for name, opens in (("your home page", "home.ipynb"), ("What we keep of 100", "price/price.ipynb")):
        lab.open(page, "stages/stages.ipynb")
        lab.run_all(page)
        cell_by_id(page, "stages-way-on").get_by_role("link", name=name).click()
        page.wait_for_function("(p) => window.jupyterapp.shell.currentWidget.context?.path === p", arg=opens)
    assert console_errors == []
