"""Cells, issues and uses of assets, counted on paper."""

from __future__ import annotations

import pandas as pd
import pytest

from onefunnel.metrics import messages, messages_traps

CFO, OFFICE = "chief financial officer", "office manager"


@pytest.fixture
def tables():
    """Three open deals (10 and 20 with an asset for their reader, 30 without) and one that is won."""
    opportunities = pd.DataFrame(
        [
            ("O1", "A1", "C1", "open", "trial", 10.0),
            ("O2", "A2", "C2", "open", "proposal", 30.0),
            ("O3", "A1", "C3", "open", "trial", 20.0),
            ("O4", "A2", "C2", "won", "won", 500.0),
        ],
        columns=["opp_id", "account_id", "contact_id", "outcome", "step_id", "amount_eur"],
    )
    contacts = pd.DataFrame({"contact_id": ["C1", "C2", "C3"], "job_title": [OFFICE, CFO, CFO]})
    accounts = pd.DataFrame({"account_id": ["A1", "A2"], "industry": ["education", "healthcare"]})
    assets = pd.DataFrame(
        [("S1", "Sheet", OFFICE, "education"), ("S2", "Film", CFO, "education"), ("S3", "Kit", CFO, "education")],
        columns=["asset_id", "name", "job_title", "industry"],
    )
    return opportunities, contacts, accounts, assets


def test_half_of_the_open_euros_have_an_asset(tables):
    """10 + 20 of 60; two of three cells; three assets for 30 cells. The won deal is no open one."""
    assert messages.open_eur(tables[0]) == 60
    assert messages.covered_eur(*tables) == 30
    assert messages.covered_share(*tables) == pytest.approx(0.5)
    assert (messages.cells_with_deals(*tables[:3]), messages.cells_with_deals_and_asset(*tables)) == (3, 2)
    assert messages_traps.cells_weigh_the_same(*tables) == pytest.approx(2 / 3)
    assert messages_traps.counts_assets(*tables) == pytest.approx(0.1)


def test_the_hole_is_the_largest_cell_without_an_asset(tables):
    """30 stand with the chief financial officer in healthcare. With an asset there, no hole is left."""
    assert messages.largest_hole(*tables) == ["chief_financial_officer.healthcare"]
    *others, assets = tables
    assets.loc[2, "industry"] = "healthcare"
    assert messages.largest_hole(*others, assets) == []
    assert messages_traps.fullest_cell(*tables) == ["chief_financial_officer.healthcare"]


def test_options_say_what_is_open_and_what_is_there(tables):
    """The two largest cells, sorted by reader."""
    assert messages.cell_options(*tables, most=2) == [
        {
            "id": "chief_financial_officer.education",
            "text": "Chief financial officer, education · €20 open · 2 assets",
        },
        {
            "id": "chief_financial_officer.healthcare",
            "text": "Chief financial officer, healthcare · €30 open · no asset",
        },
    ]


def answers(issue, count, importance, ours, theirs):
    return pd.DataFrame({"issue": issue, "importance": importance, "ours": ours, "theirs": theirs}, index=range(count))


def test_issues_are_sorted_by_the_rule():
    """Both good and alike: stakes. A lead of a point in 30 answers: ours; in 29, or of less, it only parts vendors."""
    said = pd.concat(
        [
            answers("safe", 30, 9, 8, 8),
            answers("alike_and_bad", 30, 9, 6, 6),
            answers("ours", 30, 5, 8, 7),
            answers("few", 29, 5, 9, 6),
            answers("theirs", 40, 9, 6, 8),
        ]
    )
    assert messages.issue_kinds(said) == {
        "safe": "table_stakes",
        "alike_and_bad": "differentiator",
        "ours": "advantage",
        "few": "differentiator",
        "theirs": "differentiator",
    }
    assert messages_traps.important_so_differentiator(said)["safe"] == "differentiator"
    assert messages_traps.we_like_it(said)["few"] == "advantage"
    assert messages.issue_rows(said)[1]["text"] == "Few: importance 5.0, we 9.0, they 6.0, 29 answers"


def test_use_of_an_asset_is_compared_like_with_like():
    """With the sheet 2 of 2 are won, without 1 of 3. Among those that reached the decision it is 2 of 2 and 1 of 1."""
    deals = pd.DataFrame(
        [
            ("O1", "won", "won"),
            ("O2", "won", "won"),
            ("O3", "won", "won"),
            ("O4", "lost", "trial"),
            ("O5", "no_decision", "qualified"),
            ("O6", "open", "decision"),
        ],
        columns=["opp_id", "outcome", "step_id"],
    )
    assets = pd.DataFrame({"asset_id": ["S1", "S2"], "name": ["Sheet", "Film"]})
    use = pd.DataFrame(
        [("O1", "S1", "decision"), ("O2", "S1", "decision"), ("O4", "S2", "trial"), ("O6", "S1", "decision")],
        columns=["opp_id", "asset_id", "step_id"],
    )
    raw = messages.rates_by_use(deals, assets, use, "Sheet")
    assert raw["deals"].tolist() == [2, 3] and raw["rate"].tolist() == pytest.approx([1, 1 / 3])
    late = messages.rates_by_use(deals, assets, use, "Sheet", late_only=True)
    assert late["deals"].tolist() == [2, 1] and late["rate"].tolist() == pytest.approx([1, 1])
    assert messages.effect_verdict(deals, assets, use, "Sheet") == "hardly"
    assert messages.with_any(deals, use, ["S1"]) == pytest.approx(2 / 3)
