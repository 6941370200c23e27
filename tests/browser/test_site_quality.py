"""The site's pages judged: accessible in both schemes and widths, printable, light, and readable without scripts."""

import re
import time
from pathlib import Path

import axe_playwright_python
import pytest
from serving import served

from onefunnel.home import home
from onefunnel.publish.site import build_site

pytestmark = pytest.mark.browser

# One page of each kind, for every run; all pages under --slow.
KINDS = {
    "home": "index",
    "map": "steps/index",
    "step": "steps/trial",
    "metric": "metrics/win_rate",
    "play": "plays/launch_gate",
    "role": "roles/trial_lead",
    "calculator": "tools/funnel",
    "lesson": "lessons/stages",
}
MORE = {  # these are large, or like the others; a reviewer sees them all the same
    "wall": "steps/wall",
    "metrics": "metrics/index",
    "lessons": "lessons",
    "glossary": "glossary",
    "evidence": "evidence",
    "changes": "changes",
}
SIZES = {1280: 900, 360: 740}
SCHEMES = {"light": "default", "dark": "slate"}
STILL = "*, *::before, *::after { transition: none !important; animation: none !important }"
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
LIGHT = 150_000  # bytes that a first page may cost, compressed, apart from the search


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The folder of a site built by the kit's own function."""
    return build_site(tmp_path_factory.mktemp("built") / "site")


@pytest.fixture(scope="module")
def address(site):
    """The same site on a server."""
    with served(site) as at:
        yield at


def judge(page, address, names):
    """Return what axe finds on the pages in both widths and schemes, and which page is wider than its screen.

    The page is loaded once and resized and recoloured in place; axe runs all its rules, and every impact counts.
    """
    found, wide = {}, []
    for name in names:
        page.goto(f"{address}/{name}.html", wait_until="load")
        page.add_style_tag(content=STILL)  # a colour halfway through a transition is no colour to judge
        page.evaluate(AXE)
        for width, height in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wide.append(f"{name} at {width} px")
            for scheme in SCHEMES.values():
                page.evaluate("scheme => document.body.setAttribute('data-md-color-scheme', scheme)", scheme)
                ran = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
                assert len(ran["passes"]) + len(ran["inapplicable"]) > 60, "axe must have run its rules"
                for fault in ran["violations"]:
                    for node in fault["nodes"]:
                        told = f"{fault['id']} ({fault['impact']}): {node['html'][:140]}"
                        found.setdefault(told, []).append(f"{name} {width} {scheme}")
    return found, wide


def test_one_page_of_each_kind_is_accessible_in_both_schemes_and_widths(page, address):
    """axe-core finds nothing at all, whatever the impact, and nothing runs out of a phone's screen."""
    assert judge(page, address, [*KINDS.values()]) == ({}, [])


@pytest.mark.slow
def test_every_page_is_accessible_in_both_schemes_and_widths(page, address, site):
    """The same for all pages."""
    names = [path.relative_to(site).with_suffix("").as_posix() for path in sorted(site.rglob("*.html"))]
    assert len(names) > 150
    assert judge(page, address, names) == ({}, [])


def test_axe_would_find_a_fault(page, address, site):
    """A picture without words and grey on grey are found, so an empty list means something."""
    page.route(
        "**/index.html",
        lambda route: route.fulfill(
            content_type="text/html",
            body=(site / "index.html")
            .read_text(encoding="utf-8")
            .replace("</article>", "<img src='x.png'><p style='color:#999;background:#aaa'>hard to read</p></article>"),
        ),
    )
    found, _ = judge(page, address, ["index"])
    assert {told.split(" ")[0] for told in found} == {"image-alt", "color-contrast"}


# --- the map -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", SIZES)
def test_the_map_can_be_walked_by_keyboard(page, address, width):
    """Tab goes from each step to its owner and on to the next step; what has the focus is marked; Enter opens it."""
    page.set_viewport_size({"width": width, "height": SIZES[width]})
    page.goto(f"{address}/steps/index.html")
    shown = page.locator(".of-map:visible a")
    wanted = shown.evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert len(wanted) == 24 and wanted[12:14] == ["trial.html", "../roles/trial_lead.html"]
    page.locator("article").evaluate("element => { element.tabIndex = -1; element.focus(); }")
    reached, marks = [], set()
    for _ in range(80):
        page.keyboard.press("Tab")
        link, mark = page.evaluate(
            """() => {
                const link = document.activeElement;
                const box = link.closest(".of-map") && link.querySelector("rect");
                const style = box && getComputedStyle(box);
                return [box ? link.getAttribute("href") : "", box ? `${style.stroke} ${style.strokeWidth}` : ""];
            }"""
        )
        if link:
            reached.append(link)
            marks.add(mark)
        if len(reached) == 24:
            break
    assert reached == wanted
    assert len(marks) == 2 and all(mark.split()[-1] in ("3px", "4px") for mark in marks)  # a ring on step and owner
    for _ in range(11):  # back to the seventh step's link
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/steps/trial.html")


def test_the_owner_on_the_map_can_be_clicked(page, address):
    """A click on the owner's name opens the role, a click beside it the step."""
    page.goto(f"{address}/steps/index.html")
    page.locator(".of-map:visible .of-map__who", has_text="Trial lead").first.click()
    page.wait_for_url("**/roles/trial_lead.html")
    page.go_back()
    page.locator(".of-map:visible .of-map__name", has_text="Trial and tasting").click()
    page.wait_for_url("**/steps/trial.html")


# --- paper ---------------------------------------------------------------------------------------------------------


