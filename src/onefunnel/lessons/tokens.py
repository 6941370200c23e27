"""Replace `{{ step.trial.name }}` by what the playbook says, in prose and in every text of an item.

A lesson that types a name goes stale when the company renames it; a token cannot. Unknown tokens are faults
with their line. Single braces such as `{value}` are left alone: `learn` fills them with the learner's number.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from onefunnel.home import home
from onefunnel.lessons.findings import known_or_near as near
from onefunnel.playbook import Playbook

TOKEN = re.compile(r"\{\{\s*(.*?)\s*\}\}", re.DOTALL)
SITE = "../site"  # where company.yml names no address: the copy of the site beside the lessons

# What a token may begin with, and the list of the playbook that it looks in.
KINDS = {
    "step": "steps",
    "role": "roles",
    "metric": "metrics",
    "term": "glossary",
    "skill": "skills",
    "evidence": "evidence",
}
# The site's sections: a page an entry, or one page with a place for each entry; and pages that stand alone.
SECTIONS = {"steps": "steps", "metrics": "metrics", "roles": "roles", "plays": "plays", "mix": "mix"}
ONE_PAGE = {"glossary": "glossary", "evidence": "evidence"}
ALONE = ("index", "ideas", "lessons", "status")


class UnknownToken(Exception):
    """A token that names nothing; the message is a sentence with the mend."""


class Tokens:
    """All tokens of one lesson."""

    def __init__(self, playbook: Playbook, lesson: dict[str, Any]) -> None:
        self.playbook = playbook
        self.lesson = lesson
        self.used: set[str] = set()

    def replace(self, text: str, problem: Callable[[int, str], None]) -> str:
        """Return `text` with every token replaced; calls `problem(line offset, sentence)` for each unknown one."""

        def one(match: re.Match) -> str:
            try:
                self.used.add(match[1])
                return self.value(match[1])
            except UnknownToken as error:
                problem(text.count("\n", 0, match.start()), f"{{{{ {match[1]} }}}}: {error}")
                return match[0]

        return TOKEN.sub(one, text)

    def value(self, name: str) -> str:
        """Return what one token stands for; UnknownToken when nothing."""
        kind, *rest = name.split(".")
        if kind == "page":
            return self.page(".".join(rest))
        if kind == "lesson" and len(rest) == 1:
            return self._lesson(rest[0])
        if kind == "company" and len(rest) == 1:
            return _field(self.playbook.company, rest[0])
        if kind in KINDS and len(rest) == 2:
            return _field(self._entry(kind, rest[0]), rest[1])
        if kind in KINDS:
            raise UnknownToken(f"write {{{{ {kind}.ID.name }}}}.")
        raise UnknownToken(f"unknown token.{near(kind, [*KINDS, 'page', 'lesson', 'company'])}")

    def page(self, path: str) -> str:
        """Return the address of a page of the site, such as `metrics.win_rate` or `glossary`."""
        section, _, entry = path.replace("/", ".").partition(".")
        base = (self.playbook.company.links.site or SITE).rstrip("/")
        lists = SECTIONS | ONE_PAGE
        if section not in lists:
            alone = {*ALONE, *(page.stem for page in (home().site / "pages").glob("*.md"))}
            if entry or section not in alone:
                raise UnknownToken(f"no such page.{near(section, {*lists, *alone})}")
            return f"{base}/{section}.html"
        known = [one.id for one in getattr(self.playbook, lists[section])]
        if entry and entry not in known:
            raise UnknownToken(f'no page "{entry}" in {section}.{near(entry, known)}')
        if section in ONE_PAGE:
            return f"{base}/{section}.html" + (f"#{entry}" if entry else "")
        return f"{base}/{section}/{entry or 'index'}.html"

    def _lesson(self, field: str) -> str:
        if field not in self.lesson:
            raise UnknownToken(f"no such field of the front matter.{near(field, self.lesson)}")
        value = self.lesson[field]
        if field == "playbook":
            return self.page(value)
        return "\n".join(f"- {entry}" for entry in value) if isinstance(value, list) else str(value)

    def _entry(self, kind: str, entry_id: str) -> BaseModel:
        entries = {str(one.id): one for one in getattr(self.playbook, KINDS[kind])}
        if entry_id not in entries:
            raise UnknownToken(f'no {kind} "{entry_id}" in the playbook.{near(entry_id, entries)}')
        return entries[entry_id]


def _field(entry: BaseModel, name: str) -> str:
    value = getattr(entry, name, None) if name in type(entry).model_fields else None
    if not isinstance(value, str):
        texts = [field for field in type(entry).model_fields if isinstance(getattr(entry, field), str)]
        raise UnknownToken(f'no text "{name}" there.{near(name, texts)}')
    return value
