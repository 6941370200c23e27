"""Speed at the same age and the four levers, by hand."""

import itertools
import math

import pandas as pd
import pytest

from onefunnel.metrics import cycles

AS_OF = pd.Timestamp("2026-01-01")


def deals(*groups):
    """Groups of (number, created, days to close or None, outcome, amount)."""
    rows = [group[1:] for group in groups for _ in range(group[0])]
    frame = pd.DataFrame(rows, columns=["created_at", "days", "outcome", "amount_eur"])
    frame["created_at"] = pd.to_datetime(frame["created_at"])
    frame["closed_at"] = frame["created_at"] + pd.to_timedelta(frame.pop("days").astype(float), unit="D")
    return frame


def steady(quick_now):
    """Of 100 deals of 2024 half close in 30 days, half in 100; of 100 of autumn 2025 `quick_now` close in 30."""
    return deals(
        (50, "2024-06-01", 30, "won", 100.0),
        (50, "2024-06-01", 100, "lost", 100.0),
        (quick_now, "2025-09-01", 30, "won", 100.0),
        (100 - quick_now, "2025-09-01", None, "open", 100.0),
    )


def test_speed_is_compared_at_the_same_age():
    """Half closed by day 60 then and now is the same, though the median of the closed fell from 65 to 30 days."""
    assert cycles.speed_verdict(steady(50), AS_OF) == "same"
    assert cycles.speed_verdict(steady(80), AS_OF) == "faster"
    assert cycles.speed_verdict(steady(20), AS_OF) == "slower"


def test_deals_that_are_too_young_do_not_count():
    """A hundred deals of last week change nothing: none of them has had 60 days."""
    young = deals((100, "2025-12-28", None, "open", 100.0))
    both = pd.concat([steady(50), young])
    assert cycles.change_at_same_age(both, AS_OF) == cycles.change_at_same_age(steady(50), AS_OF)
    assert all(math.isnan(end) for end in cycles.change_at_same_age(young, AS_OF))


def test_typical_days_of_all_and_of_the_won():
    """Settled are the deals of 2024: 30 and 100 days, half each; the won took 30."""
    assert cycles.typical_days(steady(50), AS_OF) == 65
    assert cycles.typical_days(steady(50), AS_OF, of="won") == 30
    assert cycles.typical_days(steady(50), AS_OF, how="median") == 65


def test_a_tenth_fewer_days_needs_a_ninth_more_flow_to_stay_as_full():
    """0.9 × 1 ÷ 0.9 = 1; with a tenth more flow the pipeline empties by 1 %."""
    assert cycles.fullness_change(-0.10, 1 / 0.9 - 1) == pytest.approx(0)
    assert cycles.fullness_change(-0.10, 0.10) == pytest.approx(-0.01)


def test_levers_multiply_and_a_plan_pays_its_cost():
    """50 open × €100 × 50 % ÷ 65 days a day; a tenth fewer days brings a ninth more, 365 days, at half margin."""
    frame, today = steady(50), 50 * 100 * 0.5 / 65
    assert cycles.levered_velocity(frame, AS_OF) == pytest.approx(today)
    assert cycles.levered_velocity(frame, AS_OF, open_deals=0.1, win_rate=-0.1) == pytest.approx(today * 0.99)
    assert cycles.plan_net(frame, AS_OF, 1_000, 0.5, days=-0.1) == pytest.approx(today / 9 * 365 * 0.5 - 1_000)


def test_the_plans_of_the_lesson_stand_in_the_order_of_its_key():
    """On the sample company: tastings, answers, larger, tidy, lists, with at least €10,000 between neighbours."""
    from onefunnel.data import load

    tables = load().company()
    plans = [
        {"cost_eur": 70_000, "days": -0.10},
        {"cost_eur": 25_000, "win_rate": 0.04},
        {"cost_eur": 30_000, "value": 0.03},
        {"cost_eur": 0, "days": -0.10, "open_deals": -0.10},
        {"cost_eur": 60_000, "open_deals": 0.10, "win_rate": -0.10},
    ]
    net = [cycles.plan_net(tables.opportunities, tables.as_of, margin=0.42, **plan) for plan in plans]
    assert all(better - worse > 10_000 for better, worse in itertools.pairwise(net))
