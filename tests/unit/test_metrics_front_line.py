"""What six weeks can show, which plan has room, and a budget over brand, offers and origins: by hand and twice."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from onefunnel.data import load
from onefunnel.data.estimators import company as estimators
from onefunnel.metrics import demand, demand_plans, front_line
from onefunnel.playbook import load as load_playbook

AS_OF = pd.Timestamp("2026-05-15")
STEPS = ["qualified", "trial", "won"]
MARGIN = 0.42
ROOM = {
    "brand": 10_000,
    "promotion": 5_000,
    "email": 2_000,
    "event": 5_000,
    "direct_mail": 3_000,
    "bought_list": 25_000,
}


@pytest.fixture(scope="module")
def company():
    """The sample company without T00."""
    return load().company()


def days_before(*days):
    return AS_OF - pd.to_timedelta(list(days), unit="D")


def test_deals_decided_in_six_weeks_are_a_mean_of_the_last_year():
    """One deal closed in each of 52 weeks: six in six weeks. The open one and the one of 365 days ago do not count."""
    closed = [*days_before(*range(7, 365, 7)), AS_OF - pd.Timedelta(days=365), pd.NaT]
    outcomes = ["won", "lost", "no_decision", "lost"] * 13 + ["won", "open"]
    deals = pd.DataFrame({"closed_at": closed, "outcome": outcomes})
    assert front_line.decided_in_weeks(deals, AS_OF) == pytest.approx(6)
    assert front_line.decided_in_weeks(deals, AS_OF, weeks=13) == pytest.approx(13)
    assert front_line.decided_in_weeks(deals.head(0), AS_OF) == 0


def test_new_leads_of_a_fit_are_counted_by_their_hand_over():
    """Of 26 leads handed over in the last year 13 have the fit: 1.5 in six weeks, 3 of any fit."""
    assigned = [*days_before(*range(10, 270, 10)), pd.NaT]
    leads = pd.DataFrame({"assigned_at": assigned, "fit_score": [59, 60] * 13 + [99]})
    assert front_line.assigned_in_weeks(leads, AS_OF, least_fit=60) == pytest.approx(1.5)
    assert front_line.assigned_in_weeks(leads, AS_OF) == pytest.approx(3)


@pytest.mark.parametrize("rate", [0, 0.18, 0.265, 0.5, 1])
@pytest.mark.parametrize("cases", [0, 1, 2, 6, 40, 3000])
def test_luck_is_the_binomial_law(rate, cases):
    """Chances and their 95 % agree with the statistics library, from no case to thousands."""
    chances = front_line.wins_by_luck(rate, cases)
    assert chances == pytest.approx(binom.pmf(np.arange(cases + 1), cases, rate), abs=1e-9)
    assert chances.sum() == pytest.approx(1)
    assert front_line.luck(rate, cases) == tuple(binom.ppf([0.025, 0.975], cases, rate))


def test_two_coins():
    """No head, one, two: a quarter, a half, a quarter, so all of them happen."""
    assert front_line.wins_by_luck(0.5, 2) == pytest.approx([0.25, 0.5, 0.25])
    assert front_line.luck(0.5, 2) == (0, 2)


@pytest.fixture
def quarter():
    """Next quarter 13 tastings are planned in 10 slots; of ten tastings that have had their time four were won."""
    ids = [f"O{n}" for n in range(10)]
    history = pd.DataFrame(
        [{"opp_id": one, "step_id": "trial", "entered_at": pd.Timestamp("2025-01-06")} for one in ids]
        + [{"opp_id": one, "step_id": "won", "entered_at": pd.Timestamp("2025-02-06")} for one in ids[:4]]
    )
    leads = pd.DataFrame(columns=["lead_id", "contact_id", "opp_id", "created_at", "mql_at", "accepted_at"])
    for column in ("created_at", "mql_at", "accepted_at"):
        leads[column] = pd.to_datetime(leads[column])
    targets = pd.DataFrame({"quarter": ["2026-Q2", "2026-Q3"], "trials_planned": [99, 13]})
    slots = pd.DataFrame({"date": [*pd.date_range("2026-07-01", periods=10, freq="7D"), pd.Timestamp("2026-06-30")]})
    return leads, history, targets, slots, AS_OF, STEPS


def test_a_plan_needs_as_many_slots_as_tastings(quarter):
    """Ten slots bring 4 wins. By hand: 6 wins need 15 tastings, 3 need 7.5; the fair makes 13; 3 + 1 days make 14."""
    plans = front_line.quarter_plans(*quarter)
    assert plans["tastings"].to_dict() == pytest.approx(
        {"as_planned": 13, "to_the_slots": 10, "many_wins": 15, "some_wins": 7.5, "more_slots": 13, "fair": 13}
    )
    assert plans["slots"].tolist() == [10, 10, 10, 10, 14, 10]
    assert front_line.plans_without_room(*quarter) == ["as_planned", "many_wins", "fair"]
    options = {one["id"]: one["text"] for one in front_line.plan_options(*quarter)}
    assert (
        options["many_wins"]
        == "Win 6 deals out of tastings in the 10 slots there are (of 100 tastings 40 end in a win)"
    )
    assert options["more_slots"] == "Hold 13 tastings in the 10 slots there are and 4 more that we pay for"


def test_misread_plans_fall_on_their_side(quarter):
    """Who counts only said tastings misses a plan; who takes the slots as fixed refuses one too many."""
    right = set(front_line.plans_without_room(*quarter))
    assert set(front_line.wins_need_no_tastings(*quarter)) == right - {"many_wins"}
    assert set(front_line.slots_are_fixed(*quarter)) == right | {"more_slots"}


@pytest.mark.parametrize("empty", [1, 2, 3])
def test_nothing_to_compare_is_said(quarter, empty):
    """Without tastings, without a plan or without slots there is a sentence, not a plan of nothing."""
    tables = [table.head(0) if place == empty else table for place, table in enumerate(quarter)]
    with pytest.raises(ValueError, match="next quarter has no planned tastings"):
        front_line.quarter_plans(*tables)


def test_brand_is_worth_what_its_absence_lost():
    """Revenue 100 a week, brand 2. Off for a year: 90 at the end, 110 elsewhere; 2/11 is lost: 18.18 × 0.5 ÷ 2 − 1."""
    weeks = pd.date_range("2024-01-01", periods=104, freq="7D")
    rows = []
    for place, late in (("A", 90), ("B", 110)):
        for number, week in enumerate(weeks):
            off = place == "A" and number >= 52
            rows.append((place, week, "EXP-05" if off else None, 0 if off else 2, late if number >= 100 else 100))
    media = pd.DataFrame(rows, columns=["micromarket_id", "week", "experiment_id", "brand_eur", "revenue_eur"])
    lost = 1 - 90 / 110
    assert front_line.brand_return(media, 0.5) == pytest.approx(lost * 100 * 0.5 / 2 - 1)
    assert np.isnan(front_line.brand_return(media.assign(brand_eur=0), 0.5))


def test_brand_of_the_sample_agrees_with_the_planted_truth(company):
    """The planted −9 % has an estimator of its own; revenue and spend of the year before by plain filters."""
    media = company.media_weekly
    off = media["experiment_id"] == "EXP-05"
    began = media.loc[off, "week"].min()
    places = set(media.loc[off, "micromarket_id"])
    year = media[media["micromarket_id"].isin(places) & (media["week"] < began)]
    year = year[year["week"] >= began - pd.Timedelta(weeks=52)]
    lost = -estimators.brand_off(load(), 52) * year["revenue_eur"].sum()
    wanted = lost * MARGIN / year["brand_eur"].sum() - 1
    assert front_line.brand_return(media, MARGIN) == pytest.approx(wanted, rel=1e-9)


def tables_of(company):
    names = ("leads", "opportunities", "campaigns", "experiments", "media_weekly")
    return (*(company[name] for name in names), company.as_of)


def test_origins_return_what_the_official_metric_says(company):
    """Each origin's return is `incremental_return`, computed one by one; all the places stand in the order asked."""
    found = front_line.returns(*tables_of(company), MARGIN, list(ROOM))
    assert list(found) == list(ROOM)
    for place in set(ROOM) - {"brand"}:
        official = demand.incremental_return(
            company.leads, company.opportunities, company.campaigns, company.experiments, company.as_of, MARGIN, place
        )
        assert found[place] == pytest.approx(official)


