"""What a change of price does to packs and money, by the slope that one believes."""

from __future__ import annotations

from typing import Any

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration, choice
from onefunnel.learn.widgets.sliders import SliderBox
from onefunnel.metrics import mix, price_rise, willingness, willingness_traps


class PriceMove(Exploration):
    """Slide the price; switch the slope; three bars say what happens to packs, revenue and contribution."""

    def __init__(self, world: Any) -> None:
        super().__init__("Move the price. What is left in the till?")
        rows = world.company.sellout_weekly
        self.contribution = float(world.playbook.metric("price_leverage").arguments["contribution"])
        self.year_eur = price_rise.yearly_sales(rows)
        self.slopes = {
            "fair": willingness.elasticity(rows),
            "promo": willingness_traps.without_promotions(rows),
        }
        pack = rows["product_id"].value_counts(sort=True).sort_index(kind="stable").idxmax()
        self.slopes["pooled"] = willingness_traps.all_shops_in_one_cloud(rows[rows["product_id"] == pack])
        self.move = SliderBox("Change the price by", -10, 10, 1, 5, unit="%", on_change=self.redraw)
        self.believe = choice(
            "Believe",
            [
                ("the same shop, promotions taken out", "fair"),
                ("the same shop, promotions left in", "promo"),
                ("all shops in one cloud", "pooled"),
            ],
        )
        self.believe.observe(self.redraw, "value")
        self.fill(self.move, self.believe)

    def changes(self) -> dict[str, float]:
        """Return the change of packs, revenue and contribution for the controls as they stand, fractions."""
        move, slope = self.move.value / 100, self.slopes[self.believe.value]
        packs = mix.volume_after(move, slope)
        return {
            "Packs": packs,
            "Revenue": (1 + packs) * (1 + move) - 1,
            "Contribution": price_rise.money_change(move, slope, self.contribution),
        }

    def draw(self) -> tuple[str, str, str]:
        """Return what a year would bring or cost, the three bars, and the table."""
        found = self.changes()
        money = found["Contribution"] * self.year_eur * self.contribution
        way = "more" if money >= 0 else "less"
        finding = (
            f"Price {_signed(self.move.value / 100)}: packs {_signed(found['Packs'])}, and a year leaves "
            f"€{abs(money):,.0f} {way} contribution."
        )
        shown, axes = figure.blank(7.4, 2.3, left=0.16, bottom=0.04, top=0.98)
        for place, (name, change) in enumerate(found.items()):
            colour = figure.BLUE if change >= 0 else figure.VERMILION
            axes.barh(place, change * 100, color=colour, height=0.55)
            axes.text(-0.01, place, name, transform=axes.get_yaxis_transform(), ha="right", va="center")
            axes.text(
                change * 100 + (1 if change >= 0 else -1),
                place,
                _signed(change),
                va="center",
                ha="left" if change >= 0 else "right",
                fontweight="bold",
            )
        axes.axvline(0, color=figure.QUIET, linewidth=1)
        axes.set_xlim(-58, 58)
        axes.set_ylim(2.6, -0.6)
        axes.set_axis_off()
        base = {"Packs": None, "Revenue": self.year_eur, "Contribution": self.year_eur * self.contribution}
        rows = [
            [name, _signed(change), "–" if base[name] is None else f"{base[name] * change:+,.0f}".replace("-", "−")]
            for name, change in found.items()
        ]
        said = ", ".join(f"{name.lower()} {_signed(change)}" for name, change in found.items())
        table = figure.table("All shops, a year", ["", "Change", "Change, €"], rows)
        return finding, figure.picture(shown, f"{finding} Bars: {said}."), table


def _signed(change: float) -> str:
    return f"{change * 100:+.1f} %".replace("-", "−")
