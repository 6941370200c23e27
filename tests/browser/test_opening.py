"""What `python kit.py learn` opens: nobody has to know how a cell is run."""

import os
import subprocess
import time

import pytest
from lab import SELECTED, TOKEN, Lab, free_port, stop_lab, wait_until_up
from playwright.sync_api import expect

from onefunnel.lab import add_own_pages, lab_command, update_lesson
from onefunnel.learn import identity
from onefunnel.lessons.release import release

pytestmark = pytest.mark.browser
LEARNER = "ana"
RUN = """() => [...window.jupyterapp.shell.currentWidget.content.model.cells]
    .filter((cell) => cell.type === 'code').map((cell) => cell.executionCount)"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab as the verb starts it, on a workspace with one lesson and the home page."""
    folder, course = tmp_path_factory.mktemp("workspace"), tmp_path_factory.mktemp("course")
    for slug in release(course, ["start-here", "product"]):
        update_lesson(course / "release" / slug, folder / slug)
        identity.keep(folder / slug, LEARNER)
    identity.keep(folder, LEARNER)
    page = add_own_pages(folder, LEARNER)
    port, log = free_port(), tmp_path_factory.mktemp("own") / "lab.log"
    with (
        lab_command(folder, page=f"/lab/tree/{page}", port=port, browser=False) as (command, config),
        log.open("w") as out,
    ):
        command += [f"--IdentityProvider.token={TOKEN}", "--LabApp.expose_app_in_browser=True"]
        environment = {**os.environ, "JUPYTER_CONFIG_PATH": config}
        server = subprocess.Popen(command, cwd=folder, env=environment, stdout=out, stderr=out)
        try:
            wait_until_up(server, port, log)
            yield Lab(port, folder)
        finally:
            stop_lab(server, port)


def test_a_lesson_has_run_when_it_is_open(lab, page, console_errors, outside_requests):
    """Every cell ran by itself, the page stands at its top, and the first question can be answered."""
    lab.open(page, "start-here/start-here.ipynb")
    page.wait_for_function(f"({RUN})().every((count) => count !== null)", timeout=120_000)
    assert page.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex") == 0
    first = page.locator(f"{SELECTED} .jp-OutputArea input[type=radio], {SELECTED} .jp-OutputArea [role=slider]").first
    expect(first).to_be_visible(timeout=20_000)
    assert page.locator(f"{SELECTED} .jp-Notebook").evaluate("(node) => node.scrollTop") == 0
    assert console_errors == [] and outside_requests == []


def test_the_home_page_comes_alive_without_being_blank(lab, page, console_errors):
    """The map that was written stays in sight until the live page, with the choice of a path, takes its place."""
    page.goto(lab.url("home.ipynb"))
    home = page.locator(f"{SELECTED} .jp-OutputArea").first
    expect(home).to_contain_text("Sales path", timeout=60_000)
    expect(page.get_by_role("radiogroup", name="Your path")).to_be_visible(timeout=120_000)
    assert console_errors == []


def test_a_written_answer_takes_what_is_typed_after_one_click(lab, page):
    """Click, type: the words replace the stub, no key is taken for a command, and the file holds them soon after."""
    lab.open(page, "product/product.ipynb")
    page.wait_for_function(f"({RUN})().every((count) => count !== null)", timeout=120_000)
    cells = page.evaluate("window.jupyterapp.shell.currentWidget.content.widgets.length")
    answer = page.locator(f"{SELECTED} .jp-MarkdownCell .cm-content").filter(has_text="Write your answer here")
    answer.click()
    page.keyboard.type("To the barista: add a dozen cups. ")
    assert page.evaluate("window.jupyterapp.shell.currentWidget.content.widgets.length") == cells
    path, ends = lab.folder / "product" / "product.ipynb", time.monotonic() + 20
    while "To the barista: add a dozen cups." not in path.read_text(encoding="utf-8"):
        assert time.monotonic() < ends, "the answer was not saved"
        time.sleep(0.2)
    assert "Write your answer here" not in path.read_text(encoding="utf-8")


def test_the_home_page_follows_what_was_done(lab, page):
    """An answer given in a lesson shows on the home page as soon as its tab is back in sight."""
    page.goto(lab.url("home.ipynb"))
    home = page.locator(f"{SELECTED} .jp-OutputArea").first
    expect(page.get_by_role("radiogroup", name="Your path")).to_be_visible(timeout=120_000)
    page.get_by_role("radiogroup", name="Your path").get_by_text("Sales path").click()
    expect(home).to_contain_text("Four levers", timeout=20_000)
    expect(home).to_contain_text("not begun")
    page.evaluate("void window.jupyterapp.commands.execute('docmanager:open', {path: 'start-here/start-here.ipynb'})")
    page.locator(".of-item input[type=radio]:visible").first.click(timeout=60_000)
    page.evaluate("void window.jupyterapp.commands.execute('docmanager:open', {path: 'home.ipynb'})")
    expect(home).to_contain_text("Go on with: Four levers", timeout=60_000)


def test_a_notebook_of_ones_own_is_left_alone(lab, page):
    """Only our pages run by themselves; what somebody else wrote waits for its reader."""
    cell = '{"cell_type": "code", "id": "a", "metadata": {}, "source": "1 + 1", "outputs": [], "execution_count": null}'
    kernel = '"kernelspec": {"name": "python3", "display_name": "Python 3"}'
    own = f'{{"cells": [{cell}], "metadata": {{{kernel}}}, "nbformat": 4, "nbformat_minor": 5}}'
    (lab.folder / "own.ipynb").write_text(own, encoding="utf-8")
    lab.open(page, "own.ipynb")
    page.wait_for_timeout(2_000)
    assert page.evaluate(f"({RUN})()") == [None]
