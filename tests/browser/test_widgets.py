"""Every question answered in a real JupyterLab with the keyboard alone, in light and dark, and read by axe."""

from __future__ import annotations

import json
import shutil
import time
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from lab import press, serious, start_lab
from playwright.sync_api import expect

from onefunnel.home import home
from onefunnel.learn.widgets import WIDGETS

pytestmark = pytest.mark.browser

FIXTURE = Path(__file__).parents[1] / "fixtures" / "widget_questions.py"
NAMES = ["P1", "P2", "N1", "T1", "W1", "O1", "M1", "H1", "G1", "B1", "S1", "C1", "H2", "H3", "K1", "R1", "A1", "X1"]
SETUP = """
import json, pathlib
import widget_questions as questions
from onefunnel import data, playbook
from onefunnel.learn.widgets import explore_widget, item_widget
from onefunnel.learn.world import World
from IPython.display import display
FILE = pathlib.Path("answers.json")
WORLD = World.of(data.load(), playbook.load(), "ana")

def kept():
    return json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}

def show(name):
    def keep(answer):
        FILE.write_text(json.dumps({**kept(), name: answer}), encoding="utf-8")
    display(item_widget(questions.item(name), kept().get(name), keep, questions.Context(name)))
"""

# What a learner presses once a question's first control has the focus; "type:" writes text.
KEYS = {
    "P1": ["Space", "ArrowDown"],
    "P2": ["ArrowRight", "ArrowRight", "Tab", "Tab", "Enter"],
    "N1": ["type:26,4 %", "Enter"],
    "T1": ["Tab", "Enter", *["Tab"] * 5, "Space", *["Shift+Tab"] * 6, "Enter"],
    "W1": ["Space", "Tab", "Space", "ArrowDown"],
    "O1": ["ArrowDown", "ArrowDown", "Tab", "ArrowDown", "Tab", "type:3"],
    "M1": ["ArrowDown", "Tab", "ArrowDown"],
    "H1": ["Space", "Tab", "Tab", "Space"],
    "G1": ["Tab", "Control+a", "type:14.3", "Tab", "Enter"],
    "B1": ["ArrowDown", "Tab", "ArrowDown", "ArrowDown"],
    "S1": ["ArrowDown", "Tab", "ArrowDown", "ArrowDown", "Tab", "ArrowDown"],
    "C1": ["ArrowDown", "Tab", "ArrowDown", "ArrowDown"],
    "H2": ["Space", "Tab", "Space", "Tab", "Tab", "Space"],
    "H3": ["Space", "ArrowDown"],
    "K1": ["ArrowDown", "Tab", "ArrowDown", "ArrowDown"],
    "R1": [
        *["ArrowDown", "wait", "Tab", "Space", "Tab", "Tab", "Space"],
        *["Tab", "ArrowDown", "ArrowDown", "wait", "Tab", "ArrowDown", "Tab", "Control+a", "type:9", "Enter"],
    ],
    "A1": [*["ArrowLeft"] * 4, "Tab", "Tab", *["ArrowRight"] * 4, "Tab", "Tab", "Enter"],
    "X1": ["type:On Monday I ask Ana.", "Tab", "Enter", "wait", "Tab", "type:3", "Tab", "ArrowDown"],
}
EXPECTED = {
    "P1": {"choice": "some"},
    "P2": {"value": 11.0},
    "N1": {"text": "26,4 %"},
    "T1": {"formula": ["accepted", "÷", "mql"]},
    "W1": {"parts": {"where": "early", "why": "rate"}},
    "O1": {"position": {"proposal": 2, "trial": 1, "won": 3}},
    "M1": {"rows": {"tom": "call", "mql": "call"}},
    "H1": {"picked": ["a1", "a3"]},
    "G1": {"value": 14.3},
    "B1": {"best": "hold", "worst": "trade"},
    "S1": {"rows": {"believe": "effect", "lot": "opinion", "both": "effect"}},
    "C1": {"parts": {"gap": "points", "does": "no"}},
    "H2": {"picked": ["d1", "d2", "d4"]},
    "H3": {"picked": ["o2"]},
    "K1": {"rows": {"rate": "new", "clock": "can"}},
    "R1": {
        "rules": [
            {"column": "kind", "test": "one_of", "value": ["cafe", "depot"]},
            {"column": "cases", "test": "at_most", "value": 9},
        ]
    },
    "A1": {"plan": {"north": 40.0, "south": 60.0}},
    "X1": {"text": "On Monday I ask Ana.", "self": {"0": 3, "1": 0}},
}
SAME_ROW = 12  # pixels by which the middles of two controls of one row may differ
FIRST = "input, select, textarea, button, [role=slider]"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab on a folder with one notebook: a cell a question, then a cell an exploration."""
    folder = tmp_path_factory.mktemp("lessons")
    shutil.copy(FIXTURE, folder)
    cells = [SETUP, *(f'show("{name}")' for name in NAMES)]
    cells += [f'explore_widget("{name}", WORLD)' for name in WIDGETS if not name.endswith("_example")]
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in cells],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
    nbformat.write(notebook, folder / "questions.ipynb")
    with start_lab(folder, tmp_path_factory.mktemp("own")) as running:
        yield running


@pytest.fixture
def opened(lab, page, console_errors, outside_requests):
    """The notebook, run, with no answers kept."""
    (lab.folder / "answers.json").unlink(missing_ok=True)
    page.set_viewport_size({"width": 1100, "height": 2400})
    lab.open(page, "questions.ipynb")
    lab.run_all(page)
    count = len(NAMES) + len([name for name in WIDGETS if not name.endswith("_example")])
    page.wait_for_function(f"document.querySelectorAll('.onefunnel[data-assisted]').length === {count}")
    return page


def root(page, name):
    """The box of a question."""
    return page.locator(".onefunnel").nth(NAMES.index(name))


def answers(lab):
    """What is kept in the file."""
    file = lab.folder / "answers.json"
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}


def until(seconds, condition):
    """Wait until a condition holds; return whether it did."""
    ends = time.monotonic() + seconds
    while not condition() and time.monotonic() < ends:
        time.sleep(0.05)
    return condition()


def shoot(page, tag):
    """Save a picture of every box for a designer's eye."""
    folder = home().build / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    boxes = page.locator(".onefunnel")
    for place in range(boxes.count()):
        boxes.nth(place).scroll_into_view_if_needed()
        boxes.nth(place).screenshot(path=folder / f"widget-{place:02d}-{tag}.png")


