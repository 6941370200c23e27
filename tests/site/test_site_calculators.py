"""The calculators' Python side against numbers worked out by hand, and their pages for a company that lacks tables."""

import json
import re
from datetime import date
from itertools import pairwise

import pandas as pd
import pytest

from onefunnel.metrics.catalogue import NoFigure
from onefunnel.metrics.roles import rotation_faults
from onefunnel.publish import calculators, starts
from onefunnel.publish.schedule import schedule

WORKING = [0, 1, 2, 3, 4]
OTHERS = ("tools/index.html", "tools/maturity.html")  # the list, and the check that asks instead of computing


def test_funnel_by_hand():
    """1000 people, half go on, then a fifth: 100. Ten points more at the second door: 150, +50 %."""
    result = calculators.funnel(1000, [0.5, 0.2], door=1, points=0.1)
    assert result["before"] == [1000, 500, 100]
    assert result["after"] == pytest.approx([1000, 500, 150])
    assert result["change"] == pytest.approx(0.5)
    assert result["people_needed"] == pytest.approx(1500)
    assert calculators.funnel(0, [0.5])["change"] is None
    assert calculators.funnel(10, [0.0])["people_needed"] is None


def test_waterfall_by_hand():
    """List 1000; 10 % on the invoice, 5, 4, 3, 2, 1, 0 % after it, goods 40 %: invoice 900, pocket 750, margin 350."""
    result = calculators.waterfall(1000, [0.10, 0.05, 0.04, 0.03, 0.02, 0.01, 0.0, 0.40])
    assert result["walk"] == [1000, -100, 900, -50, -40, -30, -20, -10, 0, 750, -400, 350]
    assert result["pocket_price"] == pytest.approx(0.75)
    assert result["pocket_margin"] == pytest.approx(350 / 750)
    assert calculators.waterfall(0, [0.1] * 8)["pocket_price"] is None
    assert calculators.waterfall(-5, [2.0] * 8)["walk"] == [0] * 12, "senseless inputs are brought to sensible ones"


def test_route_by_hand():
    """3 points of 533 cases are 15.99 cases: 8 customers of 2. At €10 a case and €6 a stop: 160 − 48 = 112 a month."""
    result = calculators.route_plan(0.03, 533, 53.3, 2, 10, 6)
    assert result["exact"] == pytest.approx(7.995)
    assert (result["customers"], result["cases"]) == (8, 16)
    assert (result["earned_eur"], result["stops_eur"], result["left_eur"]) == (160, 48, 112)
    assert result["share_now"] == pytest.approx(0.10)
    assert result["share_then"] == pytest.approx(69.3 / 533)
    assert set(calculators.route_plan(0.03, 533, 53, 0, 10, 6).values()) == {None}


def test_return_by_hand():
    """400 of revenue at 50 % margin on 100 spent: +100 %. Half of it counts: 0 %. Nothing spent: not defined."""
    result = calculators.origin_returns(0.5, [400, 400, 300], [100, 100, 0], [1, 0.5, 1], unknown=2)
    assert result["returns"] == [pytest.approx(1.0), pytest.approx(0.0), None]
    assert result["least"] == pytest.approx((600 * 0.5 - 200) / 200)
    assert result["most"] == pytest.approx((900 * 0.5 - 200) / 200)
    assert calculators.origin_returns(0.5, [1], [0], [1], -1)["most"] is None


def test_revenue_tree_by_hand():
    """100 × 2 × 5 × 10 = 10,000. The price alone rises by 10 %: +1,000, all of it margin. Then customers double too."""
    result = calculators.revenue_tree([100, 2, 5, 10], [100, 2, 5, 11], 6)
    assert result["effects"] == [0, 0, 0, 1000]
    assert (result["total"], result["revenue"], result["margin"]) == (1000, [10_000, 11_000], [4000, 5000])
    assert result["change"] == pytest.approx(0.10)
    both = calculators.revenue_tree([100, 2, 5, 10], [200, 2, 5, 11], 6)
    # Two factors move, so each one's effect is the mean of moving first and second.
    assert both["effects"] == [(10_000 + 11_000) / 2, 0, 0, (1000 + 2000) / 2]
    assert both["total"] == 12_000
    assert calculators.revenue_tree([0, 2, 5, 10], [1, 2, 5, 10], 6)["change"] is None


