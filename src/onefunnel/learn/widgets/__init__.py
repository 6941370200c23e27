"""What a learner touches: one widget a question type, and the exploration widgets of the lessons.

`item_widget` draws a question, `explore_widget` a lesson's exploration; `WIDGETS` names the explorations.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as w

from onefunnel.errors import Problem
from onefunnel.learn.widgets import (
    ageing_board,
    allocate,
    best_worst,
    brief_reader,
    claim,
    deal_ages,
    door_returns,
    evidence_card,
    forecast_example,
    front_line_board,
    funnel_by_cohort,
    hotspot,
    journey_map,
    lead_clock,
    match,
    message_matrix,
    micromarket_grid,
    next_euro,
    number,
    order,
    origin_return,
    outlet_rule,
    owner_grid,
    pay_simulator,
    play_results,
    predict,
    quarter_builder,
    revenue_tree,
    role_rule,
    route_dots,
    route_example,
    rules,
    shelf_example,
    stock_build_up,
    survey_gap,
    target,
    text,
    tiles,
    total_price,
    two_tier,
    variance_tree,
    waterfall,
    win_rate_dial,
    worked,
    worked_deals,
    worked_origin,
    worked_together,
)

__all__ = ["WIDGETS", "explore_widget", "item_widget"]

_ITEMS: dict[str, Callable[..., w.Widget]] = {
    "predict": predict.predict,
    "number": number.Number,
    "tiles": tiles.Tiles,
    "two_tier": two_tier.TwoTier,
    "order": order.Order,
    "claim": claim.Claim,
    "match": match.Match,
    "sort": match.Match,
    "matrix": match.Match,
    "hotspot": hotspot.hotspot,
    "target": target.Target,
    "best_worst": best_worst.BestWorst,
    "rules": rules.Rules,
    "allocate": allocate.Allocate,
    "text": text.Text,
}

_EXPLORATIONS: dict[str, Callable[[Any], w.Widget]] = {
    "funnel_by_cohort": funnel_by_cohort.FunnelByCohort,
    "waterfall": waterfall.Waterfall,
    "front_line_board": front_line_board.FrontLineBoard,
    "total_price": total_price.TotalPrice,
    "evidence_card": evidence_card.EvidenceCard,
    "survey_gap": survey_gap.SurveyGap,
    "origin_return": origin_return.OriginReturn,
    "origin_example": worked_origin.OriginExample,
    "lead_clock": lead_clock.LeadClock,
    "hand_off_example": lead_clock.HandOffExample,
    "journey_map": journey_map.JourneyMap,
    "cohort_example": worked.CohortExample,
    "price_example": worked.PriceExample,
    "revenue_tree": revenue_tree.RevenueTree,
    "levers_example": revenue_tree.LeversExample,
    "message_matrix": message_matrix.MessageMatrix,
    "issue_table": message_matrix.IssueTable,
    "asset_effect": message_matrix.AssetEffect,
    "feature_example": message_matrix.FeatureExample,
    "outlet_rule": outlet_rule.OutletRule,
    "fit_tenths": outlet_rule.FitTenths,
    "places_before": outlet_rule.PlacesBefore,
    "placing_example": outlet_rule.PlacingExample,
    "brief_reader": brief_reader.BriefReader,
    "win_rate_dial": win_rate_dial.WinRateDial,
    "lucky_league": win_rate_dial.LuckyLeague,
    "win_rate_example": worked_deals.WinRateExample,
    "deal_ages": deal_ages.DealAges,
    "velocity_levers": deal_ages.VelocityLevers,
    "velocity_example": worked_deals.VelocityExample,
    "ageing_board": ageing_board.AgeingBoard,
    "queue_by_step": ageing_board.WhereTheQueueStands,
    "hazard_example": ageing_board.HazardExample,
    "owner_grid": owner_grid.OwnerGrid,
    "role_rule": role_rule.RoleRule,
    "hours_example": worked_together.HoursExample,
    "variance_tree": variance_tree.VarianceTree,
    "pay_simulator": pay_simulator.PaySimulator,
    "quarter_example": worked_together.QuarterExample,
    "micromarket_grid": micromarket_grid.MicromarketGrid,
    "next_euro": next_euro.NextEuro,
    "play_results": play_results.PlayResults,
    "budget_example": worked_together.BudgetExample,
    "quarter_builder": quarter_builder.QuarterBuilder,
    "forecast_example": forecast_example.ForecastExample,
    "route_dots": route_dots.RouteDots,
    "route_example": route_example.RouteExample,
    "stock_build_up": stock_build_up.StockBuildUp,
    "door_returns": door_returns.DoorReturns,
    "shelf_example": shelf_example.ShelfExample,
}

WIDGETS: dict[str, str] = {
    "funnel_by_cohort": "See how many people reach each step, followed as a group or counted by the calendar.",
    "waterfall": "Walk from list price to pocket price to margin and change each part on the way.",
    "front_line_board": "Weigh trial slots, price floor and a competitor's offer, and see when to hold, trade or walk.",
    "total_price": "Add up what an offer costs the buyer in money, time, reputation, change and risk.",
    "evidence_card": "Ask six questions of a number, and see what grade its answers earn.",
    "survey_gap": "See how sure a gap between two teams is, with more or fewer people asked.",
    "origin_return": "See what each origin of demand returned, on revenue or margin, as booked or as added.",
    "origin_example": "Read a worked example: what the origins of the sample territory T00 returned.",
    "lead_clock": "Move the arrival of one lead and see when its clock runs, stands still and is up.",
    "hand_off_example": "Read a worked example: what happened to the assigned leads of the sample territory T00.",
    "journey_map": "See how customers score each touchpoint from the first talk on, and whose it is.",
    "cohort_example": "Read a worked example: how people and deals of the sample territory T00 went from step to step.",
    "price_example": "Read a worked example: from list price to margin in the sample territory T00.",
    "revenue_tree": "Pull the four levers of revenue and see what reaches the margin.",
    "levers_example": "Read a worked example: customers, orders, cases and price of the sample territory T00.",
    "message_matrix": "See which readers have an asset, where open euros wait without one, and what to say to each.",
    "issue_table": "Read what buyers said about us and a rival after they had decided.",
    "asset_effect": "Compare win rates with and without an asset, over all deals and like with like.",
    "feature_example": "Read a worked example: one feature for six readers, and the open deals of T00.",
    "outlet_rule": "Build a rule for display units and see how many outlets order again, beside the old rule.",
    "fit_tenths": "See how often outlets order again, sorted by fit or by past cases.",
    "places_before": "See where buyers met us before a deal, and what only the last touch would show.",
    "placing_example": "Read a worked example: six display units and the machines of the sample territory T00.",
    "brief_reader": "Check a target description for six facts and for words that nobody can look up.",
    "win_rate_dial": "Change what is counted and what stands below the line, and see the win rate move.",
    "lucky_league": "Compare the territories' win rates with what luck alone would give them.",
    "win_rate_example": "Read a worked example: deals won, lost and open in the sample territory T00.",
    "deal_ages": "See which share of deals is won, lost or still open at each age.",
    "velocity_levers": "Move the four levers of the pipeline and see euros a day and what a plan leaves.",
    "velocity_example": "Read a worked example: the four factors of velocity in the sample territory T00.",
    "ageing_board": "See each open deal's days in its step beside what is normal there.",
    "queue_by_step": "See where open deals wait, and what became of deals whose close was moved.",
    "hazard_example": "Read a worked example: the open deals of the sample territory T00.",
    "owner_grid": "Give each funnel step the one function that answers for it, and see steps with nobody or two.",
    "role_rule": "Describe a sale, and see how closely sales and marketing should agree who does what.",
    "hours_example": "Read a worked example: hours spent twice on the same tasks in the sample territory T00.",
    "variance_tree": "Split a fall in revenue into customers, orders, cases and price, beside calls and empty shelves.",
    "pay_simulator": "Choose what marketing and sales are paid on, and see who earns more when names are bought.",
    "quarter_example": "Read a worked example: the four factors of revenue in the sample territory T00.",
    "micromarket_grid": "See potential, budget, customers and goals of eight micromarkets by four kinds of buyer.",
    "next_euro": "Move money between micromarkets, and see what the next euro brings beside the average one.",
    "play_results": "Read the tests of three plays: the gap, its interval, and what a look too early said.",
    "budget_example": "Read a worked example: two places with one budget, and what their next euro brings.",
    "quarter_builder": "Hold money against the target, trials against slots, and hours against potential.",
    "forecast_example": "Read a worked example: coverage, bias and miss in the sample territory T00.",
    "route_dots": "Turn points of share into customers, cases and stops on your own route.",
    "route_example": "Read a worked example: points, stops and shelf shares of the sample territory T00.",
    "stock_build_up": "Watch stock build up between what is shipped to shops and what they sell.",
    "door_returns": "See how sure a door's return rate is, and which doors stand out.",
    "shelf_example": "Read a worked example: shipped, sold, in stock and returned in the sample territory T00.",
}


def item_widget(item: Any, answer: dict | None, keep: Callable[[dict], None], context: Any) -> w.Widget:
    """Return the widget that asks one question.

    `item` is a `learn.items.Item`; `answer` is what was kept before, or None; `keep` saves an answer in the shape of
    its type and may raise Problem; `context` resolves options, rows, tokens and units into plain text.
    """
    try:
        kind = _ITEMS[item.type]
    except KeyError:
        raise Problem(
            f'{item.lesson}/{item.id}: there is no question type "{item.type}". Known: {", ".join(_ITEMS)}.'
        ) from None
    return kind(item, answer, keep, context)


def explore_widget(name: str, world: Any) -> w.Widget:
    """Return a lesson's exploration widget by name, on the learner's own book and the company's tables."""
    try:
        kind = _EXPLORATIONS[name]
    except KeyError:
        raise Problem(f'There is no exploration "{name}". Known: {", ".join(_EXPLORATIONS)}.') from None
    return kind(world)
