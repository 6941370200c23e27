"""Being known, adverts, and money for now or later: counted by hand, and held against what is planted."""

import math

import numpy as np
import pandas as pd
import pytest

from onefunnel.data import load
from onefunnel.metrics import adverts, adverts_traps, brand, brand_traps, now_and_later

NOW, LATER, BRAND = (
    {"offers_now": 0, "offers_later": 0, "brand": 0} | {name: 100.0} for name in now_and_later.SPENT_IN
)


@pytest.fixture(scope="module")
def company():
    return load().company()


# ---- being known ----------------------------------------------------------------------------------------------------


def deals(segment, known, won, lost, still_open=0):
    """Deals of one segment, all known or all not."""
    outcomes = ["won"] * won + ["lost"] * lost + ["open"] * still_open
    return pd.DataFrame({"account_id": f"acc {segment}", "brand_known": known, "outcome": outcomes})


@pytest.fixture
def talks():
    """A: known 4 of 10, not 3 of 10. B: known 1 of 5, not 10 of 100 (and 5 open, which count nowhere)."""
    return pd.concat(
        [deals("A", True, 4, 6), deals("A", False, 3, 7), deals("B", True, 1, 4), deals("B", False, 10, 90, 5)],
        ignore_index=True,
    )


ACCOUNTS = pd.DataFrame({"account_id": ["acc A", "acc B", "acc A"], "segment": ["A", "B", "A"]})


def test_rates_by_segment_and_their_mean_gap(talks):
    """0.4 − 0.3 and 0.2 − 0.1: ten points each. All together 5 of 15 against 13 of 110: more than twice as much."""
    assert brand.rate_by_known(talks, ACCOUNTS, True, "A") == pytest.approx(0.4)
    assert brand.rate_by_known(talks, ACCOUNTS, False, "B") == pytest.approx(0.1)
    assert brand.gap_by_segment(talks, ACCOUNTS) == pytest.approx(0.1)
    assert brand_traps.raw_gap(talks, ACCOUNTS) == pytest.approx(5 / 15 - 13 / 110)
    assert brand.share_known(talks, ACCOUNTS, "B") == pytest.approx(5 / 105)


def test_a_segment_with_one_side_only_compares_nothing(talks):
    """Without the unknown buyers of A the mean gap is not a number; without deals neither."""
    one_sided = talks[(talks["account_id"] == "acc B") | talks["brand_known"]]
    assert math.isnan(brand.gap_by_segment(one_sided, ACCOUNTS))
    assert math.isnan(brand.gap_by_segment(talks.iloc[:0], ACCOUNTS))


def test_the_planted_five_points_come_back(company):
    """Planted: + 5 points in both segments, + 14 raw; 70 of 100 in A knew us and 25 of 100 in B."""
    tables = company["opportunities"], company["accounts"]
    assert brand.gap_by_segment(*tables) == pytest.approx(0.05, abs=0.006)
    assert brand_traps.raw_gap(*tables) == pytest.approx(0.14, abs=0.005)
    assert brand.share_known(*tables, "A") == pytest.approx(0.70, abs=0.006)
    assert brand.share_known(*tables, "B") == pytest.approx(0.25, abs=0.006)


# ---- the brand is switched off --------------------------------------------------------------------------------------

MONDAY = pd.Timestamp("2024-01-01")


def two_places(lost, growth=1.1, test_weeks=8):
    """52 weeks at 1,000 and 2,000, then a test in the first place: it loses a share of what growth would bring."""
    rows = []
    for week in range(52 + test_weeks):
        now = growth if week >= 52 else 1.0
        for place, usual, is_test in (("M1", 1000.0, True), ("M2", 2000.0, False)):
            off = is_test and week >= 52
            revenue = usual * now * ((1 - lost) if off else 1)
            rows.append((place, MONDAY + 7 * week * pd.Timedelta(days=1), "EXP-05" if off else "", revenue, 0.0))
    table = pd.DataFrame(rows, columns=["micromarket_id", "week", "experiment_id", "revenue_eur", "offers_eur"])
    table["brand_eur"] = np.where(table["experiment_id"] == "EXP-05", 0.0, 0.04 * table["revenue_eur"])
    return table


