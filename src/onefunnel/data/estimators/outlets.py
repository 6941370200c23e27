"""Which outlets buy again, where we stand in them, and what became of machines: planted truths, everyday readings."""

from __future__ import annotations

import math

import pandas as pd

from onefunnel.data.tables import Tables

RULE_CASES = 12
GOOD_TYPES = ("cafe", "salon", "supermarket")
MONTH_DAYS = 365.25 / 12


def rule_outlets(tables: Tables) -> float:
    """How many outlets the old rule picks: those that bought twelve cases of anything a month, or more."""
    return float(_ruled(tables["outlets"]).sum())


def lower_income_depots(tables: Tables) -> float:
    """Share of beer-and-soda depots in lower-income areas among the old rule's outlets."""
    return float(_depots(tables["outlets"][_ruled(tables["outlets"])]).mean())


def lower_income_depots_in_a_territory(tables: Tables, extreme: str) -> float:
    """The smallest or largest such share of a territory (`extreme` is min or max)."""
    outlets = _with_territory(tables)
    ruled = outlets[_ruled(outlets)]
    return float(getattr(_depots(ruled).groupby(ruled["territory_id"]).mean(), extreme)())


def good_outlets(tables: Tables) -> float:
    """How many cafés, salons and supermarkets there are in middle- and higher-income areas."""
    return float(_good(tables["outlets"]).sum())


def repurchase(tables: Tables, outlets: str = "all") -> float:
    """Share of display units whose outlet bought again: all, the rule's, the good ones, or those of good types."""
    placed = _placed(tables)
    chosen = {
        "all": placed["fit_score"] >= 0,
        "rule": _ruled(placed),
        "good": _good(placed),
        "good_types": placed["outlet_type"].isin(GOOD_TYPES),
    }[outlets]
    return float(placed.loc[chosen, "repurchased_90d"].mean())


def lift_of_top_tenth(tables: Tables, score: str) -> float:
    """Rate of the tenth with the highest scores ÷ the rate of all. Equal scores stay together."""
    placed = _placed(tables)
    return float(placed.loc[_tenth(placed[score]) == 1, "repurchased_90d"].mean() / placed["repurchased_90d"].mean())


def top_to_bottom(tables: Tables, score: str) -> float:
    """Misread: the top tenth's rate ÷ the *bottom* tenth's."""
    placed = _placed(tables)
    rate = placed.groupby(_tenth(placed[score]))["repurchased_90d"].mean()
    return float(rate[1] / rate[10])


def cases_of_top_tenth(tables: Tables, score: str) -> float:
    """Misread: how many times the mean the top tenth *buys*, as if that were a chance to buy us again."""
    placed = _placed(tables)
    return float(placed.loc[_tenth(placed[score]) == 1, score].mean() / placed[score].mean())


def route_category(tables: Tables) -> float:
    """Category cases a month, mean of the outlets on the routes."""
    return float(_route(tables)["category_cases_month"].mean())


def route_share(tables: Tables) -> float:
    """Our cases of the last twelve months ÷ the routes' category."""
    route, orders = _route(tables), last_year(tables)
    ours = orders.loc[orders["account_id"].isin(route["account_id"]), "cases"].sum() / 12
    return float(ours / route["category_cases_month"].sum())


def share_of_route_outlets(tables: Tables) -> float:
    """Misread: outlets of the routes that stock us ÷ all of them."""
    return float(_route(tables)["account_id"].isin(tables["outlet_products"]["account_id"]).mean())


def customers_for_three_points(tables: Tables, extreme: str) -> float:
    """New customers of two cases a month for three points of share, in the territory with the fewest or the most."""
    category = _route(tables).groupby("territory_id")["category_cases_month"].sum()
    return float(getattr(category.map(lambda cases: math.ceil(0.03 * cases / 2)), extreme)())


def customers_for_three_percent_of_ours(tables: Tables, extreme: str) -> float:
    """Misread: three per cent of *our* cases."""
    orders = last_year(tables).merge(_route(tables)[["account_id", "territory_id"]], on="account_id")
    ours = orders.groupby("territory_id")["cases"].sum() / 12
    return float(getattr(ours.map(lambda cases: math.ceil(0.03 * cases / 2)), extreme)())


def numeric(tables: Tables, outlet_type: str = "") -> float:
    """Outlets that stock us ÷ all outlets (of a type)."""
    outlets = _of_type(tables, outlet_type)
    return float(outlets["stocks"].mean())


def weighted(tables: Tables, outlet_type: str = "") -> float:
    """Category cases of the outlets that stock us ÷ category cases of all (of a type)."""
    outlets = _of_type(tables, outlet_type)
    cases = outlets["category_cases_month"]
    return float(cases[outlets["stocks"]].sum() / cases.sum())


def added_over_products(tables: Tables) -> float:
    """Misread: the products' shares of outlets, added up."""
    return len(tables["outlet_products"]) / len(tables["outlets"])


def old_machines(tables: Tables, since: str = "installed_on", active_only: bool = True) -> float:
    """Machines of 60 months or more at `as_of`; misread since their order, or with the scrapped and failed."""
    machines = tables["machines"]
    months = (tables.as_of - machines[since]).dt.days / MONTH_DAYS
    counted = (months >= 60) & ((machines["status"] == "active") | (not active_only))
    return float(counted.sum())


def replaced_by_us(tables: Tables, talked: str) -> float:
    """Share of failed machines that ours replaced, of those talked about before or after they failed."""
    machines = tables["machines"]
    failed = machines[machines["status"].isin(["replaced", "lost"])]
    before = failed["talked_on"] < failed["ended_on"]
    return float((failed.loc[before == (talked == "before"), "status"] == "replaced").mean())


def last_year(tables: Tables) -> pd.DataFrame:
    """Order lines of outlets in the twelve months before `as_of`."""
    orders = tables["route_orders"]
    return orders[orders["ordered_on"] >= tables.as_of - pd.Timedelta(days=365)]


def _ruled(outlets: pd.DataFrame) -> pd.Series:
    return outlets["past_cases_month"] >= RULE_CASES


def _depots(outlets: pd.DataFrame) -> pd.Series:
    return (outlets["outlet_type"] == "depot") & (outlets["income_level"] == "lower")


def _good(outlets: pd.DataFrame) -> pd.Series:
    return outlets["outlet_type"].isin(GOOD_TYPES) & (outlets["income_level"] != "lower")


def _placed(tables: Tables) -> pd.DataFrame:
    return tables["placements"].merge(tables["outlets"], on="account_id")


def _with_territory(tables: Tables) -> pd.DataFrame:
    return tables["outlets"].merge(tables["accounts"][["account_id", "territory_id"]], on="account_id")


def _route(tables: Tables) -> pd.DataFrame:
    outlets = _with_territory(tables)
    return outlets[outlets["on_route"]]


def _of_type(tables: Tables, outlet_type: str) -> pd.DataFrame:
    outlets = tables["outlets"]
    outlets = outlets.assign(stocks=outlets["account_id"].isin(tables["outlet_products"]["account_id"]))
    return outlets[outlets["outlet_type"] == outlet_type] if outlet_type else outlets


def _tenth(score: pd.Series) -> pd.Series:
    """1 for the highest scores … 10 for the lowest; equal scores share the tenth of their middle place."""
    place = score.rank(ascending=False)
    return ((place * 10 / len(score)).round(9)).map(math.ceil)
