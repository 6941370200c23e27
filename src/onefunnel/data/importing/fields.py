"""What can be read from an export: the fields of each kind of record, their types, and what must be there.

A *record* is one kind of row (an opportunity, a stage change …). Its fields are our own words; `names.py` says what
each CRM calls them, a mapping file says it for anything else. Every other table of ours is a record too, with its own
columns as fields; the sample's `datapackage.json` says what they are.
"""

from __future__ import annotations

from functools import cache

from onefunnel.data.schema import TableSchema, read_package
from onefunnel.home import home

TEXT, DATE, MONEY, SHARE, FLAG = "text", "date", "money", "share", "flag"

RECORDS: dict[str, dict[str, str]] = {
    "opportunities": {
        "opp_id": TEXT, "name": TEXT, "account_id": TEXT, "account": TEXT, "contact_id": TEXT, "contact": TEXT,
        "territory": TEXT, "origin": TEXT, "campaign_id": TEXT, "campaign": TEXT, "created": DATE, "stage": TEXT,
        "status": TEXT, "is_closed": FLAG, "is_won": FLAG, "closed": DATE, "won_on": DATE, "lost_on": DATE,
        "planned": DATE, "amount": MONEY, "currency": TEXT, "probability": SHARE, "type": TEXT, "lost_reason": TEXT,
    },
    "stage_history": {"opp_id": TEXT, "name": TEXT, "stage": TEXT, "entered": DATE},
    "leads": {
        "lead_id": TEXT, "first_name": TEXT, "last_name": TEXT, "name": TEXT, "email": TEXT, "job_title": TEXT,
        "account": TEXT, "account_id": TEXT, "contact_id": TEXT, "opp_id": TEXT, "status": TEXT, "origin": TEXT,
        "campaign_id": TEXT, "campaign": TEXT, "created": DATE, "mql": DATE, "assigned": DATE, "accepted": DATE,
        "is_converted": FLAG, "reject_reason": TEXT, "score": SHARE, "territory": TEXT,
    },
    "campaigns": {
        "campaign_id": TEXT, "name": TEXT, "origin": TEXT, "started": DATE, "ended": DATE, "spend": MONEY,
    },
    "field_history": {"opp_id": TEXT, "field": TEXT, "old": TEXT, "new": TEXT, "entered": DATE},
    "members": {
        "campaign_id": TEXT, "campaign": TEXT, "lead_id": TEXT, "status": TEXT, "responded": FLAG,
        "responded_on": DATE,
    },
    "accounts": {
        "account_id": TEXT, "name": TEXT, "country": TEXT, "territory": TEXT, "industry": TEXT, "employees": SHARE,
    },
    "contacts": {
        "contact_id": TEXT, "account_id": TEXT, "account": TEXT, "first_name": TEXT, "last_name": TEXT, "name": TEXT,
        "email": TEXT, "job_title": TEXT,
    },
}  # fmt: skip

#: Of each group one field at least must be in the file.
NEEDED: dict[str, tuple[tuple[str, ...], ...]] = {
    "opportunities": (("opp_id", "name"), ("stage",), ("created",)),
    "stage_history": (("opp_id", "name"), ("stage",), ("entered",)),
    "field_history": (("opp_id",), ("field",), ("old",), ("new",), ("entered",)),
    "leads": (("created",), ("lead_id", "email", "name", "last_name")),
    "campaigns": (("campaign_id", "name"), ("started", "spend")),
    "members": (("campaign_id", "campaign"), ("lead_id",)),
    "accounts": (("account_id", "name"), ("industry", "employees", "country", "territory")),
    "contacts": (("contact_id", "email"), ("last_name", "name", "email")),
}


_KINDS = {"string": TEXT, "date": DATE, "datetime": DATE, "number": SHARE, "integer": SHARE, "boolean": FLAG}


@cache
def model() -> dict[str, TableSchema]:
    """Our tables by name, as the sample describes them."""
    return {table.name: table for table in read_package(home().datasets).tables}


@cache
def other_tables() -> tuple[str, ...]:
    """The tables that no CRM record fills; a mapping can name each as a record."""
    return tuple(name for name in model() if name not in RECORDS and name != "territories")


def fields(record: str) -> dict[str, str]:
    """The fields of a record with their kinds."""
    if record in RECORDS:
        return RECORDS[record]
    return {field.name: _KINDS[field.type] for field in model()[record].fields}


def needed(record: str) -> tuple[tuple[str, ...], ...]:
    """Of each group one field at least must be in the file; of our own tables, the key."""
    return NEEDED[record] if record in RECORDS else tuple((column,) for column in model()[record].primary_key)


def missing(record: str, given: set[str]) -> list[str]:
    """The needed groups that none of the given fields satisfies, as words."""
    return [" or ".join(group) for group in needed(record) if not given & set(group)]
