"""What rows of truths cannot say about leads, origins and customers: by hand with the csv module, and in each book."""

from __future__ import annotations

import csv
import statistics
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from onefunnel.data import book, load
from onefunnel.data.truths import truth
from onefunnel.metrics import attribution, clock, origin, retention
from onefunnel.playbook import load as load_playbook

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
AS_OF = datetime(2026, 5, 15)
MATURE = "2025-05-16"
LEARNERS = [f"learner{number:03d}" for number in range(40)]
WHOLE_PATH_DAYS = 500
YEAR_DAYS = 364  # the tables end on the evening before `as_of`


def rows(name):
    with (DATASETS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def near(truth_id, found):
    row = truth(truth_id, DATASETS / "truths")
    assert abs(found - row.value) <= row.tolerance, f"{truth_id}: {found}, planted {row.value}"


def moment(text):
    return datetime.fromisoformat(text)


@pytest.fixture(scope="module")
def tables():
    return load(DATASETS)


@pytest.fixture(scope="module")
def leads():
    return [row for row in rows("leads") if row["territory_id"] != "T00"]


@pytest.fixture(scope="module")
def deals():
    return {row["opp_id"]: row for row in rows("opportunities") if row["territory_id"] != "T00"}


@pytest.fixture(scope="module")
def calendar():
    return load_playbook().company.calendar


# ---- once more with the csv module alone -------------------------------------------------------------------------


def test_untouched_by_hand(leads):
    """48 of 100 assigned before Thursday 13:00 were never called, 78 of bought names, 18 of those that fit."""
    due = [row for row in leads if row["assigned_at"] and row["assigned_at"] <= "2026-05-14T13:00"]
    left = [row for row in due if row["first_touch_kind"] != "human"]
    near("pt03_untouched", len(left) / len(due))
    near("pt03_nothing_at_all", sum(not row["first_touch_at"] for row in due) / len(due))
    fitting = [row for row in due if int(row["fit_score"]) >= 60]
    near("pt03_high_fit", statistics.mean(row["first_touch_kind"] != "human" for row in fitting))
    by_origin = Counter(row["origin"] for row in left)
    whole = Counter(row["origin"] for row in due)
    for name, count in whole.items():
        near(f"pt03_{name}", by_origin[name] / count)
    near(
        "pt03_without_lists",
        (len(left) - by_origin["bought_list"]) / (len(due) - whole["bought_list"]),
    )


def test_speed_within_intent_by_hand(leads):
    """Raw, the quick touches bring nearly four times as many deals; with one intent, a fifth more."""
    counts = defaultdict(Counter)
    for row in leads:
        if row["first_touch_kind"] == "human" and moment(row["assigned_at"]) < AS_OF - timedelta(days=90):
            waited = moment(row["first_touch_at"]) - moment(row["assigned_at"])
            speed = "fast" if waited <= timedelta(hours=1) else "slow" if waited > timedelta(hours=24) else ""
            counts[row["intent"], speed].update(["won" if row["opp_id"] else "not"])
    for intent in ("demo_request", "download", "list"):
        for speed in ("fast", "slow"):
            cell = counts[intent, speed]
            near(f"pt04_{intent}_{speed}", cell["won"] / cell.total())
    total = {speed: counts["demo_request", speed] + counts["download", speed] + counts["list", speed]
             for speed in ("fast", "slow")}  # fmt: skip
    raw = [total[speed]["won"] / total[speed].total() for speed in ("fast", "slow")]
    assert 3.6 <= raw[0] / raw[1] <= 4.0


def test_returns_by_hand(leads, deals):
    """Return on a margin of 42 % by origin, from the leads' first rows and what campaigns had cost."""
    first, deal_of = {}, {}
    for row in sorted(leads, key=lambda row: row["created_at"]):
        first.setdefault(row["contact_id"], row)
        if row["opp_id"]:
            deal_of[row["contact_id"]] = deals[row["opp_id"]]
    revenue, spend = Counter(), Counter()
    for contact, row in first.items():
        deal = deal_of.get(contact)
        if row["created_at"] < MATURE and deal and deal["outcome"] == "won":
            revenue[row["origin"]] += float(deal["amount_eur"])
    for row in rows("campaigns"):
        if row["started_on"] < MATURE and row["campaign_id"] < "K900":
            spend[row["origin"]] += float(row["spend_eur"])
    for name, cost in spend.items():
        near(f"pt05_{name}", (revenue[name] * 0.42 - cost) / cost)
    near("pt08_with_unknown", (revenue.total() * 0.42 - spend.total()) / spend.total())


def test_credit_by_hand(deals):
    """The first and the last marketing touch of the won deals turn the order of events and e-mail round."""
    paths = defaultdict(list)
    for row in rows("touches"):
        if row["function"] == "marketing" and deals.get(row["opp_id"], {}).get("outcome") == "won":
            paths[row["opp_id"]].append((row["touched_at"], row["channel"]))
    for name, cost in (("event", 315_000), ("email", 63_000)):
        for rule, pick in (("first", min), ("last", max)):
            won = sum(float(deals[opp]["amount_eur"]) for opp, path in paths.items() if pick(path)[1] == name)
            near(f"pt07_{name}_{rule}", (won * 0.42 - cost) / cost)


def test_renewals_by_hand(deals):
    """61 of 100 contracts renew after a hand-over scored 2 or lower, 81 of the others."""
    score = {row["opp_id"]: int(row["experience_score"]) for row in rows("hand_overs")}
    stayed = defaultdict(list)
    for row in rows("renewals"):
        if row["opp_id"] in deals and row["due_on"] < "2026-05-15":
            stayed[score[row["opp_id"]] <= 2].append(row["outcome"] in ("renewed", "grown"))
    near("pt43_low", statistics.mean(stayed[True]))
    near("pt43_high", statistics.mean(stayed[False]))
    near("pt43_all", statistics.mean(stayed[True] + stayed[False]))


# ---- the metrics find the same -----------------------------------------------------------------------------------


def test_metrics_agree_with_the_truths(tables, calendar):
    """The metric functions, with the company's own holidays, find what is planted."""
    company = tables.company()
    leads, deals = company["leads"], company["opportunities"]
    near("pt03_untouched", clock.untouched_rate(leads, tables.as_of, calendar))
    near("pt03_in_time", clock.response_in_time(leads, tables.as_of, calendar))
    returns = origin.return_by_origin(leads, deals, company["campaigns"], tables.as_of, 0.42, YEAR_DAYS)["return"]
    for name in ("bought_list", "advertising", "email", "event", "direct_mail"):
        near(f"pt05_{name}", returns[name])
    near("pt43_gross_value", retention.gross_renewal_rate(company["renewals"], deals["created_at"].min(), tables.as_of))
    near("pt43_first_value", retention.time_to_first_value(company["installs"], tables.as_of))


@pytest.mark.parametrize(("rule", "name"), [(attribution.first_touch, "first"), (attribution.last_touch, "last")])
def test_attribution_agrees_with_the_truths(tables, rule, name):
    """Credit by the metric's own paths gives the planted returns; each path's credit adds to one deal."""
    company = tables.company()
    deals = company["opportunities"]
    closed = deals[deals["opp_id"].isin(company["touches"]["opp_id"]) & (deals["outcome"] != "open")]
    conversions = closed.assign(converted=closed["outcome"] == "won", value_eur=closed["amount_eur"])
    paths = attribution.touch_paths(company["touches"], conversions, WHOLE_PATH_DAYS, ("marketing",))
    table = attribution.credit_by_channel(paths, rule(paths))
    for channel, cost in (("event", 315_000), ("email", 63_000)):
        near(f"pt07_{channel}_{name}", (table.loc[channel, "value_eur"] * 0.42 - cost) / cost)
    assert table["credit"].sum() == pytest.approx(conversions["converted"].sum())


# ---- every book --------------------------------------------------------------------------------------------------


def test_each_book_shows_the_untouched(tables, calendar):
    """In at least 95 % of books nearly half are untouched, an automatic reply hides most, and fit says why."""
    shares = []
    for learner in LEARNERS:
        leads = book(tables, learner).leads
        human = leads["first_touch_kind"] == "human"
        high = leads["fit_score"] >= 60
        rate = clock.untouched_rate(leads, tables.as_of, calendar)
        fitting = clock.untouched_rate(leads[high], tables.as_of, calendar)
        nothing = clock.untouched_rate(leads.assign(first_touch_kind="human"), tables.as_of, calendar)
        assert human.sum() > 100
        shares.append((0.42 <= rate <= 0.54, fitting < rate - 0.15, nothing < rate - 0.25))
    for holds in zip(*shares, strict=True):
        assert statistics.mean(holds) >= 0.95


# ---- dirt and order ----------------------------------------------------------------------------------------------


def test_typed_origins_need_cleaning_and_can_be_cleaned(leads):
    """Dozens of spellings, each with one meaning; what says nothing is unknown, and nothing else is."""
    meaning = defaultdict(set)
    for row in leads:
        meaning[row["origin_label"]].add(row["origin"])
    assert all(len(origins) == 1 for origins in meaning.values())
    spelt = Counter(next(iter(origins)) for origins in meaning.values())
    assert set(spelt) == {row["origin"] for row in leads} and len(spelt) == 9
    assert min(spelt.values()) >= 4 and len(meaning) >= 30
    assert {"", "Other", "n/a", "-"} <= {label for label, origins in meaning.items() if origins == {"unknown"}}


def test_nobody_is_accepted_or_turned_down_untouched(leads):
    """Acceptance and rejection exclude each other and follow a human touch, never an automatic reply."""
    for row in leads:
        decided = bool(row["accepted_at"]) + bool(row["reject_reason"])
        assert decided <= 1
        assert not decided or row["first_touch_kind"] == "human"
        assert bool(row["first_touch_kind"]) == bool(row["first_touch_at"])
        if row["accepted_at"]:
            assert row["assigned_at"] <= row["first_touch_at"] <= row["accepted_at"]
    open_ones = [row for row in leads if row["first_touch_kind"] == "human" and not row["accepted_at"]]
    undecided = [row for row in open_ones if not row["reject_reason"]]
    assert all(moment(row["first_touch_at"]) >= AS_OF - timedelta(days=15) for row in undecided)


def test_recycled_rows_name_an_earlier_row_of_the_same_person(leads):
    """A row is recycled when the person's first is 30 days or more older; a sooner one runs on the first clock."""
    by_id = {row["lead_id"]: row for row in leads}
    first = {}
    for row in leads:
        before = by_id[first.setdefault(row["contact_id"], row["lead_id"])]
        late = moment(row["created_at"]) - moment(before["created_at"]) >= timedelta(days=30)
        assert row["recycled_from"] == (before["lead_id"] if late else "")
    assert 500 < sum(bool(row["recycled_from"]) for row in leads) < 1200


def test_touches_are_the_whole_way_to_each_old_deal(leads, deals):
    """One touch made the lead, one the deal, in this order, and none lies after the deal was closed."""
    raised = {row["opp_id"]: row for row in leads if row["opp_id"] and row["created_at"] < MATURE}
    paths = defaultdict(list)
    for row in rows("touches"):
        if row["opp_id"] in deals:
            paths[row["opp_id"]].append(row)
    assert set(paths) == set(raised)
    for opp, path in paths.items():
        made = {row["milestone"]: row for row in path if row["milestone"]}
        assert set(made) == {"lead_created", "opportunity_created"}
        assert made["lead_created"]["touched_at"] == raised[opp]["created_at"][:10]
        assert made["lead_created"]["channel"] == raised[opp]["origin"]
        assert made["opportunity_created"]["touched_at"] == deals[opp]["created_at"]
        bought = [row["touched_at"] for row in path if row["function"] != "service"]
        assert max(bought) <= (deals[opp]["closed_at"] or "2026-05-15")


def test_experiments_add_up_and_early_looks_are_early():
    """An experiment's rows agree on all but the counts; strata of both arms are the same; a look is never late."""
    found = defaultdict(list)
    for row in rows("experiments"):
        found[row["experiment_id"]].append(row)
        assert row["started_on"] < row["looked_on"] <= row["planned_end"]
        assert bool(row["successes"]) != bool(row["outcome_mean"])
        assert not row["successes"] or float(row["successes"]) <= int(row["n"])
    for same in found.values():
        assert (
            len({(row["play"], row["question"], row["unit"], row["outcome"], row["planned_end"]) for row in same}) == 1
        )
        strata = {arm: {(row["looked_on"], row["stratum"]) for row in same if row["arm"] == arm}
                  for arm in ("treated", "control")}  # fmt: skip
        assert strata["treated"] == strata["control"]
    assert {row["origin"] for group in found.values() for row in group if row["origin"]} == {
        "advertising", "email", "event", "promotion", "direct_mail", "telemarketing", "referral", "bought_list",
    }  # fmt: skip


def test_tables_of_this_theme_are_small():
    """Touches, hand-overs, installations, renewals and experiments together stay under 0.7 MB."""
    names = ("touches", "hand_overs", "installs", "renewals", "experiments")
    assert sum((DATASETS / f"{name}.csv").stat().st_size for name in names) < 700_000
