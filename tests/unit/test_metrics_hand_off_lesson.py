"""Touches, calls and the customer's path, counted on frames of a few rows."""

from __future__ import annotations

from datetime import time
from types import SimpleNamespace

import pandas as pd
import pytest

from onefunnel.data import load
from onefunnel.metrics import call_list, journey_map, touch_counts
from onefunnel.playbook import load as load_playbook

AS_OF = pd.Timestamp("2026-05-15")
CALENDAR = SimpleNamespace(
    working_days=["mon", "tue", "wed", "thu", "fri"], opens=time(9), closes=time(17), holiday_dates=[]
)


def lead(assigned, touched=None, kind=None, intent="download", opp=None):
    """One row of `leads`."""
    return {
        "assigned_at": pd.Timestamp(assigned),
        "first_touch_at": pd.Timestamp(touched),
        "first_touch_kind": kind,
        "intent": intent,
        "opp_id": opp,
    }


@pytest.fixture
def leads():
    """Never handed over: one. Clock ran out: a call, a robot's answer, nothing. Clock still running: one."""
    return pd.DataFrame(
        [
            lead(None),
            lead("2026-05-04 10:00", "2026-05-04 10:30", "human"),
            lead("2026-05-04 10:00", "2026-05-04 10:01", "auto"),
            lead("2026-05-04 10:00"),
            lead("2026-05-14 16:00"),
        ]
    )


def test_only_clocks_that_ran_out_are_judged(leads):
    """Of five leads three are judged; no human touched two of them, nothing at all touched one."""
    assert touch_counts.run_out(leads, AS_OF, CALENDAR) == 3
    assert touch_counts.never_by_a_human(leads, AS_OF, CALENDAR) == 2
    assert touch_counts.never_by_anything(leads, AS_OF, CALENDAR) == 1
    assert touch_counts.all_leads(leads) == 5
    assert touch_counts.reached_by_nothing(leads, AS_OF, CALENDAR) == pytest.approx(1 / 3)
    assert touch_counts.reached_by_nothing_of_all(leads, AS_OF, CALENDAR) == pytest.approx(1 / 5)


def test_the_untouched_are_judged_by_their_fit(leads):
    """Of the three whose clock ran out two have the fit: a robot answered one, nothing reached the other."""
    leads = leads.assign(fit_score=[80, 20, 60, 75, 90])
    count = (leads, AS_OF, CALENDAR)
    assert touch_counts.run_out(*count, least_fit=60) == touch_counts.never_by_a_human(*count, least_fit=60) == 2
    assert touch_counts.never_by_anything(*count, least_fit=60) == 1
    assert touch_counts.untouched_fitting(*count, least_fit=60) == pytest.approx(1)
    assert touch_counts.auto_reply_to_fitting(*count, least_fit=60) == pytest.approx(1 / 2)


def test_leaving_out_the_fit_reads_too_high():
    """In the sample 18 of 100 with the fit, 48 of 100 in all: by plain filters without the last, unfinished week."""
    company = load().company()
    given = (company.leads, company.as_of, load_playbook().company.calendar)
    old = company.leads[company.leads["assigned_at"] < company.as_of - pd.Timedelta(days=7)]
    human = old["first_touch_kind"].eq("human") & (old["first_touch_at"] <= company.as_of)
    fits = old["fit_score"] >= 60
    right = touch_counts.untouched_fitting(*given, least_fit=60)
    assert right == pytest.approx(1 - human[fits].mean(), abs=0.005)
    assert touch_counts.fit_left_out(*given, least_fit=60) == pytest.approx(1 - human.mean(), abs=0.005)
    assert touch_counts.auto_reply_to_fitting(*given, least_fit=60) < right < touch_counts.fit_left_out(*given, 60)


