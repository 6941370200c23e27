"""Win rates by place, call, brand and pushes: the planted truths, and their everyday readings."""

from __future__ import annotations

import pandas as pd

from onefunnel.data.estimators.funnel import _decided
from onefunnel.data.tables import Tables

# ---- places (PT10) -----------------------------------------------------------------------------------------------


def territory_rate(tables: Tables, territory: str) -> float:
    """Win rate of one territory."""
    return float(_by_territory(tables)["mean"][territory])


def others_rate(tables: Tables, apart: str) -> float:
    """Win rate of all territories but one, together."""
    deals = _decided(tables)
    return float(_won(deals[deals["territory_id"] != apart]).mean())


def others_extreme(tables: Tables, apart: str, highest: bool) -> float:
    """The highest or the lowest win rate among the other territories."""
    rates = _by_territory(tables)["mean"].drop(apart)
    return float(rates.max() if highest else rates.min())


def spread_against_chance(tables: Tables, apart: str | None = None) -> float:
    """Spread (standard deviation) of the territories' win rates ÷ what chance alone gives with so many deals each."""
    rates = _by_territory(tables)
    rates = rates if apart is None else rates.drop(apart)
    common = float((rates["mean"] * rates["size"]).sum() / rates["size"].sum())
    by_chance = common * (1 - common) / rates["size"]
    return float((((rates["mean"] - common) ** 2).mean() / by_chance.mean()) ** 0.5)


# ---- comparisons (PT11, PT29) ------------------------------------------------------------------------------------


def rate_where(tables: Tables, **facts: str | bool) -> float:
    """Win rate of the decided deals with these facts, such as joint_call=True, purchase_type="rebuy", segment="A"."""
    return float(_won(_with_facts(tables, facts)).mean())


def share_where(tables: Tables, fact: str, value: str | bool, **facts: str | bool) -> float:
    """Share with one more fact among the decided deals with these facts."""
    return float((_with_facts(tables, facts)[fact] == value).mean())


def gap_within(tables: Tables, fact: str, within: str) -> float:
    """Win rate with the fact less without it, compared within each group; the groups' gaps count the same."""
    deals = _with_facts(tables, {})
    rates = _won(deals).groupby([deals[within], deals[fact].astype(bool)]).mean().unstack()
    return float((rates[True] - rates[False]).mean())


def raw_gap(tables: Tables, fact: str, within: str) -> float:
    """Misread: the same gap over all deals, whichever group they are in."""
    deals = _with_facts(tables, {})
    rates = _won(deals).groupby(deals[fact].astype(bool)).mean()
    return float(rates[True] - rates[False])


# ---- pushes (PT15) -----------------------------------------------------------------------------------------------


def pushed_rate(tables: Tables, least: int, most: int = 99) -> float:
    """Win rate of the decided deals whose planned close was moved so often (both ends included)."""
    return float(_won(_decided(tables))[_pushes(tables).between(least, most)].mean())


def pushed_share(tables: Tables, least: int, most: int = 99) -> float:
    """Share of the decided deals whose planned close was moved so often (both ends included)."""
    return float(_pushes(tables).between(least, most).mean())


def alive_rate(tables: Tables, least: int, most: int = 99) -> float:
    """Misread: a pushed deal is still alive, so it is given the rate of any deal."""
    return float(_won(_decided(tables)).mean())


# ---- helpers -----------------------------------------------------------------------------------------------------


def _won(deals: pd.DataFrame) -> pd.Series:
    return deals["outcome"] == "won"


def _by_territory(tables: Tables) -> pd.DataFrame:
    deals = _decided(tables)
    return _won(deals).groupby(deals["territory_id"]).agg(["mean", "size"])


def _with_facts(tables: Tables, facts: dict[str, str | bool]) -> pd.DataFrame:
    deals = _decided(tables)
    segment = tables["accounts"].set_index("account_id")["segment"]
    deals = deals.assign(segment=deals["account_id"].map(segment))
    for name, value in facts.items():
        deals = deals[deals[name] == value]
    return deals


def _pushes(tables: Tables) -> pd.Series:
    moves = tables["close_date_moves"].groupby("opp_id").size()
    return _decided(tables)["opp_id"].map(moves).fillna(0)
