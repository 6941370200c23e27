"""HubSpot, Pipedrive, and any CSV with a mapping that the command drafts."""

from __future__ import annotations

import csv

import pandas as pd
import pytest
from crm_exports import HUBSPOT, HUBSPOT_LABELS, PIPEDRIVE, UNKNOWN

from onefunnel.cli import main
from onefunnel.data import DataError, load, validate
from onefunnel.data.importing import import_files
from onefunnel.metrics import deals


def put(folder, name, text, encoding="utf-8"):
    path = folder / name
    path.write_text(text, encoding=encoding)
    return path


def test_hubspot_internal_names(tmp_path):
    """Entered columns become history; an epoch time is a date; unknown stage ids are set aside or named."""
    folder = tmp_path / "mine"
    summary = import_files("hubspot", [put(tmp_path, "deals.csv", HUBSPOT)], folder)
    assert summary.files["deals.csv"]["taken"] == 2 and summary.files["deals.csv"]["set_aside"] == 1
    history = load(folder).stage_history
    assert sorted(map(tuple, history.astype(str).to_numpy().tolist())) == [
        ("11", "qualified", "2025-01-05"),
        ("11", "trial", "2025-01-20"),
        ("11", "won", "2025-02-20"),
        ("12", "qualified", "2025-01-07"),
        ("12", "trial", "2025-02-01"),
    ]
    rows = load(folder).opportunities.set_index("opp_id")
    assert rows.loc["11", ["outcome", "origin", "purchase_type"]].tolist() == ["won", "advertising", "new_business"]
    assert rows.loc["12", "close_date_planned"] == pd.Timestamp("2025-06-30")
    assert any("latest time" in text for text in summary.warnings)
    assert any('"123456"' in text for text in summary.warnings)
    assert validate(folder) == []


def test_hubspot_labels_and_own_stages(tmp_path):
    """Labels with the pipeline's name in brackets; --stages takes a custom stage's id."""
    folder = tmp_path / "mine"
    import_files("hubspot", [put(tmp_path, "deals.csv", HUBSPOT_LABELS)], folder)
    tables = load(folder)
    assert tables.opportunities["outcome"].tolist() == ["lost"]
    assert tables.opportunities["step_id"].tolist() == ["qualified"]
    assert tables.stage_history["step_id"].tolist() == ["qualified"]
    stages = put(tmp_path, "stages.yml", '"987654": decision\n"123456": proposal\n')
    import_files("hubspot", [put(tmp_path, "more.csv", HUBSPOT)], folder, stages=stages)
    rows = load(folder).opportunities.set_index("opp_id")
    assert rows.loc["13", "step_id"] == "decision" and rows.loc["13", "crm_probability"] == 0.90


def test_pipedrive_labels(tmp_path):
    """The status says the outcome, the stage the last step; another currency and a closed deal without day go aside."""
    folder = tmp_path / "mine"
    summary = import_files("pipedrive", [put(tmp_path, "deals.csv", PIPEDRIVE)], folder)
    assert (summary.files["deals.csv"]["taken"], summary.files["deals.csv"]["set_aside"]) == (3, 2)
    tables = load(folder)
    rows = tables.opportunities.set_index("opp_id")
    assert rows["outcome"].tolist() == ["won", "lost", "open"]
    assert rows["step_id"].tolist() == ["won", "trial", "proposal"]
    assert rows.loc["2", "lost_reason"] == "price"
    assert rows.loc["1", "contact_id"] == rows.loc["3", "contact_id"]
    assert deals.win_rate(tables.opportunities) == 1 / 2
    assert "stage_history" in summary.absent


