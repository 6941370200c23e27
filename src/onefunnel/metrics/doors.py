"""Doors, the machines that come back from them, and where demonstrators would keep machines from coming back.

Tables: `shipments`, `returns` and their mature part as in `sellthrough`; `accounts` (`account_id`, `name`,
`has_demonstrator`). A demonstrator is a person who shows the machine in the door.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from onefunnel.metrics import sellthrough
from onefunnel.metrics.ratio import share
from onefunnel.metrics.sellthrough import MIN_UNITS

WORST = 5
TO_PLACE = 12
FAR_ABOVE = 2  # a leaking door's rate is at least so many times that of all doors
GROUPS = {
    "leaking": "Doors without one, machines come back far above the usual",
    "larger": "Other doors without one, the larger half",
    "smaller": "Other doors without one, the smaller half",
    "shown": "Doors that have one already: a second one",
}

Plan = Mapping[str, float]


def worst_doors(
    shipments: pd.DataFrame,
    returns: pd.DataFrame,
    as_of: pd.Timestamp,
    doors: int = WORST,
    min_units: float = MIN_UNITS,
) -> list[str]:
    """Ids of the doors with the highest return rate among those that got at least `min_units`, the worst first."""
    return sellthrough.return_rate_by_door(shipments, returns, as_of, min_units=min_units).index[:doors].tolist()


def largest_doors(shipments: pd.DataFrame, returns: pd.DataFrame, as_of: pd.Timestamp, doors: int = WORST) -> list[str]:
    """Ids of the doors that got the most machines in mature shipments, the largest first."""
    table = sellthrough.return_rate_by_door(shipments, returns, as_of, min_units=0)
    return table.sort_values("units", ascending=False, kind="stable").index[:doors].tolist()


def door_options(
    shipments: pd.DataFrame, returns: pd.DataFrame, as_of: pd.Timestamp, accounts: pd.DataFrame, doors: int = WORST
) -> list[dict[str, str]]:
    """Doors to choose from, by name: the worst, the worst of any size, the largest, and as many from the middle."""
    table = sellthrough.return_rate_by_door(shipments, returns, as_of, min_units=1)
    middle = table.index[len(table) // 2 : len(table) // 2 + doors].tolist()
    picked = [
        *worst_doors(shipments, returns, as_of, doors),
        *table.index[:doors],
        *table.sort_values("units", ascending=False, kind="stable").index[:doors],
        *middle,
    ]
    names = accounts.drop_duplicates("account_id").set_index("account_id")["name"]
    rows = [
        (str(names.get(door, door)), door, table.loc[door, "units"], table.loc[door, "units_back"])
        for door in dict.fromkeys(picked)
    ]
    return [
        {"id": str(door), "text": f"{name}: {units:,.0f} shipped, {back:,.0f} back ({back / units:.0%})"}
        for name, door, units, back in sorted(rows)
    ]


def avoidable(
    shipments: pd.DataFrame, returns: pd.DataFrame, as_of: pd.Timestamp, accounts: pd.DataFrame
) -> pd.DataFrame:
    """One row a door: `units`, `units_back`, `group` (of `GROUPS`), `avoided`, index `account_id`, most avoided first.

    `avoided` = machines that would not come back with a demonstrator: what came back less `units` × the rate of all
    doors that have one, never below 0; 0 where one is already. It compares doors, so it takes for granted that the
    demonstrator makes the difference: the doors were not drawn by lot.
    """
    table = sellthrough.return_rate_by_door(shipments, returns, as_of, min_units=0)[["units", "units_back", "rate"]]
    firms = accounts.drop_duplicates("account_id").set_index("account_id")
    shown = firms["has_demonstrator"].reindex(table.index).eq(True)
    with_one = share(table.loc[shown, "units_back"].sum(), table.loc[shown, "units"].sum())
    usual = share(table["units_back"].sum(), table["units"].sum())
    spared = (table["units_back"] - table["units"] * (0.0 if np.isnan(with_one) else with_one)).clip(lower=0)
    leaking = (table["rate"] >= FAR_ABOVE * usual) & (table["units_back"] > 0) & (table["units"] >= MIN_UNITS)
    others = table.loc[~shown & ~leaking, "units"]
    larger = table["units"] >= (others.median() if len(others) else np.inf)
    group = np.select([shown, leaking, larger], ["shown", "leaking", "larger"], "smaller")
    table = table.assign(group=group, avoided=spared.where(~shown, 0.0))
    return table.sort_values(["avoided", "units"], ascending=False, kind="stable")


def groups_today(
    shipments: pd.DataFrame, returns: pd.DataFrame, as_of: pd.Timestamp, accounts: pd.DataFrame
) -> list[dict[str, object]]:
    """The groups as rows of a plan: `id`, `text`, `max` (doors in it), and `start` = one to each best-selling door."""
    table = avoidable(shipments, returns, as_of, accounts)
    best_sellers = table.sort_values("units", ascending=False, kind="stable")["group"].head(TO_PLACE)
    return [
        {
            "id": name,
            "text": f"{text} ({int((table['group'] == name).sum())} doors)",
            "start": int((best_sellers == name).sum()),
            "max": int((table["group"] == name).sum()),
        }
        for name, text in GROUPS.items()
    ]


def to_best_sellers(
    shipments: pd.DataFrame, returns: pd.DataFrame, as_of: pd.Timestamp, accounts: pd.DataFrame
) -> dict[str, float]:
    """The twelve demonstrators in the twelve doors that get most machines, whether machines come back or not."""
    rows = groups_today(shipments, returns, as_of, accounts)
    return {str(row["id"]): float(str(row["start"])) for row in rows}


def returns_avoided(
    shipments: pd.DataFrame, returns: pd.DataFrame, as_of: pd.Timestamp, accounts: pd.DataFrame, plan: Plan
) -> float:
    """Machines that a plan keeps from coming back, over the time of the tables.

    In each group the demonstrators go to the doors where they spare most.
    """
    table = avoidable(shipments, returns, as_of, accounts)
    groups = ((name, round(float(plan.get(name, 0)))) for name in GROUPS)
    return float(sum(table.loc[table["group"] == name, "avoided"].head(count).sum() for name, count in groups))


def best_places(
    shipments: pd.DataFrame, returns: pd.DataFrame, as_of: pd.Timestamp, accounts: pd.DataFrame
) -> dict[str, float]:
    """The plan of twelve demonstrators that keeps most machines from coming back."""
    groups = avoidable(shipments, returns, as_of, accounts)["group"].head(TO_PLACE)
    return {name: float((groups == name).sum()) for name in GROUPS}


def machines_shipped(shipments: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """Machines in shipments at least 14 weeks old: the base of the return rate."""
    return float(shipments.loc[shipments["sold_in_on"] <= _mature_day(as_of), "units"].sum())


def value_shipped(shipments: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """What these shipments were worth, EUR."""
    return float(shipments.loc[shipments["sold_in_on"] <= _mature_day(as_of), "value_eur"].sum())


def machines_back(returns: pd.DataFrame, as_of: pd.Timestamp, measure: str = "units") -> float:
    """What came back of these shipments so far: machines, or with `measure="value_eur"` the credit given, EUR."""
    back = (returns["sold_in_on"] <= _mature_day(as_of)) & (returns["returned_on"] <= as_of)
    return float(returns.loc[back, measure].sum())


def shipped_in(shipments: pd.DataFrame, month: str) -> float:
    """Machines shipped in a month written as "2026-01", however young."""
    return float(shipments.loc[shipments["sold_in_on"].dt.strftime("%Y-%m") == month, "units"].sum())


def back_in(returns: pd.DataFrame, month: str) -> float:
    """Machines that came back in a month written as "2026-01", whenever they had been shipped."""
    return float(returns.loc[returns["returned_on"].dt.strftime("%Y-%m") == month, "units"].sum())


def of_the_worst(
    shipments: pd.DataFrame, returns: pd.DataFrame, as_of: pd.Timestamp, column: str, doors: int = 3
) -> float:
    """Sum over the worst doors of a column of `sellthrough.return_rate_by_door`: units, units_back, value_back_eur …"""
    return float(sellthrough.return_rate_by_door(shipments, returns, as_of)[column].head(doors).sum())


def order_comes_back(
    shipments: pd.DataFrame, returns: pd.DataFrame, as_of: pd.Timestamp, units: float, doors: int = 3
) -> float:
    """Credit we would give for a standing order of `units` to the worst `doors` together, EUR.

    Units × credit given ÷ machines shipped, of these doors' mature shipments. NaN when nothing was shipped to them.
    """
    shipped = of_the_worst(shipments, returns, as_of, "units", doors)
    return units * share(of_the_worst(shipments, returns, as_of, "value_back_eur", doors), shipped)


def _mature_day(as_of: pd.Timestamp) -> pd.Timestamp:
    return as_of - pd.Timedelta(days=sellthrough.WINDOW_DAYS)
