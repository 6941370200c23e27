"""Carry-over and the split of a budget: printed half-lives, the printed micromarkets, and greedy in small steps."""

import numpy as np
import pytest

from onefunnel.metrics import budget, budget_traps

# The printed micromarkets: budget and potential in % of €2.4M; response 1 − e^(−1.1 × spend ÷ (potential × budget)).
TOTAL = 2_400_000
TODAY = np.array([9, 12, 13, 16, 15, 15, 11, 9]) / 100 * TOTAL
POTENTIAL = np.array([24, 23, 19, 11, 8, 7, 4, 4]) / 100
CEILING, SCALE = POTENTIAL * 10_000_000, POTENTIAL * TOTAL / 1.1
BOUNDS = (TODAY * 0.5, TODAY * 1.5)


def test_half_lives_of_the_promotion_lesson():
    """75 % kept a week is half gone in 2.4 weeks, 93 % in 9.6 weeks; read as losses 0.5 and 0.26 weeks."""
    assert round(budget.half_life(0.75), 1) == 2.4
    assert round(budget.half_life(0.93), 1) == 9.6
    assert budget.half_life(0.5) == pytest.approx(1)
    assert budget.half_life(0) == 0
    assert budget.share_left(2, 0.9) == pytest.approx(0.81)
    assert budget.share_left(budget.half_life(0.75), 0.75) == pytest.approx(0.5)
    assert budget.carry_over_of(budget.half_life(0.93)) == pytest.approx(0.93)
    assert budget_traps.keeps_read_as_loses(0.75) == pytest.approx(0.5)


def test_adstock_by_hand_and_by_recursion():
    """100 then nothing at 0.5: 100, 50, 25. Random spend: a(t) = x(t) + c a(t−1)."""
    assert budget.adstock([100, 0, 0], 0.5).tolist() == pytest.approx([100, 50, 25])
    spend, felt = np.random.default_rng(1).uniform(0, 9, 300), []
    for amount in spend:
        felt.append(amount + (0.93 * felt[-1] if felt else 0.0))
    np.testing.assert_allclose(budget.adstock(spend, 0.93), felt)
    np.testing.assert_allclose(budget.adstock(spend, 0.0), spend)
    assert len(budget.adstock([], 0.9)) == 0
    assert budget_traps.no_carry_over([100, 0], 0.5).tolist() == [100, 0]


@pytest.mark.parametrize("wrong", [1.0, -0.1, 2.0])
def test_impossible_carry_over(wrong):
    """An effect that never fades, or less than none, is refused."""
    with pytest.raises(ValueError, match="carry-over"):
        budget.half_life(wrong)
    with pytest.raises(ValueError, match="carry-over"):
        budget.adstock([1.0], wrong)


def test_the_next_euro_is_the_slope_of_the_response():
    """(response at +€1 − response at −€1) ÷ 2, place by place; and below the average once money is spent."""
    slope = (budget.response(TODAY + 1, CEILING, SCALE) - budget.response(TODAY - 1, CEILING, SCALE)) / 2
    np.testing.assert_allclose(budget.marginal_return(TODAY, CEILING, SCALE), slope, rtol=1e-6)
    assert (budget_traps.average_for_next_euro(TODAY, CEILING, SCALE) > slope).all()
    assert np.isnan(budget_traps.average_for_next_euro([0.0], [1.0], [1.0])).all()


def test_the_printed_next_euro_returns():
    """Printed 4.25, 3.61, 3.02, 1.30, 0.82, 0.61, 0.31, 0.54: all in the ratio of the slopes."""
    slope = budget.marginal_return(TODAY, CEILING, SCALE)
    printed = [4.25, 3.61, 3.02, 1.30, 0.82, 0.61, 0.31, 0.54]
    np.testing.assert_allclose(slope / slope[0] * 4.25, printed, atol=0.008)


def test_the_printed_gains_of_the_micromarkets():
    """Best within ±50 % of today: +11.2 %, to the euro spent and within the bounds."""
    now = budget.response(TODAY, CEILING, SCALE).sum()
    best = budget.best_allocation(TOTAL, CEILING, SCALE, *BOUNDS)
    assert best.sum() == pytest.approx(TOTAL, abs=1e-6)
    assert round(100 * (budget.response(best, CEILING, SCALE).sum() / now - 1), 1) == 11.2
    assert (best >= BOUNDS[0] - 1e-6).all()
    assert (best <= BOUNDS[1] + 1e-6).all()


