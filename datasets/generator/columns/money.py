"""Targets and the statement of profit and loss."""

from __future__ import annotations

from generator.columns.kinds import MUST, POSITIVE, Column, Table, one_of, ref

TABLES = {
    "targets": Table(
        "Targets",
        "what a territory is to win in a quarter",
        ("territory_id", "quarter"),
        (
            ref("territory_id", "territories", "Territory", "Whose target."),
            Column("quarter", "text", "Quarter", "Such as 2026-Q2.", limits=MUST | {"pattern": "[0-9]{4}-Q[1-4]"}),
            Column("target_eur", "euros", "Target", "Contract value to be won.", "EUR", POSITIVE),
            Column(
                "trials_planned", "whole", "Trials planned", "Tastings that the target counts on.", "trials", POSITIVE
            ),
        ),
    ),
    "profit_and_loss": Table(
        "Profit and loss",
        "a line of the company's quarterly statement, all lines of business together",
        ("quarter", "line"),
        (
            Column("quarter", "text", "Quarter", "Such as 2026-Q1.", limits=MUST | {"pattern": "[0-9]{4}-Q[1-4]"}),
            one_of(
                "line",
                "Line",
                "revenue, or a cost that is subtracted from it.",
                ["revenue", "cost_of_goods", "selling", "marketing", "service_and_logistics", "administration"],
            ),
            Column("eur", "euros", "Euros", "Amount; costs are written as positive numbers.", "EUR", POSITIVE),
        ),
    ),
}
