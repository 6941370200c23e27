"""Every table of ours that no CRM exports (orders, products, forecasts …), from files that a mapping describes.

What such a table holds is said once, in the sample's `datapackage.json`: column types, the key, and references. A row
is set aside when its key is empty or taken, when a cell cannot be read or lies outside the column's range, or when it
refers to something that is not there. A misspelt name is never guessed: the reason proposes one, the mapping's
`names:` decides.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from onefunnel.data.importing.fields import model
from onefunnel.data.importing.ledger import Ledger
from onefunnel.data.importing.typed import reason
from onefunnel.data.importing.words import fold, near, shown
from onefunnel.data.schema import Field, TableSchema

_MOST_NAMES = 500  # comparing more names with one another would take minutes


def take_tables(
    rows: Mapping[str, pd.DataFrame], tables: dict[str, pd.DataFrame], names: Mapping[str, str], ledger: Ledger
) -> dict[str, pd.DataFrame]:
    """Return `tables` with those of `rows` added, in an order in which every reference finds its table.

    `names` are the user's own corrections of misspelt names. A table that others refer to and that no file holds is
    made of the names in them.
    """
    tables = dict(tables)
    waiting = {name: frame for name, frame in rows.items() if len(frame)}
    while waiting:
        ready = [name for name in waiting if not any(key.other in waiting for key in model()[name].foreign_keys)]
        for name in ready or list(waiting):
            tables[name] = _taken(model()[name], waiting.pop(name), tables, names, ledger)
    return tables


def _taken(
    table: TableSchema, rows: pd.DataFrame, tables: dict[str, pd.DataFrame], names: Mapping[str, str], ledger: Ledger
) -> pd.DataFrame:
    rows = rows.reset_index(drop=True)
    for field in table.fields:
        unread = reason(rows, field.name)
        rows = ledger.keep(rows, unread != "", unread)
        rows = _within(rows, field, ledger)
    for key in table.foreign_keys:
        if (rows[key.field] != "").any():
            rows = _referred(rows, key.field, _other(tables, key.other, rows[key.field], names, ledger), names, ledger)
    for column in table.primary_key:
        rows = ledger.keep(rows, _empty(rows[column]), f"has no {column}")
    double = rows.duplicated(list(table.primary_key)) if table.primary_key else pd.Series(False, index=rows.index)
    rows = ledger.keep(rows, double, f"has the same {' and '.join(table.primary_key)} as an earlier row")
    ledger.take(rows)
    for field in table.fields:
        _strange_words(table.name, field, rows[field.name], ledger)
    return pd.DataFrame({field.name: rows[field.name] for field in table.fields}).reset_index(drop=True)


def _within(rows: pd.DataFrame, field: Field, ledger: Ledger) -> pd.DataFrame:
    """Numbers below or above what the column can hold are set aside; a negative price would be added up."""
    if field.type not in ("number", "integer"):
        return rows
    for limit, outside in (("minimum", pd.Series.lt), ("maximum", pd.Series.gt)):
        bound = field.limit(limit)
        if bound is not None:
            side = "below" if limit == "minimum" else "above"
            rows = ledger.keep(rows, outside(rows[field.name], bound), f"has a {field.name} {side} {bound}")
    return rows


def _referred(
    rows: pd.DataFrame, column: str, other: pd.DataFrame, names: Mapping[str, str], ledger: Ledger
) -> pd.DataFrame:
    """The rows whose reference is an id, or a name, of the other table, with the id in its place."""
    ids = other.iloc[:, 0].astype(str)
    found = {fold(one): one for one in ids}
    if "name" in other:
        once = other[~other["name"].duplicated(keep=False) & (other["name"] != "")]
        found = {fold(name): one for one, name in zip(once.iloc[:, 0], once["name"], strict=True)} | found
    corrected = {fold(wrong): fold(right) for wrong, right in names.items()}
    wanted = {label: corrected.get(fold(label), fold(label)) for label in rows[column].unique()}
    unknown = rows[column].map(lambda label: label != "" and wanted[label] not in found)
    guesses = {label: near(label, found) for label in rows.loc[unknown, column].unique()[:_MOST_NAMES]}
    texts = rows[column].map(lambda label: _unknown(column, label, guesses.get(label)))
    rows = ledger.keep(rows, unknown, texts)
    return rows.assign(**{column: rows[column].map(lambda label: found.get(wanted[label], ""))})


def _unknown(column: str, label: str, guess: str | None) -> str:
    what = column.removesuffix("_id").replace("_", " ")
    proposal = f"; did you mean {shown(guess)}? Say so under names: in the mapping" if guess else ""
    return f"names the {what} {shown(label)}, which is not among those taken{proposal}"


def _other(
    tables: dict[str, pd.DataFrame], name: str, labels: pd.Series, names: Mapping[str, str], ledger: Ledger
) -> pd.DataFrame:
    """The table referred to. One that no file holds is made of the names, and look-alikes among them are told."""
    if name in tables and len(tables[name]):
        return tables[name]
    corrected = {fold(wrong): right for wrong, right in names.items()}
    given = [corrected.get(fold(label), label) for label in labels.unique() if label]
    made = list({fold(label): label for label in given}.values())
    columns = [field.name for field in model()[name].fields]
    tables[name] = pd.DataFrame({column: "" if column != columns[0] else made for column in columns})
    if "name" in columns:
        tables[name]["name"] = made
    for field in model()[name].fields:
        if field.type != "string":
            tables[name][field.name] = np.datetime64("NaT", "ns") if field.type.startswith("date") else np.nan
    ledger.warn(f"No file holds {name}; the table was made of the {len(made)} names that others refer to.")
    for place, label in enumerate(made[:_MOST_NAMES]):
        alike = near(label, made[:place])
        if alike:
            ledger.warn(
                f"{name}: {shown(label)} looks like {shown(alike)}. If it is, say so under names: in the mapping."
            )
    return tables[name]


def _strange_words(table: str, field: Field, values: pd.Series, ledger: Ledger) -> None:
    """Words that metrics look for are listed in the package; others are kept, but nobody may be surprised."""
    known = field.limit("enum")
    odd = (
        sorted({value for value in values if value and value not in known}) if known and field.type == "string" else []
    )
    if odd:
        ledger.warn(
            f"{table}.{field.name} holds {', '.join(map(shown, odd[:5]))}; the metrics look for {', '.join(known[:8])}."
        )


def _empty(values: pd.Series) -> pd.Series:
    return values.isna() | (values == "")
