"""What each origin of demand returned: on revenue or margin, as booked or as added, by a rule of credit."""

from __future__ import annotations

from typing import Any

import ipywidgets as w
import pandas as pd

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration, choice
from onefunnel.metrics import attribution, demand
from onefunnel.metrics.origin import MATURITY_DAYS, UNKNOWN, return_by_origin

NAMES = {
    "bought_list": "Bought list",
    "advertising": "Advertising",
    "email": "E-mail",
    "promotion": "Promotion",
    "telemarketing": "Telemarketing",
    "event": "Event",
    "direct_mail": "Direct mail",
    "referral": "Referral",
    UNKNOWN: "Unknown",
}
CREDIT = {  # how a deal is booked → its name; "lead" is the origin of the first lead
    "lead": "Origin of the first lead",
    "first": "First touch",
    "last": "Last touch",
    "linear": "The same to each touch",
    "u_shape": "40/20/40",
}
WIDEST = 4.0  # longer bars are cut: one origin would flatten all others


def name_of(origin: str) -> str:
    """Return an origin's name for people."""
    return NAMES.get(origin, origin.replace("_", " ").capitalize())


class OriginReturn(Exploration):
    """One bar an origin, for the whole company; the unknown has a grey one, which never hides."""

    def __init__(self, world: Any) -> None:
        super().__init__("For each euro spent, how much came back on top?")
        self.tables = world.company
        self.margin = float(world.playbook.metric("origin_return").arguments["margin"])
        self.booked: dict[str, pd.Series] = {}
        self.base = self._base()
        self.added = {name: demand.holdout_share(self.tables.experiments, name) for name in self.base.index}
        self.money = choice("Count", [("Revenue", "revenue"), ("Margin", "margin")])
        self.sales = choice(
            "Of the sales", [("All that are booked to it", "booked"), ("Incremental: only what it added", "added")]
        )
        self.rule = w.Dropdown(
            options=[(text, name) for name, text in CREDIT.items()],
            description="Booked by",
            tooltip="The rule that says which origin may book a deal",
            style={"description_width": "initial"},
            layout=w.Layout(width="auto", max_width="420px"),
        )
        for control in (self.money, self.sales, self.rule):
            control.observe(self.redraw, "value")
        self.fill(self.money, self.sales, self.rule)

    def _base(self) -> pd.DataFrame:
        tables = self.tables
        return return_by_origin(tables.leads, tables.opportunities, tables.campaigns, tables.as_of, self.margin)

    def revenue(self, rule: str) -> pd.Series:
        """Return the revenue booked to each origin by a rule, EUR."""
        if rule not in self.booked:
            if rule == "lead":
                self.booked[rule] = self.base["revenue_eur"]
            else:
                tables = self.tables
                paths = demand.marketing_paths(
                    tables.leads,
                    tables.opportunities,
                    tables.touches,
                    tables.as_of,
                    demand.LOOK_BACK_DAYS,
                    demand.MARKETING,
                    MATURITY_DAYS,
                )
                credit = attribution.credit_by_channel(paths, demand.RULES[rule](paths))["value_eur"]
                self.booked[rule] = credit.reindex(self.base.index, fill_value=0.0)
        return self.booked[rule]

    def returns(self) -> pd.Series:
        """Return (money − spend) ÷ spend by origin, best first; NaN where nothing was spent or nothing held out."""
        came = self.revenue(self.rule.value) * (self.margin if self.money.value == "margin" else 1.0)
        if self.sales.value == "added":
            came = came * pd.Series(self.added)
        spend = self.base["spend_eur"]
        result = (came - spend) / spend.where(spend > 0)
        return result.sort_values(ascending=False, na_position="last", kind="stable")

    def totals(self) -> tuple[float, float]:
        """Return the return of all origins together, without and with what the unknown bought (as booked)."""
        came = self.revenue(self.rule.value) * (self.margin if self.money.value == "margin" else 1.0)
        spend = self.base["spend_eur"].sum()
        return (came.drop(UNKNOWN, errors="ignore").sum() - spend) / spend, (came.sum() - spend) / spend

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, one bar an origin, and the table."""
        returns, (low, high) = self.returns(), self.totals()
        known = returns.dropna()
        finding = (
            f"On {self.money.value}, {name_of(known.index[-1]).lower()} returned {_signed(known.iloc[-1])}, the least; "
            f"{name_of(known.index[0]).lower()} {_signed(known.iloc[0])}, the most."
        )
        if self.sales.value == "booked":
            finding += f" All together: {_signed(low)} without the unknown, {_signed(high)} with it."
        shown, axes = figure.blank(7.2, 3.7, left=0.2, bottom=0.04, top=0.98)
        for place, (origin, value) in enumerate(returns.items()):
            self._bar(axes, place, origin, value)
        axes.axvline(0, color=figure.QUIET, linewidth=1)
        axes.set_xlim(-1.1, WIDEST * 1.55)
        axes.set_ylim(len(returns) - 0.4, -0.6)
        axes.set_axis_off()
        said = ", ".join(f"{name_of(origin)} {_signed(value)}" for origin, value in returns.items())
        return finding, figure.picture(shown, f"{finding} Bars: {said}."), self._table(returns)

    def _bar(self, axes: Any, place: int, origin: str, value: float) -> None:
        axes.text(-0.02, place, name_of(origin), transform=axes.get_yaxis_transform(), ha="right", va="center")
        if pd.isna(value):
            axes.barh(place, WIDEST, color="none", edgecolor=figure.GREY, hatch="///", height=0.6)
            money = self.revenue(self.rule.value)[origin]
            text = f"not defined: €{money / 1000:,.0f}k sold, nothing spent"
            axes.text(0.06, place, text, va="center", bbox={"facecolor": figure.PAPER, "edgecolor": "none", "pad": 2})
            return
        axes.barh(place, min(value, WIDEST), color=figure.BLUE if value >= 0 else figure.VERMILION, height=0.6)
        cut = " (bar cut)" if value > WIDEST else ""
        axes.text(max(min(value, WIDEST), 0) + 0.05, place, f"{_signed(value)}{cut}", va="center", fontweight="bold")

    def _table(self, returns: pd.Series) -> str:
        rows = [
            [
                name_of(origin),
                f"{self.base.at[origin, 'leads']:,}",
                f"{self.base.at[origin, 'won']:,}",
                f"{self.revenue(self.rule.value)[origin]:,.0f}",
                f"{self.base.at[origin, 'spend_eur']:,.0f}",
                "–" if pd.isna(self.added[origin]) else f"{self.added[origin]:.0%}",
                _signed(value),
            ]
            for origin, value in returns.items()
        ]
        head = ["Origin", "Leads", "Won", "Revenue booked €", "Spend €", "Share it added", "Return"]
        return figure.table("People who raised a hand a year ago or earlier", head, rows)


def _signed(value: float) -> str:
    return "not defined" if pd.isna(value) else f"{value * 100:+,.0f} %".replace("-", "−")
