"""Worked example on T00: what its origins returned, and one deal under four rules of credit."""

from __future__ import annotations

from typing import Any

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration
from onefunnel.learn.widgets.origin_return import CREDIT, name_of
from onefunnel.metrics import demand
from onefunnel.metrics.origin import MATURITY_DAYS, return_by_origin

RULES = [rule for rule in CREDIT if rule != "lead"]


class OriginExample(Exploration):
    """One row an origin from leads to return; then one row a touch of the longest won path."""

    def __init__(self, world: Any) -> None:
        super().__init__("Worked example: the sample territory T00")
        self.demo = world.demo
        self.margin = float(world.playbook.metric("origin_return").arguments["margin"])
        self.fill()

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, no picture, and the two tables."""
        demo = self.demo
        table = return_by_origin(demo.leads, demo.opportunities, demo.campaigns, demo.as_of, self.margin)
        table = table[table["spend_eur"] > 0]
        rows = [
            [
                name_of(origin),
                f"{one.leads:,.0f}",
                f"{one.won:,.0f}",
                f"{one.revenue_eur:,.0f}",
                f"{one.revenue_eur * self.margin:,.0f}",
                f"{one.spend_eur:,.0f}",
                f"{(one.revenue_eur * self.margin - one.spend_eur) / one.spend_eur:+.0%}".replace("-", "−"),
            ]
            for origin, one in table.iterrows()
        ]
        first, last = rows[0], rows[-1]
        finding = (
            f"T00: {first[0].lower()} and {last[0].lower()} brought {first[1]} and {last[1]} leads, and returned "
            f"{first[-1]} and {last[-1]}."
        )
        head = ["Origin", "Leads", "Won", "Revenue €", f"Margin € ({self.margin:.0%})", "Spend €", "Return"]
        return finding, "", figure.table("T00, origin by origin", head, rows) + self._credit()

    def _credit(self) -> str:
        demo = self.demo
        paths = demand.marketing_paths(
            demo.leads,
            demo.opportunities,
            demo.touches,
            demo.as_of,
            demand.LOOK_BACK_DAYS,
            None,  # sales touches too: a path of one shows nothing
            MATURITY_DAYS,
        )
        won = paths[paths["converted"]]
        if won.empty:
            return ""
        deal = won["opp_id"].value_counts(sort=True).sort_index(kind="stable").idxmax()
        path = won[won["opp_id"] == deal].reset_index(drop=True)
        credits = [demand.RULES[rule](path) for rule in RULES]
        rows = [
            [f"{place + 1}. {name_of(channel)}", *(f"{credit[place]:.0%}" for credit in credits)]
            for place, channel in enumerate(path["channel"])
        ]
        rows.append(["Together", *(f"{credit.sum():.0%}" for credit in credits)])
        return figure.table(f"One deal, four rules ({deal})", ["Touch", *(CREDIT[rule] for rule in RULES)], rows)
