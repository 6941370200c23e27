"""Worked example on T00 for the lesson on willingness to pay: one shop, four kinds of weeks."""

from __future__ import annotations

from typing import Any

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration
from onefunnel.metrics import willingness


class ShopPriceExample(Exploration):
    """One row a price, with and without promotion and display; then the slope and what it says."""

    def __init__(self, world: Any) -> None:
        super().__init__("Worked example: one shop in the sample territory T00")
        self.weeks = world.demo.sellout_weekly
        self.fill()

    def draw(self) -> tuple[str, str, str]:
        """Return what the rise did, no picture, and the table of weeks."""
        kinds = self.weeks.groupby(["promotion", "display", "price_eur"], as_index=False).agg(
            weeks=("week", "size"), units=("units", "mean")
        )
        plain = kinds[~kinds["promotion"] & ~kinds["display"]].sort_values("price_eur")
        low, high = plain.iloc[0], plain.iloc[-1]
        rise, fall = high["price_eur"] / low["price_eur"] - 1, high["units"] / low["units"] - 1
        slope = willingness.elasticity(self.weeks)
        finding = (
            f"T00: the price rose by {rise:.0%}, and the same shop sold {abs(fall):.1%} fewer packs. "
            f"That is a slope of {slope:.1f}.".replace("-", "−")
        )
        rows = []
        for kind in kinds.sort_values("price_eur", ascending=False).itertuples():
            what = "Promotion and display" if kind.display else "Promotion" if kind.promotion else "No promotion"
            rows.append([f"{what}, €{kind.price_eur:.2f}", f"{kind.weeks}", f"{kind.units:,.0f}"])
        return finding, "", figure.table("T00, one shop", ["Kind of week", "Weeks", "Packs a week"], rows)
