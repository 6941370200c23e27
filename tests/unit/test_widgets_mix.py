"""The explorations of start-here, product and place: what their controls do to the numbers, counted by hand."""

from __future__ import annotations

import html
import re

import pandas as pd
import pytest

from onefunnel.learn.widgets import explore_widget


@pytest.fixture(scope="module")
def sample():
    """The sample company, as a learner sees it."""
    from onefunnel.data import load
    from onefunnel.learn.world import World
    from onefunnel.playbook import load as load_playbook

    return World.of(load(), load_playbook(), "ana")


def title(widget):
    """The finding as plain text."""
    return re.sub(r"<[^>]+>", "", widget.finding.value)


def test_the_tree_of_revenue_multiplies_and_lets_price_bring_no_cost(sample):
    """+10 % customers: revenue, cost and margin × 1.1. +10 % price on top: revenue × 1.21, the cost stays."""
    widget = explore_widget("revenue_tree", sample)
    orders, start = sample.book.route_orders, sample.book.as_of - pd.Timedelta(days=365)
    year = orders[orders["ordered_on"] >= start]
    revenue, cost = year["net_eur"].sum(), year["cost_eur"].sum()
    assert widget.money() == pytest.approx({"revenue": revenue, "cost": cost, "margin": revenue - cost})
    widget.sliders["customers"].value = 10
    assert widget.money()["margin"] == pytest.approx((revenue - cost) * 1.1)
    widget.sliders["price_eur"].value = 10
    assert widget.money() == pytest.approx(
        {"revenue": revenue * 1.21, "cost": cost * 1.1, "margin": revenue * 1.21 - cost * 1.1}
    )
    assert "Revenue +21.00 %" in title(widget)
    widget._reset()
    assert title(widget).startswith("Today:")


def test_the_matrix_hides_small_cells_and_finds_the_companys_hole(sample):
    """The company's largest hole is planted: facilities managers in the public sector, EUR 310,000."""
    widget = explore_widget("message_matrix", sample)
    widget.whose.value = "company"
    assert "Facilities manager, public sector, €310," in title(widget).replace("€309,", "€310,")
    cells = len(widget.cells()[0])
    widget.least.value = 100
    assert len(widget.cells()[0]) < cells
    assert all(eur >= 100_000 for eur in widget.cells()[0].values())
    widget.reader.value = "chief financial officer"
    assert "no bill for emergency visits" in widget.numbers.value


def test_the_sheets_gap_nearly_goes_when_like_is_compared_with_like(sample):
    """Planted: 62 against 21 of 100 over all deals, two points among deals that reached the decision."""
    widget = explore_widget("asset_effect", sample)
    assert "41 points" in title(widget)
    widget.which.value = "late"
    rate = widget.rates()["rate"]
    assert rate[True] - rate[False] == pytest.approx(0.017, abs=0.007)


def test_a_rule_is_shown_beside_the_old_one(sample):
    """Planted: 8 of 100 by the old rule; 31 of 100 for cafés, salons and supermarkets outside lower-income areas."""
    widget = explore_widget("outlet_rule", sample)
    assert "4.0 would bring orders again; by the old rule 4.0" in title(widget)
    widget.cases.value = 0
    for kind in ("corner_shop", "depot"):
        widget.types[kind].value = False
    widget.incomes["lower"].value = False
    assert widget.results(widget.rule())["rate"] == pytest.approx(0.31, abs=0.005)
    assert widget.results(widget.rule())["depots"] == 0
    for box in widget.types.values():
        box.value = False
    assert "Tick more" in title(widget)


def test_tenths_by_past_cases_do_worse_than_all(sample):
    """Planted: the top tenth by fit does 2.7 times as well as all, by past cases 0.6 times."""
    widget = explore_widget("fit_tenths", sample)
    assert "more often" in title(widget)
    widget.score.value = "past_cases_month"
    assert "less often" in title(widget)


def test_a_brief_is_read_as_it_is_written(sample):
    """Three facts in the sample; with the other three written down none is missing, and adjectives are still named."""
    widget = explore_widget("brief_reader", sample)
    assert title(widget).startswith("3 of 6 facts")
    widget.text.value += " Office workers come. It sold 4 cases a month, and one like it sells us well."
    assert title(widget).startswith("6 of 6 facts") and "upbeat" in title(widget)


