"""The Monday board: each open deal beside what is normal for its step, and where the queue stands."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.lines import Line2D

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration, choice
from onefunnel.metrics.ageing import step_ageing
from onefunnel.metrics.hazards import hazards, pushed_win_rate

_SORTS = {"step": ["place", "days"], "amount": ["amount_eur"], "crm": ["crm_probability"], "created": ["age"]}
_PUSHED = {"0 or 1 time": (0, 1), "2 times": (2, 2), "3 times or more": (3, None)}


class AgeingBoard(Exploration):
    """Bars: days in the step. Ticks: what four in five needed that moved on from there."""

    def __init__(self, world: Any) -> None:
        super().__init__("My open deals on Monday at nine")
        self.names = {step.id: step.name for step in world.playbook.steps}
        self.board = _board(world.book, list(self.names))
        self.order = choice(
            "Sort by",
            [("Step", "step"), ("Amount", "amount"), ("The CRM's percentage", "crm"), ("Oldest first", "created")],
        )
        self.order.observe(self.redraw, "value")
        self.fill(self.order)

    def rows(self) -> pd.DataFrame:
        """Return the open deals in the chosen order."""
        keys = _SORTS[self.order.value]
        return self.board.sort_values(keys, ascending=[key == "place" for key in keys], kind="stable")

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, a bar a deal, and the facts of each."""
        board = self.rows()
        old = int(board["old"].sum())
        finding = f"{old} of your {len(board)} open deals are older than is normal for the step they stand in."
        shown, axes = figure.blank(7.4, 0.9 + 0.27 * len(board), left=0.36, bottom=0.02, top=0.93)
        for place, deal in enumerate(board.itertuples()):
            style = {"color": figure.BLUE}
            if deal.old:
                style = {"facecolor": "none", "edgecolor": figure.VERMILION, "hatch": "///"}
            axes.barh(place, deal.days, height=0.6, **style)
            axes.plot([deal.normal_days] * 2, [place - 0.42, place + 0.42], color=figure.INK, linewidth=2.5)
            axes.text(-2, place, figure.folded(deal.name, 40), va="center", ha="right", fontsize=9)
            end = max(deal.days, deal.normal_days if pd.notna(deal.normal_days) else 0)
            axes.text(end + 2, place, f"{self.names[deal.step_id]}, {deal.days:.0f}", va="center", fontsize=9)
        axes.set_xlim(0, board[["days", "normal_days"]].max().max() * 1.5)
        axes.set_ylim(len(board) - 0.4, -0.6)
        axes.set_axis_off()
        axes.set_title("Days in the step (line: four in five needed no longer)", loc="left", fontsize=10)
        return (
            finding,
            figure.picture(shown, f"{finding} One bar a deal; the numbers stand in the table."),
            self._table(board),
        )

    def _table(self, board: pd.DataFrame) -> str:
        return figure.table("Open deals", _HEAD, [_facts(deal, self.names) for deal in board.itertuples()])


def _board(tables: Any, steps: list[str]) -> pd.DataFrame:
    """The table of `hazards` with the firm's `name`, the step's `place` in the funnel and the deal's `age` in days."""
    board = hazards(tables.opportunities, tables.stage_history, tables.close_date_moves, tables.as_of, steps)
    firm = tables.accounts.drop_duplicates("account_id").set_index("account_id")["name"]
    account = tables.opportunities.set_index("opp_id")["account_id"].reindex(board.index)
    return board.assign(
        name=account.map(firm).fillna(account).to_numpy(),
        place=board["step_id"].map({step: place for place, step in enumerate(steps)}),
        age=(tables.as_of - board["created_at"]).dt.days,
    )


_HEAD = ["Deal", "Step", "Days in step", "Normal up to", "Close moved", "Next step", "€", "CRM %", "Days since created"]


def _facts(deal: Any, names: dict[str, str]) -> list[str]:
    when = deal.next_step_on
    return [
        deal.name,
        names[deal.step_id],
        f"{deal.days:.0f}",
        "–" if pd.isna(deal.normal_days) else f"{deal.normal_days:.1f}",
        f"{deal.pushes}",
        "none" if pd.isna(when) else f"{when.day} {when:%B}",
        f"{deal.amount_eur:,.0f}",
        f"{deal.crm_probability * 100:.0f}",
        f"{deal.age}",
    ]


