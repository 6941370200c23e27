"""The built site in a real browser: search, keyboard, both schemes, phone and laptop, from server and from folder."""

import pytest
from serving import served

from onefunnel.publish.site import build_site

pytestmark = pytest.mark.browser

PAGES = (
    "index",
    "steps/index",
    "steps/trial",
    "metrics/stage_conversion",
    "metrics/win_rate",
    "glossary",
    "tools/funnel",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The folder of a site built by the kit's own function."""
    return build_site(tmp_path_factory.mktemp("built") / "site")


@pytest.fixture(scope="module")
def server(site):
    """The same site on a small local server; gives its address."""
    with served(site) as address:
        yield address


@pytest.fixture(params=("folder", "server"))
def address(request, site, server):
    """Where the site is read: from a folder (file://) and from a server."""
    return site.as_uri() if request.param == "folder" else server


def test_pages_open_without_an_error_and_ask_for_nothing_outside(page, address, console_errors, outside_requests):
    """Every kind of page opens cleanly, from a folder as from a server; every single request stays inside."""
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for name in PAGES:
        page.goto(f"{address}/{name}.html")
        page.wait_for_load_state("networkidle")
    assert console_errors == []
    assert outside_requests == []
    assert [url for url in asked if not url.startswith((address, "data:", "blob:", "about:"))] == []


def first_results(page, words):
    """Type into the search and return the titles that it lists, best first."""
    page.keyboard.press("/")
    page.keyboard.type(words, delay=20)
    titles = page.locator(".md-search-result__link h1:visible")
    titles.first.wait_for(state="visible")
    return titles.all_inner_texts()


def test_search_finds_tasting(page, address, console_errors):
    """Typing “tasting” lists the step where a tasting is held before all that speaks of it, and the result opens it."""
    page.goto(f"{address}/index.html")
    assert first_results(page, "tasting")[0] == "Trial and tasting"
    page.locator(".md-search-result__link:visible").first.click()
    page.wait_for_url("**/steps/trial.html*")
    assert console_errors == []


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("win rate", "Win rate"),
        ("pocket price", "Pocket price"),
        ("launch gate", "Launch gate"),
        ("proposal", "Proposal"),
    ],
)
def test_search_lists_the_page_of_a_name_first(page, address, words, first):
    """A metric, a play or a step by its name: its own page comes before overviews and lessons that mention it."""
    page.goto(f"{address}/index.html")
    assert first_results(page, words)[0] == first


def test_search_finds_a_word_in_brackets(page, address):
    """“MQL” stands in brackets behind its name; typing it finds the glossary."""
    page.goto(f"{address}/index.html")
    assert "Glossary" in first_results(page, "mql")


def test_previous_and_next_lead_along_the_funnel(page, site):
    """From the first step to the last by “Next” alone."""
    page.goto(f"{site.as_uri()}/steps/unaware.html")
    seen = [page.locator("h1").inner_text()]
    while page.locator(".of-along__on").count():
        page.locator(".of-along__on").click()
        seen.append(page.locator("h1").inner_text())
    assert len(seen) == 12
    assert len(set(seen)) == 12


def test_the_scheme_can_be_chosen_and_colours_the_charts(page, site):
    """The button in the header switches to the dark scheme; the charts change with it."""
    page.goto(f"{site.as_uri()}/metrics/stage_conversion.html")
    bar = page.locator(".of-chart:visible rect.main").first
    light = bar.evaluate("element => getComputedStyle(element).fill")
    page.locator("label[for=__palette_1]:visible, label[for=__palette_0]:visible").first.click()
    page.wait_for_timeout(300)
    assert bar.evaluate("element => getComputedStyle(element).fill") != light


def test_reading_works_without_scripts(browser, site):
    """With JavaScript off, a step, the map and the calculator's numbers are there to read."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{site.as_uri()}/tools/funnel.html")
    assert page.locator("[data-show^=before-]").count() == 8
    assert page.locator("[data-show^=before-]").last.inner_text().replace(",", "").isdigit()
    assert page.locator("fieldset").is_hidden()
    page.goto(f"{site.as_uri()}/steps/index.html")
    assert page.locator(".of-map:visible .of-map__step").count() == 12
    context.close()
