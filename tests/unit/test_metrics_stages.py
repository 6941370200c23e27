"""People from step to step: tiny tables whose answers are worked out by hand in the comments."""

import math

import pandas as pd
import pytest

from onefunnel.metrics import pipeline, pipeline_traps

STEPS = (
    *("unaware", "aware", "engaged", "marketing_qualified", "accepted", "qualified"),
    *("trial", "proposal", "decision", "won", "live", "renewed"),
)
AS_OF = pd.Timestamp("2026-01-01")
TO_ACCEPTED = {"from_step": "marketing_qualified", "to_step": "accepted"}
TO_TRIAL = {"from_step": "qualified", "to_step": "trial"}


def make_leads(*rows):
    frame = pd.DataFrame(rows, columns=["lead_id", "contact_id", "created_at", "mql_at", "accepted_at", "opp_id"])
    for column in ("created_at", "mql_at", "accepted_at"):
        frame[column] = pd.to_datetime(frame[column])
    return frame


def make_history(*rows):
    frame = pd.DataFrame(rows, columns=["opp_id", "step_id", "entered_at"])
    frame["entered_at"] = pd.to_datetime(frame["entered_at"])
    return frame


@pytest.fixture
def leads():
    return make_leads(
        ("l1", "ana", "2025-01-01", "2025-01-05", "2025-01-10", "o1"),
        ("l2", "ana", "2025-03-01", "2025-03-02", None, None),  # the same person again
        ("l3", "ben", "2025-01-02", "2025-01-06", None, None),
        ("l4", "cem", "2025-01-03", "2025-01-07", "2025-01-27", "o2"),
        ("l5", "dia", "2025-01-04", None, None, None),
        ("l6", "eva", "2025-12-20", "2025-12-28", None, None),  # too young to judge
    )


@pytest.fixture
def history():
    return make_history(
        ("o1", "qualified", "2025-02-01"),
        ("o1", "trial", "2025-02-10"),
        ("o1", "proposal", "2025-03-01"),
        ("o1", "won", "2025-04-01"),  # skipped the decision
        ("o2", "qualified", "2025-02-05"),
        ("o2", "proposal", "2025-02-20"),  # skipped the trial
        ("o2", "lost", "2025-05-01"),
        ("o3", "qualified", "2025-03-01"),  # nobody's lead
        ("o3", "trial", "2025-03-05"),
        ("o3", "qualified", "2025-03-20"),  # back
        ("o3", "trial", "2025-04-01"),  # and forward again
        ("o3", "lost", "2025-06-01"),
    )


@pytest.fixture
def nothing():
    return make_leads(), make_history()


def test_a_person_enters_a_step_once_at_the_first_time(leads, history):
    """A repeat lead and a deal that went back keep their first entries only."""
    entries = pipeline.first_entries(leads, history).set_index(["unit_id", "step_id"])["entered_at"]
    assert entries["ana", "marketing_qualified"] == pd.Timestamp("2025-01-05")
    assert entries["o3", "qualified"] == pd.Timestamp("2025-03-01")
    assert entries["o3", "trial"] == pd.Timestamp("2025-03-05")
    assert not entries.index.has_duplicates
    assert ("dia", "marketing_qualified") not in entries.index


def test_contacts_of_one_buying_group_are_one_unit(history):
    """Two people behind the same opportunity count once, under the one who raised a hand first."""
    leads = make_leads(
        ("l1", "late", "2025-01-09", "2025-01-10", "2025-01-11", "o1"),
        ("l2", "early", "2025-01-01", "2025-01-05", "2025-01-07", "o1"),
    )
    entries = pipeline.first_entries(leads, history[history["opp_id"] == "o1"])
    assert set(entries["unit_id"]) == {"early"}
    assert len(entries) == 3 + 4


def test_conversion_leaves_young_people_and_repeats_out(leads, history):
    """Movers took 5 and 20 days, p90 = 5 + 0.9·15 = 18.5; eva is younger; ana and cem of ana, ben, cem went on."""
    moves = pipeline.stage_moves(leads, history, STEPS, **TO_ACCEPTED)
    assert pipeline.maturity_window(moves) == pytest.approx(18.5)
    assert pipeline.stage_conversion(leads, history, AS_OF, STEPS, **TO_ACCEPTED) == pytest.approx(2 / 3)


