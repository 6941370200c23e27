"""The measures that single lessons use, on tables without a row: what a company sees whose export lacks them.

What the answer must be follows from the definitions by hand. A share, rate, mean or change of nothing is NaN; a count
or sum of nothing is 0; a choice between nothing is refused with a sentence: no library's error, no verdict.
"""

from __future__ import annotations

import importlib
import inspect
import math
import warnings

import pandas as pd
import pytest

from onefunnel.data import load as load_tables
from onefunnel.playbook import load as load_playbook

NAN = math.nan
ZERO = 0
EMPTY = "empty"  # a list, mapping, series or frame without an entry
PLACES = {"advertising": 60_000, "email": 12_000}
RULE = [{"column": "past_cases_month", "test": "at_least", "value": 12}]
TITLE = {"job_title": "chief financial officer"}
PLANNED = {"offers_now": 100_000.0, "offers_later": 0.0, "brand": 0.0}
Q1 = {"year": 2026}
T07 = {"territory": "T07"}
EARLIER = {"day": 60, "recent_days": 180}

#: module → function → (what goes in beside the tables, the answer). Text is a part of the refusal's sentence.
CASES: dict[str, dict[str, tuple[dict[str, object], object]]] = {
    "brand": {
        "brand_keeps": ({}, "no row of EXP-05"),
        "gap_by_segment": ({}, NAN),
        "held_by_a_euro": ({}, "no row of EXP-05"),
        "lost_by_week": ({}, "no row of EXP-05"),
        "rate_by_known": ({"known": True}, NAN),
        "rival_gain": ({}, "no row of EXP-05"),
        "sales_lost": ({"week": 52}, "no row of EXP-05"),
        "share_known": ({"segment": "A"}, NAN),
        "with_segment": ({}, EMPTY),
    },
    "call_list": {
        "fitting": ({}, "Use more leads"),
        "loudest_first": ({}, "Use more leads"),
        "newest_first": ({}, "Use more leads"),
        "options": ({}, "Use more leads"),
        "untouched_forty": ({}, "Use more leads"),
    },
    "comparisons": {
        "decided_a_year": ({}, NAN),
        "gap_within": ({"fact": "joint_call", "within": "purchase_type"}, NAN),
        "mean_value": ({"outcome": "open"}, NAN),
        "one_apart": ({"level": 0.99}, "=none"),
        "one_apart_option": ({"level": 0.99}, "=none"),  # no territory stands apart where there is none
        "open_of_type_in": ({"purchase_type": "new_business"}, NAN),
        "points_as_percent": (T07, NAN),
        "rate_apart_from": (T07, NAN),
        "rate_where": ({"facts": {"joint_call": True}}, NAN),
        "raw_gap": ({"fact": "joint_call"}, NAN),
        "territory_rates": ({"level": 0.99}, EMPTY),
        "won_of_type": ({"purchase_type": "new_business"}, NAN),
        "worth_of_rate": (T07, NAN),
        "zero_for_empty": ({"purchase_type": "pilot"}, ZERO),  # the misreading itself
    },
    "cycles": {
        "change_at_same_age": (EARLIER, [NAN, NAN]),
        "closed_by": ({"day": 60}, [ZERO, ZERO]),
        "levered_velocity": ({}, NAN),
        "plan_net": ({"cost_eur": 1, "margin": 0.4}, NAN),
        "speed_verdict": ({}, "cannot be compared"),
        "typical_days": ({"of": "won", "how": "mean"}, NAN),
    },
    "demand_plans": {
        "best": ({"total_eur": 60_000, "margin": 0.42, "room_eur": PLACES}, "no return is known"),
        "best_first": ({"total_eur": 60_000, "returns": {"email": NAN}, "room_eur": PLACES}, "no return is known"),
        "left_over": ({"plan": PLACES, "returns": dict.fromkeys(PLACES, NAN), "room_eur": PLACES}, NAN),
        "brings": ({"plan": PLACES, "margin": 0.42, "room_eur": PLACES}, NAN),
        "follows_leads": ({"plan": {"email": 0.0}}, False),
        "halves_the_return": ({"margin": 0.42, "origin": "email"}, NAN),
        "incremental_returns": ({"margin": 0.42, "origins": ["email"]}, {"email": NAN}),
        "people": ({"origin": "email"}, ZERO),
        "revenue_eur": ({"origin": "email"}, ZERO),
        "spend_eur": ({"origin": "email"}, ZERO),
    },
    "front_line": {
        "assigned_in_weeks": ({}, ZERO),
        "best": ({"total_eur": 60_000, "margin": 0.42, "room_eur": PLACES}, "no return is known"),
        "brand_return": ({"margin": 0.42}, NAN),
        "brings": ({"plan": PLACES, "margin": 0.42, "room_eur": PLACES}, NAN),
        "decided_in_weeks": ({}, ZERO),
        "plan_options": ({}, "Plan them first"),
        "plans_without_room": ({}, "Plan them first"),
        "quarter_plans": ({}, "Plan them first"),
        "returns": ({"margin": 0.42, "places": ["brand", "email"]}, {"brand": NAN, "email": NAN}),
        "slots_are_fixed": ({}, "Plan them first"),
        "wins_need_no_tastings": ({}, "Plan them first"),
    },
    "hazards": {
        "at_risk": ({}, EMPTY),
        "biggest_amount": ({}, EMPTY),
        "crm_percent": ({}, EMPTY),
        "deal_options": ({}, EMPTY),
        "fullest_step": ({}, "no deal is open"),
        "growth_plan": (
            {"plan": {"leads": 1.0}, "wins": {"leads": 14}, "bottleneck": "leads", "full_eur": 7.0, "margin": 0.42},
            NAN,
        ),
        "hazards": ({}, EMPTY),
        "mean_days_standing": ({}, NAN),
        "oldest_created": ({}, EMPTY),
        "pushed_rate_option": ({"least": 3}, "no decided deal"),
        "pushed_win_rate": ({"least": 3}, NAN),
        "pushes": ({"opp_ids": pd.Series([], dtype=str)}, EMPTY),
        "since_created": ({}, NAN),
        "total_days": ({"since": "created"}, ZERO),
        "until_today": ({}, NAN),
    },
    "journey_map": {
        "most_poor": ({}, EMPTY),
        "options": ({}, EMPTY),
        "renewed_by_start": ({"poor": True}, NAN),
        "touchpoints": ({}, EMPTY),
    },
    "labels": {"origins_of": ({"labels": {"poster": "poster"}}, "stands for 0 origins")},
    "levers": {
        "growth_from_price": ({"at": 0.03}, NAN),
        "last_year": ({}, EMPTY),
        "lever": ({"name": "customers"}, ZERO),
        "margin": ({}, ZERO),
        "margin_gain": ({"name": "price_eur", "change": 0.01}, ZERO),
        "margin_share": ({}, NAN),
        "revenue": ({}, ZERO),
        "smallest_change": ({"margin_growth": 0.1}, NAN),
    },
    "listening": {
        "days_saved": ({}, NAN),
        "days_too_late": ({}, NAN),
        "days_waited": ({}, EMPTY),
        "double_hours_of": ({"function": "sales"}, NAN),
        "hours_a_week": ({"function": "sales", "task_id": "customer_talks"}, NAN),
        "hours_missing": ({}, NAN),
        "lost_share": ({"owned": False}, NAN),
        "mean_of_arrived": ({"owned": False}, NAN),
        "middle_days": ({"owned": False}, NAN),
        "middle_of_arrived": ({"owned": False}, NAN),
        "pay_of_an_hour": ({"function": "sales"}, NAN),
        "people": ({"function": "sales"}, ZERO),
        "since_owner": ({}, EMPTY),
        "used_share": ({"kind": "price", "fresh": True}, NAN),
    },
    "messages": {
        "assets_by_cell": ({}, "zeros"),
        "cell_options": ({}, EMPTY),
        "cells_with_deals": ({}, ZERO),
        "cells_with_deals_and_asset": ({}, ZERO),
        "covered_eur": ({}, ZERO),
        "covered_share": ({}, NAN),
        "effect_verdict": ({"asset": "Savings sheet"}, "none or all used it"),
        "issue_kinds": ({}, EMPTY),
        "issue_rows": ({}, EMPTY),
        "issues": ({}, EMPTY),
        "largest_hole": ({}, EMPTY),
        "library_size": ({}, ZERO),
        "open_by_cell": ({}, "zeros"),
        "open_eur": ({}, ZERO),
        "rates_by_use": ({"asset": "Savings sheet"}, "blanks"),
        "with_any": ({"asset_ids": ["AS01"]}, NAN),
    },
    "micromarkets": {
        "adverts_or_seller": ({"seller": 2.7}, "no budget is known"),
        "amount_of": ({"column": "budget_eur"}, ZERO),
        "best": ({"most": 1.5}, EMPTY),
        "brings": ({"plan": {}}, ZERO),
        "budget_now": ({}, EMPTY),
        "by_worth": ({}, EMPTY),
        "gain_of_best": ({"most": 1.5}, NAN),
        "how_many": ({}, ZERO),
        "next_euro_here": ({}, "no budget is known"),
        "next_euros": ({}, EMPTY),
        "places": ({"most": 1.5}, EMPTY),
        "share_of": ({"column": "budget_eur", "top": 3}, NAN),
        "trial": ({"experiment": "EXP-08"}, "no count of EXP-08"),
        "why_here": ({"seller": 2.7}, "no budget is known"),
    },
    "now_and_later": {
        "best": ({}, "no week before the test"),
        "brand_effect": ({}, "no row of EXP-05"),
        "breaks_floor": ({"plan": PLANNED}, "no week before the test"),
        "breaks_goal": ({"plan": PLANNED}, "no week before the test"),
        "brings": ({"plan": PLANNED}, "no week before the test"),
        "effects": ({}, "no week before the test"),
        "offers_effect": ({}, "no week before the test"),
    },
    "ownership": {
        "double_cost": ({}, NAN),
        "double_hours": ({}, NAN),
        "double_share": ({}, NAN),
        "hours_done_by_both": ({"function": "sales"}, ZERO),
        "hours_of": ({"function": "sales"}, ZERO),
        "orphans": ({}, EMPTY),
        "pay_of_a_year": ({"function": "sales"}, ZERO),
        "seller_weeks": ({}, ZERO),
        "task_options": ({}, EMPTY),
        "tasks_done_by_both": ({}, ZERO),
    },
    "placing": {
        "active_machines": ({}, ZERO),
        "again_of": ({"rule": RULE, "units": 50}, NAN),
        "again_rate": ({"rule": RULE}, NAN),
        "best_plan": ({"units": 50, "rule": RULE}, "find no place"),
        "brings": ({"plan": {}}, ZERO),
        "group_of": ({}, EMPTY),
        "group_rates": ({}, EMPTY),
        "group_rows": ({"units": 50, "rule": RULE}, "find no place"),
        "hidden_place": (TITLE, "Name another title"),
        "machines_of_age": ({"since": "installed_on"}, ZERO),
        "margin_brought": ({"plan": {}}, NAN),
        "placed": ({}, EMPTY),
        "places": (TITLE, EMPTY),
        "rule_lift": ({"rule": RULE, "than": RULE, "fewest": 1}, NAN),
        "share_due": ({}, NAN),
        "top_tenth": ({"score": "fit_score", "part": "lift"}, NAN),
        "touches_before": (TITLE, EMPTY),
    },
    "price_rise": {
        "answer_lines": ({}, EMPTY),
        "better_move": ({"price_change": 0.05, "contribution": 0.4}, "no shop has sold at two prices"),
        "out_of_order": ({}, EMPTY),
        "packs_change": ({"price_change": 0.05}, NAN),
        "packs_factor": ({"price_change": 0.05}, NAN),
        "packs_lost": ({"price_change": 0.05}, NAN),
        "said_and_did": ({}, EMPTY),
        "stated_price": ({}, "nobody was asked"),
        "tested_price": ({}, "no price was shown"),
        "till_change": ({"at": -1.8, "price_change": 0.05, "contribution": 0.4}, ZERO),
        "yearly_sales": ({}, ZERO),
    },
    "pulse": {
        "answered": ({"question": "understands_needs", "function": "sales"}, ZERO),
        "boxes_offered": ({}, ZERO),
        "boxes_per_person": ({}, NAN),
        "boxes_ticked": ({}, ZERO),
        "people_who_answered": ({}, ZERO),
        "share_of_people": ({"box": "obstacle_talk"}, NAN),
        "share_of_yes": ({"question": "understands_needs", "function": "sales"}, NAN),
        "yes": ({"question": "understands_needs", "function": "sales"}, ZERO),
    },
    "ride_plan": {
        "booked": ({"rule": []}, EMPTY),
        "drive_minutes": ({}, EMPTY),
        "empty_weeks": ({"rule": []}, 48),
        "good_rides": ({"rule": []}, NAN),
        "has_empty_week": ({"rule": []}, True),
        "has_repeat": ({"rule": []}, False),
        "never_seen": ({"rule": []}, ZERO),
        "repeats": ({"rule": []}, ZERO),
    },
    "total_price": {"typical_spend": ({}, NAN)},
    "touch_counts": {
        "all_leads": ({}, ZERO),
        "auto_reply_to_fitting": ({"least_fit": 60}, NAN),
        "fit_left_out": ({"least_fit": 60}, NAN),
        "untouched_fitting": ({"least_fit": 60}, NAN),
        "became_share": ({"fast": True, "intent": "demo_request"}, NAN),
        "called": ({}, EMPTY),
        "never_by_a_human": ({}, ZERO),
        "never_by_anything": ({}, ZERO),
        "reached_by_nothing": ({}, NAN),
        "reached_by_nothing_of_all": ({}, NAN),
        "run_out": ({}, ZERO),
        "speed_ratio_within": ({"intent": "demo_request"}, NAN),
        "speed_wins_all": ({"intent": "demo_request"}, NAN),
        "untouched": ({}, EMPTY),
    },
    "variance": {
        "buyers": (Q1, ZERO),
        "buyers_before": ({**Q1, "months": 24}, ZERO),
        "decided_deals": ({"outcomes": ["won"]}, ZERO),
        "decided_euros": ({"outcomes": ["won"]}, ZERO),
        "deepest_fall": (Q1, NAN),
        "empty_share": (Q1, NAN),
        "factor_changes": (Q1, "blanks"),
        "factors": (Q1, [ZERO, NAN, NAN, NAN]),  # no customer, and so nothing per customer
        "fell_most": (Q1, "no orders"),
        "margin_growth": (Q1, NAN),
        "money": ({**Q1, "level": "margin"}, ZERO),
        "neutral_share": ({"measure": "mqls"}, NAN),
        "new_accounts": (Q1, ZERO),
        "pay_cost": ({"quarters": 4}, NAN),
        "pay_effect": ({"measure": "mqls", "at": 0.5}, NAN),
        "pay_growth": ({"measure": "mqls"}, NAN),
        "pay_mean": ({"measure": "mqls", "paid_on": "margin"}, NAN),
        "quarters_of": ({"paid_on": "mql"}, ZERO),
        "revenue_change": (Q1, NAN),
        "visit_change": (Q1, NAN),
        "where_to_look": (Q1, "no visits are known"),
    },
}
ALL = [(module, name) for module, cases in CASES.items() for name in cases]


