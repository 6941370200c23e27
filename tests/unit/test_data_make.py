"""`data make` and `data validate`: the same bytes every time, nothing half-written, nothing overwritten."""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import pytest

from onefunnel.cli import main
from onefunnel.data import DataError, command, load
from onefunnel.data.truths import load_truths, measure

DATASETS = Path(__file__).resolve().parents[2] / "datasets"


def hashes(folder):
    files = [*folder.glob("*.csv"), folder / "datapackage.json"]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "tables"
    assert main(["data", "make", "--to", str(folder)]) == 0
    return folder


def test_making_again_gives_the_frozen_bytes(made):
    """The frozen tables are what the generator makes, byte for byte, and nothing else is left in the folder."""
    assert hashes(made) == hashes(DATASETS)
    assert {path.name for path in made.iterdir()} == set(hashes(DATASETS))
    assert [path.name for path in made.parent.iterdir()] == ["tables"]


def test_making_over_old_tables_is_allowed(made):
    """A folder that holds only tables is made again in place."""
    (made / "targets.csv").write_text("spoiled", encoding="utf-8")
    assert command.make_tables(made) == 0
    assert hashes(made) == hashes(DATASETS)


def test_folder_with_other_things_is_refused(tmp_path):
    """A folder that holds somebody's files is left alone, and the message names one of them."""
    (tmp_path / "holiday.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(DataError, match=r"holiday\.txt.*--to"):
        command.make_tables(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["holiday.txt"]


def test_file_in_place_of_a_folder_is_refused(tmp_path):
    """`--to` must name a folder."""
    path = tmp_path / "tables"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(DataError, match="is a file"):
        command.make_tables(path)


def test_failure_leaves_no_trace(tmp_path, monkeypatch):
    """When making fails half-way, neither the folder nor the temporary one beside it remains."""

    class Broken:
        SEED = 1

        @staticmethod
        def make(folder, seed):
            (folder / "leads.csv").write_text("half", encoding="utf-8")
            raise OSError("disk full")

    monkeypatch.setattr(command, "_generator", lambda: Broken)
    with pytest.raises(DataError, match="disk full"):
        command.make_tables(tmp_path / "tables")
    assert list(tmp_path.iterdir()) == []


def test_validate_prints_faults_and_fails(made, tmp_path, capsys):
    """Exit code 0 and one line for a good folder; 1 and every fault for a spoiled one."""
    assert main(["data", "validate", str(DATASETS)]) == 0
    assert "as of 2026-05-15" in capsys.readouterr().out
    assert main(["data", "validate", str(tmp_path)]) == 1
    assert "data make" in capsys.readouterr().err


def test_help_names_both_actions(capsys):
    """`--help` of the verb shows an example and the two actions."""
    with pytest.raises(SystemExit) as stop:
        main(["data", "--help"])
    shown = capsys.readouterr().out
    assert stop.value.code == 0
    assert command.EXAMPLE in shown and "make" in shown and "validate" in shown


def test_arguments_have_defaults():
    """Without a folder both actions work on the kit's own tables."""
    parser = argparse.ArgumentParser()
    command.arguments(parser)
    assert parser.parse_args(["make"]).to is None
    assert parser.parse_args(["validate"]).folder is None


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_planted_rates_do_not_depend_on_the_seed(tmp_path, seed):
    """Another seed is another company with the same quotas: rates that are allocated hold with any seed."""
    folder = tmp_path / "tables"
    assert command.make_tables(folder, seed) == 0
    assert hashes(folder) != hashes(DATASETS)
    tables = load(folder)
    allocated = ("pt01_", "pt25_", "pt26_", "pt09_by_count", "pt02_wait", "pt02_effect_a_day", "pt02_constraint")
    allocated += ("pt11_", "pt15_", "pt18_", "pt29_", "pt38_favourites", "pt38_sheet_raw", "pt38_sheet_late", "pt47_")
    for row in load_truths(DATASETS / "truths"):
        if row.id.startswith(allocated):
            assert row.holds(measure(row, tables)), row.id
