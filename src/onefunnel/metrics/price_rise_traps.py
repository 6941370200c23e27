"""Wrong ways to read a price rise and a price survey. Each has the signature of what its docstring names."""

from __future__ import annotations

import pandas as pd

from onefunnel.metrics import price_rise, willingness, willingness_traps
from onefunnel.metrics.ratio import share
from onefunnel.metrics.willingness import ANSWERS


def slope_times_percent(sellout_weekly: pd.DataFrame, price_change: float) -> float:
    """For packs_change: slope × price change. Straight where the curve bends: too large a loss."""
    return willingness_traps.slope_times_percent(price_change, willingness.elasticity(sellout_weekly))


def sign_flipped(sellout_weekly: pd.DataFrame, price_change: float) -> float:
    """For packs_change: divides where it must multiply, so that a higher price sells more."""
    return willingness_traps.sign_flipped(price_change, willingness.elasticity(sellout_weekly))


def same_percent(price_change: float, contribution: float) -> float:
    """For may_be_lost: as many per cent of packs as of price. A lost pack costs its contribution only. Too low."""
    return float(price_change)


def old_margin(price_change: float, contribution: float) -> float:
    """For may_be_lost: rise ÷ old contribution. The packs that stay earn the new one, and so did the lost. Too high."""
    return share(price_change, contribution)


def swapped_columns(price_survey: pd.DataFrame) -> list[str]:
    """For out_of_order: reads cheap as expensive, so the careful people look mixed up and the mixed-up careful."""
    shown = {line["id"] for line in price_rise.answer_lines(price_survey)}
    return sorted(shown - set(price_rise.out_of_order(price_survey)))


def dear_is_wrong(price_survey: pd.DataFrame) -> list[str]:
    """For out_of_order: drops those who would pay most. They are in order, and the ones we most want to hear."""
    return price_rise._dearest(price_survey.dropna(subset=list(ANSWERS)).set_index("respondent_id"))
