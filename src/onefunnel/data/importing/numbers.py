"""Amounts as people export them: "1.234,50 €", "$1,234.50", "1 234,5", "12 %".

Whether the comma or the point is the decimal sign is decided once a column, from values that leave no doubt.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

_CURRENCY = re.compile(r"[€$£¥₹]|(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])")
_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₹": "INR"}
_BLANKS = re.compile("[\\s'’%]")
_BODY = re.compile(r"\d[\d.,]*|[.,]\d+")
_EXPONENT = re.compile(r"\d+(?:\.\d+)?[eE][+-]?\d{1,2}")
_GROUPED = {"," : re.compile(r"\d{1,3}(?:,\d{3})+"), ".": re.compile(r"\d{1,3}(?:\.\d{3})+")}  # fmt: skip


@dataclass(frozen=True)
class Numbers:
    """`values` (NaN where empty or unreadable), which were `bad`, the `currency` written in each, and any `doubt`."""

    values: np.ndarray
    bad: np.ndarray
    currency: np.ndarray
    doubt: bool = False


def read_numbers(text: pd.Series) -> Numbers:
    """Read a column of text. Empty cells are NaN and not bad."""
    codes, unique = pd.factorize(text.to_numpy(dtype=object))
    parts = [_parts(str(value)) for value in unique]
    signs = {sign for _, body, _ in parts if body for sign in [_decimal_sign(body)] if sign in (".", ",")}
    doubtful = [body is not None and _decimal_sign(body) == "?" for _, body, _ in parts]
    decimal = signs.pop() if len(signs) == 1 else ("mixed" if signs else "")
    values = np.full(len(unique), math.nan)
    bad = np.zeros(len(unique), dtype=bool)
    for place, (sign, body, _) in enumerate(parts):
        if body == "":
            continue
        value = None if body is None else _value(body, decimal)
        bad[place] = value is None
        values[place] = math.nan if value is None else sign * value
    currency = np.array([part[2] for part in parts], dtype=object)
    return Numbers(values[codes], bad[codes], currency[codes], doubt=not decimal and any(doubtful))


def _parts(text: str) -> tuple[int, str | None, str]:
    """Sign, digits with their separators ("" when empty, None when no number), and currency."""
    found = _CURRENCY.search(text)
    currency = _SIGNS.get(found[0], found[0]) if found else ""
    body = _BLANKS.sub("", _CURRENCY.sub("", text, count=1))
    sign = 1
    if body.startswith("(") and body.endswith(")"):
        sign, body = -1, body[1:-1]
    elif body[:1] in ("-", "−", "+"):
        sign, body = (1 if body[0] == "+" else -1), body[1:]
    if not body:
        return sign, ("" if not text.strip() else None), currency
    whole = _BODY.fullmatch(body) or _EXPONENT.fullmatch(body)
    return sign, (body if whole and body.isascii() and len(body) < 40 else None), currency


def _decimal_sign(body: str) -> str:
    """Which sign this value proves to be the decimal one: "." or ","; "?" if it could be either; "" if neither."""
    comma, point = body.count(","), body.count(".")
    if "e" in body.casefold() or not (comma or point):
        return ""
    if comma and point:
        return "," if body.rfind(",") > body.rfind(".") else "."
    sign, other, count = (",", ".", comma) if comma else (".", ",", point)
    if count > 1:
        return other
    return "?" if _GROUPED[sign].fullmatch(body) and not body.startswith("0") else sign


def _value(body: str, decimal: str) -> float | None:
    """The number, or None. Without proof in the column a sign before three digits groups thousands: money has cents."""
    if "e" in body.casefold():
        return float(body)
    own = _decimal_sign(body)
    if own == "?":
        if decimal == "mixed":
            return None
        own = decimal or ("." if "," in body else ",")
    own = own or "."
    grouping = "," if own == "." else "."
    whole, _, rest = body.partition(own)
    if own in rest or grouping in rest or (grouping in whole and not _GROUPED[grouping].fullmatch(whole)):
        return None
    return float(f"{whole.replace(grouping, '') or '0'}.{rest or '0'}")
