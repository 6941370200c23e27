"""Tables that no CRM exports, Salesforce's field history, and what HubSpot's dates give away."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from onefunnel.data import DataError, load, validate
from onefunnel.data.importing import import_files
from onefunnel.data.importing.fields import other_tables
from onefunnel.errors import Problem
from onefunnel.home import home

ACCOUNTS = """\
Id,Account Name,Country
A1,Nord AG,DE
A2,Süd GmbH,DE
"""
PRODUCTS = """\
Article,Description,List
P1,Espresso Blend,"12,50"
P2,Filter Blend,"9,00"
"""
ORDERS = """\
No,Customer,Article,Day,Cases,List value
1,Nord AG,Espresso Blend,31.01.2025,10,"125,00"
2,nord ag,P2,13.02.2025,5,"45,00"
3,Süd GmbH,Expresso Blend,14.02.2025,4,"50,00"
4,West KG,P1,14.02.2025,4,"50,00"
5,Nord AG,P1,14.02.2025,0,"50,00"
5,Nord AG,P1,15.02.2025,2,"25,00"
5,Nord AG,P1,15.02.2025,3,"37,50"
7,Nord AG,P1,soon,3,"37,50"
,Nord AG,P1,15.02.2025,3,"37,50"
"""
MAPPING = """\
files:
  accounts.csv: {record: accounts, columns: {account_id: Id, name: Account Name, country: Country}}
  products.csv: {record: products, columns: {product_id: Article, name: Description, list_eur: List}}
  orders.csv:
    record: orders
    columns: {order_id: "No", account_id: Customer, product_id: Article, ordered_on: Day, cases: Cases,
              list_eur: List value}
"""


def put(folder: Path, **texts: str) -> list[Path]:
    """Files with these texts; the first one is what the mapping does not name."""
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return [folder / f"{name}.csv" for name in texts]


def aside(folder: Path) -> dict[int, str]:
    with (folder / "set_aside.csv").open(encoding="utf-8", newline="") as stream:
        return {int(line["row"]): line["reason"] for line in csv.DictReader(stream)}


def import_orders(folder: Path, more: str = "", **texts: str):
    mapping = folder / "mapping.yml"
    mapping.write_text(MAPPING + more, encoding="utf-8")
    files = put(folder, **(texts or {"accounts": ACCOUNTS, "products": PRODUCTS, "orders": ORDERS}))
    return import_files("csv", files, folder / "mine", mapping=mapping)


def test_orders_find_their_accounts_and_products_by_id_or_name(tmp_path):
    """Rows 2, 3 and 7 of nine are good; each other one is set aside with its reason, and rows add up."""
    summary = import_orders(tmp_path)
    orders = load(tmp_path / "mine")["orders"].set_index("order_id")
    assert orders["account_id"].to_dict() == {"1": "A1", "2": "A1", "5": "A1"}
    assert orders["product_id"].to_dict() == {"1": "P1", "2": "P2", "5": "P1"}
    assert orders["list_eur"].to_dict() == {"1": 125.0, "2": 45.0, "5": 25.0}
    assert orders.loc["2", "ordered_on"] == pd.Timestamp("2025-02-13")
    why = aside(tmp_path / "mine")
    assert 'did you mean "espresso blend"?' in why[4]
    assert why[5] == 'names the account "West KG", which is not among those taken'
    assert why[6] == "has a cases below 1"
    assert why[8] == "has the same order_id as an earlier row"
    assert '"soon"' in why[9] and why[10] == "has no order_id"
    told = summary.files["orders.csv"]
    assert (told["rows"], told["taken"], told["set_aside"]) == (9, 3, 6)
    assert validate(tmp_path / "mine") == []


def test_a_misspelt_name_is_put_right_only_by_the_user(tmp_path):
    """With the mapping's `names:` the order of the misspelt product is taken."""
    import_orders(tmp_path, "names: {Expresso Blend: Espresso Blend}\n")
    orders = load(tmp_path / "mine")["orders"].set_index("order_id")
    assert orders.loc["3", "product_id"] == "P1"


def test_what_the_file_does_not_hold_is_lacking(tmp_path):
    """Columns without a source are named as lacking, so that a number which needs one can say so."""
    import_orders(tmp_path)
    lacking = load(tmp_path / "mine").lacking
    assert {"orders.freight_eur", "orders.base", "targets", "opportunities"} <= lacking
    assert not {"orders", "orders.list_eur", "products"} & lacking


def test_without_a_list_of_products_it_is_made_of_the_names(tmp_path):
    """The names in the orders become the list, and two that look alike are told."""
    summary = import_orders(tmp_path, accounts=ACCOUNTS, orders=ORDERS)
    products = load(tmp_path / "mine")["products"]
    assert set(products["name"]) == {"Espresso Blend", "P2", "Expresso Blend", "P1"}
    assert any('"Expresso Blend" looks like "Espresso Blend"' in text for text in summary.warnings)


