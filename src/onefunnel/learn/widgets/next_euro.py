"""What the next euro brings in each micromarket, while money is moved from one to another."""

from __future__ import annotations

from typing import Any

import ipywidgets as w

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration, choice
from onefunnel.learn.widgets.sliders import SliderBox
from onefunnel.metrics import budget, micromarkets
from onefunnel.metrics.budget_traps import average_for_next_euro


class NextEuro(Exploration):
    """Choose from where and to where, slide the amount; bars show the next euro or the average one."""

    def __init__(self, world: Any) -> None:
        super().__init__("Move money from one place to another. What does the next euro bring?")
        self.table = world.company.micromarkets
        self.today = micromarkets.budget_now(self.table)
        names = dict(zip(self.table["micromarket"], self.table["micromarket_id"], strict=True))
        self.source, self.target = (_place(text, names) for text in ("Take from", "Give to"))
        self.target.value = list(names.values())[len(names) // 2]
        self.amount = SliderBox("Move", 0, 180_000, 12_000, 0, unit="€", on_change=self.redraw)
        self.euro = choice(
            "Bars show", [("what the next euro brings", "next"), ("what the average euro brings", "mean")]
        )
        for control in (self.source, self.target, self.euro):
            control.observe(self.redraw, "value")
        self.fill(self.source, self.target, self.amount, self.euro)

    def plan(self) -> dict[str, float]:
        """Return the plan after the move; a place never falls below nothing."""
        plan = dict(self.today)
        moved = min(self.amount.value, plan[self.source.value])
        plan[self.source.value] -= moved
        plan[self.target.value] += moved
        return plan

    def draw(self) -> tuple[str, str, str]:
        """Return what the move brings, a bar a place, and the table."""
        plan = self.plan()
        gain = micromarkets.brings(self.table, plan) - micromarkets.brings(self.table, self.today)
        spend = [plan[place] for place in self.table["micromarket_id"]]
        curves = [self.table[name].to_numpy(dtype=float) for name in ("ceiling_eur", "scale_eur")]
        following, mean = budget.marginal_return(spend, *curves), average_for_next_euro(spend, *curves)
        bars, text = (following, "next") if self.euro.value == "next" else (mean, "average")
        names = list(self.table["micromarket"])
        sign = "−" if gain <= -0.5 else "+" if gain >= 0.5 else "±"
        finding = f"The move changes five years of contribution by {sign}€{abs(gain):,.0f}."
        if plan == self.today:
            high, low = names[int(following.argmax())], names[int(following.argmin())]
            finding = f"Nothing is moved yet. The next euro brings most in {high} and least in {low}."
        shown, axes = figure.blank(7.4, 3.0, left=0.02, bottom=0.2, top=0.93)
        own = {self.source.value: figure.ORANGE, self.target.value: figure.GREEN}
        colours = [own.get(place, figure.BLUE) for place in self.table["micromarket_id"]]
        axes.bar(range(len(names)), bars, color=colours, width=0.7)
        for place, value in enumerate(bars):
            axes.text(place, value + 0.06, f"{value:.2f}", ha="center", fontweight="bold")
        axes.set_ylim(0, 6.2)
        axes.set_xticks(range(len(names)), [figure.folded(name, 9) for name in names])
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.set_title(f"€ of contribution that the {text} euro brings", loc="left", fontsize=10)
        said = ", ".join(f"{name} {value:.2f}" for name, value in zip(names, bars, strict=True))
        rows = [
            [name, f"{amount:,.0f}", f"{mean[at]:.2f}" if amount else "–", f"{following[at]:.2f}"]
            for at, (name, amount) in enumerate(zip(names, spend, strict=True))
        ]
        head = ["Micromarket", "Budget, €", "Average euro brings, €", "Next euro brings, €"]
        alt = f"{finding} What the {text} euro brings: {said}."
        return finding, figure.picture(shown, alt), figure.table("After the move", head, rows)


def _place(text: str, names: dict[str, str]) -> w.Dropdown:
    return w.Dropdown(
        options=list(names.items()),
        description=text,
        tooltip=text,
        style={"description_width": "initial"},
        layout=w.Layout(width="auto", max_width="420px"),
    )
