"""Speed, chances of standing deals, the quarter and its capacity: the planted truths, and their everyday readings."""

from __future__ import annotations

import numpy as np
import pandas as pd

from onefunnel.data.estimators.funnel import DAY, DEAL_STEPS
from onefunnel.data.tables import Tables

YEAR = 365 * DAY
YOUNG = 120 * DAY
CRM = {"qualified": 0.10, "trial": 0.25, "proposal": 0.75, "decision": 0.90}


# ---- speed (PT12) ------------------------------------------------------------------------------------------------


def days_until_half_closed(tables: Tables) -> float:
    """First age at which half of all deals are closed; open ones count as long as they have been seen."""
    ages, closed, _ = _ages(tables)
    left = 1.0
    for day in np.unique(ages[closed]):
        left *= 1 - (closed & (ages == day)).sum() / (ages >= day).sum()
        if left <= 0.5:
            return float(day)
    return float("nan")


def young_closed_days(tables: Tables) -> float:
    """Median days of the closed among the deals created in the last 120 days."""
    deals = _closed(tables)
    return float(deals.loc[deals["created_at"] > tables.as_of - YOUNG, "days"].median())


def days_to_close(tables: Tables, won_only: bool = False, mean: bool = False) -> float:
    """Median (or mean) days from qualified to any close, or to winning."""
    deals = _closed(tables)
    days = deals.loc[(deals["outcome"] == "won") | (not won_only), "days"]
    return float(days.mean() if mean else days.median())


def won_by(tables: Tables, day: int) -> float:
    """Share of all deals won by an age: at each age the wins among those still open, times the share still open."""
    ages, closed, won = _ages(tables)
    left, total = 1.0, 0.0
    for age in np.unique(ages[closed]):
        if age > day:
            break
        at_risk, here = (ages >= age).sum(), closed & (ages == age)
        total += left * (here & won).sum() / at_risk
        left *= 1 - here.sum() / at_risk
    return float(total)


def won_by_without_losses(tables: Tables, day: int) -> float:
    """Misread: a deal leaves the count on the day it is lost, as if it could still be won."""
    ages, _, won = _ages(tables)
    left = 1.0
    for age in np.unique(ages[won]):
        if age > day:
            break
        left *= 1 - (won & (ages == age)).sum() / (ages >= age).sum()
    return float(1 - left)


# ---- velocity (PT13) ---------------------------------------------------------------------------------------------


def won_a_day(tables: Tables) -> float:
    """Euros won a day in the last 365 days."""
    deals = tables["opportunities"]
    recent = (deals["outcome"] == "won") & (deals["closed_at"] >= tables.as_of - YEAR)
    return float(deals.loc[recent, "amount_eur"].sum() / 365)


def velocity(tables: Tables, days_of: str = "all", value_of: str = "won", median: bool = False) -> float:
    """Open deals × mean value × win rate ÷ days to close. Days of winners only, or the value of open deals, misread."""
    deals = _closed(tables)
    deals = deals[deals["created_at"] <= tables.as_of - YEAR]
    won = deals[deals["outcome"] == "won"]
    is_open = tables["opportunities"].query("outcome == 'open'")
    days = (won if days_of == "won" else deals)["days"]
    value = (is_open if value_of == "open" else won)["amount_eur"].mean()
    return float(len(is_open) * value * (len(won) / len(deals)) / (days.median() if median else days.mean()))


# ---- chances of standing deals (PT14) ----------------------------------------------------------------------------


def standing(tables: Tables, step: str, by_value: bool = False) -> float:
    """Of deals that stood in a step on past Mondays (a year and more ago), the share (or value) that was won."""
    seen = _sightings(tables)
    return _chance(seen[seen["step_id"] == step], by_value)


def reached(tables: Tables, step: str) -> float:
    """Misread: of the year-old decided deals that ever reached a step, the share won."""
    return float(_reached(tables)[step])


def crm_default(tables: Tables, step: str, by_value: bool = False) -> float:
    """Misread: the percentage that the CRM came with."""
    return CRM[step]


def promise_kept(tables: Tables) -> float:
    """What the later half of the past Mondays was promised by the shares of the earlier half ÷ what it brought."""
    seen = _sightings(tables)
    middle = seen["monday"].min() + (seen["monday"].max() - seen["monday"].min()) / 2
    early, late = seen[seen["monday"] <= middle], seen[seen["monday"] > middle]
    shares = {step: _chance(early[early["step_id"] == step], by_value=True) for step in DEAL_STEPS[:-1]}
    return _promise(late, shares)


def crm_promise(tables: Tables) -> float:
    """Misread: what the CRM's percentages promised on past Mondays ÷ what came."""
    return _promise(_sightings(tables), CRM)


def reached_promise(tables: Tables) -> float:
    """Misread: what the shares of deals that ever reached a step promised on past Mondays ÷ what came."""
    return _promise(_sightings(tables), _reached(tables))


# ---- the quarter (PT16) ------------------------------------------------------------------------------------------


def quarter_eur(tables: Tables, part: str) -> float:
    """Euros of this quarter: target, won, due (open, planned until its end), past_due, open (all)."""
    deals, targets, as_of = tables["opportunities"], tables["targets"], tables.as_of
    quarter = as_of.to_period("Q")
    is_open, planned = deals["outcome"] == "open", deals["close_date_planned"]
    rows = {
        "won": (deals["outcome"] == "won") & (deals["closed_at"] >= quarter.start_time),
        "due": is_open & (planned >= as_of) & (planned <= quarter.end_time),
        "past_due": is_open & (planned < as_of),
        "open": is_open,
    }
    if part == "target":
        return float(targets.loc[targets["quarter"] == f"{quarter.year}-Q{quarter.quarter}", "target_eur"].sum())
    return float(deals.loc[rows[part], "amount_eur"].sum())


