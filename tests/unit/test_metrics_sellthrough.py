"""Sell-through, cover and returns: by hand, and each wrong reading on the same tables."""

import math

import numpy as np
import pandas as pd
import pytest

from onefunnel.metrics import sellthrough, sellthrough_traps
from onefunnel.metrics.intervals import wilson

MONDAY = pd.Timestamp("2026-03-02")
WEEK = pd.Timedelta(days=7)


def test_the_two_usages_of_sell_through():
    """60 sold, 80 received, 40 in stock before: 75 % of received, 50 % of what was there."""
    assert sellthrough.sell_through_of_received(60, 80) == 0.75
    assert sellthrough.sell_through_of_available(60, 80, 40) == 0.5
    np.testing.assert_allclose(sellthrough.sell_through_of_received([60, 90, 1], [80, 60, 0]), [0.75, 1.5, np.nan])
    assert math.isnan(sellthrough.sell_through_of_available(0, 0, 0))


def make_sellout():
    """Shop a: stock 80 at week 0, then 10, 10, 40 (promotion), 10; shop b: stock 20, then 5 a week."""
    rows = [("a", w, u, 80 if w == 0 else 0, w == 3, 30) for w, u in enumerate([20, 10, 10, 40, 10])]
    rows += [("b", w, u, 20 if w == 0 else 0, False, 10) for w, u in enumerate([5, 5, 5, 5, 5])]
    frame = pd.DataFrame(rows, columns=["account_id", "w", "units", "stock_units", "promotion", "received_units"])
    return frame.assign(product_id="P1", week=MONDAY + frame["w"] * WEEK)


def test_cover_on_forward_sell_out_without_promotions():
    """(80 + 20) ÷ (10 + 5) = 6.67 weeks; with the promotion ÷ (17.5 + 5); on sell-in ÷ 40; looking back ÷ 25."""
    sellout = make_sellout()
    assert sellthrough.weeks_of_cover(sellout, MONDAY) == pytest.approx(100 / 15)
    assert sellthrough.weeks_of_cover(sellout.sample(frac=1, random_state=0), MONDAY) == pytest.approx(100 / 15)
    assert sellthrough_traps.promo_week_as_base(sellout, MONDAY) == pytest.approx(100 / 22.5)
    assert sellthrough_traps.divides_by_sell_in(sellout, MONDAY) == pytest.approx(100 / 40)
    assert sellthrough_traps.looks_back(sellout, MONDAY) == pytest.approx(100 / 25)


def test_cover_from_last_years_weeks():
    """A year later only the stock is known: the same weeks 52 weeks before give the demand."""
    sellout = make_sellout()
    now = pd.DataFrame(
        {"account_id": ["a"], "product_id": ["P1"], "week": [MONDAY + 52 * WEEK], "stock_units": [30]}
    ).assign(units=0, promotion=False)
    both = pd.concat([sellout, now])
    assert sellthrough.weeks_of_cover(both, MONDAY + 52 * WEEK, last_year=True) == pytest.approx(3)
    assert math.isnan(sellthrough.weeks_of_cover(both, MONDAY + 52 * WEEK))


def test_cover_of_nothing():
    """No row, nothing sold, or only promotions ahead: NaN. No week ahead is refused."""
    sellout = make_sellout()
    assert math.isnan(sellthrough.weeks_of_cover(sellout.iloc[:0], MONDAY))
    assert math.isnan(sellthrough.weeks_of_cover(sellout.assign(units=0), MONDAY))
    assert math.isnan(sellthrough.weeks_of_cover(sellout.assign(promotion=True), MONDAY))
    with pytest.raises(ValueError, match="ahead"):
        sellthrough.weeks_of_cover(sellout, MONDAY, 0)


AS_OF = pd.Timestamp("2026-05-15")


def make_shipments():
    """December: a 100, b 100 units at 10 €; April (too young): a 50. December's 22 come back in January and April."""
    shipments = pd.DataFrame(
        {
            "account_id": ["a", "b", "a", "tiny"],
            "sold_in_on": pd.to_datetime(["2025-12-01", "2025-12-10", "2026-04-20", "2025-12-05"]),
            "units": [100, 100, 50, 5],
            "value_eur": [1000.0, 1000, 500, 50],
        }
    )
    returns = pd.DataFrame(
        {
            "account_id": ["a", "b", "a", "tiny", "b"],
            "sold_in_on": pd.to_datetime(["2025-12-01", "2025-12-10", "2026-04-20", "2025-12-05", "2025-12-10"]),
            "returned_on": pd.to_datetime(["2026-01-20", "2026-04-10", "2026-05-10", "2026-01-10", "2026-06-01"]),
            "units": [2, 20, 1, 2, 9],
            "value_eur": [30.0, 150, 10, 20, 90],
        }
    )
    return shipments, returns


def test_returns_belong_to_the_shipment_they_came_from():
    """Shipped 98 days and longer ago: (2 + 20 + 2) ÷ 205; credit 200 ÷ 2,050; June's return has not come yet."""
    tables = make_shipments()
    assert sellthrough.return_rate(*tables, AS_OF) == pytest.approx(24 / 205)
    assert sellthrough.return_rate(*tables, AS_OF, measure="value_eur") == pytest.approx(200 / 2050)
    assert sellthrough_traps.units_for_value(*tables, AS_OF) == pytest.approx(200 / 2050)
    # April alone, by calendar month: 20 back in it ÷ 50 shipped in it. Young shipments counted: 25 ÷ 255.
    assert sellthrough_traps.same_month(*tables, AS_OF, 0) == pytest.approx(20 / 50)
    assert sellthrough_traps.too_young(*tables, AS_OF) == pytest.approx(25 / 255)
    with pytest.raises(ValueError, match="boxes"):
        sellthrough.return_rate(*tables, AS_OF, measure="boxes")
    assert math.isnan(sellthrough.return_rate(tables[0].iloc[:0], tables[1], AS_OF))


def test_returns_by_cohort():
    """December 24 of 205 and mature; April 1 of 50 and not yet."""
    table = sellthrough.return_rate_by_cohort(*make_shipments(), AS_OF)
    assert [str(cohort) for cohort in table.index] == ["2025-12", "2026-04"]
    assert table["rate"].to_list() == pytest.approx([24 / 205, 1 / 50])
    assert table["mature"].to_list() == [True, False]
    assert sellthrough.return_rate_by_cohort(*(t.iloc[:0] for t in make_shipments()), AS_OF).empty


def test_returns_by_door():
    """b 20 of 100 before a 2 of 100; the tiny door (2 of 5) is not ranked, but counts in the shares."""
    shipments, returns = make_shipments()
    table = sellthrough.return_rate_by_door(shipments, returns, AS_OF)
    assert table.index.to_list() == ["b", "a"]
    assert table["rate"].to_list() == pytest.approx([0.2, 0.02])
    assert table["share_of_back"].to_list() == pytest.approx([20 / 24, 2 / 24])
    assert table["share_of_units"].to_list() == pytest.approx([100 / 205, 100 / 205])
    assert tuple(table.loc["b", ["low", "high"]]) == pytest.approx(wilson(20, 100))
    assert sellthrough_traps.small_door_noise(shipments, returns, AS_OF).index[0] == "tiny"
    shuffled = sellthrough.return_rate_by_door(shipments.iloc[::-1], returns.iloc[::-1], AS_OF)
    pd.testing.assert_frame_equal(table, shuffled)
    assert sellthrough.return_rate_by_door(shipments.iloc[:0], returns, AS_OF).empty
