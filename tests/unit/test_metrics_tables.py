"""Metrics that read whole tables, on frames so small that every expected value is counted by hand."""

from datetime import time
from math import isnan
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from onefunnel.metrics import (
    accuracy,
    budget,
    dates,
    demand,
    hand_off,
    market,
    retention,
    sellthrough,
    targeting,
    teamwork,
    trials,
    value,
    willingness,
)

AS_OF = pd.Timestamp("2026-05-15")  # a Friday in the second quarter
CALENDAR = SimpleNamespace(
    working_days=("mon", "tue", "wed", "thu", "fri"), opens=time(9), closes=time(17), holiday_dates=()
)


def days(*texts):
    return pd.to_datetime(list(texts))


# ---- dates -----------------------------------------------------------------------------------------------------


@pytest.fixture
def deals():
    """On 1 January: a and b due in the quarter, c by its date of then (pushed out later), d due in the next one."""
    return pd.DataFrame(
        {
            "opp_id": ["a", "b", "c", "d"],
            "created_at": days("2025-11-01", "2025-11-01", "2025-11-01", "2025-11-01"),
            "closed_at": days("2026-02-01", "2026-03-01", None, "2026-05-01"),
            "close_date_planned": days("2026-02-01", "2026-03-10", "2026-09-01", "2026-05-01"),
            "outcome": ["won", "lost", "open", "won"],
            "amount_eur": [100.0, 200.0, 300.0, 400.0],
        }
    )


@pytest.fixture
def moves():
    """c was planned for 20 March and pushed twice; b was once planned later and came forward."""
    return pd.DataFrame(
        {
            "opp_id": ["c", "c", "b"],
            "moved_on": days("2026-03-15", "2026-04-20", "2025-12-20"),
            "close_date_before": days("2026-03-20", "2026-06-20", "2026-04-10"),
            "close_date_after": days("2026-06-20", "2026-09-01", "2026-03-10"),
        }
    )


def test_the_planned_date_of_a_past_day(deals, moves):
    """The date before the first move made since that day."""
    assert dates.planned_on(deals, moves, pd.Timestamp("2026-01-01")).tolist() == [
        *days("2026-02-01", "2026-03-10", "2026-03-20", "2026-05-01")
    ]


def test_slippage_is_money_due_without_an_answer(deals, moves):
    """Due in the first quarter: a 100, b 200, c 300; only c had no decision by its end."""
    assert dates.slippage(deals, moves, AS_OF) == pytest.approx(300 / 600)


def test_needed_coverage_is_one_over_the_value_rate_of_due_deals(deals, moves):
    """14 February, the same day of the last quarter: a is closed; b 200 and c 300 are due, nothing of it is won."""
    assert isnan(dates.needed_coverage(deals, moves, AS_OF, quarters=1))
    deals.loc[1, "outcome"] = "won"
    assert dates.value_rate_of_due(deals, moves, AS_OF, quarters=1) == pytest.approx(200 / 500)
    assert dates.needed_coverage(deals, moves, AS_OF, quarters=1) == pytest.approx(2.5)


def test_pushes_are_moves_to_a_later_date(deals, moves):
    """b moved forward, so no decided deal was pushed; once c is lost, one in four was pushed twice."""
    assert dates.pushed_share(deals, moves) == 0
    deals.loc[2, "outcome"] = "lost"
    assert dates.pushed_share(deals, moves) == pytest.approx(1 / 4)


# ---- trials ----------------------------------------------------------------------------------------------------


