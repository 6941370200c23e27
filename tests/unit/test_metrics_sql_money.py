"""Price, profit, customers, origins, the clock and credit a second time, in SQL from the CSV files, on five scopes."""

import math
from datetime import time

import pandas as pd
import pytest

from onefunnel.metrics import attribution, channel, clock, mix, origin, retention, scorecard, value
from onefunnel.playbook import load as load_playbook

OFF = ("on_invoice", "volume_bonus", "free_goods", "terms", "freight", "marketing_support", "service")
TAKEN = " + ".join(f"{name}_eur" for name in OFF)


def same(value):
    return pytest.approx(math.nan if value is None else value, rel=1e-9, abs=1e-6, nan_ok=True)


def test_price_waterfall(scoped, engine, ask):
    """Every bar and level, the pocket price and the pocket margin."""
    walk = mix.price_waterfall(scoped.orders)
    bars = engine.execute(
        f"select sum(list_eur), {', '.join(f'-sum({name}_eur)' for name in OFF)}, -sum(cost_eur) from orders"
    )
    names = ["list_eur", *(f"{name}_eur" for name in OFF), "cost_eur"]
    expected = dict(zip(names, bars.fetchone(), strict=True))
    assert walk[names].to_dict() == {name: same(amount) for name, amount in expected.items()}
    listed, invoice, pocket, margin = ask(
        f"select sum(list_eur), sum(list_eur - on_invoice_eur), sum(list_eur - ({TAKEN})), "
        f"sum(list_eur - ({TAKEN}) - cost_eur) from orders"
    )
    assert walk[["invoice_eur", "pocket_eur", "margin_eur"]].tolist() == same([invoice, pocket, margin])
    assert mix.pocket_price(scoped.orders) == same(pocket / listed)
    assert mix.pocket_margin(scoped.orders) == same(margin / pocket)
    assert mix.amount(scoped.orders, "off_invoice_eur") == same(invoice - pocket)


def test_pocket_by_account_and_the_leaks(scoped, engine):
    """One row an account; leaks keep little of the list and buy less than the median account."""
    rows = engine.execute(
        f"""select account_id, sum(cases), sum(list_eur), sum(list_eur - ({TAKEN})),
              sum(list_eur - ({TAKEN})) / sum(list_eur)
            from orders group by 1 order by 1"""
    ).fetchall()
    got = mix.pocket_by_account(scoped.orders)
    assert got.index.tolist() == [row[0] for row in rows]
    for column, position in (("cases", 1), ("list_eur", 2), ("pocket_eur", 3), ("pocket_price", 4)):
        assert got[column].tolist() == same([row[position] for row in rows])
    largest = max(rows, key=lambda row: row[2])
    assert mix.pocket_price(scoped.orders, "largest") == same(largest[4])
    leaks = engine.execute(
        f"""with a as (select account_id, sum(cases) as cases, sum(list_eur - ({TAKEN})) / sum(list_eur) as kept
              from orders group by 1)
            select account_id from a where kept < 0.62 and cases < (select median(cases) from a) order by 1"""
    ).fetchall()
    assert mix.leaking_accounts(scoped.orders) == [account for (account,) in leaks]


def test_profit_of_the_last_year(scoped, ask):
    """Revenue, costs and what is left of the last four quarters."""
    year = "quarter in (select distinct quarter from profit_and_loss order by quarter desc limit 4)"
    revenue, costs = ask(
        "select sum(eur) filter (line = 'revenue'), sum(eur) filter (line <> 'revenue') "
        f"from profit_and_loss where {year}"
    )
    table = scoped["profit_and_loss"]
    assert mix.yearly_revenue(table) == same(revenue)
    assert mix.yearly_costs(table) == same(costs)
    assert mix.operating_margin(table) == same(1 - costs / revenue)


def test_revenue_factors_and_drop_size(scoped, ask):
    """Customers × orders a customer × cases an order × price a case; cases a stop; cases a customer and month."""
    customers, orders, cases, price, months = ask(
        """select count(distinct account_id), count(distinct delivery_id) / count(distinct account_id),
             sum(cases) / count(distinct delivery_id), sum(list_eur) / sum(cases),
             sum(cases) / count(distinct account_id || strftime(ordered_on, '%Y-%m')) from orders"""
    )
    assert scorecard.revenue_factors(scoped.orders).tolist() == same([customers, orders, cases, price])
    assert channel.drop_size(scoped.orders) == same(cases)
    assert channel.cases_per_customer_month(scoped.orders) == same(months)


