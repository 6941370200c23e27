"""Turn the truth into a folder of Markdown pages and a navigation. Any site builder that reads Markdown can take over.

The order matters: pages are collected first, because a link can only be checked when all pages are known; then links
and tokens are resolved; then the folder is brought up to date.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from onefunnel.errors import Problem
from onefunnel.home import Home, home, tables_of
from onefunnel.publish import templates, text, tree
from onefunnel.publish.page import Edition, Page
from onefunnel.publish.pages import clock, course, funnel, hand_written, metrics, people, plays, status, tools, words
from onefunnel.publish.pages import home as home_page
from onefunnel.publish.values import Values

if TYPE_CHECKING:
    from onefunnel.playbook import Playbook

ASSETS = "assets"
Nav = list[Any]  # as in mkdocs.yml: a list of {title: path} and {title: list}


class Written(NamedTuple):
    """What was written, and what a site builder's configuration needs to know."""

    site_name: str
    copyright: str
    nav: Nav
    changes: tree.Changes


def write_pages(
    folder: Path | None = None, playbooks: Path | None = None, data: Path | None = None, kit: Home | None = None
) -> Written:
    """Write all pages into `folder` (default: the kit's build/pages) and return the navigation.

    `playbooks` and `data` are the folders of the truth and of the tables (default: the kit's own). Files that say the
    same as before are not touched, pages that nothing asks for any more are deleted.
    Raises Problem for a wrong playbook, wrong tables, an unknown token or a link that leads nowhere.
    """
    kit = kit or home()
    edition = open_edition(playbooks, data, kit)
    pages = collect(edition)
    files = {path: source.encode() for path, source in render(edition, pages).items()}
    files |= _assets(kit.site / ASSETS)
    files |= dict(templates.files(edition.playbook))
    edition.values.keep()
    changes = tree.sync(files, folder or kit.build / "pages")
    company = edition.playbook.company
    made_up = f" {company.name} is a fictional company." if company.fictional else ""
    return Written(
        site_name=company.name,
        copyright=f"Written by OneFunnel from the playbook, as of {edition.as_of}.{made_up}",
        nav=navigation(edition, pages),
        changes=changes,
    )


def open_edition(playbooks: Path | None = None, data: Path | None = None, kit: Home | None = None) -> Edition:
    """Load the truth, the company's tables (without the demonstration territory) and the lessons that fit it.

    Without `data` the tables are those that the playbook's own company.yml names.
    """
    from onefunnel.data import load as load_tables
    from onefunnel.playbook import load as load_playbook

    kit = kit or home()
    playbook = load_playbook(playbooks) if playbooks else load_playbook()
    data = data or (tables_of(playbooks) if playbooks else kit.tables)
    tables = load_tables(data).company()
    cache = kit.build / "figures"
    return Edition(
        playbook=playbook,
        tables=tables,
        values=Values(tables, playbook, data, cache),
        hand_written=kit.site / "pages",
        chart_cache=cache,
        lessons=tuple(_lessons(kit, playbook)),
    )


def _lessons(kit: Home, playbook: Playbook) -> list[dict[str, Any]]:
    """The lessons of a checkout that fit the playbook; an installed copy of the kit has none.

    A lesson on a step or a metric that another company does not have would send readers to pages that do not exist.
    """
    if not kit.notebooks.is_dir():
        return []
    from onefunnel.lessons.catalogue import fitting

    return fitting(playbook)


def collect(edition: Edition) -> list[Page]:
    """Return every page of the site, in reading order. Two pages of one path are an error."""
    pages = [
        *home_page.pages(edition),
        *funnel.pages(edition),
        *clock.pages(edition),
        *metrics.pages(edition),
        *people.pages(edition),
        *plays.pages(edition),
        *words.pages(edition),
        *tools.pages(edition),
        *course.pages(edition),
        *status.pages(edition),
        *hand_written.pages(edition),
        _tags(),
    ]
    seen: dict[str, Page] = {}
    for page in pages:
        if page.path in seen:
            raise Problem(f"two pages are called {page.path} ({seen[page.path].title}, {page.title}). Rename one.")
        seen[page.path] = page
    return pages


def render(edition: Edition, pages: list[Page]) -> dict[str, str]:
    """Return path → Markdown with all tokens and links resolved and the glossary's tooltips added."""
    paths = {page.address: page.path for page in pages}
    return {page.path: _rendered(edition, page, paths) for page in pages}


def _rendered(edition: Edition, page: Page, paths: dict[str, str]) -> str:
    where = page.written_in or page.path

    def target_of(address: str, _: str) -> str:
        if address not in paths:
            near = text.near(address, paths)
            raise Problem(f"the link site:{address} leads nowhere. {near or 'Give the address of a page.'}")
        return paths[address]

    def token_of(name: str) -> str:
        if name.startswith("page."):
            return text.relative(target_of(name.removeprefix("page.").replace(".", "/"), page.path), page.path)
        return edition.token(name)

    lines = []
    for number, line in enumerate(page.body.split("\n"), start=page.from_line):
        try:
            lines.append(text.resolve(line, page.path, target_of, token_of))
        except Problem as problem:
            raise Problem(f"{where}:{number}: {problem}") from problem
    body = "\n".join(lines)
    explained = words.tooltips(edition, page) if page.path != "glossary.md" else ""
    return replace(page, body=f"{body.rstrip()}\n\n{explained}").source()


def navigation(edition: Edition, pages: list[Page]) -> Nav:
    """Return the navigation: the funnel's steps in order, then metrics, roles and what is read beside them."""
    by_path = {page.path: page for page in pages}
    used: set[str] = set()

    def entry(path: str) -> dict[str, str]:
        used.add(path)
        page = by_path[path]
        return {page.nav_title or page.title: path}

    def section(folder: str, first: str) -> Nav:
        rest = [page.path for page in pages if page.path.startswith(f"{folder}/") and page.path != first]
        used.add(first)
        return [first, *(entry(path) for path in rest)]

    nav: Nav = [
        entry("index.md"),
        {"Funnel": section("steps", "steps/index.md")},
        {"Metrics": section("metrics", "metrics/index.md")},
        *([{"Plays": section("plays", "plays/index.md")}] if edition.playbook.plays else []),
        {"Roles": section("roles", "roles/index.md")},
        entry("glossary.md"),
        entry("evidence.md"),
        {"Calculators": section("tools", "tools/index.md")},
        entry("lessons.md"),
    ]
    nav.append({"More": [entry(page.path) for page in pages if page.path not in used]})
    return nav


def _tags() -> Page:
    body = "Pages by phase and by function.\n{: .of-lead }\n\n<!-- material/tags -->\n"
    return Page("tags.md", "Tags", body, "Pages by phase and by function.")


def _assets(folder: Path) -> dict[str, bytes]:
    return {f"{ASSETS}/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in _files(folder)}


def _files(folder: Path) -> Iterator[Path]:
    yield from (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith("."))
