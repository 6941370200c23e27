"""One table, many win rates: what goes below the line, deals or euros, and what luck does to a league table."""

from __future__ import annotations

from typing import Any

import ipywidgets as w
import numpy as np
import pandas as pd

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration, choice
from onefunnel.metrics.comparisons import by_luck, one_apart, territory_rates
from onefunnel.metrics.deals import win_rate, win_rate_by_value
from onefunnel.metrics.intervals import wilson
from onefunnel.metrics.pipeline_traps import open_in_denominator, open_value_in

LARGE_EUR = 25_000

_READINGS = {  # (by, base) → the metric behind it
    ("count", "decided"): win_rate,
    ("count", "all"): open_in_denominator,
    ("value", "decided"): win_rate_by_value,
    ("value", "all"): open_value_in,
}


class WinRateDial(Exploration):
    """Switches on the book's or the company's win rate, and the same reading by size and kind of deal."""

    def __init__(self, world: Any) -> None:
        super().__init__("One table: which win rate is it?")
        self.world = world
        self.whose = choice("Whose", [("My book", "book"), ("The whole company", "company")])
        self.base = choice("Below the line", [("Decided deals", "decided"), ("All deals, open ones too", "all")])
        self.by = choice("Count", [("Deals", "count"), ("Euros", "value")])
        self.kind = choice("Kind", [("All", "all"), ("New business", "new_business"), ("Rebuys", "rebuy")])
        self.window = choice("Closed in", [("All the years", "all"), ("The last 12 months", "year")])
        self.controls = (self.whose, self.base, self.by, self.kind, self.window)
        for control in self.controls:
            control.observe(self.redraw, "value")
        self.fill(*self.controls)

    def deals(self) -> pd.DataFrame:
        """Return the deals that the controls leave in."""
        tables = getattr(self.world, self.whose.value)
        rows = tables.opportunities
        if self.kind.value != "all":
            rows = rows[rows["purchase_type"] == self.kind.value]
        if self.window.value == "year":
            rows = rows[~(rows["closed_at"] <= tables.as_of - pd.Timedelta(days=365))]
        return rows

    def rate(self) -> float:
        """Return the rate for the controls as they stand, a fraction."""
        return _READINGS[self.by.value, self.base.value](self.deals())

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, a bar a reading, and the table by size of deal."""
        rows, rates = self.deals(), {}
        for (by, base), metric in _READINGS.items():
            name = f"{'Deals' if by == 'count' else 'Euros'} won ÷ {'decided' if base == 'decided' else 'all'}"
            rates[name] = (metric(rows), (by, base) == (self.by.value, self.base.value))
        finding = self._finding(rows)
        shown, axes = figure.blank(7.2, 2.3, left=0.27, bottom=0.04, top=0.9)
        for place, (name, (rate, chosen)) in enumerate(rates.items()):
            value = 0.0 if np.isnan(rate) else rate * 100
            style = {"color": figure.BLUE} if chosen else {"facecolor": "none", "edgecolor": figure.GREY}
            axes.barh(place, value, height=0.66, **style)
            axes.text(value + 0.6, place, _percent(rate), va="center", fontweight="bold" if chosen else "normal")
            axes.text(-0.6, place, name, va="center", ha="right", fontweight="bold" if chosen else "normal")
        axes.set_ylim(3.5, -0.5)
        axes.set_xlim(0, max(40.0, max((0 if np.isnan(r) else r) * 100 for r, _ in rates.values()) + 6))
        axes.set_axis_off()
        axes.set_title("Four readings of the same deals (filled: yours)", loc="left", fontsize=10)
        alt = f"{finding} " + ", ".join(f"{name}: {_percent(rate)}" for name, (rate, _) in rates.items()) + "."
        return finding, figure.picture(shown, alt), self._table(rows)

    def _finding(self, rows: pd.DataFrame) -> str:
        won, decided = _counts(rows)
        what = "euros" if self.by.value == "value" else "deals"
        base = "decided" if self.base.value == "decided" else "all, open ones counted as if lost"
        text = f"{_percent(self.rate())} of the {what} ({base})."
        if self.by.value == "value" or self.base.value == "all":
            return f"This reading: {text}"
        low, high = wilson(won, decided)
        return (
            f"This reading: {text} "
            f"With {decided:,} decided deals, luck alone allows {_percent(low)} to {_percent(high)}."
        )

    def _table(self, rows: pd.DataFrame) -> str:
        large = rows["amount_eur"] > LARGE_EUR
        parts = {f"Up to €{LARGE_EUR:,}": rows[~large], f"Over €{LARGE_EUR:,}": rows[large], "All": rows}
        cells = []
        for name, part in parts.items():
            won, decided = _counts(part)
            is_open = int((part["outcome"] == "open").sum())
            cells.append([name, f"{won:,}", f"{decided - won:,}", f"{is_open:,}", _percent(win_rate(part))])
        head = ["Size of deal", "Won", "Lost", "Still open", "Won ÷ decided"]
        return figure.table("By size of deal", head, cells)


class LuckyLeague(Exploration):
    """All territories with their intervals, and a button that deals the same cards again by luck alone."""

    def __init__(self, world: Any) -> None:
        super().__init__("Is the territory at the top better, or lucky?")
        self.company = world.company
        self.seed = 0
        self.shown = choice("Show", [("What happened", "real"), ("Luck alone: the same chance for all", "luck")])
        self.again = w.Button(description="Shuffle luck again", tooltip="Shuffle luck again")
        self.table = territory_rates(self.company.opportunities)
        self.apart = one_apart(self.company.opportunities)
        self.shown.observe(self.redraw, "value")
        self.again.on_click(self._shuffle)
        self.fill(self.shown, self.again)

    def _shuffle(self, _button: object) -> None:
        self.seed += 1
        if self.shown.value == "luck":
            self.redraw()
        else:
            self.shown.value = "luck"  # this redraws

    def rates(self) -> pd.DataFrame:
        """Return the table on show, lowest rate first."""
        table = self.table if self.shown.value == "real" else by_luck(self.table, self.seed)
        return table.sort_values("rate", kind="stable")

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, a dot and its interval a territory, and the table."""
        table, real = self.rates(), self.shown.value == "real"
        common = self.table["won"].sum() / self.table["decided"].sum()
        low, high = table["rate"].iloc[0], table["rate"].iloc[-1]
        spread = f"from {_percent(low)} to {_percent(high)}"
        if not real:
            finding = f"Luck alone, the same chance of {_percent(common)} for all: the rates still run {spread}."
        elif self.apart in table.index:
            finding = f"The rates run {spread}. Only {self.apart} stands further out than luck takes a territory."
        else:
            finding = f"The rates run {spread}."
        shown, axes = figure.blank(7.4, 3.0, left=0.07, bottom=0.14, top=0.9)
        places = np.arange(len(table))
        marked = table.index == (self.apart if real else None)
        for rows, colour, marker in ((~marked, figure.BLUE, "o"), (marked, figure.VERMILION, "D")):
            part = table[rows] * 100
            axes.vlines(places[rows], part["low"], part["high"], color=colour, linewidth=2, alpha=0.6)
            axes.plot(places[rows], part["rate"], marker=marker, color=colour, markersize=6, linestyle="none")
        axes.axhline(common * 100, color=figure.QUIET, linestyle="--", linewidth=1)
        axes.set_xticks(places, [name.lstrip("T") for name in table.index], fontsize=8)
        axes.set_xlim(-0.6, len(table) - 0.4)
        axes.set_ylim(0, 60)
        axes.set_title("Win rate, %, and its interval, by territory (dashed: all)", loc="left", fontsize=10)
        rows = [
            [
                str(one.Index),
                f"{one.won:,}",
                f"{one.decided:,}",
                _percent(one.rate),
                _percent(one.low),
                _percent(one.high),
            ]
            for one in table.iloc[::-1].itertuples()
        ]
        head = ["Territory", "Won", "Decided", "Win rate", "Could be as low as", "Could be as high as"]
        caption = "What happened" if real else "Drawn by luck alone"
        return finding, figure.picture(shown, f"{finding} One dot a territory."), figure.table(caption, head, rows)


def _counts(rows: pd.DataFrame) -> tuple[int, int]:
    """Deals won, deals decided."""
    outcome = rows["outcome"]
    return int((outcome == "won").sum()), int((outcome != "open").sum())


def _percent(value: float) -> str:
    return "–" if np.isnan(value) else f"{value * 100:.1f} %"
