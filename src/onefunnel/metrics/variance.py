"""Why a quarter fell short of the same quarter a year before, and the numbers that two functions can share.

Tables: `route_orders` (`delivery_id`, `account_id`, `ordered_on`, `cases`, `net_eur`, `cost_eur`), `visits` (`date`),
`shelf_checks` (`checked_on`, `facings`, `empty`) and `pay_trial` (`paid_on`, `mqls`, `margin_eur`, …; a row a quarter).
Money is EUR, shares are fractions. A quarter is named by its `year` and its number, 1 to 4.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from onefunnel.metrics import scorecard
from onefunnel.metrics.ratio import share

#: `revenue_factors` under short names, in its order.
FACTORS = dict(zip(scorecard.FACTORS, ("customers", "orders", "cases", "price"), strict=True))

#: Fewer calls than this, against the year before, and the work in the field is the first place to look.
FEWER_VISITS = -0.10

#: Variable pay of one person a year at 100 % of target, EUR: what examples of pay start from.
VARIABLE_EUR = {"marketing": 12_000.0, "sales": 30_000.0}

#: Nobody with an order in these months is a new account.
LOOK_BACK_MONTHS = 24


def in_quarter(rows: pd.DataFrame, column: str, year: int, quarter: int = 1) -> pd.DataFrame:
    """The rows whose date in `column` lies in that quarter."""
    start = pd.Timestamp(year, 3 * quarter - 2, 1)
    return rows[(rows[column] >= start) & (rows[column] < start + pd.DateOffset(months=3))]


def factors(route_orders: pd.DataFrame, year: int, quarter: int = 1) -> pd.Series:
    """The four factors of a quarter's net revenue: `scorecard.revenue_factors` of its orders."""
    return scorecard.revenue_factors(in_quarter(route_orders, "ordered_on", year, quarter), "net_eur")


def factor_changes(route_orders: pd.DataFrame, year: int, quarter: int = 1) -> pd.Series:
    """Change of each factor against the year before, a fraction. Index: customers, orders, cases, price."""
    now, before = (factors(route_orders, at, quarter) for at in (year, year - 1))
    return (now / before - 1).rename(FACTORS)


def fell_most(route_orders: pd.DataFrame, year: int, quarter: int = 1) -> str:
    """The factor with the lowest change: customers, orders, cases or price. ValueError without orders in both years."""
    changes = factor_changes(route_orders, year, quarter)
    if changes.isna().all():
        raise ValueError(f"there are no orders in quarter {quarter} of {year} or of the year before.")
    return str(changes.idxmin())


def deepest_fall(route_orders: pd.DataFrame, year: int, quarter: int = 1) -> float:
    """That factor's change, a fraction below 0 if anything fell."""
    return float(factor_changes(route_orders, year, quarter).min())


def revenue_change(route_orders: pd.DataFrame, year: int, quarter: int = 1) -> float:
    """Change of net revenue against the year before: 1 + change is the product of the factors' 1 + change.

    NaN when one of the two quarters has no order.
    """
    return float((1 + factor_changes(route_orders, year, quarter)).prod(skipna=False) - 1)


def visit_change(visits: pd.DataFrame, year: int, quarter: int = 1) -> float:
    """Change of the number of calls against the year before, a fraction."""
    now, before = (len(in_quarter(visits, "date", at, quarter)) for at in (year, year - 1))
    return share(now, before) - 1


def empty_share(shelf_checks: pd.DataFrame, year: int, quarter: int = 1) -> float:
    """Empty places ÷ places checked in a quarter."""
    rows = in_quarter(shelf_checks, "checked_on", year, quarter)
    return share(rows["empty"].sum(), rows["facings"].sum())


def where_to_look(visits: pd.DataFrame, year: int, quarter: int = 1) -> str:
    """ "execution" when calls fell by more than a tenth, else "mix" (product, price, place or promotion).

    ValueError when there was no call in one of the two years: then nobody can say.
    """
    change = visit_change(visits, year, quarter)
    if math.isnan(change):
        raise ValueError(f"no visits are known for quarter {quarter} of {year} and of the year before.")
    return "execution" if change < FEWER_VISITS else "mix"


