"""Will the quarter hold? Money against the target, trials against slots, hours against potential."""

from __future__ import annotations

from typing import Any

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration, choice
from onefunnel.metrics import hours, promises, quarter
from onefunnel.metrics.forecast import coverage_parts

VIEWS = [("Money", "money"), ("Trials", "trials"), ("Hours", "hours")]
WAYS = {
    "crm": "The CRM's percentages",
    "reached": "Deals that ever reached the step",
    "standing": "Deals that stood in the step",
    "due": "Deals due on this day of past quarters",
}


class QuarterBuilder(Exploration):
    """Money and hours of the whole company, trials of the learner's own territory."""

    def __init__(self, world: Any) -> None:
        super().__init__("Will the quarter hold?")
        self.world = world
        tables = world.company
        deals, steps = tables.opportunities, [step.id for step in world.playbook.steps]
        crm = world.playbook.crm_probability
        self.parts = coverage_parts(deals, tables.targets, tables.as_of)
        self.past = quarter.due_before(deals, tables.close_date_moves, tables.as_of)
        self.range = quarter.expected_range(deals, tables.targets, tables.close_date_moves, tables.as_of)
        self.kept = promises.promised_over_came(deals, tables.stage_history, tables.as_of, steps, crm)
        weights = promises.step_weights(deals, tables.stage_history, tables.as_of, steps, crm)
        in_time = deals["close_date_planned"].between(tables.as_of.normalize(), tables.as_of.to_period("Q").end_time)
        due = deals[deals["outcome"].eq("open") & in_time]
        self.brings = {
            way: float((due["amount_eur"] * due["step_id"].astype(str).map(weights[way])).sum())
            for way in promises.WAYS
        }
        self.brings["due"] = self.range.middle - float(self.parts["won_eur"])
        self.hours = hours.hours_by_potential(tables.accounts, tables.outlets, tables.visits, tables.as_of)
        self.view = choice("Look at", VIEWS)
        self.way = choice("What the due deals bring, judged by", [(text, way) for way, text in WAYS.items()])
        self.way.orientation = "vertical"
        self.view.observe(self.redraw, "value")
        self.way.observe(self.redraw, "value")
        self.fill(self.view, self.way)

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, the picture and the table of the view."""
        self.way.layout.display = "" if self.view.value == "money" else "none"
        return getattr(self, f"_{self.view.value}")()

    def _money(self) -> tuple[str, str, str]:
        won, target = float(self.parts["won_eur"]), float(self.parts["target_eur"])
        more = self.brings[self.way.value]
        share = (won + more) / target
        finding = f"{WAYS[self.way.value]}: the quarter brings {share:.0%} of its target."
        shown, axes = figure.blank(7.4, 1.7, bottom=0.34)
        axes.barh([0], [won / 1e6], color=figure.BLUE, height=0.5)
        axes.barh([0], [more / 1e6], left=[won / 1e6], color=figure.SKY, height=0.5, hatch="//", edgecolor=figure.PAPER)
        axes.axvline(target / 1e6, color=figure.VERMILION, linewidth=2)
        axes.annotate(
            f"won {won / 1e6:.2f}", (won / 2e6, 0), ha="center", va="center", color="white", fontweight="bold"
        )
        axes.annotate(
            f"still to come {more / 1e6:.2f}",
            ((won + more / 2) / 1e6, 0.38),
            ha="center",
            va="center",
            fontweight="bold",
        )
        axes.annotate(
            f"target {target / 1e6:.2f}", (target / 1e6, -0.42), (5, 0), textcoords="offset points", va="center"
        )
        told = ""
        if self.way.value == "due":
            low, high = self.range.low / 1e6, self.range.high / 1e6
            axes.plot([low, high], [-0.42, -0.42], color=figure.INK, linewidth=3, solid_capstyle="butt")
            axes.annotate(
                f"{low:.2f} to {high:.2f} like the worst and best of {len(self.past)} quarters",
                (low, -0.42),
                (-6, 0),
                textcoords="offset points",
                va="center",
                ha="right",
            )
            told = f" As in the worst and best of {len(self.past)} quarters: {low:.2f} to {high:.2f} million."
        axes.set_xlim(0, max(target, won + max(self.brings.values())) / 1e6 * 1.12)
        axes.set_ylim(-0.65, 0.6)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.set_xlabel("million euros in this quarter, whole company")
        said = f"Won {won / 1e6:.2f}, still to come {more / 1e6:.2f}, target {target / 1e6:.2f} million euros."
        alt = f"{finding} {said}{told}"
        return finding, figure.picture(shown, alt), self._parts_table() + self._ways_table() + self._past_table()

    def _parts_table(self) -> str:
        names = {
            "target_eur": "Target of the quarter",
            "won_eur": "Won so far",
            "due_eur": "Open and due in the rest of the quarter",
            "past_due_eur": "Open, but its planned date is past",
            "open_eur": "Everything open, whenever due",
        }
        rows = [[text, f"{self.parts[name]:,.0f}"] for name, text in names.items()]
        return figure.table("This quarter, whole company", ["", "€"], rows)

    def _ways_table(self) -> str:
        kept = {way: f"{self.kept[way]:.2f} ×" for way in promises.WAYS}
        rows = [[text, f"{self.brings[way]:,.0f}", kept.get(way, "–")] for way, text in WAYS.items()]
        head = ["Judged by", "€ from what is due", "On past Mondays it promised … what came"]
        return figure.table("Four ways to judge what is due", head, rows)

    def _past_table(self) -> str:
        rows = [
            [f"{label.year}-Q{label.quarter}", f"{row.due_eur:,.0f}", f"{row.won_eur:,.0f}", f"{row.rate:.1%}"]
            for label, row in self.past.iterrows()
        ]
        due, won = self.past["due_eur"].sum(), self.past["won_eur"].sum()
        rows.append(["All together", f"{due:,.0f}", f"{won:,.0f}", f"{won / due:.1%}" if due else "–"])
        head = ["Quarter", "€ due on the same day", "€ of it won by the end", "Share"]
        return figure.table("Past quarters on the same day", head, rows)

    def _trials(self) -> tuple[str, str, str]:
        book = self.world.book
        plan, room = quarter.next_trials(book.targets, book.as_of), quarter.next_slots(book.trial_slots, book.as_of)
        missing = plan - room
        finding = f"Next quarter your territory's plan counts on {plan:.0f} trials, and there are {room} slots."
        shown, axes = figure.blank(7.4, 1.7, left=0.14, bottom=0.3)
        for place, (name, count, colour) in enumerate([("slots", room, figure.BLUE), ("plan", plan, figure.ORANGE)]):
            axes.barh([place], [count], color=colour, height=0.55)
            axes.annotate(f"{count:.0f}", (count, place), (5, 0), textcoords="offset points", va="center")
            axes.annotate(name, (0, place), (-6, 0), textcoords="offset points", ha="right", va="center")
        axes.set_yticks([])
        axes.set_xlim(0, max(plan, room, 1) * 1.15)
        axes.set_xlabel("trials in the next quarter, your territory")
        rows = [
            ["Trials in the plan", f"{plan:.0f}"],
            ["Trial slots", f"{room}"],
            ["Without a slot", f"{max(0, missing):.0f}"],
        ]
        table = figure.table("Next quarter, your territory", ["", "Number"], rows)
        return finding, figure.picture(shown, finding + " Two bars, one for each number."), table

    def _hours(self) -> tuple[str, str, str]:
        table = self.hours
        potential = table["potential_eur"] / table["potential_eur"].sum()
        first = table.index[0]
        finding = (
            f"{table.loc[first, 'hours_share']:.0%} of the visiting hours go to the smallest outlets, "
            f"which hold {potential[first]:.0%} of the potential."
        )
        shown, axes = figure.blank(7.4, 2.6, left=0.3, bottom=0.2)
        for place, name in enumerate(reversed(table.index)):
            for offset, value, colour in (
                (0.2, table.loc[name, "hours_share"], figure.BLUE),
                (-0.2, potential[name], figure.ORANGE),
            ):
                axes.barh([place + offset], [value * 100], color=colour, height=0.36)
                axes.annotate(
                    f"{value:.0%} {'hours' if colour == figure.BLUE else 'potential'}",
                    (value * 100, place + offset),
                    (5, 0),
                    textcoords="offset points",
                    va="center",
                )
            axes.annotate(
                hours.group_text(name), (0, place), (-6, 0), textcoords="offset points", ha="right", va="center"
            )
        axes.set_yticks([])
        axes.set_xlim(0, 65)
        axes.set_xlabel("per cent of all, whole company")
        rows = [
            [hours.group_text(name), f"{row.outlets:,.0f}", f"{row.hours_share:.0%}", f"{potential[name]:.0%}",
             f"{row.potential_eur / max(row.outlets, 1):,.0f}"]
            for name, row in table.iterrows()
        ]  # fmt: skip
        head = ["Outlets", "Number", "Hours", "Potential", "€ of potential an outlet"]
        alt = finding + " Pairs of bars for four groups of outlets: hours shrink and potential grows with the group."
        return finding, figure.picture(shown, alt), figure.table("Hours and potential of the routes", head, rows)
