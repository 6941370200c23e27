"""Selling hours against potential: who gets the visits, and what another split of the same hours would reach.

Outlets on a route are put into four groups by their potential a year (`accounts.potential_eur`). Tables: `outlets`
(`account_id`, `on_route`), `accounts`, `visits` (`account_id`, `date`, `minutes`). Hours are hours a week.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

GROUPS = {"smallest": 0, "small": 1_200, "middle": 2_400, "large": 4_800}  # from this potential on, EUR a year
WEEK_HOURS = 20.0
STEP = 0.5

Plan = Mapping[str, float]


def hours_by_potential(
    accounts: pd.DataFrame, outlets: pd.DataFrame, visits: pd.DataFrame, as_of: pd.Timestamp
) -> pd.DataFrame:
    """One row a group of `GROUPS`: `outlets`, `potential_eur` (a year), `hours_share` (of all visits' minutes).

    Visits of the last 365 days to outlets on a route. `hours_share` is 0 everywhere when there was no visit.
    """
    route = outlets.loc[outlets["on_route"].eq(True), "account_id"]
    firms = accounts[accounts["account_id"].isin(route)].drop_duplicates("account_id").set_index("account_id")
    edges = [*GROUPS.values(), np.inf]
    group = pd.cut(firms["potential_eur"].astype(float), edges, right=False, labels=list(GROUPS))
    recent = visits[visits["date"].gt(as_of - pd.Timedelta(days=365)) & visits["date"].le(as_of)]
    minutes = recent.groupby("account_id")["minutes"].sum().reindex(firms.index).fillna(0)
    by_group = pd.DataFrame({"potential_eur": firms["potential_eur"].astype(float), "minutes": minutes}).groupby(
        group, observed=False
    )
    table = by_group.sum().assign(outlets=by_group.size())
    total = table["minutes"].sum()
    table["hours_share"] = table["minutes"] / total if total else 0.0
    return table[["outlets", "potential_eur", "hours_share"]].rename_axis("group")


def hours_today(
    accounts: pd.DataFrame, outlets: pd.DataFrame, visits: pd.DataFrame, as_of: pd.Timestamp
) -> list[dict[str, object]]:
    """The groups as rows of a plan: `id`, `text`, and `start` = today's part of the 20 hours, in half hours."""
    table = hours_by_potential(accounts, outlets, visits, as_of)
    starts = _in_steps(table["hours_share"].to_numpy() * WEEK_HOURS)
    return [
        {"id": name, "text": f"{group_text(name)} ({row.outlets:,.0f} outlets)", "start": start}
        for (name, row), start in zip(table.iterrows(), starts, strict=True)
    ]


def group_text(name: str) -> str:
    """A group's name for people."""
    low, names = GROUPS[name], list(GROUPS)
    if name == names[0]:
        return f"Potential under €{GROUPS[names[1]]:,} a year"
    if name == names[-1]:
        return f"€{low:,} and more"
    return f"€{low:,} to €{GROUPS[names[names.index(name) + 1]]:,}"


def potential_reached(
    accounts: pd.DataFrame, outlets: pd.DataFrame, visits: pd.DataFrame, as_of: pd.Timestamp, plan: Plan
) -> float:
    """Potential that a split of the week's hours reaches, EUR a year: Σ potential × (1 − e^(−hours an outlet ÷ usual)).

    Usual are the hours an outlet would get if all were treated alike; so much time reaches 63 % of an outlet's
    potential, twice as much 86 %. The curve is an assumption: the first visit opens the door, the tenth adds little.
    """
    table = hours_by_potential(accounts, outlets, visits, as_of)
    hours = np.array([float(plan.get(name, 0.0)) for name in table.index])
    return float(_reached(table, hours).sum())


def best_hours(
    accounts: pd.DataFrame, outlets: pd.DataFrame, visits: pd.DataFrame, as_of: pd.Timestamp
) -> dict[str, float]:
    """The split of the 20 hours that reaches most potential, in half hours."""
    table = hours_by_potential(accounts, outlets, visits, as_of)
    hours = np.zeros(len(table))
    for _ in range(round(WEEK_HOURS / STEP)):  # the curve bends down, so the best next half hour is always best
        gain = [_reached(table, hours + STEP * (place == np.arange(len(table)))).sum() for place in range(len(table))]
        if max(gain) <= _reached(table, hours).sum():
            break  # nothing is left to reach
        hours[int(np.argmax(gain))] += STEP
    return dict(zip(table.index.astype(str), map(float, hours), strict=True))


def each_outlet_alike(
    accounts: pd.DataFrame, outlets: pd.DataFrame, visits: pd.DataFrame, as_of: pd.Timestamp
) -> dict[str, float]:
    """The same hours for each outlet, whatever it could buy: hours follow the number of doors."""
    count = hours_by_potential(accounts, outlets, visits, as_of)["outlets"]
    share = count / max(count.sum(), 1)
    return _named(count.index, _in_steps(share.to_numpy() * WEEK_HOURS))


def _reached(table: pd.DataFrame, hours: np.ndarray) -> np.ndarray:
    doors = table["outlets"].to_numpy(dtype=float)
    usual = WEEK_HOURS / max(doors.sum(), 1.0)
    an_outlet = np.divide(hours, doors, out=np.zeros_like(hours), where=doors > 0)
    return table["potential_eur"].to_numpy(dtype=float) * (1 - np.exp(-an_outlet / usual))


def _in_steps(hours: np.ndarray) -> list[float]:
    """Hours in half hours that still add up: what rounding down leaves goes to the largest remainders."""
    if not hours.sum():
        return [0.0] * len(hours)
    steps = np.floor(hours / STEP)
    left = round(WEEK_HOURS / STEP - steps.sum())
    order = np.argsort(-(hours / STEP - steps), kind="stable")[:left]
    steps[order] += 1
    return [float(step * STEP) for step in steps]


def _named(index: pd.Index, hours: list[float]) -> dict[str, float]:
    return dict(zip(index.astype(str), hours, strict=True))
