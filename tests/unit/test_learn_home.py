"""The learner's home page, what it is read from, and the questions that come back."""

import json
from datetime import date

import pytest
from learn_world import ITEMS, world

from onefunnel.errors import Problem
from onefunnel.learn import cells, homepage, keys, progress, recall, reminders
from onefunnel.learn.answers import Answers
from onefunnel.learn.items import load_items
from onefunnel.learn.show import literal

WORLD = world()
RIGHT, WRONG = {"parts": {"where": "late", "why": "share"}}, {"parts": {"where": "early", "why": "share"}}


@pytest.fixture(autouse=True)
def _learning(monkeypatch):
    """Start as a learner."""
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)


def add_lesson(workspace, slug, day=None, answers=None, recallable=True, **about):
    """Put a lesson with W1 (4 points, funnel_step) and N1 (4 points, win_rate) into a workspace, perhaps answered."""
    folder = workspace / slug
    folder.mkdir(parents=True)
    skills = {"W1": "funnel_step", "N1": "win_rate"}
    items = {
        name: {**keys.seal(slug, name, {**ITEMS[name], "recall": recallable}), "points": 4, "skill": skill}
        for name, skill in skills.items()
    }
    content = {"format": 1, "lesson": slug, "title": f"About {slug}", "minutes": 30, "items": items, **about}
    path = folder / f"{slug}.items.json"
    path.write_text(json.dumps(content), "utf-8")
    if answers:
        kept = Answers.load(folder, "ana")
        for name, answer in answers.items():
            kept.keep(load_items(path)[name], answer)
        text = (folder / "answers.json").read_text("utf-8")
        content = json.loads(text)
        for entry in content["answers"].values():
            entry["kept_at"] = f"{day}T09:00:00+00:00"
        (folder / "answers.json").write_text(json.dumps(content), "utf-8")
    return folder


def noted(folder, *rows):
    """Write a log of attempts: (item, right, how sure)."""
    lines = [json.dumps({"item": i, "passed": p, **({"sure": s} if s else {})}) for i, p, s in rows]
    (folder / "attempts.jsonl").write_text("\n".join([*lines, "{ damaged", "[]"]) + "\n", "utf-8")


# --- standing ------------------------------------------------------------------------------------------------------


def test_a_lesson_stands_by_its_answers_and_by_what_code_passed(tmp_path):
    """W1 right is 4 of 8 points; N1 has no kept answer, but a check passed: it was answered in code."""
    folder = add_lesson(tmp_path, "stages", "2026-05-01", {"W1": RIGHT})
    add_lesson(tmp_path, "price")
    before = progress.standings(tmp_path, WORLD)
    assert (before["stages"].points, before["stages"].most, before["stages"].done) == (4, 8, False)
    assert [item.id for item in before["stages"].open] == ["N1"] and not before["price"].begun
    noted(folder, ("stages/N1", False, None), ("stages/N1", True, None))
    after = progress.standings(tmp_path, WORLD)["stages"]
    assert after.done and after.points == 8


def test_foreign_and_damaged_folders_are_left_out(tmp_path):
    """Another learner's answers, or a broken question file, do not break the page of all the others."""
    add_lesson(tmp_path, "stages")
    folder = add_lesson(tmp_path, "price")
    (folder / "answers.json").write_text('{"format": 1, "learner": "ben", "answers": {}}', "utf-8")
    (add_lesson(tmp_path, "place") / "place.items.json").write_text("{", "utf-8")
    strange = add_lesson(tmp_path, "scorecard", "2026-05-01", {"N1": {"text": "5"}})
    path = strange / "scorecard.items.json"
    path.write_text(path.read_text("utf-8").replace('"win_rate"}', '"no_such_metric"}'), "utf-8")
    damaged = add_lesson(tmp_path, "promotion")
    (damaged / "answers.json").write_text("{", "utf-8")
    assert set(progress.standings(tmp_path, WORLD)) == {"stages", "promotion"}
    assert (damaged / "answers.json").read_text("utf-8") == "{", "the page only reads"


