"""Lessons on imported tables: what can be answered is scored, the rest is for reading, and nothing fails."""

from __future__ import annotations

import csv
import math

import ipywidgets
import pytest

from onefunnel.data.importing import import_files
from onefunnel.data.tables import load as load_tables
from onefunnel.learn import simulate
from onefunnel.learn.answers import Answers
from onefunnel.learn.ask import Ask
from onefunnel.learn.check import Check
from onefunnel.learn.items import Items
from onefunnel.learn.lesson import explored
from onefunnel.learn.reading import reading_only
from onefunnel.learn.session import Session
from onefunnel.learn.widgets import WIDGETS
from onefunnel.learn.world import World
from onefunnel.lessons import solve
from onefunnel.lessons.build import sources
from onefunnel.playbook import load as load_playbook

PLAYBOOK = load_playbook()


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """The world of a learner at a firm that has opportunities and their history, and nothing else."""
    folder = tmp_path_factory.mktemp("own")
    deals = [["Id", "Account.Name", "CreatedDate", "StageName", "IsClosed", "IsWon", "CloseDate", "Amount"]]
    moves = [["OpportunityId", "StageName", "CreatedDate"]]
    for number in range(200):
        won, lost = number % 5 in (0, 1), number % 5 in (2, 3)
        stage = "Closed Won" if won else "Closed Lost" if lost else "Proposal"
        opened = f"2024-{number % 12 + 1:02d}-{number % 27 + 1:02d}"
        closed = f"2025-{number % 4 + 1:02d}-{number % 27 + 1:02d}"
        name = f"006{number:03d}"
        deals.append([name, f"Firm {number}", opened, stage, won or lost, won, closed, 1000 + 37 * (number % 50)])
        moves += [[name, "Qualification", opened], [name, "Proposal", closed]]
    for name, rows in (("opportunities", deals), ("history", moves)):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows(rows)
    import_files("salesforce", [folder / "opportunities.csv", folder / "history.csv"], folder / "tables")
    return World.of(load_tables(folder / "tables"), PLAYBOOK, "ana")


@pytest.mark.parametrize("slug", sources())
def test_each_question_is_answered_or_only_read(world, slug, tmp_path, capsys):
    """A question that can be answered has a right answer; one that cannot is drawn with its reason and passes."""
    questions = solve.questions(slug, PLAYBOOK)
    session = Session(questions, world, Answers.load(tmp_path, "ana"))
    for item in questions.values():
        reason = reading_only(item, world)
        if not reason:
            assert simulate.right_answer(item, world), item.qualified
            continue
        Ask(session)(item.id)
        assert "For reading only" in capsys.readouterr().out
        assert Check(session)(item.id, object()) is None
        assert Check(session).hidden(item.id, object()) is None
    for item in questions.values():
        if item.type == "predict":
            Ask(session).lookback(item.id)


@pytest.mark.parametrize("name", WIDGETS)
def test_each_exploration_is_drawn_or_says_what_is_not_there(world, name):
    """A picture of tables that nobody has is a line in words, never an error in the notebook."""
    drawn = explored(name, world)
    assert isinstance(drawn, ipywidgets.Widget)
    if isinstance(drawn, ipywidgets.HTML):
        assert "They hold nothing for: " in drawn.value and "leads" in drawn.value


def question(name: str, **fields) -> Items:
    return Items(name, "Own", {"E1": {"type": "number", "unit": "percent", "points": 1, **fields}})


def test_a_missing_table_is_named(world):
    """The reason is the sentence that the metric's page says too."""
    item = question("missing", value={"metric": "origin_return"})["E1"]
    assert reading_only(item, world) == "This number needs leads, campaigns. Your tables do not hold them."


def test_a_wrong_way_that_gives_the_right_number_cannot_be_asked(world):
    """As many won as lost: the win rate and the share that was lost are both one half."""
    rate = {"metric": "win_rate", "on": "company"}
    same, apart = (question(name, value=rate, wrong=[name]) for name in ("loss_rate", "open_in_denominator"))
    assert "(loss rate) give the same number" in reading_only(same["E1"], world)
    assert reading_only(apart["E1"], world) == ""


def test_worked_examples_stand_on_the_sample_company(world):
    """The territory that nobody owns is not in an export; its small round numbers are the course's own."""
    assert set(world.demo["territories"]["territory_id"]) == {"T00"}


def test_the_second_book_of_a_firm_without_territories_is_another_one(world):
    """Hidden checks run on other accounts, although there is only one territory to draw from."""
    first, second = (set(one["accounts"]["account_id"]) for one in (world.book, world.second))
    assert first != second and len(first) == len(second) == 160
    assert not math.isnan(world.number(question("rate", value={"metric": "win_rate"})["E1"], "second"))
