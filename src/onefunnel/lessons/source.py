"""Read a lesson's source file into cells that still know their lines.

jupytext reads the MyST format; this module adds what an error message needs: the line of every cell and of every
field in a cell's header. Broken headers are all reported, not only the first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from jupytext import myst

from onefunnel.playbook.findings import Finding
from onefunnel.playbook.reader import Document, parse

CODE = "{code-cell}"


@dataclass
class Cell:
    """One cell of the source, as written. `header` knows the line of each of its fields."""

    kind: str  # code or markdown
    text: str
    header: Document
    line: int  # of its first line: the fence of a code cell
    text_line: int

    @property
    def tags(self) -> list[str]:
        """The tags as written, in order."""
        found = self.header.data.get("tags") or []
        return [str(tag) for tag in found] if isinstance(found, list) else [str(found)]

    def tag(self, name: str) -> str | None:
        """Return what stands after `name:` in the tags ("" for a bare `name`), or None when there is no such tag."""
        for tag in self.tags:
            head, _, rest = tag.partition(":")
            if head.strip() == name:
                return rest.strip()
        return None

    def line_of(self, *path: str | int) -> int:
        """Return the line of a header field, or of the nearest one around it that is written."""
        return self.header.line(path) if self.header.lines else self.line


@dataclass
class Source:
    """One lesson's source: front matter and cells, as written (no token replaced)."""

    path: Path
    name: str  # as people say it: notebooks/start/start-here.md
    front: Document
    cells: list[Cell]

    @property
    def slug(self) -> str:
        """The lesson's id: the file's name."""
        return self.path.stem

    @property
    def track(self) -> str:
        """The track: the folder's name."""
        return self.path.parent.name


def read(path: Path) -> tuple[Source, list[Finding]]:
    """Read one source file. Returns what could be read, and a finding for each part that could not (then no cells)."""
    name = f"{path.parent.parent.name}/{path.parent.name}/{path.name}"
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = "a character here is not UTF-8. Save the file again with the encoding UTF-8."
        return Source(path, name, Document(name, {}), []), [Finding(name, line, "", message)]
    tokens = myst.get_parser().parse(text + "\n")
    findings: list[Finding] = []
    if tokens and tokens[0].type == "front_matter":
        front = _mapping(tokens[0].content, 2, name, "front matter", findings)
    else:
        front = Document(name, {})
        findings.append(Finding(name, 1, "front matter", "missing. Begin the file with `---`, its fields, and `---`."))
    headers = _headers(tokens, name, findings)
    if findings:
        return Source(path, name, front, []), findings
    return Source(path, name, front, _cells(text, headers, name, findings)), findings


def _cells(text: str, headers: dict[int, tuple[Document, int]], name: str, findings: list[Finding]) -> list[Cell]:
    """Let jupytext cut the text into cells, and give each its header and lines back."""
    try:
        notebook = myst.myst_to_notebook(text, add_source_map=True)
    except myst.MystMetadataParsingError as error:
        mend = 'Write it as JSON: +++ {"tags": ["written:W1"]}'
        findings.append(Finding(name, 0, "", f"{str(error)[0].lower()}{str(error)[1:]}. {mend}"))
        return []
    lines = text.splitlines()
    cells = []
    for cell, start in zip(notebook.cells, notebook.metadata["source_map"], strict=True):
        if cell.cell_type == "code":
            header, text_line = headers[start - 1]
            cells.append(Cell("code", cell.source, header, start, text_line))
            continue
        while start < len(lines) and not lines[start].strip():
            start += 1
        cells.append(Cell("markdown", cell.source, Document(name, dict(cell.metadata)), start + 1, start + 1))
    return cells


def _headers(tokens: list, name: str, findings: list[Finding]) -> dict[int, tuple[Document, int]]:
    """Return for each code cell (by the index of its fence's line) its header, and the line where its text begins."""
    found = {}
    depth = 0
    for token in tokens:
        depth += token.nesting
        if token.type != "fence" or not token.info.startswith("{"):
            continue
        fence = token.map[0] + 1
        if depth:
            message = "stands inside a list or a quote. Begin its fence at the left edge."
            findings.append(Finding(name, fence, "cell", message))
        elif not token.info.startswith(CODE):
            message = f"unknown kind {token.info.strip()}. A code cell begins with ```{CODE}."
            findings.append(Finding(name, fence, "cell", message))
        else:
            found[token.map[0]] = _header(token.content.split("\n"), fence, name, findings)
    return found


def _header(body: list[str], fence: int, name: str, findings: list[Finding]) -> tuple[Document, int]:
    """Read the block between `---` lines at the top of a code cell."""
    if not body or body[0].strip() != "---":
        return Document(name, {}), fence + 1
    end = next((i for i, line in enumerate(body[1:], 1) if line.strip() == "---"), None)
    if end is None:
        findings.append(Finding(name, fence + 1, "cell header", "has no end. Close it with a line `---`."))
        return Document(name, {}), fence + 1
    header = _mapping("\n".join(body[1:end]), fence + 2, name, "cell header", findings)
    blank = 1 if len(body) > end + 1 and not body[end + 1].strip() else 0  # jupytext drops one blank line there
    return header, fence + 1 + end + 1 + blank


def _mapping(text: str, first_line: int, name: str, where: str, findings: list[Finding]) -> Document:
    """Read YAML that must be a list of fields."""
    document = parse(text, Document(name), first_line)
    data: Any = document.data
    findings += [Finding(f.file, f.line, where, f.message) for f in document.findings]
    if not document.findings and not isinstance(data, dict | None):
        findings.append(Finding(name, first_line, where, "must be fields, one a line: `field: value`."))
    document.data = {}
    if isinstance(data, dict):
        try:
            document.data = yaml.load(text, Loader=_Plain)
        except (
            yaml.MarkedYAMLError
        ) as error:  # jupytext's reader is stricter than the quick one, for example with “Why?,”
            line = first_line + (error.problem_mark.line if error.problem_mark else 0)
            message = f"this is not readable YAML ({error.problem}). Put the text on this line in quotes."
            findings.append(Finding(name, line, where, message))
    return document


class _Plain(yaml.SafeLoader):
    """YAML as people read it: `on`, `off`, `yes` and `no` are words (ids, field names), only true and false are not."""


_Plain.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Plain.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
