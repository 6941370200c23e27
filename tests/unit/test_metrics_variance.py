"""A quarter against the year before, and pay that can be bought: every expected value worked out by hand."""

import pandas as pd
import pytest

from onefunnel.metrics import variance, variance_traps


def _orders(rows):
    columns = ["delivery_id", "account_id", "ordered_on", "cases", "net_eur", "cost_eur"]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(ordered_on=pd.to_datetime(table["ordered_on"]))


#: First quarter of 2025: a and b, one order of 10 cases at €40 each. Of 2026: a with 8 cases at €45, and c, d.
ORDERS = _orders(
    [
        ("v0", "c", "2024-03-31", 1, 50, 40),  # 21 months before 2026: c came back
        ("v1", "a", "2025-01-01", 10, 400, 300),
        ("v2", "b", "2025-03-31", 10, 400, 300),
        ("v3", "a", "2025-04-01", 99, 9900, 1),  # the next quarter
        ("v4", "a", "2026-01-01", 8, 360, 240),
        ("v5", "c", "2026-02-01", 8, 360, 240),
        ("v6", "d", "2026-03-31", 8, 360, 240),
    ]
)
TRIAL = pd.DataFrame(
    {"paid_on": ["margin", "margin", "mql", "mql"], "mqls": [90, 110, 150, 150], "margin_eur": [100, 100, 90, 90]}
)


def test_factors_change_one_by_one_and_multiply():
    """2 → 3 customers, one order each, 10 → 8 cases, €40 → €45: 1.5 × 1 × 0.8 × 1.125 = 1.35."""
    found = variance.factor_changes(ORDERS, 2026).to_dict()
    assert found == pytest.approx({"customers": 0.5, "orders": 0.0, "cases": -0.2, "price": 0.125})
    assert variance.fell_most(ORDERS, 2026) == "cases"
    assert variance.deepest_fall(ORDERS, 2026) == pytest.approx(-0.2)
    assert variance.revenue_change(ORDERS, 2026) == pytest.approx(1080 / 800 - 1)


def test_margin_growth_is_of_euros_and_not_of_the_rate():
    """200 → 360 of margin is +80 %; 25 → 33.3 % of revenue is 8.3 points."""
    assert variance.margin_growth(ORDERS, 2026) == pytest.approx(0.8)
    assert variance_traps.points_are_percent(ORDERS, 2026) == pytest.approx(1 / 3 - 1 / 4)


def test_who_came_back_within_two_years_is_not_new():
    """a and c had ordered within 24 months, d had not; one year back c would look new."""
    assert (variance.buyers(ORDERS, 2026), variance.buyers_before(ORDERS, 2026)) == (3, 2)
    assert variance.new_accounts(ORDERS, 2026) == 1
    assert variance_traps.returning_as_new(ORDERS, 2026) == 2


@pytest.mark.parametrize(("calls", "where"), [(8, "execution"), (9, "mix"), (10, "mix"), (12, "mix")])
def test_calls_say_where_to_look_first(calls, where):
    """Ten calls a year before: below nine is more than a tenth fewer."""
    visits = pd.DataFrame({"date": pd.to_datetime(["2025-02-01"] * 10 + ["2026-02-01"] * calls + ["2026-04-01"])})
    assert variance.visit_change(visits, 2026) == pytest.approx(calls / 10 - 1)
    assert variance.where_to_look(visits, 2026) == where


def test_empty_places_are_shares_of_places_not_of_checks():
    """1 of 10 and 3 of 30 places empty are 4 ÷ 40."""
    days = pd.to_datetime(["2026-01-05", "2026-03-05", "2025-12-31"])
    checks = pd.DataFrame({"checked_on": days, "facings": [10, 30, 10], "empty": [1, 3, 10]})
    assert variance.empty_share(checks, 2026) == pytest.approx(0.1)


def test_bought_leads_pay_nothing_where_gain_and_loss_weigh_the_same():
    """Leads +50 %, margin −10 %: (1 − s) × 50 = s × 10 gives s = 5/6. Half and half still pays 20 %."""
    assert variance.neutral_share(TRIAL, "mqls") == pytest.approx(5 / 6)
    assert variance.pay_effect(TRIAL, "mqls", 5 / 6) == pytest.approx(0)
    assert variance.pay_effect(TRIAL, "mqls", variance_traps.half_and_half(TRIAL, "mqls")) == pytest.approx(0.2)
    assert variance.pay_effect(TRIAL, "mqls", variance_traps.pays_on_leads(TRIAL, "mqls")) == pytest.approx(0.5)
    assert variance.pay_cost(TRIAL, 2) == 20 and variance_traps.one_quarter(TRIAL, 2) == 10
    assert variance.quarters_of(TRIAL, "mql") == 2


def test_decided_deals_and_their_euros():
    """Open deals belong to neither side."""
    deals = pd.DataFrame({"outcome": ["won", "lost", "open", "no_decision"], "amount_eur": [5.0, 7.0, 100.0, 1.0]})
    assert variance.decided_deals(deals, ["lost", "no_decision"]) == 2
    assert variance.decided_euros(deals, ["won"]) == 5
