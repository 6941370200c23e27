"""Win rate, time and velocity: by hand, by closed form, and on a published data set."""

import math

import pandas as pd
import pytest

from onefunnel.metrics import pipeline, pipeline_traps

AS_OF = pd.Timestamp("2026-01-01")


def make_deals(*rows):
    """Rows of (outcome, amount, created, days to close or None)."""
    frame = pd.DataFrame(rows, columns=["outcome", "amount_eur", "created_at", "days"])
    frame["opp_id"] = [f"o{i}" for i in range(len(frame))]
    frame["created_at"] = pd.to_datetime(frame["created_at"])
    frame["closed_at"] = frame["created_at"] + pd.to_timedelta(frame.pop("days").astype(float), unit="D")
    return frame


@pytest.fixture
def deals():
    return make_deals(
        ("won", 100.0, "2024-01-01", 50),
        ("lost", 300.0, "2024-01-01", 100),
        ("no_decision", 200.0, "2024-01-01", 150),
        ("won", 100.0, "2024-02-01", 70),
        ("open", 400.0, "2025-12-01", None),
    )


def test_win_rate_by_count_and_its_wrong_readings(deals):
    """Decided 4, won 2; with the open one 5."""
    assert pipeline.win_rate(deals) == pytest.approx(2 / 4)
    assert pipeline_traps.open_in_denominator(deals) == pytest.approx(2 / 5)
    assert pipeline_traps.loss_rate(deals) == pytest.approx(2 / 4)
    assert pipeline_traps.won_to_lost(deals) == pytest.approx(2 / 2)


def test_win_rate_by_value_and_its_wrong_readings(deals):
    """Won €200 of €700 decided, of €1,100 in all."""
    assert pipeline.win_rate_by_value(deals) == pytest.approx(200 / 700)
    assert pipeline_traps.open_value_in(deals) == pytest.approx(200 / 1100)
    assert pipeline_traps.count_read_as_value(deals) == pytest.approx(2 / 4)


def test_velocity_and_its_wrong_readings(deals):
    """1 open × €100 × 50 % ÷ mean(50, 100, 150, 70) = 50 ÷ 92.5 a day; winners' mean 60, median 85, open mean €400."""
    assert pipeline.pipeline_velocity(deals, AS_OF) == pytest.approx(50 / 92.5)
    assert pipeline_traps.winners_days(deals, AS_OF) == pytest.approx(50 / 60)
    assert pipeline_traps.median_days(deals, AS_OF) == pytest.approx(50 / 85)
    assert pipeline_traps.open_value_mean(deals, AS_OF) == pytest.approx(200 / 92.5)


def test_velocity_is_what_a_steady_pipeline_sells():
    """Little's law: one deal a day for ever, every fourth won for €8,000 after 40 days, the rest lost after 80.

    Sales are then €2,000 a day, by construction. Inside stand 0.25·40 + 0.75·80 = 70 deals.
    """
    created = pd.date_range("2022-01-01", "2026-01-01", freq="D")
    frame = pd.DataFrame({"created_at": created, "amount_eur": 8000.0})
    wins = frame.index.to_numpy() % 4 == 0
    frame["closed_at"] = frame["created_at"] + pd.to_timedelta([40 if win else 80 for win in wins], unit="D")
    frame["outcome"] = ["won" if win else "lost" for win in wins]
    still = frame["closed_at"] > AS_OF
    frame.loc[still, ["closed_at", "outcome"]] = [pd.NaT, "open"]
    assert pipeline.open_deals(frame) == pytest.approx(70, abs=1)
    assert pipeline.pipeline_velocity(frame, AS_OF) == pytest.approx(2000, rel=0.02)
    assert pipeline_traps.winners_days(frame, AS_OF) == pytest.approx(2000 * 70 / 40, rel=0.02)


def test_a_tenth_off_the_cycle_is_an_eleventh_more():
    """1 ÷ 0.9 = 1.111…; a tenth more days is 1 ÷ 1.1 = 0.909…; no days at all has no answer."""
    assert pipeline.velocity_gain(-0.10) == pytest.approx(0.1111, abs=1e-4)
    assert pipeline.velocity_gain(0.10) == pytest.approx(-0.0909, abs=1e-4)
    assert math.isnan(pipeline.velocity_gain(-1.0))
    assert pipeline_traps.ten_is_ten(-0.10) == 0.10


# Weeks of remission of 21 patients on 6-mercaptopurine (Freireich and others, 1963), the textbook example of
# Kaplan and Meier's estimate; the second list was still in remission when the study ended.
FREIREICH_ENDED = [6, 6, 6, 7, 10, 13, 16, 22, 23]
FREIREICH_GOING_ON = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
FREIREICH_PUBLISHED = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}


