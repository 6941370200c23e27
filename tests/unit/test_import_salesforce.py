"""Salesforce exports: API names, English and German report labels, history, leads, campaigns and their members."""

# ruff: noqa: E501  an export is as wide as it is
from __future__ import annotations

import csv
import json

import pandas as pd
import pytest
from crm_exports import CAMPAIGNS, HISTORY, LEADS, MEMBERS, OPPORTUNITIES

from onefunnel.cli import main
from onefunnel.data import DataError, load, validate
from onefunnel.data.importing import import_files
from onefunnel.metrics import deals, stages


def aside(folder):
    """(file, row) → reason."""
    with (folder / "set_aside.csv").open(encoding="utf-8", newline="") as stream:
        return {(line["file"], int(line["row"])): line["reason"] for line in csv.DictReader(stream)}


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    """All five objects, imported together."""
    source = tmp_path_factory.mktemp("export")
    texts = {"opps": OPPORTUNITIES, "history": HISTORY, "leads": LEADS, "campaigns": CAMPAIGNS, "members": MEMBERS}
    for name, text in texts.items():
        (source / f"{name}.csv").write_text(text, encoding="utf-8")
    folder = source / "mine"
    return folder, import_files("salesforce", [source / f"{name}.csv" for name in texts], folder)


def test_every_row_is_taken_or_set_aside(imported):
    """Counted by hand in the texts above."""
    _, summary = imported
    counts = {name: (file["rows"], file["taken"], file["set_aside"]) for name, file in summary.files.items()}
    assert counts == {
        "opps.csv": (9, 5, 4),
        "history.csv": (9, 7, 2),
        "leads.csv": (4, 3, 1),
        "campaigns.csv": (2, 2, 0),
        "members.csv": (4, 1, 3),
    }
    assert [file["record"] for file in summary.files.values()] == [
        "opportunities", "stage_history", "leads", "campaigns", "members",
    ]  # fmt: skip


def test_each_row_set_aside_has_its_reason(imported):
    """File, row as a spreadsheet numbers it, reason; a near match is proposed and not applied."""
    folder, _ = imported
    found = aside(folder)
    assert set(found) == {
        ("opps.csv", 6), ("opps.csv", 7), ("opps.csv", 8), ("opps.csv", 9), ("history.csv", 4), ("history.csv", 9),
        ("leads.csv", 5), ("members.csv", 3), ("members.csv", 4), ("members.csv", 5),
    }  # fmt: skip
    assert 'unknown stage "Qualificatoin"' in found["opps.csv", 6] and '"qualification"' in found["opps.csv", 6]
    assert found["opps.csv", 7] == "is the same as row 5 of opps.csv"
    assert "before it was created" in found["opps.csv", 8]
    assert found["opps.csv", 9] == "has no creation date"
    assert "later entry" in found["history.csv", 4] and "not among those taken" in found["history.csv", 9]
    assert '"soon"' in found["leads.csv", 5]


def test_folder_loads_and_validates(imported):
    """The folder is like any other folder of tables."""
    folder, summary = imported
    assert validate(folder) == []
    assert main(["data", "validate", str(folder)]) == 0
    tables = load(folder)
    assert tables.as_of == pd.Timestamp("2025-04-02") and summary.as_of == "2025-04-02"
    filled = {"territories", "accounts", "contacts", "campaigns", "leads", "opportunities", "stage_history"}
    assert set(summary.absent) == set(tables.names) - filled
    assert {"orders", "route_orders", "machines"} <= set(summary.absent)
    assert tables.accounts["potential_eur"].isna().all() and not tables.accounts["has_demonstrator"].any()
    notes = {one["name"]: one.get("note") for one in json.loads((folder / "datapackage.json").read_text())["resources"]}
    assert "empty" in notes["orders"] and notes["leads"] is None
    company = tables.company()
    assert len(company.opportunities) == 5 and len(company.leads) == 3


def test_deals_are_what_the_export_says(imported):
    """Outcomes, last steps (from the history), amounts, kinds and links, by hand."""
    rows = load(imported[0]).opportunities.set_index("opp_id")
    assert rows["outcome"].to_dict() == {
        "0061": "won", "0062": "lost", "0063": "won", "0064": "open", "0068": "no_decision",
    }  # fmt: skip
    assert rows.loc["0062", "step_id"] == "proposal" and rows.loc["0062", "lost_reason"] == "price"
    assert pd.isna(rows.loc["0068", "step_id"])
    assert rows.loc["0061", "origin"] == "event" and rows.loc["0062", "origin"] == "unknown"
    assert rows.loc["0061", "campaign_id"] == "7011" and pd.isna(rows.loc["0064", "campaign_id"])
    assert rows.loc["0063", "purchase_type"] == "rebuy"
    assert rows.loc["0064", "crm_probability"] == 0.75
    assert rows.loc["0061", "closed_at"] == pd.Timestamp("2025-03-01") and pd.isna(rows.loc["0064", "closed_at"])
    assert rows.loc["0064", "close_date_planned"] == pd.Timestamp("2025-12-01")


