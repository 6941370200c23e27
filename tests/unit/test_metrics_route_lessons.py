"""The quarter, promises, hours, routes, loads and doors on tables small enough to follow by hand."""

import math

import pandas as pd
import pytest

from onefunnel.metrics import (
    doors,
    doors_traps,
    forecasts,
    forecasts_traps,
    hours,
    loading,
    loading_traps,
    promises,
    quarter,
    quarter_traps,
    route,
    route_traps,
)

AS_OF = pd.Timestamp("2026-05-15")  # day 44 of the quarter, counted from 0
STEPS = ("qualified", "trial", "proposal", "decision", "won")


def frame_of(columns, rows, dates=()):
    frame = pd.DataFrame(rows, columns=columns)
    for column in dates:
        frame[column] = pd.to_datetime(frame[column])
    return frame


@pytest.fixture
def deals():
    """Of the past quarter, whose day 44 is 14 February: A won in time, B lost, C moved in from June, D won late."""
    return frame_of(
        ["opp_id", "outcome", "amount_eur", "created_at", "closed_at", "close_date_planned", "crm_probability"],
        [
            ("A", "won", 300.0, "2025-12-01", "2026-03-10", "2026-03-10", 1.0),
            ("B", "lost", 500.0, "2025-12-01", "2026-03-20", "2026-03-15", 0.0),
            ("C", "won", 900.0, "2025-12-01", "2026-03-25", "2026-03-25", 1.0),
            ("D", "won", 200.0, "2025-12-01", "2026-04-20", "2026-03-30", 1.0),
            ("E", "open", 1000.0, "2026-05-01", None, "2026-06-10", 0.75),
            ("F", "open", 400.0, "2026-05-01", None, "2026-08-10", 0.10),
        ],
        ["created_at", "closed_at", "close_date_planned"],
    )


@pytest.fixture
def moves():
    return frame_of(
        ["opp_id", "moved_on", "close_date_before"],
        [("C", "2026-03-01", "2026-06-30"), ("A", "2026-01-10", "2026-02-01")],
        ["moved_on", "close_date_before"],
    )


@pytest.fixture
def targets():
    return pd.DataFrame({"quarter": ["2026-Q2", "2026-Q3"], "target_eur": [1000.0, 2000.0], "trials_planned": [4, 6]})


def test_what_was_due_then_is_judged_by_the_dates_known_then(deals, moves):
    """On 14 February A, B and D were due (1,000); C was planned for June then. A alone was won in time: 300."""
    past = quarter.due_before(deals, moves, AS_OF, quarters=1)
    assert past.iloc[0].to_dict() == {"due_eur": 1000.0, "won_eur": 300.0, "rate": 0.3}
    assert quarter.due_won_rate(deals, moves, AS_OF) == pytest.approx(0.3)
    assert quarter.coverage_needed(deals, moves, AS_OF) == pytest.approx(1 / 0.3)


def test_a_quarter_is_what_is_won_and_a_share_of_what_is_due(deals, targets, moves):
    """Won in this quarter: D, 200. Due: E, 1,000, of which three tenths come: 500 of a target of 1,000."""
    assert quarter.expected_eur(deals, targets, moves, AS_OF) == pytest.approx(500)
    assert quarter.expected_of_target(deals, targets, moves, AS_OF) == pytest.approx(0.5)
    assert quarter.part_needed(deals, targets, AS_OF) == pytest.approx(0.8)
    assert quarter_traps.all_due_comes(deals, targets, moves, AS_OF) == 1200
    assert quarter_traps.crm_promise(deals, targets, moves, AS_OF) == 200 + 750
    assert quarter_traps.target_is_forecast(deals, targets, moves, AS_OF) == 1000
    assert quarter_traps.target_over_open(deals, targets, AS_OF) == pytest.approx(1000 / 1400)
    assert quarter_traps.rate_of_all_deals(deals, moves, AS_OF) == pytest.approx(1900 / 1400)


def test_the_range_is_that_of_the_worst_and_best_quarter(deals, targets, moves):
    """A quarter earlier (14 November) a deal of 100 was due and won: rates 1 and 0.3, so 500 to 1,200."""
    early = deals.iloc[[0]].assign(
        opp_id="G",
        amount_eur=100.0,
        created_at=pd.Timestamp("2025-10-01"),
        closed_at=pd.Timestamp("2025-12-01"),
        close_date_planned=pd.Timestamp("2025-12-01"),
    )
    found = quarter.expected_range(pd.concat([deals, early]), targets, moves, AS_OF, quarters=2)
    assert found.low == pytest.approx(500) and found.high == pytest.approx(1200)
    assert found.middle == pytest.approx(200 + 1000 * 400 / 1100)


