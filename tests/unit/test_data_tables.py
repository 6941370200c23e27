"""The frozen tables load with exact types and keep their rules; faults are told with file, column, row and mend."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

import pandas as pd
import pytest

import onefunnel
from onefunnel.data import DataError, Tables, load
from onefunnel.data.schema import read_package
from onefunnel.data.validation import validate

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
PACKAGE = Path(onefunnel.__file__).parent
STEPS = ["qualified", "trial", "proposal", "decision", "won"]


@pytest.fixture(scope="module")
def tables():
    return load(DATASETS)


@pytest.fixture
def copy(tmp_path):
    """A copy of the tables, to be spoiled."""
    for path in [*DATASETS.glob("*.csv"), DATASETS / "datapackage.json"]:
        shutil.copy(path, tmp_path / path.name)
    return tmp_path


def spoil(folder, name, old, new):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode())


def test_frozen_tables_are_faultless():
    """Columns, types, ranges, keys, references and hashes of the kit's tables all hold."""
    assert validate(DATASETS) == []


def test_frozen_tables_are_small():
    """All tables together stay under 15 MB, so that a clone and a browser stay quick."""
    assert sum(path.stat().st_size for path in DATASETS.glob("*.csv")) < 15e6


def test_tables_have_the_columns_that_lessons_and_metrics_use(tables):
    """The columns of the main tables, in order."""
    expected = {
        "accounts": "account_id name country territory_id micromarket_id segment industry line employees is_large_site "
        "key_account has_demonstrator potential_eur",
        "contacts": "contact_id account_id name email job_title buying_role consent",
        "campaigns": "campaign_id name origin horizon started_on ended_on spend_eur",
        "leads": "lead_id contact_id account_id territory_id campaign_id origin origin_label created_at mql_at "
        "assigned_at first_touch_at first_touch_kind accepted_at reject_reason opp_id fit_score score intent "
        "recycled_from",
        "opportunities": "opp_id account_id contact_id territory_id origin campaign_id created_at step_id outcome "
        "closed_at amount_eur crm_probability close_date_planned next_step_on purchase_type joint_call brand_known "
        "lost_reason",
        "stage_history": "opp_id step_id entered_at",
        "trial_slots": "slot_id territory_id date technician_id opp_id",
        "orders": "order_id delivery_id account_id ordered_on product_id cases base list_eur on_invoice_eur "
        "volume_bonus_eur free_goods_eur terms_eur freight_eur marketing_support_eur service_eur cost_eur",
        "touches": "touch_id opp_id account_id touched_at channel function milestone experience_score",
        "hand_overs": "opp_id account_id handed_over_on complete experience_score",
        "installs": "opp_id account_id signed_on installed_on first_value_on",
        "renewals": "opp_id account_id due_on value_eur outcome renewed_eur",
        "experiments": "experiment_id play question origin unit outcome started_on planned_end looked_on stratum arm n "
        "successes outcome_mean",
        "list_prices": "product_id valid_from list_eur",
        "sellout_weekly": "account_id product_id week units price_eur promotion display oos stock_units received_units",
        "shipments": "shipment_id account_id model sold_in_on units value_eur",
        "returns": "return_id shipment_id account_id sold_in_on returned_on units value_eur",
        "price_survey": "respondent_id territory_id too_cheap cheap expensive too_expensive",
        "price_steps": "respondent_id territory_id price_eur would_buy",
        "price_test": "territory_id price_eur shown rented",
        "outlets": "account_id outlet_type income_level clientele avg_ticket_eur services success_story fit_score "
        "past_cases_month category_cases_month on_route",
        "outlet_products": "account_id product_id",
        "route_orders": "delivery_id account_id ordered_on product_id cases net_eur cost_eur",
        "visits": "account_id seller_id date minutes",
        "shelf_checks": "account_id checked_on facings empty",
        "placements": "account_id placed_on repurchased_90d",
        "machines": "machine_id account_id ordered_on installed_on status ended_on talked_on",
        "market_size": "micromarket_id quarter category_eur",
        "pay_trial": "quarter paid_on list_leads other_leads mqls accepted margin_eur",
        "close_date_moves": "opp_id moved_on close_date_before close_date_after moved_by",
        "targets": "territory_id quarter target_eur trials_planned",
    }
    for name, columns in expected.items():
        assert list(tables[name].columns) == columns.split(), name


def test_types_are_exact(tables):
    """Text, whole numbers, decimals, flags and dates arrive as such, the same with every pandas."""
    assert tables.leads["created_at"].dtype == "datetime64[ns]"
    assert tables.leads["fit_score"].dtype == "int64"
    assert tables.orders["list_eur"].dtype == "float64"
    assert tables.accounts["is_large_site"].dtype == "bool"
    assert tables.leads["opp_id"].isna().any() and not (tables.leads["opp_id"] == "").any()
    assert tables.as_of == pd.Timestamp("2026-05-15")


