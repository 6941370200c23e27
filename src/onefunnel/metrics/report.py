"""The whole funnel in one go: for a dashboard or a table of millions of rows, where each number alone is too slow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from onefunnel.metrics import ageing, deals, origin, stages
from onefunnel.metrics.journeys import Journeys


class FunnelReport(NamedTuple):
    """Tables and shares of one moment; each is what the function in brackets gives for the same tables."""

    reached: pd.Series  #: people of the mature cohort by step (`stages.cohort_counts`)
    conversion: pd.DataFrame  #: from step to step (`stages.conversion_table`)
    win_rate: float  #: by count (`deals.win_rate`)
    win_rate_by_value: float  #: by euros (`deals.win_rate_by_value`)
    time_in_step: pd.DataFrame  #: of those who moved on (`ageing.time_in_step`)
    ageing: pd.DataFrame  #: the open deals (`ageing.step_ageing`)
    origins: pd.DataFrame  #: what each origin brought (`origin.return_by_origin`)


def funnel_report(
    leads: pd.DataFrame,
    opportunities: pd.DataFrame,
    stage_history: pd.DataFrame,
    campaigns: pd.DataFrame,
    as_of: pd.Timestamp,
    steps: Sequence[str],
    margin: float,
) -> FunnelReport:
    """All readings of the funnel on `as_of`; the people's journeys are put together once instead of once a number.

    Cohorts, units and exclusions: see the function behind each part. Columns of categories or whole-number ids save
    most of the time on large tables (`codes`).
    """
    reached, conversion = stages.people(Journeys(leads, stage_history, steps), as_of)
    usual = ageing.time_in_step(stage_history, steps)
    return FunnelReport(
        reached=reached,
        conversion=conversion,
        win_rate=deals.win_rate(opportunities),
        win_rate_by_value=deals.win_rate_by_value(opportunities),
        time_in_step=usual,
        ageing=ageing.queue(opportunities, stage_history, as_of, steps, usual),
        origins=origin.return_by_origin(leads, opportunities, campaigns, as_of, margin),
    )