def test_budget_by_hand():
    """100 a week of brand, half of it left a week, 4 back a euro: 400 a week. All of it goes to offers.

    These bring 3 a euro and leave nothing: 200 + 300 in the first week, then 100 + 300, then 50 + 300.
    """
    result = calculators.budget_shift(100, 0, 0.5, 0.0, 4, 3, moved=1.0, weeks=3)
    assert result["today_eur"] == 400
    assert result["weekly"] == pytest.approx([100, 0, -50])
    assert result["summed"] == pytest.approx([100, 100, 50])
    assert (result["brand_eur"], result["offers_eur"]) == (0, 100)
    assert (result["brand_half_life"], result["offers_half_life"]) == (pytest.approx(1.0), 0)
    assert calculators.budget_shift(100, 50, 0.5, 0.2, 4, 3, moved=-1.0, weeks=1)["offers_eur"] == 0


def test_micromarkets_by_hand():
    """Two equal places, 100 and 300: the same curve asks for 200 each. Bounds of 20 % allow 120 and 280."""
    curve = {"ceiling": [1000, 1000], "scale": [200, 200]}
    result = calculators.micromarkets([200, 200], [100, 300], **curve, cap=1.0)
    assert result["best"] == pytest.approx([200, 200])
    assert result["over_eur"] == 0
    assert result["gain"] == pytest.approx(result["best_gain"])
    e = 2.718281828459045
    assert result["today_eur"] == pytest.approx(1000 * (1 - e**-0.5) + 1000 * (1 - e**-1.5))
    assert result["next_euro"] == pytest.approx([5 / e, 5 / e])
    assert calculators.micromarkets([100, 300], [100, 300], **curve, cap=0.2)["best"] == pytest.approx([120, 280])


@pytest.mark.parametrize(
    ("sale", "points", "label"),
    [
        (("rebuy", False, 24, 180, False), 0, "light"),
        (("first", False, 24, 180, False), 1, "shared"),
        (("rebuy", True, 60, 181, False), 2, "shared"),
        (("rebuy", True, 23, 20, True), 3, "tight"),
        (("one_time", True, 1, 999, True), 5, "tight"),
    ],
)
def test_role_clarity_by_hand(sale, points, label):
    """Five reasons; at their limits they do not hold yet."""
    result = calculators.role_clarity(*sale)
    assert (result["points"], result["label"]) == (points, label)
    assert sum(result["reasons"]) == points


def test_shared_pay_by_hand():
    """Marketing 110 % of its own, sales 70 % (below the floor: nothing), shared 90 %, half of all pay on it."""
    given = {"variable": [10_000, 20_000], "own": [[100, 110], [100, 70]], "shared": [200, 180], "shared_share": 0.5}
    result = calculators.shared_pay(**given, gate_open=True)
    assert result["own_eur"] == pytest.approx([5500, 0])
    assert result["shared_eur"] == pytest.approx([4500, 9000])
    assert result["pay_eur"] == pytest.approx([10_000, 9000])
    assert result["reached"] == pytest.approx([1.1, 0.7, 0.9])
    assert calculators.shared_pay(**given, gate_open=False)["pay_eur"] == pytest.approx([5500, 0])
    assert calculators.shared_pay([1, 1], [[0, 5], [1, 9]], [1, 1], 0, gate_open=True)["pay_eur"] == [None, 1.5]


def test_total_price_by_hand():
    """Ours 100 + 10 + 5, theirs 90 + 40: they win on the invoice by 10 and lose in all by 15."""
    result = calculators.total_price([100, 10, 5, 0, 0], [90, 40, 0, 0, -3])
    assert result == {"ours": 115, "theirs": 130, "invoice_gap": -10, "gap": 15}


def test_schedule_has_no_gap_and_nobody_twice():
    """52 weeks of 3 marketers in 13 territories: a ride each week, no fault, one weekday, a week apart."""
    names = [f"T{number}" for number in range(13)]
    rides = schedule(["Ana", " Bo ", "", "Chi"], names, 52, "2026-05-16", 2, WORKING, [])["rides"]
    table = pd.DataFrame(rides).rename(columns={"territory": "territory_id"})
    assert rotation_faults(table, 52).empty
    assert len(rides) == 3 * 52
    assert set(table["marketer"]) == {"Ana", "Bo", "Chi"}
    days = [date.fromisoformat(day) for day in table["day"].unique()]
    assert days[0] == date(2026, 5, 20), "16 May 2026 is a Saturday; the Wednesday after it is the 20th"
    assert {day.weekday() for day in days} == {2}
    assert {(b - a).days for a, b in pairwise(days)} == {7}


