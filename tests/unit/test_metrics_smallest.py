"""Every public metric on the smallest tables: no row, one finished row, one open row, and amounts of zero.

What the answer must be follows from the definitions by hand. NaN says that there is nothing to divide by; an error says
what to do; a count or a sum of nothing is 0 only where the docstring says so. A test at the end makes sure that no
public function is left out.
"""

from __future__ import annotations

import importlib
import inspect
import math
import pkgutil
import warnings
from functools import cache

import pandas as pd
import pytest
from little_tables import arguments, finished, none, unfinished, worthless
from metric_calls import CALLS

from onefunnel import metrics
from onefunnel.metrics import (
    budget,
    channel,
    clock,
    deals,
    hours,
    intervals,
    profit,
    ratio,
    roles,
    scorecard,
    sellthrough,
    stages,
    survey,
    value,
)

NAN = math.nan


class Rows:
    """A table or series with this many rows."""

    def __init__(self, count: int) -> None:
        self.count = count


class Refused:
    """A ValueError whose text says this."""

    def __init__(self, text: str) -> None:
        self.text = text


R0, R1 = Rows(0), Rows(1)


@cache
def made(tables):
    """The tables and what goes with them, put together once: no metric writes into them."""
    return arguments(tables())


#: By function: with no row, one finished row, one unfinished row, and amounts of zero.
EXPECTED = {
    "accuracy.forecast_bias": (Refused("makes forecasts"), 0.1, NAN, NAN),
    "accuracy.forecast_miss": (Refused("makes forecasts"), 0.1, NAN, NAN),
    "adverts.advertising_return": (NAN, 0.05, 0.05, NAN),  # by hand: (30 × 0.42 − 12) ÷ 12
    "adverts.by_month": (R0, R1, R1, R1),
    "adverts.pause": ([NAN, NAN], [30, 12], [30, 12], [NAN, NAN]),
    "adverts.revenue_slope": (NAN, NAN, NAN, NAN),  # one month before the pause has no slope
    "budget.budget_gain": (NAN, 0, 0, Refused("above 0")),  # one place: nothing to move
    "budget.gain_of_plan": (NAN, 0, 0, Refused("above 0")),
    "budget.next_euro_return": (Refused("no micromarket"), 4 * math.exp(-2), 4 * math.exp(-2), Refused("above 0")),
    "dates.needed_coverage": (NAN, 1, NAN, NAN),
    "dates.pushed_share": (NAN, 1, NAN, 1),
    "dates.slippage": (NAN, NAN, NAN, NAN),
    "dates.value_rate_of_due": (NAN, 1, NAN, NAN),
    "demand.attributed_return": (NAN, -1, -1, NAN),  # the one touch was by e-mail
    "demand.cost_per_engaged_account": (NAN, 200, 200, 0),
    "demand.holdout_share": (NAN, 0.5, 0.5, NAN),
    "demand.incremental_return": (NAN, 0, -1, NAN),
    "demand.pipeline_created": (0, 1000, 0, 0),
    "demand.duplicate_share": (NAN, 0, 0, 0),
    "demand.unknown_origin_share": (NAN, 0, 0, 0),
    "hand_off.acceptance_rate": (NAN, 1, NAN, 1),
    "hand_off.sent_back_share": (NAN, 0, NAN, 0),
    "hand_off.reject_reasons": (R0, R0, R0, R0),
    "market.aided_awareness": (NAN, 0.4, 0.4, NAN),
    "market.gross_margin_growth": (NAN, 0.25, 0.25, NAN),
    "market.market_share": (NAN, 0.1, 0.1, NAN),
    "market.market_share_change": (NAN, 0.075, 0.075, NAN),
    "market.new_accounts": (NAN, 0, 0, 0),
    "market.price_realisation": (NAN, 0.1, 0.1, NAN),
    "retention.gross_renewal": (NAN, 0.9, 0, NAN),
    "retention.net_renewal": (NAN, 0.9, 0, NAN),
    "retention.replaced_with_us": (NAN, 1, NAN, 1),
    "retention.talked_in_time": (NAN, 1, NAN, 1),
    "sellthrough.cover_at": (NAN, 3, 3, NAN),
    "sellthrough.sell_through": (NAN, 1 / 3, 1 / 3, NAN),
    "targeting.hours_on_small": (NAN, 1, 1, NAN),
    "targeting.target_coverage": (NAN, 1, 1, NAN),
    "targeting.top_tenth_uplift": (NAN, NAN, NAN, NAN),  # one placement has no top tenth
    "teamwork.asset_cells_covered": (NAN, 1, 1, 1),
    "teamwork.hand_overs_complete": (NAN, 1, 0, 1),
    "teamwork.hours_doubled": (NAN, 2, 2, 0),
    "teamwork.low_experience": (NAN, 1, NAN, 1),
    "teamwork.note_days": (NAN, 5, NAN, 5),
    "teamwork.notes_lost": (NAN, 0, 1, 0),
    "teamwork.survey_gap": (Refused("nobody was asked"), 1, NAN, 0),
    "trials.tasting_in_time": (NAN, 1, NAN, 1),  # from 21 to 31 January 2024: eight business days
    "trials.slots_used": (NAN, NAN, NAN, NAN),  # the one slot that is over lies two years back
    "trials.trial_wait": (NAN, 10, NAN, 10),
    "trials.trials_against_slots": (NAN, 3, 3, 0),
    "value.micromarket_value": (Refused("no micromarket"), 110 / 0.6, 110 / 0.6, 0),
    "willingness.elasticity": (NAN, NAN, NAN, NAN),
    "willingness.stated_optimum": (NAN, 2.5, 2.5, 0),
    "willingness.tested_best_price": (NAN, 5, 5, NAN),
    "accuracy.accuracy_table": (R0, R1, R0, R1),
    "accuracy.mape": (NAN, 0.1, NAN, NAN),
    "accuracy.wape": (NAN, 0.1, NAN, NAN),
    "accuracy.bias": (NAN, 0.1, NAN, NAN),
    "accuracy.pairs": (0, 1, 0, 1),
    "ageing.completed_days": (R0, Rows(4), R0, Rows(4)),
    "ageing.time_in_step": (R0, Rows(4), R0, Rows(4)),
    "ageing.days_in_step": (R0, R0, R1, R0),
    "ageing.median_days_in_step": (NAN, NAN, 21, NAN),
    "ageing.step_ageing": (R0, Rows(4), R1, Rows(4)),
    "attribution.touch_paths": (R0, R1, R1, R1),
    "attribution.first_touch": ([], [1], [1], [1]),
    "attribution.last_touch": ([], [1], [1], [1]),
    "attribution.linear": ([], [1], [1], [1]),
    "attribution.u_shape": ([], [1], [1], [1]),
    "attribution.w_shape": ([], [1], [1], [1]),
    "attribution.time_decay": ([], [1], [1], [1]),
    "attribution.credit_by_channel": (R0, R1, R0, R1),
    "channel.cases_per_customer_month": (NAN, 4, 4, 0),
    "channel.drop_size": (NAN, 4, 4, 0),
    "channel.numeric_distribution": (NAN, 1, 1, 1),
    "channel.weighted_distribution": (NAN, 1, 1, NAN),
    "channel.route_customers": (0, 1, 1, 0),
    "clock.attainment": (NAN, 1, NAN, 1),
    "clock.business_hours": ([], [2], [NAN], [2]),
    "clock.due_at": (R0, R1, R1, R1),
    "clock.human_touch": (R0, R1, R1, R1),
    "clock.median_response_hours": (NAN, 2, NAN, 2),
    "clock.pause_hours": ([], [3], [3], [3]),
    "clock.ran_out": (R0, R1, R0, R1),
    "clock.response_in_time": (NAN, 1, NAN, 1),
    "clock.untouched_rate": (NAN, 0, NAN, 0),
    "counts.deals": (0, 1, 1, 1),
    "counts.deals_that_skipped": (0, 0, 0, 0),
    "counts.entered": (0, 1, 1, 1),
    "counts.entered_last_month": (0, 0, 1, 0),
    "counts.moved_on": (0, 1, 0, 1),
    "counts.mql_rows": (0, 1, 0, 1),
    "counts.rows_from": (0, 4, 0, 4),
    "counts.young_entered": (0, 0, 1, 0),
    "counts.young_moved_on": (0, 0, 0, 0),
    "deals.cumulative_incidence": (R1, Rows(2), R1, Rows(2)),
    "deals.days_to_close": ([], [40], [NAN], [40]),
    "deals.decided": (R0, R1, R0, R1),
    "deals.settled": (R0, R1, R0, R1),
    "deals.incidence": (R1, Rows(2), R1, Rows(2)),
    "deals.mean_days_to_close": (NAN, 40, NAN, 40),
    "deals.mean_won_value": (NAN, 1000, NAN, 0),
    "deals.pipeline_velocity": (NAN, 0, NAN, 0),  # all closed: nothing open brings nothing, which is known
    "deals.sales_cycle": (NAN, 40, NAN, 40),
    "deals.settled_win_rate": (NAN, 1, NAN, 1),
    "deals.won_by_day": (NAN, 1, NAN, 1),
    "deals.open_deals": (0, 0, 1, 0),
    "deals.win_rate": (NAN, 1, NAN, 1),
    "deals.win_rate_by_value": (NAN, 1, NAN, NAN),
    "forecast.coverage": (NAN, 0, 0.2, NAN),  # €1,000 due of €5,000 to win; nothing due of a target is a known 0
    "forecast.coverage_parts": ([0] * 5, [5000, 0, 0, 0, 0], [5000, 0, 1000, 0, 1000], [0] * 5),
    "forecast.snapshot_shares": (R0, Rows(4), R1, Rows(4)),
    "forecast.weighted_pipeline": (0, 0, NAN, 0),
    "forecast.weigh": (0, 0, NAN, 0),
    "doors.avoidable": (R0, R1, R1, R1),
    "doors.back_in": (0, 4, 0, 0),
    "doors.best_places": (Rows(4), Rows(4), Rows(4), Rows(4)),
    "doors.door_options": (R0, R1, R1, R0),  # who got nothing cannot be judged
    "doors.groups_today": (Rows(4), Rows(4), Rows(4), Rows(4)),
    "doors.largest_doors": (R0, ["A1"], ["A1"], ["A1"]),
    "doors.machines_back": (0, 4, 0, 0),
    "doors.machines_shipped": (0, 40, 40, 0),
    "doors.of_the_worst": (0, 40, 40, 0),
    "doors.order_comes_back": (NAN, 5, 0, NAN),  # 10 machines × €20 of credit ÷ 40 shipped
    "doors.returns_avoided": (0, 4, 0, 0),  # no door has a demonstrator, so none would come back with one
    "doors.shipped_in": (0, 40, 40, 0),
    "doors.to_best_sellers": (Rows(4), Rows(4), Rows(4), Rows(4)),
    "doors.value_shipped": (0, 400, 400, 0),
    "doors.worst_doors": (R0, ["A1"], ["A1"], R0),
    "forecasts.bias_of": (NAN, 0.1, NAN, NAN),
    "forecasts.came": (0, 100, 0, 0),
    "forecasts.miss_of": (NAN, 0.1, NAN, NAN),
    "forecasts.missed": (0, 10, 0, 0),
    "forecasts.said": (0, 110, 110, 0),
    "hours.best_hours": (Rows(4), Rows(4), Rows(4), Rows(4)),
    "hours.each_outlet_alike": (Rows(4), Rows(4), Rows(4), Rows(4)),
    "hours.hours_by_potential": (Rows(4), Rows(4), Rows(4), Rows(4)),
    "hours.hours_today": (Rows(4), Rows(4), Rows(4), Rows(4)),
    "hours.potential_reached": (0, 1000 * (1 - math.exp(-1)), 1000 * (1 - math.exp(-1)), 0),
    "loading.by_month": (R0, R1, R1, R1),
    "loading.cover_at": (NAN, 3, 3, NAN),
    "loading.shipped_a_week": (0, 0, 0, 0),
    "loading.sold_a_week": (0, 10, 10, 0),
    "loading.stock_at": (0, 30, 30, 0),
    "loading.year_on_year": (NAN, NAN, NAN, NAN),
    "promises.kept_best": ("unknown", "unknown", "unknown", "unknown"),
    "promises.promised_over_came": ([NAN] * 3, [NAN] * 3, [NAN] * 3, [NAN] * 3),
    "promises.step_weights": (R0, Rows(4), R1, Rows(4)),
    "quarter.can_be_served": ("yes", "yes", "yes", "yes"),
    "quarter.coverage_needed": (NAN, 1, NAN, NAN),
    "quarter.due_before": (Rows(10), Rows(10), Rows(10), Rows(10)),
    "quarter.due_won_rate": (NAN, 1, NAN, NAN),  # open on 14 February 2024, planned and won on the 20th
    "quarter.expected_eur": (NAN, 0, NAN, NAN),
    "quarter.expected_of_target": (NAN, 0, NAN, NAN),
    "quarter.expected_range": ([NAN] * 3, [0] * 3, [NAN] * 3, [NAN] * 3),
    "quarter.next_slots": (0, 1, 1, 1),
    "quarter.next_trials": (0, 0, 0, 0),
    "quarter.part": (0, 0, 1000, 0),
    "quarter.part_needed": (NAN, NAN, 5, NAN),
    "route.better_plan": ("unknown", "few", "few", "unknown"),
    "route.cases_a_month": (NAN, 4, 4, 0),
    "route.cases_sold": (0, 4, 4, 0),
    "route.category_cases": (0, 10, 10, 0),
    "route.contribution_a_case": (NAN, 5, 5, NAN),
    "route.customer_months": (0, 1, 1, 1),
    "route.customers_before_rounding": (0, 1.5, 1.5, 0),
    "route.customers_needed": (0, 2, 2, 0),
    "route.deliveries": (0, 1, 1, 1),
    "route.drop_size": (NAN, 4, 4, 0),
    "route.order_lines": (0, 1, 1, 1),
    "route.outlet_count": (0, 1, 1, 1),
    "route.outlets_we_are_in": ("equal", "equal", "equal", "equal"),
    "route.own_cases": (0, 4 / 12, 4 / 12, 0),
    "route.plan_leaves": (NAN, 16, 16, NAN),  # 4 × (2 × €5 − €6)
    "intervals.value_interval": ([NAN, NAN], [1, 1], [NAN, NAN], [NAN, NAN]),
    "markov.removal_credit": ([], [1], [NAN], [1]),
    "markov.removal_effects": ([], [1], [NAN], [1]),
    "mix.account_options": ([], Rows(1), Rows(1), Rows(1)),
    "mix.amount": (0, 80, 80, 0),
    "mix.leaking_accounts": ([], [], [], []),
    "mix.of_account": (R0, R1, R1, R1),
    "mix.pocket_by_account": (R0, R1, R1, R1),
    "mix.pocket_margin": (NAN, 0.5, 0.5, NAN),
    "mix.pocket_price": (NAN, 0.8, 0.8, NAN),
    "mix.price_waterfall": ([0] * 12, [100, -10, 90, -5, 0, 0, -5, 0, 0, 80, -40, 40], Rows(12), [0] * 12),
    "origin.origin_return": (NAN, 1, -1, NAN),
    "origin.return_by_origin": (R0, R1, R1, R1),
    "origin.revenue_and_spend": ([0, 0], [1000, 200], [0, 200], [0, 0]),
    "origin.spend_until": ([], [200], [200], [0]),
    "profit.gain_left": (Refused("Add the lines"), "half", "half", Refused("Add the lines")),
    "profit.operating_margin": (NAN, 0.08, 0.08, NAN),
    "profit.price_gain": (NAN, 1, 1, 0),
    "profit.profit_from_price": (NAN, 0.125, 0.125, NAN),
    "profit.yearly_costs": (NAN, 92, 92, 0),
    "profit.yearly_revenue": (NAN, 100, 100, 0),
    "report.funnel_report": (NAN, 1, NAN, 1),
    "retention.due_between": (R0, R1, R1, R1),
    "retention.first_value_on": ([pd.NaT], [pd.Timestamp("2024-01-01")], [pd.Timestamp("2024-01-01")], [pd.NaT]),
    "retention.gross_renewal_rate": (NAN, 0.9, 0, NAN),
    "retention.gross_revenue_retention": (NAN, 1, 1, NAN),
    "retention.net_revenue_retention": (NAN, 1.2, 1.2, NAN),
    "retention.kept_value": ([], [90], [0], [0]),
    "retention.same_customers": (0, 1, 1, 0),
    "retention.time_to_first_value": (NAN, 40, NAN, 40),
    "roles.clarity_points": ([], [1], [1], [1]),
    "roles.role_clarity": ([], ["shared"], ["shared"], ["shared"]),
    "roles.rotation_faults": (R1, R0, R0, R0),
    "scorecard.revenue_factors": ([0, NAN, NAN, NAN], [1, 1, 4, 25], [1, 1, 4, 25], [1, 1, 0, NAN]),
    "scorecard.revenue_tree": ([NAN] * 5, [0] * 5, [0] * 5, [NAN] * 5),
    "scorecard.uplift_by_decile": (R0, R1, R1, R1),
    "scorecard.shared_pay": (Refused("needs target and actual"), R1, R1, R1),
    "sellthrough.cover": (NAN, 3, 3, NAN),
    "sellthrough.return_rate": (NAN, 0.1, 0, NAN),
    "sellthrough.return_rate_by_cohort": (R0, R1, R1, R1),
    "sellthrough.return_rate_by_door": (R0, R1, R1, R0),
    "sellthrough.weeks_of_cover": (NAN, 3, 3, NAN),
    "stages.cohort_counts": ([0] * 8, [1] * 8, [0] * 8, [1] * 8),
    "stages.conversion_table": ([NAN] * 7, [1] * 7, [NAN] * 7, [1] * 7),
    "stages.count_reached": (0, 1, 0, 1),
    "stages.cutoff": (pd.NaT, pd.Timestamp("2026-05-05"), pd.NaT, pd.Timestamp("2026-05-05")),
    "stages.first_entries": (R0, Rows(8), Rows(2), Rows(8)),
    "stages.gain_from_points": (NAN, 0.1, NAN, 0.1),
    "stages.largest_drop": (
        Refused("fewer maturity_days"),
        *[Refused(text) for text in ("Take more", "fewer", "Take")],
    ),
    "stages.lowest_rate": (Refused("fewer maturity_days"), *[Refused(text) for text in ("Take more", "fewer", "Take")]),
    "stages.maturity_window": (NAN, 10, NAN, 10),
    "stages.reached": ([], [True], [False], [True]),
    "stages.stage_conversion": (NAN, 1, NAN, 1),
    "stages.stage_funnel": (R0, Rows(8), Rows(8), Rows(8)),
    "stages.stage_moves": (R0, R1, R0, R1),
    "survey.agreement": (NAN, 1, 1, 1),
    "survey.boxes_per_person": (NAN, 1, 1, 1),
    "survey.gap_between": (NAN, NAN, NAN, NAN),
    "survey.multi_response": ([NAN, NAN], [1, 0], [1, 0], [1, 0]),
    "value.customer_acquisition_cost": (NAN, 100, 100, NAN),
    "willingness.best_price": (NAN, 5, NAN, 0),
    "willingness.gabor_granger": (R0, R1, R0, R1),
    "willingness.price_elasticity": (NAN, NAN, NAN, NAN),
    "willingness.van_westendorp": (NAN, 2.5, 2.5, 0),
}

