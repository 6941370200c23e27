"""A stranger's file becomes a sheet: bytes → text → delimiter → header → rows, each with its row number.

Row numbers are those a spreadsheet shows: the header of a plain export is row 1. A row whose fields do not fit the
header (a footer, a line above the header, a stray delimiter) is set aside here, never stretched.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from onefunnel.data.importing.ledger import Ledger
from onefunnel.data.importing.words import fold, shown
from onefunnel.data.schema import DataError

MAX_BYTES = 500_000_000
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_HEAD_ROWS = 60
_NOTHING = ["-", "–", "—"]  # what reports print for an empty field
_NO_TEXT = {
    b"PK\x03\x04": "an Excel workbook or a zip file",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a compressed file",
}


@dataclass(frozen=True)
class Sheet:
    """One file's rows: text columns as named by the file (`header`), `row` numbers, and how the file was read."""

    file: str
    header: tuple[str, ...]
    frame: pd.DataFrame
    encoding: str
    delimiter: str


def read_sheet(path: Path, name: str, ledger: Ledger) -> Sheet:
    """Read one file. Raises DataError when it is missing, too large, empty, or no table of text."""
    text, encoding = _text(_bytes(path), path)
    delimiter = _delimiter(text)
    rows = _rows(text, delimiter, path)
    if not rows:
        raise DataError(f"{path}: the file holds no rows. Export it again.")
    top = _header(rows)
    header = _unique([cell.strip() for cell in rows[top][1]])
    if len(header) < 2:
        raise DataError(
            f"{path}: no columns were found (a row looks like {shown(','.join(rows[top][1]))}). "
            "Save it as CSV with commas, semicolons, tabs or bars between the fields."
        )
    ledger.begin(name, len(rows) - 1)
    for number, cells in rows[:top]:
        ledger.note_row(name, number, f"stands above the header ({len([c for c in cells if c])} filled fields)")
    kept = []
    for number, cells in rows[top + 1 :]:
        if len(cells) != len(header):
            ledger.note_row(name, number, f"has {len(cells)} fields where the header has {len(header)}")
        elif not any(cell and not cell.isspace() for cell in cells):
            ledger.note_row(name, number, "is empty")
        else:
            kept.append((number, *(cell.strip() for cell in cells)))
    columns = pd.DataFrame(kept, columns=range(len(header) + 1), dtype=object)
    frame = columns.drop(columns=0)
    frame.columns = pd.Index(header, dtype=object)
    frame = frame.mask(frame.isin(_NOTHING), "")
    frame.index = pd.Index(columns[0].astype("int64"), name="row")
    return Sheet(name, header, frame, encoding, DELIMITERS[delimiter])


def _bytes(path: Path) -> bytes:
    if path.is_dir():
        raise DataError(f"{path} is a folder. Name the exported file itself.")
    if not path.exists():
        raise DataError(f"{path}: there is no such file. Check its name.")
    if not path.is_file():
        raise DataError(f"{path} is no ordinary file. Copy the export into one.")
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise DataError(
                f"{path}: {size / 1e6:,.0f} MB is more than {MAX_BYTES / 1e6:,.0f} MB. Export fewer columns or years."
            )
        data = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror}). Close programs that have it open.") from error
    if not data.strip(b"\xef\xbb\xbf \t\r\n\x00"):
        raise DataError(f"{path}: the file is empty. Export it again.")
    return data


def _text(data: bytes, path: Path) -> tuple[str, str]:
    """Decode by the byte order mark, else UTF-16 by its zero bytes, else UTF-8, else Windows-1252."""
    for start, what in _NO_TEXT.items():
        if data.startswith(start):
            raise DataError(f"{path}: this is {what}. Save it as CSV and import that.")
    encodings = ["utf-8-sig", "cp1252"]
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\x00" in data[:2000]:
        encodings = ["utf-16-be" if data[:2000:2].count(0) > data[1:2000:2].count(0) else "utf-16-le"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        strange = sum(text.count(chr(code)) for code in range(32) if chr(code) not in "\t\n\r\f\v")
        if strange:
            break
        if text.lstrip()[:1] in ("<", "{", "["):
            raise DataError(f"{path}: this is a web page or JSON, not a table. Export it as CSV.")
        return text, encoding.removesuffix("-sig")
    raise DataError(f"{path}: this is no text file. Save the export as CSV (UTF-8) and import that.")


def _delimiter(text: str) -> str:
    """The delimiter that cuts most of the first rows into the same number of fields, and into many."""
    if text[:5].casefold() == "sep=;":
        return ";"
    head = io.StringIO(text[:200_000], newline="")
    lines = [line for _, line in zip(range(_HEAD_ROWS), head, strict=False) if line.strip()]

    def fit(delimiter: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if len(row) > 1)
        width, rows = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        return rows, width

    csv.field_size_limit(10_000_000)
    return max(DELIMITERS, key=fit)


def _rows(text: str, delimiter: str, path: Path) -> list[tuple[int, list[str]]]:
    """Every row that is not blank, with its number. A quotation mark that is never closed stops the file."""
    rows = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if cells and not (number == 1 and cells[0].casefold().startswith("sep=")):
                rows.append((number, cells))
    except csv.Error as error:
        raise DataError(
            f"{path}: row {number + 1} cannot be read ({error}). Look for a stray quotation mark there."
        ) from error
    return rows


def _header(rows: list[tuple[int, list[str]]]) -> int:
    """The first row that is as wide as most are, or wider, and mostly filled; lines above it are a title block."""
    widths = Counter(len(cells) for _, cells in rows[:_HEAD_ROWS] if len(cells) > 1)
    usual = max(widths, key=lambda width: widths[width], default=1)  # of equals the first: the header comes early
    for place, (_, cells) in enumerate(rows[:_HEAD_ROWS]):
        if len(cells) >= usual and 2 * sum(bool(cell.strip()) for cell in cells) > len(cells):
            return place
    return 0


def _unique(names: list[str]) -> tuple[str, ...]:
    """Header names, each once: a second "Owner" is "Owner (2)", a nameless one "column 7"."""
    seen: Counter[str] = Counter()
    unique = []
    for place, name in enumerate(names, start=1):
        name = name or f"column {place}"
        seen[fold(name)] += 1
        unique.append(name if seen[fold(name)] == 1 else f"{name} ({seen[fold(name)]})")
    return tuple(unique)
