"""The funnel report on millions of stage rows: `onefunnel.metrics` beside the same answers from DuckDB SQL.

    python tests/benchmarks/metrics.py            1 and 10 million stage rows (the tables are made first: some minutes)
    python tests/benchmarks/metrics.py --rows 1   one million only

Each side runs in a process of its own, on the same tables in memory: ids as whole numbers, steps, outcomes and origins
as categories (DuckDB: ENUM). Time is the fastest of three reports, without loading; memory is the highest that the
process ever took, loading included. The answers are compared; a difference, or more than twice DuckDB's time, is
exit code 1.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "fixtures"))
from funnel_sql import funnel_answers

from onefunnel.data.command import make_scaled
from onefunnel.home import home
from onefunnel.metrics.report import funnel_report

STEPS = ("engaged", "marketing_qualified", "accepted", "qualified", "trial", "proposal", "decision", "won")
MARGIN = 0.42
STAGE_ROWS = 14_594  # of one company
REPEATS = 3
AIM = 2.0

LOAD = {
    "leads": "number(lead_id) as lead_id, number(contact_id) as contact_id, number(opp_id) as opp_id, "
    "origin::origin as origin, created_at, mql_at, accepted_at",
    "opportunities": "number(opp_id) as opp_id, step_id::step as step_id, outcome::outcome as outcome, "
    "created_at::timestamp as created_at, closed_at::timestamp as closed_at, amount_eur",
    "stage_history": "number(opp_id) as opp_id, step_id::step as step_id, entered_at::timestamp as entered_at",
    "campaigns": "origin::origin as origin, started_on::timestamp as started_on, ended_on::timestamp as ended_on, "
    "spend_eur",
}


def main() -> int:
    """Run both sides for each size and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=float, nargs="+", default=[1, 10], metavar="MILLIONS")
    parser.add_argument("--tables", type=Path, default=home().root / "build" / "benchmark", metavar="DIR")
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.side:
        print(json.dumps(_run_side(args.side, args.tables)))
        return 0
    print("| stage rows | leads | side | load (s) | report (s) | peak memory (GB) |\n|---|---|---|---|---|---|")
    well = True
    for millions in args.rows:
        folder = args.tables / f"rows-{millions:g}m"
        if not folder.exists():
            _make(folder, math.ceil(millions * 1e6 / STAGE_ROWS))
        found = {side: _in_own_process(side, folder) for side in SIDES}
        for side, result in found.items():
            print(
                f"| {result['stage_rows']:,} | {result['lead_rows']:,} | {side} | {result['load']:.1f} | "
                f"{result['seconds']:.2f} | {result['peak'] / 1e9:.1f} |",
                flush=True,
            )
        ours, theirs = (found[side] for side in ("onefunnel.metrics", "DuckDB"))
        different = _differences(ours["answers"], theirs["answers"])
        ratio = ours["seconds"] / theirs["seconds"]
        print(
            f"\n{len(ours['answers'])} answers, {len(different)} differ {different[:3] or ''}; {ratio:.2f} × DuckDB.\n"
        )
        well &= not different and ratio <= AIM
    return 0 if well else 1


def _make(folder: Path, times: int) -> None:
    sys.stdout.flush()
    standard, sys.stdout = sys.stdout, sys.stderr  # the table alone goes to standard output
    try:
        make_scaled(folder, times)
    finally:
        sys.stdout = standard


def _in_own_process(side: str, folder: Path) -> dict:
    command = [sys.executable, __file__, "--side", side, "--tables", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{side} failed:\n{done.stderr}")
    return json.loads(done.stdout)


def _run_side(side: str, folder: Path) -> dict:
    start = time.perf_counter()
    as_of = pd.Timestamp(json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))["as_of"])
    engine = duckdb.connect()
    engine.execute("create macro number(id) as substr(id, 2)::bigint")
    engine.execute("create macro of_deal(opp_id) as -opp_id")
    engine.execute(f"create type step as enum {(*STEPS, 'lost', 'no_decision')}")
    engine.execute("create type outcome as enum ('open', 'won', 'lost', 'no_decision')")
    origins = engine.execute(f"select distinct origin from '{folder}/opportunities/*.parquet' order by 1").fetchall()
    engine.execute(f"create type origin as enum {tuple(name for (name,) in origins)}")
    report, sizes = SIDES[side](engine, folder, as_of)
    load = time.perf_counter() - start
    seconds = math.inf
    for _ in range(REPEATS):
        start = time.perf_counter()
        answers = report()
        seconds = min(seconds, time.perf_counter() - start)
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    return {"load": load, "seconds": seconds, "peak": peak, "answers": answers} | sizes


def _metrics_side(engine: duckdb.DuckDBPyConnection, folder: Path, as_of: pd.Timestamp) -> tuple[Callable, dict]:
    tables = {
        name: engine.execute(f"select {columns} from '{folder}/{name}/*.parquet'").df()
        for name, columns in LOAD.items()
    }
    for column in ("lead_id", "contact_id"):
        tables["leads"][column] = tables["leads"][column].astype("int64")
    tables["leads"]["opp_id"] = tables["leads"]["opp_id"].astype("Int64")
    engine.close()

    def report() -> dict[str, float]:
        found = funnel_report(**tables, as_of=as_of, steps=STEPS, margin=MARGIN)
        answers = {"win_rate": found.win_rate, "win_rate_by_value": found.win_rate_by_value}
        answers |= {f"reached {step}": int(count) for step, count in found.reached.items()}
        for part in ("conversion", "time_in_step", "ageing", "origins"):
            table = getattr(found, part).select_dtypes("number")
            answers |= {
                f"{part} {label} {name}": float(value) for label, row in table.iterrows() for name, value in row.items()
            }
        return answers

    return report, {"stage_rows": len(tables["stage_history"]), "lead_rows": len(tables["leads"])}


def _duckdb_side(engine: duckdb.DuckDBPyConnection, folder: Path, as_of: pd.Timestamp) -> tuple[Callable, dict]:
    for name, columns in LOAD.items():
        engine.execute(f"create table {name} as select {columns} from '{folder}/{name}/*.parquet'")
    sizes = {
        key: engine.execute(f"select count(*) from {name}").fetchone()[0]
        for key, name in (("stage_rows", "stage_history"), ("lead_rows", "leads"))
    }
    return lambda: funnel_answers(engine, as_of, STEPS, MARGIN), sizes


SIDES = {"onefunnel.metrics": _metrics_side, "DuckDB": _duckdb_side}


def _differences(ours: dict[str, float], theirs: dict[str, float]) -> list[str]:
    """Names of the answers that are not the same to nine digits (NaN equals NaN)."""
    missing = ours.keys() ^ theirs.keys()
    apart = [
        name
        for name in ours.keys() & theirs.keys()
        if not (
            math.isclose(ours[name], theirs[name], rel_tol=1e-9, abs_tol=1e-9)
            or (math.isnan(ours[name]) and math.isnan(theirs[name]))
        )
    ]
    return sorted([*missing, *apart])


if __name__ == "__main__":
    sys.exit(main())
