"""Credit: which touches a won deal is booked to. Credit is a rule of book-keeping, it is not cause.

Two tables go in. `touches` has one row a touch: `account_id`, `touched_at`, `channel`, and, where it is known,
`function` (marketing, sales, service) and `milestone` (lead_created, opportunity_created). `conversions` has one row a
closed deal: `opp_id`, `account_id`, `closed_at`, `converted` (true = won), `value_eur`. `touch_paths` joins them by
**account**: several people of one firm decide together, so one person's touches are not the whole path.

A rule gives one fraction a touch, in the order of the rows it was given; they add to 1 in every path, so that a deal
is never booked twice. `credit_by_channel` adds them up. What the spend *caused* only a test tells
(`value.incremental_romi`).
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

DAY = pd.Timedelta(days=1)
LOOK_BACK_DAYS = 90
HALF_LIFE_DAYS = 7.0

#: The channel of a deal without any touch in the window. It is shown, never dropped.
UNKNOWN = "unknown"
MILESTONES = ("lead_created", "opportunity_created")

#: First and last touch of the U; the touches between share the rest.
U_ENDS = 0.4
#: Each of the three named touches of the W; all the others share the rest.
W_NAMED = 0.3


def touch_paths(
    touches: pd.DataFrame,
    conversions: pd.DataFrame,
    look_back_days: float = LOOK_BACK_DAYS,
    functions: Collection[str] | None = None,
) -> pd.DataFrame:
    """The touches of each deal's account in the `look_back_days` up to its closing: one row a touch and deal.

    Columns: `opp_id`, `touched_at`, `channel`, `milestone` (missing where there is none), `converted`, `value_eur`;
    sorted by deal and time. `functions` keeps the touches of these functions (("marketing",) leaves sales touches out);
    None keeps all. Left out: older touches, touches after the closing, accounts without a closed deal. A deal without
    any touch left gets one row with channel "unknown", so that credit adds to all deals. A touch before two deals of
    one account stands in both paths. ValueError when a look-back is not above 0 or a deal stands twice.
    """
    if not look_back_days > 0:
        raise ValueError(f"a look-back of {look_back_days} days holds no touch. Use a number of days above 0.")
    if conversions["opp_id"].duplicated().any():
        raise ValueError("conversions: an opp_id stands there twice. Keep one row a deal, or its credit doubles.")
    kept = touches if functions is None else touches[touches["function"].isin(list(functions))]
    kept = kept.assign(milestone=kept.get("milestone"))
    kept = kept[["account_id", "touched_at", "channel", "milestone"]]
    deals = conversions[["opp_id", "account_id", "closed_at", "converted", "value_eur"]]
    rows = deals.merge(kept, on="account_id", how="inner")
    age = (rows["closed_at"] - rows["touched_at"]) / DAY
    rows = rows[(age >= 0) & (age <= look_back_days)]
    bare = deals[~deals["opp_id"].isin(rows["opp_id"])]
    bare = bare.assign(touched_at=bare["closed_at"], channel=UNKNOWN, milestone=None)
    columns = ["opp_id", "touched_at", "channel", "milestone", "converted", "value_eur"]
    parts = [part[columns].astype({"milestone": object}) for part in (rows, bare) if len(part)]
    paths = pd.concat(parts) if parts else rows[columns]
    paths = paths.assign(channel=paths["channel"].fillna(UNKNOWN))
    return paths.sort_values(["opp_id", "touched_at", "channel"], kind="stable", ignore_index=True)


def first_touch(paths: pd.DataFrame) -> pd.Series:
    """All credit to the first touch. Fractions, one a row of `paths`; favours what opens doors (events, search)."""
    place, _ = _places(paths)
    return _credit(paths, place == 0)


def last_touch(paths: pd.DataFrame) -> pd.Series:
    """All credit to the last touch before closing. Favours what stands beside the door anyway (e-mail)."""
    place, length = _places(paths)
    return _credit(paths, place == length - 1)


def linear(paths: pd.DataFrame) -> pd.Series:
    """1 ÷ number of touches to each touch of the path."""
    return _credit(paths, np.ones(len(paths)))


def u_shape(paths: pd.DataFrame) -> pd.Series:
    """40 % first, 40 % last, 20 % shared by those between; one touch 100 %, two touches 50 % each (position-based).

    The two-touch rule keeps the ratio of the ends (40 : 40) and leaves no credit over.
    """
    place, length = _places(paths)
    ends = (place == 0) | (place == length - 1)
    between = (1 - 2 * U_ENDS) / np.maximum(length - 2, 1)
    return _credit(paths, np.where(ends, U_ENDS, between))


def w_shape(paths: pd.DataFrame) -> pd.Series:
    """30 % each to the first touch, the one that made the lead and the one that made the deal; others share 10 %.

    The two named touches are read from `milestone` ("lead_created", "opportunity_created"; the first of each). A path
    falls back to the U when it has fewer than four touches, lacks a name, or when the three are not three different
    touches (a first touch that also made the lead): there is no W to draw.
    """
    place, length = _places(paths)
    order, path = _order(paths)
    milestone = paths["milestone"].to_numpy(dtype=object)[order]
    named = np.zeros(len(paths), dtype=int)
    for name in MILESTONES:
        is_name = pd.Series(milestone).isin([name])
        named_sorted = is_name & (is_name.astype(int).groupby(path).cumsum() == 1)
        named[order] += named_sorted.to_numpy().astype(int)
    three = (place == 0) | (named == 1)
    code = _codes(paths)
    drawn = np.bincount(code, three, minlength=code.max(initial=-1) + 1)[code] == 3
    # The first touch may not carry a name itself, and no touch may carry both.
    clash = ((place == 0) & (named > 0)) | (named > 1)
    drawn &= np.bincount(code, clash, minlength=code.max(initial=-1) + 1)[code] == 0
    drawn &= length >= 4
    rest = (1 - 3 * W_NAMED) / np.maximum(length - 3, 1)
    return _credit(paths, np.where(drawn, np.where(three, W_NAMED, rest), u_shape(paths).to_numpy()))


def time_decay(paths: pd.DataFrame, half_life_days: float = HALF_LIFE_DAYS) -> pd.Series:
    """Credit halves with every `half_life_days` that a touch lies before the last one; the path adds to 1.

    weight = 2^(−days before the last touch ÷ half-life), divided by the path's sum. Counting from the closing instead
    multiplies all of a path's weights by the same number and so changes nothing. ValueError unless half-life > 0.
    """
    if not half_life_days > 0:
        raise ValueError(f"a half-life of {half_life_days} days is none. Use a number of days above 0.")
    last = paths.groupby("opp_id")["touched_at"].transform("max")
    days = ((last - paths["touched_at"]) / DAY).to_numpy(dtype=float)
    return _credit(paths, 2.0 ** (-days / half_life_days))


def credit_by_channel(paths: pd.DataFrame, credit: pd.Series) -> pd.DataFrame:
    """A rule's credit added up over **won** deals: one row a channel, sorted by its label.

    Columns: `touches`, `deals` (in whose path it stands), `credit` (deals, may be broken), `value_eur`, `share` (of
    all credit, adds to 1). Lost deals are left out: they have nothing to give. No won deal gives an empty frame.
    """
    rows = paths.assign(credit=credit, credited_eur=credit * paths["value_eur"])
    rows = rows[rows["converted"].eq(True)]
    by = rows.groupby("channel")
    table = pd.DataFrame(
        {
            "touches": by.size(),
            "deals": by["opp_id"].nunique(),
            "credit": by["credit"].sum(),
            "value_eur": by["credited_eur"].sum(),
        }
    )
    table["share"] = table["credit"] / table["credit"].sum()
    return table.rename_axis("channel")


def _codes(paths: pd.DataFrame) -> np.ndarray:
    return pd.factorize(paths["opp_id"], sort=True)[0]


def _order(paths: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Row numbers by path, time, channel and name (the order of rows never decides), and the path of each."""
    code = _codes(paths)
    channel = pd.factorize(paths["channel"], sort=True)[0]
    milestone = pd.factorize(paths["milestone"], sort=True)[0]
    order = np.lexsort((milestone, channel, paths["touched_at"].to_numpy(), code))
    return order, code[order]


def _places(paths: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Place of each touch in its path (0 = first) and the path's number of touches, in the order of the rows."""
    order, path = _order(paths)
    starts = np.flatnonzero(np.diff(path, prepend=-1))
    counts = np.diff(np.append(starts, len(path)))
    place = np.empty(len(paths), dtype=int)
    length = np.empty(len(paths), dtype=int)
    place[order] = np.arange(len(path)) - np.repeat(starts, counts)
    length[order] = np.repeat(counts, counts)
    return place, length


def _credit(paths: pd.DataFrame, weight: np.ndarray) -> pd.Series:
    """Weights made to add to 1 in every path, labelled like the rows."""
    code = _codes(paths)
    weight = np.asarray(weight, dtype=float)
    total = np.bincount(code, weight, minlength=code.max(initial=-1) + 1)
    return pd.Series(weight / total[code], index=paths.index, name="credit")
