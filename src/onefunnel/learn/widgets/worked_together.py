"""Worked examples of the joint lessons: a table to read, nothing to move. Every number is computed as in the task."""

from __future__ import annotations

from typing import Any

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration
from onefunnel.metrics import budget, ownership, variance


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


class QuarterExample(Exploration):
    """The four factors of one quarter in T00, a year apart, and that they multiply."""

    def __init__(self, world: Any) -> None:
        super().__init__("Worked example: the sample territory T00")
        self.world = world
        self.fill()

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, no picture, and the table."""
        orders, year = self.world.demo.route_orders, int(self.world.demo.as_of.year)
        before, after = (variance.factors(orders, at) for at in (year - 1, year))
        names = ["Customers", "Orders a customer", "Cases an order", "Price a case, €"]
        rows = [
            [name, f"{was:,.1f}", f"{now:,.1f}", f"{now / was - 1:+.0%}".replace("-", "−")]
            for name, was, now in zip(names, before, after, strict=True)
        ]
        for name, level in (("Revenue, €", "revenue"), ("Gross margin, €", "margin")):
            was, now = (variance.money(orders, level, at) for at in (year - 1, year))
            rows.append([name, f"{was:,.0f}", f"{now:,.0f}", f"{now / was - 1:+.0%}".replace("-", "−")])
        finding = (
            f"T00: {before.iloc[0]:.0f} customers became {after.iloc[0]:.0f}, the rest stayed. "
            "Multiply the first four rows to get the fifth."
        )
        head = ["", f"Q1 {year - 1}", f"Q1 {year}", "Change"]
        return finding, "", figure.table("T00, first quarter against the year before", head, rows)


class BudgetExample(Exploration):
    """Two places with one budget and different next euros. T00 lies in no micromarket, so both are made up."""

    PLACES = (("Alta", 100.0, 100.0, 300.0), ("Baja", 100.0, 400.0, 1200.0))  # name, budget, scale, ceiling, €1,000

    def __init__(self, world: Any) -> None:
        super().__init__("Worked example: two places, €100,000 each")
        self.fill()

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, both curves, and the table."""
        shown, axes = figure.blank(7.4, 2.8, left=0.09, bottom=0.2, top=0.95)
        spend = [float(x) for x in range(0, 301, 5)]
        rows, following = [], {}
        for (name, now, scale, ceiling), colour in zip(self.PLACES, (figure.ORANGE, figure.BLUE), strict=True):
            so_far, one_more = budget.response([now, now + 1], ceiling, scale)
            following[name] = one_more - so_far
            axes.plot(spend, budget.response(spend, ceiling, scale), color=colour, linewidth=2.5)
            axes.plot(now, so_far, "o", color=colour, markersize=9)
            axes.annotate(name, (300, budget.response(300, ceiling, scale)), (-6, 6), textcoords="offset points",
                          ha="right", fontweight="bold")  # fmt: skip
            row = [name, f"{now:,.0f}", f"{so_far:,.0f}", f"{so_far / now:.2f}", f"{following[name]:.2f}"]
            rows.append(row)
        axes.set_xlabel("budget, €1,000")
        axes.set_ylabel("brings, €1,000")
        axes.set_xlim(0, 302)
        finding = (
            f"The next €1,000 bring {following['Baja']:.2f} thousand in Baja and {following['Alta']:.2f} in Alta, "
            "though both places have the same budget."
        )
        head = ["Place", "Budget, €1,000", "Brings, €1,000", "Average euro", "Next euro"]
        table = figure.table("Brings ÷ budget is the average euro", head, rows)
        return finding, figure.picture(shown, f"{finding} Two curves that flatten; Alta's flattens sooner."), table


def _hours(value: float) -> str:
    return f"{value:.1f}" if value == value else "–"
