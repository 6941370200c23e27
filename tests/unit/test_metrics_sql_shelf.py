"""Outlets, routes, shelves and prices a second time, in SQL from the CSV files, on five scopes."""

import math

import numpy as np
import pytest
from scipy import optimize, sparse


def same(value):
    return pytest.approx(math.nan if value is None else value, rel=1e-9, abs=1e-9, nan_ok=True)


def test_target_coverage(metric, ask, day):
    """Outlets of fit 60 or more that were visited in the last thirteen weeks."""
    expected = ask(
        f"""select avg(exists (from visits v where v.account_id = o.account_id
              and v.date >= {day(91)} and v.date < {day()})::int) from outlets o where fit_score >= 60"""
    )
    assert metric("target_coverage") == same(expected)


def test_hours_on_small(metric, ask):
    """Minutes at accounts below €1,200, of the minutes at accounts whose potential is known."""
    expected = ask(
        """select sum(case when potential_eur < 1200 then minutes else 0 end) / sum(minutes)
           from visits join accounts using (account_id) where potential_eur is not null"""
    )
    assert metric("hours_on_small") == same(expected)


@pytest.mark.parametrize("score", ["fit_score", "past_cases_month"])
def test_fit_uplift(metric, ask, score):
    """A score is in the top tenth when the middle of its equals is: half of them and all above are a tenth or less."""
    expected = ask(
        f"""with placed as (select {score} as score, repurchased_90d::int as again
              from placements join outlets using (account_id)),
            scores as (select score, count(*) as n, sum(again) as again,
              sum(count(*)) over (order by score desc) as upto,
              sum(count(*)) over () as everyone from placed group by 1)
            select sum(again) / sum(n) / (select avg(again) from placed) from scores
            where upto - n + (n + 1) / 2 <= everyone / 10"""
    )
    assert metric("fit_uplift", score=score) == same(expected)


def test_distribution(metric, ask):
    """Doors, and the category's cases behind them."""
    ours = "account_id in (select account_id from outlet_products)"
    numeric, weighted = ask(
        f"""select avg(({ours})::int), sum(category_cases_month) filter ({ours}) / sum(category_cases_month)
            from outlets"""
    )
    assert metric("numeric_distribution") == same(numeric)
    assert metric("weighted_distribution") == same(weighted)


def test_drops_and_cases(metric, ask):
    """Cases a delivery, and cases a customer in a month with an order."""
    drop, month = ask(
        """select sum(cases) filter (delivery_id is not null) / count(distinct delivery_id),
             sum(cases) / count(distinct (account_id, date_trunc('month', ordered_on))) from route_orders"""
    )
    assert metric("drop_size") == same(drop)
    assert metric("cases_per_customer") == same(month)


@pytest.mark.parametrize("usage", ["available", "received"])
def test_sell_through(metric, ask, day, usage):
    """Thirteen whole weeks: sold over received, with or without what lay there when they began."""
    monday = f"date_trunc('week', {day()})"
    opening = f"(select coalesce(sum(stock_units), 0) from sellout_weekly where week = {monday} - interval 14 week)"
    expected = ask(
        f"""select sum(units) / nullif(sum(received_units) + {opening if usage == "available" else 0}, 0)
            from sellout_weekly where week >= {monday} - interval 13 week and week < {monday}"""
    )
    assert metric("sell_through", usage=usage) == same(expected)


@pytest.mark.parametrize("back", [4, 5, 20])
def test_weeks_of_cover(metric, ask, day, back):
    """Stock that week over the mean of the next four; a shop's product without a normal week has no mean."""
    week = f"date_trunc('week', {day()}) - interval {back + 1} week"
    expected = ask(
        f"""with pace as (select account_id, product_id, avg(units) as units from sellout_weekly
              where week > {week} and week <= {week} + interval 4 week and not promotion group by 1, 2)
            select sum(stock_units) / sum(pace.units) from sellout_weekly s join pace using (account_id, product_id)
            where week = {week}"""
    )
    assert metric("weeks_of_cover", weeks_back=back) == same(expected)


@pytest.mark.parametrize("measure", ["units", "value_eur"])
def test_return_rate(metric, ask, day, measure):
    """By shipment: what came back of those that are fourteen weeks old."""
    expected = ask(
        f"""with old as (select * from shipments where sold_in_on <= {day(98)})
            select (select coalesce(sum({measure}), 0) from returns where shipment_id in (select shipment_id from old))
              / sum({measure}) from old"""
    )
    assert metric("return_rate", measure=measure) == same(expected)


def test_price_elasticity(metric, engine):
    """With one dummy a shop and product (sparse normal equations) in place of means taken off."""
    rows = engine.execute(
        """select dense_rank() over (order by account_id, product_id) - 1 as place, ln(units) as units,
             ln(price_eur) as price, promotion::int as promotion, display::int as display
           from sellout_weekly where not coalesce(oos, false) and units > 0 and price_eur > 0"""
    ).fetchnumpy()
    if len(rows["units"]) == 0:
        assert math.isnan(metric("price_elasticity"))
        return
    slopes = np.column_stack([rows["price"], rows["promotion"], rows["display"]]).astype(float)
    dummies = sparse.csr_matrix((np.ones(len(slopes)), (np.arange(len(slopes)), rows["place"])))
    design = sparse.hstack([sparse.csr_matrix(slopes), dummies]).tocsc()
    solved = sparse.linalg.spsolve((design.T @ design).tocsc(), design.T @ rows["units"])
    assert metric("price_elasticity") == pytest.approx(solved[0], rel=1e-6)


def test_stated_best_price(metric, engine):
    """A buyer at one price buys below it too; the price that brings most a respondent."""
    rows = engine.execute(
        """with reach as (select respondent_id, coalesce(max(price_eur) filter (would_buy), 0) as most from price_steps
             where would_buy is not null group by 1)
           select price_eur * (select count(*) from reach where most >= price_eur) as earned, price_eur
           from (select distinct price_eur from price_steps) order by earned desc, price_eur"""
    ).fetchall()
    assert metric("stated_best_price") == same(rows[0][1] if rows else None)


def test_tested_best_price(metric, engine):
    """Visitors who rented of those who were shown the price."""
    rows = engine.execute(
        """select price_eur * sum(rented) / sum(shown) as earned, price_eur from price_test
           group by price_eur having sum(shown) > 0 order by earned desc, price_eur"""
    ).fetchall()
    assert metric("tested_best_price") == same(rows[0][1] if rows else None)


def test_optimum_price(metric, engine):
    """Van Westendorp's crossing by a root finder (Brent) on the two curves, straight between the prices named."""
    answers = engine.execute(
        """select too_cheap, cheap, expensive, too_expensive from price_survey
           where too_cheap <= cheap and cheap <= expensive and expensive <= too_expensive"""
    ).fetchnumpy()
    if len(answers["cheap"]) == 0:
        assert math.isnan(metric("optimum_price"))
        return
    prices = np.unique(np.concatenate(list(answers.values())))
    cheap = [(answers["too_cheap"] >= price).mean() for price in prices]
    dear = [(answers["too_expensive"] <= price).mean() for price in prices]
    crossing = optimize.brentq(
        lambda price: np.interp(price, prices, cheap) - np.interp(price, prices, dear), prices[0], prices[-1]
    )
    flat = [price for price, left, right in zip(prices, cheap, dear, strict=True) if left == right]
    expected = (flat[0] + flat[-1]) / 2 if flat else crossing
    assert metric("optimum_price") == pytest.approx(expected, rel=1e-9)
