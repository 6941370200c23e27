"""The calculators' pages in a real browser: keyboard, links, files, both schemes, phone and laptop, no script."""

import csv
import gzip
import http.server
import io
import re
import threading
from datetime import date, datetime, timedelta
from functools import partial
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from onefunnel.home import home
from onefunnel.publish.pages.tools import CALCULATORS
from onefunnel.publish.site import build_site

pytestmark = pytest.mark.browser

PAGES = [one.page for one in CALCULATORS]
#: A field of each page and what to put in.
CHANGES = {
    "funnel": ("more", "25"),
    "waterfall": ("share-0", "12.5"),
    "revenue-tree": ("after-3", "45"),
    "total-price": ("theirs-risk", "900"),
    "share-to-route": ("points", "3"),
    "micromarkets": ("plan-0", "300000"),
    "return-by-origin": ("counts-1", "35"),
    "short-and-long": ("moved", "-10"),
    "role-clarity": ("life", "12"),
    "shared-pay": ("shared", "40"),
    "ride-alongs": ("marketers", "Ana, Ö\nBo\nChi"),
}
SIZES = {360: 740, 1280: 900}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The folder of the built site."""
    return build_site(tmp_path_factory.mktemp("built") / "site")


@pytest.fixture
def open_page(page, site):
    """Open a calculator from its folder; with words, these follow the # of the address."""

    def open_it(name, words=""):
        page.goto(f"{site.as_uri()}/tools/{name}.html{words}")
        return page.locator("form.of-calculator")

    return open_it


def fields(page):
    """What every field of the form holds, by its name."""
    return page.evaluate(
        """() => Object.fromEntries([...document.querySelector("form.of-calculator").elements].filter((one) => one.name)
        .map((one) => [one.name, one.type === "checkbox" ? one.checked : one.value]))"""
    )


def shown(page):
    """All that a calculator shows: texts, and where its bars and lines lie."""
    return page.evaluate(
        """() => { const form = document.querySelector("form.of-calculator");
        const place = (one, name) => Number(one.style.getPropertyValue(name)).toFixed(4);
        return [[...form.querySelectorAll("table, .of-curve, .of-scale, [data-summary]")].map((one) => one.innerText),
          [...form.querySelectorAll("[data-bar]")].map((one) =>
            [one.dataset.tone, place(one, "--from"), place(one, "--to")]),
          [...form.querySelectorAll("[data-line]")].map((one) => one.getAttribute("points"))]; }"""
    )


@pytest.mark.parametrize("name", PAGES)
def test_what_stands_in_the_page_is_what_the_script_would_write(
    page, open_page, console_errors, outside_requests, name
):
    """The numbers rendered by Python stay when the script draws them anew from the same fields."""
    form = open_page(name)
    rendered = shown(page)
    form.dispatch_event("input")
    assert shown(page) == rendered
    assert console_errors == []
    assert outside_requests == []


@pytest.mark.parametrize("name", PAGES)
def test_a_link_holds_the_inputs(page, browser, open_page, name):
    """The address gives the same inputs and finding in another window; “Back to the start” undoes all of it."""
    form = open_page(name)
    start, first = fields(page), form.locator("[data-summary]").inner_text()
    field, value = CHANGES[name]
    form.locator(f"[name={field}]").fill(value)
    found = form.locator("[data-summary]").inner_text()
    assert found != first
    other = browser.new_page()
    other.goto(page.evaluate("location.href"))
    assert fields(other) == fields(page) != start
    assert other.locator("[data-summary]").inner_text() == found
    assert shown(other) == shown(page)
    other.locator("form.of-calculator [type=reset]").click()
    other.wait_for_timeout(100)
    assert fields(other) == start
    assert other.locator("[data-summary]").inner_text() == first
    assert "#" not in other.evaluate("location.href")
    other.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_link_with_rubbish_leaves_the_companys_numbers(page, open_page, console_errors, name):
    """Words for numbers, options that are not there and unknown names are passed over."""
    open_page(name)
    start = fields(page)
    rubbish = "&".join(f"{field}=%3Cb%3Enonsense" for field in start if field not in ("marketers", "territories"))
    page.goto("about:blank")
    open_page(name, f"#{rubbish}&stranger=1")
    kept = fields(page)
    assert {field: kept[field] for field in start if field != "start"} == {
        field: start[field] for field in start if field != "start"
    }
    assert console_errors == []


