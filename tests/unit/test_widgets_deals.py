"""The explorations of the pipeline lessons: what they say can be counted on paper."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pandas as pd
import pytest

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


@pytest.fixture(scope="module")
def sample():
    """The sample company, as a learner sees it."""
    from onefunnel.data import load
    from onefunnel.learn.world import World
    from onefunnel.playbook import load as load_playbook

    return World.of(load(), load_playbook(), "ana")


def test_the_board_marks_deals_that_stand_longer_than_four_in_five(sample):
    """Counted again row by row: last entry into the step against the 80th percentile of those that moved on."""
    book, widget = sample.book, explore_widget("ageing_board", sample)
    history = book.stage_history.sort_values(["opp_id", "entered_at"], kind="stable")
    after = history.groupby("opp_id").shift(-1)
    order = {step.id: place for place, step in enumerate(sample.playbook.steps)}
    on = after["step_id"].map(order) > history["step_id"].map(order)
    stays = (after["entered_at"] - history["entered_at"]).dt.days[on]
    normal = stays.groupby(history["step_id"][on]).quantile(0.8)
    last = history.drop_duplicates("opp_id", keep="last").set_index("opp_id")
    open_ = book.opportunities.query("outcome == 'open'").set_index("opp_id")
    days = (book.as_of - last["entered_at"].reindex(open_.index)).dt.days
    old = int((days > open_["step_id"].map(normal)).sum())
    assert (
        title(widget) == f"{old} of your {len(open_)} open deals are older than is normal for the step they stand in."
    )


def test_the_board_sorts_by_what_people_look_at_first(sample):
    """By amount the largest deal is on top; by the CRM's percentage the highest."""
    widget = explore_widget("ageing_board", sample)
    widget.order.value = "amount"
    assert widget.rows()["amount_eur"].is_monotonic_decreasing
    widget.order.value = "crm"
    assert widget.rows()["crm_probability"].is_monotonic_decreasing


def test_the_queue_stands_before_the_tasting(sample):
    """The share in the title is the trial's part of all open deals; the other view shows the moved ones."""
    widget = explore_widget("queue_by_step", sample)
    open_ = sample.company.opportunities.query("outcome == 'open'")
    share = (open_["step_id"] == "trial").mean()
    assert title(widget).startswith(f"{share:.0%} of all open deals stand in “{widget.names['trial']}”")
    widget.shown.value = "pushed"
    assert title(widget).startswith("Moved at most once: 31 of 100 are won. Moved three times or more: 7")


def test_the_worked_example_names_the_one_deal_in_danger(sample):
    """Of T00's four open deals one is old (60 days against 40) and was moved twice: the nineteenth firm's."""
    widget = explore_widget("hazard_example", sample)
    firm = sample.demo.accounts.set_index("account_id").loc["A9019", "name"]
    assert firm in title(widget) and "of 4 open deals only" in title(widget)
    assert widget.chart.value == ""
