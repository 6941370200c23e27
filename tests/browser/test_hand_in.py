"""Three lessons in a real JupyterLab from the first guess to the file that is handed in, without a line of code.

What is right is worked out here, or read off the page as a learner would.
"""

import hashlib
import json
import re
import subprocess
import sys
import zipfile

import pytest
from lab import SELECTED, cell_by_id, start_lab
from playwright.sync_api import expect

from onefunnel.lab import update_lesson
from onefunnel.learn import identity
from onefunnel.lessons.release import release
from onefunnel.playbook import load as load_playbook

pytestmark = pytest.mark.browser
LEARNER, LESSONS, PATIENCE = "ana", ("start-here", "stages", "hand-off"), 30_000


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A learner's workspace with one lesson of each of three tracks."""
    folder, course = tmp_path_factory.mktemp("workspace"), tmp_path_factory.mktemp("course")
    for slug in release(course, LESSONS):
        update_lesson(course / "release" / slug, folder / slug)
        identity.keep(folder / slug, LEARNER)
    with start_lab(folder, tmp_path_factory.mktemp("own")) as running:
        yield running


def opened(lab, page, slug):
    """Open a lesson, run it, and return what gives the box of one of its questions."""
    lab.open(page, f"{slug}/{slug}.ipynb")
    lab.run_all(page)
    return lambda name: cell_by_id(page, f"{slug}-{name}-ask")


def checked(question, says):
    """Press the button under a question and wait for the words.

    A change that the kernel hears of after the click takes the verdict away again; then a person presses once more.
    """
    verdict = question.locator(".of-verdict")
    for _ in range(3):
        question.get_by_role("button", name="Check my answer").click()
        try:
            expect(verdict).not_to_have_text("", timeout=PATIENCE / 3)
            break
        except AssertionError:
            continue
    expect(verdict).to_contain_text(says, timeout=PATIENCE)


def kept(question):
    """Wait until the question's own line says that the answer is kept."""
    expect(question.locator(".of-status")).to_contain_text("Kept at", timeout=PATIENCE)


def validated(page):
    """Press nbgrader's Validate (it saves the notebook first) and return what its box says."""
    page.get_by_role("button", name="Validate").click()
    dialog = page.locator(".jp-Dialog")
    expect(dialog).to_contain_text(re.compile("Success|failed", re.IGNORECASE), timeout=180_000)
    text = dialog.inner_text()
    dialog.get_by_role("button").last.click()
    expect(dialog).to_have_count(0)
    return text


def handed_in(lab, slug, tmp_path):
    """Make the file as `submit` does; return (its answers, its notebook's cells by id) of one lesson.

    The manifest lists every file with its own hash, and only the three files a lesson may have.
    """
    to = tmp_path / "hand-in.zip"
    command = [sys.executable, "-m", "onefunnel", "submit", "--workspace", str(lab.folder), "--to", str(to)]
    said = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120, check=True).stdout
    assert "Send this one file" in said
    with zipfile.ZipFile(to) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(content.pop("manifest.json"))
    assert manifest["learner"] == LEARNER
    assert {one["path"]: one["sha256"] for one in manifest["files"]} == {
        name: hashlib.sha256(data).hexdigest() for name, data in content.items()
    }
    mine = {name for name in content if name.startswith(f"{slug}/")}
    assert mine == {f"{slug}/{file}" for file in (f"{slug}.ipynb", "answers.json", "attempts.jsonl")}
    answers = json.loads(content[f"{slug}/answers.json"])["answers"]
    cells = json.loads(content[f"{slug}/{slug}.ipynb"])["cells"]
    return {name: entry["answer"] for name, entry in answers.items()}, {cell["id"]: cell for cell in cells}


