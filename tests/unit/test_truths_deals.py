"""Deals, dates, assets and rivals: the main figures once more with the csv module alone, and what rows cannot say."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import mean, median

import pytest

from onefunnel.data import book, load
from onefunnel.data.truths import truth

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
AS_OF = date(2026, 5, 15)
STEPS = ["qualified", "trial", "proposal", "decision"]
LEARNERS = [f"learner{number:03d}" for number in range(40)]


def rows(name):
    with (DATASETS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def day(text):
    return date.fromisoformat(text)


def near(name, measured):
    row = truth(name)
    assert abs(measured - row.value) <= row.tolerance, (name, measured)


def win_rate(deals):
    return mean(deal["outcome"] == "won" for deal in deals)


@pytest.fixture(scope="module")
def deals():
    return {row["opp_id"]: row for row in rows("opportunities") if row["territory_id"] != "T00"}


@pytest.fixture(scope="module")
def decided(deals):
    return [deal for deal in deals.values() if deal["outcome"] != "open"]


@pytest.fixture(scope="module")
def moves(deals):
    by_deal = defaultdict(list)
    for row in rows("close_date_moves"):
        if row["opp_id"] in deals:
            by_deal[row["opp_id"]].append(row)
    return {opp: sorted(own, key=lambda row: row["moved_on"]) for opp, own in by_deal.items()}


@pytest.fixture(scope="module")
def stays(deals):
    """Deal → its steps in order with the day each began and ended (open: the last evening of the tables)."""
    entered = defaultdict(list)
    for row in rows("stage_history"):
        if row["opp_id"] in deals:
            entered[row["opp_id"]].append((day(row["entered_at"]), row["step_id"]))
    found = {}
    for opp, steps in entered.items():
        steps = sorted(steps, key=lambda at: (at[0], at[1] == "won"))
        ends = [begin for begin, _ in steps[1:]] + [AS_OF]
        found[opp] = [(step, begin, end) for (begin, step), end in zip(steps, ends, strict=True) if step in STEPS]
    return found


@pytest.fixture(scope="module")
def tables():
    return load(DATASETS)


@pytest.fixture(scope="module")
def books(tables):
    return [book(tables, learner) for learner in LEARNERS]


def test_joint_calls_and_brand_by_hand(decided):
    """Each of the eight cells is won at its rate; the raw gaps are three times the gaps within."""
    segment = {row["account_id"]: row["segment"] for row in rows("accounts")}
    cells = defaultdict(list)
    for deal in decided:
        kind = "rebuy" if deal["purchase_type"] == "rebuy" else "new"
        joint = "joint" if deal["joint_call"] == "true" else "others"
        known = "known" if deal["brand_known"] == "true" else "unknown"
        for cell in (f"pt11_{kind}_{joint}", f"pt29_{known}_{segment[deal['account_id']].lower()}", joint, known):
            cells[cell].append(deal)
    for cell in [name for name in cells if name.startswith("pt")]:
        near(cell, win_rate(cells[cell]))
    assert win_rate(cells["joint"]) - win_rate(cells["others"]) == pytest.approx(0.155, abs=0.01)
    assert win_rate(cells["known"]) - win_rate(cells["unknown"]) == pytest.approx(0.14, abs=0.01)


def test_pushes_by_hand(decided, moves):
    """Deals moved at most once, twice and more often: shares and win rates."""
    by_count = defaultdict(list)
    for deal in decided:
        by_count[min(max(len(moves.get(deal["opp_id"], ())), 1), 3)].append(deal)
    for count, name in ((1, "few"), (2, "two"), (3, "many")):
        near(f"pt15_{name}", win_rate(by_count[count]))
    near("pt15_few_share", len(by_count[1]) / len(decided))
    near("pt15_two_share", len(by_count[2]) / len(decided))


def test_moves_are_a_chain_that_ends_at_the_planned_close(deals, moves):
    """Each move starts where the one before it ended, goes to a later day, and happens while the deal is open."""
    for opp, own in moves.items():
        deal = deals[opp]
        assert own[-1]["close_date_after"] == deal["close_date_planned"], opp
        for row, following in pairwise(own):
            assert row["close_date_after"] == following["close_date_before"], opp
        for row in own:
            assert row["close_date_before"] < row["close_date_after"], opp
            assert row["close_date_before"] >= deal["created_at"], opp
            assert deal["created_at"] < row["moved_on"] < (deal["closed_at"] or str(AS_OF)), opp


def test_next_steps_are_those_of_open_deals_and_lie_ahead(deals):
    """A closed deal has no next step; an open one has a day after the tables end, or none."""
    for deal in deals.values():
        if deal["next_step_on"]:
            assert deal["outcome"] == "open" and day(deal["next_step_on"]) > AS_OF, deal["opp_id"]
    without = [deal for deal in deals.values() if deal["outcome"] == "open" and not deal["next_step_on"]]
    assert Counter(deal["territory_id"] for deal in without).most_common()[-1][1] >= 3


def test_speed_by_hand(deals, decided):
    """Median days, the young deals that look quicker, and the share won by day 120 of deals that old."""
    days = {deal["opp_id"]: (day(deal["closed_at"]) - day(deal["created_at"])).days for deal in decided}
    young = str(AS_OF - timedelta(days=120))
    near("pt12_mean", mean(days.values()))
    near("pt12_winners", median(days[deal["opp_id"]] for deal in decided if deal["outcome"] == "won"))
    near("pt12_young", median(days[deal["opp_id"]] for deal in decided if deal["created_at"] > young))
    old = [deal for deal in deals.values() if deal["created_at"] <= young]
    quick = [deal for deal in old if deal["outcome"] == "won" and days[deal["opp_id"]] <= 120]
    near("pt12_won_by_120", len(quick) / len(old))


def test_standing_deals_by_hand(deals, stays):
    """Of the deals that stand in a step on one of the mature Mondays, the planted share is won in the end."""
    monday, last = date(2023, 5, 22), AS_OF - timedelta(days=365)
    stood, won = Counter(), Counter()
    while monday <= last:
        for opp, own in stays.items():
            for step, begin, end in own:
                if begin <= monday < end:
                    stood[step] += 1
                    won[step] += deals[opp]["outcome"] == "won"
        monday += timedelta(days=7)
    for step in STEPS:
        near(f"pt14_{step}", won[step] / stood[step])


def test_open_quarter_by_hand(deals):
    """Won, due and past due of the quarter; what is due covers 2.3 times what is left."""
    is_open = [deal for deal in deals.values() if deal["outcome"] == "open"]
    due = sum(float(d["amount_eur"]) for d in is_open if str(AS_OF) <= d["close_date_planned"] <= "2026-06-30")
    past = sum(float(d["amount_eur"]) for d in is_open if d["close_date_planned"] < str(AS_OF))
    won = sum(
        float(d["amount_eur"]) for d in deals.values() if d["outcome"] == "won" and d["closed_at"] >= "2026-04-01"
    )
    near("pt16_due", due)
    near("pt16_past_due", past)
    near("pt16_won", won)
    near("pt16_coverage", due / (1_300_000 - won))


def test_assets_by_hand(deals, decided, stays):
    """41 assets in 14 cells, 19 unused; the savings sheet's raw rates; each use lies within the step it names."""
    assets = {row["asset_id"]: row for row in rows("assets")}
    use = [row for row in rows("asset_use") if row["opp_id"] in deals]
    assert len(assets) == 41 and len({(row["job_title"], row["industry"]) for row in assets.values()}) == 14
    assert len(set(assets) - {row["asset_id"] for row in use}) == 19
    sheet = {row["opp_id"] for row in use if assets[row["asset_id"]]["name"] == "Savings sheet"}
    near("pt38_sheet_raw", win_rate([deal for deal in decided if deal["opp_id"] in sheet]))
    near("pt38_sheet_without", win_rate([deal for deal in decided if deal["opp_id"] not in sheet]))
    for row in use:
        begin, end = {step: (begin, end) for step, begin, end in stays[row["opp_id"]]}[row["step_id"]]
        assert begin <= day(row["used_on"]) <= end and day(row["used_on"]) < AS_OF, row


