"""Price: from the list to the pocket, and (from `profit`) what a change of price costs or brings.

All amounts are EUR totals of order lines. What comes off the list price stands in columns of positive numbers.
"""

from __future__ import annotations

import pandas as pd

from onefunnel.metrics.profit import (
    break_even_volume,
    contribution_change,
    gain_left,
    operating_margin,
    price_gain,
    price_leverage,
    profit_from_price,
    volume_after,
    yearly_costs,
    yearly_revenue,
)
from onefunnel.metrics.ratio import share

__all__ = [
    "OFF_INVOICE",
    "ON_INVOICE",
    "account_options",
    "amount",
    "break_even_volume",
    "contribution_change",
    "gain_left",
    "leaking_accounts",
    "of_account",
    "operating_margin",
    "pocket_by_account",
    "pocket_margin",
    "pocket_price",
    "price_gain",
    "price_leverage",
    "price_waterfall",
    "profit_from_price",
    "volume_after",
    "yearly_costs",
    "yearly_revenue",
]

#: What comes off, in the order in which it leaves: first on the invoice, then after it.
ON_INVOICE = ("on_invoice_eur",)
OFF_INVOICE = (
    "volume_bonus_eur",
    "free_goods_eur",
    "terms_eur",
    "freight_eur",
    "marketing_support_eur",
    "service_eur",
)


def price_waterfall(orders: pd.DataFrame) -> pd.Series:
    """The walk from list price to margin, EUR: what comes off is negative, the levels between are positive.

    Index: list_eur, on_invoice_eur, **invoice_eur**, volume_bonus_eur, free_goods_eur, terms_eur, freight_eur,
    marketing_support_eur, service_eur, **pocket_eur**, cost_eur, **margin_eur**. invoice, pocket and margin are what
    is left at that point; the rest add up to the margin, to the cent (sums are taken in whole cents).
    The service component is what we do for the buyer without charging it. Cost of goods is no discount, so it comes
    after the pocket price. Divide by `list_eur` for shares of list: that is the base used in this kit.
    An empty frame gives zeros. ValueError when an amount is missing: write 0 where there is none.
    Source: Marn and Rosiello, "Managing Price, Gaining Profit", Harvard Business Review, Sept–Oct 1992.
    """
    columns = ["list_eur", *ON_INVOICE, *OFF_INVOICE, "cost_eur"]
    amounts = orders[columns]
    if amounts.isna().to_numpy().any():
        empty = [column for column in columns if amounts[column].isna().any()]
        raise ValueError(f"orders: empty amounts in {', '.join(empty)}. Write 0 where nothing comes off.")
    cents = (amounts.astype(float) * 100).round().astype("int64").sum()
    steps: dict[str, int] = {"list_eur": cents["list_eur"]}
    steps |= {column: -cents[column] for column in ON_INVOICE}
    steps["invoice_eur"] = sum(steps.values())
    steps |= {column: -cents[column] for column in OFF_INVOICE}
    steps["pocket_eur"] = steps["invoice_eur"] + sum(steps[column] for column in OFF_INVOICE)
    steps["cost_eur"] = -cents["cost_eur"]
    steps["margin_eur"] = steps["pocket_eur"] + steps["cost_eur"]
    return pd.Series(steps, dtype=float, name="eur") / 100


def amount(orders: pd.DataFrame, level: str, account_id: str | None = None) -> float:
    """One amount of the walk as a positive number, EUR: an index label of `price_waterfall`, or `off_invoice_eur`.

    `off_invoice_eur` is all that leaves after the invoice. `account_id`: see `pocket_price`. 0 without orders, as in
    the walk. ValueError when there is no such level.
    """
    walk = price_waterfall(of_account(orders, account_id)).abs()
    walk["off_invoice_eur"] = walk[list(OFF_INVOICE)].sum().round(2)
    if level not in walk.index:
        raise ValueError(f'the walk has no level "{level}". It has: {", ".join(walk.index)}.')
    return float(walk[level])


