"""What each origin of demand brought back, on margin, with the unknown in sight."""

from __future__ import annotations

import numpy as np
import pandas as pd

from onefunnel.metrics.codes import first_rows, shared_codes

DAY = pd.Timedelta(days=1)

#: Fifty-two weeks: the tables end on the evening before `as_of`, so a lead of that weekday has had its whole year.
MATURITY_DAYS = 364

#: The label of deals whose origin nobody wrote down. It is shown, never dropped.
UNKNOWN = "unknown"


def return_by_origin(
    leads: pd.DataFrame,
    opportunities: pd.DataFrame,
    campaigns: pd.DataFrame,
    as_of: pd.Timestamp,
    margin: float,
    maturity_days: float = MATURITY_DAYS,
) -> pd.DataFrame:
    """One row an origin: `leads`, `opportunities`, `won`, `revenue_eur`, `spend_eur`, `return` (fraction).

    return = (revenue × margin − spend) ÷ spend. `margin` is the *contribution* margin, a fraction: what is left of a
    euro of revenue after everything that grows with it.
    The cohort: leads created more than `maturity_days` before `as_of`, so that their deals have had time to close;
    every lead row counts once in `leads`, every opportunity once in the rest (by its first lead). Spend: what the
    campaigns spent up to the same day, by days where a campaign runs on. Opportunities that no lead stands behind are
    not in the table: they cost seller hours, not campaign money, and are shown apart.
    `return` is NaN ("not defined", neither infinite nor 0) where nothing was spent. A blank origin reads "unknown".
    Attributed is not incremental: some of these buyers would have come anyway.
    Sorted by return, best first, the undefined ones last; index `origin`.
    """
    cutoff = as_of - pd.Timedelta(days=maturity_days)
    cohort = leads.loc[leads["created_at"] < cutoff, ["lead_id", "opp_id", "origin", "created_at"]]
    origin, names = _origins(cohort["origin"])
    dealt = np.flatnonzero(cohort["opp_id"].notna())
    first_origin, won_eur, won = _deals(cohort.iloc[dealt], origin[dealt], opportunities)
    known = first_origin >= 0
    sizes = {"minlength": len(names)}
    table = pd.DataFrame(
        {
            "leads": np.bincount(origin, **sizes),
            "opportunities": np.bincount(first_origin[known], **sizes),
            "won": np.bincount(first_origin[known & won], **sizes),
            "revenue_eur": np.bincount(first_origin[known & won], won_eur[known & won], **sizes),
        },
        index=names,
    )
    spend = spend_until(campaigns, cutoff)
    table = table[table["leads"] > 0].reindex(table.index[table["leads"] > 0].union(spend.index)).fillna(0)
    table["spend_eur"] = spend.reindex(table.index).fillna(0.0)
    table = table.astype({"leads": "int64", "opportunities": "int64", "won": "int64"})
    table["return"] = _return(table["revenue_eur"], table["spend_eur"], margin)
    return table.rename_axis("origin").sort_values("return", ascending=False, na_position="last", kind="stable")


def _origins(origin: pd.Series) -> tuple[np.ndarray, pd.Index]:
    """Code of each row's origin, blank ones as "unknown", and the origins."""
    (code,), labels = shared_codes(origin)
    names = labels.astype(object)
    if UNKNOWN not in names:
        names = names.append(pd.Index([UNKNOWN], dtype=object))
    return np.where(code < 0, names.get_loc(UNKNOWN), code), names


def _deals(
    dealt: pd.DataFrame, origin: np.ndarray, opportunities: pd.DataFrame
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each row of `opportunities`: code of its first lead's origin (−1 without a lead), amount, whether won."""
    (deal, of_lead), labels = shared_codes(opportunities["opp_id"], dealt["opp_id"])
    first = first_rows(of_lead, len(labels), dealt["created_at"], dealt["lead_id"])
    found = np.append(first, -1)[deal]
    amount = opportunities["amount_eur"].to_numpy(dtype=float, na_value=0.0)
    won = (opportunities["outcome"] == "won").to_numpy()
    return np.where(found >= 0, np.append(origin, -1)[found], -1), amount, won


def origin_return(
    leads: pd.DataFrame,
    opportunities: pd.DataFrame,
    campaigns: pd.DataFrame,
    as_of: pd.Timestamp,
    margin: float,
    origin: str | None = None,
    include_unknown: bool = True,
    maturity_days: float = MATURITY_DAYS,
) -> float:
    """Return of one origin, or of all together when `origin` is None: (revenue × margin − spend) ÷ spend, a fraction.

    All together is a bracket, so say which end: with the unknown's wins (`include_unknown=True`, the most that the
    spend can have brought) or without them (the least). NaN when nothing was spent or the origin has no row.
    Cohort, spend and exclusions: `return_by_origin`.
    """
    revenue, spend = revenue_and_spend(
        leads, opportunities, campaigns, as_of, margin, origin, include_unknown, maturity_days
    )
    return (revenue * margin - spend) / spend if spend else float("nan")


def revenue_and_spend(
    leads: pd.DataFrame,
    opportunities: pd.DataFrame,
    campaigns: pd.DataFrame,
    as_of: pd.Timestamp,
    margin: float,
    origin: str | None = None,
    include_unknown: bool = True,
    maturity_days: float = MATURITY_DAYS,
) -> tuple[float, float]:
    """The two amounts behind `origin_return`, EUR, from the same cohort: revenue and spend; sums, so 0 of no rows."""
    table = return_by_origin(leads, opportunities, campaigns, as_of, margin, maturity_days)
    if origin is not None:
        table = table[table.index == origin]
    elif not include_unknown:
        table = table[table.index != UNKNOWN]
    return float(table["revenue_eur"].sum()), float(table["spend_eur"].sum())


def spend_until(campaigns: pd.DataFrame, moment: pd.Timestamp) -> pd.Series:
    """EUR spent by origin before `moment`; a campaign that runs on counts by its days, evenly."""
    over = (campaigns["ended_on"] + DAY).fillna(moment)
    length = (over - campaigns["started_on"]) / DAY
    run = (over.clip(upper=moment) - campaigns["started_on"]) / DAY
    spent = campaigns["spend_eur"] * (run / length).clip(0, 1)
    return spent.groupby(campaigns["origin"], observed=True).sum()


def _return(revenue: pd.Series, spend: pd.Series, margin: float) -> pd.Series:
    paid = spend.where(spend != 0)
    return (revenue * margin - spend) / paid
