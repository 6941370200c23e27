"""What both functions look at: why revenue changed, share of the market, uplift of a fit score, and shared pay.

Tables: `orders` (one row a line: `account_id`, `delivery_id`, `cases`, and the money column), `results` (`measure`,
`target`, `actual`) and `plan` (`function`, `measure`, `weight`). Money is EUR, shares are fractions.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from onefunnel.metrics.ratio import share

#: Their product is revenue.
FACTORS = ("customers", "orders_per_customer", "cases_per_order", "price_eur")
DECILES = 10

#: Nothing is paid below this share of the target, and no more than the cap above it.
PAY_FLOOR = 0.80
PAY_CAP = 1.50


def revenue_factors(orders: pd.DataFrame, money: str = "list_eur") -> pd.Series:
    """customers, orders_per_customer, cases_per_order, price_eur (a case): their product is the sum of `money`.

    A customer is an account with an order, an order is a `delivery_id`. The price is what was paid on average, so it
    holds the mix of products too. A factor that cannot be told (no customer, no case) is NaN, and so is the tree.
    """
    customers, deliveries = orders["account_id"].nunique(), orders["delivery_id"].nunique()
    cases, revenue = orders["cases"].sum(), orders[money].sum()
    values = (float(customers), share(deliveries, customers), share(cases, deliveries), share(revenue, cases))
    return pd.Series(values, index=list(FACTORS), name="value", dtype=float)


def revenue_tree(before: Mapping[str, float] | pd.Series, after: Mapping[str, float] | pd.Series) -> pd.Series:
    """What each factor did to revenue, EUR. Index: the four of `FACTORS`, and `total`.

    Method: **Shapley value**. Change the factors one after another in all 24 orders and take the mean of each one's
    step; so no order of telling decides, and nothing is left over. Effects are whole cents and add to `total`
    (after − before) exactly; the cents that rounding leaves go to the largest remainders. Percentages of factors do
    *not* add (−2, −1, −8, +3 make −8.1 %, not −8.0). It says where, not why: put visits and empty shelves beside it.
    NaN for all when a factor is missing. Source: Shorrocks, Journal of Economic Inequality 11 (2013).
    """
    start, end = (np.array([float(values[name]) for name in FACTORS]) for values in (before, after))
    effects = np.zeros(len(FACTORS))
    for order in (orders := list(permutations(range(len(FACTORS))))):
        level = start.copy()
        for place in order:
            was = level.prod()
            level[place] = end[place]
            effects[place] += level.prod() - was
    cents = _whole_cents(effects / len(orders), end.prod() - start.prod())
    return pd.Series([*cents, cents.sum()], index=[*FACTORS, "total"], name="eur") / 100


def share_after(share_now: ArrayLike, growth: ArrayLike, market_growth: ArrayLike) -> float | np.ndarray:
    """Share of market after both have grown: share × (1 + growth) ÷ (1 + market growth). 18 % at +9 v +12: 17.5 %.

    ValueError when the market shrinks by all of it.
    """
    market = np.asarray(market_growth, dtype=float)
    if (market <= -1).any():
        raise ValueError("a market growth of -100 % or beyond leaves no market. Use a fraction such as 0.12.")
    result = np.asarray(share_now, dtype=float) * (1 + np.asarray(growth, dtype=float)) / (1 + market)
    return float(result) if result.ndim == 0 else result


def share_change(share_now: ArrayLike, growth: ArrayLike, market_growth: ArrayLike) -> float | np.ndarray:
    """Change of market share in **points** (0.01 is one point): `share_after` − share now. Give value and volume."""
    return share_after(share_now, growth, market_growth) - np.asarray(share_now, dtype=float)


def uplift_by_decile(score: ArrayLike, success: ArrayLike) -> pd.DataFrame:
    """How much better the best-scored tenth does: one row a decile, 1 = highest scores, indexed `decile`.

    Columns: `cases`, `successes`, `rate`, `uplift` (rate ÷ rate of **all**; 1 is no better than chance). Equal scores
    stay together, so deciles may be uneven or missing. Pairs with a missing side are left out. `uplift` is NaN without
    any success. ValueError when the lists differ in length.
    """
    rows = pd.DataFrame({"score": _column(score), "success": _column(success)}).dropna()
    place = rows["score"].rank(ascending=False, method="average")
    decile = np.ceil(np.round(place * DECILES / max(len(rows), 1), 9)).clip(1, DECILES).astype(int)
    by = rows["success"].astype(float).groupby(decile.rename("decile"))
    table = pd.DataFrame({"cases": by.size(), "successes": by.sum(), "rate": by.mean()})
    overall = rows["success"].astype(float).mean() if len(rows) else float("nan")
    table["uplift"] = table["rate"] / overall if overall else float("nan")
    return table


def payout(attainment: ArrayLike, floor: float = PAY_FLOOR, cap: float = PAY_CAP) -> np.ndarray:
    """Share of the variable pay that actual ÷ target earns: 0 below `floor`, itself above, up to `cap`."""
    reached = np.asarray(attainment, dtype=float)
    return np.where(reached < floor, 0.0, np.minimum(reached, cap))


def shared_pay(
    plan: pd.DataFrame,
    results: pd.DataFrame,
    variable_eur: Mapping[str, float],
    shared_measure: str,
    shared_share: float,
    gates: tuple[str, ...] = (),
) -> pd.DataFrame:
    """Variable pay of each function when part of it hangs on one shared number: one row a function, sorted by label.

    own = variable × (1 − shared share) × Σ weight × payout of the function's own measures (weights add to 1);
    shared = variable × shared share × payout of `shared_measure`. Each measure in `gates` (service level, say) must
    reach its target, or nobody gets the shared part. Columns: `own_eur`, `shared_eur`, `pay_eur`, `of_variable`.
    A measure without a result, weights that do not add to 1, or a share outside 0 to 1 is a ValueError: a plan that
    cannot be computed cannot be agreed. NaN where a target is 0.
    """
    if not 0 <= shared_share <= 1:
        raise ValueError(f"a shared share of {shared_share} is no share of pay. Use a fraction from 0 to 1.")
    missing = sorted({*plan["measure"], shared_measure, *gates} - set(results["measure"]))
    if missing:
        raise ValueError(
            f"results: no row for {', '.join(missing)}. Every measure of the plan needs target and actual."
        )
    weights = plan.groupby("function")["weight"].sum()
    if (off := weights[(weights - 1).abs() > 1e-9].index.tolist()) or set(weights.index) != set(variable_eur):
        raise ValueError(
            f"plan: weights must add to 1 for each function with variable pay (look at {off or 'the names'})."
        )
    row = results.drop_duplicates("measure").set_index("measure")
    reached = row["actual"] / row["target"].where(row["target"] != 0)
    earned = pd.Series(payout(reached), index=reached.index).where(reached.notna())
    own = (plan["weight"] * plan["measure"].map(earned)).groupby(plan["function"]).sum(min_count=1)
    own = own.where(plan["measure"].map(earned).notna().groupby(plan["function"]).all())
    variable = pd.Series(dict(variable_eur), dtype=float).sort_index()
    is_open = all(reached[name] >= 1 for name in gates)
    table = pd.DataFrame(
        {
            "own_eur": variable * (1 - shared_share) * own,
            "shared_eur": variable * shared_share * (earned[shared_measure] if is_open else 0.0),
        }
    )
    table["pay_eur"] = table["own_eur"] + table["shared_eur"]
    table["of_variable"] = table["pay_eur"] / variable.where(variable != 0)
    return table.rename_axis("function")


def _column(values: ArrayLike) -> np.ndarray:
    return np.asarray(values, dtype=float)


def _whole_cents(effects: np.ndarray, total: float) -> np.ndarray:
    """Effects in whole cents that add to the rounded total: the missing cents go to the largest remainders."""
    if not np.isfinite(effects).all():
        return np.full(len(effects), np.nan)
    exact = effects * 100
    cents = np.floor(exact)
    missing = round(round(total * 100) - cents.sum())
    largest_first = np.argsort(-(exact - cents), kind="stable")
    cents[largest_first[:missing]] += 1
    return cents
