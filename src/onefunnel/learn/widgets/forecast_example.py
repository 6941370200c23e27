"""A worked example on T00: the parts of coverage, and twelve months of forecasts beside what came."""

from __future__ import annotations

from typing import Any

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration
from onefunnel.metrics import accuracy
from onefunnel.metrics.forecast import coverage, coverage_parts


class ForecastExample(Exploration):
    """Two tables to read, nothing to move."""

    def __init__(self, world: Any) -> None:
        super().__init__("Worked example: the sample territory T00")
        self.world = world
        self.fill()

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, no picture, and the two tables."""
        demo = self.world.demo
        parts = coverage_parts(demo.opportunities, demo.targets, demo.as_of)
        ratio = coverage(demo.opportunities, demo.targets, demo.as_of)
        missing = parts["target_eur"] - parts["won_eur"]
        finding = f"T00: {parts['due_eur']:,.0f} due ÷ {missing:,.0f} still to win = a coverage of {ratio:.1f}."
        rows = [
            ["Target of the quarter", f"{parts['target_eur']:,.0f}"],
            ["Won so far", f"{parts['won_eur']:,.0f}"],
            ["Still to win", f"{missing:,.0f}"],
            ["Open and due in the rest of the quarter", f"{parts['due_eur']:,.0f}"],
            ["Open, but its planned date is past", f"{parts['past_due_eur']:,.0f}"],
        ]
        return finding, "", figure.table("T00, this quarter", ["", "€"], rows) + self._months()

    def _months(self) -> str:
        rows = self.world.demo.forecasts
        rows = rows[rows["made_by"] == "sales"].sort_values("month").tail(12)
        miss = rows["forecast_eur"] - rows["actual_eur"]
        lines = [
            [str(month), f"{said:,.0f}", f"{came:,.0f}", _signed(off), f"{abs(off):,.0f}"]
            for month, said, came, off in zip(
                rows["month"], rows["forecast_eur"], rows["actual_eur"], miss, strict=True
            )
        ]
        lines.append(
            ["Sum", f"{rows['forecast_eur'].sum():,.0f}", f"{rows['actual_eur'].sum():,.0f}", _signed(miss.sum()),
             f"{miss.abs().sum():,.0f}"]
        )  # fmt: skip
        lines.append(
            ["÷ what came", "", "", f"{accuracy.bias(rows['forecast_eur'], rows['actual_eur']):+.0%}",
             f"{accuracy.wape(rows['forecast_eur'], rows['actual_eur']):.0%}"]
        )  # fmt: skip
        head = ["Month", "Sales said, €", "Came, €", "Said less came", "Miss without its sign"]
        return figure.table("T00, twelve months of sales' forecasts", head, lines)


def _signed(value: float) -> str:
    return f"{value:+,.0f}".replace("-", "−")
