"""Outlets: their facts, what they stock and order, how they are looked after; display units, machines, the market."""

from __future__ import annotations

from generator.columns.kinds import MUST, POSITIVE, Column, Table, eur, id_of, one_of, ref
from generator.outlets import facts

WHOLE = {"required": True, "minimum": 0}
QUARTER = MUST | {"pattern": "[0-9]{4}-Q[1-4]"}

TABLES = {
    "outlets": Table(
        "Outlets",
        "an outlet of the packaged line (an account with line outlet): its six facts, and what it bought",
        ("account_id",),
        (
            ref("account_id", "accounts", "Account", "Which outlet."),
            one_of("outlet_type", "Outlet type", "Fact 1.", list(facts.TYPES)),
            one_of("income_level", "Income level", "Fact 2: income of the area around.", list(facts.INCOMES)),
            one_of("clientele", "Clientele", "Fact 3: who comes most.", list(facts.CLIENTELE)),
            eur("avg_ticket_eur", "Average ticket", "Fact 4: what a visitor spends."),
            one_of("services", "Services", "Fact 5: what it offers beside goods.", list(facts.SERVICES)),
            Column("success_story", "flag", "Success story", "Fact 6: one like it nearby sells us well.", limits=MUST),
            Column(
                "fit_score",
                "whole",
                "Fit",
                "Points of the six facts; past cases do not count.",
                "points",
                WHOLE | {"maximum": 100},
            ),
            Column(
                "past_cases_month",
                "whole",
                "Past cases",
                "Cases of anything it bought a month, the year before display units were placed.",
                "cases a month",
                WHOLE,
            ),
            Column(
                "category_cases_month", "whole", "Category", "Cases of coffee of all brands.", "cases a month", WHOLE
            ),
            Column("on_route", "flag", "On the route", "True if the territory's seller calls on it.", limits=MUST),
        ),
    ),
    "outlet_products": Table(
        "Products in outlets",
        "a product of ours that an outlet stocks today",
        ("account_id", "product_id"),
        (
            ref("account_id", "outlets", "Outlet", "Which outlet."),
            ref("product_id", "products", "Product", "Which product."),
        ),
    ),
    "route_orders": Table(
        "Orders of outlets",
        "a product in a delivery to an outlet; packaged accounts have their own table, orders",
        ("delivery_id", "product_id"),
        (
            Column("delivery_id", "text", "Delivery", "One order; its lines share it.", limits=MUST),
            ref("account_id", "outlets", "Outlet", "Who ordered."),
            Column("ordered_on", "day", "Ordered on", "Day of the order.", limits=MUST),
            ref("product_id", "products", "Product", "What was ordered."),
            Column("cases", "whole", "Cases", "How many cases.", "cases", {"required": True, "minimum": 1}),
            eur("net_eur", "Net revenue", "What the outlet pays for the line, all discounts taken off."),
            eur("cost_eur", "Cost of goods", "What the goods cost us."),
        ),
    ),
    "visits": Table(
        "Visits",
        "a call of the seller on an outlet of the route, from 2025 on",
        ("account_id", "date"),
        (
            ref("account_id", "outlets", "Outlet", "Whom."),
            Column("seller_id", "text", "Seller", "Who called.", limits=MUST),
            Column("date", "day", "Date", "Day of the call.", limits=MUST),
            Column("minutes", "whole", "Minutes", "How long it took.", "minutes", WHOLE),
        ),
    ),
    "shelf_checks": Table(
        "Shelf checks",
        "a look at our places on a customer's shelf, from 2025 on",
        ("account_id", "checked_on"),
        (
            ref("account_id", "outlets", "Outlet", "Where."),
            Column("checked_on", "day", "Checked on", "Day of the look.", limits=MUST),
            Column("facings", "whole", "Places", "Places on the shelf that are ours.", "places", WHOLE),
            Column("empty", "whole", "Empty", "Places without goods.", "places", WHOLE),
        ),
    ),
    "placements": Table(
        "Display units",
        "an outlet that was drawn at random for a display unit (experiment EXP-03)",
        ("account_id",),
        (
            ref("account_id", "outlets", "Outlet", "Where."),
            Column("placed_on", "day", "Placed on", "Day the unit came.", limits=MUST),
            Column("repurchased_90d", "flag", "Bought again", "True if it ordered again within 90 days.", limits=MUST),
        ),
    ),
    "machines": Table(
        "Machines",
        "a machine of ours at an office account",
        ("machine_id",),
        (
            id_of("machine_id", "H", 4, "Machine", "Id of the machine."),
            ref("account_id", "accounts", "Account", "Where it stands or stood."),
            Column("ordered_on", "day", "Ordered on", "Day of the order.", limits=MUST),
            Column("installed_on", "day", "Installed on", "Its age counts from here.", limits=MUST),
            one_of(
                "status",
                "Status",
                "In use; scrapped with the site; failed and replaced by ours; failed and lost to another maker.",
                ["active", "scrapped", "replaced", "lost"],
            ),
            Column("ended_on", "day", "Ended on", "Day it was scrapped or failed; empty while active."),
            Column("talked_on", "day", "Talked on", "When we first spoke of replacing it; empty if we did not."),
        ),
    ),
    "market_size": Table(
        "Market size",
        "what outlets of a micromarket spent on the category in a quarter, all brands, from a panel",
        ("micromarket_id", "quarter"),
        (
            Column("micromarket_id", "text", "Micromarket", "Where.", limits=MUST),
            Column("quarter", "text", "Quarter", "Such as 2026-Q1.", limits=QUARTER),
            Column("category_eur", "euros", "Category", "Net of all brands.", "EUR", POSITIVE),
        ),
    ),
    "pay_trial": Table(
        "Pay trial",
        "a quarter of the year before, and of the year in which, the lead team was paid on marketing-qualified leads",
        ("quarter",),
        (
            Column("quarter", "text", "Quarter", "Such as 2022-Q1; before the other tables begin.", limits=QUARTER),
            one_of("paid_on", "Paid on", "What the team's variable pay hung on.", ["margin", "mql"]),
            Column("list_leads", "whole", "Leads from lists", "Leads that were bought.", "leads", WHOLE),
            Column("other_leads", "whole", "Other leads", "Leads of all other origins.", "leads", WHOLE),
            Column("mqls", "whole", "Marketing-qualified", "Leads that scored high enough.", "leads", WHOLE),
            Column("accepted", "whole", "Accepted", "Leads that sales took on.", "leads", WHOLE),
            Column("margin_eur", "euros", "Margin", "Margin of the business won, less the spend.", "EUR", POSITIVE),
        ),
    ),
}