def test_revenue_tree_of_two_half_years(scoped, engine):
    """Shapley's value by its closed form, the weights 1/4, 1/12, 1/12, 1/4 over the subsets of the other factors."""
    rows = engine.execute(
        """select ordered_on >= timestamp '2025-11-15' as late, count(distinct account_id)::double as f0,
             count(distinct delivery_id) / count(distinct account_id) as f1,
             sum(cases) / count(distinct delivery_id) as f2, sum(list_eur) / sum(cases) as f3
           from orders where ordered_on >= timestamp '2025-05-15' group by 1 order by 1"""
    ).fetchall()
    days = scoped.orders["ordered_on"]
    halves = [
        scoped.orders[(days >= pd.Timestamp("2025-05-15")) & (days < pd.Timestamp("2025-11-15"))],
        scoped.orders[days >= pd.Timestamp("2025-11-15")],
    ]
    got = scorecard.revenue_tree(*(scorecard.revenue_factors(half) for half in halves))
    if len(rows) < 2:  # the demonstration ordered in one half only: a factor is missing, and so is the tree
        assert got.isna().all()
        return
    before, after = (list(row[1:]) for row in rows)
    for place in range(4):
        others = [other for other in range(4) if other != place]
        effect = 0.0
        for changed in range(8):
            chosen = [other for bit, other in enumerate(others) if changed >> bit & 1]
            rest = math.prod(after[other] if other in chosen else before[other] for other in others)
            effect += (1 / 4, 1 / 12, 1 / 12, 1 / 4)[len(chosen)] * rest * (after[place] - before[place])
        assert got.iloc[place] == pytest.approx(effect, abs=0.01)
    assert got["total"] == pytest.approx(math.prod(after) - math.prod(before), abs=0.006)


def test_revenue_retained_from_year_to_year(scoped, ask):
    """Orders as revenue of accounts by year: net, and cut at what each bought before."""
    revenue = scoped.orders.assign(period=scoped.orders["ordered_on"].dt.year, eur=scoped.orders["list_eur"])
    net, gross = ask(
        """with years as (select account_id, year(ordered_on) as y, sum(list_eur) as eur from orders group by 1, 2),
             pairs as (select a.eur as before, coalesce(b.eur, 0) as after
               from years a left join years b on b.account_id = a.account_id and b.y = 2025 where a.y = 2024)
           select sum(after) / sum(before), sum(least(after, before)) / sum(before) from pairs"""
    )
    assert retention.net_revenue_retention(revenue, 2024, 2025) == same(net)
    assert retention.gross_revenue_retention(revenue, 2024, 2025) == same(gross)


@pytest.mark.parametrize("lag", [0, 3])
def test_cost_of_a_customer(scoped, ask, lag):
    """Campaign money of a month ÷ deals won that many months later, over the months that have both."""
    months = scoped.campaigns["started_on"].dt.to_period("M")
    costs = pd.DataFrame({"month": months, "kind": scoped.campaigns["horizon"], "eur": scoped.campaigns["spend_eur"]})
    won = scoped.opportunities[scoped.opportunities["outcome"] == "won"]["closed_at"].dt.to_period("M").value_counts()
    new = pd.DataFrame({"month": won.index, "customers": won.to_numpy()})
    expected = ask(
        f"""with spent as (select date_trunc('month', started_on) + interval {lag} month as m, sum(spend_eur) as eur
              from campaigns group by 1),
            won as (select date_trunc('month', closed_at) as m, count(*) as customers from opportunities
              where outcome = 'won' group by 1)
            select sum(eur) / sum(customers) from spent join won using (m)"""
    )
    assert value.customer_acquisition_cost(costs, new, lag) == same(expected)


def test_all_origins_together(scoped, ask):
    """The bracket: with and without the wins of unknown origin."""
    for known_only in (False, True):
        wanted = "coalesce(f.origin, 'unknown') <> 'unknown'" if known_only else "true"
        revenue, spend = ask(
            f"""with old as (select * from leads where created_at < $day),
                  firsts as (select opp_id, min_by(origin, (created_at, lead_id)) as origin from old
                    where opp_id is not null group by 1)
                select (select coalesce(sum(o.amount_eur), 0) from opportunities o join firsts f using (opp_id)
                    where o.outcome = 'won' and {wanted}),
                  (select sum(spend_eur * greatest(0, least(1, (date_diff('day', started_on, $day))
                     / (date_diff('day', started_on, coalesce(ended_on, $day)) + 1)))) from campaigns)
            """.replace("$day", f"timestamp '{scoped.as_of - pd.Timedelta(days=364)}'")
        )
        got = origin.origin_return(
            scoped.leads, scoped.opportunities, scoped.campaigns, scoped.as_of, 0.42, include_unknown=not known_only
        )
        assert got == same((revenue * 0.42 - spend) / spend)