def test_loading_is_quick():
    """All tables are read in less than a second of the processor; the bound leaves room for a slow machine."""
    fastest = min(_seconds(lambda: load(DATASETS)) for _ in range(3))
    assert fastest < 2.5


def _seconds(work):
    start = time.process_time()
    work()
    return time.process_time() - start


def test_steps_of_a_deal_are_in_order_of_time(tables):
    """A later step of a deal is entered on a later day, and a closing row comes last."""
    rows = tables.stage_history
    place = rows["step_id"].map({step: number for number, step in enumerate([*STEPS, "lost", "no_decision"])})
    ordered = rows.assign(place=place).sort_values(["opp_id", "place"], kind="stable")
    gap = ordered.groupby("opp_id")["entered_at"].diff().dropna()
    assert (gap > pd.Timedelta(0)).all()


def test_lead_times_are_in_order_and_precede_their_deal(tables):
    """Raised a hand ≤ scored ≤ assigned ≤ accepted, then a deal at least a day later."""
    leads = tables.leads
    for before, after in (
        ("created_at", "mql_at"),
        ("mql_at", "assigned_at"),
        ("assigned_at", "first_touch_at"),
        ("assigned_at", "accepted_at"),
    ):
        assert not (leads[before] > leads[after]).any(), after
    created = tables.opportunities.set_index("opp_id")["created_at"]
    with_deal = leads.dropna(subset=["opp_id"])
    assert with_deal["accepted_at"].notna().all()
    assert (with_deal["opp_id"].map(created) > with_deal["accepted_at"]).all()


def test_nothing_has_happened_after_as_of(tables):
    """No event lies after `as_of`; only plans do (closes, next steps, slots, ends of campaigns, contracts due)."""
    plans = {
        ("opportunities", "close_date_planned"),
        ("opportunities", "next_step_on"),
        ("close_date_moves", "close_date_before"),
        ("close_date_moves", "close_date_after"),
        ("trial_slots", "date"),
        ("campaigns", "ended_on"),
        ("renewals", "due_on"),
    }
    for name in tables.names:
        for column, values in tables[name].select_dtypes("datetime").items():
            if (name, column) not in plans:
                assert values.max() <= tables.as_of, (name, column)


def test_outcomes_agree_with_the_history(tables):
    """An open deal has no closing row; a won or closed one ends on the day its history says."""
    deals = tables.opportunities
    last = tables.stage_history.groupby("opp_id").last().reindex(deals["opp_id"])
    ended = deals["outcome"] != "open"
    assert (last["step_id"].to_numpy()[ended] == deals["outcome"].to_numpy()[ended]).all()
    assert (last["entered_at"].to_numpy()[ended] == deals["closed_at"].to_numpy()[ended]).all()
    assert (last["step_id"].to_numpy()[~ended] == deals["step_id"].to_numpy()[~ended]).all()
    assert deals.loc[~ended, "closed_at"].isna().all()


def test_a_lead_its_contact_and_its_deal_share_account_and_territory(tables):
    """References agree with one another, not only with a key."""
    leads, deals = tables.leads, tables.opportunities.set_index("opp_id")
    place = tables.accounts.set_index("account_id")["territory_id"]
    works = tables.contacts.set_index("contact_id")["account_id"]
    assert (leads["contact_id"].map(works) == leads["account_id"]).all()
    assert (leads["account_id"].map(place) == leads["territory_id"]).all()
    assert (deals["account_id"].map(place) == deals["territory_id"]).all()
    with_deal = leads.dropna(subset=["opp_id"]).set_index("opp_id")
    for column in ("account_id", "contact_id", "territory_id", "origin"):
        assert (deals.loc[with_deal.index, column] == with_deal[column]).all(), column


def test_demonstration_is_small_round_and_outside_the_company(tables):
    """T00: 100 people → 50 → 20 → 16 deals, 4 of 16 decided deals won, 18 % of 200,000 euros; in no total."""
    demo = tables.territory("T00")
    first = demo.leads.groupby("contact_id").agg(
        created=("created_at", "min"),
        mql=("mql_at", "count"),
        accepted=("accepted_at", "count"),
        opp=("opp_id", "count"),
    )
    old = first[first["created"] < "2025-05-15"]
    assert (len(old), (old["mql"] > 0).sum(), (old["accepted"] > 0).sum(), (old["opp"] > 0).sum()) == (100, 50, 20, 16)
    decided = demo.opportunities[demo.opportunities["outcome"] != "open"]
    assert (decided["outcome"] == "won").sum() / len(decided) == 4 / 16
    assert decided["amount_eur"].sum() == 200_000
    assert decided.loc[decided["outcome"] == "won", "amount_eur"].sum() == 36_000
    company = tables.company()
    for name in ("accounts", "leads", "opportunities", "trial_slots", "targets", "territories"):
        assert not (company[name]["territory_id"] == "T00").any(), name
    assert not set(company.campaigns["campaign_id"]) & set(demo.campaigns["campaign_id"])
    assert len(company.orders) + len(demo.orders) == len(tables.orders)