def test_the_queue_before_the_tasting():
    """Asked on a Monday: held after 3 and after 24 days, never, and one that is too young for the wait."""
    history = pd.DataFrame(
        {
            "opp_id": ["a", "b", "c", "d"],
            "step_id": "trial",
            "entered_at": days("2025-09-01", "2025-09-01", "2025-09-01", "2026-05-11"),
        }
    )
    slots = pd.DataFrame(
        {"opp_id": ["a", "b", "d", None], "date": days("2025-09-04", "2025-09-25", "2026-05-14", "2026-08-01")}
    )
    assert trials.trial_wait(history, slots, AS_OF) == pytest.approx((3 + 24) / 2)
    # Ten business days end on Friday the 12th. d's clock still runs, c was never served.
    assert trials.tasting_in_time(history, slots, AS_OF, CALENDAR) == pytest.approx(1 / 3)
    targets = pd.DataFrame({"quarter": ["2026-Q3", "2026-Q2"], "trials_planned": [3, 9]})
    assert trials.trials_against_slots(targets, slots, AS_OF) == 3.0


# ---- demand and hand-off ---------------------------------------------------------------------------------------


@pytest.fixture
def origin_tables():
    """Two event leads that won 1,000 and 500, an e-mail touch before the second; 300 spent; half comes anyway."""
    return SimpleNamespace(
        leads=pd.DataFrame(
            {
                "lead_id": ["l1", "l2"],
                "contact_id": ["p1", "p2"],
                "account_id": ["a1", "a2"],
                "opp_id": ["o1", "o2"],
                "origin": ["event", "unknown"],
                "origin_label": ["Event", "Other"],
                "created_at": days("2024-06-01", "2024-06-01"),
            }
        ),
        opportunities=pd.DataFrame(
            {
                "opp_id": ["o1", "o2", "o3"],
                "account_id": ["a1", "a2", "a3"],
                "origin": ["event", "unknown", "sales_prospecting"],
                "created_at": days("2024-07-01", "2024-07-01", "2024-07-01"),
                "closed_at": days("2024-09-01", "2024-09-01", "2024-09-01"),
                "outcome": ["won", "won", "won"],
                "amount_eur": [1000.0, 500.0, 70.0],
            }
        ),
        touches=pd.DataFrame(
            {
                "opp_id": ["o1", "o1", "o1"],
                "account_id": ["a1", "a1", "a1"],
                "touched_at": days("2024-06-01", "2024-08-01", "2024-08-20"),
                "channel": ["event", "email", "first_talk"],
                "function": ["marketing", "marketing", "sales"],
            }
        ),
        campaigns=pd.DataFrame(
            {
                "origin": ["event"],
                "spend_eur": [300.0],
                "started_on": days("2024-05-01"),
                "ended_on": days("2024-05-30"),
            }
        ),
        experiments=pd.DataFrame(
            {
                "experiment_id": "E",
                "origin": "event",
                "arm": ["treated", "control", "treated", "control"],
                "looked_on": days("2024-01-10", "2024-01-10", "2024-06-10", "2024-06-10"),
                "n": [100, 100, 100, 100],
                "successes": [8, 0, 10, 5],
            }
        ),
    )


def test_returns_corrected_and_shared(origin_tables):
    """1,000 at a margin of 60 %: half of it is 300, so 0 %; linear gives event half as well; first gives it all."""
    t = origin_tables
    found = demand.incremental_return(t.leads, t.opportunities, t.campaigns, t.experiments, AS_OF, 0.6, "event")
    assert found == pytest.approx((1000 * 0.5 * 0.6 - 300) / 300, abs=1e-12)
    shared = (t.leads, t.opportunities, t.touches, t.campaigns, AS_OF, 0.6, "event")
    assert demand.attributed_return(*shared) == pytest.approx(0.0, abs=1e-12)
    assert demand.attributed_return(*shared, rule="first") == pytest.approx(1.0)
    assert isnan(
        demand.incremental_return(t.leads, t.opportunities, t.campaigns, t.experiments[:0], AS_OF, 0.6, "event")
    )
    with pytest.raises(ValueError, match="no rule"):
        demand.attributed_return(*shared, rule="best")


