"""Opportunities and their stage history: which rows can be taken, and what they become.

Order matters: rows that cannot be read go first, so that a good copy of a duplicate survives; history comes last,
because it may only speak of deals that were taken.
"""

from __future__ import annotations

import pandas as pd

from onefunnel.data.importing.ledger import Ledger
from onefunnel.data.importing.typed import reason, tell_unread
from onefunnel.data.importing.vocabulary import CLOSED, Vocabulary, look_up, strangers
from onefunnel.data.importing.words import fold, mapped, shown

NO_DATE = pd.NaT


def take_deals(
    rows: pd.DataFrame, words: Vocabulary, ledger: Ledger, as_of: pd.Timestamp | None = None
) -> pd.DataFrame:
    """The opportunities that can be read, with `step`, `outcome` and `closed_at` beside the fields."""
    rows = rows.reset_index(drop=True)
    rows = _known_stages(rows, words, ledger)
    for field, name in (("created", "a creation date"), ("amount", "")):
        unread = reason(rows, field)
        rows = ledger.keep(rows, unread != "", unread)
        if name:
            rows = ledger.keep(rows, rows[field].isna(), f"has no {name[2:]}")
    rows = ledger.keep(rows, rows["amount"] < 0, "has an amount below zero")
    rows = _one_currency(rows, ledger)
    rows = _outcomes(rows, words, ledger)
    rows = _closings(rows, ledger)
    if as_of is not None:
        rows = ledger.keep(rows, rows["created_at"] > as_of, "was created after the day of --as-of")
        rows = ledger.keep(rows, rows["closed_at"] > as_of, "was closed after the day of --as-of")
    rows = without_copies(rows, "opp_id", ledger)
    tell_unread(rows, ("probability", "planned", "closed"), ledger)
    ledger.take(rows)
    return rows.assign(opp_id=own_ids(rows["opp_id"], "O"))


def _known_stages(rows: pd.DataFrame, words: Vocabulary, ledger: Ledger) -> pd.DataFrame:
    """The rows whose stage means something, with it as `step`."""
    rows = rows.assign(step=words.stage(rows["stage"]))
    unknown = rows["step"] == ""
    return ledger.keep(rows, unknown, look_up(rows["stage"].where(unknown, ""), {}, words.unknown_stage))