class HazardExample(Exploration):
    """The same facts for the open deals of T00, as a table alone."""

    def __init__(self, world: Any) -> None:
        super().__init__("Worked example: the sample territory T00")
        self.names = {step.id: step.name for step in world.playbook.steps}
        self.board = _board(world.demo, list(self.names))
        self.fill()

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, no picture, and the facts."""
        board = self.board.sort_values(["place", "days"], kind="stable")
        two = board.loc[board["count"] >= 2, "name"].tolist()
        finding = f"T00: of {len(board)} open deals only {', '.join(two)} shows two hazards at once."
        return (
            finding,
            "",
            figure.table("T00, open deals", _HEAD, [_facts(deal, self.names) for deal in board.itertuples()]),
        )


class WhereTheQueueStands(Exploration):
    """Left: open deals by step. Right: tastings asked for and slots to hold them, quarter by quarter."""

    def __init__(self, world: Any) -> None:
        super().__init__("Where does the queue stand?")
        tables, steps = world.company, [step.id for step in world.playbook.steps]
        self.names = {step.id: step.name for step in world.playbook.steps}
        self.queue = step_ageing(tables.opportunities, tables.stage_history, tables.as_of, steps)
        self.queue = self.queue[self.queue["open_deals"] > 0]
        history, slots = tables.stage_history, tables.trial_slots
        asked = history.loc[history["step_id"] == "trial"].drop_duplicates("opp_id")["entered_at"]
        now = tables.as_of.to_period("Q")
        self.quarters = pd.period_range(now - 6, now - 1, freq="Q")
        self.asked, self.places = (
            when.dt.to_period("Q").value_counts().reindex(self.quarters).fillna(0) for when in (asked, slots["date"])
        )
        self.rates = {
            name: pushed_win_rate(tables.opportunities, tables.close_date_moves, *ends)
            for name, ends in _PUSHED.items()
        }
        self.shown = choice("Show", [("The queue", "queue"), ("Deals whose close was moved", "pushed")])
        self.shown.observe(self.redraw, "value")
        self.fill(self.shown)

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, the picture, and the table of what is shown."""
        return self._queue() if self.shown.value == "queue" else self._pushed()

    def _queue(self) -> tuple[str, str, str]:
        longest = self.queue["open_deals"].idxmax()
        share = self.queue.loc[longest, "share_of_open"]
        finding = (
            f"{share:.0%} of all open deals stand in “{self.names[longest]}”. "
            f"In six quarters {self.asked.sum():,.0f} asked for a tasting, "
            f"and there were {self.places.sum():,.0f} slots."
        )
        shown, (left, right) = figure.pair(7.4, 2.6, left=0.2)
        for place, (step, row) in enumerate(self.queue.iterrows()):
            left.barh(place, row["open_deals"], height=0.66, color=figure.VERMILION if step == longest else figure.BLUE)
            left.text(row["open_deals"] + 3, place, f"{row['open_deals']:.0f}", va="center", fontweight="bold")
            left.text(-3, place, figure.folded(self.names[step], 18), va="center", ha="right")
        left.set_xlim(0, self.queue["open_deals"].max() * 1.25)
        left.set_ylim(len(self.queue) - 0.4, -0.6)
        left.set_axis_off()
        left.set_title("Open deals by step", loc="left", fontsize=10)
        ticks = range(len(self.quarters))
        right.plot(ticks, self.asked, color=figure.VERMILION, marker="o", linestyle="--")
        right.plot(ticks, self.places, color=figure.BLUE, marker="s")
        every_other = list(ticks)[::2]
        right.set_xticks(
            every_other, [f"Q{self.quarters[at].quarter} ’{self.quarters[at].year % 100}" for at in every_other]
        )
        right.set_ylim(0, max(self.asked.max(), self.places.max()) * 1.35)
        handles = [
            Line2D([], [], color=figure.VERMILION, marker="o", linestyle="--", label="asked for a tasting"),
            Line2D([], [], color=figure.BLUE, marker="s", label="slots"),
        ]
        right.legend(handles=handles, loc=(0.08, 0.1), frameon=False)
        right.set_title("Tastings a quarter", loc="left", fontsize=10)
        rows = [
            [
                self.names[step],
                f"{row.open_deals}",
                f"{row.open_eur:,.0f}",
                f"{row.median_days:.0f}",
                f"{row.normal_days:.0f}",
            ]
            for step, row in zip(self.queue.index, self.queue.itertuples(), strict=True)
        ]
        head = ["Step", "Open deals", "€", "Days in step (median)", "Normal up to"]
        return finding, figure.picture(shown, finding), figure.table("The queue in front of each step", head, rows)

    def _pushed(self) -> tuple[str, str, str]:
        few, _, many = self.rates.values()
        finding = f"Moved at most once: {few * 100:.0f} of 100 are won. Moved three times or more: {many * 100:.0f}."
        shown, axes = figure.blank(7.2, 1.8, left=0.2, bottom=0.04, top=0.86)
        for place, (name, rate) in enumerate(self.rates.items()):
            axes.barh(place, rate * 100, height=0.66, color=figure.BLUE)
            axes.text(rate * 100 + 0.6, place, f"{rate * 100:.0f}", va="center", fontweight="bold")
            axes.text(-0.6, place, name, va="center", ha="right")
        axes.set_xlim(0, 40)
        axes.set_ylim(2.5, -0.5)
        axes.set_axis_off()
        axes.set_title("Won of 100 decided deals, by how often the close was moved", loc="left", fontsize=10)
        rows = [[name, f"{rate * 100:.0f}"] for name, rate in self.rates.items()]
        table = figure.table("Deals whose close was moved", ["Close moved", "Won of 100 decided"], rows)
        return finding, figure.picture(shown, finding), table
