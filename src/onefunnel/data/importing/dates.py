"""Dates as people export them; day-first or month-first is decided once a column, from values that leave no doubt.

Times keep the clock of the file: an offset such as +00:00 is read over, because a CRM writes all of one export in the
same zone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

_TIME = r"(?:[T ,]+(\d{1,2}):(\d{2})(?::\d{2}(?:[.,]\d+)?)?\s*([AaPp]\.?[Mm]\.?)?\s*(?:Z|UTC|[+-]\d{2}:?\d{2})?)?"
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})" + _TIME)
_MIXED = re.compile(r"(\d{1,2})([-/.])\s?(\d{1,2})\2\s?(\d{4}|\d{2})" + _TIME)
_DAY_NAME = re.compile(r"(\d{1,2})[\s.-]+([^\W\d_]{3,10})[\s.,-]+(\d{4})" + _TIME)
_NAME_DAY = re.compile(r"([^\W\d_]{3,10})[\s.]+(\d{1,2}),?\s+(\d{4})" + _TIME)
_EPOCH = re.compile(r"\d{12,13}")
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "mär": 3, "apr": 4, "may": 5, "mai": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9,
    "oct": 10, "okt": 10, "nov": 11, "dec": 12, "dez": 12,
}  # fmt: skip
_FIRST_YEAR, _LAST_YEAR = 1970, 2100


@dataclass(frozen=True)
class Dates:
    """`values` (datetime64[s], NaT where empty or unreadable), which were `bad`, and how sure the order is.

    `order` is "day", "month", "mixed" (the column holds both) or "" (nothing to decide, or no proof); `doubt` is True
    when values could be read both ways and nothing in the column settles it.
    """

    values: np.ndarray
    bad: np.ndarray
    order: str
    doubt: bool


def read_dates(text: pd.Series, order: str = "") -> Dates:
    """Read a column of text. `order` ("day" or "month") settles what the column itself leaves open."""
    codes, unique = pd.factorize(text.to_numpy(dtype=object))
    parsed = [_parse(str(value)) for value in unique]
    proofs = {part[0] for part in parsed if part is not None and part[0] in ("day", "month")}
    open_ = any(part is not None and part[0] == "?" for part in parsed)
    proof = proofs.pop() if len(proofs) == 1 else ("mixed" if proofs else "")
    dots = all("." in str(value) for value, part in zip(unique, parsed, strict=True) if part and part[0] == "?")
    if not proof and open_ and dots:
        proof = "day"  # 01.02.2025: nobody writes the month first with points
    use = proof or order or "day"
    values = np.full(len(unique), np.datetime64("NaT"), dtype="datetime64[s]")
    bad = np.zeros(len(unique), dtype=bool)
    for place, part in enumerate(parsed):
        if part is None:
            bad[place] = bool(str(unique[place]).strip())
            continue
        found = None if part[0] == "?" and use == "mixed" else _moment(part, use)
        bad[place] = found is None
        if found is not None:
            values[place] = found
    return Dates(values[codes], bad[codes], proof, doubt=open_ and not proof and not order)


def _parse(text: str) -> tuple | None:
    """(order, year, first, second, hour, minute): order "iso", "day", "month", or "?" when both readings are dates."""
    text = text.strip()
    if found := _ISO.fullmatch(text):
        year, month, day, *time = found.groups()
        return ("iso", int(year), int(day), int(month), *_clock(*time))
    if found := _MIXED.fullmatch(text):
        first, _, second, year, *time = found.groups()
        a, b = int(first), int(second)
        years = int(year) + (0 if len(year) == 4 else 1900 if int(year) > 69 else 2000)
        order = "day" if a > 12 else "month" if b > 12 else "same" if a == b else "?"
        return (order, years, a, b, *_clock(*time))
    if found := _DAY_NAME.fullmatch(text):
        day, name, year, *time = found.groups()
    elif found := _NAME_DAY.fullmatch(text):
        name, day, year, *time = found.groups()
    elif _EPOCH.fullmatch(text):
        return ("epoch", int(text) // 1000, 0, 0, 0, 0)
    else:
        return None
    month = _MONTHS.get(name[:3].casefold())
    return ("iso", int(year), int(day), month, *_clock(*time)) if month else None


def _clock(hour: str | None, minute: str | None, half: str | None) -> tuple[int, int]:
    if hour is None:
        return 0, 0
    hours = int(hour)
    if half:
        hours = hours % 12 + (12 if half[0] in "pP" else 0)
    return hours, int(minute or 0)


def _moment(part: tuple, use: str) -> np.datetime64 | None:
    order, year, first, second, hour, minute = part
    if order == "epoch":
        return np.datetime64(year, "s")
    reading = order if order in ("day", "month") else use
    day, month = (second, first) if order != "iso" and reading == "month" else (first, second)
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return np.datetime64(f"{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}", "s")
    except ValueError:
        return None
