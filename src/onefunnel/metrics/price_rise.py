"""What a higher price does to packs and to money, and which answers of a price survey cannot be used.

Tables: those of `willingness`. The slope is its `elasticity`: each product in each shop with itself.
"""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from onefunnel.metrics import willingness
from onefunnel.metrics.profit import break_even_volume, contribution_change, volume_after
from onefunnel.metrics.willingness import ANSWERS

YEAR = pd.Timedelta(weeks=52)
SPREAD = 3  # of the sampled answers, how many from each kind


def packs_factor(sellout_weekly: pd.DataFrame, price_change: float) -> float:
    """Packs after the change ÷ packs before: (1 + price change)^slope; at −1.8 and +5 % it is 0.916. NaN as the slope.

    Both the price change and the answer are plain numbers; promotions and displays are taken to stay as they are.
    """
    return 1.0 + packs_change(sellout_weekly, price_change)


def packs_change(sellout_weekly: pd.DataFrame, price_change: float) -> float:
    """Change of packs sold after a change of price, a fraction: `profit.volume_after` at the shops' own slope."""
    return volume_after(price_change, willingness.elasticity(sellout_weekly))


def packs_lost(sellout_weekly: pd.DataFrame, price_change: float) -> float:
    """`packs_change` with the sign turned: the share of packs that a rise costs, a fraction; below 0 for a cut."""
    return -packs_change(sellout_weekly, price_change)


def may_be_lost(price_change: float, contribution: float) -> float:
    """Share of packs that a price rise may cost before it costs money: rise ÷ (contribution + rise), a fraction.

    The same as −`profit.break_even_volume` at a discount below 0. Both are fractions of the old price: 5 % more at a
    contribution of 40 % may lose 11.1 %. NaN when nothing would be earned at the new price.
    """
    return -break_even_volume(-price_change, contribution)


def till_change(sellout_weekly: pd.DataFrame, at: float, price_change: float, contribution: float) -> float:
    """Change of a year's contribution, EUR, when a price rise costs the share `at` of the packs.

    A year's sales at shop prices × ((1 − at) × (contribution + rise) − contribution). The last 52 weeks of the table.
    """
    return yearly_sales(sellout_weekly) * ((1 - at) * (contribution + price_change) - contribution)


def yearly_sales(sellout_weekly: pd.DataFrame) -> float:
    """Units × price over the last 52 weeks of the table, EUR at shop prices. 0 without a row."""
    rows = sellout_weekly[sellout_weekly["week"] > sellout_weekly["week"].max() - YEAR]
    return float((rows["units"] * rows["price_eur"]).sum())


def money_change(price_change: float, slope: float, contribution: float) -> float:
    """Change of contribution after a change of price, a fraction: fewer packs, each earning more.

    (1 + packs) × (contribution + price change) ÷ contribution − 1, all in fractions of the old price; a pack's cost
    stays. NaN when there was no contribution.
    """
    return contribution_change(volume_after(price_change, slope), -price_change, contribution)


def better_move(sellout_weekly: pd.DataFrame, price_change: float, contribution: float) -> str:
    """ "raise", "cut" or "keep": which of a rise, a cut of the same size, and neither leaves most contribution.

    ValueError when the tables do not show what a price does to sales.
    """
    slope = willingness.elasticity(sellout_weekly)
    if math.isnan(slope):
        raise ValueError("sellout_weekly: no shop has sold at two prices, so no move can be judged.")
    moves = {"keep": 0.0, "raise": price_change, "cut": -price_change}
    return max(moves, key=lambda move: money_change(moves[move], slope, contribution))


# ---- the price survey ----------------------------------------------------------------------------------------------


def answer_lines(price_survey: pd.DataFrame) -> list[dict[str, Any]]:
    """A few people's four answers as choices (`id`, `text`): some out of order, the dearest, and some others.

    They stand by their first price, equals by id, so that the place in the list says nothing.
    """
    rows = price_survey.dropna(subset=list(ANSWERS)).set_index("respondent_id")
    wanted = rows[rows.index.isin({*_mixed_up(rows), *_dearest(rows), *_plain(rows)})]
    shown = wanted.sort_index().sort_values("too_cheap", kind="stable").index
    return [
        {
            "id": str(who),
            "text": ", ".join(f"{name.replace('_', ' ')} €{rows.loc[who, name]:,.0f}" for name in ANSWERS),
        }
        for who in shown
    ]


def out_of_order(price_survey: pd.DataFrame) -> list[str]:
    """Of `answer_lines`, the ids whose four prices do not rise from too cheap to too expensive."""
    return _mixed_up(price_survey.dropna(subset=list(ANSWERS)).set_index("respondent_id"))


def _mixed_up(rows: pd.DataFrame) -> list[str]:
    return sorted(map(str, rows.index[~_rises(rows)]))[:SPREAD]


def _dearest(rows: pd.DataFrame) -> list[str]:
    """Those in order who named the highest prices; equals by id."""
    fine = rows[_rises(rows)].sort_index()
    return sorted(map(str, fine.nlargest(SPREAD, "too_expensive", keep="first").index))


def _plain(rows: pd.DataFrame) -> list[str]:
    return sorted(set(map(str, rows.index[_rises(rows)])) - set(_dearest(rows)))[:SPREAD]


def _rises(rows: pd.DataFrame) -> pd.Series:
    return (rows[list(ANSWERS)].diff(axis=1).iloc[:, 1:] >= 0).all(axis=1)


# ---- what people say, and what they do -----------------------------------------------------------------------------


def stated_price(price_steps: pd.DataFrame) -> str:
    """The price that promises most by what people say, as a choice: "eur_125". ValueError without an answer."""
    return _as_choice(willingness.best_price(price_steps), "price_steps: nobody was asked.")


def tested_price(price_test: pd.DataFrame) -> str:
    """The price that brought most in the test, as a choice: "eur_110". ValueError without a test."""
    return _as_choice(willingness.tested_best_price(price_test), "price_test: no price was shown to anybody.")


def _as_choice(price: float, missing: str) -> str:
    if math.isnan(price):
        raise ValueError(missing)
    return f"eur_{price:.0f}"


def said_and_did(price_steps: pd.DataFrame, price_test: pd.DataFrame) -> pd.DataFrame:
    """By price: `said` = share of those asked who would rent, `did` = share of visitors shown the price who rented."""
    sums = price_test.groupby("price_eur")[["shown", "rented"]].sum()
    return pd.DataFrame(
        {
            "said": willingness.gabor_granger(price_steps)["share"],
            "did": sums["rented"] / sums["shown"].where(sums["shown"] > 0),
        }
    )
