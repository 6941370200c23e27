"""Comparing what people typed: folding, near matches, and cells that a spreadsheet would run."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping

import pandas as pd

_FORMULA = re.compile(r"^\s*[=+\-@]|^[\t\r\n]")
_NEAR = 0.75
_LONGEST = 60


def fold(text: str) -> str:
    """The same word in one form: letter case, outer and doubled blanks and Unicode's spellings do not matter."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def near(text: str, known: Iterable[str]) -> str | None:
    """The known word that `text` most looks like; None when none is close. Only ever proposed, never applied."""
    folded = {fold(word): word for word in known}
    found = difflib.get_close_matches(fold(text)[:200], list(folded), n=1, cutoff=_NEAR)
    return folded[found[0]] if found else None


def guarded(text: str) -> str:
    """A cell that a spreadsheet would run as a formula gets an apostrophe in front, so it stays text."""
    return f"'{text}" if _FORMULA.search(text) else text


def shown(text: str) -> str:
    """A stranger's cell as it may stand in a message: in quotes, one line, not endless, without control characters."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    return f'"{plain[:_LONGEST]}…"' if len(plain) > _LONGEST else f'"{plain}"'


def mapped(keys: pd.Series, table: Mapping[str, str]) -> pd.Series:
    """Each key's text, "" where it has none; always text, also when no key has one."""
    return pd.Series([table.get(key, "") for key in keys], index=keys.index, dtype=object)
