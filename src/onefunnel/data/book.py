"""A learner's book of business: four fifths of one territory's accounts, chosen by the learner's id.

Two learners' numbers differ, and the same learner has the same book in every lesson, on every machine, for ever: the
choice rests on SHA-256 of plain text. Accounts are sampled, never deals, so that no account is half in a book.
"""

from __future__ import annotations

import hashlib

import numpy as np
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
        super().__init__(tables._frames, tables.as_of, tables.demonstration, tables.lacking)
        self.learner_id = learner_id
        self.territory_id = territory_id
        self.draw = draw


def book(tables: Tables, learner_id: str, draw: int = 0) -> Book:
    """The learner's book: a territory, 80 % of its accounts (12 of the packaged ones), and all that hangs on them.

    `draw` 1, 2, … are further books of the same learner, each on another territory. The two packaged accounts that
    keep the largest share of list for themselves are always in. Of outlets, shops and doors one in five is left
    out, among neighbours that bought alike, so that a book lost customers as its territory did. The territory's
    targets are cut to the same 80 %, to the hundred, because the learner answers for those accounts only. Of each
    campaign's spend it keeps the share of the campaign's leads that are in the book, so that a return compares like
    with like. Case and outer blanks of the id do not matter. Raises DataError when the id is empty or there is no
    territory left to draw.
    """
    learner = learner_id.strip().casefold()
    if not learner:
        raise DataError("A book needs a learner's id. Give the id that your enablement lead gave you.")
    territory_id = _territory(tables, learner, draw)
    whole = tables.territory(territory_id)  # many learners share one: what it holds is looked up once for them all
    local = whole["accounts"]
    office = local.loc[local["line"] == "office", "account_id"].tolist()
    chooser = f"{learner}/{draw}" if draw and tables.lacking else learner
    kept = _first(office, chooser, round(SHARE * len(office)))
    shops = local.loc[local["line"] == "packaged", "account_id"].tolist()
    leaking = whole.once("leaking", lambda: _leaking(whole["orders"], shops))
    others = [account for account in shops if account not in leaking]
    kept += leaking + _first(others, learner, PACKAGED - len(leaking))
    for alike in whole.once("alike", lambda: _alike(whole, local)):
        kept += _four_of_five(alike, learner)
    cut = whole.accounts_only(kept, [territory_id])

    def of_book(name: str, frame: pd.DataFrame) -> pd.DataFrame:
        if name == "targets":
            return frame.assign(target_eur=(frame["target_eur"] * SHARE / 100).round() * 100)
        return _campaigns(frame, cut["leads"], tables["leads"]) if name == "campaigns" else frame

    return Book(cut.changed(of_book), learner_id, territory_id, draw)


def _campaigns(campaigns: pd.DataFrame, kept: pd.DataFrame, leads: pd.DataFrame) -> pd.DataFrame:
    """Campaigns with their spend cut by the share of their leads that are kept, to the cent; 0 where none is."""
    ids = campaigns["campaign_id"]
    of_all = leads["campaign_id"].value_counts().reindex(ids).fillna(0).to_numpy()
    of_book = kept["campaign_id"].value_counts().reindex(ids).fillna(0).to_numpy()
    spend = campaigns["spend_eur"] * of_book / np.where(of_all > 0, of_all, 1)
    return campaigns.assign(spend_eur=spend.round(2))


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


def _alike(tables: Tables, local: pd.DataFrame) -> list[list[str]]:
    """Ids of shops, of doors and of outlets, in lists of those alike and, within, next to those that buy as much.

    Outlets are alike that bought in the last full quarter or not, and in the same quarter a year before or not.
    """
    lists = [local.loc[local["line"] == line, "account_id"].tolist() for line in ("shop", "door")]
    outlets = local.loc[local["line"] == "outlet", "account_id"]
    if outlets.empty:
        return lists
    orders = tables["route_orders"]
    orders = orders[orders["account_id"].isin(outlets)]
    quarter = orders["ordered_on"].dt.to_period("Q")
    last = tables.as_of.to_period("Q") - 1
    bought = pd.DataFrame({"account_id": outlets})
    for name, when in (("before", last - 4), ("after", last)):
        sums = (
            orders[quarter == when].groupby("account_id").agg(orders=("delivery_id", "nunique"), cases=("cases", "sum"))
        )
        sums = sums.reindex(outlets).fillna(0)
        bought[name] = (sums["orders"] > 0).to_numpy()
        bought[f"{name}_orders"], bought[f"{name}_cases"] = sums["orders"].to_numpy(), sums["cases"].to_numpy()
    order = ["before_orders", "after_orders", "before_cases", "after_cases", "account_id"]
    rows = bought.sort_values(order, kind="stable").groupby(["before", "after"])["account_id"]
    return lists + [ids.tolist() for _, ids in rows]


def _four_of_five(account_ids: list[str], learner: str) -> list[str]:
    """All but the last in the learner's order of each five neighbours, and of three or four that remain at the end."""
    kept = []
    for first in range(0, len(account_ids), 5):
        neighbours = account_ids[first : first + 5]
        kept += _first(neighbours, learner, len(neighbours) - (len(neighbours) >= 3))
    return kept


def _mark(learner: str, name: str) -> str:
    """Where a name stands in the learner's order: SHA-256 of both, as hexadecimal text."""
    return hashlib.sha256(f"{learner}/{name}".encode()).hexdigest()


def _leaking(orders: pd.DataFrame, account_ids: list[str]) -> list[str]:
    """The packaged accounts with the lowest pocket price (share of list), worst first."""
    sums = orders[orders["account_id"].isin(account_ids)].groupby("account_id")[["list_eur", *OFF_LIST]].sum()
    off = sums[list(OFF_LIST)].sum(axis=1) / sums["list_eur"]
    return off.sort_values(ascending=False, kind="stable").index[:LEAKING].tolist()
