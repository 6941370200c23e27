"""One import from beginning to end: read, recognise, type, take, build, write. Nothing is dropped in silence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from onefunnel.data.importing import deals, others, people
from onefunnel.data.importing.fields import DATE, RECORDS, fields, other_tables
from onefunnel.data.importing.ledger import Ledger
from onefunnel.data.importing.mapping import Mapping_, draft, read_mapping, read_stages
from onefunnel.data.importing.names import NAMES, entered_columns, recognise
from onefunnel.data.importing.package import check_target, write
from onefunnel.data.importing.people import Registry
from onefunnel.data.importing.reading import Sheet, read_sheet
from onefunnel.data.importing.tables import Taken, build
from onefunnel.data.importing.typed import read_together, typed
from onefunnel.data.importing.vocabulary import Vocabulary, vocabulary
from onefunnel.data.importing.words import shown
from onefunnel.data.schema import DataError

KINDS = (*NAMES, "csv")
_FAR = pd.Timedelta(days=180)


@dataclass(frozen=True)
class Summary:
    """What an import did. `files`: name → record, rows, taken, set aside, how it was read, columns left unused."""

    to: str
    as_of: str
    files: dict[str, dict]
    tables: dict[str, int]
    absent: list[str]
    reasons: list[tuple[str, int]]
    stages: dict[str, str]
    warnings: list[str]

    def as_dict(self) -> dict:
        """The same as plain values, for JSON."""
        return asdict(self)


def import_files(
    kind: str,
    files: Sequence[Path],
    to: Path,
    *,
    mapping: Path | None = None,
    stages: Path | None = None,
    as_of: pd.Timestamp | None = None,
    order: str = "",
    playbooks: Path | None = None,
) -> Summary:
    """Import exports of one CRM (`KINDS`) into the folder `to`.

    `order` ("day", "month") settles dates that leave it open; `as_of` sets aside what came later. Raises DataError,
    with nothing written, when a file cannot be read or nothing in it can be taken.
    """
    to = to.resolve()
    check_target(to)
    words = vocabulary(playbooks)
    own = read_stages(stages, words) if stages else {}
    plan = read_mapping(mapping, words) if mapping else Mapping_()
    words = vocabulary(playbooks, plan.stages | own)
    ledger = Ledger()
    sheets = [read_sheet(path, name, ledger) for path, name in zip(files, _names(files), strict=True)]
    if kind == "csv" and mapping is None:
        _write_draft(sheets, to, words)
    known = {sheet.file: _recognised(kind, sheet, plan) for sheet in sheets}
    frames: dict[str, list[pd.DataFrame]] = {record: [] for record in (*RECORDS, *other_tables())}
    entries: list[pd.DataFrame] = []
    for sheet in sheets:
        record, columns = known[sheet.file]
        frame = typed(sheet, record, columns, ledger, order)
        frames[record].append(frame)
        if record == "opportunities" and kind == "hubspot":
            entries.append(_entered(sheet, ledger, order))
    taken = _take(frames, entries, words, ledger, as_of)
    tables = build(taken, words, ledger)
    rest = {name: _joined(name, frames[name]) for name in other_tables() if frames[name]}
    tables = others.take_tables(rest, tables, plan.names, ledger)
    ledger.close()
    if not sum(ledger.taken.values()):
        first = "; ".join(f"{reason} ({count} rows)" for reason, count in ledger.reasons(3))
        raise DataError(f"No row could be taken, so nothing was written. {first or 'The files hold no rows'}.")
    if as_of is None:
        as_of = _latest(taken, rest, ledger)
    seen = _stages_seen(frames, words)
    absent = write(tables, to, as_of, kind, words.steps, ledger.aside_csv())
    return Summary(
        to=str(to),
        as_of=f"{as_of:%Y-%m-%d}",
        files={sheet.file: _told(sheet, *known[sheet.file], ledger, kind) for sheet in sheets},
        tables={name: len(table) for name, table in tables.items()},
        absent=absent,
        reasons=ledger.reasons(),
        stages=seen,
        warnings=ledger.warnings,
    )


def _take(
    frames: dict[str, list[pd.DataFrame]],
    entries: list[pd.DataFrame],
    words: Vocabulary,
    ledger: Ledger,
    as_of: pd.Timestamp | None,
) -> Taken:
    """Every record in the order its references need: deals before their history, campaigns and leads before members."""
    rows = {record: _joined(record, frames[record]) for record in RECORDS}
    taken = Taken()
    for record, key in (("accounts", "account_id"), ("contacts", "contact_id")):
        taken[record] = people.take_plain(rows[record], key, ledger)
    taken["campaigns"] = people.take_campaigns(rows["campaigns"], words, ledger)
    leads = people.take_leads(rows["leads"], words, ledger, as_of)
    runs = Registry("K", 3)
    runs.learn(taken["campaigns"]["campaign_id"], taken["campaigns"]["name"])
    taken["campaigns"]["campaign_id"] = runs.ids(taken["campaigns"]["campaign_id"], taken["campaigns"]["name"])
    taken["leads"] = people.take_members(rows["members"], leads, runs, ledger)
    found = deals.take_deals(rows["opportunities"], words, ledger, as_of)
    changes = deals.stage_changes(rows["field_history"], ledger)
    history = pd.concat([rows["stage_history"], changes], ignore_index=True) if len(changes) else rows["stage_history"]
    history = deals.take_history(history, found, words, ledger, as_of)
    history = deals.with_beginnings(history, changes, found, words)
    if entries:
        history = pd.concat([history, _from_columns(entries, found, words, ledger, as_of)], ignore_index=True)
    taken["stage_history"] = deals.closing_rows(history, found)
    taken["opportunities"] = deals.settle(found, history, words)
    return taken


def _recognised(kind: str, sheet: Sheet, plan: Mapping_) -> tuple[str, dict[str, str]]:
    """Which record a file holds and which column each field is. Raises DataError when that cannot be told."""
    if sheet.file in plan.files:
        record, columns = plan.files[sheet.file]
        strange = next((name for name in columns.values() if name not in sheet.header), None)
        if strange is not None:
            raise DataError(f"{sheet.file}: the mapping names a column {shown(strange)} that the file does not have.")
        return record, columns
    found = recognise(kind, sheet.header) if kind in NAMES else None
    if found is None:
        named = ", ".join(shown(name) for name in sheet.header[:8])
        more = "" if kind == "csv" else f'; it is no {kind} export that is known. Try "data import csv" instead'
        raise DataError(f"{sheet.file}: the columns ({named}) are not in the mapping{more}.")
    return found


def _write_draft(sheets: list[Sheet], to: Path, words: Vocabulary) -> None:
    """Write the draft beside `to` and stop: a guess about somebody's columns is never used unread."""
    path = to.parent / f"{to.name}-mapping.yml"
    text = draft(sheets, words)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        raise DataError(f"{path} is there already. Finish it and add: --mapping {path}") from None
    except OSError as error:
        raise DataError(f"{path}: cannot be written ({error.strerror}). Choose another folder with --to.") from error
    raise DataError(
        f"Nothing was imported yet. A mapping was drafted from the headers: {path}. "
        f"Check every line, then run this again with --mapping {path}"
    )