def test_leads_share_people_and_carry_their_campaign(imported):
    """One address is one person; the first response gives the campaign."""
    tables = load(imported[0])
    leads = tables.leads.set_index("lead_id")
    assert leads.loc["00Q2", "contact_id"] == leads.loc["00Q3", "contact_id"]
    assert leads.loc["00Q1", "campaign_id"] == "7011" and leads.loc["00Q1", "opp_id"] == "0061"
    assert leads.loc["00Q2", "origin"] == "unknown"
    assert any('"Advertisment" × 1 (did you mean "advertisement"?)' in text for text in imported[1].warnings)
    assert leads.loc["00Q1", "accepted_at"] == pd.Timestamp("2025-01-10")
    assert tables.campaigns.set_index("campaign_id")["spend_eur"].isna().to_dict() == {"7011": False, "7012": True}


def test_formula_cells_stay_text(imported):
    """A cell that a spreadsheet would run begins with an apostrophe in the tables."""
    names = load(imported[0]).accounts.set_index("account_id")["name"]
    assert names["0013"] == "'=cmd|' /C calc'!A0"
    assert any("formula" in text for text in imported[1].warnings)


def test_metrics_run_on_the_imported_folder(imported):
    """2 won of 4 decided; 16,000 of 24,100 euros; two deals entered the trial or went past it."""
    tables = load(imported[0])
    assert deals.win_rate(tables.opportunities) == 2 / 4
    assert deals.win_rate_by_value(tables.opportunities) == pytest.approx(16_000 / 24_100)
    history = tables.stage_history
    assert sorted(history.loc[history["opp_id"] == "0061", "step_id"]) == ["qualified", "trial", "won"]
    assert history.loc[history["opp_id"] == "0068", "step_id"].tolist() == ["no_decision"]
    steps = ["qualified", "trial", "proposal", "decision", "won"]
    assert stages.count_reached(history, steps, "trial") == 2


GERMAN = """\
Opportunity-ID;Opportunity-Name;Account-Name;Phase;Betrag;Schlusstermin;Erstelldatum;Wahrscheinlichkeit (%);Typ;Lead-Quelle
A1;Kaffee für Müller;Müller & Söhne;Gewonnen;1.234,50 €;13.03.2025;05.02.2025;100;Neukunde;Messe
A2;Kaffee für Bäcker;Bäcker;Verloren;12.000 €;01.04.2025;02.03.2025;0;Neukunde;Empfehlung
A3;Kaffee für Groß;Groß;ANGEBOT;850 €;01.12.2025;03.04.2025;60;;
A4;Kaffee für Klein;Klein;Angebott;1,5 €;01.12.2025;03.04.2025;60;;
A5;Kaffee für Dollar;Klein;Angebot;100 $;01.12.2025;03.04.2025;60;;
"Vertraulich – nicht weitergeben"
"""


def test_german_report(tmp_path):
    """cp1252, semicolons, decimal commas, point-separated day-first dates, a footer, a foreign currency."""
    path = tmp_path / "bericht.csv"
    path.write_bytes(GERMAN.encode("cp1252"))
    folder = tmp_path / "mine"
    summary = import_files("salesforce", [path], folder)
    file = summary.files["bericht.csv"]
    assert (file["encoding"], file["delimiter"]) == ("cp1252", "semicolon")
    assert (file["rows"], file["taken"], file["set_aside"]) == (6, 3, 3)
    rows = load(folder).opportunities.set_index("opp_id")
    assert rows["amount_eur"].to_dict() == {"A1": 1234.5, "A2": 12000.0, "A3": 850.0}
    assert rows["created_at"].dt.strftime("%Y-%m-%d").tolist() == ["2025-02-05", "2025-03-02", "2025-04-03"]
    assert rows.loc["A1", "closed_at"] == pd.Timestamp("2025-03-13")
    assert rows["origin"].tolist() == ["event", "referral", "unknown"]
    assert set(load(folder).accounts["name"]) == {"Müller & Söhne", "Bäcker", "Groß"}
    found = aside(folder)
    assert '"angebot"' in found["bericht.csv", 5] and '"USD"' in found["bericht.csv", 6]
    assert "1 fields where the header has 10" in found["bericht.csv", 7]


