"""Micromarkets, plays and the cost of a customer: the planted truths, and their everyday readings."""

from __future__ import annotations

import numpy as np
import pandas as pd

from onefunnel.data.estimators.rates import gap_bound
from onefunnel.data.tables import Tables

CAP = 0.5  # of today's budget, either way
STEP_EUR = 500.0


# ---- PT32: where the next euro goes ---------------------------------------------------------------------------------


def share_of_top(tables: Tables, column: str, top: int) -> float:
    """Share of a column that stands in the `top` micromarkets with the highest customer value (negative: lowest)."""
    rows = tables["micromarkets"].assign(worth=_worth(tables))
    ordered = rows.sort_values("worth", ascending=top < 0)
    return float(ordered[column].head(abs(top)).sum() / rows[column].sum())


def next_euro(tables: Tables, micromarket: str) -> float:
    """Five-year contribution of one euro more than today's budget."""
    row = _row(tables, micromarket)
    spent = np.array([row["budget_eur"], row["budget_eur"] + 1.0])
    lower, higher = row["ceiling_eur"] * (1 - np.exp(-spent / row["scale_eur"]))
    return float(higher - lower)


def average_euro(tables: Tables, micromarket: str) -> float:
    """Misread: contribution so far ÷ budget."""
    row = _row(tables, micromarket)
    return float(row["ceiling_eur"] * (1 - np.exp(-row["budget_eur"] / row["scale_eur"])) / row["budget_eur"])


def best_gain(tables: Tables) -> float:
    """Gain in contribution of the best split within the caps, found in small steps, a fraction of today's."""
    rows = tables["micromarkets"]
    today = rows["budget_eur"].to_numpy(dtype=float)
    plan, most = today * (1 - CAP), today * (1 + CAP)
    while plan.sum() + STEP_EUR <= today.sum():
        one_more = np.where(plan + STEP_EUR <= most, _brings(rows, plan + STEP_EUR) - _brings(rows, plan), -1.0)
        plan[one_more.argmax()] += STEP_EUR
    return _gain(rows, plan)


def gain_of_cut(tables: Tables, cut: float) -> float:
    """Gain when this share of the budget of the two least worthy goes to the three most, by their potential."""
    rows = tables["micromarkets"]
    order = np.argsort(-_worth(tables).to_numpy())
    plan = rows["budget_eur"].to_numpy(dtype=float).copy()
    freed = plan[order[-2:]] * cut
    plan[order[-2:]] -= freed
    potential = rows["potential_share"].to_numpy()[order[:3]]
    plan[order[:3]] += freed.sum() * potential / potential.sum()
    return _gain(rows, plan)


def gain_of_sales(tables: Tables) -> float:
    """Share of the best gain when the budget follows today's sales."""
    rows = tables["micromarkets"]
    plan = rows["budget_eur"].sum() * (rows["sales_eur"] / rows["sales_eur"].sum()).to_numpy()
    return _gain(rows, plan) / best_gain(tables)


def gain_of_worth(tables: Tables) -> float:
    """Misread of the best split: as much as the caps allow to those with the highest customer value, in that order."""
    rows = tables["micromarkets"]
    today = rows["budget_eur"].to_numpy(dtype=float)
    plan = today * (1 - CAP)
    for place in np.argsort(-_worth(tables).to_numpy()):
        plan[place] += min(today[place] * 2 * CAP, today.sum() - plan.sum())
    return _gain(rows, plan)


def goals_ratio(tables: Tables, column: str) -> float:
    """A goal of all cells ÷ the territories' goal of all cells, less one."""
    rows = tables["micromarket_segments"]
    return float(rows[column].sum() / rows["territory_goal_eur"].sum() - 1)


def goals_added(tables: Tables, column: str) -> float:
    """Misread: both goals added up ÷ the territories', less one."""
    rows = tables["micromarket_segments"]
    return float((rows["territory_goal_eur"] + rows["segment_goal_eur"]).sum() / rows["territory_goal_eur"].sum() - 1)


