"""Accounts, contacts, territories, campaigns and leads; an export names them in many places, our tables in one each."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from onefunnel.data.importing.deals import own_ids, without_copies
from onefunnel.data.importing.ledger import Ledger
from onefunnel.data.importing.typed import reason, tell_unread
from onefunnel.data.importing.vocabulary import Vocabulary, look_up, strangers
from onefunnel.data.importing.words import fold, mapped

NO_ACCOUNT = "(no account in the export)"
NO_TERRITORY = "(no territory in the export)"
ALL = "All deals"


class Registry:
    """One table's ids: rows that carry an id keep it, rows that carry only a name share a made one.

    A name that stands beside an id anywhere means that id. The same name beside two ids means the first.
    """

    def __init__(self, letter: str, width: int) -> None:
        self.letter, self.width = letter, width
        self.name_of: dict[str, str] = {}
        self._id_of: dict[str, str] = {}

    def learn(self, ids: Iterable[str], names: Iterable[str]) -> None:
        """Rows that have an id; to be called for all sources before `ids`."""
        for own, name in dict.fromkeys(zip(ids, names, strict=True)):
            if own:
                if not self.name_of.get(own):
                    self.name_of[own] = name
                if name:
                    self._id_of.setdefault(fold(name), own)

    def ids(self, ids: pd.Series, names: pd.Series, otherwise: str = "") -> pd.Series:
        """The id of every row: its own, its name's, or that of the name `otherwise`; "" when all are empty."""
        pairs = list(zip(ids, names, strict=True))
        found = {pair: self._id(pair[0], pair[1] or otherwise) for pair in dict.fromkeys(pairs)}
        return pd.Series([found[pair] for pair in pairs], index=ids.index, dtype=object)

    def _id(self, own: str, name: str) -> str:
        if own or not name:
            return own
        key = fold(name)
        if key not in self._id_of:
            number = len(self.name_of) + 1
            while (made := f"{self.letter}{number:0{self.width}d}") in self.name_of:
                number += 1
            self._id_of[key], self.name_of[made] = made, name
        return self._id_of[key]


def take_plain(rows: pd.DataFrame, key: str, ledger: Ledger) -> pd.DataFrame:
    """Accounts and contacts: every row but copies and those without any name."""
    rows = rows.reset_index(drop=True)
    if "name" in rows and "last_name" in rows:
        rows["name"] = full_name(rows)
    rows = ledger.keep(rows, (rows[key] == "") & (rows["name"] == ""), "has neither id nor name")
    rows = without_copies(rows, key, ledger)
    tell_unread(rows, ("employees",), ledger)
    ledger.take(rows)
    return rows


def take_campaigns(rows: pd.DataFrame, words: Vocabulary, ledger: Ledger) -> pd.DataFrame:
    """Campaigns, with `origin_id`. Spend that cannot be read sets a campaign aside; no spend leaves it empty."""
    rows = rows.reset_index(drop=True)
    unread = reason(rows, "spend")
    rows = ledger.keep(rows, unread != "", unread)
    rows = ledger.keep(rows, rows["spend"] < 0, "has a spend below zero")
    rows = ledger.keep(rows, (rows["campaign_id"] == "") & (rows["name"] == ""), "has neither id nor name")
    rows = without_copies(rows, "campaign_id", ledger)
    tell_unread(rows, ("started", "ended"), ledger)
    ledger.take(rows)
    return rows.assign(origin_id=origins(rows["origin"], words, ledger, sales=False))


def take_leads(
    rows: pd.DataFrame, words: Vocabulary, ledger: Ledger, as_of: pd.Timestamp | None = None
) -> pd.DataFrame:
    """Leads with `origin_id` and `reject_id`; those without a readable creation date are set aside."""
    rows = rows.reset_index(drop=True)
    rows["name"] = full_name(rows)
    unread = reason(rows, "created")
    rows = ledger.keep(rows, unread != "", unread)
    rows = ledger.keep(rows, rows["created"].isna(), "has no creation date")
    if as_of is not None:
        rows = ledger.keep(rows, rows["created"].dt.normalize() > as_of, "was created after the day of --as-of")
    nobody = (rows["lead_id"] == "") & (rows["name"] == "") & (rows["email"] == "")
    rows = ledger.keep(rows, nobody, "has neither id, name nor e-mail address")
    rows = without_copies(rows, "lead_id", ledger)
    tell_unread(rows, ("mql", "assigned", "accepted", "score"), ledger)
    reject = look_up(rows["reject_reason"], words.reject_reasons)
    odd = strangers(rows["reject_reason"], reject, words.reject_reasons)
    if odd:
        ledger.warn(f"Reasons for rejecting leads that we have no word for were left empty: {odd}.")
    ledger.take(rows)
    return rows.assign(
        origin_id=origins(rows["origin"], words, ledger, sales=False),
        reject_id=reject,
        lead_id=own_ids(rows["lead_id"], "L"),
    )


