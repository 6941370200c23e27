"""What each CRM calls our fields: API names and report labels, folded (letter case and blanks do not matter).

Sources: Salesforce object reference (standard fields) and its English and German report labels; HubSpot's default
deal properties; Pipedrive's export labels. The first name that a file has is taken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from onefunnel.data.importing.fields import RECORDS, fields, missing, other_tables
from onefunnel.data.importing.words import fold

Names = Mapping[str, tuple[str, ...]]

_SALESFORCE: dict[str, Names] = {
    "field_history": {
        "opp_id": ("opportunityid", "opportunity id", "opportunity-id"),
        "field": ("field", "field / event", "feld / ereignis"),
        "old": ("oldvalue", "old value", "alter wert"),
        "new": ("newvalue", "new value", "neuer wert"),
        "entered": ("createddate", "edit date", "created date", "erstelldatum", "bearbeitungsdatum"),
    },
    "members": {
        "campaign_id": ("campaignid", "campaign id", "kampagnen-id"),
        "campaign": ("campaign.name", "campaign name", "kampagnenname"),
        "lead_id": ("leadid", "lead id", "lead-id"),
        "status": ("status", "member status", "mitgliedsstatus"),
        "responded": ("hasresponded", "responded", "hat geantwortet"),
        "responded_on": ("firstrespondeddate", "member first responded date", "first responded date"),
    },
    "stage_history": {
        "opp_id": ("opportunityid", "opportunity id", "opportunity-id"),
        "name": ("opportunity.name", "opportunity name", "opportunity-name", "opportunityname"),
        "stage": ("stagename", "to stage", "in phase", "nach phase", "neue phase"),
        "entered": ("createddate", "last modified", "stage change date", "edit date", "letzte änderung",
                    "created date", "erstelldatum"),
    },
    "leads": {
        "lead_id": ("id", "lead id", "lead-id"),
        "first_name": ("firstname", "first name", "vorname"),
        "last_name": ("lastname", "last name", "nachname"),
        "name": ("name", "full name"),
        "email": ("email", "e-mail"),
        "job_title": ("title", "titel"),
        "account": ("company", "company / account", "firma", "firma/account"),
        "account_id": ("convertedaccountid", "converted account id"),
        "contact_id": ("convertedcontactid", "converted contact id"),
        "opp_id": ("convertedopportunityid", "converted opportunity id"),
        "status": ("status", "lead status", "leadstatus", "lead-status"),
        "origin": ("leadsource", "lead source", "leadquelle", "lead-quelle"),
        "created": ("createddate", "created date", "create date", "erstelldatum", "erstellt am"),
        "mql": ("mql_date__c", "mql date"),
        "assigned": ("assigned_date__c", "assigned date"),
        "accepted": ("converteddate", "converted date", "konvertierungsdatum"),
        "is_converted": ("isconverted", "converted", "konvertiert"),
        "reject_reason": ("disqualified_reason__c", "disqualified reason", "rejection reason"),
        "score": ("score__c", "lead score", "score"),
        "territory": ("territory__c", "territory", "region", "gebiet"),
    },
    "opportunities": {
        "opp_id": ("id", "opportunity id", "opportunity-id"),
        "name": ("name", "opportunity name", "opportunity-name", "opportunityname"),
        "account_id": ("accountid", "account id", "account-id"),
        "account": ("account.name", "account name", "account-name", "accountname"),
        "contact_id": ("contactid", "contact id", "primary contact id"),
        "contact": ("contact.name", "contact name", "primary contact"),
        "territory": ("territory2.name", "territory__c", "territory", "sales territory", "region", "gebiet"),
        "origin": ("leadsource", "lead source", "leadquelle", "lead-quelle"),
        "campaign_id": ("campaignid", "primary campaign source id"),
        "campaign": ("campaign.name", "primary campaign source"),
        "created": ("createddate", "created date", "erstelldatum", "erstellt am"),
        "stage": ("stagename", "stage", "phase"),
        "is_closed": ("isclosed", "closed", "geschlossen"),
        "is_won": ("iswon", "won", "gewonnen"),
        "closed": ("closedate", "close date", "schlusstermin", "abschlussdatum"),
        "amount": ("amount", "betrag", "amount (converted)"),
        "currency": ("currencyisocode", "amount currency", "opportunity currency", "betrag währung"),
        "probability": ("probability", "probability (%)", "wahrscheinlichkeit (%)"),
        "type": ("type", "typ"),
        "lost_reason": ("loss_reason__c", "loss reason", "lost reason", "closed lost reason", "verlustgrund"),
    },
    "contacts": {
        "contact_id": ("id", "contact id"),
        "account_id": ("accountid", "account id"),
        "account": ("account.name", "account name"),
        "first_name": ("firstname", "first name"),
        "last_name": ("lastname", "last name"),
        "name": ("name", "full name"),
        "email": ("email", "e-mail"),
        "job_title": ("title",),
    },
    "campaigns": {
        "campaign_id": ("id", "campaign id", "kampagnen-id"),
        "name": ("name", "campaign name", "kampagnenname"),
        "origin": ("type", "campaign type", "typ"),
        "started": ("startdate", "start date", "startdatum"),
        "ended": ("enddate", "end date", "enddatum"),
        "spend": ("actualcost", "actual cost", "actual cost in campaign", "tatsächliche kosten"),
    },
    "accounts": {
        "account_id": ("id", "account id"),
        "name": ("name", "account name"),
        "country": ("billingcountrycode", "billing country code", "billingcountry", "billing country"),
        "territory": ("territory__c", "territory", "region"),
        "industry": ("industry",),
        "employees": ("numberofemployees", "employees"),
    },
}  # fmt: skip

_HUBSPOT: dict[str, Names] = {
    "opportunities": {
        "opp_id": ("hs_object_id", "record id", "deal id", "dealid"),
        "name": ("dealname", "deal name"),
        "account_id": ("associatedcompanyid", "associated company ids (primary)", "associated company ids"),
        "account": ("associated company (primary)", "associated company", "company name"),
        "contact_id": ("associated contact ids",),
        "contact": ("associated contact",),
        "territory": ("hs_territory", "territory", "region"),
        "origin": ("hs_analytics_source", "original source type", "original traffic source", "lead source"),
        "campaign": ("hs_campaign", "campaign"),
        "created": ("createdate", "create date"),
        "stage": ("dealstage", "deal stage"),
        "is_closed": ("hs_is_closed", "is deal closed?"),
        "is_won": ("hs_is_closed_won", "is closed won", "is closed won?"),
        "closed": ("closedate", "close date"),
        "amount": ("amount", "deal amount"),
        "currency": ("deal_currency_code", "currency"),
        "probability": ("hs_deal_stage_probability", "deal probability"),
        "type": ("dealtype", "deal type"),
        "lost_reason": ("closed_lost_reason", "closed lost reason"),
    }
}

_PIPEDRIVE: dict[str, Names] = {
    "opportunities": {
        "opp_id": ("id",),
        "name": ("title",),
        "account_id": ("organization id",),
        "account": ("organization", "organisation", "organization name"),
        "contact_id": ("person id",),
        "contact": ("contact person", "person"),
        "territory": ("territory", "region"),
        "origin": ("source channel", "source origin", "source", "lead source"),
        "campaign": ("source channel id", "campaign"),
        "created": ("deal created", "add time", "created"),
        "stage": ("stage",),
        "status": ("status",),
        "closed": ("deal closed on", "close time"),
        "won_on": ("won time",),
        "lost_on": ("lost time",),
        "planned": ("expected close date",),
        "amount": ("value",),
        "currency": ("currency", "currency of value"),
        "probability": ("probability", "deal probability"),
        "type": ("deal type", "type", "label"),
        "lost_reason": ("lost reason",),
    }
}

NAMES: dict[str, dict[str, Names]] = {"salesforce": _SALESFORCE, "hubspot": _HUBSPOT, "pipedrive": _PIPEDRIVE}

_ENTERED = re.compile(r"hs_(?:v2_)?date_entered_(?P<id>.+)|date entered [\"'“„]?(?P<label>.+?)[\"'”“]?")
_PREFIX = re.compile(r"^(deal|organization|person) - ")


def recognise(kind: str, header: tuple[str, ...]) -> tuple[str, dict[str, str]] | None:
    """Which record a file holds, and the column of each field. None when it is none that this CRM exports.

    Records are tried in the order above: those with the most particular columns first.
    """
    folded = {_PREFIX.sub("", fold(name)) if kind == "pipedrive" else fold(name): name for name in reversed(header)}
    for record, names in NAMES[kind].items():
        columns = pick(names, folded)
        if not missing(record, set(columns)) and _particular(kind, record, columns):
            return record, columns
    return None


def pick(names: Names, folded: Mapping[str, str]) -> dict[str, str]:
    """The column of each field: the first of its names that the file has; a column serves one field only."""
    columns: dict[str, str] = {}
    for field, known in names.items():
        column = next((folded[name] for name in known if name in folded), None)
        if column is not None and column not in columns.values():
            columns[field] = column
    return columns


def entered_columns(header: tuple[str, ...]) -> dict[str, str]:
    """HubSpot's columns that hold the day a deal entered a stage, with the stage's name or id."""
    found = {}
    for name in header:
        hit = _ENTERED.fullmatch(fold(name))
        if hit:
            found[name] = hit["id"] or re.sub(r"\s*\([^()]*\)$", "", hit["label"]).strip("\"'”“„ ")
    return found


def guess(header: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """A first draft for an unknown file: the record whose names fit most columns, never more than a proposal."""
    folded = {_PREFIX.sub("", fold(name)): name for name in reversed(header)}
    best: tuple[str, dict[str, str]] = ("opportunities", {})
    for record in (*RECORDS, *other_tables()):
        merged: dict[str, tuple[str, ...]] = {}
        for field in fields(record):
            merged[field] = (field, field.replace("_", " "), *_EXTRA.get(field, ()))
            for kind in NAMES.values():
                merged[field] += kind.get(record, {}).get(field, ())
        columns = pick(merged, folded)
        if len(columns) > len(best[1]):
            best = (record, columns)
    return best


_EXTRA = {
    "opp_id": ("deal no", "deal no.", "deal number", "opportunity", "opportunity number", "deal"),
    "account": ("customer", "client", "kunde", "cliente", "company"),
    "created": ("opened", "opened on", "open date", "created on", "created at", "angelegt am"),
    "closed": ("closed on", "closed at", "closing date"),
    "amount": ("deal value", "value", "sum", "total", "revenue", "importe", "wert"),
    "stage": ("step", "pipeline stage", "deal step"),
    "entered": ("date", "changed on", "entered at", "entered on"),
}


def _particular(kind: str, record: str, columns: Mapping[str, str]) -> bool:
    """Some records share their columns; each has one that the others lack."""
    if kind != "salesforce":
        return True
    if record == "members":
        own = {fold(columns.get(field, "")) for field in ("campaign_id", "status")}
        return "responded" in columns or bool(own & {"campaignid", "member status", "mitgliedsstatus"})
    if record == "leads":
        return "account" in columns and bool({"status", "is_converted", "opp_id"} & set(columns))
    if record == "contacts":
        return bool({"account_id", "account"} & set(columns))
    return True
