"""Pages that people write by hand (site/pages/*.md): copied in, with the same tokens and links as every other page.

`only: sample` in the front matter keeps a page about made-up tables off the site of a company with its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from onefunnel.errors import Problem
from onefunnel.publish.page import Edition, Page


def pages(edition: Edition) -> Iterator[Page]:
    """Yield one page a Markdown file of the folder, with `title` (needed) and `description` from its front matter."""
    folder = edition.hand_written
    for path in sorted(folder.glob("**/*.md")) if folder else ():
        page = read(path, path.relative_to(folder).as_posix())
        if edition.tables.demonstration or not page.sample_only:
            yield page


def read(path: Path, name: str) -> Page:
    """Return one hand-written page; Problem if its front matter is missing or cannot be read."""
    import yaml

    text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
    head, found, body = text.removeprefix("---\n").partition("\n---\n")
    front: Any = None
    if text.startswith("---\n") and found:
        try:
            front = yaml.safe_load(head)
        except yaml.YAMLError as error:
            raise Problem(f"site/pages/{name}: the front matter is no YAML ({error}).") from error
    if not isinstance(front, dict) or not front.get("title"):
        raise Problem(f"site/pages/{name}:1 has no title. Begin the file with ---, title: …, ---.")
    return Page(
        path=name,
        title=str(front["title"]),
        body=body,
        description=str(front.get("description", "")),
        hide=tuple(front.get("hide", ())),
        from_line=head.count("\n") + 3,
        sample_only=front.get("only") == "sample",
        written_in=f"site/pages/{name}",
    )
