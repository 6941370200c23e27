"""Three ways to weigh open deals, tried on past Mondays: what did each promise, and what came?

`crm` takes the percentages that the CRM shipped with, `reached` the share won of deals that ever reached the step,
`standing` the share (of euros) won of deals that stood in the step on a Monday. Weights are fractions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from onefunnel.metrics import deals, forecast, stages
from onefunnel.metrics.deals import MATURITY_DAYS

WAYS = ("crm", "reached", "standing")


def step_weights(
    opportunities: pd.DataFrame,
    stage_history: pd.DataFrame,
    as_of: pd.Timestamp,
    steps: Sequence[str],
    crm_probability: Mapping[str, float],
) -> pd.DataFrame:
    """The weight of each step by each way of `WAYS` (columns), one row a step before `won`, indexed `step_id`.

    NaN where a step was too rarely seen (`forecast.snapshot_shares`).
    """
    standing = forecast.snapshot_shares(opportunities, stage_history, as_of, steps)["by_value"]
    settled = deals.settled(opportunities, as_of).set_index("opp_id")
    rows, won = stage_history[stage_history["opp_id"].isin(settled.index)], settled["outcome"].eq("won")
    reached = {step: stages.reached(rows, step, steps) for step in standing.index if step in set(rows["step_id"])}
    return pd.DataFrame(
        {
            "crm": pd.Series(dict(crm_probability), dtype=float).reindex(standing.index),
            "reached": pd.Series(
                {step: won.reindex(who.index[who]).mean() for step, who in reached.items()}, dtype=float
            ),
            "standing": standing,
        }
    ).rename_axis("step_id")


def promised_over_came(
    opportunities: pd.DataFrame,
    stage_history: pd.DataFrame,
    as_of: pd.Timestamp,
    steps: Sequence[str],
    crm_probability: Mapping[str, float],
    maturity_days: float = MATURITY_DAYS,
) -> pd.Series:
    """Euros promised ÷ euros that came, by way (`WAYS`), on the later half of the Mondays that have had their time.

    1 is a promise kept, 2 twice too much. The shares of standing deals are learned on the **earlier** half, so that
    they too are tried on Mondays they have not seen. NaN when nothing came.
    """
    stood = forecast.stays(opportunities, stage_history, as_of, steps)
    start, end = forecast.mondays_before(stood["entered_at"]), forecast.mondays_before(stood["left_at"])
    last = forecast.mondays_before(pd.Series([as_of - pd.Timedelta(days=maturity_days) + forecast.DAY]))[0]
    middle = (start.min() + last) // 2 if len(start) else last
    eur, won = stood["amount_eur"].to_numpy(dtype=float), stood["outcome"].eq("won").to_numpy()
    early = eur * np.clip(np.minimum(end, middle) - start, 0, None)
    late = eur * np.clip(np.minimum(end, last) - np.maximum(start, middle), 0, None)
    step = stood["step_id"].astype(str)
    weights = step_weights(opportunities, stage_history, as_of, steps, crm_probability)
    learned = pd.Series(early * won).groupby(step.to_numpy()).sum() / pd.Series(early).groupby(step.to_numpy()).sum()
    came = float((late * won).sum())
    by_way = weights.assign(standing=learned.reindex(weights.index))
    promised = {way: float((late * step.map(by_way[way]).fillna(0).to_numpy()).sum()) for way in WAYS}
    return pd.Series(promised) / (came if came else np.nan)


def kept_best(
    opportunities: pd.DataFrame,
    stage_history: pd.DataFrame,
    as_of: pd.Timestamp,
    steps: Sequence[str],
    crm_probability: Mapping[str, float],
) -> str:
    """The way of `WAYS` whose promise came nearest to what came; "unknown" when nothing came."""
    ratio = promised_over_came(opportunities, stage_history, as_of, steps, crm_probability)
    return "unknown" if ratio.isna().all() else str((ratio - 1).abs().idxmin())