def test_speed_is_compared_among_people_of_one_intent():
    """Visits: 3 of 4 fast, 1 of 2 slow: 1.5. Guides: 0 of 1 fast, 0 of 4 slow. Together 3 of 5 over 1 of 6: 3.6."""
    fast, slow = ("2026-01-05 10:00", "2026-01-05 10:40", "human"), ("2026-01-05 10:00", "2026-01-07 10:00", "human")
    rows = [lead(*fast, "demo_request", opp) for opp in ("a", "b", "c", None)]
    rows += [lead(*slow, "demo_request", opp) for opp in ("d", None)]
    rows += [lead(*fast), *[lead(*slow)] * 4]
    rows += [lead("2026-05-04 10:00", "2026-05-04 10:30", "human", "demo_request")]  # too young to judge
    leads = pd.DataFrame(rows)
    assert len(touch_counts.called(leads, AS_OF)) == 11
    assert touch_counts.speed_ratio_within(leads, AS_OF, "demo_request") == pytest.approx(1.5)
    assert touch_counts.speed_wins_all(leads, AS_OF, "demo_request") == pytest.approx(3.6)
    assert touch_counts.became_share(leads, AS_OF, fast=True, intent="download") == 0


@pytest.mark.parametrize(("started", "due"), [("2026-05-08T16:40", "mon_12_40"), ("2026-05-06T15:00", "thu_11_00")])
def test_a_due_time_is_named_by_day_and_hour(started, due):
    """Twenty minutes on Friday leave 3:40 for Monday; two hours on Wednesday leave two for Thursday."""
    assert touch_counts.due_id(CALENDAR, started, 4) == due


def forty_leads():
    """Fifty untouched people: 11 that fit and asked for a visit, 39 that do neither; score and date rise apart."""
    rows = [
        {
            "lead_id": f"L{n:02}",
            "contact_id": f"C{n}",
            **lead(AS_OF - pd.Timedelta(days=1 + n), intent="demo_request" if n < 11 else "list"),
            "fit_score": 70 if n < 11 else 30,
            "score": n,
        }
        for n in range(50)
    ]
    return pd.DataFrame(rows)


def test_ten_of_forty_fit_and_neither_the_newest_nor_the_loudest_do():
    """The last ten that fit; the newest others are L11 to L20, the loudest L40 to L49."""
    leads = forty_leads()
    options = call_list.options(leads, AS_OF)
    assert len(options) == 40 and options[0]["text"].startswith("L01: fit 70, score 1, asked for a visit")
    assert call_list.fitting(leads, AS_OF) == [f"L{n:02}" for n in range(1, 11)]
    assert set(call_list.loudest_first(leads, AS_OF)) == {f"L{n:02}" for n in range(40, 50)}
    with pytest.raises(ValueError, match="untouched"):
        call_list.untouched_forty(leads.head(30), AS_OF)


def test_the_touchpoint_with_most_poor_scores_is_found():
    """Hand-over: 2 of 3 poor. First talk: 1 of 2, one was not asked. E-mails lie before the first talk."""
    touches = pd.DataFrame(
        {
            "channel": ["first_talk", "first_talk", "first_talk", "email"],
            "function": ["sales", "sales", "sales", "marketing"],
            "experience_score": [2, 5, None, 1],
        }
    )
    hand_overs = pd.DataFrame({"opp_id": ["a", "b", "c"], "experience_score": [1, 2, 5]})
    table = journey_map.touchpoints(touches, hand_overs)
    assert table.index.tolist() == ["first_talk", "hand_over"]
    assert table["low"].tolist() == pytest.approx([1 / 2, 2 / 3])
    assert journey_map.most_poor(touches, hand_overs) == ["hand_over"]
    assert journey_map.options(touches, hand_overs)[1]["text"] == "Hand-over after signing"
    renewals = pd.DataFrame(
        {
            "opp_id": ["a", "b", "c"],
            "due_on": pd.to_datetime(["2026-01-01", "2026-01-01", "2026-06-01"]),
            "outcome": ["left", "grown", "left"],
        }
    )
    assert journey_map.renewed_by_start(hand_overs, renewals, AS_OF, poor=True) == 1 / 2
