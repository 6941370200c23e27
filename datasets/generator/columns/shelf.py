"""Shops with a scanner, premium doors, and answers about a price."""

from __future__ import annotations

from generator.columns.kinds import MUST, POSITIVE, Column, Table, eur, id_of, one_of, ref

PRICE_A_MONTH = {"required": True, "minimum": 1}

TABLES = {
    "list_prices": Table(
        "List prices",
        "a product's list price from a day on; it holds until the product's next row",
        ("product_id", "valid_from"),
        (
            ref("product_id", "products", "Product", "Whose price it is."),
            Column("valid_from", "day", "Valid from", "First day of this price.", limits=MUST),
            eur("list_eur", "List price", "List price of a case."),
        ),
    ),
    "sellout_weekly": Table(
        "Sell-out by week",
        "a shop with a scanner, a product and a week; units are single packs",
        ("account_id", "product_id", "week"),
        (
            ref("account_id", "accounts", "Shop", "The shop; its line is shop."),
            ref("product_id", "products", "Product", "What was sold."),
            Column("week", "day", "Week", "Monday of the week.", limits=MUST),
            Column("units", "whole", "Sell-out", "Packs that consumers bought.", "packs", POSITIVE),
            eur("price_eur", "Shelf price", "What consumers paid for a pack."),
            Column(
                "promotion", "flag", "Promotion", "True if the price was cut and the cut was announced.", limits=MUST
            ),
            Column("display", "flag", "Display", "True if the pack stood on a second place in the shop.", limits=MUST),
            Column(
                "oos",
                "flag",
                "Empty shelf",
                "True if the shelf was empty for a day or more; there may be stock in the back room. Units of such a "
                "week show the shelf, not the demand.",
                limits=MUST,
            ),
            Column("stock_units", "whole", "Stock", "Packs in the shop at the end of the week.", "packs", POSITIVE),
            Column(
                "received_units",
                "whole",
                "Sell-in",
                "Packs we delivered in the week, in cases of 12.",
                "packs",
                POSITIVE,
            ),
        ),
    ),
    "shipments": Table(
        "Shipments",
        "machines of one model that went to a premium door on one day",
        ("shipment_id",),
        (
            id_of("shipment_id", "SH", 5, "Shipment", "Id of the shipment."),
            ref("account_id", "accounts", "Door", "The door; its line is door."),
            one_of("model", "Model", "Which machine.", ["Altamar Uno", "Altamar Duo"]),
            Column("sold_in_on", "day", "Sold in on", "Day of the delivery.", limits=MUST),
            Column("units", "whole", "Units", "How many machines.", "machines", {"required": True, "minimum": 1}),
            eur("value_eur", "Value", "Invoiced to the door."),
        ),
    ),
    "returns": Table(
        "Returns",
        "machines of one shipment that came back on one day",
        ("return_id",),
        (
            id_of("return_id", "RT", 5, "Return", "Id of the return."),
            ref("shipment_id", "shipments", "Shipment", "The shipment they came from."),
            ref("account_id", "accounts", "Door", "The door that sent them back."),
            Column("sold_in_on", "day", "Sold in on", "Day on which they had been delivered.", limits=MUST),
            Column("returned_on", "day", "Returned on", "Day on which they came back.", limits=MUST),
            Column("units", "whole", "Units", "How many machines.", "machines", {"required": True, "minimum": 1}),
            eur("value_eur", "Credit", "Credited to the door: what it had been invoiced."),
        ),
    ),
    "price_survey": Table(
        "Price survey",
        "one person's four answers about the rental of a machine (van Westendorp); a few mixed up cheap and expensive",
        ("respondent_id",),
        (
            id_of("respondent_id", "V", 4, "Respondent", "Id of the person asked; nobody at our accounts."),
            ref("territory_id", "territories", "Territory", "Where the person works."),
            Column(
                "too_cheap",
                "euros",
                "Too cheap",
                "Rental a month so cheap that it cannot be good.",
                "EUR",
                PRICE_A_MONTH,
            ),
            Column("cheap", "euros", "Cheap", "Rental a month that is a bargain.", "EUR", PRICE_A_MONTH),
            Column(
                "expensive",
                "euros",
                "Expensive",
                "Rental a month that is dear, but worth a thought.",
                "EUR",
                PRICE_A_MONTH,
            ),
            Column(
                "too_expensive",
                "euros",
                "Too expensive",
                "Rental a month that is out of the question.",
                "EUR",
                PRICE_A_MONTH,
            ),
        ),
    ),
    "price_steps": Table(
        "Price steps",
        "one person's answer to one price (Gabor and Granger); prices were asked from below until the first no",
        ("respondent_id", "price_eur"),
        (
            ref("respondent_id", "price_survey", "Respondent", "Who answered."),
            ref("territory_id", "territories", "Territory", "Where the person works."),
            Column("price_eur", "euros", "Price", "Rental a month asked about.", "EUR", PRICE_A_MONTH),
            Column("would_buy", "flag", "Would rent", "True if the person said yes at this price.", limits=MUST),
        ),
    ),
    "price_test": Table(
        "Price test",
        "visitors of the web shop in a territory who were shown one price, drawn at random, and what they did",
        ("territory_id", "price_eur"),
        (
            ref("territory_id", "territories", "Territory", "Where the visitors work."),
            Column("price_eur", "euros", "Price", "Rental a month shown.", "EUR", PRICE_A_MONTH),
            Column("shown", "whole", "Shown", "How many saw this price.", "people", {"required": True, "minimum": 1}),
            Column("rented", "whole", "Rented", "How many of them rented.", "people", POSITIVE),
        ),
    ),
}