def test_an_explicit_window_replaces_the_default(leads, history):
    """With a window of 0 days eva counts too: 2 of 4."""
    got = pipeline.stage_conversion(leads, history, AS_OF, STEPS, **TO_ACCEPTED, maturity_days=0)
    assert got == pytest.approx(2 / 4)


def test_whoever_skips_the_next_step_has_gone_on(leads, history):
    """o1 and o3 entered the trial, o2 went straight to the proposal: 3 of 3; dropping the skip gives 2 of 3."""
    right = pipeline.stage_conversion(leads, history, AS_OF, STEPS, **TO_TRIAL)
    assert right == pytest.approx(1.0)
    wrong = pipeline_traps.skips_dropped_rate(leads, history, AS_OF, STEPS, **TO_TRIAL)
    assert wrong == pytest.approx(2 / 3)


def test_reached_counts_skippers(history):
    """Decision: only o1, who skipped it and was won. Trial: all three, of whom two have a row."""
    assert pipeline.reached(history, "trial", STEPS).to_dict() == {"o1": True, "o2": True, "o3": True}
    assert pipeline.reached(history, "decision", STEPS).to_dict() == {"o1": True, "o2": False, "o3": False}
    assert pipeline.count_reached(history, STEPS, "trial") == 3
    assert pipeline_traps.skips_dropped(history, STEPS, "trial") == 2


def test_reached_reads_journeys_too(leads, history):
    """On the frame of first entries the units are people."""
    who = pipeline.reached(pipeline.first_entries(leads, history), "accepted", STEPS)
    assert who.to_dict() == {"ana": True, "ben": False, "cem": True, "dia": False, "eva": False, "o3": True}


def test_each_wrong_conversion(leads, history):
    """Each trap on the same tables, by hand."""
    arguments = (leads, history, AS_OF, STEPS)
    # December: eva was handed over, nobody was accepted.
    assert pipeline_traps.same_month_counts(*arguments, **TO_ACCEPTED) == 0
    # The last 90 days: eva alone, not yet accepted.
    assert pipeline_traps.immature_cohort(*arguments, **TO_ACCEPTED) == 0
    # ana and cem of the four people with a raised hand older than 18.5 days.
    assert pipeline_traps.divides_by_leads(*arguments, **TO_ACCEPTED) == pytest.approx(2 / 4)
    # Rows handed over: two of ana's, ben's and cem's; two of them accepted.
    assert pipeline_traps.counts_repeats(*arguments, **TO_ACCEPTED) == pytest.approx(2 / 4)
    # qualified rows: o1 1, o2 1, o3 2; all went on.
    assert pipeline_traps.counts_repeats(*arguments, **TO_TRIAL) == pytest.approx(4 / 4)


def test_ten_points_on_thirty_eight_are_twenty_six_per_cent(leads, history):
    """Points ÷ rate: here 0.10 ÷ (2/3) = 15 %; on 38 % it would be 26.3 %. The trap says 10 %."""
    arguments = {**TO_ACCEPTED, "points": 0.10}
    assert pipeline.gain_from_points(leads, history, AS_OF, STEPS, **arguments) == pytest.approx(0.15)
    assert pipeline_traps.points_are_percent(leads, history, AS_OF, STEPS, **arguments) == 0.10
    many = make_leads(
        *((f"l{i}", f"c{i}", "2025-01-01", "2025-01-02", "2025-01-03" if i < 38 else None, None) for i in range(100))
    )
    assert pipeline.gain_from_points(many, history, AS_OF, STEPS, **arguments) == pytest.approx(10 / 38)