def test_every_reader_has_words_for_every_feature():
    """Six features, told for six job titles; no two readers of a feature get the same metric."""
    told = rows("features")
    assert len(told) == 36
    assert len({row["metric"] for row in told}) == 36
    assert len({row["benefit"] for row in told}) == 36


def test_one_hole_is_clearly_the_largest(tables):
    """The second largest cell without an asset holds at most four fifths of the largest one's euros."""
    from onefunnel.data.estimators import product

    company = tables.company()
    assert product.hole_eur(company, 2) <= 0.8 * product.hole_eur(company)


def test_ratings_stay_on_the_scale_and_spread(deals):
    """Interviews are about decided deals; ratings are whole points of ten that differ from buyer to buyer."""
    said = [row for row in rows("win_loss") if row["opp_id"] in deals]
    assert all(deals[row["opp_id"]]["outcome"] != "open" for row in said)
    assert len({row["opp_id"] for row in said}) == 120
    for issue in {row["issue"] for row in said}:
        ours = {int(row["ours"]) for row in said if row["issue"] == issue}
        assert len(ours) >= 4 and min(ours) >= 1 and max(ours) <= 10, issue


def test_books_share_what_is_the_companys(books, tables):
    """Assets and features are the same for everybody; uses, moves, interviews and offers follow the accounts."""
    for own in books:
        assert len(own.assets) == 41 and len(own.features) == 36
        mine = set(own.opportunities["opp_id"])
        for name in ("asset_use", "close_date_moves", "win_loss"):
            assert len(own[name]) == tables[name]["opp_id"].isin(mine).sum(), name
        assert set(own.competitor_offers["account_id"]) <= set(own.accounts["account_id"])
        assert len(own.competitor_offers) >= 4


