"""What the truths of outlets and route rest on: once more with the csv module, in every book, with other seeds."""

from __future__ import annotations

import csv
import math
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from onefunnel.data import book, command, load
from onefunnel.data.truths import load_truths, measure, truth

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
LEARNERS = [f"learner{number:03d}" for number in range(40)]
GOOD = ("cafe", "salon", "supermarket")


def rows(name):
    with (DATASETS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def near(truth_id, found):
    row = truth(truth_id, DATASETS / "truths")
    assert abs(found - row.value) <= row.tolerance + 1e-12, f"{truth_id}: {found}, planted {row.value}"


@pytest.fixture(scope="module")
def territory():
    """Account → territory, without the demonstration's."""
    return {row["account_id"]: row["territory_id"] for row in rows("accounts") if row["territory_id"] != "T00"}


@pytest.fixture(scope="module")
def outlets(territory):
    return {row["account_id"]: row for row in rows("outlets") if row["account_id"] in territory}


@pytest.fixture(scope="module")
def orders(territory):
    return [row for row in rows("route_orders") if row["account_id"] in territory]


@pytest.fixture(scope="module")
def tables():
    return load(DATASETS)


@pytest.fixture(scope="module")
def books(tables):
    return [book(tables, learner) for learner in LEARNERS]


# ---- once more with the csv module alone ---------------------------------------------------------------------------


def test_outlet_rules_by_hand(territory, outlets):
    """The old rule's choice and the good outlets: how many, how many depots, and who bought again."""
    ruled = {name for name, row in outlets.items() if int(row["past_cases_month"]) >= 12}
    good = {
        name
        for name, row in outlets.items()
        if row["outlet_type"] in GOOD and row["income_level"] in ("middle", "higher")
    }
    depots = [
        name for name in ruled if (outlets[name]["outlet_type"], outlets[name]["income_level"]) == ("depot", "lower")
    ]
    assert len(outlets) == 4_000
    near("pt19_rule_outlets", len(ruled))
    near("pt19_good_outlets", len(good))
    near("pt19_depots", len(depots) / len(ruled))
    there, of = Counter(territory[name] for name in depots), Counter(territory[name] for name in ruled)
    near("pt19_fewest_depots", min(there[name] / of[name] for name in of))
    near("pt19_most_depots", max(there[name] / of[name] for name in of))
    again = {
        row["account_id"]: row["repurchased_90d"] == "true"
        for row in rows("placements")
        if row["account_id"] in territory
    }
    assert len(again) == 600
    for truth_id, chosen in (("pt19_all", set(again)), ("pt19_rule", ruled), ("pt19_good", good)):
        placed = [again[name] for name in chosen & set(again)]
        near(truth_id, sum(placed) / len(placed))


def test_share_and_distribution_by_hand(territory, outlets, orders):
    """Category and our share of it on the routes; who stocks us, by number and by the category they sell."""
    route = {name for name, row in outlets.items() if row["on_route"] == "true"}
    sizes = Counter(territory[name] for name in route)
    assert len(sizes) == 24 and min(sizes.values()) >= 84 and max(sizes.values()) <= 118
    cases = {name: int(row["category_cases_month"]) for name, row in outlets.items()}
    category = sum(cases[name] for name in route)
    near("pt21_category", category / len(route))
    ours = sum(int(row["cases"]) for row in orders if row["ordered_on"] >= "2025-05-15" and row["account_id"] in route)
    near("pt21_share", ours / 12 / category)
    wanted = [math.ceil(0.03 * sum(cases[name] for name in route if territory[name] == one) / 2) for one in sizes]
    near("pt21_fewest", min(wanted))
    near("pt21_most", max(wanted))
    stocks = {row["account_id"] for row in rows("outlet_products")} & set(outlets)
    depots = {name for name, row in outlets.items() if row["outlet_type"] == "depot"}
    near("pt22_numeric", len(stocks) / len(outlets))
    near("pt22_weighted", sum(cases[name] for name in stocks) / sum(cases.values()))
    near("pt22_numeric_depots", len(stocks & depots) / len(depots))
    near("pt22_weighted_depots", sum(cases[name] for name in stocks & depots) / sum(cases[name] for name in depots))


@pytest.mark.parametrize(("half", "first", "last"), [("mix", "T01", "T12"), ("execution", "T13", "T24")])
def test_why_revenue_fell_by_hand(half, first, last, territory, orders):
    """Customers, orders, cases, price, visits and shelves of the first quarter of 2026 against that of 2025."""

    def in_quarter(day, year):
        return f"{year}-01-01" <= day < f"{year}-04-01"

    here = {name for name, one in territory.items() if first <= one <= last}
    levers = {}
    for year in (2025, 2026):
        own = [row for row in orders if row["account_id"] in here and in_quarter(row["ordered_on"], year)]
        customers, deliveries = ({row[key] for row in own} for key in ("account_id", "delivery_id"))
        cases, net = sum(int(row["cases"]) for row in own), sum(float(row["net_eur"]) for row in own)
        levers[year] = (len(customers), len(deliveries) / len(customers), cases / len(deliveries), net / cases, net)
    changes = [after / before - 1 for before, after in zip(levers[2025], levers[2026], strict=True)]
    for name, change in zip(("customers", "orders", "cases", "price", "revenue"), changes, strict=True):
        near(f"pt35_{half}_{name}", change)
    visits = Counter(row["date"][:4] for row in rows("visits") if row["account_id"] in here and row["date"][5:7] < "04")
    near(f"pt35_{half}_visits", visits["2026"] / visits["2025"] - 1)
    looks = [row for row in rows("shelf_checks") if row["account_id"] in here and in_quarter(row["checked_on"], 2026)]
    near(
        f"pt35_{half}_empty_after", sum(int(row["empty"]) for row in looks) / sum(int(row["facings"]) for row in looks)
    )


def test_market_by_hand(orders):
    """We grew by 9 %, the category by 12 %: the share fell by half a point."""
    ours, category = Counter(), Counter()
    for row in orders:
        ours[row["ordered_on"][:4]] += float(row["net_eur"])
    for row in rows("market_size"):
        if row["micromarket_id"] != "M0":
            category[row["quarter"][:4]] += float(row["category_eur"])
    near("pt36_growth", ours["2025"] / ours["2024"] - 1)
    near("pt36_market_growth", category["2025"] / category["2024"] - 1)
    near("pt36_share_before", ours["2024"] / category["2024"])
    near("pt36_share_after", ours["2025"] / category["2025"])


def test_machines_by_hand(territory):
    """Old machines in use, by full years of the calendar; who kept the buyer when a machine failed."""
    machines = [row for row in rows("machines") if row["account_id"] in territory]
    near("pt44_old", sum(row["status"] == "active" and row["installed_on"] <= "2021-05-15" for row in machines))
    for when, early in (("before", True), ("after", False)):
        failed = [
            row
            for row in machines
            if row["status"] in ("replaced", "lost") and (row["talked_on"] < row["ended_on"]) == early
        ]
        near(f"pt44_{when}", sum(row["status"] == "replaced" for row in failed) / len(failed))
    for row in machines:
        assert row["ordered_on"] < row["installed_on"] < (row["ended_on"] or "2026-05-15")
        assert bool(row["ended_on"]) == (row["status"] != "active")


# ---- what holds in each book, and the shape of the tables ----------------------------------------------------------


def lever_changes(own):
    """Changes of customers, orders, cases and price, and of the visits, in a book."""
    levers = []
    for year in ("2025", "2026"):
        lines = own.route_orders
        lines = lines[lines["ordered_on"].between(f"{year}-01-01", f"{year}-03-31")]
        customers, deliveries, cases = (
            lines["account_id"].nunique(),
            lines["delivery_id"].nunique(),
            lines["cases"].sum(),
        )
        seen = own.visits["date"].between(f"{year}-01-01", f"{year}-03-31").sum()
        levers.append([customers, deliveries / customers, cases / deliveries, lines["net_eur"].sum() / cases, seen])
    names = ["customers", "orders", "cases", "price", "visits"]
    return dict(zip(names, (after / before - 1 for before, after in zip(*levers, strict=True)), strict=True))


def test_every_book_tells_its_territorys_cause(books):
    """T01–T12: an order lost about 8 % of its cases. T13–T24: customers and visits went, cases stayed."""
    for own in books:
        change = lever_changes(own)
        if own.territory_id <= "T12":
            assert -0.11 < change["cases"] < -0.05 and change["visits"] == 0
            assert change["cases"] < min(change["customers"], change["orders"]) - 0.01
        else:
            assert -0.08 < change["customers"] < -0.045 and -0.28 < change["visits"] < -0.16
            assert abs(change["cases"]) < 0.025
            assert change["customers"] + change["orders"] < change["cases"] - 0.03
        assert -0.01 < change["price"] < 0.07


def test_every_book_has_new_and_returning_customers(books):
    """In the last full quarter somebody was new in 24 months, and somebody else only seemed so in 12."""
    for own in books:
        when = own.route_orders.groupby("account_id")["ordered_on"]
        quarter = own.route_orders["ordered_on"].between("2026-01-01", "2026-03-31")
        buyers = set(own.route_orders.loc[quarter, "account_id"])
        new = {name for name in buyers if when.min()[name] >= pd.Timestamp("2026-01-01")}
        last_year = own.route_orders["ordered_on"].between("2025-01-01", "2025-12-31")
        seem_new = buyers - set(own.route_orders.loc[last_year, "account_id"])
        assert new and new < seem_new


def test_route_questions_have_distinct_answers_in_every_book(books):
    """Cases a delivery differ from cases a line and a customer's month; old machines from two wrong counts of them."""
    for own in books:
        year = own.route_orders[own.route_orders["ordered_on"] >= "2025-05-15"]
        drop = year["cases"].sum() / year["delivery_id"].nunique()
        month = year["ordered_on"].dt.strftime("%Y-%m") + year["account_id"]
        for wrong in (year["cases"].mean(), year["cases"].sum() / month.nunique()):
            assert abs(wrong - drop) > 2 * max(0.005 * drop, 0.05)
        machines = own.machines
        active, old = machines["status"] == "active", machines["installed_on"] <= "2021-05-15"
        right = (active & old).sum()
        assert right >= 5 and old.sum() > right + 1
        assert (active & (machines["ordered_on"] <= "2021-05-15")).sum() > right + 1


def test_repaired_rule_is_worth_it_in_every_territory(tables):
    """By what the 600 units say of each type and area, the good outlets buy again 2.5 times as often as the rule's."""
    company = tables.company()
    outlets = company.outlets.merge(company.accounts[["account_id", "territory_id"]], on="account_id")
    cell = ["outlet_type", "income_level"]
    rate = company.placements.merge(outlets, on="account_id").groupby(cell)["repurchased_90d"].mean().rename("rate")
    outlets = outlets.join(rate, on=cell)
    good = outlets["outlet_type"].isin(GOOD) & (outlets["income_level"] != "lower")
    by = outlets["territory_id"]
    gain = (
        outlets["rate"][good].groupby(by).mean() / outlets["rate"][outlets["past_cases_month"] >= 12].groupby(by).mean()
    )
    assert len(gain) == 24 and gain.min() >= 2.5


def test_customers_do_not_buy_more_than_there_is(tables):
    """Hardly any outlet ordered more cases from us in a year than its whole category sells."""
    year = tables.route_orders[tables.route_orders["ordered_on"] >= "2025-05-15"]
    ours = year.groupby("account_id")["cases"].sum() / 12
    category = tables.outlets.set_index("account_id")["category_cases_month"].reindex(ours.index)
    assert (ours > category).mean() < 0.01


def test_display_units_were_placed_in_all_territories(territory):
    """Each territory has between 20 and 30 of the 600 units."""
    counts = Counter(territory[row["account_id"]] for row in rows("placements") if row["account_id"] in territory)
    assert len(counts) == 24 and min(counts.values()) >= 20 and max(counts.values()) <= 30


def test_nothing_of_the_route_happens_after_the_tables_end(orders):
    """Orders begin with 2024 and end before `as_of`; visits and looks at the shelf fall on working days."""
    assert min(row["ordered_on"] for row in orders) < "2024-01-10"
    assert max(row["ordered_on"] for row in orders) < "2026-05-15"
    for name, column in (("visits", "date"), ("shelf_checks", "checked_on")):
        days = [date.fromisoformat(row[column]) for row in rows(name) if not row["account_id"].startswith("A900")]
        assert max(days) < date(2026, 5, 15)
        assert all(day.weekday() < 5 for day in days)


def test_demonstration_route_is_round():
    """T00: 5 customers × 2 orders × 10 cases × 40 euros = 4,000; a year later 4 × 2 × 10 × 40 = 3,200."""
    shown = defaultdict(lambda: [set(), set(), 0, 0.0])
    own = {row["account_id"] for row in rows("accounts") if row["territory_id"] == "T00"}
    for row in rows("route_orders"):
        if row["account_id"] in own and row["ordered_on"][5:7] < "04":
            year = shown[row["ordered_on"][:4]]
            year[0].add(row["account_id"])
            year[1].add(row["delivery_id"])
            year[2] += int(row["cases"])
            year[3] += float(row["net_eur"])
    found = {year: (len(a), len(b), cases, net) for year, (a, b, cases, net) in shown.items()}
    assert found == {"2025": (5, 10, 100, 4000.0), "2026": (4, 8, 80, 3200.0)}


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_truths_of_outlets_do_not_depend_on_the_seed(tmp_path, seed):
    """Another seed gives other outlets with the same planted figures."""
    folder = tmp_path / "tables"
    assert command.make_tables(folder, seed) == 0
    tables = load(folder)
    # shares that follow from who happens to be on the route may drift by a little
    drifts = ("pt21_", "pt20_", "pt46_", "pt35_mix_revenue", "pt35_execution_revenue", "start_cases")
    for row in load_truths(DATASETS / "truths" / "outlets.yml"):
        if not row.id.startswith(drifts):
            assert row.holds(measure(row, tables)), row.id
