"""Every table's columns: what they mean, their unit, type and limits. `datapackage.json` is made from this.

One module a theme; a table stands before the tables that refer to it only where a reader would look for it.
"""

from __future__ import annotations

from generator.columns import deals, goods, leads, messages, money, places
from generator.columns.kinds import Column, Table

__all__ = ["TABLES", "Column", "Table"]

TABLES: dict[str, Table] = places.TABLES | leads.TABLES | deals.TABLES | goods.TABLES | money.TABLES
TABLES |= messages.TABLES
