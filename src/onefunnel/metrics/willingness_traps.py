"""Wrong ways to read what a price does. Each has the signature of the metric that its docstring names."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from onefunnel.metrics import willingness
from onefunnel.metrics.intervals import LEVEL
from onefunnel.metrics.willingness import ANSWERS, CONTROLS, Elasticity, PriceRange


def pooled_shops(
    sellout_weekly: pd.DataFrame, controls: Sequence[str] = CONTROLS, same_shop: bool = True
) -> Elasticity:
    """For price_elasticity: all shops in one cloud. Dear shops in rich streets sell much: the sign can turn."""
    return willingness.price_elasticity(sellout_weekly, (), same_shop=False)


def promo_counted_as_price(
    sellout_weekly: pd.DataFrame, controls: Sequence[str] = CONTROLS, same_shop: bool = True
) -> Elasticity:
    """For price_elasticity: no promotion and display columns, so their effect is booked to the price. Too steep."""
    return willingness.price_elasticity(sellout_weekly, (), same_shop)


def between_shops(
    sellout_weekly: pd.DataFrame, controls: Sequence[str] = CONTROLS, same_shop: bool = True
) -> Elasticity:
    """For price_elasticity: one mean point a shop. Compares places, not prices."""
    positive = sellout_weekly[(sellout_weekly["units"] > 0) & (sellout_weekly["price_eur"] > 0)]
    logs = np.log(positive[["units", "price_eur"]].astype(float))
    means = np.exp(logs.groupby(positive["account_id"]).mean()).reset_index()
    return willingness.price_elasticity(means, (), same_shop=False)


def slope_times_percent(price_change: float, elasticity: float) -> float:
    """For profit.volume_after: slope × change, −1.8 × 5 % = −9 %. Straight where the curve bends: too large a loss."""
    return float(elasticity * price_change)


def sign_flipped(price_change: float, elasticity: float) -> float:
    """For profit.volume_after: forgets the minus: more is sold when the price goes up."""
    return float((1.0 + price_change) ** -elasticity - 1.0)


def swapped_columns(answers: pd.DataFrame, convention: str = "original") -> PriceRange:
    """For van_westendorp: cheap and expensive changed places on the way, and nobody checked the order."""
    order = [ANSWERS[place] for place in (0, 2, 1, 3)]
    rows = answers[order].dropna().to_numpy(dtype=float)
    return willingness._price_range(rows, convention, 0, len(answers) - len(rows))


def keeps_out_of_order(answers: pd.DataFrame, convention: str = "original") -> PriceRange:
    """For van_westendorp: keeps respondents who called a higher price cheap and a lower one expensive."""
    rows = answers[list(ANSWERS)].dropna().to_numpy(dtype=float)
    return willingness._price_range(rows, convention, 0, len(answers) - len(rows))


def of_those_asked(answers: pd.DataFrame, unit_cost_eur: float = 0.0, level: float = LEVEL) -> pd.DataFrame:
    """For gabor_granger: divides by those still asked at that price. Who said no before is forgotten. Too high."""
    right = willingness.gabor_granger(answers, unit_cost_eur, level)
    given = answers.dropna(subset=["respondent_id", "price_eur", "would_buy"])
    shares = given["would_buy"].astype(float).groupby(given["price_eur"].astype(float)).mean().reindex(right.index)
    prices = right.index.to_numpy(dtype=float)
    return right.assign(share=shares, revenue_eur=prices * shares, profit_eur=(prices - unit_cost_eur) * shares)


def all_shops_in_one_cloud(sellout_weekly: pd.DataFrame, controls: Sequence[str] = CONTROLS) -> float:
    """For elasticity: `pooled_shops`. The sign can turn."""
    return pooled_shops(sellout_weekly, controls).slope


def without_promotions(sellout_weekly: pd.DataFrame, controls: Sequence[str] = CONTROLS) -> float:
    """For elasticity: `promo_counted_as_price`. Too steep."""
    return promo_counted_as_price(sellout_weekly, controls).slope


def indifference_point(price_survey: pd.DataFrame, convention: str = "original") -> float:
    """For stated_optimum: the crossing of cheap and expensive: the usual price, not the best."""
    return willingness.van_westendorp(price_survey, convention).indifference


def highest_accepted(price_survey: pd.DataFrame, convention: str = "original") -> float:
    """For stated_optimum: the upper end of the range. Beyond it more find it too dear than not. Too high."""
    return willingness.van_westendorp(price_survey, convention).highest


def most_buyers(answers: pd.DataFrame, unit_cost_eur: float = 0.0) -> float:
    """For best_price: the price that most would pay. That is always the lowest. Too low."""
    table = willingness.gabor_granger(answers, unit_cost_eur)
    return float(table["share"].idxmax()) if len(table) else float("nan")


def highest_anyone_pays(answers: pd.DataFrame, unit_cost_eur: float = 0.0) -> float:
    """For best_price: the highest price that anybody would pay. Too high."""
    table = willingness.gabor_granger(answers, unit_cost_eur)
    return float(table.index[table["buyers"] > 0].max()) if table["buyers"].any() else float("nan")


def most_rented(price_test: pd.DataFrame, unit_cost_eur: float = 0.0) -> float:
    """For tested_best_price: the price at which the largest share rented. Too low."""
    sums = price_test.groupby("price_eur")[["shown", "rented"]].sum()
    rate = sums["rented"] / sums["shown"].where(sums["shown"] > 0)
    return float(rate.idxmax()) if rate.notna().any() else float("nan")


def highest_tested(price_test: pd.DataFrame, unit_cost_eur: float = 0.0) -> float:
    """For tested_best_price: the highest price at which anybody rented. Too high."""
    return float(price_test.loc[price_test["rented"] > 0, "price_eur"].max())
