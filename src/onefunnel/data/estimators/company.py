"""Forecasts, advertising and media: the planted truths, and their everyday readings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from onefunnel.data.tables import Tables

MARGIN = 0.42


# ---- PT17: forecasts ------------------------------------------------------------------------------------------------


def forecast_miss(tables: Tables, made_by: str, plans: str = "all", year: int | None = None) -> float:
    """Mean of |forecast − actual| ÷ actual. `plans`: alone or joint territories, or all; `year` 0 or 1."""
    rows = _forecasts(tables, made_by, plans, year)
    return float(((rows["forecast_eur"] - rows["actual_eur"]).abs() / rows["actual_eur"]).mean())


def forecast_bias(tables: Tables, made_by: str) -> float:
    """Sum of (forecast − actual) ÷ sum of actual."""
    rows = _forecasts(tables, made_by, "all", None)
    return float(rows["forecast_eur"].sum() / rows["actual_eur"].sum() - 1)


def bias_of_forecast(tables: Tables, made_by: str) -> float:
    """Misread: (actual − forecast) ÷ forecast, the wrong side and the wrong base."""
    rows = _forecasts(tables, made_by, "all", None)
    return float(rows["actual_eur"].sum() / rows["forecast_eur"].sum() - 1)


def mean_signed_miss(tables: Tables, made_by: str, plans: str = "all", year: int | None = None) -> float:
    """Misread: the size of the mean signed miss, in which ups and downs cancel."""
    rows = _forecasts(tables, made_by, plans, year)
    return abs(float(((rows["forecast_eur"] - rows["actual_eur"]) / rows["actual_eur"]).mean()))


def joint_effect(tables: Tables) -> float:
    """What planning together did to the miss: change of those who began it less the change of the others."""
    began = forecast_miss(tables, "joint", "joint", 1) - forecast_miss(tables, "sales", "joint", 0)
    others = forecast_miss(tables, "sales", "alone", 1) - forecast_miss(tables, "sales", "alone", 0)
    return began - others


def joint_against_alone(tables: Tables) -> float:
    """Misread: the joint forecasts' miss less that of the territories whose sellers plan alone."""
    return forecast_miss(tables, "joint", "joint") - forecast_miss(tables, "sales", "alone")


def _forecasts(tables: Tables, made_by: str, plans: str, year: int | None) -> pd.DataFrame:
    rows = tables["forecasts"]
    joint = set(rows.loc[rows["made_by"] == "joint", "territory_id"])
    months = sorted(rows["month"].unique())
    kept = rows["made_by"] == made_by
    if plans != "all":
        kept &= rows["territory_id"].isin(joint) == (plans == "joint")
    if year is not None:
        kept &= rows["month"].isin(months[12 * year : 12 * year + 12])
    return rows[kept]


# ---- PT31: advertising ----------------------------------------------------------------------------------------------


def held_out_return(tables: Tables) -> float:
    """Revenue that a euro of adverts brings: what the paused territories lacked ÷ what was not spent there.

    Expected without the pause: a territory's same months of the year before × the growth of those not paused.
    """
    rows = _with_year_before(tables["advertising_monthly"])
    test = rows[rows["month"].isin(rows.loc[rows["held_out"], "month"])]
    control, paused = test[~test["held_out"]], test[test["held_out"]]
    growth = control["revenue_eur"].sum() / control["revenue_before"].sum()
    planned = control["spend_eur"].sum() / control["revenue_before"].sum() * paused["revenue_before"].sum()
    lacking = growth * paused["revenue_before"].sum() - paused["revenue_eur"].sum()
    return float(lacking / (planned - paused["spend_eur"].sum()))


def held_out_profit(tables: Tables) -> float:
    """Margin on that revenue less the euro, per euro."""
    return MARGIN * held_out_return(tables) - 1


def held_out_revenue_as_profit(tables: Tables) -> float:
    """Misread: the revenue less the euro, as if revenue were earned."""
    return held_out_return(tables) - 1


def plain_slope(tables: Tables) -> float:
    """Misread: least-squares slope of the company's monthly revenue on its adverts, before the pause."""
    rows = tables["advertising_monthly"]
    months = rows[~rows["month"].isin(rows.loc[rows["held_out"], "month"])]
    sums = months.groupby("month")[["spend_eur", "revenue_eur"]].sum()
    spend = sums["spend_eur"] - sums["spend_eur"].mean()
    return float((spend * sums["revenue_eur"]).sum() / (spend * spend).sum())


def spend_rule(tables: Tables) -> float:
    """Adverts ÷ the same territory's revenue of the same month a year before, where they ran."""
    rows = _with_year_before(tables["advertising_monthly"])
    rows = rows[~rows["held_out"]]
    return float(rows["spend_eur"].sum() / rows["revenue_before"].sum())