@pytest.fixture
def freireich():
    ended = [("lost", 1.0, AS_OF - pd.Timedelta(days=1000), days) for days in FREIREICH_ENDED]
    going_on = [("open", 1.0, AS_OF - pd.Timedelta(days=days), None) for days in FREIREICH_GOING_ON]
    return make_deals(*ended, *going_on)


def test_time_to_close_agrees_with_the_published_curve(freireich):
    """The share still open is the published survival curve, and the median is 23."""
    curve = pipeline.cumulative_incidence(freireich, AS_OF).set_index("day")["open"]
    for day, survival in FREIREICH_PUBLISHED.items():
        assert curve[day] == pytest.approx(survival, abs=0.0006), day
    assert pipeline.sales_cycle(freireich, AS_OF) == 23


def test_winning_and_losing_compete():
    """Closed at 10 won, 20 lost, 30 won, 40 lost; one open since 25 days.

    Day 10: won 1/5. Day 20: lost 0.8·1/4 = 0.2. Day 30: two left, won 0.6·1/2 = 0.3. Day 40: lost 0.3.
    Treating lost as waiting: day 30 gives 0.8·1/2 = 0.4 more, 0.6 in all.
    """
    old = AS_OF - pd.Timedelta(days=500)
    deals = make_deals(
        ("won", 1.0, old, 10),
        ("lost", 1.0, old, 20),
        ("open", 1.0, AS_OF - pd.Timedelta(days=25), None),
        ("won", 1.0, old, 30),
        ("no_decision", 1.0, old, 40),
    )
    curve = pipeline.cumulative_incidence(deals, AS_OF)
    assert curve["day"].to_list() == [0, 10, 20, 30, 40]
    assert curve["won"].to_list() == pytest.approx([0, 0.2, 0.2, 0.5, 0.5])
    assert curve["lost"].to_list() == pytest.approx([0, 0, 0.2, 0.2, 0.5])
    assert curve["open"].to_list() == pytest.approx([1, 0.8, 0.6, 0.3, 0])
    assert pipeline_traps.treats_lost_as_waiting(deals, AS_OF, day=120) == pytest.approx(0.6)
    # Old enough for 30 days are the four closed ones; two of them were won by then.
    assert pipeline.won_by_day(deals, AS_OF, day=30) == pytest.approx(2 / 4)
    assert pipeline.won_by_day(deals, AS_OF, day=29) == pytest.approx(1 / 4)


def test_young_closed_deals_look_quick():
    """Every deal takes 100 days; of those created in the last 120 only the first twenty have closed… at 100, while a
    quick one in ten that takes 20 days makes up most of the young closed ones."""
    created = pd.date_range("2024-01-01", AS_OF, freq="D")
    days = [20 if i % 3 == 0 else 100 for i in range(len(created))]
    frame = make_deals(*(("lost", 1.0, day, length) for day, length in zip(created, days, strict=True)))
    frame.loc[frame["closed_at"] > AS_OF, ["closed_at", "outcome"]] = [pd.NaT, "open"]
    assert pipeline.sales_cycle(frame, AS_OF) == 100
    assert pipeline_traps.young_closed_only(frame, AS_OF) == 20


def test_empty_and_undecided_tables(deals):
    """Nothing decided is NaN everywhere, never 0."""
    empty, open_only = deals.iloc[:0], deals[deals["outcome"] == "open"]
    for frame in (empty, open_only):
        assert math.isnan(pipeline.win_rate(frame))
        assert math.isnan(pipeline.win_rate_by_value(frame))
        assert math.isnan(pipeline.pipeline_velocity(frame, AS_OF))
        assert math.isnan(pipeline.sales_cycle(frame, AS_OF))
        assert math.isnan(pipeline_traps.loss_rate(frame))
        assert math.isnan(pipeline_traps.won_to_lost(frame))
        assert math.isnan(pipeline_traps.young_closed_only(frame, AS_OF))
    assert math.isnan(pipeline.won_by_day(empty, AS_OF))
    assert math.isnan(pipeline_traps.treats_lost_as_waiting(empty, AS_OF))
    assert pipeline.cumulative_incidence(empty, AS_OF).to_dict("list") == {
        "day": [0],
        "won": [0],
        "lost": [0],
        "open": [1],
    }


def test_a_single_deal(deals):
    """One won deal: rate 1, its own days."""
    one = deals.iloc[:1]
    assert pipeline.win_rate(one) == 1
    assert pipeline.sales_cycle(one, AS_OF) == 50
    assert pipeline.won_by_day(one, AS_OF, day=50) == 1
    assert pipeline.pipeline_velocity(one, AS_OF) == 0  # nothing is open
    assert math.isnan(pipeline_traps.won_to_lost(one))
