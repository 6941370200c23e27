"""Two to four small places: shares, plans and trials, worked out by hand or by search."""

from itertools import product
from math import exp

import pandas as pd
import pytest

from onefunnel.metrics import micromarkets, micromarkets_traps

#: Worth at 10 %: margin × 1.1 ÷ (1.1 − retention). A: 100 × 1.1 ÷ 0.2 = 550; B: 100 × 1.1 ÷ 0.55 = 200; C: 110.
TABLE = pd.DataFrame(
    {
        "micromarket_id": ["B", "A", "C"],
        "micromarket": ["Be", "Ah", "Ce"],
        "budget_eur": [40.0, 40.0, 20.0],
        "sales_eur": [50.0, 30.0, 20.0],
        "potential_share": [0.3, 0.6, 0.1],
        "ceiling_eur": [300.0, 600.0, 100.0],
        "scale_eur": [40.0, 80.0, 20.0],
        "margin_eur": [100.0, 100.0, 50.0],
        "retention": [0.55, 0.9, 0.6],
    }
)


def _response(spend, ceiling, scale):
    return ceiling * (1 - exp(-spend / scale))


def test_places_are_ranked_by_what_a_customer_is_worth():
    """A 550, B 200, C 110; the top one holds 40 of 100 of the budget and 60 of the potential."""
    assert micromarkets.by_worth(TABLE)["worth_eur"].tolist() == pytest.approx([550, 200, 110])
    assert micromarkets.share_of(TABLE, "budget_eur", -1) == pytest.approx(0.2)
    assert micromarkets.share_of(TABLE, "ceiling_eur", 1) == pytest.approx(0.6)
    assert micromarkets_traps.current_revenue_as_potential(TABLE, "ceiling_eur", 1) == pytest.approx(0.3)
    assert micromarkets_traps.share_of_places(TABLE, "budget_eur", -1) == pytest.approx(1 / 3)


def test_a_plan_brings_the_sum_of_its_places():
    """Today: 300·(1 − e⁻¹) + 600·(1 − e⁻⁰·⁵) + 100·(1 − e⁻¹)."""
    by_hand = _response(40, 300, 40) + _response(40, 600, 80) + _response(20, 100, 20)
    assert micromarkets.brings(TABLE, micromarkets.budget_now(TABLE)) == pytest.approx(by_hand)


def test_the_best_plan_beats_every_plan_on_a_fine_grid():
    """All splits of 100 in steps of 1 within the caps: none brings more, and the best one is that close."""
    best = micromarkets.best(TABLE, 1.5)
    assert sum(best.values()) == pytest.approx(100)
    most = max(
        _response(a, 600, 80) + _response(b, 300, 40) + _response(100 - a - b, 100, 20)
        for a, b in product(range(61), range(61))
        if 0 <= 100 - a - b <= 30
    )
    assert most - 1e-9 <= micromarkets.brings(TABLE, best) <= most + 0.2
    gain = micromarkets.brings(TABLE, best) / micromarkets.brings(TABLE, micromarkets.budget_now(TABLE)) - 1
    assert micromarkets.gain_of_best(TABLE, 1.5) == pytest.approx(gain)


def test_the_next_euro_of_the_own_place_decides():
    """A: 600 ÷ 80 × e⁻⁰·⁵ = 4.55. Above a seller at 4, below one at 5."""
    here = pd.DataFrame({"micromarket_id": ["A"]})
    assert micromarkets.next_euro_here(here, TABLE) == pytest.approx(7.5 * exp(-0.5))
    assert (
        micromarkets.adverts_or_seller(here, TABLE, 4) == "adverts" and micromarkets.why_here(here, TABLE, 4) == "above"
    )
    assert (
        micromarkets.adverts_or_seller(here, TABLE, 5) == "seller" and micromarkets.why_here(here, TABLE, 5) == "below"
    )


@pytest.mark.parametrize("wrong", ["follows_current_sales", "by_average"])
def test_wrong_plans_spend_the_same_money_within_the_caps(wrong):
    """They are plans a learner could keep, and they bring less than the best one."""
    plan = getattr(micromarkets_traps, wrong)(TABLE, 1.5)
    assert sum(plan.values()) == pytest.approx(100)
    assert all(plan[row.micromarket_id] <= 1.5 * row.budget_eur + 1e-9 for row in TABLE.itertuples())
    assert micromarkets.brings(TABLE, plan) < micromarkets.brings(TABLE, micromarkets.best(TABLE, 1.5))


def test_a_trial_adds_strata_and_keeps_the_early_look_apart():
    """30 of 100 against 10 of 100 at the end; in the small firms 20 of 50 against 5 of 50; 1 of 2 v 0 of 2 early."""
    rows = [
        ("E", "2026-01-31", "small", "treated", 50, 20),
        ("E", "2026-01-31", "small", "control", 50, 5),
        ("E", "2026-01-31", "large", "treated", 50, 10),
        ("E", "2026-01-31", "large", "control", 50, 5),
        ("E", "2026-01-05", "small", "treated", 2, 1),
        ("E", "2026-01-05", "small", "control", 2, 0),
    ]
    table = pd.DataFrame(rows, columns=["experiment_id", "looked_on", "stratum", "arm", "n", "successes"])
    table = table.assign(looked_on=pd.to_datetime(table["looked_on"]), planned_end=pd.Timestamp("2026-01-31"))
    whole = micromarkets.trial(table, "E")
    assert (whole.treated, whole.control, whole.n) == (0.3, 0.1, 200)
    assert whole.low < 0.2 < whole.high and whole.low > 0
    assert micromarkets.trial(table, "E", "small").gap == pytest.approx(0.3)
    assert micromarkets.trial(table, "E", early=True).gap == pytest.approx(0.5)
    with pytest.raises(ValueError, match="no count of E medium"):
        micromarkets.trial(table, "E", "medium")