def test_report_labels_without_ids(tmp_path):
    """A report without ids: history finds its deal by name, ids are made, a title block stands above the header."""
    report = tmp_path / "report.csv"
    report.write_text(
        "\ufeffMy report\n\nOpportunity Name\tAccount Name\tStage\tAmount\tClose Date\tCreated Date\tAge\n"
        "One\tNord\tclosed  WON\t$1,200.50\t3/14/2025\t1/2/2025\t3\n"
        "Two\tSüd\tNegotiation/Review\t$900\t3/15/2025\t2/2/2025\t3\n",
        encoding="utf-16",
    )
    history = tmp_path / "history.csv"
    history.write_text(
        "Opportunity Name,From Stage,To Stage,Last Modified\n"
        "One,,Qualification,2025-01-02\nOne,Qualification,Closed Won,2025-03-14\nThree,,Qualification,2025-01-02\n",
        encoding="utf-8",
    )
    folder = tmp_path / "mine"
    summary = import_files("salesforce", [report, history], folder)
    tables = load(folder)
    assert tables.opportunities["opp_id"].tolist() == ["O000001", "O000002"]
    assert tables.opportunities["created_at"].tolist() == [pd.Timestamp("2025-01-02"), pd.Timestamp("2025-02-02")]
    assert tables.stage_history["opp_id"].tolist() == ["O000001", "O000001"]
    assert aside(folder) == {
        ("report.csv", 1): "stands above the header (1 filled fields)",
        ("history.csv", 4): "speaks of a deal that is not among those taken",
    }
    assert any('"USD"' in text for text in summary.warnings)
    assert any("month first" in text for text in summary.warnings)
    assert "Age" in summary.files["report.csv"]["unused_columns"]


def test_leads_alone(tmp_path):
    """An export without deals is imported too: what it lacks stays empty and is named."""
    path = tmp_path / "leads.csv"
    path.write_text(LEADS, encoding="utf-8")
    folder = tmp_path / "mine"
    summary = import_files("salesforce", [path], folder)
    assert {"opportunities", "stage_history", "campaigns"} <= set(summary.absent)
    tables = load(folder)
    assert validate(folder) == [] and len(tables.leads) == 3 and tables.leads["opp_id"].isna().all()
    assert summary.as_of == "2025-02-03"
    assert any("1 leads name a deal that was not taken" in text for text in summary.warnings)
    assert pd.isna(deals.win_rate(tables.opportunities))


def test_campaigns_alone_need_a_day(tmp_path):
    """Nothing happens on a date in a list of campaigns, so the day of the export must be said."""
    path = tmp_path / "campaigns.csv"
    path.write_text(CAMPAIGNS, encoding="utf-8")
    with pytest.raises(DataError, match="--as-of"):
        import_files("salesforce", [path], tmp_path / "mine")
    import_files("salesforce", [path], tmp_path / "mine", as_of=pd.Timestamp("2025-02-01"))
    assert load(tmp_path / "mine").campaigns["origin"].tolist() == ["event", "advertising"]


def test_accounts_and_contacts(tmp_path):
    """Accounts bring country, industry and size; a contact without account gets the placeholder."""
    accounts = tmp_path / "accounts.csv"
    accounts.write_text(
        "Id,Name,BillingCountryCode,Industry,NumberOfEmployees\n0011,Nord AG,de,Food,300\n0012,Süd,Germany,,-\n",
        encoding="utf-8",
    )
    contacts = tmp_path / "contacts.csv"
    contacts.write_text(
        "Id,AccountId,FirstName,LastName,Email,Title\n0031,0011,Ana,Ruiz,a@example.com,Buyer\n0032,,Bo,Lund,,\n",
        encoding="utf-8",
    )
    folder = tmp_path / "mine"
    import_files("salesforce", [accounts, contacts], folder, as_of=pd.Timestamp("2025-02-01"))
    rows = load(folder).accounts.set_index("account_id")
    assert rows.loc["0011", ["country", "industry", "employees", "is_large_site"]].tolist() == ["DE", "Food", 300, True]
    assert pd.isna(rows.loc["0012", "country"]) and pd.isna(rows.loc["0012", "employees"])
    assert load(folder).contacts.set_index("contact_id")["name"].to_dict() == {"0031": "Ana Ruiz", "0032": "Bo Lund"}
    assert validate(folder) == []
