"""From list price to margin and profit: the planted truths, and their everyday readings."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from onefunnel.data.book import OFF_LIST
from onefunnel.data.tables import Tables


def share_of_list(tables: Tables, component: str) -> float:
    """A component's euros ÷ list euros, over all lines."""
    orders = tables["orders"]
    return float(orders[component].sum() / orders["list_eur"].sum())


def pocket(tables: Tables) -> float:
    """What is left of the list price after everything that comes off."""
    return 1 - sum(share_of_list(tables, component) for component in OFF_LIST)


def invoice(tables: Tables) -> float:
    """Misread: what the invoice says is left of the list price."""
    return 1 - share_of_list(tables, "on_invoice_eur")


def pocket_margin(tables: Tables) -> float:
    """(Pocket − cost) ÷ pocket."""
    return 1 - share_of_list(tables, "cost_eur") / pocket(tables)


def margin_on_list(tables: Tables) -> float:
    """Misread: the same margin ÷ list."""
    return pocket(tables) - share_of_list(tables, "cost_eur")


def leaks_a_territory(tables: Tables, floor: float) -> float:
    """Accounts below the floor with fewer cases than the territory's median; −1 if territories differ."""
    shops = _shops(tables)
    counts = _leaking(shops, floor).groupby(shops["territory_id"]).sum()
    return float(counts.iloc[0]) if counts.nunique() == 1 else -1.0


def leaks_among_largest_discounts(tables: Tables, floor: float) -> float:
    """Misread: of the two accounts a territory with the largest discount in euros, how many leak (mean)."""
    shops = _shops(tables)
    order = shops.groupby("territory_id")["off_eur"].rank(ascending=False, method="first")
    return float((_leaking(shops, floor) & (order <= 2)).groupby(shops["territory_id"]).sum().mean())


def discount_volume_correlation(tables: Tables, in_euros: bool = False) -> float:
    """Pearson correlation over packaged accounts of cases and the discount (share of list; misread: in euros)."""
    shops = _shops(tables)
    discount = shops["off_eur"] if in_euros else 1 - shops["pocket"]
    return float(np.corrcoef(shops["cases"], discount)[0, 1])


def operating_margin(tables: Tables) -> float:
    """(Revenue − all costs) ÷ revenue of the last four quarters."""
    return _margin(tables, lambda line: line != "revenue")


def gross_margin(tables: Tables) -> float:
    """Misread: only the cost of goods taken off."""
    return _margin(tables, lambda line: line == "cost_of_goods")


def _shops(tables: Tables) -> pd.DataFrame:
    """Packaged accounts: cases, euros off list, pocket as a share of list, territory."""
    orders = tables["orders"]
    sums = orders.groupby("account_id")[["cases", "list_eur", *OFF_LIST]].sum()
    frame = pd.DataFrame({"cases": sums["cases"], "off_eur": sums[list(OFF_LIST)].sum(axis=1)})
    frame["pocket"] = 1 - frame["off_eur"] / sums["list_eur"]
    frame["territory_id"] = tables["accounts"].set_index("account_id")["territory_id"].reindex(frame.index)
    return frame


def _leaking(shops: pd.DataFrame, floor: float) -> pd.Series:
    median = shops.groupby("territory_id")["cases"].transform("median")
    return (shops["pocket"] < floor) & (shops["cases"] < median)


def _margin(tables: Tables, counted: Callable[[str], bool]) -> float:
    lines = tables["profit_and_loss"]
    last = sorted(lines["quarter"].unique())[-4:]
    lines = lines[lines["quarter"].isin(last)]
    revenue = lines.loc[lines["line"] == "revenue", "eur"].sum()
    costs = lines.loc[[counted(line) and line != "revenue" for line in lines["line"]], "eur"].sum()
    return float((revenue - costs) / revenue)