def test_every_question_is_answered_with_the_keyboard_alone(lab, opened, console_errors, outside_requests):
    """Tab, arrows, Space and Enter give every kind of answer, and Lab takes no key for a command of its own."""
    page = opened
    cells = page.locator(".jp-CodeCell").count()
    for name in NAMES:
        root(page, name).locator(FIRST).first.focus()
        press(page, KEYS[name])
        until(10, lambda name=name: answers(lab).get(name) == EXPECTED[name])
        assert answers(lab).get(name) == EXPECTED[name], name
        status = root(page, name).locator("[role=status]")
        assert status.count() == 1, "one live region, so that nothing is read twice"
        expect(status).to_contain_text("Kept at", timeout=10_000)  # the file is there before the page hears of it
    assert page.locator(".jp-CodeCell").count() == cells
    # Letters on a drop-down list are for the list: "x" would cut a cell, "a" insert one, "d d" delete one.
    root(page, "M1").locator("select").first.focus()
    press(page, ["x", "a", "b", "d", "d", "m"])
    assert page.locator(".jp-CodeCell").count() == cells
    assert page.locator(".jp-MarkdownCell").count() == 0
    shoot(page, "answered")

    assert serious(page) == []
    assert console_errors == []
    assert outside_requests == []

    page.reload()
    lab.open(page, "questions.ipynb")
    lab.run_all(page)
    page.wait_for_selector(f".onefunnel[data-assisted] >> nth={len(NAMES) - 1}")
    assert root(page, "P1").locator("input:checked").count() == 1
    assert root(page, "G1").locator("input[type=number]").input_value() == "14.3"
    assert "accepted by sales ÷ marketing qualified" in root(page, "T1").locator(".of-formula").inner_text()
    assert "The gap is 27 points, and that does not show" in root(page, "C1").locator(".of-formula").inner_text()
    assert root(page, "R1").locator("input:checked").count() == 2
    assert "Kept. Brings €120" in root(page, "A1").locator("[role=status]").inner_text()
    assert "five leads" in root(page, "X1").inner_text()


def test_the_tab_key_enters_and_leaves_every_question_in_reading_order(opened):
    """From the first control, Tab visits every control once, top to bottom, and goes on to the next cell: no trap."""
    page = opened
    here = "document.activeElement"
    for name in NAMES:
        box = root(page, name)
        box.locator(FIRST).first.focus()
        handle = box.element_handle()
        middles = []
        while page.evaluate(f"(box) => box.contains({here})", handle) and len(middles) < 40:
            middles.append(
                page.evaluate(f"() => {{ const b = {here}.getBoundingClientRect(); return b.top + b.height / 2 }}")
            )
            page.keyboard.press("Tab")
        assert len(middles) < 40, f"{name} holds the focus"
        radios = box.locator("[role=radiogroup]").count()
        stops = box.locator("select, textarea, button, input:not([type=radio]), [role=slider]").count() + radios
        assert len(middles) == stops, name
        jumps = [after - before for before, after in pairwise(middles) if after < before - SAME_ROW]
        assert jumps == [], f"{name}: the focus jumps up"


def test_nothing_is_too_pale_or_too_wide_in_the_dark_on_a_narrow_screen(lab, opened, console_errors):
    """Dark theme, 700 pixels: axe finds enough contrast everywhere, nothing sticks out of its box."""
    page = opened
    lab.theme(page, dark=True)
    page.set_viewport_size({"width": 700, "height": 2400})
    page.evaluate("window.jupyterapp.shell.collapseLeft()")
    page.wait_for_timeout(500)
    shoot(page, "dark-narrow")
    try:
        assert serious(page) == []
        wide = page.evaluate(
            """() => [...document.querySelectorAll('.onefunnel')].filter((box) => {
                const edge = box.getBoundingClientRect().right + 1;
                return [...box.querySelectorAll('input, select, button, textarea, svg, label, p, .of-box')].some(
                    (part) => part.getBoundingClientRect().right > edge && !part.closest('.of-scroll'));
            }).map((box) => box.getAttribute('aria-label'))"""
        )
        assert wide == []
        assert console_errors == []
    finally:
        lab.theme(page, dark=False)


def test_an_exploration_redraws_when_a_slider_is_moved_by_key(opened, console_errors):
    """Five steps to the right on the first slider of the waterfall change finding, picture and table."""
    page = opened
    box = page.locator(".onefunnel.of-explore").nth(1)
    handle = box.get_by_role("slider", name="On-invoice discount (% of list)")
    before = box.locator(".of-finding").inner_text()
    handle.focus()
    assert handle.get_attribute("aria-valuetext").endswith(" % of list")
    press(page, ["ArrowRight"] * 5)
    page.wait_for_function(
        "([box, before]) => box.querySelector('.of-finding').innerText !== before", arg=[box.element_handle(), before]
    )
    assert "less margin" in box.locator(".of-finding").inner_text()
    assert box.locator("svg[role=img]").count() == 1
    assert console_errors == []
