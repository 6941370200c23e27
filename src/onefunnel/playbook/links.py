"""Ideas link to where they are taught or practised. Every link must lead somewhere.

`inside` looks at links to the playbook itself. `Surroundings` knows what lies around it: lesson sources, tables and
hand-written pages. A wheel carries no lesson sources; then links to lessons are not judged.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from onefunnel.home import Home
from onefunnel.playbook.findings import Finding, mend_unknown, near
from onefunnel.playbook.plain import finding
from onefunnel.playbook.rules import Documents, known_ids, select

INSIDE = ("metric", "step", "role", "term", "evidence", "skill", "play", "part", "decision")
OUTSIDE = ("lesson", "exercise", "widget", "table", "column", "page")
# The site has one page for each entry of these sections, and one for the section itself.
SECTIONS = {
    "steps": "step",
    "metrics": "metric",
    "roles": "role",
    "glossary": "term",
    "evidence": "evidence",
    "plays": "play",
    "mix": "part",
}
# What a metric may ask for beside tables.
NO_TABLES = ("as_of", "steps", "calendar", "crm_probability")

_TAG = re.compile(r"\b(ask|answer|check|written|widget):(\w+)")


def inside(documents: Documents) -> Iterator[Finding]:
    """Links of ideas to steps, metrics, roles … of this playbook; and links of no known form."""
    document, known = documents["ideas"], known_ids(documents)
    for path, link in select(document, "ideas/*/links/*"):
        kind, colon, target = str(link).partition(":")
        if not colon or kind not in (*INSIDE, *OUTSIDE):
            match = near(kind, (*INSIDE, *OUTSIDE))
            forms = f'Did you mean "{match}:{target}"?' if match else "Write one such as step:trial or lesson:stages."
            yield finding(document, path, f'link "{link}" has no form that is known. {forms}')
        elif kind in INSIDE:
            ids = known[kind]
            if ids is not None and target not in ids:
                mend = mend_unknown(target, ids, "the playbook")
                yield finding(document, path, f'link "{link}" leads nowhere: unknown {kind} "{target}". {mend}')


@dataclass
class Surroundings:
    """What the playbook can link to outside its own files. None means: not here, so nothing can be said about it."""

    lessons: dict[str, dict[str, set[str]]] | None = None  # slug → {"exercise": ids, "widget": names}
    tables: dict[str, list[str]] | None = None  # table → columns
    pages: set[str] = field(default_factory=set)  # names of hand-written pages


def around(kit: Home) -> Surroundings:
    """Look at the lesson sources, the tables' description and the hand-written pages of a kit."""
    return Surroundings(_lessons(kit.notebooks), _tables(kit.datasets / "datapackage.json"), _pages(kit.site / "pages"))


def outside(documents: Documents, surroundings: Surroundings) -> Iterator[Finding]:
    """Links of ideas to lessons, exercises, widgets, tables, columns and pages; and the tables that metrics ask for."""
    document = documents["ideas"]
    for path, link in select(document, "ideas/*/links/*"):
        kind, _, target = str(link).partition(":")
        fault = ""
        if kind in ("lesson", "exercise", "widget"):
            fault = _lesson_fault(kind, target, surroundings)
        elif kind in ("table", "column"):
            fault = _table_fault(kind, target, surroundings)
        elif kind == "page":
            fault = _page_fault(target, surroundings, documents)
        if fault:
            yield finding(document, path, f'link "{link}" leads nowhere: {fault}')
    yield from _named_lessons(documents, surroundings)
    tables = surroundings.tables
    for path, name in select(documents["metrics"], "metrics/*/inputs/*"):
        if tables is not None and name not in (*tables, *NO_TABLES):
            mend = mend_unknown(name, (*tables, *NO_TABLES), "datasets/datapackage.json")
            yield finding(documents["metrics"], path, f'unknown input "{name}". {mend}')