def test_unknown_csv_is_drafted_first(tmp_path, capsys):
    """Without a mapping a draft is written beside --to and nothing is imported; finished, it is used."""
    path = put(tmp_path, "weird.csv", UNKNOWN)
    command = ["data", "import", "csv", str(path), "--to", str(tmp_path / "mine")]
    assert main(command) == 1
    said = capsys.readouterr().err
    draft = tmp_path / "mine-mapping.yml"
    assert str(draft) in said and "--mapping" in said and not (tmp_path / "mine").exists()
    text = draft.read_text("utf-8")
    assert 'opp_id: "Deal no."' in text and 'created: "Opened"' in text and 'amount: "Deal value"' in text
    assert 'territory: ""' in text and '"Legal": ""' in text and '"Propsal": ""  # proposal?' in text
    assert main(command) == 1 and "already" in capsys.readouterr().err
    draft.write_text(
        text.replace('territory: ""', 'territory: "Where"')
        .replace('"Legal": ""', '"Legal": decision')
        .replace('"Propsal": ""', '"Propsal": proposal'),
        encoding="utf-8",
    )
    assert main([*command, "--mapping", str(draft)]) == 0
    said = capsys.readouterr().out
    assert "3 rows = 3 taken + 0 set aside" in said
    tables = load(tmp_path / "mine")
    assert tables.opportunities["step_id"].tolist() == ["decision", "won", "proposal"]
    assert tables.opportunities["amount_eur"].tolist() == [1000.0, 2000.0, 3000.0]
    assert tables.opportunities["created_at"].dt.strftime("%d.%m.").tolist() == ["03.04.", "04.04.", "05.04."]
    assert tables.territories["name"].tolist() == ["North", "South"]
    assert len(tables.territory("T01").opportunities) == 2


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("record: opportunities", "record: deals"), '"record" must be one of'),
        (('amount: "Deal value"', 'amunt: "Deal value"'), 'no field "amunt"'),
        (('stage: "Step"', 'stage: ""'), "which column holds stage"),
        (('stage: "Step"', 'stage: "Stage"'), 'a column "Stage"'),
        (('"Legal": ""', '"Legal": lawyers'), '"lawyers" is no step'),
        (("files:", "files: ["), "YAML"),
    ],
)
def test_faulty_mapping_is_told(tmp_path, change, told):
    """Each slip in a mapping is named in one sentence, and nothing is written."""
    path = put(tmp_path, "weird.csv", UNKNOWN)
    with pytest.raises(DataError, match="drafted"):
        import_files("csv", [path], tmp_path / "mine")
    draft = tmp_path / "mine-mapping.yml"
    draft.write_text(draft.read_text("utf-8").replace(*change), encoding="utf-8")
    with pytest.raises(DataError, match=told):
        import_files("csv", [path], tmp_path / "mine", mapping=draft)
    assert not (tmp_path / "mine").exists()


def test_as_of_sets_later_rows_aside(tmp_path):
    """A day of the export given by hand ends the tables there."""
    folder = tmp_path / "mine"
    path = put(tmp_path, "deals.csv", PIPEDRIVE)
    summary = import_files("pipedrive", [path], folder, as_of=pd.Timestamp("2025-02-03"))
    assert summary.as_of == "2025-02-03"
    assert load(folder).opportunities["opp_id"].tolist() == ["1", "3"]
    with (folder / "set_aside.csv").open(encoding="utf-8", newline="") as stream:
        reasons = {int(line["row"]): line["reason"] for line in csv.DictReader(stream)}
    assert reasons[3] == "was closed after the day of --as-of"


def test_a_second_import_says_that_it_replaced_the_first(tmp_path, capsys):
    """The folder then holds only the files of the second call, and its owner reads so; a new folder says nothing."""
    (tmp_path / "deals.csv").write_text(PIPEDRIVE, encoding="utf-8")
    call = ["data", "import", "pipedrive", str(tmp_path / "deals.csv"), "--to", str(tmp_path / "mine")]
    assert main(call) == 0
    assert "replaced" not in capsys.readouterr().out
    assert main(call) == 0
    assert "earlier import in this folder was replaced" in capsys.readouterr().out
