"""The maturity check: script and Python agree, it can be worked by keyboard, and a link brings the answers back."""

import random
from datetime import date, timedelta

import pytest
import yaml

from onefunnel.home import home
from onefunnel.publish.maturity import score, starts
from onefunnel.publish.site import build_site

pytestmark = pytest.mark.browser

SCRIPT = home().site / "assets" / "javascripts" / "maturity.js"
CHECK = yaml.safe_load((home().playbooks / "maturity.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The built site's folder."""
    return build_site(tmp_path_factory.mktemp("built") / "site")


@pytest.fixture
def address(site):
    """The check's page, opened from a folder."""
    return f"{site.as_uri()}/tools/maturity.html"


def test_a_person_finds_the_same_level_and_topics():
    """Worked by hand: of 0 1 2 2 0 1 four have reached level 1, two 2; the zeros go first."""
    assert score([0, 1, 2, 2, 0, 1]) == {"answered": 6, "level": 1, "lowest": [0, 4, 1]}
    assert score([3, 3, 0]) == {"answered": 3, "level": 3, "lowest": [2, 0, 1]}
    assert score([3, 3, 0, 0])["level"] == 0  # two of four are not more than half
    assert score([2, None, 1]) == {"answered": 2, "level": None, "lowest": []}
    assert score([]) == {"answered": 0, "level": None, "lowest": []}


def test_a_start_on_a_day_off_moves_to_the_next_working_day():
    """A week from 18 December 2026 is Christmas Day, a Friday; the 26th and the Sunday are off too: it is the 28th."""
    week, off = [0, 1, 2, 3, 4], [date(2026, 12, 25), date(2026, 12, 26)]
    assert starts(date(2026, 12, 18), [1, 4], week, off) == [date(2026, 12, 28), date(2027, 1, 15)]
    assert starts(date(2026, 5, 16), [1], week, []) == [date(2026, 5, 25)]
    assert starts(date(2026, 5, 16), [1], [], []) == [date(2026, 5, 23)]


def test_the_script_and_python_agree_on_many_random_inputs(page):
    """Same levels, topics and days on 800 random inputs, run in a browser whose clock changes in between."""
    dice = random.Random(20260515)
    answers = [[dice.choice([0, 1, 2, 3, 3, None][: dice.choice([4, 5, 6])]) for _ in range(dice.randint(0, 9))]
               for _ in range(800)]  # fmt: skip
    plans = []
    for _ in range(800):
        today = date(2024, 1, 1) + timedelta(days=dice.randint(0, 3000))
        weeks = sorted(dice.sample(range(1, 60), 3))
        off = [today + timedelta(days=dice.randint(0, 420)) for _ in range(dice.randint(0, 40))]
        plans.append((today, weeks, sorted(dice.sample(range(7), dice.randint(0, 7))), off))
    page.goto("about:blank")
    page.add_script_tag(content=SCRIPT.read_text(encoding="utf-8"))
    found = page.evaluate("inputs => inputs.map((one) => Maturity.score(one))", answers)
    assert found == [score(one) for one in answers]
    asked = [[str(today), weeks, days, [str(day) for day in off]] for today, weeks, days, off in plans]
    assert page.evaluate("inputs => inputs.map((one) => Maturity.starts(...one))", asked) == [
        [str(day) for day in starts(*plan)] for plan in plans
    ]


def test_it_can_be_worked_by_keyboard_and_ends_in_three_plays_with_days(page, address, console_errors):
    """Tab and arrows answer every topic; the summary counts along, and three plays with days come out."""
    page.clock.set_fixed_time("2026-05-15T22:30:00")
    page.goto(address)
    summary = page.locator("#of-maturity [data-summary]")
    given = [0, 1, 2, 2, 0, 1]
    page.locator("#of-maturity input").first.focus()
    for place, level in enumerate(given):
        assert page.evaluate("document.activeElement.name") == CHECK["topics"][place]["id"]
        page.keyboard.press("Space")
        for _ in range(level):
            page.keyboard.press("ArrowDown")
        if place < len(given) - 1:
            assert summary.inner_text().startswith(f"{place + 1} of {len(given)} answered.")
            page.keyboard.press("Tab")
    assert summary.inner_text().startswith("Your level: defined.")
    lines = page.locator("#of-maturity [data-plays] li")
    for index, place in enumerate([0, 4, 1]):
        play = CHECK["topics"][place]["answers"][given[place]]["play"]
        assert lines.nth(index).locator("a").get_attribute("href").endswith(f"/plays/{play}.html")
    days = [day.get_attribute("datetime") for day in page.locator("#of-maturity time").all()]
    assert days == ["2026-05-22", "2026-06-12", "2026-07-10"]  # Fridays, 1, 4 and 8 weeks on, none a day off
    assert page.url.endswith("#answers=012201")
    assert console_errors == []


def test_a_link_brings_the_answers_back_and_start_again_clears_them(page, address):
    """What stands in the link is chosen; senseless letters choose nothing; the button empties form, result and link."""
    page.goto(f"{address}#answers=3x2")
    chosen = page.locator("#of-maturity input:checked")
    assert [one.get_attribute("value") for one in chosen.all()] == ["3", "2"]
    assert page.locator("[data-summary]").inner_text().startswith(f"2 of {len(CHECK['topics'])} answered.")
    page.locator("#of-maturity button[type=reset]").click()
    page.wait_for_function("document.querySelectorAll('#of-maturity input:checked').length === 0")
    page.wait_for_function("!location.hash")
    assert page.locator("[data-plays]").is_hidden()


def test_it_reads_without_a_script(browser_without_script, address):
    """With JavaScript off every sentence and the table of plays are there, and the buttons are not."""
    page = browser_without_script
    page.goto(address)
    assert page.locator("#of-maturity fieldset").count() == len(CHECK["topics"])
    assert page.locator("#of-maturity button").first.is_hidden()
    assert page.get_by_text("Tick on paper").is_visible()
    assert page.locator("#of-maturity-plays a").count() == 4 * len(CHECK["topics"])


@pytest.fixture
def browser_without_script(browser):
    """A page in which no script runs."""
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()
