"""Turn the truth into a folder of Markdown pages and a navigation. Any site builder that reads Markdown can take over.

The order matters: pages are collected first, because a link can only be checked when all pages are known; then links
and tokens are resolved; then the folder is brought up to date.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from onefunnel.errors import Problem
from onefunnel.home import Home, home, tables_of
from onefunnel.publish import templates, text, tree
from onefunnel.publish.history import last_changes
from onefunnel.publish.page import Edition, Page
from onefunnel.publish.pages import (
    changes,
    clock,
    course,
    decisions,
    funnel,
    hand_written,
    maturity,
    metrics,
    mix,
    people,
    plays,
    status,
    tools,
    wall,
    words,
)
from onefunnel.publish.pages import home as home_page
from onefunnel.publish.values import Values, digest

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
    files[metrics.CATALOGUE] = templates.metric_catalogue(edition.playbook)
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
        lessons=tuple(_lessons(kit, playbook, playbooks or kit.playbooks)),
        changed=last_changes(playbooks or kit.playbooks),
        changelog=_changelog(kit) if tables.demonstration and not playbooks else "",
    )


def _changelog(kit: Home) -> str:
    """The kit's own changelog. It speaks of the sample company, so no other company shows it."""
    path = kit.root / "CHANGELOG.md"
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _lessons(kit: Home, playbook: Playbook, playbooks: Path) -> list[dict[str, Any]]:
    """The lessons of a checkout that fit the playbook; an installed copy of the kit has none.

    A lesson on a step or a metric that another company does not have would send readers to pages that do not exist.
    Reading them all takes seconds, so the records are kept until anything changes that they are made from.
    """
    if not kit.notebooks.is_dir():
        return []
    made_from = [
        kit.notebooks,
        playbooks,
        *(Path(__file__).parents[1] / name for name in ("lessons", "learn/widgets", "metrics", "playbook")),
    ]
    key = " ".join([digest(folder, "**/*") for folder in made_from] + [digest(kit.datasets, "datapackage.json")])
    kept = kit.build / "figures" / "lessons.json"
    try:
        found = json.loads(kept.read_text(encoding="utf-8"))
        if found["key"] == key:
            return found["lessons"]
    except (OSError, ValueError, KeyError, TypeError):
        pass  # nothing kept, or not readable: read the lessons again
    from onefunnel.lessons.catalogue import fitting

    lessons = json.loads(json.dumps(fitting(playbook, kit.notebooks)))
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps({"key": key, "lessons": lessons}, ensure_ascii=False), encoding="utf-8", newline="\n")
    return lessons


def collect(edition: Edition) -> list[Page]:
    """Return every page of the site, in reading order. Two pages of one path are an error."""
    pages = [
        *home_page.pages(edition),
        *funnel.pages(edition),
        *wall.pages(edition),
        *clock.pages(edition),
        *mix.pages(edition),
        *metrics.pages(edition),
        *people.pages(edition),
        *decisions.pages(edition),
        *plays.pages(edition),
        *words.pages(edition),
        *tools.pages(edition),
        *maturity.pages(edition),
        *course.pages(edition),
        *status.pages(edition),
        *changes.pages(edition),
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
    return replace(
        page, body=f"{body.rstrip()}\n\n{_ask(edition, page)}\n\n{explained}", search=_search_rank(page)
    ).source()


def _ask(edition: Edition, page: Page) -> str:
    """The last line of every page: where to ask about it and where to propose a change."""
    links = edition.playbook.company.links
    from_here = quote(page.address, safe="")
    ask, suggest = (
        text.attribute(one.replace("{page}", from_here)) for one in (links.ask, links.suggest or links.repository)
    )
    return (
        '<p class="of-ask" data-search-exclude>Is something wrong or missing here? '
        f'<a href="{ask}">Ask a question</a> or <a href="{suggest}">suggest a change</a>.</p>'
    )


def _search_rank(page: Page) -> float:
    """Whoever types a word first wants the step where it happens, then the page of its own, and last an overview.

    Overviews repeat a sentence of every page, so they match everything; lessons tell in passing what pages define.
    """
    if page.path.endswith("index.md") or page.path in (
        "lessons.md",
        "ideas.md",
        "status.md",
        "changes.md",
        "steps/clock-rules.md",
    ):
        return 0.1
    if page.path in ("tags.md", "steps/wall.md"):
        return 0
    return {"steps": 4.0, "lessons": 0.5}.get(page.path.partition("/")[0], 1.0)


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
        *([{"Mix": section("mix", "mix/index.md")}] if edition.playbook.mix else []),
        {"Metrics": section("metrics", "metrics/index.md")},
        *([{"Plays": section("plays", "plays/index.md")}] if edition.playbook.plays else []),
        {"Roles": section("roles", "roles/index.md")},
        entry("glossary.md"),
        entry("evidence.md"),
        {"Calculators": section("tools", "tools/index.md")},
        {"Lessons": _course(edition, entry)},
    ]
    nav.append({"More": [entry(page.path) for page in pages if page.path not in used]})
    return nav


def _course(edition: Edition, entry: Callable[[str], dict[str, str]]) -> Nav:
    """The catalogue, then the lessons by track."""
    nav: Nav = [entry("lessons.md")]
    lessons = [lesson for lesson in edition.lessons if "title" in lesson]
    for name, found in groupby(lessons, key=course.track):
        nav.append({name: [entry(f"lessons/{lesson['id']}.md") for lesson in found]})
    return nav


def _tags() -> Page:
    body = "Pages by phase and by function.\n{: .of-lead }\n\n<!-- material/tags -->\n"
    return Page("tags.md", "Tags", body, "Pages by phase and by function.")


def _assets(folder: Path) -> dict[str, bytes]:
    return {f"{ASSETS}/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in _files(folder)}


def _files(folder: Path) -> Iterator[Path]:
    yield from (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith("."))
