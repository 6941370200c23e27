"""PT42: where the hours of a territory's seller and its marketer go, and which tasks nobody does.

Three research tasks are done by both, in every territory. Three tasks stand on the list and have no hours anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from generator import plan
from generator.dice import Dice, shares
from generator.money import days

FIRST_WEEK, WEEKS = "2026-03-16", 8


class Task(NamedTuple):
    """A task, the funnel step it serves (empty: none), and tenths of an hour a week by the seller and the marketer."""

    name: str
    step_id: str
    sales: int = 0
    marketing: int = 0


# What a seller saves on research goes into talks with customers, so a seller's week always has 40 hours.
TALKS, RESEARCH = "customer_talks", ("research_firms", "research_people", "research_rivals")
TASKS = {
    "research_firms": Task("Find out about firms", "unaware", 24, 13),
    "research_people": Task("Find out who decides there", "engaged", 18, 9),
    "research_rivals": Task("Find out what rivals offer", "proposal", 14, 12),
    "run_campaigns": Task("Run campaigns", "aware", 0, 50),
    "make_content": Task("Write and film", "aware", 0, 34),
    "stand_at_fairs": Task("Stand at fairs", "engaged", 0, 20),
    "event_follow_up": Task("Follow up the names from a fair", "engaged"),
    "follow_up_leads": Task("Follow up leads", "marketing_qualified", 35, 0),
    "customer_talks": Task("Talk with customers", "qualified", 116, 0),
    "book_trials": Task("Book the tasting", "trial"),
    "write_proposals": Task("Write proposals", "proposal", 42, 0),
    "interview_lost_buyers": Task("Ask lost buyers why", "decision"),
    "keep_crm": Task("Keep the CRM", "", 50, 0),
    "report_numbers": Task("Report numbers", "", 0, 22),
    "internal_meetings": Task("Meet colleagues", "", 36, 0),
    "travel": Task("Travel", "", 65, 0),
}
# Tenths of an hour that a territory's seller spends on research above or below the mean, and a week above its own mean.
TERRITORY_OFF = (8, 7, 6, 5, 5, 4, 3, 3, 2, 2, 1, 1)
WEEK_OFF = (3, -2, 1, -3, 2, -1, 4, -4)


def make(seed: int, truth: Mapping[str, float]) -> dict[str, dict[str, list]]:
    """`tasks` and `time_log`."""
    return {
        "tasks": {
            "task_id": list(TASKS),
            "task": [task.name for task in TASKS.values()],
            "step_id": [task.step_id for task in TASKS.values()],
        },
        "time_log": _log(seed, round(truth["pt42_double_hours"] * 10)),
    }


def _log(seed: int, research: int) -> dict[str, list]:
    """A row a territory, week, function and task with hours."""
    dice = Dice(seed, "time_log")
    off = [*TERRITORY_OFF, *(-tenths for tenths in TERRITORY_OFF)]
    of_territory = [off[at] for at in dice.shuffled(len(plan.TERRITORIES))]
    table: dict[str, list] = {name: [] for name in ("territory_id", "week", "function", "task_id", "hours")}
    for number, territory in enumerate(plan.TERRITORIES):
        sales_weeks, marketing_weeks = dice.shuffled(WEEKS), dice.shuffled(WEEKS)
        for week in range(WEEKS):
            seller = _seller_week(research + of_territory[number] + WEEK_OFF[sales_weeks[week]])
            marketer = {name: task.marketing for name, task in TASKS.items() if task.marketing}
            marketer["run_campaigns"] += WEEK_OFF[marketing_weeks[week]]
            for function, spent in (("sales", seller), ("marketing", marketer)):
                for task, tenths in spent.items():
                    row = (territory, days(FIRST_WEEK) + 7 * week, function, task, tenths / 10)
                    for name, value in zip(table, row, strict=True):
                        table[name].append(value)
    return table


def _seller_week(research: int) -> dict[str, int]:
    """Tenths of an hour by task, with this much research in all."""
    spent = {name: task.sales for name, task in TASKS.items() if task.sales}
    usual = [TASKS[name].sales for name in RESEARCH]
    for name, tenths in zip(RESEARCH, shares(research, usual), strict=True):
        spent[TALKS] += spent[name] - tenths
        spent[name] = tenths
    return spent
