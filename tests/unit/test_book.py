"""A learner's book: stable for ever, different from a colleague's, cut by account, with everything lessons rely on."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd
import pytest

from onefunnel.data import Book, DataError, book, load
from onefunnel.data.schema import read_package

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
# SHA-256 of the sorted ids of office and packaged accounts, and of all accounts, one a line.
PINNED_ANA = "74ce644db89a478e6a49bc80420b1e69c8b171d4f5c99ec9aa32ef36b5d963f3"
PINNED_BEN = "9683a16624c78d9e56cfbe318a64379c9dbb4bbf0c8d739f26492e6bac620bb4"
WHOLE_ANA = "0a1d41f2a4a1c2c1d1c2780fb349a1b484a9404c5926d7ccfa4f6a38ac0e040f"
WHOLE_BEN = "e38746ca514a485ce39b2f731966f18d5452a4761dbf30451c124cf3ef7e1e98"

LEARNERS = [f"learner{number:03d}" for number in range(200)]
OFF = [
    "on_invoice_eur",
    "volume_bonus_eur",
    "free_goods_eur",
    "terms_eur",
    "freight_eur",
    "marketing_support_eur",
    "service_eur",
]


@pytest.fixture(scope="module")
def tables():
    return load(DATASETS)


@pytest.fixture(scope="module")
def books(tables):
    return [book(tables, learner) for learner in LEARNERS]


def digest(values):
    return hashlib.sha256("\n".join(sorted(values)).encode()).hexdigest()


def expected_accounts(tables, learner, draw):
    """The rule of a book, written once more: order everything by SHA-256 of "learner/name", keep the first ones."""

    def in_order(names):
        return sorted(names, key=lambda name: hashlib.sha256(f"{learner}/{name}".encode()).digest())

    accounts = tables.accounts
    territory = in_order(f"T{number:02d}" for number in range(1, 25))[draw]
    here = accounts[accounts["territory_id"] == territory]
    office = list(here.loc[here["line"] == "office", "account_id"])
    shops = list(here.loc[here["line"] == "packaged", "account_id"])
    orders = tables.orders[tables.orders["account_id"].isin(shops)].set_index("account_id")
    kept = 1 - orders[OFF].sum(axis=1).groupby(level=0).sum() / orders["list_eur"].groupby(level=0).sum()
    leaking = list(kept.nsmallest(2).index)
    chosen = in_order(office)[: len(office) * 4 // 5] + leaking + in_order(set(shops) - set(leaking))[:10]
    for alike in neighbours(tables, here):
        for at in range(0, len(alike), 5):
            five = alike[at : at + 5]
            chosen += in_order(five)[:-1] if len(five) > 2 else five
    return territory, chosen


def neighbours(tables, here):
    """Shops, doors and outlets of a territory in the order in which one of five is left out, written once more."""
    bought = {name: {"2025": [set(), 0], "2026": [set(), 0]} for name in here["account_id"]}
    for row in tables.route_orders.itertuples():
        if row.account_id in bought and row.ordered_on.quarter == 1 and row.ordered_on.year in (2025, 2026):
            entry = bought[row.account_id][str(row.ordered_on.year)]
            entry[0].add(row.delivery_id)
            entry[1] += row.cases
    counts = {
        name: (len(years["2025"][0]), len(years["2026"][0]), years["2025"][1], years["2026"][1], name)
        for name, years in bought.items()
    }
    groups = {}
    for line, name in zip(here["line"], here["account_id"], strict=True):
        if line in ("outlet", "shop", "door"):
            before, after, *_ = counts[name]
            groups.setdefault((line, before > 0, after > 0) if line == "outlet" else (line,), []).append(name)
    return [sorted(names, key=counts.get) for names in groups.values()]


@pytest.mark.parametrize(("learner", "draw"), [("ana", 0), ("ana", 1), ("ben", 0), ("ben", 1)])
def test_book_follows_its_rule(tables, learner, draw):
    """Territory and accounts are those that the rule gives, derived here on its own."""
    own = book(tables, learner, draw)
    territory, accounts = expected_accounts(tables, learner, draw)
    assert own.territory_id == territory
    assert digest(own.accounts["account_id"]) == digest(accounts)


def test_books_never_change(tables):
    """Two books pinned for ever: if this fails, every learner has lost the numbers of earlier lessons."""
    for learner, sold, whole in (("ana", PINNED_ANA, WHOLE_ANA), ("ben", PINNED_BEN, WHOLE_BEN)):
        accounts = book(tables, learner).accounts
        assert digest(accounts.loc[accounts["line"].isin(["office", "packaged"]), "account_id"]) == sold
        assert digest(accounts["account_id"]) == whole


def test_id_is_read_generously(tables):
    """Capitals and blanks around an id do not give another book; no id at all is refused."""
    assert book(tables, " Ana ").accounts.equals(book(tables, "ana").accounts)
    with pytest.raises(DataError, match="id"):
        book(tables, "  ")


def test_book_is_tables_of_one_territory(tables):
    """A book is Tables with its learner and territory; every reference in it finds its row."""
    own = book(tables, "ana")
    assert isinstance(own, Book) and own.learner_id == "ana" and own.as_of == tables.as_of
    for name in ("accounts", "leads", "opportunities", "trial_slots", "targets", "territories"):
        assert set(own[name]["territory_id"]) == {own.territory_id}, name
    for table in read_package(DATASETS).tables:
        for key in table.foreign_keys:
            given = own[table.name][key.field].dropna()
            assert given.isin(own[key.other][key.other_field]).all(), (table.name, key)


def test_sampled_by_account_never_by_deal(tables, books):
    """A kept account brings all its contacts, leads, deals, steps and orders; a dropped one brings none."""
    for own in books[:20]:
        accounts = set(own.accounts["account_id"])
        for name in ("contacts", "leads", "opportunities", "orders"):
            full = tables[name]
            assert len(own[name]) == full["account_id"].isin(accounts).sum(), name
            assert set(own[name]["account_id"]) <= accounts, name
        steps = tables.stage_history
        assert len(own.stage_history) == steps["opp_id"].isin(set(own.opportunities["opp_id"])).sum()


def test_book_holds_four_fifths_of_the_office_accounts(tables, books):
    """80 % of the territory's office accounts, to the account."""
    for own in books[:20]:
        local = tables.accounts[tables.accounts["territory_id"] == own.territory_id]
        assert (own.accounts["line"] == "office").sum() == (local["line"] == "office").sum() * 4 // 5


