"""Who waits where: age of the open deals in the step they stand in, beside what is normal for that step."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

DAY = pd.Timedelta(days=1)
NORMAL_QUANTILE = 0.80


def days_in_step(opportunities: pd.DataFrame, stage_history: pd.DataFrame, as_of: pd.Timestamp) -> pd.Series:
    """Days each **open** deal has stood in its current step on `as_of`, indexed by opp_id.

    The clock starts at the deal's last entry into that step. Closed deals are left out. NaN where the history has
    no row for the current step. Age needs the data's date, never today's.
    """
    open_ = opportunities.loc[opportunities["outcome"] == "open", ["opp_id", "step_id"]]
    last = stage_history.groupby(["opp_id", "step_id"])["entered_at"].max()
    entered = last.reindex(pd.MultiIndex.from_frame(open_))
    days = ((as_of - entered) / DAY).to_numpy()
    return pd.Series(days, index=pd.Index(open_["opp_id"].array, name="opp_id"), name="days")


def median_days_in_step(
    opportunities: pd.DataFrame, stage_history: pd.DataFrame, as_of: pd.Timestamp, step: str
) -> float:
    """Median days that the deals now open in `step` have stood there. NaN when none stands there."""
    here = opportunities[opportunities["step_id"] == step]
    return float(days_in_step(here, stage_history, as_of).median())


def step_ageing(
    opportunities: pd.DataFrame, stage_history: pd.DataFrame, as_of: pd.Timestamp, steps: Sequence[str]
) -> pd.DataFrame:
    """The queue in front of each step: one row a step in which a deal stands or from which one moved on, in order.

    Index `step_id`. Columns: `open_deals`, `open_eur`, `share_of_open` (of all open deals, fraction),
    `median_days` (of the deals standing there), `normal_days` (80 % of the deals that **moved on** needed no longer;
    stuck and lost ones would raise it), `over_normal` (open deals older than that).
    """
    ages = days_in_step(opportunities, stage_history, as_of)
    open_ = opportunities[opportunities["outcome"] == "open"].set_index("opp_id")
    open_ = open_.assign(days=ages.reindex(open_.index))
    normal = completed_days(stage_history, steps).groupby("step_id")["days"].quantile(NORMAL_QUANTILE)
    by_step = open_.groupby("step_id")
    table = pd.DataFrame(
        {
            "open_deals": by_step.size(),
            "open_eur": by_step["amount_eur"].sum(),
            "share_of_open": by_step.size() / max(len(open_), 1),
            "median_days": by_step["days"].median(),
            "normal_days": normal,
            "over_normal": open_["days"].gt(open_["step_id"].map(normal)).groupby(open_["step_id"]).sum(),
        }
    ).reindex([step for step in steps if step in set(open_["step_id"]) | set(normal.index)])
    counts = ["open_deals", "over_normal"]
    table[counts] = table[counts].fillna(0).astype("int64")
    return table.fillna({"open_eur": 0.0, "share_of_open": 0.0}).rename_axis("step_id")


def completed_days(stage_history: pd.DataFrame, steps: Sequence[str]) -> pd.DataFrame:
    """Stays that ended by moving on to a **later** step: columns `opp_id`, `step_id`, `days`."""
    place = {step: number for number, step in enumerate(steps)}
    rows = stage_history.assign(place=stage_history["step_id"].map(place))
    rows = rows.sort_values(["opp_id", "entered_at", "place"], kind="stable")
    after = rows.groupby("opp_id")[["entered_at", "place"]].shift(-1)
    moved = after["place"] > rows["place"]
    days = (after["entered_at"] - rows["entered_at"]) / DAY
    return rows.loc[moved, ["opp_id", "step_id"]].assign(days=days[moved])
