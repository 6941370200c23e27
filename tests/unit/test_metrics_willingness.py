"""Price effects: a planted elasticity behind promotions and places, price surveys by hand, and both conventions."""

import math

import numpy as np
import pandas as pd
import pytest

from onefunnel.metrics import profit, willingness, willingness_traps


def make_sellout(noise=0.0, seed=0, shops=30, weeks=60):
    """ln units = shop + (−1.8) ln price + 0.25 promotion + 0.30 display; rich shops are dear *and* sell more."""
    rng = np.random.default_rng(seed)
    shop = np.repeat(np.arange(shops), weeks)
    rich = rng.normal(0, 0.3, shops)[shop]
    promotion = rng.random(shops * weeks) < 0.2
    display = promotion & (rng.random(shops * weeks) < 0.6)
    log_price = 2 + rich + rng.normal(0, 0.05, shops * weeks) - 0.15 * promotion
    log_units = 6 + 3.5 * rich - 1.8 * log_price + 0.25 * promotion + 0.30 * display
    log_units += rng.normal(0, noise, shops * weeks) if noise else 0.0
    return pd.DataFrame(
        {
            "account_id": shop,
            "units": np.exp(log_units),
            "price_eur": np.exp(log_price),
            "promotion": promotion,
            "display": display,
            "oos": False,
        }
    )


def test_the_planted_elasticity_comes_back_exactly_without_noise():
    """−1.8 to nine places, error 0; with noise within three standard errors."""
    exact = willingness.price_elasticity(make_sellout())
    assert exact.slope == pytest.approx(-1.8, abs=1e-9)
    assert exact.error == pytest.approx(0, abs=1e-6)
    noisy = willingness.price_elasticity(make_sellout(noise=0.2))
    assert abs(noisy.slope + 1.8) < 3 * noisy.error
    assert (noisy.rows, noisy.dropped) == (1800, 0)


def test_agrees_with_one_column_a_shop():
    """Least squares with a dummy column for each shop (no means taken off): the same slope and standard error."""
    rows = make_sellout(noise=0.2, shops=6, weeks=40)
    x = np.column_stack(
        [np.log(rows["price_eur"]), rows["promotion"], rows["display"]]
        + [rows["account_id"] == shop for shop in range(6)]
    ).astype(float)
    y = np.log(rows["units"].to_numpy())
    solved = np.linalg.solve(x.T @ x, x.T @ y)
    spread = ((y - x @ solved) ** 2).sum() / (len(y) - x.shape[1])
    result = willingness.price_elasticity(rows)
    assert result.slope == pytest.approx(solved[0])
    assert result.error == pytest.approx(np.sqrt(spread * np.linalg.inv(x.T @ x)[0, 0]))


def test_the_wrong_comparisons_miss_on_their_side():
    """Between shops and pooled the sign turns; without promotion columns the slope is too steep."""
    rows = make_sellout(noise=0.1)
    assert willingness_traps.between_shops(rows).slope > 0
    assert willingness_traps.pooled_shops(rows).slope > 0
    assert willingness_traps.promo_counted_as_price(rows).slope < -2.2


def test_elasticity_does_not_depend_on_currency_or_order():
    """Prices in cents, units in dozens, rows shuffled: the same slope."""
    rows = make_sellout(noise=0.2)
    other = rows.assign(price_eur=rows["price_eur"] * 100, units=rows["units"] / 12).sample(frac=1, random_state=4)
    assert willingness.price_elasticity(other).slope == pytest.approx(willingness.price_elasticity(rows).slope)


def test_weeks_that_say_nothing_are_left_out_and_counted():
    """Out of stock, units 0, a missing price: three rows; the slope is that of the others."""
    rows = make_sellout()
    rows.loc[0, "oos"] = True
    rows.loc[0, "units"] = 0.1
    rows.loc[1, "units"] = 0
    rows.loc[2, "price_eur"] = np.nan
    result = willingness.price_elasticity(rows)
    assert result.dropped == 3
    assert result.slope == pytest.approx(-1.8, abs=1e-9)


