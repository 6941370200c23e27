"""A sheet's columns become typed fields. What cannot be read is not guessed: each such cell keeps the reason why.

A frame has `_file`, `_row` and every field of its record: text ("" when absent), datetime64 (NaT), float (NaN), or
True, False and None (not said).
A date or number that could not be read has its reason in the column `why:FIELD` ("" where all is well).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from onefunnel.data.importing.dates import read_dates
from onefunnel.data.importing.fields import DATE, FLAG, MONEY, SHARE, fields
from onefunnel.data.importing.ledger import Ledger
from onefunnel.data.importing.numbers import read_numbers
from onefunnel.data.importing.reading import Sheet
from onefunnel.data.importing.words import fold, guarded, shown

TRUE = {"true", "1", "yes", "y", "wahr", "ja", "x", "sí", "si"}
FALSE = {"false", "0", "no", "n", "falsch", "nein"}


def typed(sheet: Sheet, record: str, columns: Mapping[str, str], ledger: Ledger, order: str = "") -> pd.DataFrame:
    """Every field of `record` from the sheet; `order` ("day", "month") is the user's word on dates."""
    kinds = fields(record)
    out: dict[str, object] = {"_file": sheet.file, "_row": sheet.frame.index.to_numpy()}
    dates = [field for field, kind in kinds.items() if kind == DATE and field in columns]
    moments = read_together(sheet, {field: columns[field] for field in dates}, ledger, order)
    for field, kind in kinds.items():
        if field not in columns:
            out[field] = _absent(kind)
            continue
        name = columns[field]
        text = sheet.frame[name]
        if kind == DATE:
            out[field], out[f"why:{field}"] = moments[field]
        elif kind in (MONEY, SHARE):
            numbers = read_numbers(text)
            out[field] = numbers.values
            out[f"why:{field}"] = why(text, numbers.bad, name, "is no number that can be read without doubt")
            if kind == MONEY:
                out["money:" + field] = numbers.currency
            if numbers.doubt:
                ledger.warn(
                    f'{sheet.file}: "{name}" never shows whether comma or point is the decimal sign; '
                    "a sign before three digits was taken to group thousands."
                )
        elif kind == FLAG:
            folded = text.map(fold)
            out[field] = folded.map(lambda word: True if word in TRUE else False if word in FALSE else None).to_numpy(
                object
            )
            strange = ~folded.isin(TRUE | FALSE | {""})
            if strange.any():
                ledger.warn(
                    f'{sheet.file}: "{name}" holds {shown(text[strange].iloc[0])}, neither yes nor no; left out.'
                )
        else:
            out[field] = text.map(guarded).to_numpy(dtype=object)
            risky = int((out[field] != text.to_numpy(dtype=object)).sum())
            if risky:
                ledger.warn(
                    f'{sheet.file}: {risky} cells of "{name}" begin like a formula; an apostrophe keeps them text.'
                )
    return pd.DataFrame(out)


def read_together(
    sheet: Sheet, columns: Mapping[str, str], ledger: Ledger, order: str = ""
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Values and reasons of several date columns of one file; a column without proof follows the file's others."""
    read = {field: read_dates(sheet.frame[name], order) for field, name in columns.items()}
    proofs = {dates.order for dates in read.values()} & {"day", "month"}
    out = {}
    for field, name in columns.items():
        dates = read[field]
        if dates.doubt and len(proofs) == 1:
            follow = next(iter(proofs))
            dates = read_dates(sheet.frame[name], follow)
            ledger.warn(f'{sheet.file}: "{name}" was read {follow} first, because other columns of the file are.')
        elif dates.doubt:
            ledger.warn(
                f'{sheet.file}: "{name}" could be read day first or month first; day first was taken. '
                "Say --dates month-first if that is wrong."
            )
        elif dates.order == "mixed":
            ledger.warn(f'{sheet.file}: "{name}" holds dates written day first and month first.')
        out[field] = (
            dates.values.astype("datetime64[ns]"),
            why(sheet.frame[name], dates.bad, name, "is no date that can be read without doubt"),
        )
    return out


def why(text: pd.Series, bad: np.ndarray, column: str, what: str) -> np.ndarray:
    """The reason for each bad cell, "" elsewhere."""
    reasons = np.full(len(text), "", dtype=object)
    for place in np.flatnonzero(bad):
        reasons[place] = f"{shown(text.iloc[place])} in column {shown(column)} {what}"
    return reasons


def reason(frame: pd.DataFrame, field: str) -> pd.Series:
    """The reasons of one field's unreadable cells."""
    name = f"why:{field}"
    if name not in frame:
        return pd.Series("", index=frame.index, dtype=object)
    return frame[name].fillna("").astype(object)


def tell_unread(frame: pd.DataFrame, fields: tuple[str, ...], ledger: Ledger) -> None:
    """Warn about unreadable cells of fields a row can do without; they are left empty."""
    for field in fields:
        texts = reason(frame, field)
        rows = frame[texts != ""]
        if len(rows):
            ledger.warn(
                f"{rows['_file'].iloc[0]}: {len(rows)} cells were left empty, "
                f"the first in row {rows['_row'].iloc[0]}: {texts[rows.index[0]]}."
            )


def _absent(kind: str) -> object:
    if kind == DATE:
        return np.datetime64("NaT", "ns")
    return {MONEY: np.nan, SHARE: np.nan, FLAG: None}.get(kind, "")
