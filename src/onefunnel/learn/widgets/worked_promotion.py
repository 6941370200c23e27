"""Worked example on T00 for the lesson on promotion: who knew us, and months with and without adverts."""

from __future__ import annotations

from typing import Any

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration
from onefunnel.metrics import brand
from onefunnel.metrics.deals import decided


class PromotionExample(Exploration):
    """One row a segment, then one row a kind of month."""

    def __init__(self, world: Any) -> None:
        super().__init__("Worked example: the sample territory T00")
        self.demo = world.demo
        self.fill()

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, no picture, and the two tables."""
        deals = decided(brand.with_segment(self.demo.opportunities, self.demo.accounts))
        rows = []
        for name, group in [*((f"Segment {s}", g) for s, g in deals.groupby("segment")), ("All buyers", deals)]:
            cells = []
            for known in (True, False):
                some = group[group["brand_known"].eq(known)]
                won = int((some["outcome"] == "won").sum())
                cells.append(f"{won} of {len(some)} = {won / len(some):.0%}" if len(some) else "nobody")
            rows.append([name, *cells])
        finding = f"T00: of buyers who knew us {rows[-1][1]} signed, of the others {rows[-1][2]}. Now read row by row."
        table = figure.table("T00, deals won of those decided", ["Buyers", "Knew us", "Did not"], rows)
        return finding, "", table


class AdvertsExample(Exploration):
    """The months of T00 in three kinds: much adverts, little, and none because of a pause."""

    def __init__(self, world: Any) -> None:
        super().__init__("Worked example: the sample territory T00")
        self.months = world.demo.advertising_monthly
        self.margin = float(world.playbook.metric("origin_return").arguments["margin"])
        self.fill()

    def draw(self) -> tuple[str, str, str]:
        """Return what the pause says beside the season, no picture, and the table."""
        kinds = self.months.groupby(["held_out", "spend_eur"], as_index=False).agg(
            months=("month", "size"), revenue_eur=("revenue_eur", "mean")
        )
        went_on = kinds[~kinds["held_out"]].sort_values("spend_eur")
        low, high, paused = went_on.iloc[0], went_on.iloc[-1], kinds[kinds["held_out"]].iloc[0]
        season = (high["revenue_eur"] - low["revenue_eur"]) / (high["spend_eur"] - low["spend_eur"])
        effect = (low["revenue_eur"] - paused["revenue_eur"]) / (low["spend_eur"] - paused["spend_eur"])
        finding = (
            f"T00: from low season to high season €{season:.0f} more revenue for a euro more of adverts. "
            f"In the pause, in low season, only €{effect:.0f} for each euro was missing."
        )
        names = [("High season, adverts run", high), ("Low season, adverts run", low), ("Low season, paused", paused)]
        rows = [
            [name, f"{kind['months']}", f"{kind['spend_eur']:,.0f}", f"{kind['revenue_eur']:,.0f}"]
            for name, kind in names
        ]
        table = figure.table("T00, the mean month", ["Months", "How many", "Adverts €", "Revenue €"], rows)
        came, spent = low["revenue_eur"] - paused["revenue_eur"], low["spend_eur"] - paused["spend_eur"]
        steps = [
            ["Revenue missing in a paused month", f"{came:,.0f}"],
            ["Adverts not spent", f"{spent:,.0f}"],
            [f"Margin in that revenue ({self.margin:.0%})", f"{came * self.margin:,.0f}"],
            ["Margin less adverts", f"{came * self.margin - spent:,.0f}".replace("-", "−")],
            ["For each euro of adverts", f"{(came * self.margin - spent) / spent:+.0%}".replace("-", "−")],
        ]
        return finding, "", table + figure.table("What the adverts return", ["", "€"], steps)
