"""What a learner touches: one widget a question type, and the exploration widgets of the lessons.

`item_widget` draws a question, `explore_widget` a lesson's exploration; `WIDGETS` names the explorations.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as w

from onefunnel.errors import Problem
from onefunnel.learn.widgets import (
    allocate,
    best_worst,
    claim,
    door_returns,
    forecast_example,
    front_line_board,
    funnel_by_cohort,
    hotspot,
    match,
    number,
    order,
    predict,
    quarter_builder,
    route_dots,
    route_example,
    rules,
    shelf_example,
    stock_build_up,
    target,
    text,
    tiles,
    total_price,
    two_tier,
    waterfall,
    worked,
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
    "hotspot": hotspot.Hotspot,
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
    "cohort_example": worked.CohortExample,
    "price_example": worked.PriceExample,
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
    "cohort_example": "Read a worked example: how people and deals of the sample territory T00 went from step to step.",
    "price_example": "Read a worked example: from list price to margin in the sample territory T00.",
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
