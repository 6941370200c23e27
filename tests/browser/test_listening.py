"""The lesson on listening in a real JupyterLab: a field note by keyboard alone, light and dark, read by axe."""

import pytest
from lab import SELECTED, press, serious, start_lab
from playwright.sync_api import expect

from onefunnel.lab import update_lesson
from onefunnel.learn import identity, notes
from onefunnel.lessons.release import release

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A learner's workspace with the lesson as released."""
    folder, course = tmp_path_factory.mktemp("workspace"), tmp_path_factory.mktemp("course")
    release(course, ["listening"])
    update_lesson(course / "release" / "listening", folder / "listening")
    identity.keep(folder / "listening", "ana")
    with start_lab(folder, tmp_path_factory.mktemp("own")) as running:
        yield running


def test_a_field_note_is_written_by_keyboard_alone(lab, page, console_errors, outside_requests):
    """Five fields in reading order, then the button: one row beside the notebook. Axe finds nothing grave."""
    lab.open(page, "listening/listening.ipynb")
    lab.run_all(page)
    guess = page.locator(".onefunnel.of-item").first
    guess.get_by_role("slider").focus()
    press(page, [*["ArrowRight"] * 9, *["Tab"] * 2, "Enter"])
    form = page.locator(".onefunnel", has_text="A field note: five questions, one minute").last
    form.locator(".of-finding").wait_for(timeout=60_000)
    expect(page.locator(".onefunnel.of-explore")).to_have_count(5, timeout=60_000)

    form.get_by_label("2 Where?").focus()
    press(
        page, ["type:Café Uno", "Tab", "ArrowDown", "Tab", "type:Ten per cent off, until June", "Tab", "type:our offer"]
    )
    assert not (lab.folder / "listening" / notes.FILE).exists(), "nothing is written before the button"
    press(page, ["Tab", "Enter"])
    expect(form.locator(".of-finding")).to_contain_text("Row 1 is written to", timeout=20_000)
    (note,) = notes.read(lab.folder / "listening")
    told = {name: note[name] for name in ("where", "kind", "seen", "could_change")}
    assert told == {
        "where": "Café Uno",
        "kind": "price",
        "seen": "Ten per cent off, until June",
        "could_change": "our offer",
    }
    assert page.locator(f"{SELECTED} .jp-Notebook .jp-Cell").count() > 40, "no key reached the notebook's shortcuts"

    rides = page.locator(".onefunnel", has_text="Who rides with whom this year?").last
    before = rides.locator(".of-finding").inner_text()
    rides.get_by_role("slider").nth(1).focus()
    press(page, ["ArrowLeft"])
    expect(rides.locator(".of-finding")).not_to_have_text(before, timeout=20_000)
    for dark in (False, True):
        lab.theme(page, dark=dark)
        assert serious(page) == [], "dark" if dark else "light"
