"""Which open deals are in danger, what becomes of deals that are put off, and what money can do about a queue.

A deal shows a *hazard* when it is older in its step than four in five deals that moved on from there, when its planned
close was moved twice or more, or when it has no dated next step. Two of the three make it one to talk about.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from onefunnel.metrics import ageing
from onefunnel.metrics.deals import decided, mean_won_value, win_rate
from onefunnel.metrics.ratio import share

PUSHES = 2
AT_RISK = 2
TALKED_ABOUT = 3


def hazards(
    opportunities: pd.DataFrame,
    stage_history: pd.DataFrame,
    close_date_moves: pd.DataFrame,
    as_of: pd.Timestamp,
    steps: Sequence[str],
) -> pd.DataFrame:
    """One row an **open** deal, indexed by opp_id, in the order of the table.

    Columns: `step_id`, `amount_eur`, `created_at`, `crm_probability`, `next_step_on`; `days` in the step and
    `normal_days` (four in five that moved on needed no longer); `pushes` (how often the planned close was moved);
    the hazards `old`, `pushed`, `no_next_step` (none dated, or the date has passed) and their number `count`.
    """
    columns = ["step_id", "amount_eur", "created_at", "crm_probability", "next_step_on"]
    open_ = opportunities[opportunities["outcome"] == "open"].set_index("opp_id")[columns]
    normal = ageing.time_in_step(stage_history, steps)["p80_days"]
    board = open_.assign(
        days=ageing.days_in_step(opportunities, stage_history, as_of),
        normal_days=open_["step_id"].map(normal),
        pushes=pushes(open_.index, close_date_moves),
    )
    board["old"] = board["days"] > board["normal_days"]
    board["pushed"] = board["pushes"] >= PUSHES
    board["no_next_step"] = ~(board["next_step_on"] >= as_of)
    board["count"] = board[["old", "pushed", "no_next_step"]].sum(axis=1).astype(int)
    return board


def pushes(opp_ids: pd.Index, close_date_moves: pd.DataFrame) -> pd.Series:
    """How often the planned close of each deal was moved, 0 where never."""
    moved = close_date_moves["opp_id"].value_counts()
    return moved.reindex(opp_ids).fillna(0).astype(int)


def at_risk(
    opportunities: pd.DataFrame,
    stage_history: pd.DataFrame,
    close_date_moves: pd.DataFrame,
    as_of: pd.Timestamp,
    steps: Sequence[str],
) -> list[str]:
    """Ids of the open deals that show at least two of the three hazards."""
    board = hazards(opportunities, stage_history, close_date_moves, as_of, steps)
    return board.index[board["count"] >= AT_RISK].tolist()


def biggest_amount(opportunities: pd.DataFrame) -> list[str]:
    """For at_risk: the three open deals with the largest amount."""
    return _open(opportunities).nlargest(TALKED_ABOUT, "amount_eur")["opp_id"].tolist()


def oldest_created(opportunities: pd.DataFrame) -> list[str]:
    """For at_risk: the three open deals that were created first, whatever their step."""
    return _open(opportunities).nsmallest(TALKED_ABOUT, "created_at")["opp_id"].tolist()


def crm_percent(opportunities: pd.DataFrame) -> list[str]:
    """For at_risk: the three open deals with the highest percentage of the CRM."""
    return _open(opportunities).nlargest(TALKED_ABOUT, "crm_probability")["opp_id"].tolist()


def deal_options(opportunities: pd.DataFrame, accounts: pd.DataFrame) -> list[dict[str, str]]:
    """The open deals as choices, by name: `{"id": opp_id, "text": firm and amount}`."""
    names = accounts.drop_duplicates("account_id").set_index("account_id")["name"]
    options = [
        {"id": deal.opp_id, "text": f"{names.get(deal.account_id, deal.account_id)}, €{deal.amount_eur:,.0f}"}
        for deal in _open(opportunities).itertuples()
    ]
    return sorted(options, key=lambda option: option["text"])


def total_days(opportunities: pd.DataFrame, stage_history: pd.DataFrame, as_of: pd.Timestamp, since: str) -> float:
    """Days of all open deals together: since "created", in "earlier" steps, or in the "step" where they stand."""
    step = ageing.days_in_step(opportunities, stage_history, as_of)
    age = (as_of - _open(opportunities).set_index("opp_id")["created_at"]).dt.days
    return float({"created": age, "step": step, "earlier": age - step}[since].sum())


def mean_days_standing(
    opportunities: pd.DataFrame, stage_history: pd.DataFrame, as_of: pd.Timestamp, read_days_later: float = 0
) -> float:
    """Mean days that the open deals have stood in the step they are in. NaN when none is open.

    `read_days_later` is how long after `as_of` somebody reads the list. It does not change the answer: nothing is known
    of those days.
    """
    return float(ageing.days_in_step(opportunities, stage_history, as_of).mean())


def since_created(
    opportunities: pd.DataFrame, stage_history: pd.DataFrame, as_of: pd.Timestamp, read_days_later: float = 0
) -> float:
    """For mean_days_standing: counts from the day the deal was created. Too high."""
    return share(total_days(opportunities, stage_history, as_of, "created"), len(_open(opportunities)))


def until_today(
    opportunities: pd.DataFrame, stage_history: pd.DataFrame, as_of: pd.Timestamp, read_days_later: float = 0
) -> float:
    """For mean_days_standing: counts on to the day of reading, as if nothing had moved since. Too high."""
    return mean_days_standing(opportunities, stage_history, as_of) + read_days_later


def days_later(read_days_later: float) -> float:
    """The days between the data's date and the day somebody reads the list."""
    return float(read_days_later)


