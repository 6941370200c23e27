"""How often buyers who know us sign, beside those who do not: all together, or like with like."""

from __future__ import annotations

from typing import Any

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration, choice
from onefunnel.metrics import brand
from onefunnel.metrics.deals import decided


class KnownBuyers(Exploration):
    """Two bars for all decided deals, or two bars a segment; the table says how many each group has."""

    def __init__(self, world: Any) -> None:
        super().__init__("Do buyers who know us sign more often?")
        self.deals, self.accounts = world.company.opportunities, world.company.accounts
        joined = decided(brand.with_segment(self.deals, self.accounts))
        self.segments = sorted(joined["segment"].dropna().unique())
        self.view = choice("Compare", [("All buyers together", "all"), ("Within each segment", "within")])
        self.view.observe(self.redraw, "value")
        self.fill(self.view)

    def rates(self) -> dict[str, tuple[float, float, float]]:
        """Return, for the groups shown: win rate with a known brand, without, and the share who knew us."""
        groups = [("All buyers", "")] if self.view.value == "all" else [(f"Segment {s}", s) for s in self.segments]
        return {
            name: (
                brand.rate_by_known(self.deals, self.accounts, True, segment),
                brand.rate_by_known(self.deals, self.accounts, False, segment),
                brand.share_known(self.deals, self.accounts, segment),
            )
            for name, segment in groups
        }

    def draw(self) -> tuple[str, str, str]:
        """Return what the groups say, two bars a group, and the table."""
        rates = self.rates()
        said = "; ".join(f"{name}: {known:.1%} against {other:.1%}" for name, (known, other, _) in rates.items())
        if self.view.value == "all":
            known, other, _ = next(iter(rates.values()))
            finding = f"All together, buyers who know us sign {(known - other) * 100:.0f} points more often."
        else:
            finding = f"Like with like the gap is far smaller. {said}."
        shown, axes = figure.blank(7.2, 2.7, left=0.02, bottom=0.2, top=0.86)
        places, labels = [], []
        for group, (name, (known, other, _)) in enumerate(rates.items()):
            for side, (rate, colour, hatch) in enumerate(((known, figure.BLUE, ""), (other, figure.PAPER, "///"))):
                place = group * 3 + side
                axes.bar(place, rate * 100, width=0.9, color=colour, hatch=hatch, edgecolor=figure.BLUE)
                axes.text(place, rate * 100 + 1, f"{rate:.1%}", ha="center", fontweight="bold")
            places += [group * 3, group * 3 + 1]
            labels += [f"{name}\nknew us", f"{name}\ndid not"]
        axes.set_xticks(places, labels)
        axes.set_xlim(-0.8, max(places) + 0.8)
        axes.set_ylim(0, 50)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.set_title("Deals won, of those decided", loc="left", fontsize=10)
        rows = [
            [name, f"{known:.1%}", f"{other:.1%}", f"{(known - other) * 100:+.1f}".replace("-", "−"), f"{share:.0%}"]
            for name, (known, other, share) in rates.items()
        ]
        head = ["Buyers", "Knew us: won", "Did not: won", "Gap, points", "Share who knew us"]
        return (
            finding,
            figure.picture(shown, f"{finding} Bars: {said}."),
            figure.table("Decided deals, whole company", head, rows),
        )