def take_members(rows: pd.DataFrame, leads: pd.DataFrame, campaigns: Registry, ledger: Ledger) -> pd.DataFrame:
    """Campaign members give their lead its campaign: the first one it responded to. Returns the leads.

    Members that did not respond, whose lead is not here, or whose lead has its campaign already are set aside.
    """
    rows = rows.reset_index(drop=True)
    rows["campaign_id"] = campaigns.ids(rows["campaign_id"], rows["campaign"])
    responded = rows["responded"].eq(True) | rows["status"].map(fold).isin(
        ["responded", "geantwortet", "attended", "registered"]
    )
    rows = ledger.keep(rows, ~responded, "did not respond to the campaign, so it says nothing about a lead")
    rows = ledger.keep(rows, rows["campaign_id"] == "", "names no campaign")
    known = rows["campaign_id"].isin(list(campaigns.name_of))
    rows = ledger.keep(rows, ~known, "names a campaign that is not in the export")
    rows = ledger.keep(rows, ~rows["lead_id"].isin(leads["lead_id"]), "names no lead that was taken")
    has = set(leads.loc[leads["campaign_id"] != "", "lead_id"])
    rows = ledger.keep(rows, rows["lead_id"].isin(has), "belongs to a lead that has its campaign already")
    rows = rows.sort_values("responded_on", kind="stable")
    rows = ledger.keep(rows, rows.duplicated("lead_id"), "is a later response of a lead that has its campaign already")
    ledger.take(rows)
    given = mapped(leads["lead_id"], dict(zip(rows["lead_id"], rows["campaign_id"], strict=True)))
    return leads.assign(campaign_id=leads["campaign_id"].where(leads["campaign_id"] != "", given))


def origins(labels: pd.Series, words: Vocabulary, ledger: Ledger, sales: bool) -> pd.Series:
    """The origin of each row; "unknown" where nothing, or nothing of ours, is written. `sales`: prospecting counts."""
    ids = look_up(labels, words.origins)
    odd = strangers(labels, ids, words.origins)
    if odd:
        ledger.warn(f'Origins that we have no word for were written as "unknown": {odd}.')
    if not sales:
        ids = ids.where(ids != "sales_prospecting", "unknown")
    return ids.where(ids != "", "unknown")


def full_name(rows: pd.DataFrame) -> pd.Series:
    """The name, else first and last name."""
    both = (rows["first_name"] + " " + rows["last_name"]).str.strip()
    return rows["name"].where(rows["name"] != "", both)


def territories(sources: list[pd.Series]) -> dict[str, str]:
    """Name → id for every territory named anywhere, in alphabetical order: T01, T02, …; one for all when none is."""
    named = {fold(name): name for source in sources for name in source.unique() if name}
    if not named:
        return {"": "T01"}
    blank = any((source == "").any() for source in sources)
    ordered = [named[key] for key in sorted(named)] + ([""] if blank else [])
    return {name: f"T{number:02d}" for number, name in enumerate(ordered, start=1)}


def territory_ids(names: pd.Series, known: dict[str, str]) -> pd.Series:
    """The ids of territory names; letter case and blanks do not matter."""
    folded = {fold(name): own for name, own in known.items()}
    last = folded.get("", next(reversed(folded.values())))
    return pd.Series([folded.get(fold(name), last) for name in names], index=names.index, dtype=object)


def first_of(keys: pd.Series, values: pd.Series) -> dict[str, str]:
    """The first value of each key that is not empty."""
    given = np.asarray(values != "") & np.asarray(keys != "")
    return dict(zip(reversed(keys[given].tolist()), reversed(values[given].tolist()), strict=True))
