"""The built site in a real browser: search, keyboard, both schemes, phone and laptop, from server and from folder."""

import http.server
import threading
from functools import partial

import pytest
from axe_playwright_python.sync_playwright import Axe

from onefunnel.home import home
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
SIZES = {360: 740, 1280: 900}
SCHEMES = ("light", "dark")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The folder of a site built by the kit's own function."""
    return build_site(tmp_path_factory.mktemp("built") / "site")


@pytest.fixture(scope="module")
def server(site):
    """The same site on a small local server; gives its address."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_address[1]}"
        running.shutdown()


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


def test_search_finds_tasting(page, address, console_errors):
    """Typing “tasting” lists the step where a tasting is held, and the result opens it."""
    page.goto(f"{address}/index.html")
    page.keyboard.press("/")
    page.keyboard.type("tasting", delay=20)
    result = page.locator(".md-search-result__link", has_text="Trial and tasting").first
    result.wait_for(state="visible")
    result.click()
    page.wait_for_url("**/steps/trial.html*")
    assert console_errors == []


def test_the_map_can_be_walked_by_keyboard(page, site):
    """Tab reaches every step of the map in order, and Enter opens it. The hidden shape is skipped."""
    page.goto(f"{site.as_uri()}/steps/index.html")
    shown = page.locator(".of-map:visible a")
    names = [shown.nth(index).get_attribute("aria-label") for index in range(shown.count())]
    assert len(names) == 12
    page.locator("article").evaluate("element => { element.tabIndex = -1; element.focus(); }")
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        name = page.evaluate(
            "document.activeElement.closest('.of-map') && document.activeElement.getAttribute('aria-label')"
        )
        reached += [name] if name else []
        if len(reached) == 7:
            page.keyboard.press("Enter")
            break
    assert reached == names[:7]
    page.wait_for_url("**/steps/trial.html")


def test_previous_and_next_lead_along_the_funnel(page, site):
    """From the first step to the last by “Next” alone."""
    page.goto(f"{site.as_uri()}/steps/unaware.html")
    seen = [page.locator("h1").inner_text()]
    while page.locator(".of-along__on").count():
        page.locator(".of-along__on").click()
        seen.append(page.locator("h1").inner_text())
    assert len(seen) == 12
    assert len(set(seen)) == 12


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", SIZES)
def test_pages_are_accessible_and_fit_the_screen(browser, site, width, scheme):
    """axe-core finds nothing serious or critical, nothing runs out of the screen; a screenshot is kept to look at."""
    shots = home().build / "screenshots"
    shots.mkdir(parents=True, exist_ok=True)
    context = browser.new_context(viewport={"width": width, "height": SIZES[width]}, color_scheme=scheme)
    page = context.new_page()
    found = []
    for name in PAGES:
        page.goto(f"{site.as_uri()}/{name}.html")
        # The theme fades its tabs in; a colour halfway is no colour to judge.
        page.add_style_tag(content="*, *::before, *::after { transition: none !important; animation: none !important }")
        page.wait_for_timeout(400)
        page.screenshot(path=shots / f"site-{name.replace('/', '-')}-{width}-{scheme}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} is wider than {width} px"
        for violation in Axe().run(page).response["violations"]:
            if violation["impact"] in ("serious", "critical"):
                found += [
                    f"{name}: {violation['id']} {node['target']} {node['html'][:160]}" for node in violation["nodes"]
                ]
    context.close()
    assert found == []


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
    assert page.locator(".of-map:visible a").count() == 12
    context.close()
