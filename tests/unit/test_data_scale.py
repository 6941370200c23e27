"""`data make --scale N`: N firms side by side in Parquet, with their keys, references, counts and shares."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from onefunnel.cli import main
from onefunnel.data import DataError, command, load
from onefunnel.data.scale import write_scaled
from onefunnel.data.schema import read_package
from onefunnel.metrics import pipeline

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
TIMES = 12


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """Twelve copies of the frozen tables."""
    folder = tmp_path_factory.mktemp("large")
    write_scaled(DATASETS, folder, TIMES)
    return folder


@pytest.fixture(scope="module")
def once():
    return load(DATASETS)


@pytest.fixture(scope="module")
def engine(large):
    """DuckDB with a view of each table."""
    with duckdb.connect() as connection:
        for table in read_package(DATASETS).tables:
            connection.execute(f"create view {table.name} as from '{large}/{table.name}/*.parquet'")
        yield connection


@pytest.fixture(scope="module")
def sql(engine):
    return lambda text: engine.execute(text).fetchall()


def test_every_row_is_there_as_often_as_asked(sql, once):
    """Rows × 12 in each table with ids; the company's own profit and loss keeps its rows, with euros × 12."""
    for name in once.names:
        copies = TIMES if any(column.endswith("_id") for column in once[name].columns) else 1
        assert sql(f"select count(*) from {name}") == [(len(once[name]) * copies,)], name
    assert sql("select sum(eur) from profit_and_loss")[0][0] == pytest.approx(
        TIMES * once["profit_and_loss"]["eur"].sum()
    )


def test_keys_are_unique_and_references_find_their_row(sql):
    """What the data package promises of one company holds of twelve."""
    for table in read_package(DATASETS).tables:
        key = ", ".join(table.primary_key)
        assert sql(f"select {key} from {table.name} group by {key} having count(*) > 1 limit 1") == [], table.name
        for foreign in table.foreign_keys:
            lost = sql(
                f"select count(*) from {table.name} t where {foreign.field} is not null and not exists "
                f"(from {foreign.other} o where o.{foreign.other_field} = t.{foreign.field})"
            )
            assert lost == [(0,)], (table.name, foreign)


def test_counts_grow_and_rates_stay(engine, once):
    """Read back, the metrics say twelve times as many deals won at the same rate, speed and conversion."""
    many = {name: engine.execute(f"from {name}").df() for name in ("leads", "opportunities", "stage_history")}
    deals = many["opportunities"]
    assert pipeline.open_deals(deals) == TIMES * pipeline.open_deals(once.opportunities)
    assert pipeline.win_rate(deals) == pytest.approx(pipeline.win_rate(once.opportunities))
    assert pipeline.sales_cycle(deals, once.as_of) == pipeline.sales_cycle(once.opportunities, once.as_of)
    steps = ("engaged", "marketing_qualified", "accepted", "qualified", "trial", "proposal", "decision", "won")
    counts = pipeline.cohort_counts(many["leads"], many["stage_history"], once.as_of, steps)
    expected = TIMES * pipeline.cohort_counts(once.leads, once.stage_history, once.as_of, steps)
    pd.testing.assert_series_equal(counts, expected)


def test_types_and_missing_values_survive(sql):
    """Days and minutes are times, an empty field is null, euros are numbers."""
    (row,) = sql("select typeof(created_at), typeof(mql_at), opp_id from leads where opp_id is null limit 1")
    assert row == ("TIMESTAMP", "TIMESTAMP", None)
    assert sql("select typeof(amount_eur), typeof(closed_at) from opportunities limit 1") == [("DOUBLE", "DATE")]


def test_rows_lie_in_small_groups_and_copy_by_copy(large, engine, sql):
    """No row group is large, so readers need little memory; the rows of a copy stand together in their old order."""
    groups = sql(f"select max(row_group_num_rows) from parquet_metadata('{large}/leads/*.parquet')")
    assert groups[0][0] <= 123_000
    ids = [opp_id for (opp_id,) in sql("select opp_id from opportunities")]
    assert ids == sorted(ids, key=lambda opp_id: (opp_id[-2:], opp_id))


def test_package_file_says_what_lies_where(large, once):
    """Date, scale, rows, and the columns' own words."""
    package = json.loads((large / "datapackage.json").read_text(encoding="utf-8"))
    assert (package["as_of"], package["scale"]) == ("2026-05-15", TIMES)
    (leads,) = (resource for resource in package["resources"] if resource["name"] == "leads")
    assert leads["rows"] == TIMES * len(once.leads)
    assert {field["name"] for field in leads["fields"]} == set(once.leads.columns)


def test_the_command_makes_a_new_folder_and_nothing_beside_it(tmp_path, capsys):
    """`--scale 2 --to NEW` writes there and says how many rows; a second run is refused, the first one stays."""
    folder = tmp_path / "large"
    assert main(["data", "make", "--scale", "2", "--to", str(folder)]) == 0
    assert "stage_history has" in capsys.readouterr().out
    assert [path.name for path in tmp_path.iterdir()] == ["large"]
    assert main(["data", "make", "--scale", "2", "--to", str(folder)]) == 1
    assert "new or an empty folder" in capsys.readouterr().err
    assert (folder / "leads" / "part-0000.parquet").is_file()


def test_impossible_wishes_are_answered_with_the_mend(tmp_path):
    """No folder, no copy."""
    with pytest.raises(DataError, match="--to"):
        command.make_scaled(None, 2)
    with pytest.raises(DataError, match="1 or more"):
        write_scaled(DATASETS, tmp_path, 0)


def test_without_duckdb_the_message_says_how_to_get_it(tmp_path):
    """The package is optional: everything else works without it, and this one option says what to install."""
    program = "import sys; sys.modules['duckdb'] = None\nfrom onefunnel.cli import main; sys.exit(main(sys.argv[1:]))"
    arguments = ["data", "make", "--scale", "2", "--to", str(tmp_path / "large")]
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "pip install duckdb" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_help_shows_an_example(capsys):
    """`data make --help` names the option and a command that can be copied."""
    with pytest.raises(SystemExit):
        main(["data", "make", "--help"])
    assert "--scale 700 --to" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="the system does not report a process's peak this way")
def test_ten_million_stage_rows_fit_in_two_gigabytes(tmp_path):
    """The whole company 700 times over; the peak of resident memory is what the operating system counted."""
    program = (
        "import resource, sys; from onefunnel.cli import main; code = main(sys.argv[1:]);"
        "print('peak', resource.getrusage(resource.RUSAGE_SELF).ru_maxrss); sys.exit(code)"
    )
    arguments = ["data", "make", "--scale", "700", "--to", str(tmp_path / "large")]
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True)
    with duckdb.connect() as engine:
        rows = engine.execute(f"select count(*) from '{tmp_path}/large/stage_history/*.parquet'").fetchone()
    assert rows[0] > 10e6
    assert int(done.stdout.rsplit("peak ", 1)[1]) < 2 * 1024**2  # kilobytes
