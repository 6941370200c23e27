"""The files of the plays, filled in from the playbook as far as it knows: Word, Excel or plain CSV.

The bytes depend on the playbook alone, so a file that says the same as before is not written again: the office
formats are zip files that note the time of writing, and that time is set to a fixed day.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onefunnel.playbook import Playbook
    from onefunnel.playbook.plays import Play, Sheet

KINDS = {"docx": "a Word document", "xlsx": "an Excel workbook", "csv": "a CSV table"}
FIXED = datetime(2020, 1, 1)
_SAVED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
WIDEST = 48  # characters of a column in Excel


def files(playbook: Playbook) -> Iterator[tuple[str, bytes]]:
    """Yield (path in the site, bytes) of each play's template."""
    for play in playbook.plays:
        if play.template:
            write = {"docx": _docx, "xlsx": _xlsx, "csv": _csv}[play.template.kind]
            yield f"plays/{play.id}.{play.template.kind}", write(play, playbook)


def metric_catalogue(playbook: Playbook) -> bytes:
    """All metrics as one CSV table: formula, owner, cadence, both languages, whether it may drive pay, and why."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    head = ["Metric", "Question", "Formula", "Left out", "Owner", "Looked at", "To sales", "To marketing"]
    writer.writerow([*head, "May drive pay", "Why"])
    for metric in playbook.metrics:
        pay = metric.drives_pay
        words = [metric.name, metric.question, metric.formula, metric.excludes, playbook.role(metric.owner).name]
        words += [metric.cadence, metric.say.sales, metric.say.marketing, "yes" if pay.allowed else "no", pay.why]
        writer.writerow(" ".join(word.split()) for word in words)
    return out.getvalue().encode("utf-8-sig")


def rows(sheet: Sheet, playbook: Playbook) -> list[tuple[str, ...]]:
    """All rows of a sheet, each as long as its columns: those from the playbook, those given, the empty ones."""
    found = [*_known(sheet, playbook), *sheet.rows, *[()] * sheet.empty_rows]
    width = len(sheet.columns)
    return [(*row[:width], *[""] * (width - len(row))) for row in found]


def _known(sheet: Sheet, playbook: Playbook) -> list[tuple[str, ...]]:
    match sheet.rows_from:
        case "steps":
            return [(step.name, playbook.role(step.accountable.role).name) for step in playbook.steps]
        case "metrics":
            return [(metric.name, playbook.role(metric.owner).name) for metric in playbook.metrics]
        case "roles":
            return [(role.name, role.function) for role in playbook.roles]
        case "origins":
            return [(origin.name,) for origin in playbook.company.origins]
        case "skills":
            return [(skill.name, skill.statement) for skill in playbook.skills]
        case "lines":
            return [(line.name,) for line in playbook.company.business_lines]
        case "topics" if playbook.maturity:
            return [(topic.name, *(answer.is_ for answer in topic.answers)) for topic in playbook.maturity.topics]
    return []


def _csv(play: Play, playbook: Playbook) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for sheet in play.template.sheets:
        writer.writerow(sheet.columns)
        writer.writerows(rows(sheet, playbook))
    return out.getvalue().encode("utf-8-sig")  # the mark makes Excel read the accents


def _xlsx(play: Play, playbook: Playbook) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    book.remove(book.active)
    book.properties.creator = playbook.company.name
    book.properties.created = book.properties.modified = FIXED
    for number, sheet in enumerate(play.template.sheets, start=1):
        page = book.create_sheet(_sheet_title(sheet.heading, number))
        page.append([sheet.heading])
        page["A1"].font = Font(bold=True, size=14)
        page.append([sheet.help or ""])
        page.append(list(sheet.columns))
        for cell in page[3]:
            cell.font = Font(bold=True)
        for row in rows(sheet, playbook):
            page.append(list(row))
        page.freeze_panes = "A4"
        for column in range(1, len(sheet.columns) + 1):
            texts = [str(page.cell(line, column).value or "") for line in range(3, page.max_row + 1)]
            page.column_dimensions[get_column_letter(column)].width = min(WIDEST, max(14, *map(len, texts)) + 2)
        for line in page.iter_rows(min_row=3):
            for cell in line:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
    out = io.BytesIO()
    book.save(out)
    return _timeless(out.getvalue())


def _sheet_title(heading: str, number: int) -> str:
    """What Excel allows as the name of a sheet."""
    clean = "".join("-" if sign in "[]:*?/\\" else sign for sign in heading)
    return clean[:28] or f"Sheet {number}"


def _docx(play: Play, playbook: Playbook) -> bytes:
    from docx import Document

    page = Document()
    page.core_properties.author = playbook.company.name
    page.core_properties.created = page.core_properties.modified = FIXED
    page.core_properties.title = play.template.name
    page.add_heading(play.template.name, level=0)
    page.add_paragraph(play.summary)
    for sheet in play.template.sheets:
        page.add_heading(sheet.heading, level=1)
        if sheet.help:
            page.add_paragraph(sheet.help)
        grid = page.add_table(rows=1, cols=len(sheet.columns), style="Table Grid")
        for cell, title in zip(grid.rows[0].cells, sheet.columns, strict=True):
            cell.paragraphs[0].add_run(title).bold = True
        for row in rows(sheet, playbook):
            for cell, value in zip(grid.add_row().cells, row, strict=True):
                cell.text = value
    out = io.BytesIO()
    page.save(out)
    return _timeless(out.getvalue())


def _timeless(data: bytes) -> bytes:
    """The same zip file with one fixed time on all its members, and in what openpyxl says of the last save."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            info = zipfile.ZipInfo(member.filename, FIXED.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, _SAVED.sub(rf"\g<1>{FIXED:%Y-%m-%dT%H:%M:%SZ}".encode(), old.read(member)))
    return out.getvalue()
