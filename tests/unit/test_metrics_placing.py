"""Outlets, places and machines, counted on paper."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from onefunnel.metrics import brief, placing, placing_traps

RULE = [{"column": "past_cases_month", "test": "at_least", "value": 12}]
CAFES = [{"column": "outlet_type", "test": "is", "value": "cafe"}]


@pytest.fixture
def outlets():
    """24 × 2 cafés in better areas, 24 × 3 depots and a rest of one: the average territory has 2 and 3."""
    rows = [(f"C{n}", "cafe", "higher" if n % 2 else "middle", 90 - n, 2) for n in range(48)]
    rows += [(f"D{n}", "depot", "lower", 30 - n / 10, 20) for n in range(73)]
    return pd.DataFrame(rows, columns=["account_id", "outlet_type", "income_level", "fit_score", "past_cases_month"])


@pytest.fixture
def placements():
    """Ten cafés, five order again; ten depots, one does. All: 6 of 20."""
    rows = [(f"C{n}", n < 5) for n in range(10)] + [(f"D{n}", n == 0) for n in range(10)]
    return pd.DataFrame(rows, columns=["account_id", "repurchased_90d"])


def test_a_rule_is_judged_by_the_test(placements, outlets):
    """Cafés 5 of 10, the old rule's depots 1 of 10: five times as good, when there are enough cafés."""
    assert placing.again_rate(placements, outlets, CAFES) == pytest.approx(0.5)
    assert placing.again_of(placements, outlets, CAFES, 50) == pytest.approx(25)
    assert placing.rule_lift(placements, outlets, CAFES, RULE, 48) == pytest.approx(5)
    assert math.isnan(placing.rule_lift(placements, outlets, CAFES, RULE, 49))


def test_the_top_tenth_against_all(placements, outlets):
    """The two best-scored cafés both order again: 2 ÷ 2 against 6 ÷ 20. By past cases the ten depots are one tie."""
    parts = {part: placing.top_tenth(placements, outlets, "fit_score", part) for part in ("rate", "all", "lift")}
    assert parts == pytest.approx({"rate": 1, "all": 0.3, "lift": 1 / 0.3})
    assert placing.top_tenth(placements, outlets, "past_cases_month", "lift") == pytest.approx(0.1 / 0.3)
    assert placing_traps.share_of_wins(placements, outlets, "fit_score", "lift") == pytest.approx(2 / 6)


def test_an_average_territory_and_its_best_plan(placements, outlets):
    """Two cafés and three depots; the old rule sends all three units to depots, the best plan two to cafés."""
    rows = placing.group_rows(outlets, 3, RULE)
    assert [(row["id"], row["start"], row["max"]) for row in rows] == [("cafe_better", 0, 2), ("depot_lower", 3, 3)]
    best = placing.best_plan(placements, outlets, 3, RULE)
    assert best == {"cafe_better": 2, "depot_lower": 1}
    assert placing.brings(placements, outlets, best) == pytest.approx(2 * 0.5 + 0.1)
    day = pd.Timestamp("2026-01-01")
    orders = pd.DataFrame(
        [("V1", "C1", day, 2, 80.0, 30.0), ("V2", "C2", day, 2, 80.0, 30.0)],
        columns=["delivery_id", "account_id", "ordered_on", "cases", "net_eur", "cost_eur"],
    )
    money = placing.margin_brought(placements, outlets, orders, pd.Timestamp("2026-05-15"), best)
    assert money == pytest.approx(1.1 * 50), "each customer leaves €80 − €30 a year"
    assert placing.mostly_depots({"depot_lower": 2, "cafe_better": 1}) and not placing.mostly_depots(best)


def test_units_that_do_not_fit_go_elsewhere(outlets):
    """Four units: the rule's group holds three, so the fourth stands in a café."""
    assert [row["start"] for row in placing.group_rows(outlets, 4, RULE)] == [1, 3]


def test_a_place_that_comes_early_is_hidden_by_the_last_touch():
    """Two deals of a finance chief: fair then letter, fair then advert. The fair met both and was last in none. The
    touch after the deal was made, and the office manager's deal, do not count."""
    day = pd.Timestamp
    touches = pd.DataFrame(
        [
            ("X1", "O1", day("2026-01-01"), "event"),
            ("X2", "O1", day("2026-01-05"), "email"),
            ("X3", "O2", day("2026-01-02"), "event"),
            ("X4", "O2", day("2026-01-06"), "advertising"),
            ("X5", "O2", day("2026-02-01"), "referral"),
            ("X6", "O3", day("2026-01-01"), "email"),
        ],
        columns=["touch_id", "opp_id", "touched_at", "channel"],
    )
    deals = pd.DataFrame(
        {"opp_id": ["O1", "O2", "O3"], "contact_id": ["C1", "C1", "C2"], "created_at": [day("2026-02-01")] * 3}
    )
    people = pd.DataFrame({"contact_id": ["C1", "C2"], "job_title": ["chief financial officer", "office manager"]})
    table = placing.places(touches, deals, people, "chief financial officer")
    assert table["met"].to_dict() == {"event": 1.0, "email": 0.5, "advertising": 0.5}
    assert table.loc["event", "last"] == 0
    assert placing.hidden_place(touches, deals, people, "chief financial officer") == "event"


def test_machines_age_from_their_installation():
    """Sixty months are 1,826.25 days. Of four in use one is due; two by their order; a scrapped one is gone."""
    as_of = pd.Timestamp("2026-05-15")
    ages = pd.DataFrame({"ordered": [1900, 1850, 900, 100, 3000], "installed": [1830, 1820, 800, 90, 2900]})
    machines = pd.DataFrame(
        {
            "ordered_on": as_of - pd.to_timedelta(ages["ordered"], unit="D"),
            "installed_on": as_of - pd.to_timedelta(ages["installed"], unit="D"),
            "status": ["active"] * 4 + ["scrapped"],
        }
    )
    assert placing.share_due(machines, as_of) == pytest.approx(1 / 4)
    assert placing_traps.age_from_order(machines, as_of) == pytest.approx(2 / 4)
    assert placing_traps.counts_scrapped(machines, as_of) == pytest.approx(2 / 4)


def test_a_brief_is_read_for_six_facts():
    """Adjectives give nothing to look up; a street, a sum of money and a seat do."""
    assert brief.empty_words("A Modern, upbeat and unique place.") == ["modern", "unique", "upbeat"]
    assert brief.useless_sentences() == ["people", "taste", "treat", "want"]
    assert brief.missing_in() == ["clientele", "past_sales", "success_story"]
    assert placing_traps.consumer_not_buyer() == ["seats", "spends", "street"]
    whole = (
        "Cafés near the station. Office workers come and spend €9. They sold 4 cases a month, have seats, "
        "and one like it sells us well."
    )
    assert brief.missing_facts(whole) == []