def pushed_win_rate(
    opportunities: pd.DataFrame, close_date_moves: pd.DataFrame, least: int, most: int | None = None
) -> float:
    """Win rate of the decided deals whose planned close was moved `least` to `most` times (None: or more)."""
    rows = decided(opportunities)
    moved = pushes(pd.Index(rows["opp_id"]), close_date_moves).to_numpy()
    return win_rate(rows[(moved >= least) & (moved <= (moved.max(initial=0) if most is None else most))])


def pushed_rate_option(
    opportunities: pd.DataFrame, close_date_moves: pd.DataFrame, least: int, most: int | None = None
) -> str:
    """`pushed_win_rate` as the id of a choice: "of100_7" for seven of a hundred. ValueError without such deals."""
    rate = pushed_win_rate(opportunities, close_date_moves, least, most)
    if math.isnan(rate):
        raise ValueError(f"no decided deal was pushed {least} times or more. Ask about fewer pushes.")
    return f"of100_{round(rate * 100)}"


def fullest_step(opportunities: pd.DataFrame) -> str:
    """The step in which most open deals stand. ValueError when no deal is open."""
    standing = _open(opportunities)["step_id"].value_counts()
    if standing.empty:
        raise ValueError("no deal is open, so none waits anywhere. Take tables that reach into the present.")
    return str(standing.idxmax())


def growth_plan(
    opportunities: pd.DataFrame,
    as_of: pd.Timestamp,
    plan: Mapping[str, float],
    wins: Mapping[str, float],
    bottleneck: str,
    full_eur: float,
    margin: float,
) -> float:
    """What a plan leaves in a year, EUR: extra wins × mean value of a won deal × margin − the money of the plan.

    `wins` says what `full_eur` brings in each place if nothing stands in the way. Money in the `bottleneck` works at
    once; money anywhere else only as far as the bottleneck was widened, because more deals join a queue that is full.
    """
    room = min(plan[bottleneck] / full_eur, 1.0)
    extra = sum(
        wins[place] * amount / full_eur * (1.0 if place == bottleneck else room) for place, amount in plan.items()
    )
    return extra * mean_won_value(opportunities, as_of) * margin - sum(plan.values())


def _open(opportunities: pd.DataFrame) -> pd.DataFrame:
    return opportunities[opportunities["outcome"] == "open"]