def test_filters_leave_no_loose_ends_and_the_original_alone(tables):
    """Every reference of a territory's rows finds its row; the full tables stay as they were."""
    before = {name: len(tables[name]) for name in tables.names}
    part = tables.territory("T05")
    for table in read_package(DATASETS).tables:
        for key in table.foreign_keys:
            given = part[table.name][key.field].dropna()
            assert given.isin(part[key.other][key.other_field]).all(), (table.name, key)
    assert {name: len(tables[name]) for name in tables.names} == before


def test_unknown_table_and_territory_are_named(tables):
    """A misspelt table or territory is answered with those that exist."""
    with pytest.raises(DataError, match="opportunities"):
        tables["oportunities"]
    with pytest.raises(AttributeError, match="opportunities"):
        _ = tables.oportunities
    with pytest.raises(DataError, match="T24"):
        tables.territory("T99")


def test_missing_file_says_how_to_make_it(copy):
    """A missing table names the file and the command that makes it again."""
    (copy / "leads.csv").unlink()
    with pytest.raises(DataError, match=r"leads\.csv: there is no such file.*data make"):
        load(copy)


def test_missing_package_file_says_how_to_make_it(tmp_path):
    """An empty folder is answered with the command, not with a traceback."""
    with pytest.raises(DataError, match=r"datapackage\.json: there is no such file.*data make"):
        load(tmp_path)


def test_missing_and_unknown_columns_are_named(copy):
    """A renamed column is named, with the columns that must be there."""
    spoil(copy, "targets.csv", "target_eur", "goal_eur")
    with pytest.raises(DataError, match=r'no column "target_eur".*territory_id, quarter, target_eur'):
        load(copy)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("orders.csv", ",400.00,", ",400,00,", r"orders\.csv"),
        ("leads.csv", "2023-05-16T", "16.05.2023 ", r'leads\.csv: column "created_at", row 2: "16\.05\.2023'),
        ("accounts.csv", ",true,", ",yes,", r'accounts\.csv: column "is_large_site", row \d+: "yes".*true or false'),
        ("targets.csv", "T01,2023-Q2,", "T01,2023-Q2,x", r'targets\.csv: column "target_eur", row 2: "x\d+"'),
    ],
)
def test_unreadable_value_is_named_with_its_row(copy, file, old, new, message):
    """A value that does not fit its column is told with file, column, row and what should stand there."""
    spoil(copy, file, old, new)
    with pytest.raises(DataError, match=message):
        load(copy)


def test_validate_tells_all_faults_at_once(copy):
    """A lost reference, a double key, a value out of range and an unknown word: one run names all four."""
    spoil(copy, "stage_history.csv", "O0001,", "O8888,")
    spoil(copy, "targets.csv", "T02,2023-Q2", "T01,2023-Q2")
    spoil(copy, "leads.csv", ",download,", ",telepathy,")
    spoil(copy, "opportunities.csv", ",0.00,", ",7.00,")
    faults = "\n".join(validate(copy))
    assert 'stage_history.csv: column "opp_id": row 2 "O8888"' in faults
    assert 'targets.csv: column "territory_id + quarter": row 3 "T01 2023-Q2"' in faults
    assert '"telepathy" is none of' in faults
    assert 'opportunities.csv: column "crm_probability"' in faults and "above 1" in faults


def test_package_describes_every_column_and_file(tables):
    """The data package names licence, date, bytes and hash, and gives every column a title and a description."""
    package = json.loads((DATASETS / "datapackage.json").read_text(encoding="utf-8"))
    assert package["licenses"][0]["name"] == "CC0-1.0"
    assert package["as_of"] == "2026-05-15"
    for resource in package["resources"]:
        data = (DATASETS / resource["path"]).read_bytes()
        assert resource["bytes"] == len(data)
        assert b"\r" not in data
        assert list(tables[resource["name"]].columns) == [field["name"] for field in resource["schema"]["fields"]]
        for field in resource["schema"]["fields"]:
            assert field["title"] and field["description"]
            assert field["name"].endswith("_eur") <= (field.get("unit") == "EUR")


def test_every_person_can_be_reached_by_nobody(tables):
    """All addresses are in example.com, a domain that is reserved for examples."""
    assert tables.contacts["email"].str.fullmatch(r"c[0-9]{5}@example\.com").all()


def test_tables_are_of_one_kind_after_a_filter(tables):
    """A filter gives Tables again, with the same names and date."""
    part = tables.company()
    assert isinstance(part, Tables)
    assert (part.names, part.as_of) == (tables.names, tables.as_of)