def test_a_plan_needs_a_slot_for_each_trial(targets):
    """Six trials in the next quarter: six slots in it are enough, five and one in June are not."""
    days = ["2026-07-01", "2026-07-02", "2026-08-03", "2026-09-01", "2026-09-30", "2026-09-30"]
    slots = pd.DataFrame({"date": pd.to_datetime(days)})
    assert quarter.next_trials(targets, AS_OF) == 6 and quarter.next_slots(slots, AS_OF) == 6
    assert quarter.can_be_served(targets, slots, AS_OF) == "yes"
    slots.loc[0, "date"] = pd.Timestamp("2026-06-30")
    assert quarter.can_be_served(targets, slots, AS_OF) == "no"


def test_stuck_deals_break_the_promise_of_those_that_passed():
    """In each of 160 weeks a deal enters the trial: the odd ones win after a week, the others are lost after nine.

    On a Monday one of ten standing is a winner, so standing promises a tenth; but half of all who reached it won.
    """
    deals, history = [], []
    for number in range(160):
        entered = pd.Timestamp("2023-01-02") + pd.Timedelta(days=7 * number)
        won = number % 2 == 1
        closed = entered + pd.Timedelta(days=7 if won else 63)
        deals.append((f"O{number}", "won" if won else "lost", 100.0, entered, closed))
        history.append((f"O{number}", "trial", entered))
        if won:
            history.append((f"O{number}", "won", closed))
    deals = pd.DataFrame(deals, columns=["opp_id", "outcome", "amount_eur", "created_at", "closed_at"])
    history = pd.DataFrame(history, columns=["opp_id", "step_id", "entered_at"])
    crm = {"trial": 0.25}
    ratio = promises.promised_over_came(deals, history, AS_OF, STEPS, crm)
    assert ratio["standing"] == pytest.approx(1, abs=0.1)
    assert ratio["reached"] / ratio["crm"] == pytest.approx(0.5 / 0.25)
    assert ratio["crm"] == pytest.approx(2.5, abs=0.2)
    assert promises.kept_best(deals, history, AS_OF, STEPS, crm) == "standing"
    weights = promises.step_weights(deals, history, AS_OF, STEPS, crm)
    assert weights.loc["trial"].to_dict() == pytest.approx({"crm": 0.25, "reached": 0.5, "standing": 0.1}, abs=0.005)


def test_bias_and_miss_of_the_last_months():
    """Said 150 and 80 for 100 and 100: bias (230 − 200) ÷ 200, miss (50 + 20) ÷ 200. An older month stays out."""
    rows = pd.DataFrame(
        {
            "territory_id": "T01",
            "month": ["2026-03", "2026-02", "2026-01", "2026-03"],
            "made_by": ["sales", "sales", "sales", "marketing"],
            "forecast_eur": [150, 80, 999, 7],
            "actual_eur": [100, 100, 100, 100],
        }
    )
    assert forecasts.bias_of(rows, "sales", 2) == pytest.approx(0.15)
    assert forecasts.miss_of(rows, "sales", 2) == pytest.approx(0.35)
    assert forecasts_traps.sign_flipped(rows, "sales", 2) == pytest.approx(-0.15)
    assert forecasts_traps.divides_by_forecast(rows, "sales", 2) == pytest.approx(30 / 230)
    assert forecasts_traps.errors_cancel(rows, "sales", 2) == pytest.approx(0.15)
    assert forecasts_traps.misses_by_forecast(rows, "sales", 2) == pytest.approx(70 / 230)


@pytest.fixture
def visited():
    """Three small outlets with 30 minutes each, one large with 30; one off the route."""
    ids = ["A1", "A2", "A3", "A4", "A5"]
    accounts = pd.DataFrame({"account_id": ids, "potential_eur": [100.0, 100.0, 100.0, 9700.0, 5000.0]})
    outlets = pd.DataFrame({"account_id": ids, "on_route": [True, True, True, True, False]})
    visits = pd.DataFrame({"account_id": ids, "date": AS_OF - pd.Timedelta(days=9), "minutes": 30})
    return accounts, outlets, visits


def test_hours_follow_the_doors_and_not_the_potential(visited):
    """Three quarters of the time go to three hundredths of the potential; the best plan gives most to the large one."""
    table = hours.hours_by_potential(*visited, AS_OF)
    assert table["hours_share"].to_dict() == {"smallest": 0.75, "small": 0, "middle": 0, "large": 0.25}
    assert table["potential_eur"].tolist() == [300, 0, 0, 9700]
    assert [row["start"] for row in hours.hours_today(*visited, AS_OF)] == [15, 0, 0, 5]
    assert hours.each_outlet_alike(*visited, AS_OF) == {"smallest": 15, "small": 0, "middle": 0, "large": 5}
    today = 300 * (1 - math.exp(-1)) + 9700 * (1 - math.exp(-1))  # each outlet at its usual five hours
    plan = {"smallest": 15, "large": 5}
    assert hours.potential_reached(*visited, AS_OF, plan=plan) == pytest.approx(today)
    best = hours.best_hours(*visited, AS_OF)
    assert sum(best.values()) == 20 and best["large"] >= 18
    assert hours.potential_reached(*visited, AS_OF, plan=best) > today


