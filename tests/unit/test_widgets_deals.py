"""The explorations of the pipeline lessons: what they say can be counted on paper."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pandas as pd

from onefunnel.learn.widgets import explore_widget

AS_OF = pd.Timestamp("2026-01-01")


def title(widget):
    """The finding as plain text."""
    return re.sub(r"<[^>]+>", "", widget.finding.value)


def decided_deals():
    """T01: 3 of 4 won; T02: 1 of 6 won. One open deal each. Won €100, lost €300 (one over €25,000), open €500."""
    rows = []
    for territory, won, lost in (("T01", 3, 1), ("T02", 1, 5)):
        rows += [(territory, "won", 100.0, "new_business", "2025-06-01")] * won
        rows += [(territory, "lost", 300.0, "rebuy", "2024-06-01")] * lost
        rows += [(territory, "open", 500.0, "new_business", None)]
    frame = pd.DataFrame(rows, columns=["territory_id", "outcome", "amount_eur", "purchase_type", "closed_at"])
    frame["closed_at"] = pd.to_datetime(frame["closed_at"])
    return SimpleNamespace(opportunities=frame, as_of=AS_OF)


def world_of(tables):
    """A world that has the same tables everywhere."""
    return SimpleNamespace(book=tables, company=tables, demo=tables)


def test_the_dial_reads_one_table_in_four_ways():
    """4 of 10 decided, 4 of 12 in all; €400 of €2,200 decided and of €3,200 in all."""
    widget = explore_widget("win_rate_dial", world_of(decided_deals()))
    assert "40.0 % of the deals (decided)" in title(widget)
    widget.base.value = "all"
    assert "33.3 %" in title(widget)
    widget.by.value = "value"
    assert "12.5 %" in title(widget)
    widget.base.value = "decided"
    assert "18.2 %" in title(widget)


def test_the_dial_narrows_to_a_kind_and_a_year():
    """New business: all 4 decided ones are won. Rebuys: none of 6. Of the last 12 months: the 4 won ones."""
    widget = explore_widget("win_rate_dial", world_of(decided_deals()))
    widget.kind.value = "new_business"
    assert widget.rate() == 1
    widget.kind.value = "rebuy"
    assert widget.rate() == 0
    widget.window.value = "year"
    assert "– of the deals" in title(widget)


def test_luck_alone_spreads_equal_territories():
    """What happened runs from 1 of 6 to 3 of 4; a shuffle shows other rates and says that all chances are the same."""
    widget = explore_widget("lucky_league", world_of(decided_deals()))
    assert "from 16.7 % to 75.0 %" in title(widget)
    widget.again.click()
    assert widget.shown.value == "luck" and "the same chance of 40.0 % for all" in title(widget)
    first = widget.rates()["won"].tolist()
    drawn = set()
    for _ in range(8):
        widget.again.click()
        drawn.add(tuple(widget.rates()["won"]))
    assert len(drawn | {tuple(first)}) > 1


def test_the_worked_example_divides_won_by_decided():
    """T00 as the company keeps it: 4 won, 12 lost, 4 open; €36,000 of €200,000 by value."""
    from onefunnel.data import load

    widget = explore_widget("win_rate_example", SimpleNamespace(demo=load().territory("T00")))
    assert "4 won ÷ 16 decided = 25% of the deals, and 18% of the euros" in title(widget)
    assert "2 of 4 = 50%" in widget.numbers.value and "1 of 9 = 11%" in widget.numbers.value


def aged_deals():
    """A year ago 4 deals: won after 50, lost after 60, lost after 80, won after 100 days. In December 2 more: one won
    after 10 days, one open for 20."""
    rows = [
        ("2025-01-01", 50, "won"),
        ("2025-01-01", 60, "lost"),
        ("2025-01-01", 80, "lost"),
        ("2025-01-01", 100, "won"),
        ("2025-12-12", 10, "won"),
        ("2025-12-12", None, "open"),
    ]
    frame = pd.DataFrame(rows, columns=["created_at", "days", "outcome"])
    frame["created_at"] = pd.to_datetime(frame["created_at"])
    frame["closed_at"] = frame["created_at"] + pd.to_timedelta(frame.pop("days").astype(float), unit="D")
    frame["amount_eur"] = 1_000.0
    return SimpleNamespace(opportunities=frame, as_of=pd.Timestamp("2026-01-01"))


def test_the_young_deals_look_quick_only_because_the_slow_ones_are_open():
    """All six: the closed ones took 60 days (median of 10, 50, 60, 80, 100). Of the two young ones: 10, one open."""
    widget = explore_widget("deal_ages", world_of(aged_deals()))
    assert "1 of these 6 deals are still open" in title(widget) and "took 60 days" in title(widget)
    widget.window.value = 120
    assert "1 of these 2 deals are still open" in title(widget) and "took 10 days" in title(widget)


def test_lost_deals_taken_for_waiting_promise_too_much():
    """All old deals are closed: half of the four won. Without the losses the curve ends at 100 %."""
    widget = explore_widget("deal_ages", world_of(aged_deals()))
    assert widget.curves()["won"].iloc[-1] < 0.7
    widget.lost.value = "waiting"
    assert "promises 100% won in the end" in title(widget)


def test_the_levers_say_what_a_plan_leaves():
    """1 open × €1,000 × 50 % ÷ 72.5 days = €6.90 a day; a tenth more open deals is a tenth more a day."""
    widget = explore_widget("velocity_levers", world_of(aged_deals()))
    assert "€7 a day (+0.0% against today)" in title(widget)
    widget.sliders["open_deals"].value = 10
    assert "(+10.0% against today)" in title(widget)
    widget.cost.value = 1_000
    left = 6.8966 * 0.1 * 365 * 0.42 - 1_000
    assert f"leaves −€{-left:,.0f} a year" in title(widget)
    widget.reset.click()
    assert "leaves +€0 a year" in title(widget)


def test_the_worked_velocity_multiplies_the_four_factors():
    """T00: 4 × €9,000 × 25 % ÷ 70.6 days = €127 a day."""
    from onefunnel.data import load

    widget = explore_widget("velocity_example", SimpleNamespace(demo=load().territory("T00")))
    assert "4 open deals × €9,000 × 25% ÷ 70.6 days = €127 a day" in title(widget)
