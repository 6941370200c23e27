"""Credit on a written path, typed labels, and plans over origins, each counted by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from onefunnel.metrics import credit, demand_plans, labels

PATH = ["event", "email", "ad", "call"]


@pytest.mark.parametrize(
    ("rule", "email"), [("first", 0), ("last", 0), ("linear", 1000 / 4), ("u_shape", 1000 * 0.20 / 2)]
)
def test_four_rules_book_one_deal_of_a_thousand(rule, email):
    """Every rule books the whole thousand; the e-mail stands between the ends, with one other."""
    assert credit.credited_eur(PATH, "email", 1000, rule) == pytest.approx(email)
    assert sum(credit.credited_eur(PATH, channel, 1000, rule) for channel in PATH) == pytest.approx(1000)


def test_wrong_rules_book_too_much_or_too_little():
    """40 + 20 + 20 + 40 is 120 per cent; 40 + 40 on two is 80."""
    assert sum(credit.over_100(PATH, channel, 1000) for channel in PATH) == pytest.approx(1200)
    two = ["event", "call"]
    assert sum(credit.forty_forty_on_two(two, channel, 1000) for channel in two) == pytest.approx(800)
    assert credit.credited_eur(two, "event", 1000) == pytest.approx(500)
    assert (credit.touches(PATH), credit.touches_between(PATH), credit.touches_between(["event"])) == (4, 2, 0)


def test_a_channel_off_the_path_is_an_error():
    """A credit of zero would look like a result."""
    with pytest.raises(ValueError, match="not on the path"):
        credit.credited_eur(PATH, "fax", 1000)


def test_a_label_stands_for_the_origin_of_its_rows():
    """ "Other" is unknown, "EMAIL" is e-mail; a label with two origins, or none, is an error."""
    leads = pd.DataFrame({"origin_label": ["EMAIL", "Other", "EMAIL", "x", "x"], "origin": [*"eue", "a", "b"]})
    assert labels.origins_of(leads, {"one": "EMAIL", "two": "Other"}) == {"one": "e", "two": "u"}
    for label in ("x", "never typed"):
        with pytest.raises(ValueError, match="origins"):
            labels.origins_of(leads, {"one": label})


@pytest.fixture
def tables():
    """Two origins, two years old. Ads won €1,000 for €100, fairs €900 for €100.

    At a margin of 0.4 with half of the ads' sales incremental: ads 0.5 × 400 ÷ 100 − 1 = 1; fairs, all of them
    incremental: 360 ÷ 100 − 1 = 2.6.
    """
    as_of = pd.Timestamp("2026-01-01")
    old = pd.Timestamp("2024-01-01")
    origins = ["ads", "ads", "fair"]
    leads = pd.DataFrame(
        {
            "lead_id": ["L1", "L2", "L3"],
            "opp_id": ["O1", None, "O3"],
            "origin": origins,
            "created_at": [old] * 3,
        }
    )
    opportunities = pd.DataFrame({"opp_id": ["O1", "O3"], "outcome": "won", "amount_eur": [1000.0, 900.0]})
    campaigns = pd.DataFrame(
        {"origin": ["ads", "fair"], "started_on": old, "ended_on": old + pd.Timedelta(days=9), "spend_eur": 100.0}
    )
    experiments = pd.DataFrame(
        {
            "experiment_id": ["E1", "E1", "E2", "E2"],
            "origin": ["ads", "ads", "fair", "fair"],
            "arm": ["treated", "control"] * 2,
            "looked_on": old,
            "n": 100,
            "successes": [20, 10, 20, 0],
        }
    )
    return leads, opportunities, campaigns, experiments, as_of


ROOM = {"ads": 100.0, "fair": 30.0}


def test_a_plan_brings_what_fits_into_each_room(tables):
    """70 in ads return 70; 30 in fairs 78. With 50 in fairs, 20 find no room and are lost: 50 + 78 − 20."""
    brings = {
        fair: demand_plans.brings(*tables, plan={"ads": 100 - fair, "fair": fair}, margin=0.4, room_eur=ROOM)
        for fair in (30, 50)
    }
    assert brings[30] == pytest.approx(70 * 1.0 + 30 * 2.6)
    assert brings[50] == pytest.approx(50 * 1.0 + 30 * 2.6 - 20)


def test_the_best_plan_fills_the_best_room_first(tables):
    """Fairs to their 30, the rest to ads; a total that fits nowhere is an error."""
    best = demand_plans.best(*tables, total_eur=100, margin=0.4, room_eur=ROOM)
    assert best == {"ads": 70.0, "fair": 30.0}
    with pytest.raises(ValueError, match="room"):
        demand_plans.best(*tables, total_eur=200, margin=0.4, room_eur=ROOM)


def test_plans_show_what_their_maker_thought(tables):
    """Forty into a room of thirty; and more than half of the money to the origin with two of three leads."""
    leads, as_of = tables[0], tables[-1]
    assert demand_plans.over_the_brim({"ads": 60, "fair": 40}, ROOM)
    assert not demand_plans.over_the_brim({"ads": 70, "fair": 30}, ROOM)
    assert demand_plans.follows_leads(leads, as_of, {"ads": 70, "fair": 30})
    assert not demand_plans.follows_leads(leads, as_of, {"ads": 30, "fair": 70})
    assert demand_plans.people(leads, as_of, "ads") == 2


def test_halving_the_return_halves_the_spend_too(tables):
    """Ads: (400 − 100) ÷ 100 = 3, half of it 1.5, where 1 is right. The parts are 1,000 and 100 euros."""
    leads, opportunities, campaigns, _, as_of = tables
    assert demand_plans.halves_the_return(*tables, margin=0.4, origin="ads") == pytest.approx(1.5)
    assert demand_plans.revenue_eur(leads, opportunities, campaigns, as_of, "ads") == 1000
    assert demand_plans.spend_eur(leads, opportunities, campaigns, as_of, "ads") == 100