#: Functions of numbers alone: what happens at the edge of each.
NUMBERS = [
    ("budget.adstock", lambda: budget.adstock([], 0.5), []),
    ("budget.half_life", lambda: budget.half_life(0.0), 0),
    ("budget.share_left", lambda: budget.share_left(0, 0.5), 1),
    ("budget.share_left", lambda: budget.share_left(2, 1.0), Refused("0 up to below 1")),
    ("budget.half_life", lambda: budget.half_life(1.0), Refused("0 up to below 1")),
    ("budget.carry_over_of", lambda: budget.carry_over_of(0), Refused("above 0")),
    ("budget.response", lambda: budget.response([], [], []), []),
    ("budget.response", lambda: budget.response(1, 1, 0), Refused("above 0")),
    ("budget.marginal_return", lambda: budget.marginal_return(0, 10, 5), 2),
    ("budget.marginal_return", lambda: budget.marginal_return(1, 1, 0), Refused("above 0")),
    ("budget.best_allocation", lambda: budget.best_allocation(0, [5, 5], [1, 1], 0, 9), [0, 0]),
    ("budget.best_allocation", lambda: budget.best_allocation(20, [5, 5], [1, 1], 0, 9), Refused("Widen")),
    ("budget.regret", lambda: budget.regret([0, 0], [5, 5], [1, 1], 0, 9), 0),
    ("budget.gain_captured", lambda: budget.gain_captured([1, 1], [1, 1], [5, 5], [1, 1], 0, 9), NAN),
    ("hours.group_text", lambda: hours.group_text("large"), "€4,800 and more"),
    ("ratio.stated", lambda: ratio.stated(8), 8),
    ("channel.customers_for_points", lambda: channel.customers_for_points(0, 100, 2), 0),
    ("channel.customers_for_points", lambda: channel.customers_for_points(0.1, 100, 0), Refused("above 0")),
    ("channel.category_behind", lambda: channel.category_behind(0, 8, 2), NAN),
    ("channel.category_if_it_grows", lambda: channel.category_if_it_grows(0, 8, 2, 0.1), NAN),
    ("clock.days_as_hours", lambda: clock.days_as_hours(0, arguments(none()).calendar), 0),
    ("deals.velocity_gain", lambda: deals.velocity_gain(-1), NAN),
    ("intervals.wilson", lambda: intervals.wilson(0, 0), [NAN, NAN]),
    ("intervals.wilson", lambda: intervals.wilson(2, 1), Refused("no share")),
    ("intervals.newcombe", lambda: intervals.newcombe(0, 0, 1, 2), [NAN, NAN]),
    ("profit.break_even_volume", lambda: profit.break_even_volume(0.4, 0.4), NAN),
    ("profit.contribution_change", lambda: profit.contribution_change(0.1, 0.0, 0.0), NAN),
    ("profit.price_leverage", lambda: profit.price_leverage(0.01, 0.0), NAN),
    ("profit.volume_after", lambda: profit.volume_after(-1, -2), Refused("leaves no price")),
    ("profit.gain_left", lambda: profit.gain_left(finished()["profit_and_loss"], 0, 0), Refused("price_change is 0")),
    ("ratio.share", lambda: ratio.share(0, 0), NAN),
    ("roles.rotation", lambda: roles.rotation([], ["T01"], 1), Refused("at least one")),
    ("scorecard.payout", lambda: scorecard.payout([]), []),
    ("scorecard.payout", lambda: scorecard.payout([NAN, 0]), [NAN, 0]),
    ("scorecard.share_after", lambda: scorecard.share_after(0.1, 0, -1), Refused("leaves no market")),
    ("scorecard.share_change", lambda: scorecard.share_change(0.1, 0, -1), Refused("leaves no market")),
    ("sellthrough.sell_through_of_received", lambda: sellthrough.sell_through_of_received(0, 0), NAN),
    ("sellthrough.sell_through_of_available", lambda: sellthrough.sell_through_of_available(0, 0, 0), NAN),
    ("stages.funnel_steps", lambda: stages.funnel_steps([]), Refused("unknown step")),
    ("survey.gap", lambda: survey.gap(0, 0, 1, 2), [NAN, NAN, NAN]),
    ("value.incremental_romi", lambda: value.incremental_romi(100, 0.4, 0), NAN),
    ("value.incremental_share", lambda: value.incremental_share(0, 0, 1, 2), NAN),
    ("value.incremental_share", lambda: value.incremental_share(0, 9, 1, 2), NAN),
    ("value.lifetime_value", lambda: value.lifetime_value(0, 0.5, 0.1), 0),
    ("value.lifetime_value", lambda: value.lifetime_value(1, 1, 0), Refused("Cap the horizon")),
]