@pytest.fixture
def a_route():
    outlets = pd.DataFrame(
        {"account_id": ["A1", "A2", "A3"], "on_route": [True, True, False], "category_cases_month": [60, 40, 500]}
    )
    orders = frame_of(
        ["delivery_id", "account_id", "ordered_on", "cases", "net_eur", "cost_eur"],
        [
            ("V1", "A1", "2026-04-01", 6, 60.0, 36.0),
            ("V1", "A1", "2026-04-01", 2, 20.0, 12.0),
            ("V2", "A1", "2026-04-20", 4, 40.0, 24.0),
            ("V3", "A3", "2026-05-01", 12, 120.0, 72.0),
            ("V0", "A2", "2024-01-01", 99, 990.0, 1.0),
        ],
        ["ordered_on"],
    )
    return outlets, orders


def test_points_become_customers_of_the_route_alone(a_route):
    """Three points of 100 cases are 3 cases: 1.5 customers of two, so 2. Ours are 12 cases a year on the route."""
    outlets, orders = a_route
    given = {"points": 0.03, "cases": 2}
    assert route.customers_before_rounding(outlets, orders, AS_OF, **given) == pytest.approx(1.5)
    assert route.customers_needed(outlets, orders, AS_OF, **given) == 2
    assert route.own_cases(outlets, orders, AS_OF) == 1
    assert route_traps.three_percent_of_ours(outlets, orders, AS_OF, **given) == pytest.approx(0.015)
    assert route_traps.three_percent_of_customers(outlets, orders, AS_OF, **given) == pytest.approx(0.06)
    assert route_traps.forgets_the_cases(outlets, orders, AS_OF, **given) == pytest.approx(3)
    assert route.buys_from_us(outlets, orders, AS_OF).to_dict() == {"A1": True, "A2": False}


def test_a_stop_a_line_and_a_month_are_three_things(a_route):
    """24 cases in 3 deliveries, 4 lines and 2 months of a customer."""
    _, orders = a_route
    assert route.drop_size(orders, AS_OF) == 8
    assert route_traps.per_order_line(orders, AS_OF) == 6
    assert route_traps.per_customer_month(orders, AS_OF) == 12 == route.cases_a_month(orders, AS_OF)
    assert route_traps.lines_for_months(orders, AS_OF) == 6


def test_the_same_cases_on_more_stops_leave_less(a_route):
    """A case leaves €4. 8 × 2 cases: 64 − 48 = 16. 16 × 1 case: 64 − 96 = −32."""
    _, orders = a_route
    assert route.plan_leaves(orders, AS_OF, customers=8, cases=2, stop_eur=6) == 16
    assert route.plan_leaves(orders, AS_OF, customers=16, cases=1, stop_eur=6) == -32
    assert route_traps.forgets_the_stops(orders, AS_OF, customers=16, cases=1, stop_eur=6) == 64
    assert route_traps.one_stop_for_two_cases(orders, AS_OF, customers=16, cases=1, stop_eur=6) == 16
    assert route.better_plan(orders, AS_OF, stop_eur=6) == "few"


def test_weighted_above_numeric_means_larger_outlets():
    """One of two outlets stocks us: half of the doors. It sells 60 or 40 of the category's 100 cases."""
    outlets = pd.DataFrame({"account_id": ["A1", "A2"], "category_cases_month": [60, 40]})
    for account, said in (("A1", "larger"), ("A2", "smaller")):
        stock = pd.DataFrame({"account_id": [account], "product_id": ["PR1"]})
        assert route.outlets_we_are_in(outlets, stock) == said


