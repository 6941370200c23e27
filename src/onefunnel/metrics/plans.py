"""Plans: an amount for each of several places (`{"north": 30_000, "south": 20_000}`), and what they bring.

The response of a place to its money is that of `onefunnel.metrics.budget`: ceiling × (1 − e^(−amount ÷ scale)).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from onefunnel.metrics import budget

Plan = Mapping[str, float]


def brings(plan: Plan, ceiling_eur: Mapping[str, float], scale_eur: Mapping[str, float]) -> float:
    """What the plan brings in all places together, EUR. KeyError when a place has no ceiling or scale."""
    places = list(plan)
    amounts, ceilings, scales = ([table[place] for place in places] for table in (plan, ceiling_eur, scale_eur))
    return float(budget.response(amounts, ceilings, scales).sum())


def best(
    total_eur: float,
    ceiling_eur: Mapping[str, float],
    scale_eur: Mapping[str, float],
    lowest_eur: Mapping[str, float] | None = None,
    highest_eur: Mapping[str, float] | None = None,
) -> dict[str, float]:
    """The plan of that total that brings most. A place without a bound may get from 0 to everything."""
    places = list(ceiling_eur)
    amounts = budget.best_allocation(
        total_eur,
        [ceiling_eur[place] for place in places],
        [scale_eur[place] for place in places],
        [(lowest_eur or {}).get(place, 0.0) for place in places],
        [(highest_eur or {}).get(place, total_eur) for place in places],
    )
    return dict(zip(places, map(float, amounts), strict=True))


def gives_nothing_to(plan: Plan, places: Sequence[str]) -> bool:
    """Whether every one of these places gets nothing."""
    return all(plan[place] <= 0 for place in places)


def all_in_one(plan: Plan, share: float = 0.8) -> bool:
    """Whether one place gets at least that share of everything."""
    total = sum(plan.values())
    return total > 0 and max(plan.values()) >= share * total


def apart(plan: Plan, other: Plan) -> float:
    """Which share of the money stands elsewhere in the other plan, 0 to 1: half the summed differences ÷ the total."""
    total = sum(plan.values())
    places = {*plan, *other}
    return sum(abs(plan.get(place, 0.0) - other.get(place, 0.0)) for place in places) / 2 / total if total else 0.0
