"""What a euro of advertising brings, read from a pause by lot and not from the season.

Table: `advertising_monthly`, one row a territory and month ("2026-02"): `spend_eur`, `revenue_eur`, and `held_out` =
this territory was drawn to run no adverts in this month. All amounts are EUR.
"""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from onefunnel.metrics.ratio import share


class Pause(NamedTuple):
    """What the pause cost and saved, EUR: revenue that did not come, and adverts that were not paid."""

    missing_eur: float
    saved_eur: float


def pause(advertising_monthly: pd.DataFrame) -> Pause:
    """Revenue missing and money saved in the paused territories, against what was to be expected without a pause.

    Expected is a territory's own same month of the year before × the change of the territories that went on: they
    carry season and growth. The same holds for the spend. Both NaN when nothing was paused, or a month of the year
    before or every territory that went on is missing.
    """
    rows = _with_year_before(advertising_monthly)
    test = rows[rows["month"].isin(rows.loc[rows["held_out"], "month"])]
    paused, went_on = test[test["held_out"]], test[~test["held_out"]]
    before, usual = paused["revenue_before"].sum(), went_on["revenue_before"].sum()
    missing = before * share(went_on["revenue_eur"].sum(), usual) - paused["revenue_eur"].sum()
    saved = before * share(went_on["spend_eur"].sum(), usual) - paused["spend_eur"].sum()
    return Pause(float(missing), float(saved))


def missing_eur(advertising_monthly: pd.DataFrame) -> float:
    """Revenue that did not come because of the pause, EUR (`pause`)."""
    return pause(advertising_monthly).missing_eur


def saved_eur(advertising_monthly: pd.DataFrame) -> float:
    """Adverts that were not paid because of the pause, EUR (`pause`)."""
    return pause(advertising_monthly).saved_eur


def revenue_slope(advertising_monthly: pd.DataFrame) -> float:
    """Least-squares slope of the company's monthly revenue on its adverts, EUR a euro, before the pause.

    Where the plan gives adverts a share of last year's revenue, they are high when the season is: the slope then shows
    the season, not the adverts. NaN when the spend never changes.
    """
    sums = by_month(advertising_monthly)
    spend = sums["spend_eur"] - sums["spend_eur"].mean()
    return share((spend * sums["revenue_eur"]).sum(), (spend**2).sum())


def by_month(advertising_monthly: pd.DataFrame) -> pd.DataFrame:
    """Spend and revenue of all territories by month, EUR, without the months of a pause."""
    rows = advertising_monthly
    rows = rows[~rows["month"].isin(rows.loc[rows["held_out"], "month"])]
    return rows.groupby("month")[["spend_eur", "revenue_eur"]].sum()


def advertising_return(advertising_monthly: pd.DataFrame, margin: float) -> float:
    """(missing revenue × margin − saved adverts) ÷ saved adverts, a fraction; 0 means the money came back once.

    `margin` is the contribution margin, a fraction. What the pause took away is what the adverts bring
    (`pause`): nobody can confuse it with the season, because the lot chose who paused. It counts the months of the
    pause only; what adverts leave for later is not in it. NaN where `pause` is.
    Source of the idea: Blake, Nosko and Tadelis, Econometrica 83 (2015).
    """
    found = pause(advertising_monthly)
    return share(found.missing_eur * margin - found.saved_eur, found.saved_eur)


def _with_year_before(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that have one, with the same territory's revenue twelve months before as `revenue_before`."""
    month = pd.PeriodIndex(rows["month"].astype(str), freq="M")
    before = pd.DataFrame(
        {
            "territory_id": rows["territory_id"].to_numpy(),
            "month": (month + 12).astype(str),
            "revenue_before": rows["revenue_eur"].to_numpy(),
        }
    )
    here = rows.assign(month=month.astype(str), held_out=rows["held_out"].eq(True))
    return here.merge(before, on=["territory_id", "month"])
