"""A worked example on T00: one shop's packs around a price rise, and the machines of two doors."""

from __future__ import annotations

from typing import Any

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration
from onefunnel.metrics import loading, sellthrough

WEEK = "2026-03-30"
FROM = "2026-03-02"


class ShelfExample(Exploration):
    """Two tables to read, nothing to move."""

    def __init__(self, world: Any) -> None:
        super().__init__("Worked example: the sample territory T00")
        self.world = world
        self.fill()

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, no picture, and the two tables."""
        weeks = self.world.demo.sellout_weekly
        stock, sold = loading.stock_at(weeks, WEEK), loading.sold_a_week(weeks, WEEK)
        finding = (
            f"T00: {stock:,.0f} packs ÷ {sold:,.0f} sold in a normal week ahead = {stock / sold:.1f} weeks of cover."
        )
        late = weeks[weeks["week"] >= FROM].sort_values("week")
        rows = [
            [f"{row.week:%d %b %Y}", f"{row.received_units:,.0f}", f"{row.units:,.0f}", f"{row.stock_units:,.0f}",
             "yes" if row.promotion else "–"]
            for row in late.itertuples()
        ]  # fmt: skip
        head = ["Week of", "Shipped", "Sold", "Stock at the end", "Promotion"]
        return finding, "", figure.table("T00, one shop, packs", head, rows) + self._doors()

    def _doors(self) -> str:
        demo = self.world.demo
        table = sellthrough.return_rate_by_door(demo.shipments, demo.returns, demo.as_of, min_units=0)
        firms = demo.accounts.drop_duplicates("account_id").set_index("account_id")
        rows = [
            [f"{firms['name'].get(door, door)}", "yes" if firms["has_demonstrator"].get(door) else "no",
             f"{row.units:,.0f}", f"{row.units_back:,.0f}", f"{row.rate:.0%}"]
            for door, row in table.iterrows()
        ]  # fmt: skip
        total, back = table["units"].sum(), table["units_back"].sum()
        rows.append(["Both", "", f"{total:,.0f}", f"{back:,.0f}", f"{back / max(total, 1):.1%}"])
        head = ["Door", "Demonstrator", "Shipped", "Came back", "Share"]
        return figure.table("T00, machines shipped at least 14 weeks ago", head, rows)
