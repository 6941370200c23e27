"""A cohort's two files are read with care, and making one never half-happens."""

from datetime import UTC, datetime

import pytest

from onefunnel.cohort.course import new_cohort, open_cohort, read_roster
from onefunnel.errors import Problem

ROSTER = "id,first_name,last_name,email\nana,Ana,Ruiz,ana@example.com\nben,Ben,,\n"


@pytest.fixture
def roster(tmp_path):
    path = tmp_path / "names.csv"
    path.write_text(ROSTER, encoding="utf-8")
    return path


def test_a_new_cohort_is_an_nbgrader_course_with_two_files(tmp_path, roster):
    """What was said comes back, and making it again keeps what the lead has changed."""
    due = {"stages": datetime(2026, 5, 8, 18, tzinfo=UTC), "price": None}
    cohort = new_cohort(tmp_path / "spring", "Spring: “sales”", due, roster)
    assert (cohort.name, cohort.due, cohort.mastery, cohort.attempts) == ("Spring: “sales”", due, 0.8, "aggregated")
    assert [learner.name for learner in cohort.learners] == ["Ana Ruiz", "Ben"]
    assert cohort.course().autograde.create_student is False
    assert cohort.course().directory.course_id == "spring"
    (cohort.folder / "cohort.yml").write_text("name: Mine\nlessons: [stages]\nattempts: off\n", encoding="utf-8")
    assert new_cohort(tmp_path / "spring", "Other", due, roster).name == "Mine"


def test_a_wrong_roster_leaves_nothing_behind(tmp_path, roster):
    """The folder is made only after the roster has been read."""
    roster.write_text("id\nana\nana\n", encoding="utf-8")
    with pytest.raises(Problem, match="line 3: ana is there twice"):
        new_cohort(tmp_path / "spring", "Spring", {"stages": None}, roster)
    assert not (tmp_path / "spring").exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no column"),
        ("name,email\nana,a@example.com\n", "line 1: there is no column"),
        ("id,email\n../ana,\n", "line 2"),
        ("id,email\n", "names nobody"),
    ],
)
def test_a_rosters_fault_is_said_with_its_line(tmp_path, text, words):
    """One clear message."""
    path = tmp_path / "roster.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Problem, match=words):
        read_roster(path)


def test_a_roster_saved_by_a_spreadsheet_is_read(tmp_path):
    """A byte-order mark, semicolons, capital letters in ids, and empty lines are all usual."""
    path = tmp_path / "roster.csv"
    path.write_text("\ufeffid;first_name\nANA;Ana\n;\n", encoding="utf-8")
    assert [(one.id, one.name) for one in read_roster(path)] == [("ana", "Ana")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name: [", "cannot be read"),
        ("lessons: [stages]", "name is missing"),
        ("name: A\nlessons: []", "lessons is empty"),
        ("name: A\nlessons: [stages]\ngroups: 2", "unknown field groups"),
        ("name: A\nlessons: [{id: stages, due: soon}]", "due 'soon'"),
        ("name: A\nlessons: [stages]\nmastery: 80", "mastery is 80"),
        ("name: A\nlessons: [stages]\nattempts: some", "attempts is 'some'"),
        (None, "not a cohort"),
    ],
)
def test_a_cohorts_fault_is_said_with_its_field(tmp_path, text, words):
    """One clear message, with the file's name."""
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")
    if text is not None:
        (tmp_path / "cohort.yml").write_text(text, encoding="utf-8")
    with pytest.raises(Problem, match=words):
        open_cohort(tmp_path)


def test_a_due_day_lasts_to_its_end(tmp_path):
    """A date alone means the end of that day, UTC; a moment means itself."""
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")
    lessons = "[{id: stages, due: 2026-05-08}, {id: price, due: '2026-05-08T12:00:00+02:00'}]"
    (tmp_path / "cohort.yml").write_text(f"name: A\nlessons: {lessons}\n", encoding="utf-8")
    due = open_cohort(tmp_path).due
    assert due == {
        "stages": datetime(2026, 5, 8, 23, 59, 59, tzinfo=UTC),
        "price": datetime(2026, 5, 8, 10, tzinfo=UTC),
    }
