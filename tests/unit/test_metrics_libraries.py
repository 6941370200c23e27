"""The statistics a second time by the field's libraries: statsmodels and scipy, which the kit itself does not need."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
import statsmodels.formula.api as smf
from scipy import optimize, stats
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from onefunnel.metrics import budget, deals, intervals, willingness

AS_OF = pd.Timestamp("2026-05-15")


@pytest.fixture(scope="module")
def opportunities():
    """600 deals of all ages: won, lost, without decision, open; many close at the same age."""
    rng = np.random.default_rng(11)
    created = AS_OF - pd.to_timedelta(rng.integers(0, 700, 600), unit="D")
    closed = created + pd.to_timedelta(rng.gamma(2.0, 45.0, 600).astype(int), unit="D")
    outcome = rng.choice(["won", "lost", "no_decision"], 600, p=[0.3, 0.5, 0.2]).astype(object)
    is_open = closed >= AS_OF
    outcome[is_open] = "open"
    return pd.DataFrame(
        {
            "opp_id": [f"O{number}" for number in range(600)],
            "created_at": created,
            "closed_at": pd.Series(closed).where(~is_open),
            "outcome": outcome,
            "amount_eur": rng.lognormal(9, 1, 600).round(),
        }
    )


@pytest.fixture(scope="module")
def ages(opportunities):
    """Age in days, and 0 open, 1 won, 2 lost."""
    days = (opportunities["closed_at"].fillna(AS_OF) - opportunities["created_at"]).dt.days.to_numpy()
    return days, opportunities["outcome"].map({"open": 0, "won": 1, "lost": 2, "no_decision": 2}).to_numpy()


def test_the_sales_cycle_is_kaplan_meiers_median(opportunities, ages):
    """Median and the whole curve of what is still open (statsmodels' SurvfuncRight)."""
    days, end = ages
    survival = SurvfuncRight(days, end > 0)
    assert deals.sales_cycle(opportunities, AS_OF) == survival.quantile(0.5)
    curve = deals.cumulative_incidence(opportunities, AS_OF).set_index("day")["open"]
    assert curve.loc[survival.surv_times].to_numpy() == pytest.approx(survival.surv_prob)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # of its standard errors, which are not used
def test_winning_and_losing_are_competing_risks(opportunities, ages):
    """Cumulative incidence of both ends (statsmodels' CumIncidenceRight, Aalen–Johansen)."""
    days, end = ages
    expected = CumIncidenceRight(days, end)
    curve = deals.cumulative_incidence(opportunities, AS_OF).set_index("day")
    curve = curve.reindex(expected.times, method="ffill")  # statsmodels also lists ages at which nothing ended
    assert curve["won"].to_numpy() == pytest.approx(expected.cinc[0])
    assert curve["lost"].to_numpy() == pytest.approx(expected.cinc[1])


@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
@pytest.mark.parametrize(("part", "whole"), [(0, 7), (7, 7), (1, 30), (27, 45), (333, 1000)])
def test_wilson(part, whole, level):
    """statsmodels' proportion_confint."""
    expected = proportion_confint(part, whole, alpha=1 - level, method="wilson")
    assert intervals.wilson(part, whole, level) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("a", "b"), [((27, 45), (20, 60)), ((9, 10), (3, 10)), ((0, 20), (5, 21)), ((10, 10), (0, 20))]
)
def test_newcombe(a, b):
    """statsmodels' confint_proportions_2indep with Newcombe's method."""
    expected = confint_proportions_2indep(*a, *b, compare="diff", method="newcomb")
    assert intervals.newcombe(*a, *b) == pytest.approx(expected, abs=1e-12)


def test_interval_of_the_value_win_rate(opportunities):
    """scipy's percentile bootstrap of the same ratio; both draw, so the ends agree to about a point."""
    rows = deals.decided(opportunities)
    won = rows["amount_eur"].where(rows["outcome"] == "won", 0.0).to_numpy()
    amount = rows["amount_eur"].to_numpy()
    drawn = stats.bootstrap(
        (won, amount),
        lambda one, all_, axis: one.sum(axis) / all_.sum(axis),
        paired=True,
        vectorized=True,
        n_resamples=4000,
        method="percentile",
        rng=np.random.default_rng(5),
    )
    assert intervals.value_interval(opportunities, draws=4000) == pytest.approx(drawn.confidence_interval, abs=0.01)


@pytest.mark.parametrize("same_shop", [True, False])
def test_price_elasticity(same_shop):
    """Slope and standard error of ordinary least squares with a dummy for each shop (statsmodels)."""
    rng = np.random.default_rng(3)
    shop = np.repeat(np.arange(12), 60)
    promotion = rng.random(len(shop)) < 0.2
    price = (4 + 0.2 * shop) * np.exp(rng.normal(0, 0.08, len(shop)) - 0.15 * promotion)
    units = np.exp(3 + 0.2 * shop - 1.8 * np.log(price) + 0.5 * promotion + rng.normal(0, 0.1, len(shop)))
    weekly = pd.DataFrame(
        {
            "account_id": shop,
            "price_eur": price,
            "units": units,
            "promotion": promotion,
            "display": rng.random(720) < 0.1,
        }
    )
    formula = "np.log(units) ~ np.log(price_eur) + promotion + display" + (" + C(account_id)" if same_shop else "")
    fitted = smf.ols(formula, weekly.astype({"promotion": float, "display": float})).fit()
    got = willingness.price_elasticity(weekly, same_shop=same_shop)
    assert got.slope == pytest.approx(fitted.params["np.log(price_eur)"])
    assert got.error == pytest.approx(fitted.bse["np.log(price_eur)"])


def test_carry_over_is_a_linear_filter():
    """Adstock as an autoregression: statsmodels' recursive filter of the same spend."""
    spend = np.random.default_rng(2).integers(0, 1000, 104).astype(float)
    expected = sm.tsa.filters.recursive_filter(spend, 0.93)
    assert budget.adstock(spend, 0.93) == pytest.approx(np.asarray(expected))


def test_the_best_split_is_what_a_general_optimiser_finds():
    """scipy's SLSQP on the same curves, bounds and total."""
    ceiling, scale = np.array([90.0, 60.0, 40.0, 75.0]), np.array([30.0, 15.0, 50.0, 22.0])
    low, high = np.array([5.0, 0.0, 10.0, 0.0]), np.array([40.0, 25.0, 60.0, 18.0])
    found = optimize.minimize(
        lambda spend: -budget.response(spend, ceiling, scale).sum(),
        np.full(4, 20.0).clip(low, high),
        bounds=list(zip(low, high, strict=True)),
        constraints={"type": "eq", "fun": lambda spend: spend.sum() - 80},
        method="SLSQP",
        options={"ftol": 1e-12},
    )
    assert budget.best_allocation(80.0, ceiling, scale, low, high) == pytest.approx(found.x, abs=1e-3)
