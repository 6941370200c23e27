"""Credit on one written path, such as event → e-mail → ad → call: what each rule books to whom.

The rules are those of `attribution`; here they are asked about one deal that somebody has written down.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from onefunnel.metrics import attribution_traps
from onefunnel.metrics.demand import RULES


def credited_eur(path: Sequence[str], channel: str, amount_eur: float, rule: str = "u_shape") -> float:
    """Euros of one won deal that a rule books to a channel. `path` names the channels in order of time, each one touch.

    `rule` is one of `demand.RULES`. ValueError when the channel is not on the path.
    """
    return _credited(path, channel, amount_eur, RULES[rule])


def over_100(path: Sequence[str], channel: str, amount_eur: float) -> float:
    """For credited_eur by the U: 20 % to *each* touch between the ends; the deal is then booked more than once."""
    return _credited(path, channel, amount_eur, attribution_traps.over_100)


def forty_forty_on_two(path: Sequence[str], channel: str, amount_eur: float) -> float:
    """For credited_eur by the U: 40 % each on a path of two; a fifth of the deal belongs to nobody."""
    return _credited(path, channel, amount_eur, attribution_traps.forty_forty_on_two)


def touches(path: Sequence[str]) -> int:
    """Touches on the path."""
    return len(path)


def touches_between(path: Sequence[str]) -> int:
    """Touches between the first and the last one."""
    return max(len(path) - 2, 0)


def given(amount: float) -> float:
    """A number that the question gives, as a tile."""
    return amount


def _credited(path: Sequence[str], channel: str, amount_eur: float, rule: Callable[[pd.DataFrame], pd.Series]) -> float:
    if channel not in path:
        raise ValueError(f'"{channel}" is not on the path {" → ".join(path)}.')
    rows = pd.DataFrame(
        {
            "opp_id": "one",
            "channel": list(path),
            "touched_at": pd.date_range("2000-01-01", periods=len(path)),
            "milestone": None,
        }
    )
    return float(rule(rows)[rows["channel"] == channel].sum() * amount_eur)