#: Parts of metrics above, public only because another module uses them, and what calls metrics by name.
PARTS = {
    "accuracy.of_maker", "adverts.missing_eur", "adverts.saved_eur",
    "ageing.queue", "budget.one_micromarket", "counts.deals_with", "counts.euros_with",
    "dates.due_deals", "dates.planned_on",
    "dates.pushes_of", "demand.created_between", "demand.credited_return", "demand.first_leads", "demand.influenced",
    "demand.leads_between", "demand.marketing_paths", "forecast.mondays_before", "forecast.stays",
    "forecasts.last_months", "market.between", "market.gross_margin", "market.revenue_of_year", "retention.failed",
    "retention.talked_before", "route.buys_from_us", "route.on_route", "sellthrough.last_whole_week",
    "stages.mapped_or_self", "stages.people", "teamwork.cells", "teamwork.done_by_both", "teamwork.last_wave",
    "teamwork.seller_weeks", "teamwork.settled_notes", "trials.planned_trials", "trials.requests", "trials.slots_in",
}  # fmt: skip
#: `plans` and `rules` work on what a learner hands in, not on tables of the company.
PLUMBING = {"catalogue", "codes", "kept", "plans", "rules", "walks"}
#: Measures of one lesson each: tried on tables without a row in test_metrics_smallest_lessons.py.
OF_ONE_LESSON = {
    *("brand", "brief", "call_list", "comparisons", "credit", "cycles", "demand_plans", "front_line", "growth"),
    *("hazards", "journey_map", "labels", "levers", "listening", "messages", "micromarkets", "now_and_later"),
    *("ownership", "placing", "price_rise", "pulse", "ride_plan", "total_price", "touch_counts", "variance"),
}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(
    ("tables", "place"),
    [(none, 0), (finished, 1), (unfinished, 2), (worthless, 3)],
    ids=["no row", "one row", "all open", "zero amounts"],
)
def test_metric_on_the_smallest_tables(name, tables, place):
    """The documented answer, without a warning from the libraries underneath."""
    _check(lambda: CALLS[name](made(tables)), EXPECTED[name][place])


