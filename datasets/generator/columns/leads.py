"""Campaigns and the leads they bring."""

from __future__ import annotations

from generator import plan
from generator.columns.kinds import MUST, POSITIVE, Column, Table, id_of, one_of, ref

TABLES = {
    "campaigns": Table(
        "Campaigns",
        "something marketing paid for, with its origin",
        ("campaign_id",),
        (
            id_of("campaign_id", "K", 3, "Campaign", "Id of the campaign."),
            Column("name", "text", "Name", "What it is called.", limits=MUST),
            one_of("origin", "Origin", "Origin of the leads it brings.", list(plan.ORIGINS)),
            one_of(
                "horizon",
                "Horizon",
                "Meant to sell now (activation) or to be known later (brand).",
                ["brand", "activation"],
            ),
            Column("started_on", "day", "Started on", "First day.", limits=MUST),
            Column("ended_on", "day", "Ends on", "Last day; may lie ahead.", limits=MUST),
            Column("spend_eur", "euros", "Spend", "What was spent on it, all in.", "EUR", POSITIVE),
        ),
    ),
    "leads": Table(
        "Leads",
        "a raised hand; a person who raises a hand again has a second row with the same contact_id",
        ("lead_id",),
        (
            id_of("lead_id", "L", 5, "Lead", "Id of the row."),
            ref("contact_id", "contacts", "Contact", "Who raised a hand."),
            ref("account_id", "accounts", "Account", "Where the person works."),
            ref("territory_id", "territories", "Territory", "Whose territory the account is in."),
            ref(
                "campaign_id", "campaigns", "Campaign", "What the person answered to; empty if unknown.", required=False
            ),
            one_of("origin", "Origin", "Where the hand was raised; unknown if nobody noted it.", list(plan.ORIGINS)),
            Column("created_at", "minute", "Raised a hand at", "Entry into the step engaged.", limits=MUST),
            Column("mql_at", "minute", "Marketing-qualified at", "Scored high enough; empty if not (yet)."),
            Column("assigned_at", "minute", "Assigned at", "Routed to sales; the clock starts; empty if not (yet)."),
            Column("accepted_at", "minute", "Accepted at", "Sales took it on; empty if not (yet)."),
            one_of(
                "reject_reason",
                "Reject reason",
                "Why sales turned it down; empty if it did not.",
                list(plan.REJECT_REASONS),
                False,
            ),
            ref("opp_id", "opportunities", "Opportunity", "What became of it; empty if nothing (yet).", required=False),
            Column(
                "fit_score",
                "whole",
                "Fit",
                "How well the account fits, 0–100.",
                "points",
                {"required": True, "minimum": 0, "maximum": 100},
            ),
            one_of("intent", "Intent", "What the person did.", ["demo_request", "download", "list"]),
        ),
    ),
}
