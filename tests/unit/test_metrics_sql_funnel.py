"""The funnel's numbers a second time, in SQL from the CSV files: company, demonstration, three learners' books."""

import math

import pandas as pd
import pytest
from funnel_sql import JOURNEYS, funnel_answers
from sql_tables import STEPS

from onefunnel.metrics import counts, pipeline
from onefunnel.metrics.report import funnel_report

SHOWN = STEPS[2:10]
MARGIN = 0.42


@pytest.fixture(scope="module", autouse=True)
def journeys(engine):
    """One row a unit with its first entry into each step."""
    engine.execute(JOURNEYS)


def same(value):
    return pytest.approx(value, rel=1e-9, abs=1e-9, nan_ok=True)


def test_scopes_hold_the_same_rows(scoped, ask):
    """Narrowing by SQL and by the library leave the same number of rows in every table."""
    for name in scoped.names:
        assert ask(f"select count(*) from {name}") == len(scoped[name]), name


def test_every_number_of_the_report(scoped, engine):
    """Reached, conversion, win rates, time in step, ageing and origins: some 128 numbers a scope."""
    report = funnel_report(
        scoped.leads, scoped.opportunities, scoped.stage_history, scoped.campaigns, scoped.as_of, SHOWN, MARGIN
    )
    expected = funnel_answers(engine, scoped.as_of, SHOWN, MARGIN)
    got = {"win_rate": report.win_rate, "win_rate_by_value": report.win_rate_by_value}
    got |= {f"reached {step}": count for step, count in report.reached.items()}
    for part in ("conversion", "time_in_step", "ageing", "origins"):
        table = getattr(report, part).select_dtypes("number")
        got |= {f"{part} {label} {name}": value for label, row in table.iterrows() for name, value in row.items()}
    assert got == {name: same(expected[name]) for name in got}
    assert got.keys() == expected.keys()


def test_the_report_is_what_its_parts_say(scoped):
    """Each part equals the function that its field names, also with the playbook's twelve steps."""
    leads, deals, history = scoped.leads, scoped.opportunities, scoped.stage_history
    report = funnel_report(leads, deals, history, scoped.campaigns, scoped.as_of, STEPS, MARGIN)
    pd.testing.assert_series_equal(report.reached, pipeline.cohort_counts(leads, history, scoped.as_of, STEPS))
    pd.testing.assert_frame_equal(report.conversion, pipeline.conversion_table(leads, history, scoped.as_of, STEPS))
    pd.testing.assert_frame_equal(report.ageing, pipeline.step_ageing(deals, history, scoped.as_of, STEPS))
    for step, row in report.conversion.iterrows():
        single = pipeline.stage_conversion(leads, history, scoped.as_of, STEPS, step, row["to_step"])
        assert single == same(row["rate"])


def test_first_entries_row_by_row(scoped, engine):
    """Unit, step and moment of every row, sorted."""
    expected = pd.concat(
        engine.execute(
            f"select unit as unit_id, '{step}' as step_id, {step} as entered_at from journeys where {step} is not null"
        ).df()
        for step in SHOWN
    )
    got = pipeline.first_entries(scoped.leads, scoped.stage_history)
    got = got[got["step_id"].isin(SHOWN)]
    columns = ["unit_id", "entered_at", "step_id"]
    left, right = (
        frame.astype({"unit_id": str, "step_id": str, "entered_at": "datetime64[ns]"}).sort_values(
            columns, ignore_index=True
        )[columns]
        for frame in (got, expected)
    )
    pd.testing.assert_frame_equal(left, right)


@pytest.mark.parametrize(("start", "goal"), [(2, 3), (3, 9), (5, 7), (2, 9)])
def test_conversion_also_over_several_steps(scoped, ask, start, goal):
    """Any pair of steps, with the cohort at least 200 days old; and what ten points more of it are worth."""
    later = f"coalesce({', '.join(STEPS[goal:10])})"
    rate = ask(
        f"select avg(({later} is not null)::int) from journeys where {STEPS[start]} <= ?::timestamp - interval 200 day",
        scoped.as_of,
    )
    arguments = (scoped.leads, scoped.stage_history, scoped.as_of, STEPS, STEPS[start], STEPS[goal])
    assert pipeline.stage_conversion(*arguments, maturity_days=200) == same(rate if rate is not None else math.nan)
    if rate:
        assert pipeline.gain_from_points(*arguments, points=0.1, maturity_days=200) == same(0.1 / rate)


