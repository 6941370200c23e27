"""The way of a field note a second time in SQL and by hand; hours by hand; rides against a search over all pairs."""

import math
import re
from itertools import pairwise

import pandas as pd
import pytest
import yaml

from onefunnel.data import load
from onefunnel.home import home
from onefunnel.learn.items import load_items
from onefunnel.lessons.release import release
from onefunnel.metrics import listening, listening_traps, ride_plan, roles

NAN = math.nan
OWNER = "timestamp '2024-11-12'"


def same(value):
    return pytest.approx(NAN if value is None or math.isinf(value) else value, rel=1e-12, nan_ok=True)


# ---- notes, in SQL on the company, T00 and three books ---------------------------------------------------------------


@pytest.fixture(scope="module", autouse=True)
def waits(engine):
    """Each note with its days; a note that never arrived has waited for ever."""
    engine.execute(
        f"""create or replace temp table waits as
            select kind, used_on, noted_on >= {OWNER} as owned, received_on is not null as arrived,
              coalesce(date_diff('day', noted_on::date, received_on::date)::double, 'infinity'::double) as days
            from field_notes"""
    )


@pytest.mark.parametrize("kind", [None, "price", "need"])
def test_the_middle_wait_and_its_wrong_ways(scoped, ask, kind):
    """Median of all with the lost as longest; the traps leave the lost out, or take the mean."""
    of_kind = f"kind = '{kind}'" if kind else "true"
    (all_0, in_0, mean_0), (all_1, in_1, mean_1) = (
        ask(
            f"""select median(days), median(days) filter (arrived), avg(days) filter (arrived)
                from waits where {of_kind} and owned = {owned}"""
        )
        for owned in ("false", "true")
    )
    notes = scoped.field_notes
    assert listening.middle_days(notes, False, kind) == same(all_0)
    assert listening.middle_of_arrived(notes, True, kind) == same(in_1)
    assert listening.days_too_late(notes, kind) == same(None if all_0 is None else all_0 - 10)
    assert listening_traps.received_only(notes, kind) == same(None if in_0 is None else in_0 - 10)
    assert listening_traps.mean_for_median(notes, kind) == same(None if mean_0 is None else mean_0 - 10)
    for measure, before, since in (
        (listening.days_saved, all_0, all_1),
        (listening_traps.saved_of_received, in_0, in_1),
        (listening_traps.saved_by_mean, mean_0, mean_1),
    ):
        assert measure(notes, kind) == same(None if before is None or since is None else before - since)


@pytest.mark.parametrize("fresh", [True, False])
def test_notes_that_changed_something(scoped, ask, fresh):
    """Used ÷ arrived within ten days, or later; lost notes are in neither."""
    when = "days <= 10" if fresh else "days > 10 and arrived"
    expected = ask(f"select avg((used_on is not null)::int) from waits where kind = 'price' and {when}")
    assert listening.used_share(scoped.field_notes, "price", fresh) == same(expected)


def test_lost_notes(scoped, ask):
    """Not arrived ÷ written, before and since."""
    for owned in (False, True):
        expected = ask(f"select avg((not arrived)::int) from waits where owned = {owned}")
        assert listening.lost_share(scoped.field_notes, owned) == same(expected)


def test_traps_fall_on_their_side_on_the_company():
    """Leaving the lost out flatters, means exaggerate, another's hours look like too much help."""
    company = load().company()
    notes, log = company.field_notes, company.time_log
    right, saved = listening.days_too_late(notes), listening.days_saved(notes)
    assert listening_traps.received_only(notes) < right < listening_traps.mean_for_median(notes)
    assert listening_traps.saved_of_received(notes) < saved < listening_traps.saved_by_mean(notes)
    assert listening_traps.other_persons_time(log) < listening.hours_missing(log)