def test_slide_type_and_build_from_tiles(lab, page, console_errors, outside_requests, tmp_path):
    """start-here: a guess, a number, a slider, tiles, a written line; Validate says success, and all is in the file."""
    question = opened(lab, page, "start-here")
    question("P1").get_by_label("They all bring the same").check()
    kept(question("P1"))

    number = question("E1")  # 5 % up and 5 % down leave 1.05 × 0.95 = 0.9975
    number.get_by_label("Your answer").fill("0")
    number.get_by_label("Your answer").press("Enter")
    kept(number)
    checked(number, "You let plus and minus cancel")
    number.get_by_label("Your answer").fill("-0,25 %")
    number.get_by_label("Your answer").press("Enter")
    expect(number.locator(".of-status")).to_contain_text("Kept at", timeout=PATIENCE)
    checked(number, "✔ Right.")

    lever = question("E4")
    lever.get_by_label("A higher net price of a case").check()
    lever.get_by_label("What it brings has no cost of its own").check()
    kept(lever)
    checked(lever, "✔ Right.")

    slider = question("E2")  # the picture says what 12 % of price bring; the way there is a straight line
    slider.get_by_role("slider").focus()
    slider.get_by_role("slider").press("End")
    outcome = slider.locator(".of-box")
    expect(outcome).to_contain_text(re.compile(r": (2|3|4|5|6)\d\.\d %"), timeout=PATIENCE)
    at_twelve = float(re.search(r": ([\d.]+) %", outcome.inner_text())[1])
    wanted = round(12 * 10 / at_twelve, 1)
    typed = slider.get_by_role("spinbutton")
    typed.fill(str(wanted))
    typed.press("Enter")
    expect(outcome).to_contain_text(re.compile(r": (9\.[5-9]|10\.[0-5]) %"), timeout=PATIENCE)
    slider.get_by_role("button", name="Keep this answer").click()
    kept(slider)
    checked(slider, "✔ Right.")

    tiles = question("E3")
    for part in ("customers", "×", "orders per customer", "×", "cases per order", "×", "net price of a case"):
        tiles.locator("button", has_text=re.compile(f"^{re.escape(part)}$")).click()
    kept(tiles)
    checked(tiles, "✔ Right.")

    line = question("M1")
    line.locator("textarea").fill("I ask Noor which lever her next plan moves.")
    line.get_by_role("button", name="Keep this answer").click()
    kept(line)

    assert "Success" in validated(page)
    answers, _ = handed_in(lab, "start-here", tmp_path)
    assert answers == {
        "start-here/P1": {"choice": "same"},
        "start-here/E1": {"text": "-0,25 %"},
        "start-here/E4": {"parts": {"lever": "price", "reason": "no_cost"}},
        "start-here/E2": {"value": wanted},
        "start-here/E3": {"formula": ["customers", "×", "orders", "×", "cases", "×", "price"]},
        "start-here/M1": {"text": "I ask Noor which lever her next plan moves.", "self": {}},
    }
    assert console_errors == [] and outside_requests == []


def test_match_order_and_give_a_reason(lab, page, console_errors, outside_requests, tmp_path):
    """stages: lists for words and for twelve places, an answer with its reason; Validate names only what is open."""
    question = opened(lab, page, "stages")
    question("P1").get_by_label("About 3 of 100").check()
    kept(question("P1"))

    playbook = load_playbook()
    hears = {
        "Brand awareness": "They know who is calling",
        "Top of mind": "They think of us before any rival",
        "Word of mouth": "A customer told them to try us",
        "Intent to buy": "They say they plan to buy soon",
        playbook.step("engaged").name: "A named person asked us something",
        "Marketing-qualified lead": "They reached our score and wait for a call",
        "Reach": "Our message was put before them",
        "Nurture": "Not ready yet so we stay in touch",
    }
    words = question("E1")
    for word, sentence in hears.items():
        words.get_by_label(word, exact=True).select_option(label=sentence)
    kept(words)
    checked(words, "✔ Right.")

    order = question("E2")
    for place, step in enumerate(playbook.steps, start=1):
        order.get_by_label(step.name, exact=True).select_option(label=str(place))
    expect(order.locator(".of-status")).not_to_contain_text("still open", timeout=PATIENCE)
    checked(order, "✔ Right.")

    plan = question("D2")
    plan.get_by_label("Plan B: ten points more acceptance").check()
    plan.get_by_label("Ten points are a large part of a low rate").check()
    checked(plan, "✔ Right.")

    said = validated(page)
    assert all(f'check("{name}"' in said for name in ("E3", "E4", "E5", "D1")) and "Not yet" in said
    assert not any(f'check("{name}"' in said for name in ("E1", "E2", "D2"))
    answers, _ = handed_in(lab, "stages", tmp_path)
    assert set(answers) == {f"stages/{name}" for name in ("P1", "E1", "E2", "D2")}
    assert len(answers["stages/E1"]["rows"]) == 8
    places = {step.id: place for place, step in enumerate(playbook.steps, start=1)}
    assert answers["stages/E2"] == {"position": places}
    assert console_errors == [] and outside_requests == []


