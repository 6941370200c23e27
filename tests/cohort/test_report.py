"""Report and feedback over an ordinary nbgrader course: numbers, hostile names, and what a browser makes of them."""

import shutil
from pathlib import Path

import pytest

from onefunnel.cohort.course import Cohort, Learner
from onefunnel.cohort.feedback import feedback
from onefunnel.cohort.report import render, write_report
from onefunnel.cohort.summary import summarise
from onefunnel.grading.course import open_course
from onefunnel.grading.gradebook import open_gradebook
from onefunnel.surroundings import programs_on_path

FIXTURES = Path(__file__).parents[1] / "fixtures"
EVIL = '<script>document.title="x"</script>&"'

HIDING = """
from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader.preprocessors import GetGrades
from onefunnel.lessons.hidden import HideHiddenTests
c.GenerateFeedback.preprocessors = [HideHiddenTests, GetGrades, CSSHTMLHeaderPreprocessor]
"""
# An answer cell (inside a notebook's JSON) whose output would run, and would call home.
ATTACK = (
    r"from IPython.display import HTML, display\ndisplay(HTML('<img src=http://example.com/x onerror=alert(1)>"
    r"<script>alert(1)</script>'))\nshare = 0.5"
)


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    """A plain course, four learners (one absent), one of whom has a name and code that attack the page."""
    from nbgrader.apps import NbGraderAPI

    programs_on_path()
    folder = tmp_path_factory.mktemp("report") / "course"
    shutil.copytree(FIXTURES / "plain_course", folder)
    course = open_course(folder)
    api = NbGraderAPI(coursedir=course.directory, config=course.config, log_level="ERROR")
    assert api.generate_assignment("sums")["success"]
    for learner, fixture in (("ana", "perfect"), ("ben", "half"), ("eva", "is_cut_off")):
        target = folder / "submitted" / learner / "sums"
        target.mkdir(parents=True)
        text = (FIXTURES / "submissions" / f"{fixture}.ipynb").read_text(encoding="utf-8")
        text = text.replace("share = 0.5", ATTACK)
        (target / "sums.ipynb").write_text(text, encoding="utf-8")
    learners = (Learner("ana", "Ana"), Learner("ben", EVIL), Learner("eva", "Eva"), Learner("kim", "Kim"))
    made = Cohort(folder, f"Sums {EVIL}", {"sums": None}, learners, mastery=0.8)
    made.grade()
    return made


def test_the_summary_counts_what_is_decided(cohort):
    """7 of the 7 decided points for Ana, 2 of 7 for Ben; written answers wait; Eva's file is named, Kim absent."""
    summary = summarise(cohort)
    standings = {who: lessons["sums"] for who, lessons in summary.standings.items()}
    assert [(standings[who].points, standings[who].out_of, standings[who].waiting) for who in ("ana", "ben")] == [
        (7, 7, 1),
        (2, 7, 1),
    ]
    assert [standings[who].outcome for who in ("eva", "kim")] == ["unreadable", "not_handed_in"]
    assert [who for who in standings if summary.passed(who)] == ["ana"]
    exercises = {one.id: (one.answered, one.right, one.partly, one.waiting) for one in summary.exercises}
    assert exercises == {"total-check": (2, 1, 0, 0), "share-check": (2, 1, 1, 0), "why": (0, 0, 0, 2)}


def test_points_by_hand_count_at_once(cohort):
    """Once a person has read Ana's answer, 7.5 of 9 are decided, which is above four fifths."""
    with open_gradebook(cohort.course().directory.db_url, "plain") as gradebook:
        grade = gradebook.find_grade("why", "sums", "sums", "ana")
        grade.manual_score, grade.needs_manual_grade = 0.5, False
        gradebook.commit()
        one = summarise(cohort).standings["ana"]["sums"]
        grade.manual_score, grade.needs_manual_grade = None, True
        gradebook.commit()
    assert (one.points, one.out_of, one.waiting) == (7.5, 9, 0)


def test_names_are_escaped_and_next_steps_are_said(cohort):
    """No tag of a name gets through; the lead is told whom to ask, whom to remind and what to read."""
    page = render(summarise(cohort))
    assert "<script" not in page and "&lt;script&gt;" in page
    assert "Ask for a new file from Eva" in page and "Remind Kim" in page and "Read 2 written answers" in page


def test_an_empty_cohort_has_a_report_too(cohort, tmp_path):
    """Before anybody hands in: a page without numbers, not an error."""
    folder = tmp_path / "course"
    shutil.copytree(cohort.folder, folder, ignore=shutil.ignore_patterns("gradebook.db", "submitted", "autograded"))
    page = render(summarise(Cohort(folder, "Empty", {"sums": None}, cohort.learners)))
    assert "0 of 4 have mastered the lesson" in page and "–" in page


def test_feedback_hides_hidden_tests_and_speaks_to_everybody(cohort):
    """Ben sees his points but neither the hidden test nor what an error quoted of it; Eva gets her sentence."""
    with (cohort.folder / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(HIDING)
    assert len(feedback(cohort)) == 3
    ben, eva = (
        (cohort.folder / "feedback" / who / "sums" / "sums.html").read_text(encoding="utf-8") for who in ("ben", "eva")
    )
    assert "2 of 9 points" in ben and "total(values)" not in ben and "HIDDEN" not in ben and "<script" not in ben
    assert "cannot be read" in eva


@pytest.mark.browser
def test_in_a_browser_nothing_runs_nothing_is_fetched_and_axe_is_content(cohort, browser):
    """Headless Chromium: the report and a hostile learner's feedback page."""
    from axe_playwright_python.sync_playwright import Axe

    report, (_, ben, _) = write_report(cohort), feedback(cohort)
    for page_file, allowed in ((report, set()), (ben, {"region", "color-contrast"})):  # nbgrader's own colours
        page, asked, ran = browser.new_page(), [], []
        page.on("request", lambda request, asked=asked: asked.append(request))
        page.on("dialog", lambda dialog, ran=ran: (ran.append(dialog.message), dialog.dismiss()))
        page.goto(page_file.as_uri())
        page.wait_for_timeout(300)
        outside = [one for one in asked if not one.url.startswith(("file:", "data:"))]
        assert {one.failure for one in outside} <= {"csp"} and ran == []  # blocked by the page before it was sent
        if page_file == report:
            assert {one["id"] for one in Axe().run(page).response["violations"]} <= allowed
        page.close()
