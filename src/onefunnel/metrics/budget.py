"""Money over time and over places: how long an effect lasts, what the next euro brings, and where it should go.

Everything takes numbers or arrays of one length. The last two read the table
`micromarkets` (`micromarket`, `budget_eur`, `ceiling_eur`, `scale_eur`). The response of a place to its spend is

    response = ceiling × (1 − e^(−spend ÷ scale))

`ceiling` is what endless money would bring (EUR), `scale` the spend (EUR) that brings 63 % of it. With a budget B, a
potential share p and a slope k, as in "1 − e^(−k·spend ÷ (p·B))", scale = p·B ÷ k and the ceiling goes with p.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

#: Carry-over below this share of the first week's effect is left out of the sum: it is below rounding.
_NEGLIGIBLE = 1e-17


def adstock(spend_eur: ArrayLike, carry_over: float) -> np.ndarray:
    """Pressure that is felt in each period: this one's spend + carry-over × last one's pressure. In EUR.

    a(t) = x(t) + c·a(t−1), with nothing before the first period. `carry_over` c is the share of the effect that is
    *left* after a period (0.93 a week for brand), not the share that is lost. ValueError unless 0 ≤ c < 1.
    Source: Broadbent, "One Way TV Advertisements Work", Journal of the Market Research Society 21 (1979).
    """
    _check_carry_over(carry_over)
    spend = np.asarray(spend_eur, dtype=float)
    if not len(spend) or carry_over == 0:
        return spend.copy()
    reach = min(len(spend), math.ceil(math.log(_NEGLIGIBLE) / math.log(carry_over)) + 1)
    return np.convolve(spend, carry_over ** np.arange(reach))[: len(spend)]


def half_life(carry_over: float) -> float:
    """Periods until half of an effect is left: ln 0.5 ÷ ln carry-over. 0.75 is 2.4 weeks, 0.93 is 9.6 weeks.

    0 when nothing is carried over. ValueError unless 0 ≤ carry-over < 1 (at 1 an effect never fades).
    """
    _check_carry_over(carry_over)
    return math.log(0.5) / math.log(carry_over) if carry_over > 0 else 0.0


def share_left(at: float, carry_over: float) -> float:
    """Share of an effect that is left after `at` periods, a fraction: carry-over to the power of `at`.

    0.93 a week leaves 0.39 after 13 weeks. ValueError unless 0 ≤ carry-over < 1.
    """
    _check_carry_over(carry_over)
    return float(carry_over**at)


def carry_over_of(half_life_periods: float) -> float:
    """The carry-over with that half-life: 0.5^(1 ÷ periods). ValueError unless the half-life is above 0."""
    if not half_life_periods > 0:
        raise ValueError(f"a half-life of {half_life_periods} periods is none. Use a number above 0.")
    return 0.5 ** (1.0 / half_life_periods)


def response(spend_eur: ArrayLike, ceiling_eur: ArrayLike, scale_eur: ArrayLike) -> np.ndarray:
    """What the spend brings, EUR: ceiling × (1 − e^(−spend ÷ scale)), one a place. Before the spend is taken off."""
    spend, ceiling, scale = _places(spend_eur, ceiling_eur, scale_eur)
    return ceiling * -np.expm1(-spend / scale)


def marginal_return(spend_eur: ArrayLike, ceiling_eur: ArrayLike, scale_eur: ArrayLike) -> np.ndarray:
    """What the **next** euro brings, EUR a euro: ceiling ÷ scale × e^(−spend ÷ scale), the slope of `response`.

    Always below the average (response ÷ spend) once money is spent: deciding by the average sends too much to places
    that have had enough.
    """
    spend, ceiling, scale = _places(spend_eur, ceiling_eur, scale_eur)
    return ceiling / scale * np.exp(-spend / scale)


def best_allocation(
    total_eur: float, ceiling_eur: ArrayLike, scale_eur: ArrayLike, lowest_eur: ArrayLike, highest_eur: ArrayLike
) -> np.ndarray:
    """The split of `total_eur` with the largest summed response within each place's bounds; EUR, adds to the total.

    At the best split the next euro brings the same everywhere that is at no bound: spend = scale × ln(ceiling ÷
    (scale × μ)), cut at the bounds; μ, the common return of the next euro, is found by halving. Greedy in small steps
    comes to the same. ValueError when the bounds cannot hold the total.
    """
    _, ceiling, scale = _places(0.0, ceiling_eur, scale_eur)
    lowest = np.broadcast_to(np.asarray(lowest_eur, dtype=float), ceiling.shape)
    highest = np.broadcast_to(np.asarray(highest_eur, dtype=float), ceiling.shape)
    if (lowest > highest).any() or (lowest < 0).any():
        raise ValueError("a place's lowest spend must be 0 or more and no more than its highest.")
    slack = 1e-9 * max(abs(total_eur), 1.0)
    if not lowest.sum() - slack <= total_eur <= highest.sum() + slack:
        raise ValueError(
            f"{total_eur:,.0f} does not fit: the bounds hold {lowest.sum():,.0f} to {highest.sum():,.0f}. Widen them."
        )
    first = np.log(np.where(ceiling > 0, ceiling, np.nan) / scale)  # log of the first euro's return

    def spend_at(log_return: float) -> np.ndarray:
        wanted = np.where(ceiling > 0, scale * (first - log_return), 0.0)
        return np.clip(wanted, lowest, highest)

    most = np.where(np.isfinite(highest), highest, total_eur)
    low = float(np.nanmin(np.append(first - most / scale, 0.0))) - 1.0  # every place wants its highest
    high = float(np.nanmax(np.append(first, 0.0))) + 1.0  # no place wants more than its lowest
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if spend_at(middle).sum() > total_eur else (low, middle)
    split = spend_at(high)
    # Places without any response are filled last: their money brings nothing anywhere else either.
    missing = total_eur - split.sum()
    room = np.maximum(highest - split, 0.0) if missing > 0 else np.maximum(split - lowest, 0.0)
    before = np.cumsum(room) - room
    return split + np.sign(missing) * np.clip(abs(missing) - before, 0.0, room)


def regret(
    plan_eur: ArrayLike,
    ceiling_eur: ArrayLike,
    scale_eur: ArrayLike,
    lowest_eur: ArrayLike,
    highest_eur: ArrayLike,
) -> float:
    """What a plan leaves on the table, EUR: response of the best split of the same money − response of the plan."""
    plan = np.asarray(plan_eur, dtype=float)
    best = best_allocation(plan.sum(), ceiling_eur, scale_eur, lowest_eur, highest_eur)
    return float(response(best, ceiling_eur, scale_eur).sum() - response(plan, ceiling_eur, scale_eur).sum())


def gain_captured(
    plan_eur: ArrayLike,
    today_eur: ArrayLike,
    ceiling_eur: ArrayLike,
    scale_eur: ArrayLike,
    lowest_eur: ArrayLike,
    highest_eur: ArrayLike,
) -> float:
    """(plan − today) ÷ (best − today), in summed response; a fraction: 1 is the best split, 0 is doing nothing.

    Below 0 when the plan is worse than today. NaN when today is already the best. ValueError when the plan spends
    another total than today: then it is not a question of the split.
    """
    plan, today = np.asarray(plan_eur, dtype=float), np.asarray(today_eur, dtype=float)
    if not math.isclose(plan.sum(), today.sum(), rel_tol=1e-9, abs_tol=0.01):
        raise ValueError(f"the plan spends {plan.sum():,.2f} and today {today.sum():,.2f}. Split the same total.")
    best = best_allocation(today.sum(), ceiling_eur, scale_eur, lowest_eur, highest_eur)
    now, planned, most = (float(response(way, ceiling_eur, scale_eur).sum()) for way in (today, plan, best))
    return (planned - now) / (most - now) if most - now > 1e-9 * max(abs(now), 1.0) else float("nan")


def next_euro_return(micromarkets: pd.DataFrame, micromarket: str) -> float:
    """`marginal_return` of one micromarket at today's budget: EUR of contribution for the next euro, a ratio.

    Above 1 the euro comes back with something on top. ValueError when there is no such micromarket.
    """
    place = one_micromarket(micromarkets, micromarket)
    return float(marginal_return(place["budget_eur"], place["ceiling_eur"], place["scale_eur"]))


def budget_gain(micromarkets: pd.DataFrame, cap: float = 0.5) -> float:
    """What the best split of today's total brings on top: (best − today) ÷ today, in summed response, a fraction.

    No budget may change by more than `cap` (a fraction): sellers and agencies cannot be moved overnight, and the curve
    is known only near where we have been. NaN when today brings nothing. ValueError unless 0 ≤ cap ≤ 1.
    """
    if not 0 <= cap <= 1:
        raise ValueError(f"a cap of {cap} is not possible. Use a share of today's budget from 0 to 1.")
    today, ceiling, scale = _columns(micromarkets)
    best = best_allocation(today.sum(), ceiling, scale, today * (1 - cap), today * (1 + cap))
    return gain_of_plan(micromarkets, best)


def gain_of_plan(micromarkets: pd.DataFrame, plan_eur: ArrayLike) -> float:
    """(plan − today) ÷ today, in summed response, a fraction; one amount a row. NaN as in `budget_gain`."""
    today, ceiling, scale = _columns(micromarkets)
    now = response(today, ceiling, scale).sum()
    planned = response(plan_eur, ceiling, scale).sum()
    return float(planned / now - 1.0) if now else float("nan")


def one_micromarket(micromarkets: pd.DataFrame, micromarket: str) -> pd.Series:
    """The row of that name or id. ValueError when there is none, with the names there are."""
    rows = micromarkets[(micromarkets["micromarket"] == micromarket) | (micromarkets["micromarket_id"] == micromarket)]
    if rows.empty:
        names = ", ".join(micromarkets["micromarket"])
        raise ValueError(f'there is no micromarket "{micromarket}". There are: {names}.')
    return rows.iloc[0]


def _columns(micromarkets: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    columns = micromarkets[["budget_eur", "ceiling_eur", "scale_eur"]].to_numpy(dtype=float)
    return columns[:, 0], columns[:, 1], columns[:, 2]


def _check_carry_over(carry_over: float) -> None:
    if not 0 <= carry_over < 1:
        raise ValueError(f"a carry-over of {carry_over} is not possible. Use the share that is left: 0 up to below 1.")


def _places(spend: ArrayLike, ceiling: ArrayLike, scale: ArrayLike) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    arrays = np.broadcast_arrays(*(np.asarray(values, dtype=float) for values in (spend, ceiling, scale)))
    if (arrays[0] < 0).any() or (arrays[1] < 0).any() or (arrays[2] <= 0).any():
        raise ValueError("spend and ceiling must be 0 or more and the scale above 0.")
    return arrays[0], arrays[1], arrays[2]
