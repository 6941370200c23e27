"""Reads the folder, validates every file, and hands out one `Playbook`, or every error at once."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ValidationError

from onefunnel.errors import Problem
from onefunnel.home import home
from onefunnel.playbook import links, maturity
from onefunnel.playbook.base import PlaybookFile
from onefunnel.playbook.book import Playbook
from onefunnel.playbook.callables import metric_functions
from onefunnel.playbook.company import Company
from onefunnel.playbook.findings import Finding, PlaybookError
from onefunnel.playbook.funnel import FunnelFile, RolesFile
from onefunnel.playbook.knowledge import EvidenceFile, GlossaryFile, IdeasFile, SkillsFile
from onefunnel.playbook.mix import MixFile
from onefunnel.playbook.numbers import MetricsFile
from onefunnel.playbook.paths import PathsFile
from onefunnel.playbook.plain import finding, translate
from onefunnel.playbook.plays import Play
from onefunnel.playbook.reader import Document, parse, read
from onefunnel.playbook.rules import Documents, cross_references

FILES: dict[str, type[PlaybookFile]] = {
    "company": Company,
    "funnel": FunnelFile,
    "metrics": MetricsFile,
    "roles": RolesFile,
    "glossary": GlossaryFile,
    "evidence": EvidenceFile,
    "ideas": IdeasFile,
    "skills": SkillsFile,
    "paths": PathsFile,
    "mix": MixFile,
    "maturity": maturity.Maturity,
}
OPTIONAL = ("mix", "maturity")  # a company may leave these out; the site then has no such page
NOT_A_PLAY = "README.md"


def load(folder: Path | None = None) -> Playbook:
    """Return the checked playbook of a folder (default: the kit's own); the same object until a file changes.

    Raises PlaybookError with every error of the playbook's own files, one a line. Links from ideas to lessons and
    tables, and review dates, are `python -m onefunnel check`'s business: a lesson in the making stops nobody here.
    """
    folder = Path(folder).resolve() if folder is not None else home().playbooks
    if not folder.is_dir():
        raise Problem(f"{folder}: there is no such folder. Name the folder that holds funnel.yml and its sisters.")
    return _load(folder, _stamp(folder))


def schema_line(name: str) -> str:
    """Return what a file's `$schema` line must say."""
    return f"schema/{name}.schema.json"


def read_all(folder: Path) -> Documents:
    """Read all files of a playbook, and the front matter of its plays, without judging them."""
    documents = {
        name: read(folder / f"{name}.yml", f"{folder.name}/{name}.yml")
        for name in FILES
        if name not in OPTIONAL or (folder / f"{name}.yml").exists()
    }
    for path in sorted(folder.glob("plays/*.md")):
        if path.name != NOT_A_PLAY:
            documents[f"plays/{path.stem}"] = _front_matter(path, f"{folder.name}/plays/{path.name}")
    return documents


def examine(documents: Documents) -> tuple[dict[str, BaseModel], list[Finding]]:
    """Return the models of the files that are valid, and every error within the playbook."""
    models: dict[str, BaseModel] = {}
    findings: list[Finding] = []
    for name, document in documents.items():
        findings += document.findings
        if document.data is None and document.findings:
            continue
        model = FILES.get(name, Play)
        findings += _first_line(name, document)
        try:
            models[name] = model.model_validate(document.data)
        except ValidationError as error:
            findings += translate(error, model, document)
    findings += cross_references(documents)
    findings += metric_functions(documents["metrics"])
    findings += links.inside(documents)
    findings += maturity.fits(documents)
    return models, findings


@lru_cache(maxsize=8)
def _load(folder: Path, stamp: tuple[tuple[str, int, int], ...]) -> Playbook:
    documents = read_all(folder)
    models, findings = examine(documents)
    if findings:
        raise PlaybookError(findings)
    return Playbook(
        company=models["company"],
        steps=models["funnel"].steps,
        metrics=models["metrics"].metrics,
        roles=models["roles"].roles,
        decisions=models["roles"].decisions,
        mix=models["mix"].parts if "mix" in models else (),
        maturity=models.get("maturity"),
        glossary=models["glossary"].terms,
        evidence=models["evidence"].evidence,
        ideas=tuple(sorted(models["ideas"].ideas, key=lambda idea: idea.number)),
        articles=models["ideas"].sources,
        skills=models["skills"].skills,
        clusters=models["skills"].clusters,
        paths=models["paths"].paths,
        plays=tuple(model for name, model in models.items() if name.startswith("plays/")),
        reviews={f"{name}.yml": models[name].review_by for name in FILES if name in models and models[name].review_by},
        play_texts={name.removeprefix("plays/"): documents[name].text for name in models if name.startswith("plays/")},
    )


def _stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """What tells one state of the folder from another: names, times, sizes."""
    files = [*folder.glob("*.yml"), *folder.glob("plays/*.md")]
    return tuple(sorted((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in files))


def _first_line(name: str, document: Document) -> list[Finding]:
    """Editors need the `$schema` line; pydantic says when it is missing, this says when it is another file's."""
    if name not in FILES or not isinstance(document.data, dict):
        return []
    written = document.data.get("$schema")
    if written is None or written == schema_line(name):
        return []
    return [finding(document, ("$schema",), f'the first line must be "$schema: {schema_line(name)}". Correct it.')]


def _front_matter(path: Path, name: str) -> Document:
    """Read the YAML between the first two lines of three dashes of a Markdown file."""
    document = Document(name)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        message = "a character here is not UTF-8. Save the file again with the encoding UTF-8."
        document.findings.append(Finding(name, 1, "", message))
        return document
    lines = text.splitlines()
    ends = [number for number, line in enumerate(lines) if line.rstrip() == "---"]
    if len(ends) < 2 or ends[0] != 0:
        message = "a play begins with its front matter between two lines of ---. See plays/README.md."
        document.findings.append(Finding(name, 1, "", message))
        return document
    document.text = (ends[1] + 2, "\n".join(lines[ends[1] + 1 :]))
    return parse("\n".join(lines[1 : ends[1]]) + "\n", document, first_line=2)
