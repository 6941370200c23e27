"""The queue before the tasting: how long buyers wait for a slot, how many are served in time, and if slots suffice.

Tables: `stage_history` (a tasting is asked for when a deal enters `trial`), `trial_slots` (`slot_id`, `territory_id`,
`date`, `opp_id` = who has it, missing while free), `targets` (`territory_id`, `quarter`, `trials_planned`).
"""

from __future__ import annotations

import pandas as pd

from onefunnel.metrics import clock
from onefunnel.metrics.clock import BusinessCalendar
from onefunnel.metrics.ratio import share

DAY = pd.Timedelta(days=1)
TRIAL = "trial"
LIMIT_DAYS = 10

#: A request younger than this may still be waiting, so waits are read from older ones.
SETTLED_DAYS = 180


def trial_wait(
    stage_history: pd.DataFrame, trial_slots: pd.DataFrame, as_of: pd.Timestamp, settled_days: float = SETTLED_DAYS
) -> float:
    """Median days from the request to the tasting, for requests at least `settled_days` old.

    Buyers who gave up while they waited have no tasting and are not in it: look at `tasting_in_time` beside it. NaN
    without a tasting.
    """
    waits = requests(stage_history, trial_slots)
    old = waits[waits["asked_at"] <= as_of - settled_days * DAY]
    return float(((old["held_on"] - old["asked_at"]) / DAY).median())


def requests(stage_history: pd.DataFrame, trial_slots: pd.DataFrame) -> pd.DataFrame:
    """One row a deal that asked for a tasting: `opp_id`, `asked_at` (first entry), `held_on` (missing: no slot)."""
    asked = stage_history[stage_history["step_id"] == TRIAL].groupby("opp_id")["entered_at"].min()
    held = trial_slots.dropna(subset=["opp_id"]).groupby("opp_id")["date"].min()
    return pd.DataFrame({"asked_at": asked, "held_on": held.reindex(asked.index)}).rename_axis("opp_id").reset_index()


def tasting_in_time(
    stage_history: pd.DataFrame,
    trial_slots: pd.DataFrame,
    as_of: pd.Timestamp,
    calendar: BusinessCalendar,
    limit_days: float = LIMIT_DAYS,
) -> float:
    """Tastings held within `limit_days` business days of the request ÷ requests whose clock ran out, a fraction.

    A request that was never served is missed, also when the buyer gave up meanwhile: the wait may be why. A tasting
    counts from the morning of its day. NaN when no clock ran out. The rest is `clock.attainment`.
    """
    rows = requests(stage_history, trial_slots)
    hours = clock.days_as_hours(limit_days, calendar)
    return clock.attainment(rows["asked_at"], rows["held_on"], hours, calendar, as_of)


def trials_against_slots(targets: pd.DataFrame, trial_slots: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """Tastings that next quarter's plan counts on ÷ slots there are in it, a ratio; above 1 the plan cannot be kept.

    Free and booked slots both count, days off are off the list already. NaN when the quarter has no slot or no plan.
    """
    quarter = as_of.to_period("Q") + 1
    return share(planned_trials(targets, quarter), slots_in(trial_slots, quarter))


def planned_trials(targets: pd.DataFrame, quarter: pd.Period) -> float:
    """`trials_planned` of all territories, NaN when nobody planned; `quarter` may read "2026Q3" or "2026-Q3"."""
    label = targets["quarter"].astype(str).str.replace("-", "", regex=False)
    return float(targets.loc[label == str(quarter), "trials_planned"].sum(min_count=1))


def slots_in(trial_slots: pd.DataFrame, quarter: pd.Period) -> int:
    """How many slots lie in the quarter."""
    return int((trial_slots["date"].dt.to_period("Q") == quarter).sum())


def slots_used(trial_slots: pd.DataFrame, as_of: pd.Timestamp, days: float = 364) -> float:
    """Slots of the last `days` that a deal had ÷ slots of the last `days`, a fraction.

    At 1 there is no reserve: one technician's sick day makes every buyer behind wait longer. Slots from `as_of` on can
    still be booked and are left out. NaN when no slot lies in the window.
    """
    past = trial_slots[(trial_slots["date"] >= as_of - days * DAY) & (trial_slots["date"] < as_of)]
    return share(past["opp_id"].notna().sum(), len(past))