def test_book_holds_four_fifths_of_outlets_shops_and_doors(tables, books):
    """132–134 of 166 or 167 outlets, four of five shops, two of two or three doors, with all that hangs on them."""
    for own in books[:20]:
        lines = own.accounts["line"].value_counts()
        assert 132 <= lines["outlet"] <= 134 and lines["shop"] == 4 and lines["door"] == 2
        outlets = set(own.accounts.loc[own.accounts["line"] == "outlet", "account_id"])
        assert set(own.outlets["account_id"]) == outlets
        for name in ("route_orders", "visits", "shelf_checks", "placements", "outlet_products"):
            assert len(own[name]) == tables[name]["account_id"].isin(outlets).sum(), name


def test_two_learners_differ_even_on_one_territory(books):
    """No two of 200 learners share their accounts, though many share a territory."""
    assert len({digest(own.accounts["account_id"]) for own in books}) == len(books)
    assert len({own.territory_id for own in books}) == 24


def test_second_draw_is_another_territory(tables):
    """Hidden checks use a second book; it never lies on the learner's own territory, nor on the demonstration's."""
    for learner in LEARNERS:
        drawn = [book(tables, learner, draw).territory_id for draw in (0, 1)] if learner < "learner040" else ["", "x"]
        assert len(set(drawn)) == 2 and "T00" not in drawn


def test_draws_end_with_the_territories(tables):
    """A draw beyond the last territory is refused with the number there is."""
    with pytest.raises(DataError, match="24"):
        book(tables, "ana", 24)


def test_book_has_twelve_packaged_accounts_and_both_leaks(books):
    """Twelve shops; exactly two keep less than 62 % of list and buy less than the book's median."""
    for own in books:
        sums = own.orders.groupby("account_id")[["cases", "list_eur", *OFF]].sum()
        assert len(sums) == 12 and (own.accounts["line"] == "packaged").sum() == 12
        share = 1 - sums[OFF].sum(axis=1) / sums["list_eur"]
        assert ((share < 0.62) & (sums["cases"] < sums["cases"].median())).sum() == 2
        assert (share < 0.62).sum() == 2


