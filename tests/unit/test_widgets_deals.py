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
