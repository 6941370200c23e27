"""Coverage, weighted pipeline and ageing on tables small enough to follow by hand."""

import math

import pandas as pd
import pytest

from onefunnel.metrics import pipeline, pipeline_traps

STEPS = ("qualified", "trial", "proposal", "decision", "won", "live", "renewed")
AS_OF = pd.Timestamp("2026-05-15")


def frame_of(columns, rows, dates):
    frame = pd.DataFrame(rows, columns=columns)
    for column in dates:
        frame[column] = pd.to_datetime(frame[column])
    return frame


@pytest.fixture
def quarter():
    deals = frame_of(
        ["outcome", "amount_eur", "closed_at", "close_date_planned"],
        [
            ("won", 300.0, "2026-04-20", "2026-04-30"),
            ("won", 999.0, "2026-03-30", "2026-03-30"),  # last quarter's
            ("lost", 444.0, "2026-05-02", "2026-05-30"),
            ("open", 700.0, None, "2026-05-20"),
            ("open", 70.0, None, "2026-05-15"),  # today still counts
            ("open", 30.0, None, "2026-06-30"),  # the quarter's last day
            ("open", 5000.0, None, "2026-07-10"),
            ("open", 200.0, None, "2026-05-01"),  # past due
        ],
        ["closed_at", "close_date_planned"],
    )
    targets = pd.DataFrame({"territory_id": ["T01", "T02", "T01"], "quarter": ["2026Q2", "2026Q2", "2026Q1"]}).assign(
        target_eur=[600.0, 400.0, 5.0]
    )
    return deals, targets


def test_coverage_by_hand(quarter):
    """Due 700 + 70 + 30 = 800; still to win 1,000 − 300 = 700."""
    assert pipeline.coverage(*quarter, AS_OF) == pytest.approx(800 / 700)
    assert pipeline_traps.past_due_counted(*quarter, AS_OF) == pytest.approx(1000 / 700)
    assert pipeline_traps.all_open_over_full_target(*quarter, AS_OF) == pytest.approx(6000 / 1000)


def test_quarter_labels_with_a_dash_are_read(quarter):
    """ "2026-Q2" is the same quarter."""
    deals, targets = quarter
    dashed = targets.assign(quarter=targets["quarter"].str.replace("Q", "-Q"))
    assert pipeline.coverage(deals, dashed, AS_OF) == pytest.approx(800 / 700)


def test_no_target_or_nothing_left_is_nan(quarter):
    """A quarter without a target, and one already won, have no coverage."""
    deals, targets = quarter
    assert math.isnan(pipeline.coverage(deals, targets.iloc[:0], AS_OF))
    assert math.isnan(pipeline.coverage(deals, targets.assign(target_eur=100.0), AS_OF))
    assert math.isnan(pipeline_traps.past_due_counted(deals, targets.assign(target_eur=100.0), AS_OF))
    assert math.isnan(pipeline_traps.all_open_over_full_target(deals, targets.iloc[:0], AS_OF))
    assert pipeline.coverage(deals.iloc[:0], targets, AS_OF) == 0


@pytest.fixture
def snapshots():
    """x stood in qualified on the Mondays 1 and 8 January 2024 and was won on the 15th (a Monday, no longer there);
    y came on Tuesday 2 January and was lost on Tuesday 6 February: five Mondays. z is open now."""
    deals = frame_of(
        ["opp_id", "step_id", "outcome", "amount_eur", "created_at", "closed_at", "crm_probability"],
        [
            ("x", "won", "won", 100.0, "2024-01-01", "2024-01-15", 1.0),
            ("y", "qualified", "lost", 50.0, "2024-01-02", "2024-02-06", 0.0),
            ("z", "qualified", "open", 1000.0, "2026-05-01", None, 0.10),
        ],
        ["created_at", "closed_at"],
    )
    history = frame_of(
        ["opp_id", "step_id", "entered_at"],
        [
            ("x", "qualified", "2024-01-01"),
            ("x", "won", "2024-01-15"),
            ("y", "qualified", "2024-01-02"),
            ("y", "lost", "2024-02-06"),
            ("z", "qualified", "2026-05-01"),
        ],
        ["entered_at"],
    )
    return deals, history, AS_OF, STEPS


def test_snapshot_shares_by_hand(snapshots):
    """Seven sightings, two of them of x; by value 2·100 of 2·100 + 5·50."""
    row = pipeline.snapshot_shares(*snapshots, min_deals=2).loc["qualified"]
    assert (row["deals"], row["sightings"]) == (2, 7)
    assert row["by_count"] == pytest.approx(2 / 7)
    assert row["by_value"] == pytest.approx(200 / 450)