def test_growth_elsewhere_is_not_taken_for_a_loss():
    """All places grow by a tenth and the test loses a fifth of that: a fifth is lost, from the fourth week on."""
    media = two_places(0.2)
    assert brand.sales_lost(media, 8) == pytest.approx(0.2)
    assert brand.lost_by_week(media).index.tolist() == [4, 5, 6, 7, 8]
    assert math.isnan(brand.sales_lost(media, 9))


def test_a_euro_of_brand_holds_what_its_absence_lost():
    """A tenth of sales lost at a budget of 4 % of sales: €2.50 a euro."""
    assert brand.held_by_a_euro(two_places(0.1)) == pytest.approx(2.5)


def test_a_test_that_is_not_there_is_named():
    """The message says what to write where; without a year before there is no figure."""
    with pytest.raises(ValueError, match="no row of EXP-99"):
        brand.sales_lost(two_places(0.1), 8, "EXP-99")
    media = two_places(0.1)
    assert math.isnan(brand.sales_lost(media[media["week"] >= MONDAY + pd.Timedelta(weeks=10)], 8))


def test_memory_and_rival_by_hand():
    """Recall falls from 200 to 50 in 20 weeks: a week keeps 0.25^(1/20). The rival: 0.5 points a wave more."""
    waves = [MONDAY + pd.Timedelta(weeks=week) for week in (51, 61, 71)]
    tracker = pd.DataFrame(
        {
            "micromarket_id": ["M1"] * 3 + ["M2"] * 3,
            "wave_on": waves * 2,
            "recall": [200, 100, 50, 200, 200, 200],
            "rival_share_permille": [210, 216, 222, 210, 211, 212],
        }
    )
    media = two_places(0.1, test_weeks=30)
    assert brand.brand_keeps(media, tracker) == pytest.approx(0.25 ** (1 / 20))
    assert brand.rival_gain(media, tracker) == pytest.approx(0.005)
    early = tracker[tracker["wave_on"] == waves[0]]
    assert math.isnan(brand.brand_keeps(media, early)) and math.isnan(brand.rival_gain(media, early))


def test_the_planted_year_without_the_brand_comes_back(company):
    """Planted: 1 % lost after 13 weeks, 9 % after 52; memory keeps 93 % a week; the rival gains 0.6 points."""
    media, tracker = company["media_weekly"], company["brand_tracker"]
    assert brand.sales_lost(media, 13) == pytest.approx(0.01, abs=0.0035)
    assert brand.sales_lost(media, 52) == pytest.approx(0.09, abs=0.004)
    assert brand.brand_keeps(media, tracker) == pytest.approx(0.93, abs=0.005)
    assert brand.rival_gain(media, tracker) == pytest.approx(0.006, abs=0.0005)


# ---- adverts and their season ---------------------------------------------------------------------------------------


def test_the_pause_by_hand():
    """T02 went from 100 to 120, so 120 was to be expected of T01, where 90 came: 30 missing for 12 not spent."""
    months = pd.DataFrame(
        {
            "territory_id": ["T01", "T01", "T02", "T02"],
            "month": ["2024-01", "2025-01"] * 2,
            "held_out": [False, True, False, False],
            "spend_eur": [10.0, 0.0, 10.0, 12.0],
            "revenue_eur": [100.0, 90.0, 100.0, 120.0],
        }
    )
    assert adverts.pause(months) == pytest.approx((30, 12))
    assert (adverts.missing_eur(months), adverts.saved_eur(months)) == pytest.approx((30, 12))
    assert adverts.advertising_return(months, 0.5) == pytest.approx((30 * 0.5 - 12) / 12)
    assert adverts_traps.revenue_for_margin(months, 0.5) == pytest.approx((30 - 12) / 12)


def test_without_a_pause_or_a_territory_that_went_on_nobody_knows():
    """Nothing to compare with is not a number, not a return of zero."""
    alone = load().territory("T00")["advertising_monthly"]
    assert math.isnan(adverts.advertising_return(alone, 0.42))
    assert adverts.revenue_slope(alone) == pytest.approx(9)  # planted: €9 from low to high season
    assert math.isnan(adverts.advertising_return(alone.assign(held_out=False), 0.42))


