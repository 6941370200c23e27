"""What the report tells a lead beyond points: how written answers are read, and the team's skills map."""

import json
from datetime import UTC, datetime

import pytest

from onefunnel import data, playbook
from onefunnel.cohort import report
from onefunnel.cohort.course import new_cohort
from onefunnel.cohort.summary import summarise
from onefunnel.lab import update_lesson
from onefunnel.learn import identity
from onefunnel.learn.submission import pack
from onefunnel.lessons.solve import solution_answers

ROSTER = "id,first_name\nana,Ana\nben,Ben\nkim,Kim\n"
LESSONS = ("hand-off", "where-we-are-now")
LETTER = "Hello Noor, 49 of my 100 leads were never called."


@pytest.fixture(scope="module")
def summary(tmp_path_factory):
    """Ana and Ben hand in a lesson with a written cell and the test after the course; Kim hands in nothing.

    Ana can show others the first skill and can do the second, Ben can do the first; all else is new to both. Ben has
    every question of the test wrong.
    """
    root, tables, truth = tmp_path_factory.mktemp("lead"), data.load(), playbook.load()
    (root / "names.csv").write_text(ROSTER, encoding="utf-8")
    due = dict.fromkeys(LESSONS, datetime(2026, 5, 15, 18, tzinfo=UTC))
    cohort = new_cohort(root / "cohort", "Spring", due, root / "names.csv")
    cohort.release()
    first, second, *others = [skill.id for skill in truth.skills]
    views = {"ana": {first: "show", second: "can"}, "ben": {first: "can", second: "new"}}
    for learner, view in views.items():
        for slug in LESSONS:
            folder = root / learner / slug
            update_lesson(cohort.folder / "release" / slug, folder)
            identity.keep(folder, learner)
            answers = solution_answers(slug, learner, tables, truth)
            if slug == LESSONS[1]:
                answers["answers"][f"{slug}/S1"]["answer"] = {"rows": {**dict.fromkeys(others, "new"), **view}}
                for name, entry in answers["answers"].items():
                    if learner == "ben" and entry["type"] == "hotspot":
                        entry["answer"] = {"picked": [wrong_option(folder, name, entry)]}
            (folder / "answers.json").write_text(json.dumps(answers), encoding="utf-8")
        write(root / learner / LESSONS[0] / f"{LESSONS[0]}.ipynb")
        pack(root / learner, root / f"{learner}.zip")
    cohort.collect([root / "ana.zip", root / "ben.zip"])
    cohort.grade()
    return summarise(cohort)


def wrong_option(folder, name, entry):
    """An option that is not the right one."""
    items = json.loads((folder / f"{LESSONS[1]}.items.json").read_text(encoding="utf-8"))["items"]
    options = [option["id"] for option in items[name.partition("/")[2]]["options"]]
    return next(option for option in options if option not in entry["answer"]["picked"])


def write(notebook):
    """Put a letter into the written cell."""
    content = json.loads(notebook.read_text(encoding="utf-8"))
    (cell,) = [cell for cell in content["cells"] if cell["id"] == "hand-off-W1"]
    cell["source"] = LETTER
    notebook.write_text(json.dumps(content), encoding="utf-8")


def test_the_rubric_stands_where_answers_wait(summary):
    """Two letters wait; the report shows the four rows and both exemplars, and the next step points there."""
    (one,) = summary.rubrics
    assert (one.lesson, one.exercise.id, one.exercise.waiting, one.exercise.most) == ("hand-off", "W1", 2, 4)
    page = report.render(summary)
    assert "2 to read, 4 points" in page and "At most 12 over all rows" in page
    for words in ("Names the number and its base", "A whole answer of level 1:", "A whole answer of level 3:"):
        assert words in page
    assert any("How to read them stands below" in step for step in report.next_steps(summary))


def test_the_skills_map_names_who_can(summary):
    """First skill: Ben can, Ana can show others, so no gap. Second: Ana alone. All others: nobody."""
    truth = playbook.load()
    rows = {row.name: row for row in summary.skills}
    first, second, third = (skill.name for skill in truth.skills[:3])
    assert (rows[first].can, rows[first].show, rows[first].is_gap) == (["Ben"], ["Ana"], False)
    assert (rows[second].can, rows[second].show, rows[second].is_gap) == (["Ana"], [], True)
    assert (rows[third].can, rows[third].show, rows[third].is_gap) == ([], [], True)
    assert [row.name for row in summary.skills][-1] == first, "gaps come first"
    assert "Skills map: 20 of 21 skills hang on one person or on nobody" in report.render(summary)


def test_a_test_counts_towards_nobodys_mastery(summary):
    """Ben, with every question of the test wrong, has mastered the lesson all the same; Kim has not.

    No question or misconception of a test is shown as one to talk about.
    """
    assert summary.tests == {"where-we-are-now"}
    assert summary.standings["ben"]["where-we-are-now"].points == 0
    assert summary.standings["ana"]["where-we-are-now"].points == 12
    assert [who for who in ("ana", "ben", "kim") if summary.passed(who)] == ["ana", "ben"]
    assert report.hardest(summary).lesson == "hand-off"
    assert summary.misconceptions == []
