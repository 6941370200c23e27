"""Three plays that were tested: the gap each one made, and how wide the interval of that gap is."""

from __future__ import annotations

from typing import Any

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration, choice
from onefunnel.metrics import micromarkets

COUNTS = {  # what is asked for: experiment, stratum, the early look
    "all": [("EXP-07", "", False), ("EXP-08", "", False), ("EXP-09", "", False)],
    "size": [("EXP-08", size, False) for size in ("", "below 250 employees", "250 employees or more")],
    "early": [("EXP-09", "", True), ("EXP-09", "", False)],
}


class PlayResults(Exploration):
    """A dot for each gap in points, its 95 % interval as a line, and zero as the line to cross."""

    def __init__(self, world: Any) -> None:
        super().__init__("Did the play work? With it less without it, in points")
        self.table = world.company.experiments
        options = [
            ("all three at their planned end", "all"),
            ("EXP-08 by size of firm", "size"),
            ("EXP-09, a look after two weeks and the end", "early"),
        ]
        self.shown = choice("Show", options)
        self.shown.observe(self.redraw, "value")
        self.fill(self.shown)

    def draw(self) -> tuple[str, str, str]:
        """Return how many intervals leave out zero, the dots with their lines, and the table."""
        asked = COUNTS[self.shown.value]
        found = [micromarkets.trial(self.table, name, stratum, early) for name, stratum, early in asked]
        names = [_name(*one) for one in asked]
        clear = [name for name, one in zip(names, found, strict=True) if one.low > 0 or one.high < 0]
        finding = f"The interval leaves out zero in: {', '.join(clear) or 'none'}."
        shown, axes = figure.blank(7.4, 0.7 + 0.5 * len(found), left=0.36, bottom=0.3, top=0.97)
        for place, one in enumerate(found):
            colour = figure.BLUE if names[place] in clear else figure.GREY
            axes.plot([one.low * 100, one.high * 100], [place, place], color=colour, linewidth=3)
            axes.plot(one.gap * 100, place, "o", markersize=10, color=colour)
        axes.axvline(0, color=figure.INK, linewidth=1)
        axes.set_ylim(len(found) - 0.5, -0.5)
        axes.set_xlim(-15, 30)
        axes.set_yticks(range(len(found)), names)
        axes.set_xlabel("points more with the play (line: 95 % interval)")
        axes.spines["left"].set_visible(False)
        rows = [
            [
                name,
                f"{one.treated:.1%}",
                f"{one.control:.1%}",
                _points(one.gap),
                f"{_points(one.low)} to {_points(one.high)}",
                f"{one.n}",
            ]
            for name, one in zip(names, found, strict=True)
        ]
        said = "; ".join(f"{row[0]} {row[3]} points, {row[4]}" for row in rows)
        head = ["Play", "With", "Without", "Gap, points", "95 % interval, points", "Firms"]
        return finding, figure.picture(shown, f"{finding} {said}."), figure.table("What was counted", head, rows)


def _name(experiment: str, stratum: str, early: bool) -> str:
    return f"{experiment}{', ' + stratum if stratum else ''}{', first look' if early else ''}"


def _points(value: float) -> str:
    return f"{value * 100:+.1f}".replace("-", "−")
