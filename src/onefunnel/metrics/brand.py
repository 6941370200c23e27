"""Being known: whether buyers who know us buy more often, and what happens when brand advertising stops.

Tables: `opportunities` and `accounts` (`segment`); `media_weekly` (one row a micromarket and week: `experiment_id`,
`brand_eur`, `offers_eur`, `revenue_eur`; an `experiment_id` marks the weeks and places of a test) and `brand_tracker`
(one row a micromarket and wave: `wave_on`, `asked`, `recall` = named us unaided, `rival_share_permille`).
Rates, shares and gaps are fractions; a gap of 0.05 is five points.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from onefunnel.metrics.deals import decided, win_rate
from onefunnel.metrics.ratio import share

EXPERIMENT = "EXP-05"
WEEK = pd.Timedelta(days=7)
YEAR_WEEKS = 52
SMOOTH_WEEKS = 4  # a single week is noisy


# ---- buyers who know us ---------------------------------------------------------------------------------------------


def rate_by_known(opportunities: pd.DataFrame, accounts: pd.DataFrame, known: bool, segment: str = "") -> float:
    """Win rate of the decided deals whose buyer knew us before the first talk, or did not; of one segment if named.

    Won ÷ decided (`deals.decided`); open deals are left out. NaN when no such deal is decided.
    """
    rows = with_segment(opportunities, accounts, segment)
    return win_rate(rows[rows["brand_known"].eq(known)])


def share_known(opportunities: pd.DataFrame, accounts: pd.DataFrame, segment: str = "") -> float:
    """Share of decided deals whose buyer knew us before the first talk; of one segment if named. NaN without a deal."""
    rows = decided(with_segment(opportunities, accounts, segment))
    return share(rows["brand_known"].eq(True).sum(), len(rows))


def gap_by_segment(opportunities: pd.DataFrame, accounts: pd.DataFrame) -> float:
    """Win rate with a known brand less that without, inside each segment, averaged; each segment weighs the same.

    So buyers are compared with buyers of their own kind. NaN when a segment lacks either side: then like cannot be
    compared with like. An association still: segments may differ in more than their name.
    """
    segments = sorted(with_segment(opportunities, accounts)["segment"].dropna().unique())
    gaps = [
        rate_by_known(opportunities, accounts, True, one) - rate_by_known(opportunities, accounts, False, one)
        for one in segments
    ]
    return float(np.mean(gaps)) if gaps else float("nan")


def with_segment(opportunities: pd.DataFrame, accounts: pd.DataFrame, segment: str = "") -> pd.DataFrame:
    """The opportunities with the `segment` of their account; those of one segment if named."""
    of_account = accounts.drop_duplicates("account_id").set_index("account_id")["segment"]
    rows = opportunities.assign(segment=opportunities["account_id"].map(of_account))
    return rows[rows["segment"] == segment] if segment else rows


# ---- brand advertising is switched off ------------------------------------------------------------------------------


def sales_lost(media_weekly: pd.DataFrame, week: int, experiment: str = EXPERIMENT) -> float:
    """How much lower sales are by that week of the test than they would be, a fraction: 0.09 is nine per cent lost.

    1 − (sales of the four weeks up to `week` ÷ sales of the year before, where the brand is off) ÷ (the same where it
    goes on): the places that go on carry season and growth. NaN when the test was shorter, or no year lies before it.
    ValueError when the table holds no such test.
    """
    return float(lost_by_week(media_weekly, experiment).get(week, float("nan")))


def lost_by_week(media_weekly: pd.DataFrame, experiment: str = EXPERIMENT) -> pd.Series:
    """`sales_lost` for each week of the test from the fourth on; the index counts its weeks from 1."""
    test, off = _test(media_weekly, experiment)
    place = (media_weekly["week"] - off["week"].min()) // WEEK + 1
    sums = media_weekly.groupby([place, test])["revenue_eur"].sum().unstack()
    if True not in sums or False not in sums:
        return pd.Series(dtype=float)
    before = sums.loc[1 - YEAR_WEEKS : 0]
    during = sums.loc[1 : off["week"].nunique()].rolling(SMOOTH_WEEKS).sum().dropna()
    if len(before) < YEAR_WEEKS:
        return pd.Series(dtype=float)
    ratio = during / before.sum()
    return 1 - ratio[True] / ratio[False]


def brand_keeps(media_weekly: pd.DataFrame, brand_tracker: pd.DataFrame, experiment: str = EXPERIMENT) -> float:
    """Share of what buyers recall that is left after a week without brand advertising, a fraction (0.93).

    The weekly rate at which unaided recall fell in the test's places over its first two waves. NaN without two waves.
    """
    waves = _waves(media_weekly, brand_tracker, experiment, inside=True)["recall"]
    if len(waves) < 3 or not waves.iloc[0]:
        return float("nan")
    weeks = (waves.index[2] - waves.index[0]) / WEEK
    return float((waves.iloc[2] / waves.iloc[0]) ** (1 / weeks))


def rival_gain(media_weekly: pd.DataFrame, brand_tracker: pd.DataFrame, experiment: str = EXPERIMENT) -> float:
    """Share that the rival won a quarter where the brand was off, beyond what it won elsewhere; 0.006 is 0.6 points.

    Mean of the places, over the waves of the test, one wave a quarter. NaN without a wave in the test.
    """
    gains = []
    for inside in (True, False):
        share_of = _waves(media_weekly, brand_tracker, experiment, inside)["rival_share_permille"] / 1000
        gains.append((share_of.iloc[-1] - share_of.iloc[0]) / (len(share_of) - 1) if len(share_of) > 1 else np.nan)
    return float(gains[0] - gains[1])


def held_by_a_euro(media_weekly: pd.DataFrame, experiment: str = EXPERIMENT) -> float:
    """Revenue that a euro of brand advertising holds, when it is kept up; EUR a euro.

    Sales lost in the last four weeks of the test ÷ brand money that was not spent in them. By then memory has faded,
    so this is what it costs in the long run. An average of all brand euros, not the next one.
    NaN where the test lacks the weeks.
    """
    test, off = _test(media_weekly, experiment)
    lost = lost_by_week(media_weekly, experiment)
    if lost.empty:
        return float("nan")
    start = off["week"].min()
    before = media_weekly[test & (media_weekly["week"] < start) & (media_weekly["week"] >= start - YEAR_WEEKS * WEEK)]
    return share(lost.iloc[-1], share(before["brand_eur"].sum(), before["revenue_eur"].sum()))


def _test(media_weekly: pd.DataFrame, experiment: str) -> tuple[pd.Series, pd.DataFrame]:
    """Which rows lie in the test's places, and the rows of the test itself."""
    off = media_weekly[media_weekly["experiment_id"].eq(experiment)]
    if off.empty:
        raise ValueError(f"media_weekly: no row of {experiment}. Write its id into the weeks and places of the test.")
    return media_weekly["micromarket_id"].isin(off["micromarket_id"]), off


def _waves(media_weekly: pd.DataFrame, brand_tracker: pd.DataFrame, experiment: str, inside: bool) -> pd.DataFrame:
    """Sum of recall and mean of the rival's share by wave: the last one before the test, then those in it."""
    _, off = _test(media_weekly, experiment)
    rows = brand_tracker[brand_tracker["micromarket_id"].isin(off["micromarket_id"]) == inside]
    waves = rows.groupby("wave_on").agg({"recall": "sum", "rival_share_permille": "mean"})
    place = int((waves.index < off["week"].min()).sum())
    return waves.iloc[max(place - 1, 0) :]
