"""Doubles, orphans and steps without one owner, counted by hand on a log of six rows."""

import pandas as pd
import pytest

from onefunnel.metrics import ownership, ownership_traps, roles
from onefunnel.playbook import load

TASKS = pd.DataFrame({"task_id": ["a", "b", "c", "d"], "task": ["A", "B", "C", "D"], "step_id": None})
LOG = pd.DataFrame(
    [
        # One seller for two weeks: task a is a double in T1 (3 + 5 hours of sales, 2 of marketing), b is sales' alone.
        ("T1", "w1", "sales", "a", 3.0),
        ("T1", "w2", "sales", "a", 5.0),
        ("T1", "w1", "marketing", "a", 2.0),
        ("T1", "w1", "sales", "b", 12.0),
        # In T2 task b is marketing's and a is sales': each has one, so nothing is double there.
        ("T2", "w1", "marketing", "b", 9.0),
        ("T2", "w1", "sales", "a", 10.0),
    ],
    columns=["territory_id", "week", "function", "task_id", "hours"],
)
STEPS = [step.id for step in load().steps]


def test_a_double_is_a_task_that_both_do_in_one_territory():
    """8 hours of the seller in three seller-weeks; with the marketer's two they would be 10 ÷ 3."""
    assert ownership.double_hours(LOG) == pytest.approx(8 / 3)
    assert ownership_traps.both_peoples_hours(LOG) == pytest.approx(10 / 3)
    assert ownership.tasks_done_by_both(LOG) == 1
    assert (ownership.hours_of(LOG, "sales"), ownership.seller_weeks(LOG)) == (30, 3)


def test_an_orphan_has_no_hours_at_all():
    """Tasks c and d have no row; the tasks with the fewest hours are others."""
    assert ownership.orphans(TASKS, LOG) == ["c", "d"]
    assert set(ownership_traps.least_is_none(TASKS, LOG)) == {"a", "b"}
    assert ownership.orphans(TASKS, LOG.assign(hours=[0, 0, 0, 12, 9, 0])) == ["a", "c", "d"], "zero hours are none"


def test_doubles_cost_their_part_of_a_years_pay():
    """8 of 30 hours; twelve months at €1,000: €3,200. Older months, other kinds and functions stay out."""
    months = [f"2025-{month:02d}" for month in range(1, 13)]
    costs = pd.DataFrame(
        {"month": [*months, "2024-12", "2025-12", "2025-12"], "function": ["sales"] * 14 + ["marketing"]}
        | {"kind": ["salaries"] * 13 + ["tools", "salaries"], "eur": [1000] * 12 + [9e6] * 3}
    )
    assert ownership.double_share(LOG) == pytest.approx(8 / 30)
    assert ownership.double_cost(LOG, costs) == pytest.approx(8 / 30 * 12_000)
    assert ownership_traps.cost_of_all_hours(LOG, costs) == pytest.approx(10 / 30 * 12_000)


def test_the_grid_before_names_the_playbooks_steps_and_three_faults():
    """Nobody for the trial and for live, two for accepted. Looking at the workers finds other steps."""
    assert set(ownership.BEFORE) == set(STEPS)
    assert ownership.not_exactly_one(STEPS) == ["accepted", "trial", "live"]
    assert ownership_traps.two_is_safer(STEPS) == ["trial", "live"]
    assert ownership_traps.responsible_is_accountable(STEPS) == ["engaged", "proposal"]


def test_the_sales_to_sort_have_every_label_and_say_what_decides():
    """Three light, three shared, two tight, by counting reasons on paper; a large repeat order is light."""
    found = ownership.sale_roles()
    assert sorted(found.values()) == ["light"] * 3 + ["shared"] * 3 + ["tight"] * 2
    assert found["big_rebuy"] == "light" and set(found.values()) == set(roles.LABELS)
    texts = {row["id"]: row["text"] for row in ownership.sale_rows()}
    assert "decided in 10 months" in texts["slow_tender"] and "on offer for 4 months" in texts["season_blend"]