def test_words_that_metrics_do_not_know_are_told(tmp_path):
    """Forecasts are sales', marketing's or joint; another word stays in the table and is named."""
    mapping = tmp_path / "mapping.yml"
    mapping.write_text(
        "files:\n  opps.csv: {record: opportunities, columns: {opp_id: Id, stage: Stage, created: Opened, "
        "territory: Area}}\n  plan.csv: {record: forecasts, columns: {territory_id: Area, month: Month, made_by: By, "
        "forecast_eur: Plan}}\n",
        encoding="utf-8",
    )
    opps = "Id,Stage,Opened,Area\n1,Proposal,2025-01-02,North\n"
    plan = "Area,Month,By,Plan\nnorth,2025-01,sales,100\nNorth,2025-01,the boss,90\n"
    summary = import_files("csv", put(tmp_path, opps=opps, plan=plan), tmp_path / "mine", mapping=mapping)
    assert load(tmp_path / "mine")["forecasts"]["made_by"].tolist() == ["sales", "the boss"]
    assert any('forecasts.made_by holds "the boss"' in text for text in summary.warnings)


def test_a_mapping_may_name_any_table_of_ours_and_no_other(tmp_path):
    """Every table of the sample can be imported; an unknown one is refused with the list."""
    package = json.loads((Path(__file__).parents[2] / "datasets" / "datapackage.json").read_text(encoding="utf-8"))
    crm = {"territories", "accounts", "contacts", "campaigns", "leads", "opportunities", "stage_history"}
    assert set(other_tables()) == {resource["name"] for resource in package["resources"]} - crm
    mapping = tmp_path / "mapping.yml"
    mapping.write_text("files:\n  a.csv: {record: orderz, columns: {a: A}}\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"must be one of .*orders"):
        import_files("csv", put(tmp_path, a="A,B\n1,2\n"), tmp_path / "mine", mapping=mapping)


def test_salesforce_field_history_is_stage_history(tmp_path):
    """Changes of the stage become entries, the first old value the beginning; changes of other fields are set aside."""
    opps = (
        '"Id","Account.Name","CreatedDate","StageName","IsClosed","IsWon","CloseDate","Amount"\n'
        '"0061","Nord","2025-01-10","Closed Won","true","true","2025-03-01","100"\n'
    )
    changes = (
        '"Id","OpportunityId","Field","OldValue","NewValue","CreatedDate"\n'
        '"f1","0061","StageName","Qualification","Proposal","2025-02-01T08:00:00.000+0000"\n'
        '"f2","0061","Amount","90","100","2025-02-02T08:00:00.000+0000"\n'
        '"f3","0061","StageName","Proposal","Closed Won","2025-03-01T08:00:00.000+0000"\n'
    )
    folder = tmp_path / "mine"
    summary = import_files("salesforce", put(tmp_path, opps=opps, changes=changes), folder)
    assert summary.files["changes.csv"]["record"] == "field_history"
    assert aside(folder) == {3: 'is a change of "Amount", not of the stage'}
    history = load(folder)["stage_history"]
    assert list(zip(history["step_id"], history["entered_at"].dt.strftime("%m-%d"), strict=True)) == [
        ("qualified", "01-10"),
        ("proposal", "02-01"),
        ("won", "03-01"),
    ]


def test_hubspot_deals_that_went_back_are_counted(tmp_path):
    """An appointment dated after the contract can only be a second one: the first date is gone, and it is said."""
    deals = (
        "Record ID,Deal Name,Deal Stage,Create Date,Amount,"
        "Date entered appointmentscheduled,Date entered contractsent\n"
        "1,One,contractsent,2025-01-01,10,2025-01-02,2025-02-01\n"
        "2,Two,appointmentscheduled,2025-01-01,10,2025-03-02,2025-02-01\n"
    )
    summary = import_files("hubspot", put(tmp_path, deals=deals), tmp_path / "mine")
    assert any(text.startswith("1 deals entered an earlier stage after a later one") for text in summary.warnings)


def test_a_playbook_without_a_signing_step_is_refused(tmp_path, monkeypatch):
    """An import counts wins by the step with the id "won"; a playbook that lacks it is told so, not the tables."""
    playbooks = tmp_path / "playbooks"
    shutil.copytree(home().playbooks, playbooks)
    funnel = playbooks / "funnel.yml"
    text = funnel.read_text(encoding="utf-8").replace("  - id: won\n", "  - id: signed\n")
    funnel.write_text(text, encoding="utf-8")
    for path in [*playbooks.glob("*.yml"), *playbooks.glob("plays/*.md")]:
        source = path.read_text(encoding="utf-8")
        path.write_text(
            re.sub(r"(?m)\bstep: won\b|step:won\b|^steps: .*$", lambda hit: hit[0].replace("won", "signed"), source),
            "utf-8",
        )
    opps = "Id,CreatedDate,StageName,Amount\n1,2025-01-01,Proposal,10\n"
    with pytest.raises(Problem) as caught:
        import_files("salesforce", put(tmp_path, opps=opps), tmp_path / "mine", playbooks=playbooks)
    assert 'no step with the id "won"' in str(caught.value)
