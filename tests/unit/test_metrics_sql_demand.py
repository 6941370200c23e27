"""Demand, spend and credit a second time, in SQL from the CSV files: company, demonstration, three learners' books."""

import math

import numpy as np
import pytest
from scipy.optimize import minimize

#: What stands in the CRM's origin field when nobody knows; read off the export, not off the cleaned column.
UNREADABLE = ("other", "n/a", "website", "?", "-", "tbd", "misc.")
MARGIN = 0.42


def same(value):
    return pytest.approx(math.nan if value is None else value, rel=1e-9, abs=1e-9, nan_ok=True)


def spent(start, end, wanted="true"):
    """Σ spend of the days that a campaign ran from `start` to before `end`; a campaign spends evenly."""
    overlap = f"date_diff('day', greatest(started_on, {start}), least(ended_on + interval 1 day, {end}))"
    return (
        f"(select coalesce(sum(spend_eur * greatest(0, {overlap}) / (date_diff('day', started_on, ended_on) + 1)), 0) "
        f"from campaigns where {wanted})"
    )


EVER = "timestamp '1900-01-01'"


def test_unknown_origin(metric, ask):
    """From the label as the CRM holds it: blank, or one of the words that say nothing; a person's first lead."""
    words = ", ".join(f"'{word}'" for word in UNREADABLE)
    expected = ask(
        f"""with firsts as (select distinct on (contact_id) origin_label from leads
              order by contact_id, created_at, lead_id)
            select avg((origin_label is null or lower(trim(origin_label)) in ({words}))::int) from firsts"""
    )
    assert metric("unknown_origin") == same(expected)


def test_duplicate_share(metric, ask):
    """A row is a copy when the person's row before it is younger than ninety days."""
    expected = ask(
        """with before as (select lag(created_at) over (partition by contact_id order by created_at) as earlier,
              created_at from leads where contact_id is not null)
            select avg((earlier is not null and created_at < earlier + interval 90 day)::int) from before"""
    )
    assert metric("duplicate_share") == same(expected)


def test_cost_per_engaged_account(metric, ask, day):
    """Fifty-two weeks of spend, a campaign's by its days, over the accounts that answered in them."""
    expected = ask(
        f"""select {spent(day(364), day())} / nullif(count(distinct account_id), 0)
            from leads where created_at >= {day(364)} and created_at < {day()}"""
    )
    assert metric("cost_per_engaged_account") == same(expected)


@pytest.mark.parametrize("counting", ["sourced", "influenced"])
def test_pipeline_created(metric, ask, day, counting):
    """The year before last: not found by sales, or touched by marketing before it was over."""
    touched = """exists (from touches t where t.opp_id = o.opp_id and t.function = 'marketing'
        and (o.closed_at is null or t.touched_at <= o.closed_at))"""
    wanted = "origin is distinct from 'sales_prospecting'" if counting == "sourced" else touched
    expected = ask(
        f"""select coalesce(sum(amount_eur), 0) from opportunities o
            where created_at >= {day(728)} and created_at < {day(364)} and {wanted}"""
    )
    assert metric("pipeline_created", counting=counting) == same(expected)


@pytest.mark.parametrize("origin", ["advertising", "email", "event", "bought_list", "unknown"])
def test_incremental_return(metric, ask, day, origin):
    """The share from the arms at the last look: 1 − rate held out ÷ rate of the others."""
    expected = ask(
        f"""with arms as (
              select sum(successes) filter (arm = 'treated') / sum(n) filter (arm = 'treated') as with_it,
                sum(successes) filter (arm = 'control') / sum(n) filter (arm = 'control') as without
              from experiments e where origin = '{origin}'
                and looked_on = (select max(looked_on) from experiments x where x.experiment_id = e.experiment_id)),
            firsts as (select distinct on (opp_id) opp_id, coalesce(origin, 'unknown') as origin from leads
              where opp_id is not null and created_at < {day(364)} order by opp_id, created_at, lead_id),
            won as (select coalesce(sum(amount_eur), 0) as eur from opportunities join firsts f using (opp_id)
              where outcome = 'won' and f.origin = '{origin}'),
            paid as (select {spent(EVER, day(364), f"origin = '{origin}'")} as eur)
            select (won.eur * (1 - without / with_it) * {MARGIN} - paid.eur) / nullif(paid.eur, 0)
            from won, arms, paid"""
    )
    assert metric("incremental_return", origin=origin) == same(expected)