def test_calibration_counts_first_tries_only(tmp_path):
    """Sure twice: right once. A second try of the same question does not count; words that are no answer neither."""
    folder = add_lesson(tmp_path, "stages")
    noted(
        folder,
        ("stages/E1", True, "sure"),
        ("stages/E2", False, "sure"),
        ("stages/E2", True, "sure"),
        ("stages/E3", True, "very"),
        ("stages/E4", False, "not"),
        ("stages/E5", True, None),
    )
    assert progress.calibration(tmp_path) == {"not": (0, 1), "sure": (1, 2)}


def test_skills_count_only_what_was_answered(tmp_path):
    """funnel_step: right once, wrong once, 4 of 8. win_rate was not tried."""
    add_lesson(tmp_path, "stages", "2026-05-01", {"W1": RIGHT})
    add_lesson(tmp_path, "price", "2026-05-02", {"W1": WRONG})
    found = progress.skills(progress.standings(tmp_path, WORLD))
    assert found == {"funnel_step": (4, 8)}
    assert not progress.mastered(found["funnel_step"]) and progress.mastered((8, 10)) and not progress.mastered(None)


# --- home page -----------------------------------------------------------------------------------------------------


def test_the_page_says_what_is_done_and_what_is_next(tmp_path):
    """In the sales path “stages” comes before “price”; both take 30 minutes; one is done."""
    add_lesson(tmp_path, "stages", "2026-05-01", {"W1": RIGHT, "N1": {"text": "37.5 %"}})
    add_lesson(tmp_path, "price")
    homepage.choose_path(tmp_path, "sales", WORLD.playbook)
    text = homepage.page(tmp_path, WORLD)
    assert "1 of 2 lessons done, about 30 minutes left." in text
    assert "**Next: [About price](price/price.ipynb)**" in text
    assert "| [About stages](stages/stages.ipynb) `stages` | 30 | done | 8 of 8 |" in text
    assert "| [About price](price/price.ipynb) `price` ← next | 30 | not begun |  |" in text
    assert "Marketing path" not in text
    assert "| Know the step |" in text
    assert f'python kit.py submit --workspace "{tmp_path}"' in text and "your learner id, your enablement lead" in text


def test_the_minutes_left_shrink_with_what_is_done(tmp_path):
    """One of two questions of a lesson of 25 minutes: half of it, 12.5 minutes, are left; the other lesson has 30."""
    add_lesson(tmp_path, "stages", "2026-05-01", {"W1": RIGHT}, minutes=25)
    add_lesson(tmp_path, "price")
    homepage.choose_path(tmp_path, "sales", WORLD.playbook)
    text = homepage.page(tmp_path, WORLD)
    assert "0 of 2 lessons done, about 43 minutes left." in text
    assert "**Go on with: [About stages](stages/stages.ipynb)**, about 13 minutes." in text


def test_a_test_that_was_ended_is_done(tmp_path):
    """What was left open takes no minutes any more."""
    folder = add_lesson(tmp_path, "stages", "2026-05-01", {"W1": RIGHT}, kind="test")
    Answers.load(folder, "ana").finish("stages")
    found = progress.standings(tmp_path, WORLD)["stages"]
    assert [item.id for item in found.open] == ["N1"] and found.done and found.minutes_left == 0


def with_written_answer(folder, typed):
    """Give a lesson a written answer of its learner, as nbgrader releases it: an empty cell, perhaps typed into."""
    about = {"grade_id": "w", "grade": True, "solution": True, "locked": False, "points": 4.0}
    cell = {"cell_type": "markdown", "source": "", "metadata": {"nbgrader": about, "tags": ["written:X1"]}}
    about["checksum"] = cells.checksum(cell)
    cell["source"] = typed
    (folder / f"{folder.name}.ipynb").write_text(json.dumps({"cells": [cell]}), "utf-8")