def test_notes_by_hand():
    """Waits of 2, 8 and never: the middle is 8. Half lost or no note at all: nobody knows the middle."""
    notes = pd.DataFrame(
        {
            "kind": ["price", "price", "need"],
            "noted_on": pd.to_datetime(["2024-11-11", "2024-11-01", "2024-06-01"]),
            "received_on": pd.to_datetime(["2024-11-13", "2024-11-09", None]),
            "used_on": pd.to_datetime([None, "2024-11-10", None]),
        }
    )
    assert listening.middle_days(notes, False) == 8
    assert listening.days_too_late(notes) == -2
    assert listening.middle_days(notes, False, "price") == 5
    assert math.isnan(listening.middle_days(notes[1:], False))
    assert math.isnan(listening.middle_days(notes, True)) and math.isnan(listening.days_saved(notes))
    assert listening.used_share(notes, "price", True) == 0.5
    assert not listening.since_owner(notes).any()
    assert listening.since_owner(notes.assign(noted_on=pd.Timestamp("2024-11-12"))).all()


# ---- hours ----------------------------------------------------------------------------------------------------------

LOG = pd.DataFrame(
    [
        # Two territories, two weeks. In T1 task a is done by both: the marketer's 3 + 5 hours, the seller's 4.
        ("T1", "w1", "marketing", "a", 3.0),
        ("T1", "w2", "marketing", "a", 5.0),
        ("T1", "w1", "sales", "a", 4.0),
        ("T1", "w2", "sales", "customer_talks", 16.0),
        ("T2", "w1", "sales", "customer_talks", 10.0),
        ("T2", "w2", "sales", "customer_talks", 14.0),
        ("T2", "w1", "marketing", "b", 2.0),
        ("T2", "w2", "marketing", "b", 2.0),
    ],
    columns=["territory_id", "week", "function", "task_id", "hours"],
)


def test_hours_of_an_owner():
    """8 hours in four person-weeks are 2 of the 5 that are needed; the seller's are 1."""
    assert listening.hours_missing(LOG) == pytest.approx(5 - 8 / 4)
    assert listening_traps.other_persons_time(LOG) == pytest.approx(5 - 4 / 4)
    assert listening.hours_a_week(LOG, "sales", "customer_talks") == pytest.approx(40 / 4)
    assert math.isnan(listening.hours_a_week(LOG, "service", "a")) and math.isnan(listening.hours_missing(LOG[:0]))
    assert listening.people(LOG, "sales") == 2


def test_pay_of_an_hour():
    """€12,000 in twelve months over 12 hours in two weeks, so 6 a week and 312 a year."""
    months = [f"2025-{month:02d}" for month in range(1, 13)]
    costs = pd.DataFrame({"month": months, "function": "marketing", "kind": "salaries", "eur": 1000})
    assert listening.pay_of_an_hour(LOG, costs, "marketing") == pytest.approx(12_000 / 312)


def test_joint_time():
    """By hand for one way; the best split has the same slope everywhere, so no five minutes moved bring more."""
    nothing = dict.fromkeys(listening.WAYS, 0.0)
    assert listening.learned(nothing) == 0
    assert listening.learned(nothing | {"meeting": 15}) == pytest.approx(5 * (1 - math.exp(-1)))
    best = listening.best_minutes()
    assert sum(best.values()) == pytest.approx(90)
    for giver in best:
        for taker in best:
            if giver != taker and best[giver] >= 5:
                moved = best | {giver: best[giver] - 5, taker: best[taker] + 5}
                assert listening.learned(moved) < listening.learned(best)
    assert sum(row["start"] for row in listening.ways_today()) == 90
    assert listening.all_in_one_meeting(nothing | {"meeting": 72, "customers": 18})
    assert not listening.all_in_one_meeting(nothing | {"meeting": 70, "customers": 20})


# ---- rides ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def places():
    """24 territories in eight micromarkets."""
    return load().company().territories


def apart(weeks):
    return {"column": "weeks_apart", "test": "at_least", "value": weeks}


def near(minutes):
    return {"column": "drive_minutes", "test": "at_most", "value": minutes}


QUIET = {"column": "season", "test": "one_of", "value": ["quiet"]}


