"""A worked example on T00's route: from points to customers, from deliveries to drop size, and who stocks us."""

from __future__ import annotations

from typing import Any

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration
from onefunnel.metrics import channel, route

POINTS, CASES = 0.03, 2


class RouteExample(Exploration):
    """Three tables to read, nothing to move."""

    def __init__(self, world: Any) -> None:
        super().__init__("Worked example: the sample territory T00")
        self.world = world
        self.fill()

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, no picture, and the tables."""
        demo = self.world.demo
        category = route.category_cases(demo.outlets)
        broken = route.customers_before_rounding(demo.outlets, demo.route_orders, demo.as_of, POINTS, CASES)
        whole = route.customers_needed(demo.outlets, demo.route_orders, demo.as_of, POINTS, CASES)
        finding = (
            f"T00: 3 points of {category:.0f} cases are {POINTS * category:.0f} cases; at {CASES} cases each that is "
            f"{broken:.1f} customers, so {whole}."
        )
        rows = [
            ["Outlets on the route", f"{route.outlet_count(demo.outlets)}"],
            ["Cases of the category a month, all brands", f"{category:,.0f}"],
            ["Our cases a month", f"{route.own_cases(demo.outlets, demo.route_orders, demo.as_of):,.1f}"],
            ["3 points, in cases a month", f"{POINTS * category:,.0f}"],
            ["New customers of 2 cases", f"{broken:,.1f}"],
        ]
        return (
            finding,
            "",
            figure.table("T00, points to customers", ["", "Number"], rows) + self._stops() + self._shelf(),
        )

    def _stops(self) -> str:
        orders, as_of = self.world.demo.route_orders, self.world.demo.as_of
        rows = [
            ["Cases, last 12 months", f"{route.cases_sold(orders, as_of):,.0f}"],
            ["Deliveries", f"{route.deliveries(orders, as_of):,}"],
            ["Cases a delivery", f"{route.drop_size(orders, as_of):,.1f}"],
            ["Contribution of a case, €", f"{route.contribution_a_case(orders, as_of):,.2f}"],
        ]
        return figure.table("T00, stops of the van", ["", "Number"], rows)

    def _shelf(self) -> str:
        demo = self.world.demo
        numeric = channel.numeric_distribution(demo.outlets, demo.outlet_products)
        weighted = channel.weighted_distribution(demo.outlets, demo.outlet_products)
        rows = [["Of its outlets", f"{numeric:.0%}"], ["Of the category they sell", f"{weighted:.0%}"]]
        return figure.table("T00, outlets that stock us", ["", "Share"], rows)
