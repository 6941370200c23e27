"""The route and the shelf: the published route, by hand, and what must hold for any outlets."""

import math

import numpy as np
import pandas as pd
import pytest

from onefunnel.metrics import channel, channel_traps


def test_the_published_route():
    """8 customers × 2 cases for 3 points: a category of 533 cases if taken from rivals, 421 if it grows (at 18 %)."""
    assert round(channel.category_behind(0.03, 8, 2)) == 533
    assert round(channel.category_if_it_grows(0.03, 8, 2, 0.18)) == 421
    assert channel.customers_for_points(0.03, 16 / 0.03, 2) == 8
    # Back from the grown category: (0.18 × V + 16) ÷ (V + 16) = 21 %.
    category = channel.category_if_it_grows(0.03, 8, 2, 0.18)
    assert (0.18 * category + 16) / (category + 16) == pytest.approx(0.21)
    assert channel_traps.divides_by_customers(0.03, 8, 2) == pytest.approx(8 / 0.03)


def make_route():
    """Four outlets, 100 + 50 + 150 + 33 = 333 category cases a month, 60 of them ours."""
    return pd.DataFrame(
        {
            "account_id": ["a", "b", "c", "d"],
            "category_cases_month": [100.0, 50, 150, 33],
            "own_cases_month": [20.0, 0, 40, 0],
        }
    )


def test_customers_of_a_route_and_each_wrong_way():
    """3 % of 333 = 9.99 cases ÷ 2 = 4.995: 5 customers; cut off 4; of ours 0.9 → 1; of customers 0.12 → 1."""
    route = make_route()
    assert channel.route_customers(route, 0.03, 2) == 5
    assert channel_traps.rounds_down(route, 0.03, 2) == 4
    assert channel_traps.three_percent_of_ours(route, 0.03, 2) == 1
    assert channel_traps.three_percent_of_customers(route, 0.03, 2) == 1
    assert channel.route_customers(route.sample(frac=1, random_state=1), 0.03, 2) == 5


def test_routes_that_cannot_be_answered():
    """Empty route: 0. A blank category, no cases a customer, negative points: refused. No points: no category."""
    route = make_route()
    assert channel.route_customers(route.iloc[:0], 0.03, 2) == 0
    with pytest.raises(ValueError, match="missing"):
        channel.route_customers(route.assign(category_cases_month=[1.0, np.nan, 1, 1]), 0.03, 2)
    with pytest.raises(ValueError, match="brings no points"):
        channel.customers_for_points(0.03, 100, 0)
    with pytest.raises(ValueError, match="0 or more"):
        channel.customers_for_points(-0.03, 100, 2)
    assert math.isnan(channel.category_behind(0, 8, 2))


def make_orders():
    """a: one stop of two lines (3 + 5) and one of 4 in March; b: one stop of 6 in March, one line of 2 undelivered."""
    return pd.DataFrame(
        {
            "account_id": ["a", "a", "a", "b", "b"],
            "delivery_id": ["d1", "d1", "d2", "d3", None],
            "ordered_on": pd.to_datetime(["2026-02-03", "2026-02-03", "2026-03-02", "2026-03-09", "2026-03-10"]),
            "cases": [3, 5, 4, 6, 2],
        }
    )


def test_drop_size_is_a_stop_not_a_line_not_a_month():
    """18 delivered cases ÷ 3 stops = 6; 20 ÷ 5 lines = 4; 20 ÷ 3 customer-months = 6.67."""
    orders = make_orders()
    assert channel.drop_size(orders) == 6
    assert channel_traps.per_order_line(orders) == 4
    assert channel.cases_per_customer_month(orders) == pytest.approx(20 / 3)
    assert channel_traps.per_customer_month(orders) == pytest.approx(20 / 3)
    assert channel.drop_size(orders.sample(frac=1, random_state=2)) == 6
    assert math.isnan(channel.drop_size(orders.iloc[:0]))
    assert math.isnan(channel.cases_per_customer_month(orders.iloc[:0]))


def make_shelf():
    return pd.DataFrame({"account_id": ["a", "c", "c", "d", "elsewhere"], "product_id": ["P1", "P1", "P2", "P2", "P1"]})


def test_numeric_and_weighted_distribution():
    """P1 in 2 of 4 doors, with 250 of 333 cases; any product in 3 of 4, with 283; the two products add to 100 %."""
    route, shelf = make_route(), make_shelf()
    assert channel.numeric_distribution(route, shelf, "P1") == 0.5
    assert channel.weighted_distribution(route, shelf, "P1") == pytest.approx(250 / 333)
    assert channel.numeric_distribution(route, shelf) == 0.75
    assert channel.weighted_distribution(route, shelf, ["P1", "P2"]) == pytest.approx(283 / 333)
    assert channel_traps.sums_over_products(route, shelf) == 1.0
    assert channel_traps.counts_outlets(route, shelf, "P1") == 0.5
    assert math.isnan(channel.numeric_distribution(route.iloc[:0], shelf))
    assert math.isnan(channel.weighted_distribution(route.assign(category_cases_month=0.0), shelf))
    assert channel.numeric_distribution(route, shelf.iloc[:0]) == 0


@pytest.mark.parametrize("seed", range(4))
def test_distribution_over_areas_is_a_weighted_mean(seed):
    """Numeric: weighted by outlets. Weighted: by category turnover. Order and repeated stock rows no matter."""
    rng = np.random.default_rng(seed)
    outlets = pd.DataFrame({"account_id": np.arange(60), "category_cases_month": rng.uniform(1, 50, 60)})
    shelf = pd.DataFrame({"account_id": rng.integers(0, 60, 70), "product_id": rng.choice(["P1", "P2"], 70)})
    area = rng.integers(0, 3, 60)
    parts = [outlets[area == number] for number in range(3)]
    numeric = np.average([channel.numeric_distribution(p, shelf, "P1") for p in parts], weights=[len(p) for p in parts])
    sizes = [p["category_cases_month"].sum() for p in parts]
    weighted = np.average([channel.weighted_distribution(p, shelf, "P1") for p in parts], weights=sizes)
    twice = pd.concat([shelf, shelf]).sample(frac=1, random_state=seed)
    assert channel.numeric_distribution(outlets, twice, "P1") == pytest.approx(numeric)
    assert channel.weighted_distribution(outlets.sample(frac=1), twice, "P1") == pytest.approx(weighted)
