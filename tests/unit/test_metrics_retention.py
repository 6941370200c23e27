"""Renewal, net retention and time to first value: by hand, the wrong readings, and empty tables."""

import math

import numpy as np
import pandas as pd
import pytest

from onefunnel.metrics import retention, retention_traps

START, END = pd.Timestamp("2025-01-01"), pd.Timestamp("2025-12-31")


def make_renewals():
    """Due in 2025: 100 renewed, 200 grown to 300, 60 renewed at 40, 140 left, 500 still open. In 2026: 80."""
    return pd.DataFrame(
        {
            "account_id": list("abcdef"),
            "due_on": pd.to_datetime(
                ["2025-01-01", "2025-05-01", "2025-06-01", "2025-07-01", "2025-12-31", "2026-01-01"]
            ),
            "value_eur": [100.0, 200, 60, 140, 500, 80],
            "outcome": ["renewed", "grown", "renewed", "left", None, "renewed"],
            "renewed_eur": [100.0, 300, 40, np.nan, np.nan, 80],
        }
    )


def test_gross_renewal_counts_what_was_due():
    """(100 + 200 + 40) ÷ (100 + 200 + 60 + 140 + 500) = 34 %; without the column of new values (100 + 200 + 60)."""
    renewals = make_renewals()
    assert retention.gross_renewal_rate(renewals, START, END) == pytest.approx(0.34)
    assert retention.gross_renewal_rate(renewals.iloc[::-1], START, END) == pytest.approx(0.34)
    assert retention.gross_renewal_rate(renewals.drop(columns="renewed_eur"), START, END) == pytest.approx(0.36)


def test_wrong_renewal_rates():
    """Open ones forgotten 340 ÷ 500; contracts 3 of 5; growth counted (100 + 300 + 40) ÷ 1,000."""
    renewals = make_renewals()
    assert retention_traps.answered_only(renewals, START, END) == pytest.approx(0.68)
    assert retention_traps.contracts_for_value(renewals, START, END) == pytest.approx(0.6)
    assert retention_traps.growth_hides_loss(renewals, START, END) == pytest.approx(0.44)


def test_nothing_came_due():
    """NaN, not 0."""
    assert math.isnan(retention.gross_renewal_rate(make_renewals().iloc[:0], START, END))
    assert math.isnan(retention.gross_renewal_rate(make_renewals(), END + pd.Timedelta(days=900), END))


def make_revenue():
    """2024: a 100 (two rows), b 100, c 50. 2025: a 150, b gone, c 40, new d 500."""
    rows = [("a", 2024, 60), ("a", 2024, 40), ("b", 2024, 100), ("c", 2024, 50)]
    rows += [("a", 2025, 150), ("c", 2025, 40), ("d", 2025, 500)]
    return pd.DataFrame(rows, columns=["account_id", "period", "eur"])


def test_net_retention_follows_the_same_customers():
    """Net (150 + 40) ÷ 250 = 76 %; gross (100 + 40) ÷ 250 = 56 %; with the new one 276 %; survivors 190 ÷ 150."""
    revenue = make_revenue()
    assert retention.net_revenue_retention(revenue, 2024, 2025) == pytest.approx(0.76)
    assert retention.gross_revenue_retention(revenue, 2024, 2025) == pytest.approx(0.56)
    assert retention_traps.counts_new_customers(revenue, 2024, 2025) == pytest.approx(690 / 250)
    assert retention_traps.survivors_only(revenue, 2024, 2025) == pytest.approx(190 / 150)
    assert math.isnan(retention.net_revenue_retention(revenue, 2023, 2024))


@pytest.mark.parametrize("seed", range(4))
def test_retention_of_any_company(seed):
    """Gross is never above net nor above 1; a thousand times the money and shuffled rows change nothing."""
    rng = np.random.default_rng(seed)
    revenue = pd.DataFrame(
        {"account_id": rng.integers(0, 30, 200), "period": rng.integers(1, 3, 200), "eur": rng.uniform(1, 99, 200)}
    )
    net, gross = (
        metric(revenue, 1, 2) for metric in (retention.net_revenue_retention, retention.gross_revenue_retention)
    )
    assert gross <= min(net, 1)
    other = revenue.assign(eur=revenue["eur"] * 1000).sample(frac=1, random_state=seed)
    assert retention.net_revenue_retention(other, 1, 2) == pytest.approx(net)


AS_OF = pd.Timestamp("2026-05-15")


def make_installs(*days):
    """Contracts of 1 January; first value after so many days, None = still waiting."""
    signed = pd.Timestamp("2026-01-01")
    reached = [pd.NaT if d is None else signed + pd.Timedelta(days=d) for d in days]
    return pd.DataFrame({"signed_on": signed, "first_value_on": pd.to_datetime(pd.Series(reached))})


def test_time_to_first_value_counts_those_who_wait_as_longest():
    """20, 30, 40 and two waiting: the third of five, 40 days; those who got there alone: 30."""
    installs = make_installs(30, None, 20, 40, None)
    assert retention.time_to_first_value(installs, AS_OF) == 40
    assert retention_traps.reached_only(installs, AS_OF) == 30
    assert retention.time_to_first_value(make_installs(10, 20), AS_OF) == 15


def test_no_time_to_first_value():
    """More than half, or one of the two in the middle, still waiting: NaN. So are young contracts, and none."""
    assert math.isnan(retention.time_to_first_value(make_installs(10, None, None), AS_OF))
    assert math.isnan(retention.time_to_first_value(make_installs(10, None), AS_OF))
    assert math.isnan(retention.time_to_first_value(make_installs(10, 20), pd.Timestamp("2026-02-01")))
    assert math.isnan(retention.time_to_first_value(make_installs(10).iloc[:0], AS_OF))


def test_first_value_is_the_first_day_of_80_percent_use():
    """Plan 10: 7 is not enough, 8 is, 12 later does not matter; b never gets there; c has no plan."""
    usage = pd.DataFrame(
        {
            "account_id": ["a", "a", "a", "b", "c"],
            "used_on": pd.to_datetime(["2026-01-05", "2026-01-12", "2026-01-19", "2026-01-05", "2026-01-05"]),
            "units": [7, 8, 12, 7, 7],
        }
    )
    first = retention.first_value_on(usage, pd.Series({"a": 10, "b": 10, "c": 0}))
    assert first["a"] == pd.Timestamp("2026-01-12")
    assert first[["b", "c"]].isna().all()