def test_cover_looks_ahead_without_promotions():
    """Stock 90 after the week of 30 March. Ahead 10, 10, 40 on promotion, 10: 9 weeks; with promotion 90 ÷ 17.5."""
    weeks = pd.date_range("2026-03-09", periods=8, freq="W-MON")
    table = pd.DataFrame(
        {
            "account_id": "A1", "product_id": "P1", "week": weeks, "units": [10, 10, 10, 10, 10, 10, 40, 10],
            "received_units": [30, 30, 30, 30, 0, 0, 0, 0], "stock_units": [0, 0, 0, 90, 80, 70, 30, 20],
            "promotion": [False] * 6 + [True, False],
        }
    )  # fmt: skip
    week = "2026-03-30"
    assert loading.cover_at(table, week) == 9
    assert loading.stock_at(table, week) == 90 and loading.sold_a_week(table, week) == 10
    assert loading_traps.promo_week_as_base(table, week) == pytest.approx(90 / 17.5)
    assert loading.sold_a_week(table, week, promotions=True) == 17.5
    assert loading_traps.divides_by_sell_in(table, week) == 3 == 90 / loading.shipped_a_week(table, week)
    assert loading.by_month(table).loc["2026-03"].to_dict() == {"shipped": 120, "sold": 40, "stock": 90}


def test_a_month_is_compared_with_the_same_weeks_of_the_year_before():
    """Two weeks of 15 against two weeks of 10, 52 weeks earlier: half as much again."""
    weeks = pd.to_datetime(["2025-03-03", "2025-03-10", "2026-03-02", "2026-03-09"])
    table = pd.DataFrame({"week": weeks, "units": [10, 10, 15, 15]})
    assert loading.year_on_year(table, "units", "2026-03") == pytest.approx(0.5)


@pytest.fixture
def machines():
    """Door S has a demonstrator: 2 of 100 back. L leaks: 40 of 100. M: 6 of 60. Tiny: 2 of 4."""
    shipped = [("S", 100), ("L", 100), ("M", 60), ("Tiny", 4)]
    back = [("S", 2), ("L", 40), ("M", 6), ("Tiny", 2)]
    day, later = pd.Timestamp("2025-11-03"), pd.Timestamp("2026-01-05")
    shipments = pd.DataFrame(shipped, columns=["account_id", "units"]).assign(sold_in_on=day)
    returns = pd.DataFrame(back, columns=["account_id", "units"]).assign(sold_in_on=day, returned_on=later)
    shipments, returns = (table.assign(value_eur=table["units"] * 200.0) for table in (shipments, returns))
    accounts = pd.DataFrame(
        {
            "account_id": ["S", "L", "M", "Tiny"],
            "name": ["Es", "El", "Em", "Ti"],
            "has_demonstrator": [True] + [False] * 3,
        }
    )
    return (shipments, returns, AS_OF), accounts


def test_tiny_doors_are_not_the_worst(machines):
    """L and M are the worst two; of all doors, Tiny (2 of 4) would stand first."""
    given, accounts = machines
    assert doors.worst_doors(*given, doors=2) == ["L", "M"]
    assert doors_traps.small_door_noise(*given, doors=2) == ["Tiny", "L"]
    assert doors_traps.largest_are_worst(*given, doors=2) == ["L", "S"]
    texts = {row["id"]: row["text"] for row in doors.door_options(*given, accounts, doors=2)}
    assert texts["L"] == "El: 100 shipped, 40 back (40%)" and set(texts) == {"L", "M", "Tiny", "S"}


def test_a_demonstrator_spares_what_comes_back_above_the_shown_doors(machines):
    """With one, 2 of 100 come back. L would keep 40 − 2 = 38, M 6 − 1.2, Tiny 2 − 0.08; a second one in S nothing."""
    given, accounts = machines
    table = doors.avoidable(*given, accounts)
    assert table["avoided"].round(2).to_dict() == {"L": 38.0, "M": 4.8, "Tiny": 1.92, "S": 0.0}
    assert table["group"].to_dict() == {"L": "leaking", "M": "larger", "Tiny": "smaller", "S": "shown"}
    assert doors.returns_avoided(*given, accounts, plan={"leaking": 1, "shown": 1}) == pytest.approx(38)
    assert doors.returns_avoided(*given, accounts, plan={"larger": 5}) == pytest.approx(4.8)


def test_an_order_is_judged_by_what_its_doors_sent_back(machines):
    """The two worst sent back 46 of 160, each €200: 16 machines cost €920 of credit. All doors: 50 of 264."""
    given, _ = machines
    assert doors.order_comes_back(*given, units=16, doors=2) == pytest.approx(16 * 46 * 200 / 160)
    assert doors_traps.usual_rate(*given, units=16, doors=2) == pytest.approx(16 * 50 * 200 / 264)
    assert doors_traps.everything_comes_back(*given, units=16, doors=2) == 3200
    assert doors.shipped_in(given[0], "2025-11") == 264 and doors.back_in(given[1], "2026-01") == 50
    assert doors.machines_back(given[1], AS_OF) == 50 and doors.machines_shipped(given[0], AS_OF) == 264
    assert doors.machines_shipped(given[0], pd.Timestamp("2026-01-01")) == 0, "too young to judge"