def test_fill_a_sentence_tick_and_write(lab, page, console_errors, outside_requests, tmp_path):
    """hand-off: a miss with its reason, a whole sentence, ticked lines, and a written answer that a person reads."""
    question = opened(lab, page, "hand-off")
    guess = question("P1")
    guess.get_by_role("slider").focus()
    guess.get_by_role("slider").press("ArrowRight")
    guess.get_by_role("button", name="Keep").click()
    kept(guess)

    clock = question("E3")  # 20 minutes of the four hours are gone by 17:00, so 3:40 are left from 9:00 on
    clock.get_by_label("It starts").select_option(label="when the lead is assigned")
    clock.get_by_label("On Friday it runs").select_option(label="20 minutes")
    clock.get_by_label("Due on").select_option(label="Friday, 20:40")
    expect(clock.locator(".of-formula")).to_contain_text("due on Friday, 20:40", timeout=PATIENCE)
    kept(clock)
    checked(clock, "You let the clock run in the evening")
    clock.get_by_label("Due on").select_option(label="Monday, 12:40")
    expect(clock.locator(".of-formula")).to_contain_text("due on Monday, 12:40", timeout=PATIENCE)
    checked(clock, "✔ Right.")

    report = question("E5")
    for line in (
        "The two hours are the middle of those who were called",
        "The never called belong in the middle as the longest waits",
        "The two new leads belong in neither number yet",
    ):
        report.get_by_label(line).check()
    expect(report.locator(".of-status")).to_contain_text("3 of 6 ticked", timeout=PATIENCE)
    checked(report, "✔ Right.")

    letter = "Hello Noor, 49 of my 100 leads were never called. Could you ring nine by Friday? I hold back the lists."
    write(page, "hand-off-W1", letter)

    said = validated(page)
    assert not any(f'check("{name}"' in said for name in ("E3", "E5"))
    answers, cells = handed_in(lab, "hand-off", tmp_path)
    assert answers["hand-off/E3"]["parts"] == {"start": "assigned", "friday": "twenty", "due": "mon_12_40"}
    assert sorted(answers["hand-off/E5"]["picked"]) == ["longest", "neither", "survivors"]
    assert "".join(cells["hand-off-W1"]["source"]) == letter
    assert console_errors == [] and outside_requests == []


def write(page, cell_id, text):
    """Open a Markdown cell with a double click, write over what stands there, and leave it by Shift+Enter."""
    index = page.evaluate(
        "(id) => window.jupyterapp.shell.currentWidget.content.widgets.findIndex((c) => c.model.id === id)", cell_id
    )
    cell = page.locator(f"{SELECTED} .jp-Notebook .jp-Cell").nth(index)
    cell.locator(".jp-MarkdownOutput").dblclick()
    editor = cell.locator(".cm-content")
    editor.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(text)
    page.keyboard.press("Shift+Enter")
    expect(cell.locator(".jp-MarkdownOutput")).to_contain_text(text[:30], timeout=PATIENCE)