def coverage(tables: Tables) -> float:
    """Due ÷ what is left of the target."""
    return quarter_eur(tables, "due") / (quarter_eur(tables, "target") - quarter_eur(tables, "won"))


def everything_over_target(tables: Tables) -> float:
    """Misread: all open deals ÷ the whole target."""
    return quarter_eur(tables, "open") / quarter_eur(tables, "target")


def due_rate(tables: Tables) -> float:
    """Of the euros due at the same day of the last ten quarters, the share won by the quarter's end."""
    deals, as_of = tables["opportunities"], tables.as_of
    moves = tables["close_date_moves"].sort_values(["opp_id", "moved_on"])
    now = as_of.to_period("Q")
    due_eur = won_eur = 0.0
    for quarter in pd.period_range(now - 10, now - 1):
        day, end = quarter.start_time + (as_of - now.start_time), quarter.end_time
        was_open = (deals["created_at"] <= day) & ~(deals["closed_at"] < day)
        ahead = moves[moves["moved_on"] >= day].groupby("opp_id")["close_date_before"].first()
        planned = deals["opp_id"].map(ahead).fillna(deals["close_date_planned"])
        due = deals[was_open & (planned >= day) & (planned <= end)]
        due_eur += due["amount_eur"].sum()
        won_eur += due.loc[(due["outcome"] == "won") & (due["closed_at"] <= end), "amount_eur"].sum()
    return float(won_eur / due_eur)


def coverage_needed(tables: Tables) -> float:
    """1 ÷ the rate at which due euros were won."""
    return 1 / due_rate(tables)


def expected_of_target(tables: Tables) -> float:
    """Won so far plus due × its rate ÷ the target."""
    expected = quarter_eur(tables, "won") + quarter_eur(tables, "due") * due_rate(tables)
    return expected / quarter_eur(tables, "target")


# ---- capacity (PT18) ---------------------------------------------------------------------------------------------


def next_quarter_slots(tables: Tables) -> float:
    """Trial slots of the next quarter."""
    slots = tables["trial_slots"]
    return float((slots["date"].dt.to_period("Q") == tables.as_of.to_period("Q") + 1).sum())


def next_quarter_trials(tables: Tables) -> float:
    """Trials that the next quarter's plan counts on."""
    return float(_next_plan(tables)["trials_planned"].sum())


def territories_short_of_slots(tables: Tables) -> float:
    """In how many territories the next quarter's plan counts on more trials than there are slots."""
    slots = tables["trial_slots"]
    ahead = slots[slots["date"].dt.to_period("Q") == tables.as_of.to_period("Q") + 1]
    room = ahead.groupby("territory_id").size()
    plan = _next_plan(tables).set_index("territory_id")["trials_planned"]
    return float((plan > room.reindex(plan.index).fillna(0)).sum())


# ---- helpers -----------------------------------------------------------------------------------------------------


def _next_plan(tables: Tables) -> pd.DataFrame:
    quarter = tables.as_of.to_period("Q") + 1
    return tables["targets"][tables["targets"]["quarter"] == f"{quarter.year}-Q{quarter.quarter}"]


def _closed(tables: Tables) -> pd.DataFrame:
    deals = tables["opportunities"].dropna(subset=["closed_at"])
    return deals.assign(days=(deals["closed_at"] - deals["created_at"]) / DAY)


def _ages(tables: Tables) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    deals = tables["opportunities"]
    ages = ((deals["closed_at"].fillna(tables.as_of) - deals["created_at"]) / DAY).to_numpy()
    closed, won = deals["closed_at"].notna().to_numpy(), (deals["outcome"] == "won").to_numpy()
    return ages, closed, won


def _sightings(tables: Tables) -> pd.DataFrame:
    """One row a Monday (a year and more before the tables end) and deal open on it: step, amount, won in the end."""
    history = tables["stage_history"].sort_values(["opp_id", "entered_at"], kind="stable")
    history = history[history["step_id"].isin(DEAL_STEPS[:-1])]
    deals = tables["opportunities"].set_index("opp_id")
    last = tables.as_of - YEAR
    rows = []
    for monday in pd.date_range(history["entered_at"].min(), last, freq="W-MON"):
        stood = history[history["entered_at"] <= monday].drop_duplicates("opp_id", keep="last")
        facts = deals.loc[stood["opp_id"], ["closed_at", "amount_eur", "outcome"]]
        facts = facts.assign(step_id=stood["step_id"].to_numpy(), monday=monday)
        rows.append(facts[~(facts["closed_at"] <= monday)])
    seen = pd.concat(rows)
    return seen.assign(won=seen["outcome"] == "won")


def _chance(seen: pd.DataFrame, by_value: bool) -> float:
    if not by_value:
        return float(seen["won"].mean())
    return float(seen.loc[seen["won"], "amount_eur"].sum() / seen["amount_eur"].sum())


def _promise(seen: pd.DataFrame, shares: dict[str, float]) -> float:
    return float((seen["amount_eur"] * seen["step_id"].map(shares)).sum() / seen.loc[seen["won"], "amount_eur"].sum())


def _reached(tables: Tables) -> dict[str, float]:
    place = {step: number for number, step in enumerate(DEAL_STEPS)}
    deals = _closed(tables)
    deals = deals[deals["created_at"] <= tables.as_of - YEAR]
    furthest, won = deals["step_id"].map(place), deals["outcome"] == "won"
    return {step: float(won[furthest >= place[step]].mean()) for step in DEAL_STEPS[:-1]}