def test_a_closed_day_moves_within_its_week():
    """Wednesday 20 May closed: Thursday. Friday 22 May closed: the Thursday before. A closed week keeps its day."""
    week = [f"2026-05-{day}" for day in range(18, 23)]

    def day(weekday, closed):
        return schedule(["Ana"], ["T1"], 1, "2026-05-18", weekday, WORKING, closed)["rides"][0]["day"]

    assert day(2, ["2026-05-20"]) == "2026-05-21"
    assert day(4, ["2026-05-22"]) == "2026-05-21"
    assert day(4, ["2026-05-22", "2026-05-21"]) == "2026-05-20"
    assert day(2, week) == "2026-05-20"


@pytest.mark.parametrize(
    ("marketers", "territories", "start", "said"),
    [
        (["Ana"], [], "2026-05-18", "territories: give at least one, and each only once."),
        (["Ana", "Ana"], ["T1", "T2"], "2026-05-18", "marketers: give at least one, and each only once."),
        (["Ana", "Bo"], ["T1"], "2026-05-18", "2 marketers share 1 territories: two would sit in one car."),
        (["Ana"], ["T1", "T2"], "2026-05-18", "2 territories cannot fill 13 weeks without a repeat."),
        (["Ana"], ["T1"], "soon", "Give the day from which on rides are planned."),
    ],
)
def test_a_schedule_that_cannot_be_says_why(marketers, territories, start, said):
    """No schedule, and a sentence that says what to change."""
    assert schedule(marketers, territories, 13, start, 2, WORKING, []) == {"problem": said}


def test_starts_are_the_companys_own_numbers():
    """A waterfall from two order lines, by hand; empty tables say what they lack."""
    names = ["list_eur", *calculators.TAKEN]
    orders = pd.DataFrame([[100, 10, 0, 0, 0, 0, 0, 5, 40], [300, 10, 20, 0, 0, 0, 0, 15, 160]], columns=names)
    assert starts.waterfall(orders) == {"list_eur": 400, "shares": [0.05, 0.05, 0, 0, 0, 0, 0.05, 0.5]}
    with pytest.raises(NoFigure, match="no order has a list price"):
        starts.waterfall(orders.iloc[:0])
    places = pd.DataFrame({"name": ["North", "South", "North", None]})
    assert starts.territories(places) == ["North", "South"]
    with pytest.raises(NoFigure, match="no territory"):
        starts.territories(places.iloc[:0])


def test_the_index_lists_every_calculator_and_what_it_answers(soups):
    """One line for each page in tools/, with a question; each page leads back, and stands in the navigation."""
    index = soups["tools/index.html"]
    listed = {link["href"] for link in index.select(".of-facts dt a")}
    built = {path.removeprefix("tools/") for path in soups if path.startswith("tools/") and path not in OTHERS}
    assert listed == built
    assert len(built) == 11
    assert all(words.get_text().strip().endswith("?") for words in index.select(".of-facts dd"))
    navigation = {link["href"] for link in index.select(".md-nav--primary a[href]")}
    assert built <= navigation


def test_only_calculators_load_their_scripts(soups):
    """Readers of other pages do not pay for them; every script and sheet that a calculator names is in the site."""
    for path, soup in soups.items():
        named = [tag["src"] for tag in soup.select("script[src]") if "calculators" in tag["src"]]
        assert bool(named) == (path.startswith("tools/") and path not in OTHERS), path


def test_the_scripts_of_a_calculator_are_in_the_site(soups, site):
    """What each page names is there."""
    for path, soup in soups.items():
        if not path.startswith("tools/"):
            continue
        files = [tag.get("src") or tag.get("href") for tag in soup.select("article script[src], article link[href]")]
        assert all((site / "tools" / name).is_file() for name in files), path


def test_numbers_can_be_read_without_a_script(soups):
    """Every field has a label and a value, every place that a script rewrites has its text, and the data are JSON."""
    for path, soup in soups.items():
        if not path.startswith("tools/") or path in OTHERS:
            continue
        form = soup.select_one("form.of-calculator")
        assert form, f"{path}: the sample company's tables fill every calculator"
        json.loads(soup.select_one("#of-data").string)
        for field in form.select("input, select, textarea"):
            label = field.find_parent("label")
            assert label, f"{path}: {field} has a label"
            assert re.sub(r"\W", "", label.get_text()), path
        assert all(place.get_text().strip() for place in form.select("[data-show]")), path
        assert form.select_one("[data-summary]")["aria-live"] == "polite"
        assert form.select_one("caption"), path
        names = [field["name"] for field in form.select("[name]")]
        assert len(names) == len(set(names)), path
