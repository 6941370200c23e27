"""Makes the tables of Altamar Coffee, the sample company, with their planted truths: `python make_data.py [FOLDER]`.

The same seed gives the same bytes on every machine. `python kit.py data make` does this with more care (it never
leaves half a folder behind). What is planted stands in truths/; what the company looks like, in generator/plan.py.
"""

from __future__ import annotations

import sys
from pathlib import Path

from generator.package import write_package
from generator.plan import SEED
from generator.tables import make_tables

HERE = Path(__file__).resolve().parent


def make(folder: Path, seed: int = SEED) -> None:
    """Write all CSV files and datapackage.json into `folder`, which must exist."""
    from onefunnel.data.truths import load_truths

    truth = {row.id: row.value for row in load_truths(HERE / "truths") if not isinstance(row.value, str)}
    write_package(make_tables(seed, truth), folder, seed)


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
