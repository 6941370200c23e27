"""What was shipped to shops, what they sold, and the stock that lies between the two; and what next month would add."""

from __future__ import annotations

from typing import Any

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration
from onefunnel.learn.widgets.sliders import SliderBox
from onefunnel.metrics import loading

MONTHS = 13  # shown: a year and the same month before it
WEEKS_A_MONTH = 52 / 12


class StockBuildUp(Exploration):
    """Shipped and sold by month, one month more than there is: its shipments are the slider's."""

    def __init__(self, world: Any) -> None:
        super().__init__("Where do the packs go that shops do not sell?")
        weeks = world.company.sellout_weekly
        months = loading.by_month(weeks)
        count = weeks.groupby(weeks["week"].dt.to_period("M"))["week"].nunique()
        self.months = months[count >= 4].tail(MONTHS)  # a month that has only begun says nothing yet
        self.sold_next = float(self.months["sold"].iloc[-1])
        usual = round(self.sold_next / 1000)
        self.shipped = SliderBox(
            "Ship to shops next month", 0, 3 * usual, 1, usual, unit="thousand packs", on_change=self.redraw
        )
        self.fill(self.shipped)

    def after(self) -> tuple[float, float]:
        """Return the stock at the end of next month, and how many weeks it lasts at this month's sales."""
        stock = max(0.0, float(self.months["stock"].iloc[-1]) + self.shipped.value * 1000 - self.sold_next)
        return stock, stock / (self.sold_next / WEEKS_A_MONTH)

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, the two lines with the stock below them, and the table."""
        table, (stock, weeks) = self.months, self.after()
        peak = (table["shipped"] - table["sold"]).idxmax()
        load = table.loc[peak, "shipped"] - table.loc[peak, "sold"]
        finding = (
            f"In {peak.strftime('%B %Y')} {load / 1000:.0f} thousand packs more went into the shops than out of them. "
            f"With your shipment stock lasts {weeks:.0f} weeks."
        )
        names = [*(month.strftime("%b %y") for month in table.index), "next"]
        shipped = [*table["shipped"] / 1000, self.shipped.value]
        sold, stocks = [*table["sold"] / 1000, self.sold_next / 1000], [*table["stock"] / 1000, stock / 1000]
        places = range(len(names))
        shown, axes = figure.blank(7.4, 3.2, left=0.08, bottom=0.16, top=0.9)
        axes.bar(
            places, stocks, color="none", edgecolor=figure.GREY, hatch="...", linewidth=0.8, label="stock in shops"
        )
        axes.plot(places, shipped, color=figure.ORANGE, marker="s", linewidth=2, label="shipped (sell-in)")
        axes.plot(places, sold, color=figure.BLUE, marker="o", linewidth=2, label="sold (sell-out)")
        axes.set_xticks(list(places), names, fontsize=8)
        axes.set_ylabel("thousand packs")
        axes.set_ylim(0, max(*shipped, *stocks) * 1.08)
        axes.legend(loc="lower left", bbox_to_anchor=(0, 0.99), ncols=3, frameon=False)
        rows = [
            [name, f"{a * 1000:,.0f}", f"{b * 1000:,.0f}", f"{c * 1000:,.0f}"]
            for name, a, b, c in zip(names, shipped, sold, stocks, strict=True)
        ]
        alt = f"{finding} Lines of packs shipped and sold by month, bars of the stock in the shops at each month's end."
        head = ["Month", "Shipped", "Sold", "Stock at the end"]
        return finding, figure.picture(shown, alt), figure.table("Packs, all shops (next: your shipment)", head, rows)