@pytest.mark.parametrize("name", PAGES)
def test_numbers_are_readable_without_javascript(browser, site, name):
    """The finding and the table are there; what only a script can do is not offered, and the page says so."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{site.as_uri()}/tools/{name}.html")
    form = page.locator("form.of-calculator")
    assert re.search(r"\d", form.locator("[data-summary]").inner_text())
    assert re.search(r"\d|yes|no", form.locator("table").first.inner_text())
    assert form.locator("noscript p").is_visible()
    assert page.locator(".of-needs-js:visible").count() == 0
    context.close()


@pytest.mark.parametrize("scheme", ("light", "dark"))
@pytest.mark.parametrize("width", SIZES)
def test_calculators_are_accessible_and_fit_the_screen(browser, site, width, scheme):
    """axe-core finds nothing serious or critical, nothing runs out of the screen; a screenshot is kept to look at."""
    shots = home().build / "screenshots"
    shots.mkdir(parents=True, exist_ok=True)
    context = browser.new_context(viewport={"width": width, "height": SIZES[width]}, color_scheme=scheme)
    page = context.new_page()
    found = []
    for name in ("index", *PAGES):
        page.goto(f"{site.as_uri()}/tools/{name}.html")
        page.add_style_tag(content="*, *::before, *::after { transition: none !important; animation: none !important }")
        page.wait_for_timeout(300)
        page.screenshot(path=shots / f"calculator-{name}-{width}-{scheme}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} is wider than {width} px"
        for violation in Axe().run(page).response["violations"]:
            if violation["impact"] in ("serious", "critical"):
                found += [
                    f"{name}: {violation['id']} {one['target']} {one['html'][:160]}" for one in violation["nodes"]
                ]
    context.close()
    assert found == []


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def test_the_funnel_can_be_worked_by_keyboard(page, open_page):
    """The second rate, ten points more: the customers grow by 10 points ÷ that rate, in the table and the finding."""
    form = open_page("funnel")
    rate = float(form.locator("[name=rate-1]").input_value())
    form.locator("[name=door]").focus()
    press(page, "ArrowDown", "ArrowDown", "Tab")
    assert page.evaluate("document.activeElement.name") == "points"
    press(page, "Control+a", "1", "0")
    assert form.locator("[name=door]").input_value() == "1"
    assert f"+{10 / rate * 100:.1f}" in form.locator("[data-summary]").inner_text()


def test_the_waterfall_can_be_worked_by_keyboard(page, open_page):
    """From the list price with Tab to the discount; one point more of it costs one hundredth of the list in margin."""
    form = open_page("waterfall")
    listed = float(form.locator("[name=list]").input_value())
    discount = float(form.locator("[name=share-0]").input_value())
    form.locator("[name=list]").focus()
    press(page, "Tab")
    assert page.evaluate("document.activeElement.name") == "share-0"
    press(page, "Control+a")
    page.keyboard.type(f"{discount + 1:g}")
    assert f"€{round(listed / 100):,} less margin than today" in form.locator("[data-summary]").inner_text()


def test_the_role_rule_can_be_worked_by_keyboard(page, open_page):
    """A first purchase, made to measure, for a key account: three reasons, so tight."""
    form = open_page("role-clarity")
    form.locator("[name=purchase]").focus()
    press(page, "ArrowDown", "Tab", "Tab", "Tab")
    assert page.evaluate("document.activeElement.name") == "customised"
    press(page, "Space", "Tab", "Space")
    summary = form.locator("[data-summary]").inner_text()
    assert summary.startswith("Tight")
    assert "3 of 5 reasons hold" in summary
    assert form.locator(".of-scale .of-changed").inner_text().startswith("Tight")
    press(page, "Tab", "Space")
    assert "A small firm on good terms" in form.locator("[data-summary]").inner_text()


def test_the_best_split_can_be_taken_by_keyboard(page, open_page):
    """The button puts whole euros into the form that add to today's total and bring what the best split brings."""
    form = open_page("micromarkets")
    best = re.search(r"bring (\+[\d.]+)", form.locator("[data-summary]").inner_text())[1]
    total = sum(float(value) for name, value in fields(page).items() if name.startswith("plan-"))
    form.locator("[data-best]").focus()
    press(page, "Enter")
    assert sum(float(value) for name, value in fields(page).items() if name.startswith("plan-")) == total
    assert form.locator("[data-summary]").inner_text().startswith(f"Your split brings {best}")
    form.locator("[name=plan-0]").fill("0")
    assert "unspent" in form.locator("[data-summary]").inner_text()


