"""Worked examples on the deals of T00, the sample territory that nobody owns: tables to read, nothing to move."""

from __future__ import annotations

from typing import Any

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration
from onefunnel.metrics import counts
from onefunnel.metrics.comparisons import rate_where
from onefunnel.metrics.deals import (
    LOST,
    days_to_close,
    mean_days_to_close,
    mean_won_value,
    open_deals,
    pipeline_velocity,
    settled,
    settled_win_rate,
    win_rate,
    win_rate_by_value,
)


class WinRateExample(Exploration):
    """Deals and euros by outcome, and the joint calls beside the others of their own kind."""

    def __init__(self, world: Any) -> None:
        super().__init__("Worked example: the sample territory T00")
        self.deals = world.demo.opportunities
        self.fill()

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, no picture, and the two tables."""
        deals, rows = self.deals, []
        for name, outcomes in {"Won": ["won"], "Lost, or no decision": [*LOST], "Still open": ["open"]}.items():
            number, euros = counts.deals_with(deals, outcomes), counts.euros_with(deals, outcomes)
            rows.append([name, f"{number}", f"{euros:,.0f}"])
        won, decided = counts.deals_with(deals, ["won"]), counts.deals_with(deals, ["won", *LOST])
        finding = (
            f"T00: {won} won ÷ {decided} decided = {win_rate(deals):.0%} of the deals, "
            f"and {win_rate_by_value(deals):.0%} of the euros. The open ones wait outside."
        )
        first = figure.table("T00, deals and euros", ["Outcome", "Deals", "€"], rows)
        return finding, "", first + self._calls()

    def _calls(self) -> str:
        rows = []
        for name, facts in {
            "Rebuys": {"purchase_type": "rebuy"},
            "New business": {"purchase_type": "new_business"},
            "All": {},
        }.items():
            rows.append([name, *(self._share(facts | {"joint_call": joint}) for joint in (True, False))])
        return figure.table("T00, won of decided deals", ["Kind", "With a joint call", "Without"], rows)

    def _share(self, facts: dict) -> str:
        rows = self.deals
        for column, value in facts.items():
            rows = rows[rows[column] == value]
        won, decided = counts.deals_with(rows, ["won"]), counts.deals_with(rows, ["won", *LOST])
        return f"{won} of {decided} = {rate_where(self.deals, facts):.0%}" if decided else "none"


class VelocityExample(Exploration):
    """The four factors of T00's velocity, each beside the one it is taken for."""

    def __init__(self, world: Any) -> None:
        super().__init__("Worked example: the sample territory T00")
        self.tables = world.demo
        self.fill()

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, no picture, and the factors."""
        deals, as_of = self.tables.opportunities, self.tables.as_of
        closed = settled(deals, as_of)
        days, won = days_to_close(closed), closed["outcome"] == "won"
        number, value = open_deals(deals), mean_won_value(deals, as_of)
        rate, mean = settled_win_rate(deals, as_of), mean_days_to_close(deals, as_of)
        finding = (
            f"T00: {number} open deals × €{value:,.0f} × {rate:.0%} ÷ {mean:.1f} days "
            f"= €{pipeline_velocity(deals, as_of):,.0f} a day."
        )
        open_value = deals.loc[deals["outcome"] == "open", "amount_eur"].mean()
        rows = [
            ["Open deals", f"{number}", "–"],
            ["Value of a deal, mean, €", f"{value:,.0f} (won)", f"{open_value:,.0f} (open)"],
            ["Win rate", f"{rate:.0%}", "–"],
            [
                "Days to close",
                f"{mean:.1f} (mean of all)",
                f"{days[won].mean():.1f} (won only), {days.median():.1f} (median)",
            ],
        ]
        return finding, "", figure.table("T00, the four levers", ["Lever", "Belongs here", "Taken for it"], rows)
