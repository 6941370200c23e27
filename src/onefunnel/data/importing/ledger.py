"""The book-keeping of an import: how many rows each file has, which were set aside and why, and what else to know."""

from __future__ import annotations

import csv
import io
from collections import Counter

import pandas as pd

from onefunnel.data.importing.words import guarded
from onefunnel.data.schema import DataError


class Ledger:
    """Rows in, rows set aside, rows taken. Frames carry their origin in the columns `_file` and `_row`."""

    def __init__(self) -> None:
        self.rows_in: dict[str, int] = {}
        self.taken: Counter[str] = Counter()
        self.aside: list[tuple[str, int, str]] = []
        self.warnings: list[str] = []

    def begin(self, file: str, rows: int) -> None:
        """A file was opened and has so many rows below (and above) its header."""
        self.rows_in[file] = rows

    def note_row(self, file: str, row: int, reason: str) -> None:
        """Set one row aside."""
        self.aside.append((file, int(row), reason))

    def keep(self, frame: pd.DataFrame, wrong: pd.Series, reasons: str | pd.Series) -> pd.DataFrame:
        """Set the `wrong` rows aside, each with its reason, and return the others."""
        wrong = wrong.astype(bool)
        if not wrong.any():
            return frame
        lost = frame.loc[wrong, ["_file", "_row"]]
        texts = [reasons] * len(lost) if isinstance(reasons, str) else reasons[wrong].tolist()
        self.aside += [
            (file, int(row), text) for file, row, text in zip(lost["_file"], lost["_row"], texts, strict=True)
        ]
        return frame[~wrong]

    def take(self, frame: pd.DataFrame) -> None:
        """These rows are in a table now."""
        self.taken.update(frame["_file"])

    def warn(self, text: str) -> None:
        """Something the user should know; each text once."""
        if text not in self.warnings:
            self.warnings.append(text)

    def close(self) -> None:
        """Raises DataError unless every row was either taken or set aside, once."""
        out = self.taken + Counter(file for file, _, _ in self.aside)
        places = {(file, row) for file, row, _ in self.aside}
        if len(places) != len(self.aside) or any(out[file] != rows for file, rows in self.rows_in.items()):
            raise DataError(
                "The rows taken and set aside do not add up to the rows read, so nothing was written. "
                "This is a fault of the kit; please report it with the file's header."
            )

    def aside_csv(self) -> bytes:
        """`set_aside.csv`: file, row, reason; in the files' order."""
        order = {file: place for place, file in enumerate(self.rows_in)}
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["file", "row", "reason"])
        for file, row, reason in sorted(self.aside, key=lambda line: (order.get(line[0], 0), line[1])):
            writer.writerow([guarded(file), row, guarded(reason)])
        return out.getvalue().encode("utf-8")

    def reasons(self, limit: int = 8) -> list[tuple[str, int]]:
        """The most frequent reasons with their counts."""
        return Counter(reason for _, _, reason in self.aside).most_common(limit)
