"""The way of each deal through the steps: the rows of `stage_history` in order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from onefunnel.metrics.codes import NEVER, moments, places, shared_codes


def walks(stage_history: pd.DataFrame, steps: Sequence[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Row numbers by deal, time and place in the funnel, and in that order each row's deal code, time and place.

    Time is `codes.moments`, place −1 for what is no step (`lost`, `no_decision`). Rows without a time or a deal are
    left out. A table that stands in this order already, as most exports do, is not sorted.
    """
    (deal,), _ = shared_codes(stage_history["opp_id"])
    time = moments(stage_history["entered_at"])
    place = places(stage_history["step_id"], steps)
    rows = np.flatnonzero((deal >= 0) & (time != NEVER))
    if len(rows) < len(deal):
        deal, time, place = deal[rows], time[rows], place[rows]
    # A closing row has place −1 but comes last of its moment.
    rank = np.where(place < 0, len(steps), place)
    if not _in_order(deal, time, rank):
        order = np.lexsort((rank, time, deal))
        rows, deal, time, place = rows[order], deal[order], time[order], place[order]
    return rows, deal, time, place


def _in_order(deal: np.ndarray, time: np.ndarray, rank: np.ndarray) -> bool:
    same = deal[1:] == deal[:-1]
    later = (time[1:] > time[:-1]) | ((time[1:] == time[:-1]) & (rank[1:] >= rank[:-1]))
    return bool(((deal[1:] > deal[:-1]) | (same & later)).all())
