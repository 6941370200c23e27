"""Reads one YAML file and remembers on which line everything stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from onefunnel.playbook.findings import Finding

try:  # the C reader is about ten times as quick; not every Python has it
    from yaml import CSafeLoader as FastLoader
except ImportError:
    from yaml import SafeLoader as FastLoader

Path_ = tuple[str | int, ...]  # such as ("steps", 4, "accountable", "role")


@dataclass
class Document:
    """A file's plain data, the line of every part of it, and what was wrong with reading it."""

    name: str  # as people say it: playbooks/funnel.yml
    data: Any = None
    lines: dict[Path_, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    text: tuple[int, str] = (1, "")  # what stands under a play's front matter, and the line it begins on

    def line(self, path: Path_) -> int:
        """Return the line of the part at `path`, or of the nearest part around it that has one."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def at(self, path: Path_) -> Any:
        """Return the data at `path`, or None where there is nothing."""
        value = self.data
        for key in path:
            try:
                value = value[key]
            except (KeyError, IndexError, TypeError):
                return None
        return value


def read(path: Path, name: str) -> Document:
    """Read a YAML file. A missing, undecodable or broken file is a finding, not an exception."""
    document = Document(name)
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        mend = "This file is missing. Restore it from version control; load() needs it."
        document.findings.append(Finding(name, 0, "", mend))
        return document
    try:
        text = raw.decode("utf-8-sig")  # Notepad on Windows puts a mark at the beginning
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = "a character here is not UTF-8. Save the file again with the encoding UTF-8."
        document.findings.append(Finding(name, line, "", message))
        return document
    return parse(text, document)


def parse(text: str, document: Document, first_line: int = 1) -> Document:
    """Parse YAML text that begins on `first_line` of the document's file."""
    loader = FastLoader(text)
    try:
        node = loader.get_single_node()
        document.data = loader.construct_document(node) if node is not None else None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        document.findings.append(_broken(text, document.name, first_line, error))
        return document
    finally:
        loader.dispose()
    if node is not None:
        _walk(node, (), document, first_line, set())
    return document


def _walk(node: yaml.Node, path: Path_, document: Document, first_line: int, above: set[int]) -> None:
    """Note the line of every key and list item; two equal keys are a finding (YAML keeps the last, silently)."""
    if id(node) in above:  # an alias to a part that holds it
        return
    document.lines.setdefault(path, node.start_mark.line + first_line)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            line = key.start_mark.line + first_line
            if name in seen:
                message = f'"{name}" stands here a second time. Keep one; only the last would count.'
                document.findings.append(Finding(document.name, line, "", message))
            seen.add(name)
            document.lines[(*path, name)] = line
            _walk(value, (*path, name), document, first_line, above | {id(node)})
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            _walk(item, (*path, number), document, first_line, above | {id(node)})


def _broken(text: str, name: str, first_line: int, error: Exception) -> Finding:
    """Say in plain words where YAML stopped. The pure-Python reader is asked again: its words are always the same."""
    try:
        yaml.safe_load(text)
    except yaml.MarkedYAMLError as marked:
        mark = marked.problem_mark or marked.context_mark
        line = mark.line if mark else 0
        lines = text.splitlines()
        shown = lines[line] if line < len(lines) else ""
        if "\t" in shown[: len(shown) - len(shown.lstrip())]:
            mend = "the line begins with a tab. Indent with spaces."
        elif "mapping values are not allowed" in str(marked.problem):
            mend = "a colon followed by a space inside text. Put the whole text in quotes."
        else:
            mend = (
                f"this is not readable YAML ({marked.problem}). Look at this line and the one above: "
                "indentation, a missing quote, or a missing space after a colon or dash."
            )
        return Finding(name, line + first_line, "", mend)
    except (yaml.YAMLError, ValueError, RecursionError) as other:
        error = other
    return Finding(name, first_line, "", f"this is not readable YAML ({error}). Compare with the version before.")