@pytest.fixture(scope="module")
def nothing():
    """What a measure may ask for by name: each table of the company without a row, its day, steps and calendar."""
    tables, playbook = load_tables(), load_playbook()
    empty = {name: getattr(tables, name).iloc[:0] for name in tables.names}
    return {
        **empty,
        "as_of": tables.as_of,
        "steps": [step.id for step in playbook.steps],
        "calendar": playbook.company.calendar,
    }


@pytest.mark.parametrize(("module", "name"), ALL, ids=[f"{module}.{name}" for module, name in ALL])
def test_a_measure_of_nothing(module, name, nothing):
    """The documented answer, without a warning from the libraries underneath."""
    function = getattr(importlib.import_module(f"onefunnel.metrics.{module}"), name)
    given, expected = CASES[module][name]
    call = {key: nothing[key] for key in inspect.signature(function).parameters if key in nothing} | given
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        if isinstance(expected, str) and " " in expected:
            with pytest.raises(ValueError, match=expected):
                function(**call)
            return
        got = function(**call)
    _same(got, expected)


def _same(got, expected):
    if expected == EMPTY:
        assert len(got) == 0
    elif expected == "zeros":
        assert (pd.DataFrame(got).to_numpy() == 0).all()
    elif expected == "blanks":
        assert pd.DataFrame(got).drop(columns="deals", errors="ignore").isna().all(axis=None)
    elif isinstance(expected, str):
        assert got == expected.removeprefix("=")
    elif isinstance(expected, dict):
        assert set(got) == set(expected)
        for key, wanted in expected.items():
            _same(got[key], wanted)
    elif isinstance(expected, list):
        assert len(got) == len(expected)
        for one, wanted in zip(list(got), expected, strict=True):
            _same(one, wanted)
    elif isinstance(expected, float) and math.isnan(expected):
        assert isinstance(got, float) and math.isnan(got)
    else:
        assert got == expected


def test_no_measure_of_these_modules_is_left_out(nothing):
    """Each public function that reads a table stands above."""
    tables = set(nothing) - {"as_of", "steps", "calendar", "returns"}  # a name that two functions use for numbers
    for module, cases in CASES.items():
        loaded = importlib.import_module(f"onefunnel.metrics.{module}")
        reading = {
            name
            for name, function in inspect.getmembers(loaded, inspect.isfunction)
            if function.__module__ == loaded.__name__
            and not name.startswith("_")
            and tables & set(inspect.signature(function).parameters)
        }
        assert reading <= set(cases), module
