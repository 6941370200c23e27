"""Win rates beside one another, counted by hand on small tables."""

import math

import pandas as pd
import pytest

from onefunnel.metrics import comparisons, counts

AS_OF = pd.Timestamp("2026-01-01")


def deals(*groups):
    """Groups of (territory, kind, joint call, won, lost, open): as many rows each; €100 won, €200 lost, €400 open."""
    rows = []
    for territory, kind, joint, *numbers in groups:
        for outcome, amount, number in zip(("won", "lost", "open"), (100.0, 200.0, 400.0), numbers, strict=True):
            closed = pd.NaT if outcome == "open" else pd.Timestamp("2025-06-01")
            rows += [(territory, kind, joint, outcome, amount, closed)] * number
    columns = ["territory_id", "purchase_type", "joint_call", "outcome", "amount_eur", "closed_at"]
    return pd.DataFrame(rows, columns=columns)


@pytest.fixture
def calls():
    """Rebuys: 6 of 10 with a joint call, 5 of 10 without. New: 2 of 5 with, 4 of 20 without. Two are open."""
    return deals(
        ("T01", "rebuy", True, 6, 4, 0),
        ("T01", "rebuy", False, 5, 5, 0),
        ("T02", "new_business", True, 2, 3, 1),
        ("T02", "new_business", False, 4, 16, 1),
    )


def test_a_rate_with_facts_looks_at_those_deals_only(calls):
    """2 of the 5 decided new deals with a joint call; no deal at all has an unknown type."""
    assert comparisons.rate_where(calls, {"purchase_type": "new_business", "joint_call": True}) == pytest.approx(0.4)
    assert math.isnan(comparisons.rate_where(calls, {"purchase_type": "pilot"}))


def test_like_with_like_is_less_than_the_raw_gap(calls):
    """Raw: 8/15 − 9/30. Within: (0.6 − 0.5) and (0.4 − 0.2), on average 0.15."""
    assert comparisons.raw_gap(calls, "joint_call") == pytest.approx(8 / 15 - 9 / 30)
    assert comparisons.gap_within(calls, "joint_call", "purchase_type") == pytest.approx(0.15)


def test_an_empty_kind_has_no_rate(calls):
    """Nothing decided is no zero; the wrong readings say 0 and count the open one of 27 new deals."""
    assert comparisons.won_of_type(calls, "new_business") == pytest.approx(6 / 25)
    assert math.isnan(comparisons.won_of_type(calls, "pilot"))
    assert comparisons.zero_for_empty(calls, "pilot") == 0
    assert comparisons.zero_for_empty(calls, "rebuy") == pytest.approx(11 / 20)
    assert comparisons.open_of_type_in(calls, "new_business") == pytest.approx(6 / 27)


def test_only_a_place_beyond_luck_stands_apart():
    """Ninety of a hundred against thirty elsewhere is no luck; 33 against 30 is."""
    others = [(f"T{number:02d}", "rebuy", False, 30, 70, 0) for number in range(1, 9)]
    assert comparisons.one_apart(deals(*others, ("T09", "rebuy", False, 90, 10, 0))) == "T09"
    assert comparisons.one_apart_option(deals(*others, ("T09", "rebuy", False, 90, 10, 0))) == "t09"
    assert comparisons.one_apart(deals(*others, ("T09", "rebuy", False, 33, 67, 0))) == "none"
    two = [("T09", "rebuy", False, 95, 5, 0), ("T10", "rebuy", False, 95, 5, 0)]
    assert comparisons.one_apart(deals(*others, *two)) == "several"


def test_the_territories_stand_with_their_intervals(calls):
    """T01 won 11 of 20; its interval holds the rate and stays between 0 and 1."""
    table = comparisons.territory_rates(calls)
    assert table.loc["T01", ["won", "decided", "rate"]].tolist() == [11, 20, 0.55]
    assert (table["low"] < table["rate"]).all() and (table["rate"] < table["high"]).all()


def test_luck_deals_the_same_cards_for_a_seed(calls):
    """The same seed gives the same table, as many deals as before, and on average the common rate."""
    table = comparisons.territory_rates(calls)
    first = comparisons.by_luck(table, 3)
    assert first["won"].tolist() == comparisons.by_luck(table, 3)["won"].tolist()
    assert first["decided"].tolist() == table["decided"].tolist()
    many = pd.concat([comparisons.by_luck(table, seed) for seed in range(400)])
    assert many["won"].sum() / many["decided"].sum() == pytest.approx(17 / 45, abs=0.02)


def test_a_better_rate_is_worth_its_points_times_all_decided_deals(calls):
    """T01 wins 11 of 20, the rest 6 of 25; 45 deals a year in 2 territories; a won deal is worth €100."""
    gap = 11 / 20 - 6 / 25
    assert comparisons.worth_of_rate(calls, AS_OF, "T01") == pytest.approx(gap * 22.5 * 100)
    assert comparisons.points_as_percent(calls, AS_OF, "T01") == pytest.approx(gap * 22.5 * 100 * 6 / 25)
    assert comparisons.decided_a_year(calls, AS_OF) == 22.5
    assert comparisons.mean_value(calls, "won") == 100


def test_deals_and_euros_by_outcome(calls):
    """17 won, 28 lost, 2 open: €1,700, €5,600 and €800."""
    assert counts.deals_with(calls, ["won"]) == 17
    assert counts.deals_with(calls, ["won", "lost"], "rebuy") == 20
    assert counts.euros_with(calls, ["lost"]) == 5_600
    assert counts.euros_with(calls, ["open"]) == 800
