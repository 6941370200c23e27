"""From a raised hand to a signed contract: who entered which step when, and who went on.

Everything here starts from *journeys*: one row a unit (a person, or an opportunity that no lead stands behind) and
step, with the first time the unit entered it. Repeats, re-entries and backward moves therefore count once.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from onefunnel.metrics.ratio import share

DAY = pd.Timedelta(days=1)

#: Default share of movers whose time to the next step a cohort must have had before it is judged.
MATURITY_QUANTILE = 0.90

#: A cohort whose quarter ended fewer days ago than this is drawn as "still moving".
YOUNG_DAYS = 270

#: Steps that are read from a column of `leads`; later ones come from `stage_history`.
LEAD_STEPS = {"engaged": "created_at", "marketing_qualified": "mql_at", "accepted": "accepted_at"}


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
    unit, unit_of_deal = _units(leads)
    parts = [
        pd.DataFrame({"unit_id": unit, "step_id": step, "entered_at": leads[column]})
        for step, column in LEAD_STEPS.items()
    ]
    deals = stage_history["opp_id"]
    parts.append(
        pd.DataFrame(
            {
                "unit_id": mapped_or_self(deals, unit_of_deal),
                "step_id": stage_history["step_id"],
                "entered_at": stage_history["entered_at"],
            }
        )
    )
    rows = pd.concat([part.dropna() for part in parts], ignore_index=True)
    first = rows.groupby(["unit_id", "step_id"], as_index=False)["entered_at"].min()
    return first.sort_values(["unit_id", "entered_at", "step_id"], ignore_index=True)


def _units(leads: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """The unit of every lead row, and of every opportunity that a lead stands behind."""
    dealt = leads.dropna(subset=["opp_id"]).sort_values(["created_at", "lead_id"], kind="stable")
    owner_of_deal = dealt.drop_duplicates("opp_id").set_index("opp_id")["contact_id"]
    deal_of_contact = dealt.drop_duplicates("contact_id").set_index("contact_id")["opp_id"]
    owner_of_contact = deal_of_contact.map(owner_of_deal)
    unit = mapped_or_self(leads["contact_id"], owner_of_contact)
    unit_of_contact = pd.Series(unit.array, index=leads["contact_id"].array)
    unit_of_contact = unit_of_contact[~unit_of_contact.index.duplicated()]
    return unit, owner_of_deal.map(unit_of_contact)


def reached(journeys: pd.DataFrame, step: str, steps: Sequence[str]) -> pd.Series:
    """Whether each unit reached `step`: True when it entered that step **or any later one**.

    A deal that skipped the trial and has a proposal is past the trial, so it counts. `journeys` is the frame of
    `first_entries` or a raw `stage_history`; the unit is its first column of `unit_id`, `opp_id`.
    `steps` are the playbook's step ids in order. Returns booleans indexed by unit. An unknown step is a ValueError.
    """
    position = _positions(steps)
    wanted = _position(position, step)
    unit = "unit_id" if "unit_id" in journeys.columns else "opp_id"
    at = journeys["step_id"].map(position).fillna(-1).astype("int64")
    return at.groupby(journeys[unit]).max().ge(wanted).rename(f"reached_{step}")


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
    position = _positions(steps)
    start, goal = _position(position, from_step), _position(position, to_step)
    if goal <= start:
        raise ValueError(f'"{to_step}" does not come after "{from_step}" in the funnel. Swap the two.')
    journeys = first_entries(leads, stage_history)
    at = journeys["step_id"].map(position)
    entered = journeys.loc[at == start].set_index("unit_id")["entered_at"]
    moved = journeys.loc[at >= goal].groupby("unit_id")["entered_at"].min()
    return pd.DataFrame({"entered_at": entered, "moved_at": moved.reindex(entered.index)})


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
    moves = stage_moves(leads, stage_history, steps, from_step, to_step)
    cohort = moves[moves["entered_at"] <= cutoff(moves, as_of, maturity_days)]
    return share(cohort["moved_at"].notna().sum(), len(cohort))


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
    maturity_days: float = 365,
) -> str:
    """The step at whose door **most people** stop: id of the step entered, by number of people lost before it."""
    return str((-cohort_counts(leads, stage_history, as_of, steps, maturity_days).diff()).idxmax())


def lowest_rate(
    leads: pd.DataFrame,
    stage_history: pd.DataFrame,
    as_of: pd.Timestamp,
    steps: Sequence[str],
    maturity_days: float = 365,
) -> str:
    """The step at whose door the **largest share** stops: id of the step with the lowest conversion into it."""
    return str(cohort_counts(leads, stage_history, as_of, steps, maturity_days).pct_change().idxmin())


def cohort_counts(
    leads: pd.DataFrame,
    stage_history: pd.DataFrame,
    as_of: pd.Timestamp,
    steps: Sequence[str],
    maturity_days: float = 365,
) -> pd.Series:
    """How many people of the mature cohort reached each step, from `engaged` to `won`, indexed by step id.

    The cohort: people whose first raised hand is at least `maturity_days` before `as_of`. Because "reached" counts
    those who skipped a step, neighbouring ratios multiply to the whole. Empty tables give zeros.
    """
    cohort, furthest, position = _cohort(leads, stage_history, steps)
    old = cohort <= as_of - pd.Timedelta(days=maturity_days)
    shown = funnel_steps(steps)
    at = furthest[old].to_numpy()
    return pd.Series([int((at >= position[step]).sum()) for step in shown], index=shown, name="reached")


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
    cohort, furthest, position = _cohort(leads, stage_history, steps)
    if cohort.empty:
        return pd.DataFrame(columns=["cohort", "step_id", "reached", "same_period", "still_moving"])
    quarter = cohort.dt.to_period("Q")
    quarters = pd.period_range(quarter.min(), quarter.max(), freq="Q")
    counts = pd.concat(
        {step: furthest.ge(position[step]).groupby(quarter).sum().reindex(quarters, fill_value=0) for step in shown}
    )
    journeys = first_entries(leads, stage_history)
    journeys = journeys[journeys["unit_id"].isin(cohort.index) & journeys["step_id"].isin(shown)]
    seen = journeys.groupby(["step_id", journeys["entered_at"].dt.to_period("Q")]).size()
    frame = counts.rename("reached").rename_axis(["step_id", "cohort"]).to_frame()
    frame["same_period"] = seen.reindex(counts.index, fill_value=0).to_numpy()
    frame = frame.astype("int64").reset_index()
    ended = frame["cohort"].dt.end_time.dt.normalize()
    frame["still_moving"] = ended > as_of - pd.Timedelta(days=young_days)
    frame["place"] = frame["step_id"].map(position)
    frame = frame.sort_values(["cohort", "place"], ignore_index=True)
    frame["cohort"] = frame["cohort"].astype(str)
    return frame[["cohort", "step_id", "reached", "same_period", "still_moving"]]


def funnel_steps(steps: Sequence[str]) -> list[str]:
    """The steps that the tables can count, in order: `engaged` to `won`."""
    position = _positions(steps)
    return list(steps)[_position(position, "engaged") : _position(position, "won") + 1]


def mapped_or_self(ids: pd.Series, other: pd.Series) -> pd.Series:
    """Each id's entry in `other` (indexed by id), or the id itself where there is none."""
    found = ids.map(other)
    return pd.Series(np.where(found.notna(), found.astype(object), ids.astype(object)), index=ids.index, dtype=object)


def _cohort(
    leads: pd.DataFrame, stage_history: pd.DataFrame, steps: Sequence[str]
) -> tuple[pd.Series, pd.Series, dict[str, int]]:
    """First raised hand and furthest position of everyone who raised one, both indexed by unit."""
    position = _positions(steps)
    journeys = first_entries(leads, stage_history)
    cohort = journeys.loc[journeys["step_id"] == "engaged"].set_index("unit_id")["entered_at"]
    at = journeys["step_id"].map(position)
    furthest = at.groupby(journeys["unit_id"]).max().reindex(cohort.index)
    return cohort, furthest, position


def _positions(steps: Sequence[str]) -> dict[str, int]:
    return {step: place for place, step in enumerate(steps)}


def _position(positions: dict[str, int], step: str) -> int:
    if step not in positions:
        raise ValueError(f'unknown step "{step}". The funnel has: {", ".join(positions)}.')
    return positions[step]