def test_a_written_answer_is_not_forgotten(tmp_path):
    """Both questions right but nothing written: two of three, and the points say that a person reads the third."""
    written = {"X1": {"title": "Write it down", "points": 4}}
    folder = add_lesson(tmp_path, "stages", "2026-05-01", {"W1": RIGHT, "N1": {"text": "37.5 %"}}, written=written)
    homepage.choose_path(tmp_path, "sales", WORLD.playbook)
    so_far = "8 of 8 so far, and a written answer that a person reads"
    with_written_answer(folder, "")
    assert f"| 30 | 2 of 3 | {so_far} |" in homepage.page(tmp_path, WORLD)
    with_written_answer(folder, "Dear Noor")
    assert f"| 30 | done | {so_far} |" in homepage.page(tmp_path, WORLD)


def test_can_needs_three_questions_from_two_lessons(tmp_path):
    """Four lessons ask for one skill once each: two right answers are too few, three enough, unless one is wrong."""
    for number, slug in enumerate(("stages", "price", "place", "product"), start=1):
        add_lesson(tmp_path, slug, f"2026-05-0{number}", {"W1": RIGHT} if number < 3 else None)
    assert progress.can(progress.standings(tmp_path, WORLD)) == set()
    add_lesson(tmp_path / "third", "place", "2026-05-03", {"W1": RIGHT})
    (tmp_path / "third" / "place" / "answers.json").rename(tmp_path / "place" / "answers.json")
    found = progress.standings(tmp_path, WORLD)
    assert progress.can(found) == {"funnel_step"}
    assert (
        "| Know the step |" in (table := homepage.skills_table(found, WORLD.playbook)) and table.count("| can |") == 1
    )
    add_lesson(tmp_path / "fourth", "product", "2026-05-04", {"W1": WRONG})
    (tmp_path / "fourth" / "product" / "answers.json").rename(tmp_path / "product" / "answers.json")
    assert progress.can(progress.standings(tmp_path, WORLD)) == set()  # 12 of 16 points


def test_can_asks_for_no_more_than_there_is(tmp_path):
    """One lesson asks for a skill once: its one right answer is all the evidence that can be had."""
    add_lesson(tmp_path, "stages", "2026-05-01", {"W1": RIGHT})
    assert progress.can(progress.standings(tmp_path, WORLD)) == {"funnel_step"}


def test_the_end_of_a_lesson_leads_on(tmp_path):
    """The next lesson of the path that is here, by its title; then home. The last says so; others lead home alone."""
    for slug in ("start-here", "price", "willingness"):
        add_lesson(tmp_path, slug)
    sales = WORLD.playbook.path("sales")
    said = homepage.way_on(tmp_path, "start-here", sales)
    assert "**Next: [About price](../price/price.ipynb)**, about 30 minutes." in said and "(../home.ipynb)" in said
    assert homepage.way_on(tmp_path, "willingness", sales).startswith("That was the last lesson of your path.")
    assert homepage.way_on(tmp_path, "origin", sales) == "Back to [your home page](../home.ipynb)."
    assert "choose your path" in homepage.way_on(tmp_path, "price", None)


def test_nothing_leads_on_where_there_is_no_home(tmp_path, monkeypatch, capsys):
    """Neither while grading, nor in a folder of its own; with a home page beside it the line is there."""
    monkeypatch.chdir(add_lesson(tmp_path, "stages"))
    homepage.lead_on("stages")
    homepage.write_home(tmp_path, WORLD)
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    homepage.lead_on("stages")
    assert capsys.readouterr().out == ""
    monkeypatch.delenv("NBGRADER_EXECUTION")
    homepage.lead_on("stages")
    assert "[your home page](../home.ipynb)" in capsys.readouterr().out