def test_pipeline_unknown_origin_and_cost(origin_tables):
    """Sourced: all but sales' own; influenced: o1 alone. One of two people has no origin."""
    t = origin_tables
    window = {"days": 364, "age_days": 364}
    assert demand.pipeline_created(t.opportunities, t.touches, AS_OF, "sourced", **window) == 1500
    assert demand.pipeline_created(t.opportunities, t.touches, AS_OF, "influenced", **window) == 1000
    assert demand.unknown_origin_share(t.leads) == 0.5
    assert demand.cost_per_engaged_account(t.campaigns, t.leads, AS_OF, days=800) == pytest.approx(300 / 2)


def test_silence_is_no_acceptance():
    """Two days passed for three of four: one accepted, one turned down, one without an answer."""
    leads = pd.DataFrame(
        {
            "assigned_at": days("2026-05-04 09:00", "2026-05-04 09:00", "2026-05-04 09:00", "2026-05-14 16:00"),
            "accepted_at": days("2026-05-05 09:00", None, None, "2026-05-14 17:00"),
            "reject_reason": [None, "too_small", None, None],
        }
    )
    assert hand_off.acceptance_rate(leads, AS_OF, CALENDAR) == pytest.approx(1 / 3)
    assert hand_off.reject_reasons(leads, AS_OF, CALENDAR).to_dict() == {"too_small": 1}


# ---- market and targeting --------------------------------------------------------------------------------------


def test_price_realisation_compares_each_product_with_itself():
    """p went from 10 to 11, q stayed at 20; today's cases 10 and 10: 310 now, 300 at the old prices."""
    orders = pd.DataFrame(
        {
            "account_id": "a",
            "ordered_on": days("2026-05-01", "2026-05-01", "2025-05-02", "2025-05-02"),
            "product_id": ["p", "q", "p", "q"],
            "cases": [10, 10, 30, 1],
            "net_eur": [110.0, 200.0, 300.0, 20.0],
        }
    )
    assert market.price_realisation(orders, AS_OF) == pytest.approx(310 / 300 - 1)


def test_new_accounts_and_a_table_that_is_too_short():
    """a returns after a year, b is new; without two years of history nobody can tell."""
    orders = pd.DataFrame(
        {
            "account_id": ["old", "a", "a", "b"],
            "ordered_on": days("2023-01-01", "2025-03-01", "2026-04-01", "2026-05-01"),
        }
    )
    assert market.new_accounts(orders, AS_OF) == 1
    assert isnan(market.new_accounts(orders[1:], AS_OF))


def test_share_of_market_and_its_change():
    """2025: 200 of 1,000; 2024: 180 of 800. The share fell by 2.5 points while sales grew."""
    orders = pd.DataFrame(
        {"ordered_on": days("2025-06-01", "2024-06-01", "2026-01-05"), "net_eur": [200.0, 180.0, 9.0]}
    )
    size = pd.DataFrame(
        {
            "quarter": [f"{year}-Q{q}" for year in (2024, 2025) for q in (1, 2, 3, 4)],
            "category_eur": [200] * 4 + [250] * 4,
        }
    )
    assert market.market_share(orders, size, AS_OF) == pytest.approx(0.2)
    assert market.market_share_change(orders, size, AS_OF) == pytest.approx(-0.025)
    assert isnan(market.market_share(orders, size[:7], AS_OF))


def test_gross_margin_growth_takes_four_quarters_against_four():
    """10 − 6 a quarter, then 12 − 7: 20 against 16; a missing quarter gives no number."""
    quarters = [
        f"{year}-Q{q}" for year, q in [(2024, 2), (2024, 3), (2024, 4), *((2025, n) for n in (1, 2, 3, 4)), (2026, 1)]
    ]
    rows = [
        {"quarter": quarter, "line": line, "eur": eur}
        for place, quarter in enumerate(quarters)
        for line, eur in (("revenue", 10 + 2 * (place > 3)), ("cost_of_goods", 6 + (place > 3)), ("selling", 1))
    ]
    table = pd.DataFrame(rows)
    assert market.gross_margin_growth(table, AS_OF) == pytest.approx(20 / 16 - 1)
    assert isnan(market.gross_margin_growth(table[table["quarter"] != "2025-Q2"], AS_OF))


