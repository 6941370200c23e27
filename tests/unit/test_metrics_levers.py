"""The levers of revenue, counted on paper: two outlets, three deliveries, one of them of two products."""

from __future__ import annotations

import pandas as pd
import pytest

from onefunnel.metrics import levers, levers_traps

AS_OF = pd.Timestamp("2026-05-15")


@pytest.fixture
def orders():
    """Within the year: 2 outlets, 3 deliveries, 12 cases, €480 net, €360 cost. The first row is a year and a day old,
    the last one is of the day on which the tables end."""
    rows = [
        ("V0", "A1", "2025-05-14", 90, 3600.0, 1.0),
        ("V1", "A1", "2025-05-15", 2, 80.0, 60.0),
        ("V2", "A1", "2026-01-10", 3, 120.0, 90.0),
        ("V2", "A1", "2026-01-10", 1, 40.0, 30.0),
        ("V3", "A2", "2026-05-14", 6, 240.0, 180.0),
        ("V4", "A3", "2026-05-15", 50, 2000.0, 1.0),
    ]
    frame = pd.DataFrame(rows, columns=["delivery_id", "account_id", "ordered_on", "cases", "net_eur", "cost_eur"])
    return frame.assign(ordered_on=pd.to_datetime(frame["ordered_on"]))


def test_levers_multiply_to_the_revenue(orders):
    """2 customers × 1.5 orders × 4 cases × €40 = €480; a delivery of two products is one order."""
    values = [
        levers.lever(orders, AS_OF, name)
        for name in ("customers", "orders_per_customer", "cases_per_order", "price_eur")
    ]
    assert values == pytest.approx([2, 1.5, 4, 40])
    assert levers.revenue(orders, AS_OF) == pytest.approx(480)


def test_the_margin_is_what_the_goods_leave(orders):
    """€480 − €360 = €120, a quarter of the revenue."""
    assert levers.margin(orders, AS_OF) == pytest.approx(120)
    assert levers.margin_share(orders, AS_OF) == pytest.approx(0.25)


def test_price_moves_the_margin_alone(orders):
    """10 % of price: €48 and no cost. 10 % more customers: €48 less €36 of goods. So 2.5 % of price make 10 %."""
    assert levers.margin_gain(orders, AS_OF, "price_eur", 0.10) == pytest.approx(48)
    assert levers.margin_gain(orders, AS_OF, "customers", 0.10) == pytest.approx(12)
    assert levers.smallest_change(orders, AS_OF, 0.10) == pytest.approx(0.025)
    assert levers.growth_from_price(orders, AS_OF, 0.025) == pytest.approx(0.10)
    assert levers_traps.levers_equal(orders, AS_OF, 0.10) == pytest.approx(0.10)


def test_changes_multiply():
    """1.05 × 0.95 = 0.9975. Added up they would cancel."""
    assert levers.together([0.05, -0.05]) == pytest.approx(-0.0025)
    assert levers_traps.adds_percentages([0.05, -0.05]) == pytest.approx(0)


def test_wrong_products(orders):
    """Without orders 2 × 4 × 40 = 320; added (2 + 1.5) × 4 × 40 = 560."""
    assert levers_traps.left_one_out(orders, AS_OF) == pytest.approx(320)
    assert levers_traps.adds_instead_of_multiplies(orders, AS_OF) == pytest.approx(560)


def test_an_unknown_lever_names_the_known_ones(orders):
    """A wrong name fails with a sentence."""
    for call in (levers.lever, lambda *given: levers.margin_gain(*given, 0.1)):
        with pytest.raises(ValueError, match=r'no lever "luck".*customers'):
            call(orders, AS_OF, "luck")


def test_without_orders_nothing_can_be_told(orders):
    """No sale: revenue 0, and no share of it."""
    assert levers.revenue(orders[:0], AS_OF) == 0
    assert pd.isna(levers.margin_share(orders[:0], AS_OF))
