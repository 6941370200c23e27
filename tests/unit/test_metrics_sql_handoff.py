"""Clocks, hand-over of leads, tastings and planned dates a second time, in SQL from the CSV files, on five scopes."""

import math

import pytest

DECIDED = "outcome in ('won', 'lost', 'no_decision')"


def same(value):
    return pytest.approx(math.nan if value is None else value, rel=1e-9, abs=1e-9, nan_ok=True)


@pytest.fixture(scope="module", autouse=True)
def clocks(engine, scoped):
    """Each handed-over lead with its business hours until a person touched it, until it was accepted, and until now."""
    engine.execute(
        """create or replace temp table clocks as
           select *, worked(assigned_at, ?::timestamp) as hours_so_far,
             worked(assigned_at, accepted_at) as hours_to_accept,
             case when first_touch_kind = 'human' then worked(assigned_at, first_touch_at) end as hours_to_touch
           from leads where assigned_at is not null""",
        [scoped.as_of],
    )


def test_response_in_time(metric, ask):
    """Touched by a person within four hours, of the clocks that ran four hours."""
    expected = ask("select avg(coalesce(hours_to_touch <= 4, false)::int) from clocks where hours_so_far >= 4")
    assert metric("response_in_time") == same(expected)


def test_untouched_rate(metric, ask):
    """Never touched by a person; a robot's answer is none."""
    expected = ask("select avg((hours_to_touch is null)::int) from clocks where hours_so_far >= 4")
    assert metric("untouched_rate") == same(expected)


def test_response_hours(metric, ask):
    """The untouched stand last: no number when the middle one is among them."""
    expected = ask(
        "select nullif(median(coalesce(hours_to_touch, 'infinity'::double)), 'infinity'::double) "
        "from clocks where hours_so_far >= 4"
    )
    assert metric("response_hours") == same(expected)


def test_acceptance_rate(metric, ask):
    """Accepted, of the hand-overs that had two business days; no answer is no yes."""
    expected = ask("select avg((accepted_at is not null)::int) from clocks where hours_so_far >= 16")
    assert metric("acceptance_rate") == same(expected)


def test_sent_back_share(metric, ask):
    """A reason and no yes, of the hand-overs that had two business days; beside the rate of acceptance."""
    expected = ask(
        "select avg((reject_reason is not null and accepted_at is null)::int) from clocks where hours_so_far >= 16"
    )
    assert metric("sent_back_share") == same(expected)
    silent = ask(
        "select avg((reject_reason is null and accepted_at is null)::int) from clocks where hours_so_far >= 16"
    )
    assert metric("sent_back_share") + metric("acceptance_rate") + silent == pytest.approx(1)


def test_slots_used(metric, ask, day):
    """Of the days of the last 52 weeks, those that a deal had."""
    expected = ask(
        f"select avg((opp_id is not null)::int) from trial_slots where date >= {day(364)} and date < {day()}"
    )
    assert metric("slots_used") == same(expected)


@pytest.fixture(scope="module")
def requests(engine):
    """Deals that asked for a tasting, and the day they had it."""
    engine.execute(
        """create or replace temp table requests as
           select opp_id, min(entered_at) as asked_at, min(s.date) as held_on
           from stage_history h left join trial_slots s using (opp_id) where step_id = 'trial' group by 1"""
    )


def test_trial_wait(metric, ask, day, requests):
    """Days until the tasting, of requests older than half a year."""
    expected = ask(
        f"""select median(date_diff('second', asked_at, held_on) / 86400.0) from requests where asked_at < {day(180)}"""
    )
    assert metric("trial_wait") == same(expected)


def test_tasting_in_time(metric, ask, day, requests):
    """Ten business days are eighty open hours; who was never served was not served in time."""
    expected = ask(
        f"""select avg((held_on is not null and held_on < {day()} and worked(asked_at, held_on) <= 80)::int)
            from requests where worked(asked_at, {day()}) >= 80"""
    )
    assert metric("tasting_in_time") == same(expected)


def test_trials_against_slots(metric, ask, day):
    """The coming quarter's plan over the slots of its days."""
    start = f"(date_trunc('quarter', {day()}) + interval 3 month)"
    expected = ask(
        f"""select (select sum(trials_planned) from targets
              where quarter = strftime({start}, '%Y') || '-Q' || quarter({start}))
            / nullif((select count(*) from trial_slots where date_trunc('quarter', date) = {start}), 0)"""
    )
    assert metric("trials_against_slots") == same(expected)


@pytest.mark.parametrize("pushes", [1, 2, 3])
def test_pushed_share(metric, ask, pushes):
    """Moved to a later date so often, of the decided deals."""
    expected = ask(
        f"""select avg(((select count(*) from close_date_moves m where m.opp_id = o.opp_id
              and close_date_after > close_date_before) >= {pushes})::int) from opportunities o where {DECIDED}"""
    )
    assert metric("pushed_share", pushes=pushes) == same(expected)


#: Deals open on the morning of `start` with a date up to `finish`: the date is that of the last move before `start`,
#: or where the first move came later, the one it moved away from.
DUE = """
select o.*, coalesce(
    (select arg_max(close_date_after, moved_on) from close_date_moves m
     where m.opp_id = o.opp_id and moved_on < start),
    (select arg_min(close_date_before, moved_on) from close_date_moves m where m.opp_id = o.opp_id),
    close_date_planned) as planned, start, finish
from opportunities o, spans
where o.created_at <= start and (o.closed_at is null or o.closed_at >= start) and planned >= start and planned < finish
"""


def test_slippage(metric, ask, day):
    """Due on the first morning of the last whole quarter and still without an answer after its last evening."""
    expected = ask(
        f"""with spans as (select date_trunc('quarter', {day()}) - interval 3 month as start,
              date_trunc('quarter', {day()}) as finish), due as ({DUE})
            select sum(case when closed_at < finish then 0 else amount_eur end) / nullif(sum(amount_eur), 0) from due"""
    )
    assert metric("slippage") == same(expected)


@pytest.mark.parametrize("quarters", [10, 4])
def test_needed_coverage(metric, ask, day, quarters):
    """Euros due over euros won in time, at the same day of ten quarters."""
    expected = ask(
        f"""with spans as (
              select q + ({day()} - date_trunc('quarter', {day()})) as start, q + interval 3 month as finish
              from (select unnest(generate_series(date_trunc('quarter', {day()}) - interval {3 * quarters} month,
                date_trunc('quarter', {day()}) - interval 3 month, interval 3 month)) as q)), due as ({DUE})
            select sum(amount_eur) / nullif(sum(amount_eur) filter (outcome = 'won' and closed_at < finish), 0)
            from due"""
    )
    assert metric("needed_coverage", quarters=quarters) == same(expected)


@pytest.mark.parametrize("maker", ["sales", "marketing"])
def test_forecasts(metric, scoped, ask, maker):
    """Bias with its sign over the sum of what came; the miss as a mean of months."""
    months = f"from forecasts where made_by = '{maker}' and actual_eur is not null"
    bias, miss = ask(
        f"""select sum(forecast_eur - actual_eur) / nullif(sum(actual_eur), 0),
              avg(abs(forecast_eur - actual_eur) / nullif(actual_eur, 0)) {months}"""
    )
    if not ask(f"select count(*) from forecasts where made_by = '{maker}'"):
        with pytest.raises(ValueError, match="makes forecasts"):
            metric("forecast_bias", made_by=maker)
        return
    assert metric("forecast_bias", made_by=maker) == same(bias)
    assert metric("forecast_miss", made_by=maker) == same(miss)
