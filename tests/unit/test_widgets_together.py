"""The explorations of the joint lessons: what their controls change, and that their titles say what the tables say."""

import html
import re

import pandas as pd
import pytest

from onefunnel.data import load
from onefunnel.learn.widgets import explore_widget
from onefunnel.learn.world import World
from onefunnel.playbook import load as load_playbook


@pytest.fixture(scope="module")
def sample():
    """The sample company, as a learner sees it."""
    return World.of(load(), load_playbook(), "ana")


def title(widget):
    """The finding as plain text."""
    return re.sub(r"<[^>]+>", "", widget.finding.value)


def test_the_grid_marks_faults_only_when_asked_and_can_be_mended(sample):
    """Three steps need mending; giving each its one function makes twelve of twelve; the reset brings them back."""
    widget = explore_widget("owner_grid", sample)
    assert title(widget).startswith("Find the steps") and "Marked steps: none" in widget.chart.value
    widget.marks.value = True
    assert title(widget).startswith("9 of 12 steps")
    for step, answer in (("accepted", "sales"), ("trial", "sales"), ("live", "service")):
        widget.step.value = step
        widget.answer.value = answer
    assert title(widget).startswith("12 of 12 steps")
    widget._reset()
    assert widget.faults() == {"accepted": 2, "trial": 0, "live": 0}


def test_five_reasons_lead_from_light_to_tight(sample):
    """None is light, one is shared, three are tight; the small firm gets its own sentence."""
    widget = explore_widget("role_rule", sample)
    assert title(widget).startswith("Light:")
    widget.purchase.value = "first"
    assert title(widget).startswith("Shared:")
    widget.customised.value, widget.cycle.value = True, 200
    assert title(widget).startswith("Tight:")
    widget.small.value = True
    assert "may leave it at talking" in title(widget)
    widget.neglected.value = True
    assert "Write down what was left undone now" in title(widget)


def test_the_variance_tree_says_the_revenue_of_the_tables(sample):
    """The title's fall is that of the two quarters' net euros, summed here by a plain filter on the date's text."""
    widget = explore_widget("variance_tree", sample)
    for whose in ("book", "company"):
        widget.whose.value = whose
        orders = getattr(sample, whose).route_orders
        months = orders["ordered_on"].dt.strftime("%Y-%m")
        now, before = (orders.loc[months.isin([f"{y}-0{m}" for m in (1, 2, 3)]), "net_eur"].sum() for y in (2026, 2025))
        assert f"fell by {1 - now / before:.1%}" in title(widget)


def test_half_and_half_still_pays_for_bought_names(sample):
    """At no shared part and at half of it marketing gains; at the whole it loses like everybody."""
    widget = explore_widget("pay_simulator", sample)
    extra = []
    for part in (0, 50, 100):
        widget.shared.value = part
        extra.append(widget.pay().loc["marketing", "pay_eur"] - 12_000)
    assert extra[0] > extra[1] > 0 > extra[2]
    assert "€124,000" in title(widget)


def test_moving_money_from_a_poor_place_to_a_rich_one_gains(sample):
    """From Islas to Costa Norte it brings more, the other way less; nothing moved is nothing gained."""
    widget = explore_widget("next_euro", sample)
    assert title(widget) == "Nothing is moved yet. The next euro brings most in Costa Norte and least in Islas."
    widget.source.value, widget.target.value = "M7", "M1"
    widget.amount.value = 60_000
    assert "by +€" in title(widget)
    widget.source.value, widget.target.value = "M1", "M7"
    assert "by −€" in title(widget)
    assert sum(widget.plan().values()) == pytest.approx(2_400_000)


def test_the_grid_of_micromarkets_holds_every_cell_once(sample):
    """Eight by four cells; budgets add to the company's; the gap adds to nothing; the own place is marked."""
    widget = explore_widget("micromarket_grid", sample)
    assert widget.grid().shape == (8, 4)
    widget.shown.value = "budget_eur"
    assert widget.grid().sum() == pytest.approx(2_400_000, rel=0.01)
    widget.shown.value = "gap"
    assert widget.grid().sum() == pytest.approx(0, abs=1e-9)
    assert "(yours)" in widget.numbers.value


