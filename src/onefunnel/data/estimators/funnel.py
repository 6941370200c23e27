"""Stages, the constraint and win rates: the planted truths, and their everyday readings.

"Mature" means a year old at `as_of`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from onefunnel.data.tables import Tables

HANDS = ("engaged", "marketing_qualified", "accepted", "qualified")
DEAL_STEPS = ("qualified", "trial", "proposal", "decision", "won")
DAY = pd.Timedelta(days=1)
SETTLED_DAYS = 180  # by then all but a few trials have ended; among younger ones the quick successes come first
YEAR_DAYS = 364  # the tables end on the evening before `as_of`, so a year before it is 364 days before the last day


# ---- stages (PT01) -----------------------------------------------------------------------------------------------


def step_rate(tables: Tables, to_step: str) -> float:
    """Of the mature who entered the step before `to_step`, the share that entered it or any later one."""
    if to_step in HANDS[1:]:
        reached = _people(tables)[list(HANDS)]
        place = HANDS.index(to_step)
        return float(reached[HANDS[place]].sum() / reached[HANDS[place - 1]].sum())
    furthest = _furthest(tables)
    place = DEAL_STEPS.index(to_step)
    return float((furthest >= place).sum() / (furthest >= place - 1).sum())


def rows_per_hand(tables: Tables, to_step: str) -> float:
    """Misread: rows of leads instead of people."""
    leads = tables["leads"]
    mature = leads[leads["created_at"] < _mature(tables)]
    return float(mature["mql_at"].notna().mean())


def same_month_rate(tables: Tables, to_step: str) -> float:
    """Misread: what happened in the last full month ÷ what entered in the same month."""
    leads = tables["leads"]
    month = (tables.as_of.to_period("M") - 1).to_timestamp()
    entered = leads["mql_at"].between(month, month + pd.offsets.MonthEnd(0) + DAY, inclusive="left")
    moved = leads["accepted_at"].between(month, month + pd.offsets.MonthEnd(0) + DAY, inclusive="left")
    return float(moved.sum() / entered.sum())


def customers_per_hand(tables: Tables) -> float:
    """Of mature people, the share whose deal was won."""
    return float(_people(tables)["won"].mean())


def same_month_customers(tables: Tables) -> float:
    """Misread: deals from leads won in the last full month ÷ hands raised in it."""
    month = (tables.as_of.to_period("M") - 1).to_timestamp()
    end = month + pd.offsets.MonthEnd(0) + DAY
    deals, leads = tables["opportunities"], tables["leads"]
    won = deals["outcome"].eq("won") & deals["closed_at"].between(month, end, inclusive="left")
    won &= deals["opp_id"].isin(leads["opp_id"].dropna())
    return float(won.sum() / leads["created_at"].between(month, end, inclusive="left").sum())


def rate_without_skips(tables: Tables, to_step: str) -> float:
    """Misread: only deals with a row of the step itself count as having reached it."""
    seen = tables["stage_history"].groupby("opp_id")["step_id"].agg(set).reindex(_furthest(tables).index)
    before = DEAL_STEPS[DEAL_STEPS.index(to_step) - 1]
    return float(sum(to_step in steps for steps in seen) / sum(before in steps for steps in seen))


def repeat_share(tables: Tables) -> float:
    """Of marketing-qualified people, the share with a second marketing-qualified row."""
    rows = tables["leads"].dropna(subset=["mql_at"]).groupby("contact_id").size()
    return float((rows > 1).mean())


def skip_share(tables: Tables) -> float:
    """Of all deals, the share without a row for a step before the furthest they reached."""
    history = tables["stage_history"]
    place = history["step_id"].map({step: number for number, step in enumerate(DEAL_STEPS)}).dropna()
    by_deal = place.groupby(history["opp_id"]).agg(["max", "size"])
    return float((by_deal["size"] < by_deal["max"] + 1).mean())


def lead_growth(tables: Tables) -> float:
    """People who first raised a hand in the second year of the tables ÷ in the first, less one."""
    first = tables["leads"].groupby("contact_id")["created_at"].min()
    end = _mature(tables)
    middle = end - pd.DateOffset(years=1)
    return float(((first >= middle) & (first < end)).sum() / (first < middle).sum() - 1)


# ---- the constraint (PT02) ---------------------------------------------------------------------------------------


def fullest_step(tables: Tables) -> str:
    """The step in which most open deals stand."""
    deals = tables["opportunities"]
    return str(deals.loc[deals["outcome"] == "open", "step_id"].value_counts().idxmax())


def lowest_rate_step(tables: Tables) -> str:
    """Misread: the step with the lowest rate into it."""
    return min((*HANDS[1:], *DEAL_STEPS[1:]), key=lambda step: step_rate(tables, step))


def largest_drop_step(tables: Tables) -> str:
    """Misread: the step at whose door most people stop."""
    people = _people(tables)
    counts = {step: int(people[step].sum()) for step in (*HANDS, "won")}
    drops = {HANDS[i]: counts[HANDS[i - 1]] - counts[HANDS[i]] for i in range(1, len(HANDS))}
    return max(drops, key=lambda step: drops[step])


def slowest_step(tables: Tables) -> str:
    """The step of a deal with the longest median stay among those that moved on."""
    return max(DEAL_STEPS[:-1], key=lambda step: days_in_step(tables, step, 0.5))


def open_share(tables: Tables, step: str) -> float:
    """Share of the open deals that stand in a step."""
    deals = tables["opportunities"]
    return float((deals.loc[deals["outcome"] == "open", "step_id"] == step).mean())


def days_in_step(tables: Tables, step: str, quantile: float, movers_only: bool = True) -> float:
    """Quantile of the days from entering a step to the next row of the deal (its closing row only if asked)."""
    history = tables["stage_history"].sort_values(["opp_id", "entered_at"], kind="stable")
    after = history.groupby("opp_id")[["step_id", "entered_at"]].shift(-1)
    moved = after["step_id"].notna() & (~after["step_id"].isin(["lost", "no_decision"]) | (not movers_only))
    here = moved & (history["step_id"] == step)
    return float(((after["entered_at"] - history["entered_at"]) / DAY)[here].quantile(quantile))


def wait_median(tables: Tables) -> float:
    """Median days from the request to the tasting."""
    return float(_trials(tables)["wait"].median())


def wait_conversion(tables: Tables, longest: float = np.inf, shortest: float = 0) -> float:
    """Share of the trials with a wait in the range (both ends included) that reached the proposal or later."""
    trials = _trials(tables)
    return float(trials.loc[trials["wait"].between(shortest, longest), "passed"].mean())


def effect_a_day(tables: Tables, cap: int, within_site_size: bool = True) -> float:
    """Slope of passing the trial on days waited (days beyond the cap count as the cap); pooled within site size."""
    trials = _trials(tables)
    days, passed = trials["wait"].clip(upper=cap), trials["passed"].astype(float)
    if within_site_size:
        groups = trials["is_large_site"]
        days = days - days.groupby(groups).transform("mean")
        passed = passed - passed.groupby(groups).transform("mean")
    else:
        days, passed = days - days.mean(), passed - passed.mean()
    return float((days * passed).sum() / (days**2).sum())


def large_site_wait(tables: Tables) -> float:
    """Mean wait of large sites ÷ mean wait of the others."""
    means = _trials(tables).groupby("is_large_site")["wait"].mean()
    return float(means[True] / means[False])


def slots_a_quarter(tables: Tables) -> float:
    """Booked slots in a full quarter, on average, from the second full quarter on (the first fills up)."""
    slots = tables["trial_slots"]
    return _a_quarter(slots.loc[slots["opp_id"].notna(), "date"], tables.as_of)


def arrivals_a_quarter(tables: Tables, step: str) -> float:
    """Deals that entered a step in a full quarter, on average, from the second full quarter on."""
    history = tables["stage_history"]
    return _a_quarter(history.loc[history["step_id"] == step, "entered_at"], tables.as_of)


def gain_of_short_waits(tables: Tables, longest: int, cap: int) -> float:
    """Points of conversion gained if nobody waited longer than `longest` days, by the effect a day."""
    waits = _trials(tables)["wait"].clip(upper=cap)
    return -effect_a_day(tables, cap) * float((waits - longest).clip(lower=0).mean())


def wins_of_short_waits(tables: Tables, longest: int, cap: int) -> float:
    """Wins a year gained by that: arrivals of a year × points × the later steps' rates."""
    later = step_rate(tables, "decision") * step_rate(tables, "won")
    return 4 * arrivals_a_quarter(tables, "trial") * gain_of_short_waits(tables, longest, cap) * later


