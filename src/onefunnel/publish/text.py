"""Small pieces of Markdown and HTML, and the two things every page's text may hold: links and tokens.

A link is written `site:KIND/ID` (such as `site:metrics/win_rate` or `site:glossary#mql`), a token `{{ company.name }}`.
Both are resolved when the page is written; one that leads nowhere is an error, never a blank.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches

_LINK = re.compile(r"(?P<before>\]\(|href=\")site:(?P<target>[\w./-]*)(?P<anchor>#[\w-]+)?(?=[)\"])")
_TOKEN = re.compile(r"\{\{\s*(?P<name>[\w.]*)\s*\}\}")
NO_BREAK = "\u00a0"


def one_line(text: object) -> str:
    """Return `text` on one line. No-break spaces stay: they hold a number and its unit together."""
    return re.sub(r"[ \t\r\n]+", " ", str(text)).strip(" ")


def plain(text: object) -> str:
    """Return `text` as Markdown that shows exactly these characters on one line ("n < 30" stays what it is)."""
    return re.sub(r"([\\*\[\]|])", r"\\\1", html.escape(one_line(text), quote=False))


def attribute(text: object) -> str:
    """Return `text` for use inside an HTML attribute."""
    return html.escape(one_line(text), quote=True)


def sentence(text: object) -> str:
    """Return `text` with a capital first letter and a full stop, so that short YAML notes read as sentences."""
    words = str(text).strip()
    if not words:
        return ""
    words = words[0].upper() + words[1:]
    return words if words[-1] in '.!?…”")' else words + "."


def capital(text: str) -> str:
    """Return `text` with a capital first letter and the rest untouched."""
    return text[:1].upper() + text[1:]


def bullets(items: Iterable[str]) -> str:
    """Return a Markdown list; the items are Markdown already."""
    return "\n".join(f"- {item}" for item in items)


def box(kind: str, *parts: str) -> str:
    """Return Markdown inside an HTML box of class `kind` (one that the style sheet knows)."""
    inner = "\n\n".join(parts)
    return f'<div class="{kind}" markdown>\n\n{inner}\n\n</div>'


def lead(words: str) -> str:
    """Return the paragraph under a page's heading."""
    return f"{words}\n{{: .of-lead }}"


def small(words: str) -> str:
    """Return a paragraph in small print."""
    return f"{words}\n{{: .of-small }}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], align: str = "") -> str:
    """Return a Markdown table. `align` has one letter a column: l, r or c (default l). Cells are Markdown already."""
    rule = {"l": ":--", "r": "--:", "c": ":-:"}
    marks = [rule[letter] for letter in (align or "l" * len(head))]
    lines = [head, marks, *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def along(label: str, before: tuple[str, str] | None, after: tuple[str, str] | None) -> str:
    """Return the links to the page before and the page after; each is (address for `site:` links, name) or None."""
    links = ""
    for word, kind, way in (("Before", "back", before), ("Next", "on", after)):
        if way:
            address, name = way
            links += f'<a class="of-along__{kind}" href="site:{address}"><small>{word}</small>{attribute(name)}</a>'
    return f'<nav class="of-along" aria-label="{attribute(label)}" data-search-exclude>{links}</nav>'


def facts(rows: Iterable[Sequence[str]]) -> str:
    """Return a list of names and what is to say about each; both are Markdown already."""
    return box("of-facts", "\n\n".join(f"{name}\n:   {words}" for name, words in rows))


def resolve(text: str, page: str, target_of: Callable[[str, str], str], token_of: Callable[[str], str]) -> str:
    """Return `text` with its tokens replaced and its `site:` links made relative to the page at path `page`.

    `target_of(address, page)` gives the path of a page ("metrics/win_rate" → "metrics/win_rate.md") or raises;
    `token_of(name)` gives a token's value or raises. Markdown links keep .md, HTML attributes get .html.
    """
    text = _TOKEN.sub(lambda match: token_of(match["name"]), text)

    def link(match: re.Match[str]) -> str:
        path = relative(target_of(match["target"], page), page)
        if match["before"] != "](":
            path = re.sub(r"\.md$", ".html", path)
        return f"{match['before']}{path}{match['anchor'] or ''}"

    return _LINK.sub(link, text)


def near(wanted: str, known: Iterable[str]) -> str:
    """Return “Did you mean …?” for a mistyped name, or nothing."""
    found = get_close_matches(wanted, list(known), 1)
    return f"Did you mean {found[0]}?" if found else ""


def relative(target: str, page: str) -> str:
    """Return the path of `target` as seen from `page`; both are posix paths from the top of the pages folder."""
    here, there = page.split("/")[:-1], target.split("/")
    while here and len(there) > 1 and here[0] == there[0]:
        here, there = here[1:], there[1:]
    return "/".join([".."] * len(here) + there)
