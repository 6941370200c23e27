"""Checks the playbook, the data and the lessons against one another, and says where and how to mend each fault."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from onefunnel.errors import Problem
from onefunnel.home import Home, home
from onefunnel.playbook import links, schemas
from onefunnel.playbook.findings import Finding, PlaybookError
from onefunnel.playbook.loading import examine, load, read_all
from onefunnel.playbook.plain import finding
from onefunnel.playbook.rules import NUMBERS_OF_IDEAS, Documents, select

EXAMPLE = "python kit.py check --release"
TEACHING = ("lesson", "exercise", "widget", "play")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    parser.add_argument("--release", action="store_true", help="a review date in the past is an error")
    parser.add_argument("--write-schemas", action="store_true", help="write playbooks/schema/*.json and stop")
    parser.add_argument("--playbooks", type=Path, metavar="DIR", help="check this folder instead of the kit's own")


def run(args: argparse.Namespace) -> int:
    """Run the verb; 0 when there is no error, else 1."""
    folder = args.playbooks.resolve() if args.playbooks else home().playbooks
    if not folder.is_dir():
        raise Problem(f"{folder}: there is no such folder. Name the folder that holds funnel.yml and its sisters.")
    if args.write_schemas:
        names = schemas.write(folder)
        print("\n".join(f"wrote {folder.name}/schema/{name}" for name in names) or "The schemas are fresh.")
        return 0
    findings = check(folder, release=args.release)
    lessons, lesson_findings = _lessons(folder)
    findings += lesson_findings + _data()
    errors = [str(one) for one in findings if one.level == "error"]
    warnings = [str(one) for one in findings if one.level == "warning"]
    ideas = _ideas(read_all(folder))
    if args.json:
        report = {"errors": errors, "warnings": warnings, "lessons": lessons, "ideas": ideas}
        print(json.dumps(report, ensure_ascii=False, indent=2, default=str))
    else:
        _print(errors, warnings, lessons, ideas)
    return 1 if errors else 0


def check(
    folder: Path | None = None, *, release: bool = False, today: date | None = None, kit: Home | None = None
) -> list[Finding]:
    """Return everything that is wrong with a playbook and with its links to the lessons and tables of `kit`.

    `release` turns review dates before `today` from warnings into errors.
    """
    kit = kit or home()
    folder = folder or kit.playbooks
    documents = read_all(folder)
    findings = examine(documents)[1]
    surroundings = links.around(kit)
    findings += links.outside(documents, surroundings)
    findings += links.of_paths(documents, surroundings)
    # A review date is compared with the reader's calendar: it is about people, not about the company's tables.
    findings += _past_reviews(documents, today or date.today(), "error" if release else "warning")
    findings += _open_ideas(documents)
    findings += _stale_schemas(folder)
    return findings


def _past_reviews(documents: Documents, today: date, level: str) -> Iterator[Finding]:
    for document in documents.values():
        for pattern in ("review_by", "evidence/*/review_by", "metrics/*/review_by"):
            for path, day in select(document, pattern):
                if isinstance(day, date) and day < today:
                    message = f"the review was due on {day}. Read it again, mend it, and set a new review_by."
                    yield finding(document, path, message, level)


def _ideas(documents: Documents) -> dict[str, int]:
    taught = {
        idea["number"]
        for _, idea in select(documents["ideas"], "ideas/*")
        if isinstance(idea, dict) and _is_taught(idea) and idea.get("number") in NUMBERS_OF_IDEAS
    }
    return {"linked": len(taught), "total": len(NUMBERS_OF_IDEAS)}


def _open_ideas(documents: Documents) -> Iterator[Finding]:
    for path, idea in select(documents["ideas"], "ideas/*"):
        if isinstance(idea, dict) and isinstance(idea.get("links"), list) and not _is_taught(idea):
            message = "Nothing teaches this idea. Link a lesson, an exercise, an exploration (widget) or a play."
            yield finding(documents["ideas"], path, message)


def _is_taught(idea: dict[str, Any]) -> bool:
    """Taught or put to work: a word in the glossary or a column in a table alone does neither."""
    return any(str(link).partition(":")[0] in TEACHING for link in idea.get("links") or ())


def _stale_schemas(folder: Path) -> Iterator[Finding]:
    for name in schemas.stale(folder):
        message = "this schema is not what the models say. Run: python kit.py check --write-schemas"
        yield Finding(f"{folder.name}/schema/{name}", 0, "", message)


def _lessons(folder: Path) -> tuple[list[dict[str, Any]], list[Finding]]:
    """Return a record for each lesson and what is wrong with the lessons; a wheel carries no lesson sources."""
    if not home().notebooks.is_dir():
        return [], []
    from onefunnel.lessons import catalogue, rubrics
    from onefunnel.lessons.build import read_all as read_lessons

    try:
        lessons, findings = read_lessons(playbook=load(folder))
    except PlaybookError:
        message = "the lessons were not checked, because they need a playbook without errors. Mend those first."
        return [], [Finding("notebooks", 0, "", message, "warning")]
    except Problem as problem:
        return [], [Finding("notebooks", 0, "", str(problem))]
    records = []
    for lesson in lessons:
        record = catalogue.record(lesson)
        mine = [str(one) for one in findings if one.file == record["source"] and one.level == "error"]
        records.append({**record, "errors": mine})
    faulty = {one.file for one in findings if one.level == "error"}
    return records, findings + rubrics.check(lessons, home().grading / rubrics.FOLDER, faulty)


def _data() -> list[Finding]:
    """Read the tables and validate them."""
    from onefunnel import data

    folder = home().tables
    try:
        data.load(folder)
        validate = getattr(data, "validate", None)
        faults = validate(folder) if validate else []
    except Problem as problem:
        faults = [str(problem)]
    return [Finding(folder.name, 0, "", str(fault)) for fault in faults]


def _print(errors: list[str], warnings: list[str], lessons: list[dict[str, Any]], ideas: dict[str, int]) -> None:
    for text in errors:
        print(f"error    {text}")
    for text in warnings:
        print(f"warning  {text}")
    if lessons:
        print(f"\n{'lesson':<20}{'minutes':>8}{'points':>8}{'grade':>8}   reading grade: years of school")
        for one in lessons:
            grade = one.get("reading_grade")
            shown = f"{grade:.1f}" if isinstance(grade, int | float) else "–"
            print(f"{one['id']:<20}{one.get('minutes', '–'):>8}{one.get('points', '–'):>8}{shown:>8}")
    counts = f"{_count(errors, 'error')}, {_count(warnings, 'warning')}"
    print(f"\n{counts}; {ideas['linked']} of {ideas['total']} ideas linked.")
    print("Mend the errors above, then run the check again." if errors else "Next: python kit.py build")


def _count(texts: list[str], noun: str) -> str:
    return f"{len(texts)} {noun}" + ("" if len(texts) == 1 else "s")