def _entered(sheet: Sheet, ledger: Ledger, order: str) -> pd.DataFrame:
    """HubSpot's "date entered" columns as rows: `_row`, `_file`, `stage`, `entered`."""
    columns = entered_columns(sheet.header)
    ledger.warn(
        f"{sheet.file}: HubSpot keeps the latest time a deal entered each stage; earlier entries are lost to it."
        if columns
        else f"{sheet.file}: there is no “date entered” column, so stage history stays empty. Add them to the export."
    )
    read = read_together(sheet, {name: name for name in columns}, ledger, order)
    parts = []
    for name, (moments, reasons) in read.items():
        bad = [reason for reason in reasons if reason]
        if bad:
            ledger.warn(f"{sheet.file}: {len(bad)} cells were left empty, the first because {bad[0]}.")
        part = pd.DataFrame({"_row": sheet.frame.index, "stage": columns[name], "entered": moments})
        parts.append(part.dropna(subset=["entered"]))
    empty = pd.DataFrame({"_row": [], "stage": [], "entered": pd.to_datetime([])})
    return pd.concat(parts or [empty], ignore_index=True).assign(_file=sheet.file)


def _from_columns(
    entries: list[pd.DataFrame], found: pd.DataFrame, words: Vocabulary, ledger: Ledger, as_of: pd.Timestamp | None
) -> pd.DataFrame:
    rows = pd.concat(entries, ignore_index=True)
    rows["step_id"] = words.stage(rows["stage"])
    for label in rows.loc[rows["step_id"] == "", "stage"].unique():
        ledger.warn(f"“Date entered” column left out: {words.unknown_stage(label)}.")
    rows = rows[rows["step_id"] != ""].merge(found[["_file", "_row", "opp_id"]], on=["_file", "_row"])
    rows["entered_at"] = rows["entered"].dt.normalize()
    if as_of is not None:
        rows = rows[rows["entered_at"] <= as_of]
    rows = rows.sort_values("entered", kind="stable").drop_duplicates(["opp_id", "step_id"])
    _tell_returns(rows, words, ledger)
    return rows[["opp_id", "step_id", "entered_at"]]