def test_what_tests_say_can_be_filled_in(page, open_page):
    """One press puts what holdout tests measured into “Counts”; returns can only fall."""
    form = open_page("return-by-origin")
    before = form.locator("[data-show=most]").inner_text()
    form.locator("[data-fill]").click()
    hints = form.locator(".of-hint").all_inner_texts()
    filled = [value for name, value in fields(page).items() if name.startswith("counts-")]
    assert [re.search(r"[\d.]+", hint)[0] for hint in hints] == [f"{float(value):g}" for value in filled[: len(hints)]]
    number = lambda text: float(re.sub(r"[^\d.-]", "", text.replace("−", "-")))  # noqa: E731
    assert number(form.locator("[data-show=most]").inner_text()) < number(before)


def saved(page, kind):
    """The file that a press on the button of that kind hands over: its name and its bytes."""
    with page.expect_download() as download:
        page.locator(f"[data-file={kind}]").click()
    return download.value.suggested_filename, download.value.path().read_bytes()


def entries(content):
    """Check the form of an iCalendar file (RFC 5545) and return its entries: property with its parameters → value."""
    text = content.decode("utf-8")
    assert text.endswith("\r\n")
    raw = text.split("\r\n")
    assert not any("\n" in line or "\r" in line for line in raw), "lines end with CR LF only"
    assert all(len(line.encode()) <= 75 for line in raw), "no line is longer than 75 bytes"
    lines = text.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert any(line.startswith("PRODID:") for line in lines)
    assert lines[-1] == "END:VCALENDAR"
    found, entry = [], None
    for line in lines:
        if line == "BEGIN:VEVENT":
            assert entry is None
            entry = {}
        elif line == "END:VEVENT":
            found.append(entry)
            entry = None
        elif entry is not None:
            name, _, value = line.partition(":")
            assert re.fullmatch(r"[A-Z-]+(;[A-Z-]+=[A-Z-]+)*", name)
            assert name not in entry
            entry[name] = re.sub(r"\\([\\;,nN])", lambda match: {"n": "\n"}.get(match[1].lower(), match[1]), value)
    assert entry is None
    return found


NAMES = (
    "Ana, head; of \\ sales\nBünyamin Öztürk-García de la Peña y Fernández-Villaverde con nombre muy largo ☕☕☕\n=Chi"
)