def test_where_most_people_and_the_largest_share_stop(scoped, ask):
    """The step entered by most people fewer than the one before, and by the smallest share of them."""
    reached = ", ".join(f"count(coalesce({', '.join(SHOWN[place:])}))" for place in range(len(SHOWN)))
    row = ask(f"select {reached} from journeys where engaged <= ?::timestamp - interval 365 day", scoped.as_of)
    drops = {step: before - after for step, before, after in zip(SHOWN[1:], row, row[1:], strict=False)}
    rates = {step: after / before for step, before, after in zip(SHOWN[1:], row, row[1:], strict=False) if before}
    arguments = (scoped.leads, scoped.stage_history, scoped.as_of, STEPS)
    assert drops[pipeline.largest_drop(*arguments)] == max(drops.values())
    assert rates[pipeline.lowest_rate(*arguments)] == min(rates.values())


def test_funnel_by_quarter(scoped, engine):
    """Both readings of every cohort quarter and step."""
    got = pipeline.stage_funnel(scoped.leads, scoped.stage_history, scoped.as_of, STEPS)
    for place, step in enumerate(SHOWN):
        rows = engine.execute(
            f"""with quarters as (
                  select strftime(d, '%Y') || 'Q' || quarter(d) as cohort, d from (select unnest(generate_series(
                    (select date_trunc('quarter', min(engaged)) from journeys),
                    (select max(engaged) from journeys), interval 3 month)) as d)),
                hands as (select * from journeys where engaged is not null)
                select cohort,
                  (select count(coalesce({", ".join(SHOWN[place:])})) from hands
                   where date_trunc('quarter', engaged) = d),
                  (select count(*) from hands where date_trunc('quarter', {step}) = d),
                  d + interval 3 month - interval 1 day > ?::timestamp - interval 270 day
                from quarters order by d""",
            [scoped.as_of],
        ).fetchall()
        here = got.loc[got["step_id"] == step, ["cohort", "reached", "same_period", "still_moving"]]
        assert [tuple(row) for row in here.itertuples(index=False)] == rows, step


def test_plain_counts(scoped, ask):
    """The building blocks of the tile questions."""
    leads, history, as_of = scoped.leads, scoped.stage_history, scoped.as_of
    for step, later in (("marketing_qualified", SHOWN[2:]), ("trial", SHOWN[5:])):
        following = later[0]
        moved = f"coalesce({', '.join(later)}) is not null"
        old, young = (f"{step} {sign} ?::timestamp - interval 300 day" for sign in ("<=", ">"))
        query = "select count(*), count(*) filter ({}) from journeys where {}"
        pair = (leads, history, as_of, STEPS, step)
        assert ask(query.format(moved, old), as_of) == (
            counts.entered(*pair, 300),
            counts.moved_on(*pair, following, 300),
        )
        assert ask(query.format(moved, young), as_of) == (
            counts.young_entered(*pair, 300),
            counts.young_moved_on(*pair, following, 300),
        )
    month = "date_trunc('month', {0}) = date_trunc('month', ?::timestamp) - interval 1 month"
    for step in SHOWN:
        expected = ask(f"select count(*) from journeys where {month.format(step)}", as_of)
        assert counts.entered_last_month(leads, history, as_of, step) == expected
    rows = ask("select count(*) from leads where mql_at <= ?::timestamp - interval 90 day", as_of)
    assert counts.mql_rows(leads, as_of, 90) == rows


def test_counts_of_deals(scoped, ask):
    """Reached, skipped, rows from a step on, all deals."""
    history = scoped.stage_history
    assert counts.deals(history) == ask("select count(distinct opp_id) from stage_history")
    for step in SHOWN[3:]:
        at_or_past = f"step_id >= '{step}'::step and step_id <= 'won'::step"
        past = ask(f"select count(distinct opp_id) from stage_history where {at_or_past}")
        assert pipeline.count_reached(history, STEPS, step) == past
        assert counts.rows_from(history, STEPS, step) == ask(f"select count(*) from stage_history where {at_or_past}")
        there = ask(f"select count(distinct opp_id) from stage_history where step_id = '{step}'")
        assert counts.deals_that_skipped(history, STEPS, step) == past - there