def test_elasticity_that_cannot_be_told():
    """One row, no row, a price that never changes: NaN. No promotion in the data is no obstacle."""
    rows = make_sellout()
    for part in (rows.iloc[:1], rows.iloc[:0], rows.assign(price_eur=5.0)):
        assert math.isnan(willingness.price_elasticity(part).slope)
    calm = rows[~rows["promotion"]]
    assert willingness.price_elasticity(calm).slope == pytest.approx(-1.8, abs=1e-9)


def test_five_percent_more():
    """1.05^−1.8 = −8.4 %; slope times per cent says −9.0; without the minus +9.2 %."""
    assert round(100 * profit.volume_after(0.05, -1.8), 1) == -8.4
    assert willingness_traps.slope_times_percent(0.05, -1.8) == pytest.approx(-0.09)
    assert willingness_traps.sign_flipped(0.05, -1.8) == pytest.approx(1.05**1.8 - 1)


def make_survey():
    """Four people in order, one with cheap above expensive, one who stopped half-way."""
    rows = [
        (10, 20, 30, 40),
        (20, 30, 40, 50),
        (30, 40, 50, 60),
        (40, 50, 60, 70),
        (10, 60, 20, 70),
        (10, 20, None, 40),
    ]
    return pd.DataFrame(rows, columns=list(willingness.ANSWERS))


def test_price_range_by_hand():
    """Curves of the four people at 10, 20 … 70:

    too cheap 1, .75, .5, .25, 0 …; cheap 1, 1, .75, .5, .25, 0 …; expensive 0, 0, .25, .5, .75, 1 …; too expensive 0,
    0, 0, .25, .5, .75, 1. Optimum: too cheap = too expensive = .25 at 40. Indifference: cheap = expensive = .5 at 40.
    Original: lowest: too cheap .5 v not cheap .25 at 30, .25 v .5 at 40 → 35; highest: not expensive .5 v too
    expensive .25 at 40, .25 v .5 at 50 → 45. Common: too cheap .5 v expensive .25 at 30, .25 v .5 at 40 → 35;
    cheap .5 v too expensive .25 at 40, .25 v .5 at 50 → 45.
    """
    result = willingness.van_westendorp(make_survey())
    assert result == pytest.approx((35, 40, 40, 45, 4, 1, 1))
    assert willingness.van_westendorp(make_survey(), "common") == pytest.approx((35, 40, 40, 45, 4, 1, 1))


def test_the_two_conventions_by_hand():
    """Two people, read at 10, 20, 40, 50, 60, 90.

    too cheap 1 .5 0 0 0 0; cheap 1 1 .5 0 0 0; expensive 0 0 0 .5 1 1; too expensive 0 0 0 0 .5 1. Original: too
    cheap meets not cheap (0 0 .5) half-way from 20 to 40; not expensive (.5 at 50, 0 at 60) meets too expensive at
    55. Common: too cheap = expensive = 0 at 40; cheap = too expensive = 0 at 50. Both: optimum (0 = 0 from 40 to
    50) and indifference at 45.
    """
    survey = pd.DataFrame([(10, 20, 50, 60), (20, 40, 60, 90)], columns=list(willingness.ANSWERS))
    assert willingness.van_westendorp(survey)[:4] == pytest.approx((30, 45, 45, 55))
    assert willingness.van_westendorp(survey, "common")[:4] == pytest.approx((40, 45, 45, 50))


def random_survey(seed, people=200):
    rng = np.random.default_rng(seed)
    base = rng.lognormal(4.5, 0.25, people)
    return pd.DataFrame(
        np.sort(base[:, None] * rng.lognormal([-0.5, -0.2, 0.1, 0.5], 0.12, (people, 4)), axis=1),
        columns=list(willingness.ANSWERS),
    )