@pytest.mark.parametrize("seed", range(5))
def test_equal_marginal_return_agrees_with_greedy_steps(seed):
    """Ten thousand steps, each to the place whose next euro brings most and that has room: the same response."""
    rng = np.random.default_rng(seed)
    places = int(rng.integers(2, 8))
    ceiling, scale = rng.uniform(1, 100, places), rng.uniform(1, 50, places)
    lowest = rng.uniform(0, 3, places)
    highest = lowest + rng.uniform(0, 60, places)
    total = float(rng.uniform(lowest.sum(), highest.sum()))
    spend, step = lowest.copy(), (total - lowest.sum()) / 10_000
    for _ in range(10_000):
        slope = np.where(spend + step <= highest + 1e-9, ceiling / scale * np.exp(-spend / scale), -1.0)
        spend[np.argmax(slope)] += step
    best = budget.best_allocation(total, ceiling, scale, lowest, highest)
    assert best.sum() == pytest.approx(total)
    value = budget.response(best, ceiling, scale).sum()
    assert value >= budget.response(spend, ceiling, scale).sum() - 1e-6
    assert value == pytest.approx(budget.response(spend, ceiling, scale).sum(), rel=1e-4)
    inner = (best > lowest + 1e-6) & (best < highest - 1e-6)
    returns = budget.marginal_return(best, ceiling, scale)[inner]
    np.testing.assert_allclose(returns, returns.mean() if len(returns) else 0, rtol=1e-6)


def test_scaling_money_and_changing_the_order():
    """Cents for euros: a hundred times the split. Places in another order: the split in that order."""
    best = budget.best_allocation(TOTAL, CEILING, SCALE, *BOUNDS)
    cents = budget.best_allocation(TOTAL * 100, CEILING * 100, SCALE * 100, *(bound * 100 for bound in BOUNDS))
    np.testing.assert_allclose(cents, best * 100)
    order = np.random.default_rng(0).permutation(8)
    other = budget.best_allocation(TOTAL, CEILING[order], SCALE[order], BOUNDS[0][order], BOUNDS[1][order])
    np.testing.assert_allclose(other, best[order])


def test_regret_and_gain():
    """The best plan leaves nothing and captures all; today captures nothing; a plan of another size is refused."""
    best = budget.best_allocation(TOTAL, CEILING, SCALE, *BOUNDS)
    assert budget.regret(best, CEILING, SCALE, *BOUNDS) == pytest.approx(0, abs=1e-3)
    assert budget.gain_captured(best, TODAY, CEILING, SCALE, *BOUNDS) == pytest.approx(1)
    assert budget.gain_captured(TODAY, TODAY, CEILING, SCALE, *BOUNDS) == 0
    now, most = (budget.response(way, CEILING, SCALE).sum() for way in (TODAY, best))
    assert budget.regret(TODAY, CEILING, SCALE, *BOUNDS) == pytest.approx(most - now)
    assert np.isnan(budget.gain_captured(best, best, CEILING, SCALE, *BOUNDS))
    with pytest.raises(ValueError, match="same total"):
        budget.gain_captured(TODAY * 1.1, TODAY, CEILING, SCALE, *BOUNDS)


def test_bounds_that_cannot_hold_the_money():
    """More than the highest, less than the lowest, bounds the wrong way round; a place without response is last."""
    for total in (TOTAL * 2, TOTAL * 0.4):
        with pytest.raises(ValueError, match="does not fit"):
            budget.best_allocation(total, CEILING, SCALE, *BOUNDS)
    with pytest.raises(ValueError, match="lowest"):
        budget.best_allocation(TOTAL, CEILING, SCALE, *BOUNDS[::-1])
    with pytest.raises(ValueError, match="scale"):
        budget.response([1.0], [1.0], [0.0])
    assert budget.best_allocation(10, [5, 0], [2, 2], 0, 8).tolist() == pytest.approx([8, 2])
    assert budget.best_allocation(10, [5], [2], 0, np.inf).tolist() == pytest.approx([10])


def test_wrong_splits_bring_less():
    """Equal money (300,000 a place, all within no bounds) and money by potential both fall short of the best."""
    free = (0.0, TOTAL)
    best = budget.response(budget.best_allocation(TOTAL, CEILING, SCALE, *free), CEILING, SCALE).sum()
    assert budget_traps.equal_split(TOTAL, CEILING, SCALE, *free).tolist() == [300_000] * 8
    assert budget.response(budget_traps.equal_split(TOTAL, CEILING, SCALE, *free), CEILING, SCALE).sum() < best
    np.testing.assert_allclose(budget_traps.follows_potential(TOTAL, CEILING, SCALE, *free), POTENTIAL * TOTAL)
