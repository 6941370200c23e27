"""Worked examples on T00, the sample territory that nobody owns: a table to read, nothing to move.

Hints point at these rows, so every number here is computed in the same way as the learner's own.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration
from onefunnel.learn.widgets.waterfall import PARTS
from onefunnel.metrics.counts import deals_that_skipped
from onefunnel.metrics.mix import pocket_by_account, price_waterfall
from onefunnel.metrics.pipeline import funnel_steps, stage_moves

OLD_ENOUGH = 90  # days; the same as in the exercises


class CohortExample(Exploration):
    """One row a step: who began it long enough ago, who of them went on; and what each deal went through."""

    def __init__(self, world: Any) -> None:
        super().__init__("Worked example: the sample territory T00")
        self.world = world
        self.fill()

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, no picture, and the two tables."""
        demo, playbook = self.world.demo, self.world.playbook
        names = {step.id: step.name for step in playbook.steps}
        shown = funnel_steps(list(names))
        rows, rates, young = [], {}, 0
        for step, following in pairwise(shown):
            moves = stage_moves(demo.leads, demo.stage_history, list(names), step, following)
            old = moves[(demo.as_of - moves["entered_at"]).dt.days >= OLD_ENOUGH]
            began, on = len(old), int(old["moved_at"].notna().sum())
            young += len(moves) - began
            rates[step] = f"{on} ÷ {began} = {on / began:.0%}" if began else "nobody yet"
            rows.append([f"{names[step]} → {names[following]}", f"{began}", f"{on}", f"{began - on}", rates[step]])
        finding = (
            f"T00: of the people who became “{names['marketing_qualified']}”, sales accepted "
            f"{rates['marketing_qualified']}. One row, one group."
        )
        head = ["From one step to the next", "Began (old enough)", "Of them, went on", "Stopped or wait", "Share"]
        table = figure.table("T00, people by step", head, rows)
        return finding, "", table + self._why_rows_differ(list(names), shown, young) + self._deals(names)

    def _why_rows_differ(self, steps: list[str], shown: list[str], young: int) -> str:
        """Say why a row does not begin with what the row above sent on; `young` entries are in no row yet."""
        history = self.world.demo.stage_history
        recorded = set(history["step_id"])
        jumps = sum(deals_that_skipped(history, steps, step) for step in shown[:-1] if step in recorded)
        return (
            "<p>A row need not begin with the number that the row above sent on. Whoever entered a step less than "
            f"{OLD_ENOUGH} days ago is not in that row yet (here: {young}). A deal that jumped over a step "
            f"counts as gone on; it has no row for that step, and begins again where it landed (here: {jumps})."
            "</p>"
        )

    def _deals(self, names: dict[str, str]) -> str:
        history = self.world.demo.stage_history.sort_values(["opp_id", "entered_at"], kind="stable")
        walks = history.groupby("opp_id")["step_id"].agg(
            lambda steps: " → ".join(names.get(step, step.replace("_", " ")) for step in steps)
        )
        rows = [[str(deal), walk] for deal, walk in walks.items()]
        return figure.table("T00, what each deal went through", ["Deal", "Steps, in order of time"], rows)


class PriceExample(Exploration):
    """The walk from 100 on the list to the margin, and the accounts behind it."""

    def __init__(self, world: Any) -> None:
        super().__init__("Worked example: the sample territory T00")
        self.world = world
        self.fill()

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, no picture, and the two tables."""
        demo = self.world.demo
        walk = price_waterfall(demo.orders)
        titles = {
            "list_eur": "List price",
            "invoice_eur": "= Invoice price",
            "pocket_eur": "= Pocket price",
            "margin_eur": "= Margin",
            **{part: f"− {text}" for part, text in PARTS.items()},
        }
        rows = [
            [titles[at], f"{abs(eur) / walk['list_eur'] * 100:.1f}", f"{abs(eur):,.0f}"] for at, eur in walk.items()
        ]
        pocket, margin = walk["pocket_eur"] / walk["list_eur"], walk["margin_eur"] / walk["pocket_eur"]
        finding = f"T00: of 100 on the list, {pocket * 100:.1f} reach the pocket, and {margin:.1%} of that is margin."
        return (
            finding,
            "",
            figure.table("T00, from list to margin", ["", "Per 100 on the list", "€"], rows) + self._accounts(),
        )

    def _accounts(self) -> str:
        demo = self.world.demo
        names = demo.accounts.drop_duplicates("account_id").set_index("account_id")["name"]
        table = pocket_by_account(demo.orders)
        rows = [
            [
                str(names.get(account, account)),
                f"{one.cases:,.0f}",
                f"{one.list_eur:,.0f}",
                f"{one.pocket_eur:,.0f}",
                f"{one.pocket_price:.1%}",
            ]
            for account, one in table.iterrows()
        ]
        head = ["Account", "Cases", "List €", "Pocket €", "Pocket ÷ list"]
        return figure.table("T00, account by account", head, rows)