def counted(rides):
    """(weeks with a ride, rides that repeat a pair within a quarter), by comparing all rides of each pair."""
    again = 0
    for _, weeks in rides.groupby(["marketer", "territory_id"])["week"]:
        again += sum((one - 1) // 13 == (other - 1) // 13 for one, other in pairwise(sorted(weeks)))
    return len(set(rides["week"])), again


@pytest.mark.parametrize("rule", [[apart(13)], [apart(12)], [near(45)], [apart(13), QUIET], [apart(20), near(95)], []])
def test_measures_of_a_plan_are_those_of_its_rides(places, rule):
    """Empty weeks, repeats and good rides, each counted again by hand; nobody is in two places, no car holds two."""
    rides = ride_plan.booked(places, rule)
    weeks, again = counted(rides)
    assert ride_plan.empty_weeks(places, rule) == 48 - weeks
    assert ride_plan.repeats(places, rule) == again
    assert ride_plan.good_rides(places, rule) == pytest.approx((len(rides) - again) / (48 * 8))
    assert ride_plan.has_empty_week(places, rule) == (weeks < 48) and ride_plan.has_repeat(places, rule) == (again > 0)
    assert set(roles.rotation_faults(rides, 48)["fault"]) <= {"empty_week", "same_pair_twice"}


def test_a_rule_is_kept_by_every_ride(places):
    """No drive is too long, no week is shut, no pair comes back too soon."""
    rides = ride_plan.booked(places, [apart(9), near(70), QUIET])
    minutes = ride_plan.drive_minutes(places)
    assert all(minutes.loc[ride.marketer, ride.territory_id] <= 70 for ride in rides.itertuples())
    assert {ride_plan.season(week) for week in rides["week"]} == {"quiet"} and 11 not in set(rides["week"])
    for _, weeks in rides.groupby(["marketer", "territory_id"])["week"]:
        assert all(later - sooner >= 9 for sooner, later in pairwise(sorted(weeks)))


def test_thirteen_weeks_apart_are_enough_and_twelve_are_not(places):
    """With 24 places, 12 shut by the own past and 7 taken, one is always free. A quarter has 13 weeks."""
    assert ride_plan.good_rides(places, [apart(13)]) == 1 and ride_plan.never_seen(places, [apart(13)]) == 0
    assert ride_plan.has_repeat(places, [apart(12)])
    assert ride_plan.has_empty_week(places, [apart(13), near(45)]), "nine places do not last for 13 weeks"


def test_drives_go_around_the_map(places):
    """Home is 20 minutes, the next micromarket 45, the fourth 120; the last is the neighbour of the first."""
    first = ride_plan.drive_minutes(places).loc["Marketer 1"]
    by_market = first.groupby(places.set_index("territory_id")["micromarket_id"]).agg(["min", "max"])
    assert by_market["min"].to_list() == by_market["max"].to_list() == [20, 45, 70, 95, 120, 95, 70, 45]


def test_rides_without_places_or_with_a_foreign_test(places):
    """Nothing to book is no number; a word cannot be asked of a number."""
    assert math.isnan(ride_plan.good_rides(places[:0], []))
    with pytest.raises(ValueError, match="weeks_apart is a number"):
        ride_plan.booked(places, [{"column": "weeks_apart", "test": "one_of", "value": ["13"]}])
    with pytest.raises(ValueError, match="no column"):
        ride_plan.booked(places, [{"column": "mood", "test": "is", "value": "good"}])


# ---- what the lesson says twice -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def questions(tmp_path_factory):
    """The lesson's questions as released."""
    folder = tmp_path_factory.mktemp("course")
    release(folder, ["listening"])
    return load_items(folder / "release" / "listening" / "listening.items.json")


def test_the_survey_keeps_the_questions_of_the_table(questions):
    """The five lines to keep are, word for word, the five yes-or-no questions that people are asked."""
    offered = {option["text"] for option in questions["E3"].spec["options"]}
    asked = load().company().survey_questions
    assert len(offered) == 14 and set(asked.loc[asked["kind"] == "yes_no", "text"]) <= offered


def test_the_promises_are_those_of_the_play(questions):
    """Each service level of the play “insight request” is among the options, and no other time is."""
    text = (home().playbooks / "plays" / "insight_request.md").read_text(encoding="utf-8")
    sheet = yaml.safe_load(text.split("---")[1])["template"]["sheets"][0]
    levels, offered = (
        {found[0] for text in texts if (found := re.search(r"\d+ business \w+", text))}
        for texts in ([row[1] for row in sheet["rows"]], [option["text"] for option in questions["E6"].spec["options"]])
    )
    assert len(levels) == 4 and offered == levels
