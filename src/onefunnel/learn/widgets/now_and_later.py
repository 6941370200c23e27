"""A hundred thousand euros for offers now or for being known: eight quarters of extra sales."""

from __future__ import annotations

from typing import Any

import numpy as np

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration, choice
from onefunnel.learn.widgets.sliders import SliderBox
from onefunnel.metrics import now_and_later as plans
from onefunnel.metrics.budget import half_life


class NowAndLater(Exploration):
    """One slider splits the money, one switch says when the offers run; two lines mark what was promised."""

    def __init__(self, world: Any) -> None:
        super().__init__("Now or later? Split €100,000 and look at two years.")
        self.effects = plans.effects(world.company.media_weekly, world.company.brand_tracker)
        self.split = SliderBox("For being known", 0, 100, 1, 0, unit="thousand €", on_change=self.redraw)
        self.when = choice("Offers run", [("all in this quarter", "now"), ("evenly over four quarters", "spread")])
        self.when.observe(self.redraw, "value")
        self.fill(self.split, self.when)

    def plan(self) -> dict[str, float]:
        """Return the plan for the controls as they stand, EUR."""
        known = self.split.value * 1000
        offers = plans.TOTAL_EUR - known
        now = offers if self.when.value == "now" else offers / 4
        return {"offers_now": now, "offers_later": offers - now, "brand": known}

    def draw(self) -> tuple[str, str, str]:
        """Return which promise holds, two stacked bars a quarter, and the table."""
        plan = self.plan()
        known = plans.by_quarter({"brand": plan["brand"]}, *self.effects)
        offers = plans.by_quarter({**plan, "brand": 0.0}, *self.effects)
        both = known + offers
        floor, goal = both[0] >= plans.FLOOR_EUR, both[plans.GOAL_QUARTER] >= plans.GOAL_EUR
        kept = {
            (True, True): "Both promises hold.",
            (True, False): "This quarter's promise holds, the one for quarter 4 breaks.",
            (False, True): "The promise for quarter 4 holds, this quarter's breaks.",
            (False, False): "Both promises break.",
        }[bool(floor), bool(goal)]
        finding = f"{kept} Two years bring €{both.sum():,.0f} of extra sales."
        shown, axes = figure.blank(7.4, 3.3, left=0.1, bottom=0.13, top=0.88)
        places = np.arange(plans.QUARTERS)
        axes.bar(places, offers / 1000, width=0.7, color=figure.ORANGE, label="offers")
        axes.bar(
            places,
            known / 1000,
            bottom=offers / 1000,
            width=0.7,
            color=figure.SKY,
            hatch="///",
            edgecolor=figure.BLUE,
            label="being known",
        )
        for place, promised in ((0, plans.FLOOR_EUR), (plans.GOAL_QUARTER, plans.GOAL_EUR)):
            label = "" if place else "promised"
            axes.plot([place - 0.48, place + 0.48], [promised / 1000] * 2, color=figure.INK, linewidth=3, label=label)
        axes.set_xticks(places, [f"Q{place + 1}" for place in places])
        axes.set_ylim(0, 130)
        axes.set_title("Extra sales, thousand €", loc="left", fontsize=10)
        axes.legend(loc="upper right", frameon=False)
        rows = [
            [f"Quarter {place + 1}", f"{offers[place]:,.0f}", f"{known[place]:,.0f}", f"{both[place]:,.0f}"]
            for place in places
        ]
        rows.append(["Together", f"{offers.sum():,.0f}", f"{known.sum():,.0f}", f"{both.sum():,.0f}"])
        said = ", ".join(f"quarter {place + 1} €{eur:,.0f}" for place, eur in enumerate(both))
        return finding, figure.picture(shown, f"{finding} Bars: {said}."), self._table(rows)

    def _table(self, rows: list[list[str]]) -> str:
        lasting = [
            f"{name} {effect.keeps:.0%} of their effect a week (half is gone after {half_life(effect.keeps):.1f} weeks)"
            for name, effect in zip(("offers keep", "adverts for the brand keep"), self.effects, strict=True)
        ]
        caption = "Extra sales, €. As our tests showed, " + " and ".join(lasting) + "."
        return figure.table(caption, ["", "Offers", "Being known", "Both"], rows)
