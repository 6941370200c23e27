"""Puts everything together: table → column → values, in the kinds of `columns.py`. T00 is appended at the end."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType

import numpy as np

from generator import (
    company,
    customers,
    deal_dates,
    deal_facts,
    experiments,
    messages,
    money,
    origin_labels,
    outlets,
    plan,
    response,
    rivals,
    shelf,
    touches,
)
from generator.columns import TABLES
from generator.deals import make_deals
from generator.demo import make_demo
from generator.dice import Dice
from generator.leads import DAY, NEVER, raise_hands, repeats
from generator.orders import COMPONENTS, PRODUCTS, SHELF_PRODUCTS, make_orders
from generator.places import deal_territories, house, make_accounts, make_contacts, people_territories
from generator.world import World

# What hangs on the funnel and on the accounts, in the order of making: a later theme may use an earlier one's tables.
THEMES: tuple[ModuleType, ...] = (
    outlets,
    deal_facts,
    deal_dates,
    messages,
    rivals,
    response,
    origin_labels,
    customers,
    touches,
    shelf,
    company,
    experiments,
)

Columns = dict[str, list]


def make_tables(seed: int, truth: Mapping[str, float]) -> dict[str, Columns]:
    """Every table of the sample company. Fates first, then places, then what hangs on both."""
    people = raise_hands(seed, truth)
    deals = make_deals(seed, truth, people)
    deal_territory = deal_territories(seed, truth, deals)
    person_territory = people_territories(seed, people, deals, deal_territory)
    accounts = make_accounts(seed)
    deal_account, person_account = house(seed, accounts, deals, deal_territory, person_territory)
    campaigns = money.make_campaigns(1 + truth["pt01_growth"])
    own = np.flatnonzero(deals["person"] < 0)
    shops = np.flatnonzero(accounts["line"] == "packaged")
    contacts = make_contacts(seed, accounts, np.concatenate([person_account, deal_account[own], shops]))
    opp_id = np.array([f"O{number:04d}" for number in range(1, len(deals["created"]) + 1)], dtype=object)
    leads = _leads(seed, truth, people, deals, opp_id, contacts, campaigns, person_territory)
    contact = np.empty(len(opp_id), dtype=object)
    from_lead = deals["person"] >= 0
    contact[from_lead] = contacts["contact_id"][deals["person"][from_lead]]
    contact[own] = contacts["contact_id"][len(person_account) : len(person_account) + len(own)]
    opportunities = _opportunities(seed, deals, opp_id, accounts["account_id"][deal_account], contact, deal_territory)
    opportunities["campaign_id"] = _campaigns_of_deals(leads, opp_id)
    made = {
        "territories": _territories(),
        "accounts": accounts,
        "contacts": contacts,
        "campaigns": campaigns,
        "leads": leads,
        "opportunities": opportunities,
        "stage_history": _stage_history(deals, opportunities),
        "trial_slots": money.make_slots(seed, deals, deal_territory, opp_id, truth["pt18_slots"]),
        "products": _products(),
        "orders": _orders(make_orders(seed, truth, accounts), accounts),
        "targets": money.make_targets(seed, truth["pt18_trials"]),
        "profit_and_loss": money.make_profit_and_loss(truth["pt26_operating_margin"]),
    }
    world = World(seed, truth, people, deals, made)
    for theme in THEMES:
        made.update(theme.add(world))
    demo = make_demo()
    return {
        name: {column.name: [*_plain(made[name][column.name]), *demo[name][column.name]] for column in table.columns}
        for name, table in TABLES.items()
    }


def _plain(values: np.ndarray | list) -> list:
    """Plain Python values; NEVER becomes None."""
    plain = values.tolist() if isinstance(values, np.ndarray) else list(values)
    never = int(NEVER)  # numpy's own whole numbers compare slowly with text
    return [None if value == never else value for value in plain]


def _territories() -> Columns:
    number = range(len(plan.TERRITORIES))
    return {
        "territory_id": list(plan.TERRITORIES),
        "name": [f"{plan.MICROMARKETS[i // 3]} {('North', 'Centre', 'South')[i % 3]}" for i in number],
        "micromarket_id": [f"M{i // 3 + 1}" for i in number],
        "micromarket": [plan.MICROMARKETS[i // 3] for i in number],
        "is_demonstration": [False for _ in number],
    }


def _leads(
    seed: int,
    truth: Mapping[str, float],
    people: Mapping[str, np.ndarray],
    deals: Mapping[str, np.ndarray],
    opp_id: np.ndarray,
    contacts: Mapping[str, np.ndarray],
    campaigns: Mapping[str, np.ndarray],
    territory: np.ndarray,
) -> dict[str, np.ndarray]:
    """Rows of `leads`: first hands and repeats together, by time. What sales does with them: `response`."""
    again = repeats(seed, people, truth["pt01_repeats"])
    n, more = len(people["created_at"]), len(again["who"])
    who = np.concatenate([np.arange(n), again["who"]])
    opp = np.full(n, "", dtype=object)
    from_lead = deals["person"] >= 0
    opp[deals["person"][from_lead]] = opp_id[from_lead]
    never = np.full(more, NEVER)
    created = np.concatenate([people["created_at"], again["created_at"]])
    table = {
        "contact_id": contacts["contact_id"][who],
        "account_id": contacts["account_id"][who],
        "territory_id": territory[who],
        "campaign_id": money.campaign_of(seed, "campaign_of", campaigns, people["origin"][who], created // DAY),
        "origin": people["origin"][who],
        "created_at": created,
        "mql_at": np.concatenate([people["mql_at"], again["mql_at"]]),
        "assigned_at": np.concatenate([people["assigned_at"], again["assigned_at"]]),
        "accepted_at": np.concatenate([people["accepted_at"], never]),
        "opp_id": np.concatenate([opp, np.full(more, "", dtype=object)]),
    }
    order = np.lexsort((np.arange(n + more), created))
    table = {name: values[order] for name, values in table.items()}
    return {"lead_id": np.array([f"L{number:05d}" for number in range(1, n + more + 1)], dtype=object)} | table


def _opportunities(
    seed: int,
    deals: Mapping[str, np.ndarray],
    opp_id: np.ndarray,
    account_id: np.ndarray,
    contact_id: np.ndarray,
    territory: np.ndarray,
) -> dict[str, np.ndarray]:
    dice = Dice(seed, "opportunity_rows")
    n = len(opp_id)
    is_open = deals["open"]
    won = (deals["reached"] == len(plan.STEPS) - 1) & ~is_open
    lost = ~is_open & ~won
    silent = dice.choose(lost * 1.0, round(plan.NO_DECISION_SHARE * int(lost.sum())), deals["reached"])
    outcome = np.where(is_open, "open", np.where(won, "won", np.where(silent, "no_decision", "lost"))).astype(object)
    reason = np.full(n, "", dtype=object)
    reason[silent] = "no_decision"
    named = lost & ~silent
    reason[named] = dice.pick(list(plan.LOST_REASONS), int(named.sum()), list(plan.LOST_REASONS.values()))
    step = np.array(plan.STEPS, dtype=object)[deals["stands"]]
    probability = np.array([plan.CRM_PROBABILITY.get(name, 1.0) for name in step])
    return {
        "opp_id": opp_id,
        "account_id": account_id,
        "contact_id": contact_id,
        "territory_id": territory,
        "origin": deals["origin"],
        "created_at": deals["created"],
        "step_id": step,
        "outcome": outcome,
        "closed_at": np.where(is_open, NEVER, deals["closed"]),
        "amount_eur": deals["amount"],
        "crm_probability": np.where(is_open, probability, np.where(won, 1.0, 0.0)),
        "lost_reason": reason,
    }


def _campaigns_of_deals(leads: Mapping[str, np.ndarray], opp_id: np.ndarray) -> np.ndarray:
    known = dict(zip(leads["opp_id"], leads["campaign_id"], strict=True))
    return np.array([known.get(opp, "") for opp in opp_id], dtype=object)


def _stage_history(deals: Mapping[str, np.ndarray], opportunities: Mapping[str, np.ndarray]) -> Columns:
    """Entered steps of each deal in order of time, then its closing row if it was lost."""
    rows: Columns = {"opp_id": [], "step_id": [], "entered_at": []}
    closing = ("lost", "no_decision")
    for opp, entered, outcome, closed in zip(
        opportunities["opp_id"], deals["entered"], opportunities["outcome"], deals["closed"], strict=True
    ):
        steps = [(day, step) for day, step in zip(entered.tolist(), plan.STEPS, strict=True) if day < plan.AS_OF_DAY]
        steps += [(int(closed), outcome)] if outcome in closing else []
        for day, step in steps:
            rows["opp_id"].append(opp)
            rows["step_id"].append(step)
            rows["entered_at"].append(day)
    return rows


def _products() -> Columns:
    products = PRODUCTS | SHELF_PRODUCTS
    return {
        "product_id": list(products),
        "name": [name for name, _ in products.values()],
        "list_eur": [cents for _, cents in products.values()],
    }


def _orders(order: Mapping[str, np.ndarray], accounts: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    n = len(order["cases"])
    table = {
        "order_id": np.array([f"R{number:05d}" for number in range(1, n + 1)], dtype=object),
        "delivery_id": np.array([f"D{number + 1:05d}" for number in order["delivery"]], dtype=object),
        "account_id": accounts["account_id"][order["account"]],
        "ordered_on": order["day"],
        "product_id": np.array(list(PRODUCTS), dtype=object)[order["product"]],
        "cases": order["cases"],
        "base": order["base"],
        "list_eur": order["list"],
        "cost_eur": order["cost"],
    }
    return table | {f"{name}_eur": order[name] for name in COMPONENTS}
