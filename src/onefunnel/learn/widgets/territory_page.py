"""A territory on one page: a pair's numbers side by side, what six weeks can show, and what a euro brings."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration, choice
from onefunnel.metrics import deals, front_line, hazards, origin, touch_counts
from onefunnel.metrics.forecast import coverage_parts
from onefunnel.metrics.intervals import wilson
from onefunnel.metrics.quarter import next_slots, next_trials

FIT = 60
_UNTOUCHED = f"Untouched, fit {FIT} or more"
BETTER = 0.10  # a large gain for a rate: what six weeks would have to show

PLACES = {  # where the small budget may go: its name, and how we know what a euro brings there
    front_line.BRAND: ("Being known", "a test without it for a year, in two places"),
    "promotion": ("Offers", "a test in which some buyers got none"),
    "email": ("E-mail", "a test in which some buyers got none"),
    "event": ("Event", "a test in which some buyers got none"),
    "direct_mail": ("Direct mail", "a test in which some buyers got none"),
    "bought_list": ("Bought list", "a test in which some buyers got none"),
}


class Rate(NamedTuple):
    """So many of so many."""

    part: int
    whole: int

    @property
    def share(self) -> float:
        """The fraction; NaN of none."""
        return self.part / self.whole if self.whole else math.nan

    def __str__(self) -> str:
        return f"{self.part:,} of {self.whole:,}"


class Territory:
    """The numbers of one set of tables."""

    def __init__(self, tables: Any, world: Any) -> None:
        steps, calendar = [step.id for step in world.playbook.steps], world.playbook.company.calendar
        margin = world.playbook.metric("origin_return").arguments["margin"]
        outcome = tables.opportunities["outcome"]
        board = hazards.hazards(
            tables.opportunities, tables.stage_history, tables.close_date_moves, tables.as_of, steps
        )
        leads = (tables.leads, tables.as_of, calendar)
        self.won = Rate(int((outcome == "won").sum()), len(deals.decided(tables.opportunities)))
        self.untouched = Rate(
            touch_counts.never_by_a_human(*leads, least_fit=FIT), touch_counts.run_out(*leads, least_fit=FIT)
        )
        self.stuck = Rate(int((board["count"] >= hazards.AT_RISK).sum()), len(board))
        self.no_next_step = int(board["no_next_step"].sum())
        self.due = coverage_parts(tables.opportunities, tables.targets, tables.as_of)
        spent = (tables.leads, tables.opportunities, tables.campaigns, tables.as_of, margin)
        self.returned = [origin.origin_return(*spent, include_unknown=unknown) for unknown in (False, True)]
        self.revenue, self.spend = origin.revenue_and_spend(*spent)
        self.planned, self.slots = (
            next_trials(tables.targets, tables.as_of),
            next_slots(tables.trial_slots, tables.as_of),
        )
        self.decided_soon = round(front_line.decided_in_weeks(tables.opportunities, tables.as_of))
        self.assigned_soon = round(front_line.assigned_in_weeks(tables.leads, tables.as_of, least_fit=FIT))

    @property
    def coverage(self) -> str:
        """Due ÷ still to win, in words where there is none."""
        if not self.due["target_eur"]:
            return "no target"
        missing = self.due["target_eur"] - self.due["won_eur"]
        return f"{self.due['due_eur'] / missing:.1f}" if missing > 0 else "target reached"

    def rows(self) -> list[tuple[str, str, str, str]]:
        """(number, value, base, what it does not show), in the order of the lesson."""
        low, high = (_percent(one) for one in self.returned)
        between = low if low == high else f"{low} to {high}"
        missing = self.due["target_eur"] - self.due["won_eur"]
        due = f"€{self.due['due_eur']:,.0f} due, €{max(missing, 0):,.0f} missing"
        money = f"€{self.revenue:,.0f} won for €{self.spend:,.0f}"
        tastings = f"{self.planned:,.0f} in {self.slots:,} slots"
        return [
            ("Win rate", _percent(self.won.share), f"{self.won} decided deals", "why we lost"),
            ("Two hazards at once", _percent(self.stuck.share), f"{self.stuck} open deals", "which can still be saved"),
            ("Return of all origins", between, money, "who would have come anyway"),
            ("Coverage", self.coverage, due, "which deals will be signed"),
            (_UNTOUCHED, _percent(self.untouched.share), f"{self.untouched} leads", "who would have bought"),
            ("Tastings", tastings, "plan of next quarter", "how many buyers will ask"),
        ]


class TerritoryPage(Exploration):
    """The own territory beside the company; what week 6 can show; what a euro brings."""

    def __init__(self, world: Any) -> None:
        super().__init__(f"Territory {world.book.territory_id} on one page")
        self.own, self.all = Territory(world.book, world), Territory(world.company, world)
        company = world.company
        self.returns = front_line.returns(
            company.leads,
            company.opportunities,
            company.campaigns,
            company.experiments,
            company.media_weekly,
            company.as_of,
            world.playbook.metric("origin_return").arguments["margin"],
            list(PLACES),
        )
        self.firm = world.playbook.company.name
        views = [("Today", "today"), ("By week 6", "soon"), ("What a euro brings", "money")]
        self.view = choice("Show", views)
        self.view.observe(self.redraw, "value")
        self.fill(self.view)

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, the picture and the table of the view that is chosen."""
        return {"today": self._today, "soon": self._soon, "money": self._money}[self.view.value]()

    def _today(self) -> tuple[str, str, str]:
        rates = [
            ("Win rate", self.own.won, self.all.won),
            ("Two hazards at once", self.own.stuck, self.all.stuck),
            (_UNTOUCHED, self.own.untouched, self.all.untouched),
        ]
        ends = [wilson(*own) for _, own, _ in rates]
        apart = [
            name for (name, _, other), (low, high) in zip(rates, ends, strict=True) if not low <= other.share <= high
        ]
        which = " and ".join(apart) or "None of your three rates"
        verb = "lie" if len(apart) > 1 else "lies"
        finding = f"{which} {verb} further from all of {self.firm} than luck would explain."
        shown, axes = figure.blank(7.4, 2.0, left=0.30, right=0.97, bottom=0.22, top=0.86)
        for place, ((name, own, other), (low, high)) in enumerate(zip(rates, ends, strict=True)):
            axes.plot([low * 100, high * 100], [place, place], color=figure.BLUE, linewidth=3, solid_capstyle="butt")
            axes.plot(own.share * 100, place, "o", color=figure.BLUE, markersize=9)
            axes.plot([other.share * 100] * 2, [place - 0.32, place + 0.32], color=figure.VERMILION, linewidth=3)
            axes.text(-2, place, name, va="center", ha="right")
        axes.set_xlim(0, max(high for _, high in ends) * 105)
        axes.set_ylim(len(rates) - 0.5, -0.5)
        axes.set_yticks([])
        axes.set_xlabel("per cent")
        title = "Dot: yours. Line: how far luck reaches. Upright: the whole company"
        axes.set_title(title, loc="left", fontsize=10)
        rows = [
            [name, value, base, other[1], hidden]
            for (name, value, base, hidden), other in zip(self.own.rows(), self.all.rows(), strict=True)
        ]
        head = ["Number", "Yours", "Of how many", f"All of {self.firm}", "It does not show"]
        alt = f"{finding} Three dots with lines beside three upright marks; the numbers stand in the table."
        return finding, figure.picture(shown, alt), figure.table("Your numbers today", head, rows)

    def _soon(self) -> tuple[str, str, str]:
        own, cases, now = self.own, self.own.decided_soon, self.own.won.share
        lying = [
            ["Untouched leads to call", f"{own.untouched.part}", "–", "yes: each call takes one off"],
            ["Deals with two hazards", f"{own.stuck.part}", "–", "yes: you know each by name"],
            ["Open deals without a next step", f"{own.no_next_step}", "–", "yes: each date takes one off"],
        ]
        head = ["Number", "Today", "New cases by week 6", "Can week 6 tell?"]
        if not cases:
            return "By week 6 none of your deals is decided.", "", figure.table("What week 6 can show", head, lying)
        better = min(now + BETTER, 1.0)
        (low, high), (low_better, high_better) = front_line.luck(now, cases), front_line.luck(better, cases)
        can, verdict = ("can", "yes") if low_better > high else ("cannot", "no")
        finding = (
            f"By week 6 about {cases} of your deals are decided. At today's rate {low} to {high} of them are won, "
            f"at a rate {BETTER * 100:.0f} points better {low_better} to {high_better}. "
            f"Week 6 {can} tell these apart."
        )
        few = front_line.luck(own.untouched.share, own.assigned_soon)
        rates = [
            ["Win rate", _percent(now), f"{cases} decided", f"{verdict}: luck gives {low} to {high} wins"],
            ["Untouched share of new leads", _percent(own.untouched.share), f"{own.assigned_soon} leads",
             f"no: luck gives {few[0]} to {few[1]}"],
        ]  # fmt: skip
        alt = f"{finding} Two rows of bars, one a rate, over the number of deals won."
        picture = figure.picture(self._bars(now, better, cases), alt)
        return finding, picture, figure.table("What week 6 can show", head, rates + lying)

    def _bars(self, now: float, better: float, cases: int) -> Figure:
        """Chances of so many wins at both rates; numbers of wins that hardly ever come are left out."""
        shown, axes = figure.blank(7.4, 2.4, left=0.09, bottom=0.2, top=0.86)
        chances = [front_line.wins_by_luck(rate, cases) * 100 for rate in (now, better)]
        wins = np.flatnonzero(np.maximum(*chances) > 0.05)
        axes.bar(wins - 0.2, chances[0][wins], width=0.38, color=figure.BLUE, label=f"rate as today, {_percent(now)}")
        axes.bar(wins + 0.2, chances[1][wins], width=0.38, facecolor="none", edgecolor=figure.VERMILION, hatch="///",
                 label=f"{BETTER * 100:.0f} points better")  # fmt: skip
        axes.xaxis.set_major_locator(MaxNLocator(nbins=12, integer=True))
        axes.set_xlabel("deals won by week 6")
        axes.set_ylabel("times of 100")
        axes.legend(frameon=False, loc="upper right")
        axes.set_title(f"What luck makes of {cases} decided deals", loc="left", fontsize=10)
        return shown

    def _money(self) -> tuple[str, str, str]:
        ranked = sorted(self.returns.items(), key=lambda one: -one[1])
        best, worst = (PLACES[place][0].lower() for place in (ranked[0][0], ranked[-1][0]))
        finding = f"In all of {self.firm} a euro brought most in {best} and least in {worst}."
        shown, axes = figure.blank(7.4, 2.6, left=0.2, bottom=0.2, top=0.88)
        for place, (_, value) in enumerate(ranked):
            colour = figure.BLUE if value >= 0 else figure.VERMILION
            axes.barh(place, value * 100, height=0.62, color=colour, hatch="" if value >= 0 else "///")
            axes.text(max(value, 0) * 100 + 2, place, _percent(value), va="center", fontweight="bold")
        axes.set_yticks(range(len(ranked)), [PLACES[name][0] for name, _ in ranked])
        axes.axvline(0, color=figure.QUIET, linewidth=1)
        axes.set_xlim(min(0, ranked[-1][1]) * 110, max(0, ranked[0][1]) * 118)
        axes.invert_yaxis()
        axes.set_xlabel("margin on top of each euro, per cent")
        axes.set_title("What a euro brought that would not have come anyway", loc="left", fontsize=10)
        rows = [[PLACES[name][0], _percent(value), PLACES[name][1]] for name, value in ranked]
        table = figure.table("On top of each euro, in the long run", ["Place", "Brought", "How we know"], rows)
        return finding, figure.picture(shown, f"{finding} One bar a place; the numbers stand in the table."), table


class TerritoryExample(Exploration):
    """The same numbers for T00, as a table alone."""

    def __init__(self, world: Any) -> None:
        super().__init__("Worked example: the sample territory T00")
        self.page = Territory(world.demo, world)
        self.fill()

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, no picture, and the numbers."""
        page = self.page
        rate = f"{page.won.part} ÷ {page.won.whole} = {_percent(page.won.share)}"
        finding = f"T00 wins {rate} of its decided deals. A base as small as this one jumps."
        head = ["Number", "T00", "Of how many", "It does not show"]
        return finding, "", figure.table("T00 on one page", head, [list(row) for row in page.rows()])


def _percent(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.0%}".replace("-", "−")
