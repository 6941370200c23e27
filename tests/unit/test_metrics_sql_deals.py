"""Deals, forecast and waiting a second time, in SQL from the CSV files: company, demonstration, three books."""

import math

import pandas as pd
import pytest
from sql_tables import STEPS

from onefunnel.metrics import intervals, pipeline

DECIDED = "outcome in ('won', 'lost', 'no_decision')"
OLD = "created_at <= ?::timestamp - interval 365 day"
DAYS = "date_diff('second', created_at, closed_at) / 86400.0"


def same(value):
    return pytest.approx(math.nan if value is None else value, rel=1e-9, abs=1e-9, nan_ok=True)


def test_settled_deals(scoped, ask):
    """Rate, mean won value and mean days of the cohort that is a year old, and the velocity they make."""
    deals, as_of = scoped.opportunities, scoped.as_of
    rate, value, days = ask(
        f"select avg((outcome = 'won')::int), avg(amount_eur) filter (outcome = 'won'), avg({DAYS}) "
        f"from opportunities where {DECIDED} and {OLD}",
        as_of,
    )
    waiting = ask("select count(*) from opportunities where outcome = 'open'")
    assert pipeline.open_deals(deals) == waiting
    assert pipeline.settled_win_rate(deals, as_of) == same(rate)
    assert pipeline.mean_won_value(deals, as_of) == same(value)
    assert pipeline.mean_days_to_close(deals, as_of) == same(days)
    assert pipeline.pipeline_velocity(deals, as_of) == same(waiting * rate * value / days)


def test_rows_decided_and_settled(scoped, engine):
    """Which deals are decided, settled, and how many days each took."""
    deals = scoped.opportunities
    for rows, where, values in (
        (pipeline.decided(deals), DECIDED, []),
        (pipeline.settled(deals, scoped.as_of), f"{DECIDED} and {OLD}", [scoped.as_of]),
    ):
        expected = engine.execute(
            f"select opp_id, {DAYS} from opportunities where {where} order by 1", values
        ).fetchall()
        got = rows.assign(days=pipeline.days_to_close(rows)).sort_values("opp_id")[["opp_id", "days"]]
        assert [tuple(row) for row in got.itertuples(index=False)] == expected


@pytest.mark.parametrize("day", [30, 120, 200])
def test_won_by_day(scoped, ask, day):
    """Won within the window, of all deals that had the whole window."""
    expected = ask(
        f"select avg((outcome = 'won' and {DAYS} <= {day})::int) from opportunities "
        f"where created_at <= ?::timestamp - interval {day} day",
        scoped.as_of,
    )
    assert pipeline.won_by_day(scoped.opportunities, scoped.as_of, day) == same(expected)


def test_shares_by_age_and_the_sales_cycle(scoped, engine):
    """Aalen–Johansen in SQL: hazards by age, survival as a running product, sums over competing ends."""
    rows = engine.execute(
        """with ages as (select outcome,
             date_diff('second', created_at, coalesce(closed_at, $as_of)) / 86400.0 as age
             from opportunities where created_at <= $as_of),
           ends as (select age, count(*) filter (outcome = 'won') as won,
               count(*) filter (outcome in ('lost', 'no_decision')) as lost,
               (select count(*) from ages b where b.age >= a.age) as at_risk
             from ages a where outcome <> 'open' group by 1),
           left_ as (select *, 1 - (won + lost) / at_risk as stays from ends),
           walk as (select *, product(stays) over (order by age) as still_open from left_),
           before_ as (select *, coalesce(lag(still_open) over (order by age), 1) as before from walk)
           select age, sum(before * won / at_risk) over (order by age),
             sum(before * lost / at_risk) over (order by age), still_open from before_ order by age""",
        {"as_of": scoped.as_of},
    ).fetchall()
    expected = pd.DataFrame([(0.0, 0.0, 0.0, 1.0), *rows], columns=["day", "won", "lost", "open"]).astype(float)
    got = pipeline.cumulative_incidence(scoped.opportunities, scoped.as_of)
    pd.testing.assert_frame_equal(got, expected, rtol=1e-9, atol=1e-9)
    half = next((age for age, _, _, still_open in rows if still_open <= 0.5), None)
    assert pipeline.sales_cycle(scoped.opportunities, scoped.as_of) == same(half)


