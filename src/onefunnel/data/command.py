"""Make the sample company's tables, import your own export, or check a folder of tables."""

from __future__ import annotations

import argparse
import importlib
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from onefunnel.data.importing import command as importing
from onefunnel.data.scale import need_duckdb, write_scaled
from onefunnel.data.schema import PACKAGE_FILE, DataError, read_package
from onefunnel.data.validation import validate
from onefunnel.home import home

MAKE_EXAMPLE = "python kit.py data make --scale 700 --to build/large   (ten million stage rows)"
EXAMPLE = "python kit.py data import salesforce opportunities.csv --to my-numbers"

# What else stands in the kit's own datasets/ and must survive when its tables are made again.
KEPT = {"make_data.py", "generator", "truths", "README.md", "__pycache__"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """`make [--to DIR] [--seed N] [--scale N]`, `import KIND FILE… --to DIR` and `validate [DIR]`."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    make = actions.add_parser(
        "make",
        help="write all tables and datapackage.json; the same seed gives the same bytes",
        epilog=f"Example:\n  {MAKE_EXAMPLE}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    make.add_argument("--to", type=Path, metavar="DIR", help="folder to write to (default: the kit's datasets/)")
    make.add_argument("--seed", type=int, metavar="N", help="another seed gives another company with the same truths")
    make.add_argument(
        "--scale",
        type=int,
        metavar="N",
        help="write the company N times over, as Parquet, to a new folder (needs DuckDB)",
    )
    importing.arguments(actions)
    check = actions.add_parser("validate", help="check columns, types, keys, references and ranges of a folder")
    check.add_argument("folder", type=Path, nargs="?", metavar="DIR", help="default: the kit's datasets/")


def run(args: argparse.Namespace) -> int:
    """Do what was asked; 0 when all is well, 1 when `validate` found something."""
    if args.action == "make" and args.scale is not None:
        return make_scaled(args.to, args.scale, args.seed)
    if args.action == "make":
        return make_tables(args.to or home().datasets, args.seed)
    if args.action == "import":
        return importing.run(args)
    return check_tables(args.folder or home().datasets)


def make_tables(folder: Path, seed: int | None = None) -> int:
    """Write the tables into a temporary folder beside `folder`, check them, then put them in place.

    A run that is interrupted while it makes them leaves the old tables as they were. Raises DataError when `folder`
    holds anything that is not a set of tables, or cannot be written.
    """
    folder = folder.resolve()
    _refuse_strangers(folder)
    generator = _generator()
    seed = generator.SEED if seed is None else seed
    print(f"Making the tables of Altamar Coffee (seed {seed}) … this takes a few seconds.", flush=True)
    with _beside(folder) as beside:
        generator.make(beside, seed)
        faults = validate(beside)
        if faults:
            raise DataError("The tables that were just made are faulty: " + " ".join(faults))
        _move_in(beside, folder)
    files = sorted(folder.glob("*.csv"))
    size = sum(file.stat().st_size for file in files) / 1e6
    print(f"Wrote {len(files)} tables and {PACKAGE_FILE} ({size:.1f} MB) to {folder}.")
    print("Next: python kit.py data validate" + ("" if folder == home().datasets.resolve() else f" {folder}"))
    return 0


def make_scaled(folder: Path | None, times: int, seed: int | None = None) -> int:
    """Write the company `times` over as Parquet. The folder appears whole or not at all.

    Raises DataError when `folder` is missing or holds anything already, or cannot be written.
    """
    if folder is None:
        raise DataError("--scale needs a folder of its own. Name a new one with --to.")
    folder = folder.resolve()
    if folder.exists() and (folder.is_file() or any(folder.iterdir())):
        raise DataError(f"{folder} exists. Give --to a new or an empty folder.")
    need_duckdb()
    generator = _generator()
    print(f"Making the tables of Altamar Coffee {times:,} times over …", flush=True)
    with _beside(folder) as beside:
        tables, parquet = beside / "tables", beside / "parquet"
        tables.mkdir()
        parquet.mkdir()
        generator.make(tables, generator.SEED if seed is None else seed)
        rows = write_scaled(tables, parquet, times)
        if folder.exists():
            folder.rmdir()
        parquet.rename(folder)
    size = sum(path.stat().st_size for path in folder.rglob("*.parquet")) / 1e6
    print(f"Wrote {sum(rows.values()):,} rows of {len(rows)} tables ({size:,.1f} MB) to {folder}.")
    print(f"stage_history has {rows['stage_history']:,}. With DuckDB: from '{folder}/stage_history/*.parquet'")
    return 0


def check_tables(folder: Path) -> int:
    """Print every fault of a folder of tables, or that there is none."""
    print(f"Checking the tables in {folder} …", flush=True)
    faults = validate(folder)
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        print(f"{len(faults)} {'fault' if len(faults) == 1 else 'faults'}. Mend them and run this again.")
        return 1
    package = read_package(folder)
    print(
        f"{len(package.tables)} tables, as of {package.as_of:%Y-%m-%d}: columns, types, keys, references, ranges hold."
    )
    return 0


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """A temporary folder next to `folder`, gone afterwards; what the disk refuses becomes a DataError with a mend."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise DataError(f"{folder}: cannot be written ({error}). Choose another folder with --to.") from error
    try:
        yield beside
    except OSError as error:
        raise DataError(f"{folder}: cannot be written ({error}). Close programs that have its files open.") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _refuse_strangers(folder: Path) -> None:
    """An existing folder may only hold what this command writes (and, in the kit, what makes it)."""
    if folder.is_file():
        raise DataError(f"{folder} is a file. Give --to a folder.")
    if not folder.is_dir():
        return
    kept = KEPT if folder == home().datasets.resolve() else set()
    known = {PACKAGE_FILE} | kept
    if (folder / PACKAGE_FILE).is_file():
        known |= {table.path for table in read_package(folder).tables}
    strangers = sorted(path.name for path in folder.iterdir() if path.name not in known)
    if strangers:
        raise DataError(
            f"{folder} holds something else ({strangers[0]}), and this command would write among it. "
            "Give --to a new or an empty folder."
        )


def _move_in(beside: Path, folder: Path) -> None:
    """Put the new tables where the old ones are.

    A new folder appears whole. In an existing one files are replaced one by one, the package file last: it holds
    their hashes, so `data validate` names any file that an interruption left behind.
    """
    if not folder.exists():
        beside.chmod(0o755)  # a temporary folder is readable by its maker alone
        beside.rename(folder)
        return
    new = sorted(beside.iterdir(), key=lambda path: (path.name == PACKAGE_FILE, path.name))
    names = {path.name for path in new}
    for path in new:
        path.replace(folder / path.name)
    for old in folder.glob("*.csv"):
        if old.name not in names:
            old.unlink()


def _generator() -> ModuleType:
    """`datasets/make_data.py`, which lies beside the tables and not in the package."""
    datasets = home().datasets
    if not (datasets / "make_data.py").is_file():
        raise DataError(f"{datasets / 'make_data.py'}: there is no such file. Install the kit again.")
    sys.path.insert(0, str(datasets))
    try:
        return importlib.import_module("make_data")
    finally:
        sys.path.remove(str(datasets))
