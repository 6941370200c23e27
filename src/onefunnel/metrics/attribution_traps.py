"""Wrong ways to split credit. Each has the signature of the rule that its docstring names."""

from __future__ import annotations

import numpy as np
import pandas as pd

from onefunnel.metrics import markov
from onefunnel.metrics.attribution import U_ENDS, u_shape


def over_100(paths: pd.DataFrame) -> pd.Series:
    """For u_shape: 40 % first, 40 % last and 20 % to *each* touch between: more than a whole deal from four on."""
    return _u_without_sharing(paths, middle=1 - 2 * U_ENDS)


def forty_forty_on_two(paths: pd.DataFrame) -> pd.Series:
    """For u_shape: keeps 40 and 40 on a path of two, so a fifth of the deal belongs to nobody. Too low."""
    right = u_shape(paths)
    two = paths.groupby("opp_id")["channel"].transform("size") == 2
    return right.where(~two, U_ENDS)


def everyone_claims_it(paths: pd.DataFrame) -> pd.Series:
    """For linear: every touch books the whole deal. The departments' reports then add to several times the revenue."""
    return pd.Series(1.0, index=paths.index, name="credit")


def unnormalised_removal(paths: pd.DataFrame) -> pd.Series:
    """For markov.removal_credit: the raw removal effects. Channels that share paths add to more than 100 %."""
    return markov.removal_effects(paths).rename("credit")


def won_paths_only(paths: pd.DataFrame) -> pd.Series:
    """For markov.removal_credit: leaves lost deals out. A channel in every lost path looks as good as any."""
    won = paths["converted"].eq(True)
    channels = pd.Index(sorted(paths["channel"].unique()), name="channel")
    return markov.removal_credit(paths[won]).reindex(channels, fill_value=0.0 if won.any() else np.nan)


def _u_without_sharing(paths: pd.DataFrame, middle: float) -> pd.Series:
    right = u_shape(paths)
    ends = np.isclose(right, U_ENDS) | (paths.groupby("opp_id")["channel"].transform("size") <= 2).to_numpy()
    # In a path of three the one between has 20 % anyway; from four on each of them takes it.
    return right.where(ends, middle)
