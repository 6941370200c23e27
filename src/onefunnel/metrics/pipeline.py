"""The pipeline's metrics under one address, as `playbooks/metrics.yml` names them.

`stages` counts people from step to step, `deals` follows opportunities to their end, `forecast` looks ahead, `ageing`
says who waits where. The wrong readings of each stand in `pipeline_traps`.
"""

from onefunnel.metrics.ageing import days_in_step, median_days_in_step, step_ageing, time_in_step
from onefunnel.metrics.deals import (
    cumulative_incidence,
    days_to_close,
    decided,
    mean_days_to_close,
    mean_won_value,
    open_deals,
    pipeline_velocity,
    sales_cycle,
    settled,
    settled_win_rate,
    velocity_gain,
    win_rate,
    win_rate_by_value,
    won_by_day,
)
from onefunnel.metrics.forecast import coverage, coverage_parts, snapshot_shares, weighted_pipeline
from onefunnel.metrics.stages import (
    cohort_counts,
    conversion_table,
    count_reached,
    first_entries,
    funnel_steps,
    gain_from_points,
    largest_drop,
    lowest_rate,
    maturity_window,
    reached,
    stage_conversion,
    stage_funnel,
    stage_moves,
)

__all__ = [
    "cohort_counts",
    "conversion_table",
    "count_reached",
    "coverage",
    "coverage_parts",
    "cumulative_incidence",
    "days_in_step",
    "days_to_close",
    "decided",
    "first_entries",
    "funnel_steps",
    "gain_from_points",
    "largest_drop",
    "lowest_rate",
    "maturity_window",
    "mean_days_to_close",
    "mean_won_value",
    "median_days_in_step",
    "open_deals",
    "pipeline_velocity",
    "reached",
    "sales_cycle",
    "settled",
    "settled_win_rate",
    "snapshot_shares",
    "stage_conversion",
    "stage_funnel",
    "stage_moves",
    "step_ageing",
    "time_in_step",
    "velocity_gain",
    "weighted_pipeline",
    "win_rate",
    "win_rate_by_value",
    "won_by_day",
]
