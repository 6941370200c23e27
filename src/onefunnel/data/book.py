"""A learner's book of business: four fifths of one territory's accounts, chosen by the learner's id.

Two learners' numbers differ, and the same learner has the same book in every lesson, on every machine, for ever: the
choice rests on SHA-256 of plain text. Accounts are sampled, never deals, so that no account is half in a book.
"""

from __future__ import annotations

import hashlib

import pandas as pd

from onefunnel.data.schema import DataError
from onefunnel.data.tables import Tables

SHARE = 0.8
PACKAGED = 12
LEAKING = 2

#: What comes off the list price of an order line, EUR columns of `orders`.
OFF_LIST = (
    "on_invoice_eur",
    "volume_bonus_eur",
    "free_goods_eur",
    "terms_eur",
    "freight_eur",
    "marketing_support_eur",
    "service_eur",
)


class Book(Tables):
    """One learner's tables. `draw` 0 is the learner's own book, 1 the one of hidden checks."""

    def __init__(self, tables: Tables, learner_id: str, territory_id: str, draw: int) -> None:
        frames = {name: tables[name] for name in tables.names}
        super().__init__(frames, tables.as_of, tables.demonstration, tables.lacking)
        self.learner_id = learner_id
        self.territory_id = territory_id
        self.draw = draw


def book(tables: Tables, learner_id: str, draw: int = 0) -> Book:
    """The learner's book: a territory, 80 % of its office accounts, 12 packaged ones, and all that hangs on them.

    `draw` 1, 2, … are further books of the same learner, each on another territory. The two packaged accounts that
    keep the largest share of list for themselves are always in. The territory's targets are cut to the same 80 %,
    to the hundred, because the learner answers for those accounts only. Case and outer blanks of the id do not
    matter. Raises DataError when the id is empty or there is no territory left to draw.
    """
    learner = learner_id.strip().casefold()
    if not learner:
        raise DataError("A book needs a learner's id. Give the id that your enablement lead gave you.")
    territory_id = _territory(tables, learner, draw)
    accounts = tables["accounts"]
    local = accounts[accounts["territory_id"] == territory_id]
    office = local.loc[local["line"] == "office", "account_id"].tolist()
    chooser = f"{learner}/{draw}" if draw and tables.lacking else learner
    kept = _first(office, chooser, round(SHARE * len(office)))
    shops = local.loc[local["line"] == "packaged", "account_id"].tolist()
    leaking = _leaking(tables["orders"], shops)
    others = [account for account in shops if account not in leaking]
    kept += leaking + _first(others, learner, PACKAGED - len(leaking))
    cut = tables.accounts_only(kept, [territory_id])
    frames = {name: cut[name] for name in cut.names}
    targets = frames["targets"]
    frames["targets"] = targets.assign(target_eur=(targets["target_eur"] * SHARE / 100).round() * 100)
    return Book(Tables(frames, tables.as_of, tables.demonstration, tables.lacking), learner_id, territory_id, draw)


def _territory(tables: Tables, learner: str, draw: int) -> str:
    """Territories in the learner's own order; `draw` says which one, so two draws never share a territory."""
    ids = tables["territories"]["territory_id"]
    ordered = sorted(ids[ids != tables.demonstration], key=lambda name: _mark(learner, name))
    if tables.lacking and ordered:
        draw %= len(ordered)  # an import may hold one territory only; its second book has other accounts of it
    if not 0 <= draw < len(ordered):
        raise DataError(f"There are {len(ordered)} territories to draw books from; draw {draw} is not one of them.")
    return ordered[draw]


def _first(account_ids: list[str], learner: str, count: int) -> list[str]:
    return sorted(account_ids, key=lambda name: _mark(learner, name))[:count]


def _mark(learner: str, name: str) -> str:
    """Where a name stands in the learner's order: SHA-256 of both, as hexadecimal text."""
    return hashlib.sha256(f"{learner}/{name}".encode()).hexdigest()


def _leaking(orders: pd.DataFrame, account_ids: list[str]) -> list[str]:
    """The packaged accounts with the lowest pocket price (share of list), worst first."""
    sums = orders[orders["account_id"].isin(account_ids)].groupby("account_id")[["list_eur", *OFF_LIST]].sum()
    off = sums[list(OFF_LIST)].sum(axis=1) / sums["list_eur"]
    return off.sort_values(ascending=False, kind="stable").index[:LEAKING].tolist()
