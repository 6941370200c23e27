"""Which outlets to send a display unit to: what a test with outlets drawn at random says, and what a plan brings.

Tables: `outlets` (six facts, `fit_score`, `past_cases_month`), `placements` (EXP-03: `account_id`,
`repurchased_90d`), `machines` (`installed_on`, `ordered_on`, `status`), `touches`, `opportunities`, `contacts`. Shares
are fractions, ages months.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import pandas as pd

from onefunnel.metrics import levers, rules
from onefunnel.metrics.ratio import share
from onefunnel.metrics.scorecard import uplift_by_decile

TYPES = ("cafe", "salon", "supermarket", "corner_shop", "depot")
TYPE_NAMES = {
    "cafe": "Cafés",
    "salon": "Salons",
    "supermarket": "Supermarkets",
    "corner_shop": "Corner shops",
    "depot": "Beer-and-soda depots",
}
AREAS = {"lower": "in lower-income areas", "better": "in middle- or higher-income areas"}
TERRITORIES = 24

DUE_MONTHS = 60
MONTH_DAYS = 365.25 / 12


# ---- what the test says ------------------------------------------------------------------------------------------


def placed(placements: pd.DataFrame, outlets: pd.DataFrame) -> pd.DataFrame:
    """The outlets of the test with their facts, and whether each ordered again."""
    return placements.merge(outlets, on="account_id")


def again_rate(placements: pd.DataFrame, outlets: pd.DataFrame, rule: rules.Rule) -> float:
    """Share of the tested outlets that the rule picks which ordered again; NaN when it picks none."""
    return rules.mean_of(placed(placements, outlets), rule, "repurchased_90d")


def again_of(placements: pd.DataFrame, outlets: pd.DataFrame, rule: rules.Rule, units: int) -> float:
    """How many of so many units' outlets order again, at the rule's rate in the test; NaN when it picks none."""
    return units * again_rate(placements, outlets, rule)


def rule_lift(
    placements: pd.DataFrame, outlets: pd.DataFrame, rule: rules.Rule, than: rules.Rule, fewest: int = 1
) -> float:
    """Rate of a rule in the test ÷ that of the rule `than`. NaN when the rule picks fewer than `fewest` of **all**
    outlets: then there are not enough of them to take the units."""
    if rules.too_few(outlets, rule, fewest):
        return float("nan")
    return rules.lift(placed(placements, outlets), rule, "repurchased_90d", than)


def top_tenth(placements: pd.DataFrame, outlets: pd.DataFrame, score: str, part: str) -> float:
    """One number of the tenth of tested outlets with the highest `score`, by name in `part`.

    rate: share that ordered again; bottom: that share in the lowest tenth; all: in the whole test; orders: how many of
    the top tenth ordered again; all_orders: how many of all; lift: rate ÷ all. Equal scores share a tenth. NaN when
    no outlet was tested, KeyError for another name.
    """
    rows = placed(placements, outlets)
    if rows.empty:
        return float("nan")
    table = uplift_by_decile(rows[score], rows["repurchased_90d"])
    again = rows["repurchased_90d"]
    return float(
        {
            "rate": table["rate"].iloc[0],
            "bottom": table["rate"].iloc[-1],
            "all": again.mean(),
            "orders": table["successes"].iloc[0],
            "all_orders": again.sum(),
            "lift": table["uplift"].iloc[0],
        }[part]
    )


# ---- fifty units in a territory ----------------------------------------------------------------------------------


def group_of(outlets: pd.DataFrame) -> pd.Series:
    """Each outlet's group: its type, a dot, and lower or better for the income of the area."""
    area = outlets["income_level"].map({"lower": "lower", "middle": "better", "higher": "better"})
    return (outlets["outlet_type"] + "." + area).rename("group")


def group_rates(placements: pd.DataFrame, outlets: pd.DataFrame) -> pd.DataFrame:
    """One row a group (type × area): `outlets` of the test, and the `rate` that ordered again."""
    rows = placed(placements, outlets)
    by = rows["repurchased_90d"].groupby(group_of(rows))
    return pd.DataFrame({"outlets": by.size(), "rate": by.mean()})


