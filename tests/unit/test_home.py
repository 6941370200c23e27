"""Which company is in use: the kit's own, the one that company.yml names, or the one that a run is told to take."""

from __future__ import annotations

import os
import shutil

import pytest

from onefunnel.data import load
from onefunnel.errors import Problem
from onefunnel.home import PLAYBOOKS, TABLES, home, tables_of, use


@pytest.fixture(autouse=True)
def told_nothing(monkeypatch):
    """Each test starts, and ends, without a word about other folders."""
    for name in (PLAYBOOKS, TABLES):
        monkeypatch.setenv(name, "")


def test_without_a_word_the_sample_company_is_in_use():
    """The kit's company.yml names the sample's tables."""
    assert home().playbooks == home().root / "playbooks"
    assert home().tables == home().datasets


def test_company_yml_names_the_tables(tmp_path):
    """`data:` is seen from beside the playbooks folder, wherever somebody runs the command."""
    (tmp_path / "playbooks").mkdir()
    (tmp_path / "playbooks" / "company.yml").write_text("name: Elsewhere\ndata: our-numbers\n", encoding="utf-8")
    assert tables_of(tmp_path / "playbooks") == tmp_path / "our-numbers"
    use(playbooks=tmp_path / "playbooks")
    assert home().tables == tmp_path / "our-numbers"


def test_a_run_can_be_told_other_tables(tmp_path):
    """What is told reaches everything that loads without naming a folder, and every process started from here."""
    shutil.copytree(home().datasets, tmp_path / "tables", ignore=shutil.ignore_patterns("*.py", "generator", "truths"))
    package = tmp_path / "tables" / "datapackage.json"
    text = package.read_text(encoding="utf-8")
    assert text.count('"as_of": "2026-05-15"') == 1
    package.write_text(text.replace('"as_of": "2026-05-15"', '"as_of": "2026-05-16"'), encoding="utf-8")
    use(tables=tmp_path / "tables")
    assert f"{load().as_of:%Y-%m-%d}" == "2026-05-16"
    assert os.environ[TABLES] == str(tmp_path / "tables")


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    """A slip in the name must not quietly show the sample company."""
    with pytest.raises(Problem, match="there is no such folder"):
        use(tables=tmp_path / "nowhere")
