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
    front_line_board,
    funnel_by_cohort,
    hotspot,
    match,
    micromarket_grid,
    next_euro,
    number,
    order,
    owner_grid,
    pay_simulator,
    play_results,
    predict,
    role_rule,
    rules,
    target,
    text,
    tiles,
    total_price,
    two_tier,
    variance_tree,
    waterfall,
    worked,
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
}

WIDGETS: dict[str, str] = {
    "funnel_by_cohort": "See how many people reach each step, followed as a group or counted by the calendar.",
    "waterfall": "Walk from list price to pocket price to margin and change each part on the way.",
    "front_line_board": "Weigh trial slots, price floor and a competitor's offer, and see when to hold, trade or walk.",
    "total_price": "Add up what an offer costs the buyer in money, time, reputation, change and risk.",
    "cohort_example": "Read a worked example: how people and deals of the sample territory T00 went from step to step.",
    "price_example": "Read a worked example: from list price to margin in the sample territory T00.",
    "owner_grid": "Give each funnel step the one function that answers for it, and see steps with nobody or two.",
    "role_rule": "Describe a sale, and see how closely sales and marketing should agree who does what.",
    "hours_example": "Read a worked example: hours that two people spend on one task in the sample territory T00.",
    "variance_tree": "Split a fall in revenue into customers, orders, cases and price, beside calls and empty shelves.",
    "pay_simulator": "Choose what marketing and sales are paid on, and see who earns more when names are bought.",
    "quarter_example": "Read a worked example: the four factors of revenue in the sample territory T00.",
    "micromarket_grid": "See potential, budget, customers and goals of eight micromarkets by four kinds of buyer.",
    "next_euro": "Move money between micromarkets, and see what the next euro brings beside the average one.",
    "play_results": "Read the tests of three plays: the gap, its interval, and what a look too early said.",
    "budget_example": "Read a worked example: two places with one budget, and what their next euro brings.",
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
