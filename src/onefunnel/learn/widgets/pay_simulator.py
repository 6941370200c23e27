"""Two functions, one year, three ways to pay: who earns more when marketing buys names nobody wants?"""

from __future__ import annotations

from typing import Any

import pandas as pd

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration, choice
from onefunnel.learn.widgets.sliders import SliderBox
from onefunnel.metrics import scorecard, variance

OWN = {"mqls": "marketing-qualified leads", "accepted": "leads that sales accepted"}


class PaySimulator(Exploration):
    """The year in which names were bought, measured against the year before as target."""

    def __init__(self, world: Any) -> None:
        super().__init__("Names are bought. Whose pay goes up?")
        self.trial = world.company.pay_trial
        self.own = choice("Marketing's own number", [(text, name) for name, text in OWN.items()])
        self.shared = SliderBox("Part of everybody's pay on the shared margin", 0, 100, 1, 0, unit="%")
        self.shared.watch(self.redraw)
        self.own.observe(self.redraw, "value")
        self.fill(self.own, self.shared)

    def pay(self) -> pd.DataFrame:
        """Return the variable pay of both functions, EUR a year, for the controls as they stand."""
        own = self.own.value
        plan = pd.DataFrame({"function": ["marketing", "sales"], "measure": [own, "margin_eur"], "weight": [1.0, 1.0]})
        measures = [own, "margin_eur"]
        results = pd.DataFrame(
            {
                "measure": measures,
                "target": [variance.pay_mean(self.trial, name, "margin") for name in measures],
                "actual": [variance.pay_mean(self.trial, name, "mql") for name in measures],
            }
        )
        return scorecard.shared_pay(plan, results, variance.VARIABLE_EUR, "margin_eur", self.shared.value / 100)

    def draw(self) -> tuple[str, str, str]:
        """Return who gains, the pay against the year before, and the table."""
        pay = self.pay()
        extra = {name: pay.loc[name, "pay_eur"] - variance.VARIABLE_EUR[name] for name in variance.VARIABLE_EUR}
        firm = -variance.pay_cost(self.trial, 4)
        finding = (
            f"Marketing's pay changes by {_euros(extra['marketing'])} a person, sales' by {_euros(extra['sales'])}; "
            f"the firm's margin by {_euros(firm)} in the year."
        )
        shown, axes = figure.blank(7.4, 1.5, left=0.14, bottom=0.04)
        for place, value in enumerate(extra.values()):
            axes.barh(place, value, color=figure.ORANGE if value < 0 else figure.BLUE, height=0.6)
            side = "left" if value >= 0 else "right"
            axes.text(value, place, f" {_euros(value)} ", va="center", ha=side, fontweight="bold")
        axes.set_xlim(-7000, 7000)
        axes.set_ylim(1.5, -0.5)
        axes.axvline(0, color=figure.QUIET, linewidth=0.8)
        axes.set_yticks([0, 1], [name.capitalize() for name in extra])
        axes.set_xticks([])
        for side in ("left", "bottom"):
            axes.spines[side].set_visible(False)
        rows = [
            [
                name.capitalize(),
                f"{variance.VARIABLE_EUR[name]:,.0f}",
                f"{pay.loc[name, 'own_eur']:,.0f}",
                f"{pay.loc[name, 'shared_eur']:,.0f}",
                f"{pay.loc[name, 'pay_eur']:,.0f}",
            ]
            for name in variance.VARIABLE_EUR
        ]
        head = ["Function", "The year before, €", "From its own number, €", "From the shared margin, €", "Together, €"]
        table = figure.table("Variable pay of one person in the year in which names were bought", head, rows)
        return finding, figure.picture(shown, f"{finding} Two bars around zero."), table


def _euros(value: float) -> str:
    sign = "−" if value <= -0.5 else "+" if value >= 0.5 else "±"
    return f"{sign}€{abs(value):,.0f}"
