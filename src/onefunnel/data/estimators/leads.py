"""What happens to leads after they are assigned: the planted truths, and their everyday readings.

Working hours are Monday to Friday, 9 to 17; holidays are left aside here, which moves no share by half a point.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from onefunnel.data.tables import Tables

OPENS, CLOSES = 9, 17
LIMIT_HOURS = 4
DAY = pd.Timedelta(days=1)
SETTLED_DAYS = 90  # by then a touched lead has become an opportunity or never will
SPEEDS = {"fast": (0.0, 1.0), "slow": (24.0, np.inf)}  # hours by the wall clock, above and up to


# ---- who is touched (PT03) ---------------------------------------------------------------------------------------


def untouched(tables: Tables, origin: str = "", without: str = "", fit: int = 0) -> float:
    """Share of assigned leads whose clock ran out that no human touched: of one origin, without one, of high fit."""
    rows = _ran_out(tables, origin, without, fit)
    return float((rows["first_touch_kind"] != "human").mean())


def untouched_by_anything(tables: Tables, origin: str = "", without: str = "", fit: int = 0) -> float:
    """The share without even an automatic reply; misread as the untouched."""
    return float(_ran_out(tables, origin, without, fit)["first_touch_at"].isna().mean())


def high_fit_share(tables: Tables, fit: int) -> float:
    """Share of the marketing-qualified people with a fit of so many points or more."""
    people = tables["leads"].dropna(subset=["mql_at"]).groupby("contact_id")["fit_score"].first()
    return float((people >= fit).mean())


def touched_in_time(tables: Tables, hours: float) -> float:
    """Share of the assigned leads whose clock ran out that a human touched within so many working hours."""
    rows = _ran_out(tables)
    return float(_in_time(rows, hours).sum() / len(rows))


def in_time_of_the_touched(tables: Tables, hours: float) -> float:
    """Misread: the same, of those who were touched at all."""
    rows = _ran_out(tables)
    return float(_in_time(rows, hours).sum() / (rows["first_touch_kind"] == "human").sum())


def _ran_out(tables: Tables, origin: str = "", without: str = "", fit: int = 0) -> pd.DataFrame:
    """Assigned rows with four working hours between the assignment and `as_of`."""
    rows = tables["leads"].dropna(subset=["assigned_at"])
    end = pd.Series(tables.as_of, index=rows.index)
    rows = rows[(_worked(end) - _worked(rows["assigned_at"])) >= LIMIT_HOURS]
    keep = (rows["origin"] == origin) | (not origin)
    return rows[keep & (rows["origin"] != without) & (rows["fit_score"] >= fit)]


def _in_time(rows: pd.DataFrame, hours: float) -> pd.Series:
    worked = _worked(rows["first_touch_at"]) - _worked(rows["assigned_at"])
    return (rows["first_touch_kind"] == "human") & (worked <= hours)


def _worked(moments: pd.Series) -> pd.Series:
    """Working hours since a Monday long ago; missing moments stay missing."""
    since = (moments - pd.Timestamp("2020-01-06")) / DAY
    weeks, day = since // 7, since % 7
    today = ((day % 1) * 24).clip(OPENS, CLOSES) - OPENS
    whole_days = np.minimum(day // 1, 5)
    return (weeks * 5 + whole_days) * (CLOSES - OPENS) + today.where(day < 5, 0.0)


# ---- how soon (PT04) ---------------------------------------------------------------------------------------------


def qualified_by_speed(tables: Tables, speed: str, intent: str = "") -> float:
    """Share of the touched that became an opportunity, of those touched fast or slow, with one intent or any."""
    rows = _touched(tables, intent)
    return float(rows.loc[_is(rows, speed), "qualified"].mean())


def share_within_hour(tables: Tables, intent: str) -> float:
    """Of the touched with one intent, the share touched within the hour."""
    rows = _touched(tables, intent)
    return float(_is(rows, "fast").mean())


def speed_ratio(tables: Tables) -> float:
    """Misread: opportunities per touched lead, fast ÷ slow, whatever the person had asked for."""
    return qualified_by_speed(tables, "fast") / qualified_by_speed(tables, "slow")


def speed_ratio_within_intent(tables: Tables) -> float:
    """Fast ÷ slow among people with the same intent: the Mantel–Haenszel risk ratio over the intents."""
    above = below = 0.0
    for _, rows in _touched(tables).groupby("intent"):
        fast, slow = rows.loc[_is(rows, "fast"), "qualified"], rows.loc[_is(rows, "slow"), "qualified"]
        whole = len(fast) + len(slow)
        above += fast.sum() * len(slow) / whole
        below += slow.sum() * len(fast) / whole
    return float(above / below)


def _touched(tables: Tables, intent: str = "") -> pd.DataFrame:
    """Rows touched by a human and old enough: hours to the touch by the wall clock, and whether a deal came of it."""
    rows = tables["leads"]
    rows = rows[(rows["first_touch_kind"] == "human") & (rows["assigned_at"] < tables.as_of - SETTLED_DAYS * DAY)]
    hours = (rows["first_touch_at"] - rows["assigned_at"]) / pd.Timedelta(hours=1)
    rows = rows.assign(hours=hours, qualified=rows["opp_id"].notna())
    return rows[rows["intent"] == intent] if intent else rows


def _is(rows: pd.DataFrame, speed: str) -> pd.Series:
    above, up_to = SPEEDS[speed]
    return (rows["hours"] > above) & (rows["hours"] <= up_to)
