"""Who waits where: age of the open deals in the step they stand in, beside what is normal for that step."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from onefunnel.metrics.codes import NEVER, moments, places, shared_codes
from onefunnel.metrics.ratio import share
from onefunnel.metrics.walks import walks

DAY = pd.Timedelta(days=1)
NANOSECONDS = 86_400 * 10**9
NORMAL_QUANTILE = 0.80


def days_in_step(opportunities: pd.DataFrame, stage_history: pd.DataFrame, as_of: pd.Timestamp) -> pd.Series:
    """Days each **open** deal has stood in its current step on `as_of`, indexed by opp_id.

    The clock starts at the deal's last entry into that step. Closed deals are left out. NaN where the history has
    no row for the current step. Age needs the data's date, never today's.
    """
    open_ = opportunities.loc[opportunities["outcome"] == "open", ["opp_id", "step_id"]]
    (deal, row_deal), deals = shared_codes(open_["opp_id"], stage_history["opp_id"])
    (step, row_step), _ = shared_codes(open_["step_id"], stage_history["step_id"])
    step_of_deal = np.full(len(deals), -2, dtype="int64")
    step_of_deal[deal[deal >= 0]] = step[deal >= 0]
    time = moments(stage_history["entered_at"])
    here = np.flatnonzero((np.append(step_of_deal, -2)[row_deal] == row_step) & (time != NEVER))
    last = np.full(len(deals) + 1, np.iinfo("int64").min)  # as a time this is NaT; the last one is for no deal
    np.maximum.at(last, row_deal[here], time[here])
    days = (as_of - pd.Series(last[deal].view("datetime64[ns]"))) / DAY
    return pd.Series(days.to_numpy(), index=pd.Index(open_["opp_id"].array, name="opp_id"), name="days")


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
    `median_days` (of the deals standing there), `normal_days` (`p80_days` of `time_in_step`: stuck and lost ones would
    raise it), `over_normal` (open deals older than that).
    """
    return queue(opportunities, stage_history, as_of, steps, time_in_step(stage_history, steps))


def queue(
    opportunities: pd.DataFrame,
    stage_history: pd.DataFrame,
    as_of: pd.Timestamp,
    steps: Sequence[str],
    usual: pd.DataFrame,
) -> pd.DataFrame:
    """`step_ageing` beside times that are known already (`usual`, as of `time_in_step`)."""
    ages = days_in_step(opportunities, stage_history, as_of)
    open_ = opportunities[opportunities["outcome"] == "open"]
    here, days = places(open_["step_id"], steps), ages.to_numpy()
    rows = []
    for place, step in enumerate(steps):
        standing = here == place
        if not standing.any() and step not in usual.index:
            continue
        normal = usual["p80_days"].get(step, float("nan"))
        rows.append(
            {
                "step_id": step,
                "open_deals": int(standing.sum()),
                "open_eur": float(open_["amount_eur"].to_numpy()[standing].sum()),
                "share_of_open": share(standing.sum(), len(open_)) if len(open_) else 0.0,
                "median_days": float(pd.Series(days[standing]).median()),
                "normal_days": normal,
                "over_normal": int((days[standing] > normal).sum()),
            }
        )
    columns = ["open_deals", "open_eur", "share_of_open", "median_days", "normal_days", "over_normal"]
    return pd.DataFrame(rows, columns=["step_id", *columns]).set_index("step_id")


def time_in_step(stage_history: pd.DataFrame, steps: Sequence[str]) -> pd.DataFrame:
    """How long those who **moved on** to a later step stood in each step: one row a step that somebody left, in order.

    Index `step_id`. Columns: `moved_on` (count), `median_days`, `p80_days` (four in five needed no longer; what
    `step_ageing` calls normal). Stays that ended in a loss, in a step back or not yet are left out.
    """
    _, place, days = _completed(stage_history, steps)
    there = [number for number in range(len(steps)) if (place == number).any()]
    stays = [days[place == number] for number in there]
    return pd.DataFrame(
        {
            "moved_on": [len(stay) for stay in stays],
            "median_days": [float(np.median(stay)) for stay in stays],
            "p80_days": [float(np.quantile(stay, NORMAL_QUANTILE)) for stay in stays],
        },
        index=pd.Index([steps[number] for number in there], name="step_id", dtype=object),
    )


def completed_days(stage_history: pd.DataFrame, steps: Sequence[str]) -> pd.DataFrame:
    """Stays that ended by moving on to a **later** step: columns `opp_id`, `step_id`, `days`."""
    rows, _, days = _completed(stage_history, steps)
    return stage_history.iloc[rows][["opp_id", "step_id"]].assign(days=days)


def _completed(stage_history: pd.DataFrame, steps: Sequence[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Row number, place of the step and days of every stay that ended by moving on."""
    order, deal, time, place = walks(stage_history, steps)
    same = deal[1:] == deal[:-1]
    moved = np.flatnonzero(same & (place[1:] > place[:-1]) & (place[:-1] >= 0))
    days = (time[moved + 1] - time[moved]) / NANOSECONDS
    return order[moved], place[moved], days