def test_awareness_is_of_the_last_wave():
    """30 of 100 and 20 of 100 in the last wave."""
    tracker = pd.DataFrame(
        {"wave_on": days("2026-05-01", "2026-05-01", "2026-01-01"), "asked": 100, "aware": [30, 20, 90]}
    )
    assert market.aided_awareness(tracker) == 0.25


def test_who_is_looked_after():
    """Of three targets one was seen lately; 30 of 90 known minutes went to the small account."""
    outlets = pd.DataFrame({"account_id": list("abcd"), "fit_score": [60, 80, 90, 59]})
    visits = pd.DataFrame(
        {"account_id": ["a", "a", "b", "d"], "date": days("2026-05-01", "2026-05-02", "2025-01-01", "2026-05-03")}
    ).assign(minutes=[20, 10, 60, 7])
    accounts = pd.DataFrame({"account_id": list("ab"), "potential_eur": [1000, 5000]})
    assert targeting.target_coverage(outlets, visits, AS_OF) == pytest.approx(1 / 3)
    assert targeting.hours_on_small(visits, accounts) == pytest.approx(30 / 90)


# ---- teamwork --------------------------------------------------------------------------------------------------


def test_notes_that_never_arrive_count_as_longest():
    """2, 4 and never: the median is 4. With two of four lost there is no median."""
    notes = pd.DataFrame(
        {
            "noted_on": days("2026-01-01", "2026-01-01", "2026-01-01"),
            "received_on": days("2026-01-03", "2026-01-05", None),
        }
    )
    assert teamwork.note_days(notes, AS_OF) == 4
    assert teamwork.notes_lost(notes, AS_OF) == pytest.approx(1 / 3)
    assert isnan(teamwork.note_days(notes[1:], AS_OF))


def test_doubled_hours_are_the_sellers():
    """One task done by both: 3 of the seller's 8 hours in one week, none in the other."""
    log = pd.DataFrame(
        {
            "territory_id": "T",
            "week": days("2026-04-06", "2026-04-06", "2026-04-06", "2026-04-13"),
            "function": ["sales", "marketing", "sales", "sales"],
            "task_id": ["research", "research", "visit", "visit"],
            "hours": [3.0, 2.0, 5.0, 5.0],
        }
    )
    assert teamwork.hours_doubled(log) == pytest.approx(3 / 2)


def test_cells_packs_and_scores():
    """Two of 2 × 2 cells; one of two packs; of the three scores one is 2 or lower."""
    assets = pd.DataFrame({"job_title": ["x", "x", "y"], "industry": ["i", "i", "j"]})
    assert teamwork.asset_cells_covered(assets, pd.DataFrame({"job_title": ["x", "y"]})) == 0.5
    packs = pd.DataFrame({"complete": [True, False, False, True], "experience_score": [1, 3, 5, np.nan]})
    assert teamwork.hand_overs_complete(packs) == 0.5
    assert teamwork.low_experience(packs) == pytest.approx(1 / 3)


# ---- renewals, machines, shops, prices, money -------------------------------------------------------------------


def test_renewals_gross_and_net():
    """Due in the year: 100 grown to 150, 100 gone, 50 kept at 40. Gross 140 ÷ 250, net 190 ÷ 250."""
    rows = pd.DataFrame(
        {
            "due_on": days("2026-01-01", "2026-02-01", "2026-03-01", "2026-08-01"),
            "value_eur": [100.0, 100.0, 50.0, 999.0],
            "outcome": ["grown", "left", "renewed", None],
            "renewed_eur": [150.0, np.nan, 40.0, np.nan],
        }
    )
    assert retention.gross_renewal(rows, AS_OF) == pytest.approx(140 / 250)
    assert retention.net_renewal(rows, AS_OF) == pytest.approx(190 / 250)


