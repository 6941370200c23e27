"""How closely roles must be agreed for a sale, and who rides with whom: two rules for working together.

`sales` has one row a sale: `purchase_type` (new_business, rebuy, …), `customised` (true, false), `product_life_months`,
`cycle_days`, `key_account` (true, false). A schedule has one row a ride: `week` (from 1), `marketer`, `territory_id`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

#: First or one-time purchases and new systems: the buyer has not done this before.
FIRST_TIME = ("new_business", "new_system", "new_product", "first", "one_time")
SHORT_LIFE_MONTHS = 24
LONG_CYCLE_DAYS = 180
SHARED_FROM, TIGHT_FROM = 1, 3
LABELS = ("light", "shared", "tight")
WEEKS_A_QUARTER = 13


def clarity_points(sales: pd.DataFrame) -> pd.Series:
    """Reasons, 0 to 5, to define roles closely: first purchase, customised, short life, long cycle, key account.

    Short life: product_life_months below 24. Long cycle: cycle_days above 180. The **amount** is no reason, a large
    rebuy needs little. ValueError when something is missing: "not known" is not "no".
    """
    needed = ["purchase_type", "customised", "product_life_months", "cycle_days", "key_account"]
    if empty := [name for name in needed if sales[name].isna().any()]:
        raise ValueError(f"sales: missing values in {', '.join(empty)}. Ask the seller; a blank is not a no.")
    points = (
        sales["purchase_type"].isin(FIRST_TIME).astype(int)
        + sales["customised"].astype(bool).astype(int)
        + (sales["product_life_months"] < SHORT_LIFE_MONTHS).astype(int)
        + (sales["cycle_days"] > LONG_CYCLE_DAYS).astype(int)
        + sales["key_account"].astype(bool).astype(int)
    )
    return points.rename("points")


def role_clarity(sales: pd.DataFrame) -> pd.Series:
    """How much to define who does what: "light" (0 reasons), "shared" (1 or 2) or "tight" (3 and more), row by row.

    light: the seller runs it, marketing supplies material. shared: one plan, each step has its owner. tight: named
    people for every step, in writing, with room to depart from it. The five reasons follow what is known of selling
    new, customised and slow things; the two cuts are this company's and can be moved. Reasons: `clarity_points`.
    """
    points = clarity_points(sales)
    label = np.array(LABELS, dtype=object)[np.digitize(points.to_numpy(), [SHARED_FROM, TIGHT_FROM])]
    return pd.Series(label, index=sales.index, name="roles", dtype=object)


def rotation(
    marketers: Sequence[str], territories: Sequence[str], weeks: int, weeks_a_quarter: int = WEEKS_A_QUARTER
) -> pd.DataFrame:
    """Ride-alongs all year: each week every marketer rides in one territory: `week`, `marketer`, `territory_id`.

    Week w, marketer i: territory (w + i × ⌊territories ÷ marketers⌋) modulo territories, a Latin square. So no week is
    empty, no two marketers share a car, no marketer rides twice in a territory within a quarter (or within as many
    weeks as there are territories), and rides spread evenly. ValueError with more marketers than territories, fewer
    territories than weeks in a quarter (somebody would have to ride twice), or a name stands twice.
    """
    for what, names in (("marketers", marketers), ("territories", territories)):
        if not len(names) or len(set(names)) < len(names):
            raise ValueError(f"{what}: give at least one, and each only once.")
    if len(marketers) > len(territories):
        raise ValueError(f"{len(marketers)} marketers share {len(territories)} territories: two would sit in one car.")
    if min(weeks, weeks_a_quarter) > len(territories):
        raise ValueError(f"{len(territories)} territories cannot fill {weeks_a_quarter} weeks without a repeat.")
    week, who = (grid.ravel() for grid in np.indices((max(weeks, 0), len(marketers))))
    where = (week + who * (len(territories) // len(marketers))) % len(territories)
    names = np.array(list(marketers), dtype=object)[who]
    places = np.array(list(territories), dtype=object)[where]
    return pd.DataFrame({"week": week + 1, "marketer": names, "territory_id": places})


def rotation_faults(schedule: pd.DataFrame, weeks: int, weeks_a_quarter: int = WEEKS_A_QUARTER) -> pd.DataFrame:
    """What is wrong with a schedule: one row a fault, columns `fault`, `week`, `marketer`, `territory_id`.

    Faults: `empty_week` (no ride at all), `same_pair_twice` (a marketer in one territory again in the same quarter; the
    later ride is named), `two_places` (a marketer twice in a week), `two_in_a_car` (a territory twice in a week). An
    empty frame is a good schedule. Quarters are weeks 1 to 13, 14 to 26 and so on.
    """
    rows = schedule.sort_values(["week", "marketer", "territory_id"]).reset_index(drop=True)
    quarter = (rows["week"] - 1) // weeks_a_quarter
    checks = {
        "same_pair_twice": rows.assign(quarter=quarter).duplicated(["quarter", "marketer", "territory_id"]),
        "two_places": rows.duplicated(["week", "marketer"]),
        "two_in_a_car": rows.duplicated(["week", "territory_id"]),
    }
    columns = ["fault", "week", "marketer", "territory_id"]
    parts = [rows[bad].assign(fault=fault) for fault, bad in checks.items()]
    empty = sorted(set(range(1, weeks + 1)) - set(rows["week"]))
    parts.append(pd.DataFrame({"week": empty, "fault": "empty_week", "marketer": None, "territory_id": None}))
    found = [part[columns].astype(object) for part in parts if len(part)]
    table = pd.concat(found) if found else pd.DataFrame(columns=columns)
    return table.sort_values(["week", "fault"], kind="stable", ignore_index=True)
