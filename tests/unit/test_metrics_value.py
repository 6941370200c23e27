"""Cost and worth of a customer, and the return of what would not have come anyway: by hand and from printed figures."""

import math

import numpy as np
import pandas as pd
import pytest

from onefunnel.metrics import value, value_traps


def make_costs():
    """January 600 media + 1,000 pay, February 700 + 1,200, March 800 + 1,400."""
    return pd.DataFrame(
        {
            "month": ["2026-01", "2026-01", "2026-02", "2026-02", "2026-03", "2026-03"],
            "kind": ["media", "pay"] * 3,
            "eur": [600.0, 1000, 700, 1200, 800, 1400],
        }
    )


WON = pd.DataFrame({"month": ["2026-02", "2026-03", "2026-04"], "customers": [4, 5, 6]})


def test_acquisition_cost_with_a_lag():
    """One month later: (1,600 + 1,900 + 2,200) ÷ (4 + 5 + 6) = 380; media 2,100 ÷ 15 = 140."""
    costs = make_costs()
    assert value.customer_acquisition_cost(costs, WON, 1) == pytest.approx(380)
    assert value.customer_acquisition_cost(costs, WON, 1, ["media"]) == pytest.approx(140)
    assert value_traps.media_only(costs, WON, 1) == pytest.approx(140)


def test_acquisition_cost_counts_the_same_stretch_on_both_sides():
    """No lag: February and March stand in both, (1,900 + 2,200) ÷ 9; two months: January and February."""
    costs = make_costs()
    assert value.customer_acquisition_cost(costs, WON) == pytest.approx(4100 / 9)
    assert value_traps.same_month(costs, WON, 1) == pytest.approx(4100 / 9)
    assert value.customer_acquisition_cost(costs, WON, 2) == pytest.approx(3500 / 11)


def test_months_may_be_periods_or_days():
    """A period, a day of the month and its text are the same month."""
    text = make_costs()
    days = text.assign(month=pd.to_datetime(text["month"]) + pd.Timedelta(days=17))
    periods = text.assign(month=pd.PeriodIndex(text["month"], freq="M"))
    assert len({value.customer_acquisition_cost(costs, WON, 1) for costs in (text, days, periods)}) == 1


def test_acquisition_cost_of_nobody():
    """Nobody won: NaN. A negative lag and an unknown kind are refused."""
    costs = make_costs()
    assert math.isnan(value.customer_acquisition_cost(costs, WON.assign(customers=0), 1))
    assert math.isnan(value.customer_acquisition_cost(costs.iloc[:0], WON))
    with pytest.raises(ValueError, match="lag"):
        value.customer_acquisition_cost(costs, WON, -1)
    with pytest.raises(ValueError, match="radio"):
        value.customer_acquisition_cost(costs, WON, 0, ["radio"])


def test_lifetime_value_of_the_printed_customer():
    """m 3,100, r 0.84, d 0.10: €13.1k paid at the start of the year, €10.0k at its end."""
    assert round(value.lifetime_value(3100, 0.84, 0.10) / 1000, 1) == 13.1
    assert round(value.lifetime_value(3100, 0.84, 0.10, "end") / 1000, 1) == 10.0


def test_lifetime_value_of_the_eight_micromarkets():
    """The printed table, €k: 15.9, 14.8, 13.6, 10.4, 9.7, 8.9, 6.3, 5.9."""
    margin = [3900, 3760, 3590, 3200, 3080, 2990, 2420, 2360]
    retention = [0.83, 0.82, 0.81, 0.76, 0.75, 0.73, 0.68, 0.66]
    values = value.lifetime_value(margin, retention, 0.10) / 1000
    assert values.round(1).tolist() == [15.9, 14.8, 13.6, 10.4, 9.7, 8.9, 6.3, 5.9]


@pytest.mark.parametrize("paid", value.PAID)
def test_lifetime_value_is_the_sum_of_its_years(paid):
    """Year by year with plain arithmetic, for a horizon of five years and of 400."""
    for years in (0, 1, 5, 400):
        first = 0 if paid == "start" else 1
        expected = sum(200 * (0.7 / 1.08) ** year for year in range(first, first + years))
        assert value.lifetime_value(200, 0.7, 0.08, paid, years) == pytest.approx(expected)
    assert value.lifetime_value(200, 0.7, 0.08, paid) == pytest.approx(expected)


def test_lifetime_value_scales_and_refuses():
    """Twice the margin, twice the value. No endless sum, no retention above 1, no unknown moment of payment."""
    assert value.lifetime_value(6200, 0.84, 0.1) == pytest.approx(2 * value.lifetime_value(3100, 0.84, 0.1))
    assert value.lifetime_value(10, 1.0, 0.0, years=3) == 30
    assert value.lifetime_value(10, 0.0, 0.1) == 10
    assert value.lifetime_value(10, 0.0, 0.1, "end") == 0
    for wrong, words in [((10, 1.0, 0.0), "Cap"), ((10, 1.1, 0.1), "retention"), ((10, 0.5, -0.1), "discount")]:
        with pytest.raises(ValueError, match=words):
            value.lifetime_value(*wrong)
    with pytest.raises(ValueError, match="middle"):
        value.lifetime_value(10, 0.5, 0.1, "middle")


def test_wrong_lifetime_values():
    """3,100 ÷ 0.16 = 19,375 undiscounted; 3,100 × 1.1 ÷ 0.1 = 34,100 when nobody leaves."""
    assert value_traps.undiscounted(3100, 0.84, 0.10) == pytest.approx(19375)
    assert value_traps.nobody_leaves(3100, 0.84, 0.10) == pytest.approx(34100)


@pytest.mark.parametrize(
    ("won", "mean", "spend", "part", "attributed", "incremental"),
    # The printed table of origins: wins × mean value × margin 42 %.
    [(140, 12000, 465000, 0.5, 52, -24), (59, 10500, 63000, 0.35, 313, 45), (21, 13500, 54000, 0.9, 121, 98)],
)
def test_incremental_return_of_the_origins(won, mean, spend, part, attributed, incremental):
    """Advertising +52 % attributed, −24 % incremental; e-mail +313 and +45; direct mail +121 and +98."""
    # Rounded inputs: the printed figures within a point.
    wrong = value_traps.attributed_is_incremental(won * mean, 0.42, spend, part)
    assert 100 * wrong == pytest.approx(attributed, abs=1)
    assert 100 * value.incremental_romi(won * mean, 0.42, spend, part) == pytest.approx(incremental, abs=1)


def test_return_on_nothing_is_not_defined():
    """No spend: NaN, in a list as well as alone. ROAS of 300 on 100 is 3."""
    assert math.isnan(value.incremental_romi(100, 0.4, 0))
    np.testing.assert_allclose(value.incremental_romi([300, 300], 0.5, [100, 0]), [0.5, np.nan])
    assert value_traps.return_on_ad_spend(300, 0.4, 100, 0.5) == pytest.approx(3)
    assert value_traps.revenue_for_margin(300, 0.4, 100, 0.5) == pytest.approx(0.5)


def test_incremental_share_from_a_holdout():
    """40 of 1,000 with, 20 of 1,000 without: half would have come anyway. Empty groups: NaN."""
    assert value.incremental_share(40, 1000, 20, 1000) == pytest.approx(0.5)
    assert value.incremental_share(20, 1000, 40, 1000) == pytest.approx(-1)
    assert math.isnan(value.incremental_share(40, 1000, 0, 0))
    assert math.isnan(value.incremental_share(0, 1000, 5, 1000))
