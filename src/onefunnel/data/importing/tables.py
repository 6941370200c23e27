"""What was taken becomes our tables: one frame a table, columns of ours, every reference with its row."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from onefunnel.data.importing.ledger import Ledger
from onefunnel.data.importing.people import (
    ALL,
    NO_ACCOUNT,
    NO_TERRITORY,
    Registry,
    first_of,
    origins,
    territories,
    territory_ids,
)
from onefunnel.data.importing.vocabulary import Vocabulary, look_up, strangers
from onefunnel.data.importing.words import fold, mapped

LARGE_SITE = 250  # people, as in the sample company


class Taken(dict[str, pd.DataFrame]):
    """Record → the rows that were taken; a record that no file holds is an empty frame with its fields."""


def build(taken: Taken, words: Vocabulary, ledger: Ledger) -> dict[str, pd.DataFrame]:
    """All tables that an export can fill. Ids that point nowhere are emptied, with a warning."""
    deals, leads, campaigns = taken["opportunities"], taken["leads"], taken["campaigns"]
    accounts = _registry("A", 5, taken["accounts"][["account_id", "name"]], deals[["account_id", "account"]],
                         leads[["account_id", "account"]], taken["contacts"][["account_id", "account"]])  # fmt: skip
    deals = deals.assign(account_id=accounts.ids(deals["account_id"], deals["account"], NO_ACCOUNT))
    leads = leads.assign(account_id=accounts.ids(leads["account_id"], leads["account"], NO_ACCOUNT))
    places = territories([deals["territory"], leads["territory"], taken["accounts"]["territory"]])
    home_of = _account_territory(taken, deals, leads, accounts)
    deals["territory_id"] = _territory(deals, home_of, places)
    leads["territory_id"] = _territory(leads, home_of, places)
    people, deals, leads = _contacts(taken["contacts"], deals, leads, accounts)
    runs = _registry("K", 3, campaigns[["campaign_id", "name"]])
    campaigns = campaigns.assign(campaign_id=runs.ids(campaigns["campaign_id"], campaigns["name"]))
    deals["campaign_id"] = _campaign(deals, runs, "opportunities", ledger)
    leads["campaign_id"] = _campaign(leads, runs, "leads", ledger)
    lost_link = (leads["opp_id"] != "") & ~leads["opp_id"].isin(deals["opp_id"])
    if lost_link.any():
        ledger.warn(f"{int(lost_link.sum())} leads name a deal that was not taken; their deal was left empty.")
    leads["opp_id"] = leads["opp_id"].mask(lost_link, "")
    return {
        "territories": pd.DataFrame({
            "territory_id": list(places.values()),
            "name": [name or (ALL if len(places) == 1 else NO_TERRITORY) for name in places],
            "micromarket_id": "M1", "micromarket": ALL, "is_demonstration": False,
        }),
        "accounts": _accounts(taken["accounts"], accounts, home_of, places),
        "contacts": people,
        "campaigns": pd.DataFrame({
            "campaign_id": campaigns["campaign_id"], "name": campaigns["name"], "origin": campaigns["origin_id"],
            "horizon": "", "started_on": campaigns["started"], "ended_on": campaigns["ended"],
            "spend_eur": campaigns["spend"],
        }),
        "leads": _leads(leads),
        "opportunities": _opportunities(deals, words, ledger),
        "stage_history": taken["stage_history"][["opp_id", "step_id", "entered_at"]],
    }  # fmt: skip


def _opportunities(deals: pd.DataFrame, words: Vocabulary, ledger: Ledger) -> pd.DataFrame:
    types = look_up(deals["type"], words.types)
    odd = strangers(deals["type"], types, words.types)
    if odd:
        ledger.warn(f"Kinds of purchase that we have no word for were left empty: {odd}.")
    return pd.DataFrame({
        "opp_id": deals["opp_id"], "account_id": deals["account_id"], "contact_id": deals["contact_id"],
        "territory_id": deals["territory_id"], "origin": origins(deals["origin"], words, ledger, sales=True),
        "campaign_id": deals["campaign_id"], "created_at": deals["created_at"], "step_id": deals["step"],
        "outcome": deals["outcome"], "closed_at": deals["closed_at"], "amount_eur": deals["amount"],
        "crm_probability": deals["chance"], "close_date_planned": deals["planned_at"], "purchase_type": types,
        "lost_reason": deals["lost_reason_id"],
    })  # fmt: skip


def _leads(leads: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({
        "lead_id": leads["lead_id"], "contact_id": leads["contact_id"], "account_id": leads["account_id"],
        "territory_id": leads["territory_id"], "campaign_id": leads["campaign_id"], "origin": leads["origin_id"],
        "origin_label": leads["origin"],
        "created_at": leads["created"], "mql_at": leads["mql"], "assigned_at": leads["assigned"],
        "accepted_at": leads["accepted"], "reject_reason": leads["reject_id"], "opp_id": leads["opp_id"],
        "fit_score": leads["score"].where(leads["score"].between(0, 100)), "intent": "",
    })  # fmt: skip


def _accounts(
    rows: pd.DataFrame, registry: Registry, home_of: Mapping[str, str], places: dict[str, str]
) -> pd.DataFrame:
    """Every account that anything names. What only an account export knows is empty for the others."""
    ids = pd.Series(list(registry.name_of), dtype=object)
    own = rows.assign(account_id=registry.ids(rows["account_id"], rows["name"])).drop_duplicates("account_id")
    own = own.set_index("account_id").reindex(ids.tolist())
    country = own["country"].astype(object).fillna("").str.strip().str.upper()
    return pd.DataFrame({
        "account_id": ids.to_numpy(),
        "name": [registry.name_of[one] or one for one in ids],
        "country": country.where(country.str.fullmatch("[A-Z]{2}"), "").to_numpy(),
        "territory_id": territory_ids(mapped(ids, home_of), places).to_numpy(),
        "micromarket_id": "M1", "segment": "", "line": "office",
        "industry": own["industry"].astype(object).fillna("").to_numpy(),
        "employees": own["employees"].to_numpy(dtype=float),
        "is_large_site": (own["employees"] >= LARGE_SITE).to_numpy(dtype=bool),
        "key_account": False,
    })  # fmt: skip


def _contacts(
    rows: pd.DataFrame, deals: pd.DataFrame, leads: pd.DataFrame, accounts: Registry
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The people, and deals and leads with their `contact_id`. One e-mail address is one person."""
    known = rows.assign(account_id=accounts.ids(rows["account_id"], rows["account"], NO_ACCOUNT))
    asked = leads[["contact_id", "name", "email", "job_title", "account_id"]]
    asked = asked.assign(contact_id=asked["contact_id"].where(asked["contact_id"] != "", "lead-" + leads["lead_id"]))
    met = deals[["contact_id", "contact", "account_id"]].rename(columns={"contact": "name"})
    by_name = "person-" + met["account_id"] + "-" + met["name"].map(fold)
    met = met.assign(
        contact_id=met["contact_id"].where((met["contact_id"] != "") | (met["name"] == ""), by_name),
        email="", job_title="",
    )  # fmt: skip
    columns = ["contact_id", "name", "email", "job_title", "account_id"]
    everyone = pd.concat([part[columns].astype(object) for part in (known, asked, met)], ignore_index=True)
    mail = everyone["email"].map(fold)
    first = first_of(mail, everyone["contact_id"])
    person = mapped(mail, first).where(mail != "", everyone["contact_id"])
    same = first_of(everyone["contact_id"], person)
    everyone["contact_id"] = mapped(everyone["contact_id"], same)
    everyone = everyone[everyone["contact_id"] != ""].drop_duplicates("contact_id")
    deals = deals.assign(contact_id=mapped(met["contact_id"], same))
    leads = leads.assign(contact_id=mapped(asked["contact_id"], same))
    table = pd.DataFrame({
        "contact_id": everyone["contact_id"], "account_id": everyone["account_id"], "name": everyone["name"],
        "email": everyone["email"], "job_title": everyone["job_title"], "buying_role": "",
        "consent": False,
    })  # fmt: skip
    return table, deals, leads


