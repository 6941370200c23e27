"""Wrong ways to read price and margin. Each has the signature of the metric that its docstring names."""

from __future__ import annotations

import pandas as pd

from onefunnel.metrics.mix import leaking_accounts, of_account, pocket_by_account, price_leverage, price_waterfall
from onefunnel.metrics.ratio import share


def invoice_is_pocket(orders: pd.DataFrame, account_id: str | None = None) -> float:
    """For pocket_price: invoice ÷ list. Stops at the invoice and leaves out all that is paid back later. Too high."""
    walk = _walk(orders, account_id)
    return share(walk["invoice_eur"], walk["list_eur"])


def cost_in_the_waterfall(orders: pd.DataFrame, account_id: str | None = None) -> float:
    """For pocket_price: (pocket − cost) ÷ list. Takes the cost of goods for a discount. Too low."""
    walk = _walk(orders, account_id)
    return share(walk["margin_eur"], walk["list_eur"])


def margin_on_list(orders: pd.DataFrame, account_id: str | None = None) -> float:
    """For pocket_margin: (pocket − cost) ÷ list. Divides by a price nobody pays. Too low."""
    walk = _walk(orders, account_id)
    return share(walk["margin_eur"], walk["list_eur"])


def margin_on_invoice(orders: pd.DataFrame, account_id: str | None = None) -> float:
    """For pocket_margin: (invoice − cost) ÷ invoice. Earns money that is paid back later. Too high."""
    walk = _walk(orders, account_id)
    return share(walk["invoice_eur"] + walk["cost_eur"], walk["invoice_eur"])


def big_discount_is_big_customer(orders: pd.DataFrame, floor: float = 0.62) -> list[str]:
    """For leaking_accounts: as many accounts, but the largest by cases, as if the deep discounts went to them."""
    count = len(leaking_accounts(orders, floor))
    cases = pocket_by_account(orders)["cases"].sort_index().sort_values(ascending=False, kind="stable")
    return sorted(cases.index[:count])


def same_percent(discount: float, contribution: float) -> float:
    """For break_even_volume: 5 % off needs 5 % more. Forgets that each unit now earns less. Too low."""
    return float(discount)


def old_margin(discount: float, contribution: float) -> float:
    """For break_even_volume: discount ÷ contribution. Fills the gap with units at the *old* earnings. Too low."""
    return share(discount, contribution)


def one_for_one(
    price_change: float, operating_margin: float, volume_change: float = 0.0, contribution: float = 0.40
) -> float:
    """For price_leverage: 1 % of price is 1 % of profit. Forgets that the costs stay. Too low."""
    return float(price_change)


def volume_stays(
    price_change: float, operating_margin: float, volume_change: float = 0.0, contribution: float = 0.40
) -> float:
    """For price_leverage: nobody buys less. Too high as soon as somebody does."""
    return price_leverage(price_change, operating_margin, 0.0, contribution)


def profit_one_for_one(profit_and_loss: pd.DataFrame, price_change: float) -> float:
    """For profit.profit_from_price: 1 % of price is 1 % of profit. Forgets that the costs stay. Too low."""
    return float(price_change)


def _walk(orders: pd.DataFrame, account_id: str | None) -> pd.Series:
    return price_waterfall(of_account(orders, account_id))