def group_rows(outlets: pd.DataFrame, units: int, rule: rules.Rule) -> list[dict[str, object]]:
    """The groups of an average territory for an "allocate" question: `id`, `text`, `start` and `max`.

    `max` is a 24th of the group's outlets, rounded down. `start` is how the rule spreads the units today: by how many
    of its outlets lie in each group, the rest of a unit to the largest remainders, never more than `max`. ValueError
    when all groups together have room for less.
    """
    most = (group_of(outlets).value_counts() // TERRITORIES).to_dict()
    if sum(most.values()) < units:
        raise ValueError(f"an average territory has {sum(most.values())} outlets, so {units} units find no place.")
    wanted = group_of(rules.picked(outlets, rule)).value_counts(normalize=True) * units
    start = {group: min(int(wanted.get(group, 0)), most[group]) for group in most}
    by_rest = sorted(most, key=lambda group: (int(wanted.get(group, 0)) - wanted.get(group, 0), group))
    while (left := units - sum(start.values())) > 0:
        for group in [group for group in by_rest if start[group] < most[group]][:left]:
            start[group] += 1
    return [
        {
            "id": f"{kind}.{area}".replace(".", "_"),
            "text": f"{TYPE_NAMES[kind]} {said}",
            "start": start[group],
            "max": most[group],
        }
        for kind, (area, said) in product(TYPES, AREAS.items())
        if (group := f"{kind}.{area}") in most
    ]


def brings(placements: pd.DataFrame, outlets: pd.DataFrame, plan: Mapping[str, float]) -> float:
    """How many outlets order again when each group gets the plan's units, by the rates of the test."""
    rates = group_rates(placements, outlets)["rate"]
    return float(sum(amount * rates[_group(row)] for row, amount in plan.items()))


def margin_brought(
    placements: pd.DataFrame,
    outlets: pd.DataFrame,
    route_orders: pd.DataFrame,
    as_of: pd.Timestamp,
    plan: Mapping[str, float],
) -> float:
    """`brings` in EUR of margin a year: each outlet that orders again is taken for an average customer of the route.

    NaN when the route has no customer.
    """
    a_customer = share(levers.margin(route_orders, as_of), levers.lever(route_orders, as_of, "customers"))
    return brings(placements, outlets, plan) * a_customer


def best_plan(placements: pd.DataFrame, outlets: pd.DataFrame, units: int, rule: rules.Rule) -> dict[str, float]:
    """The plan that brings most: the best group is filled first, then the next one."""
    rates = group_rates(placements, outlets)["rate"]
    rows = group_rows(outlets, units, rule)
    plan, left = {}, units
    for row in sorted(rows, key=lambda row: -rates[_group(str(row["id"]))]):
        plan[str(row["id"])] = min(left, int(str(row["max"])))
        left -= plan[str(row["id"])]
    return plan


def mostly_depots(plan: Mapping[str, float]) -> bool:
    """Whether more than half of the units of a plan go to depots."""
    return sum(amount for row, amount in plan.items() if row.startswith("depot")) > sum(plan.values()) / 2


def _group(row: str) -> str:
    return ".".join(row.rsplit("_", 1))


# ---- where buyers look -------------------------------------------------------------------------------------------


def touches_before(
    touches: pd.DataFrame, opportunities: pd.DataFrame, contacts: pd.DataFrame, job_title: str
) -> pd.DataFrame:
    """Touches before the deal was qualified, of deals that began with such a person, in order of time."""
    people = contacts.loc[contacts["job_title"] == job_title, "contact_id"]
    deals = opportunities.loc[opportunities["contact_id"].isin(people), ["opp_id", "created_at"]]
    rows = touches.merge(deals, on="opp_id")
    return rows[rows["touched_at"] < rows["created_at"]].sort_values(["touched_at", "touch_id"])


def places(touches: pd.DataFrame, opportunities: pd.DataFrame, contacts: pd.DataFrame, job_title: str) -> pd.DataFrame:
    """One row a channel: `met`, the share of these deals met there, and `last`, the share for which it came last."""
    rows = touches_before(touches, opportunities, contacts, job_title)
    deals = rows["opp_id"].nunique()
    met = rows.groupby("channel")["opp_id"].nunique() / deals
    last = rows.groupby("opp_id")["channel"].last().value_counts() / deals
    return pd.DataFrame({"met": met, "last": last}).fillna(0.0).sort_values("met", ascending=False)


def hidden_place(touches: pd.DataFrame, opportunities: pd.DataFrame, contacts: pd.DataFrame, job_title: str) -> str:
    """The channel that loses most, in points, when only the last touch is counted. ValueError without a touch."""
    table = places(touches, opportunities, contacts, job_title)
    if table.empty:
        raise ValueError(f"nobody with the title {job_title} was met before a deal. Name another title.")
    return str((table["met"] - table["last"]).idxmax())


# ---- machines at the end of their time ---------------------------------------------------------------------------


def machines_of_age(machines: pd.DataFrame, as_of: pd.Timestamp, since: str, status: str = "all") -> int:
    """How many machines are 60 months old or more, counted from the date in `since`; all, active or gone ones."""
    months = (as_of - machines[since]).dt.days / MONTH_DAYS
    active = machines["status"] == "active"
    counted = {"all": active | ~active, "active": active, "gone": ~active}[status]
    return int(((months >= DUE_MONTHS) & counted).sum())


def active_machines(machines: pd.DataFrame) -> int:
    """How many machines are in use."""
    return int((machines["status"] == "active").sum())


def share_due(machines: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """Machines in use of 60 months or more since their installation ÷ machines in use; NaN without any in use."""
    return share(machines_of_age(machines, as_of, "installed_on", "active"), active_machines(machines))
