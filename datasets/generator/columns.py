"""Every table's columns: what they mean, their unit, type and limits. `datapackage.json` is made from this.

Kinds and what the generator holds for them: text; whole (a number); cents (whole cents, written as euros);
euros (whole euros); share (hundredths); day (days since START); minute (minutes since START); flag.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from generator import plan

ORIGINS = [*plan.ORIGINS, plan.SALES_ORIGIN]
OUTCOMES = ["open", "won", "lost", "no_decision"]


class Column(NamedTuple):
    """One column. `refers` is a foreign key, "table.column"."""

    name: str
    kind: str
    title: str
    description: str
    unit: str = ""
    limits: dict[str, Any] = {}  # noqa: RUF012
    refers: str = ""


class Table(NamedTuple):
    """One table: what a row is, its key, its columns."""

    title: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]


def _id(name: str, prefix: str, digits: int, title: str, description: str) -> Column:
    limits = {"required": True, "unique": True, "pattern": f"{prefix}[0-9]{{{digits}}}"}
    return Column(name, "text", title, description, limits=limits)


def _ref(name: str, table: str, title: str, description: str, required: bool = True) -> Column:
    return Column(name, "text", title, description, "", {"required": True} if required else {}, f"{table}.{name}")


def _one_of(name: str, title: str, description: str, options: list[str], required: bool = True) -> Column:
    limits: dict[str, Any] = {"enum": options}
    return Column(name, "text", title, description, limits=({"required": True} | limits) if required else limits)


_MUST = {"required": True}
_POSITIVE = {"required": True, "minimum": 0}


def _eur(name: str, title: str, description: str) -> Column:
    return Column(name, "cents", title, description, "EUR", _POSITIVE)


TABLES = {
    "territories": Table(
        "Territories",
        "a sales territory; T00 is a demonstration territory that nobody owns and no total contains",
        ("territory_id",),
        (
            _id("territory_id", "T", 2, "Territory", "Id of the territory."),
            Column("name", "text", "Name", "What people call it.", limits=_MUST),
            Column(
                "micromarket_id", "text", "Micromarket", "Id of the micromarket it lies in; M0 holds T00.", limits=_MUST
            ),
            Column("micromarket", "text", "Micromarket name", "Name of the micromarket.", limits=_MUST),
            Column("is_demonstration", "flag", "Demonstration", "True for T00 alone.", limits=_MUST),
        ),
    ),
    "accounts": Table(
        "Accounts",
        "a firm we sell to or want to sell to",
        ("account_id",),
        (
            _id("account_id", "A", 4, "Account", "Id of the account."),
            Column("name", "text", "Name", "Invented name of the firm.", limits=_MUST),
            Column(
                "country", "text", "Country", "Two-letter code (ISO 3166-1).", limits=_MUST | {"pattern": "[A-Z]{2}"}
            ),
            _ref("territory_id", "territories", "Territory", "Whose territory it is."),
            Column("micromarket_id", "text", "Micromarket", "Micromarket of the territory.", limits=_MUST),
            _one_of("segment", "Segment", "A: knows such machines well. B: does not.", ["A", "B"]),
            Column("industry", "text", "Industry", "What the firm does.", limits=_MUST),
            _one_of("line", "Line", "Which of our lines it is a customer for.", ["office", "packaged"]),
            Column(
                "employees", "whole", "Employees", "People who work there.", "people", {"required": True, "minimum": 1}
            ),
            Column("is_large_site", "flag", "Large site", "250 employees or more at the site.", limits=_MUST),
            Column("key_account", "flag", "Key account", "Served by a key account manager.", limits=_MUST),
        ),
    ),
    "contacts": Table(
        "Contacts",
        "a person at an account",
        ("contact_id",),
        (
            _id("contact_id", "C", 5, "Contact", "Id of the person."),
            _ref("account_id", "accounts", "Account", "Where the person works."),
            Column("name", "text", "Name", "Invented name.", limits=_MUST),
            Column(
                "email",
                "text",
                "E-mail",
                "Invented address; example.com reaches nobody.",
                limits=_MUST | {"unique": True},
            ),
            Column("job_title", "text", "Job title", "What the person does.", limits=_MUST),
            _one_of(
                "buying_role",
                "Buying role",
                "Part the person plays in a purchase.",
                ["user", "influencer", "gatekeeper", "decision_maker", "economic_buyer"],
            ),
            Column("consent", "flag", "Consent", "True if we may write to the person.", limits=_MUST),
        ),
    ),
    "campaigns": Table(
        "Campaigns",
        "something marketing paid for, with its origin",
        ("campaign_id",),
        (
            _id("campaign_id", "K", 3, "Campaign", "Id of the campaign."),
            Column("name", "text", "Name", "What it is called.", limits=_MUST),
            _one_of("origin", "Origin", "Origin of the leads it brings.", list(plan.ORIGINS)),
            _one_of(
                "horizon",
                "Horizon",
                "Meant to sell now (activation) or to be known later (brand).",
                ["brand", "activation"],
            ),
            Column("started_on", "day", "Started on", "First day.", limits=_MUST),
            Column("ended_on", "day", "Ends on", "Last day; may lie ahead.", limits=_MUST),
            Column("spend_eur", "euros", "Spend", "What was spent on it, all in.", "EUR", _POSITIVE),
        ),
    ),
    "leads": Table(
        "Leads",
        "a raised hand; a person who raises a hand again has a second row with the same contact_id",
        ("lead_id",),
        (
            _id("lead_id", "L", 5, "Lead", "Id of the row."),
            _ref("contact_id", "contacts", "Contact", "Who raised a hand."),
            _ref("account_id", "accounts", "Account", "Where the person works."),
            _ref("territory_id", "territories", "Territory", "Whose territory the account is in."),
            _ref(
                "campaign_id", "campaigns", "Campaign", "What the person answered to; empty if unknown.", required=False
            ),
            _one_of("origin", "Origin", "Where the hand was raised; unknown if nobody noted it.", list(plan.ORIGINS)),
            Column("created_at", "minute", "Raised a hand at", "Entry into the step engaged.", limits=_MUST),
            Column("mql_at", "minute", "Marketing-qualified at", "Scored high enough; empty if not (yet)."),
            Column("assigned_at", "minute", "Assigned at", "Routed to sales; the clock starts; empty if not (yet)."),
            Column("accepted_at", "minute", "Accepted at", "Sales took it on; empty if not (yet)."),
            _one_of(
                "reject_reason",
                "Reject reason",
                "Why sales turned it down; empty if it did not.",
                list(plan.REJECT_REASONS),
                False,
            ),
            _ref(
                "opp_id", "opportunities", "Opportunity", "What became of it; empty if nothing (yet).", required=False
            ),
            Column(
                "fit_score",
                "whole",
                "Fit",
                "How well the account fits, 0–100.",
                "points",
                {"required": True, "minimum": 0, "maximum": 100},
            ),
            _one_of("intent", "Intent", "What the person did.", ["demo_request", "download", "list"]),
        ),
    ),
    "opportunities": Table(
        "Opportunities",
        "a qualified deal",
        ("opp_id",),
        (
            _id("opp_id", "O", 4, "Opportunity", "Id of the deal."),
            _ref("account_id", "accounts", "Account", "Who buys."),
            _ref("contact_id", "contacts", "Contact", "Whom it began with."),
            _ref("territory_id", "territories", "Territory", "Whose deal it is."),
            _one_of("origin", "Origin", "Origin of its lead; sales_prospecting if sales found it.", ORIGINS),
            _ref("campaign_id", "campaigns", "Campaign", "Campaign of its lead; empty if none.", required=False),
            Column("created_at", "day", "Created on", "Entry into the step qualified.", limits=_MUST),
            _one_of("step_id", "Step", "Step it stands in, or the last one before it was closed.", list(plan.STEPS)),
            _one_of("outcome", "Outcome", "open, won, lost or no_decision.", OUTCOMES),
            Column("closed_at", "day", "Closed on", "Day of winning or losing; empty while open."),
            Column("amount_eur", "euros", "Amount", "Contract value.", "EUR", _POSITIVE),
            Column(
                "crm_probability",
                "share",
                "CRM probability",
                "The CRM's default for the step, 0–1; nobody calibrated it.",
                "fraction",
                {"required": True, "minimum": 0, "maximum": 1},
            ),
            Column(
                "close_date_planned",
                "day",
                "Planned close",
                "When the rep expects the signature; may lie ahead.",
                limits=_MUST,
            ),
            _one_of("purchase_type", "Purchase type", "First purchase or again.", ["new_business", "rebuy"]),
            _one_of(
                "lost_reason",
                "Lost reason",
                "Why it was lost; empty if it was not.",
                [*plan.LOST_REASONS, "no_decision"],
                False,
            ),
        ),
    ),
    "stage_history": Table(
        "Stage history",
        "the day a deal entered a step, or was closed as lost or no_decision; a skipped step has no row",
        ("opp_id", "step_id"),
        (
            _ref("opp_id", "opportunities", "Opportunity", "Which deal."),
            _one_of("step_id", "Step", "Step entered, or how it was closed.", [*plan.STEPS, "lost", "no_decision"]),
            Column("entered_at", "day", "Entered on", "Day of entry.", limits=_MUST),
        ),
    ),
    "trial_slots": Table(
        "Trial slots",
        "a day on which a technician can hold a tasting; slots of the weeks ahead are listed too",
        ("slot_id",),
        (
            _id("slot_id", "S", 4, "Slot", "Id of the slot."),
            _ref("territory_id", "territories", "Territory", "Where."),
            Column("date", "day", "Date", "Day of the tasting; may lie ahead.", limits=_MUST),
            Column("technician_id", "text", "Technician", "Who holds it.", limits=_MUST),
            _ref(
                "opp_id", "opportunities", "Booked for", "The deal it is booked for; empty when unused.", required=False
            ),
        ),
    ),
    "products": Table(
        "Products",
        "a packaged product",
        ("product_id",),
        (
            _id("product_id", "PR", 1, "Product", "Id of the product."),
            Column("name", "text", "Name", "What it is called.", limits=_MUST),
            _eur("list_eur", "List price", "List price of a case."),
        ),
    ),
    "orders": Table(
        "Orders",
        "a line of an order; amounts are totals of the line, what comes off is written as a positive number",
        ("order_id",),
        (
            _id("order_id", "R", 5, "Order line", "Id of the line."),
            Column("delivery_id", "text", "Delivery", "Lines of one delivery share it.", limits=_MUST),
            _ref("account_id", "accounts", "Account", "Who ordered."),
            Column("ordered_on", "day", "Ordered on", "Day of the order.", limits=_MUST),
            _ref("product_id", "products", "Product", "What was ordered."),
            Column("cases", "whole", "Cases", "How many cases.", "cases", {"required": True, "minimum": 1}),
            _one_of(
                "base",
                "Base",
                "What the account's percentages are agreed on: list or invoice price.",
                ["list", "invoice"],
            ),
            _eur("list_eur", "List", "Cases at list price."),
            _eur("on_invoice_eur", "On-invoice discount", "Comes off on the invoice."),
            _eur("volume_bonus_eur", "Volume bonus", "Comes off after the invoice."),
            _eur("free_goods_eur", "Free goods", "Comes off after the invoice."),
            _eur("terms_eur", "Payment terms", "Comes off after the invoice."),
            _eur("freight_eur", "Freight", "Comes off after the invoice."),
            _eur("marketing_support_eur", "Marketing support", "Comes off after the invoice."),
            _eur("service_eur", "Service", "Comes off after the invoice."),
            _eur("cost_eur", "Cost of goods", "What the goods cost us; no discount."),
        ),
    ),
    "targets": Table(
        "Targets",
        "what a territory is to win in a quarter",
        ("territory_id", "quarter"),
        (
            _ref("territory_id", "territories", "Territory", "Whose target."),
            Column("quarter", "text", "Quarter", "Such as 2026-Q2.", limits=_MUST | {"pattern": "[0-9]{4}-Q[1-4]"}),
            Column("target_eur", "euros", "Target", "Contract value to be won.", "EUR", _POSITIVE),
        ),
    ),
    "profit_and_loss": Table(
        "Profit and loss",
        "a line of the company's quarterly statement, all lines of business together",
        ("quarter", "line"),
        (
            Column("quarter", "text", "Quarter", "Such as 2026-Q1.", limits=_MUST | {"pattern": "[0-9]{4}-Q[1-4]"}),
            _one_of(
                "line",
                "Line",
                "revenue, or a cost that is subtracted from it.",
                ["revenue", "cost_of_goods", "selling", "marketing", "service_and_logistics", "administration"],
            ),
            Column("eur", "euros", "Euros", "Amount; costs are written as positive numbers.", "EUR", _POSITIVE),
        ),
    ),
}
