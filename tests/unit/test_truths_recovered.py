"""Every planted truth stands in the frozen tables, and every everyday reading of it goes wrong as declared."""

from __future__ import annotations

import csv
import statistics
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from onefunnel.data import load
from onefunnel.data.truths import TruthError, load_truths, measure, misread, truth

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
TRUTHS = load_truths(DATASETS / "truths")
AS_OF = date(2026, 5, 15)
MATURE = "2025-05-16"
STEPS = ["qualified", "trial", "proposal", "decision", "won"]
OFF = ["on_invoice", "volume_bonus", "free_goods", "terms", "freight", "marketing_support", "service"]


@pytest.fixture(scope="module")
def tables():
    return load(DATASETS)


@pytest.mark.parametrize("row", TRUTHS, ids=lambda row: row.id)
def test_truth_holds_in_the_frozen_tables(row, tables):
    """A truth's estimator finds its value within the tolerance."""
    measured = measure(row, tables)
    assert row.holds(measured), f"{row.says} Measured: {measured}."


@pytest.mark.parametrize("row", [row for row in TRUTHS if row.naive], ids=lambda row: row.id)
def test_naive_reading_goes_wrong_as_declared(row, tables):
    """The everyday reading misses the truth in the declared direction and by at least as much as declared."""
    read = misread(row, tables)
    assert row.misleads(read), f"{row.says} Naive reading: {read}."
    assert not row.holds(read), f"{row.says} The naive reading {read} lies within the tolerance."


def test_every_truth_names_a_lesson_and_existing_tables(tables):
    """Rows name tables that exist, at least one lesson, and a confounder wherever there is a naive reading."""
    for row in TRUTHS:
        assert row.lessons and row.tables, row.id
        assert set(row.tables) <= set(tables.names), row.id
        assert bool(row.naive) <= bool(row.confounder), row.id


def test_unknown_truth_is_named_with_what_there_is():
    """Asking for a truth that is not there lists those that are."""
    with pytest.raises(TruthError, match="pt01_accepted"):
        truth("pt99", DATASETS / "truths")


def test_faulty_rows_are_refused_with_their_name(tmp_path):
    """A row with a misspelt field, a missing field, a double id or no direction names itself."""
    whole = "- {id: a, plant: A, says: x, tables: [], population: x, estimator: x, value: 1, tolerance: 0, lessons: []"
    for text, message in (
        (whole + ", tolerence: 1}\n", 'unknown field "tolerence"'),
        ("- {id: a, plant: A}\n", '"a" lacks'),
        (whole + "}\n" + whole + "}\n", "twice"),
        (whole + ", naive: x}\n", "naive_sign"),
    ):
        path = tmp_path / "truths.yml"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(TruthError, match=message):
            load_truths(path)


# ---- the same truths once more with the csv module alone ----------------------------------------------------------