def test_the_first_screen_is_a_choice(tmp_path):
    """One line on each path, with the lessons that only it has; an unknown path is refused with the ones there are."""
    for slug in ("stages", "product", "origin"):
        add_lesson(tmp_path, slug)
    text = homepage.page(tmp_path, WORLD)
    assert "- **Sales path**: 2 lessons, about 60 minutes. Only here: “About product”." in text
    assert "- **Marketing path**: 2 lessons, about 60 minutes. Only here: “About origin”." in text
    assert "|" not in text and "##" not in text
    with pytest.raises(Problem, match="no path"):
        homepage.choose_path(tmp_path, "finance", WORLD.playbook)


def test_the_calibration_line_needs_five_answers(tmp_path):
    """Four sure answers are too few to tell; with a fifth the line stands there."""
    folder = add_lesson(tmp_path, "stages")
    homepage.choose_path(tmp_path, "sales", WORLD.playbook)
    rows = [(f"stages/E{n}", n < 4, "sure") for n in range(1, 6)]
    noted(folder, *rows[:4])
    assert "Too few answers to tell yet" in homepage.page(tmp_path, WORLD)
    noted(folder, *rows)
    assert "When you said “sure”, you were right 3 of 5 times." in homepage.page(tmp_path, WORLD)


def test_titles_cannot_break_the_page(tmp_path):
    """Marks of Markdown and HTML in a title stand there as they are."""
    add_lesson(tmp_path, "stages", title="A | B <img src=x> [c](d)")
    homepage.choose_path(tmp_path, "sales", WORLD.playbook)
    text = homepage.page(tmp_path, WORLD)
    assert r"[A \| B \<img src=x\> \[c\]\(d\)](stages/stages.ipynb)" in text


def test_a_learners_words_are_shown_as_they_stand():
    """No picture is fetched; no heading, table, emphasis or tag comes of what somebody typed."""
    from nbconvert.filters import markdown2html

    typed = "![x](http://example.com/a.png) <img src=x> <b>b</b>\n\n# head\n\n| a | $x^2$ & `c` *d*"
    shown = markdown2html(literal(typed))
    assert not any(mark in shown for mark in ("<img", "<h1", "<b>", "<em>", "<code>", 'src="', "<table"))
    assert "# head | a | $x^2$ &amp; `c` *d*" in shown


def test_the_home_notebook_can_be_read_before_it_is_run(tmp_path):
    """Its one cell holds the page as output, and nbformat accepts it."""
    import nbformat

    add_lesson(tmp_path, "stages")
    homepage.write_home(tmp_path, WORLD)
    written = nbformat.read(tmp_path / "home.ipynb", as_version=4)
    nbformat.validate(written)
    assert "# Your lessons" in written.cells[0].outputs[0].data["text/markdown"]


# --- questions that come back --------------------------------------------------------------------------------------


def four_lessons(workspace):
    """Three lessons begun on three days, and a fourth to come. The first is weak in funnel_step, the others are not."""
    add_lesson(workspace, "first", "2026-05-01", {"W1": WRONG})
    add_lesson(workspace, "second", "2026-05-02", {"W1": RIGHT})
    add_lesson(workspace, "third", "2026-05-03", {"W1": RIGHT})
    add_lesson(workspace, "fourth")


def test_a_warm_up_comes_from_three_places_in_fresh_versions(tmp_path):
    """One from the last lesson, one from the lesson before, one of the oldest weak skill; all in the second version."""
    four_lessons(tmp_path)
    log = recall.Log.load(tmp_path, "ana")
    found = recall.warm_up(tmp_path, "fourth", WORLD, log)
    assert [item.lesson for item in found] == ["third", "second", "first"]
    assert {item.id for item in found} == {"W1"} and all(item.variant == 1 for item in found)  # N1 has no variant


