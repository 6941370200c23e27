"""What must hold on any company: recomputation in SQL, order of rows, size of money, products of rates."""

import sqlite3

import numpy as np
import pandas as pd
import pytest

from onefunnel.metrics import origin, pipeline, pipeline_traps

STEPS = (
    *("unaware", "aware", "engaged", "marketing_qualified", "accepted", "qualified"),
    *("trial", "proposal", "decision", "won", "live", "renewed"),
)
WALK = STEPS[5:10]
AS_OF = pd.Timestamp("2026-05-15")
SEEDS = range(4)


def make_company(seed, people=400):
    """A small random company with repeats, skips, going back, shared deals, deals without a lead and open deals."""
    rng = np.random.default_rng(seed)
    leads, deals, history = [], [], []
    start = pd.Timestamp("2023-05-16")
    for person in range(people):
        created = start + pd.Timedelta(hours=int(rng.integers(0, 1090 * 24)))
        own = rng.random() < 0.15  # sales found the deal itself
        opp = None
        mql = created + pd.Timedelta(hours=int(rng.integers(1, 500))) if rng.random() < 0.6 else pd.NaT
        accepted = mql + pd.Timedelta(hours=int(rng.integers(1, 900))) if rng.random() < 0.6 else pd.NaT
        if own or (not pd.isna(accepted) and rng.random() < 0.8):
            opp = f"o{person}"
            at = created + pd.Timedelta(days=60 * rng.random())
            first, step, outcome, closed = at, "qualified", "open", pd.NaT
            for place, name in enumerate(WALK):
                if at >= AS_OF:
                    break
                if name in WALK[1:4] and rng.random() < 0.1:
                    continue
                history.append((opp, name, at))
                step = name
                if name == "won":
                    outcome, closed = "won", at
                    break
                if place and rng.random() < 0.1:  # back and forth again
                    history.append((opp, WALK[place - 1], at + pd.Timedelta(days=2)))
                    history.append((opp, name, at + pd.Timedelta(days=4)))
                at += pd.Timedelta(days=5 + 40 * rng.random())
                if rng.random() < 0.3 and at < AS_OF:
                    outcome, closed = ("lost", "no_decision")[int(rng.integers(2))], at
                    history.append((opp, outcome, at))
                    break
            if not history or history[-1][0] != opp:
                opp = None
            else:
                deals.append((opp, first, step, outcome, closed, float(rng.integers(1000, 40000))))
        if own:
            continue
        kind = rng.choice(["event", "email", "advertising", None])
        leads.append((f"l{person}", f"c{person}", created, mql, accepted, opp, kind))
        if rng.random() < 0.2:
            leads.append((f"l{person}b", f"c{person}", created + pd.Timedelta(days=90), mql, pd.NaT, None, kind))
        if opp and rng.random() < 0.1:
            leads.append((f"l{person}c", f"x{person}", created + pd.Timedelta(days=3), mql, accepted, opp, "email"))
    deal_columns = ["opp_id", "created_at", "step_id", "outcome", "closed_at", "amount_eur"]
    lead_columns = ["lead_id", "contact_id", "created_at", "mql_at", "accepted_at", "opp_id", "origin"]
    opportunities = pd.DataFrame(deals, columns=deal_columns)
    opportunities["crm_probability"] = opportunities["step_id"].map(
        dict(zip(WALK, (0.1, 0.25, 0.75, 0.9, 1), strict=True))
    )
    opportunities["close_date_planned"] = opportunities["created_at"] + pd.Timedelta(days=130)
    return {
        "leads": pd.DataFrame(leads, columns=lead_columns),
        "opportunities": opportunities,
        "stage_history": pd.DataFrame(history, columns=["opp_id", "step_id", "entered_at"]),
        "campaigns": pd.DataFrame({"origin": ["event", "email", "advertising"], "spend_eur": [9e4, 2e4, 5e4]}).assign(
            started_on=pd.Timestamp("2023-06-01"), ended_on=pd.Timestamp("2026-05-01")
        ),
        "targets": pd.DataFrame({"territory_id": ["T01"], "quarter": ["2026Q2"], "target_eur": [2e6]}),
    }


@pytest.fixture(params=SEEDS, scope="module")
def company(request):
    return make_company(request.param)