def test_talked_before_the_machine_failed():
    """Two failed, one owner was spoken with before; the running and the scrapped one do not count."""
    machines = pd.DataFrame(
        {
            "status": ["replaced", "lost", "active", "scrapped"],
            "ended_on": days("2026-01-10", "2026-01-10", None, "2026-01-10"),
            "talked_on": days("2026-01-01", "2026-01-20", "2026-01-01", None),
        }
    )
    assert retention.talked_in_time(machines) == 0.5
    assert retention.replaced_with_us(machines, "before") == 1.0
    assert retention.replaced_with_us(machines, "after") == 0.0


def test_sell_through_has_two_usages():
    """Opening 100, received 20 + 20, sold 30 + 40: 70 ÷ 140, or 70 ÷ 40. The last whole week began on 4 May."""
    assert sellthrough.last_whole_week(AS_OF) == pd.Timestamp("2026-05-04")
    weeks = pd.DataFrame(
        {
            "week": days("2026-04-20", "2026-04-27", "2026-05-04", "2026-05-11"),
            "units": [9, 30, 40, 99],
            "received_units": [9, 20, 20, 99],
            "stock_units": [100, 90, 70, 0],
        }
    )
    assert sellthrough.sell_through(weeks, AS_OF, weeks=2) == pytest.approx(70 / 140)
    assert sellthrough.sell_through(weeks, AS_OF, weeks=2, usage="received") == pytest.approx(70 / 40)


def test_the_tested_price_that_brings_in_most():
    """100 × 50 % = 50, 120 × 45 % = 54, 150 × 20 % = 30 a visitor; at a cost of 90: 5, 13.5 and 12."""
    test = pd.DataFrame({"price_eur": [100.0, 120, 120, 150], "shown": [10, 10, 10, 10], "rented": [5, 4, 5, 2]})
    assert willingness.tested_best_price(test) == 120
    assert willingness.tested_best_price(test, unit_cost_eur=130) == 150


def test_two_products_of_one_shop_are_not_one_cloud():
    """Each product: twice the price, a quarter of the units, so −2; the dear product sells more in all."""
    rows = pd.DataFrame(
        {
            "account_id": "s",
            "product_id": ["p"] * 3 + ["q"] * 3,
            "units": [400.0, 100, 400, 6400, 1600, 6400],
            "price_eur": [1.0, 2, 1, 10, 20, 10],
            "promotion": False,
            "display": False,
        }
    )
    assert willingness.elasticity(rows) == pytest.approx(-2.0)


def test_micromarkets_by_name():
    """One place: 1,000 × (1 − e^(−spend ÷ 100)) at 100: the next euro brings 1,000 ÷ 100 × e^(−1)."""
    places = pd.DataFrame(
        {
            "micromarket_id": ["M1", "M2"],
            "micromarket": ["North", "South"],
            "budget_eur": [100.0, 100.0],
            "ceiling_eur": [1000.0, 1000.0],
            "scale_eur": [100.0, 100.0],
            "margin_eur": [3100.0, 1.0],
            "retention": [0.84, 0.0],
        }
    )
    assert budget.next_euro_return(places, "North") == pytest.approx(10 * np.exp(-1))
    assert budget.budget_gain(places) == pytest.approx(0, abs=1e-9)  # equal places are split equally already
    assert value.micromarket_value(places, "M1", 0.10) == pytest.approx(3100 * 1.1 / 0.26)
    with pytest.raises(ValueError, match="North, South"):
        budget.next_euro_return(places, "West")


def test_forecasts_of_one_maker():
    """Sales: 120 for 100 and 90 for 100: bias +5 %, miss 15 %; the month to come is left out."""
    rows = pd.DataFrame(
        {
            "made_by": ["sales", "sales", "sales", "marketing"],
            "forecast_eur": [120.0, 90.0, 500.0, 50.0],
            "actual_eur": [100.0, 100.0, np.nan, 100.0],
        }
    )
    assert accuracy.forecast_bias(rows, "sales") == pytest.approx(0.05)
    assert accuracy.forecast_miss(rows, "sales") == pytest.approx(0.15)
    with pytest.raises(ValueError, match="marketing, sales"):
        accuracy.forecast_bias(rows, "finance")