def test_only_one_play_of_three_is_clear_of_zero(sample):
    """EXP-08 alone at the planned end; by size it is the small firms; the early look of EXP-09 proves nothing."""
    widget = explore_widget("play_results", sample)
    assert title(widget).endswith("zero in: EXP-08.")
    widget.shown.value = "size"
    assert title(widget).endswith("zero in: EXP-08, EXP-08, below 250 employees.")
    widget.shown.value = "early"
    assert title(widget).endswith("zero in: none.")


def cells(widget):
    """The rows of the table as lists of plain text."""
    rows = re.findall(r"<tr>(.*?)</tr>", widget.numbers.value, re.DOTALL)
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]


def test_the_page_of_a_territory_says_what_the_tables_say(sample):
    """Win rate and stuck deals, counted here by plain filters; the company stands beside; every number has a limit."""
    widget = explore_widget("territory_page", sample)
    own = {row[0]: row[1:] for row in cells(widget)}
    outcome = sample.book.opportunities["outcome"]
    won, decided = (outcome == "won").sum(), (outcome != "open").sum()
    assert own["Win rate"][:2] == [f"{won / decided:.0%}", f"{won} of {decided} decided deals"]
    assert own["Two hazards at once"][1].endswith(f"of {(outcome == 'open').sum()} open deals")
    assert own["Tastings"][2] == "300 in 254 slots"
    assert len(own) == 7 and all(row[-1] for row in own.values())


def test_week_six_cannot_tell_ten_points(sample):
    """The ranges of wins overlap, so a rate is no goal for week 6; what lies there can be counted down."""
    widget = explore_widget("territory_page", sample)
    widget.view.value = "soon"
    found = re.search(
        r"At today.s rate (\d) to (\d) .* (\d) to (\d)\. Week 6 cannot tell", html.unescape(title(widget))
    )
    low, high, low_better, high_better = map(int, found.groups())
    assert low <= low_better <= high <= high_better
    soon = {row[0]: row[1:] for row in cells(widget)}
    leads = sample.book.leads
    old = (leads["fit_score"] >= 60) & (leads["assigned_at"] < sample.book.as_of - pd.Timedelta(days=7))
    lying = (old & leads["first_touch_kind"].ne("human")).sum()
    assert int(soon["Untouched leads to call"][0]) == pytest.approx(lying, abs=1)
    assert soon["Untouched leads to call"][2].startswith("yes") and soon["Win rate"][2].startswith("no")


def test_a_euro_brings_most_in_direct_mail_and_least_in_bought_lists(sample):
    """As planted: +98, +45, +28, +19 and −24 per cent; being known about comes back."""
    widget = explore_widget("territory_page", sample)
    widget.view.value = "money"
    brought = {row[0]: row[1] for row in cells(widget)[1:]}
    assert list(brought) == ["Direct mail", "E-mail", "Event", "Offers", "Being known", "Bought list"]
    assert list(brought.values()) == ["98%", "45%", "28%", "19%", "1%", "−24%"]
    assert title(widget).endswith("most in direct mail and least in bought list.")


def test_the_page_of_t00_is_small_enough_to_check_by_hand(sample):
    """Four of sixteen, one of four, four of twenty-four; nothing is won yet, so coverage is 60 ÷ 40."""
    example = {row[0]: row[1:] for row in cells(explore_widget("territory_example", sample))}
    assert example["Win rate"][:2] == ["25%", "4 of 16 decided deals"]
    assert example["Two hazards at once"][:2] == ["25%", "1 of 4 open deals"]
    assert example["Coverage"][:2] == ["1.5", "€60,000 due, €40,000 missing"]
    assert example["Untouched, fit 60 or more"][:2] == ["17%", "4 of 24 leads"]


def test_a_reached_target_and_a_firm_of_thousands_are_said_in_words(sample):
    """Nothing left to win is no coverage; where six weeks decide thousands of deals, week 6 can tell."""
    widget = explore_widget("territory_page", sample)
    widget.own.due["won_eur"] = 2 * widget.own.due["target_eur"]
    widget.own.decided_soon = 3000
    widget.redraw()
    assert {row[0]: row[1] for row in cells(widget)}["Coverage"] == "target reached"
    widget.view.value = "soon"
    assert title(widget).endswith("Week 6 can tell these apart.")
    widget.own.decided_soon = 0
    widget.redraw()
    assert title(widget) == "By week 6 none of your deals is decided."
