"""Return by origin: the published table rebuilt, and small tables by hand."""

import math

import pandas as pd
import pytest

from onefunnel.metrics import origin, origin_traps

AS_OF = pd.Timestamp("2026-05-15")
OLD = pd.Timestamp("2024-06-01")

# origin: (won, mean €k, spend €k, return on margin 42 %, return on revenue), figures as the curriculum prints them.
# Referral's 2,340 % is rounded to tens there.
PRINTED = {
    "bought_list": (39, 9.0, 195, -24, 80),
    "advertising": (140, 12.0, 465, 52, 261),
    "email": (59, 10.5, 63, 313, 883),
    "unknown": (60, 11.5, 0, None, None),
    "promotion": (74, 7.8, 142.5, 70, 305),
    "telemarketing": (33, 11.0, 132, 16, 175),
    "event": (81, 14.8, 315, 60, 281),
    "direct_mail": (21, 13.5, 54, 121, 425),
    "referral": (95, 16.5, 27, 2338, None),
}


@pytest.fixture(scope="module")
def tables():
    rows = [(f"{name}{i}", name, mean * 1000) for name, (won, mean, *_) in PRINTED.items() for i in range(won)]
    deals = pd.DataFrame(rows, columns=["opp_id", "origin", "amount_eur"]).assign(outcome="won")
    leads = pd.DataFrame(
        {
            "lead_id": "l" + deals["opp_id"],
            "opp_id": deals["opp_id"],
            "origin": deals["origin"].where(deals["origin"] != "unknown"),  # left blank in the table
            "created_at": OLD,
        }
    )
    campaigns = pd.DataFrame(
        [(name, spend * 1000.0) for name, (_, _, spend, *_) in PRINTED.items() if spend],
        columns=["origin", "spend_eur"],
    ).assign(started_on=OLD, ended_on=OLD + pd.Timedelta(days=30))
    return leads, deals.drop(columns="origin"), campaigns, AS_OF


@pytest.mark.parametrize("name", PRINTED)
def test_returns_agree_with_the_printed_table(tables, name):
    """(won × mean × 0.42 − spend) ÷ spend to the printed per cent; unknown has no spend and so no return."""
    *_, on_margin, on_revenue = PRINTED[name]
    got = origin.origin_return(*tables, margin=0.42, origin=name)
    if on_margin is None:
        assert math.isnan(got)
        return
    assert 100 * got == pytest.approx(on_margin, abs=0.55)
    if on_revenue is not None:
        trap = origin_traps.revenue_for_margin(*tables, margin=0.42, origin=name)
        assert 100 * trap == pytest.approx(on_revenue, abs=0.55)


def test_all_origins_are_a_bracket(tables):
    """100 % without the unknown's wins, 121 % with them."""
    assert origin.origin_return(*tables, margin=0.42) == pytest.approx(1.21, abs=0.005)
    assert origin.origin_return(*tables, margin=0.42, include_unknown=False) == pytest.approx(1.00, abs=0.005)
    assert origin_traps.drops_unknown(*tables, margin=0.42) == pytest.approx(1.00, abs=0.005)


def test_unknown_is_shown(tables):
    """A blank origin has its own row, last, with its wins and without a return."""
    table = origin.return_by_origin(*tables, margin=0.42)
    assert table.index[-1] == "unknown"
    assert table.loc["unknown", ["leads", "opportunities", "won"]].to_list() == [60, 60, 60]
    assert math.isnan(table.loc["unknown", "return"])
    assert table.index[0] == "referral"


def test_wrong_returns_by_hand(tables):
    """Bought list: revenue 351, margin 147.42, spend 195: forgets −0 → 0.756; over revenue −47.58 ÷ 351."""
    arguments = {"margin": 0.42, "origin": "bought_list"}
    assert origin_traps.forgets_spend(*tables, **arguments) == pytest.approx(147.42 / 195)
    assert origin_traps.divides_by_revenue(*tables, **arguments) == pytest.approx(-47.58 / 351)


def test_young_leads_and_later_spend_stay_out():
    """The cut is 15 May 2025: a lead of the 16th and its win are out; a campaign 11th to 20th counts half."""
    leads = pd.DataFrame(
        {
            "lead_id": ["l1", "l2", "l3"],
            "opp_id": ["o1", "o2", None],
            "origin": "event",
            "created_at": pd.to_datetime(["2025-05-15", "2025-05-16", "2025-01-01"]),
        }
    )
    deals = pd.DataFrame({"opp_id": ["o1", "o2"], "outcome": "won", "amount_eur": [1000.0, 9000.0]})
    campaigns = pd.DataFrame(
        {
            "origin": ["event", "event"],
            "spend_eur": [100.0, 70.0],
            "started_on": pd.to_datetime(["2025-05-11", "2025-06-01"]),
            "ended_on": pd.to_datetime(["2025-05-20", "2025-06-30"]),
        }
    )
    row = origin.return_by_origin(leads, deals, campaigns, AS_OF, margin=0.5).loc["event"]
    assert row[["leads", "opportunities", "won", "revenue_eur", "spend_eur"]].to_list() == [2, 1, 1, 1000, 50]
    assert row["return"] == pytest.approx((500 - 50) / 50)


def test_two_leads_of_one_deal_earn_it_once():
    """The first lead gets the win; the second is a lead without one. Sales' own deals are not in the table."""
    leads = pd.DataFrame(
        {
            "lead_id": ["l2", "l1"],
            "opp_id": ["o1", "o1"],
            "origin": ["email", "event"],
            "created_at": pd.to_datetime(["2024-02-02", "2024-02-01"]),
        }
    )
    deals = pd.DataFrame({"opp_id": ["o1", "own"], "outcome": "won", "amount_eur": [100.0, 999.0]})
    spent = {"origin": ["event", "email"], "spend_eur": 10.0, "started_on": OLD, "ended_on": OLD}
    table = origin.return_by_origin(leads, deals, pd.DataFrame(spent), AS_OF, margin=1.0)
    assert table["won"].to_dict() == {"event": 1, "email": 0}
    assert table["revenue_eur"].sum() == 100
    assert table.loc["email", "return"] == -1


def test_empty_tables_have_no_return(tables):
    """No leads: the spend is lost in full; no spend either: not defined."""
    leads, deals, campaigns, as_of = tables
    assert origin.origin_return(leads.iloc[:0], deals, campaigns, as_of, margin=0.42) == -1
    nothing = (leads.iloc[:0], deals.iloc[:0], campaigns.iloc[:0], as_of)
    assert math.isnan(origin.origin_return(*nothing, margin=0.42))
    assert math.isnan(origin.origin_return(*tables, margin=0.42, origin="no_such_origin"))
    for trap in ("revenue_for_margin", "forgets_spend", "divides_by_revenue", "drops_unknown"):
        assert math.isnan(getattr(origin_traps, trap)(*nothing, margin=0.42)), trap
