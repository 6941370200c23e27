"""T00, the demonstration territory of the worked examples: small, round and easy to follow. It is in no total.

One module a theme. Each has `add(rows)`, which appends whole rows: one value for each of the table's columns, in order.
"""

from __future__ import annotations

from generator.columns import TABLES
from generator.demo import company, core, deals, leads, outlets, shelf

THEMES = (core, leads, deals, outlets, shelf, company)


def make_demo() -> dict[str, dict[str, list]]:
    """All of T00's rows: table → column → values, in the kinds of `columns`."""
    rows: dict[str, list[tuple]] = {name: [] for name in TABLES}
    for theme in THEMES:
        theme.add(rows)
    return {
        name: {column.name: [row[i] for row in rows[name]] for i, column in enumerate(TABLES[name].columns)}
        for name in rows
    }
