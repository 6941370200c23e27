"""What each origin of demand brought, and what would have come anyway: the truths, and their everyday readings.

The cohort: people who first raised a hand a year before the tables end or earlier.
"""

from __future__ import annotations

import pandas as pd

from onefunnel.data.tables import Tables

DAY = pd.Timedelta(days=1)
YEAR_DAYS = 364  # the tables end on the evening before `as_of`
SAYS_NOTHING = {"", "other", "n/a", "-", "?", "website", "tbd", "misc."}


# ---- returns (PT05, PT08) ----------------------------------------------------------------------------------------


def origin_return(tables: Tables, margin: float, origin: str = "", unknown: bool = True) -> float:
    """(Won revenue × margin − spend) ÷ spend of one origin, or of all, with or without the unknown's wins."""
    revenue, spend = _revenue(tables), _spend(tables)
    if origin:
        return float((revenue[origin] * margin - spend[origin]) / spend[origin])
    counted = revenue if unknown else revenue.drop("unknown")
    return float((counted.sum() * margin - spend.sum()) / spend.sum())


def worst_return(tables: Tables, margin: float) -> str:
    """The origin with the lowest return."""
    spend = _spend(tables)
    returns = (_revenue(tables) * margin - spend) / spend
    return str(returns.dropna().idxmin())


def fewest_wins(tables: Tables, margin: float) -> str:
    """Misread: the origin with the fewest wins (`margin` is not used)."""
    people = _people(tables)
    wins = people[people["won"]].groupby("origin").size()
    return str(wins.idxmin())


def origin_share(tables: Tables, origin: str) -> float:
    """Share of the people that came by one origin."""
    return float((_people(tables)["origin"] == origin).mean())


def origin_share_of_wins(tables: Tables, origin: str) -> float:
    """Share of the won deals that came by one origin."""
    people = _people(tables)
    return float((people.loc[people["won"], "origin"] == origin).mean())


def unreadable_labels(tables: Tables) -> float:
    """Share of the people whose typed origin says nothing, blanks among them."""
    typed = _people(tables)["origin_label"].fillna("").str.strip().str.lower()
    return float(typed.isin(SAYS_NOTHING).mean())


def empty_labels(tables: Tables) -> float:
    """Misread: only blanks are unknown."""
    return float(_people(tables)["origin_label"].isna().mean())


# ---- what would have come anyway (PT06, PT03) --------------------------------------------------------------------


def incremental_share(tables: Tables, experiment: str, look: str = "last") -> float:
    """1 − rate of the control arm ÷ rate of the treated, at the last (or the first) look at an experiment."""
    return 1 - arm_rate(tables, experiment, arm="control", look=look) / arm_rate(tables, experiment, look=look)


def gap(tables: Tables, experiment: str) -> float:
    """Rate of the treated arm − rate of the control arm."""
    return arm_rate(tables, experiment) - arm_rate(tables, experiment, arm="control")


def arm_rate(tables: Tables, experiment: str, stratum: str = "", arm: str = "treated", look: str = "last") -> float:
    """Successes ÷ drawn of one arm, in one stratum or in all of them."""
    rows = tables["experiments"]
    rows = rows[(rows["experiment_id"] == experiment) & (rows["arm"] == arm)]
    day = rows["looked_on"].max() if look == "last" else rows["looked_on"].min()
    rows = rows[(rows["looked_on"] == day) & ((rows["stratum"] == stratum) | (not stratum))]
    return float(rows["successes"].sum() / rows["n"].sum())


def incremental_return(tables: Tables, origin: str, margin: float) -> float:
    """The return if only the share counts that the origin's holdout says would not have come anyway."""
    rows = tables["experiments"]
    share = incremental_share(tables, rows.loc[rows["origin"] == origin, "experiment_id"].iloc[0])
    spend = _spend(tables)[origin]
    return float((_revenue(tables)[origin] * share * margin - spend) / spend)


# ---- credit (PT07) -----------------------------------------------------------------------------------------------


def credited_return(tables: Tables, origin: str, rule: str, margin: float) -> float:
    """Return if the first or the last marketing touch before the signature takes the whole deal."""
    deals = tables["opportunities"]
    won = deals[deals["outcome"] == "won"].set_index("opp_id")
    touches = tables["touches"]
    touches = touches[(touches["function"] == "marketing") & touches["opp_id"].isin(won.index)]
    touches = touches[touches["touched_at"] <= touches["opp_id"].map(won["closed_at"])]
    ends = touches.sort_values("touched_at", kind="stable").groupby("opp_id")["channel"].agg(rule)
    earned = won["amount_eur"].reindex(ends.index[ends == origin]).sum() * margin
    spend = _spend(tables)[origin]
    return float((earned - spend) / spend)


# ---- helpers -----------------------------------------------------------------------------------------------------


def _people(tables: Tables) -> pd.DataFrame:
    """The cohort, one row a person: origin, typed origin, amount of the won deal."""
    rows = tables["leads"].sort_values(["created_at", "lead_id"], kind="stable")
    first = rows.drop_duplicates("contact_id").set_index("contact_id")
    first = first[first["created_at"] < tables.as_of - YEAR_DAYS * DAY]
    deal = rows.dropna(subset=["opp_id"]).drop_duplicates("contact_id").set_index("contact_id")["opp_id"]
    deals = tables["opportunities"].set_index("opp_id")
    opp_id = deal.reindex(first.index)
    won = opp_id.map(deals["outcome"]).eq("won")
    return first.assign(won=won, won_eur=opp_id.map(deals["amount_eur"]).where(won, 0.0))


def _revenue(tables: Tables) -> pd.Series:
    return _people(tables).groupby("origin")["won_eur"].sum()


def _spend(tables: Tables) -> pd.Series:
    """EUR by origin of the campaigns that began before the cohort ended."""
    campaigns = tables["campaigns"]
    began = campaigns["started_on"] < tables.as_of - YEAR_DAYS * DAY
    return campaigns[began].groupby("origin")["spend_eur"].sum()