@pytest.fixture
def sql(company):
    """The same tables in SQLite, an engine that shares no code with the metrics."""
    with sqlite3.connect(":memory:") as connection:
        for name, frame in company.items():
            frame.to_sql(name, connection, index=False)
        places = pd.DataFrame({"step_id": STEPS, "place": range(len(STEPS))})
        places.to_sql("steps", connection, index=False)
        connection.executescript("""
            create table owner as  -- of each deal: the contact who raised a hand first
              select opp_id, contact_id from (select *, row_number() over
                (partition by opp_id order by created_at, lead_id) as n from leads where opp_id is not null)
              where n = 1;
            create table unit as
              select l.contact_id, coalesce(min(o.contact_id), l.contact_id) as unit_id
              from leads l left join owner o on o.opp_id = l.opp_id group by l.contact_id;
            create table rows_ as
              select u.unit_id, 'engaged' as step_id, created_at as at from leads join unit u using (contact_id)
              union all
              select u.unit_id, 'marketing_qualified', mql_at from leads join unit u using (contact_id)
              union all
              select u.unit_id, 'accepted', accepted_at from leads join unit u using (contact_id)
              union all
              select coalesce(o.contact_id, h.opp_id), h.step_id, h.entered_at
              from stage_history h left join owner o using (opp_id);
            create table entries as
              select unit_id, step_id, place, min(julianday(at)) as at
              from rows_ join steps using (step_id) where at is not null group by unit_id, step_id;
        """)
        yield lambda text, *values: connection.execute(text, values).fetchone()[0]


@pytest.mark.parametrize("start", range(2, 9))
def test_conversion_is_what_sql_says(company, sql, start):
    """Every neighbouring pair of steps, cohort at least 120 days old."""
    expected = sql(
        """select avg((select count(*) from entries b where b.unit_id = a.unit_id and b.place > a.place) > 0)
           from entries a where a.place = ? and a.at <= julianday(?) - 120""",
        start,
        str(AS_OF),
    )
    got = pipeline.stage_conversion(
        company["leads"], company["stage_history"], AS_OF, STEPS, STEPS[start], STEPS[start + 1], maturity_days=120
    )
    assert got == pytest.approx(expected)


def test_rates_are_what_sql_says(company, sql):
    """Win rates, mean days and won by day 120."""
    deals = company["opportunities"]
    decided = "from opportunities where outcome <> 'open'"
    assert pipeline.win_rate(deals) == pytest.approx(sql(f"select avg(outcome = 'won') {decided}"))
    by_value = sql(f"select sum(amount_eur * (outcome = 'won')) / sum(amount_eur) {decided}")
    assert pipeline.win_rate_by_value(deals) == pytest.approx(by_value)
    old = f"{decided} and julianday(created_at) <= julianday('2025-05-15')"
    days = sql(f"select avg(julianday(closed_at) - julianday(created_at)) {old}")
    assert pipeline.mean_days_to_close(deals, AS_OF) == pytest.approx(days)
    velocity = sql(f"""select (select count(*) from opportunities where outcome = 'open')
        * avg(outcome = 'won') * (select avg(amount_eur) {old} and outcome = 'won') / {days} {old}""")
    assert pipeline.pipeline_velocity(deals, AS_OF) == pytest.approx(velocity)
    in_time = sql("""select avg(outcome = 'won' and julianday(closed_at) - julianday(created_at) <= 120)
        from opportunities where julianday(created_at) <= julianday('2026-05-15') - 120""")
    assert pipeline.won_by_day(deals, AS_OF, day=120) == pytest.approx(in_time)


@pytest.mark.parametrize("within_days", [None, 60])
def test_snapshots_are_what_a_walk_over_all_mondays_gives(company, within_days):
    """Brute force: on each old Monday, look where each deal stands and what became of it."""
    history = company["stage_history"].merge(
        pd.DataFrame({"step_id": STEPS, "place": range(len(STEPS))}), on="step_id", how="left"
    )
    history = history.sort_values(["opp_id", "entered_at", "place"])
    facts = company["opportunities"].set_index("opp_id")
    seen = {}
    for monday in pd.date_range("2023-05-15", AS_OF - pd.Timedelta(days=365), freq="W-MON"):
        for opp, rows in history[history["entered_at"] <= monday].groupby("opp_id"):
            step, deal = rows["step_id"].iloc[-1], facts.loc[opp]
            if step in WALK[:-1] and not (deal["closed_at"] <= monday):
                won = deal["outcome"] == "won" and (
                    within_days is None or deal["closed_at"] - monday <= pd.Timedelta(days=within_days)
                )
                seen.setdefault(step, []).append((opp, deal["amount_eur"], won))
    shares = pipeline.snapshot_shares(
        company["opportunities"], company["stage_history"], AS_OF, STEPS, within_days=within_days, min_deals=1
    )
    for step, rows in seen.items():
        frame = pd.DataFrame(rows, columns=["opp", "eur", "won"])
        assert shares.loc[step, "sightings"] == len(frame)
        assert shares.loc[step, "deals"] == frame["opp"].nunique()
        assert shares.loc[step, "by_count"] == pytest.approx(frame["won"].mean())
        assert shares.loc[step, "by_value"] == pytest.approx((frame["eur"] * frame["won"]).sum() / frame["eur"].sum())