def _named_lessons(documents: Documents, surroundings: Surroundings) -> Iterator[Finding]:
    """Lessons that a play or a part of the mix names. One that a path names may still be on its way (`of_paths`)."""
    coming = {str(name) for _, name in select(documents["paths"], "paths/*/parts/*/lessons/*")}
    for name, document in documents.items():
        pattern = "lesson" if name.startswith("plays/") else "parts/*/lessons/*" if name == "mix" else ""
        for path, lesson in select(document, pattern) if pattern else ():
            fault = _lesson_fault("lesson", lesson, surroundings) if isinstance(lesson, str) else ""
            if fault and lesson not in coming:
                yield finding(document, path, fault)


def of_paths(documents: Documents, surroundings: Surroundings) -> Iterator[Finding]:
    """Lessons that a path names and nobody has written yet, and lessons that no path names."""
    document, lessons = documents["paths"], surroundings.lessons
    if lessons is None:
        return
    named = {str(name) for _, name in select(document, "paths/*/parts/*/lessons/*")}
    not_yet, unnamed = sorted(named - set(lessons)), sorted(set(lessons) - named)
    if not_yet:
        message = f"no lesson yet for {', '.join(not_yet)}. Write it, or mend the name."
        yield finding(document, ("paths",), message, "warning")
    if named and unnamed:
        message = f"no path names {', '.join(unnamed)}. Add it where learners should take it."
        yield finding(document, ("paths",), message, "warning")


def _lesson_fault(kind: str, target: str, surroundings: Surroundings) -> str:
    lessons = surroundings.lessons
    if lessons is None:
        return ""
    slug, _, part = target.partition("/")
    if slug not in lessons:
        return f'there is no lesson "{slug}". {mend_unknown(slug, lessons, "notebooks/")}'
    if kind == "lesson":
        return ""
    parts = lessons[slug][kind]
    if part not in parts:
        mend = mend_unknown(part, sorted(parts), f'The source of "{slug}"')
        return f'lesson "{slug}" has no {kind} "{part}". {mend}'
    return ""


def _table_fault(kind: str, target: str, surroundings: Surroundings) -> str:
    tables = surroundings.tables
    if tables is None:
        return ""
    table, _, column = target.partition(".")
    if table not in tables:
        return f'there is no table "{table}". {mend_unknown(table, tables, "datasets/datapackage.json")}'
    if kind == "column" and column not in tables[table]:
        mend = mend_unknown(column, tables[table], "datasets/datapackage.json")
        return f'table "{table}" has no column "{column}". {mend}'
    return ""


def _page_fault(target: str, surroundings: Surroundings, documents: Documents) -> str:
    section, dot, entry = target.replace("/", ".").partition(".")
    if section in SECTIONS:
        ids = known_ids(documents)[SECTIONS[section]]
        if dot and ids is not None and entry not in ids:
            return f'no page "{entry}" in {section}. {mend_unknown(entry, ids, "the playbook")}'
        return ""
    pages = surroundings.pages
    if pages and section not in pages:
        return f'there is no page "{section}". {mend_unknown(section, [*SECTIONS, *pages], "site/pages/")}'
    return ""


def _lessons(folder: Path) -> dict[str, dict[str, set[str]]] | None:
    """Read ids of exercises and names of widgets out of the cell tags of notebooks/TRACK/SLUG.md."""
    if not folder.is_dir():
        return None
    sources = [path for path in sorted(folder.glob("*/*.md")) if path.name != "README.md"]
    return {path.stem: _parts(path.read_text(encoding="utf-8").splitlines()) for path in sources}


def _parts(lines: Iterable[str]) -> dict[str, set[str]]:
    parts: dict[str, set[str]] = {"exercise": set(), "widget": set()}
    for line in lines:
        if line.lstrip().startswith(("tags:", ":tags:", "+++")):
            for kind, name in _TAG.findall(line):
                parts["widget" if kind == "widget" else "exercise"].add(name)
    return parts


def _tables(path: Path) -> dict[str, list[str]] | None:
    try:
        package = json.loads(path.read_text(encoding="utf-8"))
        return {
            resource["name"]: [column["name"] for column in resource["schema"]["fields"]]
            for resource in package["resources"]
        }
    except (OSError, ValueError, KeyError, TypeError):  # the check of the data says what is wrong with it
        return None


def _pages(folder: Path) -> set[str]:
    return {path.relative_to(folder).with_suffix("").as_posix() for path in folder.glob("**/*.md")}