def _tell_returns(rows: pd.DataFrame, words: Vocabulary, ledger: Ledger) -> None:
    """HubSpot writes a later entry over the first. A step entered after a later one shows that this happened."""
    place = rows["step_id"].map({step: number for number, step in enumerate(words.steps)})
    latest_before = rows.assign(place=place).dropna(subset=["place"]).sort_values(["opp_id", "entered"], kind="stable")
    furthest = latest_before.groupby("opp_id")["place"].cummax()
    went_back = latest_before.loc[latest_before["place"] < furthest, "opp_id"].nunique()
    if went_back:
        ledger.warn(
            f"{went_back} deals entered an earlier stage after a later one: they went back, and the day of their "
            "first entry is lost. Who reached a stage is still right; days in a stage may be too short."
        )


def _joined(record: str, parts: list[pd.DataFrame]) -> pd.DataFrame:
    """All files of one record; without any, no rows but every field with its type."""
    if not parts:
        sheet = Sheet("", (), pd.DataFrame(index=pd.Index([], dtype="int64")), "", "")
        return typed(sheet, record, {}, Ledger())
    frame = pd.concat(parts, ignore_index=True)
    for field, kind in fields(record).items():
        if kind == DATE:
            frame[field] = pd.to_datetime(frame[field])
    return frame


def _latest(taken: Taken, rest: dict[str, pd.DataFrame], ledger: Ledger) -> pd.Timestamp:
    """The last day on which anything happened; planned days do not count. Without CRM records other tables speak."""
    days = [
        taken["opportunities"]["created_at"], taken["opportunities"]["closed_at"], taken["stage_history"]["entered_at"],
        taken["leads"]["created"], taken["leads"]["accepted"], taken["leads"]["assigned"], taken["leads"]["mql"],
    ]  # fmt: skip
    every = pd.concat([day.astype("datetime64[ns]") for day in days]).dropna().dt.normalize()
    if every.empty:
        days = [frame[field] for name, frame in rest.items() for field, kind in fields(name).items() if kind == DATE]
        every = pd.concat([every, *(day.astype("datetime64[ns]") for day in days)]).dropna().dt.normalize()
    if every.empty:
        raise DataError("Nothing in the export has a date. Say the day it was made: --as-of 2026-05-15")
    last, usual = every.max(), every.quantile(0.99, interpolation="lower")
    if last - usual > _FAR:
        ledger.warn(
            f"The latest date, {last:%Y-%m-%d}, lies far after nearly all others ({usual:%Y-%m-%d}). "
            "If it is a slip, say the day of the export with --as-of."
        )
    return last


def _stages_seen(frames: dict[str, list[pd.DataFrame]], words: Vocabulary) -> dict[str, str]:
    """Every stage name of the files and what it was taken for ("" when it was not)."""
    labels = [frame["stage"] for record in ("opportunities", "stage_history") for frame in frames[record]]
    unique = pd.Series(pd.concat(labels).unique(), dtype=object) if labels else pd.Series([], dtype=object)
    return dict(zip(unique, words.stage(unique), strict=True))


def _told(sheet: Sheet, record: str, columns: dict[str, str], ledger: Ledger, kind: str) -> dict:
    used = {*columns.values(), *(entered_columns(sheet.header) if kind == "hubspot" else ())}
    return {
        "record": record,
        "rows": ledger.rows_in[sheet.file],
        "taken": ledger.taken[sheet.file],
        "set_aside": sum(file == sheet.file for file, _, _ in ledger.aside),
        "encoding": sheet.encoding,
        "delimiter": sheet.delimiter,
        "unused_columns": [name for name in sheet.header if name not in used],
    }


def _names(files: Sequence[Path]) -> list[str]:
    """What the files are called in messages: their names alone, told apart when two are the same."""
    names: list[str] = []
    for path in files:
        name, number = path.name, 1
        while name in names:
            number += 1
            name = f"{path.name} ({number})"
        names.append(name)
    return names