def pocket_price(orders: pd.DataFrame, account_id: str | None = None) -> float:
    """Pocket ÷ list: what is left of each euro of list price after everything we give, a fraction of **list**.

    Cost of goods is left out: it is no discount. `account_id` takes one account's orders, "largest" those of the
    account with the largest list value. NaN when nothing was ordered.
    """
    walk = price_waterfall(of_account(orders, account_id))
    return share(walk["pocket_eur"], walk["list_eur"])


def pocket_margin(orders: pd.DataFrame, account_id: str | None = None) -> float:
    """(Pocket − cost) ÷ pocket: what we keep of each euro we get, a fraction of **pocket**.

    The base is the money that arrives, not the list price nobody pays. `account_id`: see `pocket_price`. NaN when
    the pocket is zero.
    """
    walk = price_waterfall(of_account(orders, account_id))
    return share(walk["margin_eur"], walk["pocket_eur"])


def pocket_by_account(orders: pd.DataFrame) -> pd.DataFrame:
    """One row an account, indexed by `account_id`: `cases`, `list_eur`, `pocket_eur`, `pocket_price` (fraction)."""
    taken = ["on_invoice_eur", *OFF_INVOICE]
    sums = orders.groupby("account_id")[["cases", "list_eur", *taken]].sum()
    sums["pocket_eur"] = (sums["list_eur"] - sums[taken].sum(axis=1)).round(2)
    sums["pocket_price"] = sums["pocket_eur"] / sums["list_eur"].where(sums["list_eur"] != 0)
    return sums[["cases", "list_eur", "pocket_eur", "pocket_price"]]


def leaking_accounts(orders: pd.DataFrame, floor: float = 0.62) -> list[str]:
    """Accounts that get much and buy little: pocket below `floor` of list **and** cases below the median; ids, sorted.

    A deep discount is a fair price for volume. Without the volume it is a leak.
    """
    table = pocket_by_account(orders)
    keeps, buys = _keeps_and_buys(table, floor)
    return sorted(table.index[~keeps & ~buys & table["pocket_price"].notna()])


def _keeps_and_buys(table: pd.DataFrame, floor: float) -> tuple[pd.Series, pd.Series]:
    """Which accounts of `pocket_by_account` keep enough of list, and which buy enough; a leak does neither."""
    return table["pocket_price"] >= floor, table["cases"] >= table["cases"].median()


def account_options(orders: pd.DataFrame, accounts: pd.DataFrame, floor: float = 0.62) -> list[dict[str, str]]:
    """The accounts that ordered, for a "pick the leak" question: `id` and a line with name, cases, list and pocket.

    `lacks` says which half of the rule of `leaking_accounts` an account does not meet; "" for a leak.
    """
    table = pocket_by_account(orders)
    keeps, buys = _keeps_and_buys(table, floor)
    lacks = pd.Series("", index=table.index)
    lacks[buys] = "one buys no less than the account in the middle"
    lacks[keeps] = f"one keeps {floor:.0%} of list or more"
    names = accounts.drop_duplicates("account_id").set_index("account_id")["name"].reindex(table.index)
    text = (
        names.fillna(table.index.to_series()).astype(str)
        + table["cases"].map(" · {:,.0f} cases".format)
        + table["list_eur"].map(" · list €{:,.0f}".format)
        + table["pocket_eur"].map(" · pocket €{:,.0f}".format)
    )
    return [{"id": str(account), "text": line, "lacks": lacks[account]} for account, line in text.items()]


def of_account(orders: pd.DataFrame, account_id: str | None) -> pd.DataFrame:
    """The orders of one account; of the one with the largest list value for "largest"; all of them for None."""
    if account_id is None:
        return orders
    if account_id == "largest":
        listed = orders.groupby("account_id")["list_eur"].sum()
        account_id = listed.idxmax() if len(listed) else None
    return orders[orders["account_id"] == account_id]