def _registry(letter: str, width: int, *sources: pd.DataFrame) -> Registry:
    registry = Registry(letter, width)
    for source in sources:
        registry.learn(source.iloc[:, 0], source.iloc[:, 1])
    return registry


def _account_territory(taken: Taken, deals: pd.DataFrame, leads: pd.DataFrame, accounts: Registry) -> dict[str, str]:
    rows = taken["accounts"]
    own = first_of(accounts.ids(rows["account_id"], rows["name"]), rows["territory"])
    return first_of(leads["account_id"], leads["territory"]) | first_of(deals["account_id"], deals["territory"]) | own


def _territory(rows: pd.DataFrame, home_of: Mapping[str, str], places: dict[str, str]) -> pd.Series:
    named = rows["territory"].where(rows["territory"] != "", mapped(rows["account_id"], home_of))
    return territory_ids(named, places)


def _campaign(rows: pd.DataFrame, runs: Registry, what: str, ledger: Ledger) -> pd.Series:
    """Campaign ids that the campaigns table has; others are emptied, and said."""
    names = rows["campaign"].map(fold)
    by_name = {fold(name): own for own, name in runs.name_of.items() if name}
    ids = rows["campaign_id"].where(rows["campaign_id"] != "", mapped(names, by_name))
    known = ids.isin(list(runs.name_of))
    loose = ((rows["campaign_id"] != "") | (rows["campaign"] != "")) & ~known
    if loose.any():
        ledger.warn(f"{int(loose.sum())} {what} name a campaign that no campaign export describes; it was left empty.")
    return ids.where(known, "").astype(object)
