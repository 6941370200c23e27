"""Feedback pages: nbgrader's own for what was graded, one plain sentence page for what was not."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbconvert.preprocessors import Preprocessor
from nbgrader.converters import GenerateFeedback
from nbgrader.converters.base import NbGraderException
from traitlets import Bool
from traitlets.config import Config

from onefunnel.cohort.course import Cohort
from onefunnel.errors import Problem
from onefunnel.grading.course import Course
from onefunnel.grading.gradebook import open_gradebook
from onefunnel.grading.record import Record, all_stored
from onefunnel.learn.show import literal

MONDAY = "M"  # the Monday line's question is called M1 (notebooks/README.md)


class Opening(Preprocessor):
    """Puts on top of the page what happened, and the learner's Monday line for their manager to see."""

    enabled = Bool(True)
    words = ""

    def preprocess(self, notebook: nbformat.NotebookNode, resources: dict) -> tuple[nbformat.NotebookNode, dict]:
        """Insert one Markdown cell."""
        notebook.cells.insert(0, nbformat.v4.new_markdown_cell(self.words, id="onefunnel-feedback"))
        return notebook, resources


def feedback(cohort: Cohort, report: Callable[[int, int, str], None] | None = None) -> list[Path]:
    """Write `feedback/LEARNER/LESSON/LESSON.html` for every record of the gradebook. Returns the pages.

    Hidden tests are left out, of the source and of what errors quote (the cohort's configuration says so).
    """
    course = cohort.course()
    with open_gradebook(course.directory.db_url, course.directory.course_id) as gradebook:
        records = [one for one in all_stored(gradebook) if one.assignment]
    pages, failed = [], []
    for done, record in enumerate(records, start=1):
        try:
            pages.append(_page(course, record))
        except Problem as problem:  # one page that fails does not cost the others theirs
            failed.append(str(problem))
        if report:
            report(done, len(records), record.learner)
    if failed:
        raise Problem("\n".join(failed))
    return pages


def _page(course: Course, record: Record) -> Path:
    place = course.folder("feedback", record.learner, record.assignment)
    page = place / f"{record.assignment}.html"
    graded = course.folder("autograded", record.learner, record.assignment)
    if not (record.scored and graded.is_dir()):
        place.mkdir(parents=True, exist_ok=True)
        page.write_text(_plain_page(record), encoding="utf-8", newline="\n")
        return page
    _generate(course, record, opening(record, _title(graded, record.assignment), monday_line(graded / "answers.json")))
    for written in sorted(place.glob("*.html")):
        written.write_text(harmless(written.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    return page


def _generate(course: Course, record: Record, words: str) -> None:
    """Let nbgrader write the page, with our opening on top."""
    opener = type("OpeningHere", (Opening,), {"words": words})
    directory = course.directory
    directory.assignment_id, directory.student_id = record.assignment, record.learner
    config = Config(course.config)
    config.HTMLExporter.template_name = "feedback"
    try:
        writer = GenerateFeedback(coursedir=directory, config=config, log=course.autograde.log)
        writer.preprocessors = [*writer.preprocessors, opener]
        writer.force = True
        writer.start()
    except NbGraderException as error:
        raise Problem(
            f"The feedback of {record.learner} on {record.assignment} could not be written: {error} "
            f"{' '.join(course.warnings[-3:])[:500]}"
        ) from error
    finally:
        directory.assignment_id, directory.student_id = "", "*"


def harmless(page: str) -> str:
    """Return nbgrader's page without any script or outside address, with a language, and easier to read.

    It shows what a learner's code put out, and a lead opens it: so nothing in it may run or call home.
    """
    page = re.sub(r"<script\b.*?</script\s*>", "", page, flags=re.DOTALL | re.IGNORECASE)
    page = re.sub(r"@font-face\s*\{[^}]*\}", "", page)  # bootstrap's symbols, which no page of ours has
    page = re.sub(r'(<a href="#(?:[a-z0-9-]+-)?([^"]+)">)Test cell</a>', r"\1Question \2</a>", page)
    return page.replace("<html>", '<html lang="en">', 1).replace("<head>", f"<head>\n{_HEAD}", 1)


_RULES = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'"
_HEAD = f"""<meta http-equiv="Content-Security-Policy" content="{_RULES}">
<style>body a, body .panel-heading a {{ color: #00558a !important; text-decoration: underline; }}
body .panel-primary > .panel-heading a {{ color: #fff !important; }}
body .anchor-link {{ display: none; }}
body pre {{ white-space: pre-wrap !important; overflow: visible !important; }}</style>"""


def opening(record: Record, title: str, monday: str) -> str:
    """Return what stands on top of a learner's page (Markdown; the learner's words are escaped)."""
    lines = [f"**{html.escape(record.for_learner.replace(f'“{record.assignment}”', f'“{title}”'))}**"]
    if record.score is not None:
        lines.append(f"You have {record.score:g} of {record.max_score:g} points.")
    if record.seconds_late:
        lines.append(f"It was handed in {late(record.seconds_late)} late.")
    if monday:
        lines.append(f"Your Monday line: “{literal(monday)}”")
    return "\n\n".join(lines)


def late(seconds: float) -> str:
    """Say a delay in the largest unit that fits."""
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            amount = int(seconds // size)
            return f"{amount} {unit}{'s' if amount != 1 else ''}"
    return "less than a minute"


def monday_line(answers: Path) -> str:
    """Return the sentence that the learner means to act on, "" where none was kept."""
    try:
        entries = json.loads(answers.read_text(encoding="utf-8"))["answers"]
        for key, entry in sorted(entries.items()):
            name = key.partition("/")[2]
            if name.startswith(MONDAY) and entry.get("type") == "text":
                return str(entry["answer"]["text"])[:400]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass
    return ""


def _title(graded: Path, lesson: str) -> str:
    """What the lesson is called; its id where it does not say."""
    try:
        return str(json.loads((graded / f"{lesson}.items.json").read_text(encoding="utf-8"))["title"])
    except (OSError, ValueError, KeyError, TypeError):
        return lesson


def _plain_page(record: Record) -> str:
    title = html.escape(record.assignment)
    return f"""<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}: feedback</title>
<style>body {{ font: 1.1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem; }}</style>
</head>
<body><main><h1>{title}</h1><p>{html.escape(record.for_learner)}</p></main></body>
</html>
"""
