"""Price and packs of one pack in many shops: three ways to read one cloud, and three slopes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration, choice
from onefunnel.metrics import willingness

POINTS = 420  # drawn; the slope is that of all weeks


class PriceCloud(Exploration):
    """One point a shop and week, on scales where equal steps are equal per cents; the line is the slope."""

    def __init__(self, world: Any) -> None:
        super().__init__("Does a higher price sell less?")
        rows = world.company.sellout_weekly
        self.pack = str(rows["product_id"].value_counts(sort=True).sort_index(kind="stable").idxmax())
        rows = rows[(rows["product_id"] == self.pack) & ~rows["oos"].eq(True) & (rows["units"] > 0)]
        names = world.company.products.set_index("product_id")["name"]
        self.pack_name = str(names.get(self.pack, self.pack))
        self.weeks = rows
        plain = rows[~rows["promotion"].eq(True) & ~rows["display"].eq(True)]
        self.views = {"pooled": (rows, False), "same": (rows, True), "plain": (plain, True)}
        self.slopes = {
            view: willingness.price_elasticity(some, (), same_shop=same).slope
            for view, (some, same) in self.views.items()
        }
        self.view = choice(
            "Compare",
            [
                ("All shops in one cloud", "pooled"),
                ("Each shop with itself", "same"),
                ("Each shop with itself, without promotions", "plain"),
            ],
        )
        self.view.observe(self.redraw, "value")
        self.fill(self.view)

    def points(self) -> tuple[np.ndarray, np.ndarray]:
        """Return ln price and ln packs as the view shows them: as they are, or less the shop's own mean."""
        rows, same = self.views[self.view.value]
        logs = pd.DataFrame({"x": np.log(rows["price_eur"].astype(float)), "y": np.log(rows["units"].astype(float))})
        if same:
            logs = logs - logs.groupby(rows["account_id"]).transform("mean")
        return logs["x"].to_numpy(), logs["y"].to_numpy()

    def draw(self) -> tuple[str, str, str]:
        """Return the slope in words, the cloud with its line, and the three slopes."""
        slope, (x, y) = self.slopes[self.view.value], self.points()
        way = "more" if slope > 0 else "fewer"
        kind = {
            "pooled": "Dearer shops against cheaper ones",
            "same": "Each shop with itself",
            "plain": "Each shop with itself, promotion weeks left out",
        }[self.view.value]
        finding = f"{kind}: 1 % dearer goes with {abs(slope):.1f} % {way} packs."
        same = self.views[self.view.value][1]
        shown, axes = figure.blank(7.4, 3.3, left=0.1, bottom=0.17, top=0.9)
        # Neighbours in the table are weeks of one shop, so that every n-th row takes all shops and seasons.
        step = max(len(x) // POINTS, 1)
        axes.plot(x[::step], y[::step], "o", color=figure.BLUE, markersize=3, alpha=0.55)
        ends = np.array([x.min(), x.max()])
        axes.plot(ends, y.mean() + slope * (ends - x.mean()), color=figure.VERMILION, linewidth=3)
        if same:
            self._percent(axes.set_xticks, (-30, -20, -10, -5, 0, 5, 10, 20), x)
            self._percent(axes.set_yticks, (-60, -40, -20, 0, 20, 50, 100, 200), y)
            axes.set_xlabel("price against the shop's own mean")
            axes.set_title("Packs a week against the shop's own mean", loc="left", fontsize=10)
        else:
            axes.set_xticks(np.log([3, 4, 5, 6]), ["€3", "€4", "€5", "€6"])
            axes.set_yticks(np.log([25, 50, 100, 200, 400]), ["25", "50", "100", "200", "400"])
            axes.set_xlim(x.min() - 0.05, x.max() + 0.05)
            axes.set_xlabel("price of a pack")
            axes.set_title("Packs a week", loc="left", fontsize=10)
        names = {"pooled": "All shops in one cloud", "same": "Each shop with itself", "plain": "… without promotions"}
        rows = [
            [names[view], f"{len(some):,}", f"{self.slopes[view]:+.1f} %".replace("-", "−")]
            for view, (some, _) in self.views.items()
        ]
        head = ["View", "Shop weeks", "Packs at 1 % dearer"]
        alt = f"{finding} A cloud of points, one a shop and week, with a line through it."
        return finding, figure.picture(shown, alt), figure.table(f"{self.pack_name}, sold in shops", head, rows)

    @staticmethod
    def _percent(ticks: Any, marks: tuple[int, ...], values: np.ndarray) -> None:
        seen = [mark for mark in marks if values.min() <= np.log(1 + mark / 100) <= values.max()]
        ticks(np.log(1 + np.array(seen) / 100), [f"{mark:+d} %".replace("-", "−").replace("+0", "0") for mark in seen])
