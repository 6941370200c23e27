"""What can be read from an export: the fields of each kind of record, their types, and what must be there.

A *record* is one kind of row (an opportunity, a stage change …). Its fields are our own words; `names.py` says what
each CRM calls them, a mapping file says it for anything else.
"""

from __future__ import annotations

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
    "leads": (("created",), ("lead_id", "email", "name", "last_name")),
    "campaigns": (("campaign_id", "name"), ("started", "spend")),
    "members": (("campaign_id", "campaign"), ("lead_id",)),
    "accounts": (("account_id", "name"), ("industry", "employees", "country", "territory")),
    "contacts": (("contact_id", "email"), ("last_name", "name", "email")),
}


def missing(record: str, fields: set[str]) -> list[str]:
    """The needed groups that none of the fields satisfies, as words."""
    return [" or ".join(group) for group in NEEDED[record] if not fields & set(group)]
