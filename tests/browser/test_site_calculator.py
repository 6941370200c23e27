"""The funnel calculator: the script computes what Python computes, and a person can work it with the keyboard."""

import random

import pytest

from onefunnel.home import home
from onefunnel.publish.calculators import funnel
from onefunnel.publish.site import build_site

pytestmark = pytest.mark.browser

SCRIPT = home().site / "assets" / "javascripts" / "calculators.js"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The calculator's page, opened from a folder."""
    return build_site(tmp_path_factory.mktemp("built") / "site").as_uri() + "/tools/funnel.html"


def random_inputs(count):
    """Reasonable, extreme and senseless inputs, from a fixed seed."""
    dice = random.Random(20260515)
    for _ in range(count):
        rates = [
            dice.choice([0, 1, dice.random(), dice.random(), dice.uniform(-0.5, 1.5)])
            for _ in range(dice.randint(1, 9))
        ]
        people = dice.choice([0, 1, dice.uniform(0, 50_000), dice.uniform(-10, 10)])
        more = dice.choice([0, 0.1, dice.uniform(-1.5, 3)])
        yield [people, rates, more, dice.randint(-1, len(rates)), dice.choice([0, 0.05, dice.uniform(-1, 1)])]


def test_the_script_and_python_agree_on_many_random_inputs(page):
    """Same numbers to the last bits on 800 random inputs, run in the browser."""
    inputs = list(random_inputs(800))
    page.goto("about:blank")
    page.add_script_tag(content=SCRIPT.read_text(encoding="utf-8"))
    answers = page.evaluate("inputs => inputs.map((one) => OneFunnel.funnel(...one))", inputs)
    for given, answer in zip(inputs, answers, strict=True):
        expected = funnel(*given)
        assert answer["before"] == pytest.approx(expected["before"], rel=1e-12, abs=1e-12), given
        assert answer["after"] == pytest.approx(expected["after"], rel=1e-12, abs=1e-12), given
        for key in ("change", "people_needed"):
            assert (answer[key] is None) == (expected[key] is None), given
            if expected[key] is not None:
                assert answer[key] == pytest.approx(expected[key], rel=1e-9, abs=1e-12), given


def test_python_computes_what_a_person_computes():
    """1000 people, half go on, then a fifth: 100. Ten points more at the second door: 150, +50 %."""
    result = funnel(1000, [0.5, 0.2], door=1, points=0.1)
    assert result["before"] == [1000, 500, 100]
    assert result["after"] == pytest.approx([1000, 500, 150])
    assert result["change"] == pytest.approx(0.5)
    assert result["people_needed"] == pytest.approx(1500)
    assert funnel(0, [0.5])["change"] is None
    assert funnel(10, [0.0])["people_needed"] is None


def test_it_can_be_worked_by_keyboard_and_says_what_changed(page, address, console_errors):
    """Choose a rate, add ten points: the table and the spoken summary follow, and agree with Python."""
    page.goto(address)
    form = page.locator("#of-funnel")
    people = float(form.locator("[name=people]").input_value())
    rates = [float(form.locator(f"[name=rate-{index}]").input_value()) / 100 for index in range(7)]
    form.locator("[name=door]").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "points"
    page.keyboard.press("Control+a")
    page.keyboard.type("10")
    door = int(form.locator("[name=door]").input_value())
    assert door == 1
    expected = funnel(people, rates, door=door, points=0.1)
    shown = form.locator("[data-after]").last.inner_text()
    assert shown.splitlines()[-1] == f"{round(expected['after'][-1]):,}"
    summary = form.locator("[data-summary]")
    assert f"+{expected['change'] * 100:.1f} %" in summary.inner_text()
    assert summary.get_attribute("aria-live") == "polite"
    assert console_errors == []


def test_a_link_holds_the_inputs(page, browser, address):
    """Opening the address that the page shows gives the same inputs and the same result in another browser window."""
    page.goto(address)
    page.locator("[name=more]").fill("25")
    page.locator("[name=rate-3]").fill("80")
    link, result = page.evaluate("location.href"), page.locator("[data-summary]").inner_text()
    assert "more=25" in link
    other = browser.new_page()
    other.goto(link)
    assert other.locator("[name=more]").input_value() == "25"
    assert other.locator("[name=rate-3]").input_value() == "80"
    assert other.locator("[data-summary]").inner_text() == result
    other.locator("#of-funnel [type=reset]").click()
    other.wait_for_timeout(100)
    assert other.locator("[name=more]").input_value() == "0"
    assert "Change something" in other.locator("[data-summary]").inner_text()
    other.close()


def test_without_a_change_the_numbers_are_the_companys(page, address):
    """The table as rendered, before any script ran, and after drawing it anew are the same."""
    page.goto(address)
    before = page.locator("#of-funnel tbody").inner_text()
    page.locator("[name=points]").fill("5")
    page.locator("[name=points]").fill("0")
    assert page.locator("#of-funnel tbody").inner_text() == before