@pytest.mark.parametrize(("name", "call", "expected"), NUMBERS, ids=[name for name, _, _ in NUMBERS])
def test_metric_of_numbers_at_its_edge(name, call, expected):
    """Zero denominators and empty lists: NaN, an empty answer, or an error that says what to do."""
    _check(call, expected)


def test_no_public_metric_is_left_out():
    """Each public function of the metric modules stands above, or is named as a part of one that does."""
    public = set()
    for module in pkgutil.iter_modules(metrics.__path__):
        if module.name in PLUMBING | OF_ONE_LESSON or module.name.endswith("_traps"):
            continue
        loaded = importlib.import_module(f"onefunnel.metrics.{module.name}")
        public |= {
            f"{module.name}.{name}"
            for name, function in inspect.getmembers(loaded, inspect.isfunction)
            if function.__module__ == loaded.__name__ and not name.startswith("_")
        }
    assert public == set(CALLS) | {name for name, _, _ in NUMBERS} | PARTS
    assert set(CALLS) == set(EXPECTED)


def _check(call, expected):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        if isinstance(expected, Refused):
            with pytest.raises(ValueError, match=expected.text):
                call()
            return
        got = call()
    if isinstance(expected, Rows):
        assert len(got) == expected.count
        return
    if isinstance(expected, list):
        assert len(got) == len(expected)
        pairs = zip(list(got), expected, strict=True)
    else:
        pairs = [(got, expected)]
    for one, wanted in pairs:
        if pd.isna(wanted):
            assert pd.isna(one)
        elif isinstance(wanted, str | pd.Timestamp):
            assert one == wanted
        else:
            assert one == pytest.approx(wanted, abs=1e-12)
