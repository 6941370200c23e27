"""Wrong ways to read growth. Each has the signature of the metric that its docstring names."""

from __future__ import annotations

import pandas as pd

from onefunnel.metrics import market
from onefunnel.metrics.market import DAY, LOOK_BACK_DAYS, YEAR_DAYS
from onefunnel.metrics.ratio import share


def grown_by_our_growth(
    route_orders: pd.DataFrame, market_size: pd.DataFrame, as_of: pd.Timestamp, years_back: int = 1
) -> float:
    """For market_share: last year's share × our own growth, as if the market had stood still. Too high in a boom."""
    now, then = (market.revenue_of_year(route_orders, as_of, back) for back in (years_back, years_back + 1))
    return market.market_share(route_orders, market_size, as_of, years_back + 1) * share(now, then)


def year_so_far(
    route_orders: pd.DataFrame, market_size: pd.DataFrame, as_of: pd.Timestamp, years_back: int = 1
) -> float:
    """For market_share: this year's orders so far over a whole year of the market. Too low until December."""
    whole = market.market_share(route_orders, market_size, as_of, years_back)
    return whole * share(
        market.revenue_of_year(route_orders, as_of, 0), market.revenue_of_year(route_orders, as_of, years_back)
    )


def growth_is_winning(route_orders: pd.DataFrame, market_size: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """For market_share_change: our own growth. Plus, while the share falls."""
    return share(market.revenue_of_year(route_orders, as_of, 1), market.revenue_of_year(route_orders, as_of, 2)) - 1.0


def per_cent_for_points(route_orders: pd.DataFrame, market_size: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """For market_share_change: the change as a share of the old share. Several times too large."""
    before = market.market_share(route_orders, market_size, as_of, 2)
    return share(market.market_share_change(route_orders, market_size, as_of), before)


def rate_for_euros(profit_and_loss: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """For gross_margin_growth: growth of the margin *rate*. More sales at one rate earn more. Too low."""
    free = profit_and_loss.assign(eur=profit_and_loss["eur"].where(profit_and_loss["line"] != "cost_of_goods", 0))
    return (1.0 + market.gross_margin_growth(profit_and_loss, as_of)) / (
        1.0 + market.gross_margin_growth(free, as_of)
    ) - 1.0


def quarter_on_quarter(profit_and_loss: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """For gross_margin_growth: the last quarter against the one before. That is mostly the season."""
    now = as_of.to_period("Q")
    last, before = (market.gross_margin(profit_and_loss, now - back, 1) for back in (1, 2))
    return share(last, before) - 1.0


def mix_in_the_price(route_orders: pd.DataFrame, as_of: pd.Timestamp, days: float = 91) -> float:
    """For price_realisation: mean price of all cases then and now. Selling more of the cheap looks like a price cut."""
    now, then = (market.between(route_orders, as_of - back * DAY, days) for back in (0, YEAR_DAYS))
    prices = [share(rows["net_eur"].sum(), rows["cases"].sum()) for rows in (now, then)]
    return share(*prices) - 1.0


def growth_for_price(route_orders: pd.DataFrame, as_of: pd.Timestamp, days: float = 91) -> float:
    """For price_realisation: growth of revenue, cases and all."""
    now, then = (market.between(route_orders, as_of - back * DAY, days)["net_eur"].sum() for back in (0, YEAR_DAYS))
    return share(now, then) - 1.0


def new_since_last_quarter(
    orders: pd.DataFrame, as_of: pd.Timestamp, days: float = 91, look_back_days: float = LOOK_BACK_DAYS
) -> float:
    """For new_accounts: new is who did not order in the quarter before. Pauses count as new. Too high."""
    return market.new_accounts(orders, as_of, days, days)


def all_active(
    orders: pd.DataFrame, as_of: pd.Timestamp, days: float = 91, look_back_days: float = LOOK_BACK_DAYS
) -> float:
    """For new_accounts: everybody who ordered. Far too high."""
    return float(market.between(orders, as_of, days)["account_id"].nunique())


def recall(brand_tracker: pd.DataFrame) -> float:
    """For aided_awareness: people who name us unasked. That is the harder question. Too low."""
    return market.aided_awareness(brand_tracker.assign(aware=brand_tracker["recall"]))


def all_waves(brand_tracker: pd.DataFrame) -> float:
    """For aided_awareness: all waves together. Old answers hide what has changed since."""
    return share(brand_tracker["aware"].sum(), brand_tracker["asked"].sum())
