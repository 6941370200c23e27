"""Forecasts, advertising, media, micromarkets, and what a customer costs."""

from __future__ import annotations

from generator.columns.kinds import MUST, POSITIVE, Column, Table, one_of, ref

MONTH = Column("month", "text", "Month", "Such as 2026-03.", limits=MUST | {"pattern": "[0-9]{4}-[0-9]{2}"})
MICROMARKET = ref("micromarket_id", "micromarkets", "Micromarket", "Id of the micromarket.")
SEGMENTS = ["small_offices", "large_offices", "public_sector", "shops_and_cafes"]

TABLES = {
    "forecasts": Table(
        "Forecasts",
        "what one function, or both together, expected a territory to earn in a month, and what it earned",
        ("territory_id", "month", "made_by"),
        (
            ref("territory_id", "territories", "Territory", "Whose month it is."),
            MONTH,
            one_of(
                "made_by",
                "Made by",
                "sales and marketing each write a number down before they meet; joint: what six territories then agree "
                "on, from the second year on.",
                ["sales", "marketing", "joint"],
            ),
            Column("forecast_eur", "euros", "Forecast", "Expected revenue of all lines.", "EUR", POSITIVE),
            Column("actual_eur", "euros", "Actual", "Revenue that came.", "EUR", POSITIVE),
        ),
    ),
    "advertising_monthly": Table(
        "Advertising by month",
        "a territory's month of the office line: adverts and revenue",
        ("territory_id", "month"),
        (
            ref("territory_id", "territories", "Territory", "Where the adverts ran."),
            MONTH,
            Column(
                "held_out",
                "flag",
                "Held out",
                "True where adverts were paused by lot (EXP-06): the last three months, one territory of three.",
                limits=MUST,
            ),
            Column(
                "spend_eur",
                "euros",
                "Spend",
                "Adverts. The plan gives them 6 % of what the same month of the year before earned.",
                "EUR",
                POSITIVE,
            ),
            Column("revenue_eur", "euros", "Revenue", "Revenue of the office line.", "EUR", POSITIVE),
        ),
    ),
    "media_weekly": Table(
        "Media by week",
        "a micromarket's week of packaged coffee: brand advertising, offers and revenue",
        ("micromarket_id", "week"),
        (
            MICROMARKET,
            Column("week", "day", "Week", "Its Monday.", limits=MUST),
            one_of(
                "experiment_id",
                "Experiment",
                "EXP-05 where and while brand advertising was off for the test; else empty.",
                ["EXP-05"],
                required=False,
            ),
            Column("brand_eur", "euros", "Brand", "Advertising that names no offer.", "EUR", POSITIVE),
            Column("offers_eur", "euros", "Offers", "Price offers and their advertising.", "EUR", POSITIVE),
            Column("revenue_eur", "euros", "Revenue", "Revenue of packaged coffee.", "EUR", POSITIVE),
        ),
    ),
    "brand_tracker": Table(
        "Brand tracker",
        "a wave of questions to buyers in a micromarket, every 13 weeks",
        ("micromarket_id", "wave_on"),
        (
            MICROMARKET,
            Column("wave_on", "day", "Wave", "Sunday on which the wave ended.", limits=MUST),
            Column("asked", "whole", "Asked", "Buyers who answered.", "people", POSITIVE),
            Column("aware", "whole", "Aware", "Know us when they hear the name.", "people", POSITIVE),
            Column("recall", "whole", "Recall", "Remember one of our adverts.", "people", POSITIVE),
            Column(
                "rival_share_permille",
                "whole",
                "Rival's share",
                "The largest rival's share of what the trade sold, in thousandths: 214 is 21.4 %.",
                "per mille",
                POSITIVE,
            ),
        ),
    ),
    "micromarkets": Table(
        "Micromarkets",
        "a micromarket of three territories: budget, potential, and what a customer there is worth",
        ("micromarket_id",),
        (
            Column(
                "micromarket_id",
                "text",
                "Micromarket",
                "Id of the micromarket.",
                limits=MUST | {"unique": True, "pattern": "M[0-9]"},
            ),
            Column("micromarket", "text", "Name", "What people call it.", limits=MUST),
            Column("budget_eur", "euros", "Budget", "This year's marketing budget, all lines.", "EUR", POSITIVE),
            Column("sales_eur", "euros", "Sales", "Revenue of the last four full quarters, rounded.", "EUR", POSITIVE),
            Column(
                "potential_share",
                "share",
                "Potential share",
                "Share of what all micromarkets could bring.",
                "",
                POSITIVE,
            ),
            Column(
                "ceiling_eur",
                "euros",
                "Ceiling",
                "Five-year contribution that endless money would bring, estimated from past budgets.",
                "EUR",
                POSITIVE,
            ),
            Column(
                "scale_eur",
                "euros",
                "Scale",
                "Yearly budget that brings 63 % of the ceiling, estimated from past budgets.",
                "EUR",
                {"required": True, "minimum": 1},
            ),
            Column("margin_eur", "euros", "Margin", "Contribution margin of a customer a year.", "EUR", POSITIVE),
            Column("retention", "share", "Retention", "Share of customers who stay another year.", "", POSITIVE),
        ),
    ),
    "micromarket_segments": Table(
        "Micromarkets by segment",
        "a segment of a micromarket: potential, budget, and the goals that two sides set for it",
        ("micromarket_id", "segment"),
        (
            MICROMARKET,
            one_of("segment", "Segment", "Kind of buyer.", SEGMENTS),
            Column("potential_eur", "euros", "Potential", "Its part of the micromarket's ceiling.", "EUR", POSITIVE),
            Column("penetration", "share", "Penetration", "Share of its firms that buy from us.", "", POSITIVE),
            Column("budget_eur", "euros", "Budget", "Its part of the micromarket's budget.", "EUR", POSITIVE),
            Column(
                "territory_goal_eur",
                "euros",
                "Territory goal",
                "Contracts to win in 2026 as the territories' targets have it.",
                "EUR",
                POSITIVE,
            ),
            Column(
                "segment_goal_eur",
                "euros",
                "Segment goal",
                "The same contracts as the segment managers' plans have it.",
                "EUR",
                POSITIVE,
            ),
            Column(
                "account_goal_eur",
                "euros",
                "Goal from accounts",
                "The same contracts added up account by account, each account once.",
                "EUR",
                POSITIVE,
            ),
        ),
    ),
    "costs": Table(
        "Costs of winning customers",
        "a month's cost of one kind in one function, all lines",
        ("month", "function", "kind"),
        (
            MONTH,
            one_of("function", "Function", "Who spends it.", ["marketing", "sales"]),
            one_of("kind", "Kind", "What it is spent on.", ["media", "salaries", "tools", "travel"]),
            Column("eur", "euros", "Euros", "Amount.", "EUR", POSITIVE),
        ),
    ),
    "new_customers": Table(
        "New customers",
        "firms won in a month on one line: no order in the 24 months before",
        ("month", "line"),
        (
            MONTH,
            one_of("line", "Line", "Line of business.", ["office", "packaged"]),
            Column("customers", "whole", "Customers", "Firms won.", "firms", POSITIVE),
        ),
    ),
}
