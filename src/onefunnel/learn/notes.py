"""A learner's own field notes: a CSV beside the notebook, one row a note. Nothing is overwritten or half-written."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from onefunnel.data.importing.words import guarded
from onefunnel.errors import Problem
from onefunnel.learn import files, identity

FILE = "my-field-notes.csv"
FIELDS = ("noted_on", "where", "kind", "seen", "could_change")
_ENCODING = "utf-8-sig"  # with the mark by which Excel knows that ü and € are meant


def append(folder: Path, note: Mapping[str, str]) -> Path:
    """Add one note (a text for each of `FIELDS`) to the CSV in `folder` and return the file.

    Line breaks become blanks, so that a note is one row; a text that a spreadsheet would run as a formula stays text.
    The file is replaced as a whole, so a crash leaves the old one or the new one. Raises Problem while a lesson is
    graded, when the folder may not be written to, and when the file there holds something else; it is left as it is.
    """
    if identity.grading():
        raise Problem("nothing is written while a lesson is graded.")
    path = folder / FILE
    before = _content(path)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    if not before:
        writer.writerow(FIELDS)
    elif not before.endswith("\n"):
        out.write("\r\n")
    writer.writerow([guarded(" ".join(str(note[name]).split())) for name in FIELDS])
    try:
        files.write_bytes(path, (before + out.getvalue()).encode(_ENCODING))
    except Problem as problem:
        raise Problem(f"{problem} If the file is open in a spreadsheet, close it there first.") from None
    return path


def read(folder: Path) -> list[dict[str, str]]:
    """Return the notes in `folder`, oldest first; none without a file. Raises Problem as `append` does."""
    return list(csv.DictReader(io.StringIO(_content(folder / FILE), newline="")))


def _content(path: Path) -> str:
    """Return the file as text, "" without one. Raises Problem when it is not ours, so that nobody's work is lost."""
    try:
        if not path.exists():
            return ""
        if path.stat().st_size > files.LARGEST:
            raise Problem(f"{FILE} is larger than {files.LARGEST // 1_000_000} MB. Rename it; a new one is begun.")
        text = path.read_bytes().decode(_ENCODING)
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"{path} cannot be read ({type(error).__name__}). Move it away or mend it by hand.") from None
    if text.strip() and next(csv.reader(io.StringIO(text, newline="")), None) != list(FIELDS):
        raise Problem(f"{path} has other columns than a field note. Rename it; a new one is begun.")
    return text if text.strip() else ""