# ---- win rate (PT09) ---------------------------------------------------------------------------------------------


def win_rate(tables: Tables, by_value: bool = False, above: float = -1, up_to: float = np.inf) -> float:
    """Won ÷ decided, by count or by value, of deals above and up to an amount."""
    deals = _decided(tables)
    deals = deals[(deals["amount_eur"] > above) & (deals["amount_eur"] <= up_to)]
    return _share(deals["outcome"] == "won", deals["amount_eur"], by_value)


def win_rate_open_included(tables: Tables) -> float:
    """Misread: won ÷ all deals, the open ones among them."""
    return float((tables["opportunities"]["outcome"] == "won").mean())


def large_share(tables: Tables, above: float, by_value: bool = False) -> float:
    """Share of the decided deals (or of their value) above an amount."""
    deals = _decided(tables)
    return _share(deals["amount_eur"] > above, deals["amount_eur"], by_value)


# ---- helpers -----------------------------------------------------------------------------------------------------


def _mature(tables: Tables) -> pd.Timestamp:
    return tables.as_of - YEAR_DAYS * DAY


def _people(tables: Tables) -> pd.DataFrame:
    """One row a mature person: True for each step reached."""
    leads = tables["leads"].sort_values("created_at", kind="stable")
    deals = tables["opportunities"].set_index("opp_id")["outcome"]
    by_person = leads.groupby("contact_id").agg(
        first=("created_at", "min"),
        marketing_qualified=("mql_at", "count"),
        accepted=("accepted_at", "count"),
        qualified=("opp_id", "count"),
        opp_id=("opp_id", "first"),
    )
    by_person = by_person[by_person["first"] < _mature(tables)]
    reached = by_person[["marketing_qualified", "accepted", "qualified"]] > 0
    reached.insert(0, "engaged", True)
    reached["won"] = by_person["opp_id"].map(deals).eq("won")
    return reached


