"""`data import`: the arguments, and the summary that people read."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pandas as pd

from onefunnel.data.importing.package import SET_ASIDE
from onefunnel.data.importing.run import KINDS, Summary, import_files
from onefunnel.data.importing.words import shown
from onefunnel.data.schema import PACKAGE_FILE, DataError

EXAMPLE = "python kit.py data import salesforce opportunities.csv history.csv --to my-numbers"
_SHOWN = 12


def arguments(actions: argparse._SubParsersAction) -> None:
    """`import KIND FILE… --to DIR` and what settles open questions."""
    parser = actions.add_parser(
        "import",
        help="turn an export of Salesforce, HubSpot, Pipedrive or any CSV into a folder of our tables",
        description="Turn exports into a folder of our tables. Every row is taken, or stands in set_aside.csv with "
        "its reason. What the export says about people stays in the folder you name.",
        epilog=f"Example:\n  {EXAMPLE}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("kind", choices=KINDS, help="where the export is from; csv: anything else, with a mapping")
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE", help="exported files (CSV, any delimiter)")
    parser.add_argument("--to", type=Path, required=True, metavar="DIR", help="a new folder, or an earlier import")
    parser.add_argument(
        "--mapping", type=Path, metavar="FILE", help="which column is what (drafted when it is missing)"
    )
    parser.add_argument(
        "--stages", type=Path, metavar="FILE", help="YAML with your stage names, such as: Legal: decision"
    )
    parser.add_argument("--as-of", metavar="DAY", help="day of the export, YYYY-MM-DD (default: the latest date in it)")
    parser.add_argument(
        "--dates", choices=("day-first", "month-first"), help="how to read dates such as 03/04/2026 that leave it open"
    )
    parser.add_argument("--json", action="store_true", help="print the summary as JSON")


def run(args: argparse.Namespace) -> int:
    """Import and say what was done. Raises DataError with the mend when it cannot be done."""
    if not args.json:
        print(f"Reading {len(args.files)} {'file' if len(args.files) == 1 else 'files'} …", flush=True)
    earlier = (args.to / PACKAGE_FILE).is_file()
    summary = import_files(
        args.kind,
        args.files,
        args.to,
        mapping=args.mapping,
        stages=args.stages,
        as_of=_day(args.as_of),
        order=(args.dates or "").partition("-")[0],
    )
    if args.json:
        print(json.dumps(summary.as_dict(), ensure_ascii=False, indent=1))
        return 0
    print(_words(summary))
    if earlier:
        print("The earlier import in this folder was replaced; a folder holds the files of one call.")
    print(f"Next: python kit.py data validate {summary.to}")
    return 0


def _day(text: str | None) -> pd.Timestamp | None:
    if text is None:
        return None
    try:
        return pd.Timestamp(pd.to_datetime(text, format="%Y-%m-%d"))
    except ValueError:
        raise DataError(f'--as-of "{text}" is no day such as 2026-05-15.') from None


def _words(summary: Summary) -> str:
    lines = []
    for name, file in summary.files.items():
        lines.append(
            f"{name}: {file['record']} ({file['encoding']}, {file['delimiter']}); {file['rows']:,} rows = "
            f"{file['taken']:,} taken + {file['set_aside']:,} set aside"
        )
        if file["unused_columns"]:
            unused = file["unused_columns"]
            more = f" and {len(unused) - _SHOWN} more" if len(unused) > _SHOWN else ""
            lines.append(f"  columns not used: {', '.join(unused[:_SHOWN])}{more}")
    stages = [f"{shown(label)} → {step}" for label, step in summary.stages.items() if step]
    if stages:
        more = f" and {len(stages) - 2 * _SHOWN} more" if len(stages) > 2 * _SHOWN else ""
        lines.append("Stages: " + ", ".join(stages[: 2 * _SHOWN]) + more)
    if summary.reasons:
        lines.append(f"Set aside, with file and row in {Path(summary.to) / SET_ASIDE}:")
        lines += [f"  {count:,} × {reason}" for reason, count in summary.reasons]
    lines += [f"Note: {warning}" for warning in summary.warnings]
    tables = ", ".join(f"{name} {rows:,}" for name, rows in summary.tables.items() if rows)
    lines.append(f"Wrote {summary.to}, as of {summary.as_of}: {tables}.")
    if summary.absent:
        lines.append(f"Empty, because the export has nothing for them: {', '.join(summary.absent)}.")
    return "\n".join(lines)
