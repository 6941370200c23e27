"""Revenue tree, market share, deciles and shared pay: printed figures, closed forms and what must always hold."""

import math

import numpy as np
import pandas as pd
import pytest

from onefunnel.metrics import scorecard, scorecard_traps

FACTORS = list(scorecard.FACTORS)


def make_factors(*values):
    return dict(zip(FACTORS, values, strict=True))


BEFORE = make_factors(100, 5, 10, 20.0)  # 100 × 5 × 10 × 20 = 100,000


def test_one_factor_alone_takes_it_all():
    """Ten customers fewer and nothing else: −10,000, the others exactly 0."""
    tree = scorecard.revenue_tree(BEFORE, make_factors(90, 5, 10, 20.0))
    assert tree.to_list() == [-10_000, 0, 0, 0, -10_000]


def test_two_factors_share_what_they_do_together():
    """Customers 100 → 90, price 20 → 22: by hand −10 × 50 × 21 (mean price) and +2 × 50 × 95 (mean count)."""
    tree = scorecard.revenue_tree(BEFORE, make_factors(90, 5, 10, 22.0))
    assert tree.to_list() == [-10_500, 0, 0, 9_500, -1_000]


def test_the_printed_drop():
    """Customers −2, orders −1, cases −8, price +3 %: −8.1 %, cases the largest; the percentages add to −8.0."""
    after = make_factors(98, 4.95, 9.2, 20.6)
    tree = scorecard.revenue_tree(BEFORE, after)
    assert round(100 * tree["total"] / 100_000, 1) == -8.1
    assert tree.drop("total").idxmin() == "cases_per_order"
    assert scorecard_traps.adds_percentages(BEFORE, after)["total"] == pytest.approx(-8000)


@pytest.mark.parametrize("seed", range(20))
def test_the_tree_closes_to_the_cent(seed):
    """Four effects in whole cents add to after − before; each lies near the log-mean split."""
    rng = np.random.default_rng(seed)
    before = make_factors(*rng.uniform(1, 100, 4))
    after = make_factors(*(value * rng.uniform(0.8, 1.25) for value in before.values()))
    tree = scorecard.revenue_tree(before, after)
    first, last = math.prod(before.values()), math.prod(after.values())
    cents = (tree * 100).round()
    np.testing.assert_allclose(cents, tree * 100, atol=1e-4)
    assert cents[FACTORS].sum() == cents["total"] == round((last - first) * 100)
    # Another exact method, the logarithmic mean: L(last, first) × ln of the factor's ratio.
    mean = (last - first) / math.log(last / first)
    for name in FACTORS:
        assert tree[name] == pytest.approx(mean * math.log(after[name] / before[name]), rel=0.02, abs=0.02)
    back = scorecard.revenue_tree(after, before)
    np.testing.assert_allclose(back, -tree, atol=0.011)


def test_the_tree_scales_with_money_and_knows_no_order():
    """A thousand times the price, a thousand times the effects; telling one after another gives each order another."""
    after = make_factors(98, 4.95, 9.2, 20.6)
    tree = scorecard.revenue_tree(BEFORE, after)
    large = scorecard.revenue_tree(BEFORE | {"price_eur": 20_000.0}, after | {"price_eur": 20_600.0})
    np.testing.assert_allclose(large, tree * 1000, atol=6)
    told = scorecard_traps.one_after_another(BEFORE, after)
    assert told["total"] == pytest.approx(tree["total"], abs=0.011)
    assert told["customers"] == -2000 != tree["customers"]


def make_orders():
    """Two customers, three orders, 12 cases, 240 €."""
    return pd.DataFrame(
        {
            "account_id": ["a", "a", "a", "b"],
            "delivery_id": ["d1", "d1", "d2", "d3"],
            "cases": [2, 4, 3, 3],
            "list_eur": [40.0, 80, 60, 60],
        }
    )


def test_factors_of_orders():
    """2 customers × 1.5 orders × 4 cases × €20 = €240; from nothing the tree cannot be told."""
    orders = make_orders()
    factors = scorecard.revenue_factors(orders)
    assert factors.to_list() == [2, 1.5, 4, 20]
    assert factors.prod() == 240
    none = scorecard.revenue_factors(orders.iloc[:0])
    assert none["customers"] == 0
    assert none[FACTORS[1:]].isna().all()
    assert scorecard.revenue_tree(factors, none).isna().all()


def test_growing_and_losing_share():
    """+9 % in a market of +12 %: 18.0 → 17.5, half a point lost; our growth alone would say +1.6 points."""
    assert round(100 * scorecard.share_after(0.18, 0.09, 0.12), 1) == 17.5
    assert 100 * scorecard.share_change(0.18, 0.09, 0.12) == pytest.approx(18 * (1.09 / 1.12 - 1))
    assert scorecard_traps.growth_is_winning(0.18, 0.09, 0.12) == pytest.approx(0.0162)
    assert scorecard_traps.points_are_percent(0.18, 0.09, 0.12) == pytest.approx(-0.03)
    np.testing.assert_allclose(scorecard.share_change([0.1, 0.2], [0.1, 0.1], [0.1, 0.1]), 0, atol=1e-12)
    with pytest.raises(ValueError, match="market"):
        scorecard.share_after(0.18, 0, -1)


