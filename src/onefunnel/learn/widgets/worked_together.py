"""Worked examples of the joint lessons: a table to read, nothing to move. Every number is computed as in the task."""

from __future__ import annotations

from typing import Any

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration
from onefunnel.metrics import ownership


class HoursExample(Exploration):
    """Who spends how many hours a week on what in T00, and which hours are double."""

    def __init__(self, world: Any) -> None:
        super().__init__("Worked example: the sample territory T00")
        self.world = world
        self.fill()

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, no picture, and the table."""
        log, tasks = self.world.demo.time_log, self.world.demo.tasks
        weeks = ownership.seller_weeks(log)
        hours = log.pivot_table(index="task_id", columns="function", values="hours", aggfunc="sum") / weeks
        rows = []
        for task in tasks.itertuples():
            if task.task_id in hours.index:
                sales, marketing = (hours.loc[task.task_id].get(who, float("nan")) for who in ("sales", "marketing"))
                both = "both" if sales == sales and marketing == marketing else ""
                rows.append([task.task, _hours(sales), _hours(marketing), both])
        finding = (
            f"T00: the seller spends {ownership.double_hours(log):.1f} hours a week on what the marketer does too."
        )
        head = ["Task", "Seller, hours a week", "Marketer, hours a week", "Done by"]
        return finding, "", figure.table(f"T00, mean of {weeks} weeks", head, rows)


def _hours(value: float) -> str:
    return f"{value:.1f}" if value == value else "–"