def _furthest(tables: Tables) -> pd.Series:
    """Furthest step of each mature deal (0 qualified … 4 won); a lead's deal is as old as its lead."""
    history = tables["stage_history"]
    place = history["step_id"].map({step: number for number, step in enumerate(DEAL_STEPS)})
    furthest = place.groupby(history["opp_id"]).max()
    raised = tables["leads"].dropna(subset=["opp_id"]).set_index("opp_id")["created_at"]
    created = tables["opportunities"].set_index("opp_id")["created_at"]
    begun = raised.reindex(created.index).fillna(created)
    return furthest[begun.reindex(furthest.index) < _mature(tables)]


def _trials(tables: Tables) -> pd.DataFrame:
    """One row a deal that had a slot, asked for long enough ago: days waited, did it pass, is the site large."""
    history = tables["stage_history"]
    entered = history[history["step_id"] == "trial"].set_index("opp_id")["entered_at"]
    entered = entered[entered < tables.as_of - SETTLED_DAYS * DAY]
    slots = tables["trial_slots"].dropna(subset=["opp_id"]).set_index("opp_id")["date"]
    deals = tables["opportunities"].set_index("opp_id")
    frame = pd.DataFrame({"wait": (slots - entered) / DAY}).dropna()
    frame = frame.join(deals[["step_id", "outcome", "account_id"]])
    frame["passed"] = frame["step_id"].isin(["proposal", "decision", "won"])
    frame = frame[frame["passed"] | (frame["outcome"] != "open")]
    sites = tables["accounts"].set_index("account_id")["is_large_site"]
    frame["is_large_site"] = frame["account_id"].map(sites).astype(bool)
    return frame


def _a_quarter(dates: pd.Series, as_of: pd.Timestamp) -> float:
    counts = dates.dt.to_period("Q").value_counts().sort_index()
    return float(counts[counts.index < as_of.to_period("Q")].iloc[2:].mean())


def _decided(tables: Tables) -> pd.DataFrame:
    deals = tables["opportunities"]
    return deals[deals["outcome"] != "open"]


def _share(part: pd.Series, value: pd.Series, by_value: bool) -> float:
    return float(value[part].sum() / value.sum()) if by_value else float(part.mean())