@pytest.mark.parametrize("origin", ["event", "email", "advertising"])
@pytest.mark.parametrize("rule", ["linear", "first", "last"])
def test_attributed_return(metric, ask, day, origin, rule):
    """Marketing's touches of the account in the 500 days up to the close share the deal."""
    credit = {
        "linear": "1 / count(*) over deal",
        "first": "(row_number() over (deal order by touched_at, channel) = 1)::int",
        "last": "(row_number() over (deal order by touched_at desc, channel desc) = 1)::int",
    }[rule]
    expected = ask(
        f"""with deals as (select * from opportunities where outcome = 'won'
              and opp_id in (select opp_id from leads where created_at < {day(364)})),
            credited as (
              select d.amount_eur, t.channel, {credit} as credit
              from deals d join touches t on t.account_id = d.account_id and t.function = 'marketing'
                and t.touched_at between d.closed_at - interval 500 day and d.closed_at
              window deal as (partition by d.opp_id)),
            earned as (select coalesce(sum(amount_eur * credit), 0) as eur from credited where channel = '{origin}'),
            paid as (select {spent(EVER, day(364), f"origin = '{origin}'")} as eur)
            select (earned.eur * {MARGIN} - paid.eur) / nullif(paid.eur, 0) from earned, paid"""
    )
    assert metric("attributed_return", origin=origin, rule=rule) == same(expected)


@pytest.mark.parametrize("kinds", [None, ("media",)])
def test_customer_acquisition_cost(metric, ask, kinds):
    """The last twelve months of customers whose costs, three months earlier, are known."""
    wanted = "true" if kinds is None else "kind = 'media'"
    expected = ask(
        f"""with paid as (select (month || '-01')::date + interval 3 month as m,
                sum(eur) filter ({wanted}) as eur from costs group by 1),
              won as (select (month || '-01')::date as m, sum(customers) as customers from new_customers group by 1),
              pairs as (select * from paid join won using (m) order by m desc limit 12)
            select sum(eur) / sum(customers) from pairs"""
    )
    assert metric("customer_acquisition_cost", kinds=kinds) == same(expected)


@pytest.mark.parametrize("place", ["Costa Norte", "Sierra", "Frontera"])
def test_lifetime_value(metric, ask, place):
    """Not the formula but the years added up, until what is left is below a cent's rounding."""
    expected = ask(
        "select sum(margin_eur * pow(retention / 1.1, year)) from micromarkets, range(400) y(year) "
        "where micromarket = ?",
        place,
    )
    assert metric("lifetime_value", micromarket=place) == same(expected)


@pytest.mark.parametrize("place", ["Valle", "Puerto", "Islas"])
def test_next_euro_return(metric, ask, place):
    """What the curve rises by from half a euro less to half a euro more."""
    curve = "ceiling_eur * (1 - exp(-(budget_eur {} 0.5) / scale_eur))"
    expected = ask(f"select {curve.format('+')} - {curve.format('-')} from micromarkets where micromarket = ?", place)
    assert metric("next_euro_return", micromarket=place) == pytest.approx(expected, rel=1e-6)


def test_advertising_return(metric, ask):
    """Each paused month beside the same territory's a year before, moved as the territories moved that went on."""
    expected = ask(
        f"""with pairs as (
              select now.held_out, now.spend_eur, now.revenue_eur, ago.revenue_eur as before
              from advertising_monthly now join advertising_monthly ago
                on ago.territory_id = now.territory_id
                and strptime(ago.month, '%Y-%m') = strptime(now.month, '%Y-%m') - interval 12 months
              where now.month in (select month from advertising_monthly where held_out)),
            sums as (
              select sum(before) filter (held_out) as base, sum(revenue_eur) filter (held_out) as came,
                sum(spend_eur) filter (held_out) as spent,
                sum(revenue_eur) filter (not held_out) / sum(before) filter (not held_out) as growth,
                sum(spend_eur) filter (not held_out) / sum(before) filter (not held_out) as rule from pairs)
            select {MARGIN} * (base * growth - came) / (base * rule - spent) - 1 from sums"""
    )
    assert metric("advertising_return") == same(expected)


@pytest.mark.parametrize("cap", [0.5, 0.2, 1.0])
def test_budget_gain(metric, engine, cap):
    """The best split by a general solver (SLSQP): SQL finds no optimum."""
    rows = engine.execute("select budget_eur, ceiling_eur, scale_eur from micromarkets").fetchnumpy()
    budget, ceiling, scale = (rows[name] for name in ("budget_eur", "ceiling_eur", "scale_eur"))
    total = budget.sum()

    def lost(part):
        return -(ceiling * -np.expm1(-part * total / scale)).sum() / ceiling.sum()

    solved = minimize(
        lost,
        budget / total,
        method="SLSQP",
        bounds=[(part * (1 - cap), part * (1 + cap)) for part in budget / total],
        constraints={"type": "eq", "fun": lambda part: part.sum() - 1},
        options={"ftol": 1e-15, "maxiter": 1000},
    )
    assert solved.success
    assert metric("budget_gain", cap=cap) == pytest.approx(lost(solved.x) / lost(budget / total) - 1, abs=1e-6)
