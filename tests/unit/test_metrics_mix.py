"""Price: the waterfall by hand and to the cent, and the published leverage figures."""

import math
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from onefunnel.metrics import mix, mix_traps

GIVEN = ["on_invoice_eur", *mix.OFF_INVOICE]


def make_orders(*rows):
    """Rows of (account, cases, list, on invoice, volume, free goods, terms, freight, marketing, service, cost)."""
    columns = ["account_id", "cases", "list_eur", *GIVEN, "cost_eur"]
    return pd.DataFrame(rows, columns=columns)


# The walk of the price lesson, per 100 of list: 100 − 11 = 89; − 4 − 3.5 − 1.5 − 3 − 4 − 2.5 = 70.5; − 46 = 24.5.
LESSON = ("a", 10, 100.0, 11.0, 4.0, 3.5, 1.5, 3.0, 4.0, 2.5, 46.0)


def test_the_walk_of_the_price_lesson():
    """Levels 100, 89, 70.5, 24.5; shares 70.5 % of list and 24.5 ÷ 70.5 = 34.75 % of pocket."""
    orders = make_orders(LESSON)
    walk = mix.price_waterfall(orders)
    assert walk[["list_eur", "invoice_eur", "pocket_eur", "margin_eur"]].to_list() == [100, 89, 70.5, 24.5]
    assert (walk[GIVEN] <= 0).all()
    assert mix.pocket_price(orders) == pytest.approx(0.705)
    assert mix.pocket_margin(orders) == pytest.approx(24.5 / 70.5)


def test_each_wrong_price():
    """89 of 100 on the invoice; 24.5 of 100 after cost; (89 − 46) ÷ 89 on the invoice."""
    orders = make_orders(LESSON)
    assert mix_traps.invoice_is_pocket(orders) == pytest.approx(0.89)
    assert mix_traps.cost_in_the_waterfall(orders) == pytest.approx(0.245)
    assert mix_traps.margin_on_list(orders) == pytest.approx(0.245)
    assert mix_traps.margin_on_invoice(orders) == pytest.approx(43 / 89)


def random_orders(seed, rows=400):
    rng = np.random.default_rng(seed)
    listed = np.round(rng.uniform(5, 900, rows), 2)
    frame = pd.DataFrame({"account_id": rng.choice(list("abcdefgh"), rows), "cases": rng.integers(1, 40, rows)})
    frame["list_eur"] = listed
    for column in GIVEN:
        frame[column] = np.round(listed * rng.uniform(0, 0.08, rows), 2)
    frame["cost_eur"] = np.round(listed * rng.uniform(0.4, 0.5, rows), 2)
    return frame


@pytest.mark.parametrize("seed", range(5))
def test_the_waterfall_closes_to_the_cent(seed):
    """Summed with exact decimals, line by line, every level is the same to the cent."""
    orders = random_orders(seed)
    walk = mix.price_waterfall(orders)
    exact = {c: sum(Decimal(f"{v:.2f}") for v in orders[c]) for c in ["list_eur", *GIVEN, "cost_eur"]}
    pocket = exact["list_eur"] - sum(exact[c] for c in GIVEN)
    assert Decimal(f"{walk['invoice_eur']:.2f}") == exact["list_eur"] - exact["on_invoice_eur"]
    assert Decimal(f"{walk['pocket_eur']:.2f}") == pocket
    assert Decimal(f"{walk['margin_eur']:.2f}") == pocket - exact["cost_eur"]
    parts = walk.drop(["invoice_eur", "pocket_eur", "margin_eur"])
    assert parts.sum() == pytest.approx(walk["margin_eur"], abs=1e-6)


def test_order_of_rows_and_size_of_money_do_not_matter():
    """Shuffled rows give the same numbers; ten times the money gives the same shares."""
    orders = random_orders(7)
    shuffled = orders.sample(frac=1, random_state=1)
    pd.testing.assert_series_equal(mix.price_waterfall(orders), mix.price_waterfall(shuffled))
    money = ["list_eur", *GIVEN, "cost_eur"]
    larger = orders.assign(**{column: orders[column] * 10 for column in money})
    assert mix.pocket_price(larger) == pytest.approx(mix.pocket_price(orders))
    assert mix.price_waterfall(larger)["margin_eur"] == pytest.approx(10 * mix.price_waterfall(orders)["margin_eur"])