def test_counts_and_rates_point_at_different_steps():
    """Of 100: 40 handed over (60 stop), 10 accepted (30 stop, but three in four): most people v. lowest rate."""
    leads = make_leads(
        *(
            (
                f"l{i:03}",
                f"c{i:03}",
                "2024-01-01",
                "2024-01-02" if i < 40 else None,
                "2024-01-03" if i < 10 else None,
                f"o{i}" if i < 9 else None,
            )
            for i in range(100)
        )
    )
    walk = ("qualified", "trial", "proposal", "decision", "won")
    history = make_history(*((f"o{i}", step, "2024-02-01") for i in range(9) for step in walk[: 5 if i < 8 else 4]))
    assert pipeline.cohort_counts(leads, history, AS_OF, STEPS).to_list() == [100, 40, 10, 9, 9, 9, 9, 8]
    assert pipeline.largest_drop(leads, history, AS_OF, STEPS) == "marketing_qualified"
    assert pipeline.lowest_rate(leads, history, AS_OF, STEPS) == "accepted"


def test_the_funnel_by_quarter(leads, history):
    """Cohort 2025Q1 are ana, ben, cem, dia; o3 is nobody's lead and stays out; 2025Q4 (eva) is still moving."""
    table = pipeline.stage_funnel(leads, history, AS_OF, STEPS).set_index(["cohort", "step_id"])
    first = table.loc["2025Q1"]
    assert list(first.index) == list(STEPS[2:10])
    #        engaged mql accepted qualified trial proposal decision won
    assert first["reached"].to_list() == [4, 3, 2, 2, 2, 2, 1, 1]
    # In the first quarter itself nobody had been won (o1 signed on 1 April), and nobody ever entered "decision".
    assert first["same_period"].to_list() == [4, 3, 2, 2, 1, 2, 0, 0]
    assert table.loc[("2025Q2", "won"), ["reached", "same_period"]].to_list() == [0, 1]
    assert table.loc[("2025Q4", "engaged"), ["reached", "same_period"]].to_list() == [1, 1]
    # Quarters end 31 March (276 days before), 30 June (185), …
    moving = table["still_moving"].groupby(level="cohort").first()
    assert moving.to_dict() == {"2025Q1": False, "2025Q2": True, "2025Q3": True, "2025Q4": True}


def test_empty_tables_are_not_a_rate_of_zero(nothing):
    """Nothing to divide gives NaN, and an empty funnel."""
    leads, history = nothing
    assert math.isnan(pipeline.stage_conversion(leads, history, AS_OF, STEPS, **TO_ACCEPTED))
    assert math.isnan(pipeline.stage_conversion(leads, history, AS_OF, STEPS, **TO_ACCEPTED, maturity_days=30))
    assert math.isnan(pipeline.gain_from_points(leads, history, AS_OF, STEPS, **TO_ACCEPTED, points=0.1))
    for trap in ("same_month_counts", "immature_cohort", "divides_by_leads", "counts_repeats", "skips_dropped_rate"):
        assert math.isnan(getattr(pipeline_traps, trap)(leads, history, AS_OF, STEPS, **TO_ACCEPTED)), trap
    assert pipeline.count_reached(history, STEPS, "trial") == 0
    assert pipeline.stage_funnel(leads, history, AS_OF, STEPS).empty
    assert pipeline.cohort_counts(leads, history, AS_OF, STEPS).sum() == 0


def test_nobody_moved_is_nan_unless_a_window_is_given(leads, history):
    """Without a mover nobody knows how long the step takes; with a window the rate is 0."""
    still = leads.assign(accepted_at=pd.NaT, opp_id=None)
    alone = history.iloc[:0]
    assert math.isnan(pipeline.stage_conversion(still, alone, AS_OF, STEPS, **TO_ACCEPTED))
    assert pipeline.stage_conversion(still, alone, AS_OF, STEPS, **TO_ACCEPTED, maturity_days=30) == 0


@pytest.mark.parametrize("pair", [("trial", "qualified"), ("trial", "trial"), ("tasting", "won"), ("trial", "tasting")])
def test_wrong_steps_are_refused(leads, history, pair):
    """A step that is unknown, or that does not come later, is a ValueError which names it."""
    with pytest.raises(ValueError, match=r"tasting|does not come after"):
        pipeline.stage_conversion(leads, history, AS_OF, STEPS, *pair)
