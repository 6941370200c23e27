"""Market, margin, renewals, the first weeks and teamwork a second time, in SQL from the CSV files, on five scopes."""

import math

import pytest


def same(value):
    return pytest.approx(math.nan if value is None else value, rel=1e-9, abs=1e-9, nan_ok=True)


def test_aided_awareness(metric, ask):
    """The newest wave, all places together."""
    expected = ask(
        "select sum(aware) / sum(asked) from brand_tracker where wave_on = (select max(wave_on) from brand_tracker)"
    )
    assert metric("aided_awareness") == same(expected)


def test_market_share(metric, ask, day):
    """Our euros over the category's, in each of the last two whole years, and the difference in points."""
    shares = [
        ask(
            f"""select (select coalesce(sum(net_eur), 0) from route_orders
              where year(ordered_on) = year({day()}) - {back})
              / (select sum(category_eur) from market_size where left(quarter, 4)::int = year({day()}) - {back})"""
        )
        for back in (1, 2)
    ]
    assert [metric("market_share", years_back=back) for back in (1, 2)] == same(shares)
    assert metric("market_share_change") == same(shares[0] - shares[1])


def test_gross_margin_growth(metric, ask, day):
    """Four whole quarters over the four before."""
    ours = f"""with q as (select quarter,
            sum(case line when 'revenue' then eur when 'cost_of_goods' then -eur end) as eur,
          row_number() over (order by quarter desc) as back from profit_and_loss
          where (left(quarter, 4) || '-' || (right(quarter, 1)::int * 3 - 2) || '-01')::date
            + interval 3 month <= {day()}
          group by 1)
        select sum(eur) filter (back <= 4) / sum(eur) filter (back between 5 and 8) - 1 from q"""
    assert metric("gross_margin_growth") == same(ask(ours))


def test_price_realisation(metric, ask, day):
    """Today's cases at today's and at last year's net price; a product that lacks one of the two is left out."""
    span = "from route_orders where ordered_on >= {} and ordered_on < {} group by 1 having sum(cases) > 0"
    expected = ask(
        f"""with now as (select product_id, sum(cases) as cases, sum(net_eur) / sum(cases) as price
              {span.format(day(91), day())}),
            old as (select product_id, sum(net_eur) / sum(cases) as price {span.format(day(455), day(364))})
            select sum(now.cases * now.price) / sum(now.cases * old.price) - 1 from now join old using (product_id)"""
    )
    assert metric("price_realisation") == same(expected)


def test_new_accounts(metric, ask, day):
    """Ordered in the last thirteen weeks and never in the 730 days before; the orders must reach back that far."""
    reach, count = ask(
        f"""select min(ordered_on) <= {day(821)}, (
              select count(distinct account_id) from route_orders r
              where ordered_on >= {day(91)} and ordered_on < {day()}
              and not exists (from route_orders b where b.account_id = r.account_id
                and b.ordered_on < {day(91)} and b.ordered_on >= {day(821)})) from route_orders"""
    )
    assert metric("new_accounts") == same(count if reach else None)


def test_renewals(metric, ask, day):
    """Contracts due in the last 52 weeks: kept value without growth, and with it."""
    gross, net = ask(
        f"""select sum(case when outcome in ('renewed', 'grown') then least(renewed_eur, value_eur) else 0 end),
              sum(case when outcome in ('renewed', 'grown') then renewed_eur else 0 end)
            from renewals where due_on >= {day(364)} and due_on < {day()}"""
    )
    due = ask(f"select sum(value_eur) from renewals where due_on >= {day(364)} and due_on < {day()}")
    assert metric("gross_renewal_rate") == same(gross / due if due else None)
    assert metric("net_revenue_retention") == same(net / due if due else None)


def test_replacement_in_time(metric, ask):
    """Of machines that failed and were bought anew, the talks that came before."""
    expected = ask(
        "select avg(coalesce(talked_on < ended_on, false)::int) from machines where status in ('replaced', 'lost')"
    )
    assert metric("replacement_in_time") == same(expected)


def test_time_to_first_value(metric, ask, day):
    """Contracts older than 120 days; who still waits stands last."""
    expected = ask(
        f"""select nullif(median(coalesce(date_diff('day', signed_on, first_value_on), 'infinity'::double)), 'infinity')
            from installs where signed_on < {day(120)}"""
    )
    assert metric("time_to_first_value") == same(expected)


def test_hand_overs(metric, ask):
    """Complete packs of all; low scores of those who gave one."""
    complete, low = ask("select avg(complete::int), avg((experience_score <= 2)::int) from hand_overs")
    assert metric("hand_over_complete") == same(complete)
    assert metric("low_experience") == same(low)


def test_field_notes(metric, ask, day):
    """A year of notes that ends sixty days ago: the middle one with the lost last, and the lost of all."""
    middle, lost = ask(
        f"""select nullif(median(coalesce(date_diff('day', noted_on, received_on), 'infinity'::double)), 'infinity'),
              avg((received_on is null)::int)
            from field_notes where noted_on >= {day(424)} and noted_on < {day(60)}"""
    )
    assert metric("note_days") == same(middle)
    assert metric("notes_lost") == same(lost)


def test_hours_doubled(metric, ask):
    """Sales' hours on tasks that marketing logs too in the same territory, a week and territory."""
    expected = ask(
        """select sum(hours) filter (function = 'sales' and exists (from time_log m where m.function = 'marketing'
             and m.territory_id = t.territory_id and m.task_id = t.task_id))
           / count(distinct (territory_id, week)) from time_log t"""
    )
    assert metric("hours_doubled") == same(expected)


def test_asset_cells_covered(metric, ask):
    """The whole matrix of titles and industries, and the cells with something in them."""
    expected = ask(
        """with titles as (select distinct job_title
             from (select job_title from features union select job_title from assets)
             where job_title is not null),
           fields as (select distinct industry from assets where industry is not null)
           select avg(exists (from assets a where a.job_title = t.job_title and a.industry = f.industry)::int)
           from titles t, fields f"""
    )
    assert metric("asset_cells_covered") == same(expected)


def test_survey_gap(metric, ask):
    """Points between the two functions in the newest wave, of those who answered."""
    expected = ask(
        """select avg(answer) filter (function = 'marketing') - avg(answer) filter (function = 'sales')
           from pulse_survey
           where question_id = 'understands_needs' and wave_on = (
             select max(wave_on) from pulse_survey where question_id = 'understands_needs')"""
    )
    assert metric("survey_gap") == same(expected)