def test_the_calendar_file_is_a_calendar(page, open_page):
    """Every ride is one whole-day entry with its own id; odd and long names survive; a second file has the same ids."""
    form = open_page("ride-alongs")
    form.locator("[name=marketers]").fill(NAMES)
    form.locator("[name=start]").fill("2026-12-30")
    territories = form.locator("[name=territories]").input_value().split("\n")
    name, content = saved(page, "ics")
    assert name == "ride-alongs.ics"
    found = entries(content)
    assert len(found) == 52 * 3
    assert len({entry["UID"] for entry in found}) == len(found)
    marketers = NAMES.split("\n")
    days = []
    for place, entry in enumerate(found):
        start, end = (date.fromisoformat(entry[f"{key};VALUE=DATE"]) for key in ("DTSTART", "DTEND"))
        assert end - start == timedelta(days=1)
        days.append(start)
        stamp = datetime.strptime(entry["DTSTAMP"], "%Y%m%dT%H%M%SZ")
        assert abs(stamp - datetime.utcnow()) < timedelta(minutes=10)
        where = entry["LOCATION"]
        assert where in territories
        assert entry["SUMMARY"] == f"Ride-along: {marketers[place % 3]}, {where}"
    first, last = min(days), max(days)
    assert first == date(2026, 12, 30), "a Wednesday"
    assert (last - first).days in range(51 * 7 - 4, 51 * 7 + 5)
    assert len({day.isocalendar()[:2] for day in days}) == 52, (
        "one day in each of 52 weeks, the turn of the year included"
    )
    quarters = {(place // 3 // 13, entry["SUMMARY"]) for place, entry in enumerate(found)}
    assert len(quarters) == len(found), "nobody twice in a territory in a quarter"
    assert {entry["UID"] for entry in entries(saved(page, "ics")[1])} == {entry["UID"] for entry in found}


def test_one_person_gets_their_own_calendar(page, open_page):
    """With a name chosen the file holds that person's rides alone, one a week."""
    form = open_page("ride-alongs")
    form.locator("[name=marketers]").fill("Ana\nBo")
    form.locator("[data-who]").select_option("Bo")
    found = entries(saved(page, "ics")[1])
    assert len(found) == 52
    assert all(entry["SUMMARY"].startswith("Ride-along: Bo, ") for entry in found)


def test_the_table_file_opens_in_a_spreadsheet(page, open_page):
    """A mark for Excel, CR LF, quotes; the rows are those on the screen; a name cannot turn into a formula."""
    form = open_page("ride-alongs")
    form.locator("[name=marketers]").fill('=HYPERLINK("x")\nBo "the" Second')
    name, content = saved(page, "csv")
    assert name == "ride-alongs.csv"
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\n") == content.count(b"\r\n")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["Week", "Day", "Marketer", "Territory"]
    assert len(rows) == 1 + 2 * 52
    assert {row[2] for row in rows[1:]} == {'\'=HYPERLINK("x")', 'Bo "the" Second'}
    first = form.locator(".of-schedule tbody tr").first.locator("td").all_inner_texts()
    assert [row[3] for row in rows[1:3]] == first[1:]


def test_a_schedule_that_cannot_be_offers_no_file(page, open_page):
    """The finding says what to change; the table is gone and the buttons rest until it is mended."""
    form = open_page("ride-alongs")
    form.locator("[name=marketers]").fill("Ana\nAna")
    assert form.locator("[data-summary]").inner_text() == "Marketers: give at least one, and each only once."
    assert form.locator(".of-schedule").is_hidden()
    assert form.locator("[data-file=ics]").is_disabled()
    form.locator("[name=marketers]").fill("Ana")
    assert form.locator(".of-schedule").is_visible()
    assert form.locator("[data-file=ics]").is_enabled()


def test_they_work_from_a_server_and_weigh_little(browser, site):
    """Over http as from a folder: no outside request, no error; each page with all it loads under 150 kB gzipped."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{running.server_address[1]}"
        for name in ("index", *PAGES):
            context = browser.new_context()
            page = context.new_page()
            asked, errors = [], []
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            page.on("pageerror", lambda error, errors=errors: errors.append(str(error)))
            page.goto(f"{address}/tools/{name}.html")
            page.wait_for_load_state("networkidle")
            if name in CHANGES:
                field, value = CHANGES[name]
                page.locator(f"[name={field}]").fill(value)
                assert "#" in page.evaluate("location.href")
            assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
            assert errors == []
            paths = {unquote(urlsplit(url).path) for url in asked if url.startswith(address)}
            weight = sum(len(gzip.compress((site / path[1:]).read_bytes())) for path in paths if "/search/" not in path)
            assert weight < 150_000, f"{name}: {weight:,} bytes"
            context.close()
        running.shutdown()
