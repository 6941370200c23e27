"""A headless Chromium for every browser test, and what a page must not do: log errors, ask the outside world."""

from __future__ import annotations

import shutil
from urllib.parse import urlsplit

import pytest

LOCAL = {"localhost", "127.0.0.1", "::1", "", None}


@pytest.hookimpl(tryfirst=True)  # before the hook that reads the groups
def pytest_collection_modifyitems(items):
    """Share the work out so that a costly fixture is made once: a lesson's tests to one process, else whole files."""
    for item in items:
        parameters = item.callspec.params if hasattr(item, "callspec") else {}
        slug = parameters.get("slug") or parameters.get("real_slug")
        item.add_marker(pytest.mark.xdist_group(f"lesson {slug}" if isinstance(slug, str) else str(item.path)))


@pytest.fixture(scope="session")
def browser():
    """One Chromium for the whole run. Without one the test fails with what to do; it is never skipped silently."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.fail(
            "The browser tests need Chromium on PATH. Install it (Debian and Ubuntu: `apt-get install chromium`), "
            "or leave these tests out: `pytest -m 'not browser'`.",
            pytrace=False,
        )
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield started
        started.close()


@pytest.fixture
def page(browser):
    """A fresh page (own cookies and storage), 1280 × 900, in English."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    yield context.new_page()
    context.close()


@pytest.fixture
def console_errors(page):
    """The list of errors that the page logs or throws; name it before `page.goto`, look at it at the end."""
    return collect_console_errors(page)


@pytest.fixture
def outside_requests(page):
    """The list of addresses outside this machine that the page asks for."""
    return collect_outside_requests(page)


def collect_console_errors(page) -> list[str]:
    """Return a list that fills with the page's console errors and uncaught exceptions."""
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(f"uncaught: {error}"))
    return errors


def collect_outside_requests(page) -> list[str]:
    """Return a list that fills with requests to any other machine; data:, blob: and file: addresses stay inside."""
    outside: list[str] = []

    def note(request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.hostname not in LOCAL:
            outside.append(request.url)

    page.on("request", note)
    page.on("websocket", lambda socket: note(socket))
    return outside