def test_plan_passes_the_slots_in_each_book(books):
    """A territory's next quarter plans 12 or 13 trials and has 10 or 11 slots, so every learner must say no."""
    for own in books:
        plan = own.targets.loc[own.targets["quarter"] == "2026-Q3", "trials_planned"].sum()
        slots = (own.trial_slots["date"] > "2026-06-30").sum()
        assert plan in (12, 13) and slots in (10, 11)


def test_each_book_has_a_few_deals_with_two_hazards(books, tables):
    """Old in its step, moved twice, no next step: one to four deals of a book have two of these."""
    from onefunnel.metrics.ageing import days_in_step, step_ageing

    steps = [*STEPS, "won"]
    sizes, alike = Counter(), 0
    for own in books:
        is_open = own.opportunities[own.opportunities["outcome"] == "open"].set_index("opp_id")
        age = days_in_step(own.opportunities, own.stage_history, own.as_of).reindex(is_open.index)
        normal = step_ageing(own.opportunities, own.stage_history, own.as_of, steps)["normal_days"]
        pushes = own.close_date_moves.groupby("opp_id").size().reindex(is_open.index).fillna(0)
        hazards = (age > is_open["step_id"].map(normal)) + (pushes >= 2) * 1 + is_open["next_step_on"].isna()
        stuck = set(hazards.index[hazards >= 2])
        sizes[len(stuck)] += 1
        for column, ascending in (("amount_eur", False), ("created_at", True), ("crm_probability", False)):
            ranked = is_open.sort_values(column, ascending=ascending, kind="stable").index[: len(stuck)]
            alike += set(ranked) == stuck
    assert set(sizes) <= {1, 2, 3, 4}
    assert alike <= 0.05 * len(books)
