"""After the signature: hand-over, first value, renewal."""

from __future__ import annotations

from generator.columns.kinds import MUST, Column, Table, one_of, ref

_DEAL = (
    ref("opp_id", "opportunities", "Opportunity", "The won deal."),
    ref("account_id", "accounts", "Account", "Whose contract it is."),
)

TABLES = {
    "hand_overs": Table(
        "Hand-overs",
        "a won deal that sales handed over to service",
        ("opp_id",),
        (
            *_DEAL,
            Column("handed_over_on", "day", "Handed over on", "The day of the hand-over.", limits=MUST),
            Column(
                "complete",
                "flag",
                "Complete",
                "True if contacts, promises, price, date and origin were all in the pack.",
                limits=MUST,
            ),
            Column(
                "experience_score",
                "whole",
                "Experience",
                "What the customer said of the hand-over, 1 (bad) to 5 (good).",
                "points",
                MUST | {"minimum": 1, "maximum": 5},
            ),
        ),
    ),
    "installs": Table(
        "Installations",
        "a won deal on its way to being used as planned",
        ("opp_id",),
        (
            *_DEAL,
            Column("signed_on", "day", "Signed on", "Day of the signature.", limits=MUST),
            Column("installed_on", "day", "Installed on", "Day of the installation; empty if not (yet)."),
            Column(
                "first_value_on", "day", "First value on", "First day with 80 % of the planned use; empty if not (yet)."
            ),
        ),
    ),
    "renewals": Table(
        "Renewals",
        "a contract of one year, by the day it comes due; due days ahead are listed too",
        ("opp_id", "due_on"),
        (
            *_DEAL,
            Column("due_on", "day", "Due on", "Last day of the contract; may lie ahead.", limits=MUST),
            Column("value_eur", "euros", "Value due", "What the contract was worth.", "EUR", MUST | {"minimum": 0}),
            one_of(
                "outcome",
                "Outcome",
                "renewed, grown (renewed for more) or left; empty while not due.",
                ["renewed", "grown", "left"],
                False,
            ),
            Column(
                "renewed_eur",
                "euros",
                "Renewed value",
                "What the next contract is worth; empty if there is none.",
                "EUR",
            ),
        ),
    ),
}