def test_uplift_by_decile_by_hand():
    """20 cases, the best two both succeed, two of the rest: 100 % against 20 % overall is 5 ×; half of all wins."""
    score = np.arange(20, 0, -1)
    success = [1, 1, 1, *[0] * 16, 1]
    table = scorecard.uplift_by_decile(score, success)
    assert table["cases"].to_list() == [2] * 10
    assert table.loc[1].to_list() == pytest.approx([2, 2, 1, 5])
    assert table.loc[10, "uplift"] == pytest.approx(2.5)
    assert scorecard_traps.share_of_wins(score, success).loc[1, "uplift"] == pytest.approx(0.5)
    assert scorecard_traps.divides_by_bottom(score, success).loc[1, "uplift"] == pytest.approx(2)


@pytest.mark.parametrize("seed", range(4))
def test_uplift_of_any_score(seed):
    """Weighted by cases the uplifts average 1; ties and shuffled rows change nothing; nor does any rising scale."""
    rng = np.random.default_rng(seed)
    score, success = rng.integers(0, 40, 500).astype(float), rng.random(500) < 0.2
    table = scorecard.uplift_by_decile(score, success)
    assert np.average(table["uplift"], weights=table["cases"]) == pytest.approx(1)
    order = rng.permutation(500)
    pd.testing.assert_frame_equal(table, scorecard.uplift_by_decile(np.exp(score[order] / 9), success[order]))


def test_uplift_of_little():
    """No case: empty. No success: no uplift. A missing score is left out. One case is its own average."""
    assert scorecard.uplift_by_decile([], []).empty
    assert scorecard.uplift_by_decile([1, 2], [0, 0])["uplift"].isna().all()
    assert scorecard.uplift_by_decile([1, np.nan], [1, 1])["uplift"].to_list() == [1]


def make_plan():
    """Marketing is paid on leads, sales on wins (60 %) and margin (40 %)."""
    plan = pd.DataFrame(
        {"function": ["marketing", "sales", "sales"], "measure": ["leads", "wins", "margin"], "weight": [1, 0.6, 0.4]}
    )
    results = pd.DataFrame(
        {
            "measure": ["leads", "wins", "margin", "in_time"],
            "target": [1000.0, 50, 200_000, 0.9],
            "actual": [1400.0, 45, 150_000, 0.9],
        }
    )
    return plan, results, {"marketing": 10_000, "sales": 20_000}


def test_shared_pay_by_hand():
    """Leads 140 %, wins 90 %, margin 75 % (below the floor: 0); half of all pay hangs on margin.

    Marketing 10,000 × 0.5 × 1.4 = 7,000; sales 20,000 × 0.5 × 0.6 × 0.9 = 5,400; shared 0 for both.
    """
    plan, results, variable = make_plan()
    pay = scorecard.shared_pay(plan, results, variable, "margin", 0.5)
    assert pay["pay_eur"].to_dict() == pytest.approx({"marketing": 7000, "sales": 5400})
    alone = scorecard_traps.each_on_its_own(plan, results, variable, "margin", 0.5)
    assert alone["pay_eur"].to_dict() == pytest.approx({"marketing": 14_000, "sales": 10_800})


def test_bought_leads_pay_nobody_when_all_hangs_on_margin():
    """Leads +40 %, margin below the floor: with a shared share of 1 nobody gets anything."""
    plan, results, variable = make_plan()
    assert scorecard.shared_pay(plan, results, variable, "margin", 1.0)["pay_eur"].to_list() == [0, 0]


def test_a_gate_closes_the_shared_part_only():
    """Service level at 0.9 of 0.9 is open; at 0.89 the shared 10,000 × 0.5 × 0.9 is gone, the own part stays."""
    plan, results, variable = make_plan()
    is_open = scorecard.shared_pay(plan, results, variable, "wins", 0.5, ("in_time",))
    assert is_open.loc["marketing"].to_list() == pytest.approx([7000, 4500, 11_500, 1.15])
    results.loc[3, "actual"] = 0.89
    shut = scorecard.shared_pay(plan, results, variable, "wins", 0.5, ("in_time",))
    assert shut.loc["marketing"].to_list() == pytest.approx([7000, 0, 7000, 0.7])


def test_payout_has_a_floor_and_a_cap():
    """79 % earns nothing, 80 % earns 0.8, 200 % earns 1.5."""
    assert scorecard.payout([0.79, 0.8, 1.0, 2.0]).tolist() == [0, 0.8, 1.0, 1.5]


def test_plans_that_cannot_be_computed():
    """A measure without result, weights that miss 1, a share above 1: refused. A target of 0: NaN."""
    plan, results, variable = make_plan()
    with pytest.raises(ValueError, match="traffic"):
        scorecard.shared_pay(plan, results, variable, "traffic", 0.5)
    with pytest.raises(ValueError, match="sales"):
        scorecard.shared_pay(plan.assign(weight=[1, 0.6, 0.6]), results, variable, "margin", 0.5)
    with pytest.raises(ValueError, match="weights"):
        scorecard.shared_pay(plan, results, {"marketing": 1}, "margin", 0.5)
    with pytest.raises(ValueError, match="shared share"):
        scorecard.shared_pay(plan, results, variable, "margin", 1.5)
    nothing = scorecard.shared_pay(plan, results.assign(target=[0, 50, 1, 1]), variable, "margin", 0.5)
    assert math.isnan(nothing.loc["marketing", "pay_eur"])