def test_business_hours_and_attainment(scoped, engine):
    """Hours from assignment to acceptance: in SQL the overlap with each open day is added up."""
    calendar = load_playbook().company.calendar
    assert (calendar.opens, calendar.closes) == (time(9), time(17))
    engine.execute(
        "create or replace temp table open_days as select d as opens, d + interval 8 hour as closes from (select "
        "unnest(generate_series(timestamp '2023-05-01 09:00', timestamp '2026-06-30 09:00', interval 1 day)) as d) "
        "where isodow(d) <= 5 and d::date not in (select unnest(?::date[]))",
        [list(calendar.holiday_dates)],
    )
    worked = "greatest(0, date_diff('second', greatest(opens, assigned_at), least(closes, {})))"
    rows = engine.execute(
        f"""select lead_id, sum({worked.format("accepted_at")}) / 3600.0
           from leads join open_days on closes > assigned_at and opens < accepted_at
           where accepted_at is not null group by 1"""
    ).fetchall()
    leads = scoped.leads.set_index("lead_id")
    got = clock.business_hours(leads["assigned_at"], leads["accepted_at"], calendar).dropna()
    expected = pd.Series(dict(rows)).reindex(got.index).fillna(0.0)  # no open day between the two: no hour
    assert got.to_numpy() == same(expected.to_numpy(dtype=float))
    limit = 16.0
    share = engine.execute(
        f"""with spent as (select lead_id, accepted_at,
             (select coalesce(sum({worked.format("$as_of")}), 0)
              from open_days where closes > assigned_at and opens < $as_of) / 3600.0 as until_now,
             (select coalesce(sum({worked.format("accepted_at")}), 0)
              from open_days where closes > assigned_at and opens < accepted_at) / 3600.0 as until_done
             from leads where assigned_at is not null)
           select avg((accepted_at is not null and until_done <= $limit)::int) from spent where until_now >= $limit""",
        {"as_of": scoped.as_of, "limit": limit},
    ).fetchone()[0]
    got = clock.attainment(scoped.leads["assigned_at"], scoped.leads["accepted_at"], limit, calendar, scoped.as_of)
    assert got == same(share)


def test_credit_of_raised_hands(scoped, engine):
    """Raised hands as touches, decided deals as conversions: first, last, linear, U and time decay by channel."""
    deals = scoped.opportunities[scoped.opportunities["outcome"] != "open"]
    conversions = deals.rename(columns={"amount_eur": "value_eur"}).assign(converted=deals["outcome"] == "won")
    touches = scoped.leads.rename(columns={"created_at": "touched_at", "origin": "channel"})
    paths = attribution.touch_paths(touches, conversions, look_back_days=180)
    engine.execute(
        """create or replace temp table paths as
           with seen as (
             select o.opp_id, o.outcome = 'won' as won, amount_eur, coalesce(l.origin, 'unknown') as channel,
               l.created_at as touched
             from opportunities o join leads l on l.account_id = o.account_id and l.created_at <= o.closed_at
               and l.created_at >= o.closed_at - interval 180 day where o.outcome <> 'open'),
           with_bare as (
             from seen union all select opp_id, outcome = 'won', amount_eur, 'unknown', closed_at
             from opportunities where outcome <> 'open' and opp_id not in (select opp_id from seen))
           select *, row_number() over (partition by opp_id order by touched, channel) as place,
             count(*) over (partition by opp_id) as n,
             exp(ln(2) / 7 * date_diff('second', max(touched) over (partition by opp_id), touched) / 86400.0) as decay
           from with_bare"""
    )
    rules = {
        attribution.first_touch: "(place = 1)::int",
        attribution.last_touch: "(place = n)::int",
        attribution.linear: "1 / n",
        attribution.u_shape: "case when n = 1 then 1 when n = 2 then 0.5 when place in (1, n) then 0.4 "
        "else 0.2 / (n - 2) end",
        attribution.time_decay: "decay / sum(decay) over (partition by opp_id)",
    }
    for rule, formula in rules.items():
        rows = engine.execute(
            f"""with credited as (select *, {formula} as credit from paths)
                select channel, count(*), count(distinct opp_id), sum(credit), sum(credit * amount_eur)
                from credited where won group by 1 order by 1"""
        ).fetchall()
        got = attribution.credit_by_channel(paths, rule(paths))
        assert got.index.tolist() == [row[0] for row in rows]
        for column, position in (("touches", 1), ("deals", 2), ("credit", 3), ("value_eur", 4)):
            assert got[column].tolist() == same([float(row[position]) for row in rows]), rule.__name__