def _with_year_before(rows: pd.DataFrame) -> pd.DataFrame:
    month = pd.PeriodIndex(rows["month"], freq="M")
    before = rows.assign(month=(month + 12).astype(str))[["territory_id", "month", "revenue_eur"]]
    return rows.merge(before, on=["territory_id", "month"], suffixes=("", "_eur_before")).rename(
        columns={"revenue_eur_eur_before": "revenue_before"}
    )


# ---- PT30: now and later --------------------------------------------------------------------------------------------


def brand_off(tables: Tables, week: int, weeks: int = 4) -> float:
    """Change of revenue in the `weeks` up to `week` of the test against the year before, less what others changed."""
    rows = tables["media_weekly"]
    off = rows["experiment_id"] == "EXP-05"
    test = rows["micromarket_id"].isin(rows.loc[off, "micromarket_id"])
    started = rows.loc[off, "week"].min()
    place = (rows["week"] - started).dt.days // 7 + 1
    now = rows["revenue_eur"].where(place.between(week - weeks + 1, week))
    before = rows["revenue_eur"].where(place.between(-51, 0))
    return float(now[test].sum() / before[test].sum() / (now[~test].sum() / before[~test].sum()) - 1)


def brand_carry_over(tables: Tables) -> float:
    """Share of what people recall that is left after a week without adverts, from two waves of the tracker."""
    before, after = (_waves(tables, place) for place in (0, 2))
    weeks = (after["wave_on"].iloc[0] - before["wave_on"].iloc[0]).days / 7
    return float((after["recall"].sum() / before["recall"].sum()) ** (1 / weeks))


def rival_gain(tables: Tables, waves: int = 4) -> float:
    """Points of share the rival won a quarter where the brand was off, less what it won elsewhere."""
    gains = []
    for off in (True, False):
        before, after = (_waves(tables, place, off)["rival_share_permille"].mean() for place in (0, waves))
        gains.append((after - before) / 1000 / waves)
    return gains[0] - gains[1]


def offers_carry_over(tables: Tables) -> float:
    """The weekly carry-over at which past offers explain revenue best, before the test."""
    return _best_offers(tables)[0]


def offers_return(tables: Tables) -> float:
    """Revenue a euro of offers brings in all its weeks together."""
    keeps, first_week = _best_offers(tables)
    return first_week / (1 - keeps)


def offers_return_same_week(tables: Tables) -> float:
    """Misread: what a euro of offers brings in the week it is spent."""
    return _best_offers(tables)[1]


def _waves(tables: Tables, place: int, off: bool = True) -> pd.DataFrame:
    """The tracker's rows `place` waves after the last one before the test, in or out of its micromarkets."""
    media, tracker = tables["media_weekly"], tables["brand_tracker"]
    test = media[media["experiment_id"] == "EXP-05"]
    waves = sorted(tracker["wave_on"].unique())
    last = sum(wave < test["week"].min() for wave in waves) - 1
    inside = tracker["micromarket_id"].isin(test["micromarket_id"]) == off
    return tracker[inside & (tracker["wave_on"] == waves[last + place])]


def _best_offers(tables: Tables) -> tuple[float, float]:
    """Carry-over and first week's effect by least squares on log revenue; micromarket and week taken out."""
    rows = tables["media_weekly"]
    rows = rows[rows["week"] < rows.loc[rows["experiment_id"] == "EXP-05", "week"].min()]
    wide = {
        name: rows.pivot(index="week", columns="micromarket_id", values=name) for name in ("offers_eur", "revenue_eur")
    }
    change = _two_way(np.log(wide["revenue_eur"].to_numpy(dtype=float)))
    spend = (wide["offers_eur"] / wide["revenue_eur"].mean()).to_numpy()
    found = []
    for keeps in np.arange(0.30, 0.96, 0.01):
        pressure = _two_way(_adstock(spend, keeps))
        effect = (pressure * change).sum() / (pressure**2).sum()
        found.append((((change - effect * pressure) ** 2).sum(), keeps, effect))
    _, keeps, effect = min(found)
    return float(keeps), float(effect)


def _adstock(spend: np.ndarray, keeps: float) -> np.ndarray:
    felt: list[Sequence[float]] = [spend[0]]
    for row in spend[1:]:
        felt.append(row + keeps * felt[-1])
    return np.array(felt)


def _two_way(values: np.ndarray) -> np.ndarray:
    return values - values.mean(axis=0) - values.mean(axis=1, keepdims=True) + values.mean()
