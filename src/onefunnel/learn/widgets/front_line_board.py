"""The board at the front line: slots left, price floor, their offer. Hold, trade or walk?"""

from __future__ import annotations

from typing import Any, NamedTuple

import ipywidgets as w
import pandas as pd

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration
from onefunnel.learn.widgets.sliders import SliderBox
from onefunnel.metrics.mix import pocket_by_account

SCARCE = 2  # with this many free slots or fewer, other buyers take them at today's price
AHEAD = pd.Timedelta(days=30)  # how far ahead free slots are counted
OPENING = 8.0  # the competitor's first offer lies this many points of list below ours


class Verdict(NamedTuple):
    """What to do, why, and the lowest price to go to, in per cent of list price."""

    move: str
    why: str
    price: float


def decide(pocket: float, floor: float, offer: float, slots: int) -> Verdict:
    """Return hold, trade or walk. Prices are pocket prices in per cent of list; slots are the free trial slots.

    The order matters: an offer that is no better needs no answer, short slots need no discount, and only then does
    the floor part a trade from a walk.
    """
    if offer >= pocket:
        return Verdict("Hold", "their offer is no lower than what this account pays now", pocket)
    if slots <= SCARCE:
        return Verdict("Hold", f"only {_slots(slots)} left, and other buyers take them at today's price", pocket)
    if offer >= floor:
        return Verdict(
            "Trade", f"their offer is above our floor: go down to {offer:.1f}, and only for something", offer
        )
    return Verdict("Walk", f"to match them we would sell {floor - offer:.1f} points below our floor", floor)


class FrontLineBoard(Exploration):
    """Four controls on one account of the book, and one verdict."""

    def __init__(self, world: Any) -> None:
        super().__init__("The buyer has another offer. Hold, trade or walk?")
        book = world.book
        recent = book.orders[book.orders["ordered_on"] > book.as_of - pd.Timedelta(days=365)]
        names = book.accounts.drop_duplicates("account_id").set_index("account_id")["name"]
        self.accounts = pocket_by_account(recent)
        self.accounts["name"] = names.reindex(self.accounts.index)
        company = pocket_by_account(world.company.orders)["pocket_price"]
        free = book.trial_slots[book.trial_slots["opp_id"].isna()]
        self.free_slots = int(free["date"].between(book.as_of, book.as_of + AHEAD, inclusive="right").sum())
        self.account = w.Dropdown(
            options=[(row.name_text, key) for key, row in _texts(self.accounts).iterrows()],
            description="Account",
            tooltip="An account of my book",
            style={"description_width": "initial"},
            layout=w.Layout(width="auto", max_width="520px"),
        )
        floor = round(float(company.quantile(0.25)) * 100, 1)
        self.slots = SliderBox("Free trial slots, next 30 days", 0, max(12, self.free_slots), 1, self.free_slots)
        self.floor = SliderBox("Our price floor", 40, 100, 0.1, floor, unit="% of list")
        self.offer = SliderBox("Their offer", 40, 100, 0.1, self._pocket() - OPENING, unit="% of list")
        for slider in (self.slots, self.floor, self.offer):
            slider.watch(self.redraw)
        self.account.observe(self.redraw, "value")
        self.fill(self.account, self.slots, self.floor, self.offer)

    def _pocket(self) -> float:
        return float(self.accounts.loc[self.account.value, "pocket_price"] * 100)

    def verdict(self) -> Verdict:
        """Return the verdict for the controls as they stand."""
        return decide(self._pocket(), self.floor.value, self.offer.value, int(self.slots.value))

    def draw(self) -> tuple[str, str, str]:
        """Return the verdict, the prices on one line, and what each price is worth."""
        verdict, pocket = self.verdict(), self._pocket()
        floor, offer = self.floor.value, self.offer.value
        finding = f"{verdict.move}: {verdict.why}."
        shown, axes = figure.blank(7.4, 1.9, bottom=0.28)
        low = min(floor, offer, pocket) - 8
        high = max(floor, offer, pocket) + 8
        axes.axvspan(low, floor, facecolor=figure.VERMILION, alpha=0.15, linewidth=0)
        axes.axvline(floor, color=figure.VERMILION, linewidth=2)
        label = {"facecolor": figure.PAPER, "edgecolor": "none", "pad": 1.5}
        marks = [("today", pocket, figure.BLUE, "o", 1.0), ("their offer", offer, figure.ORANGE, "D", 0.0)]
        for name, value, colour, marker, height in marks:
            axes.plot([value], [height], marker=marker, markersize=12, color=colour, linestyle="none")
            axes.annotate(
                f"{name} {value:.1f}",
                (value, height),
                (0, 11),
                textcoords="offset points",
                ha="center",
                fontweight="bold",
                bbox=label,
            )
        axes.annotate(
            f"floor {floor:.1f}",
            (floor, -0.75),
            (6, 0),
            textcoords="offset points",
            va="center",
            fontweight="bold",
            bbox=label,
        )
        axes.set_xlim(low, high)
        axes.set_ylim(-1.1, 1.9)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.set_xlabel("pocket price, % of list (shaded: below the floor)")
        alt = f"{finding} On one line: floor {floor:.1f}, their offer {offer:.1f}, today {pocket:.1f} per cent of list."
        return finding, figure.picture(shown, alt), self._table(pocket, verdict)

    def _table(self, pocket: float, verdict: Verdict) -> str:
        year = float(self.accounts.loc[self.account.value, "list_eur"]) / 100
        prices = {"Today": pocket, "Their offer": self.offer.value, "Our floor": self.floor.value}
        if verdict.move != "Walk":  # whoever walks names no price
            prices[f"Our answer: {verdict.move.lower()}"] = verdict.price
        rows = [
            [name, f"{price:.1f}", f"{price * year:,.0f}", _change((price - pocket) * year)]
            for name, price in prices.items()
        ]
        head = ["Price", "% of list", "Pocket, € a year", "€ against today"]
        return figure.table("What each price is worth at this account's last 12 months", head, rows)


def _slots(count: int) -> str:
    return {0: "no slots are", 1: "1 slot is"}.get(count, f"{count} slots are")


def _change(euros: float) -> str:
    return "–" if abs(euros) < 0.5 else f"{euros:+,.0f}".replace("-", "−")


def _texts(accounts: pd.DataFrame) -> pd.DataFrame:
    names = accounts["name"].fillna(accounts.index.to_series()).astype(str)
    text = names + (accounts["pocket_price"] * 100).map(", paid {:.1f} % of list in the last 12 months".format)
    return accounts.assign(name_text=text).sort_values("name_text")