def test_book_has_about_twelve_open_deals(books):
    """Eight to sixteen open deals in at least 95 % of books."""
    counts = pd.Series([(own.opportunities["outcome"] == "open").sum() for own in books])
    assert counts.between(8, 16).mean() >= 0.95
    assert 11 <= counts.mean() <= 13


def funnel(own):
    """Mature people of a book at engaged, marketing-qualified, accepted, qualified."""
    person = own.leads.groupby("contact_id")[["created_at", "mql_at", "accepted_at", "opp_id"]].agg(
        {"created_at": "min", "mql_at": "count", "accepted_at": "count", "opp_id": "count"}
    )
    person = person[person["created_at"] < "2025-05-16"]
    return [len(person), *((person[column] > 0).sum() for column in ("mql_at", "accepted_at", "opp_id"))]


def test_every_book_shows_the_companys_funnel(books):
    """About 42, 38 and 77 % in nearly every book; most people stop before mql, the lowest rate is mql → accepted."""
    counts = pd.DataFrame([funnel(own) for own in books], columns=["hands", "mql", "accepted", "deal"])
    rates = pd.DataFrame(
        {
            "mql": counts["mql"] / counts["hands"],
            "accepted": counts["accepted"] / counts["mql"],
            "deal": counts["deal"] / counts["accepted"],
        }
    )
    for step, value in (("mql", 0.42), ("accepted", 0.38), ("deal", 0.766)):
        assert (rates[step] - value).abs().lt(0.05).mean() >= 0.95, step
    assert (rates.idxmin(axis=1) == "accepted").mean() >= 0.95
    stopped = -counts.diff(axis=1).drop(columns="hands")
    assert (stopped.idxmax(axis=1) == "mql").mean() >= 0.95


def test_trial_is_the_slowest_step_in_nearly_every_book(books):
    """The median stay before moving on is longest in the trial in at least 95 % of books."""
    slowest = []
    for own in books:
        rows = own.stage_history.sort_values(["opp_id", "entered_at"], kind="stable")
        after = rows.groupby("opp_id")[["step_id", "entered_at"]].shift(-1)
        moved = after["step_id"].notna() & ~after["step_id"].isin(["lost", "no_decision"])
        days = (after["entered_at"] - rows["entered_at"])[moved]
        slowest.append(days.groupby(rows["step_id"][moved]).median().idxmax())
    assert (pd.Series(slowest) == "trial").mean() >= 0.95


def test_value_is_usually_below_count(books):
    """The win rate by value is below that by count in most books; lessons that need 95 % use the company's table."""
    below = []
    for own in books:
        decided = own.opportunities[own.opportunities["outcome"] != "open"]
        won = decided["outcome"] == "won"
        below.append(decided.loc[won, "amount_eur"].sum() / decided["amount_eur"].sum() < won.mean())
    assert pd.Series(below).mean() >= 0.85


def test_targets_are_cut_to_the_learners_accounts(tables):
    """The learner answers for 80 % of the accounts, so the target is 80 % of the territory's, to the hundred."""
    own = book(tables, "ana")
    whole = tables.targets[tables.targets["territory_id"] == own.territory_id].set_index("quarter")["target_eur"]
    cut = own.targets.set_index("quarter")["target_eur"]
    assert ((cut - whole * 0.8).abs() <= 50).all()
    assert (cut % 100 == 0).all()


def test_book_works_on_the_company_table_too(tables):
    """Lessons hand the company's tables around; the book is the same as from all tables."""
    assert book(tables.company(), "ana").accounts.equals(book(tables, "ana").accounts)


def test_a_campaign_costs_a_book_its_share_of_the_leads(tables):
    """Spend ÷ all leads of the campaign = spend in the book ÷ its leads in the book; none where it has no lead."""
    mine = book(tables, "ana.ruiz")
    whole = tables["campaigns"].set_index("campaign_id")["spend_eur"]
    leads_of_all, leads_here = (frame["campaign_id"].value_counts() for frame in (tables["leads"], mine["leads"]))
    spend = mine["campaigns"].set_index("campaign_id")["spend_eur"]
    assert (spend[~spend.index.isin(leads_here.index)] == 0).all()
    both = spend.index.intersection(leads_here.index)
    expected = whole[both] / leads_of_all[both] * leads_here[both]
    assert len(both) > 20
    assert (spend[both] - expected).abs().max() <= 0.0051