def rows(name):
    with (DATASETS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def day(text):
    return date.fromisoformat(text)


def near(truth_id, found):
    row = truth(truth_id, DATASETS / "truths")
    assert abs(found - row.value) <= row.tolerance, f"{truth_id}: {found}, planted {row.value}"


@pytest.fixture(scope="module")
def leads():
    return [row for row in rows("leads") if row["territory_id"] != "T00"]


@pytest.fixture(scope="module")
def deals():
    return {row["opp_id"]: row for row in rows("opportunities") if row["territory_id"] != "T00"}


@pytest.fixture(scope="module")
def history(deals):
    entered = defaultdict(dict)
    for row in rows("stage_history"):
        if row["opp_id"] in deals:
            entered[row["opp_id"]][row["step_id"]] = day(row["entered_at"])
    return entered


@pytest.fixture(scope="module")
def people(leads):
    """Mature people: contact → everything any of their rows says."""
    found = defaultdict(lambda: {"first": "9999", "mql": False, "accepted": False, "opp": ""})
    for row in leads:
        person = found[row["contact_id"]]
        person["first"] = min(person["first"], row["created_at"])
        person["mql"] |= bool(row["mql_at"])
        person["accepted"] |= bool(row["accepted_at"])
        person["opp"] = person["opp"] or row["opp_id"]
    return {contact: person for contact, person in found.items() if person["first"] < MATURE}


def test_lead_steps_by_hand(people, deals):
    """18,000 mature people: 42 % scored, 38 % of those accepted, 76.6 % of those a deal, 3.3 % customers."""
    assert len(people) == 18_000
    scored = sum(person["mql"] for person in people.values())
    accepted = sum(person["accepted"] for person in people.values())
    qualified = sum(bool(person["opp"]) for person in people.values())
    won = sum(bool(person["opp"]) and deals[person["opp"]]["outcome"] == "won" for person in people.values())
    near("pt01_marketing_qualified", scored / len(people))
    near("pt01_accepted", accepted / scored)
    near("pt01_qualified", qualified / accepted)
    near("pt01_customers", won / len(people))


def test_deal_steps_by_hand(leads, deals, history):
    """Of mature deals that reached a step, the planted share reached the next; skipped steps count as passed."""
    raised = {row["opp_id"]: row["created_at"] for row in leads if row["opp_id"]}
    furthest = [
        max(STEPS.index(step) for step in steps if step in STEPS)
        for opp, steps in history.items()
        if raised.get(opp, deals[opp]["created_at"]) < MATURE
    ]
    for place, step in enumerate(STEPS[1:], start=1):
        reached = sum(at >= place for at in furthest)
        before = sum(at >= place - 1 for at in furthest)
        near(f"pt01_{step}", reached / before)


def test_counts_and_means_by_origin_are_the_plan_of_the_origin_lesson(people, leads, deals):
    """People, deals, wins and the mean won amount by origin are those that the origin lesson's returns rest on."""
    expected = {
        "bought_list": (5200, 270, 39, 9.0),
        "advertising": (3100, 510, 140, 12.0),
        "email": (2600, 210, 59, 10.5),
        "unknown": (2580, 240, 60, 11.5),
        "promotion": (1400, 255, 74, 7.8),
        "telemarketing": (1100, 132, 33, 11.0),
        "event": (900, 285, 81, 14.8),
        "direct_mail": (700, 72, 21, 13.5),
        "referral": (420, 225, 95, 16.5),
    }
    origin = {}
    for row in leads:
        origin.setdefault(row["contact_id"], row["origin"])
    for name, (hands, opportunities, wins, mean) in expected.items():
        own = [person for contact, person in people.items() if origin[contact] == name]
        opps = [deals[person["opp"]] for person in own if person["opp"]]
        won = [float(deal["amount_eur"]) / 1000 for deal in opps if deal["outcome"] == "won"]
        assert (len(own), len(opps), len(won)) == (hands, opportunities, wins), name
        assert statistics.mean(won) == pytest.approx(mean, abs=0.01), name


def test_win_rates_by_hand(deals):
    """Won ÷ decided by count, by value, above and up to €25,000."""
    decided = [deal for deal in deals.values() if deal["outcome"] != "open"]
    size = {deal["opp_id"]: float(deal["amount_eur"]) for deal in decided}
    won = [deal for deal in decided if deal["outcome"] == "won"]
    near("pt09_by_count", len(won) / len(decided))
    near("pt09_by_value", sum(size[deal["opp_id"]] for deal in won) / sum(size.values()))
    for name, large in (("pt09_large", True), ("pt09_small", False)):
        here = [deal for deal in decided if (size[deal["opp_id"]] > 25_000) == large]
        near(name, sum(deal["outcome"] == "won" for deal in here) / len(here))


def test_trial_is_the_constraint_by_hand(deals, history):
    """Most open deals stand in the trial; its days, waits and slots are the planted ones."""
    standing = Counter(deal["step_id"] for deal in deals.values() if deal["outcome"] == "open")
    near("pt02_open_share", standing["trial"] / standing.total())
    moved, left = [], []
    for steps in history.values():
        if "trial" not in steps:
            continue
        later = [at for step, at in steps.items() if at > steps["trial"] and step not in ("lost", "no_decision")]
        ends = [at for at in steps.values() if at > steps["trial"]]
        moved += [(min(later) - steps["trial"]).days] if later else []
        left += [(min(ends) - steps["trial"]).days] if ends else []
    near("pt02_days", statistics.median(moved))
    near("pt02_days_p80", statistics.quantiles(left, n=5)[3])
    slots = [row for row in rows("trial_slots") if row["opp_id"] in deals]
    old = AS_OF - timedelta(days=180)
    waits = {
        row["opp_id"]: (day(row["date"]) - history[row["opp_id"]]["trial"]).days
        for row in slots
        if history[row["opp_id"]]["trial"] < old
    }
    near("pt02_wait", statistics.median(waits.values()))
    passed = {opp: deals[opp]["step_id"] in STEPS[2:] for opp in waits}
    near("pt02_short_wait", statistics.mean(passed[opp] for opp in waits if waits[opp] <= 14))
    near("pt02_long_wait", statistics.mean(passed[opp] for opp in waits if waits[opp] > 14))
    quarters = Counter((row["date"][:4], (int(row["date"][5:7]) - 1) // 3) for row in slots)
    full = [count for quarter, count in quarters.items() if ("2023", 3) <= quarter < ("2026", 1)]
    assert len(full) == 10
    near("pt02_slots", statistics.mean(full))


def test_waterfall_and_leaks_by_hand():
    """Pocket and margin add up; two accounts a territory leak, all others keep clearly more than 62 %."""
    place = {row["account_id"]: row["territory_id"] for row in rows("accounts") if row["line"] == "packaged"}
    total, shops = Counter(), defaultdict(Counter)
    for row in rows("orders"):
        if place[row["account_id"]] == "T00":
            continue
        amounts = {name: round(float(row[f"{name}_eur"]) * 100) for name in ["list", *OFF, "cost"]}
        total.update(amounts)
        shops[row["account_id"]].update(amounts)
        shops[row["account_id"]]["cases"] += int(row["cases"])
    for name in [*OFF, "cost"]:
        near(f"pt25_{name}", total[name] / total["list"])
    pocket = total["list"] - sum(total[name] for name in OFF)
    near("pt25_pocket", pocket / total["list"])
    near("pt25_margin", (pocket - total["cost"]) / pocket)
    territories = defaultdict(list)
    for account, shop in shops.items():
        territories[place[account]].append((1 - sum(shop[name] for name in OFF) / shop["list"], shop["cases"]))
    assert len(territories) == 24
    for shares in territories.values():
        assert len(shares) == 15
        low = [cases for share, cases in shares if share < 0.62]
        assert len(low) == 2
        assert max(low) < statistics.median(cases for _, cases in shares)
        assert all(share > 0.64 for share, _ in shares if share >= 0.62)


def test_operating_margin_by_hand():
    """Revenue less every cost line of the last four quarters is 8 % of revenue."""
    lines = rows("profit_and_loss")
    last = sorted({row["quarter"] for row in lines})[-4:]
    revenue = sum(float(row["eur"]) for row in lines if row["quarter"] in last and row["line"] == "revenue")
    costs = sum(float(row["eur"]) for row in lines if row["quarter"] in last and row["line"] != "revenue")
    near("pt26_operating_margin", (revenue - costs) / revenue)


def test_repeats_are_second_rows_and_nobody_is_accepted_twice(leads):
    """Nine in a hundred scored people have a second scored row; no person has two acceptances or two deals."""
    scored = Counter(row["contact_id"] for row in leads if row["mql_at"])
    accepted = Counter(row["contact_id"] for row in leads if row["accepted_at"])
    dealt = Counter(row["contact_id"] for row in leads if row["opp_id"])
    near("pt01_repeats", sum(count > 1 for count in scored.values()) / len(scored))
    assert max(accepted.values()) == 1
    assert max(dealt.values()) == 1


def test_company_is_about_the_size_the_lessons_speak_of(leads, deals):
    """About 29,500 people, 4,400 deals, 350 open worth five million; the open quarter looks short, not hopeless."""
    assert 28_500 <= len({row["contact_id"] for row in leads}) <= 30_500
    assert 4_300 <= len(deals) <= 4_700
    is_open = [deal for deal in deals.values() if deal["outcome"] == "open"]
    assert 330 <= len(is_open) <= 375
    assert 4.8e6 <= sum(float(deal["amount_eur"]) for deal in is_open) <= 5.4e6
    quarter = ("2026-04-01", "2026-06-30")
    target = sum(
        float(row["target_eur"])
        for row in rows("targets")
        if row["quarter"] == "2026-Q2" and row["territory_id"] != "T00"
    )
    assert target == 1_300_000
    won = sum(float(d["amount_eur"]) for d in deals.values() if d["outcome"] == "won" and d["closed_at"] >= quarter[0])
    due = sum(float(d["amount_eur"]) for d in is_open if str(AS_OF) <= d["close_date_planned"] <= quarter[1])
    assert 2.0 <= due / (target - won) <= 2.7


def test_lost_deals_linger_before_they_are_closed(history):
    """A lost deal is closed at least 45 days after its last step began: that is the silence nobody wrote down."""
    for steps in history.values():
        closing = steps.get("lost") or steps.get("no_decision")
        if closing:
            assert (closing - max(at for step, at in steps.items() if step in STEPS)).days >= 45


def test_leads_grow_by_a_fifth_and_stop_before_the_tables_end(leads):
    """People by year of the tables: + 18 %; nothing happens on or after the morning of `as_of`."""
    first = {}
    for row in leads:
        first.setdefault(row["contact_id"], row["created_at"])
    years = Counter("first" if at < "2024-05-16" else "second" if at < MATURE else "third" for at in first.values())
    near("pt01_growth", years["second"] / years["first"] - 1)
    end = datetime(2026, 5, 15)
    for row in leads:
        for column in ("created_at", "mql_at", "assigned_at", "accepted_at"):
            assert not row[column] or datetime.fromisoformat(row[column]) < end
