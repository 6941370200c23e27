"""Territories, accounts and the people who work there."""

from __future__ import annotations

from generator.columns.kinds import MUST, POSITIVE, Column, Table, id_of, one_of, ref

# office systems; packaged coffee sold by us; outlets of the route; shops with a scanner; premium retail doors
LINES = ["office", "packaged", "outlet", "shop", "door"]

TABLES = {
    "territories": Table(
        "Territories",
        "a sales territory; T00 is a demonstration territory that nobody owns and no total contains",
        ("territory_id",),
        (
            id_of("territory_id", "T", 2, "Territory", "Id of the territory."),
            Column("name", "text", "Name", "What people call it.", limits=MUST),
            Column(
                "micromarket_id", "text", "Micromarket", "Id of the micromarket it lies in; M0 holds T00.", limits=MUST
            ),
            Column("micromarket", "text", "Micromarket name", "Name of the micromarket.", limits=MUST),
            Column("is_demonstration", "flag", "Demonstration", "True for T00 alone.", limits=MUST),
        ),
    ),
    "accounts": Table(
        "Accounts",
        "a firm we sell to or want to sell to",
        ("account_id",),
        (
            id_of("account_id", "A", "4,5", "Account", "Id of the account."),
            Column("name", "text", "Name", "Invented name of the firm.", limits=MUST),
            Column(
                "country", "text", "Country", "Two-letter code (ISO 3166-1).", limits=MUST | {"pattern": "[A-Z]{2}"}
            ),
            ref("territory_id", "territories", "Territory", "Whose territory it is."),
            Column("micromarket_id", "text", "Micromarket", "Micromarket of the territory.", limits=MUST),
            one_of("segment", "Segment", "A: knows such machines well. B: does not.", ["A", "B"]),
            Column("industry", "text", "Industry", "What the firm does.", limits=MUST),
            one_of("line", "Line", "Which of our lines it is, or may become, a customer for.", LINES),
            Column(
                "employees", "whole", "Employees", "People who work there.", "people", {"required": True, "minimum": 1}
            ),
            Column("is_large_site", "flag", "Large site", "250 employees or more at the site.", limits=MUST),
            Column("key_account", "flag", "Key account", "Served by a key account manager.", limits=MUST),
            Column(
                "has_demonstrator", "flag", "Demonstrator", "True for a premium door that shows a machine.", limits=MUST
            ),
            Column("potential_eur", "euros", "Potential", "What it could buy from us in a year.", "EUR", POSITIVE),
        ),
    ),
    "contacts": Table(
        "Contacts",
        "a person at an account",
        ("contact_id",),
        (
            id_of("contact_id", "C", 5, "Contact", "Id of the person."),
            ref("account_id", "accounts", "Account", "Where the person works."),
            Column("name", "text", "Name", "Invented name.", limits=MUST),
            Column(
                "email",
                "text",
                "E-mail",
                "Invented address; example.com reaches nobody.",
                limits=MUST | {"unique": True},
            ),
            Column("job_title", "text", "Job title", "What the person does.", limits=MUST),
            one_of(
                "buying_role",
                "Buying role",
                "Part the person plays in a purchase.",
                ["user", "influencer", "gatekeeper", "decision_maker", "economic_buyer"],
            ),
            Column("consent", "flag", "Consent", "True if we may write to the person.", limits=MUST),
        ),
    ),
}
