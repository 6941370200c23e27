"""A price rise in packs and in money, and the answers of a price survey: counted by hand."""

import math

import pandas as pd
import pytest

from onefunnel.data import load
from onefunnel.metrics import price_rise, price_rise_traps


@pytest.fixture(scope="module")
def company():
    return load().company()


@pytest.fixture(scope="module")
def shop():
    """T00's one shop: 120 packs at €4.00 and 100 at €4.40 without a promotion; the slope is ln(100/120) ÷ ln 1.1."""
    return load().territory("T00")["sellout_weekly"]


def test_ten_per_cent_in_the_shop_of_the_example(shop):
    """By construction a rise of a tenth takes the packs from 120 to 100; the straight line promises 19.1 % less."""
    assert price_rise.packs_change(shop, 0.10) == pytest.approx(100 / 120 - 1)
    assert price_rise.packs_factor(shop, 0.10) == pytest.approx(100 / 120)
    assert price_rise.packs_lost(shop, 0.10) == pytest.approx(20 / 120)
    slope = math.log(100 / 120) / math.log(1.1)
    assert price_rise_traps.slope_times_percent(shop, 0.10) == pytest.approx(slope / 10)
    assert price_rise_traps.sign_flipped(shop, 0.10) == pytest.approx(120 / 100 - 1)


def test_money_by_hand():
    """100 packs at €1 with 60 cents of cost leave €40. At 1.05 and a slope of −1, 95.24 packs leave 45 cents each."""
    assert price_rise.money_change(0.05, -1.0, 0.40) == pytest.approx(100 / 1.05 * 0.45 / 40 - 1)
    assert price_rise.money_change(0.0, -1.8, 0.40) == 0


def test_what_may_be_lost_leaves_the_till_as_it_was(shop):
    """5 ÷ 45 of the packs; with just so many lost a year changes by nothing, with none lost by 5 % of its sales."""
    share = price_rise.may_be_lost(0.05, 0.40)
    assert share == pytest.approx(5 / 45)
    assert price_rise.till_change(shop, share, 0.05, 0.40) == pytest.approx(0, abs=1e-6)
    assert price_rise.till_change(shop, 0.0, 0.05, 0.40) == pytest.approx(0.05 * price_rise.yearly_sales(shop))
    assert price_rise_traps.same_percent(0.05, 0.40) == 0.05
    assert price_rise_traps.old_margin(0.05, 0.40) == pytest.approx(0.125)


def test_a_years_sales_are_those_of_52_weeks():
    """Sixty weeks of 10 packs at €2: 52 of them are €1,040."""
    weeks = pd.DataFrame({"week": pd.date_range("2025-01-06", periods=60, freq="7D"), "units": 10, "price_eur": 2.0})
    assert price_rise.yearly_sales(weeks) == 1040
    assert price_rise.yearly_sales(weeks.iloc[:0]) == 0


def test_the_three_slopes_ask_for_three_moves(company):
    """Planted: −1.8 lets a rise of 5 % pay; at −3.7 only a cut would, at + 0.4 a rise would pay most of all."""
    rows = company["sellout_weekly"]
    assert price_rise.packs_change(rows, 0.05) == pytest.approx(1.05**-1.8 - 1, abs=0.007)
    assert price_rise.better_move(rows, 0.05, 0.40) == "raise"
    assert price_rise.money_change(-0.05, -3.7, 0.40) > 0 > price_rise.money_change(0.05, -3.7, 0.40)
    assert price_rise.money_change(0.05, 0.4, 0.40) > price_rise.money_change(0.05, -1.8, 0.40) > 0
    assert price_rise.better_move(rows, 0.05, 0.90) == "cut"  # a pack that costs nearly nothing wants volume


ANSWERS = pd.DataFrame(
    [
        ("V1", 60, 80, 120, 140),
        ("V2", 60, 120, 80, 140),
        ("V3", 100, 120, 160, 240),
        ("V4", 70, 90, 130, 150),
        ("V5", 60, 60, 120, 120),
        ("V6", 100, 120, 160, 230),
        ("V7", 90, 120, 160, 220),
        ("V8", None, 120, 160, 220),
    ],
    columns=["respondent_id", "too_cheap", "cheap", "expensive", "too_expensive"],
)


def test_people_out_of_order_are_found_and_the_dear_are_not_among_them():
    """V2 calls 120 cheap and 80 expensive. Equal prices are in order. Who left a price out is not shown."""
    assert price_rise.out_of_order(ANSWERS) == ["V2"]
    assert price_rise_traps.dear_is_wrong(ANSWERS) == ["V3", "V6", "V7"]
    assert price_rise_traps.swapped_columns(ANSWERS) == ["V1", "V3", "V4", "V5", "V6", "V7"]
    lines = {line["id"]: line["text"] for line in price_rise.answer_lines(ANSWERS)}
    assert lines["V2"] == "too cheap €60, cheap €120, expensive €80, too expensive €140"
    assert list(lines) == ["V1", "V2", "V5", "V4", "V7", "V3", "V6"], "by the first price, equals by id"


def test_what_people_say_and_do_on_the_sample_company(company):
    """Planted: €125 by what they say (60 % would), €110 by what they did (19 % rent at 125)."""
    assert price_rise.stated_price(company["price_steps"]) == "eur_125"
    assert price_rise.tested_price(company["price_test"]) == "eur_110"
    table = price_rise.said_and_did(company["price_steps"], company["price_test"])
    assert table.loc[125].tolist() == pytest.approx([0.60, 0.19], abs=0.002)
    assert (table["said"] > table["did"]).all()