def test_the_planted_return_comes_back(company):
    """Planted: €2.10 a euro (−12 % at a margin of 42 %), against 9.10 by the slope of the months."""
    months = company["advertising_monthly"]
    missing, saved = adverts.pause(months)
    assert missing / saved == pytest.approx(2.1, abs=0.2)
    assert adverts.advertising_return(months, 0.42) == pytest.approx(-0.118, abs=0.08)
    assert adverts.revenue_slope(months) == pytest.approx(9.1, abs=0.3)
    assert adverts_traps.season_as_effect(months, 0.42) == pytest.approx(9.1 * 0.42 - 1, abs=0.13)


# ---- now or later ---------------------------------------------------------------------------------------------------


def test_an_effect_that_does_not_last_falls_in_the_quarter_of_its_money():
    """Nothing carried over, €2 a euro: 200 in quarter 1; 67 in each of 2 to 4; 50 in each of 1 to 4."""
    at_once = now_and_later.Effect(0.0, 2.0)
    sales = [now_and_later.by_quarter(plan, at_once, at_once).round(1).tolist() for plan in (NOW, LATER, BRAND)]
    assert sales[0] == [200, 0, 0, 0, 0, 0, 0, 0]
    assert sales[1] == [0, 66.7, 66.7, 66.7, 0, 0, 0, 0]
    assert sales[2] == [50, 50, 50, 50, 0, 0, 0, 0]


def test_an_effect_that_lasts_is_summed_week_by_week():
    """Written out: each week's money sells in that week and, 0.75 of it each time, in all weeks after it."""
    keeps, brings = 0.75, 1.6
    weeks = np.zeros(104)
    for spent in range(13):
        for after in range(104 - spent):
            weeks[spent + after] += 100 / 13 * brings * (1 - keeps) * keeps**after
    expected = weeks.reshape(8, 13).sum(axis=1)
    found = now_and_later.by_quarter(NOW, now_and_later.Effect(keeps, brings), now_and_later.Effect(0.5, 0.0))
    assert found == pytest.approx(expected)


def test_the_planted_effects_come_back(company):
    """Planted: offers keep 75 % a week and bring €1.60; memory keeps 93 %."""
    offers, being_known = now_and_later.effects(company["media_weekly"], company["brand_tracker"])
    assert offers.keeps == pytest.approx(0.75, abs=0.03)
    assert offers.brings == pytest.approx(1.6, abs=0.15)
    assert being_known.keeps == pytest.approx(0.93, abs=0.005)


def test_no_plan_on_a_grid_beats_the_best_one(company):
    """All plans in steps of €2,000: none that keeps both promises brings more, and the best keeps both."""
    tables = company["media_weekly"], company["brand_tracker"]
    best = now_and_later.best(*tables)
    most = now_and_later.brings(*tables, best)
    assert sum(best.values()) == pytest.approx(100_000)
    assert most > 0 and not now_and_later.breaks_floor(*tables, best) and not now_and_later.breaks_goal(*tables, best)
    found = now_and_later.effects(*tables)
    shapes = np.array([now_and_later.by_quarter({part: 1.0}, *found) for part in now_and_later.SPENT_IN])
    grid = [
        (now, later, 100_000 - now - later)
        for now in range(0, 100_001, 2000)
        for later in range(0, 100_001 - now, 2000)
    ]
    sales = np.array(grid) @ shapes
    kept = (sales[:, 0] >= 40_000) & (sales[:, 3] >= 35_000)
    assert kept.any() and sales[kept].sum(axis=1).max() <= most + 0.01
    assert sales[kept].sum(axis=1).max() > most * 0.98  # and it is no better than what can be reached


def test_a_broken_promise_brings_nothing(company):
    """All offers now miss quarter 4; all for the brand miss quarter 1; impossible promises are refused."""
    tables = company["media_weekly"], company["brand_tracker"]
    now, brand_only = ({name: 1000 * eur for name, eur in plan.items()} for plan in (NOW, BRAND))
    assert now_and_later.brings(*tables, now) == 0 and now_and_later.breaks_goal(*tables, now)
    assert now_and_later.brings(*tables, brand_only) == 0 and now_and_later.breaks_floor(*tables, brand_only)
    assert now_and_later.little_for_brand(now) and not now_and_later.little_for_brand(brand_only)
    with pytest.raises(ValueError, match="cannot keep both promises"):
        now_and_later.best(*tables, floor_eur=200_000)
