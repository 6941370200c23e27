"""Every table's columns: what they mean, their unit, type and limits. `datapackage.json` is made from this.

One module a theme; a table stands before the tables that refer to it only where a reader would look for it.
"""

from __future__ import annotations

from generator.columns import (
    company,
    customers,
    deals,
    experiments,
    goods,
    leads,
    messages,
    money,
    outlets,
    places,
    shelf,
    voices,
)
from generator.columns.kinds import Column, Table

__all__ = ["TABLES", "Column", "Table"]

THEMES = (places, leads, deals, messages, customers, goods, outlets, shelf, money, company, voices, experiments)
TABLES: dict[str, Table] = {name: table for theme in THEMES for name, table in theme.TABLES.items()}
