"""The explorations of the lesson on listening: the form writes a row, the plan shows its faults, hours have a price."""

import html
import re
import time
from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from onefunnel.data import load
from onefunnel.learn import notes
from onefunnel.learn.widgets import explore_widget
from onefunnel.learn.world import World
from onefunnel.playbook import load as load_playbook


@pytest.fixture(scope="module")
def sample():
    """The sample company, as a learner sees it."""
    return World.of(load(), load_playbook(), "ana")


@pytest.fixture
def form(sample, tmp_path, monkeypatch):
    """The form in an empty folder of its own."""
    monkeypatch.chdir(tmp_path)
    return explore_widget("field_form", sample)


def title(widget):
    """The finding as plain text."""
    return html.unescape(re.sub(r"<[^>]+>", "", widget.finding.value))


def fill_in(form):
    form.when.value, form.where.value, form.kind.value = date(2026, 5, 4), "Café Uno", "price"
    form.seen.value, form.could_change.value = "Ten per cent off until the 31st", "our summer offer"


def test_a_note_becomes_a_row_and_the_form_says_where(form, tmp_path):
    """Nothing is written before the button; then the row, its number and its full path; the next note starts empty."""
    assert not list(tmp_path.iterdir()) and "Nothing is written yet" in title(form)
    fill_in(form)
    form.add()
    assert title(form) == f"Row 1 is written to {tmp_path / notes.FILE}."
    assert notes.read(tmp_path) == [
        {
            "noted_on": "2026-05-04",
            "where": "Café Uno",
            "kind": "price",
            "seen": "Ten per cent off until the 31st",
            "could_change": "our summer offer",
        }
    ]
    assert form.seen.value == "" and form.where.value == "Café Uno"
    assert "Ten per cent off until the 31st" in form.numbers.value and "a price" in form.numbers.value


def test_an_open_question_is_named_and_nothing_is_lost(form, tmp_path):
    """Each of the four questions that must be answered is named in turn; what was typed stays."""
    for number, name, nothing in (("1", "when", None), ("2", "where", " "), ("3", "kind", ""), ("4", "seen", "")):
        fill_in(form)
        getattr(form, name).value = nothing
        form.add()
        assert f"(question {number})" in title(form)
        assert form.could_change.value == "our summer offer"
    fill_in(form)
    form.when.value = date.today() + timedelta(days=1)
    form.add()
    assert "lies ahead" in title(form) and not list(tmp_path.iterdir())


def test_a_file_of_somebody_else_is_said_and_the_note_stays_typed(form, tmp_path):
    """The form neither breaks nor overwrites."""
    (tmp_path / notes.FILE).write_text("mine", encoding="utf-8")
    fill_in(form)
    form.add()
    assert title(form).startswith("Not written.") and "Rename it" in title(form)
    assert form.seen.value == "Ten per cent off until the 31st"
    assert (tmp_path / notes.FILE).read_text(encoding="utf-8") == "mine"


def test_the_plan_of_rides_keeps_both_rules_or_shows_what_it_breaks(sample):
    """In turn: 384 rides, no fault. One place all year: 8 × (48 − 4 quarters) repeats. A pause: weeks 13, 26, 39."""
    widget = explore_widget("ride_along", sample)
    assert title(widget).startswith("384 rides in 48 weeks: no week without one")
    widget.way.value = "same"
    assert f"{8 * (48 - 4)} rides to a territory" in title(widget) and "(again)" in widget.numbers.value
    widget.way.value = "pause"
    assert "nobody rides in weeks 13, 26, 39" in title(widget)
    widget.way.value, widget.marketers.value = "turn", 3
    assert title(widget).startswith("144 rides") and widget.follow.options == ("Marketer 1", "Marketer 2", "Marketer 3")
    widget.weeks.value = 4
    assert title(widget).startswith("12 rides in 4 weeks")


def test_whom_one_follows_survives_a_change_of_people(sample):
    """The one who is still there stays; who is gone gives way to the first."""
    widget = explore_widget("ride_along", sample)
    widget.follow.value = "Marketer 5"
    widget.marketers.value = 6
    assert widget.follow.value == "Marketer 5" and "Marketer 5 comes to 24 territories" in widget.chart.value
    widget.marketers.value = 4
    assert widget.follow.value == "Marketer 1"


def test_hours_and_their_price(sample):
    """90 minutes of 24 and 24 people are 72 hours. The owner's five are paid for by what stops, never by more."""
    widget = explore_widget("hours_budget", sample)
    assert "takes 72 hours a week" in title(widget) and "Nobody owns the notes" in title(widget)
    before = widget.yearly()
    widget.owner.value = "marketing"
    dear = widget.yearly()
    assert "needs 5.0 hours a week more" in title(widget)
    log = sample.company.time_log
    both = log.groupby(["territory_id", "task_id"])["function"].transform("nunique") == 2
    free = log.loc[both & (log["function"] == "marketing"), "hours"].sum() / (24 * 8)
    widget.stops.value = "doubles"
    assert f"needs {5 - free:.1f} hours a week more" in title(widget)
    assert before < widget.yearly() < dear
    widget.owner.value, widget.stops.value = "sales", "customers"
    assert "takes 5.0 hours a week from customers" in title(widget)
    widget.owner.value, widget.minutes.value = "nobody", 0
    assert widget.yearly() == 0


def test_the_way_of_a_note_loses_its_lost_ones(sample):
    """All notes: 19 and 4 days (planted). Only those that arrived look quicker, and the title says who is missing."""
    widget = explore_widget("note_journey", sample)
    assert title(widget) == (
        "The middle note took 19 days; since one person owns the notes it takes 4 days. "
        "Of 100 notes 29 were lost, and 15 since."
    )
    widget.counted.value = "arrived"
    assert "13 days" in title(widget) and "The lost ones are not in it" in title(widget)
    widget.kind.value = "price"
    used = re.search(r"Prices</th><td[^>]*>(\d+)</td><td[^>]*>(\d+)", widget.numbers.value)
    assert (int(used[1]), int(used[2])) == (55, 6), "a fresh note on a price is used, a stale one is not"


def test_five_notes_of_the_sample_territory(sample):
    """5, 10, 20, 30 days and never: the third in line took 20."""
    widget = explore_widget("notes_example", sample)
    assert title(widget).endswith("The middle one took 20 days.")
    assert re.search(r"March 2024</td><td[^>]*>20</td><td[^>]*>here is the middle", widget.numbers.value)


@pytest.mark.parametrize(("name", "table"), [("note_journey", "field_notes"), ("hours_budget", "costs")])
def test_without_the_table_there_is_no_picture_of_nothing(sample, name, table):
    """On a firm's own tables the lesson then says what they lack; a chart of zeros would be read as a finding."""
    have = {each: getattr(sample.company, each) for each in ("field_notes", "time_log", "costs")}
    lacking = SimpleNamespace(company=SimpleNamespace(**have | {table: have[table].iloc[:0]}))
    with pytest.raises(ValueError, match=table):
        explore_widget(name, lacking)


@pytest.mark.parametrize("name", ["note_journey", "ride_along", "hours_budget", "field_form"])
def test_a_redraw_takes_under_a_tenth_of_a_second(sample, name, tmp_path, monkeypatch):
    """Of processor time, so that other work on the machine does not count; the quickest of nine."""
    monkeypatch.chdir(tmp_path)
    widget, taken = explore_widget(name, sample), []
    for _ in range(9):
        start = time.process_time()
        widget.redraw()
        taken.append(time.process_time() - start)
    assert min(taken) < 0.1