def test_a_warm_up_needs_three_lessons_before_it_and_is_done_once(tmp_path):
    """None before the second lesson; none again after three answers; the next time the other version is asked."""
    four_lessons(tmp_path)
    log = recall.Log.load(tmp_path, "ana")
    assert recall.warm_up(tmp_path, "third", WORLD, log) == []
    for item in recall.warm_up(tmp_path, "fourth", WORLD, log):
        log.add(item, "fourth", True)
    again = recall.Log.load(tmp_path, "ana")
    assert again.done_for("fourth") == 3 and recall.warm_up(tmp_path, "fourth", WORLD, again) == []
    assert {item.variant for item in recall.warm_up(tmp_path, "fifth", WORLD, again)} == {0}


def test_questions_that_are_not_marked_never_come_back(tmp_path):
    """An author says which may."""
    for number, slug in enumerate(("first", "second", "third"), start=1):
        add_lesson(tmp_path, slug, f"2026-05-0{number}", {"W1": RIGHT}, recallable=False)
    assert recall.warm_up(tmp_path, "fourth", WORLD, recall.Log.load(tmp_path, "ana")) == []


def test_a_damaged_log_is_set_aside_when_something_is_noted(tmp_path):
    """Nothing is lost, and practice goes on."""
    four_lessons(tmp_path)
    (tmp_path / "recall.json").write_text("{ half", "utf-8")
    log = recall.Log.load(tmp_path, "ana")
    log.add(recall.today(tmp_path, WORLD, log)[0], "2026-06-01", False)
    assert json.loads((tmp_path / "recall.json").read_text("utf-8"))["asked"][0]["right"] is False
    assert (tmp_path / "recall.set-aside-1.json").read_text("utf-8") == "{ half"


def test_today_begins_with_what_is_weak(tmp_path):
    """The weak skill's questions first, oldest lesson first; three in all."""
    four_lessons(tmp_path)
    found = recall.today(tmp_path, WORLD, recall.Log.load(tmp_path, "ana"))
    assert len(found) == 3 and found[0].lesson == "first"


def test_a_question_that_came_back_is_checked_and_noted_once(tmp_path):
    """Unanswered is said; an answer is judged, noted, and the button rests."""
    four_lessons(tmp_path)
    log = recall.Log.load(tmp_path, "ana")
    (item, *_) = recall.warm_up(tmp_path, "fourth", WORLD, log)
    seen = []
    _, drawn, button, said = recall.draw(
        [item], WORLD, lambda item, right: seen.append((item.qualified, right))
    ).children
    button.click()
    assert "Not yet:" in said.value and seen == []
    drawn.groups["where"].value, drawn.groups["why"].value = "never", "most"  # the second version's key
    button.click()
    assert "✔ Right." in said.value and button.disabled and seen == [("third/W1", True)]


def test_the_days_after_the_course_are_said():
    """7, 30 and 90 days after the last answer."""
    last = date(2026, 5, 1)
    assert "due on day 7" in recall.when(last, date(2026, 5, 3))
    assert "8 days ago. The next three are due on day 30" in recall.when(last, date(2026, 5, 9))
    assert "last three" in recall.when(last, date(2026, 8, 1))


def test_reminders_are_three_whole_days_with_stable_ids():
    """1 May + 7, 30, 90 days: 8 May, 31 May, 30 July. Lines end as RFC 5545 asks; the ids do not depend on the day."""
    text, other = (
        reminders.calendar("ana@example.com", first, recall.AFTER_DAYS)
        for first in (date(2026, 5, 1), date(2026, 6, 1))
    )
    lines, others = text.split("\r\n"), other.split("\r\n")
    assert [line[-8:] for line in lines if line.startswith("DTSTART")] == ["20260508", "20260531", "20260730"]
    assert all(len(line) <= 75 for line in lines) and "\n" not in text.replace("\r\n", "")
    assert [x for x in lines if x.startswith("UID")] == [x for x in others if x.startswith("UID")]