def all_values(company):
    """Every number the pipeline and origin metrics give, by name."""
    leads, deals, history = company["leads"], company["opportunities"], company["stage_history"]
    pair = {"from_step": "marketing_qualified", "to_step": "accepted"}
    spans = {"min_deals": 1}
    return {
        "stage_conversion": pipeline.stage_conversion(leads, history, AS_OF, STEPS, **pair),
        "counts_repeats": pipeline_traps.counts_repeats(leads, history, AS_OF, STEPS, **pair),
        "largest_drop": pipeline.largest_drop(leads, history, AS_OF, STEPS),
        "win_rate_by_value": pipeline.win_rate_by_value(deals),
        "sales_cycle": pipeline.sales_cycle(deals, AS_OF),
        "lost_waiting": pipeline_traps.treats_lost_as_waiting(deals, AS_OF),
        "coverage": pipeline.coverage(deals, company["targets"], AS_OF),
        "days_in_step": pipeline.median_days_in_step(deals, history, AS_OF, "trial"),
        "origin_return": origin.origin_return(leads, deals, company["campaigns"], AS_OF, margin=0.42),
        "velocity eur": pipeline.pipeline_velocity(deals, AS_OF),
        "weighted eur": pipeline.weighted_pipeline(deals, history, AS_OF, STEPS, **spans),
        "reached eur": pipeline_traps.reached_for_standing(deals, history, AS_OF, STEPS, **spans),
        "crm eur": pipeline_traps.crm_defaults(deals, history, AS_OF, STEPS, **spans),
    }


def test_the_order_of_rows_changes_nothing(company):
    """Shuffle every table: the same numbers, the same funnel."""
    shuffled = {name: frame.sample(frac=1, random_state=5) for name, frame in company.items()}
    assert all_values(shuffled) == pytest.approx(all_values(company))
    tables = [pipeline.stage_funnel(c["leads"], c["stage_history"], AS_OF, STEPS) for c in (company, shuffled)]
    pd.testing.assert_frame_equal(*tables)


def test_money_in_thousands_gives_the_same_shares(company):
    """All euros × 1000: euro metrics grow a thousandfold, shares, days and ratios stay."""
    larger = {name: frame.copy() for name, frame in company.items()}
    for table, column in (("opportunities", "amount_eur"), ("campaigns", "spend_eur"), ("targets", "target_eur")):
        larger[table][column] *= 1000
    before = all_values(company)
    expected = {name: value * 1000 if name.endswith(" eur") else value for name, value in before.items()}
    assert all_values(larger) == pytest.approx(expected)


def test_rates_along_the_funnel_multiply_to_the_whole(company):
    """The product of neighbouring ratios is won ÷ engaged, and no step is reached by more than the one before."""
    counts = pipeline.cohort_counts(company["leads"], company["stage_history"], AS_OF, STEPS)
    ratios = counts / counts.shift(1)
    assert ratios.prod() == pytest.approx(counts["won"] / counts["engaged"])
    assert (counts.diff().dropna() <= 0).all()


def test_the_funnel_adds_up_over_cohorts(company):
    """Summed over quarters, "reached" and "same period" count the same people: everyone who raised a hand."""
    table = pipeline.stage_funnel(company["leads"], company["stage_history"], AS_OF, STEPS)
    sums = table.groupby("step_id")[["reached", "same_period"]].sum()
    units = pipeline.first_entries(company["leads"], company["stage_history"])
    people = units.loc[units["step_id"] == "engaged", "unit_id"].nunique()
    assert sums.loc["engaged"].to_list() == [people, people]
    # "reached" also counts those who skipped the step.
    assert (sums["reached"] >= sums["same_period"]).all()


def test_shares_by_age_always_add_to_one(company):
    """won + lost + open = 1 at every age; the shares won and lost never fall."""
    curve = pipeline.cumulative_incidence(company["opportunities"], AS_OF)
    assert curve[["won", "lost", "open"]].sum(axis=1).to_numpy() == pytest.approx(1)
    assert (curve[["won", "lost"]].diff().dropna() >= 0).all(axis=None)


def test_inputs_are_left_as_they_were(company):
    """No metric writes into the tables it is given."""
    before = {name: frame.copy() for name, frame in company.items()}
    all_values(company)
    for name, frame in company.items():
        pd.testing.assert_frame_equal(frame, before[name])
