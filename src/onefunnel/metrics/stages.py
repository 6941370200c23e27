"""From a raised hand to a signed contract: who entered which step when, and who went on.

Everything here starts from *journeys*: one row a unit (a person, or an opportunity that no lead stands behind) and
step, with the first time the unit entered it. Repeats, re-entries and backward moves therefore count once.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from onefunnel.metrics.codes import NEVER, places, shared_codes, timestamps
from onefunnel.metrics.journeys import LEAD_STEPS, Journeys
from onefunnel.metrics.kept import shared
from onefunnel.metrics.ratio import share

DAY = pd.Timedelta(days=1)

#: Default share of movers whose time to the next step a cohort must have had before it is judged.
MATURITY_QUANTILE = 0.90

#: People who raised a hand this many days before `as_of` have had their time to become customers.
MATURE_DAYS = 365

#: A cohort whose quarter ended fewer days ago than this is drawn as "still moving".
YOUNG_DAYS = 270


def first_entries(leads: pd.DataFrame, stage_history: pd.DataFrame) -> pd.DataFrame:
    """First time each unit entered each step.

    Columns of the result: `unit_id`, `step_id`, `entered_at`; one row a unit and step, sorted by unit and time.
    The unit is the person (`contact_id`), so a repeat raised hand counts once. Contacts who share one opportunity
    are one unit, named after the contact who raised a hand first. An opportunity without any lead (sales found it
    itself) is its own unit (`opp_id`) and enters at its first row of `stage_history`. The closing rows `lost` and
    `no_decision` are kept; they are no steps, so every reading below ignores them.

    Needs `leads[lead_id, contact_id, opp_id, created_at, mql_at, accepted_at]` and
    `stage_history[opp_id, step_id, entered_at]`. Rows without a time are left out.
    """
    return shared((leads, stage_history), "first_entries", lambda: _first_entries(leads, stage_history))


def reached(journeys: pd.DataFrame, step: str, steps: Sequence[str]) -> pd.Series:
    """Whether each unit reached `step`: True when it entered that step **or any later one**.

    A deal that skipped the trial and has a proposal is past the trial, so it counts. `journeys` is the frame of
    `first_entries` or a raw `stage_history`; the unit is its first column of `unit_id`, `opp_id`.
    `steps` are the playbook's step ids in order. Returns booleans indexed by unit. An unknown step is a ValueError.
    """
    wanted = _place(steps, step)
    unit = "unit_id" if "unit_id" in journeys.columns else "opp_id"
    (code,), labels = shared_codes(journeys[unit])
    known, yes = np.zeros(len(labels), dtype=bool), np.zeros(len(labels), dtype=bool)
    known[code[code >= 0]] = True
    yes[code[(code >= 0) & (places(journeys["step_id"], steps) >= wanted)]] = True
    return pd.Series(yes[known], index=pd.Index(labels[known], name=unit), name=f"reached_{step}").sort_index()


def count_reached(stage_history: pd.DataFrame, steps: Sequence[str], step: str) -> int:
    """How many opportunities reached `step`, those that skipped it included (see `reached`). Unit: count."""
    return int(reached(stage_history, step, steps).sum())


def stage_moves(
    leads: pd.DataFrame, stage_history: pd.DataFrame, steps: Sequence[str], from_step: str, to_step: str
) -> pd.DataFrame:
    """Units that entered `from_step`: `entered_at`, and `moved_at` = first entry into `to_step` or any later step.

    `moved_at` is NaT for those who have not moved on. Indexed by unit. ValueError when a step is unknown or
    `to_step` does not come after `from_step`.
    """
    journeys = _journeys(leads, stage_history, steps)
    moves, units = _moves(journeys, from_step, to_step)
    return moves.set_index(pd.Index(journeys.names(units), name="unit_id")).sort_index()


def maturity_window(moves: pd.DataFrame, quantile: float = MATURITY_QUANTILE) -> float:
    """Days that `quantile` of the movers needed from entry to move (default: nine in ten). NaN when nobody moved."""
    days = ((moves["moved_at"] - moves["entered_at"]) / DAY).dropna().clip(lower=0)
    return float(days.quantile(quantile)) if len(days) else float("nan")


def cutoff(moves: pd.DataFrame, as_of: pd.Timestamp, maturity_days: float | None = None) -> pd.Timestamp:
    """The latest entry that is old enough: `as_of` less `maturity_days`, or less `maturity_window` by default.

    NaT when nobody moved and no days are given: then no entry compares as old enough, and every share of them is NaN.
    """
    window = maturity_window(moves) if maturity_days is None else float(maturity_days)
    return pd.NaT if np.isnan(window) else as_of - pd.Timedelta(days=window)


def stage_conversion(
    leads: pd.DataFrame,
    stage_history: pd.DataFrame,
    as_of: pd.Timestamp,
    steps: Sequence[str],
    from_step: str,
    to_step: str,
    maturity_days: float | None = None,
) -> float:
    """Share of those who entered `from_step` that went on: entered `to_step` or later ÷ entered `from_step`.

    Unit: fraction of people (of opportunities where no lead stands behind them), each counted once, by first entry.
    Left out: units that entered less than `maturity_days` before `as_of`, because they have not had their time
    (default: the days in which nine of ten movers moved on). `as_of` comes from the data, never from the calendar.
    NaN when nobody is old enough, or when nobody moved and no `maturity_days` is given. ValueError: see `stage_moves`.
    """
    journeys = _journeys(leads, stage_history, steps)
    return _conversion(journeys, as_of, from_step, to_step, maturity_days)["rate"]


def conversion_table(
    leads: pd.DataFrame,
    stage_history: pd.DataFrame,
    as_of: pd.Timestamp,
    steps: Sequence[str],
    maturity_days: float | None = None,
) -> pd.DataFrame:
    """`stage_conversion` of every neighbouring pair from `engaged` to `won`: one row a pair, indexed by its first step.

    Columns: `to_step`, `entered` and `moved` (people of the cohort), `rate` (fraction), `maturity_days` (those used).
    """
    return _conversion_table(_journeys(leads, stage_history, steps), as_of, maturity_days)


def people(journeys: Journeys, as_of: pd.Timestamp) -> tuple[pd.Series, pd.DataFrame]:
    """`cohort_counts` and `conversion_table` of journeys that are put together already."""
    return _cohort_counts(journeys, as_of, MATURE_DAYS), _conversion_table(journeys, as_of, None)


def gain_from_points(
    leads: pd.DataFrame,
    stage_history: pd.DataFrame,
    as_of: pd.Timestamp,
    steps: Sequence[str],
    from_step: str,
    to_step: str,
    points: float,
    maturity_days: float | None = None,
) -> float:
    """How many more customers `points` more of a step's conversion bring, as a fraction: points ÷ today's rate.

    From 38 % to 48 % are 10 points and 26 % more people at every later step, if those convert as before.
    `points` is a fraction (0.10 = ten points). NaN where the rate is 0 or NaN. Rest: see `stage_conversion`.
    """
    rate = stage_conversion(leads, stage_history, as_of, steps, from_step, to_step, maturity_days)
    return share(points, rate)


def largest_drop(
    leads: pd.DataFrame,
    stage_history: pd.DataFrame,
    as_of: pd.Timestamp,
    steps: Sequence[str],
    maturity_days: float = MATURE_DAYS,
) -> str:
    """The step at whose door **most people** stop: id of the step entered, by number of people lost before it.

    ValueError when nobody is old enough, or nobody stopped anywhere: then no step is the worst.
    """
    return str(_stops(leads, stage_history, as_of, steps, maturity_days).diff().idxmin())


def lowest_rate(
    leads: pd.DataFrame,
    stage_history: pd.DataFrame,
    as_of: pd.Timestamp,
    steps: Sequence[str],
    maturity_days: float = MATURE_DAYS,
) -> str:
    """The step at whose door the **largest share** stops: id of the step with the lowest conversion into it.

    ValueError: see `largest_drop`.
    """
    return str(_stops(leads, stage_history, as_of, steps, maturity_days).pct_change().idxmin())


def cohort_counts(
    leads: pd.DataFrame,
    stage_history: pd.DataFrame,
    as_of: pd.Timestamp,
    steps: Sequence[str],
    maturity_days: float = MATURE_DAYS,
) -> pd.Series:
    """How many people of the mature cohort reached each step, from `engaged` to `won`, indexed by step id.

    The cohort: people whose first raised hand is at least `maturity_days` before `as_of`. Because "reached" counts
    those who skipped a step, neighbouring ratios multiply to the whole. Empty tables give zeros.
    """
    return _cohort_counts(_journeys(leads, stage_history, steps), as_of, maturity_days)


def stage_funnel(
    leads: pd.DataFrame,
    stage_history: pd.DataFrame,
    as_of: pd.Timestamp,
    steps: Sequence[str],
    young_days: int = YOUNG_DAYS,
) -> pd.DataFrame:
    """The funnel by cohort quarter, with the same-quarter reading that people confuse it with.

    One row a quarter and step (`engaged` … `won`), in order. Columns: `cohort` (such as "2025Q1": quarter of the
    person's first raised hand), `step_id`, `reached` (people of that cohort who reached the step by `as_of`),
    `same_period` (people who first entered the step during that quarter, whichever cohort they belong to),
    `still_moving` (the quarter ended fewer than `young_days` before `as_of`). Opportunities without a lead belong
    to no cohort and are left out of both readings. Empty tables give an empty frame.
    """
    shown = funnel_steps(steps)
    journeys = _journeys(leads, stage_history, steps)
    created = journeys.entered("engaged")
    units = np.flatnonzero(created != NEVER)
    if not len(units):
        return pd.DataFrame(columns=["cohort", "step_id", "reached", "same_period", "still_moving"])
    quarter = _quarters(created[units])
    quarters = pd.period_range(quarter.min(), quarter.max(), freq="Q")
    furthest = journeys.furthest[units]
    reached_by, entered_in = {}, {}
    for step in shown:
        first = journeys.entered(step)[units]
        reached_by[step] = pd.Series(quarter[furthest >= _place(steps, step)]).value_counts().reindex(quarters)
        entered_in[step] = pd.Series(_quarters(first[first != NEVER])).value_counts().reindex(quarters)
    counts, seen = (pd.concat(table).fillna(0) for table in (reached_by, entered_in))
    frame = counts.rename("reached").rename_axis(["step_id", "cohort"]).to_frame()
    frame["same_period"] = seen.to_numpy()
    frame = frame.astype("int64").reset_index()
    ended = frame["cohort"].dt.end_time.dt.normalize()
    frame["still_moving"] = ended > as_of - pd.Timedelta(days=young_days)
    frame["place"] = places(frame["step_id"], steps)
    frame = frame.sort_values(["cohort", "place"], ignore_index=True)
    frame["cohort"] = frame["cohort"].astype(str)
    return frame[["cohort", "step_id", "reached", "same_period", "still_moving"]]


def funnel_steps(steps: Sequence[str]) -> list[str]:
    """The steps that the tables can count, in order: `engaged` to `won`."""
    return list(steps)[_place(steps, "engaged") : _place(steps, "won") + 1]


def mapped_or_self(ids: pd.Series, other: pd.Series) -> pd.Series:
    """Each id's entry in `other` (indexed by id), or the id itself where there is none."""
    found = ids.map(other)
    return pd.Series(np.where(found.notna(), found.astype(object), ids.astype(object)), index=ids.index, dtype=object)


def _first_entries(leads: pd.DataFrame, stage_history: pd.DataFrame) -> pd.DataFrame:
    steps = list(dict.fromkeys([*LEAD_STEPS, *stage_history["step_id"].dropna().unique()]))
    journeys = Journeys(leads, stage_history, steps)
    parts = []
    for step in steps:
        entered = journeys.entered(step)
        units = np.flatnonzero(entered != NEVER)
        ids, times = journeys.names(units), timestamps(entered[units])
        parts.append(pd.DataFrame({"unit_id": ids, "step_id": step, "entered_at": times}))
    rows = pd.concat(parts, ignore_index=True)
    return rows.sort_values(["unit_id", "entered_at", "step_id"], ignore_index=True)


def _journeys(leads: pd.DataFrame, stage_history: pd.DataFrame, steps: Sequence[str]) -> Journeys:
    return shared((leads, stage_history), ("journeys", *steps), lambda: Journeys(leads, stage_history, steps))


def _moves(journeys: Journeys, from_step: str, to_step: str) -> tuple[pd.DataFrame, np.ndarray]:
    """The rows of `stage_moves`, unlabelled, and the unit of each."""
    start, goal = _place(journeys.steps, from_step), _place(journeys.steps, to_step)
    if goal <= start:
        raise ValueError(f'"{to_step}" does not come after "{from_step}" in the funnel. Swap the two.')
    entered = journeys.entered(from_step)
    units = np.flatnonzero(entered != NEVER)
    moved = journeys.entered_from(to_step)[units]
    return pd.DataFrame({"entered_at": timestamps(entered[units]), "moved_at": timestamps(moved)}), units


def _conversion_table(journeys: Journeys, as_of: pd.Timestamp, maturity_days: float | None) -> pd.DataFrame:
    shown = funnel_steps(journeys.steps)
    rows = [_conversion(journeys, as_of, *pair, maturity_days) for pair in pairwise(shown)]
    return pd.DataFrame(rows, index=pd.Index(shown[:-1], name="from_step"))


def _conversion(
    journeys: Journeys, as_of: pd.Timestamp, from_step: str, to_step: str, maturity_days: float | None
) -> dict[str, Any]:
    moves, _ = _moves(journeys, from_step, to_step)
    window = maturity_window(moves) if maturity_days is None else float(maturity_days)
    old = moves["entered_at"] <= cutoff(moves, as_of, window)
    entered, moved = int(old.sum()), int((old & moves["moved_at"].notna()).sum())
    return {
        "to_step": to_step,
        "entered": entered,
        "moved": moved,
        "rate": share(moved, entered),
        "maturity_days": window,
    }


def _cohort_counts(journeys: Journeys, as_of: pd.Timestamp, maturity_days: float) -> pd.Series:
    shown = funnel_steps(journeys.steps)
    old = journeys.entered("engaged") <= (as_of - pd.Timedelta(days=maturity_days)).as_unit("ns").value
    far = np.bincount(journeys.furthest[old], minlength=len(journeys.steps))
    at_least = far[::-1].cumsum()[::-1]
    return pd.Series([int(at_least[_place(journeys.steps, step)]) for step in shown], index=shown, name="reached")


def _stops(
    leads: pd.DataFrame, stage_history: pd.DataFrame, as_of: pd.Timestamp, steps: Sequence[str], maturity_days: float
) -> pd.Series:
    """`cohort_counts` of a cohort in which somebody stopped."""
    counts = cohort_counts(leads, stage_history, as_of, steps, maturity_days)
    if counts.iloc[0] == 0:
        raise ValueError(
            f"nobody raised a hand {maturity_days:g} days before {as_of:%Y-%m-%d}. Use fewer maturity_days."
        )
    if counts.iloc[0] == counts.iloc[-1]:
        raise ValueError(f"all {counts.iloc[0]} people of the cohort got to the end: no step is the worst. Take more.")
    return counts


def _quarters(moments: np.ndarray) -> pd.PeriodIndex:
    return pd.DatetimeIndex(timestamps(moments)).to_period("Q")


def _place(steps: Sequence[str], step: str) -> int:
    if step not in steps:
        raise ValueError(f'unknown step "{step}". The funnel has: {", ".join(steps)}.')
    return list(steps).index(step)