def pages_of(pdf):
    """How many pages a PDF has, and their sizes in millimetres."""
    boxes = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    sizes = {(round(float(width) / 72 * 25.4), round(float(height) / 72 * 25.4)) for width, height in boxes}
    return len(re.findall(rb"/Type\s*/Page\b", pdf)), sizes


def printed(browser, url):
    """The PDF that a reader in the dark scheme gets, and the page in its printed look."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="dark")
    page = context.new_page()
    page.goto(url)
    pdf = page.pdf(prefer_css_page_size=True, format="A4")
    page.emulate_media(media="print")
    return pdf, page, context


def test_the_sheet_for_the_wall_is_one_page_of_a3_landscape(browser, address):
    """Steps, owners and service levels on one sheet of 420 × 297 mm."""
    pdf, page, context = printed(browser, f"{address}/steps/wall.html")
    assert pages_of(pdf) == (1, {(420, 297)})
    assert page.locator(".of-wall__step:visible").count() == 12
    assert page.locator(".of-wall__owner:visible").count() == 12
    assert "within 10 business days" in page.locator(".of-wall").inner_text()
    assert not page.locator("[data-print]").is_visible()
    context.close()


@pytest.mark.parametrize("name", ["steps/trial", "metrics/win_rate", "lessons/stages", "steps/index"])
def test_paper_is_white_and_has_no_menus(browser, address, name):
    """Header, tabs, side bars, buttons and footer are gone, text is black on white, tables stay tables."""
    pdf, page, context = printed(browser, f"{address}/{name}.html")
    assert pages_of(pdf)[1] == {(210, 297)}
    gone = ".md-header, .md-tabs, .md-sidebar, .md-footer, .md-top, .headerlink, .of-along, .md-tags, .md-button"
    assert page.locator(f":is({gone}):visible").count() == 0
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator("h1").evaluate("element => getComputedStyle(element).color") == "rgb(0, 0, 0)"
    assert page.locator(".of-only-narrow:visible").count() == 0
    assert page.locator("thead:visible").count() == page.locator("thead").count()  # no table became cards
    context.close()


def test_what_is_folded_on_the_screen_is_open_on_paper(browser, address):
    """The numbers of a chart stand under it in print, though the reader never unfolded them."""
    _, page, context = printed(browser, f"{address}/metrics/win_rate.html")
    assert page.locator(".of-figure details table").evaluate("table => table.getBoundingClientRect().height") > 40
    context.close()


def test_a_role_is_one_page_and_each_evidence_card_begins_one(browser, address, site):
    """Cards to hand round: every role fits one page of A4, and evidence has the list first, then a page a card."""
    others = ("index", "decisions")  # which list what all roles do
    roles = [path.stem for path in sorted((site / "roles").glob("*.html")) if path.stem not in others]
    assert len(roles) > 10
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    for name in roles:
        page.goto(f"{address}/roles/{name}.html")
        assert pages_of(page.pdf(prefer_css_page_size=True, format="A4"))[0] == 1, name
    context.close()
    pdf, page, context = printed(browser, f"{address}/evidence.html")
    cards = page.locator(".of-evidence").count()
    assert cards > 10 and pages_of(pdf)[0] - cards in (1, 2, 3)
    context.close()


# --- weight, and reading without scripts ---------------------------------------------------------------------------


def test_a_first_page_is_light(browser, address):
    """What goes over the wire for the home page, a step and a lesson, with gzip and before anybody searches."""
    for name in ("index", "steps/trial", "lessons/stages"):
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        page = context.new_page()
        got = {}
        page.on("response", lambda answer, got=got: got.setdefault(answer.url, answer))
        page.goto(f"{address}/{name}.html", wait_until="networkidle")
        size = sum(
            int(answer.headers["content-length"])
            for url, answer in got.items()
            if "/search" not in url and "workers/search" not in url
        )
        assert all(answer.status == 200 for answer in got.values())
        assert 20_000 < size < LIGHT, (name, size)
        print(f"{name}: {size} bytes, {len(got)} requests")
        context.close()


@pytest.mark.parametrize("name", [*KINDS.values(), *MORE.values()])
def test_reading_works_without_scripts(browser, address, name):
    """With JavaScript off the heading and the text are there, and nothing that needs it is shown."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{address}/{name}.html")
    assert page.locator("h1").first.is_visible() or page.locator(".of-wall__title").is_visible()
    assert len(page.locator("article").inner_text()) > 300
    assert page.locator(".of-needs-js:visible").count() == 0
    context.close()


# --- building, and looking -----------------------------------------------------------------------------------------


def test_a_second_build_draws_no_figure(tmp_path, monkeypatch):
    """Charts are drawn once and then taken from the cache, and the whole site is built in seconds."""
    from onefunnel.publish import charts

    build_site(tmp_path / "site")
    drawn = []
    monkeypatch.setattr(charts, "figure", lambda *picture: drawn.append(picture) or "")
    began = time.process_time()
    build_site(tmp_path / "site")
    assert drawn == []
    assert time.process_time() - began < 30
    assert "<svg" in (tmp_path / "site" / "metrics" / "win_rate.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_screenshots_are_kept_for_a_reviewer(browser, address):
    """One picture of each kind of page, on a phone and a laptop, light and dark, in build/screenshots."""
    shots = home().build / "screenshots"
    shots.mkdir(parents=True, exist_ok=True)
    for width, height in SIZES.items():
        for scheme in SCHEMES:
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
            page = context.new_page()
            for kind, name in (KINDS | MORE).items():
                page.goto(f"{address}/{name}.html")
                page.add_style_tag(content=STILL)
                page.screenshot(path=shots / f"{kind}-{width}-{scheme}.png", full_page=True)
            context.close()
    assert len(list(shots.glob("*-360-dark.png"))) >= len(KINDS | MORE)