def test_no_plan_in_steps_of_2500_beats_the_best_one(company):
    """Brute force over every split of €25,000; and a plan with nothing for later is short of all points."""
    known = front_line.returns(*tables_of(company), MARGIN, list(ROOM))
    best = front_line.best(*tables_of(company), 25_000, MARGIN, ROOM)
    most = front_line.brings(*tables_of(company), best, MARGIN, ROOM)
    assert sum(best.values()) == 25_000
    places, worth = list(ROOM), []
    for amounts in product(range(0, 25_001, 2_500), repeat=len(places) - 1):
        if sum(amounts) <= 25_000:
            plan = dict(zip(places, (*amounts, 25_000 - sum(amounts)), strict=True))
            worth.append(sum(min(plan[one], ROOM[one]) * (1 + known[one]) - plan[one] for one in places))
    assert max(worth) <= most
    today = front_line.brings(*tables_of(company), {"promotion": 5_000, "bought_list": 20_000}, MARGIN, ROOM)
    no_brand = {"promotion": 5_000, "email": 2_000, "event": 5_000, "direct_mail": 3_000, "bought_list": 10_000}
    part = (front_line.brings(*tables_of(company), no_brand, MARGIN, ROOM) - today) / (most - today)
    assert 0 < part < 0.8


def test_money_beyond_the_room_is_lost():
    """€300 where 100 find somebody, at a return of one half: 150 come back, 300 went out."""
    assert demand_plans.left_over({"a": 300}, {"a": 0.5}, {"a": 100}) == pytest.approx(-150)
    assert demand_plans.best_first(300, {"a": 0.5, "b": 0.1}, {"a": 100, "b": 900}) == {"a": 100, "b": 200}
    with pytest.raises(ValueError, match="room for less"):
        demand_plans.best_first(300, {"a": 0.5}, {"a": 100})


def test_the_gate_of_six_trained_sellers_is_the_plays_own():
    """The lesson's no-go rests on the two lines of the play: four in five sellers, four weeks of stock."""
    play = load_playbook().play("launch_gate")
    lines = [row[0] for row in play.template.sheets[0].rows]
    assert any(line.startswith("Four in five sellers") for line in lines)
    assert any(line.startswith("Stock covers four weeks") for line in lines)