def money(route_orders: pd.DataFrame, level: str, year: int, quarter: int = 1) -> float:
    """Sum of a quarter: `level` is revenue (net), cost, margin (revenue − cost) or cases."""
    rows = in_quarter(route_orders, "ordered_on", year, quarter)
    sums = {"revenue": rows["net_eur"].sum(), "cost": rows["cost_eur"].sum(), "cases": rows["cases"].sum()}
    return float({**sums, "margin": sums["revenue"] - sums["cost"]}[level])


def margin_growth(route_orders: pd.DataFrame, year: int, quarter: int = 1) -> float:
    """Gross margin of the quarter ÷ that of the year before − 1."""
    now, before = (money(route_orders, "margin", at, quarter) for at in (year, year - 1))
    return share(now, before) - 1


def buyers(route_orders: pd.DataFrame, year: int, quarter: int = 1) -> int:
    """Accounts with an order in the quarter."""
    return in_quarter(route_orders, "ordered_on", year, quarter)["account_id"].nunique()


def buyers_before(route_orders: pd.DataFrame, year: int, quarter: int = 1, months: int = LOOK_BACK_MONTHS) -> int:
    """Of the quarter's buyers, those who had also ordered in the `months` before it."""
    start = pd.Timestamp(year, 3 * quarter - 2, 1)
    days = route_orders["ordered_on"]
    earlier = route_orders.loc[(days >= start - pd.DateOffset(months=months)) & (days < start), "account_id"]
    return len(set(in_quarter(route_orders, "ordered_on", year, quarter)["account_id"]) & set(earlier))


def new_accounts(route_orders: pd.DataFrame, year: int, quarter: int = 1, months: int = LOOK_BACK_MONTHS) -> int:
    """Accounts that ordered in the quarter and not once in the `months` before it."""
    return buyers(route_orders, year, quarter) - buyers_before(route_orders, year, quarter, months)


def pay_mean(pay_trial: pd.DataFrame, measure: str, paid_on: str) -> float:
    """Mean a quarter of a measure in the year paid on `paid_on` (margin or mql)."""
    return float(pay_trial.loc[pay_trial["paid_on"] == paid_on, measure].mean())


def pay_growth(pay_trial: pd.DataFrame, measure: str) -> float:
    """Change of a measure from the year paid on margin to the year paid on marketing-qualified leads."""
    return share(pay_mean(pay_trial, measure, "mql"), pay_mean(pay_trial, measure, "margin")) - 1


def pay_cost(pay_trial: pd.DataFrame, quarters: int) -> float:
    """Margin that the change cost in so many quarters, EUR; above 0 is a loss."""
    return (pay_mean(pay_trial, "margin_eur", "margin") - pay_mean(pay_trial, "margin_eur", "mql")) * quarters


def pay_effect(pay_trial: pd.DataFrame, measure: str, at: float) -> float:
    """Change of the lead team's pay when it did again what it did: own measure at 1 − `at`, margin at `at`.

    Pay is taken to follow each number in proportion, so (1 − at) × growth of the measure + at × growth of margin.
    """
    return (1 - at) * pay_growth(pay_trial, measure) + at * pay_growth(pay_trial, "margin_eur")


def neutral_share(pay_trial: pd.DataFrame, measure: str) -> float:
    """The smallest shared part of pay at which that behaviour pays nothing: g ÷ (g + loss), both as fractions.

    From (1 − s) × g = s × loss, with g the growth of the team's own measure and loss the fall of the margin.
    """
    grown, lost = pay_growth(pay_trial, measure), -pay_growth(pay_trial, "margin_eur")
    return share(grown, grown + lost)


def quarters_of(pay_trial: pd.DataFrame, paid_on: str) -> int:
    """How many quarters were paid on `paid_on`."""
    return int((pay_trial["paid_on"] == paid_on).sum())


def decided_deals(opportunities: pd.DataFrame, outcomes: Sequence[str]) -> int:
    """How many deals ended in one of these outcomes."""
    return int(opportunities["outcome"].isin(list(outcomes)).sum())


def decided_euros(opportunities: pd.DataFrame, outcomes: Sequence[str]) -> float:
    """The euros of these deals."""
    return float(opportunities.loc[opportunities["outcome"].isin(list(outcomes)), "amount_eur"].sum())
