"""Money for demand creation: the two amounts behind a return, and what a plan over several origins brings.

A plan is `{"email": 10_000, …}`. An origin takes in only so much a year (`room_eur`): there are no more addresses, no
more fairs. Up to there a euro returns what the origin's incremental return says; beyond, it brings nothing. That is the
simplest shape in which the average return and the return of the next euro differ.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import pandas as pd

from onefunnel.metrics import demand
from onefunnel.metrics import origin as by_origin
from onefunnel.metrics.origin import MATURITY_DAYS
from onefunnel.metrics.ratio import share

Plan = Mapping[str, float]


def revenue_eur(
    leads: pd.DataFrame,
    opportunities: pd.DataFrame,
    campaigns: pd.DataFrame,
    as_of: pd.Timestamp,
    origin: str | None = None,
) -> float:
    """Revenue won by one origin, or by all with the unknown one (None), EUR; cohort of `origin.return_by_origin`."""
    return by_origin.revenue_and_spend(leads, opportunities, campaigns, as_of, 1.0, origin)[0]


def spend_eur(
    leads: pd.DataFrame,
    opportunities: pd.DataFrame,
    campaigns: pd.DataFrame,
    as_of: pd.Timestamp,
    origin: str | None = None,
) -> float:
    """What the campaigns of one origin, or of all (None), cost until the cohort ended, EUR."""
    return by_origin.revenue_and_spend(leads, opportunities, campaigns, as_of, 1.0, origin)[1]


def people(leads: pd.DataFrame, as_of: pd.Timestamp, origin: str, maturity_days: float = MATURITY_DAYS) -> int:
    """Lead rows of one origin that are old enough."""
    old = leads["created_at"] <= as_of - maturity_days * demand.DAY
    return int((old & (leads["origin"] == origin)).sum())


def halves_the_return(
    leads: pd.DataFrame,
    opportunities: pd.DataFrame,
    campaigns: pd.DataFrame,
    experiments: pd.DataFrame,
    as_of: pd.Timestamp,
    margin: float,
    origin: str,
) -> float:
    """Misread for `demand.incremental_return`: the return times the share. The spend is halved along with the sales."""
    plain = by_origin.origin_return(leads, opportunities, campaigns, as_of, margin, origin)
    return plain * demand.holdout_share(experiments, origin)


def brings(
    leads: pd.DataFrame,
    opportunities: pd.DataFrame,
    campaigns: pd.DataFrame,
    experiments: pd.DataFrame,
    as_of: pd.Timestamp,
    plan: Plan,
    margin: float,
    room_eur: Mapping[str, float],
) -> float:
    """Margin that the plan brings beyond its cost, EUR: Σ min(amount, room) × (1 + incremental return) − amount.

    NaN when an origin of the plan has no known return.
    """
    returns = incremental_returns(leads, opportunities, campaigns, experiments, as_of, margin, room_eur)
    return left_over(plan, returns, room_eur)


def best(
    leads: pd.DataFrame,
    opportunities: pd.DataFrame,
    campaigns: pd.DataFrame,
    experiments: pd.DataFrame,
    as_of: pd.Timestamp,
    total_eur: float,
    margin: float,
    room_eur: Mapping[str, float],
) -> dict[str, float]:
    """The plan of that total that brings most: the best return first, each filled to its room.

    ValueError when the rooms together are smaller than the total, or when nobody knows what an origin returns.
    """
    returns = incremental_returns(leads, opportunities, campaigns, experiments, as_of, margin, room_eur)
    return best_first(total_eur, returns, room_eur)


def left_over(plan: Plan, returns: Mapping[str, float], room_eur: Mapping[str, float]) -> float:
    """Σ min(amount, room) × (1 + return) − amount, EUR. KeyError when a place of the plan has no return or room."""
    return float(sum(min(amount, room_eur[name]) * (1 + returns[name]) - amount for name, amount in plan.items()))


def best_first(total_eur: float, returns: Mapping[str, float], room_eur: Mapping[str, float]) -> dict[str, float]:
    """The plan of that total with the largest `left_over`: the best return first, each place filled to its room.

    ValueError when the rooms together are smaller than the total, or when nobody knows what a place returns.
    """
    if sum(room_eur.values()) < total_eur:
        raise ValueError(f"the origins have room for less than {total_eur:,.0f} EUR. Widen a room.")
    if unknown := [name for name, found in returns.items() if math.isnan(found)]:
        raise ValueError(
            f"nothing was spent on {', '.join(unknown)}, or nobody was held out, so no return is known. Leave it out."
        )
    plan, left = {}, total_eur
    for name in sorted(returns, key=lambda name: -returns[name]):
        plan[name] = min(left, room_eur[name])
        left -= plan[name]
    return {name: plan[name] for name in room_eur}


def over_the_brim(plan: Plan, room_eur: Mapping[str, float]) -> bool:
    """Whether an origin gets more than it can take in: the average return was taken for that of the next euro."""
    return any(amount > room_eur[name] for name, amount in plan.items())


def follows_leads(leads: pd.DataFrame, as_of: pd.Timestamp, plan: Plan, share: float = 0.5) -> bool:
    """Whether at least `share` of the money goes to the origin of the plan with the most leads."""
    most = max(plan, key=lambda name: people(leads, as_of, name))
    total = sum(plan.values())
    return total > 0 and plan[most] >= share * total


def incremental_returns(
    leads: pd.DataFrame,
    opportunities: pd.DataFrame,
    campaigns: pd.DataFrame,
    experiments: pd.DataFrame,
    as_of: pd.Timestamp,
    margin: float,
    origins: Iterable[str],
) -> dict[str, float]:
    """`demand.incremental_return` of several origins at once; NaN where nothing was spent or nobody was held out."""
    names = list(origins)
    table = by_origin.return_by_origin(leads, opportunities, campaigns, as_of, margin).reindex(names)
    shares = {name: demand.holdout_share(experiments, name) for name in names}
    return {
        name: share(found * table.at[name, "revenue_eur"] * margin, table.at[name, "spend_eur"]) - 1
        for name, found in shares.items()
    }