def _one_currency(rows: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Amounts in another currency than most are set aside: adding them up would be wrong."""
    written = rows["money:amount"] if "money:amount" in rows else pd.Series("", index=rows.index)
    currency = rows["currency"].str.upper().where(rows["currency"] != "", written.fillna(""))
    given = currency[currency != ""]
    if not len(given):
        return rows
    usual = given.value_counts().index[0]
    if usual != "EUR":
        ledger.warn(f"Amounts are in {shown(usual)}. They are not converted; columns named _eur hold them as they are.")
    other = (currency != "") & (currency != usual)
    texts = currency.map(lambda code: f"is in {shown(code)} while most amounts are in {shown(usual)}; convert it first")
    return ledger.keep(rows, other, texts)


def _outcomes(rows: pd.DataFrame, words: Vocabulary, ledger: Ledger) -> pd.DataFrame:
    """won, lost, no_decision or open: from the stage, or from a status that says more."""
    status = rows["status"].map(fold)
    outcome = rows["step"].where(rows["step"].isin(["won", *CLOSED]), "open")
    outcome = outcome.mask((outcome == "open") & (rows["is_won"].eq(True) | status.isin(["won", "gewonnen"])), "won")
    shut = rows["is_closed"].eq(True) & rows["is_won"].eq(False)
    outcome = outcome.mask((outcome == "open") & (shut | status.isin(["lost", "verloren"])), "lost")
    rows = rows.assign(outcome=outcome)
    rows = ledger.keep(rows, status.isin(["deleted", "gelöscht"]), "is marked as deleted")
    against = (rows["outcome"] == "won") & shut.reindex(rows.index)
    rows = ledger.keep(rows, against, "is won by its stage and not won by its closed and won columns")
    lost = rows["outcome"].isin(CLOSED)
    why = look_up(rows["lost_reason"], words.lost_reasons).where(lost, "")
    odd = strangers(rows["lost_reason"].where(lost, ""), why, words.lost_reasons)
    if odd:
        ledger.warn(f"Lost reasons that we have no word for were left empty: {odd}.")
    rows = rows.assign(lost_reason_id=why)
    rows.loc[lost & (why == "no_decision"), "outcome"] = "no_decision"
    rows.loc[rows["outcome"] == "no_decision", "lost_reason_id"] = "no_decision"
    # A deal closed as lost stands in no step: its last one comes from the history, if there is one.
    rows["step"] = rows["step"].where(~rows["step"].isin(CLOSED), "").mask(rows["outcome"] == "won", "won")
    return rows


def _closings(rows: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """The day of closing (closed deals) or of the planned close (open ones)."""
    shut = rows["outcome"] != "open"
    for field in ("closed", "won_on", "lost_on"):
        unread = reason(rows, field).where(shut, "")
        rows = ledger.keep(rows, unread != "", unread)
        shut = shut.reindex(rows.index)
    own = rows["won_on"].where(rows["outcome"] == "won", rows["lost_on"])
    closed = rows["closed"].fillna(own).where(shut, NO_DATE)
    rows = rows.assign(closed_at=closed.dt.normalize(), created_at=rows["created"].dt.normalize())
    rows["planned_at"] = rows["planned"].fillna(rows["closed"]).dt.normalize()
    rows = ledger.keep(rows, shut & rows["closed_at"].isna(), "is closed, but has no closing date")
    return ledger.keep(rows, rows["closed_at"] < rows["created_at"], "is closed on a day before it was created")


def without_copies(rows: pd.DataFrame, key: str, ledger: Ledger) -> pd.DataFrame:
    """Rows with the same id, or without id and alike in every field, stay once: the first one."""
    content = [name for name in rows.columns if not name.startswith(("_", "why:"))]
    alike = rows.duplicated(content)
    first = rows.drop_duplicates(key)[[key, "_file", "_row"]].set_index(key)
    has_id = rows[key] != ""
    again = has_id & rows.duplicated(key)
    texts = pd.Series("", index=rows.index, dtype=object)
    ids = rows.loc[again, key]
    what = alike[again].map({True: "is the same as", False: "has the id, but not the content, of"})
    texts[again] = what + " row " + ids.map(first["_row"]).astype(str) + " of " + ids.map(first["_file"])
    texts[alike & ~has_id] = "has no id and is the same as another row"
    return ledger.keep(rows, again | (alike & ~has_id), texts)


def own_ids(ids: pd.Series, letter: str) -> pd.Series:
    """The file's ids; rows without one get O000001, … in the file's order, never one that is taken."""
    blank = ids == ""
    if not blank.any():
        return ids
    taken = set(ids)
    made = (name for number in range(1, 2 * len(ids) + 2) if (name := f"{letter}{number:06d}") not in taken)
    return pd.Series([next(made) if empty else own for own, empty in zip(ids, blank, strict=True)], index=ids.index,
                     dtype=object)  # fmt: skip


def take_history(
    rows: pd.DataFrame, deals: pd.DataFrame, words: Vocabulary, ledger: Ledger, as_of: pd.Timestamp | None = None
) -> pd.DataFrame:
    """First entries into steps: columns `opp_id`, `step_id`, `entered_at`. Later entries into a step are set aside.

    Our history keeps one row a deal and step; a CRM writes a row for each change of amount or date as well.
    """
    rows = rows.reset_index(drop=True)
    rows = _known_stages(rows, words, ledger).rename(columns={"step": "step_id"})
    unread = reason(rows, "entered")
    rows = ledger.keep(rows, unread != "", unread)
    rows = ledger.keep(rows, rows["entered"].isna(), "has no date of the change")
    names = deals["name"].map(fold)
    once = ~names.duplicated(keep=False) & (names != "")
    by_name = dict(zip(names[once], deals.loc[once, "opp_id"], strict=True))
    named = mapped(rows["name"].map(fold), by_name)
    rows["opp_id"] = rows["opp_id"].where(rows["opp_id"] != "", named)
    known = rows["opp_id"].isin(deals["opp_id"])
    rows = ledger.keep(rows, ~known, "speaks of a deal that is not among those taken")
    rows = rows.assign(entered_at=rows["entered"].dt.normalize())
    if as_of is not None:
        rows = ledger.keep(rows, rows["entered_at"] > as_of, "happened after the day of --as-of")
    rows = rows.sort_values("entered", kind="stable")
    rows = ledger.keep(rows, rows.duplicated(["opp_id", "step_id"]), "is a later entry into the same step of its deal")
    ledger.take(rows)
    return rows[["opp_id", "step_id", "entered_at"]].sort_index()


def stage_changes(rows: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Salesforce's field history as stage history, with the stage before each change as `old`.

    Changes of other fields are set aside.
    """
    rows = rows.reset_index(drop=True)
    stage = rows["field"].map(fold).isin(["stagename", "stage", "phase"])
    rows = ledger.keep(rows, ~stage, rows["field"].map(lambda name: f"is a change of {shown(name)}, not of the stage"))
    return rows.rename(columns={"new": "stage"}).assign(name="")


def with_beginnings(
    history: pd.DataFrame, changes: pd.DataFrame, deals: pd.DataFrame, words: Vocabulary
) -> pd.DataFrame:
    """The history with the stage that each deal began in: a field history knows it only as the first old value."""
    if changes.empty:
        return history
    first = changes.sort_values("entered", kind="stable").drop_duplicates("opp_id")
    first = first.assign(step_id=words.stage(first["old"])).merge(deals[["opp_id", "created_at"]], on="opp_id")
    first = first[~first["step_id"].isin(["", *CLOSED])].rename(columns={"created_at": "entered_at"})
    first = first[["opp_id", "step_id", "entered_at"]]
    return pd.concat([first, history], ignore_index=True).drop_duplicates(["opp_id", "step_id"])


def closing_rows(history: pd.DataFrame, deals: pd.DataFrame) -> pd.DataFrame:
    """The history with "lost" said as the deal says it: a deal without decision has no other closing row."""
    undecided = deals.loc[deals["outcome"] == "no_decision", "opp_id"]
    closing = history["step_id"].isin(CLOSED) & history["opp_id"].isin(undecided)
    said = history.assign(step_id=history["step_id"].mask(closing, "no_decision"))
    return said.drop_duplicates(["opp_id", "step_id"])


def settle(deals: pd.DataFrame, history: pd.DataFrame, words: Vocabulary) -> pd.DataFrame:
    """The last step of lost deals, from the history; the chance of winning, from the CRM or the playbook's default."""
    place = {step: number for number, step in enumerate(words.steps) if step != "won"}
    seen = history[history["step_id"].isin(place)]
    at = seen["step_id"].map(place).groupby(seen["opp_id"]).max()
    named = dict(enumerate(words.steps))
    last = mapped(deals["opp_id"], {deal: named[number] for deal, number in at.items()})
    step = deals["step"].where(deals["step"] != "", last)
    chance = deals["probability"]
    if (chance > 1).any():
        chance = chance / 100
    chance = chance.where(chance.between(0, 1)).fillna(step.map(words.probability).astype("float64"))
    chance = chance.mask(deals["outcome"] == "won", 1.0).mask(deals["outcome"].isin(CLOSED), 0.0)
    return deals.assign(step=step, chance=chance.astype("float64"))
