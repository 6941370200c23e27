"""Share points on the learner's own route: which outlets buy today, how many more must, and what their stops cost."""

from __future__ import annotations

import math
from typing import Any

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration
from onefunnel.learn.widgets.sliders import SliderBox
from onefunnel.metrics import channel, route

ACROSS = 20  # dots in a row


class RouteDots(Exploration):
    """One dot an outlet, as large as its sales of the category; sliders for points, cases and the cost of a stop."""

    def __init__(self, world: Any) -> None:
        super().__init__("What do share points ask of your route?")
        book = world.book
        outlets = route.on_route(book.outlets).set_index("account_id")
        self.category = outlets["category_cases_month"].astype(float)
        self.ours = route.buys_from_us(book.outlets, book.route_orders, book.as_of).reindex(self.category.index)
        self.own_cases = route.own_cases(book.outlets, book.route_orders, book.as_of)
        self.contribution = route.contribution_a_case(book.route_orders, book.as_of)
        self.deliveries = (
            route.cases_sold(book.route_orders, book.as_of),
            route.deliveries(book.route_orders, book.as_of),
            route.order_lines(book.route_orders, book.as_of),
        )
        self.points = SliderBox("Points of share", 0, 10, 0.5, 1, unit="points", on_change=self.redraw)
        self.cases = SliderBox("Cases a new customer buys", 1, 6, 1, 1, unit="a month", on_change=self.redraw)
        self.stop = SliderBox("Cost of a stop", 0, 20, 0.5, 6, unit="€", on_change=self.redraw)
        self.fill(self.points, self.cases, self.stop)

    def customers(self) -> int:
        """Return the new customers that the sliders ask for."""
        return channel.customers_for_points(self.points.value / 100, float(self.category.sum()), self.cases.value)

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, the dots, and the numbers behind them."""
        new, free = self.customers(), self.category[~self.ours].sort_values(ascending=False, kind="stable")
        chosen = set(free.index[:new])
        finding = f"{_points(self.points.value)} of share: {new} new customers of {_cases(self.cases.value)} a month."
        if new > len(free):
            finding += f" Only {len(free)} outlets of the route do not buy yet."
        rows = math.ceil(len(self.category) / ACROSS)
        shown, axes = figure.blank(7.4, 0.5 * rows + 0.7, bottom=0.04, top=0.86)
        kinds = [
            ("buys from us", self.ours.to_numpy(), figure.BLUE, "o", figure.BLUE),
            ("new", self.category.index.isin(chosen), figure.ORANGE, "s", figure.INK),
            ("not yet", ~self.ours.to_numpy() & ~self.category.index.isin(chosen), "none", "o", figure.GREY),
        ]
        places = {account: place for place, account in enumerate(self.category.sort_values(ascending=False).index)}
        at = [places[account] for account in self.category.index]
        size = (20 + 9 * self.category).to_numpy()
        for label, mask, face, marker, edge in kinds:
            picked = [place for place, here in zip(at, mask, strict=True) if here]
            axes.scatter(
                [place % ACROSS for place in picked],
                [-(place // ACROSS) for place in picked],
                s=size[mask],
                marker=marker,
                facecolors=face,
                edgecolors=edge,
                linewidths=1.3,
                label=f"{label} ({int(mask.sum())})",
            )
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=3, frameon=False, markerscale=0.8)
        axes.set_xlim(-0.8, ACROSS - 0.2)
        axes.set_ylim(-rows + 0.3, 0.7)
        axes.set_xticks([])
        axes.set_yticks([])
        for spine in axes.spines.values():
            spine.set_visible(False)
        buy, count = int(self.ours.sum()), len(self.category)
        alt = (
            f"{finding} One mark for each of {count} outlets, the largest first: {buy} buy from us, "
            f"{len(chosen)} are new, {count - buy - len(chosen)} do not buy."
        )
        return finding, figure.picture(shown, alt), self._route() + self._month(new)

    def _route(self) -> str:
        cases, stops, lines = self.deliveries
        rows = [
            ["Outlets on the route", f"{len(self.category)}"],
            ["Cases of the category a month, all brands", f"{self.category.sum():,.0f}"],
            ["Our cases a month on it", f"{self.own_cases:,.1f}"],
            ["Our cases in 12 months, whole book", f"{cases:,.0f}"],
            ["Deliveries in 12 months, whole book", f"{stops:,}"],
            ["Order lines in 12 months, whole book", f"{lines:,}"],
            ["Contribution of a case, €", f"{self.contribution:,.2f}"],
        ]
        return figure.table("Your route today", ["", "Number"], rows)

    def _month(self, new: int) -> str:
        cases = new * self.cases.value
        earned, driven = cases * self.contribution, new * self.stop.value
        rows = [
            ["Cases more", f"{cases:,.0f}"],
            ["Their contribution, €", f"{earned:,.0f}"],
            ["Stops more, €", f"{driven:,.0f}"],
            ["Left, €", f"{earned - driven:,.0f}".replace("-", "−")],
        ]
        return figure.table("A month with the new customers, one stop each", ["", "Number"], rows)


def _points(points: float) -> str:
    return "1 point" if points == 1 else f"{points:g} points"


def _cases(cases: float) -> str:
    return "1 case" if cases == 1 else f"{cases:.0f} cases"
