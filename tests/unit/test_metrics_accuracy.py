"""Forecast accuracy: by hand, the sign, months of zero, and what must hold for any forecast."""

import math

import numpy as np
import pandas as pd
import pytest

from onefunnel.metrics import accuracy, accuracy_traps

FORECAST, ACTUAL = [120, 90, 100], [100, 100, 100]


def test_by_hand():
    """Misses +20, −10, 0 of 100 each: MAPE 10 %, WAPE 30 ÷ 300 = 10 %, bias 10 ÷ 300 = +3.3 %: promised too much."""
    assert accuracy.mape(FORECAST, ACTUAL) == pytest.approx(0.10)
    assert accuracy.wape(FORECAST, ACTUAL) == pytest.approx(0.10)
    assert accuracy.bias(FORECAST, ACTUAL) == pytest.approx(10 / 300)


def test_each_wrong_way():
    """Signed errors 20 − 10 + 0 cancel to 3.3; ÷ forecast (20/120 + 10/90) ÷ 3; the sign turned; misses as bias."""
    assert accuracy_traps.errors_cancel(FORECAST, ACTUAL) == pytest.approx(0.1 / 3)
    assert accuracy_traps.divides_by_forecast(FORECAST, ACTUAL) == pytest.approx((1 / 6 + 1 / 9) / 3)
    assert accuracy_traps.sign_flipped(FORECAST, ACTUAL) == pytest.approx(-10 / 300)
    assert accuracy_traps.mean_of_misses(FORECAST, ACTUAL) == pytest.approx(0.10)


def test_mape_punishes_promising_too_much_harder():
    """Ten times too much is 900 %, a tenth of it is 90 %."""
    assert accuracy.mape([1000], [100]) == pytest.approx(9)
    assert accuracy.mape([10], [100]) == pytest.approx(0.9)


def test_months_of_zero_and_missing_pairs():
    """An actual of 0 leaves no MAPE but a WAPE: 30 ÷ 100. A pair with a gap is left out. No pair: NaN."""
    assert math.isnan(accuracy.mape([120, 10], [100, 0]))
    assert math.isnan(accuracy_traps.errors_cancel([120, 10], [100, 0]))
    assert accuracy.wape([120, 10], [100, 0]) == pytest.approx(0.3)
    assert accuracy.mape([120, np.nan, 5], [100, 100, np.nan]) == pytest.approx(0.2)
    for metric in (accuracy.mape, accuracy.wape, accuracy.bias):
        assert math.isnan(metric([], []))
        assert math.isnan(metric([5], [0]))
        with pytest.raises(ValueError, match="2 forecasts"):
            metric([1, 2], [1])


@pytest.mark.parametrize("seed", range(5))
def test_what_holds_for_any_forecast(seed):
    """Scaling money or changing the order changes nothing; |bias| ≤ WAPE; equal actuals make MAPE = WAPE."""
    rng = np.random.default_rng(seed)
    forecast, actual = rng.uniform(1, 100, 30), rng.uniform(1, 100, 30)
    order = rng.permutation(30)
    for metric in (accuracy.mape, accuracy.wape, accuracy.bias):
        assert metric(forecast * 1000, actual * 1000) == pytest.approx(metric(forecast, actual))
        assert metric(forecast[order], actual[order]) == pytest.approx(metric(forecast, actual))
    assert abs(accuracy.bias(forecast, actual)) <= accuracy.wape(forecast, actual)
    assert accuracy.mape(forecast, np.full(30, 50)) == pytest.approx(accuracy.wape(forecast, np.full(30, 50)))


def test_table_by_group_agrees_with_the_single_figures():
    """Each group's row is what the functions say of its rows; a group of gaps is left out; a zero has no MAPE."""
    frame = pd.DataFrame(
        {
            "made_by": ["sales"] * 3 + ["marketing"] * 2 + ["nobody"],
            "forecast_eur": [120.0, 90, 100, 10, 20, np.nan],
            "actual_eur": [100.0, 100, 100, 0, 25, 5],
        }
    )
    table = accuracy.accuracy_table(frame, "made_by")
    assert table.index.to_list() == ["marketing", "sales"]
    assert table.loc["sales"].to_list() == pytest.approx([3, 0.1, 0.1, 10 / 300])
    assert math.isnan(table.loc["marketing", "mape"])
    assert table.loc["marketing", ["pairs", "wape", "bias"]].to_list() == pytest.approx([2, 15 / 25, 5 / 25])
    pd.testing.assert_frame_equal(table, accuracy.accuracy_table(frame.iloc[::-1], "made_by"))
    assert accuracy.accuracy_table(frame.iloc[:0], ["made_by"]).empty