def test_being_known_shrinks_when_like_is_compared_with_like(sample):
    """Planted: 14 points over all buyers, 5 within each segment."""
    widget = explore_widget("known_buyers", sample)
    assert "14 points more often" in title(widget)
    widget.view.value = "within"
    gaps = [known - other for known, other, _ in widget.rates().values()]
    assert gaps == pytest.approx([0.05, 0.05], abs=0.006)
    assert "far smaller" in title(widget)


def test_the_year_without_the_brand_is_hidden_until_it_is_reached(sample):
    """Planted: one per cent after 13 weeks and nine after 52; the early report does not show the late weeks."""
    widget = explore_widget("brand_switched_off", sample)
    assert title(widget).startswith("After 13 weeks sales are 1.0% lower")
    assert "9.0%" not in widget.numbers.value
    widget.week.value = 52
    assert title(widget).startswith("After 52 weeks sales are 9.0% lower")


def test_the_split_says_which_promise_holds(sample):
    """All offers now keep quarter 1 alone, all for the brand quarter 4 alone, a fifth for offers now both."""
    widget = explore_widget("now_and_later", sample)
    assert html.unescape(title(widget)).startswith("This quarter's promise holds")
    widget.split.value = 100
    assert title(widget).startswith("The promise for quarter 4 holds")
    widget.split.value = 80
    assert title(widget).startswith("Both promises hold.")
    assert widget.plan() == {"offers_now": 20_000, "offers_later": 0, "brand": 80_000}
    widget.when.value = "spread"
    assert widget.plan() == {"offers_now": 5_000, "offers_later": 15_000, "brand": 80_000}
    assert title(widget).startswith("The promise for quarter 4 holds")


def test_adverts_month_by_month_and_in_the_pause(sample):
    """Planted: 9.10 by the months, 2.10 by the pause."""
    widget = explore_widget("advert_season", sample)
    assert "€9.0" in title(widget) or "€9.1" in title(widget)
    widget.view.value = "pause"
    assert "€2.1" in title(widget) and title(widget).startswith("8 territories")


def test_one_cloud_gives_three_slopes(sample):
    """Planted: + 0.4 pooled, − 3.7 in the same shop, − 1.8 without promotions."""
    widget = explore_widget("price_cloud", sample)
    assert widget.slopes == pytest.approx({"pooled": 0.4, "same": -3.7, "plain": -1.8}, abs=0.15)
    assert "0.4 % more packs" in title(widget)
    widget.view.value = "same"
    assert "3.7 % fewer packs" in title(widget)
    assert widget.points()[0].mean() == pytest.approx(0, abs=1e-9), "each shop is set against its own mean"


def test_the_line_that_is_believed_decides(sample):
    """Five per cent more: at the fair slope a gain, with the promotions left in a loss, in the cloud a large gain."""
    widget = explore_widget("price_move", sample)
    fair = widget.changes()
    assert fair["Revenue"] == pytest.approx((1 + fair["Packs"]) * 1.05 - 1)
    assert fair["Packs"] < 0 < fair["Contribution"]
    widget.believe.value = "promo"
    assert widget.changes()["Contribution"] < 0 and "less contribution" in title(widget)
    widget.believe.value = "pooled"
    assert widget.changes()["Contribution"] > fair["Contribution"]


def test_swapped_columns_narrow_the_range(sample):
    """Planted: €97 to €155 as asked; swapped, each end moves inwards by more than five euros, the crossing stays."""
    widget = explore_widget("price_curves", sample)
    asked = widget.found()
    widget.read.value = "swapped"
    swapped = widget.found()
    assert swapped.optimum == pytest.approx(asked.optimum, abs=1.5)
    assert swapped.lowest > asked.lowest + 5 and swapped.highest < asked.highest - 5


def test_money_peaks_elsewhere_than_words(sample):
    """Planted: €125 by what people say, €110 by what they did."""
    widget = explore_widget("said_and_did", sample)
    widget.view.value = "money"
    assert title(widget) == "By what people say, €125 brings most. By what they did, €110."
