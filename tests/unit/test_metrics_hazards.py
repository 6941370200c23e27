"""Deals in danger, moved dates and the full step, counted by hand."""

import math

import pandas as pd
import pytest

from onefunnel.metrics import hazards, plans

AS_OF = pd.Timestamp("2026-03-01")
STEPS = ["qualified", "trial", "won"]


def day(days_ago):
    return AS_OF - pd.Timedelta(days=days_ago)


@pytest.fixture
def opportunities():
    """Five open deals and four decided ones, each of €1,000 but one."""
    rows = [  # id, firm, created, step, outcome, €, CRM, next step
        ("o1", "A1", 40, "trial", "open", 1_000, 0.25, day(-5)),  # old
        ("o2", "A2", 40, "trial", "open", 1_000, 0.25, pd.NaT),  # old, no next step
        ("o3", "A3", 12, "trial", "open", 9_000, 0.25, day(1)),  # next step has passed, pushed twice
        ("o4", "A4", 5, "qualified", "open", 1_000, 0.10, pd.NaT),  # no next step
        ("o5", "A5", 90, "trial", "open", 1_000, 0.90, day(-1)),  # nothing: it entered the trial two days ago
        ("w1", "A6", 300, "won", "won", 1_000, 1.0, pd.NaT),
        ("w2", "A7", 300, "won", "won", 3_000, 1.0, pd.NaT),
        ("l1", "A8", 300, "trial", "lost", 1_000, 0.0, pd.NaT),
        ("l2", "A9", 300, "trial", "lost", 1_000, 0.0, pd.NaT),
    ]
    columns = ["opp_id", "account_id", "created_at", "step_id", "outcome", "amount_eur", "crm_probability"]
    frame = pd.DataFrame(rows, columns=[*columns, "next_step_on"])
    frame["closed_at"] = pd.NaT
    frame.loc[frame["outcome"] != "open", "closed_at"] = day(200)
    return frame.assign(created_at=frame["created_at"].map(day))


@pytest.fixture
def history():
    """The won deals stood 10 days in each step, so anything above is old."""
    rows = [("o1", "qualified", 40), ("o1", "trial", 11), ("o2", "qualified", 40), ("o2", "trial", 30)]
    rows += [("o3", "qualified", 12), ("o3", "trial", 10), ("o4", "qualified", 5)]
    rows += [("o5", "qualified", 90), ("o5", "trial", 2)]
    rows += [(won, step, 300 - 10 * place) for won in ("w1", "w2") for place, step in enumerate(STEPS)]
    frame = pd.DataFrame(rows, columns=["opp_id", "step_id", "entered_at"])
    return frame.assign(entered_at=frame["entered_at"].map(day))


@pytest.fixture
def moves():
    """o3 and l1 were moved twice, l2 three times, w1 once."""
    return pd.DataFrame({"opp_id": ["o3", "o3", "l1", "l1", "l2", "l2", "l2", "w1"]})


def test_each_hazard_is_seen_for_itself(opportunities, history, moves):
    """Days in the step 11, 30, 10, 5, 2 against 10; a next step in the past is none."""
    board = hazards.hazards(opportunities, history, moves, AS_OF, STEPS)
    assert board["days"].tolist() == [11, 30, 10, 5, 2]
    assert board["old"].tolist() == [True, True, False, False, False]
    assert board["pushed"].tolist() == [False, False, True, False, False]
    assert board["no_next_step"].tolist() == [False, True, True, True, False]


def test_two_hazards_make_a_deal_one_to_talk_about(opportunities, history, moves):
    """o2 is old without a next step; o3 was pushed and its next step has passed."""
    assert hazards.at_risk(opportunities, history, moves, AS_OF, STEPS) == ["o2", "o3"]


def test_the_usual_ways_to_choose_pick_others(opportunities):
    """By amount o3 comes first, by age o5, by the CRM's percentage o5."""
    assert hazards.biggest_amount(opportunities)[0] == "o3"
    assert hazards.oldest_created(opportunities) == ["o5", "o1", "o2"]
    assert hazards.crm_percent(opportunities)[0] == "o5"


def test_deals_are_offered_by_name_and_amount(opportunities):
    """Without a name the account's id stands there; closed deals are not offered."""
    accounts = pd.DataFrame({"account_id": ["A1", "A3"], "name": ["Willow", "Birch"]})
    options = hazards.deal_options(opportunities, accounts)
    assert {"id": "o3", "text": "Birch, €9,000"} in options and len(options) == 5


def test_days_standing_and_their_wrong_counts(opportunities, history):
    """11 + 30 + 10 + 5 + 2 = 58 days in 5 deals; since created 187; 17 days later nobody knows more."""
    given = (opportunities, history, AS_OF)
    assert hazards.mean_days_standing(*given, read_days_later=17) == pytest.approx(58 / 5)
    assert hazards.since_created(*given) == pytest.approx(187 / 5)
    assert hazards.until_today(*given, read_days_later=17) == pytest.approx(58 / 5 + 17)
    assert hazards.total_days(*given, since="earlier") == 187 - 58
    assert hazards.total_days(*given, since="step") == 58
    assert hazards.days_later(17) == 17


def test_moved_deals_are_won_less_often(opportunities, moves):
    """Moved at most once: w1, w2, both won. Twice: l1. Three times: l2. Nobody was moved four times."""
    assert hazards.pushed_win_rate(opportunities, moves, 0, 1) == 1
    assert hazards.pushed_win_rate(opportunities, moves, 2, 2) == 0
    assert hazards.pushed_rate_option(opportunities, moves, 3) == "of100_0"
    assert math.isnan(hazards.pushed_win_rate(opportunities, moves, 4))


def test_most_open_deals_stand_in_the_trial(opportunities):
    """Four of the five."""
    assert hazards.fullest_step(opportunities) == "trial"


PLAN = {"wins": {"tech": 60, "seller": 20}, "bottleneck": "tech", "full_eur": 100.0, "margin": 0.5}


def test_money_beside_the_bottleneck_works_only_as_far_as_there_is_room(opportunities):
    """A won deal is worth €2,000, half of it margin. All into the full step: 60 wins. Half each: 30 + 10 × ½ = 35."""
    opportunities["created_at"] = day(400)  # so that the won deals are old enough to count

    def left(**plan):
        return hazards.growth_plan(opportunities, AS_OF, plan, **PLAN)

    assert left(tech=100, seller=0) == pytest.approx(60 * 1_000 - 100)
    assert left(tech=50, seller=50) == pytest.approx(35 * 1_000 - 100)
    assert left(tech=0, seller=100) == pytest.approx(-100)
    assert plans.gives_nothing_to({"tech": 0, "seller": 100}, ["tech"])
