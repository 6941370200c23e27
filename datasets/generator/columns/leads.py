"""Campaigns, the leads they bring, and the way from a lead to a deal."""

from __future__ import annotations

from generator import plan
from generator.columns.kinds import MUST, POSITIVE, Column, Table, id_of, one_of, ref

SALES_TOUCHES = ["first_talk", "tasting", "proposal_meeting"]
SERVICE_TOUCHES = ["installation", "check_call"]


def _points(name: str, title: str, description: str) -> Column:
    return Column(name, "whole", title, description, "points", {"required": True, "minimum": 0, "maximum": 100})


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
            Column(
                "origin_label",
                "text",
                "Origin as typed",
                "What somebody typed into the CRM: several spellings of each origin, and words that say nothing, such "
                "as Other, n/a or a blank. `origin` is the same, put in order.",
            ),
            Column("created_at", "minute", "Raised a hand at", "Entry into the step engaged.", limits=MUST),
            Column("mql_at", "minute", "Marketing-qualified at", "Scored high enough; empty if not (yet)."),
            Column("assigned_at", "minute", "Assigned at", "Routed to sales; the clock starts; empty if not (yet)."),
            Column(
                "first_touch_at",
                "minute",
                "First touch at",
                "First touch by a human; where there is none, the automatic reply; empty if neither.",
            ),
            one_of(
                "first_touch_kind", "First touch by", "human or auto; empty if there is none.", ["human", "auto"], False
            ),
            Column("accepted_at", "minute", "Accepted at", "Sales took it on; empty if not (yet)."),
            one_of(
                "reject_reason",
                "Reject reason",
                "Why sales turned it down; empty if it did not (yet).",
                list(plan.REJECT_REASONS),
                False,
            ),
            ref("opp_id", "opportunities", "Opportunity", "What became of it; empty if nothing (yet).", required=False),
            _points("fit_score", "Fit", "How well the account fits, 0–100."),
            _points("score", "Lead score", "Fit and what the person did, 0–100; 40 and more is marketing-qualified."),
            one_of(
                "intent",
                "Intent",
                "What the person did: asked for a demonstration, read something, or only stood on a list.",
                ["demo_request", "download", "list"],
            ),
            Column(
                "recycled_from",
                "text",
                "Recycled from",
                "The person's earlier row, if it is 30 days or more older: then the clock starts anew; else empty.",
                refers="leads.lead_id",
            ),
        ),
    ),
    "touches": Table(
        "Touches",
        "a moment in which somebody of us met a buyer, on the way to a deal whose lead is at least a year old",
        ("touch_id",),
        (
            id_of("touch_id", "X", 5, "Touch", "Id of the touch."),
            ref("opp_id", "opportunities", "Opportunity", "The deal on whose way it lies."),
            ref("account_id", "accounts", "Account", "Whose people were met."),
            Column("touched_at", "day", "Touched on", "The day.", limits=MUST),
            one_of(
                "channel",
                "Touchpoint",
                "Where: an origin for marketing; a talk, tasting or visit for sales and service.",
                [*plan.ORIGINS, *SALES_TOUCHES, *SERVICE_TOUCHES],
            ),
            one_of("function", "Function", "Who met the buyer.", ["marketing", "sales", "service"]),
            one_of(
                "milestone",
                "Milestone",
                "lead_created: it made the lead. opportunity_created: it made the deal. Else empty.",
                ["lead_created", "opportunity_created"],
                False,
            ),
            Column(
                "experience_score",
                "count",
                "Experience",
                "What the buyer said of it, 1 (bad) to 5 (good); empty if not asked. The hand-over has its own table.",
                "points",
                {"minimum": 1, "maximum": 5},
            ),
        ),
    ),
}
