"""Packaged products and their orders."""

from __future__ import annotations

from generator.columns.kinds import MUST, Column, Table, eur, id_of, one_of, ref

TABLES = {
    "products": Table(
        "Products",
        "a packaged product",
        ("product_id",),
        (
            id_of("product_id", "PR", 1, "Product", "Id of the product."),
            Column("name", "text", "Name", "What it is called.", limits=MUST),
            eur("list_eur", "List price", "List price of a case today; earlier ones stand in list_prices."),
        ),
    ),
    "orders": Table(
        "Orders",
        "a line of an order; amounts are totals of the line, what comes off is written as a positive number",
        ("order_id",),
        (
            id_of("order_id", "R", 5, "Order line", "Id of the line."),
            Column("delivery_id", "text", "Delivery", "Lines of one delivery share it.", limits=MUST),
            ref("account_id", "accounts", "Account", "Who ordered."),
            Column("ordered_on", "day", "Ordered on", "Day of the order.", limits=MUST),
            ref("product_id", "products", "Product", "What was ordered."),
            Column("cases", "whole", "Cases", "How many cases.", "cases", {"required": True, "minimum": 1}),
            one_of(
                "base",
                "Base",
                "What the account's percentages are agreed on: list or invoice price.",
                ["list", "invoice"],
            ),
            eur("list_eur", "List", "Cases at list price."),
            eur("on_invoice_eur", "On-invoice discount", "Comes off on the invoice."),
            eur("volume_bonus_eur", "Volume bonus", "Comes off after the invoice."),
            eur("free_goods_eur", "Free goods", "Comes off after the invoice."),
            eur("terms_eur", "Payment terms", "Comes off after the invoice."),
            eur("freight_eur", "Freight", "Comes off after the invoice."),
            eur("marketing_support_eur", "Marketing support", "Comes off after the invoice."),
            eur("service_eur", "Service", "Comes off after the invoice."),
            eur("cost_eur", "Cost of goods", "What the goods cost us; no discount."),
        ),
    ),
}