def test_won_within_a_window(snapshots):
    """Within ten days of the Monday: only the sighting of 8 January (won seven days later), not that of the 1st."""
    row = pipeline.snapshot_shares(*snapshots, min_deals=2, within_days=10).loc["qualified"]
    assert row["by_count"] == pytest.approx(1 / 7)
    assert row["by_value"] == pytest.approx(100 / 450)


def test_weighted_pipeline_and_its_wrong_readings(snapshots):
    """€1,000 open × 200/450; the CRM says 10 %; of the two that ever reached qualified one was won."""
    assert pipeline.weighted_pipeline(*snapshots, min_deals=2) == pytest.approx(1000 * 200 / 450)
    assert pipeline_traps.crm_defaults(*snapshots) == pytest.approx(100)
    assert pipeline_traps.reached_for_standing(*snapshots) == pytest.approx(500)


def test_too_few_deals_are_refused(snapshots):
    """Two deals are fewer than the 30 asked for by default: no share, no number."""
    assert pipeline.snapshot_shares(*snapshots)[["by_count", "by_value"]].isna().all(axis=None)
    assert math.isnan(pipeline.weighted_pipeline(*snapshots))


def test_nothing_open_is_worth_nothing(snapshots):
    """Without open deals the pipeline is worth 0, not NaN, even where shares are refused."""
    deals, history, as_of, steps = snapshots
    decided = deals[deals["outcome"] != "open"]
    assert pipeline.weighted_pipeline(decided, history, as_of, steps) == 0
    assert pipeline.weighted_pipeline(deals.iloc[:0], history.iloc[:0], as_of, steps) == 0


def test_young_mondays_are_left_out(snapshots):
    """Seen on 10 January 2025, 360 days before are 15 January 2024: of y's Mondays only 8 and 15 January count."""
    deals, history, _, steps = snapshots
    early = pd.Timestamp("2025-01-10")
    past = pipeline.snapshot_shares(deals[:2], history[:4], early, steps, maturity_days=361, min_deals=1)
    assert past.loc["qualified", "sightings"] == 2 + 2


@pytest.fixture
def standing():
    deals = frame_of(
        ["opp_id", "step_id", "outcome", "amount_eur", "created_at"],
        [
            ("a", "trial", "open", 10.0, "2026-01-01"),
            ("b", "trial", "open", 20.0, "2026-03-01"),
            ("c", "qualified", "open", 30.0, "2026-05-10"),
            ("d", "won", "won", 40.0, "2025-01-01"),
            ("e", "trial", "lost", 50.0, "2025-01-01"),
        ],
        ["created_at"],
    )
    history = frame_of(
        ["opp_id", "step_id", "entered_at"],
        [
            ("a", "qualified", "2026-01-01"),
            ("a", "trial", "2026-02-14"),  # 90 days before
            ("b", "qualified", "2026-03-01"),
            ("b", "trial", "2026-03-10"),
            ("b", "qualified", "2026-03-20"),
            ("b", "trial", "2026-05-05"),  # back again, 10 days before
            ("c", "qualified", "2026-05-10"),
            ("d", "qualified", "2025-01-01"),
            ("d", "trial", "2025-01-11"),
            ("d", "won", "2025-02-10"),  # 30 days in trial
            ("e", "qualified", "2025-01-01"),
            ("e", "trial", "2025-01-11"),
            ("e", "lost", "2025-12-31"),  # stuck, then lost: no normal stay
        ],
        ["entered_at"],
    )
    return deals, history, AS_OF


def test_days_in_step_start_at_the_last_entry(standing):
    """a 90, b 10 since it came back, c 5; closed deals are left out."""
    days = pipeline.days_in_step(*standing)
    assert days.to_dict() == {"a": 90, "b": 10, "c": 5}
    assert pipeline.median_days_in_step(*standing, "trial") == 50
    assert math.isnan(pipeline.median_days_in_step(*standing, "decision"))
    # Since created: a 134 days, b 75.
    assert pipeline_traps.since_created(*standing, "trial") == pytest.approx((134 + 75) / 2)


def test_ageing_compares_with_deals_that_moved_on(standing):
    """The only stay in trial that ended forwards is d's 30 days: a is over it, b is not; e (lost) sets no norm."""
    table = pipeline.step_ageing(*standing, STEPS)
    assert list(table.index) == ["qualified", "trial"]
    trial = table.loc["trial"]
    assert trial["open_deals"] == 2
    assert trial["open_eur"] == 30
    assert trial["share_of_open"] == pytest.approx(2 / 3)
    assert trial["median_days"] == 50
    assert trial["normal_days"] == 30
    assert trial["over_normal"] == 1


def test_ageing_of_an_empty_pipeline(standing):
    """No deals: an empty table with the same columns."""
    deals, history, as_of = standing
    table = pipeline.step_ageing(deals.iloc[:0], history.iloc[:0], as_of, STEPS)
    assert table.empty
    assert "over_normal" in table
