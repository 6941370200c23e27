"""Wrong rules for how closely roles must be agreed. Each has the signature of what its docstring names."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from onefunnel.metrics import roles
from onefunnel.metrics.roles import FIRST_TIME, LABELS, SHORT_LIFE_MONTHS, WEEKS_A_QUARTER


def big_is_tight(sales: pd.DataFrame) -> pd.Series:
    """For role_clarity: tight for key accounts, light for the rest. Size is one reason of five."""
    return _labels(np.where(sales["key_account"].astype(bool), 2, 0), sales)


def rebuy_is_tight(sales: pd.DataFrame) -> pd.Series:
    """For role_clarity: turned round: the known purchase closely defined, the first one left to itself."""
    return _labels(np.where(sales["purchase_type"].isin(FIRST_TIME), 0, 2), sales)


def short_life_is_light(sales: pd.DataFrame) -> pd.Series:
    """For role_clarity: "it is gone in two years, so do not bother". It has no time to sort roles out late."""
    right = roles.role_clarity(sales)
    return right.where(sales["product_life_months"] >= SHORT_LIFE_MONTHS, LABELS[0])


def same_pair_twice(
    marketers: Sequence[str], territories: Sequence[str], weeks: int, weeks_a_quarter: int = WEEKS_A_QUARTER
) -> pd.DataFrame:
    """For rotation: everybody stays with the same territory. Comfortable, and learns one customer only."""
    schedule = roles.rotation(marketers, territories, weeks, weeks_a_quarter)
    first = schedule.drop_duplicates("marketer").set_index("marketer")["territory_id"]
    return schedule.assign(territory_id=schedule["marketer"].map(first))


def empty_week(
    marketers: Sequence[str], territories: Sequence[str], weeks: int, weeks_a_quarter: int = WEEKS_A_QUARTER
) -> pd.DataFrame:
    """For rotation: nobody rides in the last week of a quarter, when the field has most to say."""
    schedule = roles.rotation(marketers, territories, weeks, weeks_a_quarter)
    return schedule[schedule["week"] % weeks_a_quarter != 0].reset_index(drop=True)


def _labels(places: np.ndarray, sales: pd.DataFrame) -> pd.Series:
    return pd.Series(np.array(LABELS, dtype=object)[places], index=sales.index, name="roles", dtype=object)