def test_coverage_and_its_parts(scoped, ask):
    """The open quarter: target, won, due, overdue, all open."""
    parts = pipeline.coverage_parts(scoped.opportunities, scoped.targets, scoped.as_of)
    start, after = "date_trunc('quarter', $as_of)", "(date_trunc('quarter', $as_of) + interval 3 month)"
    label = "strftime($as_of, '%Y') || '-Q' || quarter($as_of)"
    expected = ask(
        f"""select
          (select coalesce(sum(target_eur), 0) from targets where quarter = {label}),
          coalesce(sum(amount_eur) filter (outcome = 'won' and closed_at >= {start} and closed_at < {after}), 0),
          coalesce(sum(amount_eur) filter (outcome = 'open' and close_date_planned >= $as_of
            and close_date_planned < {after}), 0),
          coalesce(sum(amount_eur) filter (outcome = 'open' and close_date_planned < $as_of), 0),
          coalesce(sum(amount_eur) filter (outcome = 'open'), 0)
        from opportunities""".replace("$as_of", f"timestamp '{scoped.as_of}'")
    )
    assert parts.tolist() == list(expected)
    target, won, due, *_ = expected
    assert pipeline.coverage(scoped.opportunities, scoped.targets, scoped.as_of) == same(due / (target - won))


@pytest.mark.parametrize("within", [None, 45])
def test_snapshots_of_all_mondays(scoped, engine, within):
    """Each old Monday joined to each stay that covers it; what of it was won; and the pipeline weighted by that."""
    inside = "true" if within is None else f"closed_at <= monday + interval {within} day"
    rows = engine.execute(
        f"""with mondays as (select unnest(generate_series(timestamp '2023-05-15',
              $as_of::timestamp - interval 365 day, interval 7 day)) as monday),
            stays as (select opp_id, h.step_id, entered_at,
                coalesce(lead(entered_at) over (partition by opp_id order by entered_at, h.step_id), closed_at,
                  $as_of) as left_at, outcome, closed_at, amount_eur
              from stage_history h join opportunities using (opp_id)),
            seen as (select s.step_id, opp_id, amount_eur, (outcome = 'won' and {inside}) as won
              from stays s join mondays on monday >= s.entered_at and monday < left_at where s.step_id < 'won'::step)
            select step_id::varchar, count(distinct opp_id), count(*), avg(won::int),
              sum(amount_eur * won::int) / sum(amount_eur)
            from seen group by seen.step_id order by seen.step_id""",
        {"as_of": scoped.as_of},
    ).fetchall()
    arguments = (scoped.opportunities, scoped.stage_history, scoped.as_of, STEPS)
    got = pipeline.snapshot_shares(*arguments, within_days=within, min_deals=10)
    for step, deals, sightings, by_count, by_value in rows:
        assert got.loc[step, ["deals", "sightings"]].tolist() == [deals, sightings]
        shares = (by_count, by_value) if deals >= 10 else (None, None)
        assert (got.loc[step, "by_count"], got.loc[step, "by_value"]) == (same(shares[0]), same(shares[1]))
    weight = {step: by_value if deals >= 10 else math.nan for step, deals, _, _, by_value in rows}
    open_ = engine.execute(
        "select step_id::varchar, sum(amount_eur) from opportunities where outcome = 'open' group by 1"
    )
    expected = sum(amount * weight.get(step, math.nan) for step, amount in open_.fetchall())
    assert pipeline.weighted_pipeline(*arguments, within_days=within, min_deals=10) == same(expected)


def test_days_in_the_step(scoped, engine, ask):
    """Age of each open deal in its step, and the median of those in one."""
    arguments = (scoped.opportunities, scoped.stage_history, scoped.as_of)
    query = """select opp_id, o.step_id, date_diff('second', max(entered_at), ?::timestamp) / 86400.0 as days
        from opportunities o left join stage_history h using (opp_id)
        where o.outcome = 'open' and h.step_id = o.step_id group by 1, 2"""
    expected = {opp: days for opp, _, days in engine.execute(query, [scoped.as_of]).fetchall()}
    assert pipeline.days_in_step(*arguments).to_dict() == expected
    for step in STEPS[5:9]:
        median = ask(f"select median(days) from ({query}) where step_id = '{step}'", scoped.as_of)
        assert pipeline.median_days_in_step(*arguments, step) == same(median)


def test_interval_of_the_win_rate(scoped, ask):
    """Wilson's interval by its closed form, from the counts in SQL."""
    won, decided, low, high = ask(
        f"""with n as (select count(*) filter (outcome = 'won') as x, count(*)::double as n, 1.959963984540054 as z
              from opportunities where {DECIDED})
            select x, n::int, (x + z*z/2 - z * sqrt(x * (n - x) / n + z*z/4)) / (n + z*z),
              (x + z*z/2 + z * sqrt(x * (n - x) / n + z*z/4)) / (n + z*z) from n"""
    )
    assert intervals.wilson(won, decided) == (same(low), same(high))
