"""Credit by what would be missing: a first-order Markov chain over channels, and each channel's removal effect.

It reads the paths of won **and** lost deals (`attribution.touch_paths`): a channel that stands in every path, won or
lost, earns little. It is still a description of paths that happened, not a test: a channel shown only to people who
were going to buy looks strong.
"""

from __future__ import annotations

import numpy as np
import pandas as pd


def removal_credit(paths: pd.DataFrame) -> pd.Series:
    """Removal effects divided by their sum, fractions that add to 1, indexed by `channel`, sorted by label.

    Raw effects add to more than 1 when channels stand in the same paths, so they must be **normalised** before money
    is split by them. NaN for all when no deal was won: nothing to split. Inputs and chain: `removal_effects`.
    """
    effects = removal_effects(paths)
    total = effects.sum()
    return (effects / total if total > 0 else effects * float("nan")).rename("credit")


def removal_effects(paths: pd.DataFrame) -> pd.Series:
    """1 − P(won without the channel) ÷ P(won), a fraction from 0 to 1, indexed by `channel`.

    P comes from a chain start → channel → … → won or lost, its transition shares counted in `paths` (`opp_id`,
    `touched_at`, `channel`, `converted`). Without a channel, whoever would have gone to it is lost. Two touches of one
    channel in a row are a step onto itself, which changes no P. NaN for all when no deal was won; empty on no paths.
    Source: Anderl, Becker, von Wangenheim and Schumann, Int. J. of Research in Marketing 33 (2016).
    """
    names, moves = _moves(paths)
    size = len(names)
    reach = _won(moves, size)
    if not reach > 0:
        return pd.Series(np.nan, index=names, name="effect", dtype=float)
    effects = np.empty(size)
    for place in range(size):  # one small linear system a channel; the rows are only counted once
        without = moves.copy()
        without[:, -1] += without[:, place + 1]
        without[:, place + 1] = 0.0
        effects[place] = 1.0 - _won(without, size) / reach
    return pd.Series(effects, index=names, name="effect")


def _moves(paths: pd.DataFrame) -> tuple[pd.Index, np.ndarray]:
    """Channel names and transition shares: rows start, channels; columns start, channels, won, lost."""
    code, names = pd.factorize(paths["channel"], sort=True)
    names = pd.Index(names, name="channel")
    path = pd.factorize(paths["opp_id"], sort=True)[0]
    order = np.lexsort((code, paths["touched_at"].to_numpy(), path))
    code, path = code[order] + 1, path[order]
    won = paths["converted"].eq(True).to_numpy(dtype=bool)[order]
    size = len(names)
    first = np.diff(path, prepend=-1) != 0
    last = np.append(first[1:], True)[: len(first)]
    after = np.where(last, np.where(won, size + 1, size + 2), np.append(code[1:], 0)[: len(code)])
    counts = np.zeros((size + 1, size + 3))
    np.add.at(counts, (np.zeros(first.sum(), dtype=int), code[first]), 1)
    np.add.at(counts, (code, after), 1)
    total = counts.sum(axis=1, keepdims=True)
    return names, np.divide(counts, total, out=np.zeros_like(counts), where=total > 0)


def _won(moves: np.ndarray, size: int) -> float:
    """Chance of ending in won, from the start: the first row of (I − Q)⁻¹ R."""
    inner, won = moves[:, : size + 1], moves[:, size + 1]
    return float(np.linalg.solve(np.eye(size + 1) - inner, won)[0])
