"""What does our talking cost, and what is left for customers? Joint time and the owner of the notes, in hours."""

from __future__ import annotations

from typing import Any

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration, choice
from onefunnel.learn.widgets.sliders import SliderBox
from onefunnel.metrics import listening

TALKS = "customer_talks"
OWNERS = {"nobody": "nobody", "marketing": "a marketer, an hour a day", "sales": "a seller, an hour a day"}
STOPS = {"nothing": "nothing", "doubles": "work that both do", "customers": "talks with customers"}


class HoursBudget(Exploration):
    """People, minutes and an owner give hours a week and euros a year, beside the hours with customers."""

    def __init__(self, world: Any) -> None:
        super().__init__("What does joint time cost, and what is left for customers?")
        self.time_log, self.costs = world.company.time_log, world.company.costs
        if self.time_log.empty or self.costs.empty:
            raise ValueError("hours and their pay need the tables time_log and costs.")
        people = {function: listening.people(self.time_log, function) for function in ("sales", "marketing")}
        self.minutes = SliderBox("Joint time each week", 0, 240, 15, 90, unit="minutes", on_change=self.redraw)
        self.sellers = SliderBox("Sellers who take part", 0, people["sales"], 1, people["sales"], on_change=self.redraw)
        self.marketers = SliderBox(
            "Marketers who take part", 0, people["marketing"], 1, people["marketing"], on_change=self.redraw
        )
        self.owner = choice("Who owns the field notes?", [(text, name) for name, text in OWNERS.items()])
        self.stops = choice("What does the owner stop?", [(text, name) for name, text in STOPS.items()])
        for control in (self.owner, self.stops):
            control.observe(self.redraw, "value")
        self.talk = listening.hours_a_week(self.time_log, "sales", TALKS) * people["sales"]
        self.pay = {name: listening.pay_of_an_hour(self.time_log, self.costs, name) for name in people}
        self.fill(self.minutes, self.sellers, self.marketers, self.owner, self.stops)

    def hours(self) -> dict[str, float]:
        """Return hours a week: joint time of sellers and marketers, the owner's, and what the owner gives up."""
        owner, stops = self.owner.value, self.stops.value
        needed = 0.0 if owner == "nobody" else listening.owner_hours()
        stopped = 0.0
        if needed and stops == "doubles":
            stopped = min(needed, listening.double_hours_of(self.time_log, owner))
        elif needed and stops == "customers":
            stopped = min(needed, listening.hours_a_week(self.time_log, owner, TALKS))
        joint = self.minutes.value / 60
        return {
            "sales": self.sellers.value * joint,
            "marketing": self.marketers.value * joint,
            "owner": needed,
            "stopped": stopped,
        }

    def yearly(self) -> float:
        """Return what all that a year costs in pay, EUR; what the owner stops is taken off."""
        hours = self.hours()
        week = sum(hours[name] * self.pay[name] for name in self.pay)
        if self.owner.value != "nobody":
            week += (hours["owner"] - hours["stopped"]) * self.pay[self.owner.value]
        return week * listening.WEEKS_A_YEAR

    def draw(self) -> tuple[str, str, str]:
        """Return what it costs, bars of hours beside the hours with customers, and the table."""
        hours = self.hours()
        part = hours["sales"] / self.talk
        taken = hours["stopped"] if (self.owner.value, self.stops.value) == ("sales", "customers") else 0.0
        finding = (
            f"Joint time takes {hours['sales'] + hours['marketing']:,.0f} hours a week. "
            f"The sellers' part equals {part * 100:.0f} % of their time with customers. {self._owner_in_words(hours)}"
            f"In all: €{self.yearly():,.0f} a year."
        )
        bars = {
            "Sellers' joint time": (hours["sales"], figure.ORANGE),
            "Marketers' joint time": (hours["marketing"], figure.BLUE),
            "Owner of the notes": (hours["owner"], figure.GREEN),
            "Sellers' time with customers": (self.talk - taken, figure.GREY),
        }
        shown, axes = figure.blank(7.4, 1.9, left=0.29, right=0.99, bottom=0.04)
        for place, (value, colour) in enumerate(bars.values()):
            axes.barh(place, value, color=colour, height=0.66)
            axes.text(value, place, f" {value:,.0f} hours", va="center", fontweight="bold")
        axes.set_xlim(0, max(value for value, _ in bars.values()) * 1.2)
        axes.set_ylim(len(bars) - 0.5, -0.5)
        axes.set_yticks(range(len(bars)), list(bars))
        axes.set_xticks([])
        for side in ("left", "bottom"):
            axes.spines[side].set_visible(False)
        alt = f"{finding} Four bars, hours a week: " + "; ".join(f"{name} {v:,.0f}" for name, (v, _) in bars.items())
        return finding, figure.picture(shown, alt + "."), self._table(hours)

    def _owner_in_words(self, hours: dict[str, float]) -> str:
        if not hours["owner"]:
            return "Nobody owns the notes. "
        more = hours["owner"] - hours["stopped"]
        if self.stops.value == "customers" and hours["stopped"]:
            return f"The owner takes {hours['stopped']:.1f} hours a week from customers. "
        if more < 0.05:
            return "The owner's hours come out of work that both do. "
        return f"The owner needs {more:.1f} hours a week more than before. "

    def _table(self, hours: dict[str, float]) -> str:
        owner = self.owner.value
        rows = [
            ["Sellers, joint time", hours["sales"], self.pay["sales"]],
            ["Marketers, joint time", hours["marketing"], self.pay["marketing"]],
        ]
        if owner != "nobody":
            rows.append(["Owner of the notes", hours["owner"], self.pay[owner]])
            rows.append(["What the owner stops", -hours["stopped"], self.pay[owner]])
        told = [
            [name, _signed(h, 1), f"{pay:,.0f}", _signed(h * pay * listening.WEEKS_A_YEAR, 0)] for name, h, pay in rows
        ]
        head = ["What", "Hours a week", "Pay an hour, €", "€ a year"]
        return figure.table("Pay of the last twelve months ÷ hours in the time log", head, told)


def _signed(value: float, places: int) -> str:
    return f"{value:,.{places}f}".replace("-", "−") if abs(value) > 1e-9 else "0"
