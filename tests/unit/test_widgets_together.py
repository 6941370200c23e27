"""The explorations of the joint lessons: what their controls change, and that their titles say what the tables say."""

import re

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