def test_accounts_add_up_to_the_whole():
    """List-weighted, the accounts' pocket prices are the whole's; one account alone is its own row."""
    orders = random_orders(3)
    table = mix.pocket_by_account(orders)
    weighted = (table["pocket_price"] * table["list_eur"]).sum() / table["list_eur"].sum()
    assert weighted == pytest.approx(mix.pocket_price(orders))
    assert mix.pocket_price(orders, account_id="c") == pytest.approx(table.loc["c", "pocket_price"])


def test_a_leak_is_a_deep_discount_without_volume():
    """big and small keep 55 of 100; only small buys little. The trap picks the largest buyer."""
    orders = make_orders(
        ("big", 50, 500.0, 225.0, 0, 0, 0, 0, 0, 0, 200.0),
        ("mid", 20, 200.0, 20.0, 0, 0, 0, 0, 0, 0, 90.0),
        ("small", 5, 50.0, 22.5, 0, 0, 0, 0, 0, 0, 20.0),
    )
    assert mix.leaking_accounts(orders) == ["small"]
    assert mix_traps.big_discount_is_big_customer(orders) == ["big"]
    accounts = pd.DataFrame({"account_id": ["small", "big"], "name": ["Kiosk Uno", "Mercado Dos"]})
    texts = {option["id"]: option["text"] for option in mix.account_options(orders, accounts)}
    assert texts["small"] == "Kiosk Uno · 5 cases · list €50 · pocket €28"
    lacks = {option["id"]: option["lacks"] for option in mix.account_options(orders, accounts)}
    assert lacks["small"] == "", "a leak lacks nothing"
    assert lacks["big"] == "one buys no less than the account in the middle"
    assert lacks["mid"] == "one keeps 62% of list or more"
    assert texts["mid"].startswith("mid · ")  # no name known: the id speaks for itself


def test_empty_orders_have_no_price():
    """Nothing ordered: a walk of zeros and no share."""
    empty = make_orders(LESSON).iloc[:0]
    assert mix.price_waterfall(empty).eq(0).all()
    for function in (mix.pocket_price, mix.pocket_margin, mix_traps.invoice_is_pocket, mix_traps.margin_on_list):
        assert math.isnan(function(empty))
    assert math.isnan(mix.pocket_price(make_orders(LESSON), account_id="nobody"))
    assert mix.leaking_accounts(empty) == []


def test_a_missing_amount_is_refused():
    """An empty component would silently look like no discount; the error names the column."""
    orders = make_orders(LESSON).assign(freight_eur=np.nan)
    with pytest.raises(ValueError, match="freight_eur"):
        mix.price_waterfall(orders)


def test_break_even_volume_earns_the_same():
    """5 % off at 40 % contribution: 1/7 = 14.3 % more. Before: 100 × 0.40. After: 114.29 × 0.35 = 40.0."""
    more = mix.break_even_volume(0.05, 0.40)
    assert more == pytest.approx(0.142857, abs=1e-6)
    after = 100 * (1 + more) * (0.40 - 0.05)
    assert after == pytest.approx(100 * 0.40)
    assert mix_traps.same_percent(0.05, 0.40) == 0.05
    assert mix_traps.old_margin(0.05, 0.40) == pytest.approx(0.125)


def test_no_volume_brings_back_the_whole_contribution():
    """At or beyond the contribution there is no break-even; a price rise of 5 % may lose 11.1 % of the volume."""
    assert math.isnan(mix.break_even_volume(0.40, 0.40))
    assert math.isnan(mix.break_even_volume(0.50, 0.40))
    assert mix.break_even_volume(-0.05, 0.40) == pytest.approx(-0.05 / 0.45)


def test_one_per_cent_of_price_at_the_published_margin():
    """Marn and Rosiello print 11.1 % for an average margin of 9 % (1 ÷ 9); at 8 % it is 12.5 %."""
    assert mix.price_leverage(0.01, 0.09) == pytest.approx(0.111, abs=0.0005)
    assert mix.price_leverage(0.01, 0.08) == pytest.approx(0.125)
    assert mix_traps.one_for_one(0.01, 0.08) == 0.01


def profit(price, volume, contribution, operating_margin):
    """A profit and loss account per euro of old revenue, written out."""
    fixed = contribution - operating_margin
    return volume * price - volume * (1 - contribution) - fixed