@pytest.mark.parametrize("seed", range(4))
def test_price_range_of_any_survey(seed):
    """Lowest ≤ optimum ≤ highest in both conventions, which differ; at the crossing both curves show the same share."""
    survey = random_survey(seed)
    original, common = (willingness.van_westendorp(survey, name) for name in willingness.CONVENTIONS)
    for result in (original, common):
        assert result.lowest < result.optimum < result.highest
    assert (original.lowest, original.highest) != pytest.approx((common.lowest, common.highest), rel=1e-3)
    assert (original.optimum, original.indifference) == (common.optimum, common.indifference)
    too_cheap = (survey["too_cheap"] >= original.optimum).mean()
    assert too_cheap == pytest.approx((survey["too_expensive"] <= original.optimum).mean(), abs=0.011)
    dollars = willingness.van_westendorp(survey.sample(frac=1, random_state=seed) * 2)
    assert dollars[:4] == pytest.approx(tuple(2 * price for price in original[:4]))


def test_wrong_price_ranges():
    """Swapped columns and people out of order change what a survey says; the right reading drops and counts them."""
    survey = random_survey(1)
    turned = survey[survey.columns[::-1]].set_axis(survey.columns, axis=1)
    mixed = pd.concat([survey, turned])
    assert willingness.van_westendorp(mixed).out_of_order == 200
    assert willingness.van_westendorp(mixed)[:4] == willingness.van_westendorp(survey)[:4]
    assert willingness_traps.keeps_out_of_order(mixed)[:4] != willingness.van_westendorp(mixed)[:4]
    right, wrong = willingness.van_westendorp(survey), willingness_traps.swapped_columns(survey)
    assert wrong.optimum == right.optimum
    # "Not cheap" now comes from the dearer column and starts later, "not expensive" from the cheaper and ends sooner.
    assert wrong.lowest > right.lowest
    assert wrong.highest < right.highest


def test_no_price_range():
    """Nobody in order: NaN and the count. Another convention is refused."""
    nobody = willingness.van_westendorp(make_survey().iloc[4:])
    assert math.isnan(nobody.optimum)
    assert nobody[4:] == (0, 1, 1)
    with pytest.raises(ValueError, match="convention"):
        willingness.van_westendorp(make_survey(), "mine")


def make_steps():
    """Asked until the first no at 100, 110, 120: a buys at all, b up to 110, c at 100, d at none."""
    rows = [("a", 100, 1), ("a", 110, 1), ("a", 120, 1), ("b", 100, 1), ("b", 110, 1), ("b", 120, 0)]
    rows += [("c", 100, 1), ("c", 110, 0), ("d", 100, 0)]
    return pd.DataFrame(rows, columns=["respondent_id", "price_eur", "would_buy"]).astype({"would_buy": bool})


def test_demand_by_price_step():
    """3, 2, 1 of 4; revenue 75, 55, 30 a head; at a unit cost of 80 profit 15, 15, 10: the lower of equals."""
    table = willingness.gabor_granger(make_steps(), 80)
    assert table.index.to_list() == [100, 110, 120]
    assert table["buyers"].to_list() == [3, 2, 1]
    assert table["revenue_eur"].to_list() == pytest.approx([75, 55, 30])
    assert table["profit_eur"].to_list() == pytest.approx([15, 15, 10])
    assert willingness.best_price(make_steps()) == 100
    assert willingness.best_price(make_steps(), 81) == 110
    full = pd.concat([make_steps(), pd.DataFrame([("d", 110, False)], columns=make_steps().columns)])
    pd.testing.assert_frame_equal(willingness.gabor_granger(full.sample(frac=1, random_state=0), 80), table)


def test_those_still_asked_are_survivors():
    """3 of 4, 2 of 3, 1 of 2: 50 % at 120 where it is 25 %."""
    wrong = willingness_traps.of_those_asked(make_steps())
    assert wrong["share"].to_list() == pytest.approx([3 / 4, 2 / 3, 1 / 2])


def test_no_answers_no_demand():
    """An empty frame, and no best price."""
    assert willingness.gabor_granger(make_steps().iloc[:0]).empty
    assert math.isnan(willingness.best_price(make_steps().iloc[:0]))
