"""The firm's profit: what one year keeps of its revenue, and what a change of price or volume does to it.

`profit_and_loss` has one row a quarter and line (`quarter`, `line`, `eur`); revenue and costs are both positive.
All readings use the last four quarters in the table: a year has every season once.
"""

from __future__ import annotations

import pandas as pd

from onefunnel.metrics.ratio import share

REVENUE = "revenue"
QUARTERS = 4

#: How much of a gain is left, as a word for a choice: below 0 a loss, below 3/8 about a quarter, below 3/4 about half.
_SHARES = ((0.0, "loss"), (0.375, "quarter"), (0.75, "half"))


def yearly_revenue(profit_and_loss: pd.DataFrame) -> float:
    """Revenue of the last four quarters, EUR. NaN when the table has no revenue line: not known is not nothing."""
    year = _last_year(profit_and_loss)
    return float(year.loc[year["line"] == REVENUE, "eur"].astype(float).sum(min_count=1))


def yearly_costs(profit_and_loss: pd.DataFrame) -> float:
    """All costs of the last four quarters, EUR (a positive number). NaN when the table has no line of costs."""
    year = _last_year(profit_and_loss)
    return float(year.loc[year["line"] != REVENUE, "eur"].astype(float).sum(min_count=1))


def operating_margin(profit_and_loss: pd.DataFrame) -> float:
    """(Revenue − costs) ÷ revenue of the last four quarters, a fraction. NaN without revenue or costs."""
    revenue = yearly_revenue(profit_and_loss)
    return (revenue - yearly_costs(profit_and_loss)) / revenue if revenue else float("nan")


def profit_from_price(
    profit_and_loss: pd.DataFrame, price_change: float, volume_change: float = 0.0, contribution: float = 0.40
) -> float:
    """Change of the firm's operating profit, a fraction: `price_leverage` at the firm's own operating margin."""
    return price_leverage(price_change, operating_margin(profit_and_loss), volume_change, contribution)


def gain_left(
    profit_and_loss: pd.DataFrame, price_change: float, volume_change: float, contribution: float = 0.40
) -> str:
    """How much of a price rise's gain is left when volume changes too: "loss", "quarter", "half" or "same".

    ValueError when there is no gain to begin with: the price does not change, or the table shows no profit.
    """
    full = profit_from_price(profit_and_loss, price_change)
    if not full:
        raise ValueError("price_change is 0: there is no gain of which something could be left. Use one such as 0.01.")
    if full != full:
        raise ValueError("profit_and_loss: revenue or costs are missing or zero. Add the lines of four quarters.")
    left = profit_from_price(profit_and_loss, price_change, volume_change, contribution) / full
    return next((word for below, word in _SHARES if left < below), "same")


def price_gain(profit_and_loss: pd.DataFrame, price_change: float) -> float:
    """What a change of all prices brings in a year at the same volume, EUR: price change × revenue."""
    return price_change * yearly_revenue(profit_and_loss)


def break_even_volume(discount: float, contribution: float) -> float:
    """How many more units a price cut must sell to earn as much as before: discount ÷ (contribution − discount).

    Both are fractions of the **old price**; contribution = price less what each unit costs. 5 % off at 40 % is
    14.3 %. A negative discount (a price rise) gives the volume that may be lost. NaN when the discount eats the
    whole contribution: then no volume brings it back. Fixed costs are taken to stay as they are.
    """
    return share(discount, contribution - discount) if discount < contribution else float("nan")


def contribution_change(at: float, discount: float, contribution: float) -> float:
    """What a discount with `at` more units sold does to the total contribution, a fraction of what it was before.

    (1 + at) × (contribution − discount) ÷ contribution − 1; all are fractions of the old price. 0 at the volume of
    `break_even_volume`. NaN when there was no contribution to begin with.
    """
    return share((1 + at) * (contribution - discount), contribution) - 1.0


def price_leverage(
    price_change: float, operating_margin: float, volume_change: float = 0.0, contribution: float = 0.40
) -> float:
    """Change of operating profit, a fraction, after a change of price and of volume; all arguments are fractions.

    Per euro of revenue: profit before = operating_margin; after = (1 + volume) × (1 + price − unit cost) − fixed,
    with unit cost = 1 − contribution and fixed = contribution − operating_margin. So
    change = (price + volume × (contribution + price)) ÷ operating_margin.
    1 % more price is worth 1 ÷ operating margin per cent of profit **only at unchanged volume**: +11.1 % at the 9 %
    margin of Marn and Rosiello's average, +12.5 % at 8 %. When volume falls by 1.775 % (what an elasticity of −1.8
    makes of 1 %: 1.01^−1.8 − 1) and the contribution is 40 %, +3.4 % are left; a flat −1.8 % leaves +3.3 %.
    NaN when the operating margin is zero. Source: Marn and Rosiello, Harvard Business Review, Sept–Oct 1992.
    """
    return share(price_change + volume_change * (contribution + price_change), operating_margin)


def volume_after(price_change: float, elasticity: float) -> float:
    """Change of volume that a change of price brings at a constant elasticity, a fraction: (1 + price)^elasticity − 1.

    +5 % at −1.8 is −8.4 %, not −9 %. ValueError at a price change of −100 % or beyond: there is no price left.
    """
    if price_change <= -1:
        raise ValueError("a price change of -100 % or beyond leaves no price. Use a fraction such as 0.05.")
    return float((1.0 + price_change) ** elasticity - 1.0)


def _last_year(profit_and_loss: pd.DataFrame) -> pd.DataFrame:
    quarters = sorted(profit_and_loss["quarter"].unique())[-QUARTERS:]
    return profit_and_loss[profit_and_loss["quarter"].isin(quarters)]