def test_leverage_after_buyers_leave():
    """With volume at 1.01^−1.8 (−1.775 %) and 40 % contribution, 3.4 % are left; exactly −1.8 % leaves 3.3 %."""
    lost = mix.volume_after(0.01, -1.8)
    assert lost == pytest.approx(-0.01775, abs=5e-6)
    got = mix.price_leverage(0.01, 0.08, volume_change=lost, contribution=0.40)
    assert got == pytest.approx(profit(1.01, 1 + lost, 0.40, 0.08) / 0.08 - 1)
    assert got == pytest.approx(0.034, abs=0.0005)
    assert mix.price_leverage(0.01, 0.08, -0.018, 0.40) == pytest.approx(0.03275)
    assert mix_traps.volume_stays(0.01, 0.08, lost, 0.40) == pytest.approx(0.125)
    assert math.isnan(mix.price_leverage(0.01, 0.0))


def test_volume_follows_a_power_not_a_line():
    """+5 % at −1.8 is 1.05^−1.8 − 1 = −8.4 %, not −9 %."""
    assert mix.volume_after(0.05, -1.8) == pytest.approx(math.exp(-1.8 * math.log(1.05)) - 1)
    assert mix.volume_after(0.05, -1.8) == pytest.approx(-0.084, abs=0.0005)
    with pytest.raises(ValueError, match="no price"):
        mix.volume_after(-1.0, -1.8)


def test_amounts_of_the_walk_are_positive_numbers():
    """The tiles of the lesson: what is given after the invoice is 4 + 3.5 + 1.5 + 3 + 4 + 2.5 = 18.5."""
    orders = make_orders(LESSON)
    assert mix.amount(orders, "off_invoice_eur") == 18.5
    assert mix.amount(orders, "on_invoice_eur") == 11
    assert mix.amount(orders, "cost_eur") == 46
    with pytest.raises(ValueError, match="no level"):
        mix.amount(orders, "rebate_eur")


def test_the_largest_account_is_the_one_with_the_largest_list_value():
    """b orders fewer cases but for more euros; its 80 of 200 are taken off."""
    orders = make_orders(LESSON, ("b", 3, 200.0, 80.0, 0, 0, 0, 0, 0, 0, 90.0))
    assert mix.pocket_price(orders, account_id="largest") == pytest.approx(0.6)
    assert math.isnan(mix.pocket_price(orders.iloc[:0], account_id="largest"))


def test_the_money_is_back_at_break_even():
    """100 cases at 40 leave 4,000; at 35 a case, 110 leave 3,850 (−3.75 %), 114.29 leave 4,000."""
    assert mix.contribution_change(0.10, 0.05, 0.40) == pytest.approx(3850 / 4000 - 1)
    assert mix.contribution_change(mix.break_even_volume(0.05, 0.40), 0.05, 0.40) == pytest.approx(0)


@pytest.fixture
def profit_and_loss():
    """Five quarters; the last four bring 100 a quarter and cost 92, the first is to be ignored."""
    rows = [("2024Q4", "revenue", 999.0), ("2024Q4", "goods", 1.0)]
    for quarter in ("2025Q1", "2025Q2", "2025Q3", "2025Q4"):
        rows += [(quarter, "revenue", 100.0), (quarter, "goods", 60.0), (quarter, "selling", 32.0)]
    return pd.DataFrame(rows, columns=["quarter", "line", "eur"])


def test_profit_from_price_uses_the_company_s_own_margin(profit_and_loss):
    """Revenue 400, costs 368, margin 8 %: 1 % of price is 4 euros on a profit of 32, 12.5 %."""
    assert mix.yearly_revenue(profit_and_loss) == 400
    assert mix.yearly_costs(profit_and_loss) == 368
    assert mix.operating_margin(profit_and_loss) == pytest.approx(0.08)
    assert mix.profit_from_price(profit_and_loss, 0.01) == pytest.approx(4 / 32)
    assert mix_traps.profit_one_for_one(profit_and_loss, 0.01) == 0.01
    assert math.isnan(mix.profit_from_price(profit_and_loss.iloc[:0], 0.01))


@pytest.mark.parametrize(
    ("volume", "answer"),
    # Profit left of 12.5 %: 0 % lost all of it; −1.2 %: (1 − 0.492)/8 = 6.35 (half); −1.8 %: 3.3 (a quarter);
    # −3 %: (1 − 1.23)/8 < 0.
    [(0.0, "same"), (-0.012, "half"), (-0.018, "quarter"), (-0.03, "loss")],
)
def test_what_is_left_of_the_gain(profit_and_loss, volume, answer):
    """The answer is the nearest of all, half, a quarter and nothing."""
    assert mix.gain_left(profit_and_loss, 0.01, volume, 0.40) == answer