# ---- PT33: plays ----------------------------------------------------------------------------------------------------


def play_gap(tables: Tables, experiment: str, stratum: str = "") -> float:
    """Success rate with the play less without, at the planned end."""
    treated, control = _arms(tables, experiment, stratum, early=False)
    return treated[0] / treated[1] - control[0] / control[1]


def play_gap_early(tables: Tables, experiment: str, stratum: str = "") -> float:
    """Misread: the same on the day somebody looked before the end."""
    treated, control = _arms(tables, experiment, stratum, early=True)
    return treated[0] / treated[1] - control[0] / control[1]


def play_bound(tables: Tables, experiment: str, side: str) -> float:
    """Lower or upper end of Newcombe's interval (method 10) of the gap at the planned end."""
    return gap_bound(*_arms(tables, experiment, "", early=False), side)


def play_gap_of_all(tables: Tables, experiment: str, side: str = "", stratum: str = "") -> float:
    """Misread: the bare gap of everybody, where an end of its interval or a part of the firms was asked for."""
    return play_gap(tables, experiment)


# ---- PT45: cost and worth of a customer -----------------------------------------------------------------------------


def cost_of_customer(tables: Tables, kinds: list[str] | None = None, lag: int = 3, months: int = 12) -> float:
    """Cost ÷ firms won in the last `months`; the cost is that of `lag` months earlier. EUR a customer."""
    costs, won = tables["costs"], tables["new_customers"]
    last = sorted(won["month"].unique())[-months:]
    paid = (pd.PeriodIndex(last, freq="M") - lag).astype(str)
    counted = costs["month"].isin(paid) & (costs["kind"].isin(kinds) if kinds else True)
    return float(costs.loc[counted, "eur"].sum() / won.loc[won["month"].isin(last), "customers"].sum())


def customer_value(tables: Tables, micromarket: str, discount: float = 0.10) -> float:
    """Present value of a customer's margins for 200 years, the first paid at once, EUR."""
    row = _row(tables, micromarket)
    return float(sum(row["margin_eur"] * (row["retention"] / (1 + discount)) ** year for year in range(200)))


def customer_value_undiscounted(tables: Tables, micromarket: str) -> float:
    """Misread: margin ÷ the share that leaves each year."""
    row = _row(tables, micromarket)
    return float(row["margin_eur"] / (1 - row["retention"]))


def micromarkets_below_cost(tables: Tables, kinds: list[str] | None = None) -> float:
    """Micromarkets in which a customer is worth less than one costs."""
    return float((_worth(tables) < cost_of_customer(tables, kinds)).sum())


# ---------------------------------------------------------------------------------------------------------------------


def _row(tables: Tables, micromarket: str) -> pd.Series:
    rows = tables["micromarkets"]
    return rows[rows["micromarket"] == micromarket].iloc[0]


def _worth(tables: Tables) -> pd.Series:
    rows = tables["micromarkets"]
    return pd.Series([customer_value(tables, name) for name in rows["micromarket"]], index=rows.index)


def _brings(rows: pd.DataFrame, plan: np.ndarray) -> np.ndarray:
    return rows["ceiling_eur"].to_numpy() * (1 - np.exp(-plan / rows["scale_eur"].to_numpy()))


def _gain(rows: pd.DataFrame, plan: np.ndarray) -> float:
    return float(_brings(rows, plan).sum() / _brings(rows, rows["budget_eur"].to_numpy(dtype=float)).sum() - 1)


def _arms(tables: Tables, experiment: str, stratum: str, early: bool) -> list[tuple[float, float]]:
    """(successes, n) of treated, then control; strata added up unless one is named."""
    rows = tables["experiments"]
    rows = rows[(rows["experiment_id"] == experiment) & ((rows["looked_on"] < rows["planned_end"]) == early)]
    if stratum:
        rows = rows[rows["stratum"] == stratum]
    sums = rows.groupby("arm")[["successes", "n"]].sum()
    return [tuple(sums.loc[arm]) for arm in ("treated", "control")]
